"""The web page of a document: one fragment with anchors, a contents list, tables in frames that scroll, and charts inline.

The fragment stands inside a page that loads `documents/book.css`. Every text is escaped here, and a
chart is let through only when it is made of the few elements that charts are made of.
"""

import base64
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from praja.foundation.documents import blocks as b
from praja.foundation.documents import outline, tables
from praja.foundation.documents.outline import Placed
from praja.foundation.ui.formats import NOTHING
from praja.foundation.ui.palette import DIMENSION_COLOURS

STYLE_SHEET = Path(__file__).parent / "static" / "documents" / "book.css"
SVG = "{http://www.w3.org/2000/svg}"
SAFE_ELEMENTS = {
    "svg",
    "g",
    "title",
    "desc",
    "text",
    "tspan",
    "rect",
    "circle",
    "ellipse",
    "line",
    "path",
    "polyline",
    "polygon",
}
SAFE_ATTRIBUTES = {
    "class", "role", "viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "dx",
    "dy", "points", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
    "opacity", "transform", "font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline",
    "aria-label", "aria-hidden",
}  # fmt: skip


def render(document: b.Document) -> SafeString:
    """Return the document as a fragment of HTML, in the document's own language; the page around it has the h1."""
    with translation.override(document.language):
        return mark_safe("".join(Page(document).parts("p")))  # noqa: S308  every text was escaped on its way in


def render_file(document: b.Document) -> str:
    """Return the document as a whole HTML file that can be kept and opened anywhere."""
    with translation.override(document.language):
        body = "".join(Page(document).parts("h1"))
    return (
        f'<!doctype html><html lang="{escape(document.language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(document.title)}</title>'
        f"<style>@layer components, file; {STYLE_SHEET.read_text()} @layer file {{ body {{ margin: 2rem auto; max-width: 60rem; "
        f"padding: 0 1rem; font-family: 'Plus Jakarta Sans', system-ui, sans-serif; }} }}</style></head>"
        f"<body>{body}</body></html>"
    )


