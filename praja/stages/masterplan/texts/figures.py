"""The numbers that texts speak of, loaded once: from the same figures.py of each stage as the tables of the books."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from praja.foundation.accounts.models import Organisation
from praja.foundation.places.models import Region
from praja.foundation.plans.models import Dimension, Plan, Request
from praja.foundation.statistics import figures as statistic_figures
from praja.stages.innovations.figures import InnovationFigures, Money, innovation_figures
from praja.stages.problems.figures import ProblemFigures, problem_figures
from praja.stages.quick_wins.figures import QuickWinFigures, quick_win_figures
from praja.stages.readiness.figures import Readiness, readiness_of
from praja.stages.roadmap.figures import ActionFigures, action_figures, money
from praja.stages.roadmap.models import Programme, Strategy
from praja.stages.targets.figures import TargetFigures, target_figures

LANGUAGE = "id"  # the language of the books, whatever the reader's pages are in
Number = int | Decimal


@dataclass(frozen=True)
class Figures:
    """Everything that references and measures are made from, loaded once."""

    plan: Plan
    dimensions: list[Dimension]
    agencies: list[Organisation]
    asked: int
    problems: ProblemFigures
    innovations: InnovationFigures
    money: Money
    targets: TargetFigures
    strategies: int
    programmes: int
    actions: ActionFigures
    readiness: Readiness
    quick_wins: QuickWinFigures
    districts: int
    statistics: list[statistic_figures.Line]


def figures_of(plan: Plan) -> Figures:
    """The figures of a plan as they stand now; the number of queries does not grow with it."""
    government, region = plan.government, plan.government.region
    below = Organisation.objects.agencies().filter(parent=government)
    return Figures(
        plan=plan,
        dimensions=list(Dimension.objects.filter(set_id=plan.dimension_set_id).prefetch_related("sub_dimensions")),
        agencies=list(below),
        asked=Request.objects.asked().filter(plan=plan).count(),
        problems=problem_figures(plan),
        innovations=innovation_figures(plan),
        money=money(plan),
        targets=target_figures(plan),
        strategies=Strategy.objects.in_service().filter(plan=plan).count(),
        programmes=Programme.objects.in_service().filter(plan=plan).count(),
        actions=action_figures(plan),
        readiness=readiness_of(plan),
        quick_wins=quick_win_figures(plan),
        districts=Region.objects.filter(parent=region, kind="district", valid_to=None).count() if region else 0,
        statistics=[line for line in statistic_figures.lines_of(government) if line.figures],
    )


def number_of(text: str) -> Decimal | None:
    """The number that a statistic states as text, or None."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
