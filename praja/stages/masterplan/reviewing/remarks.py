"""Remarks on chapters and paragraphs of a book, as threads: leave one, reply, settle it, open it again, take it away."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.plans.models import Plan
from praja.foundation.remarks.actions import take_away as withdraw
from praja.foundation.remarks.mentions import mention
from praja.foundation.remarks.models import Remark

LONGEST = 5_000  # characters
LONGEST_QUOTE = 300
MOST_SHOWN = 500


@dataclass
class Thread:
    """A remark on a place of a book with its replies, oldest first."""

    remark: Remark
    replies: list[Remark] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether it waits to be settled."""
        return self.remark.resolved_at is None

    @property
    def key(self) -> str:
        """The chapter or section that it speaks of; "" for the whole book."""
        return self.remark.field.partition("/")[2]


def place_of(book: str, key: str) -> str:
    """Where a remark stands: the book, and the key of its chapter or section."""
    return f"{book}/{key}"[:60]


def threads_of(plan: Plan, book: str, key: str | None = None) -> list[Thread]:
    """The threads of a book, or of one of its places; two queries however many there are."""
    remarks = Remark.objects.about(plan).select_related("created_by__person", "resolved_by__person")
    remarks = (
        remarks.filter(field=place_of(book, key)) if key is not None else remarks.filter(field__startswith=f"{book}/")
    )
    replies: dict[int, list[Remark]] = defaultdict(list)
    threads = []
    for remark in remarks[:MOST_SHOWN]:
        if remark.parent_id is None:
            threads.append(Thread(remark))
        else:
            replies[remark.parent_id].append(remark)
    for thread in threads:
        thread.replies = replies[thread.remark.pk]
    return threads


@dataclass(frozen=True)
class Place:
    """Where a remark belongs: the key of a chapter or section ("" for the whole book), and the words it speaks of."""

    book: str
    key: str = ""
    quote: str = ""


@transaction.atomic
def leave(plan: Plan, place: Place, text: str, *, by: Any, address: str, parent: Remark | None = None) -> Remark:
    """Keep a remark or a reply, and tell whom it names at `address`."""
    remark = Remark.objects.create(
        subject=plan._meta.label_lower,
        subject_id=plan.pk,
        field=parent.field if parent else place_of(place.book, place.key),
        text=text.replace("\0", "").strip()[:LONGEST],
        quote=place.quote.replace("\0", "").strip()[:LONGEST_QUOTE],
        parent=parent.parent or parent if parent else None,
        organisation_path=plan.organisation_path,
        created_by=by,
        updated_by=by,
    )
    mention(remark, plan.government, by=by, address=f"{address}#catatan-{remark.parent_id or remark.pk}")
    return remark


@transaction.atomic
def take_away(remark: Remark, *, by: Any) -> None:
    """Who left a remark thinks better of it; raises TooLate when somebody was faster."""
    withdraw(remark, by=by)
    record("take away", remark, by=by)


@transaction.atomic
def settle(remark: Remark, *, by: Any, settles: bool) -> None:
    """Settle a thread or open it again; raises TooLate when somebody was faster."""
    if (remark.resolved_at is not None) == settles:
        raise TooLate
    values = (
        {"resolved_at": timezone.now(), "resolved_by": by} if settles else {"resolved_at": None, "resolved_by": None}
    )
    update_if_unchanged(remark, values, by=by, version=remark.version)
    record("settle" if settles else "open again", remark, by=by)
