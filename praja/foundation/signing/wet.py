"""Wet ink: a second person compares the pages of a sheet that came back, and says who has signed in which box."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.signing.models import SheetScan, SheetVersion, Signatory, Signature, SigningRound, Way
from praja.foundation.signing.paper import scan_notices, sheets
from praja.foundation.signing.paper.sheets import number_of
from praja.foundation.signing.rounds import in_turn, signs_before, store_signature
from praja.foundation.signing.standing import Standing, who_may_sign
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused

State = SheetScan.State
OPEN_SCANS = (State.UNREAD, State.READ)


# --- confirming -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BoxOfScan:
    """One box on a page that came back: whose it is, and either who may have signed in it or why it is not asked about."""

    signatory: Signatory
    number: int  # as printed
    standings: list[Standing]
    bar: str = ""  # why it is not offered, as a sentence


def bars_confirming(scan: SheetScan, user: Any) -> str:
    """Why this person cannot confirm the scan, as a sentence; empty when they can."""
    if not user.may(Can.SIGNING_RUN, scan.round.plan):
        return _("The secretariat hands in and confirms signed sheets.")
    if scan.state != State.READ:
        return _("This scan does not wait for confirmation.")
    if scan.round.state != SigningRound.State.OPEN:
        return _("This round is not open, so it takes no scans.")
    if _is_same_person(scan.created_by, user):
        return _("You handed this scan in yourself, so a second person has to compare it.")
    return ""


def _is_same_person(one: Any, other: Any) -> bool:
    """Whether two accounts are those of one person: the same account, or one personal number."""
    numbers = [user.person.nip if user.person else "" for user in (one, other)] if one else ["", ""]
    return one == other or (numbers[0] == numbers[1] != "")


def day_of(scan: SheetScan) -> datetime.date:
    """The day as of which the signatures count unless somebody says otherwise: of the signing, never one to come."""
    handed_in = timezone.localdate(scan.created_at, scan.round.plan.time_zone)
    return max(min(scan.round.held_on or handed_in, scan.round.plan.today), first_day(scan.round))


def first_day(round_: SigningRound) -> datetime.date:
    """The first day on which somebody can have signed: that on which the sheet came to be, whatever the paper is dated."""
    made = round_.opened_at or round_.created_at
    return timezone.localdate(made, round_.plan.time_zone)


def version_of(scan: SheetScan, versions: Sequence[SheetVersion]) -> SheetVersion | None:
    """Which of the versions of the sheet the scan shows; None when it is none of them."""
    number = scan.reading.get("version") or 1
    return next((one for one in versions if one.number == number), None)


def boxes_of(scan: SheetScan, day: datetime.date, versions: Sequence[SheetVersion] | None = None) -> list[BoxOfScan]:
    """The boxes of the page, from the top, with who held each office on that day; `versions` where they are known."""
    rows = scan.round.signatories.filter(page=scan.sheet_page).select_related(
        "organisation", "position__organisation__parent__region", "position__organisation__region", "position__person",
        "signature", "replaced_by",
    )  # fmt: skip
    version = version_of(scan, sheets.versions(scan.round) if versions is None else versions)
    found = []
    for one in rows.order_by("slot"):
        one.round = scan.round
        number = number_of(one.page or 1, one.slot or 0)
        bar = _why_not_asked(one, scan, version)
        standings = [] if bar else who_may_sign(one.position, day, scan.round.plan.time_zone, round_=scan.round)
        if not bar and not standings:
            bar = _(
                "Nobody is entered as holder of this office on %(day)s. Enter the holder on the page of the agency, then come back."
            ) % {"day": long_date(day)}
        found.append(BoxOfScan(one, number, standings, bar))
    return found


def _why_not_asked(one: Signatory, scan: SheetScan, version: SheetVersion | None) -> str:
    if one.state == Signatory.State.SIGNED:
        return _how_signed(one.signature, scan)
    if one.state == Signatory.State.DECLINED:
        return _("Declined to sign: %(reason)s") % {"reason": one.decline_reason}
    if one.state == Signatory.State.REPLACED:
        return _("Was replaced and does not sign any more.")
    if version is not None and not version.has_box_of(one):
        return _(
            "This paper is an earlier version of the sheet and has no box for this office. Print this page of the newest sheet and have it signed there."
        )
    return ""


def _how_signed(signature: Signature, scan: SheetScan) -> str:
    if signature.scan_id == scan.pk:
        return _("Signed in ink: counted from this scan.")
    if signature.way == Way.WET:
        return _("Signed in ink already: an earlier scan was confirmed.")
    return _("Has signed electronically; a signature in ink is not counted beside it.")


@dataclass(frozen=True)
class Confirmed:
    """What a confirmation stored, and of which boxes it could not, each with a sentence."""

    signatures: list[Signature]
    left: list[str]


def confirm(
    scan: SheetScan,
    signed: Mapping[int, int],
    *,
    by: Any,
    version: int,
    day: datetime.date | None = None,
) -> Confirmed:
    """A second person has looked at each box: those in `signed` (signatory key to person key, 0 for the holder) signed.

    They count as of `day`, else the day of the signing: with who held the office then, acting status and decree, or who
    is delegated. Raises Refused with a sentence, TooLate when somebody else decided meanwhile.
    """
    if sentence := bars_confirming(scan, by):
        raise Refused([sentence])
    if not signed:
        raise Refused([_("Tick at least one box that is signed, or refuse the scan and say why.")])
    day = _checked(day or day_of(scan), scan)
    offered = {one.signatory.pk: one for one in boxes_of(scan, day)}
    if signed.keys() - offered.keys():
        raise Refused([_("A ticked box is not on this page. Please look at the page again.")])
    now = timezone.now()
    stored: list[Signature] = []
    left = [f"{offered[pk].signatory}: {offered[pk].bar}" for pk in signed if offered[pk].bar]
    chosen = [
        (offered[pk].signatory, _chosen(offered[pk], person)) for pk, person in signed.items() if not offered[pk].bar
    ]
    for signatory, _standing in chosen:
        if earlier := signs_before(signatory, [one.pk for one, _other in chosen]):
            raise Refused([in_turn(earlier)])  # the scan waits until then
    with transaction.atomic():
        # The mark comes first: whoever comes second stops here.
        update_if_unchanged(
            scan, {"state": State.CONFIRMED, "decided_at": now, "decided_by": by}, by=by, version=version
        )
        record(
            "confirm", scan, by=by, before={"state": State.READ},
            after={"state": State.CONFIRMED, "page": scan.sheet_page, "signed": len(chosen)},
        )  # fmt: skip
        for signatory, standing in sorted(chosen, key=lambda pair: pair[0].order):
            values = _values(scan, standing, day, by=by, now=now)
            try:
                stored.append(store_signature(signatory, values=values, file=scan.file, by=by))
            except Refused as refusal:
                left += [str(reason) for reason in refusal.reasons]
        if not stored:
            raise Refused(left)
        transaction.on_commit(lambda: scan_notices.confirmed(scan, len(stored), by=by))
    return Confirmed(stored, left)


def _checked(day: datetime.date, scan: SheetScan) -> datetime.date:
    if day > scan.round.plan.today:
        raise Refused([_("The day of the signatures cannot lie ahead.")])
    if day < first_day(scan.round):
        raise Refused(
            [_("Nobody can have signed before the sheet was there: the round was opened later than this day.")]
        )
    return day


def _chosen(box: BoxOfScan, person: int) -> Standing:
    """As what somebody signed: the one that was named, else the holder; raises Refused for anybody else."""
    for standing in box.standings:
        if person in (0, standing.person.pk):
            return standing
    raise Refused([_("%(office)s: this person could not sign for the office on that day.") % {"office": box.signatory}])


def _values(
    scan: SheetScan, standing: Standing, day: datetime.date, *, by: Any, now: datetime.datetime
) -> dict[str, Any]:
    """The columns of a wet-ink signature."""
    return standing.columns() | {
        "way": Way.WET,
        "signed_at": datetime.datetime.combine(day, datetime.time(12), tzinfo=scan.round.plan.time_zone),
        "hash_before": scan.round.edition.sha256,
        "hash_after": scan.file.sha256,
        "scan": scan,
        "scanned_by": scan.created_by,
        "confirmed_by": by,
        "confirmed_at": now,
    }


def refuse(scan: SheetScan, reason: str, *, by: Any, version: int) -> None:
    """The scan does not do, or is none of this sheet: also whoever handed it in may say so. Raises Refused, TooLate."""
    reason = _may_refuse(scan.round, reason, by)
    if scan.state not in OPEN_SCANS:
        raise Refused([_("Something was decided about this scan already.")])
    _refuse([scan], reason, [version], by)


def refuse_file(scan: SheetScan, reason: str, *, by: Any) -> int:
    """All pages of its file that have no place do not do; how many there were. Raises Refused, TooLate."""
    reason = _may_refuse(scan.round, reason, by)
    pages = list(scan.round.scans.filter(file=scan.file_id, state=State.UNREAD).order_by("file_page"))
    if not pages:
        raise Refused([_("Something was decided about this scan already.")])
    for one in pages:
        one.round = scan.round
    _refuse(pages, reason, [one.version for one in pages], by)
    return len(pages)


def _may_refuse(round_: SigningRound, reason: str, by: Any) -> str:
    """The reason as it is kept; raises Refused."""
    if not by.may(Can.SIGNING_RUN, round_.plan):
        raise Refused([_("The secretariat hands in and confirms signed sheets.")])
    if not reason.strip():
        raise Refused([_("Write the reason, so that whoever handed it in knows what to do.")])
    return reason.strip()


def _refuse(pages: Sequence[SheetScan], reason: str, versions: Sequence[int], by: Any) -> None:
    """All of them or none; whoever handed the file in is told once."""
    values = {"state": State.REFUSED, "decided_at": timezone.now(), "decided_by": by, "reason": reason}
    with transaction.atomic():
        for one, version in zip(pages, versions, strict=True):
            before = one.state
            update_if_unchanged(one, values, by=by, version=version)
            record("refuse", one, by=by, before={"state": before}, after={"state": State.REFUSED}, remark=reason)
        transaction.on_commit(lambda: scan_notices.refused(pages[0], by=by))


# --- what is still missing --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetPage:
    """A page of the sheet: whose boxes still wait, and the scans of it that wait to be compared."""

    number: int
    waiting: list[tuple[int, Signatory]]  # with the number printed beside the box
    declined: list[tuple[int, Signatory]]
    signed: int
    count: int
    scans: list[SheetScan]


def pages_of(round_: SigningRound, handed_in: Sequence[SheetScan]) -> list[SheetPage]:
    """The pages of the round's sheet with what is missing on each; one query."""
    rows: dict[int, list[Signatory]] = {}
    for one in round_.signatories.exclude(page=None).select_related("position").order_by("page", "slot"):
        rows.setdefault(one.page or 1, []).append(one)
    return [
        SheetPage(
            number=number,
            waiting=_in_state(found, Signatory.State.WAITING),
            declined=_in_state(found, Signatory.State.DECLINED),
            signed=sum(one.state == Signatory.State.SIGNED for one in found),
            count=sum(one.state != Signatory.State.REPLACED for one in found),
            scans=[one for one in handed_in if one.sheet_page == number and one.state == State.READ],
        )
        for number, found in sorted(rows.items())
    ]


def _in_state(signatories: Sequence[Signatory], state: str) -> list[tuple[int, Signatory]]:
    return [(number_of(one.page or 1, one.slot or 0), one) for one in signatories if one.state == state]
