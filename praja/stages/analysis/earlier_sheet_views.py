"""Earlier programmes from a sheet: upload it, say what its columns mean, look at every row, bring them in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.files.contents import XLSX, FileRefused
from praja.foundation.files.downloads import download
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.sheets.reading import SheetError
from praja.foundation.sheets.values import is_blank, text_of
from praja.foundation.sheets.writing import template
from praja.stages.analysis import earlier as actions
from praja.stages.analysis.earlier_loading import crumbs, load_earlier, load_sheet
from praja.stages.analysis.earlier_sheet import (
    EARLIER_SHEET,
    FILLS,
    GROUP,
    NEW,
    THERE,
    WRONG,
    counts_of,
    mapping_problem,
)
from praja.stages.analysis.models import EarlierSheet

State = EarlierSheet.State
ROWS_ON_A_PAGE = 100
WORDS = {
    NEW: gettext_lazy("New"),
    FILLS: gettext_lazy("Fills gaps"),
    THERE: gettext_lazy("Already there"),
    WRONG: gettext_lazy("To mend"),
    GROUP: gettext_lazy("Heading of a dimension"),
}


class SheetForm(forms.Form):
    """The sheet that is handed in."""

    file = forms.FileField(
        label=gettext_lazy("Sheet of the earlier programmes"),
        help_text=gettext_lazy("XLSX, ODS, XLS or CSV, with titles and order as they are; one row for each programme."),
        error_messages={"empty": gettext_lazy("This file is empty. Please choose another one.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def earlier_sheet(request: SignedInRequest, slug: str) -> HttpResponse:
    """Hand in a sheet; below it those that were handed in before."""
    earlier = load_earlier(request, slug, Can.SHEET_IMPORT)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            one = actions.open_sheet(form.cleaned_data["file"], earlier=earlier, by=request.user)
        except (SheetError, FileRefused) as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("earlier-sheet-columns", one.pk)
    context = {
        "plan": earlier.plan,
        "crumbs": crumbs(earlier.plan),
        "form": form,
        "sheets": earlier.sheets.select_related("file", "created_by__person")[:50],
    }
    return render(request, "analysis/earlier_sheet.html", context, status=422 if form.is_bound else 200)


@require_safe
def earlier_template(request: SignedInRequest, slug: str) -> HttpResponse:
    """An empty workbook to fill in."""
    plan_within_reach(request, slug, Can.SHEET_IMPORT)
    content = template(EARLIER_SHEET, _("Earlier programmes"))
    return download(content, name="program-masterplan-lama.xlsx", kind=XLSX)


def _read(one: EarlierSheet) -> Any:
    """The table; 404 when the storage has lost the file."""
    try:
        return actions.table_of(one)
    except (FileNotFoundError, SheetError) as problem:
        raise Http404 from problem


@require_http_methods(["GET", "HEAD", "POST"])
def earlier_sheet_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Each column of the sheet finds its field; the others go into the description."""
    one = load_sheet(request, pk)
    if one.state not in (State.UPLOADED, State.PLACED):
        return redirect("earlier-sheet-detail", pk)
    table = _read(one)
    proposals = EARLIER_SHEET.propose_mapping(table.header)
    mapping = {title: one.mapping.get(title, proposals[title].key or "") for title in table.header}
    problem = ""
    if request.method == "POST":
        for position, title in enumerate(table.header):
            typed = request.POST.get(f"column-{position}", mapping[title])
            mapping[title] = typed if typed in EARLIER_SHEET.by_key else ""
        problem = mapping_problem(mapping)
        if not problem:
            actions.place_columns(one, mapping, by=request.user)
            return redirect("earlier-sheet-detail", pk)
    columns = []
    for position, title in enumerate(table.header):
        filled = [text_of(row.cells[position]) for row in table.rows if not is_blank(row.cells[position])]
        samples = list(dict.fromkeys(text[:80] for text in filled[:200]))[:3]
        columns.append(
            {"position": position, "title": title, "samples": samples, "filled": len(filled), "key": mapping[title]}
        )
    context = {
        "plan": one.earlier.plan,
        "crumbs": crumbs(one.earlier.plan, (_("From a sheet"), reverse("earlier-sheet", args=[one.earlier.plan.slug]))),
        "one": one,
        "columns": columns,
        "problem": problem,
        "fields": [(column.key, column.title) for column in EARLIER_SHEET.columns],
        "table": table,
    }
    return render(request, "analysis/earlier_sheet_columns.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def earlier_sheet_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every row as it would become, then (POST) all good rows brought in, then what came of it."""
    one = load_sheet(request, pk)
    if one.state == State.UPLOADED:
        return redirect("earlier-sheet-columns", pk)
    plan = one.earlier.plan
    context: dict[str, Any] = {
        "plan": plan,
        "crumbs": crumbs(plan, (_("From a sheet"), reverse("earlier-sheet", args=[plan.slug]))),
        "one": one,
        "job": one.job,
    }
    if one.state != State.PLACED:
        context["counts"] = one.result.get("counts", {})
        return render(request, "analysis/earlier_sheet_result.html", context)
    _read(one)
    if request.method == "POST":
        if not actions.start_applying(one, by=request.user):
            messages.info(request, _("This sheet has been applied already. This is how it stands now."))
        return redirect("earlier-sheet-detail", pk)
    lines = actions.preview_of(one)
    counts = counts_of(lines)
    wanted = request.GET.get("keadaan", "")
    shown = [line for line in lines if line.status == wanted] if wanted in WORDS else lines
    page = Paginator(shown, ROWS_ON_A_PAGE).get_page(request.GET.get("halaman"))
    tabs = [{"title": _("All rows"), "url": "?", "count": len(lines), "is_current": wanted not in WORDS}]
    tabs += [
        {"title": word, "url": f"?keadaan={key}", "count": counts[key], "is_current": wanted == key}
        for key, word in WORDS.items()
        if key in counts
    ]
    context |= {
        "rows": [(line, WORDS[line.status]) for line in page],
        "page": page,
        "tabs": tabs,
        "good": counts.get(NEW, 0) + counts.get(FILLS, 0),
        "wrong": counts.get(WRONG, 0),
    }
    return render(request, "analysis/earlier_sheet_preview.html", context)


@require_safe
def earlier_sheet_wrong_rows(request: SignedInRequest, pk: int) -> HttpResponse:
    """The wrong rows as a workbook, each with what to mend."""
    one = load_sheet(request, pk)
    if one.state == State.UPLOADED:
        raise Http404
    content = actions.wrong_rows(_read(one), actions.preview_of(one))
    name = _("rows-to-mend-%(number)d.xlsx") % {"number": pk}
    return download(content, name=name, kind=XLSX)
