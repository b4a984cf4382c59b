"""Puts a book together: at each place of its outline the text that people wrote, then what is compiled from data."""

from dataclasses import replace

from django.utils.translation import gettext as _

from praja.foundation.documents.blocks import AnyBlock, DimensionPage, Heading, Missing
from praja.foundation.documents.outline import NUMBERED_LEVELS
from praja.foundation.plans.models import Dimension
from praja.stages.masterplan.contents import (
    analysis_book,
    implementation_books,
    masterplan_book,
    quick_win_book,
    slides,
    summary_book,
)
from praja.stages.masterplan.contents.material import Blocks, Material, Place, Write
from praja.stages.masterplan.outlines.books import all_books_of, section_keys, spread
from praja.stages.masterplan.outlines.outline import Outline, Part

# What is compiled at each key of each book; a key without an entry holds the text of people alone.
WRITERS: dict[str, dict[str, Write]] = {
    "analysis": analysis_book.WRITERS,
    "masterplan": masterplan_book.WRITERS,
    "summary": summary_book.WRITERS,
    "quick_wins": quick_win_book.WRITERS,
    "implementation_short": implementation_books.WRITERS,
    "implementation_long": implementation_books.WRITERS,
    "slides_selection": slides.WRITERS,
    "slides_quick_wins": slides.WRITERS,
    "slides_evaluation": slides.WRITERS,
}
# Sections about what is left over: where nothing is, nothing is missing, and they are left out.
REMAINDERS = {"without_dimension"}
LISTS_WHAT_LACKS = "missing"
# Words that Indonesian writes small within a title.
SMALL_WORDS = frozenset(
    [
        "dan",
        "atau",
        "serta",
        "di",
        "ke",
        "dari",
        "yang",
        "untuk",
        "dengan",
        "pada",
        "dalam",
        "oleh",
        "per",
        "tanpa",
        "tentang",
        "bagi",
        "antara",
        "terhadap",
    ]
)
BORROWED = ":"  # "analysis:swot" in another book is what Buku 1 compiles at its key "swot"


def book_blocks(outline: Outline, material: Material) -> Blocks:
    """All chapters and appendices of a book in order."""
    blocks: Blocks = []
    empty: list[str] = []
    for part in outline.chapters:
        made = chapter_blocks(outline, part, material)
        if outline.book.is_slides and all(isinstance(block, Missing) for block in made[1:]):
            empty.append(part.title)  # nobody is shown a slide that only says what is not there yet
        else:
            blocks += made
    if len(empty) > len(outline.chapters) / 2:
        said = _("Not drawn up yet:")
        blocks += [Heading(1, said.rstrip(":"), key="belum-disusun"), Missing(said, empty)]
    letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for part in outline.appendices:
        own = _unnumbered(_body(outline, part, material))
        if own and (letter := next(letters, "")):  # an appendix with nothing in it is left out
            title = _("Appendix %(letter)s. %(name)s") % {"letter": letter, "name": part.title}
            blocks += [Heading(1, title, key=f"lampiran-{part.key}", numbered=False), *own]
    return blocks


def chapter_blocks(outline: Outline, part: Part, material: Material) -> Blocks:
    """One chapter or appendix: its heading and what stands below it, or that nothing does."""
    name = f"{'lampiran' if part.is_appendix else 'bab'}-{part.key}"
    body = _body(outline, part, material)
    if part.is_appendix:
        body = _unnumbered(body)
    head = Heading(
        1, part.title, key=name, numbered=not part.is_appendix, color_key=_colour_of(outline, part, material)
    )
    return [head, *(body or [Missing(_("This chapter is not drawn up yet."))])]


