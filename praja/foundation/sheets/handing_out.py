"""The workbook as people get it: instructions, one sheet a kind, drop-downs, locked heads, and a hidden identity a row."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

import xlsxwriter
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy
from xlsxwriter.utility import xl_col_to_name

from praja.foundation.sheets.entries import (
    CELL_LIMIT,
    NUMBER_TITLE,
    UNHELD,
    ChildSheet,
    DependentRowColumn,
    EntryColumn,
    EntrySheet,
    fits_a_cell,
)
from praja.foundation.sheets.values import normalised

# The head of the hidden column tells whose workbook it is; every sheet carries it, whatever happens to the others.
_IDENTITY = re.compile(r"praja ([a-z_]{1,30}) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")
REMARK = "Praja: "  # columns that begin so are ours and no data when a workbook comes back
HEAD = 2  # rows above the data: pages of the form, titles of the columns
MORE_ROWS = 500  # below the prepared ones, for those who add rows
LONG = 300
COLUMNS_ON_PAPER = 9
READ_FIRST = gettext_lazy("Read this first")
LISTS = pgettext_lazy("sheet of a workbook", "Lists")
_TEXTS_STAY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MAY = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True, "sort": True,
    "autofilter": True, "select_locked_cells": True, "select_unlocked_cells": True,
}  # fmt: skip


class Identity(NamedTuple):
    """What the head of the hidden column says: the key of the sheet and the handout."""

    sheet: str
    handout: UUID


def identity_of(title: str) -> Identity | None:
    """The identity that the head of a column carries, None when it is another column."""
    found = _IDENTITY.fullmatch(" ".join(title.casefold().split()))
    return Identity(found[1], UUID(found[2])) if found else None


@dataclass(slots=True)
class OutRow:
    """One row as it goes out: its visible number, its identity (None: none), and the text of each cell.

    `above`: number and name of the row above it; `remark`: what is to be mended.
    """

    number: str
    uid: UUID | None
    texts: Mapping[str, str] = field(default_factory=dict)
    above: tuple[str, str] = ("", "")
    locked: Sequence[str] = ()
    remark: str = ""


@dataclass
class OutSheet:
    """One sheet with its rows, those that are there and free ones."""

    sheet: EntrySheet
    rows: Sequence[OutRow]


def shortened(text: str) -> str:
    """A text that no cell can hold, as far as it goes, with a word about the rest."""
    note = "\n" + _("[Praja: a cell cannot hold this text of %(length)d characters. Change it on the page.]") % {
        "length": len(text)
    }
    text = UNHELD.sub(lambda found: found[0].replace("_x", "_ x"), text)
    room = CELL_LIMIT - len(note) - 10
    while not fits_a_cell(text[:room]):
        room //= 2
    return text[:room].rstrip() + note


def write_workbook(
    target: BinaryIO, sheets: Sequence[OutSheet], *, handout: UUID | None, title: str, instructions: Sequence[str],
    with_remarks: bool = False,
) -> None:  # fmt: skip
    """Write a workbook; every cell is text, so that it comes back as it was seen."""
    with xlsxwriter.Workbook(target, {"constant_memory": True, **_TEXTS_STAY}) as book:
        book.set_properties({"title": title, "author": "Praja", "comments": str(handout or "")})
        formats = _formats(book)
        _write_instructions(book, formats, sheets, title, instructions)
        lists = _Lists(sheets)
        for out in sheets:
            _Writer(book, formats, out, handout, lists, with_remarks=with_remarks).write()
        lists.write(book, formats)
        book.worksheets()[1 if sheets else 0].activate()


class _Lists:
    """The words that cells offer, on a sheet of their own: a list in the cell itself ends at 255 characters."""

    def __init__(self, sheets: Sequence[OutSheet]) -> None:
        self.name = sheet_title(str(LISTS))
        self.columns: list[tuple[str, Sequence[str]]] = []
        self.place: dict[tuple[str, ...], int] = {}
        self.blocks: dict[tuple[tuple[str, ...], ...], tuple[int, int, int]] = {}
        for out in sheets:
            for column in out.sheet.columns:
                if isinstance(column, DependentRowColumn):
                    self._add_block(column)
                elif column.labels:
                    self._add(column.title, column.labels)

    def _add(self, title: str, labels: Sequence[str]) -> None:
        key = tuple(labels)
        if key not in self.place:
            self.place[key] = len(self.columns)
            self.columns.append((title, labels))

    def _add_block(self, column: DependentRowColumn) -> None:
        key = tuple((parent, *labels) for parent, labels in column.labels_by_parent.items())
        if key in self.blocks or not key:
            return
        longest = max(len(labels) for labels in column.labels_by_parent.values())
        self.blocks[key] = (len(self.columns), len(self.columns) + len(key) - 1, longest)
        self.columns += list(column.labels_by_parent.items())

    def source(self, column: EntryColumn, row: int, depends_on: int | None) -> str:
        """The formula of the list for the cell in `row`; `depends_on`: the position of the column that narrows it."""
        sheet = f"'{self.name}'!"
        if isinstance(column, DependentRowColumn):
            if not column.labels_by_parent or depends_on is None:
                return ""
            key = tuple((parent, *labels) for parent, labels in column.labels_by_parent.items())
            first, last, longest = self.blocks[key]
            left, right = xl_col_to_name(first), xl_col_to_name(last)
            asked = f"MATCH(${xl_col_to_name(depends_on)}{row + 1},{sheet}${left}$1:${right}$1,0)-1"
            column_below = f"OFFSET({sheet}${left}$2,0,{asked},{longest},1)"
            return f"=OFFSET({sheet}${left}$2,0,{asked},COUNTA({column_below}),1)"
        if not column.labels:
            return ""
        letter = xl_col_to_name(self.place[tuple(column.labels)])
        return f"={sheet}${letter}$2:${letter}${len(column.labels) + 1}"

    def write(self, book: Any, formats: Mapping[str, Any]) -> None:
        """Write the sheet; it is visible, so that names can be copied from it."""
        page = book.add_worksheet(self.name)
        page.protect("", _MAY)
        page.freeze_panes(1, 0)
        page.set_column(0, max(len(self.columns) - 1, 0), 30)
        for position, (title, _labels) in enumerate(self.columns):
            page.write_string(0, position, title, formats["title"])
        for row in range(max((len(labels) for _title, labels in self.columns), default=0)):
            for position, (_title, labels) in enumerate(self.columns):
                if row < len(labels):
                    page.write_string(row + 1, position, labels[row], formats["locked"])


class _Writer:
    """Writes one sheet row by row."""

    def __init__(
        self,
        book: Any,
        formats: Mapping[str, Any],
        out: OutSheet,
        handout: UUID | None,
        lists: _Lists,
        *,
        with_remarks: bool,
    ) -> None:
        self.out, self.sheet, self.formats, self.lists, self.with_remarks = out, out.sheet, formats, lists, with_remarks
        self.page = book.add_worksheet(sheet_title(str(self.sheet.title)))
        self.child = self.sheet if isinstance(self.sheet, ChildSheet) else None
        heads = [str(NUMBER_TITLE)]
        if with_remarks:
            heads.append(REMARK + _("what to mend"))
        if self.child:
            heads += [f"{self.child.parent_title} *", REMARK + _("belongs to")]
        self.first = len(heads)
        self.heads = heads
        self.position = {column.key: self.first + place for place, column in enumerate(self.sheet.columns)}
        self.identity = self.first + len(self.sheet.columns)
        self.identity_head = f"Praja {self.sheet.key} {handout}" if handout else ""

    def write(self) -> None:
        """Write heads, rows, and what cells offer."""
        page, formats = self.page, self.formats
        page.protect("", _MAY)
        page.freeze_panes(HEAD, min(self.first, 2))
        page.set_default_row(45)
        page.set_row(0, 18)
        page.set_row(1, 48)
        self._write_heads()
        for number, row in enumerate(self.out.rows, HEAD):
            self._write_row(number, row)
        last = HEAD + len(self.out.rows) + MORE_ROWS
        for column in self.sheet.columns:
            self._offer(column, last)
        page.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(self.identity)}{last}"})
        page.autofilter(HEAD - 1, 0, HEAD - 1 + max(len(self.out.rows), 1), self.identity)
        page.set_column(self.identity, self.identity, 2, formats["unseen"], {"hidden": True})
        _on_paper(page, pages_wide=1 + len(self.sheet.columns) // COLUMNS_ON_PAPER)
        page.repeat_rows(HEAD - 1)

    def _write_heads(self) -> None:
        page, formats = self.page, self.formats
        page.set_column(0, 0, 8, formats["locked"])
        if self.first > 1:
            page.set_column(1, self.first - 1, 24, formats["locked"])
        if self.child:
            page.set_column(self.first - 2, self.first - 2, 12, formats["open"])
        before = ""
        for column in self.sheet.columns:
            if column.section != before:
                before = column.section
                page.write_string(0, self.position[column.key], str(self.sheet.sections[before].title), formats["page"])
        for position, head in enumerate(self.heads):
            page.write_string(1, position, head, formats["title"])
        for column in self.sheet.columns:
            position = self.position[column.key]
            head = f"{column.title} *" if column.is_required else column.title
            page.write_string(1, position, head, formats["needed" if column.is_required else "title"])
            page.set_column(position, position, _width(column), formats["open"])
            if column.help:
                page.write_comment(1, position, column.help, {"x_scale": 2, "author": "Praja"})
        if self.identity_head:
            page.write_string(1, self.identity, self.identity_head, formats["unseen"])

    def _write_row(self, number: int, row: OutRow) -> None:
        page, formats = self.page, self.formats
        locked, opened = formats["locked"], formats["open"]
        page.write_string(number, 0, row.number, locked)
        position = 1
        if self.with_remarks:
            page.write_string(number, position, row.remark[: CELL_LIMIT // 2], formats["remark"])
            position += 1
        if self.child and row.above[0]:
            page.write_string(number, position, row.above[0], locked if row.texts else opened)
            page.write_string(number, position + 1, row.above[1][:LONG], locked)
        for column in self.sheet.columns:
            if text := row.texts.get(column.key):
                kind = locked if column.key in row.locked else opened
                page.write_string(number, self.position[column.key], text, kind)
        if row.uid is not None:
            page.write_string(number, self.identity, str(row.uid), formats["unseen"])

    def _offer(self, column: EntryColumn, last: int) -> None:
        position = self.position[column.key]
        options: dict[str, Any] = {}
        depends_on = self.position.get(column.depends_on)
        if not column.is_many and (source := self.lists.source(column, HEAD, depends_on)):
            options = {
                "validate": "list", "source": source,
                "error_title": _("Not in the list"), "error_message": _("Choose one of the list."),
            }  # fmt: skip
        elif column.maximum and column.maximum < CELL_LIMIT:
            options = {
                "validate": "length", "criteria": "<=", "value": column.maximum,
                "error_title": _("Too long"),
                "error_message": _("At most %(maximum)d characters fit here.") % {"maximum": column.maximum},
            }  # fmt: skip
        elif column.help or column.is_many:
            options = {"validate": "any"}
        if options:
            help_text = column.help or (
                _("One name in each line; copy them from the sheet of lists.") if column.is_many else ""
            )
            if help_text:
                options |= {"input_title": column.title[:32], "input_message": help_text[:255]}
            self.page.data_validation(HEAD, position, last, position, options)


def _on_paper(page: Any, *, pages_wide: int = 1) -> None:
    """A4 across, as wide as so many sheets of paper."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(pages_wide, 0)


