"""Which working groups have spoken to a decision sheet: a dimension coordinator for the dimensions held, others for all."""

from collections.abc import Iterable, Sequence
from typing import Any

from praja.foundation.accounts.models import Membership
from praja.foundation.plans.models import Dimension, Plan
from praja.stages.quick_wins.models import DecisionSheet, SheetStep

ROLE = "dimension_coordinator"


def asked(sheet: DecisionSheet) -> list[Dimension]:
    """The dimensions of the nominees on the sheet for which the region has a coordinator today."""
    plan = sheet.round.plan
    found = Dimension.objects.filter(
        innovations__nominations__round=sheet.round_id, innovations__nominations__withdrawn_at=None
    )
    held = _union(Membership.objects.current().filter(organisation=plan.government_id, role=ROLE))
    return [one for one in found.order_by("order", "pk").distinct() if held is ALL or one.key in held]


def lacking(sheet: DecisionSheet, steps: Iterable[SheetStep]) -> list[Dimension]:
    """The dimensions whose working groups are asked and have not spoken; a step without dimensions speaks for all."""
    spoken = [step.dimensions for step in steps if step.office == SheetStep.Office.WORKING_GROUP]
    if not all(spoken):
        return []
    keys = {key for one in spoken for key in one}
    return [one for one in asked(sheet) if one.key not in keys]


def own(dimensions: Sequence[Dimension], user: Any, plan: Plan) -> list[Dimension] | None:
    """Those of these dimensions for which this person speaks; None for somebody who coordinates no dimension."""
    held = _union(Membership.objects.current().filter(user=user, organisation=plan.government_id, role=ROLE))
    if held is ALL:
        return list(dimensions)
    return [one for one in dimensions if one.key in held] if held else None


class _All(frozenset[str]):
    """Every dimension."""


ALL = _All()
Held = frozenset[str]


def _union(memberships: Iterable[Membership]) -> Held:
    found: set[str] = set()
    for one in memberships:
        if not one.dimensions:
            return ALL
        found |= set(one.dimensions)
    return frozenset(found)