class Page:
    """The fragment of one document, written block by block."""

    def __init__(self, document: b.Document) -> None:
        self.document = document
        self.words = outline.words(document)
        self.placed = outline.placed(document)
        self.notes: list[str] = []

    def parts(self, title: str) -> Iterator[str]:
        """Yield the fragment's parts in order: head, contents, blocks; `title` is the element of the title."""
        document = self.document
        yield f'<article class="book" lang="{escape(document.language)}">'
        marks = "".join(f'<span class="book-mark">{escape(mark)}</span>' for mark in outline.marks(document))
        invented = f'<p class="book-note">{escape(self.words["invented"])}</p>' if document.is_demonstration else ""
        yield (
            f'<header class="book-head"><p class="book-region">{escape(document.region_name)}</p>'
            f'<{title} class="book-title">{escape(document.title)}</{title}>'
            + (f'<p class="book-subtitle">{escape(document.subtitle)}</p>' if document.subtitle else "")
            + f'<p class="book-year">{escape(document.year)}</p>'
            + (f'<p class="book-edition">{escape(document.edition)}</p>' if document.edition else "")
            + (f'<p class="book-marks">{marks}</p>' if marks else "")
            + f'{invented}<p class="book-note">{escape(self.words["as_of"])}</p></header>'
        )
        if isinstance(document, b.Letter):
            yield f'<p class="book-note">{escape(self.words["number"])}: {escape(document.number)}</p>'
        else:
            yield from self._contents()
        yield '<div class="book-body">'
        for part in self.placed:
            yield from self.block(part)
        yield from self._notes()
        yield f'</div><footer class="book-note">{escape(document.foot_note)}</footer></article>'

    def _notes(self) -> Iterator[str]:
        if not self.notes:
            return
        yield f'<section class="book-notes" aria-label="{escape(self.words["notes"])}"><ol>'
        for number, note in enumerate(self.notes, 1):
            back = f'<a href="#acuan-{number}" aria-label="{escape(self.words["back"])}">↩</a>'
            yield f'<li id="catatan-{number}">{_lines(note)} {back}</li>'
        yield "</ol></section>"

    def _contents(self) -> Iterator[str]:
        lines = outline.contents(self.placed)
        yield f'<nav class="book-contents" aria-label="{escape(self.words["contents"])}">'
        if lines:
            yield f"<details open><summary>{escape(self.words['contents'])}</summary><ol>"
            for level, number, text, anchor in lines:
                shown = f'<span class="book-number">{number}</span> ' if number else ""
                yield f'<li class="book-level-{level}"><a href="#{anchor}">{shown}{escape(text)}</a></li>'
            yield "</ol></details>"
        kinds: tuple[tuple[Any, str, str], ...] = (
            (b.Table, "tables", "table"), (b.Chart | b.Picture, "figures", "figure"),
        )  # fmt: skip
        for kind, title, word in kinds:
            found = [part for part in self.placed if isinstance(part.block, kind)]
            if found:
                yield f"<details><summary>{escape(self.words[title])}</summary><ol>"
                for part in found:
                    label = f'<span class="book-number">{escape(self.words[word])} {part.number}</span>'
                    yield f'<li><a href="#{part.anchor}">{label} {escape(outline.summary(part.block.caption))}</a></li>'
                yield "</ol></details>"
        yield "</nav>"

    def block(self, part: Placed) -> Iterator[str]:
        """Yield one block."""
        if isinstance(part.block, b.Table | b.Chart | b.Picture):
            yield from self._figure(part)
        elif isinstance(part.block, b.Signature):
            yield self._signature(part.block)
        else:
            yield from self._words(part)

    def _figure(self, part: Placed) -> Iterator[str]:
        block = part.block
        match block:
            case b.Table():
                yield f'<figure class="book-table" id="{part.anchor}">{self._caption(part, "table")}'
                yield from self.table(block, part.anchor)
                yield f"{self._source(block.source)}</figure>"
            case b.Chart():
                yield f'<figure class="book-chart" id="{part.anchor}">{self._caption(part, "figure")}'
                yield f'<div class="chart-picture">{safe_svg(block.svg)}</div>'
                yield f'<p class="visually-hidden">{_lines(block.alt)}</p>'
                if block.data is not None:
                    yield f"<details><summary>{escape(self.words['data'])}</summary>"
                    yield from self.table(block.data)
                    yield "</details>"
                yield f"{self._source(block.source)}</figure>"
            case b.Picture():
                wide, high = outline.picture_pixels(block.content)
                kind = "png" if outline.kind_of_image(block.content) == "png" else "jpeg"
                address = f"data:image/{kind};base64,{base64.b64encode(block.content).decode()}"
                yield f'<figure class="book-chart" id="{part.anchor}">{self._caption(part, "figure")}'
                yield f'<img src="{address}" alt="{escape(block.alt)}" width="{wide}" height="{high}" loading="lazy">'
                yield f"{self._source(block.source)}</figure>"

    def _words(self, part: Placed) -> Iterator[str]:
        block = part.block
        match block:
            case b.Heading():
                # The document's title is the page's h1, so a chapter is an h2.
                tag = f"h{min(block.level + 1, 6)}"
                number = f'<span class="book-number">{part.number}</span> ' if part.number else ""
                yield f'<{tag} id="{part.anchor}">{number}{_lines(block.text)}</{tag}>'
            case b.Paragraph():
                own = f' id="{part.anchor}"' if part.anchor else ""
                if block.style == "quote":
                    yield f'<blockquote class="book-quote"{own}><p>{self._rich(block.text)}</p></blockquote>'
                else:
                    yield f'<p class="book-{block.style}"{own}>{self._rich(block.text)}</p>'
            case b.Bullets():
                yield self._lists(b.nested(b.points(block)), f' id="{part.anchor}"' if part.anchor else "")
            case b.Facts():
                items = "".join(
                    f"<div><dt>{_lines(label)}</dt><dd>{_lines(value)}</dd></div>" for label, value in block.items
                )
                yield f'<dl class="facts">{items}</dl>'
            case b.KeyFigures():
                yield self._key_figures(block.figures)
            case b.Missing():
                items = "".join(f"<li>{_lines(item)}</li>" for item in block.items)
                yield (
                    f'<div class="book-missing"><p>{_lines(block.text)}</p>'
                    + (f"<ul>{items}</ul>" if items else "")
                    + "</div>"
                )
            case b.DimensionPage():
                key = block.color_key or block.key
                colour = f" dimension-{key}" if key in DIMENSION_COLOURS else ""
                label = f"{escape(self.words['dimension'])} {block.number}"
                number = f'<span class="book-number">{part.number}</span> ' if part.number else ""
                tag = f"h{min(block.level + 1, 6)}"
                yield f'<div class="book-dimension{colour}"><p class="book-note">{label}</p>'
                yield f'<{tag} id="{part.anchor}">{number}{_lines(block.name)}</{tag}>'
                yield (f'<p class="book-lead">{_lines(block.tagline)}</p>' if block.tagline else "")
                yield (self._key_figures(block.figures) if block.figures else "") + "</div>"

    def _signature(self, signed: b.Signature) -> str:
        above = "".join(f"<p>{_lines(line)}</p>" for line in (signed.place_and_date, *signed.office))
        lines = (signed.rank, f"NIP {signed.nip}" if signed.nip else "")
        below = "".join(f"<p>{_lines(line)}</p>" for line in lines if line)
        return f'<div class="book-signature">{above}<p class="book-signed">{_lines(signed.name)}</p>{below}</div>'

    def _lists(self, lists: list[b.Sublist], own: str = "") -> str:
        """Return lists with the lists inside them; `own` are attributes of the first."""
        made = []
        for one in lists:
            tag = "ol" if one.start else "ul"
            items = "".join(f"<li>{self._rich(text)}{self._lists(inside)}</li>" for text, inside in one.points)
            made.append(f"<{tag}{own}>{items}</{tag}>")
            own = ""
        return "".join(made)

    def _rich(self, text: b.Text) -> str:
        """Return the text with its emphasis and links; its footnotes are kept for the end of the page."""
        made = []
        for run in b.runs(text):
            words = _lines(run.text)
            words = f"<em>{words}</em>" if run.italic else words
            words = f"<strong>{words}</strong>" if run.bold else words
            made.append(f'<a href="{escape(run.link)}" rel="noopener noreferrer">{words}</a>' if run.link else words)
            if run.note:
                self.notes.append(run.note)
                number = len(self.notes)
                label = f"{escape(self.words['note'])} {number}"
                made.append(
                    f'<sup><a id="acuan-{number}" href="#catatan-{number}" aria-label="{label}">{number}</a></sup>'
                )
        return "".join(made)

    def _caption(self, part: Placed, word: str) -> str:
        measure = getattr(part.block, "unit", "")
        unit = f' <span class="book-unit">({_lines(measure)})</span>' if measure else ""
        number = f'<span class="book-number">{escape(self.words[word])} {part.number}</span>'
        return f"<figcaption>{number} {_lines(part.block.caption)}{unit}</figcaption>"

    def _source(self, source: str) -> str:
        return f'<p class="book-source">{escape(self.words["source"])}: {_lines(source)}</p>' if source else ""

    def table(self, table: b.Table, anchor: str = "") -> Iterator[str]:
        """Yield the table; with an anchor each row has its own address: the table's and its number."""
        if not table.rows:
            yield f'<p class="book-missing">{_lines(table.empty_text or NOTHING)}</p>'
            return
        rows, total = tables.written(table)
        sides = [
            {"left": "", "center": ' class="centre"', "right": ' class="number"'}[tables.alignment(c)]
            for c in table.columns
        ]
        yield f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(table.caption)}"><table class="table">'
        heads = (
            f'<th scope="col"{side}>{_lines(column.title)}</th>'
            for side, column in zip(sides, table.columns, strict=True)
        )
        yield f"<thead><tr>{''.join(heads)}</tr></thead><tbody>"
        starts = [f"<td{side}>" for side in sides]
        for number, row in enumerate(rows, 1):
            own = f' id="{anchor}-baris-{number}"' if anchor else ""
            yield f"<tr{own}>{''.join([f'{start}{_lines(cell)}</td>' for start, cell in zip(starts, row, strict=True)])}</tr>"
        yield "</tbody>"
        if total:
            cells = "".join(f"{start}{_lines(cell)}</td>" for start, cell in zip(starts, total, strict=True))
            yield f"<tfoot><tr>{cells}</tr></tfoot>"
        yield "</table></div>"

    def _key_figures(self, figures: b.Pairs) -> str:
        items = "".join(f"<div><dt>{_lines(label)}</dt><dd>{_lines(value)}</dd></div>" for value, label in figures)
        return f'<dl class="book-figures">{items}</dl>'


@lru_cache(maxsize=128)  # a book is read again more often than its charts change
def safe_svg(svg: str) -> str:
    """Return the chart as it is; raise ValueError when it holds anything but the elements and attributes of charts."""
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314  Expat refuses entity bombs, and entities are refused below
    except ElementTree.ParseError as error:
        raise ValueError(f"The chart is not an SVG picture: {error}") from error
    if "<!" in svg:
        raise ValueError("A chart holds no declarations.")
    for element in root.iter():
        name = str(element.tag).removeprefix(SVG)
        if name not in SAFE_ELEMENTS:
            raise ValueError(f"A chart holds no <{name}>.")
        for attribute, value in element.attrib.items():
            if attribute not in SAFE_ATTRIBUTES or "url(" in value:
                raise ValueError(f"A chart holds no attribute {attribute}={value!r}.")
    return svg


def _lines(text: str) -> str:
    """Return the text escaped, its newlines as line breaks."""
    words = escape(text)
    return words.replace("\n", "<br>") if "\n" in words else words
