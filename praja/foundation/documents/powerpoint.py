"""The PowerPoint file of a deck, made to be edited: real titles, text and tables; charts are pictures with alt text.

Everything stands where slides.py puts it, as in the PDF.
"""

import io
import re
from typing import Any
from xml.sax.saxutils import escape

from django.utils import translation

from praja.foundation.documents import blocks as b
from praja.foundation.documents import outline
from praja.foundation.documents.packages import with_fixed_times
from praja.foundation.documents.slides import (
    BODY_WIDTH,
    CAPTION,
    FIGURES_HEIGHT,
    HEIGHT,
    INDENT,
    LEFT,
    WIDTH,
    Item,
    Slide,
    shown_figures,
    slides_of,
)
from praja.foundation.documents.typesetting import drawn
from praja.foundation.documents.word_xml import tint
from praja.foundation.ui.palette import DIMENSION_COLOURS, INK, QUIET, RULE

# The books' own typeface, as in the PDF; where it is not installed, the office takes one of its kind by these numbers.
TYPEFACE = "Plus Jakarta Sans"
KIND = {"panose": "020B0604020202020204", "pitchFamily": "34", "charset": "0"}
BULLETS = ("•", "–", "·", "–")
NUMBERS = ("arabicPeriod", "alphaLcPeriod", "arabicParenR", "alphaLcParenR")
POINT = 12_700  # in the unit of slides
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's table without a style of its own
WHITE = "#FFFFFF"
TITLE_ONLY = 5  # the layout that every slide has
FORMAT = 4 / 3  # the package's own slides are 4:3; these are 16:9


def render(document: b.Document) -> bytes:
    """Return the PPTX file of a deck; raise TypeError for any other document."""
    import pptx
    from pptx.util import Emu

    if not isinstance(document, b.Deck):
        raise TypeError("Only a deck becomes slides.")
    package: Any = pptx.Presentation()
    package.slide_width, package.slide_height = Emu(round(WIDTH * POINT)), Emu(round(HEIGHT * POINT))
    _widen(package)
    with translation.override(document.language):
        maker = _Maker(package, document)
        for number, slide in enumerate(slides_of(document), 1):
            maker.add(number, slide)
        _set_properties(package, document)
    made = io.BytesIO()
    package.save(made)
    return with_fixed_times(made)


def _widen(package: Any) -> None:
    """Make master and layouts as wide as the slides, and give the theme the colours of the books."""
    master = package.slide_master
    for holder in (master, *master.slide_layouts):
        for shape in holder.shapes:
            if shape.element.xpath(".//a:xfrm"):
                shape.left, shape.width = round(shape.left * FORMAT), round(shape.width * FORMAT)
    theme = next(relation.target_part for relation in master.part.rels.values() if relation.reltype.endswith("/theme"))
    text = theme.blob.decode()
    for number, colour in enumerate(DIMENSION_COLOURS.values(), 1):
        text = re.sub(
            rf"<a:accent{number}>.*?</a:accent{number}>",
            f'<a:accent{number}><a:srgbClr val="{colour[1:]}"/></a:accent{number}>',
            text,
            flags=re.DOTALL,
        )
    text = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=)"[^"]*"', rf'\1"{TYPEFACE}"', text)
    theme._blob = text.encode()  # noqa: SLF001  the theme has no other way in


