"""Ranking by scores: the weighted sum, closeness to the ideal (TOPSIS), places, and how far scorers lie apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import median

Scores = Mapping[str, Mapping[str, Decimal]]  # nominee -> criterion -> score, the higher the better

OUTLYING = 2  # steps between one score and the middle of the others


def incomplete(scores: Scores, weights: Mapping[str, Decimal]) -> list[str]:
    """Those that lack a score under a criterion that counts; they have no place in a ranking, and are not zero."""
    counting = [key for key, weight in weights.items() if weight > 0]
    return [key for key, own in scores.items() if any(criterion not in own for criterion in counting)]


def weighted_sums(scores: Scores, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Sum of score times weight, of everyone who has all scores (simple additive weighting)."""
    lacking = set(incomplete(scores, weights))
    return {
        key: sum((weight * own[criterion] for criterion, weight in weights.items() if weight), Decimal(0))
        for key, own in scores.items()
        if key not in lacking
    }


def closeness(scores: Scores, weights: Mapping[str, Decimal]) -> dict[str, float]:
    """How close each comes to the best of all criteria, 0 to 1, of everyone who has all scores (TOPSIS).

    Vector normalisation, Euclidean distances to the best and the worst that occur: Hwang and Yoon 1981. Where all are
    alike there is no distance, and everyone stands in the middle.
    """
    lacking = set(incomplete(scores, weights))
    ranked = [key for key in scores if key not in lacking]
    to_best, to_worst = dict.fromkeys(ranked, 0.0), dict.fromkeys(ranked, 0.0)
    for criterion, weight in weights.items():
        if not weight or not ranked:
            continue
        column = {key: float(scores[key][criterion]) for key in ranked}
        length = sqrt(sum(value * value for value in column.values())) or 1.0
        column = {key: value / length * float(weight) for key, value in column.items()}
        best, worst = max(column.values()), min(column.values())
        for key, value in column.items():
            to_best[key] += (value - best) ** 2
            to_worst[key] += (value - worst) ** 2
    found = {}
    for key in ranked:
        near, far = sqrt(to_best[key]), sqrt(to_worst[key])
        found[key] = far / (near + far) if near + far else 0.5
    return found


def places(values: Mapping[str, Decimal] | Mapping[str, float]) -> dict[str, int]:
    """Places from 1, the highest value first; equals share the better place."""
    ranked = sorted(values.values(), reverse=True)
    first = {value: place for place, value in reversed(list(enumerate(ranked, start=1)))}
    return {key: first[value] for key, value in values.items()}


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores of several scorers lie: mean, lowest, highest, and who stands far from the others."""

    mean: Decimal
    lowest: Decimal
    highest: Decimal
    outliers: tuple[str, ...]


def spread(given: Mapping[str, Decimal]) -> Spread:
    """The spread of what scorers gave for one thing; with three or more, who differs by two steps from the others' middle."""
    values: Sequence[Decimal] = list(given.values())
    outliers = []
    if len(values) > 2:
        for who, value in given.items():
            others = [score for scorer, score in given.items() if scorer != who]
            if abs(value - median(others)) >= OUTLYING:
                outliers.append(who)
    return Spread(sum(values, Decimal(0)) / len(values), min(values), max(values), tuple(outliers))
