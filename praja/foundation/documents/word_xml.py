"""The pieces of WordprocessingML that a Word file is put together from: text with every word in it escaped."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from praja.foundation.documents import blocks as b
from praja.foundation.documents.outline import summary
from praja.foundation.documents.tables import Laid, alignment

INK, QUIET, HAIR, FAINT = "1B1F24", "59616B", "C9CED6", "F4F6F8"
POINT = 12_700  # in the unit of drawings
MILLIMETRE = 36_000
KEEP = "<w:keepNext/>"  # stays on one page with what follows
SIDES = {"left": "", "center": '<w:jc w:val="center"/>', "right": '<w:jc w:val="right"/>'}
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


def paragraph(style: str, runs: str, more: str = "") -> str:
    """Return a paragraph; `more` are its further properties."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style.replace(" ", "")}"/>{more}</w:pPr>{runs}</w:p>'


def run(text: str, properties: str = "") -> str:
    """Return a run of plain text; newlines and tabs become what Word has for them."""
    words = escape(text)
    if "\n" in words or "\t" in words:
        words = words.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        words = words.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    inside = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inside}<w:t xml:space="preserve">{words}</w:t></w:r>'


def note_reference(number: int) -> str:
    """Return the run that points at a footnote by its number."""
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'


def footnotes(notes: list[str]) -> str:
    """Return the part that holds the footnotes, numbered from 1, after the two lines that Word asks for."""
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{identity}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
        f"<w:r><w:{kind}/></w:r></w:p></w:footnote>"
        for identity, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    texts = "".join(
        f'<w:footnote w:id="{number}">{paragraph("footnote text", mark + run(f" {note}"))}</w:footnote>'
        for number, note in enumerate(notes, 1)
    )
    return f"<w:footnotes {NAMESPACES}>{lines}{texts}</w:footnotes>"


def field_begin(code: str) -> str:
    """Return the start of a field; what follows until its end is what it shows."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def field(code: str, shown: str, properties: str = "") -> str:
    """Return a whole field with what it shows until Word works it out anew."""
    return f'{field_begin(code)}{run(shown, properties)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def bookmark(anchor: str) -> str:
    """Return a name that Word takes for a bookmark: letters, digits and underscores, 40 at most, unique for its anchor."""
    name = "_Toc_" + "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in anchor)
    return name if len(name) <= 40 else f"{name[:31]}_{sha256(anchor.encode()).hexdigest()[:8]}"


def plain_table(rows: list[Any], sizes: list[float], borders: str) -> str:
    """Return a table for layout: rows of cells that are paragraphs already, with borders as given."""
    wide = [round(size * 20) for size in sizes]
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(wide)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>'
        '<w:bottom w:w="60" w:type="dxa"/><w:right w:w="160" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )
    made = [
        f"<w:tbl>{properties}<w:tblGrid>",
        *(f'<w:gridCol w:w="{size}"/>' for size in wide),
        "</w:tblGrid>",
    ]
    for row in rows:
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
            for size, cell in zip(wide, row, strict=True)
        )
        made.append(f"<w:tr>{cells}</w:tr>")
    made.append("</w:tbl>")
    return "".join(made)


def picture(relation: str, identity: int, width: float, height: float, alt: str) -> str:
    """Return the run of a picture that stands in the line, in points, with its description."""
    extent = f'cx="{round(width * POINT)}" cy="{round(height * POINT)}"'
    name = f'id="{identity}" name="Picture {identity}" descr={quoteattr(alt)}'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/><wp:docPr {name}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic><a:graphicData '
        f'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr {name}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect">'
        "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def surface(identity: int, left: float, top: float, width: float, height: float, colour: str) -> str:
    """Return the run of a coloured surface behind the text, in millimetres of the page."""
    extent = f'cx="{round(width * MILLIMETRE)}" cy="{round(height * MILLIMETRE)}"'
    return (
        '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" '
        'behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{round(left * MILLIMETRE)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{round(top * MILLIMETRE)}</wp:posOffset></wp:positionV>'
        f'<wp:extent {extent}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{identity}" name="Surface {identity}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/><wps:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/>'
        "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )


def tint(colour: str) -> str:
    """Return a colour at a tenth of its strength on white."""
    return "".join(f"{round(255 - (255 - int(colour[place : place + 2], 16)) * 0.1):02X}" for place in (0, 2, 4))


def data_table(table: b.Table, on_paper: Laid, colour: str) -> str:
    """Return a table of data: fixed widths, a header that repeats, and short rows that stay together.

    The header stays with the first row, the last row with the sum, and what ends the table with its source.
    """
    sizes = [round(width * 20) for width in on_paper.widths]
    small = f'<w:sz w:val="{max(12, int(17 * on_paper.size))}"/>' if on_paper.size < 1 else ""
    sides = [SIDES[alignment(column)] for column in table.columns]
    starts = [f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/>' for size in sizes]
    texts, last_texts = (
        [
            f'{start}</w:tcPr><w:p><w:pPr><w:pStyle w:val="TableText"/>{kept}{side}</w:pPr>'
            for start, side in zip(starts, sides, strict=True)
        ]
        for kept in ("", KEEP)
    )

    def strong(cells: Iterable[str], more: str, kept: str) -> str:
        together = zip(starts, sides, cells, strict=True)
        return "".join(
            f"{start}{more}</w:tcPr>{paragraph('Table Head', run(cell, small), kept + side)}</w:tc>"
            for start, side, cell in together
        )

    rule = f'w:val="single" w:sz="6" w:color="{colour}"/>'
    air = '<w:top w:w="50" w:type="dxa"/><w:left w:w="100" w:type="dxa"/><w:bottom w:w="50" w:type="dxa"/><w:right w:w="100" w:type="dxa"/>'
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="{}"/>'.format
    head = f'<w:tcBorders><w:bottom {rule}</w:tcBorders>{shade(tint(colour))}<w:vAlign w:val="bottom"/>'
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/><w:tblBorders>'
        f'<w:top w:val="single" w:sz="10" w:color="{colour}"/><w:bottom {rule}'
        f'<w:insideH w:val="single" w:sz="4" w:color="{HAIR}"/></w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar>{air}</w:tblCellMar><w:tblLook w:val="0020" w:firstRow="1"/>'
        f"<w:tblCaption w:val={quoteattr(summary(table.caption))}/></w:tblPr>"
    )
    made = [
        f"<w:tbl>{properties}<w:tblGrid>",
        *(f'<w:gridCol w:w="{size}"/>' for size in sizes),
        "</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>",
        strong((column.title for column in table.columns), head, KEEP),
        "</w:tr>",
    ]
    last = len(on_paper.rows) - 1 if on_paper.total or table.source else -1
    for number, row in enumerate(on_paper.rows):
        made.append("<w:tr>" if number in on_paper.long else "<w:tr><w:trPr><w:cantSplit/></w:trPr>")
        opened = last_texts if number == last else texts
        made += [f"{start}{run(cell, small)}</w:p></w:tc>" for start, cell in zip(opened, row, strict=True)]
        made.append("</w:tr>")
    if on_paper.total:
        foot = f"<w:tcBorders><w:top {rule}</w:tcBorders>{shade(FAINT)}"
        made += [
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>",
            strong(on_paper.total, foot, KEEP if table.source else ""),
            "</w:tr>",
        ]
    return "".join(made) + "</w:tbl>"
