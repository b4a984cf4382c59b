"""What a text that people write consists of: nodes with a closed grammar, checked here, and the blocks that books make of them.

A content is a list of nodes, each a dict that says what it `is`:

- `paragraph`, `quote`: `text`; `heading`: `level` 1 or 2 and `text`; `item`: `ordered`, `level` 0 to 3 and `text`
- `figure`: `chart` (a key of references.CHARTS), or `picture` (the uid of a stored picture) with `caption`, `alt`, `source`
- `table`: `caption`, `source` and `rows` of plain cells, of which the first is the header

A `text` is a list of parts: `{"text": ..., "bold", "italic", "link"}`, a footnote `{"note": ...}`, or a live reference
`{"data": key, "bold", "italic"}`. What is false or empty is left out, so that equal texts are equal lists.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any, cast
from urllib.parse import quote

from django.utils.translation import gettext as _

from praja.foundation.documents import blocks as b
from praja.foundation.documents.blocks import AnyBlock, Run, clean
from praja.stages.masterplan.texts.references import NO_VALUES, Reference, Values

Node = dict[str, Any]
Content = list[Node]

MOST_CHARACTERS = 400_000  # about 60,000 words; the longest chapter that anybody hands in has a tenth of that
MOST_NODES = 5_000
MOST_ROWS, MOST_COLUMNS = 500, 20
LONGEST_LINE = 500
DEEPEST_ITEM = 3
KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")  # a tag of Word holds 64 letters
TEXT_KINDS = ("paragraph", "heading", "item", "quote")
FIELDS = {
    "paragraph": {"text"},
    "quote": {"text"},
    "heading": {"level", "text"},
    "item": {"ordered", "level", "text"},
    "figure": {"chart", "picture", "caption", "alt", "source"},
    "table": {"caption", "source", "rows"},
}
_SPACES = re.compile(r"[ \t\u1680\u2000-\u200a\u202f\u205f\u3000]+")  # all but the space that never breaks
_EDGE = " \n\xa0"
_LINE = re.compile(r"[ \xa0]*\n[ \n\xa0]*")
_EDGES = re.compile(rf"([{_EDGE}]*)(.*?)([{_EDGE}]*)", re.DOTALL)


class NarrativeRefused(ValueError):
    """A content that is not taken; `sentences` say what is wrong with it and what to do."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


# ---------------------------------------------------------------- checking


def validated(content: Any) -> Content:
    """The content in its one written form; raises NarrativeRefused for anything that the grammar does not know."""
    if not isinstance(content, list):
        raise NarrativeRefused([_("This is not a text that Praja knows. Please copy it and write it again.")])
    if len(content) > MOST_NODES:
        raise NarrativeRefused([_("This text has too many paragraphs. Please divide it among several sections.")])
    problems: list[str] = []
    made: Content = []
    for number, node in enumerate(content, start=1):
        try:
            checked = _node(node)
        except _Wrong as problem:
            problems.append(_("Paragraph %(number)s: %(problem)s") % {"number": number, "problem": problem})
            continue
        if checked is not None:
            if checked["is"] == "item":
                checked["level"] = min(checked["level"], _level_before(made) + 1)
            made.append(checked)
    size = sum(_size(node) for node in made)
    if size > MOST_CHARACTERS:
        problems.append(
            _("This text is too long: %(size)s characters, and a section holds %(most)s. Please divide it.")
            % {"size": size, "most": MOST_CHARACTERS}
        )
    if problems:
        raise NarrativeRefused(problems[:20])
    return made


class _Wrong(ValueError):
    """One node that does not fit, said in a sentence."""


def _level_before(made: Content) -> int:
    return made[-1]["level"] if made and made[-1]["is"] == "item" else -1


