"""The Word file of a document, made to be edited: real styles, contents, captions, repeated header rows and sections.

The body is written as WordprocessingML text, which is many times faster than one call a cell; python-docx carries the
package, its parts and its styles. Fields are filled in beforehand, because they stay empty until Word updates them.
"""

import io
from collections.abc import Iterator
from typing import Any

from django.utils import translation

from praja.foundation.documents import blocks as b
from praja.foundation.documents import outline, qr, tables, word_regulation
from praja.foundation.documents import word_xml as x
from praja.foundation.documents.outline import Placed
from praja.foundation.documents.packages import with_fixed_times
from praja.foundation.documents.tables import LANDSCAPE, PORTRAIT
from praja.foundation.documents.typesetting import drawn
from praja.foundation.documents.word_xml import HAIR, QUIET, bookmark, data_table, field, paragraph, run
from praja.foundation.ui.formats import NOTHING
from praja.foundation.ui.palette import DIMENSION_COLOURS

HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
UNNUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'


def render(document: b.Document) -> bytes:
    """Return the DOCX file of the document."""
    import docx
    from docx.oxml import parse_xml

    from praja.foundation.documents import word_styles as styles

    with translation.override(document.language):
        package = docx.Document()
        styles.set_styles(package, document)
        styles.set_numbering(package)
        form = _Letter if isinstance(document, b.Letter) else _Book
        made_by = form(package, document)
        body = "".join(made_by.body())
        old = package.element.body
        old.getparent().replace(old, parse_xml(f"<w:body {x.NAMESPACES}>{body}</w:body>"))
        if made_by.notes:
            styles.add_footnotes(package, made_by.notes)
        styles.set_properties(package, document)
        made = io.BytesIO()
        package.save(made)
    return with_fixed_times(made)


