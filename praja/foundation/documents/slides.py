"""How a deck becomes slides: which block stands on which slide, where and how large; the PDF and PowerPoint draw the same.

All measures are points on a slide of 960 by 540. A slide never grows: text goes on to a further slide, a table is cut and
says how many rows it left out.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

from praja.foundation.documents import blocks as b
from praja.foundation.documents import outline, tables
from praja.foundation.ui.formats import NOTHING

WIDTH, HEIGHT = 960.0, 540.0
LEFT, TOP, BODY_WIDTH, BODY_HEIGHT = 48.0, 116.0, 864.0, 356.0
GAP = 14.0
BODY, LEAD, NOTE, TABLE = 18.0, 22.0, 12.0, 13.0  # type sizes
SMALLER_BODY = (18.0, 16.5, 15.0)  # a list is rather set smaller than torn apart
LARGER = (1.35, 1.25, 1.15, 1.08)  # so much larger is text set where a slide would stay half empty
SMALLEST_TABLE = 9.5
LARGER_TABLE = (1.4, 1.25, 1.1, 1.0)
INDENT = 24.0  # of a list, and of each list inside it
LETTER = 0.54  # the width of a letter as a share of its size
LINE = 1.36  # the height of a line as a share of its size
CAPTION, SOURCE = 26.0, 18.0
LEAST_PICTURE = 190.0
FIGURES_IN_A_ROW, FIGURES_HEIGHT = 4, 96.0
ALONE_IN_A_ROW, ALONE_LARGER = 3, 1.5  # figures that have a slide for themselves
CELL_LINES = 3
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Item:
    """One thing on a slide: its kind (text, points, figures, facts, table, picture), its height, and what it shows.

    `data` holds plain values that JSON can carry; `content` is a picture's file.
    """

    kind: str
    top: float
    height: float
    data: dict[str, Any]
    content: bytes = b""


@dataclass
class Slide:
    """A slide: "title", "section" or "content", its title and what stands above it, its colour, items and footnotes."""

    kind: str
    title: str
    colour: str
    above: str = ""
    items: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    section: b.DimensionPage | None = None

    @property
    def used(self) -> float:
        """The height that its items take."""
        return self.items[-1].top - TOP + self.items[-1].height + GAP if self.items else 0.0


def shown_figures(pairs: b.Pairs) -> list[list[str]]:
    """Return large figures and their labels as short as their place on a slide is."""
    return [
        [tables.breakable(outline.summary(value, 20), 20), tables.breakable(outline.summary(label, 70), 30)]
        for value, label in pairs
    ]


def slides_of(deck: b.Deck) -> list[Slide]:
    """Return the slides of a deck, its title first; call it under the document's language."""
    return _Maker(deck).slides()


