"""The Word file of a document, made to be edited: real styles, contents, captions, repeated header rows and sections.

The body is written as WordprocessingML text, which is many times faster than one call a cell; python-docx carries the
package, its parts and its styles. Fields are filled in beforehand, because they stay empty until Word updates them.
"""

import io
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils import translation

from praja.foundation.documents import blocks as b
from praja.foundation.documents import outline
from praja.foundation.documents.fonts import folders
from praja.foundation.documents.outline import Placed
from praja.foundation.ui.palette import DIMENSION_COLOURS

# Typefaces that every office has; the books' own would be replaced by chance where they are not installed.
SANS, SERIF = "Calibri", "Cambria"
INK, QUIET, HAIR, FAINT = "1B1F24", "59616B", "C9CED6", "F4F6F8"
PORTRAIT, LANDSCAPE = 459.0, 688.0  # points of text width, as in the PDF
CHART_HEIGHT, CHART_HEIGHT_LANDSCAPE = 560.0, 330.0
LETTER, PADDING = 4.6, 11.0
LONG_ROW = 24
EMU = 12_700  # a point in the unit of drawings
MILLIMETRE = 36_000
CHART_PIXELS_AN_INCH = 170
LISTED_LEVELS = 3
HEADING_NUMBERS = 90  # the list that numbers the headings; the package's own lists stay below
UNNUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)


def render(document: b.Document) -> bytes:
    """Return the DOCX file of the document."""
    import docx
    from docx.oxml import parse_xml

    with translation.override(document.language):
        package = docx.Document()
        _set_styles(package, document)
        _set_numbering(package)
        body = "".join(_Book(package, document).body())
        old = package.element.body
        old.getparent().replace(old, parse_xml(f"<w:body {NAMESPACES}>{body}</w:body>"))
        _set_properties(package, document)
        made = io.BytesIO()
        package.save(made)
    return _with_fixed_times(made)


