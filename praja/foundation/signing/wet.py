"""Wet ink: the signed sheet comes back as scan, its pages find their places, and a second person says who has signed."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.files import contents
from praja.foundation.files.actions import store
from praja.foundation.files.contents import FileRefused
from praja.foundation.signing.models import SheetScan, Signatory, Signature, SigningRound, Way
from praja.foundation.signing.paper import scan_notices, scans
from praja.foundation.signing.paper.sheets import number_of
from praja.foundation.signing.rounds import in_turn, paper_pages, signs_before, store_signature
from praja.foundation.signing.standing import Standing, who_may_sign
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused

KINDS = (contents.PDF, contents.JPEG, contents.PNG)
State = SheetScan.State
OPEN_SCANS = (State.UNREAD, State.READ)


# --- handing in -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HandedIn:
    """What became of the pages of a file: taken by their QR code, waiting to be placed by hand, and told why not taken."""

    taken: list[SheetScan] = field(default_factory=list)
    unread: list[SheetScan] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def hand_in(round_: SigningRound, upload: File, *, by: Any) -> HandedIn:
    """Keep a scan or photo, one row for each page of it that is, or may be, a page of this round's sheet.

    Raises FileRefused for what no eye can read or what holds no page of this round, Refused when the round takes no scan.
    """
    _takes_scans(round_, by)
    contents.check_size(upload.size or 0)
    if contents.kind_of(upload) not in KINDS:
        raise FileRefused(_("A scan is a PDF or a picture (JPG, PNG). Please send one of these."))
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    try:
        scan = scans.read(content)
    except scans.ScanNotRead as problem:
        raise FileRefused(
            _("This scan cannot be shown: the file is damaged or locked. Please scan it once more.")
        ) from problem
    if scan.count > scans.MOST_PAGES:
        raise FileRefused(
            _("This file has %(count)d pages. Please hand in at most %(most)d pages at a time.")
            % {"count": scan.count, "most": scans.MOST_PAGES}
        )
    told = {page.number: _not_ours(round_, page, by) for page in scan.pages}
    kept = [page for page in scan.pages if not told[page.number]]
    if not kept:
        raise FileRefused(" ".join(dict.fromkeys(told.values())))
    _is_new(round_, content)
    stored = store(upload, by=by, organisation_path=round_.organisation_path)
    rows = [_row(round_, stored, page, by) for page in kept]
    with transaction.atomic():
        SheetScan.objects.bulk_create(rows)
        read = [one for one in rows if one.state == State.READ]
        after = {"file": stored.name, "sha256": stored.sha256, "pages": sorted({one.sheet_page or 0 for one in read})}
        record("scan", round_, by=by, after=after)
        for one in rows:
            record("scan", one, by=by, after={"file": stored.name, "state": one.state, "page": one.sheet_page})
        if read:
            transaction.on_commit(lambda: scan_notices.handed_in(round_, read, by=by))
    return HandedIn(
        taken=read,
        unread=[one for one in rows if one.state == State.UNREAD],
        told=[sentence for sentence in told.values() if sentence],
    )


def _takes_scans(round_: SigningRound, by: Any) -> None:
    if not by.may(Can.SIGNING_RUN, round_.plan):
        raise Refused([_("The secretariat hands in and confirms signed sheets.")])
    if round_.state != SigningRound.State.OPEN:
        raise Refused([_("This round is not open, so it takes no scans.")])


def _is_new(round_: SigningRound, content: bytes) -> None:
    digest = sha256(content).hexdigest()
    known = SheetScan.objects.filter(round=round_, file__sha256=digest).exclude(state=State.REFUSED).first()
    if known is not None:
        raise FileRefused(
            _("This very file was handed in on %(day)s already. If more people have signed since, please scan the page again.")
            % {"day": long_date(timezone.localdate(known.created_at, round_.plan.time_zone))}
        )  # fmt: skip


def _not_ours(round_: SigningRound, page: scans.ScanPage, by: Any) -> str:
    """Why a page is not taken, as a sentence; empty when it is."""
    if not page.sheets:
        return ""
    if len(page.sheets) > 1:
        return _("Page %(number)d of the file shows several sheets at once. Please take a photo of each by itself.") % {
            "number": page.number
        }
    ((code, number),) = page.sheets
    if code != round_.code:
        return _("Page %(number)d of the file belongs to %(title)s and was not taken.") % {
            "number": page.number,
            "title": _title_of(code, by),
        }
    if number > paper_pages(round_):
        return _("Page %(number)d of the file says it is page %(page)d of the sheet, which has %(count)d pages.") % {
            "number": page.number,
            "page": number,
            "count": paper_pages(round_),
        }
    return ""


def _title_of(code: str, by: Any) -> str:
    """How the round of a code is called, for whoever may know it."""
    other = SigningRound.objects.filter(code=code).select_related("plan").first()
    if other is not None and by.may(Can.COMMITMENT_VIEW, other.plan):
        return f"“{other.title}” ({code})"
    return _("another document (%(code)s)") % {"code": code}


def _row(round_: SigningRound, stored: Any, page: scans.ScanPage, by: Any) -> SheetScan:
    return SheetScan(
        round=round_,
        file=stored,
        file_page=page.number,
        sheet_page=page.sheets[0][1] if page.sheets else None,
        match=SheetScan.Match.QR if page.sheets else "",
        state=State.READ if page.sheets else State.UNREAD,
        reading=page.reading,
        created_by=by,
        updated_by=by,
    )


def place_by_hand(scan: SheetScan, *, code: str, page: int, by: Any, version: int) -> None:
    """Whoever handed the scan in says which page it is, from code and number in human signs. Raises Refused, TooLate."""
    round_ = scan.round
    _takes_scans(round_, by)
    if scan.state != State.UNREAD:
        raise Refused([_("This scan has its place already.")])
    if scan.created_by_id != by.pk:
        raise Refused([_("Whoever handed this scan in says which page it is; somebody else then compares it.")])
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    if typed != round_.code.replace("-", ""):
        other = SigningRound.objects.filter(code=f"{typed[:4]}-{typed[4:]}").exists()
        if other:
            raise Refused([_("This is the code of %(title)s.") % {"title": _title_of(f"{typed[:4]}-{typed[4:]}", by)}])
        raise Refused([_("The sheet of this round bears the code %(code)s.") % {"code": round_.code}])
    if not 1 <= page <= (count := paper_pages(round_)):
        raise Refused([_("The sheet has the pages 1 to %(count)d.") % {"count": count}])
    values = {"state": State.READ, "match": SheetScan.Match.HAND, "sheet_page": page}
    with transaction.atomic():
        update_if_unchanged(scan, values, by=by, version=version)
        record("place scan", scan, by=by, after={"page": page, "match": SheetScan.Match.HAND})
        transaction.on_commit(lambda: scan_notices.handed_in(round_, [scan], by=by))


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


def boxes_of(scan: SheetScan, day: datetime.date) -> list[BoxOfScan]:
    """The boxes of the page, from the top, with who held each office on that day."""
    rows = scan.round.signatories.filter(page=scan.sheet_page).select_related(
        "organisation", "position__organisation__parent__region", "position__organisation__region", "position__person",
        "signature", "replaced_by",
    )  # fmt: skip
    found = []
    for one in rows.order_by("slot"):
        one.round = scan.round
        number = number_of(one.page or 1, one.slot or 0)
        bar = _why_not_asked(one, scan)
        standings = [] if bar else who_may_sign(one.position, day, scan.round.plan.time_zone, round_=scan.round)
        if not bar and not standings:
            bar = _(
                "Nobody is entered as holder of this office on %(day)s. Enter the holder on the page of the agency, then come back."
            ) % {"day": long_date(day)}
        found.append(BoxOfScan(one, number, standings, bar))
    return found


def _why_not_asked(one: Signatory, scan: SheetScan) -> str:
    if one.state == Signatory.State.SIGNED:
        if one.signature.scan_id == scan.pk:
            return _("Signed in ink: counted from this scan.")
        if one.signature.way == Way.WET:
            return _("Signed in ink already: an earlier scan was confirmed.")
        return _("Has signed electronically; a signature in ink is not counted beside it.")
    if one.state == Signatory.State.DECLINED:
        return _("Declined to sign: %(reason)s") % {"reason": one.decline_reason}
    if one.state == Signatory.State.REPLACED:
        return _("Was replaced and does not sign any more.")
    return ""


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
    if not by.may(Can.SIGNING_RUN, scan.round.plan):
        raise Refused([_("The secretariat hands in and confirms signed sheets.")])
    if scan.state not in OPEN_SCANS:
        raise Refused([_("Something was decided about this scan already.")])
    reason = reason.strip()
    if not reason:
        raise Refused([_("Write the reason, so that whoever handed it in knows what to do.")])
    before = scan.state
    values = {"state": State.REFUSED, "decided_at": timezone.now(), "decided_by": by, "reason": reason}
    with transaction.atomic():
        update_if_unchanged(scan, values, by=by, version=version)
        record("refuse", scan, by=by, before={"state": before}, after={"state": State.REFUSED}, remark=reason)
        transaction.on_commit(lambda: scan_notices.refused(scan, by=by))


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
