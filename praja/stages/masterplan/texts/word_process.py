"""Reads a Word file in a process of its own: whatever a hostile file does to memory or time ends here and not in the server.

Run as a script: the file comes on standard input, the answer goes to standard output through marshal. It imports nothing of
Praja. The answer: `blocks` (nodes as narratives.py knows them, with `{"is": "part", "mark"}` where a section of ours begins
and `{"is": "compiled"}` where something stands that is made from data), `pictures` (bytes), `counts` of what was met, and
`comments` (author and text). Tracked changes are read as accepted.
"""

import hashlib
import io
import marshal
import posixpath
import re
import resource
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as Xml

MEMORY_BYTES = 1024 * 1024 * 1024
SECONDS = 30
MOST_BLOCKS = 20_000
MOST_PICTURES = 60
MOST_COMMENTS = 50

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
V = "{urn:schemas-microsoft-com:vml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
STRICT = {  # the namespaces of files that Word saves as "strict"
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/drawingml/main": "http://schemas.openxmlformats.org/drawingml/2006/main",
}
OFF = {"0", "false", "off", "none"}
THROUGH = {f"{W}{name}" for name in ("smartTag", "customXml", "ins", "moveTo", "bdo", "dir", "sdtContent")}
GONE = {
    f"{W}{name}"
    for name in ("del", "moveFrom", "delText", "instrText", "pPr", "rPr", "sdtPr", "sectPr", "tblPr", "proofErr")
}
HEADING = re.compile(r"(?:heading|judul|überschrift|titre) ?([1-9])")
SPECIAL = {
    "caption": "caption", "keterangan": "caption", "source": "source", "quote": "quote", "intense quote": "quote",
    "block text": "quote",
}  # fmt: skip
OURS = re.compile(r"Praja_([bcdgk])_([0-9a-f]{16,32})(?:_\d+)?")
LABEL = re.compile(r"^(?:tabel|table|gambar|figure|grafik)\s*[\d.]+\s*[.:–-]?\s*", re.IGNORECASE)


# A short line in large letters is a heading where its style does not say so: from this many half points, and its level.
LARGE = ((40, 1), (32, 2), (28, 3))
LONGEST_HEADING = 120


class Part:
    """One style: its name, what it stands on, and what it says itself."""

    def __init__(self, element: Xml.Element) -> None:
        name = element.find(f"{W}name")
        self.name = (name.get(f"{W}val") or "").lower() if name is not None else ""
        base = element.find(f"{W}basedOn")
        self.base = base.get(f"{W}val") if base is not None else None
        outline = element.find(f"{W}pPr/{W}outlineLvl")
        self.outline = outline.get(f"{W}val") if outline is not None else None
        self.numbers = element.find(f"{W}pPr/{W}numPr")


