"""Who reaches a round of quick wins and its nominees, and who may write about them."""

from typing import Any

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.stages.innovations.figures import printed
from praja.stages.innovations.models import Innovation, InnovationQuerySet
from praja.stages.quick_wins.models import Nomination, QuickWinQuerySet, Round

State = Round.State
# Until the decision sheet is on its way, what stands about the round and its nominees can be mended.
CAN_BE_MENDED = (State.NOMINATING, State.SCORING, State.CHOOSING)
OF_A_ROUND = ("plan__government__region", "plan__dimension_set")


def held(round_: Round) -> str:
    """The state of a round as it stands now; nobody takes it further before this transaction ends."""
    return str(Round.objects.select_for_update().values_list("state", flat=True).get(pk=round_.pk))


def sees_quick_wins(plan: Plan, user: Any) -> bool:
    """Whether this person sees any quick wins of the plan: an operator those of the agency, others all."""
    return bool(user.may_within(Can.QUICK_WIN_VIEW, plan))


def load_plan(request: SignedInRequest, slug: str, permission: Can | None = None) -> Plan:
    """The plan at this address if this person sees quick wins of it (and holds `permission` on it); else 404."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    if not sees_quick_wins(plan, request.user) or (permission and not request.user.may(permission, plan)):
        raise Http404
    return plan


def load_round(request: SignedInRequest, pk: int, permission: Can | None = None) -> Round:
    """The round if this person sees quick wins of its plan (and holds `permission` on it); else 404.

    A round is the region's, and an operator sees it as the plan; which nominees of it, `nominees_seen` says.
    """
    rounds = Round.objects.in_service().within_reach(request.user, Can.PLAN_VIEW).select_related(*OF_A_ROUND)
    round_: Round = get_object_or_404(rounds, pk=pk)
    if not sees_quick_wins(round_.plan, request.user) or (permission and not request.user.may(permission, round_)):
        raise Http404
    request.plan, request.government = round_.plan, round_.plan.government
    return round_


def nominees_seen(round_: Round, user: Any) -> QuickWinQuerySet:
    """The nominees of a round that this person sees, also those that were withdrawn."""
    rows: QuickWinQuerySet = Nomination.objects.filter(round=round_).within_reach(user, Can.QUICK_WIN_VIEW)
    return rows


def load_nominee(request: SignedInRequest, pk: int) -> Nomination:
    """The nominee if this person sees it; else 404."""
    rows = Nomination.objects.within_reach(request.user, Can.QUICK_WIN_VIEW).filter(round__withdrawn_at=None)
    related = (*(f"round__{name}" for name in OF_A_ROUND), "innovation__dimension", "innovation__organisation")
    nominee: Nomination = get_object_or_404(rows.select_related(*related), pk=pk)
    request.plan, request.government = nominee.round.plan, nominee.round.plan.government
    return nominee


def nominated_by(user: Any) -> InnovationQuerySet:
    """The innovations that this person may nominate: of the own agency, the own dimension, or all."""
    rows: InnovationQuerySet = Innovation.objects.in_service().within_reach(user, Can.QUICK_WIN_NOMINATE)
    return rows


def may_write(nominee: Nomination, user: Any) -> bool:
    """Whether this person writes about the nominee at all; what counts is whose innovation it is."""
    return bool(user.may(Can.QUICK_WIN_NOMINATE, nominee.innovation))


def may_edit(nominee: Nomination, user: Any) -> bool:
    """Whether this person may change it now: it is not withdrawn, and the sheet is not on its way yet."""
    return nominee.withdrawn_at is None and nominee.round.state in CAN_BE_MENDED and may_write(nominee, user)


def proposer_of(user: Any, plan: Plan) -> str:
    """As whom this person nominates: the secretariat, a working group, or an agency."""
    if user.may(Can.QUICK_WIN_RUN, plan):
        return Nomination.Proposer.COORDINATOR
    if user.may(Can.QUICK_WIN_NOMINATE, plan):
        return Nomination.Proposer.WORKING_GROUP
    return Nomination.Proposer.AGENCY


def is_outside_the_plan(plan: Plan) -> Q:
    """The condition on nominees whose innovation has left the plan since they were named."""
    return ~Q(innovation__in=printed(plan).order_by())
