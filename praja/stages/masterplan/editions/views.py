"""Pages of the editions: freeze a book, read what was frozen, prove that it is still so, see what differs between two."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import blocks as b
from praja.foundation.documents import editions
from praja.foundation.documents.leaves import Leaves
from praja.foundation.documents.models import Edition
from praja.foundation.documents.outline import contents, kind_of_image, summary
from praja.foundation.documents.redline_html import redline_html
from praja.foundation.drafts.entry import posted_version
from praja.foundation.files.views import attachment
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.masterplan.editions import changes
from praja.stages.masterplan.editions.forms import FreezeForm, StatusForm
from praja.stages.masterplan.editions.freezing import book_to_freeze
from praja.stages.masterplan.models import BookFile
from praja.stages.masterplan.outlines.books import all_books_of

TONES = {"draft": "neutral", "final": "information", "enacted": "success", "amended": "attention", "revoked": "danger"}
FORMS = (BookFile.Kind.PDF, BookFile.Kind.WORD)  # of the stored files, and of a table of changes
CONTENTS_LEVELS = 2


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
    """One edition: its hash and files, whether all is as it was frozen, its contents, and what it may become."""
    plan, row = _load(request, slug, pk)
    return _shown(request, plan, row)


def _shown(
    request: SignedInRequest, plan: Plan, row: Edition, form: StatusForm | None = None, *, afresh: bool = False
) -> HttpResponse:
    """The page; `afresh`: the files are hashed now, whatever the storage says about their size and time."""
    document, problems = editions.opened(row)
    problems += editions.problems_of_files(row, remembered=not afresh)
    may_freeze = request.user.may(Can.BOOK_FREEZE, plan)
    form = form or (StatusForm(edition=row) if may_freeze and editions.NEXT[Edition.Status(row.status)] else None)
    others = _editions(plan).filter(document=row.document).exclude(pk=row.pk).defer("content")
    context = {
        "plan": plan,
        "edition": row,
        "tone": TONES[row.status],
        "problems": problems,
        "contents": _contents(document) if document else [],
        "form": form,
        "others": [(other, min(other, row, key=_place), max(other, row, key=_place)) for other in others],
        "history": (history := history_of(row)),
        "last_check": next((line for line in history if line.verb == "check edition"), None),
        "may_check": request.user.may(Can.BOOK_BUILD, plan),
        "files_job": _files_job(request, row) if row.pdf_id is None else None,
    }
    status = 409 if afresh and problems else 422 if form is not None and form.is_bound else 200
    return render(request, "masterplan/edition.html", context, status=status)


def _place(edition: Edition) -> int:
    return edition.number


def _files_job(request: SignedInRequest, row: Edition) -> Job | None:
    """The work that makes the edition's files, for whoever may see it."""
    return Job.objects.visible_to(request.user).filter(key=editions.files_key(row)).first()


def _contents(document: b.Document) -> list[dict[str, Any]]:
    """The chapters and sections, then tables and figures: a heading, and (level, number, title, leaf, anchor) of each."""
    leaves = Leaves(document)
    place: dict[str, str] = {}
    for leaf in leaves.all:
        place |= {part.anchor: leaf.place for part in leaves.parts[leaf.first : leaf.end] if part.anchor}
    chapters = [
        (level, number, title, place[anchor], anchor)
        for level, number, title, anchor in contents(leaves.parts)
        if level <= CONTENTS_LEVELS
    ]
    first = leaves.all[0] if leaves.all else None
    if first is not None and first.place not in place:  # what stands before the first chapter
        chapters.insert(0, (1, "", first.title, first.place, ""))
    found = [{"title": _("Chapters"), "lines": chapters, "is_open": True}]
    kinds: tuple[tuple[Any, str], ...] = ((b.Table, _("Tables")), (b.Chart | b.Picture, _("Figures")))
    for kind, title in kinds:
        lines = [
            (1, part.number, summary(part.block.caption), place[part.anchor], part.anchor)
            for part in leaves.parts
            if isinstance(part.block, kind)
        ]
        found.append({"title": title, "lines": lines, "is_open": False})
    return [one for one in found if one["lines"]]


