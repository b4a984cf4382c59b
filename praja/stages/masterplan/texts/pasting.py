"""What is pasted from Word, Google Docs or a web page, cleaned by a sanitiser and made into nodes.

Only what the grammar of narratives.py knows comes through: words with their emphasis, headings, lists, quotes, tables, links
and footnotes. Colours, typefaces, scripts, pictures and hidden text stay behind.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3

from praja.stages.masterplan.texts.narratives import DEEPEST_ITEM, Content, Node, safe_link

LONGEST_PASTE = 4_000_000  # characters of HTML; Word writes forty for each one that is read

_BLOCKS = {
    "p",
    "div",
    "li",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "th",
    "tr",
    "table",
    "dt",
    "dd",
    "pre",
}
_TAGS = _BLOCKS | {
    "ul", "ol", "strong", "b", "em", "i", "a", "br", "span", "tbody", "thead", "tfoot", "caption", "dl", "sup", "u", "font",
    "section", "article", "main", "center",
}  # fmt: skip
_GONE = {
    "script",
    "style",
    "head",
    "title",
    "noscript",
    "template",
    "svg",
    "math",
    "object",
    "iframe",
    "select",
    "textarea",
}
_STYLE = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
_WORD_LIST = re.compile(r"level(\d)")
_NOTE = re.compile(r"#?_?(?:ftn|edn|sdfootnote)(?:ref)?(\d+)(?:sym|anc)?")
_NUMBERED = re.compile(r"\s*(?:\d+|[a-zA-Z]|[ivxIVX]+)[.)]\s*")


def cleaned(html: str) -> str:
    """The HTML with nothing in it that could run, load or hide; Word's comments about lists are dropped."""
    html = re.sub(r"<!\[(?:if|endif)[^>]*\]>", "", html[:LONGEST_PASTE])
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_GONE,
        attributes={"*": {"style", "class", "id"}, "a": {"href", "name"}},
        filter_style_properties={"font-weight", "font-style", "mso-list", "display"},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def read_html(html: str) -> Content:
    """The nodes of pasted HTML, not validated yet."""
    reader = _Reader()
    reader.feed(cleaned(html.replace("\0", "")))
    reader.close()
    return reader.content()


@dataclass
class _Open:
    """An element that is open: its tag and what it does to the words in it."""

    tag: str
    bold: bool
    italic: bool
    link: str = ""
    is_hidden: bool = False


