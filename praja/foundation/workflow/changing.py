"""Who may change a row that moves from the agency to the plan, on a page, in a workbook or elsewhere."""

from typing import Any

from praja.foundation.accounts.permissions import Can


def may_withdraw(row: Any, user: Any, *, write: Can, accept: Can) -> bool:
    """Whether this person may take the row out of the plan, or bring it back; one that was joined into another rests."""
    if getattr(row, "merged_into_id", None):
        return False
    return user.may(write, row) and (row.is_with_the_agency or user.may(accept, row))


def may_change(row: Any, user: Any, *, write: Can, accept: Can) -> bool:
    """The agency while it has the row; the secretariat also while it checks. A withdrawn row rests."""
    return row.withdrawn_at is None and may_withdraw(row, user, write=write, accept=accept)
