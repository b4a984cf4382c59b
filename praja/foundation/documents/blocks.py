"""What a document is made of: frozen blocks that stages return, that every renderer draws and that an edition freezes.

Text in a block is always plain text. A stage may emphasise words with `Run`; what a person typed is never read as markup.
Lists given to a block become tuples, and characters that no document can carry are dropped, so that a block equals itself
after a trip through JSON.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from django.utils.functional import Promise

# Control characters and non-characters are illegal in XML (Word, SVG); lone surrogates cannot be stored as UTF-8;
# soft hyphens make a PDF unsearchable.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029|\x0b|\x0c")
SAFE_LINK = re.compile(r"(https?://[^\s/?#]|mailto:[^\s@]+@[^\s@])[^\s\"<>\\^`{|}]*", re.IGNORECASE)
LINK_LENGTH = 2000
DEEPEST = 3  # lists within lists within lists within a list
PICTURE_BYTES = 1_500_000  # pictures travel inside the document, so each of them has to be light


def clean(text: str) -> str:
    """Return `text` without the characters that no document can carry; every line end becomes a newline."""
    if text.isprintable():  # no line end and no control character either: the common case, and cheap to ask
        return text
    return UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text))


class Block:
    """The base of all parts of a document: makes lists into tuples and cleans every text when it is built."""

    def __post_init__(self) -> None:
        values = vars(self)  # written directly: a frozen dataclass has no other way, and a book has thousands of blocks
        for name, value in values.items():
            values[name] = _frozen(value)


def _frozen(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return tuple([_frozen(item) for item in value])
    if isinstance(value, Promise):  # a lazy translation is settled under the language of the moment
        return clean(str(value))
    if isinstance(value, dict):
        return plain_data(value)
    return value


def plain_data(value: Any) -> Any:
    """Return data as JSON gives it back: texts cleaned, tuples as lists; raise TypeError for what JSON has no word for."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [plain_data(item) for item in value]
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return {clean(name): plain_data(item) for name, item in value.items()}
    raise TypeError(f"The facts of a document are texts, whole numbers, lists and mappings, not {value!r:.80}.")


def added(default: Any, **also: Any) -> Any:
    """Return a field that came later: with its default it is left out of the JSON, so that old documents keep their hash."""
    return field(default=default, metadata={"came later": True}, **also)


def is_safe_link(address: str) -> bool:
    """Return whether a document may lead there: a web address or an e-mail address, and nothing that a browser would run."""
    return len(address) <= LINK_LENGTH and SAFE_LINK.fullmatch(address) is not None


@dataclass(frozen=True)
class Run(Block):
    """A piece of a paragraph that is set alike; `link` is where it leads to, `note` the footnote that hangs on its end."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = added("")
    note: str = added("")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.link and not is_safe_link(self.link):
            raise ValueError(f"A link begins with http:, https: or mailto:, not {self.link[:80]!r}.")


Text = str | tuple[Run, ...] | list[Run]
Cell = str | int | Decimal | None
Pairs = tuple[tuple[str, str], ...] | list[tuple[str, str]]


def runs(text: Text) -> tuple[Run, ...]:
    """Return any text as a tuple of runs."""
    return (Run(text),) if isinstance(text, str) else tuple(text)


def plain(text: Text) -> str:
    """Return the words of any text without their emphasis."""
    return text if isinstance(text, str) else "".join(run.text for run in text)


@dataclass(frozen=True)
class Heading(Block):
    """A heading of level 1 (a chapter, on a new page) to 4; levels 1 to 3 are numbered and stand in the contents.

    `key` names the heading in addresses (`#key`); leave it empty to have one made from the number. With a `color_key` it
    and what stands below it carry the colour of a dimension.
    """

    level: int
    text: str
    key: str = ""
    numbered: bool = True
    color_key: str = added("")


@dataclass(frozen=True)
class Paragraph(Block):
    """Running text; "lead" opens a chapter in larger type, "note" is a small remark, "quote" is somebody else's words.

    A newline starts a new line. `key` names the paragraph in addresses, so that a remark can point at it.
    """

    text: Text
    style: Literal["body", "lead", "note", "quote"] = "body"
    key: str = added("")


@dataclass(frozen=True)
class Bullets(Block):
    """A list of short points; `ordered` numbers them from 1.

    `deeper` makes lists within the list: for each item its depth, from 0 to DEEPEST, and whether it is numbered there.
    An item of a greater depth belongs to the one above it. Empty: all items stand on the first level.
    """

    items: tuple[Text, ...] | list[Text]
    ordered: bool = added(False)  # noqa: FBT003  a field's default
    key: str = added("")
    deeper: tuple[tuple[int, bool], ...] = added(())

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.deeper:
            return
        depths = [-1, *(depth for depth, _numbered in self.deeper)]
        is_right = all(0 <= depth <= min(above + 1, DEEPEST) for above, depth in pairwise(depths))
        if len(self.deeper) != len(self.items) or not is_right:
            raise ValueError(f"A list of {len(self.items)} points has no such depths: {self.deeper}.")


@dataclass(frozen=True)
class Point:
    """One item of a list as it is printed: its depth, and its number within its own list, or 0 behind a bullet."""

    text: Text
    depth: int = 0
    number: int = 0


@dataclass(frozen=True)
class Sublist:
    """Points of one depth that follow each other, each with the lists that belong to it; `start` is the first's number."""

    depth: int
    start: int
    points: list[tuple[Text, list["Sublist"]]]