class Package:
    """The parts of a Word file that are read."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = set(self.archive.namelist())
        self.main = "word/document.xml"
        self.relations = self._relations(self.main)
        self.styles = {one.get(f"{W}styleId", ""): Part(one) for one in self._all("word/styles.xml", f"{W}style")}
        self.formats = self._formats()
        self.notes = self._notes("footnotes") | self._notes("endnotes")

    def xml(self, name: str) -> Xml.Element | None:
        """A part as XML; None when the file has none of this name."""
        if name not in self.names:
            return None
        text = self.archive.read(name)
        for strict, usual in STRICT.items():
            text = text.replace(strict.encode(), usual.encode())
        return Xml.fromstring(text)  # noqa: S314 - parts that declare entities were refused before

    def _all(self, name: str, tag: str) -> Iterator[Xml.Element]:
        root = self.xml(name)
        return iter(()) if root is None else root.iter(tag)

    def _relations(self, name: str) -> dict[str, tuple[str, bool]]:
        folder, _slash, file = name.rpartition("/")
        root = self.xml(f"{folder}/_rels/{file}.rels")
        found: dict[str, tuple[str, bool]] = {}
        for one in root if root is not None else ():
            is_outside = one.get("TargetMode") == "External"
            target = one.get("Target") or ""
            inside = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[one.get("Id") or ""] = (target if is_outside else inside, is_outside)
        return found

    def _formats(self) -> dict[tuple[str, str], str]:
        """How each level of each list is numbered: (list, level) to "bullet", "decimal" and so on."""
        root = self.xml("word/numbering.xml")
        if root is None:
            return {}
        kinds: dict[str, dict[str, str]] = {}
        for abstract in root.iter(f"{W}abstractNum"):
            levels = {}
            for level in abstract.iter(f"{W}lvl"):
                form = level.find(f"{W}numFmt")
                levels[level.get(f"{W}ilvl", "0")] = form.get(f"{W}val", "decimal") if form is not None else "decimal"
            kinds[abstract.get(f"{W}abstractNumId", "")] = levels
        found: dict[tuple[str, str], str] = {}
        for number in root.iter(f"{W}num"):
            abstract_id = number.find(f"{W}abstractNumId")
            levels = kinds.get(abstract_id.get(f"{W}val", "") if abstract_id is not None else "", {})
            found |= {(number.get(f"{W}numId", ""), level): kind for level, kind in levels.items()}
        return found

    def _notes(self, kind: str) -> dict[tuple[str, str], str]:
        """The text of each footnote or endnote, with the address of a link that its words do not show."""
        name = f"word/{kind}.xml"
        relations = self._relations(name)
        found = {}
        for note in self._all(name, f"{W}{kind[:-1]}"):
            if note.get(f"{W}type") in ("separator", "continuationSeparator", "continuationNotice"):
                continue
            found[(kind, note.get(f"{W}id", ""))] = " ".join(_note_words(note, relations).split())
        return found


def _note_words(element: Xml.Element, relations: dict[str, tuple[str, bool]]) -> str:
    words = []
    for child in element:
        if child.tag in GONE:
            continue
        if child.tag == f"{W}t":
            words.append(child.text or "")
        elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            words.append(" ")
        else:
            inside = _note_words(child, relations)
            if child.tag == f"{W}hyperlink":
                target, is_outside = relations.get(child.get(f"{R}id", ""), ("", False))
                inside = f"{inside} ({target})" if is_outside and target not in inside else inside
            words.append(inside + (" " if child.tag == f"{W}p" else ""))
    return "".join(words)


class Reader:
    """Walks through a Word file in order and collects nodes."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.blocks: list[dict[str, Any]] = []
        self.pictures: list[bytes] = []
        self.counts: Counter[str] = Counter()
        self.parts: list[dict[str, Any]] = []
        self.after: list[Xml.Element] = []  # text in frames, which comes after its paragraph
        self.fields: list[str] = []  # the fields that are open: "code" while their code is read, else their link
        self.code = ""
        self.figures: list[dict[str, Any]] = []
        self.mark: tuple[str, str] | None = None  # of this paragraph
        self.inside = ""  # the bookmark whose words come from data
        self.size = 0  # of the letters of this run, in half points; 0 where only the style says
        self.sizes: set[int] = set()  # of the words of this paragraph

    # ------------------------------------------------------------ blocks

    def read(self) -> None:
        """Read the whole body."""
        root = self.package.xml(self.package.main)
        body = root.find(f"{W}body") if root is not None else None
        if body is not None:
            self._body(body)

    def _body(self, parent: Xml.Element) -> None:
        for child in parent:
            if len(self.blocks) > MOST_BLOCKS:
                self.counts["cut"] = 1
                return
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag == f"{W}sdt":
                self._control(child)
            elif child.tag == f"{MC}AlternateContent":
                choice = child.find(f"{MC}Choice")
                self._body(choice if choice is not None else [])  # type: ignore[arg-type]  # nothing to walk through
            elif child.tag in THROUGH:
                self._body(child)

    def _control(self, control: Xml.Element) -> None:
        """A content control: one of ours says what it stands for, a table of contents is left out."""
        tag = control.find(f"{W}sdtPr/{W}tag")
        name = tag.get(f"{W}val", "") if tag is not None else ""
        gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is not None and "contents" in (gallery.get(f"{W}val") or "").lower():
            self.counts["contents"] += 1
        elif name == "pc":
            self.blocks.append({"is": "compiled"})
        elif name.startswith(("pg:", "pk:")):
            self.blocks.append({"is": "figure", "picture" if name[1] == "g" else "chart": name[3:]})
        else:
            content = control.find(f"{W}sdtContent")
            if content is not None:
                self._body(content)

    def _paragraph(self, paragraph: Xml.Element) -> None:
        self.parts, self.figures, self.mark, self.sizes = [], [], None, set()
        self._runs(paragraph, {})
        kind = self._kind(paragraph)
        if kind["is"] == "paragraph" and (level := self._level_by_look()):
            kind = {"is": "heading", "level": level}
            self.parts = [{name: value for name, value in part.items() if name != "bold"} for part in self.parts]
            self.counts["formed"] += 1
        if self.mark:
            self.blocks.append(_marked(*self.mark))
            self.pictures = self.pictures[: len(self.pictures) - len(self.figures)]  # ours; it is there already
            kind, self.figures = {"is": "nothing"}, []
        if kind["is"] != "nothing":
            self._close(kind)
        self.blocks += self.figures
        frames, self.after = self.after, []
        for frame in frames:
            self._body(frame)

    def _close(self, kind: dict[str, Any]) -> None:
        words = "".join(part.get("text", "") for part in self.parts)
        has_words = words.strip() or any("note" in part or "data" in part for part in self.parts)
        last = self.blocks[-1] if self.blocks else {}
        if kind["is"] in ("caption", "source"):
            line = " ".join(words.split())
            if kind["is"] == "source" and last.get("is") in ("table", "figure"):
                last["source"] = re.sub(r"^(?:sumber|source)\s*:\s*", "", line, flags=re.IGNORECASE)
            elif line:
                self.blocks.append({"is": "caption", "line": LABEL.sub("", line)})
        elif has_words:
            self.blocks.append({**kind, "text": self.parts})

    def _kind(self, paragraph: Xml.Element) -> dict[str, Any]:
        """What a paragraph is, by its style, its place in the outline and its numbering."""
        properties = paragraph.find(f"{W}pPr")
        style = properties.find(f"{W}pStyle") if properties is not None else None
        chain = list(self._chain(style.get(f"{W}val", "") if style is not None else ""))
        names = [one.name for one in chain]
        if any(name.startswith(("toc ", "table of figures", "contents heading")) for name in names):
            self.counts["contents"] += 1
            return {"is": "nothing"}
        if special := next((SPECIAL[name] for name in names if name in SPECIAL), ""):
            return {"is": special}
        if level := self._outline(properties, chain, names):
            return {"is": "heading", "level": level}
        return self._item(properties, chain) or {"is": "paragraph"}

    def _level_by_look(self) -> int:
        """The level of a heading that only its letters make one: one short line, large, and bold unless very large."""
        words = [part for part in self.parts if part.get("text", "").strip()]
        line = "".join(part["text"] for part in words).strip()
        if not line or len(line) > LONGEST_HEADING or "\n" in line or any("data" in part for part in self.parts):
            return 0
        if line.endswith((".", ";", ":", ",")):
            return 0
        smallest = min(self.sizes, default=0)
        is_bold = all(part.get("bold") for part in words)
        return next((level for size, level in LARGE if smallest >= size and (is_bold or level == 1)), 0)

    def _chain(self, style: str | None) -> Iterator[Part]:
        """A style and those it stands on."""
        for _step in range(12):
            found = self.package.styles.get(style or "")
            if found is None:
                return
            yield found
            style = found.base

    def _outline(self, properties: Xml.Element | None, chain: list[Part], names: list[str]) -> int:
        own = properties.find(f"{W}outlineLvl") if properties is not None else None
        if own is not None and (own.get(f"{W}val") or "9") in "012345678":
            return int(own.get(f"{W}val", "0")) + 1
        for name in names:
            if found := HEADING.fullmatch(name):
                return int(found[1])
            if name == "title":
                return 1
        for one in chain:
            if one.outline is not None and one.outline in "012345678":
                return int(one.outline) + 1
        return 0

    def _item(self, properties: Xml.Element | None, chain: list[Part]) -> dict[str, Any] | None:
        own = properties.find(f"{W}numPr") if properties is not None else None
        for numbers in (own, *(one.numbers for one in chain)):
            if numbers is None:
                continue
            list_id, level = numbers.find(f"{W}numId"), numbers.find(f"{W}ilvl")
            identity = list_id.get(f"{W}val", "0") if list_id is not None else "0"
            depth = level.get(f"{W}val", "0") if level is not None else "0"
            form = self.package.formats.get((identity, depth), "")
            if identity == "0" or not form or form == "none":
                return None
            return {"is": "item", "ordered": form != "bullet", "level": int(depth) if depth.isdigit() else 0}
        return None

    # ------------------------------------------------------------ tables

    def _table(self, table: Xml.Element) -> None:
        rows = []
        for row in table.iter(f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.counts["deleted"] += 1
                continue
            cells: list[str] = []
            for cell in row.iter(f"{W}tc"):
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                merged = cell.find(f"{W}tcPr/{W}vMerge")
                is_below = merged is not None and merged.get(f"{W}val", "continue") == "continue"
                cells.append("" if is_below else self._cell(cell))
                cells += [""] * (min(int(span.get(f"{W}val", "1")), 30) - 1 if span is not None else 0)
            rows.append(cells)
        if not rows:
            return
        caption = ""
        if self.blocks and self.blocks[-1]["is"] == "caption":
            caption = self.blocks.pop()["line"]
        self.counts["tables"] += 1
        self.blocks.append({"is": "table", "caption": caption, "rows": rows})

    def _cell(self, cell: Xml.Element) -> str:
        """The words of a cell, a line a paragraph; its emphasis and pictures stay behind."""
        lines = []
        for paragraph in cell.iter(f"{W}p"):
            self.parts, self.figures = [], []
            self._runs(paragraph, {})
            self.counts["pictures in tables"] += len(self.figures)
            notes = [part["note"] for part in self.parts if "note" in part]
            lines.append("".join(part.get("text", "") for part in self.parts) + "".join(f" ({note})" for note in notes))
            self.after = []
        self.figures = []
        return "\n".join(lines)

    # ------------------------------------------------------------ words

    def _runs(self, parent: Xml.Element, look: dict[str, Any]) -> None:
        for child in parent:
            tag = child.tag
            if tag in (f"{W}ins", f"{W}moveTo"):
                self.counts["inserted"] += 1
            if tag in (f"{W}del", f"{W}moveFrom"):
                self.counts["deleted"] += 1
            elif tag == f"{W}r":
                self._run(child, look)
            elif tag == f"{W}hyperlink":
                target, is_outside = self.package.relations.get(child.get(f"{R}id", ""), ("", False))
                self._runs(child, {**look, "link": target} if is_outside else look)
            elif tag == f"{W}bookmarkStart":
                self._bookmark(child)
            elif tag == f"{W}bookmarkEnd" and child.get(f"{W}id") == self.inside:
                self.inside = ""
            elif tag == f"{W}sdt":
                self._inline_control(child, look)
            elif tag == f"{W}fldSimple" or tag in THROUGH:
                self._runs(child, look)
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                self.counts["formulas"] += 1
                self.parts.append({"text": "".join(one.text or "" for one in child.iter(f"{M}t")), **look})

    def _bookmark(self, bookmark: Xml.Element) -> None:
        """One of our bookmarks: a part begins, something compiled or a figure stands here, or a reference until its end."""
        found = OURS.fullmatch(bookmark.get(f"{W}name") or "")
        if found is None:
            return
        kind, mark = found.groups()
        if kind == "d":
            self.parts.append({"data": f"#{mark}"})
            self.inside = bookmark.get(f"{W}id") or ""
        else:
            self.mark = (kind, mark)

    def _inline_control(self, control: Xml.Element, look: dict[str, Any]) -> None:
        tag = control.find(f"{W}sdtPr/{W}tag")
        name = tag.get(f"{W}val", "") if tag is not None else ""
        content = control.find(f"{W}sdtContent")
        if name.startswith("pd:"):
            first = next(control.iter(f"{W}r"), None)
            own = self._look(first, {}) if first is not None else {}
            self.parts.append({"data": name[3:], **{mark: True for mark in ("bold", "italic") if own.get(mark)}})
        elif content is not None:
            self._runs(content, look)

    def _look(self, run: Xml.Element, look: dict[str, Any]) -> dict[str, Any]:
        """The emphasis of a run."""
        properties = run.find(f"{W}rPr")
        if properties is None:
            return look
        made = dict(look)
        style = properties.find(f"{W}rStyle")
        for part in self._chain(style.get(f"{W}val", "") if style is not None else ""):
            made |= {"bold": True} if part.name in ("strong", "intense emphasis") else {}
            made |= {"italic": True} if part.name in ("emphasis", "subtle emphasis", "intense emphasis") else {}
        for mark, name in (("b", "bold"), ("i", "italic")):
            own = properties.find(f"{W}{mark}")
            if own is not None:
                made[name] = (own.get(f"{W}val") or "1").lower() not in OFF
        size = properties.find(f"{W}sz")
        if size is not None and (size.get(f"{W}val") or "").isdecimal():
            made["size"] = int(size.get(f"{W}val", "0")[:4])
        hidden = properties.find(f"{W}vanish")
        if hidden is not None and (hidden.get(f"{W}val") or "1").lower() not in OFF:
            made["hidden"] = True
        return {name: value for name, value in made.items() if value}

    def _run(self, run: Xml.Element, look: dict[str, Any]) -> None:
        look = self._look(run, look)
        self.size = look.pop("size", 0)
        if self.inside:  # the words of a reference; only their look is taken
            self.parts[-1] |= {mark: True for mark in ("bold", "italic") if look.get(mark)}
            return
        if look.pop("hidden", False):
            self.counts["hidden"] += 1
            return
        for child in run:
            self._in_run(child, look)

    def _in_run(self, child: Xml.Element, look: dict[str, Any]) -> None:
        name = child.tag.rpartition("}")[2]
        if name == "fldChar":
            self._field(child.get(f"{W}fldCharType", ""))
        elif name == "instrText" and "code" in self.fields:
            self.code += child.text or ""
        elif "code" in self.fields:  # what stands between a field's beginning and its result
            return
        elif name in ("t", "tab", "br", "cr", "noBreakHyphen", "sym"):
            self._say(self._letters(child, name), look)
        elif name in ("footnoteReference", "endnoteReference"):
            kind = "footnotes" if name.startswith("foot") else "endnotes"
            if note := self.package.notes.get((kind, child.get(f"{W}id", ""))):
                self.parts.append({"note": note})
        elif name in ("drawing", "pict", "object", "AlternateContent"):
            self._drawing(child)

    @staticmethod
    def _letters(child: Xml.Element, name: str) -> str:
        if name == "t":
            return child.text or ""
        if name == "br" and child.get(f"{W}type") in ("page", "column"):
            return " "
        if name == "sym":
            code = int(child.get(f"{W}char") or "20", 16)
            return "•" if 0xE000 <= code <= 0xF8FF else chr(code)
        return {"tab": " ", "noBreakHyphen": "-"}.get(name, "\n")

    def _say(self, words: str, look: dict[str, Any]) -> None:
        if words.strip():
            self.sizes.add(self.size)
        link = next((one for one in reversed(self.fields) if one), "")
        self.parts.append({"text": words, **look, **({"link": link} if link and "link" not in look else {})})

    def _field(self, step: str) -> None:
        """A field begins, shows its result, or ends; one that leads somewhere makes its result a link."""
        if step == "begin":
            self.fields.append("code")
            self.code = ""
        elif step == "separate" and self.fields:
            found = re.match(r'\s*HYPERLINK\s+"([^"]+)"', self.code)
            self.fields[-1] = found[1] if found else ""
        elif step == "end" and self.fields:
            self.fields.pop()

    def _drawing(self, drawing: Xml.Element) -> None:
        if drawing.tag == f"{MC}AlternateContent":
            choice = drawing.find(f"{MC}Choice")
            for child in choice if choice is not None else ():
                self._drawing(child)
            return
        frames = list(drawing.iter(f"{W}txbxContent"))
        self.counts["frames"] += len(frames)
        self.after += frames
        described = next((one.get("descr") for one in drawing.iter() if one.get("descr")), "")
        for blip in (*drawing.iter(f"{A}blip"), *drawing.iter(f"{V}imagedata")):
            target, is_outside = self.package.relations.get(
                blip.get(f"{R}embed") or blip.get(f"{R}id") or "", ("", True)
            )
            self._picture(target, described or "", is_outside=is_outside)

    def _picture(self, target: str, described: str, *, is_outside: bool) -> None:
        content = b"" if is_outside or target not in self.package.names else self.package.archive.read(target)
        if not content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or len(self.pictures) >= MOST_PICTURES:
            self.counts["pictures left out"] += 1
            return
        self.figures.append({"is": "figure", "picture": f"word:{len(self.pictures)}", "alt": described})
        self.pictures.append(content)


def _marked(kind: str, mark: str) -> dict[str, Any]:
    """What a bookmark of ours stands for."""
    if kind == "b":
        return {"is": "part", "mark": mark}
    if kind == "k":
        return {"is": "figure", "chart": f"#{mark}"}
    return {"is": "figure", "picture": mark} if kind == "g" else {"is": "compiled"}


def joined(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Captions with the figure before them or the figure or table after them; a lonely one is a paragraph."""
    made: list[dict[str, Any]] = []
    for block in blocks:
        last = made[-1] if made else {}
        if block["is"] == "caption" and last.get("is") == "figure" and "caption" not in last and "picture" in last:
            last["caption"] = block["line"]
        elif block["is"] == "figure" and last.get("is") == "caption":
            made[-1] = {**block, "caption": last["line"]}
        else:
            made.append(block)
    return [{"is": "paragraph", "text": [{"text": one["line"]}]} if one["is"] == "caption" else one for one in made]


def answer(data: bytes) -> dict[str, Any]:
    """What the file holds."""
    package = Package(data)
    reader = Reader(package)
    reader.read()
    comments = []
    root = package.xml("word/comments.xml")
    for one in root.iter(f"{W}comment") if root is not None else ():
        words = " ".join("".join(text.text or "" for text in one.iter(f"{W}t")).split())
        comments.append((one.get(f"{W}author") or "", words[:500]))
    return {
        "blocks": joined(reader.blocks),
        "pictures": reader.pictures,
        "digests": [hashlib.sha256(one).hexdigest() for one in reader.pictures],
        "counts": dict(reader.counts),
        "comments": comments[:MOST_COMMENTS],
    }


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    marshal.dump(answer(sys.stdin.buffer.read()), sys.stdout.buffer)