@require_safe
def edition_part(request: SignedInRequest, slug: str, pk: int, anchor: str) -> HttpResponse:
    """A chapter of an edition; the anchor of a table, row or paragraph leads to its place there."""
    plan, row = _load(request, slug, pk)
    document, problems = editions.opened(row)
    leaves = Leaves(document) if document else None
    leaf = leaves.at(anchor) if leaves else None
    if leaves is None or leaf is None:
        raise Http404
    if leaf.place != anchor:
        return redirect(f"{reverse('edition-part', args=[slug, pk, leaf.place])}#{anchor}")
    before, after = leaves.neighbours(leaf)
    context = {
        "plan": plan,
        "edition": row,
        "tone": TONES[row.status],
        "problems": problems,
        "leaf": leaf,
        "before": before,
        "after": after,
        "fragment": leaves.render(leaf, lambda anchor: reverse("edition-picture", args=[slug, pk, anchor])),
        "crumbs": [
            (_("Editions"), reverse("edition-list", args=[slug])),
            (
                _("%(title)s, edition %(number)s") % {"title": row.title, "number": row.number},
                reverse("edition", args=[slug, pk]),
            ),
            (leaf.title, ""),
        ],
    }
    return render(request, "masterplan/edition_part.html", context)


@require_safe
def edition_picture(request: SignedInRequest, slug: str, pk: int, anchor: str) -> HttpResponse:
    """A picture of an edition; the browser keeps it, for it never changes."""
    _plan, row = _load(request, slug, pk)
    document, _problems = editions.opened(row)
    content = Leaves(document).picture(anchor) if document else None
    if content is None:
        raise Http404
    kind = "image/png" if kind_of_image(content) == "png" else "image/jpeg"
    headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)


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


@require_POST
def edition_check(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the proof: text and files hashed, and the files made anew from the text."""
    plan, row = _load(request, slug, pk, Can.BOOK_BUILD)
    minute = f"{timezone.now():%Y-%m-%d %H.%M}"  # asked for twice in a hurry, it is done once
    job = later(
        "masterplan.check_edition", row.pk, by=request.user, key=f"check-edition-{row.pk}-{request.user.pk}-{minute}",
        organisation_path=plan.organisation_path,
    )  # fmt: skip
    return redirect("job-detail", uid=job.uid)


@require_safe
def edition_file(request: SignedInRequest, slug: str, pk: int, form: str) -> HttpResponseBase:
    """The stored PDF or Word of an edition; one that is not what was made of the edition is not handed out."""
    plan, row = _load(request, slug, pk)
    stored = getattr(row, form) if form in FORMS else None
    if stored is None:
        raise Http404
    if editions.problems_of_files(row):
        return _shown(request, plan, row, afresh=True)
    return attachment(stored)


def _two(
    request: SignedInRequest, slug: str, first: int, second: int, permission: Can
) -> tuple[Plan, Edition, Edition]:
    """The plan and two editions of one book."""
    plan, old = _load(request, slug, first, permission)
    return plan, old, get_object_or_404(_editions(plan), pk=second, document=old.document)


@require_safe
def edition_redline(request: SignedInRequest, slug: str, first: int, second: int) -> HttpResponse:
    """Two editions of one book in reading order: what was added, taken out and changed."""
    plan, old, new = _two(request, slug, first, second, Can.BOOK_VIEW)
    try:
        redline = changes.compared(old, new)
    except Refused as refusal:
        messages.error(request, " ".join(str(sentence) for sentence in refusal.reasons))
        return redirect("edition-list", slug)
    beside = "berdampingan" in request.GET
    made = changes.files_of(plan, old, new)
    context = {
        "plan": plan,
        "old": old,
        "new": new,
        "redline": redline,
        "fragment": redline_html(redline, beside=beside),
        "beside": beside,
        "files": [(kind, made.get(kind)) for kind in FORMS],
        "may_build": request.user.may(Can.BOOK_BUILD, plan),
    }
    return render(request, "masterplan/redline.html", context)


@require_POST
def edition_changes(request: SignedInRequest, slug: str, first: int, second: int) -> HttpResponse:
    """Ask for the table of changes for council and parliament, as PDF or Word, and wait for it on the page of the job."""
    plan, old, new = _two(request, slug, first, second, Can.BOOK_BUILD)
    kind = request.POST.get("kind", "")
    if kind not in FORMS:
        messages.warning(request, _("Choose PDF or Word."))
        return redirect("edition-redline", slug, first, second)
    return redirect("job-detail", uid=changes.ask_for_changes(plan, old, new, kind, by=request.user).uid)
