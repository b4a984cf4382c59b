"""A text on its way to Word and back: what people wrote can be edited there, what comes from data stands there locked.

The file of a chapter holds its own text and those of its sections. Headings of parts, references to data, figures and compiled
parts are content controls that cannot be edited, each with a bookmark, because some programs drop the controls and keep the
bookmarks. A file that was not made here is read as one text.
"""

import io
import marshal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from django.core.files import File
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents import blocks as b
from praja.foundation.documents import word_xml as x
from praja.foundation.documents.outline import picture_pixels
from praja.foundation.documents.tables import PORTRAIT
from praja.foundation.files import contents
from praja.foundation.files.contents import FileRefused
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.models import Narrative
from praja.stages.masterplan.outlines.outline import Outline, Part
from praja.stages.masterplan.texts import writing
from praja.stages.masterplan.texts.figures import LANGUAGE
from praja.stages.masterplan.texts.narratives import (
    TEXT_KINDS,
    Content,
    NarrativeRefused,
    Node,
    keys_in,
    numbers_of,
    safe_link,
    validated,
)
from praja.stages.masterplan.texts.references import CHARTS, Reference, Values, values_of

SECONDS = 60
_PROCESS = Path(__file__).with_name("word_process.py")
BULLETS, NUMBERS = 900, 901  # identities of our two lists in the file
LEVELS = ("•", "–", "▪", "–")
MARK = "#"  # begins the mark of a key, where only the bookmark of it was kept
HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


# ---------------------------------------------------------------- to Word


def chapter_file(plan: Plan, outline: Outline, part: Part, values: Values) -> bytes:
    """The DOCX file of a part of a book and of its sections, for editing."""
    with translation.override(LANGUAGE):
        texts = {
            row.key: row.content
            for row in Narrative.objects.filter(plan=plan, book=outline.book.key, key__in=[p.key for p in _parts(part)])
        }
        return _Writer(plan, outline, values).file(part, texts)


def _parts(part: Part) -> list[Part]:
    return [part, *part.sections]


def mark_of(key: str) -> str:
    """The letters by which a part is found again; a bookmark of Word takes no others."""
    return sha256(key.encode()).hexdigest()[:16]


