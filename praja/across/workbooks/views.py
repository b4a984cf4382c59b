"""Pages of the workbook round trip: get one, hand it in, look at every row, settle conflicts, apply."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.across.workbooks import actions
from praja.across.workbooks.closing import closed_stages
from praja.across.workbooks.forms import ReturnForm, WorkbookForm
from praja.across.workbooks.making import file_name, handing_out
from praja.across.workbooks.models import GOOD, Return, ReturnedRow
from praja.across.workbooks.reach import agencies_to_write_for, path_of_upload, writing_paths
from praja.across.workbooks.verdicts import Status
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import within
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.drafts import actions as drafts
from praja.foundation.drafts.middleware import COOKIE
from praja.foundation.files.contents import XLSX, FileRefused
from praja.foundation.files.downloads import download
from praja.foundation.files.views import attachment
from praja.foundation.jobs.actions import later
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.models import Handout
from praja.foundation.ui.lists import page_of

ROWS_ON_A_PAGE = 25
State = Return.State
# Words of the tabs in the address, in the order in which they stand.
TABS = {
    "baru": Status.NEW,
    "berubah": Status.CHANGED,
    "konflik": Status.CONFLICT,
    "perbaiki": Status.WRONG,
    "ditolak": Status.REFUSED,
    "tetap": Status.UNCHANGED,
}
FIRST_LOOK = (Status.CONFLICT, Status.NEW, Status.CHANGED, Status.WRONG, Status.REFUSED, Status.UNCHANGED)
WORDS = {
    Status.NEW: pgettext_lazy("row", "New"),
    Status.CHANGED: pgettext_lazy("row", "Changed"),
    Status.CONFLICT: pgettext_lazy("row", "In conflict"),
    Status.WRONG: pgettext_lazy("row", "To mend"),
    Status.REFUSED: pgettext_lazy("row", "Left alone"),
    Status.UNCHANGED: pgettext_lazy("row", "Unchanged"),
}
TONES = {
    Status.NEW: "success",
    Status.CHANGED: "information",
    Status.CONFLICT: "warning",
    Status.WRONG: "danger",
    Status.REFUSED: "neutral",
    Status.UNCHANGED: "neutral",
}


def load_plan(request: SignedInRequest, slug: str) -> Plan:
    """The plan, for whoever writes for one of its agencies; else 404."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    if not path_of_upload(request.user, plan):
        raise Http404
    return plan


def load(request: SignedInRequest, pk: int) -> Return:
    """The workbook that came back, for whoever writes for its agency; else 404."""
    found = Return.objects.writable_by(request.user).select_related(
        "file",
        "to_mend",
        "job",
        "created_by__person",
        "updated_by__person",
        "plan__government__region",
        "plan__dimension_set",
    )
    one = get_object_or_404(found, pk=pk)
    request.plan, request.government = one.plan, one.plan.government
    return one


# --- getting and handing in -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def workbook_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Get a workbook, hand one in; what was handed out and what came back."""
    plan = load_plan(request, slug)
    form = ReturnForm(request.POST, request.FILES) if request.method == "POST" else ReturnForm()
    if request.method == "POST" and form.is_valid():
        try:
            one = actions.take_in(form.cleaned_data["file"], plan=plan, by=request.user)
        except FileRefused as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("workbook-return", one.pk)
    return _list_page(request, plan, form, WorkbookForm(plan=plan, user=request.user))


