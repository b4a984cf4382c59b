"""The PDF of a document, set by Typst: tagged, with bookmarks, and the same bytes for the same document."""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import translation

from praja.foundation.documents import blocks as b
from praja.foundation.documents import qr
from praja.foundation.documents.outline import Placed, contents, kind_of_image, marks, placed, summary, words
from praja.foundation.documents.slides import Slide, shown_figures, slides_of
from praja.foundation.documents.tables import alignment, breakable, chart_size, laid, picture_size, turned
from praja.foundation.documents.typesetting import typeset
from praja.foundation.ui.palette import DIMENSION_COLOURS

TEMPLATES = Path(__file__).parent / "templates_typst"
TABLE_SIZE = 8.2  # points
MANY_TABLES = 80  # more of them fill over two pages: their list is set in two columns
# For archives and for everybody: tagged, every typeface inside, every sign with its meaning, pictures in words.
STANDARDS = (["a-2a", "ua-1"], ["a-2a"], ["a-2b"])
# Points: of a page's text, of a list's title, and of a line in the contents, in a list, and in one of two columns.
PAGE, LIST_TITLE, CONTENTS_LINE, LIST_LINE, COLUMN_LINE = 695.0, 95.0, 11.7, 13.7, 8.0
CHAPTER_TITLE = 110.0  # points
LEAD_IN = 400  # letters of a paragraph that stays on one page with the table after it


def render(document: b.Document) -> bytes:
    """Return the PDF file of the document: a book, a letter, or slides."""
    if isinstance(document, b.Deck):
        return _deck(document)
    with translation.override(document.language):
        parts = placed(document)
        charts = [part for part in parts if isinstance(part.block, b.Chart)]
        pictures = [part for part in parts if isinstance(part.block, b.Picture)]
        tables = [part for part in parts if isinstance(part.block, b.Table)]
        data = {
            "running": summary(document.title, 60),
            "title": document.title,
            "subtitle": document.subtitle,
            "region": document.region_name,
            "year": document.year,
            "edition": document.edition,
            "language": document.language,
            "accent": document.accent,
            "foot_note": document.foot_note,
            "arms": kind_of_image(document.arms),
            "marks": marks(document),
            "demonstration": document.is_demonstration,
            "words": words(document),
            "colours": list(DIMENSION_COLOURS.values()),
            "date": [document.made_at.year, document.made_at.month, document.made_at.day],
            "flows": document.flows,
            "has_tables": bool(tables),
            "has_many_tables": len(tables) > MANY_TABLES,
            "has_figures": bool(charts or pictures),
            **_lists_in_front(parts),
            "blocks": _blocks(
                [part for part in parts if not isinstance(part.block, b.PageBreak) or part is not parts[0]]
            ),
        }
        if isinstance(document, b.Letter):
            data |= {name: getattr(document, name) for name in ("letterhead", "number", "code", "link")}
    form = "letter" if isinstance(document, b.Letter) else "book"
    files = {"main": _template(form), "data.json": json.dumps(data, ensure_ascii=False).encode()}
    if isinstance(document, b.Letter) and document.link:
        files["qr.svg"] = qr.picture(document.link).encode()
    files |= {f"chart-{part.number}.svg": part.block.svg.encode() for part in charts}
    with TemporaryDirectory() as folder:
        # Files handed over in memory must be text, so the arms and pictures lie in a folder.
        if data["arms"]:
            (Path(folder) / "arms").write_bytes(document.arms or b"")
        for part in pictures:
            (Path(folder) / f"picture-{part.number}").write_bytes(part.block.content)
        return archived(files, folder, document)


def _lists_in_front(parts: list[Placed]) -> dict[str, bool]:
    """Return which lists after the contents open a page; one goes on below the other where half of the page is free."""
    tables = [part for part in parts if isinstance(part.block, b.Table)]
    figures = [part for part in parts if isinstance(part.block, b.Chart | b.Picture)]
    line = COLUMN_LINE if len(tables) > MANY_TABLES else LIST_LINE
    used = LIST_TITLE + CONTENTS_LINE * len(contents(parts))
    found = {}
    for name, count, each in (("tables_open_page", len(tables), line), ("figures_open_page", len(figures), LIST_LINE)):
        used = used % PAGE
        found[name] = used > PAGE / 2 and used + LIST_TITLE + count * each > PAGE
        if count:
            used = LIST_TITLE + count * each + (0 if found[name] else used)
    return found


def archived(files: dict[str, bytes], folder: str, document: b.Document) -> Any:
    """Return the PDF with the strictest of STANDARDS that it can keep.

    A sign that the books' typefaces lack, or headings that skip a level, are no reason to print nothing.
    """
    from typst import TypstError

    options = {"root": folder, "format": "pdf", "timestamp": int(document.made_at.timestamp())}
    for standards in STANDARDS:
        with suppress(TypstError):
            return typeset(files, **options, pdf_standards=standards)
    return typeset(files, **options)


def _deck(deck: b.Deck) -> bytes:
    with translation.override(deck.language):
        data = {
            "running": summary(deck.title, 80),
            "title": summary(deck.title, 160),
            "subtitle": summary(deck.subtitle, 160),
            "region": deck.region_name,
            "year": deck.year,
            "edition": deck.edition,
            "language": deck.language,
            "accent": deck.accent,
            "arms": kind_of_image(deck.arms),
            "marks": marks(deck),
            "demonstration": deck.is_demonstration,
            "words": words(deck),
            "colours": list(DIMENSION_COLOURS.values()),
            "date": [deck.made_at.year, deck.made_at.month, deck.made_at.day],
        }
        made = slides_of(deck)
    files: dict[str, bytes] = {"main": _template("deck")}
    with TemporaryDirectory() as folder:
        if data["arms"]:
            (Path(folder) / "arms").write_bytes(deck.arms or b"")
        data["slides"] = [_slide(number, slide, folder) for number, slide in enumerate(made)]
        files["data.json"] = json.dumps(data, ensure_ascii=False).encode()
        content: bytes = archived(files, folder, deck)
        return content