def _body(outline: Outline, part: Part, material: Material) -> Blocks:
    """The chapter's own text and data, then its sections; those with nothing in them are named together at the end."""
    blocks = [*material.text_of(outline.book.key, part.key), *compiled(outline, part, material)]
    open_sections: list[str] = []
    for section in part.sections:
        if not section.is_shown:
            continue
        text = material.text_of(outline.book.key, section.key)
        data = compiled(outline, section, material, is_section=True)
        is_named = bool(data) and "-" in home_of(outline, section)[1]  # each dimension has its section, said or not
        if not text and not is_named and all(isinstance(block, Missing) for block in data):
            if not data and home_of(outline, section)[1] in REMAINDERS:
                continue
            reasons = " ".join(block.text for block in data if isinstance(block, Missing))
            open_sections.append(f"{section.title}: {reasons}" if reasons else section.title)
            continue
        head: AnyBlock = Heading(2, section.title, section.key, color_key=_colour_of(outline, section, material))
        if data and isinstance(data[0], DimensionPage):
            head = replace(data[0], name=section.title)
        blocks += [head, *text, *data[isinstance(head, DimensionPage) :]]
    if open_sections:
        blocks.append(Missing(_("Not drawn up yet:"), open_sections))
    if open_sections or not blocks:
        material.open_parts.setdefault(outline.book.key, {})[part.key] = open_sections
    return blocks


def compiled(outline: Outline, part: Part, material: Material, *, is_section: bool = False) -> Blocks:
    """What is compiled at one place of a book, its headings as deep as the place wants."""
    book_key, key = home_of(outline, part)
    base, _sign, dimension_key = key.partition("-")
    dimension = _dimension_of(outline, part, material)
    write = WRITERS[book_key].get(base)
    if write is None or part.is_own or (dimension_key and dimension is None):
        return []
    blocks = write(material, Place(outline, part, dimension, lambda other: is_left_out(outline, other, material)))
    deeper = int(is_section) - int(base in section_keys(book_key))
    return [_heading(block, deeper) for block in blocks]


def is_left_out(outline: Outline, part: Part, material: Material) -> bool:
    """Whether the book goes without this appendix or remainder, because there is nothing in it."""
    base = home_of(outline, part)[1]
    if base == LISTS_WHAT_LACKS or not (part.is_appendix or base in REMAINDERS):
        return False
    own = (part, *part.sections)
    return not any(material.text_of(outline.book.key, one.key) or compiled(outline, one, material) for one in own)


def _dimension_of(outline: Outline, part: Part, material: Material) -> Dimension | None:
    """The dimension that a part is about, if it is about one."""
    key = home_of(outline, part)[1].partition("-")[2]
    return next((one for one in material.dimensions if one.key == key), None) if key else None


def _colour_of(outline: Outline, part: Part, material: Material) -> str:
    dimension = None if part.is_own else _dimension_of(outline, part, material)
    return (dimension.color_key or dimension.key) if dimension else ""


def home_of(outline: Outline, part: Part) -> tuple[str, str]:
    """The book in whose guide a part stands, and its key there."""
    book_key, sign, key = part.key.rpartition(BORROWED)
    return (book_key, key) if sign and book_key in WRITERS else (outline.book.key, part.key)


def borrowable(material: Material, outline: Outline) -> dict[str, str]:
    """What else can be compiled in this book: keys and titles of parts of its guide and of the plan's other books."""
    found: dict[str, str] = {}
    for book in all_books_of(material.plan):
        for top in (*book.chapters, *book.appendices):
            for item in (top, *top.sections):
                if item.key not in WRITERS[book.key]:
                    continue
                for one in spread(item, material.dimensions):
                    key = one.key if book.key == outline.book.key else f"{book.key}{BORROWED}{one.key}"
                    if key not in outline.by_key:
                        found[key] = f"{book.name}: {top.names.get('id')} – {one.names.get('id')}"
    return found


def _heading(block: AnyBlock, deeper: int) -> AnyBlock:
    """A heading as deep as its place wants, and spelt like those of the outline; any other block as it is."""
    if not isinstance(block, Heading | DimensionPage):
        return block
    level = min(max(block.level + deeper, 2), 4) if deeper else block.level
    if isinstance(block, Heading) and level <= NUMBERED_LEVELS:
        return replace(block, level=level, text=titled(block.text))
    return replace(block, level=level)


def titled(text: str) -> str:
    """The words of a heading with capital letters, but for the small ones: “Langkah yang Ditempuh”."""
    return " ".join(
        word if place and word in SMALL_WORDS else word[:1].upper() + word[1:]
        for place, word in enumerate(text.split(" "))
    )


def _unnumbered(blocks: Blocks) -> Blocks:
    return [replace(block, numbered=False) if isinstance(block, Heading) else block for block in blocks]
