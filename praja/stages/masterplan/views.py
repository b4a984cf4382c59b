"""Pages of the books: read one, look at a chapter, have a file made, fetch it."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.documents import html
from praja.foundation.files.views import attachment
from praja.foundation.plans.models import Plan
from praja.stages.masterplan import actions
from praja.stages.masterplan.models import BookFile, Narrative
from praja.stages.masterplan.outlines.books import MASTERPLAN, Book, all_books_of
from praja.stages.masterplan.outlines.outline import Outline, Part, outline_of
from praja.stages.masterplan.outlines.views import load

FILES_SHOWN = 6


@require_safe
def book(request: SignedInRequest, slug: str, book: str = MASTERPLAN) -> HttpResponse:
    """A book as it reads now, with the files made of it."""
    plan, row = load(request, slug, book, Can.BOOK_VIEW)
    made = actions.composed(plan, row)
    files = plan.book_files.filter(book=row.key, file__withdrawn_at=None)
    latest = list(files.select_related("file", "made_by__person")[:FILES_SHOWN])
    open_parts = made.material.open_parts.get(row.key, {})
    return render(
        request,
        "masterplan/book.html",
        {
            "plan": plan,
            "book": row,
            "document": made.document,
            "fragment": html.render(made.document),
            "tabs": tabs(plan, row),
            "chapters": [
                {
                    "part": part,
                    "number": made.outline.numbers.get(part.key, ""),
                    "is_open": part.key in open_parts,
                    "open_sections": open_parts.get(part.key, []),
                }
                for part in (*made.outline.chapters, *made.outline.appendices)
            ],
            "files": latest,
            "fingerprint": actions.fingerprint_of(made.document) if latest else "",
            "kinds": actions.kinds_of(row),
            "may_build": request.user.may(Can.BOOK_BUILD, plan),
            "may_write": request.user.may(Can.BOOK_WRITE, plan),
        },
    )


def tabs(plan: Plan, current: Book | None) -> list[dict[str, Any]]:
    """The plan's books as tabs."""
    return [
        {
            "title": _("Book %(number)s: %(name)s") % {"number": one.number, "name": one.name}
            if one.number
            else one.name,
            "url": reverse("book-of", args=[plan.slug, one.key]),
            "is_current": current is not None and one.key == current.key,
        }
        for one in all_books_of(plan)
    ]


@require_safe
def book_chapter(request: SignedInRequest, slug: str, book: str, chapter: str) -> HttpResponse:
    """One chapter of a book, quickly; the key of a section shows the chapter in which it stands."""
    plan, row = load(request, slug, book, Can.BOOK_VIEW)
    outline = outline_of(plan, row)
    part = outline.chapter_with(chapter)
    if part is None:
        raise Http404
    document = actions.chapter_document(plan, outline, part)
    written = set(Narrative.objects.filter(plan=plan, book=row.key, words__gt=0).values_list("key", flat=True))
    before, after = _neighbours(outline, part)
    return render(
        request,
        "masterplan/chapter.html",
        {
            "plan": plan,
            "book": row,
            "part": part,
            "number": outline.numbers.get(part.key, ""),
            "places": [
                (one, outline.numbers.get(one.key, ""), one.key in written)
                for one in (part, *part.sections)
                if one.is_shown
            ],
            "before": before,
            "after": after,
            "fragment": html.render(document),
            "crumbs": [(row.name, reverse("book-of", args=[plan.slug, row.key])), (part.title, "")],
            "may_write": request.user.may(Can.BOOK_WRITE, plan),
        },
    )


def _neighbours(outline: Outline, part: Part) -> tuple[Part | None, Part | None]:
    """The parts of the book before and after this one."""
    shown = [*outline.chapters, *outline.appendices]
    if part not in shown:
        return None, None
    place = shown.index(part)
    return shown[place - 1] if place else None, shown[place + 1] if place + 1 < len(shown) else None


@require_POST
def book_build(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for a book as a file, and wait for it on the page of the job."""
    plan, row = load(request, slug, request.POST.get("book", MASTERPLAN), Can.BOOK_BUILD)
    kind = request.POST.get("kind", "")
    if kind not in actions.kinds_of(row):
        messages.warning(request, _("Choose one of the forms that this book can be made in."))
        return redirect("book-of", slug=plan.slug, book=row.key)
    return redirect("job-detail", uid=actions.ask_for_file(plan, kind, by=request.user, book=row.key).uid)


@require_safe
def book_file(request: SignedInRequest, slug: str, pk: int) -> FileResponse:
    """A made file, for everybody who may read the book."""
    made = get_object_or_404(
        BookFile.objects.within_reach(request.user, Can.BOOK_VIEW).select_related("file"),
        pk=pk,
        plan__slug=slug,
        file__withdrawn_at=None,
    )
    try:
        return attachment(made.file)
    except FileNotFoundError as problem:
        raise Http404 from problem
