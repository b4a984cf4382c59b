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

    @property
    def can_be_broken(self) -> bool:
        """Whether any set of its nominees goes beyond a limit."""
        highest = sum(number for number in self.terms.values() if number > 0)
        lowest = sum(number for number in self.terms.values() if number < 0)
        return (self.most is not None and highest > self.most) or (self.least is not None and lowest < self.least)

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
    """What one would choose by hand, and what the best set is compared with.

    First what must be in; then, as long as something breaks no upper limit, what the most unmet lower limits still need
    and among those the highest value. Nobody looks ahead, so a lower limit may stay unmet.
    """
    of: dict[str, list[Rule]] = {key: [] for key in question.values}
    for rule in question.rules:
        for key, number in rule.terms.items():
            if number and key in of:
                of[key].append(rule)
    amounts = dict.fromkeys((rule.key for rule in question.rules), 0)
    musts = [rule.terms for rule in question.rules if rule.least == 1 and list(rule.terms.values()) == [1]]
    first = {key for terms in musts for key in terms if key in question.values}
    chosen: set[str] = set()

    def fits(key: str) -> bool:
        return all(rule.most is None or amounts[rule.key] + rule.terms[key] <= rule.most for rule in of[key])

    def rank(key: str) -> tuple[bool, int, int, str]:
        needed = sum(
            rule.least is not None and rule.terms[key] > 0 and amounts[rule.key] < rule.least for rule in of[key]
        )
        return key not in first, -needed, -question.values[key], key

    waiting = set(question.values)
    while waiting := {key for key in waiting - chosen if fits(key)}:
        found = min(waiting, key=rank)
        chosen.add(found)
        for rule in of[found]:
            amounts[rule.key] += rule.terms[found]
    return frozenset(chosen)


def all_sets(question: Question) -> Iterator[frozenset[str]]:
    """Every set that keeps the rules, for checking a solver on few nominees: two to the power of their number."""
    keys = list(question.values)
    for number in range(1 << len(keys)):
        chosen = frozenset(key for at, key in enumerate(keys) if number >> at & 1)
        if not question.broken(chosen):
            yield chosen
