"""Taking a row out of the plan and bringing it back, alike for every kind of row; nothing is ever deleted."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import EditableRow, TooLate, update_if_unchanged
from praja.foundation.drafts.entry import posted_version

LONGEST_REASON = 2_000


@transaction.atomic
def withdraw(row: EditableRow, *, by: Any, version: int, reason: str) -> None:
    """Take a row out of the plan; it stays readable. Raises TooLate when somebody changed it since `version`."""
    update_if_unchanged(row, {"withdrawn_at": timezone.now(), "withdrawn_by": by}, by=by, version=version)
    record("withdraw", row, by=by, remark=reason)


@transaction.atomic
def bring_back(row: EditableRow, *, by: Any, version: int) -> None:
    """Undo a withdrawal. Raises TooLate when somebody changed the row since `version`."""
    update_if_unchanged(row, {"withdrawn_at": None, "withdrawn_by": None}, by=by, version=version)
    record("bring_back", row, by=by)


def withdrawn(request: HttpRequest, row: EditableRow, *, said: str, to_list: str, to_row: str) -> HttpResponse:
    """The answer to the button that withdraws: on to the list, or back to a row that has changed meanwhile."""
    reason = request.POST.get("remark", "").replace("\0", "")[:LONGEST_REASON]
    try:
        withdraw(row, by=request.user, version=posted_version(request), reason=reason)
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
        return redirect(to_row)
    messages.success(request, said)
    return redirect(to_list)


def brought_back(request: HttpRequest, row: EditableRow, *, said: str, to_row: str) -> HttpResponse:
    """The answer to the button that undoes a withdrawal."""
    try:
        bring_back(row, by=request.user, version=posted_version(request))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, said)
    return redirect(to_row)