def sheet_title(title: str) -> str:
    """The title as Excel allows it: 31 characters, without the marks that name other sheets."""
    return "".join(" " if mark in "[]:*?/\\'" else mark for mark in title)[:31].strip() or "Data"


def names_of_our_pages() -> frozenset[str]:
    """The sheets of a workbook that hold no rows, in every language."""
    return in_every_language(READ_FIRST) | in_every_language(LISTS)


def in_every_language(title: Promise | str) -> frozenset[str]:
    """The normalised title in each language of the pages."""
    names = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            names.add(normalised(str(title)))
    return frozenset(names)


def _width(column: EntryColumn) -> int:
    if column.labels and not column.is_many:
        return min(36, max(14, *(len(label) for label in column.labels)))
    return 16 if column.maximum and column.maximum <= 60 else 18 if not hasattr(column.field, "max_length") else 36


def _height(text: str, width: int) -> int:
    """The height of a row, in points, for a text that runs over lines of `width` characters."""
    return 16 * (1 + len(text) // width)


def _write_instructions(
    book: Any, formats: Mapping[str, Any], sheets: Sequence[OutSheet], title: str, instructions: Iterable[str]
) -> None:
    page = book.add_worksheet(sheet_title(str(READ_FIRST)))
    page.protect("", _MAY)
    page.hide_gridlines(2)
    _on_paper(page)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 40)
    page.set_column(2, 2, 70)
    page.write_string(0, 0, title, formats["heading"])
    row = 2
    for number, sentence in enumerate(instructions, 1):
        page.set_row(row, _height(sentence, 125))
        page.merge_range(row, 0, row, 2, f"{number}. {sentence}", formats["wrapped"])
        row += 1
    row += 1
    for position, head in enumerate((_("Sheet"), _("Column"), _("How to fill it in"))):
        page.write_string(row, position, head, formats["title"])
    for out in sheets:
        for column in out.sheet.columns:
            row += 1
            name = f"{column.title} *" if column.is_required else column.title
            words = [column.help] if column.help else []
            if column.labels and not column.is_row and not column.is_many:
                words.append(_("Choices: %(labels)s.") % {"labels": "; ".join(column.labels)})
            page.set_row(row, _height(" ".join(words), 65))
            for position, text in enumerate((str(out.sheet.title), name, " ".join(words))):
                page.write_string(row, position, text, formats["wrapped"])


def _formats(book: Any) -> dict[str, Any]:
    base = {"text_wrap": True, "valign": "top"}
    head = {**base, "bold": True, "bottom": 1, "bg_color": "#E3ECF7"}
    return {
        "heading": book.add_format({"bold": True, "font_size": 16}),
        "page": book.add_format({"bold": True, "font_color": "#1F4E86"}),
        "title": book.add_format(head),
        "needed": book.add_format({**head, "bg_color": "#F9E3B4"}),
        "wrapped": book.add_format(base),
        "locked": book.add_format({**base, "num_format": "@", "font_color": "#555555"}),
        "remark": book.add_format({**base, "num_format": "@", "font_color": "#A02020"}),
        # Programs that show hidden columns show nothing there.
        "unseen": book.add_format({"num_format": ";;;", "font_color": "#FFFFFF", "font_size": 1}),
        "open": book.add_format({**base, "num_format": "@", "locked": False}),
    }
