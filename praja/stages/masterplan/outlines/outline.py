"""The outline of a book: the guide's until the region makes its own, then the region's rows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from string import ascii_uppercase

from django.utils import translation

from praja.foundation.plans.models import Dimension, Plan, in_language
from praja.stages.masterplan.models import Chapter
from praja.stages.masterplan.outlines.books import LANGUAGE, Book, Item, spread

OWN = "own-"  # begins the key of a chapter that a region added, which holds text only


@dataclass(frozen=True)
class Part:
    """A chapter, an appendix or a section, at its place."""

    key: str
    title: str
    is_shown: bool = True
    is_appendix: bool = False
    sections: tuple["Part", ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether the region added it: nothing is compiled there."""
        return self.key.startswith(OWN)


@dataclass(frozen=True)
class Outline:
    """A book's parts in order. `is_own` tells that the region changed it."""

    book: Book
    parts: tuple[Part, ...]
    is_own: bool = False

    @cached_property
    def by_key(self) -> dict[str, Part]:
        """Every chapter and section by its key."""
        return {part.key: part for part in self.walk()}

    def walk(self) -> Iterator[Part]:
        """Every chapter, each followed by its sections."""
        for part in self.parts:
            yield part
            yield from part.sections

    @property
    def chapters(self) -> list[Part]:
        """The chapters that the book has, in order."""
        return [part for part in self.parts if part.is_shown and not part.is_appendix]

    @property
    def appendices(self) -> list[Part]:
        """The appendices that the book has, in order."""
        return [part for part in self.parts if part.is_shown and part.is_appendix]

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The number of each shown part by its key: "3", "3.2", or the letter of an appendix."""
        found = {}
        for number, part in enumerate(self.chapters, start=1):
            found[part.key] = str(number)
            shown = (section for section in part.sections if section.is_shown)
            found |= {section.key: f"{number}.{place}" for place, section in enumerate(shown, start=1)}
        return found | {part.key: letter for letter, part in zip(ascii_uppercase, self.appendices, strict=False)}

    def chapter_with(self, key: str) -> Part | None:
        """The chapter that this key names, or in which the section of this key stands."""
        return next((one for one in self.parts if one.key == key or any(s.key == key for s in one.sections)), None)

    @property
    def mark(self) -> str:
        """Sixteen letters that change with every change of the outline."""
        said = [(part.key, part.title, part.is_shown, part.is_appendix, len(part.sections)) for part in self.walk()]
        return sha256(repr(said).encode()).hexdigest()[:16]


def outline_of(plan: Plan, book: Book, dimensions: Sequence[Dimension] | None = None) -> Outline:
    """The outline of one book of a plan as it stands now; two queries at most."""
    rows = list(Chapter.objects.filter(plan=plan, book=book.key, withdrawn_at=None))
    return of_rows(book, rows) if rows else of_guide(plan, book, dimensions)


def of_guide(plan: Plan, book: Book, dimensions: Sequence[Dimension] | None = None) -> Outline:
    """The outline as the guide has it, with titles in the language of the books."""
    known = list(Dimension.objects.filter(set_id=plan.dimension_set_id)) if dimensions is None else dimensions
    with translation.override(LANGUAGE):
        chapters = [_part(one, known) for item in book.chapters for one in spread(item, known)]
        appendices = [_part(one, known, is_appendix=True) for item in book.appendices for one in spread(item, known)]
    return Outline(book, (*chapters, *appendices))


def _part(item: Item, dimensions: Sequence[Dimension], *, is_appendix: bool = False) -> Part:
    sections = tuple(_part(one, dimensions) for section in item.sections for one in spread(section, dimensions))
    return Part(item.key, in_language(item.names), is_appendix=is_appendix, sections=sections)


def of_rows(book: Book, rows: Sequence[Chapter]) -> Outline:
    """The outline that a region's rows describe; chapters first, then appendices."""
    below: dict[int | None, list[Chapter]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)

    def part(row: Chapter) -> Part:
        sections = tuple(part(section) for section in below[row.pk])
        return Part(row.key, row.title, row.is_shown, row.is_appendix, sections)

    tops = sorted(below[None], key=lambda row: row.is_appendix)
    return Outline(book, tuple(part(row) for row in tops), is_own=True)
