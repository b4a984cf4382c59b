"""Pages that bring in a foreign sheet: upload, place the columns, choose rows, see what came of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.files.contents import XLSX, FileRefused
from praja.foundation.files.downloads import download
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.reading import SheetError
from praja.foundation.ui.lists import page_of
from praja.stages.innovations import imports
from praja.stages.innovations.models import Import
from praja.stages.innovations.preview import FILLS, NEW, THERE, WRONG, Line, Preview
from praja.stages.innovations.sheet import INNOVATION_SHEET

ROWS_ON_A_PAGE = 100
State = Import.State
# Words of the filter in the address, and of each row.
FILTERS = {"baru": NEW, "lengkapi": FILLS, "ada": THERE, "salah": WRONG}
WORDS = {
    NEW: gettext_lazy("New"),
    FILLS: gettext_lazy("Fills gaps"),
    THERE: gettext_lazy("Already there"),
    WRONG: gettext_lazy("To mend"),
}


class SheetForm(forms.Form):
    """The sheet that is handed in."""

    file = forms.FileField(
        label=gettext_lazy("Sheet of innovations"),
        help_text=gettext_lazy("XLSX, ODS, XLS or CSV, with titles and order as they are."),
        error_messages={"empty": gettext_lazy("This file is empty. Please choose another one.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_national(request: SignedInRequest) -> HttpResponse:
    """The ministry brings in a sheet of many regions."""
    ministries = Organisation.objects.within_reach(request.user, Can.SHEET_IMPORT)
    get_object_or_404(ministries, kind=Organisation.Kind.MINISTRY)
    return _upload(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """A coordinator brings in a sheet of the own region."""
    return _upload(request, plan_within_reach(request, slug, Can.SHEET_IMPORT))


def _upload(request: SignedInRequest, plan: Plan | None) -> HttpResponse:
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            one = imports.open_import(form.cleaned_data["file"], plan=plan, by=request.user)
        except (SheetError, FileRefused) as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("import-mapping", one.pk)
    earlier = Import.objects.within_reach(request.user, Can.SHEET_IMPORT).filter(plan=plan)
    page = page_of(
        earlier.select_related("file", "created_by__person"), order="-pk", after=request.GET.get("sesudah", "")
    )
    context = {"plan": plan, "form": form, "page": page, "after": request.GET.get("sesudah", "")}
    return render(request, "innovations/import_upload.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def import_mapping(request: SignedInRequest, pk: int) -> HttpResponse:
    """Each column of the sheet finds its field, or is kept as not placed."""
    one = load(request, pk)
    if one.state not in (State.UPLOADED, State.PREVIEWED):
        return redirect("import-detail", pk)
    table = _read(one)
    choices = imports.column_choices(table, one.mapping)
    problems: dict[str, str] = {}
    if request.method == "POST":
        mapping = {
            choice.title: request.POST.get(f"column-{choice.position}", choice.key).replace("\0", "")
            for choice in choices
        }
        choices = imports.column_choices(table, mapping)
        problems = imports.mapping_problems(choices, one.plan)
        if not problems:
            imports.place_columns(one, choices, by=request.user)
            return redirect("import-detail", pk)
    context = {
        "plan": one.plan,
        "one": one,
        "columns": [(choice, problems.get(choice.title, "")) for choice in choices],
        "problems": problems,
        "fields": [(column.key, column.title) for column in INNOVATION_SHEET.columns],
        "nothing": imports.NOTHING,
        "table": table,
        "row_count": len(table.rows),
    }
    return render(request, "innovations/import_mapping.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every row as it would become; the ticked ones will be brought in."""
    one = load(request, pk)
    if one.state != State.PREVIEWED:
        return redirect("import-detail", pk)
    _read(one)
    preview = imports.preview_of(one)
    if request.method == "POST":
        return _choose(request, one, preview)
    wanted = request.GET.get("keadaan", "")
    lines = [line for line in preview.lines if line.status == FILTERS[wanted]] if wanted in FILTERS else preview.lines
    page = Paginator(lines, ROWS_ON_A_PAGE).get_page(request.GET.get("halaman"))
    chosen = set(one.chosen)
    good = set(preview.good)
    context = {
        "plan": one.plan,
        "one": one,
        "rows": [_row(line, is_chosen=line.number in chosen) for line in page],
        "page": page,
        "shown": ",".join(str(line.number) for line in page if line.is_good),
        "state": wanted if wanted in FILTERS else "",
        "tabs": _tabs(preview, wanted),
        "chosen_count": len(chosen & good),
        "good_count": len(good),
        "wrong_count": preview.counts[WRONG],
        "blanks": sorted(preview.blanks.items(), key=lambda item: -item[1]),
        "new_plans": [place.region for place in preview.places if place.plan is None],
        "new_agencies": len(
            {id(line.agency) for line in preview.lines if line.is_good and line.agency and not line.agency.organisation}
        ),
        "without_agency": sum(line.status == NEW and line.agency is None for line in preview.lines),
    }
    return render(request, "innovations/import_preview.html", context)


