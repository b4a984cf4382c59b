"""What all renderers of a document share: numbers, anchors, colours and the fixed words."""

import io
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from praja.foundation.documents.blocks import (
    Bullets,
    Chart,
    DimensionPage,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
    Text,
    plain,
)
from praja.foundation.files import contents as contents_of_files
from praja.foundation.ui.formats import long_date
from praja.foundation.ui.palette import colour_of

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

    Headings are numbered within each other, tables and figures through the whole document. After a dimension's page or
    heading its colour holds until the next heading of the same or a higher level.
    """
    taken: set[str] = set()
    counts = [0, document.first_chapter - 1, 0, 0, 0]
    tables = figures = 0
    colour, until = document.accent, 0
    result = []
    for block in document.blocks:
        number = anchor = ""
        if isinstance(block, Heading | DimensionPage):
            if block.level <= until:
                colour, until = document.accent, 0
            key = block.color_key or (block.key if isinstance(block, DimensionPage) else "")
            if key:
                colour, until = colour_of(key, document.accent), block.level
            if block.level <= NUMBERED_LEVELS and getattr(block, "numbered", True):
                counts[block.level] += 1
                counts[block.level + 1 :] = [0] * (4 - block.level)
                number = ".".join(str(count) for count in counts[1 : block.level + 1])
            anchor = _anchor(block.key, "bagian", number or "0", taken)
        elif isinstance(block, Table):
            tables += 1
            number = str(tables)
            anchor = _anchor(block.key, "tabel", number, taken)
        elif isinstance(block, Chart | Picture):
            figures += 1
            number = str(figures)
            anchor = _anchor(block.key, "gambar", number, taken)
        elif isinstance(block, Paragraph | Bullets) and block.key:
            anchor = _anchor(block.key, "alinea", "", taken)
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


def contents(parts: list[Placed]) -> list[tuple[int, str, str, str]]:
    """Return the lines of the table of contents: level, number, text and anchor of every heading that is listed."""
    found = []
    for part in parts:
        block = part.block
        if isinstance(block, Heading | DimensionPage) and block.level <= NUMBERED_LEVELS:
            text = block.text if isinstance(block, Heading) else block.name
            found.append((block.level, part.number, " ".join(text.split()), part.anchor))
    return found


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
            "notes": _("Notes"),
            "note": pgettext("at the foot of a page", "Note"),
            "back": _("Back to the text"),
            "continued": _("continued"),
            "more_rows": _("and %(count)s more"),
            "whole_table": _("The whole table stands in the book."),
            "demonstration": _("DEMONSTRATION"),
            "invented": _("Demonstration: every name and number in this document is invented."),
            "number": pgettext("of a paper", "Number"),
            "of": pgettext("page 2 of 3", "of"),
            "as_of": _("As of %(date)s") % {"date": long_date(document.made_at.date())},
        }


def marks(document: Document) -> list[str]:
    """Return the marks printed on every page: the status, and that it is a demonstration."""
    found = [document.status_text] if document.status_text else []
    return [*found, words(document)["demonstration"]] if document.is_demonstration else found


def summary(text: Text, most: int = 120) -> str:
    """Return the first words of a text on one line."""
    line = " ".join(plain(text)[: most * 2].split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def picture_pixels(content: bytes) -> tuple[int, int]:
    """Return width and height of a PNG or JPEG in pixels; raise ValueError when it is damaged."""
    kind = contents_of_files.PNG if content.startswith(b"\x89PNG") else contents_of_files.JPEG
    wide, high = contents_of_files.dimensions(io.BytesIO(content), kind)
    return max(wide, 1), max(high, 1)


def kind_of_image(content: bytes | None) -> str:
    """Return "png", "jpg" or "svg" by a picture's first bytes, or "" when there is none that a book can show."""
    start = (content or b"").lstrip()[:200]
    if start.startswith(b"\x89PNG"):
        return "png"
    if start.startswith(b"\xff\xd8\xff"):
        return "jpg"
    return "svg" if start.startswith((b"<svg", b"<?xml")) else ""
