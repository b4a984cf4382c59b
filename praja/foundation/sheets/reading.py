"""A table out of any workbook or CSV that people send: guarded against hostile files, tolerant of titles and merged cells."""

import csv
import datetime as dt
import io
import itertools
import marshal
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.files import contents
from praja.foundation.files.contents import Readable
from praja.foundation.sheets.values import TEXT_LIMIT, ShownNumber, Value, cleaned, is_blank, normalised, text_of

ROW_LIMIT = 200_000
COLUMN_LIMIT = 1_000
HEADER_WITHIN = 40  # rows that may stand above the header: titles, logos, instructions
SECONDS = 90
_PROCESS = Path(__file__).with_name("workbook_process.py")
_END = "\x1eend"
# One cell may be longer than the reader's usual limit, so that the refusal can name its address.
csv.field_size_limit(64 * 1024 * 1024)


class SheetError(ValueError):
    """A file that cannot be read as a table; its text is a sentence that says why and what to do."""


class Row(NamedTuple):
    """A row that holds something: its number as the workbook shows it, its cells in the order of the header."""

    number: int
    cells: tuple[Value, ...]


@dataclass
class Table:
    """What a sheet holds: titles of columns (never twice the same), rows, and sentences about what was not taken as it stood."""

    header: list[str]
    rows: list[Row]
    header_number: int = 1
    sheet_name: str = ""
    sheet_names: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_table(file: Readable, filename: str, *, known: Collection[str] = (), sheet_name: str = "") -> Table:
    """The table of a CSV, XLSX, XLS or ODS file (seekable, at most settings.UPLOAD_LIMIT_BYTES).

    `known`: normalised names of columns (Sheet.known_names), by which the header row and the sheet are found;
    `sheet_name`: the sheet to read, otherwise the one whose header is known best. Raises SheetError.
    """
    data, is_text = _data(file, filename)
    if is_text:
        rows, warnings = _csv_rows(data)
        return _table(rows, [], known, warnings)
    found = _ask(data, sheet_name)
    if "tops" in found:
        found = _ask(data, _best_sheet(found["sheets"], found["tops"], known))
    table = _table(found["rows"], found["merged"], known, _missing_formulas(found["missing"]))
    table.sheet_name, table.sheet_names = found["name"], found["sheets"]
    return table


def read_tables(file: Readable, filename: str, *, known: Collection[str]) -> tuple[list[Table], list[str]]:
    """Every table of a workbook, or the one of a CSV file, and the names of visible sheets without a known header.

    A table is a sheet whose header has at least two of the `known` names. Raises SheetError.
    """
    data, is_text = _data(file, filename)
    if is_text:
        rows, warnings = _csv_rows(data)
        return [_table(rows, [], known, warnings)], []
    tables, others = [], []
    for found in _ask(data, "", "every")["every"]:
        tops = found["rows"][:HEADER_WITHIN]
        if max((_known_in(row, known) for row in tops), default=0) < 2:
            others.append(found["name"])
            continue
        table = _table(found["rows"], found["merged"], known, _missing_formulas(found["missing"]))
        table.sheet_name = found["name"]
        tables.append(table)
    return tables, others


def _data(file: Readable, filename: str) -> tuple[bytes, bool]:
    """The bytes of the file and whether they are text; raises SheetError for what is no table at all."""
    try:
        kind = contents.kind_of(file)
    except contents.FileRefused as problem:
        raise SheetError(str(problem)) from problem
    if kind not in {contents.TEXT, contents.XLSX, contents.XLS, contents.ODS}:
        raise SheetError(
            _("“%(name)s” is not a workbook. Please send XLSX, ODS, XLS or CSV.") % {"name": cleaned(filename)[0][:100]}
        )
    return file.read(), kind == contents.TEXT


def address(row: int, column: int) -> str:
    """The address of a cell counted from zero: (6, 2) is "C7"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


# --- workbooks --------------------------------------------------------------------------------------------------------


def _ask(data: bytes, sheet_name: str, *more: str) -> dict:
    """The answer of workbook_process.py; raises SheetError for its problems, its death and its silence."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROCESS), sheet_name.replace("\0", ""), *more],
            input=data, capture_output=True, timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as problem:
        raise _too_large() from problem
    if done.returncode < 0 or b"MemoryError" in done.stderr[-2000:]:
        raise _too_large()
    if done.returncode:
        raise SheetError(
            _(
                "This workbook is damaged and cannot be read. Open it in Excel or LibreOffice, save it as XLSX and send that one."
            )
        )
    answer = marshal.loads(done.stdout)  # noqa: S302 - written by our own process
    match answer.get("problem"):
        case "password":
            raise SheetError(str(contents.encrypted()))
        case "macros":
            raise SheetError(str(contents.macros()))
        case "far":
            raise _too_large()
        case "sheet":
            raise SheetError(_("This workbook has no visible sheet of that name. Please choose another one."))
    return answer


