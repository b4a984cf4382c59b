"""Pages of the remarks on a book: all of them with a filter, leaving one, replying and settling."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.rows import TooLate
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.remarks.models import Remark
from praja.stages.masterplan.outlines.books import Book, book_of
from praja.stages.masterplan.outlines.outline import outline_of
from praja.stages.masterplan.reviewing import remarks as threads


def _load(request: SignedInRequest, slug: str, book: str, permission: Can) -> tuple[Plan, Book]:
    plan = plan_within_reach(request, slug, permission)
    try:
        return plan, book_of(plan, book)
    except LookupError as problem:
        raise Http404 from problem


def titles_of(plan: Plan, book: Book) -> dict[str, str]:
    """The names of the chapters and sections of a book by their keys, in their order; "" is the whole book."""
    outline = outline_of(plan, book)
    found = {"": _("The whole book")}
    for part in outline.walk():
        found[part.key] = f"{outline.numbers.get(part.key, '')} {part.title}".strip()
    return found


@require_safe
def book_remarks(request: SignedInRequest, slug: str, book: str) -> HttpResponse:
    """All remarks on a book, the open ones first, or those of one chapter."""
    plan, found = _load(request, slug, book, Can.BOOK_VIEW)
    titles = titles_of(plan, found)
    key = request.GET.get("bab")
    shown = threads.threads_of(plan, book, key if key in titles else None)
    is_settled = request.GET.get("keadaan") == "selesai"
    context = {
        "plan": plan,
        "book": found,
        "titles": list(titles.items()),
        "chosen": key if key in titles else "",
        "threads": [(thread, titles.get(thread.key, thread.key)) for thread in shown if thread.is_open != is_settled],
        "tabs": [
            {"title": _("Open"), "url": "?", "count": sum(t.is_open for t in shown), "is_current": not is_settled},
            {
                "title": _("Settled"),
                "url": "?keadaan=selesai",
                "count": sum(not t.is_open for t in shown),
                "is_current": is_settled,
            },
        ],
        "may_remark": request.user.may(Can.BOOK_REMARK, plan),
        "may_settle": request.user.may(Can.BOOK_WRITE, plan),
        "quote": request.GET.get("kutipan", "")[: threads.LONGEST_QUOTE],
    }
    return render(request, "masterplan/remarks.html", context)


@require_POST
def book_remark_new(request: SignedInRequest, slug: str, book: str) -> HttpResponse:
    """Leave a remark on the book, a chapter or a paragraph."""
    plan, found = _load(request, slug, book, Can.BOOK_REMARK)
    key, text = request.POST.get("key", ""), request.POST.get("text", "").strip()
    page = reverse("book-remarks", args=[slug, book])
    if key not in titles_of(plan, found):
        raise Http404
    if not text:
        messages.warning(request, _("Write the remark first: say what should change."))
        return redirect(page)
    made = threads.leave(
        plan,
        threads.Place(book, key, request.POST.get("quote", "")),
        text,
        by=request.user,
        address=page,
    )
    messages.success(request, _("The remark is kept."))
    return redirect(f"{page}#catatan-{made.pk}")


@require_POST
def book_remark(request: SignedInRequest, slug: str, book: str, pk: int) -> HttpResponse:
    """Reply, settle, open again or take away."""
    plan, _book = _load(request, slug, book, Can.BOOK_VIEW)
    about = Remark.objects.about(plan).filter(field__startswith=f"{book}/")
    remark = get_object_or_404(about, pk=pk)
    page, asked = reverse("book-remarks", args=[slug, book]), request.POST.get("do", "")
    is_own = remark.created_by_id == request.user.pk and remark.resolved_at is None
    may_settle = request.user.may(Can.BOOK_WRITE, plan) or is_own
    may = {
        "reply": request.user.may(Can.BOOK_REMARK, plan),
        "settle": may_settle,
        "reopen": may_settle,
        "take-away": is_own,
    }
    if not may.get(asked):
        raise Http404
    try:
        if asked == "reply" and (text := request.POST.get("text", "").strip()):
            threads.leave(plan, threads.Place(book), text, by=request.user, address=page, parent=remark)
        elif asked == "take-away":
            threads.take_away(remark, by=request.user)
        elif asked in ("settle", "reopen"):
            threads.settle(remark, by=request.user, settles=asked == "settle")
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    return redirect(f"{page}#catatan-{remark.parent_id or remark.pk}")
