"""The page on which a coordinator arranges a book: order, titles, what it has, own parts; and going back to the guide."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.contents.composing import borrowable
from praja.stages.masterplan.contents.material import Material
from praja.stages.masterplan.outlines.books import Book, book_of
from praja.stages.masterplan.outlines.changes import change_outline, name_of, reset_outline, taken_out
from praja.stages.masterplan.outlines.forms import OutlineForm
from praja.stages.masterplan.outlines.outline import Outline, outline_of

VERBS = ("change outline", "reset outline")


def load(request: SignedInRequest, slug: str, key: str, permission: Can) -> tuple[Plan, Book]:
    """The plan within reach and one of its books; 404 when its guide has no such book."""
    plan = plan_within_reach(request, slug, permission)
    try:
        return plan, book_of(plan, key)
    except LookupError as problem:
        raise Http404 from problem


@require_http_methods(["GET", "HEAD", "POST"])
def book_outline(request: SignedInRequest, slug: str, book: str) -> HttpResponse:
    """Show the outline of a book, and take in what was changed."""
    plan, row = load(request, slug, book, Can.BOOK_WRITE)
    outline = outline_of(plan, row)
    form = OutlineForm(
        request.POST if request.method == "POST" else None, outline=outline, more=_more(plan, row, outline)
    )
    if request.method != "POST":
        return _page(request, plan, form)
    if not form.is_valid():
        return _page(request, plan, form, status=422)
    step = form.step
    try:
        change_outline(plan, row, by=request.user, mark=request.POST.get("mark", ""), typed=form.typed(), step=step)
    except TooLate:
        return _page(request, plan, form, status=409)
    messages.success(request, _("The outline is kept."))
    place = f"#bagian-{step.key}" if step.verb in ("up", "down") and step.key in outline.by_key else ""
    return redirect(reverse("book-outline", args=[plan.slug, row.key]) + place)


@require_POST
def book_outline_reset(request: SignedInRequest, slug: str, book: str) -> HttpResponse:
    """Go back to the outline of the guide."""
    plan, row = load(request, slug, book, Can.BOOK_WRITE)
    if request.POST.get("sure"):
        reset_outline(plan, row, by=request.user)
        messages.success(request, _("The book follows the guide again. Texts of your own parts are kept."))
    else:
        messages.warning(request, _("Tick the box first: the book then follows the guide again."))
    return redirect("book-outline", slug=plan.slug, book=row.key)


def _more(plan: Plan, book: Book, outline: Outline) -> dict[str, str]:
    """What can be added: own parts that were taken out, then what else can be compiled here."""
    own = {row.key: _("Taken out – %(title)s") % {"title": row.title} for row in taken_out(plan, book, outline)}
    return {**own, **borrowable(Material(plan), outline)}


def _page(request: SignedInRequest, plan: Plan, form: OutlineForm, status: int = 200) -> HttpResponse:
    outline = form.outline
    name = name_of(outline.book)
    context = {
        "plan": plan,
        "book": outline.book,
        "outline": outline,
        "form": form,
        "lines": form.lines(),
        "is_late": status == 409,
        "crumbs": [
            (outline.book.name, reverse("book-of", args=[plan.slug, outline.book.key])),
            (_("Outline"), ""),
        ],
        "history": [line for line in history_of(plan) if line.verb in VERBS and line.remark == name][:20],
    }
    return render(request, "masterplan/outline.html", context, status=status)