class _Writer:
    """Writes one file."""

    def __init__(self, plan: Plan, outline: Outline, values: Values) -> None:
        import docx

        from praja.foundation.documents import word_styles as styles

        self.plan, self.outline, self.values, self.styles = plan, outline, values, styles
        self.package = docx.Document()
        self.notes: list[str] = []
        self.identity = 100
        self.lists: list[str] = []
        self.open_lists: dict[int, int] = {}

    def file(self, part: Part, texts: Mapping[str, Content]) -> bytes:
        """The whole file."""
        from docx.oxml import parse_xml

        region = self.plan.government.region
        name = region.name if region else self.plan.government.name
        title = f"{self.outline.numbers.get(part.key, '')} {part.title}".strip()
        document = b.Document(title, name, "", "", self.plan.updated_at, language=LANGUAGE)
        self.styles.set_styles(self.package, document)
        self.styles.set_properties(self.package, document)
        body = "".join(self._part(one, texts.get(one.key, []), level=1 if one is part else 2) for one in _parts(part))
        section = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1587" w:right="1247" w:bottom="1361" w:left="1474" w:header="794" w:footer="624" w:gutter="0"/></w:sectPr>'
        self._add_lists()
        old = self.package.element.body
        old.getparent().replace(old, parse_xml(f"<w:body {x.NAMESPACES}>{body}{section}</w:body>"))
        if self.notes:
            self.styles.add_footnotes(self.package, self.notes)
        made = io.BytesIO()
        self.package.save(made)
        return made.getvalue()

    def _part(self, part: Part, content: Content, *, level: int) -> str:
        number = self.outline.numbers.get(part.key, "")
        heading = self._marked(f"b_{mark_of(part.key)}", x.run(f"{number} {part.title}".strip()))
        head = self._locked("pb", _("Heading of the book"), x.paragraph(f"Heading {level}", heading))
        text = "".join(self._node(node, n) for node, n in zip(content, numbers_of(content), strict=True))
        empty = "" if text else x.paragraph("Body Text", "")
        words = _("Made from data: tables, charts and lists of this part stand here in the book.")
        grey = x.paragraph("Missing", self._marked(f"c_{mark_of(part.key)}", x.run(words)))
        return head + text + empty + self._locked("pc", _("Made from data"), grey)

    def _locked(self, tag: str, title: str, inside: str) -> str:
        """A content control that can neither be edited nor removed."""
        return (
            f'<w:sdt><w:sdtPr><w:alias w:val={quoteattr(title[:60])}/><w:tag w:val={quoteattr(tag)}/><w:id w:val="{self._next()}"/>'
            f'<w:lock w:val="sdtContentLocked"/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>'
        )

    def _marked(self, name: str, inside: str) -> str:
        """Words with a bookmark around them."""
        identity = self._next()
        start = f'<w:bookmarkStart w:id="{identity}" w:name="Praja_{name}"/>'
        return f'{start}{inside}<w:bookmarkEnd w:id="{identity}"/>'

    def _next(self) -> int:
        self.identity += 1
        return self.identity

    # ------------------------------------------------------------ nodes

    def _node(self, node: Node, number: int) -> str:
        match node["is"]:
            case "paragraph":
                return x.paragraph("Body Text", self._rich(node["text"]))
            case "quote":
                return x.paragraph("Quote", self._rich(node["text"]))
            case "heading":
                return x.paragraph(f"Heading {node['level'] + 2}", self._rich(node["text"]))
            case "item":
                return self._item(node, number)
            case "table":
                return self._table(node)
        return self._figure(node)

    def _item(self, node: Node, number: int) -> str:
        level = node["level"]
        if not node["ordered"]:
            identity = BULLETS
        elif number == 1 or level not in self.open_lists:
            identity = self.open_lists[level] = self._new_list(level)
        else:
            identity = self.open_lists[level]
        numbers = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{identity}"/></w:numPr>'
        return x.paragraph("List Paragraph", self._rich(node["text"]), numbers)

    def _new_list(self, level: int) -> int:
        identity = NUMBERS + 1 + len(self.lists)
        again = f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>'
        self.lists.append(
            f'<w:num {x.NAMESPACES} w:numId="{identity}"><w:abstractNumId w:val="{NUMBERS}"/>{again}</w:num>'
        )
        return identity

    def _add_lists(self) -> None:
        from docx.oxml import parse_xml

        numbering = self.package.part.numbering_part.element
        for identity, is_numbered in ((BULLETS, False), (NUMBERS, True)):
            levels = "".join(_level(level, is_numbered=is_numbered) for level in range(4))
            numbering.insert(
                0,
                parse_xml(
                    f'<w:abstractNum {x.NAMESPACES} w:abstractNumId="{identity}">'
                    f'<w:multiLevelType w:val="hybridMultilevel"/>{levels}</w:abstractNum>'
                ),
            )
        bullets = f'<w:num {x.NAMESPACES} w:numId="{BULLETS}"><w:abstractNumId w:val="{BULLETS}"/></w:num>'
        for one in (bullets, *self.lists):
            numbering.append(parse_xml(one))

    def _table(self, node: Node) -> str:
        rows = [
            [x.paragraph("Table Head" if number == 0 else "Table Text", x.run(cell)) for cell in row]
            for number, row in enumerate(node["rows"])
        ]
        rule = f'w:val="single" w:sz="4" w:color="{x.HAIR}"'
        edges = "".join(f"<w:{side} {rule}/>" for side in ("top", "bottom", "insideH", "insideV"))
        width = len(node["rows"][0])
        caption = x.paragraph("Caption", x.run(node.get("caption", "")), "<w:keepNext/>") if node.get("caption") else ""
        source = x.paragraph("Source", x.run(node["source"])) if node.get("source") else x.paragraph("Spacer", "")
        return caption + x.plain_table(rows, [PORTRAIT / width] * width, edges) + source

    def _figure(self, node: Node) -> str:
        if "chart" in node:
            source = CHARTS.get(node["chart"])
            name = str(source.label) if source else node["chart"]
            words = x.run(_("Chart from data: %(name)s") % {"name": name})
            mark = f"k_{mark_of(node['chart'])}_{self._next()}"
            return self._locked(
                f"pk:{node['chart']}", _("Chart from data"), x.paragraph("Missing", self._marked(mark, words))
            )
        content = self.values.picture(node["picture"])
        words = " · ".join(filter(None, (node.get("caption"), node.get("source")))) or _("Picture")
        drawn = f"{self._drawn(content, words)}<w:r><w:br/></w:r>" if content else ""
        mark = f"g_{uuid.UUID(node['picture']).hex}"
        paragraph = x.paragraph("Picture", self._marked(mark, drawn + x.run(words)))
        return self._locked(f"pg:{node['picture']}", _("Picture"), paragraph)

    def _drawn(self, content: bytes, alt: str) -> str:
        wide, high = picture_pixels(content)
        relation, _image = self.package.part.get_or_add_image(io.BytesIO(content))
        width = min(PORTRAIT, wide * 0.75)
        return x.picture(relation, self._next(), width, width * high / wide, alt)

    def _rich(self, parts: list[Node]) -> str:
        made = []
        for part in parts:
            look = "<w:b/>" * bool(part.get("bold")) + "<w:i/>" * bool(part.get("italic"))
            if "note" in part:
                self.notes.append(part["note"])
                made.append(x.note_reference(len(self.notes)))
            elif "data" in part:
                made.append(self._data(part["data"], look, self.values))
            elif part.get("link"):
                relation = self.package.part.relate_to(part["link"], HYPERLINK, is_external=True)
                words = x.run(part["text"], f'{look}<w:color w:val="1F4E79"/><w:u w:val="single"/>')
                made.append(f'<w:hyperlink r:id="{relation}" w:history="1">{words}</w:hyperlink>')
            else:
                made.append(x.run(part["text"], look))
        return "".join(made)

    def _data(self, key: str, look: str, values: Mapping[str, Reference]) -> str:
        found = values.get(key)
        words = x.run(
            found.text if found else f"[{key}]", f'{look}<w:shd w:val="clear" w:color="auto" w:fill="E6EEF5"/>'
        )
        marked = self._marked(f"d_{mark_of(key)}_{self._next()}", words)
        return self._locked(f"pd:{key}", found.label if found else key, marked)