def _node(node: Any) -> Node | None:
    """The node in its written form; None when it says nothing."""
    kind = node.get("is") if isinstance(node, dict) else None
    if not isinstance(kind, str) or kind not in FIELDS or set(node) - FIELDS[kind] - {"is"}:
        raise _Wrong(_("it is of a kind that a section cannot hold."))
    if kind == "figure":
        return _figure(node)
    if kind == "table":
        return _table(node)
    text = _inline(node.get("text"), is_line=kind == "heading")
    if not text:
        return None
    if kind == "heading":
        if node.get("level") not in (1, 2) or type(node["level"]) is not int:
            raise _Wrong(_("a heading has level 1 or 2."))
        return {"is": kind, "level": node["level"], "text": text}
    if kind == "item":
        level = node.get("level", 0)
        if not isinstance(level, int) or isinstance(level, bool) or not isinstance(node.get("ordered", False), bool):
            raise _Wrong(_("this list cannot be read."))
        return {
            "is": kind,
            "ordered": node.get("ordered", False),
            "level": max(0, min(level, DEEPEST_ITEM)),
            "text": text,
        }
    return {"is": kind, "text": text}


def _figure(node: Node) -> Node:
    if node.get("chart"):
        key = node["chart"]
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise _Wrong(_("this figure has no proper name. Please choose it from the list."))
        return {"is": "figure", "chart": key}
    try:
        picture = str(uuid.UUID(str(node.get("picture"))))
    except ValueError as problem:
        raise _Wrong(_("this picture is not there. Please upload it again.")) from problem
    lines = {name: _line(node.get(name, "")) for name in ("caption", "alt", "source")}
    return {"is": "figure", "picture": picture, **{name: line for name, line in lines.items() if line}}


