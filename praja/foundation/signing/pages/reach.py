"""Who reaches a signing round: everybody who reads the region; a stranger gets 404."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from praja.foundation.accounts.models import Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.signing.models import Signatory, SigningRound
from praja.foundation.signing.rounds import may_sign


def load_plan(request: SignedInRequest, slug: str, permission: Can | None = None) -> Plan:
    """The plan at this address if this person sees its rounds (and holds `permission` on it); else 404."""
    plan = plan_within_reach(request, slug, Can.COMMITMENT_VIEW)
    if permission and not request.user.may(permission, plan):
        raise Http404
    return plan


def load_round(request: SignedInRequest, slug: str, pk: int, permission: Can | None = None) -> SigningRound:
    """The round at this address if this person sees it (and holds `permission` on it); else 404."""
    rows = SigningRound.objects.within_reach(request.user, Can.COMMITMENT_VIEW).filter(plan__slug=slug)
    related = ("plan__government__region", "plan__dimension_set", "edition__pdf", "original", "signed", "sheet")
    round_: SigningRound = get_object_or_404(rows.select_related(*related).defer("edition__content"), pk=pk)
    if permission and not request.user.may(permission, round_):
        raise Http404
    request.plan, request.government = round_.plan, round_.plan.government
    return round_


def load_signatory(round_: SigningRound, pk: int) -> Signatory:
    """A signatory of the round; else 404."""
    rows = round_.signatories.select_related("organisation__parent__region", "organisation__region", "position__person")
    signatory: Signatory = get_object_or_404(rows.select_related("position__organisation__parent__region"), pk=pk)
    signatory.round = round_
    return signatory


def own_places(user: Any, signatories: list[Signatory]) -> list[Signatory]:
    """Those of the signatories in whose place this account may sign today."""
    near = {one.organisation_id for one in user.active_memberships}
    if user.person_id is not None:
        ids = {one.organisation_id for one in signatories}
        own = Position.objects.filter(organisation__in=ids, person=user.person_id)
        near |= set(own.values_list("organisation", flat=True))
    return [one for one in signatories if one.organisation_id in near and may_sign(user, one)]