def _level(level: int, *, is_numbered: bool) -> str:
    form = ("lowerLetter" if level % 2 else "decimal") if is_numbered else "bullet"
    sign = f"%{level + 1}." if is_numbered else LEVELS[level]
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{(level + 1) * 400}" w:hanging="400"/></w:pPr></w:lvl>'
    )


# ---------------------------------------------------------------- and back


@dataclass(frozen=True)
class Found:
    """What a Word file holds: its texts by the mark of their part ("" before the first), its pictures, and what to know."""

    texts: dict[str, Content]
    pictures: dict[str, bytes] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether it was made here: its parts are marked."""
        return any(self.texts)


@dataclass(frozen=True)
class Place:
    """One text that a Word file may change; `problems` say why it cannot."""

    part: Part
    narrative: Narrative
    content: Content
    problems: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether the file says something else than what is stored."""
        return bool(self.problems) or self.content != self.narrative.content


def read_file(file: Any) -> Found:
    """The texts of a Word file (seekable), read in a process that ends; raises FileRefused with a sentence."""
    if contents.kind_of(file) != contents.DOCX:
        raise FileRefused(_("This is not a Word file. Please save it as DOCX and send that one."))
    file.seek(0)
    found = _asked(file.read())
    texts: dict[str, Content] = {"": []}
    mark = ""
    for node in found["blocks"]:
        if node["is"] == "part":
            mark = node["mark"]
            texts.setdefault(mark, [])
        elif node["is"] != "compiled":
            texts[mark].append(node)
    uids = [str(uuid.uuid5(uuid.NAMESPACE_OID, digest)) for digest in found["digests"]]
    pictures = dict(zip(uids, found["pictures"], strict=True))
    named = {f"word:{number}": uid for number, uid in enumerate(uids)}
    is_ours = len(texts) > 1
    made = {
        mark: _of_our_grammar([_with_uid(node, named) for node in nodes], is_ours=is_ours)
        for mark, nodes in texts.items()
        if nodes or mark
    }
    return Found(made, pictures, tuple(_warnings(found["counts"], found["comments"])))


def _asked(data: bytes) -> dict[str, Any]:
    damaged = _(
        "This Word file cannot be read. Open it in Word or LibreOffice, save it anew as DOCX and send that one."
    )
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROCESS)], input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as problem:
        raise FileRefused(damaged) from problem
    if done.returncode:
        raise FileRefused(damaged)
    answer: dict[str, Any] = marshal.loads(done.stdout)  # noqa: S302 - written by our own process
    return answer


def _with_uid(node: Node, named: Mapping[str, str]) -> Node:
    if node.get("picture") in named:
        return {**node, "picture": named[node["picture"]]}
    return node


def _of_our_grammar(nodes: Content, *, is_ours: bool) -> Content:
    """The nodes with two levels of headings, and with links that a book may hold."""
    levels = [node["level"] for node in nodes if node["is"] == "heading"]
    top = 3 if is_ours else min(levels, default=1)
    made = []
    for node in nodes:
        if node["is"] == "heading":
            node = {**node, "level": 1 if node["level"] <= top else 2}  # noqa: PLW2901  the node as the grammar has it
        if node["is"] in TEXT_KINDS:
            node = {**node, "text": [_with_safe_link(part) for part in node["text"]]}  # noqa: PLW2901  likewise
        made.append(node)
    return made


def _with_safe_link(part: Node) -> Node:
    if "link" in part and not safe_link(part["link"]):
        return {name: value for name, value in part.items() if name != "link"}
    return part


