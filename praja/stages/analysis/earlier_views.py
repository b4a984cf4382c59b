"""Pages of the earlier masterplan: what it was, its pages, its programmes brought in, and the decision about each."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.files import pages
from praja.foundation.files.contents import XLSX, FileRefused
from praja.foundation.files.views import attachment
from praja.foundation.plans.addresses import plan_loader, plan_within_reach
from praja.foundation.plans.filters import Choice, Filter
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.reading import SheetError
from praja.foundation.sheets.values import is_blank, text_of
from praja.foundation.sheets.writing import template
from praja.foundation.ui.lists import page_of, search_text
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.withdrawal import brought_back, withdrawn
from praja.stages.analysis import earlier as actions
from praja.stages.analysis.earlier_figures import earlier_figures
from praja.stages.analysis.earlier_forms import EarlierItemForm, EarlierPlanForm
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
from praja.stages.analysis.models import EarlierItem, EarlierPlan, EarlierSheet

Decision = EarlierItem.Decision
State = EarlierSheet.State
LONGEST_REASON = 5_000
MOST_AT_ONCE = 500
ROWS_ON_A_PAGE = 100
OPEN = "terbuka"  # the filter for programmes without a decision
WORDS = {
    NEW: gettext_lazy("New"),
    FILLS: gettext_lazy("Fills gaps"),
    THERE: gettext_lazy("Already there"),
    WRONG: gettext_lazy("To mend"),
    GROUP: gettext_lazy("Heading of a dimension"),
}
HINTS: dict[str, Promise] = {
    Decision.CONTINUE: gettext_lazy("It goes on as it is."),
    Decision.CHANGE: gettext_lazy("It goes on in another form; say what changes and why."),
    Decision.STOP: gettext_lazy("It ends; say why, so that nobody has to guess."),
}
ICONS: dict[str, str] = {Decision.CONTINUE: "check", Decision.CHANGE: "pencil", Decision.STOP: "x"}


# --- loading ----------------------------------------------------------------------------------------------------------


def load_earlier(request: SignedInRequest, slug: str, permission: Can = Can.PLAN_VIEW) -> EarlierPlan:
    """The earlier masterplan at this address if this person reaches the plan; 404 while none was recorded."""
    earlier = actions.earlier_of(plan_within_reach(request, slug, permission))
    if earlier.pk is None:
        raise Http404
    return earlier


def load_item(request: SignedInRequest, pk: int, permission: Can = Can.PLAN_VIEW) -> EarlierItem:
    """The programme if this person reaches it; else 404. The page then speaks of its plan."""
    items = EarlierItem.objects.within_reach(request.user, permission).select_related(
        "earlier__plan__government__region", "earlier__plan__dimension_set", "earlier__file", "organisation",
        "dimension", "decided_by__person",
    )  # fmt: skip
    item = get_object_or_404(items, pk=pk)
    request.plan = item.earlier.plan
    return item


def load_sheet(request: SignedInRequest, pk: int) -> EarlierSheet:
    """The sheet if this person may bring it in; else 404."""
    sheets = EarlierSheet.objects.within_reach(request.user, Can.SHEET_IMPORT).select_related(
        "file", "job", "created_by__person", "earlier__plan__government__region", "earlier__plan__dimension_set"
    )
    one = get_object_or_404(sheets, pk=pk)
    request.plan = one.earlier.plan
    return one


def _crumbs(plan: Plan, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Earlier masterplan"), reverse("earlier-plan", args=[plan.slug])), *more]


# --- the earlier masterplan -------------------------------------------------------------------------------------------


@require_safe
def earlier_plan(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the earlier masterplan was, how much of it is decided, and what was dropped."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    earlier = actions.earlier_of(plan)
    context: dict[str, Any] = {
        "plan": plan,
        "earlier": earlier if earlier.pk else None,
        "may_set": request.user.may(Can.PLAN_SET_UP, plan),
        "may_import": request.user.may(Can.SHEET_IMPORT, plan),
    }
    if earlier.pk:
        figures = earlier_figures(earlier)
        context |= {
            "figures": figures,
            "key_figures": _key_figures(plan, figures.all),
            "dropped": [share.name for share in figures.dimensions if share.is_dropped],
            "tabs": _tabs(plan, "summary"),
            "history": history_of(earlier),
        }
    return render(request, "analysis/earlier_plan.html", context)


def _tabs(plan: Plan, current: str) -> list[dict[str, Any]]:
    return [
        {"title": _("Summary"), "url": reverse("earlier-plan", args=[plan.slug]), "is_current": current == "summary"},
        {"title": _("Programmes and decisions"), "url": reverse("earlier-item-list", args=[plan.slug]),
         "is_current": current == "items"},
    ]  # fmt: skip


def _key_figures(plan: Plan, share: Any) -> list[dict[str, Any]]:
    address = reverse("earlier-item-list", args=[plan.slug])
    return [
        {"label": _("Decided"), "value": share.decided, "of": _("of %(total)d") % {"total": share.total}, "url": address},
        {"label": Decision.CONTINUE.label, "value": share.continued, "url": f"{address}?keputusan=continue"},
        {"label": Decision.CHANGE.label, "value": share.changed, "url": f"{address}?keputusan=change"},
        {"label": Decision.STOP.label, "value": share.stopped, "url": f"{address}?keputusan=stop"},
    ]  # fmt: skip


@entry(
    "earlier-plan-edit",
    draft="earlier-plan-draft",
    load=plan_loader(Can.PLAN_SET_UP),
)
def earlier_plan_edit(_request: SignedInRequest, plan: Plan, slug: str) -> Entry:
    """Record the earlier masterplan."""
    return Entry(
        actions.earlier_of(plan),
        form_class=EarlierPlanForm,
        save=actions.set_earlier,
        template="analysis/earlier_plan_edit.html",
        context={"plan": plan, "crumbs": _crumbs(plan)},
        done=reverse("earlier-plan", args=[slug]),
    )


@require_POST
def earlier_plan_file(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put up or change the PDF."""
    earlier = load_earlier(request, slug, Can.PLAN_SET_UP)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Choose a PDF first, then send it."))
        return redirect("earlier-plan", slug)
    try:
        actions.attach_file(earlier, upload, by=request.user)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
    except TooLate:
        messages.error(request, _("Somebody changed the earlier masterplan at the same moment. Please try again."))
    else:
        messages.success(request, _("The PDF is there; page numbers now open its pages."))
    return redirect("earlier-plan", slug)