class _Book:
    """The body of one document, written block by block."""

    def __init__(self, package: Any, document: b.Document) -> None:
        self.package = package
        self.document = document
        self.words = outline.words(document)
        self.marks = outline.marks(document)
        self.parts = outline.placed(document)
        self.identity = 0
        self.accent = document.accent[1:]
        self.heads = self._heads()
        self.charts = self._charts()
        self.in_front = True
        # The first section after the contents counts its pages from 1.
        self.restart = '<w:pgNumType w:fmt="decimal" w:start="1"/>'

    def body(self) -> Iterator[str]:
        """Yield the parts of the body in order."""
        yield from self._cover()
        yield self._section(bare=True)
        yield from self._contents()
        yield self._section('<w:pgNumType w:fmt="lowerRoman" w:start="1"/>')
        self.in_front = False
        page_open = False  # whether the section in the making has something on it
        for place, part in enumerate(self.parts):
            block = part.block
            turned = isinstance(block, b.Table | b.Chart) and self._is_landscape(block)
            if (turned or isinstance(block, b.DimensionPage)) and page_open:
                yield self._section()
                page_open = False
            yield from self._block(part, first=not page_open)
            following = self.parts[place + 1].block if place + 1 < len(self.parts) else None
            if isinstance(block, b.DimensionPage):
                yield self._section(bare=True)
            elif turned:
                if not (isinstance(following, b.Table | b.Chart) and self._is_landscape(following)):
                    yield self._section(landscape=True)
                    page_open = False
                else:
                    page_open = False
            else:
                page_open = True
        yield self._last_section()

    # ------------------------------------------------------------ sections, heads and feet

    def _heads(self) -> dict[str, tuple[str, str]]:
        """Return the relations of head and foot for upright, turned and bare pages."""
        from docx.oxml import parse_xml

        def part(add: Any, tag: str, paragraph: str) -> str:
            made, relation = add()
            made._element = parse_xml(f"<w:{tag} {NAMESPACES}>{paragraph}</w:{tag}>")  # noqa: SLF001  no other way
            return relation

        document = self.document
        title = _r(document.title) + "<w:r><w:tab/></w:r>" + self._marks(self.accent)
        foot = _r(document.foot_note or f"{document.region_name}, {document.year}") + "<w:r><w:tab/></w:r>"
        foot += _field("PAGE", "1", "<w:b/>")
        turned = f'<w:tabs><w:tab w:val="clear" w:pos="{PORTRAIT * 20:.0f}"/><w:tab w:val="right" w:pos="{LANDSCAPE * 20:.0f}"/></w:tabs>'
        heads = {
            "upright": (_p("Header", title), _p("Footer", foot)),
            "turned": (_p("Header", title, turned), _p("Footer", foot, turned)),
            "bare": (_p("Spacer", ""), _p("Spacer", "")),
        }
        add = self.package.part
        return {
            name: (part(add.add_header_part, "hdr", head), part(add.add_footer_part, "ftr", foot))
            for name, (head, foot) in heads.items()
        }

    def _marks(self, colour: str) -> str:
        return (
            _r("   ".join(self.marks), f'<w:b/><w:color w:val="{colour}"/><w:spacing w:val="20"/>')
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
        band = self._rectangle(0, 0, 210, 196, self.accent)
        for number, colour in enumerate(stripe):
            band += self._rectangle(number * 210 / len(stripe), 196, 210 / len(stripe), 5, colour[1:])
        white = '<w:color w:val="FFFFFF"/>'
        yield _p("Note", band + self._marks("FFFFFF"), '<w:jc w:val="right"/>')
        arms = outline.kind_of_image(document.arms)
        if arms:
            content = document.arms if arms != "svg" else _drawn([document.arms], "80pt")[0]
            yield _p("Normal", self._picture(content, 0, 78.0, document.region_name))
        room = 3200 if arms else 5200
        yield _p("Note", _r(document.region_name.upper(), f'<w:b/>{white}<w:spacing w:val="40"/><w:sz w:val="22"/>'),
                 f'<w:spacing w:before="{room}" w:after="160"/>')  # fmt: skip
        yield _p("Title", _r(document.title))
        if document.subtitle:
            yield _p("Subtitle", _r(document.subtitle))
        # A frame fixed to the page: the year stands below the band however long the title is.
        frame = '<w:framePr w:w="9000" w:hSpace="0" w:wrap="notBeside" w:vAnchor="page" w:hAnchor="margin" w:x="1" w:y="12200"/>'
        year = f'<w:b/><w:color w:val="{self.accent}"/><w:sz w:val="88"/>'
        yield _p("Note", _r(document.year, year), f'{frame}<w:spacing w:after="240"/>')
        lines = [
            self.words["as_of"],
            *([self.words["invented"]] if document.is_demonstration else []),
            document.foot_note,
        ]
        for line in filter(None, lines):
            yield _p("Note", _r(line), frame)

    def _contents(self) -> Iterator[str]:
        headings = [
            (part.block.level, part.number, getattr(part.block, "name", "") or part.block.text, part.anchor)
            for part in self.parts
            if isinstance(part.block, b.Heading | b.DimensionPage) and part.block.level <= LISTED_LEVELS
        ]
        tables, charts = ([part for part in self.parts if isinstance(part.block, kind)] for kind in (b.Table, b.Chart))
        yield _p("Contents Heading", _r(self.words["contents"]))
        entries = [
            (f"toc {level}", f"{number}\t{text}" if number else text, anchor)
            for level, number, text, anchor in headings
        ]
        yield from self._listing('TOC \\o "1-3" \\h \\z \\u', entries)
        for parts, title, word in ((tables, "tables", "table"), (charts, "figures", "figure")):
            if parts:
                yield _p("Contents Heading", _r(self.words[title]), "<w:pageBreakBefore/>")
                entries = [
                    (
                        "table of figures",
                        f"{self.words[word]} {part.number}\t{outline.summary(part.block.caption)}",
                        part.anchor,
                    )
                    for part in parts
                ]
                yield from self._listing(f'TOC \\h \\z \\c "{self.words[word]}"', entries)

    def _listing(self, field: str, entries: list[tuple[str, str, str]]) -> Iterator[str]:
        begin, end = _field_begin(field), '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for number, (style, text, anchor) in enumerate(entries):
            words = _r(outline.summary(text, 200) if "\t" not in text else text)
            page = _field(f"PAGEREF {_bookmark(anchor)} \\h", "")
            link = f'<w:hyperlink w:anchor="{_bookmark(anchor)}" w:history="1">{words}<w:r><w:tab/></w:r>{page}</w:hyperlink>'
            yield _p(style, (begin if number == 0 else "") + link + (end if number == len(entries) - 1 else ""))

    # ------------------------------------------------------------ blocks

    def _block(self, part: Placed, *, first: bool) -> Iterator[str]:
        block, colour = part.block, part.colour[1:]
        match block:
            case b.Heading():
                more = "<w:pageBreakBefore/>" if block.level == 1 and not first else ""
                # The paragraph mark's colour is the number's.
                more += f'<w:rPr><w:color w:val="{colour}"/></w:rPr>' if part.number else UNNUMBERED
                yield self._marked(f"Heading {block.level}", _r(block.text), part.anchor, more)
            case b.Paragraph():
                style = {"body": "Body Text", "lead": "Lead", "note": "Note"}[block.style]
                yield _p(style, _rich(block.text))
            case b.Bullets():
                for item in block.items:
                    yield _p("List Bullet", _rich(item))
            case b.Table():
                yield from self._table(part)
            case b.Chart():
                yield from self._chart(part)
            case b.Facts():
                yield _plain_table(
                    [(_p("Table Head", _r(label, f'<w:color w:val="{QUIET}"/>')), _p("Table Text", _r(value)))
                     for label, value in block.items],
                    [110.0, PORTRAIT - 110],
                    f'<w:top w:val="single" w:sz="8" w:color="{colour}"/><w:bottom w:val="single" w:sz="4" w:color="{HAIR}"/>'
                    f'<w:insideH w:val="single" w:sz="4" w:color="{HAIR}"/>',
                )  # fmt: skip
                yield _p("Spacer", "")
            case b.KeyFigures():
                yield from self._key_figures(block.figures, colour)
            case b.Missing():
                yield _p("Missing", _r(block.text, "<w:b/>"))
                for item in block.items:
                    yield _p("Missing", _r(f"–  {item}"))
            case b.DimensionPage():
                yield from self._dimension_page(part)
            case b.PageBreak():
                yield _p("Spacer", '<w:r><w:br w:type="page"/></w:r>')

    def _marked(self, style: str, runs: str, anchor: str, more: str = "") -> str:
        self.identity += 1
        start = f'<w:bookmarkStart w:id="{self.identity}" w:name="{_bookmark(anchor)}"/>'
        return _p(style, f'{start}{runs}<w:bookmarkEnd w:id="{self.identity}"/>', more)

    def _caption(self, part: Placed, word: str, more: str) -> str:
        colour = f'<w:color w:val="{part.colour[1:]}"/>'
        word = self.words[word]
        unit = _r(f"  ({part.block.unit})", f'<w:b w:val="0"/><w:color w:val="{QUIET}"/>') if part.block.unit else ""
        runs = (
            _r(f"{word} ", colour)
            + _field(f"SEQ {word} \\* ARABIC", part.number, colour)
            + _r(f"  {part.block.caption}")
        )
        return self._marked("Caption", runs + unit, part.anchor, more)

    def _source(self, source: str) -> str:
        return _p("Source", _r(f"{self.words['source']}: {source}") if source else "")

    def _is_landscape(self, block: b.Table | b.Chart) -> bool:
        if isinstance(block, b.Chart) or block.landscape:
            return block.landscape
        rows, total = outline.written(block)
        return sum(outline.needs(block, [*rows, total] if total else rows, LETTER, PADDING)) > PORTRAIT

    def _table(self, part: Placed) -> Iterator[str]:
        table, colour = part.block, part.colour[1:]
        yield self._caption(part, "table", "<w:keepNext/>")
        if not table.rows:
            yield _p("Missing", _r(table.empty_text or outline.EMPTY))
            yield self._source(table.source)
            return
        rows, total = outline.written(table)
        wanted = outline.needs(table, [*rows, total] if total else rows, LETTER, PADDING)
        room = LANDSCAPE if self._is_landscape(table) else PORTRAIT
        sizes = [round(width * 20) for width in outline.widths(table, wanted, room)]
        fits = [max(size / 20 - PADDING, 20) / LETTER for size in sizes]
        small = f'<w:sz w:val="{max(12, int(17 * room / sum(wanted)))}"/>' if sum(wanted) > room else ""
        sides = [{"left": "", "center": '<w:jc w:val="center"/>', "right": '<w:jc w:val="right"/>'}[outline.alignment(column)]
                 for column in table.columns]  # fmt: skip
        starts = [f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/>' for size in sizes]
        before = [
            f'{start}</w:tcPr><w:p><w:pPr><w:pStyle w:val="TableText"/>{side}</w:pPr>'
            for start, side in zip(starts, sides)
        ]
        border = f'<w:top w:val="single" w:sz="10" w:color="{colour}"/><w:bottom w:val="single" w:sz="6" w:color="{colour}"/>'
        made = [
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/><w:tblBorders>{border}'
            f'<w:insideH w:val="single" w:sz="4" w:color="{HAIR}"/></w:tblBorders><w:tblLayout w:type="fixed"/>'
            f'<w:tblCellMar><w:top w:w="50" w:type="dxa"/><w:left w:w="100" w:type="dxa"/><w:bottom w:w="50" w:type="dxa"/>'
            f'<w:right w:w="100" w:type="dxa"/></w:tblCellMar><w:tblLook w:val="0020" w:firstRow="1"/>'
            f"<w:tblCaption w:val={quoteattr(outline.summary(table.caption))}/></w:tblPr><w:tblGrid>",
            *(f'<w:gridCol w:w="{size}"/>' for size in sizes),
            "</w:tblGrid>",
            "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>",
        ]
        head = f'<w:tcBorders><w:bottom w:val="single" w:sz="6" w:color="{colour}"/></w:tcBorders>'
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{_tint(colour)}"/><w:vAlign w:val="bottom"/></w:tcPr>'
        for start, side, column in zip(starts, sides, table.columns, strict=True):
            made.append(f"{start}{head}{shade}{_p('Table Head', _r(column.title, small), side)}</w:tc>")
        made.append("</w:tr>")
        for row in rows:
            long = any(
                len(cell) > LONG_ROW * most or cell.count("\n") > LONG_ROW for cell, most in zip(row, fits, strict=True)
            )
            made.append("<w:tr>" if long else "<w:tr><w:trPr><w:cantSplit/></w:trPr>")
            made += [f"{start}{_r(cell, small)}</w:p></w:tc>" for start, cell in zip(before, row, strict=True)]
            made.append("</w:tr>")
        if total:
            top = f'<w:tcBorders><w:top w:val="single" w:sz="6" w:color="{colour}"/></w:tcBorders>'
            made.append("<w:tr><w:trPr><w:cantSplit/></w:trPr>")
            for start, side, cell in zip(starts, sides, total, strict=True):
                paragraph = _p("Table Head", _r(cell, small), side)
                made.append(
                    f'{start}{top}<w:shd w:val="clear" w:color="auto" w:fill="{FAINT}"/></w:tcPr>{paragraph}</w:tc>'
                )
            made.append("</w:tr>")
        made.append("</w:tbl>")
        yield "".join(made)
        yield self._source(table.source)

    def _charts(self) -> dict[str, bytes]:
        """Return each chart as a PNG by its number, all set in one go."""
        parts = [part for part in self.parts if isinstance(part.block, b.Chart)]
        if not parts:
            return {}
        pictures = _drawn([part.block.svg.encode() for part in parts], f"{PORTRAIT}pt")
        return dict(zip((part.number for part in parts), pictures, strict=True))

    def _chart(self, part: Placed) -> Iterator[str]:
        chart = part.block
        width, height = outline.size_of(chart.svg)
        room, most = (LANDSCAPE, CHART_HEIGHT_LANDSCAPE) if chart.landscape else (PORTRAIT, CHART_HEIGHT)
        wide = min(room, most * width / height)
        yield self._caption(part, "figure", "<w:keepNext/>")
        picture = self._picture(self.charts[part.number], wide, wide * height / width, chart.alt)
        yield _p("Picture", picture, "<w:keepNext/>" if chart.source else "")
        yield self._source(chart.source)

    def _picture(self, content: bytes, width: float, height: float, alt: str) -> str:
        """Return the run of a picture in points; a width of 0 follows from its own proportions."""
        relation, image = self.package.part.get_or_add_image(io.BytesIO(content))
        width = width or height * image.px_width / image.px_height
        self.identity += 1
        extent = f'cx="{round(width * EMU)}" cy="{round(height * EMU)}"'
        name = f'id="{self.identity}" name="Picture {self.identity}" descr={quoteattr(alt)}'
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/><wp:docPr {name}/>'
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic><a:graphicData '
            f'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr {name}/>'
            f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect">'
            "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def _rectangle(self, x: float, y: float, width: float, height: float, colour: str) -> str:
        """Return the run of a coloured surface behind the text, in millimetres of the page."""
        self.identity += 1
        extent = f'cx="{round(width * MILLIMETRE)}" cy="{round(height * MILLIMETRE)}"'
        return (
            '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" '
            'behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
            f'<wp:positionH relativeFrom="page"><wp:posOffset>{round(x * MILLIMETRE)}</wp:posOffset></wp:positionH>'
            f'<wp:positionV relativeFrom="page"><wp:posOffset>{round(y * MILLIMETRE)}</wp:posOffset></wp:positionV>'
            f'<wp:extent {extent}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
            f'<wp:docPr id="{self.identity}" name="Surface {self.identity}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData '
            'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/><wps:spPr>'
            f'<a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/>'
            "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
        )

    def _key_figures(self, figures: b.Pairs, colour: str) -> Iterator[str]:
        each = min(4, len(figures)) or 1
        for start in range(0, len(figures), each):
            row = [
                _p("Key Figure", _r(value, f'<w:color w:val="{colour}"/>')) + _p("Note", _r(label))
                for value, label in figures[start : start + each]
            ]
            row += [_p("Note", "")] * (each - len(row))
            top = f'<w:top w:val="single" w:sz="16" w:color="{colour}"/>'
            yield _plain_table([row], [PORTRAIT / each] * each, top)
            yield _p("Spacer", "")

    def _dimension_page(self, part: Placed) -> Iterator[str]:
        page = part.block
        white = '<w:color w:val="FFFFFF"/>'
        surface = self._rectangle(0, 0, 210, 297, part.colour[1:])
        yield _p("Note", surface + self._marks("FFFFFF"), '<w:jc w:val="right"/>')
        label = f"{self.words['dimension']} {page.number}".upper()
        yield _p("Note", _r(label, f'<w:b/>{white}<w:spacing w:val="30"/><w:sz w:val="20"/>'),
                 '<w:spacing w:before="7000" w:after="120"/>')  # fmt: skip
        name = _r(page.name, f'{white}<w:sz w:val="72"/>')
        yield self._marked(f"Heading {page.level}", name, part.anchor, f"<w:rPr>{white}</w:rPr>")
        if page.tagline:
            yield _p("Lead", _r(page.tagline, f"<w:i/>{white}"))
        if page.figures:
            each = len(page.figures)
            row = [_p("Key Figure", _r(value, white)) + _p("Note", _r(words, white)) for value, words in page.figures]
            yield _p("Spacer", "")
            yield _plain_table([row], [PORTRAIT / each] * each, '<w:top w:val="single" w:sz="8" w:color="FFFFFF"/>')


# ---------------------------------------------------------------- pieces of WordprocessingML


def _p(style: str, runs: str, more: str = "") -> str:
    """Return a paragraph; `more` are its further properties."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style.replace(" ", "")}"/>{more}</w:pPr>{runs}</w:p>'


def _r(text: str, properties: str = "") -> str:
    """Return a run of plain text; newlines and tabs become what Word has for them."""
    words = escape(text)
    if "\n" in words or "\t" in words:
        words = words.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        words = words.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    inside = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inside}<w:t xml:space="preserve">{words}</w:t></w:r>'


def _rich(text: b.Text) -> str:
    return "".join(_r(run.text, "<w:b/>" * run.bold + "<w:i/>" * run.italic) for run in b.runs(text))


def _field_begin(code: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def _field(code: str, shown: str, properties: str = "") -> str:
    return f'{_field_begin(code)}{_r(shown, properties)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _bookmark(anchor: str) -> str:
    """Return a name that Word takes for a bookmark: letters, digits and underscores, 40 at most, unique for its anchor."""
    name = "_Toc_" + "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in anchor)
    return name if len(name) <= 40 else f"{name[:31]}_{sha256(anchor.encode()).hexdigest()[:8]}"


def _plain_table(rows: list[Any], sizes: list[float], borders: str) -> str:
    """Return a table for layout: rows of cells that are paragraphs already, with borders as given."""
    wide = [round(size * 20) for size in sizes]
    made = [
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(wide)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>'
        '<w:bottom w:w="60" w:type="dxa"/><w:right w:w="160" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>',
        *(f'<w:gridCol w:w="{size}"/>' for size in wide),
        "</w:tblGrid>",
    ]
    for row in rows:
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/></w:tcPr>{cell}</w:tc>' for size, cell in zip(wide, row)
        )
        made.append(f"<w:tr>{cells}</w:tr>")
    made.append("</w:tbl>")
    return "".join(made)


def _drawn(pictures: list[bytes], width: str) -> list[bytes]:
    """Return SVG pictures as PNG files of the width given."""
    import typst

    pages = "".join(f'#page(image("{number}.svg", width: {width}))\n' for number in range(len(pictures)))
    files = {f"{number}.svg": picture for number, picture in enumerate(pictures)}
    files["main"] = f"#set page(width: auto, height: auto, margin: 0pt)\n{pages}".encode()
    made = typst.compile(
        files, font_paths=list(folders()), ignore_system_fonts=True, format="png", ppi=CHART_PIXELS_AN_INCH
    )
    return made if isinstance(made, list) else [made]


def _tint(colour: str) -> str:
    """Return a colour at a tenth of its strength on white."""
    return "".join(f"{round(255 - (255 - int(colour[place : place + 2], 16)) * 0.1):02X}" for place in (0, 2, 4))


def _set_styles(package: Any, document: b.Document) -> None:
    """Give the styles of the package their look, and add those that are missing."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import parse_xml

    accent = document.accent[1:]
    tabs = '<w:tabs><w:tab w:val="right" w:pos="9180"/></w:tabs>'
    listed = '<w:tabs><w:tab w:val="left" w:pos="{first}"/><w:tab w:val="right" w:leader="dot" w:pos="9180"/></w:tabs>'
    edge = f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="10" w:color="{HAIR}"/></w:pBdr>'
    space = '<w:spacing w:before="{0}" w:after="{1}" w:line="{2}" w:lineRule="auto"/>'.format
    # name: (paragraph properties in the order of the standard, typeface, half-points, colour, more)
    looks: dict[str, tuple[str, str, int, str, str]] = {
        "Normal": (space(0, 120, 276), SERIF, 21, INK, ""),
        "Body Text": (space(0, 140, 288), SERIF, 21, INK, ""),
        "Lead": (space(0, 240, 288), SERIF, 26, accent, ""),
        "Note": (space(0, 80, 259), SANS, 18, QUIET, ""),
        "Title": ("<w:keepLines/>" + space(0, 200, 216), SANS, 76, "FFFFFF", "<w:b/>"),
        "Subtitle": (space(0, 120, 259), SERIF, 32, "FFFFFF", "<w:i/>"),
        "Heading 1": ("<w:keepNext/><w:keepLines/>" + space(0, 360, 240) + '<w:outlineLvl w:val="0"/>', SANS, 48, INK, "<w:b/>"),
        "Heading 2": ("<w:keepNext/><w:keepLines/>" + space(480, 160, 240) + '<w:outlineLvl w:val="1"/>', SANS, 32, INK, "<w:b/>"),
        "Heading 3": ("<w:keepNext/><w:keepLines/>" + space(320, 100, 240) + '<w:outlineLvl w:val="2"/>', SANS, 25, INK, "<w:b/>"),
        "Heading 4": ("<w:keepNext/><w:keepLines/>" + space(240, 80, 240) + '<w:outlineLvl w:val="3"/>', SANS, 21, INK, "<w:b/>"),
        "Contents Heading": ("<w:keepNext/>" + space(0, 360, 240), SANS, 48, INK, "<w:b/>"),
        "toc 1": (listed.format(first=500) + space(160, 40, 240), SANS, 20, INK, "<w:b/>"),
        "toc 2": (listed.format(first=1100) + space(0, 40, 240) + '<w:ind w:left="500"/>', SANS, 20, INK, ""),
        "toc 3": (listed.format(first=1900) + space(0, 40, 240) + '<w:ind w:left="1100"/>', SANS, 19, QUIET, ""),
        "table of figures": (listed.format(first=1200) + space(0, 60, 240) + '<w:ind w:left="1200" w:right="600" w:hanging="1200"/>', SANS, 19, INK, ""),
        "Caption": ("<w:keepLines/>" + space(280, 100, 240), SANS, 19, INK, "<w:b/>"),
        "Table Text": (space(0, 0, 240), SANS, 17, INK, ""),
        "Table Head": (space(0, 0, 240), SANS, 17, INK, "<w:b/>"),
        "Source": (space(80, 240, 240), SANS, 16, QUIET, ""),
        "Picture": (space(0, 0, 240), SANS, 16, INK, ""),
        "Key Figure": (space(40, 20, 240), SANS, 44, INK, "<w:b/>"),
        "Missing": (edge + f'<w:shd w:val="clear" w:color="auto" w:fill="{FAINT}"/>' + space(60, 60, 276) + '<w:ind w:left="260"/>', SANS, 19, QUIET, ""),
        "Spacer": (space(0, 0, 240), SANS, 12, INK, ""),
        "Header": (f'<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="5" w:color="{HAIR}"/></w:pBdr>' + tabs + space(0, 0, 240), SANS, 16, QUIET, ""),
        "Footer": (tabs + space(0, 0, 240), SANS, 16, QUIET, ""),
    }  # fmt: skip
    styles = package.styles
    known = {style.name for style in styles}
    for name, (paragraph, face, size, colour, more) in looks.items():
        builtin = name in known or name.startswith(("toc", "table of"))
        style = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=builtin)
        element = style.element
        element.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}styleId", name.replace(" ", ""))
        for tag in ("pPr", "rPr"):
            for old in element.findall(f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{tag}"):
                element.remove(old)
        fonts = f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:cs="{face}" w:eastAsia="{face}"/>'
        look = f'{fonts}{more}<w:color w:val="{colour}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        if name in ("Heading 1", "Heading 2", "Heading 3"):
            number = f'<w:numPr><w:ilvl w:val="{int(name[-1]) - 1}"/><w:numId w:val="{HEADING_NUMBERS}"/></w:numPr>'
            paragraph = paragraph.replace("<w:spacing", number + "<w:spacing", 1)
        element.append(parse_xml(f"<w:pPr {NAMESPACES}>{paragraph}</w:pPr>"))
        element.append(parse_xml(f"<w:rPr {NAMESPACES}>{look}</w:rPr>"))


def _set_numbering(package: Any) -> None:
    """Add the list that numbers headings of three levels, so that a new heading finds its number by itself."""
    from docx.oxml import parse_xml

    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading{level + 1}"/>'
        f'<w:suff w:val="space"/><w:lvlText w:val="{".".join(f"%{part + 1}" for part in range(level + 1))} "/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for level in range(3)
    )
    numbering = package.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {NAMESPACES} w:abstractNumId="{HEADING_NUMBERS}">'
                                  f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'))  # fmt: skip
    numbering.append(
        parse_xml(
            f'<w:num {NAMESPACES} w:numId="{HEADING_NUMBERS}"><w:abstractNumId w:val="{HEADING_NUMBERS}"/></w:num>'
        )
    )


def _set_properties(package: Any, document: b.Document) -> None:
    from docx.oxml import parse_xml

    properties = package.core_properties
    properties.title = document.title[:255]
    properties.subject = document.subtitle[:255]
    properties.author = properties.last_modified_by = document.region_name[:255]
    properties.keywords = document.year[:255]
    properties.comments = " · ".join(outline.marks(document))[:255]
    properties.language = document.language
    properties.created = properties.modified = document.made_at.replace(microsecond=0, tzinfo=None)
    properties.revision = 1
    # Word then offers to fill in the page numbers of the contents, which only it can know.
    update = parse_xml(f'<w:updateFields {NAMESPACES} w:val="true"/>')
    later = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat")  # what the standard puts after it
    settings = package.settings.element
    next(child for child in settings if child.tag.rpartition("}")[2] in later).addprevious(update)


def _with_fixed_times(made: io.BytesIO) -> bytes:
    """Return the package with one fixed time for all its parts, so that the same document gives the same bytes."""
    result = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()
