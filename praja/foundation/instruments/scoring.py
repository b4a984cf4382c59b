"""Scores that explain themselves: exact weighted means, five kinds of missing kept apart, rounded once when shown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

GIVEN, MISSING = "given", "missing"
NOT_APPLICABLE, NOT_AVAILABLE, EXCLUDED = "not_applicable", "not_available", "excluded"
PLACES = 2  # decimals of a result as people read it


@dataclass(frozen=True)
class Part:
    """What is to be scored: a node with parts below it, or one that was answered with a value, or why it has none.

    `state` is one of the words above; `value` counts only where it is GIVEN, and zero is a value like any other.
    """

    key: str
    weight: Decimal = Decimal(1)
    parts: tuple["Part", ...] = ()
    state: str = MISSING
    value: Decimal | None = None


@dataclass(frozen=True)
class Contribution:
    """What one answered node gives to the score above it: its share of the weights times its value."""

    key: str
    share: Fraction
    value: Fraction

    @property
    def points(self) -> Fraction:
        """The part of the score that comes from this node; all of them add up to the score."""
        return self.share * self.value


@dataclass(frozen=True)
class Score:
    """The result of a part; `value` is None where nothing below it was given. `counts`: nodes below by their state."""

    key: str
    value: Fraction | None
    contributions: tuple[Contribution, ...] = ()
    counts: Mapping[str, int] = field(default_factory=Counter)
    parts: tuple["Score", ...] = ()

    @property
    def asked(self) -> int:
        """How many nodes wait for an answer or have one: all but those that do not apply or were left out."""
        return self.given + self.counts.get(MISSING, 0) + self.counts.get(NOT_AVAILABLE, 0)

    @property
    def given(self) -> int:
        """How many have a value."""
        return self.counts.get(GIVEN, 0)

    @property
    def is_complete(self) -> bool:
        """Whether the value rests on everything that was asked."""
        return self.value is not None and self.given == self.asked

    @property
    def shown(self) -> Decimal | None:
        """The value as people read it."""
        return None if self.value is None else rounded(self.value)


def score(part: Part) -> Score:
    """The weighted mean of what was given below, by groups: a node without a value leaves its weight to its siblings.

    A node that does not apply, has no data yet, was left out or is missing has no value; the counts keep them apart.
    """
    if not part.parts:
        value = Fraction(part.value) if part.state == GIVEN and part.value is not None else None
        state = part.state if value is not None or part.state != GIVEN else MISSING
        own = () if value is None else (Contribution(part.key, Fraction(1), value),)
        return Score(part.key, value, own, Counter({state: 1}))
    below = tuple(score(one) for one in part.parts)
    counts: Counter[str] = Counter()
    for one in below:
        counts.update(one.counts)
    weighed = [
        (Fraction(one.weight), scored, scored.value)
        for one, scored in zip(part.parts, below, strict=True)
        if scored.value is not None and one.weight > 0
    ]
    total = sum((weight for weight, _scored, _value in weighed), Fraction(0))
    if not total:
        return Score(part.key, None, (), counts, below)
    contributions = tuple(
        Contribution(one.key, weight / total * one.share, one.value)
        for weight, scored, _value in weighed
        for one in scored.contributions
    )
    mean = sum((weight / total * value for weight, _scored, value in weighed), Fraction(0))
    return Score(part.key, mean, contributions, counts, below)


def rounded(value: Fraction, places: int = PLACES) -> Decimal:
    """The value with so many decimals, half up (away from zero): the one place where a result is rounded."""
    whole, rest = divmod(abs(value.numerator) * 10**places, value.denominator)
    whole += 2 * rest >= value.denominator
    return Decimal(f"{'-' if value < 0 and whole else ''}{whole}e-{places}")


def band_of(value: Decimal | None, bands: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The band of a result as it is shown, so that number and word never disagree; each goes up to the next one's start."""
    found = None
    if value is not None:
        for band in bands:
            if Decimal(band["from"]) <= value:
                found = band
    return found


def weakest(scores: Iterable[Score], most: int = 3) -> list[Score]:
    """Those with the lowest values, the lowest first; of equal ones the first."""
    known = [(one.value, one) for one in scores if one.value is not None]
    return [one for _value, one in sorted(known, key=lambda pair: pair[0])[:most]]