class _Book:
    """The body of one document, written block by block."""

    def __init__(self, package: Any, document: b.Document) -> None:
        self.package = package
        self.document = document
        self.words = outline.words(document)
        self.marks = outline.marks(document)
        self.parts = outline.placed(document)
        self.identity = 0
        self.notes: list[str] = []
        self.lists = 0
        self.accent = document.accent[1:]
        self.on_paper: dict[int, tables.Laid] = {}
        self.turned: list[bool] = []  # which parts stand on turned pages
        self.heads = self._heads()
        self.charts = self._charts()
        self.in_front = True
        # The first section after the contents counts its pages from 1.
        self.restart = '<w:pgNumType w:fmt="decimal" w:start="1"/>'

    def body(self) -> Iterator[str]:
        """Yield the parts of the body in order."""
        if isinstance(self.document, b.Regulation):
            yield from word_regulation.pages(self.package, self.document)
        yield from self._cover()
        yield self._section(bare=True)
        yield from self._contents()
        yield self._section('<w:pgNumType w:fmt="lowerRoman" w:start="1"/>')
        self.in_front = False
        is_open = False  # whether something stands in the section that is being made
        self.turned = tables.turned(
            [part.block for part in self.parts], [self._is_landscape(part.block) for part in self.parts]
        )
        for place, part in enumerate(self.parts):
            block = part.block
            is_turned, is_alone = self.turned[place], isinstance(block, b.DimensionPage)
            if isinstance(block, b.PageBreak) and (not is_open or self._opens_a_page(place + 1)):
                continue
            if (is_turned or is_alone) and is_open:
                yield self._section()
            yield from self._block(part, is_first=not is_open or is_turned)
            is_open = not (is_turned or is_alone)
            if is_alone:
                yield self._section(bare=True)
            elif is_turned and not self._is_followed_by_landscape(place):
                yield self._section(landscape=True)
        yield self._last_section()

    # ------------------------------------------------------------ sections, heads and feet

    def _heads(self) -> dict[str, tuple[str, str]]:
        """Return the relations of head and foot for upright, turned and bare pages."""
        from docx.oxml import parse_xml

        def part(add: Any, tag: str, line: str) -> str:
            made, relation = add()
            made._element = parse_xml(f"<w:{tag} {x.NAMESPACES}>{line}</w:{tag}>")  # noqa: SLF001  no other way
            return relation

        document = self.document
        title = run(document.title) + "<w:r><w:tab/></w:r>" + self._marks(self.accent)
        foot = self._foot()
        turned = f'<w:tabs><w:tab w:val="clear" w:pos="{PORTRAIT * 20:.0f}"/><w:tab w:val="right" w:pos="{LANDSCAPE * 20:.0f}"/></w:tabs>'
        heads = {
            "upright": (paragraph("Header", title), paragraph("Footer", foot)),
            "turned": (paragraph("Header", title, turned), paragraph("Footer", foot, turned)),
            "bare": (paragraph("Spacer", ""), paragraph("Spacer", "")),
        }
        add = self.package.part
        return {
            name: (part(add.add_header_part, "hdr", head), part(add.add_footer_part, "ftr", foot))
            for name, (head, foot) in heads.items()
        }

    def _foot(self) -> str:
        document = self.document
        foot = run(document.foot_note or f"{document.region_name}, {document.year}") + "<w:r><w:tab/></w:r>"
        return foot + field("PAGE", "1", "<w:b/>")

    def _marks(self, colour: str) -> str:
        return (
            run("   ".join(self.marks), f'<w:b/><w:color w:val="{colour}"/><w:spacing w:val="20"/>')
            if self.marks
            else ""
        )

    def _section_properties(self, numbering: str, *, bare: bool, landscape: bool) -> str:
        head, foot = self.heads["bare" if bare else "turned" if landscape else "upright"]
        size = (
            '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
            if landscape
            else '<w:pgSz w:w="11906" w:h="16838"/>'
        )
        return (
            f'<w:sectPr><w:headerReference w:type="default" r:id="{head}"/>'
            f'<w:footerReference w:type="default" r:id="{foot}"/><w:type w:val="nextPage"/>{size}'
            '<w:pgMar w:top="1587" w:right="1247" w:bottom="1361" w:left="1474" w:header="794" w:footer="624" w:gutter="0"/>'
            f"{numbering}</w:sectPr>"
        )

    def _section(self, numbering: str = "", *, bare: bool = False, landscape: bool = False) -> str:
        """Return the paragraph that closes a section; it is as small as can be, so that it never opens a page."""
        if not numbering and not self.in_front:
            numbering, self.restart = self.restart, ""
        properties = self._section_properties(numbering, bare=bare, landscape=landscape)
        return (
            '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
            f'<w:rPr><w:sz w:val="2"/></w:rPr>{properties}</w:pPr></w:p>'
        )

    def _last_section(self) -> str:
        return self._section_properties(self.restart, bare=False, landscape=False)

    # ------------------------------------------------------------ cover and contents

    def _cover(self) -> Iterator[str]:
        document = self.document
        stripe = list(DIMENSION_COLOURS.values())
        band = self._surface(0, 0, 210, 196, self.accent)
        for number, colour in enumerate(stripe):
            band += self._surface(number * 210 / len(stripe), 196, 210 / len(stripe), 5, colour[1:])
        white = '<w:color w:val="FFFFFF"/>'
        yield paragraph("Note", band + self._marks("FFFFFF"), '<w:jc w:val="right"/>')
        arms = document.arms if outline.kind_of_image(document.arms) else None
        if arms:
            if outline.kind_of_image(arms) == "svg":
                arms = drawn([arms], "80pt")[0]
            yield paragraph("Normal", self._picture(arms, 0, 78.0, document.region_name))
        room = 3200 if arms else 5200
        yield paragraph("Note", run(document.region_name.upper(), f'<w:b/>{white}<w:spacing w:val="40"/><w:sz w:val="22"/>'),
                 f'<w:spacing w:before="{room}" w:after="160"/>')  # fmt: skip
        yield paragraph("Title", run(document.title))
        if document.subtitle:
            yield paragraph("Subtitle", run(document.subtitle))
        # A frame fixed to the page: the year stands below the band however long the title is.
        frame = '<w:framePr w:w="9000" w:hSpace="0" w:wrap="notBeside" w:vAnchor="page" w:hAnchor="margin" w:x="1" w:y="12200"/>'
        year = f'<w:b/><w:color w:val="{self.accent}"/><w:sz w:val="88"/>'
        yield paragraph("Note", run(document.year, year), f'{frame}<w:spacing w:after="240"/>')
        if document.edition:
            yield paragraph("Note", run(document.edition, f'<w:b/><w:color w:val="{x.INK}"/>'), frame)
        lines = [
            self.words["as_of"],
            *([self.words["invented"]] if document.is_demonstration else []),
            document.foot_note,
        ]
        for line in filter(None, lines):
            yield paragraph("Note", run(line), frame)

    def _contents(self) -> Iterator[str]:
        yield paragraph("Contents Heading", run(self.words["contents"]))
        entries = [
            (f"toc {level}", f"{number}\t{text}" if number else text, anchor)
            for level, number, text, anchor in outline.contents(self.parts)
        ]
        yield from self._listing('TOC \\o "1-3" \\h \\z \\u', entries)
        kinds: tuple[tuple[Any, str, str], ...] = (
            (b.Table, "tables", "table"), (b.Chart | b.Picture, "figures", "figure"),
        )  # fmt: skip
        for kind, title, word in kinds:
            parts = [part for part in self.parts if isinstance(part.block, kind)]
            if parts:
                yield paragraph("Contents Heading", run(self.words[title]), "<w:pageBreakBefore/>")
                entries = [
                    (
                        "table of figures",
                        f"{self.words[word]} {part.number}\t{outline.summary(part.block.caption)}",
                        part.anchor,
                    )
                    for part in parts
                ]
                yield from self._listing(f'TOC \\h \\z \\c "{self.words[word]}"', entries)

    def _listing(self, code: str, entries: list[tuple[str, str, str]]) -> Iterator[str]:
        begin, end = x.field_begin(code), '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for number, (style, text, anchor) in enumerate(entries):
            words = run(outline.summary(text, 200) if "\t" not in text else text)
            page = field(f"PAGEREF {bookmark(anchor)} \\h", "")
            link = f'<w:hyperlink w:anchor="{bookmark(anchor)}" w:history="1">{words}<w:r><w:tab/></w:r>{page}</w:hyperlink>'
            yield paragraph(style, (begin if number == 0 else "") + link + (end if number == len(entries) - 1 else ""))

    # ------------------------------------------------------------ blocks

    def _block(self, part: Placed, *, is_first: bool) -> Iterator[str]:
        block, colour = part.block, part.colour[1:]
        match block:
            case b.Heading():
                more = self._heading_properties(part, is_first=is_first)
                yield self._marked(f"Heading {block.level}", run(block.text), part.anchor, more)
            case b.Paragraph():
                style = {"body": "Body Text", "lead": "Lead", "note": "Note", "quote": "Quote"}[block.style]
                yield paragraph(style, self._rich(block.text))
            case b.Bullets():
                yield from self._points(block)
            case b.Table():
                yield from self._table(part)
            case b.Chart() | b.Picture():
                yield from self._chart(part)
            case b.Facts():
                yield from self._facts(block, colour)
            case b.KeyFigures():
                yield from self._key_figures(block.figures, colour)
            case b.Missing():
                yield paragraph("Missing", run(block.text, "<w:b/>"))
                yield from (paragraph("Missing", run(f"–  {item}")) for item in block.items)
            case b.DimensionPage():
                yield from self._dimension_page(part)
            case b.PageBreak():
                yield paragraph("Spacer", '<w:r><w:br w:type="page"/></w:r>')
            case b.Signature():
                yield from self._signature(block)

    def _heading_properties(self, part: Placed, *, is_first: bool) -> str:
        """Return where a heading begins, whether it is numbered, and its colour."""
        more = "" if part.number else UNNUMBERED
        if part.block.level == 1 and not is_first:
            below_another = more + '<w:spacing w:before="640" w:after="280"/>'
            more = below_another if self.document.flows else "<w:pageBreakBefore/>" + more
        # The paragraph mark's colour is the number's.
        return more + (f'<w:rPr><w:color w:val="{part.colour[1:]}"/></w:rPr>' if part.number else "")

    def _rich(self, text: b.Text) -> str:
        """Return the runs of a text with its emphasis and links; its footnotes are kept for their own part."""
        made = []
        for part in b.runs(text):
            look = "<w:b/>" * part.bold + "<w:i/>" * part.italic
            if part.link:
                relation = self.package.part.relate_to(part.link, HYPERLINK, is_external=True)
                words = run(part.text, f'{look}<w:color w:val="{self.accent}"/><w:u w:val="single"/>')
                made.append(f'<w:hyperlink r:id="{relation}" w:history="1">{words}</w:hyperlink>')
            else:
                made.append(run(part.text, look))
            if part.note:
                self.notes.append(part.note)
                made.append(x.note_reference(len(self.notes)))
        return "".join(made)

    def _points(self, bullets: b.Bullets) -> Iterator[str]:
        """Yield a list with the lists inside it; each numbered one begins at 1 again."""
        from praja.foundation.documents import word_styles as styles

        open_lists: dict[int, int] = {}
        for point in b.points(bullets):
            if not point.number:
                yield paragraph("List Bullet", self._rich(point.text), styles.list_place(styles.BULLETS, point.depth))
                continue
            if point.number == 1:
                self.lists += 1
                open_lists[point.depth] = styles.add_numbers(self.package, self.lists, point.depth)
            place = styles.list_place(open_lists[point.depth], point.depth)
            yield paragraph("List Number", self._rich(point.text), place)

    def _marked(self, style: str, runs: str, anchor: str, more: str = "") -> str:
        identity = self._next()
        start = f'<w:bookmarkStart w:id="{identity}" w:name="{bookmark(anchor)}"/>'
        return paragraph(style, f'{start}{runs}<w:bookmarkEnd w:id="{identity}"/>', more)

    def _caption(self, part: Placed, word: str, more: str) -> str:
        colour = f'<w:color w:val="{part.colour[1:]}"/>'
        word = self.words[word]
        measure = getattr(part.block, "unit", "")
        unit = run(f"  ({measure})", f'<w:b w:val="0"/><w:color w:val="{QUIET}"/>') if measure else ""
        runs = (
            run(f"{word} ", colour)
            + field(f"SEQ {word} \\* ARABIC", part.number, colour)
            + run(f"  {part.block.caption}")
        )
        return self._marked("Caption", runs + unit, part.anchor, more)

    def _source(self, source: str) -> str:
        if source:
            return paragraph("Source", run(f"{self.words['source']}: {source}"))
        # Word asks for a paragraph after a table; this one is so low that it never opens a page alone.
        return paragraph("Spacer", "", '<w:spacing w:before="0" w:after="240" w:line="20" w:lineRule="exact"/>')

    def _is_landscape(self, block: b.AnyBlock) -> bool:
        return (
            self._laid(block).is_landscape
            if isinstance(block, b.Table)
            else isinstance(block, b.Chart) and block.landscape
        )

    def _opens_a_page(self, place: int) -> bool:
        """Return whether the block at this place starts on a new page anyway, or there is none."""
        block = self.parts[place].block if place < len(self.parts) else None
        is_chapter = isinstance(block, b.Heading) and block.level == 1 and not self.document.flows
        return block is None or is_chapter or isinstance(block, b.DimensionPage | b.PageBreak) or self.turned[place]

    def _is_followed_by_landscape(self, place: int) -> bool:
        return place + 1 < len(self.parts) and self.turned[place + 1]

    def _laid(self, table: b.Table) -> tables.Laid:
        """Return how a table lies on paper, worked out once."""
        if id(table) not in self.on_paper:
            self.on_paper[id(table)] = tables.laid(table)
        return self.on_paper[id(table)]

    def _table(self, part: Placed) -> Iterator[str]:
        table = part.block
        yield self._caption(part, "table", "<w:keepNext/>")
        if table.rows:
            yield data_table(table, self._laid(table), part.colour[1:])
        else:
            yield paragraph("Missing", run(table.empty_text or NOTHING))
        yield self._source(table.source)

    def _charts(self) -> dict[str, bytes]:
        """Return each chart as a PNG by its number, all set in one go."""
        parts = [part for part in self.parts if isinstance(part.block, b.Chart)]
        if not parts:
            return {}
        pictures = drawn([part.block.svg.encode() for part in parts], f"{PORTRAIT}pt")
        return dict(zip((part.number for part in parts), pictures, strict=True))

    def _chart(self, part: Placed) -> Iterator[str]:
        chart = part.block
        yield self._caption(part, "figure", "<w:keepNext/>")
        if isinstance(chart, b.Picture):
            picture = self._picture(chart.content, *tables.picture_size(chart), chart.alt)
        else:
            picture = self._picture(self.charts[part.number], *tables.chart_size(chart), chart.alt)
        yield paragraph("Picture", picture, "<w:keepNext/>" if chart.source else "")
        yield self._source(chart.source)

    def _picture(self, content: bytes, width: float, height: float, alt: str) -> str:
        """Return the run of a picture in points; a width of 0 follows from its own proportions."""
        relation, image = self.package.part.get_or_add_image(io.BytesIO(content))
        return x.picture(relation, self._next(), width or height * image.px_width / image.px_height, height, alt)

    def _surface(self, left: float, top: float, width: float, height: float, colour: str) -> str:
        return x.surface(self._next(), left, top, width, height, colour)

    def _next(self) -> int:
        self.identity += 1
        return self.identity

    def _facts(self, facts: b.Facts, colour: str) -> Iterator[str]:
        rows = [
            (paragraph("Table Head", run(label, f'<w:color w:val="{QUIET}"/>')), paragraph("Table Text", run(value)))
            for label, value in facts.items
        ]
        rule = f'w:val="single" w:sz="4" w:color="{HAIR}"'
        top = f'<w:top w:val="single" w:sz="8" w:color="{colour}"/>'
        if rows:
            yield x.plain_table(rows, [110.0, PORTRAIT - 110], f"{top}<w:bottom {rule}/><w:insideH {rule}/>")
        yield paragraph("Spacer", "")

    def _key_figures(self, figures: b.Pairs, colour: str) -> Iterator[str]:
        each = min(4, len(figures)) or 1
        for start in range(0, len(figures), each):
            row = [
                paragraph("Key Figure", run(value, f'<w:color w:val="{colour}"/>{_size_of(value)}'))
                + paragraph("Note", run(label))
                for value, label in figures[start : start + each]
            ]
            row += [paragraph("Note", "")] * (each - len(row))
            top = f'<w:top w:val="single" w:sz="16" w:color="{colour}"/>'
            yield x.plain_table([row], [PORTRAIT / each] * each, top)
            yield paragraph("Spacer", "")

    def _dimension_page(self, part: Placed) -> Iterator[str]:
        page = part.block
        white = '<w:color w:val="FFFFFF"/>'
        surface = self._surface(0, 0, 210, 297, part.colour[1:])
        yield paragraph("Note", surface + self._marks("FFFFFF"), '<w:jc w:val="right"/>')
        label = f"{self.words['dimension']} {page.number}".upper()
        yield paragraph("Note", run(label, f'<w:b/>{white}<w:spacing w:val="30"/><w:sz w:val="20"/>'),
                 '<w:spacing w:before="7000" w:after="120"/>')  # fmt: skip
        name = run(page.name, f'{white}<w:sz w:val="72"/>')
        yield self._marked(f"Heading {page.level}", name, part.anchor, f"<w:rPr>{white}</w:rPr>")
        if page.tagline:
            yield paragraph("Lead", run(page.tagline, f"<w:i/>{white}"))
        if page.figures:
            each = len(page.figures)
            row = [
                paragraph("Key Figure", run(value, white + _size_of(value))) + paragraph("Note", run(words, white))
                for value, words in page.figures
            ]
            yield paragraph("Spacer", "")
            yield x.plain_table([row], [PORTRAIT / each] * each, '<w:top w:val="single" w:sz="8" w:color="FFFFFF"/>')

    def _signature(self, signature: b.Signature) -> Iterator[str]:
        # On the right half, kept together with what stands above it.
        place = '<w:keepNext/><w:keepLines/><w:spacing w:before="0" w:after="0"/><w:ind w:left="4600"/>'
        yield paragraph("Spacer", "", "<w:keepNext/>")
        for line in (signature.place_and_date, *signature.office):
            yield paragraph("Body Text", run(line), place)
        yield paragraph(
            "Body Text",
            run(signature.name, '<w:b/><w:u w:val="single"/>'),
            place.replace('w:before="0"', 'w:before="1300"'),
        )
        below = (signature.rank, f"NIP {signature.nip}" if signature.nip else "")
        for line in filter(None, below):
            yield paragraph("Body Text", run(line), place)


