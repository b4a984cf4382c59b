"""Pages of the secretariat: the commitment and who has settled, its words, freezing it, addenda."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import html
from praja.foundation.drafts.entry import posted_version
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.signing.of_documents import signing_of
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment import actions, addenda
from praja.stages.commitment.figures import Overview, overview
from praja.stages.commitment.forms import ReasonForm, StartForm, TextForm
from praja.stages.commitment.models import Commitment
from praja.stages.commitment.uncarried import Uncarried, uncarried


def faster(request: SignedInRequest) -> None:
    """Say that somebody else changed it meanwhile."""
    messages.warning(request, _("Somebody else was faster. This is how it stands now."))


def say(request: SignedInRequest, refusal: Refused) -> None:
    """Say why something was refused."""
    messages.error(request, " ".join(str(reason) for reason in refusal.reasons))


def load(
    request: SignedInRequest, slug: str, pk: int, permission: Can = Can.COMMITMENT_VIEW, **_parts: Any
) -> Commitment:
    """The commitment of a plan within reach; 404 for strangers."""
    plan = plan_within_reach(request, slug, permission)
    rows = Commitment.objects.filter(plan=plan).select_related("edition", "document", "compared")
    rows = rows.defer("edition__content", "document__content", "compared__content")
    row: Commitment = get_object_or_404(rows, pk=pk)
    row.plan = plan
    return row


def load_to_run(request: SignedInRequest, slug: str, pk: int, **_parts: Any) -> Commitment:
    """The commitment for whoever runs it; 404 for others."""
    return load(request, slug, pk, Can.COMMITMENT_RUN)


@require_safe
def commitment_current(request: SignedInRequest, slug: str) -> HttpResponse:
    """The newest commitment of the plan, or what to do first."""
    plan = plan_within_reach(request, slug, Can.COMMITMENT_VIEW)
    rows = Commitment.objects.in_service().filter(plan=plan).select_related("edition", "document", "compared")
    row = rows.defer("edition__content", "document__content", "compared__content").first()
    if row is None:
        context = {"plan": plan, "may_run": request.user.may(Can.COMMITMENT_RUN, plan)}
        return render(request, "commitment/none.html", context)
    row.plan = plan
    return _shown(request, row)


@require_safe
def commitment(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """One commitment: how far it is and which agency has settled."""
    return _shown(request, load(request, slug, pk))


def _shown(request: SignedInRequest, row: Commitment, form: ReasonForm | None = None) -> HttpResponse:
    plan = row.plan
    may_run = request.user.may(Can.COMMITMENT_RUN, plan) and row.withdrawn_at is None
    found = overview(row, request.user)
    left, problems = _uncarried(row, may_run=may_run)
    others = Commitment.objects.filter(plan=plan).exclude(pk=row.pk)
    asks = may_run and row.is_frozen
    newest = addenda.newer_edition(row) if asks else None
    context = {
        "plan": plan,
        "commitment": row,
        "overview": found,
        "figures": _key_figures(found),
        "may_run": may_run,
        "may_sign": request.user.may(Can.SIGNING_RUN, plan),
        "signing": signing_of([row.document_id]) if row.document_id else None,
        "newer": newest if newest and newest.pk != row.compared_id else None,
        "left_out": addenda.left_out(row) if asks and newest is None else [],
        "uncarried": left,
        "problems": problems,
        "others": others.only("pk", "title", "state", "withdrawn_at", "created_at"),
        "history": history_of(row),
        "withdraw_form": form or (ReasonForm() if may_run and not row.is_frozen else None),
    }
    return render(request, "commitment/commitment.html", context, status=422 if form else 200)


def _uncarried(row: Commitment, *, may_run: bool) -> tuple[list[Uncarried], list[str]]:
    """(lines that nobody promises, why they are not known)."""
    try:
        return uncarried(row, may_run=may_run), []
    except Refused as refusal:
        return [], [str(reason) for reason in refusal.reasons]


def _key_figures(found: Overview) -> list[dict[str, Any]]:
    return [
        {
            "label": _("Agencies that have settled"),
            "value": found.settled,
            "of": _("of %(number)s") % {"number": len(found.lists)},
        },
        {"label": _("Promises"), "value": found.number},
        {"label": _("Planned money"), "value": found.money},
        {"label": _("Contested"), "value": found.contested},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Draw a commitment up from an edition of the masterplan."""
    plan = plan_within_reach(request, slug, Can.COMMITMENT_RUN)
    found = actions.editions_with_promises(plan)
    free = found.exclude(pk__in=Commitment.objects.filter(withdrawn_at=None).values("edition"))
    form = StartForm(request.POST if request.method == "POST" else None, editions=free)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.start(plan, form.cleaned_data["edition"], by=request.user)
        except Refused as refusal:
            form.add_error(None, " ".join(str(reason) for reason in refusal.reasons))
        else:
            messages.success(
                request, _("The list of each agency is drawn up. Word the commitment, then open the lists.")
            )
            return redirect("commitment", slug, made.pk)
    has_editions = bool(form.fields["edition"].queryset)  # type: ignore[attr-defined]
    is_taken = not has_editions and found.exists()
    context = {"plan": plan, "form": form, "has_editions": has_editions, "is_taken": is_taken}
    return render(request, "commitment/new.html", context, status=422 if form.is_bound else 200)


