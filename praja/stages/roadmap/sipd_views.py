"""Pages about the export of the national budget system: bring it in, and see where plan and budget differ."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.rows import TooLate
from praja.foundation.files.contents import FileRefused
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import BudgetLine, Plan
from praja.foundation.sheets.reading import SheetError, Table
from praja.foundation.sheets.values import is_blank, text_of
from praja.foundation.ui.lists import search_text
from praja.stages.roadmap import sipd
from praja.stages.roadmap.code_views import typed
from praja.stages.roadmap.models import BudgetExport

ROWS_ON_A_PAGE = 50
# Words of the filter in the address.
STATES = {
    "cocok": sipd.MATCHED,
    "hanya-rencana": sipd.ONLY_PLAN,
    "tanpa-kode": sipd.WITHOUT_CODE,
    "hanya-sipd": sipd.ONLY_EXPORT,
}
WORDS = {
    sipd.MATCHED: (gettext_lazy("Matched"), "success"),
    sipd.ONLY_PLAN: (gettext_lazy("Only in the plan"), "warning"),
    sipd.WITHOUT_CODE: (gettext_lazy("In the plan without a code"), "warning"),
    sipd.ONLY_EXPORT: (gettext_lazy("Only in SIPD"), "neutral"),
}
STAGES = dict(BudgetLine.Stage.choices)


class ExportForm(forms.Form):
    """The export of one year."""

    year = forms.TypedChoiceField(label=gettext_lazy("Budget year"), coerce=int)
    file = forms.FileField(
        label=gettext_lazy("Export of SIPD"),
        help_text=gettext_lazy("XLSX, ODS, XLS or CSV with codes, agencies, ceilings and what was realised."),
        error_messages={"empty": gettext_lazy("This file is empty. Please choose another one.")},
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [(year, str(year)) for year in years_of(plan)]
        field.initial = default_year(plan)


def years_of(plan: Plan) -> list[int]:
    """The years whose budget can be held against the plan."""
    return list(plan.years) or [plan.today.year + step for step in (-1, 0, 1)]


def default_year(plan: Plan) -> int:
    """This year where it belongs to the plan, else the nearest that does."""
    years = years_of(plan)
    return min(max(plan.today.year, years[0]), years[-1])


# --- differences ------------------------------------------------------------------------------------------------------


class Shown:
    """The differences of a plan and a year as one person may see them, filtered as an address says."""

    def __init__(self, user: Any, plan: Plan, query: QueryDict) -> None:
        self.plan = plan
        asked = query.get("tahun", "")
        self.year = int(asked) if asked.isdecimal() and int(asked[:4]) in years_of(plan) else default_year(plan)
        self.export = sipd.current_export(plan, self.year)
        self.is_whole = user.may(Can.INNOVATION_VIEW, plan)
        self.all = self._within_reach(user)
        self.state = query.get("keadaan", "") if query.get("keadaan") in STATES else ""
        self.agencies = sorted(
            {(row.organisation, row.agency) for row in self.all if row.organisation}, key=lambda a: a[1]
        )
        self.agency = query.get("opd", "") if query.get("opd") in {str(pk) for pk, _name in self.agencies} else ""
        self.search = search_text(query)
        self.narrowed = [row for row in self.all if self._fits(row)]
        # Most lines of a region's budget have nothing to do with the plan: unless asked for, they stay aside.
        wanted = {STATES[self.state]} if self.state else {sipd.MATCHED, sipd.ONLY_PLAN, sipd.WITHOUT_CODE}
        self.rows = [row for row in self.narrowed if row.state in wanted]

    def _within_reach(self, user: Any) -> list[sipd.Difference]:
        """Money is read where its innovations are: who reads for one agency sees the lines of that agency."""
        rows = sipd.differences(self.plan, self.year, self.export)
        if self.is_whole:
            return rows
        reached = set(
            self.plan.government.children.within_reach(user, Can.INNOVATION_VIEW).values_list("pk", flat=True)
        )
        return [row for row in rows if row.organisation in reached]

    def _fits(self, row: sipd.Difference) -> bool:
        if self.agency and str(row.organisation) != self.agency:
            return False
        text = self.search.casefold()
        names = (row.code, row.title, row.agency, *(title for _kind, _pk, title in row.rows))
        return not text or any(text in name.casefold() for name in names)


@require_safe
def sipd_differences(request: SignedInRequest, slug: str) -> HttpResponse:
    """Plan and SIPD side by side for one year: planned, ceiling, realised, and what has no partner."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    shown = Shown(request.user, plan, request.GET)
    page = Paginator(shown.rows, ROWS_ON_A_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "plan": plan,
        "shown": shown,
        "years": years_of(plan),
        "rows": [_row(row) for row in page],
        "page": page,
        "totals": sipd.totals(shown.rows),
        "tabs": _tabs(request, shown),
        "may_load": request.user.may(Can.SHEET_IMPORT, plan),
        "is_filtering": bool(shown.search or shown.agency or shown.state),
    }
    return render(request, "roadmap/sipd.html", context)


def _row(row: sipd.Difference) -> dict[str, Any]:
    """A row of the table, decided here and shown there."""
    word, tone = WORDS[row.state]
    return {
        "row": row,
        "word": word,
        "tone": tone,
        "links": [(title, reverse(f"{kind}-detail", args=[pk])) for kind, pk, title in row.rows[:3]],
        "more": max(len(row.rows) - 3, 0),
        "stages": [(STAGES[stage], amount) for stage, amount in row.stages.items()],
    }


