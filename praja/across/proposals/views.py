"""Pages of proposal sheets: the list, making one, one sheet with its scan beside it, and what is done with it."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.across.proposals import actions
from praja.across.proposals.actions import ContentChanged
from praja.across.proposals.forms import PaperForm, ScanForm
from praja.across.proposals.material import choose, lacks_of, positions_of, rows_that_wait, total_of
from praja.across.proposals.models import ProposalRow, ProposalSheet
from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents.child import NotMade, render_in_child
from praja.foundation.drafts.entry import posted_version
from praja.foundation.files import pages
from praja.foundation.files.contents import DOCX, FileRefused
from praja.foundation.files.downloads import download
from praja.foundation.files.views import attachment
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.ui.lists import page_of
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.way import Turn, states_at

State = ProposalSheet.State
LONGEST_REASON = 2_000
MOST_PAGES = 40  # shown on the page of a sheet; a longer scan can be downloaded
CHANGED = gettext_lazy(
    "What is stored is not what was printed. Please tell the administrator; nothing can be confirmed."
)
TONES = {"printed": "neutral", "scanned": "attention", "confirmed": "success", "refused": "danger", "void": "neutral"}


def load(request: SignedInRequest, pk: int, permission: Can = Can.INNOVATION_WRITE) -> ProposalSheet:
    """The sheet if this person reaches it; else 404. It carries personal numbers, so only who works on it does."""
    sheets = ProposalSheet.objects.within_reach(request.user, permission).select_related(
        "plan__government__region", "plan__dimension_set", "organisation", "arms", "pdf", "scan", "scanned_by__person",
        "decided_by__person", "created_by__person", "replaced_by",
    )  # fmt: skip
    sheet = get_object_or_404(sheets, pk=pk)
    request.plan = sheet.plan
    return sheet


def _crumbs(plan: Plan) -> list[tuple[str, str]]:
    return [(_("Proposal sheets"), reverse("proposal-list", args=[plan.slug]))]


@require_safe
def proposal_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The sheets that this person works on, and the agencies whose rows wait for a signature."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    user = request.user
    if not user.may_within(Can.INNOVATION_WRITE, plan):
        raise Http404
    sheets = ProposalSheet.objects.within_reach(user, Can.INNOVATION_WRITE).filter(plan=plan)
    wanted = request.GET.get("keadaan", "")
    shown = sheets.filter(state=wanted) if wanted in State.values else sheets
    after = request.GET.get("sesudah", "")
    page = page_of(shown.select_related("organisation").defer("content"), order="-pk", after=after)
    states = states_at(plan, Turn.HEAD)
    context = {
        "plan": plan,
        "page_of_rows": page,
        "rows": [(sheet, TONES[sheet.state]) for sheet in page.rows],
        "after": after,
        "tabs": [
            {"title": title, "url": f"?keadaan={value}" if value else "?", "is_current": wanted == value}
            for value, title in [("", _("All sheets")), *State.choices]
        ],
        "is_filtered": wanted in State.values,
        "head_approves": bool(states),
        "waiting": _agencies_that_wait(plan, user) if states else [],
        "may_confirm": user.may(Can.PROPOSAL_CONFIRM, plan),
        "may_set_up": user.may(Can.PLAN_SET_UP, plan),
        "to_confirm": sheets.filter(state=State.SCANNED).exclude(scanned_by=user).count(),
    }
    return render(request, "proposals/list.html", context)


def _agencies_that_wait(plan: Plan, user: Any) -> list[tuple[Organisation, int]]:
    """The agencies within reach with how many of their rows wait for the head, most first."""
    states = states_at(plan, Turn.HEAD)
    counts: dict[int, int] = {}
    for rows in (plan.problems.in_service(), plan.innovations.in_service()):
        mine = rows.within_reach(user, Can.INNOVATION_WRITE).filter(state__in=states, organisation__isnull=False)
        for pk in mine.values_list("organisation_id", flat=True):
            counts[pk] = counts.get(pk, 0) + 1
    agencies = plan.government.children.filter(pk__in=counts)
    return sorted(((agency, counts[agency.pk]) for agency in agencies), key=lambda pair: (-pair[1], pair[0].name))


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Choose the rows, look at who signs, and freeze the paper."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    agencies = plan.government.children.agencies().within_reach(request.user, Can.INNOVATION_WRITE)
    number = request.POST.get("opd", request.GET.get("opd", ""))
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    if not pk and len(mine := list(agencies[:2])) != 1:
        if not mine:
            raise Http404
        return redirect("proposal-list", slug)  # who writes for several agencies chooses one there
    organisation = get_object_or_404(agencies, pk=pk) if pk else mine[0]
    problems, innovations = rows_that_wait(plan, organisation)
    positions = positions_of(organisation, plan.today)
    head = next((one for one in positions if one.is_head), None)
    initial = {
        "number": actions.proposed_number(plan, organisation),
        "place": actions.proposed_place(plan),
        "day": plan.today,
        "position": str(positions[0].pk) if positions else "",
    }
    form = PaperForm(request.POST if request.method == "POST" else None, positions=positions, initial=initial)
    ticked = set(request.POST.getlist("row"))
    problem = ""
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        position = next(one for one in positions if str(one.pk) == typed["position"])
        paper = actions.Paper(typed["number"], typed["place"], typed["day"], position, head.title if head else "")
        try:
            sheet = actions.print_sheet(
                plan,
                organisation,
                choose(problems, innovations, ticked),
                paper,
                by=request.user,
                link=lambda code: request.build_absolute_uri(reverse("proposal-by-code", args=[code])),
            )
        except Refused as refusal:
            problem = str(refusal.reasons[0])
        except TooLate:
            problem = _("Somebody changed a sheet of this agency at the same moment. Please try again.")
        else:
            messages.success(request, _("The sheet is ready. Print it and have it signed."))
            return redirect("proposal-sheet", sheet.pk)
    busy = _sheets_of(problems, innovations)
    context = {
        "plan": plan,
        "crumbs": _crumbs(plan),
        "organisation": organisation,
        "form": form,
        "problem": problem,
        "groups": [
            (title, [_choice(kind, row, busy, ticked if request.method == "POST" else None) for row in rows])
            for kind, title, rows in (
                ("problem", _("Problems"), problems),
                ("innovation", _("Innovations"), innovations),
            )
            if rows
        ],
        "total": total_of(innovations),
        "head_approves": bool(states_at(plan, Turn.HEAD)),
        "lacks": lacks_of(positions[0] if positions else None),
        "can_be_signed": bool(positions),
        "may_set_up": request.user.may(Can.PLAN_SET_UP, plan),
    }
    return render(
        request, "proposals/new.html", context, status=422 if problem or (form.is_bound and form.errors) else 200
    )


def _sheets_of(problems: list[Any], innovations: list[Any]) -> dict[tuple[str, int], ProposalSheet]:
    """The open sheet on which a row stands already."""
    lines = ProposalRow.objects.filter(sheet__state__in=(State.PRINTED, State.SCANNED)).select_related("sheet")
    found = {}
    for kind, rows in (("problem", problems), ("innovation", innovations)):
        for line in lines.filter(kind=kind, row_id__in=[row.pk for row in rows]).order_by("pk"):
            found[kind, line.row_id] = line.sheet
    return found


def _choice(kind: str, row: Any, busy: dict[tuple[str, int], ProposalSheet], ticked: set[str] | None) -> dict[str, Any]:
    """One row to be ticked: not when its scan waits already; with a word when a printed sheet would be replaced."""
    sheet = busy.get((kind, row.pk))
    is_scanned = sheet is not None and sheet.state == State.SCANNED
    key = f"{kind}-{row.pk}"
    return {
        "key": key,
        "row": row,
        "url": reverse(f"{kind}-detail", args=[row.pk]),
        "money": sum(line.amount_rupiah for line in row.own_lines) if kind == "innovation" else None,
        "sheet": sheet,
        "is_scanned": is_scanned,
        "is_ticked": not is_scanned and (sheet is None if ticked is None else key in ticked),
    }


@require_safe
def proposal_sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """One sheet: what was frozen, its scan beside it, what would become of each row, and what can be done."""
    return _sheet_page(request, load(request, pk))


def _sheet_page(
    request: SignedInRequest,
    sheet: ProposalSheet,
    *,
    form: ScanForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    user = request.user
    try:
        actions.letter_of(sheet)
    except ContentChanged:
        problem = str(CHANGED)
    except FileNotFoundError:
        problem = _("The coat of arms of this sheet has been lost. Please tell the administrator.")
    lines = []
    for line, row in actions.rows_of(sheet):
        # Of an open sheet: what confirming would do now; of a closed one: what became of the row.
        note = line.note if line.outcome else (actions.standing(line, row) if sheet.is_open else "")
        url = reverse(f"{line.kind}-detail", args=[line.row_id]) if row is not None else ""
        lines.append({"line": line, "url": url, "note": note})
    bars = actions.bars_confirming(sheet, user)
    context = {
        "plan": sheet.plan,
        "sheet": sheet,
        "tone": TONES[sheet.state],
        "crumbs": _crumbs(sheet.plan),
        "lines": lines,
        "changed": sum(bool(one["note"]) for one in lines) if sheet.is_open else 0,
        "form": form or ScanForm(),
        "problem": problem,
        "bars": bars,
        "may_confirm": not bars,
        "is_confirmer": user.may(Can.PROPOSAL_CONFIRM, sheet),
        "pairs": _pairs(sheet),
        "typed_reason": request.POST.get("reason", "")[:LONGEST_REASON],
        "history": history_of(sheet),
    }
    return render(request, "proposals/sheet.html", context, status=status)


def _pairs(sheet: ProposalSheet) -> list[tuple[int | None, int | None]]:
    """The pages of scan and paper side by side: (number in the scan, number in the paper), None where one has ended."""
    scan, paper = min(sheet.scan_pages or 0, MOST_PAGES), min(sheet.pdf_pages, MOST_PAGES)
    return [
        (number if number <= scan else None, number if number <= paper else None)
        for number in range(1, max(scan, paper) + 1)
    ]


@require_safe
def proposal_by_code(request: SignedInRequest, code: str) -> HttpResponse:
    """Where the QR picture leads: to the sheet, for whoever reaches it."""
    sheets = ProposalSheet.objects.within_reach(request.user, Can.INNOVATION_WRITE)
    return redirect("proposal-sheet", get_object_or_404(sheets.only("pk"), code=code.upper().replace("\0", "")).pk)


@require_safe
def proposal_file(request: SignedInRequest, pk: int, form: str) -> HttpResponse | FileResponse:
    """The paper as "pdf" or "word", made from what was frozen."""
    sheet = load(request, pk)
    if form not in ("pdf", "word"):
        raise Http404
    try:
        letter = actions.letter_of(sheet)
        if form == "pdf" and sheet.pdf is not None:
            return attachment(sheet.pdf)
        content = render_in_child(letter, "word")
    except (ContentChanged, FileNotFoundError) as problem:
        raise Http404 from problem
    except NotMade:
        messages.error(
            request,
            _("The file could not be made just now. Please try again; if it happens again, tell your administrator."),
        )
        return redirect("proposal-sheet", pk)
    return download(content, name=f"lembar-usulan-{sheet.code}.docx", kind=DOCX)


@require_safe
def proposal_paper_page(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """One page of the paper as a picture, to be compared with the scan."""
    sheet = load(request, pk)
    if sheet.pdf is None:
        raise Http404
    return pages.picture(request, sheet.pdf, number)


@require_POST
def proposal_scan(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand in the scan of the signed paper."""
    sheet = load(request, pk)
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return _sheet_page(request, sheet, form=form, status=422)
    try:
        actions.hand_in_scan(sheet, form.cleaned_data["file"], by=request.user, version=posted_version(request))
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
        return _sheet_page(request, sheet, form=form, status=422)
    except Refused as refusal:
        messages.error(request, str(refusal.reasons[0]))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("The scan has arrived. A second person now compares it with what was printed."))
    return redirect("proposal-sheet", pk)


