"""What changed between two contents: paragraph by paragraph in reading order, and word by word inside a changed one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from praja.stages.masterplan.texts.narratives import TEXT_KINDS, Content, Node
from praja.stages.masterplan.texts.references import CHARTS

Kind = Literal["same", "added", "removed", "changed"]
_WORDS = re.compile(r"\s+|\{\{ [^}]+ \}\}|\w+|[^\w\s]")
LEAST_ALIKE = 0.35  # below this two paragraphs are another text, not a changed one


class Piece(NamedTuple):
    """Words that stayed, came or went."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """One paragraph with what happened to it; `label` says what it is, `note` what words cannot show."""

    kind: Kind
    label: str
    pieces: tuple[Piece, ...]
    note: str = ""


def compare(old: Content, new: Content) -> list[Change]:
    """Every paragraph of both contents in reading order."""
    matcher = SequenceMatcher(None, [_mark(node) for node in old], [_mark(node) for node in new], autojunk=False)
    changes: list[Change] = []
    for operation, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if operation == "equal":
            changes += [_whole("same", node) for node in old[from_old:to_old]]
        else:
            changes += _replaced(old[from_old:to_old], new[from_new:to_new])
    return changes


def only_changes(changes: list[Change], around: int = 1) -> list[Change | None]:
    """The changed paragraphs with those next to them; None stands for what is left out between."""
    wanted = {
        near
        for place, one in enumerate(changes)
        if one.kind != "same"
        for near in range(place - around, place + around + 1)
    }
    shown: list[Change | None] = []
    for place, one in enumerate(changes):
        if place in wanted:
            shown.append(one)
        elif not shown or shown[-1] is not None:
            shown.append(None)
    return shown


def count(changes: list[Change]) -> dict[str, int]:
    """How many paragraphs were added, removed and changed."""
    return {kind: sum(one.kind == kind for one in changes) for kind in ("added", "removed", "changed")}


def words_between(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts as one, word by word."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    for operation, from_old, to_old, from_new, to_new in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if operation == "equal":
            pieces.append(Piece("same", "".join(before[from_old:to_old])))
            continue
        gone, came = "".join(before[from_old:to_old]), "".join(after[from_new:to_new])
        pieces += [Piece("removed", gone)] if gone else []
        pieces += [Piece("added", came)] if came else []
    return tuple(pieces)


def _replaced(old: Content, new: Content) -> Iterator[Change]:
    """Paragraphs that stand in each other's place: those alike word by word, the others as gone and come."""
    rest = list(old)
    for node in new:
        place = _most_alike(node, rest)
        if place is None:
            yield _whole("added", node)
            continue
        yield from (_whole("removed", gone) for gone in rest[:place])
        yield _changed(rest[place], node)
        rest = rest[place + 1 :]
    yield from (_whole("removed", gone) for gone in rest)


def _most_alike(node: Node, others: Content) -> int | None:
    best, most = None, LEAST_ALIKE
    words = _signs(node)
    for place, other in enumerate(others[:20]):
        if (other["is"] in TEXT_KINDS) != (node["is"] in TEXT_KINDS):
            continue
        alike = SequenceMatcher(None, _signs(other), words, autojunk=False).ratio()
        if alike > most:
            best, most = place, alike
    return best


def _signs(node: Node) -> list[str]:
    return [one for one in _WORDS.findall(text_of_node(node)) if not one.isspace()]


def _changed(old: Node, new: Node) -> Change:
    pieces = words_between(text_of_node(old), text_of_node(new))
    note = ""
    if all(piece.kind == "same" for piece in pieces):
        note = _("Only the form changed, not the words.")
    elif label_of(old) != label_of(new):
        note = _("Before: %(label)s") % {"label": label_of(old)}
    return Change("changed", label_of(new), pieces, note)


def _whole(kind: Kind, node: Node) -> Change:
    return Change(kind, label_of(node), (Piece(kind, text_of_node(node)),))


def _mark(node: Node) -> str:
    return repr(node)


def text_of_node(node: Node) -> str:
    """The words of one node as comparing shows them."""
    if node["is"] in TEXT_KINDS:
        return "".join(_words_of(part) for part in node["text"])
    if node["is"] == "table":
        return "\n".join(
            [node.get("caption", ""), *(" | ".join(row) for row in node["rows"]), node.get("source", "")]
        ).strip()
    if "chart" in node:
        source = CHARTS.get(node["chart"])
        return str(source.label) if source else str(node["chart"])
    return " · ".join(filter(None, (node.get(name) for name in ("caption", "alt", "source")))) or _("without caption")


def _words_of(part: Node) -> str:
    if "text" in part:
        return f"{part['text']} ({part['link']})" if part.get("link") else str(part["text"])
    return f" [{_('Footnote')}: {part['note']}]" if "note" in part else f"{{{{ {part['data']} }}}}"


def label_of(node: Node) -> str:
    """What a node is, in a word."""
    labels = {
        "paragraph": pgettext("part of a text", "Paragraph"),
        "quote": pgettext("part of a text", "Quote"),
        "heading": pgettext("part of a text", "Heading"),
        "item": pgettext("part of a text", "Point of a list"),
        "table": pgettext("part of a text", "Table"),
        "figure": pgettext("part of a text", "Figure"),
        "chart": _("Chart from data"),
    }
    return labels["chart" if "chart" in node else node["is"]]