@require_safe
def earlier_pdf(request: SignedInRequest, slug: str) -> FileResponse:
    """The whole PDF, for everybody who may see the plan."""
    earlier = load_earlier(request, slug)
    if earlier.file is None:
        raise Http404
    try:
        return attachment(earlier.file)
    except FileNotFoundError as problem:
        raise Http404 from problem


@require_safe
def earlier_page(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """One page of the PDF as a picture, with the programmes that stand on it."""
    earlier = load_earlier(request, slug)
    if earlier.page_count is None or not 1 <= number <= earlier.page_count:
        raise Http404
    printed = number - earlier.page_offset
    context = {
        "plan": earlier.plan,
        "earlier": earlier,
        "crumbs": _crumbs(earlier.plan),
        "number": number,
        "printed": printed if printed > 0 else None,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < earlier.page_count else None,
        "items": earlier.items.in_service().filter(source_page=printed)[:50],
    }
    return render(request, "analysis/earlier_page.html", context)


@require_safe
def earlier_page_picture(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """The picture of one page."""
    earlier = load_earlier(request, slug)
    if earlier.file is None:
        raise Http404
    return pages.picture(request, earlier.file, number)


# --- the sheet --------------------------------------------------------------------------------------------------------


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
        "crumbs": _crumbs(earlier.plan),
        "form": form,
        "sheets": earlier.sheets.select_related("file", "created_by__person")[:50],
    }
    return render(request, "analysis/earlier_sheet.html", context, status=422 if form.is_bound else 200)


@require_safe
def earlier_template(request: SignedInRequest, slug: str) -> HttpResponse:
    """An empty workbook to fill in."""
    plan_within_reach(request, slug, Can.SHEET_IMPORT)
    response = HttpResponse(template(EARLIER_SHEET, _("Earlier programmes")), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="program-masterplan-lama.xlsx"'
    return response


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
        "crumbs": _crumbs(
            one.earlier.plan, (_("From a sheet"), reverse("earlier-sheet", args=[one.earlier.plan.slug]))
        ),
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
        "crumbs": _crumbs(plan, (_("From a sheet"), reverse("earlier-sheet", args=[plan.slug]))),
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
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"}
    return HttpResponse(content, content_type=XLSX, headers=headers)


# --- the list, decided row by row -------------------------------------------------------------------------------------


class ItemFilters:
    """Reads `keputusan`, `dimensi`, `opd` and `q` from an address; unknown values filter nothing."""

    def __init__(self, query: QueryDict, plan: Plan) -> None:
        self.search = search_text(query)
        agencies = plan.government.children.agencies().values_list("pk", "abbreviation", "name")
        self.dimensions = list(plan.dimension_set.dimensions.all())
        choices = {
            "keputusan": (
                _("Decision"),
                [Choice(OPEN, _("Not decided yet")), *(Choice(value, label) for value, label in Decision.choices),
                 Choice("menunggu", _("No innovation yet"))],
            ),
            "dimensi": (_("Dimension"), [Choice(row.key, str(row)) for row in self.dimensions]),
            "opd": (
                _("Agency (OPD)"),
                [Choice("0", _("No agency of today")), *(Choice(str(pk), short or name) for pk, short, name in agencies)],
            ),
        }  # fmt: skip
        self.filters = [
            Filter(name, title, options, query.get(name, "") if query.get(name) in {o.value for o in options} else "")
            for name, (title, options) in choices.items()
        ]

    def value(self, name: str) -> str:
        """The chosen value of a filter, "" for none."""
        return next(one.value for one in self.filters if one.name == name)

    @property
    def is_filtering(self) -> bool:
        """Whether anything is filtered away."""
        return bool(self.search) or any(one.value for one in self.filters)

    def apply(self, items: QuerySet[EarlierItem]) -> QuerySet[EarlierItem]:
        """The programmes that pass."""
        decision = self.value("keputusan")
        if decision == "menunggu":
            taken = Q(innovations__isnull=False, innovations__withdrawn_at=None)
            items = items.filter(decision__in=("continue", "change")).exclude(pk__in=items.filter(taken).values("pk"))
        elif decision:
            items = items.filter(decision="" if decision == OPEN else decision)
        if key := self.value("dimensi"):
            items = items.filter(dimension=next(row.pk for row in self.dimensions if row.key == key))
        if pk := self.value("opd"):
            items = items.filter(organisation=int(pk) or None)
        if self.search:
            items = items.filter(Q(title__icontains=self.search) | Q(number__iexact=self.search))
        return items


@dataclass
class DecisionRow:
    """One programme in the table: what is stored or typed, and what is wrong with the latter."""

    item: EarlierItem
    may_decide: bool
    decision: str
    reason: str
    problem: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def earlier_item_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The programmes with their decisions, to be filled in like a table and saved as a whole."""
    earlier = load_earlier(request, slug)
    plan = earlier.plan
    if request.method == "POST" and not request.user.may_within(Can.INNOVATION_WRITE, plan):
        raise Http404
    filters = ItemFilters(request.GET, plan)
    after = request.GET.get("sesudah", "")
    items = filters.apply(earlier.items.in_service()).select_related("organisation", "dimension")
    page = page_of(items, order="order", after=after)
    for item in page.rows:
        item.earlier = earlier
    rows = [_row(item, request) for item in page.rows]
    problems = 0
    if request.method == "POST":
        saved, problems = _save(rows, request)
        if not problems:
            messages.success(request, _saved(saved))
            return redirect(request.get_full_path())
    may_decide = any(row.may_decide for row in rows)
    context = {
        "plan": plan,
        "earlier": earlier,
        "tabs": _tabs(plan, "items"),
        "filters": filters,
        "rows": rows,
        "page_of_rows": page,
        "after": after,
        "decisions": [(value, label, ICONS[value]) for value, label in Decision.choices],
        "may_decide": may_decide,
        "may_import": request.user.may(Can.SHEET_IMPORT, plan),
        "problem_count": problems,
        "query": request.GET.urlencode(),
    }
    return render(request, "analysis/earlier_items.html", context, status=422 if problems else 200)


def _row(item: EarlierItem, request: SignedInRequest) -> DecisionRow:
    """The row as it is stored, or as it was typed when the table was sent."""
    may = request.user.may(Can.INNOVATION_WRITE, item)
    row = DecisionRow(item, may, item.decision, item.reason)
    if may and request.method == "POST" and f"version-{item.pk}" in request.POST:
        row.decision, row.reason = _typed(request, f"-{item.pk}")
    return row


def _typed(request: HttpRequest, suffix: str = "") -> tuple[str, str]:
    reason = request.POST.get(f"reason{suffix}", "").replace("\0", "")[:LONGEST_REASON].strip()
    return request.POST.get(f"decision{suffix}", ""), reason


def _version(request: HttpRequest, pk: int) -> int:
    text = request.POST.get(f"version-{pk}", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _save(rows: list[DecisionRow], request: SignedInRequest) -> tuple[int, int]:
    """Store what was typed, row by row: how many were stored, and how many came back with a sentence."""
    saved = problems = 0
    for row in rows:
        item = row.item
        if not row.may_decide or (row.decision, row.reason) == (item.decision, item.reason):
            continue
        try:
            actions.decide(
                item, decision=row.decision, reason=row.reason, by=request.user, version=_version(request, item.pk)
            )
        except Refused as refusal:
            row.problem = str(refusal.reasons[0])
            row.decision = row.decision if row.decision in Decision.values else ""
        except TooLate:
            item.refresh_from_db()
            row.problem = _("Somebody else decided meanwhile: %(decision)s. What you chose is shown here; save again to replace it.") % {
                "decision": item.get_decision_display() or _("not decided")
            }  # fmt: skip
        else:
            saved += 1
        problems += bool(row.problem)
    return saved, problems


def _saved(count: int) -> str:
    if not count:
        return _("Nothing was different; everything stands as it was.")
    return ngettext("%(count)d decision is saved.", "%(count)d decisions are saved.", count) % {"count": count}


# --- many at once -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def earlier_decide(request: SignedInRequest, slug: str) -> HttpResponse:
    """Decide alike about the chosen programmes: choose, look at what would happen, then confirm."""
    earlier = load_earlier(request, slug)
    plan = earlier.plan
    filters = ItemFilters(request.GET, plan)
    mine = filters.apply(earlier.items.in_service().within_reach(request.user, Can.INNOVATION_WRITE))
    if not request.user.may_within(Can.INNOVATION_WRITE, plan):
        raise Http404
    items = list(mine.select_related("organisation", "dimension")[: MOST_AT_ONCE + 1])
    decision, reason = _typed(request)
    chosen = {int(text) for text in request.POST.getlist("item") if text.isdecimal() and len(text) < 19}
    picked = [item for item in items if item.pk in chosen]
    problem = ""
    if request.method == "POST":
        problem = actions.decision_problem(decision, reason) or (
            "" if decision else _("Choose continue, change or stop.")
        )
        problem = problem or ("" if picked else _("Tick at least one programme."))
        if not problem and "confirm" in request.POST:
            return _decided(request, slug, picked, decision, reason)
    is_preview = request.method == "POST" and not problem
    for item in items:
        item.earlier = earlier
    context = {
        "plan": plan,
        "crumbs": _crumbs(plan, (_("Programmes and decisions"), reverse("earlier-item-list", args=[slug]))),
        "filters": filters,
        "items": [
            (item, item.pk in chosen if request.method == "POST" else not item.decision)
            for item in (picked if is_preview else items[:MOST_AT_ONCE])
        ],
        "is_preview": is_preview,
        "has_more": len(items) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "decision": decision if decision in Decision.values else "",
        "decision_word": Decision(decision).label if decision in Decision.values else "",
        "reason": reason,
        "choices": [(value, label, HINTS[value], ICONS[value]) for value, label in Decision.choices],
        "problem": problem,
        "replaced": sum(bool(item.decision) and item.decision != decision for item in picked),
        "query": request.GET.urlencode(),
    }
    return render(request, "analysis/earlier_decide.html", context, status=422 if problem else 200)


def _decided(
    request: SignedInRequest, slug: str, picked: list[EarlierItem], decision: str, reason: str
) -> HttpResponse:
    versions = {item.pk: _version(request, item.pk) for item in picked}
    done, left = actions.decide_many(picked, versions, decision=decision, reason=reason, by=request.user)
    messages.success(request, _saved(done))
    if left:
        names = ", ".join(item.title for item in left[:5])
        messages.warning(
            request, _("Somebody changed these meanwhile, so they stay as they are: %(names)s.") % {"names": names}
        )
    return redirect("earlier-item-list", slug)


# --- one programme ----------------------------------------------------------------------------------------------------


@require_safe
def earlier_item(request: SignedInRequest, pk: int) -> HttpResponse:
    """One programme: as it was written, where it stands, what becomes of it, and what continues it."""
    return _item_page(request, load_item(request, pk))


def _item_page(request: SignedInRequest, item: EarlierItem, *, problem: str = "") -> HttpResponse:
    plan, user = item.earlier.plan, request.user
    may_decide = user.may(Can.INNOVATION_WRITE, item) and item.withdrawn_at is None
    # Asked by the name of the relation: innovations come later in the programme.
    innovations = list(item.innovations.filter(withdrawn_at=None))
    goes_on = item.decision in (Decision.CONTINUE, Decision.CHANGE)
    decision, reason = _typed(request) if problem else (item.decision, item.reason)
    context = {
        "plan": plan,
        "item": item,
        "crumbs": _crumbs(plan, (_("Programmes and decisions"), reverse("earlier-item-list", args=[plan.slug]))),
        "innovations": innovations,
        "may_open": user.may(Can.INNOVATION_VIEW, item),
        "may_decide": may_decide,
        "may_begin": may_decide and goes_on and not innovations,
        "may_correct": user.may(Can.PLAN_SET_UP, plan),
        "is_contradiction": bool(innovations) and item.decision == Decision.STOP,
        "choices": [(value, label, HINTS[value], ICONS[value]) for value, label in Decision.choices],
        "decision": decision,
        "reason": reason,
        "problem": problem,
        "history": history_of(item),
    }
    return render(request, "analysis/earlier_item.html", context, status=422 if problem else 200)


@require_POST
def earlier_item_decision(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide about one programme."""
    item = load_item(request, pk, Can.INNOVATION_WRITE)
    decision, reason = _typed(request)
    try:
        actions.decide(item, decision=decision, reason=reason, by=request.user, version=posted_version(request))
    except Refused as refusal:
        return _item_page(request, item, problem=str(refusal.reasons[0]))
    except TooLate:
        item.refresh_from_db()
        return _item_page(
            request,
            item,
            problem=_("Somebody else was faster. What you chose is shown here; save again to replace it."),
        )
    messages.success(request, _("Saved."))
    return redirect("earlier-item", pk)


@entry(
    "earlier-item-edit", draft="earlier-item-draft", load=lambda request, pk: load_item(request, pk, Can.PLAN_SET_UP)
)
def earlier_item_edit(_request: SignedInRequest, item: EarlierItem, pk: int) -> Entry:
    """Correct what the sheet said, or name the agency and the dimension of today."""
    detail = reverse("earlier-item", args=[pk])
    return Entry(
        item,
        form_class=EarlierItemForm,
        save=actions.save_item,
        template="analysis/earlier_item_edit.html",
        context={
            "plan": item.earlier.plan,
            "crumbs": _crumbs(item.earlier.plan, (item.title, detail)),
        },
        done=detail,
    )


@require_POST
def earlier_item_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take out of the list what is no programme; it stays in the history."""
    item = load_item(request, pk, Can.PLAN_SET_UP)
    if item.withdrawn_at is not None:
        raise Http404
    return withdrawn(
        request,
        item,
        said=_("The programme was taken out of the list. It stays in the history."),
        to_list=reverse("earlier-item-list", args=[item.earlier.plan.slug]),
        to_row=reverse("earlier-item", args=[pk]),
    )


@require_POST
def earlier_item_bring_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo that; 404 where nothing was taken out."""
    item = load_item(request, pk, Can.PLAN_SET_UP)
    if item.withdrawn_at is None:
        raise Http404
    said = _("The programme is back in the list.")
    return brought_back(request, item, said=said, to_row=reverse("earlier-item", args=[pk]))
