"""Pages of wet ink: the sheet to print, the scans of a round with what is missing, one scan to be compared box by box."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version
from praja.foundation.files.views import attachment
from praja.foundation.jobs.models import Job
from praja.foundation.sheets.values import parse_date
from praja.foundation.signing import handing_in, wet
from praja.foundation.signing.models import SheetScan, SigningRound
from praja.foundation.signing.pages.reach import load_round
from praja.foundation.signing.pages.wet_forms import MOST_FILES, PlaceForm, ScansForm
from praja.foundation.signing.paper import layout, scans, sheets
from praja.foundation.signing.paper.scan_notices import scan_address, scans_address
from praja.foundation.workflow.steps import Refused

LONGEST_REASON = 2_000
State = SheetScan.State
MOST_SCANS = 200  # shown on one page; the newest
TONES = {
    "waiting": "information",
    "unread": "warning",
    "read": "attention",
    "confirmed": "success",
    "refused": "danger",
}
FASTER = gettext_lazy("Somebody else was faster. This is how it stands now.")


def load_scan(request: SignedInRequest, slug: str, pk: int, scan: int) -> SheetScan:
    """A scan of the round, for who runs signing rounds; else 404."""
    round_ = load_round(request, slug, pk, Can.SIGNING_RUN)
    rows = round_.scans.select_related("file", "picture", "created_by__person", "decided_by__person")
    found: SheetScan = get_object_or_404(rows, pk=scan)
    found.round = round_
    return found


def _crumbs(round_: SigningRound, *more: tuple[str, str]) -> list[tuple[str, str]]:
    slug = round_.plan.slug
    return [
        (_("Signing rounds"), reverse("signing-list", args=[slug])),
        (round_.title, reverse("signing-round", args=[slug, round_.pk])),
        *more,
    ]


# --- the sheet --------------------------------------------------------------------------------------------------------


@require_safe
def signing_sheet(request: SignedInRequest, slug: str, pk: int) -> FileResponse:
    """The sheet to be printed, for everybody who reads the round: whoever signs may bring it along."""
    round_ = load_round(request, slug, pk)
    if round_.sheet is None:
        raise Http404
    try:
        return attachment(round_.sheet)
    except FileNotFoundError as problem:
        raise Http404 from problem


# --- the scans of a round ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def signing_scans(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Print, hand in, see what waits for a second person and what is still missing."""
    round_ = load_round(request, slug, pk, Can.SIGNING_RUN)
    form = ScansForm(request.POST, request.FILES) if request.method == "POST" else ScansForm()
    if form.is_bound:
        uploads = form.uploads()
        if not uploads:
            form.add_error("file", _("Choose a file or take a photo first."))
        elif len(uploads) > MOST_FILES:
            form.add_error("file", _("Please hand in at most %(most)d files at a time.") % {"most": MOST_FILES})
        elif _handed_in(request, round_, form, uploads):
            return redirect(scans_address(round_))
    return _scans_page(request, round_, form, status=422 if form.is_bound else 200)


def _scans_page(
    request: SignedInRequest, round_: SigningRound, form: ScansForm, *, refused: int = 0, problem: str = "", status: int
) -> HttpResponse:
    """`refused`: the file whose pages were to be refused, and `problem` why they were not."""
    rows = list(
        round_.scans.select_related("created_by__person", "decided_by__person", "file").order_by("-pk")[:MOST_SCANS]
    )
    for one in rows:
        one.round = round_
    pages = wet.pages_of(round_, rows)
    own = [one for one in rows if one.created_by_id == request.user.pk]
    to_compare = [one for one in rows if one.state == State.READ and one.created_by_id != request.user.pk]
    yesterday = timezone.now() - datetime.timedelta(days=1)
    signed, count = sum(page.signed for page in pages), sum(page.count for page in pages)
    context = {
        "plan": round_.plan,
        "round": round_,
        "crumbs": _crumbs(round_),
        "form": form,
        "pages": pages,
        "signed": signed,
        "count": count,
        "is_complete": bool(count) and signed == count,
        "paper_pages": len(pages),
        "scans": [(one, TONES[one.state]) for one in rows],
        "jobs": _jobs(rows),
        "to_compare": to_compare,
        "next": to_compare[-1] if to_compare else None,
        "own": [one for one in own if one.state == State.READ],
        "unread": [one for one in rows if one.state == State.UNREAD],
        "not_taken": [one for one in own if one.was_not_taken and one.updated_at > yesterday],
        "unread_files": _files(rows),
        "refused": refused,
        "problem": problem,
        "typed_reason": request.POST.get("reason", "")[:LONGEST_REASON],
        "is_open": round_.state == SigningRound.State.OPEN,
    }
    return render(request, "signing/scans.html", context, status=status)