class _Maker:
    """Lays the blocks of one deck on slides, one after the other."""

    def __init__(self, deck: b.Deck) -> None:
        self.deck = deck
        self.words = outline.words(deck)
        self.done: list[Slide] = []
        self.headings: dict[int, str] = {}
        self.fresh = True  # a heading was met, but nothing stands below it yet
        self.colour = deck.accent

    def slides(self) -> list[Slide]:
        """Return the slides in order."""
        self.done = [Slide("title", self.deck.title, self.deck.accent)]
        for part in outline.placed(self.deck):
            block, self.colour = part.block, part.colour
            if isinstance(block, b.Heading):
                above = {level: text for level, text in self.headings.items() if level < block.level}
                self.headings = {**above, block.level: outline.summary(block.text, 110)}
                self.fresh = True
            elif isinstance(block, b.DimensionPage):
                self.done.append(Slide("section", block.name, part.colour, section=block))
                self.headings = {block.level: block.name}
                self.fresh = True
            elif isinstance(block, b.PageBreak):
                self.fresh = True
            else:
                self._place(block)
        for slide in self.done:
            _grow(slide)
        return self.done

    def _slide(self) -> Slide:
        """Return the slide that is being filled, or a new one below the last heading."""
        if not self.fresh and self.done[-1].kind == "content":
            return self.done[-1]
        texts = [text for _level, text in sorted(self.headings.items())] or [self.deck.title]
        above = texts[-2] if len(texts) > 1 else ""
        self.done.append(Slide("content", texts[-1], self.colour, above))
        self.fresh = False
        return self.done[-1]

    def _next(self) -> Slide:
        """Return a further slide below the same heading, which says that it goes on."""
        last = self.done[-1]
        title = (
            last.title
            if last.title.endswith(f"({self.words['continued']})")
            else f"{last.title} ({self.words['continued']})"
        )
        self.done.append(Slide("content", title, last.colour, last.above))
        return self.done[-1]

    def _room(self, least: float) -> tuple[Slide, float]:
        """Return a slide with at least this height left (a whole one has BODY_HEIGHT), and what is left there."""
        slide = self._slide()
        if slide.items and BODY_HEIGHT - slide.used < least:
            slide = self._next()
        return slide, BODY_HEIGHT - slide.used

    def _add(self, slide: Slide, kind: str, height: float, data: dict[str, Any], content: bytes = b"") -> None:
        slide.items.append(Item(kind, TOP + slide.used, height, data, content))

    # ------------------------------------------------------------ blocks

    def _place(self, block: b.AnyBlock) -> None:
        match block:
            case b.Paragraph():
                self._text(block.text, block.style)
            case b.Bullets():
                self._points(b.points(block))
            case b.KeyFigures():
                self._rows("figures", shown_figures(block.figures), FIGURES_IN_A_ROW, lambda _pairs: FIGURES_HEIGHT)
            case b.Facts():
                self._rows("facts", list(block.items), 1, _facts_height)
            case b.Missing():
                self._text(block.text, "note")
                if block.items:
                    self._points([b.Point(item) for item in block.items])
            case b.Signature():
                lines = (block.place_and_date, *block.office, block.name, block.rank, block.nip and f"NIP {block.nip}")
                self._text("\n".join(line for line in lines if line), "body")
            case b.Table():
                self._table(block)
            case b.Chart():
                wide, high = tables.chart_size(block)
                self._picture(
                    block.caption, block.unit, block.alt, block.source, wide / high, "svg", block.svg.encode()
                )
            case b.Picture():
                wide, high = outline.picture_pixels(block.content)
                kind = outline.kind_of_image(block.content)
                self._picture(block.caption, "", block.alt, block.source, wide / high, kind, block.content)

    def _runs(self, text: b.Text, slide: Slide) -> list[list[Any]]:
        """Return the runs as plain values; footnotes go to the slide's foot, with a raised number here."""
        made: list[list[Any]] = []
        for run in b.runs(text):
            made.append([tables.breakable(run.text, 40), run.bold, run.italic, run.link])
            if run.note:
                slide.notes.append(run.note)
                made.append([str(len(slide.notes)).translate(SUPERSCRIPT), False, False, ""])
        return made

    def _text(self, text: b.Text, style: str) -> None:
        size = {"lead": LEAD, "note": NOTE + 2}.get(style, BODY)
        for piece in _pieces(text, size):
            height = _lines(b.plain(piece), size, BODY_WIDTH) * size * LINE
            slide, _left = self._room(height)
            self._add(slide, "text", height, {"runs": self._runs(piece, slide), "style": style, "size": size})

    def _points(self, points: list[b.Point]) -> None:
        size = BODY
        # The further pieces of a point that is longer than a slide stand there without its number.
        pieces = [
            replace(point, text=piece, number=point.number if place == 0 else 0)
            for point in points
            for place, piece in enumerate(_pieces(point.text, BODY))
        ]
        for smaller in SMALLER_BODY:
            if sum(_point_heights(pieces, smaller)) <= BODY_HEIGHT:
                size = smaller
                break
        while pieces:
            heights = _point_heights(pieces, size)
            slide, left = self._room(sum(heights) if size < BODY else min(sum(heights), sum(heights[:2])))
            count, height = 1, heights[0]
            while count < len(pieces) and height + heights[count] <= left:
                height += heights[count]
                count += 1
            shown = [[self._runs(piece.text, slide), piece.depth, piece.number] for piece in pieces[:count]]
            self._add(slide, "points", height, {"points": shown, "size": size})
            pieces = pieces[count:]

    def _rows(self, kind: str, pairs: list[Any], in_a_row: int, height_of: Callable[[list[Any]], float]) -> None:
        """Place pairs in rows, and what does not fit on further slides."""
        rows = [pairs[start : start + in_a_row] for start in range(0, len(pairs), in_a_row)]
        while rows:
            heights = [height_of(row) for row in rows]
            slide, left = self._room(heights[0])
            count, height = 1, heights[0]
            while count < len(rows) and height + heights[count] <= left:
                height += heights[count]
                count += 1
            shown = [[list(pair) for pair in row] for row in rows[:count]]
            data = {"rows": shown, "heights": heights[:count], "columns": in_a_row, "scale": 1.0}
            self._add(slide, kind, height, data)
            rows = rows[count:]

    def _picture(self, caption: str, unit: str, alt: str, source: str, shape: float, kind: str, content: bytes) -> None:
        above, below = CAPTION, SOURCE if source else 0.0
        slide, left = self._room(LEAST_PICTURE + above + below)
        high = min(left - above - below, BODY_WIDTH / shape)
        data = {
            "caption": outline.summary(caption, 130), "unit": unit, "alt": alt, "format": kind, "width": high * shape,
            "height": high, "source": outline.summary(source, 130),
        }  # fmt: skip
        self._add(slide, "picture", above + high + below, data, content)

    def _table(self, table: b.Table) -> None:
        rows, total = tables.written(table)
        if not rows:
            self._text(f"{table.caption}: {table.empty_text or NOTHING}", "note")
            return
        # A table that stands alone is set larger, as far as all of it stays on its slide.
        slide = self._slide()
        for larger in (1.0,) if slide.items else LARGER_TABLE:
            made = _SlideTable(table, rows, total, TABLE * larger)
            if made.height <= BODY_HEIGHT:
                break
        slide, left = self._room(min(BODY_HEIGHT, made.height, made.fixed + sum(made.heights[:4])))
        count = made.rows_within(left)
        height = made.fixed + sum(made.heights[:count])
        notes = [f"{self.words['source']}: {table.source}"] if table.source else []
        if count < len(rows):
            more = self.words["more_rows"] % {"count": len(rows) - count}
            notes.insert(0, f"{more}. {self.words['whole_table']}")
        foot = [made.total] if made.total else []
        body = [made.titles, *made.rows[:count], *foot]
        data = {
            "caption": outline.summary(table.caption, 110), "unit": table.unit, "rows": body, "has_total": bool(foot),
            "align": [tables.alignment(column) for column in table.columns], "widths": made.widths, "size": made.size,
            "heights": [made.height_of(row) for row in body], "note": outline.summary("  ".join(notes), 170),
        }  # fmt: skip
        self._add(slide, "table", height, data)