def _warnings(counts: Mapping[str, int], comments: list[tuple[str, str]]) -> list[str]:
    """What a person should know before the text is taken in."""
    said = []
    if counts.get("inserted") or counts.get("deleted"):
        said.append(
            _(
                "The file holds tracked changes (%(inserted)s insertions, %(deleted)s deletions). They are read as accepted."
            )
            % {"inserted": counts.get("inserted", 0), "deleted": counts.get("deleted", 0)}
        )
    for author, words in comments:
        said.append(_("Comment of %(author)s, not taken in: “%(words)s”") % {"author": author or "?", "words": words})
    sentences = {
        "formed": ngettext(
            "One short line in large letters is read as a heading.",
            "%(count)s short lines in large letters are read as headings.",
            counts.get("formed", 0),
        ),
        "tables": ngettext(
            "One table is read as plain cells.", "%(count)s tables are read as plain cells.", counts.get("tables", 0)
        ),
        "formulas": _("Formulas are read as their letters; please look at them."),
        "hidden": _("Hidden text is left out."),
        "frames": _("Text in frames comes after the paragraph at which the frame hangs."),
        "contents": _("The table of contents is left out; the book makes its own."),
        "pictures left out": _(
            "Some pictures are of a kind that a book cannot hold and are left out (PNG and JPEG can stay)."
        ),
        "pictures in tables": _("Pictures inside tables are left out."),
        "cut": _("The file is longer than a chapter can be; its end is left out."),
    }
    said += [
        sentence % {"count": counts[name]} if "%(" in sentence else sentence
        for name, sentence in sentences.items()
        if counts.get(name)
    ]
    return said


def places_of(plan: Plan, outline: Outline, part: Part, found: Found) -> list[Place]:
    """The texts that the file speaks about, each with what is stored; a file of others speaks about the part itself."""
    if not found.is_ours:
        return [_place(plan, outline, part, found.texts.get("", []))]
    made = [
        _place(plan, outline, one, found.texts[mark])
        for one in _parts(part)
        if (mark := mark_of(one.key)) in found.texts
    ]
    known = {mark_of(one.key) for one in _parts(part)}
    if not made or set(found.texts) - known - {""}:
        strange = [one for one in outline.walk() if mark_of(one.key) in set(found.texts) - known]
        made += [_place(plan, outline, one, found.texts[mark_of(one.key)]) for one in strange]
    return made


def _known_marks(plan: Plan) -> dict[str, str]:
    """The keys of everything that a text may refer to, by the mark of a bookmark."""
    keys = {*values_of(plan), *CHARTS}
    for content in Narrative.objects.filter(plan=plan).values_list("content", flat=True):
        keys |= keys_in(content)
    return {mark_of(key): key for key in keys}


def _has_marks(node: Node) -> bool:
    return node.get("chart", "").startswith(MARK) or any(
        p.get("data", "").startswith(MARK) for p in node.get("text", [])
    )


def _named(node: Node, known: Mapping[str, str]) -> Node:
    """The node with keys in place of marks; a mark that nothing has is left out."""
    if "chart" in node:
        return {**node, "chart": known.get(node["chart"].removeprefix(MARK), node["chart"].removeprefix(MARK))}
    if "text" not in node:
        return node
    parts = [
        {**part, "data": known.get(part["data"][len(MARK) :], "")} if part.get("data", "").startswith(MARK) else part
        for part in node["text"]
    ]
    return {**node, "text": [part for part in parts if part.get("data", "x")]}


def _place(plan: Plan, outline: Outline, part: Part, content: Content) -> Place:
    narrative = writing.narrative_of(plan, outline.book.key, part.key)
    if any(_has_marks(node) for node in content):
        known = _known_marks(plan)
        content = [_named(node, known) for node in content]
    figures = {node.get("picture") or node.get("chart"): node for node in narrative.content if node["is"] == "figure"}
    whole = [
        figures.get(node.get("picture") or node.get("chart"), node) if node["is"] == "figure" else node
        for node in content
    ]
    try:
        return Place(part, narrative, validated(whole))
    except NarrativeRefused as problem:
        return Place(part, narrative, [], tuple(problem.sentences))


def with_pictures(content: Content, found: Found, *, plan: Plan, by: Any) -> Content:
    """The content with the file's own pictures stored; one that cannot be taken is left out with its place."""
    made: Content = []
    for node in content:
        picture = found.pictures.get(node.get("picture", ""))
        if picture is None:
            made.append(node)
            continue
        try:
            upload: File = ContentFile(picture, name="word.png" if picture.startswith(b"\x89PNG") else "word.jpg")
            stored = writing.store_picture(upload, plan=plan, by=by)
        except FileRefused as problem:
            made.append({"is": "paragraph", "text": [{"text": f"[{node.get('caption', '')} {problem}]"}]})
        else:
            made.append({**node, "picture": str(stored.uid)})
    return validated(made)
