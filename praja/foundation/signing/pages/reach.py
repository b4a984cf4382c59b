"""Who reaches a signing round: everybody who reads the region, and a witness from outside its own place; others get 404."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from praja.foundation.accounts.models import Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.signing.models import Signatory, Signature, SigningRound
from praja.foundation.signing.rounds import may_sign

NOT_INVITED = (SigningRound.State.PREPARED, SigningRound.State.CANCELLED)


def load_plan(request: SignedInRequest, slug: str, permission: Can | None = None) -> Plan:
    """The plan at this address if this person sees its rounds (and holds `permission` on it); else 404."""
    plan = plan_within_reach(request, slug, Can.COMMITMENT_VIEW)
    if permission and not request.user.may(permission, plan):
        raise Http404
    return plan


def load_round(request: SignedInRequest, slug: str, pk: int, permission: Can | None = None) -> SigningRound:
    """The round at this address if this person sees it (and holds `permission` on it); else 404."""
    round_ = _loaded(SigningRound.objects.within_reach(request.user, Can.COMMITMENT_VIEW), slug, pk)
    if permission and not request.user.may(permission, round_):
        raise Http404
    request.plan, request.government = round_.plan, round_.plan.government
    return round_


def _loaded(rows: QuerySet[SigningRound], slug: str, pk: int) -> SigningRound:
    related = ("plan__government__region", "plan__dimension_set", "edition__pdf", "original", "signed", "sheet")
    found: SigningRound = get_object_or_404(
        rows.filter(plan__slug=slug).select_related(*related).defer("edition__content"), pk=pk
    )
    return found


def load_to_sign(request: SignedInRequest, slug: str, pk: int, signatory: int | None = None) -> SigningRound:
    """The round for who reads it, and for who is named in it without a role in the region: a mentor, the ministry.

    Those reach the document and, by `signatory`, the own place; nothing else of the region. Else 404.
    """
    try:
        return load_round(request, slug, pk)
    except Http404:
        round_ = _loaded(SigningRound.objects.exclude(state__in=NOT_INVITED), slug, pk)
        places = round_.signatories.select_related("organisation", "position", "signature")
        if not _own_of_outsider(request.user, list(places.filter(pk=signatory) if signatory else places)):
            raise
    request.plan, request.government = None, round_.plan.government
    return round_


def reads_region(user: Any, round_: SigningRound) -> bool:
    """Whether this person sees the round itself, not the own place alone."""
    return bool(user.may(Can.COMMITMENT_VIEW, round_))


def _own_of_outsider(user: Any, places: list[Signatory]) -> bool:
    """Whether one of the places is this person's: signed by it, or to be signed by it today."""
    if user.person_id is None:
        return False
    signed = Signature.objects.filter(signatory__in=places, person=user.person_id)
    waiting = [one for one in places if one.state != Signatory.State.REPLACED]
    return signed.exists() or bool(own_places(user, waiting))


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
