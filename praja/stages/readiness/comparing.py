"""A workbook of what is there, which comes back: each row is found again, compared field by field, and written by its version."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.audit.rows import TooLate
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.columns import Column
from praja.foundation.sheets.fields import parse_decimal_text
from praja.foundation.sheets.flow import CHANGED, LATE, NEW, SAME, WRONG, Change, Line, Outcome, Said, TableFlow
from praja.foundation.sheets.values import is_blank, parse_int
from praja.foundation.sheets.writing import template

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


def comma(text: str) -> str:
    """A stored decimal as a cell says it."""
    return text.replace(".", ",")


@dataclass
class ComparedLine(Line):
    """`ours`: the key of our row, "" for none; `values`: {key of a column: value} of what would change."""

    ours: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ours:
    """A row of ours as the workbook shows it: title, version (0: not stored) and values by key of the column."""

    title: str
    version: int
    values: Mapping[str, Any]


class ComparedFlow(TableFlow):
    """What the workbooks of both kinds share; each kind says its columns, its rows and how a row is written."""

    lead = gettext_lazy(
        "Download the workbook with what stands in Praja now, fill it in, and upload it again. You see every change before anything is applied; empty cells leave Praja as it is."
    )
    subject = gettext_lazy("What it speaks of")
    sheet_title: Promise | str
    needed: tuple[str, ...]  # columns without which a file is not ours
    identity = frozenset({"version"})  # columns that are read but never written

    def __init__(self, plan: Plan, *, by: Any = None) -> None:
        self.plan, self.by = plan, by

    def identity_of(self, said: Said) -> frozenset[str]:
        """The columns that are read but never written."""
        del said
        return self.identity

    def rows(self) -> list[Mapping[str, Any]]:
        """The rows of the workbook as it is handed out."""
        raise NotImplementedError

    @cached_property
    def ours(self) -> dict[str, Ours]:
        """What is stored, by the key of a line."""
        raise NotImplementedError

    def recognise(self, line: ComparedLine, said: dict[str, Any]) -> None:
        """Find our row, or say what is wrong; sets `ours` and the title of the line."""
        raise NotImplementedError

    def write(self, line: ComparedLine) -> None:
        """Write one line; raises TooLate."""
        raise NotImplementedError

    def workbook(self) -> bytes:
        """The workbook with what is there."""
        return template(self.sheet, str(self.sheet_title), self.rows())

    def lacks(self, keys: Collection[str]) -> str:
        """The first column that must be there and is not."""
        for key in self.needed:
            if key not in keys:
                return _("This file has no column “%(title)s”. Download the workbook here and fill that one in.") % {
                    "title": self.sheet.by_key[key].title
                }
        return ""

    def judged(self, rows: Sequence[Said]) -> list[ComparedLine]:
        """Each row against what is stored; a blank cell leaves ours as it is."""
        lines: list[ComparedLine] = []
        seen: dict[str, int] = {}
        for judged, said in zip(self.read(rows), rows, strict=True):
            line = ComparedLine(said, problems=self.problems_of(judged))
            self.recognise(line, judged.values)
            if line.ours and line.ours in seen:
                line.problems.append(("", _("The same as row %(number)d.") % {"number": seen[line.ours]}))
            seen.setdefault(line.ours, line.number)
            self._compare(line, judged.values)
            lines.append(line)
        return lines

    def store(self, chosen: Sequence[Said], *, state: str) -> Outcome:
        """Write each chosen row, unless ours is another than the preview showed."""
        del state
        outcome = Outcome()
        for said in chosen[: self.most]:
            (line,) = self.judged([said])
            if line.status == SAME:
                continue
            if line.can_be_chosen and line.version == said.seen and self._written(line):
                outcome.done += 1
            else:
                outcome.left.append(line.title)
            self.__dict__.pop("ours", None)  # the next row meets what this one wrote
        return outcome

    def _written(self, line: ComparedLine) -> bool:
        try:
            self.write(line)
        except TooLate:
            return False
        return True

    def _compare(self, line: ComparedLine, said: Mapping[str, Any]) -> None:
        ours = self.ours.get(line.ours)
        if ours is not None:
            line.version, line.title = ours.version, ours.title
        now = ours.values if ours else {}
        for column in self.sheet.columns:
            key, value = column.key, said.get(column.key)
            if key in self.identity or value is None or value == _as_read(column, now.get(key)):
                continue
            line.values[key] = value
            before, after = self._worded(column, now.get(key)), self._worded(column, value)
            line.changes.append(Change(key, str(column.title), before, after))
        if line.problems:
            line.status = WRONG
        elif not line.changes:
            line.status = SAME
        elif ours is None or not ours.version:
            line.status = NEW
        else:
            handed = said.get("version")
            line.status = LATE if handed is not None and handed != ours.version else CHANGED

    @staticmethod
    def _worded(column: Column, value: Any) -> str:
        if value in (None, ""):
            return ""
        if column.choices:
            return column.choices.label(value)
        return comma(str(value)) if column.parse is number_text else str(value)


def _as_read(column: Column, stored: Any) -> Any:
    """A stored value as the column would read it: a figure may be stored as "88.0"."""
    return number_text(comma(stored)) if stored and column.parse is number_text else stored or None