def _size_of(figure: str) -> str:
    """Return the type size of a large figure, so that it stays on one line."""
    size = 28 if len(figure) > 12 else 34 if len(figure) > 7 else 44
    return f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


class _Letter(_Book):
    """The body of a paper with a letterhead: no cover and no contents."""

    document: b.Letter

    def body(self) -> Iterator[str]:
        """Yield the parts of the body in order."""
        self.in_front, self.restart = False, ""
        yield from self._letterhead()
        document = self.document
        centre = '<w:jc w:val="center"/>'
        yield paragraph("Heading 3", run(document.title), centre + UNNUMBERED)
        if document.subtitle:
            yield paragraph("Note", run(document.subtitle), centre)
        yield paragraph("Note", run(f"{self.words['number']}: {document.number}"), centre)
        self.turned = [self._is_landscape(part.block) for part in self.parts]
        for place, part in enumerate(self.parts):
            is_turned = self.turned[place]
            if is_turned:
                yield self._section()
            yield from self._block(part, is_first=True)
            if is_turned and not self._is_followed_by_landscape(place):
                yield self._section(landscape=True)
        yield self._last_section()

    def _letterhead(self) -> Iterator[str]:
        document = self.document
        lines = "".join(
            paragraph("Note", run(line, '<w:b/><w:sz w:val="26"/>' if place < 2 else ""), '<w:jc w:val="center"/>')
            for place, line in enumerate(document.letterhead)
        )
        arms = document.arms if outline.kind_of_image(document.arms) else None
        if arms and outline.kind_of_image(arms) == "svg":
            arms = drawn([arms], "60pt")[0]
        left = paragraph("Note", self._picture(arms, 0, 58.0, document.region_name) if arms else "")
        code = ""
        if document.link:
            code = self._picture(drawn([qr.picture(document.link).encode()], "52pt")[0], 0, 52.0, document.code)
        right = paragraph("Note", code, '<w:jc w:val="right"/>')
        rule = '<w:bottom w:val="double" w:sz="8" w:color="1B1F24"/>'
        yield x.plain_table([[left, lines, right]], [70.0, PORTRAIT - 140, 70.0], rule)
        yield paragraph("Spacer", "")

    def _foot(self) -> str:
        document = self.document
        pages = f" {self.words['of']} "
        foot = run(" · ".join(filter(None, (document.title, document.number, document.code)))) + "<w:r><w:tab/></w:r>"
        return foot + run(f"{self.words['page']} ") + field("PAGE", "1") + run(pages) + field("NUMPAGES", "1")
