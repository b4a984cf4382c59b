"""What all renderers of a document share: numbers, anchors, colours, the fixed words, and how cells and widths are set."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from praja.foundation.documents.blocks import Chart, Column, DimensionPage, Document, Heading, Table, Text, plain
from praja.foundation.ui.formats import decimal, long_date, rupiah
from praja.foundation.ui.palette import colour_of

EMPTY = "–"
NUMBERED_LEVELS = 3


@dataclass(frozen=True)
class Placed:
    """A block with its place in the document: its number ("2.1", "14" or ""), its anchor, and the colour it stands in."""

    block: Any
    number: str
    anchor: str
    colour: str


def placed(document: Document) -> list[Placed]:
    """Return the document's blocks in order with their numbers, anchors and colours.

    Headings are numbered within each other, tables and figures through the whole document. After a dimension's page its
    colour holds until the next heading of the same or a higher level.
    """
    taken: set[str] = set()
    counts = [0] * 5
    tables = figures = 0
    colour, until = document.accent, 0
    result = []
    for block in document.blocks:
        number = anchor = ""
        if isinstance(block, Heading | DimensionPage):
            if block.level <= until:
                colour, until = document.accent, 0
            if isinstance(block, DimensionPage):
                colour, until = colour_of(block.color_key or block.key, document.accent), block.level
            if block.level <= NUMBERED_LEVELS and getattr(block, "numbered", True):
                counts[block.level] += 1
                counts[block.level + 1 :] = [0] * (4 - block.level)
                number = ".".join(str(count) for count in counts[1 : block.level + 1])
            anchor = _anchor(block.key, "bagian", number or "0", taken)
        elif isinstance(block, Table):
            tables += 1
            number = str(tables)
            anchor = _anchor(block.key, "tabel", number, taken)
        elif isinstance(block, Chart):
            figures += 1
            number = str(figures)
            anchor = _anchor(block.key, "gambar", number, taken)
        result.append(Placed(block, number, anchor, colour))
    return result


def _anchor(key: str, kind: str, number: str, taken: set[str]) -> str:
    """Return an address within the page that nothing else has: the key's, or one made of kind and number."""
    wanted = slugify(key)[:80] or f"{kind}-{number.replace('.', '-')}"
    anchor, again = wanted, 1
    while anchor in taken:
        again += 1
        anchor = f"{wanted}-{again}"
    taken.add(anchor)
    return anchor


def words(document: Document) -> dict[str, str]:
    """Return the fixed words of a document in its own language, whatever the reader's is."""
    with translation.override(document.language):
        return {
            "table": _("Table"),
            "figure": _("Figure"),
            "contents": _("Contents"),
            "tables": _("List of tables"),
            "figures": _("List of figures"),
            "source": _("Source"),
            "unit": _("Unit"),
            "total": _("Total"),
            "page": _("Page"),
            "dimension": _("Dimension"),
            "data": _("Figures of this chart"),
            "demonstration": _("DEMONSTRATION"),
            "invented": _("Demonstration: every name and number in this document is invented."),
            "as_of": _("As of %(date)s") % {"date": long_date(document.made_at.date())},
        }


def marks(document: Document) -> list[str]:
    """Return the marks printed on every page: the status, and that it is a demonstration."""
    found = [document.status_text] if document.status_text else []
    return [*found, words(document)["demonstration"]] if document.is_demonstration else found


def _number(value: Any) -> str:
    if value is None:
        return EMPTY
    if isinstance(value, str):
        return value
    return decimal(value, max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0)


def _rupiah(value: Any) -> str:
    if value is None:
        return EMPTY
    return value if isinstance(value, str) else rupiah(value)


def _plain(value: Any) -> str:
    return EMPTY if value is None or value == "" else str(value)


_WRITERS: dict[str, Callable[[Any], str]] = {"text": _plain, "year": _plain, "number": _number, "rupiah": _rupiah}


def written(table: Table) -> tuple[list[list[str]], list[str] | None]:
    """Return the rows and the total of a table as they are printed; call it under the document's language."""
    write = [_WRITERS[column.kind] for column in table.columns]
    rows = [[put(cell) for put, cell in zip(write, row, strict=True)] for row in table.rows]
    if table.total is None:
        return rows, None
    return rows, [put(cell) if cell is not None else "" for put, cell in zip(write, table.total, strict=True)]


def alignment(column: Column) -> str:
    """Return "left", "center" or "right" for a column."""
    return column.align or ("left" if column.kind == "text" else "right")


def needs(table: Table, rows: list[list[str]], letter: float, padding: float) -> list[float]:
    """Return the width each column needs for its longest word (22 letters at most) or its longest figure.

    `rows` are the written cells; `letter` is the width of a letter and `padding` that of a cell's air.
    """
    found = []
    for number, column in enumerate(table.columns):
        pieces = column.title.split()
        for row in rows[:200]:
            pieces += row[number][:300].split() if column.kind == "text" else [row[number]]
        found.append(min(max(map(len, pieces), default=1), 22) * letter + padding)
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


def size_of(svg: str) -> tuple[float, float]:
    """Return width and height of a chart from its viewBox, or of a square where it has none."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg[:2000])
    return (float(found[1]), float(found[2])) if found and float(found[1]) and float(found[2]) else (640, 640)


def summary(text: Text, most: int = 120) -> str:
    """Return the first words of a text on one line."""
    line = " ".join(plain(text)[: most * 2].split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def kind_of_image(content: bytes | None) -> str:
    """Return "png", "jpg" or "svg" by a picture's first bytes, or "" when there is none that a book can show."""
    start = (content or b"").lstrip()[:200]
    if start.startswith(b"\x89PNG"):
        return "png"
    if start.startswith(b"\xff\xd8\xff"):
        return "jpg"
    return "svg" if start.startswith((b"<svg", b"<?xml")) else ""
