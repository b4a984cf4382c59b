"""What can be done with a book: put it together from what is in the database now, and make a file of it."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.documents.blocks import Document, to_json
from praja.foundation.documents.child import Kind, render, render_in_child
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.books import MASTERPLAN, Book, book_of
from praja.stages.masterplan.chapters import Material, book_blocks, material_of
from praja.stages.masterplan.models import BookFile

LANGUAGE = "id"  # the language of the books, whatever the reader's pages are in
KINDS: dict[str, Kind] = {"pdf": "pdf", "docx": "word", "word": "word", "html": "html"}
DAWN = datetime(2000, 1, 1, tzinfo=UTC)


def book_document(plan: Plan) -> Document:
    """The masterplan book of a plan as it stands now, in a number of queries that does not grow with the plan."""
    with translation.override(LANGUAGE):
        return _document(book_of(plan, MASTERPLAN), material_of(plan))


def _document(book: Book, material: Material) -> Document:
    plan = material.plan
    region = plan.government.region
    status = [_("DRAFT"), *([_("IMPORTED, NOT VERIFIED")] if plan.is_unverified else [])]
    return Document(
        title=book.name,
        subtitle=_("Book %(number)s") % {"number": book.number},
        region_name=region.name if region else plan.government.name,
        region_kind=str(region.get_kind_display()) if region else "",
        year=f"{plan.year_from}–{plan.year_to}" if plan.years else str(plan.today.year),
        made_at=timezone.localtime(timezone=plan.time_zone),
        blocks=book_blocks(book, material),
        status_text=" · ".join(status),
        is_demonstration=is_demonstration(),
        language=LANGUAGE,
        arms=_arms(plan),
    )


def _arms(plan: Plan) -> bytes | None:
    """The coat of arms where it is a picture that every form of the book can show."""
    if plan.arms is None:
        return None
    try:
        with plan.arms.open() as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content if content.startswith((b"\x89PNG", b"\xff\xd8")) else None


def fingerprint_of(document: Document) -> str:
    """A hash that is the same as long as the book reads the same, on whatever day it is made."""
    return sha256(to_json(replace(document, made_at=DAWN)).encode()).hexdigest()


def render_book(plan: Plan, kind: str) -> bytes:
    """The book of a plan as "pdf", "docx" or a "html" page that stands alone."""
    return file_of(book_document(plan), KINDS[kind])


def file_of(document: Document, kind: Kind) -> bytes:
    """A document as "pdf", "word" or "html"; the first two are made in a process that ends, for their memory."""
    return render(document, kind) if kind == "html" else render_in_child(document, kind)


def file_name(document: Document, kind: str) -> str:
    """A name that says what it is: "Masterplan Smart City Kabupaten Contoh 2026-2035 (21-11-2026).pdf"."""
    ending = "docx" if kind == BookFile.Kind.WORD else kind
    name = f"{document.title} {document.region_name} {document.year.replace('–', '-')} ({document.made_at:%d-%m-%Y})"
    return f"{name[:140]}.{ending}"


def ask_for_file(plan: Plan, kind: str, *, by: Any) -> Job:
    """Ask for the book as a file; asking again on one day while nothing has changed gives the same job."""
    mark = fingerprint_of(book_document(plan))[:24]
    return later(
        "masterplan.build_book",
        plan.pk,
        kind,
        by=by,
        key=f"book-{plan.pk}-{kind}-{plan.today.isoformat()}-{mark}",
        organisation_path=plan.organisation_path,
    )
