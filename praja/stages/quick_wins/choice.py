"""The best set of a round with everything that is said about it, as plain data that pages and the decision sheet read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from praja.foundation.choosing import process
from praja.foundation.choosing.process import NotSolved
from praja.foundation.choosing.sets import Best, Question, Rule, plain_choice
from praja.stages.quick_wins.models import Round
from praja.stages.quick_wins.question import Nominee, Told, nominees_of, question_of, rules_of, told_rules
from praja.stages.quick_wins.values import Values, values_of

NEXT_BEST = 3
SECONDS = 10.0
MUST = "must"  # key of the rule that a nominee is in, which no rule of a round has


@dataclass(frozen=True)
class Asked:
    """A round as a question: its nominees, values, rules in words, and the question itself."""

    round: Round
    nominees: list[Nominee]
    values: Values
    told: list[Told]
    question: Question

    @property
    def fingerprint(self) -> str:
        """The sha256 of the question; another one means that the round has changed."""
        return sha256(json.dumps(self.question.as_json(), sort_keys=True).encode()).hexdigest()

    @property
    def words(self) -> dict[str, str]:
        """{key of a rule: the rule in words}."""
        return {one.rule.key: one.words for one in self.told}


def asked_of(round_: Round, values: Values | None = None) -> Asked:
    """The question of a round as it stands now; about ten queries, however many nominees."""
    values = values or values_of(round_)
    nominees = nominees_of(round_)
    dimensions = list(round_.plan.dimension_set.dimensions.all())
    told = told_rules(rules_of(round_), nominees, dimensions)
    return Asked(round_, nominees, values, told, question_of(values, nominees, told))


def find(asked: Asked, seconds: float = SECONDS) -> dict[str, Any]:
    """What the search finds: the set with its proof and what follows, or what contradicts and what would mend it.

    {"best": {"chosen", "value", "bound", "tight"}, "worth": {rule: value}, "next": [sets], "plain": {"chosen", "value",
    "broken"}} or {"best": None, "contradiction": [rules], "repair": {rule: limit}} or {"best": "late"}. Raises NotSolved.
    """
    question = asked.question
    plain = plain_choice(question)
    found: dict[str, Any] = {
        "plain": {
            "chosen": sorted(plain),
            "value": question.value_of(plain),
            "broken": [rule.key for rule in question.broken(plain)],
        }
    }
    (best,) = process.ask(question, [{"is": "best"}], seconds)
    found["best"] = best
    if best is None:
        asks: Sequence[dict[str, Any]] = [{"is": "contradiction"}, {"is": "repair"}]
        found["contradiction"], found["repair"] = process.ask(question, asks, seconds)
    elif best != "late":
        asks = [{"is": "worth"}, {"is": "next", "number": NEXT_BEST}]
        found["worth"], found["next"] = process.ask(question, asks, seconds)
    return found


def with_swap(asked: Asked, *, out: str, into: str, best: Best, seconds: float = SECONDS) -> dict[str, Any]:
    """What it costs to put one nominee into the set for another: in value and in rules, and the best set that does so.

    {"value": of the swapped set, "loss", "broken": [rules], "best": the best set with the one and without the other}.
    """
    swapped = (best.chosen - {out}) | {into}
    question = asked.question
    (other,) = process.ask(question, [{"is": "best", "inside": [into], "outside": [out]}], seconds)
    return {
        "value": question.value_of(swapped),
        "loss": best.value - question.value_of(swapped),
        "broken": [rule.key for rule in question.broken(swapped)],
        "best": other,
    }


def why_not(asked: Asked, key: str, best: Best, seconds: float = SECONDS) -> dict[str, Any]:
    """Why a nominee is not in the best set: what the best set with it is worth, who leaves and comes, or what forbids it.

    {"loss", "leaves": [keys], "comes": [keys]} or {"forbidden": [rules]} (the smallest contradiction with it inside). Raises NotSolved.
    """
    question = asked.question
    (other,) = process.ask(question, [{"is": "best", "inside": [key]}], seconds)
    if other is None:
        forced = Question(question.values, (*question.rules, Rule(MUST, {key: 1}, 1, None)))
        (rules,) = process.ask(forced, [{"is": "contradiction"}], seconds)
        if rules == "late":
            raise NotSolved("No contradiction was found in the time given.")
        return {"forbidden": [rule for rule in rules if rule != MUST]}
    if other == "late":
        raise NotSolved("No set was found in the time given.")
    chosen = frozenset(other["chosen"])
    return {
        "loss": best.value - other["value"],
        "leaves": sorted(best.chosen - chosen),
        "comes": sorted(chosen - best.chosen),
    }
