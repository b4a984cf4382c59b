"""The PDF of a document, set by Typst: tagged, with bookmarks, and the same bytes for the same document."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import translation

from praja.foundation.documents import blocks as b
from praja.foundation.documents.fonts import folders
from praja.foundation.documents.outline import (
    Placed,
    alignment,
    breakable,
    kind_of_image,
    marks,
    needs,
    placed,
    size_of,
    widths,
    words,
    written,
)
from praja.foundation.ui.palette import DIMENSION_COLOURS

TEMPLATE = Path(__file__).parent / "templates_typst" / "book.typ"
# Points. The template sets the same page: A4 with 26 mm and 22 mm beside the text.
PORTRAIT, LANDSCAPE = 459.0, 688.0
CHART_HEIGHT, CHART_HEIGHT_LANDSCAPE = 560.0, 330.0
TABLE_SIZE, SMALLEST = 8.2, 0.75
LETTER, PADDING = 4.6, 11.0
# A row taller than this many lines may break over pages; a shorter one stays together.
LONG_ROW = 24


def render(document: b.Document) -> bytes:
    """Return the PDF file of the document."""
    import typst

    with translation.override(document.language):
        parts = placed(document)
        charts = [part for part in parts if isinstance(part.block, b.Chart)]
        data = {
            "title": document.title,
            "subtitle": document.subtitle,
            "region": document.region_name,
            "year": document.year,
            "language": document.language,
            "accent": document.accent,
            "foot_note": document.foot_note,
            "arms": kind_of_image(document.arms),
            "marks": marks(document),
            "demonstration": document.is_demonstration,
            "words": words(document),
            "colours": list(DIMENSION_COLOURS.values()),
            "date": [document.made_at.year, document.made_at.month, document.made_at.day],
            "has_tables": any(isinstance(part.block, b.Table) for part in parts),
            "has_figures": bool(charts),
            "blocks": [
                _data(part) for part in parts if not isinstance(part.block, b.PageBreak) or part is not parts[0]
            ],
        }
    files = {"main": _template(), "data.json": json.dumps(data, ensure_ascii=False).encode()}
    files |= {f"chart-{part.number}.svg": part.block.svg.encode() for part in charts}
    with TemporaryDirectory() as folder:
        # Files handed over in memory must be text, so the arms alone lie in a folder.
        if data["arms"]:
            (Path(folder) / "arms").write_bytes(document.arms or b"")
        return typst.compile(
            files,
            root=folder,
            font_paths=list(folders()),
            ignore_system_fonts=True,
            format="pdf",
            timestamp=int(document.made_at.timestamp()),
        )


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def _text(text: b.Text) -> list[list[Any]]:
    return [[breakable(run.text, 60), run.bold, run.italic] for run in b.runs(text)]


def _data(part: Placed) -> dict[str, Any]:
    """Return one block as the plain data that the template reads."""
    block = part.block
    data: dict[str, Any] = {"is": type(block).__name__, "colour": part.colour}
    match block:
        case b.Heading():
            data |= {"level": block.level, "text": breakable(block.text, 30), "number": part.number}
        case b.Paragraph():
            data |= {"text": _text(block.text), "style": block.style}
        case b.Bullets():
            data |= {"items": [_text(item) for item in block.items]}
        case b.Table():
            data |= _table(block) | {"number": part.number}
        case b.Chart():
            width, height = size_of(block.svg)
            room, most = (LANDSCAPE, CHART_HEIGHT_LANDSCAPE) if block.landscape else (PORTRAIT, CHART_HEIGHT)
            data |= {
                "number": part.number,
                "caption": breakable(block.caption, 60),
                "alt": block.alt,
                "unit": block.unit,
                "source": breakable(block.source, 60),
                "landscape": block.landscape,
                "width": min(room, most * width / height),
            }
        case b.Facts() | b.KeyFigures():
            pairs = block.items if isinstance(block, b.Facts) else block.figures
            data |= {"pairs": [[breakable(first, 24), breakable(second, 50)] for first, second in pairs]}
        case b.Missing():
            data |= {"text": breakable(block.text, 60), "items": [breakable(item, 60) for item in block.items]}
        case b.DimensionPage():
            data |= {
                "level": block.level,
                "number": part.number,
                "big": str(block.number),
                "name": block.name,
                "tagline": block.tagline,
                "pairs": [list(pair) for pair in block.figures],
            }
    return data


def _table(table: b.Table) -> dict[str, Any]:
    rows, total = written(table)
    wanted = needs(table, [*rows, total] if total else rows, LETTER, PADDING)
    # A table whose figures do not fit turns by itself; one that does not fit even then is set smaller.
    landscape = table.landscape or sum(wanted) > PORTRAIT
    room = LANDSCAPE if landscape else PORTRAIT
    size = TABLE_SIZE * max(SMALLEST, min(1, room / sum(wanted)))
    sizes = widths(table, wanted, room)
    fits = [max(int((width - PADDING) / LETTER), 4) for width in sizes]
    rows = [[breakable(cell, most) for cell, most in zip(row, fits, strict=True)] for row in rows]
    return {
        "caption": breakable(table.caption, 60),
        "titles": [breakable(column.title, most) for column, most in zip(table.columns, fits, strict=True)],
        "widths": sizes,
        "size": size,
        "align": [alignment(column) for column in table.columns],
        "rows": rows,
        "long": [number for number, row in enumerate(rows) if _is_long(row, fits)],
        "total": total,
        "unit": table.unit,
        "source": breakable(table.source, 60),
        "landscape": landscape,
        "empty_text": table.empty_text,
    }


def _is_long(row: list[str], fits: list[int]) -> bool:
    return any(len(cell) > LONG_ROW * most or cell.count("\n") > LONG_ROW for cell, most in zip(row, fits, strict=True))
