"""Who is told what about rows that change hands or are joined."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.across.joining.models import Transfer
from praja.foundation.notices.actions import holders, tell

ASKED = {
    Transfer.What.MOVE: gettext_noop(
        "Your agency's word is needed: “%(title)s” is to go from %(giving)s to %(receiving)s."
    ),
    Transfer.What.JOIN: gettext_noop(
        "Your agency's word is needed: “%(title)s” (%(giving)s) is to be joined with a row of %(receiving)s."
    ),
}
DONE = {
    Transfer.What.MOVE: gettext_noop("“%(title)s” now belongs to %(receiving)s."),
    Transfer.What.JOIN: gettext_noop("“%(title)s” (%(giving)s) was joined with a row of %(receiving)s."),
}


def asked(transfer: Transfer, *, by: Any) -> None:
    """The agencies that have not said anything yet."""
    said = set(transfer.consents.values_list("organisation_id", flat=True))
    for agency in transfer.agencies:
        if agency.pk not in said:
            _tell(transfer, _people(agency), ASKED[Transfer.What(transfer.what)], by=by)


def done(transfer: Transfer, *, by: Any) -> None:
    """Everybody concerned, when it was carried out."""
    _tell(transfer, _concerned(transfer), DONE[Transfer.What(transfer.what)], by=by)


def declined(transfer: Transfer, *, by: Any) -> None:
    """Everybody concerned, when an agency does not agree."""
    _tell(
        transfer,
        _concerned(transfer),
        gettext_noop("It stays as it is: an agency does not agree about “%(title)s”."),
        by=by,
    )


def closed(transfer: Transfer, *, by: Any) -> None:
    """Everybody concerned, when it was taken back or has lapsed."""
    _tell(transfer, _concerned(transfer), gettext_noop("No word is needed any more about “%(title)s”."), by=by)


def undone(transfer: Transfer, *, by: Any) -> None:
    """Everybody concerned, when a joining was undone."""
    _tell(
        transfer,
        _concerned(transfer),
        gettext_noop("The joining of “%(title)s” was undone; both rows stand again."),
        by=by,
    )


def _people(agency: Any) -> list[Any]:
    return holders(agency, "operator", "agency_head")


def _concerned(transfer: Transfer) -> list[Any]:
    """Operators and heads of the agencies, the secretariat, and whoever proposed it."""
    found = [user for agency in transfer.agencies for user in _people(agency)]
    found += holders(transfer.plan.government, "coordinator")
    return [*found, transfer.created_by] if transfer.created_by else found


def _tell(transfer: Transfer, users: list[Any], text: str, *, by: Any) -> None:
    others = {user.pk: user for user in users if user != by}
    values = {"title": transfer.title, "giving": transfer.giving or "–", "receiving": transfer.receiving or "–"}
    tell(others.values(), text, values=values, address=reverse("transfer-detail", args=[transfer.pk]))
