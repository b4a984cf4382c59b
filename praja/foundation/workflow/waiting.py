"""What waits for a person: returned rows for the agency, submitted ones for the secretariat."""

from typing import Any

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import ReachQuerySet
from praja.foundation.workflow.models import State


def waiting_for(rows: ReachQuerySet, user: Any, *, write: Can, accept: Can) -> ReachQuerySet:
    """The rows on which it is this person's turn."""
    if user.may_anywhere(accept):
        return rows.within_reach(user, accept).filter(state=State.SUBMITTED)
    return rows.within_reach(user, write).filter(state=State.RETURNED)


def count_waiting(rows: ReachQuerySet, user: Any, *, write: Can, accept: Can) -> int:
    """How many they are."""
    return waiting_for(rows, user, write=write, accept=accept).count()
