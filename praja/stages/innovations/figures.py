"""The numbers of innovations and their money: each defined once, counted by the database, used by pages and books alike.

What counts: an innovation is part of the plan when it is accepted; in a plan that came in by an import and that its
region has not confirmed, the imported rows stand for it. Money counts when its line belongs to such an innovation, lies in
the years of the plan and is not a realised amount (which repeats what was planned).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from praja.foundation.plans.models import BudgetLine, Indicator, IndicatorTarget, Plan
from praja.foundation.workflow.models import State
from praja.stages.innovations.models import Innovation, InnovationQuerySet
from praja.stages.problems import figures as problem_figures
from praja.stages.problems.models import ProblemQuerySet


def is_part_of(plan: Plan) -> Q:
    """The condition under which an innovation in service counts as part of its plan."""
    accepted = Q(state=State.ACCEPTED)
    return accepted | Q(is_unverified=True) if plan.is_unverified else accepted


def printed(plan: Plan) -> InnovationQuerySet:
    """The innovations that the books print and whose money counts."""
    return Innovation.objects.in_service().filter(is_part_of(plan), plan=plan)


def planned_lines(plan: Plan) -> QuerySet[BudgetLine]:
    """The budget lines that count, of any innovation."""
    lines = BudgetLine.objects.filter(withdrawn_at=None).exclude(stage=BudgetLine.Stage.REALISED)
    return lines.filter(year__range=(plan.years[0], plan.years[-1])) if plan.years else lines


def unanswered(plan: Plan) -> ProblemQuerySet:
    """Accepted problems that no innovation of the plan answers yet."""
    answering = Innovation.problems.through.objects.filter(
        problem_id=OuterRef("pk"), innovation__in=printed(plan).order_by()
    )
    return problem_figures.printed(plan).filter(~Exists(answering))


@dataclass(frozen=True, slots=True)
class Amount:
    """Money of one dimension, sub-dimension and agency (keys of their rows, or None) in one year from one source."""

    dimension: int | None
    sub_dimension: int | None
    organisation: int | None
    year: int
    source: str
    kind: str
    rupiah: int


@dataclass(frozen=True)
class Money:
    """The money of a plan or of a part of it; every sum of the book is one of these."""

    amounts: tuple[Amount, ...]

    def of(self, *, dimension: int | None = None, sub_dimension: int | None = None) -> "Money":
        """The money of one dimension or sub-dimension."""
        return Money(
            tuple(
                amount
                for amount in self.amounts
                if dimension in (None, amount.dimension) and sub_dimension in (None, amount.sub_dimension)
            )
        )

    @cached_property
    def total(self) -> int:
        """All of it, in rupiah."""
        return sum(amount.rupiah for amount in self.amounts)

    def by(self, *names: str) -> Counter[tuple[int | str | None, ...]]:
        """Rupiah by one or more of Amount's names: `by("year", "source")[2026, "apbn"]`."""
        found: Counter[tuple[int | str | None, ...]] = Counter()
        for amount in self.amounts:
            found[tuple(getattr(amount, name) for name in names)] += amount.rupiah
        return found

    @cached_property
    def years(self) -> list[int]:
        """The years that have money, in order."""
        return sorted({amount.year for amount in self.amounts})

    @cached_property
    def sources(self) -> list[str]:
        """The sources that have money, the largest first."""
        return self._largest_first("source")

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds of money there are, the largest first."""
        return self._largest_first("kind")

    def _largest_first(self, name: str) -> list[str]:
        sums = {str(key): rupiah for (key,), rupiah in self.by(name).items()}
        return sorted(sums, key=lambda key: (-sums[key], key))


@dataclass(frozen=True, slots=True)
class Group:
    """How many innovations share dimension, sub-dimension, agency, IT or not, state, stage and horizon."""

    dimension: int | None
    sub_dimension: int | None
    organisation: int | None
    is_it: bool | None
    state: str
    stage: str
    horizon: str
    is_printed: bool
    number: int
    beneficiaries: int


@dataclass(frozen=True)
class Groups:
    """Counts of innovations of a plan or of a part of it."""

    groups: tuple[Group, ...]

    def of(self, *, dimension: int | None = None, sub_dimension: int | None = None) -> "Groups":
        """Those of one dimension or sub-dimension."""
        return Groups(
            tuple(
                group
                for group in self.groups
                if dimension in (None, group.dimension) and sub_dimension in (None, group.sub_dimension)
            )
        )

    @cached_property
    def printed(self) -> "Groups":
        """Those that are part of the plan."""
        return Groups(tuple(group for group in self.groups if group.is_printed))

    @cached_property
    def number(self) -> int:
        """How many innovations."""
        return sum(group.number for group in self.groups)

    @cached_property
    def beneficiaries(self) -> int:
        """The beneficiaries of each innovation added up; a person whom two innovations reach counts twice."""
        return sum(group.beneficiaries for group in self.groups)

    @cached_property
    def not_it(self) -> int:
        """How many are said to need no information technology."""
        return self.by("is_it")[False]

    @cached_property
    def it_or_not(self) -> int:
        """How many say whether they need information technology."""
        return self.number - self.by("is_it")[None]

    def by(self, name: str) -> Counter[int | str | bool | None]:
        """Innovations by one of Group's names: `by("state")["submitted"]`."""
        found: Counter[int | str | bool | None] = Counter()
        for group in self.groups:
            found[getattr(group, name)] += group.number
        return found

    @cached_property
    def organisations(self) -> list[tuple[int, int]]:
        """(agency, number of innovations), the one with most first; rows without agency are left out."""
        found = ((key, number) for key, number in self.by("organisation").items() if isinstance(key, int))
        return sorted(found, key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True)
