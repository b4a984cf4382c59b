"""The ranking of a round as pages show it: places by both methods, what each criterion contributes, and who lacks scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from praja.foundation.choosing.ranking import places
from praja.foundation.choosing.weights import shares
from praja.foundation.plans.models import Dimension
from praja.stages.quick_wins.models import Criterion, Nomination
from praja.stages.quick_wins.values import Values

HEAVIEST = Decimal(100)


@dataclass(frozen=True)
class Line:
    """A nominee that has all its scores: its values, its places from 1, and the part of each criterion in the sum."""

    nominee: Nomination
    total: Decimal
    place: int
    closeness: float
    other_place: int
    parts: tuple[Decimal, ...]

    @property
    def apart(self) -> int:
        """By how many places the two methods differ; above zero where TOPSIS ranks it higher."""
        return self.place - self.other_place

    @property
    def lower(self) -> int:
        """By how many places TOPSIS ranks it lower."""
        return -self.apart


@dataclass(frozen=True)
class Lacking:
    """A nominee without a place, and the criteria that it lacks (none named: all of them)."""

    nominee: Nomination
    criteria: list[str]


def lines_of(values: Values, nominees: Sequence[Nomination]) -> list[Line]:
    """The nominees with a place, the best sum first, equals by closeness."""
    sums, close = values.sums, values.closeness
    first, second = places(sums), places(close)
    found = []
    for row in nominees:
        key = str(row.pk)
        if key in sums:
            own = values.scores[key]
            parts = tuple(
                values.weights[one.key] * own[one.key] if values.weights.get(one.key) else Decimal(0)
                for one in values.criteria
            )
            found.append(Line(row, sums[key], first[key], close[key], second[key], parts))
    return sorted(found, key=lambda line: (line.place, line.other_place, line.nominee.pk))


def lacking_of(values: Values, nominees: Sequence[Nomination]) -> list[Lacking]:
    """The nominees without a place; a score that nobody gave is not zero."""
    without = set(values.incomplete)
    found = []
    for row in nominees:
        if str(row.pk) in without:
            own = values.scores[str(row.pk)]
            names = [one.name for one in values.criteria if values.weights.get(one.key) and one.key not in own]
            found.append(Lacking(row, names if own else []))
    return found


def leaders_that_differ(lines: Sequence[Line], dimensions: Sequence[Dimension]) -> list[dict[str, Any]]:
    """The dimensions in which the two methods put different nominees first."""
    found = []
    for dimension in dimensions:
        own = [line for line in lines if line.nominee.innovation.dimension_id == dimension.pk]
        if own:
            by_sum = min(line.place for line in own)
            by_closeness = min(line.other_place for line in own)
            first = [line.nominee for line in own if line.place == by_sum]
            second = [line.nominee for line in own if line.other_place == by_closeness]
            if not set(first) & set(second):
                found.append({"dimension": dimension, "first": first, "second": second})
    return found


def weights_asked(data: Mapping[str, str], criteria: Sequence[Criterion]) -> dict[str, Decimal] | None:
    """The shares that the sliders of an address ask for; None without any. Raises NoWeights when all are zero.

    A slider that the address leaves out, or that is no number from 0 to 100, stands at zero.
    """
    if not any(f"w-{one.key}" in data for one in criteria):
        return None
    return shares({one.key: _slid(data.get(f"w-{one.key}", "")) for one in criteria})


def in_percent(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Shares as people type them, in per cent with two decimals."""
    return {key: (share * 100).quantize(Decimal("0.01")).normalize() for key, share in weights.items()}


def _slid(text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", ".")) if len(text) <= 12 else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() and 0 <= found <= HEAVIEST else Decimal(0)
