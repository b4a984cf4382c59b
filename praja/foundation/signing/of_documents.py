"""What the page of a frozen document says of its signing: the round it is in, how many have signed, and whether a new one is due."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from praja.foundation.signing.models import Signatory, SigningRound

State = SigningRound.State
ENDED_EARLY = (State.CANCELLED, State.CLOSED)


@dataclass(frozen=True)
class Signing:
    """The newest round of a document that counts, else the newest of all; None when it was never put to signature."""

    round: SigningRound | None
    signed: int = 0
    total: int = 0

    @property
    def is_due(self) -> bool:
        """Whether a new round may be prepared: there is none, or the last was called off or closed before all had signed."""
        return self.round is None or self.round.state in ENDED_EARLY

    @property
    def tone(self) -> str:
        """The colour of its state."""
        tones = {"open": "attention", "complete": "success", "closed": "warning", "cancelled": "danger"}
        return tones.get(self.round.state, "neutral") if self.round else ""


def signing_of(editions: Iterable[int]) -> Signing:
    """How the signing of a document stands, by the keys of its editions; one query."""
    current = ~Q(signatories__state=Signatory.State.REPLACED)
    rows = SigningRound.objects.filter(edition__in=editions).annotate(
        total=Count("signatories", filter=current),
        signed_count=Count("signatories", filter=Q(signatories__state=Signatory.State.SIGNED)),
        has_ended_early=Q(state__in=ENDED_EARLY),
    )
    found = rows.select_related("plan").order_by("has_ended_early", "-pk").first()
    return Signing(found, found.signed_count, found.total) if found else Signing(None)
