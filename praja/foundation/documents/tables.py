"""How tables and charts are laid on paper: what stands in each cell, how wide each column is, and when a page turns."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from praja.foundation.documents.blocks import (
    Cell,
    Chart,
    Column,
    DimensionPage,
    Heading,
    Missing,
    PageBreak,
    Paragraph,
    Picture,
    Table,
    plain,
)
from praja.foundation.documents.outline import picture_pixels
from praja.foundation.ui.formats import NOTHING, decimal, rupiah

# Points of text width on A4 with 26 mm and 22 mm beside the text, upright and turned, and the room a chart has in height.
PORTRAIT, LANDSCAPE = 459.0, 688.0
CHART_HEIGHT, CHART_HEIGHT_LANDSCAPE = 560.0, 330.0
# The width of a letter in a table's type and the air beside a cell's text, in points.
LETTER, PADDING = 4.6, 11.0
SMALLEST = 0.75
# A row taller than this many lines may break over pages; a shorter one stays together.
LONG_ROW = 24
SMALL_TABLE = 14  # lines
FEW_ROWS = 5
FEW_LETTERS = 700  # of the words around a wide table that go with it on its turned page


@dataclass(frozen=True)
class Laid:
    """A table ready for paper: written cells, widths in points, type size as a share of the usual, and long rows."""

    rows: list[list[str]]
    total: list[str] | None
    widths: list[float]
    letters: list[int]
    size: float
    is_landscape: bool
    long: set[int]

    @property
    def is_small(self) -> bool:
        """Whether the table stays together on a page, so that its sum does not go over to the next one alone."""
        lines = sum(
            max(-(-len(cell) // most) + cell.count("\n") for cell, most in zip(row, self.letters, strict=True))
            for row in self.rows[: SMALL_TABLE + 1]
        )
        return len(self.rows) <= SMALL_TABLE and lines <= SMALL_TABLE


def laid(table: Table) -> Laid:
    """Return how the table lies on paper; call it under the document's language.

    A table whose figures do not fit turns its page by itself; one that does not fit even then is set smaller.
    """
    rows, total = written(table)
    wanted = needs(table, [total, *rows] if total else rows)
    is_landscape = table.landscape or sum(wanted) > PORTRAIT
    room = LANDSCAPE if is_landscape else PORTRAIT
    sizes = widths(table, wanted, room)
    letters = [max(int((size - PADDING) / LETTER), 4) for size in sizes]
    long = {number for number, row in enumerate(rows) if _is_long(row, letters)}
    return Laid(rows, total, sizes, letters, max(SMALLEST, min(1.0, room / sum(wanted))), is_landscape, long)


def _is_long(row: list[str], letters: list[int]) -> bool:
    return any(
        len(cell) > LONG_ROW * most or cell.count("\n") > LONG_ROW for cell, most in zip(row, letters, strict=True)
    )


def chart_size(chart: Chart) -> tuple[float, float]:
    """Return width and height of a chart on paper in points: as wide as the text, but never higher than its page."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', chart.svg[:2000])
    width, height = (float(found[1]), float(found[2])) if found else (1.0, 1.0)
    room, most = (LANDSCAPE, CHART_HEIGHT_LANDSCAPE) if chart.landscape else (PORTRAIT, CHART_HEIGHT)
    wide = min(room, most * width / max(height, 1))
    return wide, wide * height / max(width, 1)


def picture_size(picture: Picture) -> tuple[float, float]:
    """Return width and height of a picture on paper in points: its share of the text's width, within the page's height."""
    width, height = picture_pixels(picture.content)
    wide = min(PORTRAIT * picture.share, CHART_HEIGHT * width / height)
    return wide, wide * height / width