def _tabs(request: SignedInRequest, shown: Shown) -> list[dict[str, Any]]:
    def url(value: str) -> str:
        query = request.GET.copy()
        for name in ("halaman", "keadaan"):
            query.pop(name, None)
        if value:
            query["keadaan"] = value
        return f"?{query.urlencode()}"

    count = {state: sum(row.state == state for row in shown.narrowed) for state in STATES.values()}
    in_plan = sum(count.values()) - count[sipd.ONLY_EXPORT]
    tabs = [{"title": _("In the plan"), "url": url(""), "count": in_plan, "is_current": not shown.state}]
    return tabs + [
        {"title": WORDS[state][0], "url": url(key), "count": count[state], "is_current": shown.state == key}
        for key, state in STATES.items()
    ]


# --- bringing one in --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def sipd_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Hand in the export of a year."""
    plan = plan_within_reach(request, slug, Can.SHEET_IMPORT)
    form = ExportForm(*typed(request), plan=plan)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            export, is_new = sipd.open_export(told["file"], plan=plan, year=told["year"], by=request.user)
        except (SheetError, FileRefused) as problem:
            form.add_error("file", str(problem))
        else:
            if is_new:
                return redirect("sipd-columns" if sipd.mapping_problems(export.mapping) else "sipd-detail", export.pk)
            messages.info(
                request, _("This very file is loaded already for %(year)d; nothing changed.") % {"year": export.year}
            )
            return redirect(f"{reverse('sipd', args=[slug])}?tahun={export.year}")
    earlier = plan.budget_exports.filter(withdrawn_at=None).select_related("file", "created_by__person")[:20]
    context = {"plan": plan, "form": form, "earlier": earlier}
    return render(request, "roadmap/sipd_new.html", context, status=422 if form.is_bound else 200)


def load(request: SignedInRequest, pk: int) -> BudgetExport:
    """The export if this person may bring sheets into its plan; else 404."""
    exports = BudgetExport.objects.within_reach(request.user, Can.SHEET_IMPORT)
    exports = exports.select_related("file", "job", "plan__government__region", "plan__dimension_set")
    export: BudgetExport = get_object_or_404(exports, pk=pk)
    request.plan = export.plan
    return export


def _table(export: BudgetExport) -> Table:
    """The table; 404 when the storage has lost the file."""
    try:
        return sipd.table_of(export)
    except (FileNotFoundError, SheetError) as problem:
        raise Http404 from problem


@require_http_methods(["GET", "HEAD", "POST"])
def sipd_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Each column of the export finds its field."""
    export = load(request, pk)
    if export.job_id or export.applied_at:
        return redirect("sipd-detail", pk)
    table = _table(export)
    mapping, problems = dict(export.mapping), {}
    if request.method == "POST":
        mapping = {
            title: request.POST.get(f"column-{position}", "").replace("\0", "")[:20]
            for position, title in enumerate(table.header)
        }
        problems = sipd.mapping_problems(mapping)
        if not problems:
            try:
                sipd.place_columns(export, mapping, by=request.user)
            except TooLate:
                messages.info(request, _("This import has been begun already. This is how it stands now."))
            return redirect("sipd-detail", pk)
    columns = []
    for position, title in enumerate(table.header):
        filled = [row.cells[position] for row in table.rows if not is_blank(row.cells[position])]
        samples = list(dict.fromkeys(text_of(cell)[:80] for cell in filled[:200]))[:3]
        columns.append(
            {"position": position, "title": title, "samples": samples, "key": mapping.get(title, ""),
             "problem": problems.get(title, "")}
        )  # fmt: skip
    context = {
        "plan": export.plan,
        "export": export,
        "columns": columns,
        "problems": problems,
        "fields": [(column.key, column.title) for column in sipd.SIPD_SHEET.columns],
        "table": table,
        "crumbs": _crumbs(export),
    }
    return render(request, "roadmap/sipd_columns.html", context, status=422 if problems else 200)


@require_safe
@never_cache
def sipd_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What an export would become; its progress, then what came of it."""
    export = load(request, pk)
    context: dict[str, Any] = {"plan": export.plan, "export": export, "job": export.job, "crumbs": _crumbs(export)}
    if export.job is None and export.applied_at is None:
        if sipd.mapping_problems(export.mapping):
            return redirect("sipd-columns", pk)
        table, examined = _table(export), sipd.examined_of(export)
        shows_wrong = request.GET.get("lihat") == "salah" and bool(examined.wrong)
        rows: list[Any] = examined.wrong if shows_wrong else examined.lines
        context |= {
            "examined": examined,
            "unknown": examined.unknown_agencies[:20],
            "table": table,
            "has_agencies": "agency" in export.mapping.values(),
            "shows_wrong": shows_wrong,
            "page": Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("halaman")),
            "tabs": [
                {"title": _("Lines that would be loaded"), "url": "?", "count": len(examined.lines),
                 "is_current": not shows_wrong},
                {"title": _("Rows to mend"), "url": "?lihat=salah", "count": len(examined.wrong),
                 "is_current": shows_wrong},
            ] if examined.wrong else [],
        }  # fmt: skip
    else:
        context |= {
            "count": export.lines.count(),
            "is_current": sipd.current_export(export.plan, export.year) == export,
        }
    return render(request, "roadmap/sipd_detail.html", context)


@require_POST
def sipd_load(request: SignedInRequest, pk: int) -> HttpResponse:
    """Load the good rows, as a job."""
    export = load(request, pk)
    if sipd.mapping_problems(export.mapping):
        return redirect("sipd-columns", pk)
    sipd.start_loading(export, by=request.user)
    return redirect("sipd-detail", pk)


def _crumbs(export: BudgetExport) -> list[tuple[str, str]]:
    return [(_("Plan and SIPD"), f"{reverse('sipd', args=[export.plan.slug])}?tahun={export.year}")]
