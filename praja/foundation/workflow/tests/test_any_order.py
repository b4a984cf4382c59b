"""Any interleaving of steps by anybody: a row only ever goes where the table allows, and history tells every move."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.workflow.models import State
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.tests.offices import offices, switch
from praja.foundation.workflow.tests.test_way import PEOPLE
from praja.stages.problems.actions import take_step
from praja.stages.problems.models import Problem
from praja.stages.problems.steps import WORKFLOW

__all__ = ["offices"]

MOVES = st.tuples(
    st.sampled_from(PEOPLE), st.sampled_from(sorted(WORKFLOW.steps)), st.sampled_from(["", "Perbaiki"]), st.booleans()
)
SWITCHED = st.tuples(st.booleans(), st.booleans())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.one_of(MOVES, SWITCHED), max_size=25))
def test_any_interleaving_ends_where_the_table_allows_and_history_tells_every_move(offices, moves):
    problem = offices.problem()
    stale = offices.fresh(problem)
    state, told = State.DRAFT, []
    for move in moves:
        if len(move) == 2:
            switch(offices.country, head=move[0], dimension=move[1])
            continue
        person, key, remark, reads_anew = move
        row = offices.fresh(problem) if reads_anew else stale
        step, user = WORKFLOW.steps[key], getattr(offices, person)
        may = user.may(step.permission, row) and step.leads_on(row) and row.version == offices.fresh(problem).version
        try:
            take_step(row, key, by=user, remark=remark)
        except (PermissionError, TooLate, Refused):
            assert not may or (step.needs_remark and not remark)
        else:
            assert may
            told.append((key, state, step.target))
            state = step.target
        stale = row
    assert Problem.objects.get(pk=problem.pk).state == state
    events = Event.objects.about(problem).exclude(verb="start").order_by("pk")
    assert [(one.verb, *one.changes["state"]) for one in events] == told