class Gaps:
    """How many innovations of the plan lack something that a complete profile has."""

    money: int
    indicator: int
    baseline: int
    beneficiaries: int
    legal_basis: int
    organisation: int
    dimension: int


@dataclass(frozen=True)
class InnovationFigures:
    """The counts of the innovations of one plan; money is no part of them, because actions have some of their own."""

    innovations: Groups
    gaps: Gaps

    @property
    def printed(self) -> Groups:
        """Counts of those that are part of the plan."""
        return self.innovations.printed


def innovation_figures(plan: Plan) -> InnovationFigures:
    """The numbers as they stand now, in two queries."""
    return InnovationFigures(innovations=_groups(plan), gaps=_gaps(plan))


def money(plan: Plan) -> Money:
    """The money of the innovations of a plan, in one query; that of the whole plan is `roadmap.figures.money`."""
    names = ("dimension_id", "sub_dimension_id", "organisation_id")
    rows = (
        planned_lines(plan)
        .filter(innovation__in=printed(plan).order_by())
        .order_by()
        .values_list(*(f"innovation__{name}" for name in names), "year", "source", "kind")
        .annotate(rupiah=Sum("amount_rupiah"))
    )
    return Money(tuple(Amount(*row) for row in rows))


def _groups(plan: Plan) -> Groups:
    rows: Iterable[tuple[Any, ...]] = (
        Innovation.objects.in_service()
        .filter(plan=plan)
        .order_by()
        .annotate(part=is_part_of(plan))
        .values_list(
            "dimension_id", "sub_dimension_id", "organisation_id", "is_it", "state", "stage", "horizon", "part"
        )
        .annotate(number=Count("pk"), people=Sum("beneficiary_count", default=0))
    )  # fmt: skip
    return Groups(tuple(Group(*row) for row in rows))


def _gaps(plan: Plan) -> Gaps:
    lines = planned_lines(plan).filter(innovation=OuterRef("pk"))
    indicators = Indicator.objects.filter(innovation=OuterRef("pk"), withdrawn_at=None)
    complete = indicators.exclude(baseline="").filter(Exists(IndicatorTarget.objects.filter(indicator=OuterRef("pk"))))
    return Gaps(
        **printed(plan).aggregate(
            money=Count("pk", filter=~Exists(lines)),
            indicator=Count("pk", filter=~Exists(indicators)),
            baseline=Count("pk", filter=Exists(indicators) & ~Exists(complete)),
            beneficiaries=Count("pk", filter=Q(beneficiaries="")),
            legal_basis=Count("pk", filter=Q(legal_basis="")),
            organisation=Count("pk", filter=Q(organisation=None)),
            dimension=Count("pk", filter=Q(dimension=None)),
        )
    )


@dataclass(frozen=True)
class Needs:
    """How many innovations of the plan state each need from which an action plan begins."""

    policy: int
    infrastructure: int
    new_systems: int
    existing_systems: int
    data: int
    people: int


def needs(plan: Plan) -> Needs:
    """The needs as they stand now, in one query."""
    return Needs(
        **printed(plan).aggregate(
            policy=Count("pk", filter=Q(legal_level__in=("", Innovation.LegalLevel.NONE))),
            infrastructure=Count("pk", filter=~Q(needs_infrastructure="")),
            new_systems=Count("pk", filter=Q(system=Innovation.System.NEW)),
            existing_systems=Count("pk", filter=Q(system=Innovation.System.EXISTING)),
            data=Count("pk", filter=~Q(needs_data="")),
            people=Count("pk", filter=~Q(needs_people="")),
        )
    )
