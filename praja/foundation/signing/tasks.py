"""What waits for whose signature: the places in open rounds that this account can sign now."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from praja.foundation.accounts.models import Membership, Position
from praja.foundation.plans.models import Plan
from praja.foundation.signing.models import Signatory, SigningRound


def waiting_for(user: Any, plan: Plan) -> QuerySet[Signatory]:
    """The places that wait for this account today, in series only those whose turn it is; one query.

    For counting and listing: who may sign in the end, `standing_of` says.
    """
    rows = Signatory.objects.filter(
        round__plan=plan, round__state=SigningRound.State.OPEN, state=Signatory.State.WAITING
    )
    if user.person_id is None:
        return rows.none()
    today = plan.today
    begun, not_over = Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today)
    held = Position.objects.filter(
        _same("", OuterRef("organisation"), OuterRef("position__is_head"), OuterRef("position__title")),
        begun, not_over, person=user.person_id, withdrawn_at=None,
    )  # fmt: skip
    delegated = Membership.objects.filter(
        _same(
            "for_position__", OuterRef("organisation"), OuterRef("position__is_head"), OuterRef("position__title")
        ),
        begun, not_over, user=user.pk, ended_at=None,
    )  # fmt: skip
    earlier = Signatory.objects.filter(
        round=OuterRef("round"),
        role=Signatory.Role.SIGNATORY,
        state=Signatory.State.WAITING,
        order__lt=OuterRef("order"),
    )
    in_turn = Q(round__order=SigningRound.Order.PARALLEL) | Q(role=Signatory.Role.WITNESS) | ~Exists(earlier)
    return rows.filter(Exists(held) | Exists(delegated), in_turn)


def _same(prefix: str, organisation: OuterRef, is_head: OuterRef, title: OuterRef) -> Q:
    """The rows of the signatory's office: all that head the organisation, else those of the same title there."""
    heads = Q(**{f"{prefix}is_head": True})
    return Q(**{f"{prefix}organisation": organisation, f"{prefix}is_head": is_head}) & (
        heads | Q(**{f"{prefix}title__iexact": title})
    )


def to_sign(user: Any, plan: Plan) -> list[Signatory]:
    """The same as rows with their rounds, for the first page."""
    rows = waiting_for(user, plan).select_related("round", "position").order_by("round__held_on", "pk")
    found = list(rows[:10])
    for one in found:
        one.round.plan = plan
    return found
