"""What waits for a person: each role sees the rows on which it is its turn."""

from typing import Any

from django.db.models import Q

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import ReachQuerySet, reach_of
from praja.foundation.workflow.models import State
from praja.foundation.workflow.way import HasWay, Rights, Turn, states_at


def waiting_for(rows: ReachQuerySet, user: Any, plan: HasWay, rights: Rights) -> ReachQuerySet:
    """The rows of a plan on which it is this person's turn; who accepts is not asked to check or to mend as well."""
    if user.may_anywhere(rights.accept):
        return rows.within_reach(user, rights.accept).filter(state__in=states_at(plan, Turn.SECRETARIAT))
    turns: list[tuple[Can, tuple[State, ...]]] = [
        (rights.write, (State.RETURNED,)),
        (rights.approve, states_at(plan, Turn.HEAD)),
        (rights.check, states_at(plan, Turn.DIMENSION)),
    ]
    mine = Q(pk__in=[])
    for permission, states in turns:
        if states and user.may_anywhere(permission):
            mine |= reach_of(user, permission) & Q(state__in=states)
    return rows.filter(mine)


def count_waiting(rows: ReachQuerySet, user: Any, plan: HasWay, rights: Rights) -> int:
    """How many they are."""
    return waiting_for(rows, user, plan, rights).count()