def _table(node: Node) -> Node | None:
    rows = node.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise _Wrong(_("this table cannot be read."))
    width = max((len(row) for row in rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise _Wrong(
            _("a table in a text has at most %(rows)s rows and %(columns)s columns.")
            % {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        )
    cells = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    cells = [row for number, row in enumerate(cells) if number == 0 or any(row)]
    if not any(any(row) for row in cells):
        return None
    lines = {name: _line(node.get(name, "")) for name in ("caption", "source")}
    return {"is": "table", **{name: line for name, line in lines.items() if line}, "rows": cells}


def _cell(cell: Any) -> str:
    if not isinstance(cell, str):
        raise _Wrong(_("this table cannot be read."))
    return _LINE.sub("\n", _SPACES.sub(" ", clean(cell))).strip(_EDGE)


def _line(text: Any) -> str:
    if not isinstance(text, str):
        raise _Wrong(_("a caption or source is a line of text."))
    line = " ".join(clean(text).split())
    if len(line) > LONGEST_LINE:
        raise _Wrong(_("a caption or source has at most %(most)s characters.") % {"most": LONGEST_LINE})
    return line


def _inline(parts: Any, *, is_line: bool) -> list[Node]:
    """The parts of a text, joined where they are alike, with no space at the edge of anything emphasised."""
    if not isinstance(parts, list):
        raise _Wrong(_("its words cannot be read."))
    pieces: list[Node] = []
    for part in _joined(_part(part, is_line=is_line) for part in parts):
        if "text" not in part or len(part) == 1:
            pieces.append(part)
            continue
        before, core, after = cast("re.Match[str]", _EDGES.fullmatch(part["text"])).groups()
        pieces += [{"text": before}, {**part, "text": core}, {"text": after}]
    made = [_tidied(part) for part in _joined(pieces)]
    while made and "text" in made[0] and not made[0]["text"].strip(_EDGE):
        made.pop(0)
    while made and "text" in made[-1] and not made[-1]["text"].strip(_EDGE):
        made.pop()
    if made and "text" in made[0]:
        made[0] = {**made[0], "text": made[0]["text"].lstrip(_EDGE)}
    if made and "text" in made[-1]:
        made[-1] = {**made[-1], "text": made[-1]["text"].rstrip(_EDGE)}
    return made


def _part(part: Any, *, is_line: bool) -> Node:
    if not isinstance(part, dict) or len(set(part) & {"text", "note", "data"}) != 1:
        raise _Wrong(_("its words cannot be read."))
    marks = {name: True for name in ("bold", "italic") if part.get(name)}
    if "note" in part:
        if not isinstance(part["note"], str) or set(part) != {"note"}:
            raise _Wrong(_("a footnote is plain text."))
        return {"note": " ".join(clean(part["note"]).split())}
    if "data" in part:
        if (
            not isinstance(part["data"], str)
            or not KEY.fullmatch(part["data"])
            or set(part) - {"data", "bold", "italic"}
        ):
            raise _Wrong(_("this reference to data has no proper name. Please choose it from the list."))
        return {"data": part["data"], **marks}
    if not isinstance(part["text"], str) or set(part) - {"text", "bold", "italic", "link"}:
        raise _Wrong(_("its words cannot be read."))
    made: Node = {"text": _SPACES.sub(" ", clean(part["text"])), **marks}
    if is_line:
        made["text"] = made["text"].replace("\n", " ")
    if part.get("link"):
        made["link"] = safe_link(part["link"])
        if not made["link"]:
            raise _Wrong(
                _("“%(link)s” is no address. A link begins with https://, http:// or mailto:.")
                % {"link": str(part["link"])[:60]}
            )
    return made


def _tidied(part: Node) -> Node:
    if "text" not in part:
        return part
    return {**part, "text": _LINE.sub("\n", _SPACES.sub(" ", part["text"]))}


def _joined(parts: Iterable[Node]) -> list[Node]:
    """Neighbours with the same emphasis and link as one; empty ones left out."""
    made: list[Node] = []
    said = (part for part in parts if next(iter(part.values())))
    for _key, alike in groupby(said, key=lambda part: _marks(part) if "text" in part else id(part)):
        together = list(alike)
        if "text" in together[0]:
            made.append({**together[0], "text": "".join(part["text"] for part in together)})
        else:
            made += together
    return made


def _marks(part: Node) -> Node:
    return {name: value for name, value in part.items() if name != "text"}


def safe_link(address: Any) -> str:
    """The address as it may stand in a book: http, https or mailto; empty when it is anything else."""
    if not isinstance(address, str) or len(address) > b.LINK_LENGTH or not b.is_safe_link(address.strip()):
        return ""
    made = quote(clean(address.strip()), safe="!#$%&'*+,/:;=?@[]~-._")  # a bracket would end the link in the markup
    return made if b.is_safe_link(made) else ""


# ---------------------------------------------------------------- reading


def text_of(parts: list[Node], values: Mapping[str, Reference] = NO_VALUES) -> str:
    """The words of a text, footnotes left out, with what its references say."""
    return "".join(part["text"] if "text" in part else _value(part, values) for part in parts if "note" not in part)


def _value(part: Node, values: Mapping[str, Reference]) -> str:
    reference = values.get(part["data"])
    return reference.text if reference else "{{ %s }}" % part["data"]  # noqa: UP031  braces read worse in an f-string


def plain_text(content: Content, values: Mapping[str, Reference] = NO_VALUES) -> str:
    """The words of a content, one line a paragraph, for searching, counting and comparing."""
    return "\n".join(line for node in content for line in _lines(node, values))


def _lines(node: Node, values: Mapping[str, Reference]) -> Iterator[str]:
    if node["is"] in TEXT_KINDS:
        yield text_of(node["text"], values)
        yield from notes_of(node["text"])
    elif node["is"] == "table":
        yield node.get("caption", "")
        yield from (" ".join(row) for row in node["rows"])
        yield node.get("source", "")
    else:
        yield from (node[name] for name in ("caption", "source") if node.get(name))


def notes_of(parts: list[Node]) -> list[str]:
    """The footnotes of a text in order."""
    return [part["note"] for part in parts if "note" in part]


def words_of(content: Content) -> int:
    """How many words somebody wrote."""
    return len(plain_text(content).split())


def keys_in(content: Content) -> set[str]:
    """The keys of all references to data in a content."""
    return {part["data"] for node in content if node["is"] in TEXT_KINDS for part in node["text"] if "data" in part}


def pictures_in(content: Content) -> set[str]:
    """The uids of all pictures in a content."""
    return {node["picture"] for node in content if "picture" in node}


def _size(node: Node) -> int:
    return sum(len(line) for line in _lines(node, NO_VALUES))


# ---------------------------------------------------------------- blocks


def blocks_of(content: Content, values: Mapping[str, Reference], *, level: int = 3) -> list[AnyBlock]:
    """The blocks that a book makes of a content; its headings begin at `level` (3 inside a section, 2 in a chapter).

    `values` come from references.values_of(plan), which also know the charts and pictures. What is not there any more is
    said in the place where it stood.
    """
    made: list[AnyBlock] = []
    for node, number in zip(content, numbers_of(content), strict=True):
        match node["is"]:
            case "paragraph":
                made.append(b.Paragraph(_runs(node["text"], values)))
            case "quote":
                made.append(b.Paragraph(_runs(node["text"], values), style="quote"))
            case "heading":
                made.append(b.Heading(min(level + node["level"] - 1, 4), text_of(node["text"], values)))
            case "item":
                _add_item(made, node, number, _runs(node["text"], values))
            case "figure":
                made.append(_figure_block(node, values))
            case "table":
                head, *rows = node["rows"]
                columns = [b.Column(title, _share(node["rows"], place)) for place, title in enumerate(head)]
                made.append(b.Table(node.get("caption", ""), columns, rows, source=node.get("source", "")))
    return made


def numbers_of(content: Content) -> list[int]:
    """The number of each item of a numbered list among its neighbours of the same level; 0 for everything else."""
    numbers: list[int] = []
    open_lists: list[tuple[bool, int]] = []  # by level: whether the list is numbered, and its last number
    for node in content:
        if node["is"] != "item":
            open_lists = []
            numbers.append(0)
            continue
        level, ordered = node["level"], node["ordered"]
        del open_lists[level + 1 :]
        open_lists += [(False, 0)] * (level - len(open_lists))
        last = open_lists.pop() if len(open_lists) > level else (ordered, 0)
        open_lists.append((ordered, last[1] + 1 if last[0] == ordered else 1))
        numbers.append(open_lists[-1][1] if ordered else 0)
    return numbers


def _add_item(made: list[AnyBlock], node: Node, number: int, text: list[Run]) -> None:
    """Put an item into the list that is open, else begin one."""
    last = made[-1] if made else None
    place = (node["level"], node["ordered"])
    if isinstance(last, b.Bullets) and (node["level"] or (last.ordered == node["ordered"] and number != 1)):
        before = last.deeper or [(0, last.ordered)] * len(last.items)
        deeper = (*before, place) if node["level"] or last.deeper else ()
        made[-1] = replace(last, items=(*last.items, tuple(text)), deeper=deeper)
    else:
        made.append(b.Bullets([text], ordered=node["ordered"]))


def _share(rows: list[list[str]], place: int) -> float:
    """How wide a column is, by its longest cell."""
    return float(min(60, max(8, *(len(row[place]) for row in rows))))


def _runs(parts: list[Node], values: Mapping[str, Reference]) -> list[Run]:
    made: list[Run] = []
    for part in parts:
        bold, italic = bool(part.get("bold")), bool(part.get("italic"))
        if "note" in part:
            hangs = made and not made[-1].note
            made.append(replace(made.pop(), note=part["note"]) if hangs else Run("", note=part["note"]))
        elif "text" in part:
            made.append(Run(part["text"], bold, italic, link=part.get("link", "")))
        elif part["data"] in values:
            made.append(Run(values[part["data"]].text, bold, italic))
        else:
            made.append(Run(broken(part["data"]), bold=True))
    return made


def broken(key: str) -> str:
    """What stands in a book where a reference leads nowhere."""
    return _("[no data: %(key)s]") % {"key": key}


def _figure_block(node: Node, values: Mapping[str, Reference]) -> AnyBlock:
    shelf = values if isinstance(values, Values) else NO_VALUES
    if "chart" in node:
        return shelf.chart(node["chart"]) or b.Missing(
            _("The figure “%(key)s” has no data at present.") % {"key": node["chart"]}
        )
    picture = shelf.picture(node["picture"])
    if picture is None:
        caption = node.get("caption") or _("without caption")
        return b.Missing(_("The picture “%(caption)s” is not there any more.") % {"caption": caption})
    caption = node.get("caption", "")
    return b.Picture(caption, picture, alt=node.get("alt", "") or caption, source=node.get("source", ""))
