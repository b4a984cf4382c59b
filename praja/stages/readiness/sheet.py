"""Readiness and statistics as workbooks: what they hold, what a row that comes back would change, and applying it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from praja.foundation.audit.rows import TooLate
from praja.foundation.instruments.filled import Filled, filled
from praja.foundation.instruments.models import Answer, Instrument
from praja.foundation.plans.models import Plan, in_language
from praja.foundation.sheets.columns import Column, Sheet, mapping_of
from praja.foundation.sheets.fields import parse_decimal_text
from praja.foundation.sheets.reading import Row, SheetError, read_table
from praja.foundation.sheets.values import (
    Choices,
    is_blank,
    limited,
    normalised,
    parse_int,
    parse_year,
    text_of,
)
from praja.foundation.sheets.writing import template
from praja.foundation.statistics import actions as statistics
from praja.foundation.statistics.catalogue import OWN, kinds
from praja.foundation.statistics.figures import lines_of
from praja.foundation.statistics.models import Statistic
from praja.stages.readiness import actions
from praja.stages.readiness.figures import instrument_of

NEW, CHANGED, SAME, WRONG, LATE = "new", "changed", "same", "wrong", "late"
MOST_ROWS = 500
MOST_CHARACTERS = 2_000_000  # of the preview's rows, which travel in its form
VERSION = Column(
    "version",
    gettext_lazy("Praja version"),
    ("versi praja", "versi"),
    lambda value: parse_int(value, maximum=10**8),
    help=gettext_lazy("Leave this as it is: it tells whether somebody changed the row after the download."),
)


def number_text(value: Any) -> str | None:
    """A number as canonical text; None for a blank."""
    return None if is_blank(value) else parse_decimal_text(value)


@dataclass
class Change:
    """One field of a row that would say something else."""

    label: str
    before: str
    after: str


@dataclass
class Line:
    """One row of a file: which row of ours it is, what it would change, and why it cannot."""

    number: int
    title: str = ""
    status: str = SAME
    key: str = ""  # of our row
    version: int = 0  # of our row as it was compared
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    payload: str = ""

    @property
    def can_be_applied(self) -> bool:
        """Whether it would change something and may."""
        return self.status in (NEW, CHANGED, LATE)


@dataclass(frozen=True)
class Preview:
    """A file as it was understood."""

    lines: list[Line]
    columns: list[tuple[str, str]]  # (title in the file, title of ours)
    not_placed: list[str]
    warnings: list[str]

    @property
    def to_apply(self) -> list[Line]:
        """The rows that can be chosen."""
        return [line for line in self.lines if line.can_be_applied]


@dataclass(frozen=True)
class Ours:
    """A row of ours as the workbook shows it: title, version (0: not stored) and values by key of the column."""

    title: str
    version: int
    values: Mapping[str, Any]


class Book:
    """What the workbooks of both kinds share; each kind says its columns, its rows and how a row is written."""

    title: Promise | str
    file_name: str
    needed: tuple[str, ...]  # columns without which a file is not ours

    def __init__(self, plan: Plan, *, by: Any = None) -> None:
        self.plan, self.by = plan, by

    @cached_property
    def sheet(self) -> Sheet:
        """The columns."""
        raise NotImplementedError

    def rows(self) -> list[Mapping[str, Any]]:
        """The rows of the workbook as it is handed out."""
        raise NotImplementedError

    @cached_property
    def ours(self) -> dict[str, Ours]:
        """What is stored, by the key of a line."""
        raise NotImplementedError

    def recognise(self, line: Line, said: dict[str, Any]) -> None:
        """Find our row, or say what is wrong; sets the key and the title of the line."""
        raise NotImplementedError

    def write(self, line: Line) -> None:
        """Write one line; raises TooLate."""
        raise NotImplementedError

    def workbook(self) -> bytes:
        """The workbook with what is there."""
        return template(self.sheet, str(self.title), self.rows())

    def preview(self, file: BinaryIO, filename: str) -> Preview:
        """What a file would change; raises SheetError."""
        table = read_table(file, filename, known=self.sheet.known_names)
        mapping = mapping_of(self.sheet.propose_mapping(table.header))
        titles = [str(self.sheet.by_key[key].title) for key in self.needed if key not in mapping.values()]
        if titles:
            raise SheetError(
                _("This file has no column “%(title)s”. Download the workbook here and fill that one in.")
                % {"title": titles[0]}
            )
        if len(table.rows) > MOST_ROWS:
            raise SheetError(
                ngettext(
                    "This file has %(count)d row; at most %(most)d fit. Is it the right file?",
                    "This file has %(count)d rows; at most %(most)d fit. Is it the right file?",
                    len(table.rows),
                )
                % {"count": len(table.rows), "most": MOST_ROWS}
            )
        texts = [
            (row.number, {key: cell for title, cell in zip(table.header, row.cells, strict=False) if (key := mapping[title])})
            for row in table.rows
        ]  # fmt: skip
        lines = self.judged([Row(number, self._cells(found)) for number, found in texts])
        if sum(len(line.payload) for line in lines) > MOST_CHARACTERS:
            raise SheetError(_("The texts of this file are too long for one go. Please split it into two files."))
        placed = [(title, str(self.sheet.by_key[key].title)) for title, key in mapping.items() if key]
        return Preview(lines, placed, [title for title, key in mapping.items() if not key], table.warnings)

    def apply(self, payloads: Iterable[str]) -> tuple[int, list[Line]]:
        """Write the chosen rows of a preview; returns how many, and those that had to be left as they are."""
        done, left = 0, []
        for payload in list(payloads)[:MOST_ROWS]:
            try:
                number, version, texts = json.loads(payload)
                cells = {key: str(text) for key, text in texts.items() if key in self.sheet.by_key}
                row, seen = Row(int(number), self._cells(cells)), int(version)
            except (ValueError, TypeError, AttributeError, OverflowError):
                continue
            (line,) = self.judged([row])
            if line.status == SAME:
                continue
            if line.can_be_applied and line.version == seen and self._written(line):
                done += 1
            else:
                left.append(line)
            self.__dict__.pop("ours", None)  # the next row meets what this one wrote
        return done, left

    def _written(self, line: Line) -> bool:
        try:
            self.write(line)
        except TooLate:
            return False
        return True

    def judged(self, rows: Sequence[Row]) -> list[Line]:
        """Each row against what is stored; a blank cell leaves ours as it is."""
        keys = [column.key for column in self.sheet.columns]
        lines: list[Line] = []
        seen: dict[str, int] = {}
        for judged, row in zip(self.sheet.judge(rows, keys, {key: key for key in keys}), rows, strict=True):
            line = Line(judged.number)
            line.problems = [(str(self.sheet.by_key[key].title), text) for key, text in judged.problems.items()]
            self.recognise(line, judged.values)
            if line.key and line.key in seen:
                line.problems.append(("", _("The same as row %(number)d.") % {"number": seen[line.key]}))
            seen.setdefault(line.key, line.number)
            self._compare(line, judged.values)
            texts = {key: _payload_text(cell) for key, cell in zip(keys, row.cells, strict=True) if not is_blank(cell)}
            line.payload = json.dumps([line.number, line.version, texts], ensure_ascii=False)
            lines.append(line)
        return lines

    def _compare(self, line: Line, said: Mapping[str, Any]) -> None:
        ours = self.ours.get(line.key)
        if ours is not None:
            line.version, line.title = ours.version, ours.title
        now = ours.values if ours else {}
        for column in self.sheet.columns:
            key, value = column.key, said.get(column.key)
            if key in self.fixed or value is None or value == (now.get(key) or None):
                continue
            line.values[key] = value
            line.changes.append(
                Change(str(column.title), self._worded(column, now.get(key)), self._worded(column, value))
            )
        if line.problems:
            line.status = WRONG
        elif not line.changes:
            line.status = SAME
        elif ours is None or not ours.version:
            line.status = NEW
        else:
            handed = said.get("version")
            line.status = LATE if handed is not None and handed != ours.version else CHANGED

    fixed: tuple[str, ...] = ("version",)  # columns that are read but never written

    @staticmethod
    def _worded(column: Column, value: Any) -> str:
        if value in (None, ""):
            return ""
        if column.choices:
            return column.choices.label(value)
        return str(value).replace(".", ",") if column.parse is number_text else str(value)

    def _cells(self, found: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(found.get(column.key) for column in self.sheet.columns)


def _payload_text(cell: Any) -> str:
    """A cell as text that means the same when it is read again: a number of the file gets a decimal comma."""
    return text_of(cell) if isinstance(cell, str) else text_of(cell).replace(".", ",")


def comma(text: str) -> str:
    """A stored decimal as a cell says it."""
    return text.replace(".", ",")


class ReadinessBook(Book):
    """The elements of the readiness, one row each; rows are never added."""

    title = gettext_lazy("Readiness")
    file_name = "kesiapan"
    needed = ("element",)
    fixed = ("version", "component", "element", "key")

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

    def recognise(self, line: Line, said: dict[str, Any]) -> None:
        """The element by its code, else by its name."""
        line.title = said.get("element", "")
        code = said.get("key", "")
        line.key = code if code in self.ours else self._by_name.get(normalised(line.title), "")
        ours = self.ours.get(line.key)
        if ours and "figure" not in said and not ours.values["unit"] and said.get("unit") == self._units[line.key]:
            del said["unit"]  # the workbook proposes a unit, which says nothing without a figure
        if not line.key and line.title:
            line.problems.append(
                (_("Element"), _("No element of the readiness has this name. Leave the names as they are."))
            )

    def write(self, line: Line) -> None:
        """Write one element."""
        assert self.filled is not None
        values = dict(line.values)
        if answer := values.pop("answer", ""):
            is_level = answer in self.filled.instrument.levels
            values |= {"state": Answer.State.GIVEN if is_level else answer, "level": answer if is_level else ""}
        node = next(node for node in self.filled.elements if node.key == line.key)
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


class StatisticsBook(Book):
    """The figures of the region: one row for each kind and year; new rows are new figures."""

    title = gettext_lazy("Statistics")
    file_name = "statistik"
    needed = ("name", "value")
    fixed = ("version", "name", "key", "year")

    @cached_property
    def sheet(self) -> Sheet:
        """The columns of a figure."""
        return Sheet(
            [
                Column("key", gettext_lazy("Code"), ("kode",), limited(60)),
                Column(
                    "name",
                    gettext_lazy("What it says"),
                    ("nama", "data", "indikator", "uraian"),
                    limited(200),
                    required=True,
                    help=gettext_lazy("A name of your own makes a figure of your own."),
                ),
                Column("value", pgettext_lazy("a number", "Figure"), ("angka", "nilai"), number_text),
                Column("unit", gettext_lazy("Unit"), ("satuan",), limited(40)),
                Column("year", gettext_lazy("Year"), ("tahun",), parse_year),
                Column("source", gettext_lazy("Source"), ("sumber", "sumber data"), limited(300)),
                Column(
                    "status",
                    gettext_lazy("How sure the source is"),
                    ("status", "kepastian"),
                    choices=Choices(Statistic.Status.choices),
                ),
                VERSION,
            ]
        )

    def rows(self) -> list[Mapping[str, Any]]:
        """Every figure, and a row for each kind that has none."""
        made: list[Mapping[str, Any]] = []
        for line in lines_of(self.plan.government):
            if not line.figures and line.kind:
                made.append({"key": line.key, "name": line.name, "unit": line.kind.unit})
            made += [
                {
                    **{name: getattr(figure, name) for name in ("key", "unit", "year", "source", "status", "version")},
                    "name": line.name,
                    "value": comma(figure.value),
                }
                for figure in line.figures
            ]
        return made

    @cached_property
    def _rows(self) -> dict[str, Statistic]:
        figures = Statistic.objects.filter(organisation=self.plan.government, withdrawn_at=None)
        return {f"{row.key} {row.year}": row for row in figures}

    @cached_property
    def ours(self) -> dict[str, Ours]:
        """Every figure by its kind and year."""
        names = ("value", "unit", "source", "status")
        self.__dict__.pop("_rows", None)
        return {
            key: Ours(f"{row.title} {row.year}", row.version, {name: getattr(row, name) for name in names})
            for key, row in self._rows.items()
        }

    @cached_property
    def _by_name(self) -> dict[str, str]:
        found = {normalised(row.name): row.key for row in self._rows.values() if row.is_own}
        for kind in kinds().values():
            found |= {normalised(name): kind.key for name in kind.names.values()}
        return found

    def recognise(self, line: Line, said: dict[str, Any]) -> None:
        """The kind by its code or name, and the year; a row without figure says nothing."""
        name, code, year = said.get("name", ""), said.get("key", ""), said.get("year")
        line.title = f"{name} {year or ''}".strip()
        if "value" not in said:
            if not line.problems:
                said.clear()  # a kind that is not filled in: the unit alone is no figure
            return
        known = code in kinds() or any(row.key == code for row in self._rows.values())
        key = code if known else self._by_name.get(normalised(name), "")
        key = key or statistics.own_key(name)
        if key == OWN:
            line.problems.append((_("What it says"), _("Name the figure with letters or digits.")))
        if year is None and not any(title == str(self.sheet.by_key["year"].title) for title, _text in line.problems):
            line.problems.append((_("Year"), _("Write the year of the figure.")))
        line.key = f"{key} {year}"
        if line.key not in self.ours:
            lacking = [name for name in ("unit", "source") if not said.get(name)]
            line.problems += [
                (str(self.sheet.by_key[name].title), _("Please fill this in; it is required.")) for name in lacking
            ]

    def write(self, line: Line) -> None:
        """Write one figure."""
        key, _space, year = line.key.rpartition(" ")
        row = self._rows.get(line.key)
        if row is not None:
            statistics.change_figure(row, line.values, by=self.by, version=line.version)
            return
        own = {} if key in kinds() else {"name": line.title.removesuffix(f" {year}")[:200]}
        said = {"status": Statistic.Status.FINAL, **line.values, **own}
        statistics.set_figure(self.plan.government, by=self.by, key=key, year=int(year), **said)