def points(bullets: Bullets) -> list[Point]:
    """Return the items of a list in order with their depths and numbers."""
    found: list[Point] = []
    last: list[int] = []  # the last number at each depth that is open
    for item, (depth, is_numbered) in zip(
        bullets.items, bullets.deeper or [(0, bullets.ordered)] * len(bullets.items), strict=True
    ):
        del last[depth + 1 :]
        number = (last[depth] if depth < len(last) else 0) + 1 if is_numbered else 0
        last[depth:] = [number]
        found.append(Point(item, depth, number))
    return found


def nested(found: list[Point]) -> list[Sublist]:
    """Return points as lists within lists; those of a list that was cut may begin at any depth and number."""
    made: list[Sublist] = []
    place = 0
    while place < len(found):
        first = found[place]
        end = place + 1
        while end < len(found) and found[end].depth > first.depth:
            end += 1
        inside = nested(found[place + 1 : end])
        before = made[-1] if made else None
        if before and before.depth == first.depth and bool(before.start) == bool(first.number) and first.number != 1:
            before.points.append((first.text, inside))
        else:
            made.append(Sublist(first.depth, first.number, [(first.text, inside)]))
        place = end
    return made


@dataclass(frozen=True)
class Column(Block):
    """A column of a table: its title, its width as a share of the table's, and how its values are written.

    "number" groups thousands, "rupiah" writes Rp1.250.000.000, "year" writes digits as they are. An empty `align` means
    left for text and right for everything else.
    """

    title: str
    share: float = 1
    kind: Literal["text", "number", "rupiah", "year"] = "text"
    align: Literal["", "left", "center", "right"] = ""


@dataclass(frozen=True)
class Table(Block):
    """A numbered table with its caption, unit and source; long ones break over pages and repeat their header.

    Each row has one value for each column; None is written as a dash. `total` is one more row, set apart at the end.
    Without rows the table shows `empty_text`. `landscape` turns the page.
    """

    caption: str
    columns: tuple[Column, ...] | list[Column]
    rows: tuple[tuple[Cell, ...], ...] | list[Any]
    total: tuple[Cell, ...] | list[Cell] | None = None
    unit: str = ""
    source: str = ""
    key: str = ""
    landscape: bool = False
    empty_text: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        for row in (*self.rows, *((self.total,) if self.total is not None else ())):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"Table “{self.caption}”: a row has {len(row)} values for {len(self.columns)} columns."
                )


@dataclass(frozen=True)
class Chart(Block):
    """A numbered figure: an SVG made by `praja.foundation.ui.charts`, with what it shows in words.

    `alt` says what the picture shows to a person who cannot see it. `data` are the figures behind it; the web page shows
    them beside the picture, the printed book does not.
    """

    caption: str
    svg: str
    alt: str
    unit: str = ""
    source: str = ""
    data: Table | None = None
    key: str = ""
    landscape: bool = False


