"""Who is told what about scans of signing sheets: the second person who compares, and whoever handed them in."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.foundation.notices.actions import holders, tell
from praja.foundation.signing.models import SheetScan, SigningRound


def scans_address(round_: SigningRound) -> str:
    """The scans of a round."""
    return reverse("signing-scans", args=[round_.plan.slug, round_.pk])


def scan_address(scan: SheetScan) -> str:
    """One scan."""
    return reverse("signing-scan", args=[scan.round.plan.slug, scan.round_id, scan.pk])


def handed_in(round_: SigningRound, scans: Sequence[SheetScan], *, by: Any) -> None:
    """The rest of the secretariat: one of them compares."""
    users = [user for user in holders(round_.plan.government, "coordinator") if user.pk != by.pk]
    text = gettext_noop("%(person)s handed in %(count)d signed pages of “%(title)s”. Please compare and confirm them.")
    address = scan_address(scans[0]) if len(scans) == 1 else scans_address(round_)
    tell(users, text, values={"person": str(by), "count": len(scans), "title": round_.title[:150]}, address=address)


def were_read(round_: SigningRound, read: Sequence[SheetScan], left: int, *, by: Any) -> None:
    """The second person has something to compare; whoever handed in is told of pages that could not be placed or taken."""
    if read:
        handed_in(round_, read, by=by)
    if left:
        text = gettext_noop("%(count)d pages that you handed in for “%(title)s” need another look: see why.")
        tell([by], text, values={"count": left, "title": round_.title[:150]}, address=scans_address(round_))


def confirmed(scan: SheetScan, count: int, *, by: Any) -> None:
    """Whoever handed it in learns what was counted."""
    text = gettext_noop("%(person)s confirmed %(count)d signatures on page %(page)d of “%(title)s”.")
    values = {"person": str(by), "count": count, "page": scan.sheet_page or 0, "title": scan.round.title[:150]}
    tell([scan.created_by] if scan.created_by else [], text, values=values, address=scan_address(scan))


def refused(scan: SheetScan, *, by: Any) -> None:
    """Whoever handed it in has to scan again."""
    text = gettext_noop("Your scan of “%(title)s” was not confirmed: %(reason)s")
    users = [scan.created_by] if scan.created_by and scan.created_by_id != by.pk else []
    tell(users, text, values={"title": scan.round.title[:150], "reason": scan.reason[:150]}, address=scan_address(scan))
