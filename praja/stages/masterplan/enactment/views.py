"""Pages of the enactment: how far it is, who holds it, its articles, and the draft regulation as Word."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import entry_page, keep_typed, posted_version
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.views import attachment
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.masterplan.enactment import actions
from praja.stages.masterplan.enactment.forms import ArticlesForm, EnactmentForm, StageForm
from praja.stages.masterplan.enactment.regulation import articles_of
from praja.stages.masterplan.models import Enactment, EnactmentStage


def _load(request: SignedInRequest, slug: str, permission: Can) -> tuple[Plan, Enactment]:
    """The plan and its enactment, which may not be stored yet; 404 for strangers."""
    plan = plan_within_reach(request, slug, permission)
    return plan, actions.enactment_of(plan)


@require_safe
def enactment(request: SignedInRequest, slug: str) -> HttpResponse:
    """How far the enactment is, or that none has begun."""
    plan, row = _load(request, slug, Can.BOOK_VIEW)
    may_write = request.user.may(Can.BOOK_FREEZE, plan)
    return render(request, "masterplan/enactment.html", _context(plan, row, StageForm() if may_write else None))


def _context(plan: Plan, row: Enactment, form: StageForm | None) -> dict[str, Any]:
    way = actions.Way(row, plan.today)
    return {
        "plan": plan,
        "enactment": row if row.pk else None,
        "way": way,
        "stages": [(stage, way.days_in(stage)) for stage in reversed(way.rows)],
        "articles": articles_of(row) if row.pk else [],
        "form": form,
        "may_write": form is not None,
        "drafts": actions.drafts_of(plan) if row.pk else [],
        "history": history_of(row) if row.pk else [],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def enactment_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Legal form, subject, number, and the edition in the annex."""
    plan, row = _load(request, slug, Can.BOOK_FREEZE)
    return entry_page(
        request,
        row,
        form_class=EnactmentForm,
        save=actions.save_enactment,
        template="masterplan/enactment_edit.html",
        context={"plan": plan, "draft_address": reverse("enactment-draft", args=[slug])},
        done=reverse("enactment", args=[slug]),
    )


@require_POST
def enactment_draft(request: SignedInRequest, slug: str) -> HttpResponse:
    """The page saves by itself."""
    plan_within_reach(request, slug, Can.BOOK_FREEZE)
    return keep_typed(request, address=reverse("enactment-edit", args=[slug]))


@require_http_methods(["GET", "HEAD", "POST"])
def enactment_articles(request: SignedInRequest, slug: str) -> HttpResponse:
    """The articles as the region words them."""
    plan, row = _load(request, slug, Can.BOOK_FREEZE)
    if row.pk is None:
        return redirect("enactment-edit", slug)
    return entry_page(
        request,
        row,
        form_class=ArticlesForm,
        save=actions.save_articles,
        template="masterplan/enactment_articles.html",
        context={"plan": plan, "draft_address": reverse("enactment-articles-draft", args=[slug])},
        done=reverse("enactment", args=[slug]),
    )


@require_POST
def enactment_articles_draft(request: SignedInRequest, slug: str) -> HttpResponse:
    """The page saves by itself."""
    plan_within_reach(request, slug, Can.BOOK_FREEZE)
    return keep_typed(request, address=reverse("enactment-articles", args=[slug]))


@require_POST
def enactment_stage(request: SignedInRequest, slug: str) -> HttpResponse:
    """Note a stage that was reached."""
    plan, row = _load(request, slug, Can.BOOK_FREEZE)
    if row.pk is None:
        raise Http404
    form = StageForm(request.POST, request.FILES)
    if form.is_valid():
        values = dict(form.cleaned_data)
        upload = values.pop("file")
        try:
            actions.reach_stage(row, values, by=request.user, upload=upload)
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Noted."))
            return redirect("enactment", slug)
    return render(request, "masterplan/enactment.html", _context(plan, row, form), status=422)


@require_POST
def enactment_stage_withdraw(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Take back a stage that was noted by mistake."""
    _plan, row = _load(request, slug, Can.BOOK_FREEZE)
    stage = get_object_or_404(EnactmentStage, pk=pk, enactment=row.pk, withdrawn_at=None)
    try:
        actions.withdraw_stage(stage, by=request.user, version=posted_version(request))
        messages.success(request, _("The stage was taken back; the history keeps it."))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    return redirect("enactment", slug)


@require_safe
def enactment_stage_file(request: SignedInRequest, slug: str, pk: int) -> Any:
    """The paper of a stage."""
    _plan, row = _load(request, slug, Can.BOOK_VIEW)
    stage = get_object_or_404(EnactmentStage, pk=pk, enactment=row.pk, withdrawn_at=None)
    if stage.file is None:
        raise Http404
    try:
        return attachment(stage.file)
    except FileNotFoundError as problem:
        raise Http404 from problem


@require_POST
def enactment_word(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for the draft regulation with the book as annex as a Word file, and wait for it on the page of the job."""
    _plan, row = _load(request, slug, Can.BOOK_FREEZE)
    if row.pk is None:
        raise Http404
    try:
        job = actions.ask_for_draft(row, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(str(sentence) for sentence in refusal.reasons))
        return redirect("enactment", slug)
    return redirect("job-detail", uid=job.uid)
