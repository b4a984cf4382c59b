"""Signed sheets come back: files are kept at once, and a job reads page by page which pages of which sheet they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.files import contents
from praja.foundation.files.actions import keep, store
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.signing.models import SheetScan, SheetVersion, Signatory, SigningRound
from praja.foundation.signing.paper import scan_notices, scans, sheets
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused

KINDS = (contents.PDF, contents.JPEG, contents.PNG)
PATIENCE = 8  # pages of a file without a code are looked at thoroughly; after them it is likely none of ours
HASH_SIGNS = 12  # of a hash that is told in a sentence: enough to tell two sheets apart
State = SheetScan.State


# --- in the request ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HandedIn:
    """The files that were kept, one row each that waits to be read, and of the others why they were not."""

    scans: list[SheetScan] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    job: Job | None = None  # that reads them


def hand_in(round_: SigningRound, uploads: Sequence[File], *, by: Any) -> HandedIn:
    """Keep scans and photos, and have a job read them. Nothing is drawn here: only kind, size and hash are looked at.

    Raises Refused when the round takes no scan from this person.
    """
    takes_scans(round_, by)
    kept: list[StoredFile] = []
    told: list[str] = []
    for upload in uploads:
        try:
            _looked_at(round_, upload, [one.sha256 for one in kept])
            kept.append(store(upload, by=by, organisation_path=round_.organisation_path))
        except FileRefused as refusal:
            told.append(f"{upload.name}: {refusal}" if len(uploads) > 1 else str(refusal))
    with transaction.atomic():
        if not SigningRound.objects.filter(pk=round_.pk, state=SigningRound.State.OPEN).update(
            updated_at=timezone.now()
        ):
            raise Refused([_("This round is not open, so it takes no scans.")])
        # Now that others wait: the same file may have come twice at the same moment.
        new = []
        for stored in kept:
            if sentence := _known(round_, stored.sha256):
                told.append(f"{stored.name}: {sentence}")
            else:
                new.append(stored)
        rows = _waiting(round_, new, by=by) if new else []
    return HandedIn(rows, told, rows[0].job if rows else None)


def takes_scans(round_: SigningRound, by: Any) -> None:
    """Raise Refused unless this person may hand in scans for the round now."""
    if not by.may(Can.SIGNING_RUN, round_.plan):
        raise Refused([_("The secretariat hands in and confirms signed sheets.")])
    if round_.state != SigningRound.State.OPEN:
        raise Refused([_("This round is not open, so it takes no scans.")])


def _looked_at(round_: SigningRound, upload: File, same: Sequence[str]) -> None:
    """Raise FileRefused for what is no scan by its first bytes, and for what came before, here or among the `same`."""
    contents.check_size(upload.size or 0)
    if contents.kind_of(upload) not in KINDS:
        raise FileRefused(_("A scan is a PDF or a picture (JPG, PNG). Please send one of these."))
    digest = sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    if digest.hexdigest() in same:
        raise FileRefused(_("This very file was chosen twice; it is taken once."))
    if sentence := _known(round_, digest.hexdigest()):
        raise FileRefused(sentence)


def _known(round_: SigningRound, digest: str) -> str:
    """The sentence about a file that was handed in before; empty for a new one, and for one that was refused."""
    known = SheetScan.objects.filter(round=round_, file__sha256=digest).exclude(state=State.REFUSED).first()
    if known is None:
        return ""
    return _(
        "This very file was handed in on %(day)s already. If more people have signed since, please scan the page again."
    ) % {"day": long_date(timezone.localdate(known.created_at, round_.plan.time_zone))}


def _waiting(round_: SigningRound, files: Sequence[StoredFile], *, by: Any) -> list[SheetScan]:
    job = later("signing.read_scans", round_.pk, by=by, organisation_path=round_.organisation_path)
    rows = [
        SheetScan(
            round=round_, file=stored, file_page=1, state=State.WAITING, job=job, created_by=by, updated_by=by
        )
        for stored in files
    ]  # fmt: skip
    SheetScan.objects.bulk_create(rows)
    files_in_words = [f"{stored.name} (SHA-256 {stored.sha256})" for stored in files]
    record("scan", round_, by=by, after={"file": ", ".join(files_in_words)})
    for one in rows:
        record("scan", one, by=by, after={"file": one.file.name, "sha256": one.file.sha256})
    return rows


# --- in the job -------------------------------------------------------------------------------------------------------


def read_waiting(round_: SigningRound, job: Job, say: Callable[[int, int, str], None]) -> None:
    """Read what waits in this job, a page at a time; each is stored by itself, so that another try goes on behind it.

    `say` is told before each page how many are done, how many there are, and which one comes.
    """
    rows = SheetScan.objects.filter(job=job)
    for one in _of(rows, round_).filter(reading={}):
        _count_pages(one, round_)
    reader = _Reader(round_)
    waiting, total = list(_of(rows, round_)), rows.count()
    for done, one in enumerate(waiting, total - len(waiting)):
        say(done, total, _("%(name)s, page %(number)d") % {"name": one.file.name, "number": one.file_page})
        reader.read(one)


def tell_of(round_: SigningRound, job: Job) -> None:
    """Tell who is concerned by what a job has read. In the transaction that ends the job."""
    rows = SheetScan.objects.filter(job=job)
    read = list(rows.filter(state=State.READ).order_by("pk"))
    left = rows.filter(state__in=(State.UNREAD, State.REFUSED), decided_by=None).count()
    for one in read:
        one.round = round_
    transaction.on_commit(lambda: scan_notices.were_read(round_, read, left, by=job.created_by))


def _of(rows: Any, round_: SigningRound) -> Any:
    waiting = rows.filter(round=round_, state=State.WAITING).select_related("file", "created_by")
    return waiting.order_by("file", "file_page")


def _count_pages(one: SheetScan, round_: SigningRound) -> None:
    """Give each page of a file its row."""
    try:
        count = scans.count(_content(one.file)) if one.file.kind == contents.PDF else 1
    except (scans.ScanNotRead, FileNotFoundError):
        _not_taken(one, _not_shown())
        return
    if count > scans.MOST_PAGES or count < 1:
        sentence = _("This file has %(count)d pages. Please hand in at most %(most)d pages at a time.")
        _not_taken(one, sentence % {"count": count, "most": scans.MOST_PAGES})
        return
    more = [
        SheetScan(
            round=round_, file=one.file, file_page=number, state=State.WAITING, reading={"pages": count}, job=one.job,
            created_by=one.created_by, updated_by=one.created_by,
        )
        for number in range(2, count + 1)
    ]  # fmt: skip
    with transaction.atomic():
        if _changed(one, {"reading": {"pages": count}}):
            SheetScan.objects.bulk_create(more)


class _Reader:
    """Reads pages of a round one after the other; the file at hand is loaded once."""

    def __init__(self, round_: SigningRound) -> None:
        self.round = round_
        self._file: tuple[int, bytes] = (0, b"")

    def read(self, one: SheetScan) -> None:
        """Say of a page that waits what it is, and store that."""
        round_ = SigningRound.objects.get(pk=self.round.pk)
        if round_.state != SigningRound.State.OPEN:
            _not_taken(one, _("This round is not open any more, so it takes no scans."))
            return
        missed = SheetScan.objects.filter(file=one.file_id, state=State.UNREAD).count()
        try:
            if self._file[0] != one.file_id:
                self._file = (one.file_id, _content(one.file))
            page = scans.read(self._file[1], one.file_page, scans.LOOKS if missed < PATIENCE else scans.QUICK_LOOKS)
            picture = keep(
                page.picture, name=f"{one.file.name[:120]}-{one.file_page}.jpg", kind=contents.JPEG, by=one.created_by,
                organisation_path=self.round.organisation_path,
            )  # fmt: skip
        except (scans.ScanNotRead, FileNotFoundError):
            _not_taken(one, _not_shown())
            return
        except FileRefused as refusal:  # no room for the picture
            _not_taken(one, str(refusal))
            return
        sentence = _not_ours(self.round, page)
        values: dict[str, Any] = {"reading": page.reading, "state": State.REFUSED if sentence else State.UNREAD}
        values["reason"] = sentence
        if page.sheets and not sentence:
            values |= {"state": State.READ, "match": SheetScan.Match.QR, "sheet_page": page.sheets[0][1]}
        with transaction.atomic():
            picture.save()
            if not _changed(one, values | {"picture": picture}):
                transaction.set_rollback(True)


def _content(stored: StoredFile) -> bytes:
    with stored.open() as file:
        return bytes(file.read())


def _not_shown() -> str:
    return _("This scan cannot be shown: the file is damaged or locked. Please scan it once more.")


def _not_taken(one: SheetScan, sentence: str) -> None:
    with transaction.atomic():
        _changed(one, {"state": State.REFUSED, "reason": sentence})


def _changed(one: SheetScan, values: dict[str, Any]) -> bool:
    """Store what reading told of a row that waits; False when another worker did. In a transaction."""
    try:
        update_if_unchanged(one, values, by=one.created_by, version=one.version)
    except TooLate:
        return False
    if "state" in values:
        after = {"state": values["state"], "page": values.get("sheet_page"), "reason": values.get("reason", "")}
        record("read scan", one, by=one.created_by, after=after)
    return True


# --- what a page is ---------------------------------------------------------------------------------------------------


def _not_ours(round_: SigningRound, page: scans.ScanPage) -> str:
    """Why a page is not taken, as a sentence; empty when it is, or nothing tells what it is."""
    if not page.sheets:
        return ""
    if len(page.sheets) > 1:
        return _("Several sheets are to be seen at once. Please take a photo of each by itself.")
    ((code, number),) = page.sheets
    if code != round_.code:
        return _("This page belongs to %(title)s. Please hand it in there.") % {"title": title_of(code, round_)}
    return not_accepted(round_, number, page.version)


def title_of(code: str, near: SigningRound) -> str:
    """How the round of a code is called, if it is one of the same region."""
    other = SigningRound.objects.filter(code=code, plan=near.plan_id).first()
    return f"“{other.title}” ({code})" if other is not None else _("another document (%(code)s)") % {"code": code}


def not_accepted(round_: SigningRound, page: int, number: int) -> str:
    """Why a page of a version of the round's sheet is not accepted, as a sentence that says what to do; empty when it is.

    A page of an earlier version is accepted for the boxes that stand on it where they stand now.
    """
    versions = sheets.versions(round_)
    version = next((one for one in versions if one.number == number), None)
    if version is None:
        return _("Praja does not know version %(number)d of this sheet. Please print the sheet of this round anew.") % {
            "number": number
        }
    if not 1 <= page <= version.page_count:
        return _("The sheet has the pages 1 to %(count)d.") % {"count": version.page_count}
    rows = list(round_.signatories.filter(page=page).select_related("position", "replaced_by__position"))
    waiting = [one for one in rows if one.state == Signatory.State.WAITING]
    if any(version.has_box_of(one) for one in waiting):
        return ""
    return _why_nothing_waits(page, version, rows, waiting)


def _why_nothing_waits(page: int, version: SheetVersion, rows: list[Signatory], waiting: list[Signatory]) -> str:
    if waiting:  # their boxes came later
        return _(
            "This is page %(page)d of an earlier version of the sheet (version %(version)d, SHA-256 %(hash)s…), which has no box for %(offices)s. Please print page %(page)d of the newest sheet and have it signed there."
        ) % _told(page, version, waiting)
    moved = [one.replaced_by for one in rows if hasattr(one, "replaced_by")]
    if moved := [one for one in moved if one.state == Signatory.State.WAITING]:
        return _(
            "No box on page %(page)d waits any more. Instead of who stood there signs %(offices)s, on page %(other)d of the newest sheet: please print that page and have it signed there."
        ) % {**_told(page, version, moved), "other": moved[0].page or 1}
    return _(
        "No box on page %(page)d waits any more: what was signed there is counted already. Nothing needs to be done; please keep the paper."
    ) % {"page": page}


def _told(page: int, version: SheetVersion, offices: list[Signatory]) -> dict[str, Any]:
    return {
        "page": page,
        "version": version.number,
        "hash": version.file.sha256[:HASH_SIGNS],
        "offices": ", ".join(map(str, offices)),
    }


# --- by hand ----------------------------------------------------------------------------------------------------------


def place_by_hand(
    scan: SheetScan, *, code: str, page: int, by: Any, version: int, turns: int = 0, sheet_version: int = 1
) -> None:
    """Whoever handed the scan in says which page it is, by code and number in human signs, and how it lies.

    `turns`: quarters clockwise, 2 for upside down. `sheet_version`: of the sheet, as printed. Raises Refused, TooLate.
    """
    round_ = scan.round
    takes_scans(round_, by)
    if scan.state != State.UNREAD:
        raise Refused([_("This scan has its place already.")])
    if scan.created_by_id != by.pk:
        raise Refused([_("Whoever handed this scan in says which page it is; somebody else then compares it.")])
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    if typed != round_.code.replace("-", ""):
        other = f"{typed[:4]}-{typed[4:]}"
        if SigningRound.objects.filter(code=other).exists():
            raise Refused([_("This is the code of %(title)s.") % {"title": title_of(other, round_)}])
        raise Refused([_("The sheet of this round bears the code %(code)s.") % {"code": round_.code}])
    if sentence := not_accepted(round_, page, sheet_version):
        raise Refused([sentence])
    reading = scan.reading | {
        "quarter_turns": turns,
        "corners": scans.corners_by_hand(scan.reading.get("ratio") or 0, turns),
        "version": sheet_version,
    }
    values = {"state": State.READ, "match": SheetScan.Match.HAND, "sheet_page": page, "reading": reading}
    with transaction.atomic():
        update_if_unchanged(scan, values, by=by, version=version)
        record("place scan", scan, by=by, after={"page": page, "match": SheetScan.Match.HAND, "quarter_turns": turns})
        transaction.on_commit(lambda: scan_notices.handed_in(round_, [scan], by=by))
