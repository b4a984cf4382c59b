"""The question for the best set, and its answer: nominees with a value, rules that are sums, and what was proven."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Rule:
    """A sum over the chosen that must stay between two limits (either may be missing). All numbers are whole.

    "One of this dimension": every nominee of it counts 1, least 1, most 1. "A needs B": A counts 1, B counts -1, most 0.
    "Money of 2027": every nominee counts its rupiah, most the budget.
    """

    key: str
    terms: Mapping[str, int]
    least: int | None = None
    most: int | None = None

    def amount(self, chosen: Collection[str]) -> int:
        """The sum over a set."""
        return sum(number for key, number in self.terms.items() if key in chosen)

    def holds(self, chosen: Collection[str]) -> bool:
        """Whether a set keeps it."""
        amount = self.amount(chosen)
        return (self.least is None or amount >= self.least) and (self.most is None or amount <= self.most)

    def is_tight(self, chosen: Collection[str]) -> bool:
        """Whether a set reaches one of the limits."""
        return self.amount(chosen) in (self.least, self.most)


@dataclass(frozen=True)
class Question:
    """Which set of nominees has the greatest value under all rules. Values are whole and not below zero."""

    values: Mapping[str, int]
    rules: tuple[Rule, ...] = ()

    def value_of(self, chosen: Collection[str]) -> int:
        """The value of a set."""
        return sum(self.values[key] for key in chosen)

    def broken(self, chosen: Collection[str]) -> list[Rule]:
        """The rules that a set breaks."""
        return [rule for rule in self.rules if not rule.holds(chosen)]

    def as_json(self) -> dict[str, Any]:
        """The question as plain data."""
        rules = [[rule.key, dict(rule.terms), rule.least, rule.most] for rule in self.rules]
        return {"values": dict(self.values), "rules": rules}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Self:
        """The question of `as_json`."""
        return cls(told["values"], tuple(Rule(*rule) for rule in told["rules"]))


@dataclass(frozen=True)
class Best:
    """The best set that was found. `bound`: no set can be worth more. Proven when nothing is left between the two."""

    chosen: frozenset[str]
    value: int
    bound: int
    tight: tuple[str, ...] = field(default=())  # keys of rules at whose limit it stands

    @property
    def is_proven(self) -> bool:
        """Whether no set can be better."""
        return self.bound <= self.value

    @property
    def gap(self) -> float:
        """How much better a set could be at most, as a share of this one's value."""
        return (self.bound - self.value) / max(self.value, 1)

    def as_json(self) -> dict[str, Any]:
        """The answer as plain data."""
        return {"chosen": sorted(self.chosen), "value": self.value, "bound": self.bound, "tight": list(self.tight)}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Self:
        """The answer of `as_json`."""
        return cls(frozenset(told["chosen"]), told["value"], told["bound"], tuple(told["tight"]))


def plain_choice(question: Question) -> frozenset[str]:
    """What one would choose by hand: what must be in, then from the highest value down whatever breaks no upper limit.

    Other lower limits are not looked at, so the set may break a rule; it is what the best set is compared with.
    """
    musts = [rule.terms for rule in question.rules if rule.least == 1 and list(rule.terms.values()) == [1]]
    chosen: set[str] = {key for terms in musts for key in terms if key in question.values}
    waiting = sorted(question.values.keys() - chosen, key=lambda key: (-question.values[key], key))
    below = [rule for rule in question.rules if rule.most is not None]
    of: dict[str, list[Rule]] = {key: [rule for rule in below if key in rule.terms] for key in waiting}
    while True:
        fits = _first_fit(waiting, chosen, of)
        if fits is None:
            return frozenset(chosen)
        chosen.add(fits)
        waiting.remove(fits)


def _first_fit(waiting: list[str], chosen: set[str], of: Mapping[str, list[Rule]]) -> str | None:
    def fits(key: str) -> bool:
        return all(rule.amount(chosen | {key}) <= (rule.most or 0) for rule in of[key])

    return next((key for key in waiting if fits(key)), None)


def all_sets(question: Question) -> Iterator[frozenset[str]]:
    """Every set that keeps the rules, for checking a solver on few nominees: two to the power of their number."""
    keys = list(question.values)
    for number in range(1 << len(keys)):
        chosen = frozenset(key for at, key in enumerate(keys) if number >> at & 1)
        if not question.broken(chosen):
            yield chosen