@entry("commitment-text", draft="commitment-text-draft", load=load_to_run)
def commitment_text(request: SignedInRequest, row: Commitment, **_parts: Any) -> Entry | HttpResponse:
    """The words of the commitment, its number, place and days."""
    slug = row.plan.slug
    if row.is_frozen or row.withdrawn_at:
        messages.info(request, _("It is settled for good; its words do not change any more."))
        return redirect("commitment", slug, row.pk)
    return Entry(
        row,
        form_class=TextForm,
        save=actions.save_text,
        template="commitment/text.html",
        context={"plan": row.plan, "commitment": row},
        done=reverse("commitment", args=[slug, row.pk]),
    )


@require_safe
def commitment_preview(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The commitment as its paper reads now."""
    row = load(request, slug, pk)
    if row.document_id:
        return redirect("edition", slug, row.document_id)
    context = {"plan": row.plan, "commitment": row, "fragment": html.render(actions.paper_of(row))}
    return render(request, "commitment/preview.html", context)


@require_POST
def commitment_open(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Ask the agencies to settle their lists."""
    row = load_to_run(request, slug, pk)
    try:
        actions.open_to_agencies(row, by=request.user, version=posted_version(request))
        messages.success(request, _("The agencies are asked to settle their lists."))
    except Refused as refusal:
        say(request, refusal)
    except TooLate:
        faster(request)
    return redirect("commitment", slug, pk)


@require_POST
def commitment_remind(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Remind the agencies that have not settled."""
    row = load_to_run(request, slug, pk)
    number = actions.remind(row, by=request.user)
    if number:
        words = ngettext("%(number)d agency was reminded.", "%(number)d agencies were reminded.", number)
        messages.success(request, words % {"number": number})
    else:
        messages.info(request, _("Nobody was reminded: all have settled, or were reminded today."))
    return redirect("commitment", slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def commitment_freeze(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """What is frozen and who is not in it, then the button."""
    row = load_to_run(request, slug, pk)
    found = overview(row, request.user)
    reasons: list[str] = []
    if request.method == "POST":
        try:
            without = bool(request.POST.get("without_unsettled"))
            actions.freeze(row, by=request.user, version=posted_version(request), without_unsettled=without)
        except Refused as refusal:
            reasons = [str(reason) for reason in refusal.reasons]
        except TooLate:
            faster(request)
            return redirect("commitment", slug, pk)
        else:
            messages.success(request, _("Frozen. PDF and Word are being made; then it can be signed."))
            return redirect("commitment", slug, pk)
    elif row.state != Commitment.State.SETTLING or row.withdrawn_at:
        return redirect("commitment", slug, pk)
    left, problems = _uncarried(row, may_run=True)
    context = {"plan": row.plan, "commitment": row, "overview": found, "uncarried": left, "reasons": reasons + problems}
    return render(request, "commitment/freeze.html", context, status=422 if reasons else 200)


@require_POST
def commitment_withdraw(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Take a commitment back that is not frozen."""
    row = load_to_run(request, slug, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw(row, reason=form.cleaned_data["reason"], by=request.user, version=posted_version(request))
            messages.success(request, _("Taken back; the history keeps it."))
            return redirect("commitment-current", slug)
        except Refused as refusal:
            form.add_error(None, " ".join(str(reason) for reason in refusal.reasons))
        except TooLate:
            faster(request)
            return redirect("commitment", slug, pk)
    return _shown(request, row, form)


@require_POST
def commitment_addenda(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Draw up an addendum for each agency whose promises the newest edition changes, or whose first was called off."""
    row = load_to_run(request, slug, pk)
    edition = addenda.newer_edition(row) or (row.edition if addenda.left_out(row) else None)
    if edition is None:
        messages.error(request, _("There is no newer edition of the masterplan with promises. Freeze it first."))
        return redirect("commitment", slug, pk)
    try:
        made = addenda.prepare(row, edition, by=request.user)
    except Refused as refusal:
        say(request, refusal)
    except TooLate:
        faster(request)
    else:
        _tell_of(request, len(made), edition.number)
    return redirect("commitment", slug, pk)


def _tell_of(request: SignedInRequest, number: int, edition: int) -> None:
    if not number:
        messages.info(request, _("Edition %(edition)s changes no promise of an agency.") % {"edition": edition})
        return
    words = ngettext(
        "An addendum for %(number)d agency is drawn up.", "Addenda for %(number)d agencies are drawn up.", number
    )
    messages.success(request, words % {"number": number})


def plan_crumbs(plan: Plan, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of this stage."""
    return [(_("Joint commitment"), reverse("commitment-current", args=[plan.slug])), *further]