def _list_page(request: SignedInRequest, plan: Plan, form: ReturnForm, get_form: WorkbookForm) -> HttpResponse:
    here = reverse("workbook-list", args=[plan.slug])
    agencies = list(agencies_to_write_for(request.user, plan))
    shows_handouts = request.GET.get("daftar") == "diberikan"
    after = request.GET.get("sesudah", "")
    reach = within(writing_paths(request.user))
    rows: Any
    if shows_handouts:
        rows = Handout.objects.filter(reach, plan=plan).select_related("made_by__person")
    else:
        rows = Return.objects.filter(reach, plan=plan).select_related("file", "created_by__person")
    page = page_of(rows, order="-pk", after=after)
    names = {agency.path: agency.name for agency in agencies} | {plan.organisation_path: _("All agencies")}
    context = {
        "plan": plan,
        "form": form,
        "get_form": get_form,
        "own_agency": agencies[0] if len(agencies) == 1 and not get_form.for_all else None,
        "is_first_time": not Handout.objects.filter(reach, plan=plan).exists(),
        "shows_handouts": shows_handouts,
        "page": page,
        "rows": [
            {
                "row": row,
                "of": names.get(row.organisation_path, ""),
                "summary": "" if shows_handouts else summary(row),
                "tone": STATE_TONES.get(getattr(row, "state", ""), "neutral"),
            }
            for row in page.rows
        ],
        "after": after,
        "tabs": [
            {"title": _("What came back"), "url": here, "is_current": not shows_handouts},
            {"title": _("What was handed out"), "url": f"{here}?daftar=diberikan", "is_current": shows_handouts},
        ],
        "closed": closed_stages(plan, path_of_upload(request.user, plan)),
    }
    is_wrong = form.is_bound or get_form.is_bound
    return render(request, "workbooks/list.html", context, status=422 if is_wrong else 200)


STATE_TONES: dict[str, str] = {
    State.UPLOADED: "information",
    State.JUDGED: "warning",
    State.REFUSED: "danger",
    State.APPLYING: "information",
    State.APPLIED: "success",
}


def summary(one: Return) -> str:
    """What a workbook brought, in a few words: "3 new · 1 in conflict", or what was done."""
    if one.state == State.APPLIED:
        applied, left = one.result.get("applied", 0), one.result.get("left", 0)
        words = [ngettext("%(count)d row written", "%(count)d rows written", applied) % {"count": applied}]
        if left:
            words.append(ngettext("%(count)d left", "%(count)d left", left) % {"count": left})
        return " · ".join(words)
    counts = one.counts
    found = [f"{counts[status]} {str(WORDS[status]).lower()}" for status in TABS.values() if counts.get(status)]
    return " · ".join(found)


@require_POST
def workbook_get(request: SignedInRequest, slug: str) -> HttpResponse:
    """The workbook of one agency at once; that of all agencies as work that goes on beside."""
    plan = load_plan(request, slug)
    form = WorkbookForm(request.POST, plan=plan, user=request.user)
    if not form.is_valid():
        return _list_page(request, plan, ReturnForm(), form)
    agency = form.cleaned_data["organisation"]
    if agency is None:
        job = later("workbooks.hand_out", plan.pk, by=request.user, organisation_path=plan.organisation_path)
        return redirect("job-detail", uid=job.uid)
    _handout, content = handing_out(plan, by=request.user, organisation=agency)
    return download(content, name=file_name(plan, agency), kind=XLSX)


# --- what came back ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def workbook_return(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where a workbook stands: being checked, every row to look at, being applied, or what came of it."""
    one = load(request, pk)
    if request.method == "POST":
        return _decide(request, one)
    if one.state == State.JUDGED:
        return _preview(request, one)
    if one.state == State.APPLIED:
        return _result(request, one)
    return render(request, "workbooks/waiting.html", {"plan": one.plan, "one": one, "job": one.job})


def _preview(request: SignedInRequest, one: Return) -> HttpResponse:
    counts = {status: one.counts.get(status, 0) for status in TABS.values()}
    wanted = TABS.get(request.GET.get("keadaan", ""))
    status = wanted or next((status for status in FIRST_LOOK if counts[status]), Status.UNCHANGED)
    page = Paginator(one.rows.filter(status=status), ROWS_ON_A_PAGE).get_page(request.GET.get("halaman"))
    rows = list(page)
    good_count = counts[Status.NEW] + counts[Status.CHANGED]
    chosen_count = one.rows.filter(is_chosen=True).count()
    kept = drafts.waiting(by=request.user, address=request.path, token=request.COOKIES.get(COOKIE, ""))
    context = {
        "plan": one.plan,
        "one": one,
        "rows": [shown_row(row) for row in rows],
        "page": page,
        "shown": ",".join(str(row.pk) for row in rows if row.status in (*GOOD, Status.CONFLICT)),
        "status": status,
        "state": next(word for word, value in TABS.items() if value == status),
        "tabs": [
            {"title": WORDS[value], "url": f"?keadaan={word}", "count": counts[value], "is_current": value == status}
            for word, value in TABS.items()
            if counts[value] or value == status
        ],
        "chosen_count": chosen_count,
        "good_count": good_count,
        "conflict_count": counts[Status.CONFLICT],
        "wrong_count": counts[Status.WRONG],
        "could_count": good_count + counts[Status.CONFLICT],
        "row_count": sum(counts.values()),
        "kept": kept,
        "closed": closed_stages(one.plan, one.organisation_path) if good_count + counts[Status.CONFLICT] else [],
        "draft_url": reverse("workbook-draft", args=[one.pk]),
    }
    return render(request, "workbooks/preview.html", context)