def _too_large() -> SheetError:
    return SheetError(
        _(
            "The cells of this workbook lie too far apart or are too many. Copy the table into a new workbook, or split it, and send that one."
        )
    )


def _best_sheet(names: list[str], tops: list[list[list]], known: Collection[str]) -> str:
    """The first of the sheets whose header has most known names; without any, the first with something in it."""
    filled = [
        (name, top)
        for name, top in zip(names, tops, strict=True)
        if any(not is_blank(_value(c)) for r in top for c in r)
    ]
    if not filled:
        raise _no_header()
    return max(filled, key=lambda pair: max(_known_in(row, known) for row in pair[1]))[0]


def _missing_formulas(missing: list[list[int]]) -> list[str]:
    if not missing:
        return []
    return [
        ngettext(
            "%(count)d formula has no stored result and reads as blank (%(cells)s). Open the workbook, save it and send it again.",
            "%(count)d formulas have no stored result and read as blank (%(cells)s). Open the workbook, save it and send it again.",
            len(missing),
        )
        % {"count": len(missing), "cells": _addresses(missing)}
    ]


def _addresses(cells: Iterable[Iterable[int]]) -> str:
    shown = [address(*cell) for cell in itertools.islice(cells, 6)]
    return ", ".join(shown[:5]) + (", …" if len(shown) > 5 else "")


def _value(cell: Any) -> Value:
    """The cell as a value: the tuples of workbook_process.py become dates and shown numbers."""
    if not isinstance(cell, tuple):
        return cell
    if len(cell) == 2:
        return ShownNumber(*cell)
    return dt.date(*cell) if len(cell) == 3 else dt.datetime(*cell)  # noqa: DTZ001 - workbooks know no zones


# --- CSV --------------------------------------------------------------------------------------------------------------


def _csv_rows(data: bytes) -> tuple[list[list[str]], list[str]]:
    """The records of a CSV file and warnings about how it was read."""
    try:
        text, encoding = contents.decoded(data)
    except contents.FileRefused as problem:
        raise SheetError(str(problem)) from problem
    warnings = []
    if encoding == "cp1252":
        warnings.append(_("The file was read as Windows-1252. Please look at letters with accents; UTF-8 is safer."))
    text = text.removeprefix("\ufeff")
    first, _newline, rest = text.partition("\n")
    if separator := re.fullmatch(r'"?sep=(.)"?', first.strip()):
        text, delimiter = rest, separator[1]
    else:
        delimiter = _delimiter(text)
    rows: list[list[str]] = []
    try:
        # A quote that is never closed would swallow all rows after it into one cell: then the end mark is no row of its own.
        for row in csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=delimiter):
            rows.append([_without_guard(cell) for cell in row])
            if len(rows) > ROW_LIMIT * 2:
                raise _too_many_rows()
    except csv.Error as problem:
        raise SheetError(
            _("Row %(number)d of this CSV file cannot be read. Please check its quotation marks.")
            % {"number": len(rows) + 1}
        ) from problem
    if rows[-1] != [_END]:
        raise SheetError(
            _(
                "A quotation mark in row %(number)d of this CSV file is never closed. Please close it and send the file again."
            )
            % {"number": len(rows)}
        )
    return rows[:-1], warnings


def _delimiter(text: str) -> str:
    """Comma, semicolon, tab or bar: the one that cuts the first records into most columns of equal number."""
    best, best_score = ",", (0, 0)
    for delimiter in ",;\t|":
        try:
            records = list(
                itertools.islice(csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter), 30)
            )
        except csv.Error:
            continue
        widths = Counter(len(record) for record in records if len(record) > 1)
        if widths and (score := max((count, width) for width, count in widths.items())) > best_score:
            best, best_score = delimiter, score
    return best


def _without_guard(cell: str) -> str:
    """The cell without the apostrophe that exports put before texts that look like formulas."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(tuple("=+-@\t\r")) else cell


# --- the table in the rows --------------------------------------------------------------------------------------------


def _table(cells: list[list], merged: list, known: Collection[str], warnings: list[str]) -> Table:
    """Finds the header, carries merged texts down, cleans every cell."""
    top = _header_row(cells, known)
    header, first = _header(cells, top, merged, warnings)
    _carry_merged_down(cells, merged, first, warnings)
    rows, removed = _clean_rows(cells, first)
    width = max((len(row.cells) for row in rows), default=0)
    if max(width, len(header)) > COLUMN_LIMIT:
        raise SheetError(
            _("This table has more than %(limit)d columns. Please send only the columns that are needed.")
            % {"limit": COLUMN_LIMIT}
        )
    header = _distinct(header + [""] * (width - len(header)))
    if removed:
        warnings.append(
            ngettext(
                "%(count)d invisible control character was removed.",
                "%(count)d invisible control characters were removed.",
                removed,
            )
            % {"count": removed}
        )
    missing = (None,) * len(header)
    rows = [
        row if len(row.cells) == len(header) else Row(row.number, (row.cells + missing)[: len(header)]) for row in rows
    ]
    return Table(header, rows, header_number=top + 1, warnings=warnings)


def _title(cell: object) -> str:
    """The cell as a column's title: one line, without the star of required columns."""
    return " ".join(text_of(_value(cell)).split()).rstrip("* ").strip()


