"""Pages of the review rounds: who is asked, who has answered, and giving one's opinion."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.masterplan.models import Opinion, ReviewRound
from praja.stages.masterplan.outlines.books import book_of
from praja.stages.masterplan.reviewing import reminders
from praja.stages.masterplan.reviewing import rounds as reviews
from praja.stages.masterplan.reviewing.forms import OpinionForm, RoundForm


@require_safe
def review_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The rounds of a plan with how many have answered."""
    plan = plan_within_reach(request, slug, Can.BOOK_VIEW)
    mine = set(
        Opinion.objects.filter(user=request.user, round__plan=plan, answered_at=None).values_list("round", flat=True)
    )
    context = {
        "plan": plan,
        "rounds": [(one, one.pk in mine and one.closed_at is None) for one in reviews.rounds_of(plan)],
        "may_ask": request.user.may(Can.BOOK_FREEZE, plan),
    }
    return render(request, "masterplan/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask named people for their opinion."""
    plan = plan_within_reach(request, slug, Can.BOOK_FREEZE)
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        user=request.user,
        initial={"book": request.GET.get("buku", "masterplan")},
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        people = list(values.pop("people"))
        made = reviews.ask(plan, values, people, by=request.user)
        messages.success(request, _("Everybody was told."))
        return redirect("review", slug, made.pk)
    context = {"plan": plan, "form": form, "offices": reviews.offices_of(form.fields["people"].queryset, plan)}
    return render(request, "masterplan/review_new.html", context, status=422 if form.is_bound else 200)


def _load(request: SignedInRequest, slug: str, pk: int, permission: Can) -> tuple[Plan, ReviewRound]:
    plan = plan_within_reach(request, slug, permission)
    rounds = ReviewRound.objects.select_related("edition", "created_by__person").defer("edition__content")
    found = get_object_or_404(rounds, plan=plan, pk=pk, withdrawn_at=None)
    found.plan = plan
    return plan, found


@require_safe
def review(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """One round: what is asked, who has answered what, and one's own opinion."""
    plan, row = _load(request, slug, pk, Can.BOOK_VIEW)
    return _shown(request, plan, row)


def _shown(request: SignedInRequest, plan: Plan, row: ReviewRound, form: OpinionForm | None = None) -> HttpResponse:
    opinions = list(row.opinions.select_related("user__person"))
    own = next((opinion for opinion in opinions if opinion.user_id == request.user.pk), None)
    if own is not None and row.closed_at is None and form is None:
        form = OpinionForm(initial={"verdict": own.verdict, "text": own.text})
    status = 422 if form is not None and form.is_bound else 200
    context: dict[str, Any] = {
        "plan": plan,
        "review": row,
        "book": book_of(plan, row.book),
        "opinions": [(opinion, _lateness(opinion, row, plan)) for opinion in opinions],
        "given": sum(opinion.answered_at is not None for opinion in opinions),
        "own": own,
        "form": form,
        "is_late": row.closed_at is None and row.closes_on < plan.today,
        "may_close": row.closed_at is None and request.user.may(Can.BOOK_FREEZE, plan),
        "has_missing": any(opinion.answered_at is None for opinion in opinions),
        "history": history_of(row),
    }
    return render(request, "masterplan/review.html", context, status=status)


def _lateness(opinion: Opinion, row: ReviewRound, plan: Plan) -> int:
    """How many days an opinion came after the day, or is late by now; 0 when it is not, or cannot come any more."""
    moment = opinion.answered_at or row.closed_at
    day = timezone.localtime(moment, plan.time_zone).date() if moment else plan.today
    return max(0, (day - row.closes_on).days)


@require_POST
def review_answer(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Give or change one's own opinion."""
    plan, row = _load(request, slug, pk, Can.BOOK_VIEW)
    own = get_object_or_404(Opinion, round=row, user=request.user)
    own.round = row
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _shown(request, plan, row, form)
    try:
        reviews.answer(own, **form.cleaned_data, version=posted_version(request), by=request.user)
        messages.success(request, _("Thank you; your opinion is kept."))
    except TooLate:
        messages.warning(
            request, _("The round was closed or your opinion changed meanwhile. This is how it stands now.")
        )
    return redirect("review", slug, pk)


@require_POST
def review_remind(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Remind those who have not answered."""
    _plan, row = _load(request, slug, pk, Can.BOOK_FREEZE)
    try:
        count = reminders.remind(row, by=request.user)
        words = ngettext("%(count)d person was reminded.", "%(count)d people were reminded.", count)
        messages.success(request, words % {"count": count})
    except Refused as refusal:
        messages.warning(request, " ".join(str(sentence) for sentence in refusal.reasons))
    return redirect("review", slug, pk)


@require_POST
def review_close(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """No more answers after this."""
    _plan, row = _load(request, slug, pk, Can.BOOK_FREEZE)
    try:
        reviews.close(row, by=request.user, version=posted_version(request))
        messages.success(request, _("The round is closed."))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    return redirect("review", slug, pk)
