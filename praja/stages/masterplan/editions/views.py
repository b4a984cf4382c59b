"""Pages of the editions: freeze a book, read what was frozen, see whether it is still so, and what differs between two."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import editions, html
from praja.foundation.documents.child import NotMade, render_in_child
from praja.foundation.documents.models import Edition
from praja.foundation.documents.redline import compare
from praja.foundation.documents.redline_blocks import redline_document
from praja.foundation.documents.redline_html import redline_html
from praja.foundation.drafts.entry import posted_version
from praja.foundation.files.contents import DOCX, PDF
from praja.foundation.files.views import attachment
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.masterplan.editions.forms import FreezeForm, StatusForm
from praja.stages.masterplan.editions.freezing import book_to_freeze
from praja.stages.masterplan.outlines.books import LANGUAGE, all_books_of

TONES = {"draft": "neutral", "final": "information", "enacted": "success", "amended": "attention", "revoked": "danger"}
FORMS = {"pdf": ("pdf", PDF, "pdf"), "word": ("word", DOCX, "docx")}


def _editions(plan: Plan) -> Any:
    """The editions of a plan's books without their long text."""
    return editions.editions_of(plan).filter(withdrawn_at=None).select_related("pdf", "word", "created_by__person")


@require_safe
def edition_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every edition by its book, newest first."""
    plan = plan_within_reach(request, slug, Can.BOOK_VIEW)
    found: dict[str, list[tuple[Edition, str]]] = {}
    for edition in _editions(plan).defer("content"):
        found.setdefault(edition.document, []).append((edition, TONES[edition.status]))
    context = {
        "plan": plan,
        "books": [(book, found[book.key]) for book in all_books_of(plan) if book.key in found],
        "may_freeze": request.user.may(Can.BOOK_FREEZE, plan),
    }
    return render(request, "masterplan/editions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def edition_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Freeze a book as it reads now."""
    plan = plan_within_reach(request, slug, Can.BOOK_FREEZE)
    initial = {"book": request.GET.get("buku", "masterplan"), "dated_on": plan.today}
    form = FreezeForm(request.POST if request.method == "POST" else None, plan=plan, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            document = book_to_freeze(plan, typed["book"], typed["status"])
            edition = editions.freeze(
                document, subject=plan, name=typed["book"], status=typed["status"], dated_on=typed["dated_on"],
                reason=typed["reason"], by=request.user,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, " ".join(str(sentence) for sentence in refusal.reasons))
        else:
            messages.success(request, _("Frozen. PDF and Word are being made; they stand here in a moment."))
            return redirect("edition", slug, edition.pk)
    return render(
        request, "masterplan/edition_new.html", {"plan": plan, "form": form}, status=422 if form.is_bound else 200
    )


def _load(request: SignedInRequest, slug: str, pk: int, permission: Can = Can.BOOK_VIEW) -> tuple[Plan, Edition]:
    plan = plan_within_reach(request, slug, permission)
    return plan, get_object_or_404(_editions(plan), pk=pk)


@require_safe
def edition(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """One edition as a web page, its hash and files, whether all is as it was frozen, and what it may become."""
    plan, row = _load(request, slug, pk)
    return _shown(request, plan, row)


def _shown(request: SignedInRequest, plan: Plan, row: Edition, form: StatusForm | None = None) -> HttpResponse:
    problems = editions.verify(row)
    try:
        fragment: str = html.render(editions.document_of(row))
    except (ValueError, TypeError, KeyError):  # tampered with; `problems` say so
        fragment = ""
    may_freeze = request.user.may(Can.BOOK_FREEZE, plan)
    form = form or (StatusForm(edition=row) if may_freeze and editions.NEXT[Edition.Status(row.status)] else None)
    others = _editions(plan).filter(document=row.document).exclude(pk=row.pk).defer("content")
    context = {
        "plan": plan,
        "edition": row,
        "tone": TONES[row.status],
        "problems": problems,
        "fragment": fragment,
        "form": form,
        "others": [(other, min(other, row, key=_place), max(other, row, key=_place)) for other in others],
        "history": history_of(row),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "masterplan/edition.html", context, status=status)


def _place(edition: Edition) -> int:
    return edition.number


@require_POST
@confirmed
def edition_status(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Say how binding the edition is now."""
    plan, row = _load(request, slug, pk, Can.BOOK_FREEZE)
    form = StatusForm(request.POST, edition=row)
    if form.is_valid():
        try:
            editions.set_status(row, **form.cleaned_data, by=request.user, version=posted_version(request))
            messages.success(request, _("The status is kept."))
            return redirect("edition", slug, pk)
        except Refused as refusal:
            form.add_error(None, " ".join(str(sentence) for sentence in refusal.reasons))
        except TooLate:
            messages.warning(request, _("Somebody else was faster. This is how it stands now."))
            return redirect("edition", slug, pk)
    return _shown(request, plan, row, form)


@require_safe
def edition_file(request: SignedInRequest, slug: str, pk: int, form: str) -> FileResponse:
    """The stored PDF or Word of an edition."""
    _plan, row = _load(request, slug, pk)
    stored = getattr(row, form, None) if form in FORMS else None
    if stored is None:
        raise Http404
    try:
        return attachment(stored)
    except FileNotFoundError as problem:
        raise Http404 from problem


def _compared(request: SignedInRequest, slug: str, first: int, second: int) -> tuple[Plan, Edition, Edition, Any]:
    """The plan, the two editions of one book, and what differs."""
    plan, old = _load(request, slug, first)
    new = get_object_or_404(_editions(plan), pk=second, document=old.document)
    try:
        return plan, old, new, compare(editions.document_of(old), editions.document_of(new))
    except (ValueError, TypeError, KeyError) as problem:  # tampered with: its own page says so
        raise Http404 from problem


@require_safe
def edition_redline(request: SignedInRequest, slug: str, first: int, second: int) -> HttpResponse:
    """Two editions of one book in reading order: what was added, taken out and changed."""
    plan, old, new, redline = _compared(request, slug, first, second)
    beside = "berdampingan" in request.GET
    context = {
        "plan": plan,
        "old": old,
        "new": new,
        "redline": redline,
        "fragment": redline_html(redline, beside=beside),
        "beside": beside,
    }
    return render(request, "masterplan/redline.html", context)


@require_safe
def edition_changes(request: SignedInRequest, slug: str, first: int, second: int, form: str) -> HttpResponse:
    """The table of changes for council and parliament, as PDF or Word."""
    if form not in FORMS:
        raise Http404
    plan, old, new, redline = _compared(request, slug, first, second)
    kind, media, ending = FORMS[form]
    with override(LANGUAGE):
        words = {"old": old.number, "new": new.number}
        document = redline_document(
            redline,
            title=_("Table of changes"),
            subtitle=_("%(title)s, edition %(old)s to edition %(new)s") % {"title": new.title, **words},
            made_at=redline.new.made_at,
        )
    try:
        content = render_in_child(document, kind)  # type: ignore[arg-type]  # one of FORMS
    except NotMade:
        messages.error(
            request, _("The file could not be made. Please try again; if it happens again, tell the administrator.")
        )
        return redirect(reverse("edition-redline", args=[slug, first, second]))
    name = f"Perubahan {plan.slug} {old.document} {old.number}-{new.number}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media, headers=headers)
