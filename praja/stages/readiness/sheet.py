"""The readiness as a workbook: one row for each element."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.foundation.instruments.filled import Filled, filled
from praja.foundation.instruments.models import Answer, Instrument
from praja.foundation.plans.models import in_language
from praja.foundation.sheets.columns import Column, Sheet
from praja.foundation.sheets.values import Choices, limited, normalised, parse_year
from praja.stages.readiness import actions
from praja.stages.readiness.comparing import VERSION, ComparedFlow, ComparedLine, Ours, comma, number_text
from praja.stages.readiness.figures import instrument_of


class ReadinessFlow(ComparedFlow):
    """The elements of the readiness, one row each; rows are never added."""

    title = gettext_lazy("Readiness with a workbook")
    sheet_title = gettext_lazy("Readiness")
    needed = ("element",)
    identity = frozenset({"version", "component", "element", "key"})

    @cached_property
    def filled(self) -> Filled | None:
        """The instrument with its answers; None where none is loaded."""
        instrument = instrument_of(self.plan)
        return filled(instrument, self.plan) if instrument else None

    @cached_property
    def sheet(self) -> Sheet:
        """The columns of an element."""
        instrument = self.filled.instrument if self.filled else None
        return Sheet(
            [
                Column("key", gettext_lazy("Code"), ("kode",), limited(60)),
                Column("component", gettext_lazy("Component"), ("komponen",), limited(300)),
                Column("element", gettext_lazy("Element"), ("elemen", "indikator"), limited(300), required=True),
                Column(
                    "answer",
                    gettext_lazy("Level"),
                    ("tingkat", "nilai"),
                    choices=answer_choices(instrument),
                    help=gettext_lazy("From 1 (very weak) to 5 (very good), or why there is no level."),
                ),
                Column("condition", gettext_lazy("Condition now"), ("kondisi", "kondisi saat ini", "uraian"), limited(10_000)),
                Column("figure", pgettext_lazy("a number", "Figure"), ("angka", "data"), number_text),
                Column("unit", gettext_lazy("Unit"), ("satuan",), limited(60)),
                Column("year", gettext_lazy("Year"), ("tahun",), parse_year),
                Column("source", gettext_lazy("Source"), ("sumber", "sumber data"), limited(300)),
                Column("recommendation", gettext_lazy("Recommendation"), ("rekomendasi",), limited(10_000)),
                Column("note", gettext_lazy("Note"), ("catatan", "keterangan"), limited(10_000)),
                VERSION,
            ]
        )  # fmt: skip

    def rows(self) -> list[Mapping[str, Any]]:
        """Every element with what is said about it."""
        if self.filled is None:
            return []
        made: list[Mapping[str, Any]] = []
        for component in self.filled.top:
            for node in self.filled.elements_of(component):
                ours = self.ours[node.key]
                said = {**ours.values, "figure": comma(ours.values["figure"])}
                said["unit"] = said["unit"] or ("" if said["figure"] else node.unit)
                made.append(
                    {
                        **said,
                        "key": node.key,
                        "component": component.name,
                        "element": node.name,
                        "version": ours.version,
                    }
                )
        return made

    @cached_property
    def ours(self) -> dict[str, Ours]:
        """Every element with its answer."""
        if self.filled is None:
            return {}
        answers = {answer.node_id: answer for answer in Answer.objects.about(self.plan)}
        return {node.key: _ours(node.name, answers.get(node.pk)) for node in self.filled.elements}

    @cached_property
    def _units(self) -> dict[str, str]:
        return {node.key: node.unit for node in self.filled.elements} if self.filled else {}

    @cached_property
    def _by_name(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for node in self.filled.elements if self.filled else []:
            found |= {normalised(name): node.key for name in (*node.names.values(), node.key)}
        return found

    def recognise(self, line: ComparedLine, said: dict[str, Any]) -> None:
        """The element by its code, else by its name."""
        line.title = said.get("element", "")
        code = said.get("key", "")
        line.ours = code if code in self.ours else self._by_name.get(normalised(line.title), "")
        ours = self.ours.get(line.ours)
        if ours and "figure" not in said and not ours.values["unit"] and said.get("unit") == self._units[line.ours]:
            del said["unit"]  # the workbook proposes a unit, which says nothing without a figure
        if not line.ours and line.title:
            line.problems.append(
                (_("Element"), _("No element of the readiness has this name. Leave the names as they are."))
            )

    def write(self, line: ComparedLine) -> None:
        """Write one element."""
        assert self.filled is not None
        values = dict(line.values)
        if answer := values.pop("answer", ""):
            is_level = answer in self.filled.instrument.levels
            values |= {"state": Answer.State.GIVEN if is_level else answer, "level": answer if is_level else ""}
        node = next(node for node in self.filled.elements if node.key == line.ours)
        actions.put(self.plan, node, values, by=self.by, version=line.version)


def _ours(title: str, answer: Answer | None) -> Ours:
    names = ("condition", "figure", "unit", "source", "recommendation", "note")
    values: dict[str, Any] = {name: getattr(answer, name) if answer else "" for name in names}
    values["year"] = answer.year if answer else None
    values["answer"] = (answer.level or answer.state) if answer else ""
    return Ours(title, answer.version if answer else 0, values)


def answer_choices(instrument: Instrument | None) -> Choices:
    """The levels and the reasons for none, as one list."""
    levels = instrument.levels if instrument else {}
    pairs: list[tuple[str, Promise | str]] = [
        (key, f"{key} – {in_language(level['names'])}") for key, level in levels.items()
    ]
    states = [(str(state.value), state.label) for state in Answer.State if state != Answer.State.GIVEN]
    synonyms = {name: key for key, level in levels.items() for name in level["names"].values()}
    return Choices([*pairs, *states], synonyms)
