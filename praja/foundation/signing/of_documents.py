"""What the page of a frozen document says of its signing: the round it is in, how many have signed, and whether a new one is due."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, Q, When

from praja.foundation.signing.models import Signatory, SigningRound

State = SigningRound.State
ENDED_EARLY = (State.CANCELLED, State.CLOSED)
FIRST = (State.OPEN, State.PREPARED, State.COMPLETE)


@dataclass(frozen=True)
class Signing:
    """The round of a document that says most: open, prepared, complete, else ended early; None when there never was one."""

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
        rank=Case(*(When(state=state, then=rank) for rank, state in enumerate(FIRST)), default=len(FIRST)),
    )
    found = rows.select_related("plan").order_by("rank", "-pk").first()
    return Signing(found, found.signed_count, found.total) if found else Signing(None)