def _result(request: SignedInRequest, one: Return) -> HttpResponse:
    shows_applied = request.GET.get("keadaan") == "diterapkan"
    applied = one.rows.filter(outcome=ReturnedRow.Outcome.APPLIED)
    rest = one.rows.exclude(outcome=ReturnedRow.Outcome.APPLIED).exclude(status=Status.UNCHANGED)
    page = Paginator(applied if shows_applied else rest, ROWS_ON_A_PAGE).get_page(request.GET.get("halaman"))
    applied_count = one.result.get("applied", 0)
    rest_count = sum(one.counts.values()) - one.counts.get(Status.UNCHANGED, 0) - applied_count
    context = {
        "plan": one.plan,
        "one": one,
        "rows": [shown_row(row) for row in page],
        "page": page,
        "applied_count": applied_count,
        "left_count": one.result.get("left", 0),
        "rest_count": rest_count,
        "figures": _figures(one, rest_count),
        "shows_applied": shows_applied,
        "tabs": [
            {"title": _("What is left"), "url": "?", "count": rest_count, "is_current": not shows_applied},
            {"title": _("What was written"), "url": "?keadaan=diterapkan", "count": applied_count,
             "is_current": shows_applied},
        ],
        "closed": closed_stages(one.plan, one.organisation_path) if applied_count else [],
    }  # fmt: skip
    return render(request, "workbooks/result.html", context)


def _figures(one: Return, rest_count: int) -> list[dict[str, Any]]:
    """What came of a workbook, in a handful of numbers."""
    done: Mapping[str, int] = one.result.get("by_status", {})
    return [
        {"label": _("New rows written"), "value": done.get(Status.NEW, 0)},
        {"label": _("Rows changed"), "value": done.get(Status.CHANGED, 0)},
        {"label": _("Conflicts settled"), "value": done.get(Status.CONFLICT, 0)},
        {"label": _("Left for later"), "value": rest_count, "url": "?" if rest_count else ""},
        {"label": _("Unchanged"), "value": one.counts.get(Status.UNCHANGED, 0)},
    ]


def shown_row(row: ReturnedRow) -> dict[str, Any]:
    """A row of the preview, decided here and shown there."""
    status, is_new = Status(row.status), row.row_id is None
    cells = [
        {
            **cell,
            "name": f"answer-{row.pk}-{position}",
            "answer": row.answers.get(cell["key"], ""),
            "before": "" if is_new else cell["theirs"],
        }
        for position, cell in enumerate(row.cells)
    ]
    by_status: dict[str, list[dict[str, Any]]] = {status.value: [] for status in Status}
    for cell in cells:
        by_status[cell["status"]].append(cell)
    return {
        "row": row,
        "word": WORDS[status],
        "tone": TONES[status],
        "is_good": status in GOOD,
        "is_new": is_new,
        "conflicts": by_status[Status.CONFLICT],
        "wrong": by_status[Status.WRONG],
        "changes": by_status[Status.NEW] + by_status[Status.CHANGED],
        # What an earlier upload said and somebody changed since: no difference to decide about, but worth telling.
        "told": [cell for cell in by_status[Status.UNCHANGED] if cell["problem"]],
    }


# --- deciding ---------------------------------------------------------------------------------------------------------


