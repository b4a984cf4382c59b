"""Pages of the remarks on a book: all of them with a filter, leaving one, replying and settling."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
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
from praja.foundation.workflow.steps import Refused
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


@dataclass(frozen=True)
class Typed:
    """What was typed and could not be kept: where, the text, the words it speaks of, and why not."""

    text: str
    problems: Sequence[Any]
    key: str = ""
    quote: str = ""
    thread: int | None = None  # of a reply


@require_safe
def book_remarks(request: SignedInRequest, slug: str, book: str) -> HttpResponse:
    """The remarks on a book, the open ones or the settled ones, or those of one chapter; `?utas=` shows that thread."""
    plan, found = _load(request, slug, book, Can.BOOK_VIEW)
    return _page(request, plan, found)


def _page(request: SignedInRequest, plan: Plan, book: Book, typed: Typed | None = None) -> HttpResponse:
    titles = titles_of(plan, book)
    asked = request.GET.get("bab")
    key = asked if asked in titles else None
    begun = threads.begun_on(plan, book.key, key)
    is_settled, number = request.GET.get("keadaan") == "selesai", request.GET.get("halaman")
    wanted = str(typed.thread) if typed and typed.thread else request.GET.get("utas", "")
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 and (thread := begun.filter(pk=wanted).first()):
        is_settled, number = thread.resolved_at is not None, str(threads.number_of_page(begun, thread))
    page = Paginator(threads.in_state(begun, is_settled=is_settled), threads.ON_A_PAGE).get_page(number)
    chapter = {} if key is None else {"bab": key}
    context = {
        "plan": plan,
        "book": book,
        "titles": list(titles.items()),
        "chosen": typed.key if typed and typed.thread is None else key or "",
        "chapter": urlencode(chapter),
        "threads": [(thread, titles.get(thread.key, thread.key)) for thread in threads.threads_of(page)],
        "page": page,
        "query": QueryDict(urlencode(chapter | ({"keadaan": "selesai"} if is_settled else {}))),
        "tabs": [
            {"title": title, "url": f"?{urlencode(chapter | more)}", "count": count, "is_current": is_current}
            for title, more, count, is_current in zip(
                (_("Open"), _("Settled")), ({}, {"keadaan": "selesai"}), threads.counts_of(begun),
                (not is_settled, is_settled), strict=True,
            )
        ],
        "may_remark": request.user.may(Can.BOOK_REMARK, plan),
        "may_settle": request.user.may(Can.BOOK_WRITE, plan),
        "quote": typed.quote if typed else request.GET.get("kutipan", "")[: threads.LONGEST_QUOTE],
        "typed": typed,
    }  # fmt: skip
    return render(request, "masterplan/remarks.html", context, status=422 if typed else 200)


@require_POST
def book_remark_new(request: SignedInRequest, slug: str, book: str) -> HttpResponse:
    """Leave a remark on the book, a chapter or a paragraph."""
    plan, found = _load(request, slug, book, Can.BOOK_REMARK)
    key, text = request.POST.get("key", ""), request.POST.get("text", "")
    quote = request.POST.get("quote", "").replace("\0", "")[: threads.LONGEST_QUOTE]
    page = reverse("book-remarks", args=[slug, book])
    if key not in titles_of(plan, found):
        raise Http404
    try:
        made = threads.leave(plan, threads.Place(book, key, quote), text, by=request.user, address=page)
    except Refused as refused:
        return _page(request, plan, found, Typed(text, refused.reasons, key, quote))
    messages.success(request, _("The remark is kept."))
    return redirect(_back(request, page, made.pk))


def _back(request: SignedInRequest, page: str, thread: int | None) -> str:
    """The page of the remarks at a thread, of the chapter that was chosen on it."""
    chapter = {"bab": request.GET["bab"]} if "bab" in request.GET else {}
    query = urlencode(chapter | ({"utas": thread} if thread else {}))
    return f"{page}?{query}" + (f"#catatan-{thread}" if thread else "")


@require_POST
def book_remark(request: SignedInRequest, slug: str, book: str, pk: int) -> HttpResponse:
    """Reply, settle, open again or take away."""
    plan, found = _load(request, slug, book, Can.BOOK_VIEW)
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
    text, thread = request.POST.get("text", ""), remark.parent_id or remark.pk
    try:
        if asked == "reply":
            threads.leave(plan, threads.Place(book), text, by=request.user, address=page, parent=remark)
        elif asked == "take-away":
            threads.take_away(remark, by=request.user)
        elif asked in ("settle", "reopen"):
            threads.settle(remark, by=request.user, settles=asked == "settle")
    except Refused as refused:
        return _page(request, plan, found, Typed(text, refused.reasons, thread=thread))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    return redirect(_back(request, page, None if asked == "take-away" and remark.parent_id is None else thread))
