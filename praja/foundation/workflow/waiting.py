"""What waits for a person: returned rows for the agency, submitted ones for the secretariat."""

from typing import Any

from django.db.models import QuerySet

from praja.foundation.accounts.permissions import Can
from praja.foundation.workflow.models import State


def waiting_for(rows: QuerySet[Any], user: Any, *, write: Can, accept: Can) -> QuerySet[Any]:
    """The rows on which it is this person's turn."""
    if user.may_anywhere(accept):
        return rows.within_reach(user, accept).filter(state=State.SUBMITTED)
    return rows.within_reach(user, write).filter(state=State.RETURNED)


def count_waiting(rows: QuerySet[Any], user: Any, *, write: Can, accept: Can) -> int:
    """How many they are."""
    return waiting_for(rows, user, write=write, accept=accept).count()