def turned(blocks: Sequence[Any], wide: Sequence[bool]) -> list[bool]:
    """Return which blocks stand on turned pages: the `wide` ones, with the heading before and the few words around them.

    A heading would else stand alone on an upright page, and a note after the table on the next one.
    """
    found = list(wide)
    for place in (place for place, is_wide in enumerate(wide) if is_wide):
        begin = place
        while begin and isinstance(blocks[begin - 1], Paragraph) and not found[begin - 1]:
            begin -= 1
        if _letters(blocks[begin:place]) > FEW_LETTERS or not _is_lower_heading(blocks, begin - 1):
            continue
        while _is_lower_heading(blocks, begin - 1):
            begin -= 1
        found[begin:place] = [True] * (place - begin)
    for place in (place for place, is_wide in enumerate(wide) if is_wide):
        end = place + 1
        while (
            end < len(blocks)
            and (isinstance(blocks[end], Paragraph | Missing) or _is_tiny(blocks[end]))
            and not found[end]
        ):
            end += 1
        closes = end == len(blocks) or found[end] or isinstance(blocks[end], Heading | DimensionPage | PageBreak)
        if closes and _letters(blocks[place + 1 : end]) <= FEW_LETTERS:
            found[place + 1 : end] = [True] * (end - place - 1)
    return found


def _is_lower_heading(blocks: Sequence[Any], place: int) -> bool:
    return place >= 0 and isinstance(blocks[place], Heading) and blocks[place].level > 1


def _is_tiny(block: Any) -> bool:
    """Whether it is a table of a few rows, which would else stand alone on an upright page after a turned one."""
    return isinstance(block, Table) and len(block.rows) <= FEW_ROWS


def _letters(blocks: Sequence[Any]) -> int:
    said = [block for block in blocks if not isinstance(block, Table)]
    return sum(len(plain(block.text)) + sum(len(item) + 60 for item in getattr(block, "items", ())) for block in said)


def _number(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    return decimal(value, max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0)


def _rupiah(value: Any) -> str:
    if value is None:
        return NOTHING
    return value if isinstance(value, str) else rupiah(value)


def _plain(value: Any) -> str:
    return NOTHING if value is None or value == "" else str(value)


_WRITERS: dict[str, Callable[[Any], str]] = {"text": _plain, "year": _plain, "number": _number, "rupiah": _rupiah}


def written(table: Table) -> tuple[list[list[str]], list[str] | None]:
    """Return the rows and the total of a table as they are printed; call it under the document's language."""
    write = [_WRITERS[column.kind] for column in table.columns]
    rows = [[put(cell) for put, cell in zip(write, row, strict=True)] for row in table.rows]
    if table.total is None:
        return rows, None
    return rows, [put(cell) if cell is not None else "" for put, cell in zip(write, table.total, strict=True)]


def written_row(columns: Iterable[Column], row: Iterable[Cell]) -> list[str]:
    """Return one row as it is printed; call it under the document's language."""
    return [_WRITERS[column.kind](cell) for column, cell in zip(columns, row, strict=True)]


def alignment(column: Column) -> str:
    """Return "left", "center" or "right" for a column."""
    return column.align or ("left" if column.kind == "text" else "right")


def needs(table: Table, rows: list[list[str]]) -> list[float]:
    """Return the width each column needs for its longest word (22 letters at most) or its longest figure.

    `rows` are the written cells.
    """
    found = []
    for number, column in enumerate(table.columns):
        pieces = column.title.split()
        for row in rows[:200]:
            pieces += row[number][:300].split() if column.kind == "text" else [row[number]]
        found.append(min(max(map(len, pieces), default=1), 22) * LETTER + PADDING)
    return found


def widths(table: Table, wanted: list[float], total: float) -> list[float]:
    """Return the columns' widths, which add up to `total`: by their shares, but none under what it needs.

    Where not even the needs fit, all columns give way alike; the renderer then sets the table smaller.
    """
    if sum(wanted) >= total:
        return [need * total / sum(wanted) for need in wanted]
    shares = [max(float(column.share), 0.01) for column in table.columns]
    fixed: set[int] = set()
    while True:
        room = total - sum(wanted[number] for number in fixed)
        free = sum(share for number, share in enumerate(shares) if number not in fixed)
        found = [wanted[n] if n in fixed else share * room / free for n, share in enumerate(shares)]
        narrow = {n for n in range(len(shares)) if n not in fixed and found[n] < wanted[n]}
        if not narrow:
            return found
        fixed |= narrow


def breakable(text: str, most: int) -> str:
    """Return the text with places to break (U+200B) inside words longer than `most` letters, such as addresses."""
    if len(text) <= most:
        return text
    return re.sub(rf"\S{{{most + 1},}}", lambda word: "\u200b".join(re.findall(r".{1,8}", word[0])), text)