@dataclass(frozen=True)
class Picture(Block):
    """A numbered figure that somebody handed in, numbered along with the charts.

    `content` is a PNG or JPEG file of at most PICTURE_BYTES (pictures.py makes one of any upload); `alt` says what can be
    seen; `share` is the part of the text's width that it takes, from 0.1 to 1.
    """

    caption: str
    content: bytes
    alt: str
    source: str = ""
    key: str = ""
    share: float = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
            raise ValueError(f"The picture “{self.caption}” is neither a PNG nor a JPEG file.")
        if len(self.content) > PICTURE_BYTES:
            raise ValueError(
                f"The picture “{self.caption}” has {len(self.content)} bytes; {PICTURE_BYTES} are the most."
            )
        if not 0.1 <= self.share <= 1:
            raise ValueError(f"The picture “{self.caption}” takes a share of {self.share}; from 0.1 to 1 can be set.")


@dataclass(frozen=True)
class Facts(Block):
    """Pairs of (label, value), such as the card of one innovation."""

    items: Pairs


@dataclass(frozen=True)
class Missing(Block):
    """A calm notice of what is not there yet, such as a chapter that is not drawn up."""

    text: str
    items: tuple[str, ...] | list[str] = ()


@dataclass(frozen=True)
class DimensionPage(Block):
    """A page in the colour of a dimension that opens its section; its name stands in the contents as a heading.

    `key` is the dimension's key and `color_key` its colour where that differs; `figures` are pairs of (value, label).
    """

    key: str
    number: int
    name: str
    tagline: str = ""
    figures: Pairs = ()
    color_key: str = ""
    level: int = 2


@dataclass(frozen=True)
class KeyFigures(Block):
    """A row of large figures: pairs of (value, label)."""

    figures: Pairs


@dataclass(frozen=True)
class PageBreak(Block):
    """A new page in print; nothing on a web page."""


@dataclass(frozen=True)
class Signature(Block):
    """Where one person signs: place and date, the office as papers print it, room, then name, rank and NIP.

    `office`: one line each, such as "a.n. Bupati Contoh" and "Sekretaris Daerah", or "Plt. Kepala Dinas Kesehatan".
    """

    place_and_date: str
    office: tuple[str, ...] | list[str]
    name: str
    rank: str = ""
    nip: str = ""


AnyBlock = (
    Heading | Paragraph | Bullets | Table | Chart | Picture | Facts | Missing | DimensionPage | KeyFigures | PageBreak
    | Signature
)  # fmt: skip


@dataclass(frozen=True)
class Document(Block):
    """A whole document: what stands on its cover, how it is marked, and its blocks in order.

    `made_at` is the date of its making and the only time a renderer knows, so the same document gives the same bytes.
    `status_text` ("DRAF") is printed on each page when it is not empty; `arms` is a PNG, JPEG or SVG file's content;
    `accent` is a colour as "#rrggbb"; `year` is what the cover shows ("2026–2030"); `edition` ("Edisi 2") stands there too.
    `first_chapter` is the number of the first chapter, where a document is one chapter of a book. In one that `flows`,
    such as a summary, a chapter begins below the one before it instead of on a page of its own. `facts` is plain data
    that is frozen along with the words, under the same hash, and that nobody draws.
    """

    title: str
    region_name: str
    region_kind: str
    year: str
    made_at: datetime
    blocks: tuple[AnyBlock, ...] | list[AnyBlock] = field(default=())
    subtitle: str = ""
    status_text: str = ""
    is_demonstration: bool = False
    language: str = "id"
    accent: str = "#1F4E79"
    arms: bytes | None = None
    foot_note: str = ""
    edition: str = added("")
    first_chapter: int = added(1)
    flows: bool = added(False)  # noqa: FBT003  a field's default
    facts: dict[str, Any] | None = added(None, hash=False)  # noqa: RUF009  a field's default

    def __post_init__(self) -> None:
        super().__post_init__()
        if not re.fullmatch("#[0-9A-Fa-f]{6}", self.accent):
            raise ValueError(f"The accent colour must look like #1F4E79, not {self.accent!r}.")

    def walk(self, kind: type) -> Iterator[Any]:
        """Yield the blocks of one kind in order."""
        return (block for block in self.blocks if isinstance(block, kind))


