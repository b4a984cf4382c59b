"""The programmes of the earlier masterplan as a list: decided row by row, or many at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.rows import TooLate
from praja.foundation.plans.filters import Choice, Filter
from praja.foundation.plans.models import Plan
from praja.foundation.ui.lists import page_of, search_text
from praja.foundation.workflow.steps import Refused
from praja.stages.analysis import earlier as actions
from praja.stages.analysis.earlier_deciding import HINTS, ICONS, Decision, typed
from praja.stages.analysis.earlier_loading import crumbs, load_earlier, tabs
from praja.stages.analysis.models import EarlierItem

MOST_AT_ONCE = 500
OPEN = "terbuka"  # the filter for programmes without a decision


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
        "tabs": tabs(plan, "items"),
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
        row.decision, row.reason = typed(request, f"-{item.pk}")
    return row


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
    decision, reason = typed(request)
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
        "crumbs": crumbs(plan, (_("Programmes and decisions"), reverse("earlier-item-list", args=[slug]))),
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
