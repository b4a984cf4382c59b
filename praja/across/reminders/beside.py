"""What waits beside the rows of a plan: lists of promises to be settled, places to be signed; each with who and since when."""

import datetime
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from praja.foundation.plans.models import Plan
from praja.foundation.signing.models import Signatory, SigningRound
from praja.foundation.signing.rounds import waiting_now
from praja.stages.commitment.menu import open_lists
from praja.stages.commitment.models import AgencyList

MOST_NAMED = 12


@dataclass(frozen=True)
class Beside:
    """Words or signatures that are waited for: of what, by whom, since when, by when, and the page that reminds them."""

    what: Promise | str
    title: str
    who: list[str]
    since: datetime.datetime | None  # None where only the last day counts
    day: datetime.date | None
    url: str
    action: Promise | str

    @property
    def named(self) -> list[str]:
        """Those that a line has room for."""
        return self.who[:MOST_NAMED]

    @property
    def more(self) -> int:
        """How many are not named."""
        return max(len(self.who) - MOST_NAMED, 0)

    @property
    def days(self) -> int:
        """How many days it has waited; never negative, even when a clock was set back."""
        return max((timezone.now() - self.since).days, 0) if self.since else 0


def waits_beside(plan: Plan) -> list[Beside]:
    """Lists of the agencies first, then signing rounds with those whose turn it is: three queries."""
    return [*_lists(plan), *_rounds(plan)]


def _lists(plan: Plan) -> list[Beside]:
    rows = open_lists(plan).filter(accepted_at=None).select_related("organisation", "commitment", "addendum")
    by_commitment: dict[int, list[AgencyList]] = {}
    for row in rows.order_by("organisation__name", "pk"):
        by_commitment.setdefault(row.commitment_id, []).append(row)
    return [
        Beside(
            _("Promises to be settled by the agencies"),
            found[0].commitment.title,
            [row.organisation.short_name for row in found],
            None,
            found[0].settle_until,
            reverse("commitment", args=[plan.slug, pk]),
            _("Remind who has not settled"),
        )
        for pk, found in by_commitment.items()
    ]


def _rounds(plan: Plan) -> list[Beside]:
    places = Signatory.objects.select_related("position").order_by("order", "pk")
    rows = SigningRound.objects.filter(plan=plan, state=SigningRound.State.OPEN).order_by("held_on", "pk")
    turns = [
        (one, waiting_now(one, one.signatories.all())) for one in rows.prefetch_related(Prefetch("signatories", places))
    ]
    return [
        Beside(
            _("Signatures"),
            one.title,
            [str(place) for place in waiting],
            one.opened_at,
            one.held_on,
            reverse("signing-round", args=[plan.slug, one.pk]),
            _("Remind those whose turn it is"),
        )
        for one, waiting in turns
        if waiting
    ]
