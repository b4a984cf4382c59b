"""Who is told what about the profile of a quick win: the secretariat that it came, the agency what became of it."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.foundation.notices.actions import holders, tell
from praja.stages.quick_wins.models import QuickWin

AGENCY = ("operator", "agency_head")


def _tell(quick_win: QuickWin, people: Sequence[Any], text: str, *, by: Any) -> None:
    others = [one for one in people if one.pk != by.pk]
    values = {"title": str(quick_win), "agency": str(quick_win.organisation or "")}
    tell(others, text, values=values, address=reverse("quick-win-detail", args=[quick_win.pk]))


def submitted(rows: Sequence[QuickWin], *, by: Any) -> None:
    """The secretariat has a profile to read."""
    text = gettext_noop("%(agency)s: the profile of the quick win “%(title)s” waits for you.")
    for row in rows:
        _tell(row, holders(row.plan.government, "coordinator"), text, by=by)


def accepted(rows: Sequence[QuickWin], *, by: Any) -> None:
    """The agency learns that its profile stands."""
    for row in rows:
        text = gettext_noop("The profile of your quick win “%(title)s” was accepted.")
        _tell(row, holders(row.organisation, *AGENCY), text, by=by)


def returned(rows: Sequence[QuickWin], *, by: Any) -> None:
    """The agency learns that something has to be mended."""
    for row in rows:
        text = gettext_noop("The profile of your quick win “%(title)s” was returned with a remark.")
        _tell(row, holders(row.organisation, *AGENCY), text, by=by)