class _SlideTable:
    """A table set in a type size, or smaller where its figures are too wide: its cells cut to a few lines, and heights."""

    def __init__(self, table: b.Table, rows: list[list[str]], total: list[str] | None, wanted_size: float) -> None:
        scale = wanted_size / 8.2  # the widths of tables.py are for the type of a book
        room = BODY_WIDTH / scale
        wanted = tables.needs(table, [total, *rows] if total else rows)
        self.size = max(SMALLEST_TABLE, wanted_size * min(1.0, room / sum(wanted)))
        self.widths = [width * scale for width in tables.widths(table, wanted, room)]
        self._letters = [max(int((width - 12) / (self.size * LETTER)), 3) for width in self.widths]
        self.titles = self._fitted([column.title for column in table.columns])
        self.rows = [self._fitted(row) for row in rows]
        self.total = self._fitted(total) if total else None
        self.heights = [self.height_of(row) for row in self.rows]
        self.fixed = CAPTION + self.height_of(self.titles) + (self.height_of(self.total) if self.total else 0) + SOURCE

    @property
    def height(self) -> float:
        """Of all of it, with caption and source."""
        return self.fixed + sum(self.heights)

    def rows_within(self, room: float) -> int:
        """How many rows fit, at least one."""
        count = sum(self.fixed + height <= room for height in accumulate(self.heights))
        return max(count, 1)

    def height_of(self, row: list[str]) -> float:
        """The height of a row, rather a line too many than one too few."""
        lines = max(_lines(cell, self.size, width - 12) for cell, width in zip(row, self.widths, strict=True))
        return lines * self.size * 1.25 + 6

    def _fitted(self, row: list[str]) -> list[str]:
        return [
            tables.breakable(outline.summary(cell, most * CELL_LINES), most)
            for cell, most in zip(row, self._letters, strict=True)
        ]


