"""The numbers of the action plan and the money of the whole plan: each rupiah counted once, by the database.

An action is part of the plan when it is in service and carries out an innovation of the plan, or none. The money of the
plan is that of its innovations, wherever its lines stand, and that of the actions that carry out no innovation.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from praja.foundation.plans.models import BudgetLine, Indicator, Plan
from praja.stages.innovations import figures as innovation_figures
from praja.stages.innovations.figures import Amount, Money, planned_lines
from praja.stages.innovations.models import Innovation
from praja.stages.roadmap.models import Action


def printed(plan: Plan) -> QuerySet[Action]:
    """The actions that are part of the plan, as the books print them."""
    innovations = innovation_figures.printed(plan).order_by()
    return Action.objects.in_service().filter(Q(innovation=None) | Q(innovation__in=innovations), plan=plan)


def is_in_plan(innovation: Innovation) -> bool:
    """Whether actions may carry this innovation out: it was accepted, or it stands for its plan until that is confirmed."""
    return innovation_figures.printed(innovation.plan).filter(pk=innovation.pk).exists()


def own_lines(plan: Plan) -> QuerySet[BudgetLine]:
    """The planned lines of actions that carry out no innovation."""
    return planned_lines(plan).filter(innovation=None, action__plan=plan, action__withdrawn_at=None)


def own_money(plan: Plan) -> Money:
    """The money of actions that carry out no innovation, in one query."""
    columns = ("action__sub_dimension__dimension_id", "action__sub_dimension_id", "action__organisation_id")
    rows = (
        own_lines(plan).order_by().values_list(*columns, "year", "source", "kind").annotate(rupiah=Sum("amount_rupiah"))
    )
    return Money(tuple(Amount(*row) for row in rows))


def money(plan: Plan) -> Money:
    """The money of the whole plan, each rupiah once, in two queries."""
    return Money(innovation_figures.money(plan).amounts + own_money(plan).amounts)


def money_of_actions(plan: Plan) -> dict[int, Counter[int]]:
    """{key of an action: {year: rupiah}} of the planned lines that stand at actions in service, in one query."""
    rows = (
        planned_lines(plan)
        .filter(action__plan=plan, action__withdrawn_at=None)
        .order_by()
        .values_list("action_id", "year")
        .annotate(rupiah=Sum("amount_rupiah"))
    )
    found: dict[int, Counter[int]] = {}
    for action, year, rupiah in rows:
        found.setdefault(action, Counter())[year] += rupiah
    return found


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """How many actions of the plan share family, dimension, agency and years (keys of rows, or None)."""

    family: str
    dimension: int | None
    sub_dimension: int | None
    organisation: int | None
    start_year: int | None
    end_year: int | None
    number: int


@dataclass(frozen=True)
class ActionFigures:
    """The counts of the actions of a plan, and how many lack something."""

    groups: tuple[ActionGroup, ...]
    without_money: int
    without_indicator: int

    @cached_property
    def number(self) -> int:
        """How many actions."""
        return sum(group.number for group in self.groups)

    @cached_property
    def without_years(self) -> int:
        """How many do not say when they run."""
        return sum(group.number for group in self.groups if group.start_year is None or group.end_year is None)

    def by(self, name: str) -> Counter[Any]:
        """Actions by one of the names of ActionGroup: `by("family")["people"]`."""
        found: Counter[Any] = Counter()
        for group in self.groups:
            found[getattr(group, name)] += group.number
        return found

    def running_in(self, year: int) -> int:
        """How many run in a year."""
        return sum(
            group.number
            for group in self.groups
            if group.start_year is not None
            and group.start_year <= year
            and (group.end_year or group.start_year) >= year
        )


def action_figures(plan: Plan) -> ActionFigures:
    """The counts as they stand now, in two queries."""
    columns = ("family", "sub_dimension__dimension_id", "sub_dimension_id", "organisation_id", "start_year", "end_year")
    actions = printed(plan).order_by()
    groups = actions.values_list(*columns).annotate(number=Count("pk"))
    lacking = actions.aggregate(
        money=Count("pk", filter=~Exists(planned_lines(plan).filter(action=OuterRef("pk")))),
        indicator=Count("pk", filter=~Exists(Indicator.objects.filter(action=OuterRef("pk"), withdrawn_at=None))),
    )
    return ActionFigures(
        groups=tuple(ActionGroup(*row) for row in groups),
        without_money=lacking["money"],
        without_indicator=lacking["indicator"],
    )
