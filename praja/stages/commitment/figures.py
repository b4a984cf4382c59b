"""How far the agencies are with their lists, counted by the database."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from praja.foundation.accounts.permissions import Can
from praja.foundation.ui.formats import rupiah_short
from praja.stages.commitment.models import AgencyList, Commitment, Obligation

State = Obligation.State


@dataclass(frozen=True)
class Overview:
    """The lists of a commitment with `promises`, `rupiah`, `contested` and `waiting` of each; addenda stand apart."""

    lists: list[Any]
    addenda: list[Any]

    @property
    def settled(self) -> int:
        """How many agencies have accepted their whole list."""
        return sum(one.accepted_at is not None for one in self.lists)

    @property
    def unsettled(self) -> list[Any]:
        """The lists that are not accepted yet."""
        return [one for one in self.lists if one.accepted_at is None]

    @property
    def waits(self) -> bool:
        """Whether a list or an addendum that is open now waits for its agency."""
        return any(one.is_open and one.accepted_at is None for one in (*self.lists, *self.addenda))

    @property
    def contested(self) -> int:
        """How many promises wait for an answer of the secretariat."""
        return sum(one.contested for one in (*self.lists, *self.addenda))

    @property
    def number(self) -> int:
        """The promises of the lists, without what was dropped."""
        return sum(one.promises for one in self.lists)

    @property
    def money(self) -> str:
        """The money of the lists, in words."""
        return rupiah_short(sum(one.rupiah for one in self.lists))

    @property
    def own(self) -> list[Any]:
        """The lists that this person settles."""
        return [one for one in (*self.addenda, *self.lists) if one.is_own]


def overview(commitment: Commitment, user: Any) -> Overview:
    """The lists as they stand, in one query."""
    kept = ~Q(obligations__state=State.DROPPED)
    rows = (
        AgencyList.objects.in_service()
        .filter(commitment=commitment)
        .select_related("organisation", "addendum__document", "accepted_by__person")
        .defer("addendum__document__content")
        .annotate(
            promises=Count("obligations", filter=kept),
            rupiah=Sum("obligations__money_rupiah", filter=kept, default=0),
            contested=Count("obligations", filter=Q(obligations__state=State.CONTESTED)),
            waiting=Count("obligations", filter=Q(obligations__state=State.PROPOSED)),
        )
        .order_by("organisation__name", "addendum__number", "pk")
    )
    found = list(rows)
    runs = user.may(Can.COMMITMENT_RUN, commitment)
    for one in found:
        one.commitment = commitment
        one.is_own = not runs and user.may(Can.OBLIGATION_SETTLE, one)
    return Overview([one for one in found if one.addendum is None], [one for one in found if one.addendum])