def _slide(number: int, slide: Slide, folder: str) -> dict[str, Any]:
    """Return a slide as the plain data that the template reads; its pictures lie in the folder."""
    items = []
    for place, item in enumerate(slide.items):
        data: dict[str, Any] = {"kind": item.kind, "top": item.top, "height": item.height} | item.data
        if item.kind == "points":
            data["lists"] = lists(b.nested([b.Point(*point) for point in data["points"]]), list)
        if item.content:
            data["name"] = f"slide-{number}-{place}"
            (Path(folder) / data["name"]).write_bytes(item.content)
        items.append(data)
    found: dict[str, Any] = {
        "kind": slide.kind, "title": breakable(slide.title, 40), "above": slide.above, "colour": slide.colour, "notes": slide.notes,
        "items": items,
    }  # fmt: skip
    if slide.section:
        found |= {
            "number": str(slide.section.number),
            "tagline": summary(slide.section.tagline, 160),
            "figures": shown_figures(slide.section.figures),
        }
    return found


@cache
def _template(form: str) -> bytes:
    return (TEMPLATES / f"{form}.typ").read_bytes()


def _text(text: b.Text) -> list[list[Any]]:
    return [[breakable(run.text, 60), run.bold, run.italic, run.link, breakable(run.note, 60)] for run in b.runs(text)]


def lists(made: list[b.Sublist], write: Callable[[b.Text], Any]) -> list[dict[str, Any]]:
    """Return lists with the lists inside them as plain data."""
    return [
        {
            "depth": one.depth,
            "start": one.start,
            "points": [[write(text), lists(inside, write)] for text, inside in one.points],
        }
        for one in made
    ]


def _blocks(parts: list[Placed]) -> list[dict[str, Any]]:
    """Return the blocks as the template reads them, each with whether it stands on a turned page."""
    made = [_data(part) for part in parts]
    on_turned = turned([part.block for part in parts], [data.get("landscape", False) for data in made])
    leads = [
        isinstance(part.block, b.Paragraph)
        and isinstance(after.block, b.Table)
        and len(b.plain(part.block.text)) < LEAD_IN
        for part, after in pairwise([*parts, *parts[:1]])
    ]
    rows = enumerate(zip(made, on_turned, leads, strict=True))
    return [
        {**data, "turned": is_turned, "leads": is_lead_in, "is_first": place == 0, "room": _room_of(parts[place:])}
        for place, (data, is_turned, is_lead_in) in rows
    ]


def _room_of(parts: list[Placed]) -> float:
    """Return how many points a chapter needs where it begins below another: its title and what opens it, figures whole."""
    if not isinstance(parts[0].block, b.Heading) or parts[0].block.level > 1:
        return 0.0
    room = CHAPTER_TITLE
    for part in parts[1:]:
        if isinstance(part.block, b.Paragraph):
            room += len(b.plain(part.block.text)) / 80 * 16 + 12
        elif isinstance(part.block, b.Chart):
            return min(room + chart_size(part.block)[1] + 50, PAGE)
        else:
            break
    return room + 90


def _data(part: Placed) -> dict[str, Any]:
    """Return one block as the plain data that the template reads."""
    block = part.block
    data: dict[str, Any] = {"is": type(block).__name__, "colour": part.colour}
    match block:
        case b.Heading():
            data |= {
                "level": block.level,
                "text": breakable(block.text, 30),
                "number": part.number,
                "running": summary(block.text, 60),
            }
        case b.Paragraph():
            data |= {"text": _text(block.text), "style": block.style}
        case b.Bullets():
            data |= {"lists": lists(b.nested(b.points(block)), _text)}
        case b.Table():
            data |= _table(block) | {"number": part.number}
        case b.Chart():
            data |= {
                "number": part.number,
                "caption": breakable(block.caption, 60),
                "alt": block.alt,
                "unit": block.unit,
                "source": breakable(block.source, 60),
                "landscape": block.landscape,
                "width": chart_size(block)[0],
            }
        case b.Picture():
            data |= {
                "number": part.number,
                "caption": breakable(block.caption, 60),
                "alt": block.alt,
                "unit": "",
                "source": breakable(block.source, 60),
                "landscape": False,
                "format": kind_of_image(block.content),
                "width": picture_size(block)[0],
            }
        case b.Facts() | b.KeyFigures():
            pairs = block.items if isinstance(block, b.Facts) else block.figures
            data |= {"pairs": [[breakable(first, 24), breakable(second, 50)] for first, second in pairs]}
        case b.Signature():
            data |= {
                "place_and_date": block.place_and_date,
                "office": [breakable(line, 50) for line in block.office],
                "name": breakable(block.name, 50),
                "rank": block.rank,
                "nip": block.nip,
            }
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
    on_paper = laid(table)
    letters = on_paper.letters
    return {
        "caption": breakable(table.caption, 60),
        "titles": [breakable(column.title, most) for column, most in zip(table.columns, letters, strict=True)],
        "widths": on_paper.widths,
        "size": TABLE_SIZE * on_paper.size,
        "align": [alignment(column) for column in table.columns],
        "rows": [[breakable(cell, most) for cell, most in zip(row, letters, strict=True)] for row in on_paper.rows],
        "long": sorted(on_paper.long),
        "is_small": on_paper.is_small,
        "total": on_paper.total,
        "unit": table.unit,
        "source": breakable(table.source, 60),
        "landscape": on_paper.is_landscape,
        "empty_text": table.empty_text,
    }