def _point_heights(points: Sequence[b.Point], size: float) -> list[float]:
    return [
        _lines(b.plain(point.text), size, BODY_WIDTH - INDENT * (point.depth + 1)) * size * LINE + size / 3
        for point in points
    ]


def _grow(slide: Slide) -> None:
    """Set the text of a slide larger where there is room; slides with tables and pictures stay as they are."""
    if not slide.items or {item.kind for item in slide.items} & {"table", "picture", "facts"}:
        return
    if len(slide.items) == 1 and slide.items[0].kind == "figures":
        slide.items = [_figures_alone(slide.items[0])]
        return
    for larger in LARGER:
        grown = [_larger(item, larger) for item in slide.items]
        if sum(item.height + GAP for item in grown) - GAP <= BODY_HEIGHT:
            tops = accumulate((item.height + GAP for item in grown[:-1]), initial=TOP)
            slide.items = [replace(item, top=top) for item, top in zip(grown, tops, strict=True)]
            return


def _figures_alone(item: Item) -> Item:
    """Figures that have a slide for themselves: fewer in a row, and larger, as far as they fit."""
    pairs = [pair for row in item.data["rows"] for pair in row]
    rows = [pairs[start : start + ALONE_IN_A_ROW] for start in range(0, len(pairs), ALONE_IN_A_ROW)]
    each = FIGURES_HEIGHT * ALONE_LARGER
    if each * len(rows) > BODY_HEIGHT:
        return item
    data = {"rows": rows, "heights": [each] * len(rows), "columns": ALONE_IN_A_ROW, "scale": ALONE_LARGER}
    return replace(item, height=each * len(rows), data=data)


def _larger(item: Item, factor: float) -> Item:
    """Return a text or list set so much larger, with the height it takes then; other items as they are."""
    if item.kind not in ("text", "points"):
        return item
    size = item.data["size"] * factor
    if item.kind == "text":
        height = _lines(_words(item.data["runs"]), size, BODY_WIDTH) * size * LINE
    else:
        points = [b.Point(_words(runs), depth, number) for runs, depth, number in item.data["points"]]
        height = sum(_point_heights(points, size))
    return replace(item, height=height, data=item.data | {"size": size})


def _words(runs: list[list[Any]]) -> str:
    return "".join(words for words, *_look in runs)


def _facts_height(pairs: list[Any]) -> float:
    label, value = pairs[0]
    lines = max(_lines(label, 13, 220), _lines(value, 15, BODY_WIDTH - 240))
    return lines * 15 * LINE + 8


def _lines(text: str, size: float, width: float) -> int:
    """Return how many lines a text takes, rather one too many than one too few."""
    most = max(int(width / (size * LETTER)), 1)
    return sum(max(-(-len(line) // most), 1) for line in text.split("\n"))


def _pieces(text: b.Text, size: float) -> Iterator[b.Text]:
    """Yield a text in pieces that each fit on a slide, cut between sentences where that is possible."""
    most = int(BODY_WIDTH / (size * LETTER)) * int(BODY_HEIGHT / (size * LINE)) * 8 // 10
    words = b.plain(text)
    if len(words) <= most and _lines(words, size, BODY_WIDTH) * size * LINE <= BODY_HEIGHT:
        yield text
        return
    # A text as long as this loses its emphasis; it is far more than a slide can carry.
    piece = ""
    for sentence in re.split(r"(?<=[.!?])\s+", " ".join(words.split())):
        for part in textwrap.wrap(sentence, most) or [""]:
            if piece and len(piece) + len(part) > most:
                yield piece
                piece = ""
            piece = f"{piece} {part}".strip()
    if piece:
        yield piece
