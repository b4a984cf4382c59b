"""Weights of criteria: given directly, or found from comparisons of pairs with the ratio that tells how consistent they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from math import log

# Mean consistency index of random matrices of 1 to 15 criteria (Saaty, The Analytic Hierarchy Process, 1980).
RANDOM_INDEX = (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
MOST = len(RANDOM_INDEX)
CONSISTENT = Decimal("0.1")  # the largest ratio at which judgements are taken as they are (Saaty 1980)
SCALE = tuple(Fraction(1, number) for number in range(9, 1, -1)) + tuple(Fraction(number) for number in range(1, 10))
STEP = Decimal("0.0001")


class NoWeights(ValueError):
    """No criterion counts: all weights are zero, or there is none."""


def shares(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The weights as shares with four decimals that add up to exactly 1 (largest remainder, then in the given order).

    Raises NoWeights when they add up to nothing, ValueError when one is below zero or no number.
    """
    if any(not weight.is_finite() or weight < 0 for weight in weights.values()):
        raise ValueError(weights)
    total = sum(weights.values(), Decimal(0))
    if not total:
        raise NoWeights
    exact = {key: weight / total for key, weight in weights.items()}
    found = {key: share.quantize(STEP, ROUND_FLOOR) for key, share in exact.items()}
    left = int((1 - sum(found.values())) / STEP)
    for key in sorted(exact, key=lambda key: found[key] - exact[key])[:left]:
        found[key] += STEP
    return found


@dataclass(frozen=True, slots=True)
class Judgement:
    """How much more one criterion counts than another, on Saaty's scale from 1/9 to 9."""

    first: str
    second: str
    ratio: Fraction


@dataclass(frozen=True)
class Compared:
    """What comparisons of pairs say: shares by criterion, their consistency ratio, and the judgement that fits least.

    `fitting` is what that judgement would have to be, on the same scale, to agree with all the others.
    """

    weights: dict[str, Decimal]
    ratio: Decimal
    least_fitting: Judgement | None
    fitting: Fraction

    @property
    def is_consistent(self) -> bool:
        """Whether the judgements contradict one another no more than is usual."""
        return self.ratio <= CONSISTENT


def compared(keys: Sequence[str], judgements: Sequence[Judgement]) -> Compared:
    """The weights of criteria of which every pair was compared once: the principal eigenvector of the matrix (AHP).

    Consistency index (greatest eigenvalue - n) / (n - 1), divided by the random index of n: Saaty 1980. Raises
    NoWeights without criteria, ValueError when a pair is missing, doubled, or off the scale, or there are too many.
    """
    number = len(keys)
    if not number:
        raise NoWeights
    matrix = _matrix(keys, judgements)
    vector = _principal(matrix)
    ratio = Decimal(0)
    if number > 2:
        products = [sum(cell * weight for cell, weight in zip(row, vector, strict=True)) for row in matrix]
        greatest = sum(product / weight for product, weight in zip(products, vector, strict=True)) / number
        index = max(0.0, (greatest - number) / (number - 1))
        ratio = Decimal(index / RANDOM_INDEX[number - 1]).quantize(STEP)
    weights = shares({key: Decimal(weight) for key, weight in zip(keys, vector, strict=True)})
    least, implied = max(
        ((one, _implied(matrix, keys.index(one.first), keys.index(one.second))) for one in judgements),
        key=lambda pair: abs(log(pair[0].ratio) - pair[1]),
        default=(None, 0.0),
    )
    fitting = min(SCALE, key=lambda step: abs(log(step) - implied))
    return Compared(weights, ratio, least, fitting)


def _implied(matrix: list[list[float]], row: int, column: int) -> float:
    """What the other judgements say about a pair: the mean over all ways through a third criterion, as a logarithm."""
    ways = [
        log(matrix[row][third] * matrix[third][column]) for third in range(len(matrix)) if third not in (row, column)
    ]
    return sum(ways) / len(ways) if ways else log(matrix[row][column])


def _matrix(keys: Sequence[str], judgements: Sequence[Judgement]) -> list[list[float]]:
    """The reciprocal matrix of the judgements."""
    at = {key: place for place, key in enumerate(keys)}
    if len(keys) > MOST or len(at) != len(keys) or len(judgements) != len(keys) * (len(keys) - 1) // 2:
        raise ValueError(len(judgements))
    matrix = [[1.0 if row == column else 0.0 for column in range(len(keys))] for row in range(len(keys))]
    for one in judgements:
        row, column = at.get(one.first, -1), at.get(one.second, -1)
        if min(row, column) < 0 or row == column or matrix[row][column] or one.ratio not in SCALE:
            raise ValueError(one)
        matrix[row][column], matrix[column][row] = float(one.ratio), float(1 / one.ratio)
    return matrix


def _principal(matrix: list[list[float]]) -> list[float]:
    """The eigenvector of the greatest eigenvalue, adding up to 1, by iteration; positive matrices always have one."""
    vector = [1 / len(matrix)] * len(matrix)
    for _round in range(1000):
        product = [sum(cell * weight for cell, weight in zip(row, vector, strict=True)) for row in matrix]
        total = sum(product)
        fresh = [one / total for one in product]
        if max(abs(one - other) for one, other in zip(fresh, vector, strict=True)) < 1e-13:
            return fresh
        vector = fresh
    return vector


def weights_that_favour(
    differences: Mapping[str, Decimal], weights: Mapping[str, Decimal]
) -> dict[str, Decimal] | None:
    """The weights nearest to the given ones at which a difference per criterion adds up to no loss; None if none do.

    `differences`: score of the one minus score of the other, by criterion. As little weight as possible moves, from the
    criteria that speak most against it to the one that speaks most for it, so the result is exact.
    """
    exact = {key: Fraction(weight) for key, weight in weights.items()}
    speaks = {key: Fraction(difference) for key, difference in differences.items()}
    lacking = -sum(exact[key] * difference for key, difference in speaks.items())
    if lacking <= 0:
        return dict(weights)
    best = max(speaks, key=lambda key: speaks[key])
    for key in sorted(speaks, key=lambda key: speaks[key]):
        gain = speaks[best] - speaks[key]
        if gain <= 0 or lacking <= 0:
            break
        moved = min(exact[key], lacking / gain)
        exact[key] -= moved
        exact[best] += moved
        lacking -= moved * gain
    if lacking > 0:
        return None
    return {key: Decimal(share.numerator) / Decimal(share.denominator) for key, share in exact.items()}
