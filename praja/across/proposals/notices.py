"""Who is told what about a proposal sheet: the agency at each move in its own words, the secretariat when it has to confirm."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.across.proposals.models import ProposalSheet
from praja.foundation.notices.actions import holders, tell

AGENCY = ("operator", "agency_head")


def _tell(sheet: ProposalSheet, users: list[Any], text: str, *, by: Any, **values: Any) -> None:
    """Tell everybody but who did it."""
    others = [user for user in users if user.pk != by.pk]
    values = {"number": sheet.number, "agency": sheet.organisation, **values}
    tell(others, text, values=values, address=reverse("proposal-sheet", args=[sheet.pk]))


def printed(sheet: ProposalSheet, *, by: Any) -> None:
    """The paper can be signed."""
    text = gettext_noop(
        "The proposal sheet %(number)s is ready: print it, have the head sign it, and hand in the scan."
    )
    _tell(sheet, holders(sheet.organisation, *AGENCY), text, by=by)


def scanned(sheet: ProposalSheet, *, by: Any) -> None:
    """The secretariat has to look at it; the agency knows that it has arrived."""
    to_confirm = gettext_noop("%(agency)s handed in the signed sheet %(number)s. Please compare it and confirm.")
    _tell(sheet, holders(sheet.plan.government, "coordinator"), to_confirm, by=by)
    arrived = gettext_noop("The scan of your sheet %(number)s has arrived; the secretariat compares it now.")
    _tell(sheet, holders(sheet.organisation, *AGENCY), arrived, by=by)


def confirmed(sheet: ProposalSheet, *, by: Any, approved: int, left: int) -> None:
    """The agency learns how many of its rows go on."""
    text = (
        gettext_noop("Your sheet %(number)s is confirmed: %(approved)d rows are approved; %(left)d changed since it was printed and need a new sheet.")
        if left
        else gettext_noop("Your sheet %(number)s is confirmed: %(approved)d rows are approved and go on.")
    )  # fmt: skip
    _tell(sheet, holders(sheet.organisation, *AGENCY), text, by=by, approved=approved, left=left)


def refused(sheet: ProposalSheet, *, by: Any) -> None:
    """The agency has to do something."""
    text = gettext_noop("Your sheet %(number)s was not confirmed: %(reason)s")
    _tell(sheet, holders(sheet.organisation, *AGENCY), text, by=by, reason=sheet.reason)


def void(sheet: ProposalSheet, *, by: Any) -> None:
    """Nobody should sign it any more."""
    text = gettext_noop("The sheet %(number)s is void and need not be signed: %(reason)s")
    _tell(sheet, holders(sheet.organisation, *AGENCY), text, by=by, reason=sheet.reason)
