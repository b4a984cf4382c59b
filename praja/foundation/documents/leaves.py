"""A document as web pages that a slow line carries: leaf by leaf, with an address for each chapter, table and row.

A leaf is a chapter; a heavy chapter is cut at its sections. Everything keeps the number and the anchor that it has in the
whole document, and whatever has an anchor links to itself, so that its address can be passed on.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from praja.foundation.documents import blocks as b
from praja.foundation.documents import html, outline
from praja.foundation.documents.outline import Placed

HEAVY = 60_000  # letters of the blocks as Python writes them; the web page of so many is some 15 to 20 kB, compressed
DEEPEST = 4  # the level of headings down to which a heavy chapter is cut
ROW = re.compile(r"-baris-\d+$")
ROW_START = re.compile(r'^<tr id="([^"]*)"><td([^>]*)>(.*?)</td>', re.DOTALL)
INSIDE = re.compile(r'src="data:[^"]*"')  # a picture that travels inside the page
NOTE = re.compile(r"(?:catatan|acuan)-(\d+)")


@dataclass(frozen=True)
class Leaf:
    """A stretch of a document that is one web page: the places of its first block and of the block after its last.

    `place` names it in addresses: the anchor of the heading with which it begins, or "awal" for what stands before any.
    """

    first: int
    end: int
    place: str
    number: str
    title: str


class Leaves:
    """The leaves of one document."""

    def __init__(self, document: b.Document) -> None:
        self.document = document
        self.parts = outline.placed(document)
        self._weights = [_weight(part.block) for part in self.parts]
        self.all = [self._leaf(first, end) for first, end in self._cut(0, len(self.parts), 1)]

    def at(self, anchor: str) -> Leaf | None:
        """The leaf on which an anchor stands: of a heading, paragraph, table, picture, row or footnote; None without one."""
        for wanted in (anchor, ROW.sub("", anchor)):
            for leaf in self.all:
                if leaf.place == wanted or any(part.anchor == wanted for part in self.parts[leaf.first : leaf.end]):
                    return leaf
        if found := NOTE.fullmatch(anchor):
            return self._with_note(int(found[1]))
        return None

    def neighbours(self, leaf: Leaf) -> tuple[Leaf | None, Leaf | None]:
        """The leaves before and after this one."""
        place = self.all.index(leaf)
        return self.all[place - 1] if place else None, self.all[place + 1] if place + 1 < len(self.all) else None

    def picture(self, anchor: str) -> bytes | None:
        """The content of the picture that stands at an anchor: a PNG or JPEG file."""
        found = (part.block for part in self.parts if part.anchor == anchor and isinstance(part.block, b.Picture))
        return next((block.content for block in found), None)

    def render(self, leaf: Leaf, address_of_picture: Callable[[str], str]) -> SafeString:
        """The leaf as a fragment of HTML, in the document's own language; pictures are fetched from an address of their own."""
        with translation.override(self.document.language):
            page = _Page(self.document, self._notes_before(leaf.first), address_of_picture)
            return mark_safe("".join(page.leaf(self.parts[leaf.first : leaf.end])))  # noqa: S308  every text was escaped

    def _cut(self, first: int, end: int, level: int) -> Iterator[tuple[int, int]]:
        """Yield the stretches from `first` to `end`: every chapter begins one, and heavy ones are cut at lower headings."""
        if level > DEEPEST or (level > 1 and sum(self._weights[first:end]) <= HEAVY):
            if first < end:
                yield first, end
            return
        starts = [place for place in range(first + 1, end) if self._level(place) == level]
        found: list[tuple[int, int]] = []
        for start, stop in pairwise([first, *starts, end]):
            for piece in self._cut(start, stop, level + 1):
                last = found[-1] if found and level > 1 else None
                if last and sum(self._weights[last[0] : piece[1]]) <= HEAVY:
                    found[-1] = (last[0], piece[1])
                else:
                    found.append(piece)
        yield from found

    def _level(self, place: int) -> int:
        block = self.parts[place].block
        return block.level if isinstance(block, b.Heading | b.DimensionPage) else 0

    def _leaf(self, first: int, end: int) -> Leaf:
        part = self.parts[first]
        if isinstance(part.block, b.Heading | b.DimensionPage):
            words = part.block.text if isinstance(part.block, b.Heading) else part.block.name
            return Leaf(first, end, part.anchor, part.number, outline.summary(words))
        return Leaf(first, end, "awal", "", outline.summary(self.document.title))

    def _notes_before(self, end: int) -> int:
        return sum(_notes_in(part.block) for part in self.parts[:end])

    def _with_note(self, number: int) -> Leaf | None:
        return next(
            (leaf for leaf in self.all if self._notes_before(leaf.first) < number <= self._notes_before(leaf.end)), None
        )


def _weight(block: b.AnyBlock) -> int:
    """How heavy a block makes its page; a picture is fetched from an address of its own, so its file does not count."""
    if isinstance(block, b.Picture):
        return len(block.caption) + len(block.alt) + len(block.source)
    return len(repr(block))


def _notes_in(block: b.AnyBlock) -> int:
    match block:
        case b.Paragraph():
            texts: tuple[b.Text, ...] = (block.text,)
        case b.Bullets():
            texts = tuple(block.items)
        case _:
            texts = ()
    return sum(1 for text in texts for run in b.runs(text) if run.note)


class _Page(html.Page):
    """The fragment of one leaf."""

    def __init__(self, document: b.Document, notes_before: int, address_of_picture: Callable[[str], str]) -> None:
        super().__init__(document)
        self.address_of_picture = address_of_picture
        self.notes = [""] * notes_before  # footnotes are counted through the whole document
        self.notes_before = notes_before

    def leaf(self, parts: list[Placed]) -> Iterator[str]:
        """Yield the fragment of the leaf's blocks, with their footnotes below."""
        yield f'<article class="book book-leaf" lang="{escape(self.document.language)}"><div class="book-body">'
        for part in parts:
            yield from self.block(part)
        yield from self._notes()
        yield "</div></article>"

    def _notes(self) -> Iterator[str]:
        notes = self.notes[self.notes_before :]
        if not notes:
            return
        start = self.notes_before + 1
        yield f'<section class="book-notes" aria-label="{escape(self.words["notes"])}"><ol start="{start}">'
        for number, note in enumerate(notes, start):
            back = f'<a href="#acuan-{number}" aria-label="{escape(self.words["back"])}">↩</a>'
            yield f'<li id="catatan-{number}">{escape(note)} {back}</li>'
        yield "</ol></section>"

    def block(self, part: Placed) -> Iterator[str]:
        """Yield one block."""
        if not isinstance(part.block, b.Picture):
            yield from super().block(part)
            return
        address = escape(self.address_of_picture(part.anchor))
        for piece in super().block(part):
            yield INSIDE.sub(f'src="{address}"', piece)

    def _caption(self, part: Placed, word: str) -> str:
        label = f"{escape(self.words[word])} {part.number}"
        caption = super()._caption(part, word)
        plain = f'<span class="book-number">{label}</span>'
        return caption.replace(plain, f'<a class="book-number book-here" href="#{part.anchor}">{label}</a>', 1)

    def table(self, table: b.Table, anchor: str = "") -> Iterator[str]:
        """Yield the table; the first cell of each row that has an address links to it."""
        for piece in super().table(table, anchor):
            yield ROW_START.sub(_linked_row, piece) if anchor and piece.startswith("<tr id=") else piece


def _linked_row(found: re.Match[str]) -> str:
    anchor, side, words = found.groups()
    return f'<tr id="{anchor}"><td{side}><a class="book-here" href="#{anchor}">{words}</a></td>'
