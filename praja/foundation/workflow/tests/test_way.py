"""The approval table: for each state, each way of the plan and each office, what is allowed; and whose turn it is."""

import pytest

from praja.foundation.accounts.models import Membership, Position, User
from praja.foundation.audit.history import history_of
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import Deadline
from praja.foundation.workflow.models import State
from praja.foundation.workflow.standing import round_of, short_words, stations, whereabouts, words_for
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.tests.offices import coordinator_of, offices, switch
from praja.foundation.workflow.waiting import count_by_turn, mine_among, waiting_for
from praja.foundation.workflow.way import Turn, is_turn_of, states_at, turn_of
from praja.foundation.workflow.withdrawal import withdraw
from praja.stages.problems.actions import take_step
from praja.stages.problems.models import Problem
from praja.stages.problems.steps import RIGHTS, WORKFLOW

__all__ = ["offices"]

PEOPLE = ("operator", "head", "living", "economy", "secretariat", "mentor", "neighbour")
SWITCHES = {"-": (False, False), "H": (True, False), "D": (False, True), "HD": (True, True)}
# The rows are of the dimension living. `way`: which steps in the middle the plan has, H for the head, D for the
# dimension coordinator. The turn stands behind the state; the mentor and the neighbour may never do anything.
# S submit, B take back, A approve, X return as head, C check, Y return as dimension coordinator, P accept,
# R return as secretariat, K confirm the paper of the head (no button: the proposal sheet does it).
TABLE = """
way  state      turn         operator  head   living  economy  secretariat
-    draft      agency       S         S      .       .        S
-    submitted  secretariat  B         B      .       .        BPR
-    approved   secretariat  .         .      .       .        PR
-    checked    secretariat  .         .      .       .        PR
-    returned   agency       S         S      .       .        S
-    accepted   nobody       .         .      .       .        R
H    draft      agency       S         S      .       .        S
H    submitted  head         B         BAX    .       .        BKR
H    approved   secretariat  .         .      .       .        PR
H    checked    secretariat  .         .      .       .        PR
H    returned   agency       S         S      .       .        S
H    accepted   nobody       .         .      .       .        R
D    draft      agency       S         S      .       .        S
D    submitted  dimension    B         B      CY      .        BCYR
D    approved   dimension    .         .      CY      .        CYR
D    checked    secretariat  .         .      .       .        PR
D    returned   agency       S         S      .       .        S
D    accepted   nobody       .         .      .       .        R
HD   draft      agency       S         S      .       .        S
HD   submitted  head         B         BAX    .       .        BKR
HD   approved   dimension    .         .      CY      .        CYR
HD   checked    secretariat  .         .      .       .        PR
HD   returned   agency       S         S      .       .        S
HD   accepted   nobody       .         .      .       .        R
"""
LETTERS = {
    "S": "submit", "B": "take_back", "A": "approve", "X": "send_back", "C": "check", "Y": "ask_again",
    "P": "accept", "R": "return", "K": "approve_on_paper",
}  # fmt: skip


def lines():
    """The table as (way, state, turn, {office: steps})."""
    head, *rest = TABLE.strip().splitlines()
    for line in rest:
        way, state, turn, *cells = line.split()
        allowed = {name: {LETTERS[one] for one in cell if one != "."} for name, cell in zip(head.split()[3:], cells)}  # noqa: B905
        yield way, state, turn, {**allowed, "mentor": set(), "neighbour": set()}


def test_the_approval_table(offices):
    problem = offices.problem()
    for way, state, turn, allowed in lines():
        head, dimension = SWITCHES[way]
        problem.plan = switch(offices.country, head=head, dimension=dimension)
        problem.state = state
        assert turn_of(problem) == turn, (way, state)
        for person in PEOPLE:
            may = {
                key
                for key, step in WORKFLOW.steps.items()
                if step.leads_on(problem) and getattr(offices, person).may(step.permission, problem)
            }
            assert may == allowed[person], (way, state, person)


def test_the_table_is_complete():
    assert {(way, state) for way, state, _turn, _allowed in lines()} == {
        (way, state.value) for way in SWITCHES for state in State
    }


def test_who_may_not_is_refused_and_nothing_happens(offices):
    for way, state, _turn, allowed in lines():
        if way != "HD":
            continue
        problem = offices.problem(state)
        for person in ("operator", "head", "economy", "mentor", "neighbour"):
            for key in set(WORKFLOW.steps) - allowed[person]:
                with pytest.raises((PermissionError, TooLate)):
                    take_step(problem, key, by=getattr(offices, person), remark="Mohon diperbaiki")
        assert offices.fresh(problem).state == state