@require_safe
def proposal_scan_page(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """One page of the scan as a picture."""
    sheet = load(request, pk)
    if sheet.scan is None:
        raise Http404
    return pages.picture(request, sheet.scan, number)


@require_safe
def proposal_scan_file(request: SignedInRequest, pk: int) -> FileResponse:
    """The scan as it was handed in."""
    sheet = load(request, pk)
    if sheet.scan is None:
        raise Http404
    try:
        return attachment(sheet.scan)
    except FileNotFoundError as problem:
        raise Http404 from problem


@require_POST
@confirmed
def proposal_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """A second person confirms that scan and paper agree."""
    sheet = load(request, pk, Can.PROPOSAL_CONFIRM)
    try:
        approved, left = actions.confirm(sheet, by=request.user, version=posted_version(request))
    except Refused as refusal:
        messages.error(request, str(refusal.reasons[0]))
    except ContentChanged:
        messages.error(request, CHANGED)
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        sentence = ngettext("%(count)d row is approved.", "%(count)d rows are approved.", approved) % {
            "count": approved
        }
        if left:
            sentence += " " + ngettext("%(count)d needs a new sheet.", "%(count)d need a new sheet.", left) % {
                "count": left
            }
        messages.success(request, sentence)
    return redirect("proposal-sheet", pk)


@require_POST
def proposal_refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """The scan does not do; the agency learns why."""
    return _closed(request, load(request, pk, Can.PROPOSAL_CONFIRM), actions.refuse)


@require_POST
def proposal_void(request: SignedInRequest, pk: int) -> HttpResponse:
    """The paper is not used."""
    return _closed(request, load(request, pk), actions.make_void)


def _closed(request: SignedInRequest, sheet: ProposalSheet, close: Any) -> HttpResponse:
    reason = request.POST.get("reason", "").replace("\0", "")[:LONGEST_REASON]
    try:
        close(sheet, by=request.user, version=posted_version(request), reason=reason)
    except Refused as refusal:
        return _sheet_page(request, sheet, problem=str(refusal.reasons[0]), status=422)
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, f"{sheet.get_state_display()}.")
    return redirect("proposal-sheet", sheet.pk)
