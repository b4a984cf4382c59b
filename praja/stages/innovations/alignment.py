"""How innovations and the targets of the RPJMD meet: the table of both, what serves no target, and what nobody serves."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.filters import Choice, Filter
from praja.foundation.plans.models import Dimension, Plan
from praja.foundation.ui.charts import shade
from praja.foundation.ui.lists import search_text
from praja.stages.innovations.models import InnovationQuerySet
from praja.stages.targets.figures import Served, column_sums, holes, orphans, served
from praja.stages.targets.models import DevelopmentMission, Target, TargetQuerySet

ALL = "semua"


class TargetFilters:
    """Reads `dimensi`, `opd` and `q` of an address; unknown values filter nothing.

    Somebody who reads for some agencies only sees the targets of those first; `opd=semua` shows all.
    """

    def __init__(self, query: QueryDict, plan: Plan, user: Any) -> None:
        self.search = search_text(query)
        self.after = query.get("sesudah", "")
        self.dimensions = list(plan.dimension_set.dimensions.all())
        agencies = list(plan.government.children.agencies())
        self.own = [] if user.may(Can.INNOVATION_VIEW, plan) else [one.pk for one in agencies if user.may(Can.INNOVATION_VIEW, one)]  # fmt: skip
        everybody = [Choice(ALL, _("All agencies"))] if self.own else []
        choices = {
            "dimensi": (_("Dimension"), [Choice(row.key, str(row)) for row in self.dimensions]),
            "opd": (_("Agency (OPD)"), everybody + [Choice(str(one.pk), one.short_name) for one in agencies]),
        }
        self.filters = [
            Filter(name, title, options, query.get(name, "") if query.get(name) in {o.value for o in options} else "")
            for name, (title, options) in choices.items()
        ]

    def value(self, name: str) -> str:
        """The chosen value of a filter, "" for none."""
        return next(one.value for one in self.filters if one.name == name)

    @property
    def is_filtering(self) -> bool:
        """Whether anything is filtered away by choice."""
        return bool(self.search) or any(one.value for one in self.filters)

    @property
    def is_own(self) -> bool:
        """Whether only targets of one's own agencies are shown because nothing else was chosen."""
        return bool(self.own) and not self.value("opd")

    def apply(self, targets: TargetQuerySet) -> TargetQuerySet:
        """The targets that pass."""
        if key := self.value("dimensi"):
            targets = targets.filter(dimensions__key=key)
        opd = self.value("opd")
        if opd and opd != ALL:
            targets = targets.filter(agencies=int(opd))
        elif self.is_own:
            targets = targets.filter(agencies__in=self.own)
        if self.search:
            targets = targets.filter(Q(text__icontains=self.search) | Q(number__iexact=self.search))
        return targets.distinct() if self.is_own else targets


@dataclass
class MatrixRow:
    """A target with the number of innovations in each dimension, in the order of the columns; `none` of no dimension."""

    target: Target
    cells: list[int]
    none: int
    total: int
    accepted: int
    shaded: list[tuple[Dimension, int, int]] = field(default_factory=list)  # dimension, number, how dark its cell is


@dataclass
class Matrix:
    """Targets by mission against dimensions; `sums` are links, so that an innovation counts once for each target."""

    missions: list[tuple[DevelopmentMission, list[MatrixRow]]]
    dimensions: list[Dimension]
    sums: list[int]
    without: int
    has_none: bool  # whether any innovation has no dimension

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return 1 + len(self.dimensions) + self.has_none + 1


def matrix(plan: Plan, filters: TargetFilters) -> Matrix:
    """The table, in four queries beside those of the filters."""
    targets = filters.apply(Target.objects.of(plan)).select_related("goal__mission").prefetch_related("agencies")
    counts = served(plan)
    missions: dict[int, tuple[DevelopmentMission, list[MatrixRow]]] = {}
    shown = []
    for target in targets:
        one = counts.get(target.pk, Served())
        shown.append(one)
        row = MatrixRow(
            target=target,
            cells=[one.by_dimension[dimension.pk] for dimension in filters.dimensions],
            none=one.by_dimension[None],
            total=one.total,
            accepted=one.accepted,
        )
        missions.setdefault(target.goal.mission_id, (target.goal.mission, []))[1].append(row)
    sums = column_sums(shown)
    rows = [row for _mission, own in missions.values() for row in own]
    most = max((number for row in rows for number in row.cells), default=0)
    for row in rows:
        pairs = zip(filters.dimensions, row.cells, strict=True)
        row.shaded = [(dimension, number, shade(number, most)) for dimension, number in pairs]
    return Matrix(
        missions=list(missions.values()),
        dimensions=filters.dimensions,
        sums=[sums[dimension.pk] for dimension in filters.dimensions],
        without=sum(one.total == 0 for one in shown),
        has_none=bool(sums[None]),
    )


def offered_orphans(plan: Plan, user: Any) -> InnovationQuerySet:
    """The innovations in this person's reach that serve no target: handed in ones; one's own agency sees drafts too."""
    rows: Any = plan.innovations.in_service().within_reach(user, Can.INNOVATION_VIEW)
    if user.may(Can.INNOVATION_VIEW, plan):
        rows = rows.handed_in()
    return orphans(rows)  # type: ignore[return-value]  # of the queryset that it was given


def offered_holes(plan: Plan, filters: TargetFilters) -> QuerySet[Target]:
    """The targets that nobody serves, as the filters say."""
    return filters.apply(holes(plan))


@dataclass(frozen=True)
class AlignmentFigures:
    """How far the innovations that were handed in and the targets meet."""

    targets: int
    served: int
    innovations: int
    linked: int

    @property
    def orphans(self) -> int:
        """Innovations that serve no target."""
        return self.innovations - self.linked

    @property
    def holes(self) -> int:
        """Targets that nobody serves."""
        return self.targets - self.served


def alignment_figures(plan: Plan) -> AlignmentFigures:
    """The numbers of the whole plan, in four queries."""
    innovations: Any = plan.innovations.handed_in()
    total = innovations.count()
    targets = Target.objects.of(plan).count()
    return AlignmentFigures(
        targets=targets,
        served=targets - holes(plan).count(),
        innovations=total,
        linked=total - orphans(innovations).count(),
    )