def test_a_row_goes_the_whole_way_and_history_tells_it(offices):
    problem = offices.problem()
    for key, person in (("submit", "operator"), ("approve", "head"), ("check", "living"), ("accept", "secretariat")):
        take_step(problem, key, by=getattr(offices, person))
    assert offices.fresh(problem).state == "accepted"
    told = [(event.verb, event.by) for event in Event.objects.about(problem).order_by("pk") if event.verb != "start"]
    assert told == [
        ("submit", offices.operator), ("approve", offices.head), ("check", offices.living),
        ("accept", offices.secretariat),
    ]  # fmt: skip


@pytest.mark.parametrize(("state", "person", "key"), [
    ("submitted", "head", "send_back"), ("approved", "living", "ask_again"), ("checked", "secretariat", "return"),
])  # fmt: skip
def test_each_office_returns_with_a_remark_and_never_without(offices, state, person, key):
    problem, by = offices.problem(state), getattr(offices, person)
    with pytest.raises(Refused, match=r"remark|catatan"):
        take_step(problem, key, by=by, remark="  ")
    take_step(problem, key, by=by, remark="Sumber angka belum ada")
    assert offices.fresh(problem).state == "returned"
    assert Event.objects.about(problem).first().remark == "Sumber angka belum ada"


def test_a_double_click_moves_once(offices):
    problem = offices.problem("submitted")
    again = offices.fresh(problem)
    take_step(problem, "approve", by=offices.head)
    with pytest.raises(TooLate):
        take_step(again, "approve", by=offices.head)
    assert Event.objects.about(problem).filter(verb="approve").count() == 1


def test_a_row_that_changed_since_it_was_read_does_not_move(offices):
    problem = offices.problem("submitted")
    Problem.objects.filter(pk=problem.pk).update(version=problem.version + 1)
    with pytest.raises(TooLate):
        take_step(problem, "approve", by=offices.head)


def test_a_withdrawn_row_rests(offices):
    problem = offices.problem("submitted")
    withdraw(problem, by=offices.secretariat, version=problem.version, reason="Dobel")
    assert WORKFLOW.choices(problem, offices.head) == []
    with pytest.raises(TooLate):
        take_step(problem, "approve", by=offices.head)


def test_a_coordinator_of_one_dimension_cannot_check_another(offices):
    economy = offices.country.dimension("economy")
    problem = offices.problem("approved", dimension=economy, sub_dimension=economy.sub_dimensions.first())
    with pytest.raises(PermissionError):
        take_step(problem, "check", by=offices.living)
    take_step(problem, "check", by=offices.economy)
    assert offices.fresh(problem).state == "checked"


def test_lists_and_counts_agree_with_the_question_to_one_row(offices):
    plan = offices.country.plan
    keys = ("living", "economy", "society")
    for dimension in map(offices.country.dimension, keys):
        for state in State:
            offices.problem(state, dimension=dimension, sub_dimension=dimension.sub_dimensions.first())
    everyone = coordinator_of(offices.country, "semua")
    for covered in (True, False):
        if not covered:
            Membership.objects.filter(user=everyone).delete()
        for head, dimension in SWITCHES.values():
            plan = switch(offices.country, head=head, dimension=dimension)
            for one in (*offices.people.values(), everyone):
                person = User.objects.get(pk=one.pk)  # roles are remembered for as long as an account is in hand
                rows = list(Problem.objects.filter(plan=plan).select_related("dimension", "plan__government"))
                asked = {row.pk for row in rows if is_turn_of(person, row, RIGHTS)}
                listed = waiting_for(plan.problems.all(), person, plan, RIGHTS)
                assert set(listed.values_list("pk", flat=True)) == asked, (head, dimension, person)
                shown = plan.problems.values("pk", "state", "dimension_id", "organisation_id", "organisation_path")
                assert mine_among(shown, person, plan, RIGHTS, {row.dimension for row in rows}) == asked


def test_each_state_waits_for_exactly_one_turn(offices):
    for head, dimension in SWITCHES.values():
        plan = switch(offices.country, head=head, dimension=dimension)
        found = [state for turn in Turn for state in states_at(plan, turn)]
        assert sorted(found) == sorted(State)


def test_switching_a_step_off_sends_what_waits_there_on(offices):
    problem = offices.problem("submitted")
    for (head, dimension), turn in (
        ((True, True), "head"),
        ((False, True), "dimension"),
        ((False, False), "secretariat"),
    ):
        plan = switch(offices.country, head=head, dimension=dimension)
        assert turn_of(offices.fresh(problem)) == turn
        assert count_by_turn(plan, plan.problems.all()) == {turn: 1}


