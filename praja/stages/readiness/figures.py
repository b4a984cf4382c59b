"""The readiness of a region: the result of each component, what it rests on, and what still waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef

from praja.foundation.instruments import scoring
from praja.foundation.instruments.filled import Filled, filled
from praja.foundation.instruments.models import Answer, Instrument, Node
from praja.foundation.instruments.scoring import Score, band_of
from praja.foundation.plans.models import Plan
from praja.foundation.ui.names import in_language

FAMILY = "readiness-"


@dataclass(frozen=True)
class Element:
    """One element as it stands: its node, its answer if there is one, and a word of scoring for its state."""

    node: Node
    answer: Answer | None
    state: str
    level_name: str
    tone: str
    group: str = ""  # the name of the group inside its component

    @property
    def is_answered(self) -> bool:
        """Whether somebody has said a level, or why there is none."""
        return self.state != scoring.MISSING

    @property
    def lacks_source(self) -> bool:
        """Whether there is a figure that nobody can look up."""
        answer = self.answer
        return bool(answer and answer.figure and not (answer.source and answer.year))


@dataclass(frozen=True)
class Component:
    """A component of the instrument, or a group inside one, with its result."""

    node: Node
    score: Score
    band: Mapping[str, Any] | None
    elements: list[Element]
    groups: list["Component"]

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.node.name

    @property
    def level(self) -> Decimal | None:
        """The result as people read it; None without an answer that counts."""
        return self.score.shown

    @property
    def band_name(self) -> str:
        """The word for the result; empty without one."""
        return in_language(self.band["names"]) if self.band else ""

    @property
    def answered(self) -> int:
        """How many elements somebody has answered, also with why there is no level."""
        return sum(element.is_answered for element in self.elements)


@dataclass(frozen=True)
class Readiness:
    """Everything about the readiness of a plan's region; without an instrument it is empty."""

    instrument: Instrument | None
    whole: Score
    components: list[Component]

    @property
    def level(self) -> Decimal | None:
        """The mean of the components as people read it."""
        return self.whole.shown

    @property
    def band_name(self) -> str:
        """The word for the whole; empty without a result."""
        band = band_of(self.level, self.instrument.bands) if self.instrument else None
        return in_language(band["names"]) if band else ""

    @property
    def best(self) -> Decimal:
        """The highest level that can be reached."""
        return self.instrument.best if self.instrument else Decimal(0)

    @cached_property
    def elements(self) -> list[Element]:
        """Every element, in order."""
        return [element for component in self.components for element in component.elements]

    @property
    def answered(self) -> int:
        """How many elements somebody has answered."""
        return sum(element.is_answered for element in self.elements)

    def with_result(self) -> list[Component]:
        """The components that have a result, the strongest first; of equal ones the first."""
        known = [(one.score.value, one) for one in self.components if one.score.value is not None]
        return [one for _value, one in sorted(known, key=lambda pair: -pair[0])]


def instrument_of(plan: Plan) -> Instrument | None:
    """The version that the plan has answered, else the newest; None where none is loaded."""
    answers = Answer.objects.about(plan).filter(node__instrument=OuterRef("pk"))
    versions = Instrument.objects.filter(key__startswith=FAMILY).annotate(is_answered=Exists(answers))
    return versions.order_by("-is_answered", "-key").first()


def readiness_of(plan: Plan) -> Readiness:
    """The readiness of a plan's region, in three queries."""
    instrument = instrument_of(plan)
    if instrument is None:
        return Readiness(None, Score("", None), [])
    sheet = filled(instrument, plan)
    return Readiness(instrument, sheet.score, [component_of(sheet, node) for node in sheet.top])


def component_of(sheet: Filled, node: Node) -> Component:
    """A component with its groups and elements."""
    score = sheet.scores[node.key]
    groups = [one for one in sheet.below.get(node.pk, []) if one.pk in sheet.below]
    return Component(
        node,
        score,
        band_of(score.shown, sheet.instrument.bands),
        list(_elements(sheet, node)),
        [component_of(sheet, one) for one in groups],
    )


def _elements(sheet: Filled, node: Node) -> Iterator[Element]:
    names = {one.pk: one.name for one in sheet.below.get(node.pk, []) if one.pk in sheet.below}
    for element in sheet.elements_of(node):
        yield element_of(sheet, element, names.get(element.parent_id or 0, ""))


def element_of(sheet: Filled, node: Node, group: str = "") -> Element:
    """One element as it stands."""
    answer, state = sheet.answer(node), sheet.state(node)
    if state == scoring.GIVEN and answer is not None:
        level = sheet.instrument.levels.get(answer.level, {})
        return Element(node, answer, state, sheet.instrument.level_name(answer.level), level.get("tone", ""), group)
    word = str(Answer.State(state).label) if state in Answer.State else ""
    return Element(node, answer, state, word, "", group)
