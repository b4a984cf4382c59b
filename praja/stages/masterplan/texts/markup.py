"""The light markup in which a text can be typed without a script: nodes to markup, and markup to nodes.

    ## Heading            ### Smaller heading
    - point               1. numbered point      (two spaces before it: a level deeper)
    > words of somebody else
    **bold**  _italic_  [text](https://address)  [^a footnote]  {{ key-of-data }}
    ![Caption | what can be seen | source](gambar:uid)      ![](grafik:key)
    [tabel: Caption | source]
    | Title | Title |
    | cell  | cell  |

An empty line ends a paragraph, a line end begins a new line in it. A backslash takes away the meaning of the sign behind it.
Whatever is not one of these stays what it is: text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from praja.foundation.documents.blocks import clean
from praja.stages.masterplan.texts.narratives import DEEPEST_ITEM, Content, Node, numbers_of, safe_link

SIGNS = r"\\*_\[\]{}#>\-|!.)•^"
_TOKEN = re.compile(
    rf"\\(?P<escaped>[{SIGNS}])"
    r"|\[\^(?P<note>(?:\\.|[^\[\]\\])+)\]"
    r"|\{\{[ ]*(?P<data>[a-z0-9][a-z0-9.-]{0,59})[ ]*\}\}"
    r"|\[(?P<label>(?:\\.|[^\[\]\\])+)\]\((?P<address>[^()\s]+)\)"
    r"|(?P<sign>\*\*|\*|_)"
)
_ESCAPED = re.compile(rf"\\([{SIGNS}])")
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:(?P<bullet>[-*•])|(?P<number>\d{1,4})[.)])[ \t]+(?P<text>.*)")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.+)")
_PICTURE = re.compile(r"!\[((?:\\.|[^\[\]\\])*)\]\((gambar|grafik):([A-Za-z0-9.-]{1,80})\)")
_CAPTION = re.compile(r"\[tabel:((?:\\.|[^\[\]\\])*)\]", re.IGNORECASE)
_RULE = re.compile(r":?-{2,}:?")
_BEGINS_A_BLOCK = re.compile(r"(?:[#>|•-]|\d{1,4}(?=[.)][ \t]))")


# ---------------------------------------------------------------- nodes to markup


def written(content: Content) -> str:
    """The markup of a validated content; reading it gives the content again."""
    pieces: list[str] = []
    before = ""
    for node, number in zip(content, numbers_of(content), strict=True):
        if before:
            pieces.append("\n" if before == node["is"] == "item" else "\n\n")
        pieces.append(_written(node, number))
        before = node["is"]
    return "".join(pieces)


def _written(node: Node, number: int) -> str:
    if node["is"] == "figure":
        return _figure(node)
    if node["is"] == "table":
        return _table(node)
    lines = _inline(node["text"]).split("\n")
    match node["is"]:
        case "heading":
            return f"{'#' * (node['level'] + 1)} {lines[0]}"
        case "quote":
            return "\n".join(f"> {line}" for line in lines)
        case "item":
            indent = "  " * node["level"]
            first, *more = lines
            return "\n".join(
                [f"{indent}{f'{number}.' if number else '-'} {first}", *(f"{indent}  {_guarded(x)}" for x in more)]
            )
    return "\n".join(_guarded(line) for line in lines)


def _guarded(line: str) -> str:
    """The line with a backslash where its beginning would make it something else."""
    found = _BEGINS_A_BLOCK.match(line)
    if not found:
        return line
    return f"{found[0]}\\{line[found.end() :]}" if found[0].isdigit() else f"\\{line}"


def _figure(node: Node) -> str:
    if "chart" in node:
        return f"![](grafik:{node['chart']})"
    words = [node.get(name, "") for name in ("caption", "alt", "source")]
    while words and not words[-1]:
        words.pop()
    return f"![{' | '.join(map(_plain, words))}](gambar:{node['picture']})"


def _table(node: Node) -> str:
    words = [node.get("caption", ""), *([node["source"]] if node.get("source") else [])]
    rows = [f"| {' | '.join(_written_cell(cell) for cell in row)} |" for row in node["rows"]]
    return "\n".join([f"[tabel: {' | '.join(map(_plain, words))}]", *rows])


def _written_cell(cell: str) -> str:
    words = "\\n".join(_plain(line) for line in cell.split("\n"))
    return f"\\{words}" if _RULE.fullmatch(words) else words


def _plain(text: str) -> str:
    """Words in which no sign has a meaning: captions, cells and footnotes."""
    return re.sub(r"([\\\[\]|])", r"\\\1", text)


class _Writer:
    """One text being written: which emphasis and which link are open at its end."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.bold, self.italic, self.link = False, "", ""

    def put(self, words: str) -> None:
        if words:
            self.made.append(words)

    def turn(self, part: Node, parts: list[Node]) -> None:
        """Close and open what differs between the part before and this one; `parts` begin with this one."""
        link = part.get("link", "")
        if self.link and self.link != link:
            self.put(f"]({self.link})")
        if self.bold != bool(part.get("bold")):
            self.bold = not self.bold
            self.put("**")
        if bool(self.italic) != bool(part.get("italic")):
            sign = self.italic or self._italic_sign(parts)
            self.italic = "" if self.italic else sign
            self.put(sign)
        if link and self.link != link:
            self.put("[")
        self.link = link

    def _italic_sign(self, parts: list[Node]) -> str:
        """An underscore where words end on both sides, else an asterisk."""
        stays = [part for part in parts if "note" not in part]
        after = next((part for part in stays if not part.get("italic")), {})
        before = self.made[-1][-1] if self.made else ""
        return "*" if _is_word(before) or _is_word(after.get("text", "")[:1]) else "_"


