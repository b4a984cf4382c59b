"""Pages of the book: read it, have it made as a file, fetch that file."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.documents import html
from praja.foundation.files.views import attachment
from praja.foundation.plans.addresses import plan_within_reach
from praja.stages.masterplan import actions
from praja.stages.masterplan.books import MASTERPLAN, books_of
from praja.stages.masterplan.models import BookFile

FILES_SHOWN = 6


@require_safe
def book(request: SignedInRequest, slug: str) -> HttpResponse:
    """The book as it reads now, with the files made of it."""
    plan = plan_within_reach(request, slug, Can.BOOK_VIEW)
    document = actions.book_document(plan)
    files = plan.book_files.filter(file__withdrawn_at=None).select_related("file", "made_by__person")[:FILES_SHOWN]
    return render(
        request,
        "masterplan/book.html",
        {
            "plan": plan,
            "document": document,
            "fragment": html.render(document),
            "books": books_of(plan),
            "current": MASTERPLAN,
            "files": files,
            "fingerprint": actions.fingerprint_of(document) if files else "",
            "kinds": BookFile.Kind.choices,
            "may_build": request.user.may(Can.BOOK_BUILD, plan),
        },
    )


@require_POST
def book_build(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for the book as PDF or Word, and wait for it on the page of the job."""
    plan = plan_within_reach(request, slug, Can.BOOK_BUILD)
    kind = request.POST.get("kind", "")
    if kind not in BookFile.Kind.values:
        messages.warning(request, _("Choose PDF or Word."))
        return redirect("book", slug=plan.slug)
    return redirect("job-detail", uid=actions.ask_for_file(plan, kind, by=request.user).uid)


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