class _Reader(HTMLParser):
    """Walks through cleaned HTML and collects nodes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: Content = []
        self.open: list[_Open] = []
        self.parts: list[Node] = []
        self.kind: Node = {"is": "paragraph"}
        self.lists: list[bool] = []  # whether each open list is numbered
        self.rows: list[list[str]] | None = None
        self.caption = ""
        self.notes: dict[str, str] = {}
        self.note = ""  # the number of the footnote whose text is being read

    # ------------------------------------------------------------ elements

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._say("\n")
            return
        above = self.open[-1] if self.open else _Open("", bold=False, italic=False)
        style = dict(_STYLE.findall(given.get("style", "").lower()))
        here = _Open(tag, above.bold, above.italic, above.link, above.is_hidden)
        self._emphasise(here, style)
        if tag in _BLOCKS:
            self._end_block()
        self._begin(tag, given, style, here)
        self.open.append(here)

    def _emphasise(self, here: _Open, style: dict[str, str]) -> None:
        weight, slant = style.get("font-weight", ""), style.get("font-style", "")
        here.bold = here.bold or here.tag in ("b", "strong", "th")
        if weight:  # Google Docs wraps everything into a <b> that says normal
            here.bold = weight in ("bold", "bolder") or (weight.isdecimal() and int(weight) >= 600)
        here.italic = slant in ("italic", "oblique") if slant else here.italic or here.tag in ("i", "em")
        here.is_hidden = here.is_hidden or style.get("display") == "none" or "ignore" in style.get("mso-list", "")
        if here.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            here.bold = False

    def _begin(self, tag: str, given: dict[str, str], style: dict[str, str], here: _Open) -> None:
        if tag in ("ul", "ol"):
            self._end_block()
            self.lists.append(tag == "ol")
        elif tag == "li":
            self.kind = self._item(self.lists[-1] if self.lists else False, len(self.lists) - 1)
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.kind = {"is": "heading", "level": 1 if tag in ("h1", "h2") else 2}
        elif tag == "blockquote":
            self.kind = {"is": "quote"}
        elif tag == "table":
            self.rows = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag == "a":
            self._link(given, here)
        elif tag in ("p", "div"):
            self._paragraph(given, style)
        if (found := _NOTE.fullmatch(given.get("id", ""))) and tag in ("div", "p", "li"):
            self.note = found[1]

    def _paragraph(self, given: dict[str, str], style: dict[str, str]) -> None:
        """A paragraph of Word may be a point of a list or a heading by its style alone."""
        names = given.get("class", "")
        if level := _WORD_LIST.search(style.get("mso-list", "")):
            self.kind = {**self._item(False, int(level[1]) - 1), "sign": ""}  # noqa: FBT003  known once its sign is read
        elif "MsoTitle" in names or re.search(r"MsoHeading", names):
            self.kind = {"is": "heading", "level": 1}
        elif "Quote" in names:
            self.kind = {"is": "quote"}

    def _link(self, given: dict[str, str], here: _Open) -> None:
        if found := _NOTE.fullmatch(given.get("href", "")):
            if not self.note:
                self.parts.append({"note": found[1]})
            here.is_hidden = True  # the number that hangs there
            return
        here.link = safe_link(given.get("href", ""))

    def _item(self, ordered: bool, level: int) -> Node:  # noqa: FBT001  a field of the node
        return {"is": "item", "ordered": ordered, "level": max(0, min(level, DEEPEST_ITEM))}

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                break
        if tag in ("td", "th") and self.rows is not None:
            cell = "".join(part.get("text", "") for part in self.parts)
            self.parts = []
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append(cell)
        elif tag == "caption":
            self.caption, self.parts = "".join(part.get("text", "") for part in self.parts), []
        elif tag == "table" and self.rows is not None:
            self.nodes.append({"is": "table", "caption": " ".join(self.caption.split())[:500], "rows": self.rows})
            self.rows, self.caption = None, ""
        elif tag in _BLOCKS:
            self._end_block()
        elif tag in ("ul", "ol") and self.lists:
            self._end_block()
            self.lists.pop()
        if tag == "div":
            self.note = ""

    # ------------------------------------------------------------ words

    def handle_data(self, data: str) -> None:
        """Words."""
        here = self.open[-1] if self.open else _Open("", bold=False, italic=False)
        words = re.sub(r"[ \t\r\n]+", " ", data)
        if here.is_hidden:
            if self.kind.get("sign") == "" and words.strip():  # the sign or number that Word put before a point
                self.kind = {**self.kind, "sign": words, "ordered": bool(_NUMBERED.fullmatch(words))}
            return
        self._say(words, here)

    def _say(self, words: str, here: _Open | None = None) -> None:
        if self.note:
            self.notes[self.note] = self.notes.get(self.note, "") + words
            return
        part: Node = {"text": words}
        if here:
            part |= {name: True for name in ("bold", "italic") if getattr(here, name)}
            part |= {"link": here.link} if here.link else {}
        self.parts.append(part)

    def _end_block(self) -> None:
        """What was said until here is a node; inside a table it stays in its cell."""
        if self.rows is not None:
            if self.parts and self.parts[-1].get("text") != "\n":
                self.parts.append({"text": "\n"})
            return
        if any(part.get("text", "note").strip() for part in self.parts):
            self.nodes.append(
                {name: value for name, value in self.kind.items() if name != "sign"} | {"text": self.parts}
            )
            is_open_item = self.kind["is"] == "item"
            self.kind = {"is": "paragraph"} if not is_open_item or not self.lists else {**self.kind}
        self.parts = []
        if not self.lists:
            self.kind = {"is": "paragraph"}

    def content(self) -> Content:
        """All nodes, footnotes where they hang."""
        self._end_block()
        for node in self.nodes:
            if "text" in node:
                node["text"] = [self._with_note(part) for part in node["text"]]
        return self.nodes

    def _with_note(self, part: Node) -> Node:
        if "note" not in part:
            return part
        return {"note": " ".join(self.notes.get(part["note"], "").split())}