def _files(rows: Sequence[SheetScan]) -> list[tuple[list[SheetScan], bool]]:
    """The pages without a place by the file they came in, and whether those of one can be refused together."""
    found: dict[int, list[SheetScan]] = {}
    for one in sorted(rows, key=lambda one: one.file_page):
        if one.state == State.UNREAD:
            found.setdefault(one.file_id, []).append(one)
    being_read = {one.file_id for one in rows if one.state == State.WAITING}
    return [(pages, len(pages) > 1 and file not in being_read) for file, pages in found.items()]


def _handed_in(request: SignedInRequest, round_: SigningRound, form: ScansForm, uploads: list[Any]) -> bool:
    """Keep the files and say of each that was not kept why; False when none was, the form then says why."""
    try:
        result = handing_in.hand_in(round_, uploads, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal.reasons[0]))
        return False
    if not result.scans:
        for sentence in result.told:
            form.add_error("file", sentence)
        return False
    count = len(result.scans)
    said = ngettext(
        "%(count)d file is kept and is being read now.", "%(count)d files are kept and are being read now.", count
    )
    messages.success(request, said % {"count": count})
    for sentence in result.told:
        messages.warning(request, sentence)
    return True


def _jobs(rows: Sequence[SheetScan]) -> list[Job]:
    """The jobs that read what waits, the oldest first; no query when nothing does."""
    keys = {one.job_id for one in rows if one.state == State.WAITING and one.job_id}
    return list(Job.objects.filter(pk__in=keys).order_by("pk")) if keys else []


# --- one scan ---------------------------------------------------------------------------------------------------------


@require_safe
def signing_scan(request: SignedInRequest, slug: str, pk: int, scan: int) -> HttpResponse:
    """One page that came back: each box large beside the printed name and office, and the whole page."""
    return _scan_page(request, load_scan(request, slug, pk, scan))


def _scan_page(
    request: SignedInRequest, scan: SheetScan, *, form: PlaceForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    round_ = scan.round
    bars = wet.bars_confirming(scan, request.user)
    day = _day(request, scan)
    ticked = set(request.POST.getlist("signed"))
    all_ticked = request.GET.get("centang") == "semua"
    versions = sheets.versions(round_)
    version = wet.version_of(scan, versions)
    boxes: list[dict[str, Any]] = []
    if scan.sheet_page is not None:
        for box in wet.boxes_of(scan, day, versions):
            key = str(box.signatory.pk)
            name = box.standings[0].person_name if box.standings else ""
            boxes.append(
                {
                    "box": box,
                    "signatory": box.signatory,
                    "slot": box.signatory.slot,
                    "is_ticked": not box.bar and (all_ticked or key in ticked),
                    "person": request.POST.get(f"person-{key}", ""),
                    # The office has another holder than the paper names.
                    "changed": name if name and name != box.signatory.printed_name else "",
                }
            )
    context = {
        "plan": round_.plan,
        "round": round_,
        "scan": scan,
        "tone": TONES[scan.state],
        "crumbs": _crumbs(round_, (_("Sheet and scans"), scans_address(round_))),
        "boxes": boxes,
        "paper_pages": max(version.page_count if version else 0, scan.sheet_page or 0),
        "earlier": version if version and version != versions[-1] else None,
        "asked": sum(not one["box"].bar for one in boxes),
        "has_boxes": bool(scan.picture_id and scan.reading.get("corners")),
        "day": day,
        "bars": bars,
        "may_confirm": not bars,
        "may_place": scan.state == State.UNREAD and scan.created_by_id == request.user.pk,
        "may_refuse": scan.state in wet.OPEN_SCANS,
        "form": form or PlaceForm(versions=versions),
        "problem": problem,
        "typed_reason": request.POST.get("reason", "")[:LONGEST_REASON],
        "history": history_of(scan),
        "signatures": list(scan.signatures.order_by("signatory__order")) if scan.state == State.CONFIRMED else [],
    }
    return render(request, "signing/scan.html", context, status=status)


def _day(request: SignedInRequest, scan: SheetScan) -> datetime.date:
    """The day as of which signatures count: what was asked for, else the day of the signing."""
    typed = request.POST.get("day") or request.GET.get("hari", "")
    try:
        day = parse_date(typed.replace("\0", ""))
    except ValueError:
        day = None
    if isinstance(day, datetime.date) and wet.first_day(scan.round) <= day <= scan.round.plan.today:
        return day
    return wet.day_of(scan)


@require_POST
def signing_scan_place(request: SignedInRequest, slug: str, pk: int, scan: int) -> HttpResponse:
    """Which page it is, typed by whoever handed it in."""
    found = load_scan(request, slug, pk, scan)
    form = PlaceForm(request.POST, versions=sheets.versions(found.round))
    if not form.is_valid():
        return _scan_page(request, found, form=form, status=422)
    typed = form.cleaned_data
    try:
        handing_in.place_by_hand(
            found, code=typed["code"], page=typed["page"], turns=typed["turns"],
            sheet_version=typed.get("sheet_version", 1), by=request.user, version=posted_version(request),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal.reasons[0]))
        return _scan_page(request, found, form=form, status=422)
    except TooLate:
        messages.warning(request, FASTER)
    else:
        messages.success(
            request, _("The page has its place. A second person now compares it, and is told that you placed it.")
        )
    return redirect(scan_address(found))