def _known_in(row: list, known: Collection[str]) -> int:
    return len({name for cell in row if type(cell) is str for name in [normalised(_title(cell))] if name in known})


def _header_row(cells: list[list], known: Collection[str]) -> int:
    """The position of the header: the row with most known names, otherwise the first that names most of the columns."""
    tops = cells[:HEADER_WITHIN]
    scores = [_known_in(row, known) for row in tops]
    if scores and max(scores) > 0 and (max(scores) > 1 or sum(map(bool, scores)) == 1):
        return scores.index(max(scores))
    filled = [[_title(cell) for cell in row if not is_blank(_value(cell))] for row in tops]
    width = max(map(len, filled), default=0)
    for position, titles in enumerate(filled):
        words = sum(any(map(str.isalpha, title)) for title in titles)
        if len(titles) >= max(1, 0.6 * width) and 2 * words >= len(titles) == len(set(titles)):
            return position
    raise _no_header()


def _no_header() -> SheetError:
    return SheetError(
        _(
            "No header row was found. Please put the titles of the columns into one row above the data and send the file again."
        )
    )


def _header(cells: list[list], top: int, merged: list, warnings: list[str]) -> tuple[list[str], int]:
    """The titles, with those of a second line under titles merged across; and the position of the first row of data."""
    header, first = [_title(cell) for cell in cells[top]], top + 1
    across = [(start[1], end[1]) for start, end in merged if start[0] == end[0] == top and end[1] > start[1]]
    if across and first < len(cells):
        below = [_title(cell) for cell in cells[first]]
        below += [""] * (len(header) - len(below))
        for start, end in across:
            group = header[start]
            for column in range(start, min(end + 1, len(header))):
                header[column] = f"{group} {below[column]}".strip()
        first += 1
    if first < len(cells):
        numbers = [text_of(_value(cell)).strip("() ") for cell in cells[first] if not is_blank(_value(cell))]
        if len(numbers) > 1 and numbers == [str(number) for number in range(1, len(numbers) + 1)]:
            warnings.append(_("Row %(number)d only numbers the columns and was left out.") % {"number": first + 1})
            first += 1
    while header and not header[-1]:
        header.pop()
    return header, first


def _carry_merged_down(cells: list[list], merged: list, first: int, warnings: list[str]) -> None:
    """Writes the text of cells merged over several rows into each of them; a number stays in its first row."""
    numbers = []
    for (top, left), (bottom, _right) in merged:
        if bottom <= top or top < first or top >= len(cells) or left >= len(cells[top]):
            continue
        value = cells[top][left]
        if isinstance(value, str):
            for row in cells[top + 1 : bottom + 1]:
                if left < len(row):
                    row[left] = value
        else:
            numbers.append((top, left))
    if numbers:
        # An amount carried down would count once for each row.
        warnings.append(
            _("Merged cells with a number or date count for their first row only: %(cells)s.")
            % {"cells": _addresses(numbers)}
        )


def _clean_rows(cells: list[list], first: int) -> tuple[list[Row], int]:
    """The rows that hold something, each text cleaned; and how many characters were removed."""
    rows, removed = [], 0
    for position in range(first, len(cells)):
        values: list[Value] = []
        holds = False
        for cell in cells[position]:
            if type(cell) is str:
                if not cell:
                    values.append(None)
                    continue
                text, count = cleaned(cell)
                removed += count
                if len(text) > TEXT_LIMIT:
                    raise SheetError(
                        _(
                            "Cell %(cell)s holds more than %(limit)d characters. Please shorten it and send the file again."
                        )
                        % {"cell": address(position, len(values)), "limit": TEXT_LIMIT}
                    )
                values.append(text or None)
                holds = holds or bool(text)
            else:
                values.append(_value(cell))
                holds = True
        if holds:
            while values[-1] is None:
                values.pop()
            rows.append(Row(position + 1, tuple(values)))
    if len(rows) > ROW_LIMIT:
        raise _too_many_rows()
    return rows, removed


def _too_many_rows() -> SheetError:
    return SheetError(
        _("This table has more than %(limit)d rows. Please split it into several files.") % {"limit": ROW_LIMIT}
    )


def _distinct(header: list[str]) -> list[str]:
    """The header with a name for columns without one and a number behind names that stand twice."""
    taken: Counter[str] = Counter()
    names: list[str] = []
    for position, title in enumerate(header):
        name = title or _("Column %(letter)s") % {"letter": address(0, position)[:-1]}
        while taken[name]:
            taken[title or name] += 1
            name = f"{title or name} ({taken[title or name]})"
        taken[name] += 1
        names.append(name)
    return names
