"""The numbers of the RPJMD and of its alignment: counted by the database, used by pages and books alike.

Innovations are asked for by the name of the relation, because they come later in the programme. What counts as part of
the plan is what `innovations.figures` says: accepted ones, and imported rows of a plan that its region has not confirmed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from praja.foundation.plans.models import Indicator, IndicatorTarget, Plan
from praja.foundation.workflow.models import HANDED_IN, State
from praja.stages.targets.models import DevelopmentMission, Flagship, Goal, Target, TargetQuerySet


@dataclass(frozen=True)
class TargetFigures:
    """How much of the RPJMD is recorded."""

    missions: int
    goals: int
    targets: int
    indicators: int
    measured: int  # indicators with a value for at least one year
    flagships: int


def target_figures(plan: Plan) -> TargetFigures:
    """The numbers of the tree, in five queries."""
    goals = Goal.objects.in_service().filter(mission__development_plan__plan=plan)
    indicators = Indicator.objects.filter(target__plan=plan, target__withdrawn_at=None, withdrawn_at=None)
    with_value = Exists(IndicatorTarget.objects.filter(indicator=OuterRef("pk")))
    counted = indicators.aggregate(all=Count("pk"), measured=Count("pk", filter=with_value))
    return TargetFigures(
        missions=DevelopmentMission.objects.in_service().filter(development_plan__plan=plan).count(),
        goals=goals.count(),
        targets=Target.objects.in_service().filter(plan=plan).count(),
        indicators=counted["all"],
        measured=counted["measured"],
        flagships=Flagship.objects.in_service().filter(development_plan__plan=plan).count(),
    )


def handed_in(_plan: Plan, prefix: str = "") -> Q:
    """The condition under which an innovation counts on the pages: in service and at least submitted."""
    return Q(**{f"{prefix}withdrawn_at__isnull": True, f"{prefix}state__in": HANDED_IN})


def printed(plan: Plan, prefix: str = "") -> Q:
    """The condition under which an innovation counts in the books; `innovations.figures.printed` counts the same."""
    accepted = Q(**{f"{prefix}state": State.ACCEPTED})
    part = accepted | Q(**{f"{prefix}is_unverified": True}) if plan.is_unverified else accepted
    return Q(**{f"{prefix}withdrawn_at__isnull": True}) & part


def holes(plan: Plan, counts: Any = handed_in) -> TargetQuerySet:
    """The targets that no innovation which counts serves, as one reads the tree."""
    served = Target.objects.filter(counts(plan, "innovations__"), pk=OuterRef("pk"))
    return Target.objects.of(plan).filter(~Exists(served))


def orphans(innovations: QuerySet[Any]) -> QuerySet[Any]:
    """Those of these innovations that serve no target of the tree."""
    return innovations.filter(~Exists(Target.objects.in_service().filter(innovations=OuterRef("pk"))))


@dataclass
class Served:
    """How many innovations serve one target, by the key of their dimension (None: none chosen)."""

    by_dimension: Counter[int | None] = field(default_factory=Counter)
    accepted: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_dimension.values())


def served(plan: Plan, counts: Any = handed_in) -> dict[int, Served]:
    """{key of a target: how many innovations that count serve it}, in one query; targets that nobody serves are missing."""
    rows = (
        Target.objects.in_service()
        .filter(counts(plan, "innovations__"), plan=plan)
        .order_by()
        .values_list("pk", "innovations__dimension_id")
        .annotate(
            number=Count("innovations"), accepted=Count("innovations", filter=Q(innovations__state=State.ACCEPTED))
        )
    )
    found: dict[int, Served] = {}
    for pk, dimension, number, accepted in rows:
        one = found.setdefault(pk, Served())
        one.by_dimension[dimension] += number
        one.accepted += accepted
    return found


def column_sums(rows: Iterable[Served]) -> Counter[int | None]:
    """The links by dimension over several targets; an innovation that serves two of them counts twice."""
    total: Counter[int | None] = Counter()
    for row in rows:
        total.update(row.by_dimension)
    return total
