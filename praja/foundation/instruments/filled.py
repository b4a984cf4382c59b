"""An instrument with what was answered about one row: its tree, the answers by node, and the scores of every part."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from praja.foundation.instruments import scoring
from praja.foundation.instruments.models import Answer, Instrument, Node
from praja.foundation.instruments.scoring import Part, Score


@dataclass(frozen=True)
class Filled:
    """`nodes` in the order of the instrument; `answers`: {key of a node's row: Answer}."""

    instrument: Instrument
    nodes: tuple[Node, ...]
    answers: dict[int, Answer]

    @cached_property
    def below(self) -> dict[int | None, list[Node]]:
        """The nodes below each one; those at the top under None."""
        found: dict[int | None, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.parent_id, []).append(node)
        return found

    @property
    def top(self) -> list[Node]:
        """The components."""
        return self.below.get(None, [])

    @cached_property
    def elements(self) -> list[Node]:
        """The nodes that are answered, in order."""
        return [node for node in self.nodes if node.pk not in self.below]

    def elements_of(self, node: Node) -> Iterator[Node]:
        """The answered nodes at or below one."""
        parts = self.below.get(node.pk, [])
        if not parts:
            yield node
        for part in parts:
            yield from self.elements_of(part)

    def answer(self, node: Node) -> Answer | None:
        """What was answered to a node; None where it is missing."""
        return self.answers.get(node.pk)

    def state(self, node: Node) -> str:
        """One of the words of scoring."""
        answer = self.answer(node)
        return answer.state if answer and answer.state else scoring.MISSING

    @cached_property
    def score(self) -> Score:
        """The score of the whole, with those of its parts below it."""
        return scoring.score(Part("", parts=tuple(self._part(node) for node in self.top)))

    @cached_property
    def scores(self) -> dict[str, Score]:
        """The score of every node by its key."""
        found: dict[str, Score] = {}
        waiting = list(self.score.parts)
        while waiting:
            one = waiting.pop()
            found[one.key] = one
            waiting += one.parts
        return found

    def _part(self, node: Node) -> Part:
        parts = tuple(self._part(below) for below in self.below.get(node.pk, []))
        answer = None if parts else self.answer(node)
        value = self.instrument.values.get(answer.level) if answer else None
        return Part(node.key, Decimal(node.weight), parts, self.state(node), value)


def filled(instrument: Instrument, row: Any) -> Filled:
    """The instrument as it is answered about a row, in two queries."""
    answers = Answer.objects.about(row).filter(node__instrument=instrument)
    return Filled(instrument, tuple(instrument.nodes.all()), {answer.node_id: answer for answer in answers})
