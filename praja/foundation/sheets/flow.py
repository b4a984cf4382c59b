"""A sheet that people get, fill in and hand in on one page: what each row of it would change, and storing the chosen ones.

A stage declares its sheet as a SheetFlow; flow_views.py has the page. Nothing is kept between the preview and the choice:
each row travels through the page as text and is judged again when it comes back.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import BinaryIO, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from praja.foundation.sheets.columns import Judged, Sheet, mapping_of
from praja.foundation.sheets.reading import Row, SheetError, read_table
from praja.foundation.sheets.values import Value, cleaned, is_blank, text_of

NEW, CHANGED, SAME, WRONG, LATE = "new", "changed", "same", "wrong", "late"
MOST_CHARACTERS = 2_000_000  # of the rows, which travel in the page of the preview


@dataclass(frozen=True)
class Said:
    """What one row of a file says: {key of a column: cell}, and which row of ours it speaks of.

    `sheet`: its sheet, where a file has several; `uid`, `base`: our row and its version, as the file names them; `seen`:
    the version that our row had in the preview.
    """

    number: int
    cells: Mapping[str, Value]
    sheet: str = ""
    uid: str = ""
    base: str = ""
    seen: int = 0

    @property
    def key(self) -> str:
        """How the page of the preview names the row."""
        return f"{self.sheet}-{self.number}" if self.sheet else str(self.number)

    @property
    def payload(self) -> str:
        """The row as it travels through the page; a number of the file gets a decimal comma, which reads the same again."""
        texts = {
            key: text_of(cell) if isinstance(cell, str) else text_of(cell).replace(".", ",")
            for key, cell in self.cells.items()
        }
        return json.dumps([self.sheet, self.number, texts, self.uid, self.base, self.seen], ensure_ascii=False)

    def only(self, keys: Collection[str]) -> "Said":
        """The row as if it said nothing in other columns."""
        return replace(self, cells={key: cell for key, cell in self.cells.items() if key in keys})


def said_in(payload: str) -> Said | None:
    """The row that came back from a preview; None for what is no row."""
    try:
        sheet, number, texts, uid, base, seen = json.loads(payload)
        cells = {str(key): cleaned(str(text))[0] for key, text in texts.items()}
        return Said(int(number), cells, str(sheet), str(uid), str(base), int(seen))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


class Change(NamedTuple):
    """One field of our row that would say something else."""

    key: str
    label: str
    before: str
    after: str


@dataclass
class Line:
    """One row of a file beside ours: what it would change, and why it cannot.

    `problems`: (title of the column or "", sentence); `notes`: sentences that only inform; `version`: that of our row, 0
    where there is none.
    """

    said: Said
    title: str = ""
    detail: str = ""
    sheet_title: str = ""
    status: str = SAME
    changes: list[Change] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    version: int = 0

    @property
    def number(self) -> int:
        """The number of the row in the file."""
        return self.said.number

    @property
    def key(self) -> str:
        """How the page names the row."""
        return self.said.key

    @property
    def payload(self) -> str:
        """The row as it travels through the page, with the version of ours that it is shown beside."""
        return replace(self.said, seen=self.version).payload

    @property
    def is_good(self) -> bool:
        """Whether it would change something and may."""
        return self.status in (NEW, CHANGED)

    @property
    def can_be_chosen(self) -> bool:
        """Whether it may come in, as it is or (changed meanwhile) cell by cell."""
        return self.status in (NEW, CHANGED, LATE)

    def wrong(self, title: str, sentence: str) -> None:
        """Note what must be mended."""
        self.problems.append((title, sentence))
        self.status = WRONG


@dataclass(frozen=True)
class Preview:
    """A file as it was understood.

    `columns`: (title in the file, title of ours); `not_placed`: titles that are none of ours; `state`: a word for everything
    that the rows were compared with, where they depend on each other.
    """

    lines: Sequence[Line]
    columns: Sequence[tuple[str, str]] = ()
    not_placed: Sequence[str] = ()
    notes: Sequence[str] = ()
    state: str = ""

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by status."""
        return {
            status: sum(line.status == status for line in self.lines) for status in (NEW, CHANGED, SAME, WRONG, LATE)
        }

    @property
    def to_choose(self) -> list[Line]:
        """The rows that can come in."""
        return [line for line in self.lines if line.can_be_chosen]

    @property
    def to_look_at(self) -> list[Line]:
        """The rows that would change something, or cannot."""
        return [line for line in self.lines if line.status != SAME]

    @property
    def as_they_are(self) -> list[Line]:
        """The rows that change nothing."""
        return [line for line in self.lines if line.status == SAME]


