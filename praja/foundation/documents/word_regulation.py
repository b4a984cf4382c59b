"""The pages of a draft regulation in front of its annex, set as the law on making laws asks: one typeface, F4, no ornament.

UU 12/2011 annex II wants Bookman Old Style of 12 points on F4; headings of chapters and articles stand in the middle.
"""

from collections.abc import Iterator
from typing import Any

from praja.foundation.documents import blocks as b
from praja.foundation.documents import word_xml as x
from praja.foundation.documents.word_xml import field, run

FACE = (
    '<w:rFonts w:ascii="Bookman Old Style" w:hAnsi="Bookman Old Style" w:cs="Bookman Old Style"/>'
    '<w:color w:val="000000"/><w:sz w:val="24"/><w:szCs w:val="24"/>'
)
# In twentieths of a point: where the colon, the mark and the words of a clause begin, one step inwards, the right half.
COLON, MARK, WORDS, STEP, HALF = 1900, 2150, 2650, 567, 4500
CENTRE, BOTH = '<w:jc w:val="center"/>', '<w:jc w:val="both"/>'
TOGETHER = "<w:keepNext/><w:keepLines/>"


def pages(package: Any, regulation: b.Regulation) -> Iterator[str]:
    """Yield the paragraphs of the regulation, and the one that closes its section."""
    for place, line in enumerate(regulation.lines):
        before = regulation.lines[place - 1] if place else None
        yield _line(line, before)
    yield _section(package)


def _line(line: b.Line, before: b.Line | None) -> str:
    is_first = before is None or before.form != line.form
    half = f'<w:ind w:left="{HALF}"/>'
    match line.form:
        case "heading":
            made = _paragraph(TOGETHER, (160, 160), CENTRE, line.text)
        case "chapter":
            made = _paragraph(TOGETHER, (360, 0), CENTRE, line.text)
        case "article":
            made = _paragraph(TOGETHER, (240, 120), CENTRE, line.text)
        case "clause":
            made = _clause(line)
        case "signing":
            made = _paragraph(TOGETHER, (480 if is_first else 0, 0), half, line.text)
        case "left":
            made = _paragraph(TOGETHER, (480 if is_first else 0, 240), "", line.text)
        case "annex":
            made = _paragraph("<w:pageBreakBefore/>" if is_first else "", (0, 0), half, line.text)
        case "text":
            left = STEP * (line.depth + bool(line.mark))
            hanging = f' w:hanging="{STEP}"' if line.mark else ""
            words = f"{line.mark}\t{line.text}" if line.mark else line.text
            made = _paragraph("", (0, 120), f'<w:ind w:left="{left}"{hanging}/>{BOTH}', words)
    return made


def _clause(line: b.Line) -> str:
    """Return a clause: label, colon, mark and words, each at its place."""
    tabs = "".join(f'<w:tab w:val="left" w:pos="{stop}"/>' for stop in (COLON, MARK, *([WORDS] if line.mark else [])))
    left = WORDS if line.mark else MARK
    words = "\t".join([line.label, ":" if line.label else "", *([line.mark] if line.mark else []), line.text])
    more = f'<w:ind w:left="{left}" w:hanging="{left}"/>{BOTH}'
    return _paragraph(f"<w:tabs>{tabs}</w:tabs>", (200 if line.label else 0, 100), more, words)


def _paragraph(first: str, room: tuple[int, int], more: str, words: str) -> str:
    """Return a paragraph with its properties in the order of the standard; `room`: above and below it."""
    space = f'<w:spacing w:before="{room[0]}" w:after="{room[1]}" w:line="276" w:lineRule="auto"/>'
    return f'<w:p><w:pPr><w:pStyle w:val="Normal"/>{first}{space}{more}</w:pPr>{run(words, FACE)}</w:p>'


def _section(package: Any) -> str:
    """Return the paragraph that closes the section: F4, numbered from its second page on, "- 2 -"."""
    from docx.oxml import parse_xml

    made, relation = package.part.add_header_part()
    number = run("- ", FACE) + field("PAGE", "2", FACE) + run(" -", FACE)
    line = f'<w:p><w:pPr><w:pStyle w:val="Normal"/><w:jc w:val="center"/></w:pPr>{number}</w:p>'
    made._element = parse_xml(f"<w:hdr {x.NAMESPACES}>{line}</w:hdr>")  # noqa: SLF001  no other way
    empty, nothing = package.part.add_header_part()
    empty._element = parse_xml(f"<w:hdr {x.NAMESPACES}>{x.paragraph('Spacer', '')}</w:hdr>")  # noqa: SLF001
    bare, foot = package.part.add_footer_part()
    bare._element = parse_xml(f"<w:ftr {x.NAMESPACES}>{x.paragraph('Spacer', '')}</w:ftr>")  # noqa: SLF001
    return (
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/></w:rPr>'
        f'<w:sectPr><w:headerReference w:type="default" r:id="{relation}"/>'
        f'<w:headerReference w:type="first" r:id="{nothing}"/><w:footerReference w:type="default" r:id="{foot}"/>'
        f'<w:footerReference w:type="first" r:id="{foot}"/><w:type w:val="nextPage"/>'
        '<w:pgSz w:w="12189" w:h="18709"/>'
        '<w:pgMar w:top="1701" w:right="1418" w:bottom="1418" w:left="1701" w:header="850" w:footer="624" w:gutter="0"/>'
        '<w:pgNumType w:fmt="decimal" w:start="1"/><w:titlePg/></w:sectPr></w:pPr></w:p>'
    )
