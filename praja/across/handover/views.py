"""Pages of handing a role over: one's own roles, the sheet on page and paper, accepting and calling off."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.across.handover import actions
from praja.across.handover.blocks import paper_of
from praja.across.handover.contents import contents_of
from praja.across.handover.forms import HandoverForm
from praja.across.handover.models import Handover
from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.models import Membership, User
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.documents import pdf
from praja.foundation.drafts.models import Draft
from praja.foundation.files.downloads import download
from praja.foundation.plans.models import Plan
from praja.stages.preparation.views import of_the_region

WHY = {
    "self": gettext_lazy("Choose somebody else: this is who leaves."),
    "give": gettext_lazy(
        "This person does not hold the role, and whoever began the hand-over may not give it. Ask the coordinator to begin it."
    ),
    "open": gettext_lazy(
        "This role is being handed over already. Call that off first if somebody else is to take it on."
    ),
    "closed": gettext_lazy("The role has ended or was handed over in the meantime; see below."),
}


def _load(request: SignedInRequest, pk: int) -> Handover:
    handovers = Handover.objects.seen_by(request.user).select_related(
        "membership__user__person",
        "membership__organisation__parent__region",
        "membership__for_position",
        "successor__person",
        "plan__government__region",
        "created_by__person",
    )
    handover = get_object_or_404(handovers, pk=pk)
    request.plan, request.government = handover.plan, handover.plan.government
    return handover


@require_safe
def handover_list(request: SignedInRequest) -> HttpResponse:
    """The own roles with a way to hand each over, and the hand-overs that concern this person."""
    related = ("membership__user__person", "membership__organisation", "successor__person")
    context = {
        "memberships": request.user.active_memberships,
        "handovers": Handover.objects.seen_by(request.user).select_related(*related)[:100],
    }
    return render(request, "handover/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def handover_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who takes this role on, and what they should know."""
    memberships = Membership.objects.current().select_related("user__person", "organisation__parent__region")
    membership = get_object_or_404(memberships, pk=pk)
    if not actions.may_begin(request.user, membership):
        raise Http404
    plans = Plan.objects.select_related("government__region")
    plan = get_object_or_404(plans, government=membership.organisation.government, withdrawn_at=None)
    request.plan, request.government = plan, plan.government
    form = HandoverForm(request.POST or None, users=_successors(request.user, membership, plan))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            handover = actions.begin(membership, values["successor"], plan=plan, note=values["note"], by=request.user)
        except actions.Refused as refused:
            form.add_error("successor", str(WHY[str(refused)]))
        else:
            messages.success(request, _("%(name)s is asked to accept.") % {"name": handover.successor})
            return redirect("handover-detail", handover.pk)
    context = {"plan": plan, "membership": membership, "form": form}
    return render(request, "handover/new.html", context, status=422 if form.is_bound else 200)


def _successors(user: User, membership: Membership, plan: Plan) -> Any:
    """Who invites chooses among the accounts of the region, who leaves among those of the own organisation."""
    members = Membership.objects.current().filter(of_the_region(plan))
    if not user.may(Can.PEOPLE_INVITE, membership.organisation):
        members = members.filter(organisation=membership.organisation)
    found = User.objects.filter(pk__in=members.values("user"), is_active=True).exclude(pk=membership.user_id)
    return found.select_related("person").order_by("person__name")


@require_safe
def handover_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sheet: what is open, and for the successor the button to take it on."""
    handover = _load(request, pk)
    context = {
        "handover": handover,
        "contents": contents_of(handover) if handover.is_open else None,
        "paper": paper_of(handover, contents_of(handover)).blocks if handover.accepted_at else None,
        "may_accept": handover.is_open and handover.successor_id == request.user.pk,
        "may_call_off": handover.is_open and _may_call_off(request.user, handover),
        "kept": Draft.objects.filter(pk__in=handover.kept_drafts, user=request.user),
    }
    return render(request, "handover/detail.html", context)


def _may_call_off(user: User, handover: Handover) -> bool:
    return handover.successor_id == user.pk or actions.may_begin(user, handover.membership)


@require_safe
def handover_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sheet as PDF, with places for two signatures."""
    handover = _load(request, pk)
    if handover.withdrawn_at:
        raise Http404
    paper = paper_of(handover, contents_of(handover))
    return download(pdf.render(paper), name=f"serah-terima-{handover.pk}.pdf", kind="application/pdf")


@require_POST
@confirmed
def handover_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """The successor takes the role on."""
    handover = _load(request, pk)
    try:
        actions.accept(handover, by=request.user)
    except PermissionError:
        raise Http404 from None
    except actions.Refused as refused:
        messages.error(request, str(WHY[str(refused)]))
    else:
        messages.success(request, _("You hold this role now. What was typed and not saved waits on its pages."))
    return redirect("handover-detail", pk)


@require_POST
def handover_call_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """Nothing is handed over."""
    handover = _load(request, pk)
    if not _may_call_off(request.user, handover):
        raise Http404
    try:
        actions.call_off(handover, by=request.user)
        messages.success(request, _("The hand-over is called off; nothing has changed."))
    except actions.Refused as refused:
        messages.error(request, str(WHY[str(refused)]))
    return redirect("handover-list")