def test_a_dimension_without_coordinator_waits_for_the_secretariat(offices):
    society = offices.country.dimension("society")
    problem = offices.problem("approved", dimension=society, sub_dimension=society.sub_dimensions.first())
    assert is_turn_of(offices.secretariat, problem, RIGHTS)
    assert not is_turn_of(offices.secretariat, offices.problem("approved"), RIGHTS)
    assert "sekretariat" in whereabouts(problem) or "secretariat" in whereabouts(problem)


def test_without_any_dimension_coordinator_the_secretariat_is_asked_for_all(offices):
    problem = offices.problem("approved")
    Membership.objects.filter(role="dimension_coordinator").delete()
    plan = switch(offices.country, head=True, dimension=True)
    assert list(waiting_for(plan.problems.all(), offices.secretariat, plan, RIGHTS)) == [problem]
    assert is_turn_of(offices.secretariat, offices.fresh(problem), RIGHTS)


def test_a_head_without_account_signs_on_paper_and_the_way_says_so(offices):
    problem = offices.problem("submitted")
    Membership.objects.filter(role="agency_head").delete()
    (current,) = [one for one in stations(problem, round_of([]), offices.operator, RIGHTS) if one.state == "current"]
    assert current.hint
    take_step(problem, "approve_on_paper", by=offices.secretariat)
    done = stations(problem, round_of(history_of(problem)), offices.operator, RIGHTS)[1]
    assert (done.state, done.who) == ("done", "Budi Koordinator")
    assert done.hint


def test_a_deadline_bars_the_operator_but_neither_mending_nor_the_secretariat(offices):
    Deadline.objects.create(plan=offices.country.plan, stage="problems", closes_on="2020-01-31")
    problem = offices.problem()
    with pytest.raises(Refused):
        take_step(problem, "submit", by=offices.operator)
    take_step(offices.problem("returned"), "submit", by=offices.operator)
    take_step(problem, "submit", by=offices.secretariat)
    assert offices.fresh(problem).state == "submitted"


@pytest.mark.django_db(transaction=True)
def test_who_is_next_is_told_and_never_who_acts(offices):
    problem = offices.problem()
    told = []
    for key, person in (("submit", "operator"), ("approve", "head"), ("check", "living"), ("accept", "secretariat")):
        take_step(problem, key, by=getattr(offices, person))
        told.append(set(Notice.objects.values_list("user__username", flat=True)))
        Notice.objects.all().delete()
    assert told == [{"kepala"}, {"living"}, {"koordinator"}, {"operator", "kepala"}]


def test_the_way_shows_who_did_what_and_where_it_is(offices):
    problem = offices.problem()
    Position.objects.create(organisation=offices.country.health, title="Kepala Dinas Kesehatan", is_head=True)
    take_step(problem, "submit", by=offices.operator)
    way = stations(problem, round_of(history_of(problem)), offices.operator, RIGHTS)
    assert [one.state for one in way] == ["done", "current", "later", "later"]
    assert (way[0].who, way[1].hint) == ("Sari Operator", "Kepala Dinas Kesehatan")
    mine = stations(problem, round_of(history_of(problem)), offices.head, RIGHTS)
    assert mine[1].hint == words_for(problem, offices.head, RIGHTS) != way[1].hint


def test_a_station_that_the_plan_leaves_out_is_absent_unless_somebody_passed_it(offices):
    problem = offices.problem()
    for key, person in (("submit", "operator"), ("approve", "head")):
        take_step(problem, key, by=getattr(offices, person))
    switch(offices.country, head=False, dimension=False)
    problem = offices.fresh(problem)
    way = stations(problem, round_of(history_of(problem)), offices.operator, RIGHTS)
    assert [one.state for one in way] == ["done", "done", "current"]
    new = offices.problem("submitted")
    assert len(stations(new, round_of(history_of(new)), offices.operator, RIGHTS)) == 2


def test_a_returned_row_begins_its_way_anew_and_says_what_changed(offices):
    problem = offices.problem()
    for key, person in (("submit", "operator"), ("send_back", "head")):
        take_step(problem, key, by=getattr(offices, person), remark="Siapa yang terdampak?")
    way = round_of(history_of(problem))
    assert (way.steps, way.sent_back.by, way.changes) == ({}, "Kepala Dinkes", [])
    assert stations(problem, way, offices.operator, RIGHTS)[0].state == "current"


def test_the_words_of_a_list_say_who_has_the_row(offices):
    whole, short = offices.country.plan, offices.country.neighbour_plan
    assert short_words("submitted", whole) != short_words("submitted", short)
    assert short_words("accepted", whole) == State.ACCEPTED.label
    assert {str(short_words(state, whole)) for state in ("draft", "returned")} == {
        str(State.DRAFT.label), str(State.RETURNED.label)
    }  # fmt: skip
