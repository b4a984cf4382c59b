"""Workbooks and CSV for people to open: rows as they come, templates with explanations, no text that runs as a formula."""

import csv
import datetime as dt
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from praja.foundation.sheets import values
from praja.foundation.sheets.columns import Column, Sheet
from praja.foundation.sheets.plain_workbook import FIRST_DAY, write_table

_CELL_LIMIT = 32_767  # characters that Excel holds in a cell
_FORMULA_STARTS = tuple("=+-@\t\r")
_SUSPECT = frozenset((*_FORMULA_STARTS, "'"))
_AS_THEY_ARE = frozenset((int, type(None)))
_TEMPLATE_ROWS = 1_000
_TEXTS_STAY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_xlsx(target: BinaryIO, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes a workbook of one sheet row by row; `rows`: str, int, Decimal, float, bool, date or None for each column."""
    cells = (
        [value if value is None or (type(value) is str and _is_plain(value)) else _xlsx_cell(value) for value in row]
        for row in rows
    )
    write_table(target, _sheet_title(title), header, cells)


def write_csv(target: BinaryIO, header: Sequence[str] | None, rows: Iterable[Sequence[Any]]) -> None:
    """Writes UTF-8 with mark, comma and decimal point; texts that look like formulas get an apostrophe in front.

    Without a header it goes on with a file that has begun.
    """
    text = io.TextIOWrapper(target, encoding="utf-8" if header is None else "utf-8-sig", newline="")
    writer = csv.writer(text)
    if header is not None:
        writer.writerow([_guarded(name) for name in header])
    # Most cells are harmless as they are: the rest is asked only where it matters, with millions of them.
    writer.writerows(
        [
            value
            if (kind := type(value)) in _AS_THEY_ARE or (kind is str and value[:1] not in _SUSPECT)
            else _csv_cell(value)
            for value in row
        ]
        for row in rows
    )
    text.detach()


def export_rows(sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> tuple[list[str], Iterable[list[Any]]]:
    """Header and rows of `{column key: value}` in the words of the sheet, so that what goes out can come back."""
    header = [str(column.title) for column in sheet.columns]
    return header, ([_worded(column, row.get(column.key)) for column in sheet.columns] for row in rows)


def template(sheet: Sheet, title: str, rows: Iterable[Mapping[str, Any]] = ()) -> bytes:
    """A workbook of the sheet: required columns carry a star, lists open in the cell, a second sheet explains.

    `rows`: {column key: value} of what is there already; numbers as texts with a decimal comma, so that they come back.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **_TEXTS_STAY}) as book:
        formats = _formats(book)
        data, about = book.add_worksheet(_sheet_title(title)), book.add_worksheet(_sheet_title(_("Explanation")))
        data.freeze_panes(1, 0)
        for position, heading in enumerate((_("Column"), _("Required"), _("How to fill it in"), _("Choices"))):
            about.write_string(0, position, heading, formats["title"])
        about.set_column(0, 1, 24)
        about.set_column(2, 3, 60, formats["wrapped"])
        for position, column in enumerate(sheet.columns):
            name = f"{column.title} *" if column.required else str(column.title)
            data.write_string(0, position, name, formats["title"])
            data.set_column(position, position, max(16, len(name) + 2), _cell_format(column, formats))
            labels = [str(label) for _key, label in column.choices.pairs] if column.choices else []
            texts = (str(column.title), _("yes") if column.required else "", str(column.help), "; ".join(labels))
            for place, text in enumerate(texts):
                about.write_string(position + 1, place, text, formats["wrapped"])
            if labels:
                _offer(data, book, position, labels)
        for number, cells in enumerate(export_rows(sheet, rows)[1], start=1):
            for position, value in enumerate(cells):
                if not values.is_blank(value):
                    data.write(number, position, _xlsx_cell(value), formats["row"])
    return target.getvalue()


def _offer(data: Any, book: Any, position: int, labels: list[str]) -> None:
    """Opens the list in the cells of a column; a long list stands on a hidden sheet, which Excel asks for above 255 characters."""
    source: Any = labels
    if len(",".join(labels)) > 255 or any("," in label for label in labels):
        lists = book.get_worksheet_by_name("_") or book.add_worksheet("_")
        lists.hide()
        for number, label in enumerate(labels):
            lists.write_string(number, position, label)
        letter = xlsxwriter.utility.xl_col_to_name(position)
        source = f"='_'!${letter}$1:${letter}${len(labels)}"
    # A warning only: synonyms are understood when the sheet comes back.
    data.data_validation(
        1, position, _TEMPLATE_ROWS, position, {"validate": "list", "source": source, "error_type": "warning"}
    )


def _formats(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@"}),
        "row": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "whole": book.add_format({"num_format": "#,##0"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
    }


def _cell_format(column: Column, formats: dict[str, Any]) -> Any:
    """Codes and texts as text, so that Excel keeps "11.10" and eighteen digits; money with its thousands."""
    if column.parse is values.parse_money:
        return formats["whole"]
    return formats["date"] if column.parse is values.parse_date else formats["text"] if _is_text(column) else None


def _is_text(column: Column) -> bool:
    return column.choices is None and column.parse in {values.parse_text, values.parse_region_code, values.parse_nip}


def _sheet_title(title: str) -> str:
    """The title as Excel allows it: 31 characters, without the marks that name other sheets."""
    return "".join(" " if mark in "[]:*?/\\'" else mark for mark in title)[:31].strip() or "Data"


def _worded(column: Column, value: Any) -> Any:
    if column.choices and value:
        return column.choices.label(value)
    return value


def _is_plain(text: str) -> bool:
    """Whether a cell can hold the text as it is: the usual case, seen without a pattern."""
    return text.isascii() and text.isprintable() and len(text) <= _CELL_LIMIT and text == text.strip()


def _xlsx_cell(value: Any) -> Any:
    """A number or a day as it is, everything else as the text that a cell holds."""
    if _is_exact_number(value) and not isinstance(value, bool):
        return value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime) and value >= FIRST_DAY:
        return value
    return _short(values.decimal_text(value) if isinstance(value, Decimal) else values.text_of(value))


def _is_exact_number(value: Any) -> bool:
    """Whether a workbook, whose numbers are floats of fifteen digits, holds this number as it is."""
    if not isinstance(value, int | float | Decimal) or not math.isfinite(value) or not -(10**15) < value < 10**15:
        return False
    return isinstance(value, int | float) or Decimal(repr(float(value))) == value


def _short(text: str) -> str:
    """The text as far as a cell holds it, with a word about the rest."""
    if len(text) <= _CELL_LIMIT:
        return text
    note = _(" … [the whole text has %(length)d characters]") % {"length": len(text)}
    return text[: _CELL_LIMIT - len(note)] + note


def _guarded(text: str) -> str:
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA_STARTS) else text


def _csv_cell(value: Any) -> str:
    if isinstance(value, str):
        return _guarded(value)
    if isinstance(value, Decimal):
        # "1.125" would come back as 1125: a point before exactly three digits separates thousands.
        text = f"{value:f}"
        return f"{text}0" if len(text.partition(".")[2]) == 3 else text
    return values.text_of(value)
