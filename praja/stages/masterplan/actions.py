"""What can be done with a book: put it together from what is in the database now, and make a file of it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.documents.blocks import AnyBlock, Deck, Document, to_json
from praja.foundation.documents.child import Kind, render, render_in_child
from praja.foundation.documents.outline import kind_of_image
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.contents import composing
from praja.stages.masterplan.contents.material import Material
from praja.stages.masterplan.models import BookFile
from praja.stages.masterplan.outlines.books import LANGUAGE, MASTERPLAN, Book, book_of, horizon_of
from praja.stages.masterplan.outlines.outline import Outline, Part, outline_of

# What a book can be made as, and the renderer of each; by the names of BookFile and by the ends of file names.
KINDS: dict[str, Kind] = {"pdf": "pdf", "docx": "word", "word": "word", "html": "html", "pptx": "powerpoint"}
ENDINGS = {BookFile.Kind.WORD: "docx"}
DAWN = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Composed:
    """A book as it stands now, with the outline and the material that it was put together from."""

    document: Document
    outline: Outline
    material: Material


def book_document(plan: Plan, key: str = MASTERPLAN) -> Document:
    """A book of a plan as it stands now, in a number of queries that does not grow with the plan.

    Raises LookupError when the plan's guide has no book of this key.
    """
    return composed(plan, book_of(plan, key)).document


def composed(plan: Plan, book: Book) -> Composed:
    """Put a book together from what is in the database now."""
    with translation.override(LANGUAGE):
        material = Material(plan)
        outline = outline_of(plan, book, material.dimensions)
        return Composed(_document(book, plan, composing.book_blocks(outline, material)), outline, material)


def chapter_document(plan: Plan, outline: Outline, part: Part, material: Material | None = None) -> Document:
    """One chapter of a book with the number that it has there; only what it needs is loaded."""
    with translation.override(LANGUAGE):
        number = outline.numbers.get(part.key, "")
        blocks = composing.chapter_blocks(outline, part, material or Material(plan))
        document = _document(outline.book, plan, blocks)
        return replace(document, first_chapter=int(number) if number.isdigit() else 1)


def _document(book: Book, plan: Plan, blocks: list[AnyBlock]) -> Document:
    region = plan.government.region
    status = [_("DRAFT"), *([_("IMPORTED, NOT VERIFIED")] if plan.is_unverified else [])]
    form = Deck if book.is_slides else Document
    return form(
        title=book.name,
        subtitle=_("Book %(number)s") % {"number": book.number} if book.number else "",
        region_name=region.name if region else plan.government.name,
        region_kind=str(region.get_kind_display()) if region else "",
        year=_years(book, plan),
        made_at=timezone.localtime(timezone=plan.time_zone),
        blocks=blocks,
        status_text=" · ".join(status),
        is_demonstration=is_demonstration(),
        language=LANGUAGE,
        arms=arms_of(plan),
        flows=book.flows,
    )


def _years(book: Book, plan: Plan) -> str:
    """The years that a book speaks about, as its cover shows them."""
    years = plan.years[: horizon_of(plan, book.horizon)] if book.horizon else plan.years
    return "–".join(str(year) for year in dict.fromkeys([years[0], years[-1]])) if years else str(plan.today.year)


def arms_of(plan: Plan) -> bytes | None:
    """The coat of arms where it is a picture that every form of the book can show."""
    if plan.arms is None:
        return None
    try:
        with plan.arms.open() as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content if kind_of_image(content) in ("png", "jpg") else None


def fingerprint_of(document: Document) -> str:
    """A hash that is the same as long as the book reads the same, on whatever day it is made."""
    return sha256(to_json(replace(document, made_at=DAWN)).encode()).hexdigest()


def render_book(plan: Plan, kind: str, key: str = MASTERPLAN) -> bytes:
    """A book of a plan as "pdf", "docx", "pptx" (slides) or a "html" page that stands alone."""
    return file_of(book_document(plan, key), KINDS[kind])


def kinds_of(book: Book) -> list[BookFile.Kind]:
    """What a book can be made as: books as PDF and Word, slides as PDF and PowerPoint."""
    return [BookFile.Kind.PDF, BookFile.Kind.POWERPOINT if book.is_slides else BookFile.Kind.WORD]


def file_of(document: Document, kind: Kind) -> bytes:
    """A document as "pdf", "word", "powerpoint" or "html"; files are made in a process that ends, for their memory."""
    return render(document, kind) if kind == "html" else render_in_child(document, kind)


def file_name(document: Document, kind: str) -> str:
    """A name that says what it is: "Masterplan Smart City Kabupaten Contoh 2026-2035 (21-11-2026).pdf"."""
    name = f"{document.title} {document.region_name} {document.year.replace('–', '-')} ({document.made_at:%d-%m-%Y})"
    return f"{name[:140]}.{ending_of(kind)}"


def ending_of(kind: str) -> str:
    """How the name of a file of this kind ends."""
    return ENDINGS.get(BookFile.Kind(kind), kind)


def ask_for_file(plan: Plan, kind: str, *, by: Any, book: str = MASTERPLAN) -> Job:
    """Ask for a book as a file; asking again on one day while nothing has changed gives the same job."""
    mark = fingerprint_of(book_document(plan, book))[:24]
    return later(
        "masterplan.build_book",
        plan.pk,
        kind,
        book,
        by=by,
        key=f"book-{plan.pk}-{book}-{kind}-{plan.today.isoformat()}-{mark}",
        organisation_path=plan.organisation_path,
    )
