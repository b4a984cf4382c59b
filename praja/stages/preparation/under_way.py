"""Where the rows of a plan stand between operator and secretariat, and which offices on the way nobody holds."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from praja.foundation.accounts.models import Membership, Organisation
from praja.foundation.plans.models import Dimension, Plan
from praja.foundation.workflow.waiting import count_by_turn
from praja.foundation.workflow.way import Turn, dimensions_with_coordinator, states_at


@dataclass(frozen=True)
class UnderWay:
    """How many rows wait for each office, and the offices without an account.

    `headless`: agencies whose head has no account; `waiting_for_paper`: their rows that wait for the head's signature.
    """

    with_head: int
    with_dimension: int
    with_secretariat: int
    headless: list[Organisation]
    waiting_for_paper: int
    uncovered: list[Dimension]

    @property
    def total(self) -> int:
        """All rows under way."""
        return self.with_head + self.with_dimension + self.with_secretariat


def under_way(plan: Plan) -> UnderWay:
    """Where the rows of a plan stand: at most seven queries."""
    kinds = kinds_of(plan)
    turns = count_by_turn(plan, *kinds)
    headless: list[Organisation] = []
    waiting = 0
    if plan.head_approves:
        held = Membership.objects.current().filter(role="agency_head").values("organisation")
        asked = Q(requests__plan=plan, requests__withdrawn_at=None)
        is_asked = asked & (Q(requests__asks_problems=True) | Q(requests__asks_innovations=True))
        agencies = Organisation.objects.agencies().filter(is_asked, parent=plan.government).exclude(pk__in=held)
        headless = list(agencies.distinct().only("name", "abbreviation"))
        at_head = {"state__in": states_at(plan, Turn.HEAD), "organisation__in": [row.pk for row in headless]}
        waiting = sum(rows.filter(**at_head).count() for rows in kinds) if headless and turns[Turn.HEAD] else 0
    uncovered = []
    if plan.dimension_checks:
        covered = dimensions_with_coordinator(plan)
        dimensions = plan.dimension_set.dimensions.all()
        uncovered = [] if covered is None else [row for row in dimensions if row.key not in covered]
    return UnderWay(turns[Turn.HEAD], turns[Turn.DIMENSION], turns[Turn.SECRETARIAT], headless, waiting, uncovered)


def kinds_of(plan: Plan) -> list[Any]:
    """The rows of a plan that go the way, by kind; asked of the plan, since the stages that hold them come later."""
    return [getattr(plan, kind).filter(withdrawn_at=None) for kind in ("problems", "innovations")]
