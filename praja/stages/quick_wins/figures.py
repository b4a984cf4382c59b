"""The numbers of the quick wins in force, as pages, books and texts state them."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from praja.foundation.plans.models import Plan
from praja.stages.innovations.figures import planned_lines
from praja.stages.quick_wins.models import QuickWin, QuickWinQuerySet, Round


@dataclass(frozen=True)
class QuickWinFigures:
    """How many were decided in each year, newest first; of the newest round how many nominees, agencies, how much money."""

    by_year: tuple[tuple[int, int], ...] = ()
    nominees: int = 0
    agencies: int = 0
    rupiah: int = 0

    @property
    def year(self) -> int | None:
        """The year of the newest decided round; None until there is one."""
        return self.by_year[0][0] if self.by_year else None

    @property
    def number(self) -> int:
        """The quick wins of the newest decided round."""
        return self.by_year[0][1] if self.by_year else 0


def decided_round(plan: Plan) -> Round | None:
    """The newest round whose quick wins are decided; None until there is one."""
    rows = Round.objects.in_service().filter(plan=plan, state=Round.State.DECIDED)
    return rows.order_by("-year", "-pk").first()


def in_force(round_: Round) -> QuickWinQuerySet:
    """The quick wins of a round, in the order of their dimensions."""
    rows: QuickWinQuerySet = QuickWin.objects.in_service().filter(round=round_)
    return rows


def quick_win_figures(plan: Plan) -> QuickWinFigures:
    """The numbers of the decided rounds, in two queries, one until there is any."""
    decided = Round.objects.in_service().filter(plan=plan, state=Round.State.DECIDED)
    in_service, nominated = Q(quick_wins__withdrawn_at=None), Q(nominations__withdrawn_at=None)
    rounds = list(
        decided.annotate(
            number=Count("quick_wins", filter=in_service, distinct=True),
            agencies=Count("quick_wins__organisation", filter=in_service, distinct=True),
            nominees=Count("nominations", filter=nominated, distinct=True),
        ).order_by("-year", "-pk")
    )
    if not rounds:
        return QuickWinFigures()
    newest = rounds[0]
    own = in_force(newest).order_by().values("innovation")
    rupiah = planned_lines(plan).filter(innovation__in=own).aggregate(sum=Sum("amount_rupiah"))["sum"] or 0
    by_year = tuple((one.year, one.number) for one in rounds)
    return QuickWinFigures(by_year, newest.nominees, newest.agencies, rupiah)
