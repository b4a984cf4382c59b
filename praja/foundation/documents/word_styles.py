"""The styles, the numbering of headings and the properties of a Word file."""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from praja.foundation.documents import blocks as b
from praja.foundation.documents import outline
from praja.foundation.documents.word_xml import FAINT, HAIR, INK, NAMESPACES, QUIET, footnotes

# The books' own typefaces, as in the PDF. Where one is not installed, the table of fonts tells the office what to take for
# it: by name (`altName`: typefaces that every Word has), else by its kind. Nothing is embedded: an office cannot use the
# variable fonts that the books are set in, and the file is there to be edited.
SANS, SERIF = "Plus Jakarta Sans", "Source Serif 4"
FONTS = (
    f'<w:font w:name="{SANS}"><w:altName w:val="Calibri"/><w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/>'
    '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
    f'<w:font w:name="{SERIF}"><w:altName w:val="Cambria"/><w:panose1 w:val="02040603050405020204"/><w:charset w:val="00"/>'
    '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
)
HEADING_NUMBERS = 90  # the list that numbers the headings; the package's own lists stay below
BULLETS = 91
NUMBERS = 200  # the lists that people number: the nth of them has this number and n
BULLET_SIGNS = ("•", "–", "·", "–")
NUMBER_SIGNS = (("decimal", "%1."), ("lowerLetter", "%2."), ("decimal", "%3)"), ("lowerLetter", "%4)"))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def set_styles(package: Any, document: b.Document) -> None:
    """Give the styles of the package their look, and add those that are missing."""
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
        "List Bullet": (list_place(BULLETS) + space(0, 80, 276), SERIF, 21, INK, ""),
        "List Number": (list_place(NUMBERS) + space(0, 80, 276), SERIF, 21, INK, ""),
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
        "Quote": (edge + space(120, 180, 288) + '<w:ind w:left="260"/>', SERIF, 21, INK, "<w:i/>"),
        "footnote text": (space(0, 40, 240), SANS, 16, QUIET, ""),
        "Missing": (edge + f'<w:shd w:val="clear" w:color="auto" w:fill="{FAINT}"/>' + space(60, 60, 276) + '<w:ind w:left="260"/>', SANS, 19, QUIET, ""),
        "Spacer": (space(0, 0, 240), SANS, 12, INK, ""),
        "Header": (f'<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="5" w:color="{HAIR}"/></w:pBdr>' + tabs + space(0, 0, 240), SANS, 16, QUIET, ""),
        "Footer": (tabs + space(0, 0, 240), SANS, 16, QUIET, ""),
    }  # fmt: skip
    table = next(one.target_part for one in package.part.rels.values() if one.reltype == RELATIONSHIP_TYPE.FONT_TABLE)
    table._blob = table.blob.replace(b"</w:fonts>", f"{FONTS}</w:fonts>".encode())  # noqa: SLF001  no other way in
    styles = package.styles
    known = {style.name for style in styles}
    for name, (layout, face, size, colour, more) in looks.items():
        builtin = name in known or name.startswith(("toc", "table of", "footnote"))
        style = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=builtin)
        element = style.element
        element.set(W + "styleId", name.replace(" ", ""))
        for tag in ("pPr", "rPr"):
            for old in element.findall(W + tag):
                element.remove(old)
        fonts = f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:cs="{face}" w:eastAsia="{face}"/>'
        look = f'{fonts}{more}<w:color w:val="{colour}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        numbered = layout
        if name in ("Heading 1", "Heading 2", "Heading 3"):
            number = list_place(HEADING_NUMBERS, int(name[-1]) - 1)
            numbered = layout.replace("<w:spacing", number + "<w:spacing", 1)
        element.append(parse_xml(f"<w:pPr {NAMESPACES}>{numbered}</w:pPr>"))
        element.append(parse_xml(f"<w:rPr {NAMESPACES}>{look}</w:rPr>"))


def set_numbering(package: Any) -> None:
    """Add the list that numbers headings of three levels, so that a new heading finds its number by itself, and lists."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading{level + 1}"/>'
        f'<w:suff w:val="space"/><w:lvlText w:val="{".".join(f"%{part + 1}" for part in range(level + 1))} "/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for level in range(3)
    )
    bullets = "".join(_list_level(depth, "bullet", sign) for depth, sign in enumerate(BULLET_SIGNS))
    numbers = "".join(_list_level(depth, form, sign) for depth, (form, sign) in enumerate(NUMBER_SIGNS))
    numbering = package.part.numbering_part.element
    for identity, form in ((HEADING_NUMBERS, levels), (BULLETS, bullets), (NUMBERS, numbers)):
        numbering.insert(0, parse_xml(_list_form(identity, form)))
    for identity in (HEADING_NUMBERS, BULLETS, NUMBERS):
        numbering.append(parse_xml(_list_of(identity, identity)))


def list_place(identity: int, depth: int = 0) -> str:
    """Return the properties of a paragraph that stands in a list at this depth."""
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{identity}"/></w:numPr>'


def add_numbers(package: Any, count: int, depth: int) -> int:
    """Add a list that numbers its points from 1 at this depth, the `count`th of the document; return its identity."""
    identity = NUMBERS + count
    again = f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="1"/></w:lvlOverride>'
    package.part.numbering_part.element.append(parse_xml(_list_of(identity, NUMBERS, again)))
    return identity


def _list_of(identity: int, form: int, more: str = "") -> str:
    return f'<w:num {NAMESPACES} w:numId="{identity}"><w:abstractNumId w:val="{form}"/>{more}</w:num>'


def _list_form(identity: int, levels: str) -> str:
    return (
        f'<w:abstractNum {NAMESPACES} w:abstractNumId="{identity}"><w:multiLevelType w:val="multilevel"/>'
        f"{levels}</w:abstractNum>"
    )


def _list_level(depth: int, form: str, sign: str) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{sign}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{(depth + 1) * 360}" w:hanging="360"/></w:pPr></w:lvl>'
    )


def add_footnotes(package: Any, notes: list[str]) -> None:
    """Add the part with the footnotes, which python-docx does not write itself, and name its lines in the settings."""
    name = PackURI("/word/footnotes.xml")
    content = footnotes(notes).encode()
    package.part.relate_to(
        Part(name, CONTENT_TYPE.WML_FOOTNOTES, content, package.part.package), RELATIONSHIP_TYPE.FOOTNOTES
    )
    lines = f'<w:footnotePr {NAMESPACES}><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    settings = package.settings.element
    next(child for child in settings if child.tag == W + "compat").addprevious(parse_xml(lines))


def set_properties(package: Any, document: b.Document) -> None:
    """Write the document's title, region, year, marks and date into the properties of the package."""
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