def _inline(parts: list[Node]) -> str:
    writer = _Writer()
    for place, part in enumerate(parts):
        if "note" in part:
            if writer.link:
                writer.put(f"]({writer.link})")
                writer.link = ""
            writer.put(f"[^{_plain(part['note'])}]")
            continue
        writer.turn(part, parts[place:])
        writer.put(f"{{{{ {part['data']} }}}}" if "data" in part else _escaped(part["text"]))
    writer.turn({}, [])
    return "".join(writer.made)


def _is_word(letter: str) -> bool:
    return letter == "_" or letter.isalnum()


def _escaped(text: str) -> str:
    text = re.sub(r"([*\[\]{]|\A\^|\\(?=[" + SIGNS + r"]|$))", r"\\\1", text)
    return re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)


# ---------------------------------------------------------------- markup to nodes


def read(text: str) -> Content:
    """The nodes of a typed text, not validated yet; it takes any text whatever."""
    return list(_blocks(clean(text).expandtabs(2).split("\n")))


def _blocks(lines: list[str]) -> Iterator[Node]:
    place = 0
    while place < len(lines):
        taken, node = _block(lines, place)
        if node is not None:
            yield node
        place += taken


def _block(lines: list[str], place: int) -> tuple[int, Node | None]:
    """How many lines the block at this place takes, and its node."""
    line = lines[place].strip()
    if not line:
        return 1, None
    if found := _HEADING.fullmatch(line):
        return 1, {"is": "heading", "level": 1 if len(found[1]) < 3 else 2, "text": _parts(found[2])}
    if found := _PICTURE.fullmatch(line):
        return 1, _read_figure(found)
    if _ITEM.fullmatch(lines[place].rstrip()):
        return _read_item(lines, place)
    if _is_row(line) or (_CAPTION.fullmatch(line) and _is_row(next(iter(lines[place + 1 : place + 2]), "").strip())):
        return _read_table(lines, place)
    return _read_text(lines, place)


def _after(lines: list[str], place: int) -> Iterator[str]:
    """The lines below this place; a slice would copy them all for each block."""
    return (lines[below] for below in range(place + 1, len(lines)))


def _read_text(lines: list[str], place: int) -> tuple[int, Node]:
    """A quote or a paragraph: the lines until an empty one or one that is something else."""
    is_quote = lines[place].strip().startswith(">")
    taken = [lines[place].strip()]
    for line in map(str.strip, _after(lines, place)):
        if not line or (not line.startswith(">") if is_quote else not _is_plain(line)):
            break
        taken.append(line)
    words = [line[1:].strip() for line in taken] if is_quote else taken
    return len(taken), {"is": "quote" if is_quote else "paragraph", "text": _parts("\n".join(words))}


def _is_plain(line: str) -> bool:
    """Whether the line goes on with a paragraph."""
    return not (
        _HEADING.fullmatch(line) or _ITEM.fullmatch(line) or _PICTURE.fullmatch(line) or line.startswith(">")
        or _is_row(line) or _CAPTION.fullmatch(line)
    )  # fmt: skip


def _is_row(line: str) -> bool:
    return len(line) > 1 and line.startswith("|") and line.endswith("|") and not line.endswith("\\|")


