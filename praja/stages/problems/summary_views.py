"""The problems of a plan summarised by dimension and affair, with the trees of their causes drawn."""

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from praja.foundation.accounts.models import Affair
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Dimension, Plan
from praja.foundation.ui.charts import shade
from praja.foundation.workflow.models import State
from praja.stages.problems.models import Cause, Problem, ProblemQuerySet
from praja.stages.problems.trees import draw, lines_of, tree_of

TREES_ON_A_PAGE = 10
ACCEPTED = "diterima"


@require_safe
def problem_summary(request: SignedInRequest, slug: str) -> HttpResponse:
    """How many problems and causes stand where, and the trees of one dimension."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    only_accepted = request.GET.get("keadaan") == ACCEPTED
    problems: ProblemQuerySet = plan.problems.in_service().within_reach(request.user, Can.PROBLEM_VIEW)
    if only_accepted:
        problems = problems.filter(state=State.ACCEPTED)
    counts = _Counts(problems)
    dimensions = list(plan.dimension_set.dimensions.all())
    chosen = _chosen(request.GET.get("dimensi", ""), dimensions, counts)
    own = problems.filter(dimension=chosen).annotate(points=F("urgency") * F("seriousness") * F("growth"))
    ordered = own.order_by(F("points").desc(nulls_last=True), "title", "pk")
    live = Prefetch("causes", Cause.objects.filter(withdrawn_at=None))
    page = Paginator(ordered.prefetch_related(live), TREES_ON_A_PAGE).get_page(request.GET.get("halaman"))
    state = f"&keadaan={ACCEPTED}" if only_accepted else ""
    context = {
        "plan": plan,
        "figures": counts.figures(plan),
        "views": [
            {"title": _("All problems"), "url": "?", "is_current": not only_accepted},
            {"title": _("Accepted only"), "url": f"?keadaan={ACCEPTED}", "is_current": only_accepted},
        ],
        "kinds": Cause.Kind.labels,
        "dimension_rows": counts.shaded(
            [(one, f"?dimensi={one.key}{state}#pohon", counts.line(dimension=one.pk)) for one in dimensions]
            + ([(None, "", without)] if (without := counts.line(dimension=None))["problems"] else [])
        ),
        "affair_rows": counts.by_affair(),
        "chosen": chosen,
        "tabs": [
            {"title": one.name, "url": f"?dimensi={one.key}{state}#pohon", "count": counts.problems_in(one.pk),
             "is_current": one == chosen}
            for one in dimensions
        ],
        "trees": [_tree(problem, chosen) for problem in page],
        "page": page,
        "query": f"dimensi={chosen.key}{state}" if chosen else "",
    }  # fmt: skip
    return render(request, "problems/summary.html", context)


def _chosen(key: str, dimensions: list[Dimension], counts: "_Counts") -> Dimension | None:
    """The dimension of the address, else the first that has problems."""
    named = next((one for one in dimensions if one.key == key), None)
    return named or next((one for one in dimensions if counts.problems_in(one.pk)), next(iter(dimensions), None))


def _tree(problem: Problem, dimension: Dimension | None) -> dict[str, Any]:
    """A problem with its tree as a picture and as a list."""
    tree = tree_of(problem, problem.causes.all())
    title = _("Tree of causes: %(problem)s") % {"problem": problem.title}
    picture = draw([tree], title=title, dimension=dimension.key if dimension else "")
    return {
        "problem": problem,
        "title": title,
        "picture": mark_safe(picture) if tree.children else "",  # noqa: S308  every text in it was escaped
        "causes": lines_of(tree),
    }


class _Counts:
    """Problems and causes by dimension and affair, in four queries."""

    def __init__(self, problems: ProblemQuerySet) -> None:
        rows = problems.order_by().values_list("dimension_id", "affair_id", "state").annotate(number=Count("pk"))
        self.problems = list(rows)
        live = Cause.objects.filter(problem__in=problems.order_by().values("pk"), withdrawn_at=None).order_by()
        causes = live.values_list("problem__dimension_id", "problem__affair_id", "kind").annotate(number=Count("pk"))
        self.causes = list(causes)
        self.unexplained = problems.exclude(pk__in=live.values("problem_id")).count()
        keys = {affair for _dimension, affair, _state, _number in self.problems if affair}
        self.affairs = Affair.objects.in_bulk(keys)

    def problems_in(self, dimension: int | None) -> int:
        """How many problems a dimension has."""
        return sum(number for one, _affair, _state, number in self.problems if one == dimension)

    def line(self, **where: Any) -> dict[str, Any]:
        """Problems, accepted ones, causes and the most frequent kind of cause, of a dimension or an affair."""
        place, wanted = (0, where["dimension"]) if "dimension" in where else (1, where["affair"])
        mine = [row for row in self.problems if row[place] == wanted]
        kinds: Counter[str] = Counter()
        for row in self.causes:
            if row[place] == wanted:
                kinds[row[2]] += row[3]
        kind, number = kinds.most_common(1)[0] if kinds else ("", 0)
        return {
            "problems": sum(row[3] for row in mine),
            "accepted": sum(row[3] for row in mine if row[2] == State.ACCEPTED),
            "causes": sum(kinds.values()),
            "kinds": [(str(kind.label), kinds[kind.value]) for kind in Cause.Kind],
            "kind": f"{Cause.Kind(kind).label} ({number})" if kind in Cause.Kind.values else "",
        }

    def shaded(self, rows: list[tuple[Dimension | None, str, dict[str, Any]]]) -> list[Any]:
        """The rows with, for each kind of cause: its word, how many there are, and how dark the cell is."""
        most = max((number for _row, _url, line in rows for _kind, number in line["kinds"]), default=0)
        for _row, _url, line in rows:
            line["shaded"] = [(kind, number, shade(number, most)) for kind, number in line["kinds"]]
        return rows

    def by_affair(self) -> list[tuple[str, dict[str, Any]]]:
        """Each affair with its line, the one with most problems first; those without an affair last."""
        keys = dict.fromkeys(row[1] for row in self.problems)
        found = [(str(self.affairs.get(key) or _("No affair chosen")), key, self.line(affair=key)) for key in keys]
        found.sort(key=lambda one: (one[1] is None, -one[2]["problems"], one[0]))
        return [(name, line) for name, _key, line in found]

    def figures(self, plan: Plan) -> list[dict[str, Any]]:
        """The key figures of the page."""
        total = sum(row[3] for row in self.problems)
        accepted = sum(row[3] for row in self.problems if row[2] == State.ACCEPTED)
        return [
            {"label": _("Problems"), "value": total, "url": reverse("problem-list", args=[plan.slug])},
            {"label": _("Accepted"), "value": accepted, "of": _("of %(total)d") % {"total": total}},
            {"label": _("Causes"), "value": sum(row[3] for row in self.causes)},
            {"label": _("Without any cause"), "value": self.unexplained},
        ]