class _Maker:
    """Draws the slides of one deck."""

    def __init__(self, package: Any, deck: b.Deck) -> None:
        self.package = package
        self.deck = deck
        self.words = outline.words(deck)
        self.marks = "   ".join(outline.marks(deck))
        self.slide: Any = None

    def add(self, number: int, slide: Slide) -> None:
        """Add one slide."""
        self.slide = self.package.slides.add_slide(self.package.slide_layouts[TITLE_ONLY])
        {"title": self._title, "section": self._section, "content": self._content}[slide.kind](slide, number)

    # ------------------------------------------------------------ kinds of slides

    def _title(self, slide: Slide, _number: int) -> None:
        deck = self.deck
        self._fill(deck.accent)
        colours = list(DIMENSION_COLOURS.values())
        for place, colour in enumerate(colours):
            self._surface(place * WIDTH / len(colours), 522, WIDTH / len(colours), 18, colour)
        if outline.kind_of_image(deck.arms):
            self._arms(deck.arms or b"")
        self._text(48, 150, 800, 24, [[deck.region_name.upper(), True, False, ""]], 16, WHITE)
        title = outline.summary(deck.title, 160)
        self._heading(title, 48, 178, 800, 150, 30 if len(title) > 80 else 40 if len(title) > 40 else 50, WHITE)
        if deck.subtitle:
            self._text(48, 334, 800, 60, [[outline.summary(deck.subtitle, 160), False, True, ""]], 20, WHITE)
        self._text(48, 404, 800, 36, [[deck.year, True, False, ""]], 26, WHITE)
        lines = [deck.edition, self.words["as_of"], self.words["invented"] if deck.is_demonstration else ""]
        self._text(48, 448, 800, 30, [[" · ".join(filter(None, lines)), False, False, ""]], 11, WHITE)
        self._marks(WHITE)
        slide.title = title

    def _section(self, slide: Slide, _number: int) -> None:
        section = slide.section
        if section is None:
            return
        self._fill(slide.colour)
        label = f"{self.words['dimension']} {section.number}".upper()
        self._text(48, 200, 800, 24, [[label, True, False, ""]], 13, WHITE)
        self._heading(
            slide.title, 48, 226, 800, 110, 22 if len(slide.title) > 90 else 32 if len(slide.title) > 40 else 44, WHITE
        )
        if section.tagline:
            self._text(48, 340, 800, 60, [[outline.summary(section.tagline, 160), False, True, ""]], 20, WHITE)
        figures = shown_figures(section.figures[:4])
        self._figures({"rows": [figures], "columns": max(len(figures), 1), "scale": 1.0}, 420, WHITE, WHITE)
        self._marks(WHITE)

    def _content(self, slide: Slide, number: int) -> None:
        self._surface(0, 0, 12, HEIGHT, slide.colour)
        if slide.above:
            self._text(48, 26, 560, 18, [[slide.above, True, False, ""]], 11, slide.colour)
        size = 20 if len(slide.title) > 90 else 24 if len(slide.title) > 55 else 30
        self._heading(slide.title, 48, 44, BODY_WIDTH, 64, size, INK)
        self._marks(slide.colour)
        for item in slide.items:
            self._item(item, slide.colour)
        if slide.notes:
            notes = "   ".join(f"{place} {note}" for place, note in enumerate(slide.notes, 1))
            self._text(48, 482, BODY_WIDTH, 26, [[notes, False, False, ""]], 9, QUIET)
        running = f"{self.deck.region_name} · {outline.summary(self.deck.title, 80)}"
        self._text(48, 512, 700, 18, [[running, False, False, ""]], 9.5, QUIET)
        self._number(number)

    # ------------------------------------------------------------ items

    def _item(self, item: Item, colour: str) -> None:
        data, top = item.data, item.top
        match item.kind:
            case "text":
                shade = {"lead": colour, "note": QUIET}.get(data["style"], INK)
                runs = [
                    [words, bold, italic or data["style"] == "quote", link]
                    for words, bold, italic, link in data["runs"]
                ]
                self._text(LEFT, top, BODY_WIDTH, item.height, runs, data["size"], shade)
            case "points":
                self._points(item)
            case "figures":
                self._figures(data, top, colour, QUIET)
            case "facts":
                rows = [[label, value] for row in data["rows"] for label, value in row]
                widths = [220.0, BODY_WIDTH - 220]
                self._grid(
                    rows, data["heights"], widths, ["left", "left"], top, 14, colour, has_head=False, has_total=False
                )
            case "table":
                self._caption(item, colour)
                self._grid(
                    data["rows"], data["heights"], data["widths"], data["align"], top + CAPTION, data["size"], colour,
                    has_head=True, has_total=data["has_total"],
                )  # fmt: skip
                if data["note"]:
                    below = top + CAPTION + sum(data["heights"]) + 5
                    self._text(LEFT, below, BODY_WIDTH, 18, [[data["note"], False, False, ""]], 10, QUIET)
            case "picture":
                self._caption(item, colour)
                self._picture(item)

    def _caption(self, item: Item, colour: str) -> None:
        unit = f"  ({item.data['unit']})" if item.data["unit"] else ""
        runs = [[item.data["caption"], True, False, ""], [unit, False, False, ""]]
        self._text(LEFT, item.top, BODY_WIDTH, CAPTION, runs, 13, colour)

    def _picture(self, item: Item) -> None:
        data = item.data
        content = drawn([item.content], f"{BODY_WIDTH}pt")[0] if data["format"] == "svg" else item.content
        self._image(content, LEFT, item.top + CAPTION, data["width"], data["height"], data["alt"])
        if data["source"]:
            source = f"{self.words['source']}: {data['source']}"
            below = item.top + CAPTION + data["height"] + 2
            self._text(LEFT, below, BODY_WIDTH, 18, [[source, False, False, ""]], 10, QUIET)

    def _points(self, item: Item) -> None:
        box = self._box(LEFT, item.top, BODY_WIDTH, item.height)
        starts: dict[int, tuple[int, int]] = {}  # by depth: where the list began to count, and its last number
        for place, (runs, depth, number) in enumerate(item.data["points"]):
            start, last = starts.get(depth, (number, number - 1))
            starts[depth] = (start if last + 1 == number else number, number)
            paragraph = box.paragraphs[0] if place == 0 else box.add_paragraph()
            self._runs(paragraph, runs, item.data["size"], INK)
            properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  bullets have no other way
            properties.set("marL", str(round(INDENT * (depth + 1)) * POINT))
            properties.set("indent", str(-round(INDENT) * POINT))
            if depth:
                properties.set("lvl", str(depth))
            mark = (
                f'<a:buAutoNum xmlns:a="{DRAWING}" type="{NUMBERS[depth]}" startAt="{starts[depth][0]}"/>'
                if number
                else f'<a:buChar xmlns:a="{DRAWING}" char="{BULLETS[depth]}"/>'
            )
            properties.append(_parsed(f'<a:spcAft xmlns:a="{DRAWING}"><a:spcPts val="600"/></a:spcAft>'))
            properties.append(_parsed(mark))

    def _figures(self, data: dict[str, Any], top: float, colour: str, quiet: str) -> None:
        scale, wide = data["scale"], BODY_WIDTH / data["columns"]
        for place, row in enumerate(data["rows"]):
            for column, (value, label) in enumerate(row):
                left, above = LEFT + column * wide, top + place * FIGURES_HEIGHT * scale
                self._surface(left, above, wide - 18, 2.4, colour)
                size = 18 if len(value) > 14 else 24 if len(value) > 8 else 32
                self._text(
                    left, above + 6 * scale, wide - 18, 44 * scale, [[value, True, False, ""]], size * scale, colour
                )
                self._text(
                    left, above + 50 * scale, wide - 18, 36 * scale, [[label, False, False, ""]], 12 * scale, quiet
                )

    def _grid(  # noqa: PLR0913  a table needs them all
        self, rows: list[Any], heights: list[float], widths: list[float], align: list[str], top: float, size: float,
        colour: str, *, has_head: bool, has_total: bool,
    ) -> None:  # fmt: skip
        from pptx.util import Emu

        place = [Emu(round(number * POINT)) for number in (LEFT, top, sum(widths), sum(heights))]
        table = self.slide.shapes.add_table(len(rows), len(widths), *place).table
        table._tbl.tblPr.find(f"{{{DRAWING}}}tableStyleId").text = NO_STYLE  # noqa: SLF001  no other way
        table.first_row, table.horz_banding = has_head, False
        for number, width in enumerate(widths):
            table.columns[number].width = Emu(round(width * POINT))
        for number, row in enumerate(rows):
            table.rows[number].height = Emu(round(heights[number] * POINT))
            is_head, is_total = has_head and number == 0, has_total and number == len(rows) - 1
            for column, words in enumerate(row):
                look = {"bold": is_head or is_total or (not has_head and column == 0), "size": size}
                fill = f"#{tint(colour[1:])}" if is_head else "#F4F6F8" if is_total else ""
                self._cell(table.cell(number, column), words, align[column], look, fill, colour if is_head else RULE)

    def _cell(self, cell: Any, words: str, side: str, look: dict[str, Any], fill: str, rule: str) -> None:
        from pptx.enum.text import PP_ALIGN

        cell.margin_left = cell.margin_right = 6 * POINT
        cell.margin_top = cell.margin_bottom = 3 * POINT
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = {"right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}.get(side, PP_ALIGN.LEFT)
        self._runs(paragraph, [[words, look["bold"], False, ""]], look["size"], INK)
        properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001  rules have no other way
        properties.append(
            _parsed(
                f'<a:lnB xmlns:a="{DRAWING}" w="6350"><a:solidFill><a:srgbClr val="{rule[1:]}"/></a:solidFill></a:lnB>'
            )
        )
        filled = f'<a:solidFill xmlns:a="{DRAWING}"><a:srgbClr val="{fill[1:]}"/></a:solidFill>'
        properties.append(_parsed(filled if fill else f'<a:noFill xmlns:a="{DRAWING}"/>'))

    # ------------------------------------------------------------ pieces

    def _heading(self, words: str, *place: Any) -> None:
        """Fill the slide's own title, by which people and screen readers find it."""
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Emu

        left, top, width, height, size, colour = place
        title = self.slide.shapes.title
        title.left, title.top, title.width, title.height = (
            Emu(round(number * POINT)) for number in (left, top, width, height)
        )
        frame = title.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        self._runs(paragraph, [[words, True, False, ""]], size, colour)

    def _box(self, left: float, top: float, width: float, height: float) -> Any:
        from pptx.util import Emu

        frame = self.slide.shapes.add_textbox(
            *(Emu(round(number * POINT)) for number in (left, top, width, height))
        ).text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.word_wrap = True
        return frame

    def _text(
        self, left: float, top: float, width: float, height: float, runs: list[Any], size: float, colour: str
    ) -> None:  # fmt: skip
        self._runs(self._box(left, top, width, height).paragraphs[0], runs, size, colour)

    def _runs(self, paragraph: Any, runs: list[Any], size: float, colour: str) -> None:
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        for words, bold, italic, link in runs:
            for place, line in enumerate(words.replace("\u200b", "").split("\n")):
                if place:
                    paragraph.add_line_break()
                run = paragraph.add_run()
                run.text = line
                font = run.font
                font.name, font.size, font.bold, font.italic = TYPEFACE, Pt(round(size, 1)), bold, italic
                for name, value in KIND.items():
                    run._r.rPr.find(f"{{{DRAWING}}}latin").set(name, value)  # noqa: SLF001  no other way
                font.color.rgb = RGBColor.from_string(colour[1:])
                if link:
                    run.hyperlink.address = link

    def _fill(self, colour: str) -> None:
        from pptx.dml.color import RGBColor

        fill = self.slide.background.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(colour[1:])

    def _surface(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        from pptx.dml.color import RGBColor
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.util import Emu

        shape = self.slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, *(Emu(round(number * POINT)) for number in (left, top, width, height))
        )
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(colour[1:])
        shape.line.fill.background()
        shape.shadow.inherit = False

    def _image(self, content: bytes, *place: Any) -> None:
        from pptx.util import Emu

        *measures, alt = place
        picture = self.slide.shapes.add_picture(
            io.BytesIO(content), *(Emu(round(number * POINT)) for number in measures)
        )
        picture._element.nvPicPr.cNvPr.set("descr", alt)  # noqa: SLF001  no other way

    def _arms(self, arms: bytes) -> None:
        if outline.kind_of_image(arms) == "svg":
            arms = drawn([arms], "80pt")[0]
        wide, high = outline.picture_pixels(arms)
        self._surface(48, 40, 74, 84, WHITE)
        scale = min(58 / wide, 68 / high)
        place = (85 - wide * scale / 2, 82 - high * scale / 2, wide * scale, high * scale)
        self._image(arms, *place, self.deck.region_name)

    def _marks(self, colour: str) -> None:
        from pptx.enum.text import PP_ALIGN

        if self.marks:
            paragraph = self._box(612, 22, 300, 18).paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT
            self._runs(paragraph, [[self.marks, True, False, ""]], 9, colour)

    def _number(self, number: int) -> None:
        """Add the slide's number as a field, so that it stays right when slides are moved."""
        from pptx.enum.text import PP_ALIGN

        paragraph = self._box(812, 512, 100, 18).paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        paragraph._p.append(  # noqa: SLF001  fields have no other way
            _parsed(
                f'<a:fld xmlns:a="{DRAWING}" id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
                f'<a:rPr lang="{escape(self.deck.language)}" sz="1000" b="1"/><a:t>{number}</a:t></a:fld>'
            )
        )


def _parsed(xml: str) -> Any:
    from pptx.oxml import parse_xml

    return parse_xml(xml)


def _set_properties(package: Any, deck: b.Deck) -> None:
    properties = package.core_properties
    properties.title = deck.title[:255]
    properties.subject = deck.subtitle[:255]
    properties.author = properties.last_modified_by = deck.region_name[:255]
    properties.keywords = deck.year[:255]
    properties.comments = " · ".join(outline.marks(deck))[:255]
    properties.language = deck.language
    properties.created = properties.modified = deck.made_at.replace(microsecond=0, tzinfo=None)
    properties.revision = 1