@dataclass
class Outcome:
    """What became of the chosen rows: how many were stored, the names of those that did not fit any more.

    `again`: nothing was stored, because somebody was faster; these are the rows beside what stands there now.
    """

    done: int = 0
    left: list[str] = field(default_factory=list)
    again: Preview | None = None


class SheetFlow:
    """One kind of sheet: the words of its page, how a file is read and judged, and how chosen rows are stored."""

    title: Promise | str
    lead: Promise | str
    subject: Promise | str  # what a row speaks of
    hint: Promise | str = gettext_lazy("XLSX, ODS, XLS or CSV. Titles and order of the columns may be your own.")
    most = 500  # rows of a sheet

    def preview(self, file: BinaryIO, filename: str) -> Preview:
        """What the file would change; raises SheetError."""
        raise NotImplementedError

    def store(self, chosen: Sequence[Said], *, state: str) -> Outcome:
        """Judge the chosen rows again and store those that still fit; `state`: of the preview."""
        raise NotImplementedError

    def identity_of(self, said: Said) -> frozenset[str]:
        """The columns that say which row of ours is meant: they are never chosen, and always needed."""
        del said
        return frozenset()

    def refuse_too_many(self, count: int) -> None:
        """Raise SheetError for a sheet of more rows than fit."""
        if count > self.most:
            raise SheetError(
                ngettext(
                    "This file has %(count)d row; at most %(most)d fit. Is it the right file?",
                    "This file has %(count)d rows; at most %(most)d fit. Is it the right file?",
                    count,
                )
                % {"count": count, "most": self.most}
            )

    @staticmethod
    def refuse_too_long(lines: Sequence[Line]) -> None:
        """Raise SheetError for rows that a page cannot carry."""
        if sum(len(line.payload) for line in lines) > MOST_CHARACTERS:
            raise SheetError(_("The texts of this file are too long for one go. Please split it into two files."))


class TableFlow(SheetFlow):
    """A sheet of one table, whose columns are declared as a Sheet."""

    @cached_property
    def sheet(self) -> Sheet:
        """The columns."""
        raise NotImplementedError

    def lacks(self, keys: Collection[str]) -> str:
        """The sentence for a file that has only these columns; "" when they are enough."""
        raise NotImplementedError

    def judged(self, rows: Sequence[Said]) -> Sequence[Line]:
        """Each row beside what is stored."""
        raise NotImplementedError

    def state(self) -> str:
        """A word that changes with what the rows are compared with; "" where each row has a version of its own."""
        return ""

    def preview(self, file: BinaryIO, filename: str) -> Preview:
        """What the file would change; raises SheetError."""
        table = read_table(file, filename, known=self.sheet.known_names)
        mapping = mapping_of(self.sheet.propose_mapping(table.header))
        if sentence := self.lacks({key for key in mapping.values() if key}):
            raise SheetError(sentence)
        self.refuse_too_many(len(table.rows))
        lines = self.judged([_said(row, table.header, mapping) for row in table.rows])
        self.refuse_too_long(lines)
        return Preview(
            lines,
            columns=[(title, str(self.sheet.by_key[key].title)) for title, key in mapping.items() if key],
            not_placed=[title for title, key in mapping.items() if not key],
            notes=table.warnings,
            state=self.state(),
        )

    def read(self, rows: Sequence[Said]) -> Iterator[Judged]:
        """Each row as the columns read it."""
        keys = [column.key for column in self.sheet.columns]
        cells = [Row(said.number, tuple(said.cells.get(key) for key in keys)) for said in rows]
        return self.sheet.judge(cells, keys, {key: key for key in keys})

    def problems_of(self, judged: Judged) -> list[tuple[str, str]]:
        """What is wrong with single cells: (title of the column, sentence)."""
        return [(str(self.sheet.by_key[key].title), sentence) for key, sentence in judged.problems.items()]


def _said(row: Row, header: Sequence[str], mapping: Mapping[str, str | None]) -> Said:
    cells = {
        key: cell
        for title, cell in zip(header, row.cells, strict=False)
        if (key := mapping[title]) and not is_blank(cell)
    }
    return Said(row.number, cells)