def _choose(request: SignedInRequest, one: Import, preview: Preview) -> HttpResponse:
    """Keep which of the shown rows are ticked, then turn the page or apply."""
    good = set(preview.good)
    chosen = set(one.chosen) & good
    shown = _numbers(request.POST.get("shown", "").split(",")) & good
    chosen = (chosen - shown) | (_numbers(request.POST.getlist("row")) & shown)
    action = request.POST.get("action", "")
    if action in ("all", "none"):
        chosen = good if action == "all" else set()
    if not imports.choose_rows(one, list(chosen), by=request.user):
        messages.info(request, _("This import has been begun already. This is how it stands now."))
        return redirect("import-detail", one.pk)
    if action == "apply":
        if not chosen:
            messages.error(request, _("No row is chosen. Tick at least one row that is new or fills gaps."))
        elif imports.start_applying(one, by=request.user):
            return redirect("import-detail", one.pk)
    query = request.GET.copy()
    if action.startswith("page-") and action.removeprefix("page-").isdecimal():
        query["halaman"] = action.removeprefix("page-")
    return redirect(f"{reverse('import-preview', args=[one.pk])}?{query.urlencode()}".rstrip("?"))


@require_safe
@never_cache
def import_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where the import stands: its next step, its progress, or what came of it."""
    one = load(request, pk)
    if one.state == State.UPLOADED:
        return redirect("import-mapping", pk)
    if one.state == State.PREVIEWED:
        return redirect("import-preview", pk)
    counts = one.result.get("counts", {})
    slugs = one.result.get("plans", {})
    plans = (
        Plan.objects.within_reach(request.user, Can.PLAN_VIEW)
        .filter(slug__in=slugs)
        .select_related("government__region")
    )
    context = {
        "plan": one.plan,
        "one": one,
        "job": one.job,
        "counts": counts,
        "figures": _figures(counts),
        "plans": [(plan, slugs[plan.slug]) for plan in plans],
        "wrong_count": imports.preview_of(one).counts[WRONG] if one.state == State.APPLIED and _read(one) else 0,
    }
    return render(request, "innovations/import_result.html", context)


@require_safe
def import_wrong_rows(request: SignedInRequest, pk: int) -> HttpResponse:
    """The wrong rows as a workbook, each with what to mend."""
    one = load(request, pk)
    if one.state == State.UPLOADED:
        raise Http404
    content = imports.wrong_rows(_read(one), imports.preview_of(one))
    name = _("rows-to-mend-%(number)d.xlsx") % {"number": pk}
    return download(content, name=name, kind=XLSX)


def load(request: SignedInRequest, pk: int) -> Import:
    """The import if this person reaches it; else 404."""
    found = Import.objects.within_reach(request.user, Can.SHEET_IMPORT).select_related(
        "file", "job", "plan__government__region", "plan__dimension_set"
    )
    one = get_object_or_404(found, pk=pk)
    if one.plan is not None:
        request.plan = one.plan
    return one


def _read(one: Import) -> Any:
    """The table; 404 when the storage has lost the file."""
    try:
        return imports.table_of(one)
    except (FileNotFoundError, SheetError) as problem:
        raise Http404 from problem


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isdecimal() and len(text) < 10}


def _row(line: Line, *, is_chosen: bool) -> dict[str, Any]:
    """A row of the preview, decided here and shown there."""
    place = line.place
    return {
        "line": line,
        "is_chosen": is_chosen,
        "word": WORDS[line.status],
        "dimension": place.dimensions.names.get(line.dimension, "") if place else "",
        "opens_plan": bool(place and place.plan is None and line.is_good),
        "makes_agency": bool(line.is_good and line.agency and line.agency.organisation is None),
    }


def _tabs(preview: Preview, wanted: str) -> list[dict[str, Any]]:
    counts = preview.counts
    tabs = [{"title": _("All rows"), "url": "?", "count": len(preview.lines), "is_current": wanted not in FILTERS}]
    return tabs + [
        {"title": WORDS[status], "url": f"?keadaan={key}", "count": counts[status], "is_current": wanted == key}
        for key, status in FILTERS.items()
    ]


def _figures(counts: dict[str, int]) -> list[dict[str, Any]]:
    """What came of the import, in a handful of numbers."""
    plans, agencies = counts.get("plans", 0), counts.get("agencies", 0)
    return [
        {"label": _("New innovations"), "value": counts.get(NEW, 0),
         "hint": ngettext("%(count)d new plan", "%(count)d new plans", plans) % {"count": plans} if plans else ""},
        {"label": _("Filled in"), "value": counts.get(FILLS, 0)},
        {"label": _("Already there, unchanged"), "value": counts.get(THERE, 0)},
        {"label": _("Without an agency"), "value": counts.get("without_agency", 0), "hint": _("in the tray of their plan")},
        {"label": _("Agencies made, unverified"), "value": agencies},
        {"label": _("Cells kept as not placed"), "value": counts.get("unplaced", 0)},
    ]  # fmt: skip