def _decide(request: SignedInRequest, one: Return) -> HttpResponse:
    """Keep what is ticked and answered, then do what the button says."""
    action = request.POST.get("action", "")
    if action == "again":
        if not actions.look_again(one, by=request.user):
            messages.info(request, _("This workbook is being worked on already."))
        return redirect("workbook-return", one.pk)
    if one.state != State.JUDGED or request.POST.get("version") != str(one.round):
        messages.info(request, _("This workbook was checked or applied again meanwhile. This is how it stands now."))
        return redirect("workbook-return", one.pk)
    if action in ("use-kept", "throw-away"):
        return _settle_kept(request, one, use=action == "use-kept")
    is_kept = _keep(request.POST, one, request.user)
    if is_kept and action in ("all", "none"):
        is_kept = actions.choose_all(one, chosen=action == "all", by=request.user)
    elif is_kept and action in ("mine", "theirs", "later"):
        is_kept = actions.answer_all(one, "" if action == "later" else action, by=request.user)
    elif is_kept and action == "apply-all":
        is_kept = actions.choose_all(one, chosen=True, by=request.user)
    if not is_kept:
        messages.info(request, _("This workbook was checked or applied again meanwhile. This is how it stands now."))
        return redirect("workbook-return", one.pk)
    drafts.clear(by=request.user, address=request.path, token=request.COOKIES.get(COOKIE, ""))
    if action in ("apply", "apply-all"):
        if one.rows.filter(is_chosen=True).exists():
            actions.start_applying(one, by=request.user)
            return redirect("workbook-return", one.pk)
        messages.error(request, _("No row is chosen. Tick at least one row, or answer a conflict."))
    elif action == "keep":
        messages.success(request, _("Your choices are kept. Nothing has been applied yet."))
    return redirect(f"{request.path}?{_next_query(request.GET, action)}".rstrip("?"))


def _next_query(query: QueryDict, action: str) -> str:
    """The same tab, on the page that the button names."""
    wanted = query.copy()
    page = action.removeprefix("page-")
    if action.startswith("page-") and page.isdecimal() and len(page) < 9:
        wanted["halaman"] = page
    return wanted.urlencode()


def _keep(data: QueryDict, one: Return, user: Any) -> bool:
    """Store the ticks and answers of the rows that a form showed."""
    shown = _numbers(data.get("shown", "").split(","))
    keys = {row.pk: row.cells for row in one.rows.filter(pk__in=shown, status=Status.CONFLICT).only("pk", "cells")}
    answers = {
        (pk, cell["key"]): str(data[name])
        for pk, cells in keys.items()
        for position, cell in enumerate(cells)
        if (name := f"answer-{pk}-{position}") in data
    }
    return actions.keep_choices(
        one, shown=shown, chosen=_numbers(data.getlist("row")) & shown, answers=answers, by=user
    )


def _numbers(texts: list[str]) -> set[int]:
    numbers = {int(text) for text in texts[:10_000] if text.isdecimal() and len(text) < 18}
    return set(sorted(numbers)[:1_000])


def _settle_kept(request: SignedInRequest, one: Return, *, use: bool) -> HttpResponse:
    """Take over, or throw away, the choices of a page whose session had ended."""
    token = request.COOKIES.get(COOKIE, "")
    kept = drafts.waiting(by=request.user, address=request.path, token=token)
    if use and kept is not None and kept.base_version == one.round:
        _keep(drafts.as_data(kept), one, request.user)
        messages.success(request, _("Your choices are kept. Nothing has been applied yet."))
    elif use:
        messages.info(request, _("The workbook was checked again since then, so those choices fit no more."))
    drafts.clear(by=request.user, address=request.path, token=token)
    return redirect("workbook-return", one.pk)


@require_POST
def workbook_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep ticks and answers while somebody is still choosing."""
    one = load(request, pk)
    if one.state != State.JUDGED or request.POST.get("version") != str(one.round):
        return JsonResponse({"problem": _("This workbook was checked again meanwhile.")}, status=409)
    _keep(request.POST, one, request.user)
    return JsonResponse({"saved_at": localtime(one.updated_at).strftime("%H.%M")})


@require_safe
def workbook_wrong_rows(request: SignedInRequest, pk: int) -> FileResponse:
    """The rows to mend as a workbook, each with what to do."""
    one = load(request, pk)
    if one.to_mend is None:
        raise Http404
    try:
        return attachment(one.to_mend)
    except FileNotFoundError as problem:
        raise Http404 from problem