def _read_item(lines: list[str], place: int) -> tuple[int, Node]:
    found = _ITEM.fullmatch(lines[place].rstrip())
    assert found  # the caller looked
    words = [found["text"]]
    for line in _after(lines, place):
        if not line.startswith("  ") or not line.strip() or _ITEM.fullmatch(line.rstrip()):
            break
        words.append(line.strip())
    level = min(len(found["indent"]) // 2, DEEPEST_ITEM)
    return len(words), {
        "is": "item",
        "ordered": bool(found["number"]),
        "level": level,
        "text": _parts("\n".join(words)),
    }


def _read_figure(found: re.Match[str]) -> Node:
    words, kind, name = found.groups()
    if kind == "grafik":
        return {"is": "figure", "chart": name}
    caption, alt, source, *_more = [*_split(words), "", "", ""]
    return {"is": "figure", "picture": name, "caption": caption, "alt": alt, "source": source}


def _read_table(lines: list[str], place: int) -> tuple[int, Node]:
    caption, source, taken = "", "", 0
    if found := _CAPTION.fullmatch(lines[place].strip()):
        caption, source, *_more = [*_split(found[1]), "", ""]
        taken = 1
    rows = []
    for line in _after(lines, place + taken - 1):
        if not _is_row(line.strip()):
            break
        taken += 1
        cells = [cell.strip() for cell in _at_bars(line.strip())[1:-1]]
        if not all(_RULE.fullmatch(cell) for cell in cells):
            rows.append([_unescaped_cell(cell) for cell in cells])
    return taken, {"is": "table", "caption": caption, "source": source, "rows": rows}


def _at_bars(words: str) -> list[str]:
    """What stands between the bars, as written."""
    pieces = [""]
    for sign in re.findall(r"\\.|[^\\|]+|[\\|]", words):
        if sign == "|":
            pieces.append("")
        else:
            pieces[-1] += sign
    return pieces


def _unescaped_cell(cell: str) -> str:
    return re.sub(rf"\\(?:(n)|([{SIGNS}]))", lambda found: "\n" if found[1] else found[2], cell)


def _split(words: str) -> list[str]:
    """The texts between bars, without backslashes."""
    return [_unescaped(part.strip()) for part in _at_bars(words)]


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


class _Token(NamedTuple):
    """A piece of a text as typed: its node, or a sign of emphasis with what stands around it."""

    node: Node | None
    sign: str = ""
    opens: bool = False
    closes: bool = False
    link: str = ""


def _parts(text: str) -> list[Node]:
    """The parts of a typed text."""
    tokens = list(_tokens(text, ""))
    last = {
        sign: max((n for n, one in enumerate(tokens) if one.sign == sign and one.closes), default=-1)
        for sign in ("**", "*", "_")
    }
    made: list[Node] = []
    bold, italic = False, ""
    for place, token in enumerate(tokens):
        node = token.node
        if node is None:
            opens = token.opens and last[token.sign] > place
            if token.sign == "**" and (token.closes if bold else opens):
                bold = not bold
                continue
            if token.sign != "**" and (token.closes and italic == token.sign if italic else opens):
                italic = "" if italic else token.sign
                continue
            node = _text(token.sign, token.link)
        if "note" not in node:
            node |= {"bold": True} if bold else {}
            node |= {"italic": True} if italic else {}
        made.append(node)
    return made


def _tokens(text: str, link: str) -> Iterator[_Token]:
    end = 0
    for found in _TOKEN.finditer(text):
        if found.start() > end:
            yield _Token(_text(text[end : found.start()], link))
        end = found.end()
        if found["escaped"]:
            yield _Token(_text(found["escaped"], link))
        elif found["note"]:
            yield _Token({"note": _unescaped(found["note"])})
        elif found["data"]:
            yield _Token({"data": found["data"]})
        elif found["sign"]:
            yield _sign(found, link)
        elif address := safe_link(found["address"]):
            yield from _tokens(found["label"], address)
        else:  # no address that a book may hold: what was typed stays as text
            yield _Token(_text(found[0], link))
    if end < len(text):
        yield _Token(_text(text[end:], link))


def _text(text: str, link: str) -> Node:
    return {"text": text, "link": link} if link else {"text": text}


def _sign(found: re.Match[str], link: str) -> _Token:
    """A sign of emphasis: it opens before a word and closes behind one."""
    sign, text, end = found["sign"], found.string, found.end()
    before, after = text[found.start() - 1 : found.start()], text[end : end + 1]
    if sign != "_" and after == "*":
        after = text[end : end + 3].lstrip("*")[:1]  # three signs at most stand together
    opens, closes = bool(after) and not after.isspace(), bool(before) and not before.isspace()
    if sign == "_":
        opens, closes = opens and not _is_word(before), closes and not _is_word(after)
    return _Token(None, sign, opens, closes, link)