@require_POST
@confirmed
def signing_scan_confirm(request: SignedInRequest, slug: str, pk: int, scan: int) -> HttpResponse:
    """A second person says which boxes are signed."""
    found = load_scan(request, slug, pk, scan)
    signed = {_number(key): _number(request.POST.get(f"person-{key}", "")) for key in request.POST.getlist("signed")}
    try:
        done = wet.confirm(found, signed, by=request.user, version=posted_version(request), day=_day(request, found))
    except Refused as refusal:
        again = load_scan(request, slug, pk, scan)
        return _scan_page(request, again, problem=" ".join(map(str, refusal.reasons)), status=422)
    except TooLate:
        messages.warning(request, FASTER)
        return redirect(scan_address(found))
    count = len(done.signatures)
    said = ngettext("%(count)d signature in ink is counted.", "%(count)d signatures in ink are counted.", count)
    messages.success(request, said % {"count": count})
    for sentence in done.left:
        messages.warning(request, sentence)
    waits = found.round.scans.filter(state=State.READ).exclude(created_by=request.user).order_by("pk").first()
    if waits is not None:  # the next one right away: a box of paper is worked through page by page
        waits.round = found.round
        return redirect(scan_address(waits))
    return redirect(scans_address(found.round))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@require_POST
def signing_scan_refuse(request: SignedInRequest, slug: str, pk: int, scan: int) -> HttpResponse:
    """The scan does not do; whoever handed it in learns why."""
    found = load_scan(request, slug, pk, scan)
    reason = request.POST.get("reason", "").replace("\0", "")[:LONGEST_REASON]
    try:
        wet.refuse(found, reason, by=request.user, version=posted_version(request))
    except Refused as refusal:
        return _scan_page(request, found, problem=str(refusal.reasons[0]), status=422)
    except TooLate:
        messages.warning(request, FASTER)
        return redirect(scan_address(found))
    messages.success(request, _("The scan was refused; it counts nothing."))
    return redirect(scans_address(found.round))


@require_POST
def signing_scan_refuse_file(request: SignedInRequest, slug: str, pk: int, scan: int) -> HttpResponse:
    """None of the pages of its file that have no place does; whoever handed it in learns why."""
    found = load_scan(request, slug, pk, scan)
    reason = request.POST.get("reason", "").replace("\0", "")[:LONGEST_REASON]
    try:
        count = wet.refuse_file(found, reason, by=request.user)
    except Refused as refusal:
        return _scans_page(
            request, found.round, ScansForm(), refused=found.file_id, problem=str(refusal.reasons[0]), status=422
        )
    except TooLate:
        messages.warning(request, FASTER)
    else:
        said = ngettext(
            "%(count)d page was refused; it counts nothing.", "%(count)d pages were refused; they count nothing.", count
        )
        messages.success(request, said % {"count": count})
    return redirect(scans_address(found.round))


# --- pictures ---------------------------------------------------------------------------------------------------------


@require_safe
def signing_scan_page(request: SignedInRequest, slug: str, pk: int, scan: int) -> HttpResponse:
    """The whole page as a picture, upright."""
    return _picture(request, load_scan(request, slug, pk, scan), None)


@require_safe
def signing_scan_box(request: SignedInRequest, slug: str, pk: int, scan: int, slot: int) -> HttpResponse:
    """One box as a picture, upright, with a border around it."""
    if slot >= layout.SLOTS_PER_PAGE:
        raise Http404
    return _picture(request, load_scan(request, slug, pk, scan), slot)


def _picture(request: SignedInRequest, scan: SheetScan, slot: int | None) -> HttpResponse:
    """Out of the picture that reading has made; by what was said where the page was placed by hand."""
    if scan.picture is None:
        raise Http404
    by_hand = scan.match == SheetScan.Match.HAND
    turns = int(scan.reading.get("quarter_turns") or 0) if by_hand else 0
    tag = quote_etag(f"{scan.picture.sha256[:32]}-{turns}-{slot}-{scan.match}")
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304, headers={"ETag": tag})
    try:
        with scan.picture.open() as file:
            jpeg = file.read()
    except FileNotFoundError as problem:
        raise Http404 from problem
    shown = scans.upright(jpeg, turns) if slot is None else scans.box_picture(jpeg, slot, turns=turns, by_hand=by_hand)
    headers = {"ETag": tag, "Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(shown, content_type="image/jpeg", headers=headers)


@require_safe
def signing_scan_file(request: SignedInRequest, slug: str, pk: int, scan: int) -> FileResponse:
    """The scan as it was handed in."""
    try:
        return attachment(load_scan(request, slug, pk, scan).file)
    except FileNotFoundError as problem:
        raise Http404 from problem