@dataclass(frozen=True)
class Letter(Document):
    """A paper of a few pages that an office sends out: letterhead and number instead of cover and contents.

    `letterhead`: the government, the office, then smaller lines such as the address; `number`: as offices number papers;
    `code` names this paper on each page, and `link` stands there as a QR picture that a telephone opens.
    """

    letterhead: tuple[str, ...] | list[str] = ()
    number: str = ""
    code: str = ""
    link: str = ""


@dataclass(frozen=True)
class Deck(Document):
    """Slides to be shown, 16:9: the same blocks, laid on slides by slides.py; long tables are cut there, and say so."""


@dataclass(frozen=True)
class Line(Block):
    """A line of a regulation; `form` says what it is, and so how it is set.

    "heading" stands in the middle, as do the names of chapters and articles; "text" are words of an article, `mark` such as
    "(1)" or "a." hangs in front of them and `depth` is how many steps inwards they stand; a "clause" stands behind a `label`
    such as "Menimbang"; "signing" and "annex" stand in the right half of the page, "left" at its left.
    """

    form: Literal["heading", "chapter", "article", "text", "clause", "signing", "left", "annex"]
    text: str
    label: str = ""
    mark: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Regulation(Document):
    """A draft regulation: its own lines, and the document's blocks as its annex.

    It is made as a Word file; a PDF or web page of it would show the annex alone.
    """

    lines: tuple[Line, ...] | list[Line] = ()


PARTS: dict[str, type] = {
    part.__name__: part
    for part in (
        Document, Letter, Deck, Regulation, Line, Heading, Paragraph, Bullets, Table, Column, Chart, Picture, Facts, Missing,
        DimensionPage, KeyFigures, PageBreak, Signature, Run,
    )
}  # fmt: skip


# What JSON has no word for, and data whose own names mean nothing here: its name in JSON, how it is written and read.
WRITTEN: dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    Decimal: ("decimal", str, Decimal),
    datetime: ("time", datetime.isoformat, datetime.fromisoformat),
    bytes: ("bytes", lambda value: base64.b64encode(value).decode(), base64.b64decode),
    dict: ("data", dict, dict),
}
READ = {name: read for name, _write, read in WRITTEN.values()}


def to_json(document: Document) -> str:
    """Return the document as JSON text that is the same for equal documents, so that it can be hashed and frozen."""
    return json.dumps(_encoded(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Document:
    """Return the document that `to_json` wrote; raise ValueError when the text is not a document."""
    document = _decoded(json.loads(text))
    if not isinstance(document, Document):
        raise ValueError("The text is JSON, but not a document.")  # noqa: TRY004  the text is wrong, not the call
    return document


@cache
def _later(part: str) -> dict[str, Any]:
    """Return the fields of a part that came later, with their defaults."""
    return {one.name: one.default for one in fields(PARTS[part]) if one.metadata.get("came later")}


def _encoded(value: Any) -> Any:
    if isinstance(value, Block):
        kind = type(value).__name__
        later = _later(kind)
        return {"is": kind} | {
            name: _encoded(part) for name, part in vars(value).items() if name not in later or part != later[name]
        }
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    if value is None or isinstance(value, str | int):
        return value
    for sort, (name, write, _read) in WRITTEN.items():
        if isinstance(value, sort):
            return {"is": name, "value": write(value)}
    return value


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return tuple([_decoded(item) for item in value])
    if not isinstance(value, dict):
        return value
    kind = value.get("is")
    if kind in READ:
        return READ[kind](value["value"])
    if kind not in PARTS:
        raise ValueError(f"A document has no part called {kind!r}.")
    try:
        return PARTS[kind](**{name: _decoded(part) for name, part in value.items() if name != "is"})
    except TypeError as error:
        raise ValueError(f"The part {kind} is not complete: {error}") from error
