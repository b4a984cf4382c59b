"""The numbers of problems and their causes: each defined once, counted by the database, used by pages and books alike."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from praja.foundation.plans.models import Plan
from praja.foundation.workflow.models import State
from praja.stages.problems.models import Cause, Problem, ProblemQuerySet


@dataclass(frozen=True)
class ProblemFigures:
    """The numbers of one plan.

    `states` counts problems by (dimension, sub-dimension, state) and `causes` the causes of accepted problems by
    (dimension, kind); dimensions and sub-dimensions are keys of their rows, or None.
    """

    states: Counter[tuple[int | None, int | None, str]]
    causes: Counter[tuple[int | None, str]]

    def count(self, *states: str, dimension: int | None = None) -> int:
        """How many problems are in any of these states, of the whole plan or of one dimension."""
        return sum(
            number
            for (in_dimension, _sub, state), number in self.states.items()
            if state in states and dimension in (None, in_dimension)
        )

    def accepted(self, dimension: int | None = None) -> int:
        """How many are accepted: what the books print."""
        return self.count(State.ACCEPTED, dimension=dimension)

    def causes_by_kind(self, dimension: int | None = None) -> list[tuple[str, int]]:
        """(kind, number of causes), the most frequent first, of the whole plan or of one dimension."""
        found: Counter[str] = Counter()
        for (in_dimension, kind), number in self.causes.items():
            if dimension in (None, in_dimension):
                found[kind] += number
        order = {kind: place for place, kind in enumerate(Cause.Kind.values)}
        return sorted(found.items(), key=lambda item: (-item[1], order.get(item[0], len(order))))


def printed(plan: Plan) -> ProblemQuerySet:
    """The problems that the books print: the accepted ones."""
    return Problem.objects.accepted().filter(plan=plan)


def problem_figures(plan: Plan) -> ProblemFigures:
    """The numbers as they stand now, in two queries."""
    states = (
        Problem.objects.in_service()
        .filter(plan=plan)
        .order_by()
        .values_list("dimension_id", "sub_dimension_id", "state")
        .annotate(number=Count("pk"))
    )
    causes = (
        Cause.objects.filter(problem__in=printed(plan), withdrawn_at=None)
        .order_by()
        .values_list("problem__dimension_id", "kind")
        .annotate(number=Count("pk"))
    )
    return ProblemFigures(
        states=Counter({(dimension, sub, state): number for dimension, sub, state, number in states}),
        causes=Counter({(dimension, kind): number for dimension, kind, number in causes}),
    )
