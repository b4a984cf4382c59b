"""Remarks on chapters and paragraphs of a book, as threads: leave one, reply, settle it, open it again, take it away."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.plans.models import Plan
from praja.foundation.remarks.actions import take_away as withdraw
from praja.foundation.remarks.mentions import mention
from praja.foundation.remarks.models import Remark
from praja.foundation.ui.formats import decimal
from praja.foundation.workflow.steps import Refused

LONGEST = 5_000  # characters
LONGEST_QUOTE = 300
ON_A_PAGE = 20  # threads


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


def begun_on(plan: Plan, book: str, key: str | None = None) -> QuerySet[Remark]:
    """The remarks that began a thread on a book, or on one of its places, oldest first."""
    remarks = Remark.objects.about(plan).filter(parent=None)
    if key is not None:
        return remarks.filter(field=place_of(book, key))
    return remarks.filter(field__startswith=f"{book}/")


def counts_of(begun: QuerySet[Remark]) -> tuple[int, int]:
    """How many threads are open, and how many are settled; one query."""
    is_open = Count("pk", filter=Q(resolved_at=None))
    found = begun.order_by().aggregate(open=is_open, all=Count("pk"))
    return found["open"], found["all"] - found["open"]


def in_state(begun: QuerySet[Remark], *, is_settled: bool) -> QuerySet[Remark]:
    """The threads that are settled, or those that are open, with who began and who settled them."""
    found = begun.exclude(resolved_at=None) if is_settled else begun.filter(resolved_at=None)
    return found.select_related("created_by__person", "resolved_by__person")


def number_of_page(begun: QuerySet[Remark], remark: Remark) -> int:
    """The page, from 1, on which a thread stands among those of its state."""
    before = in_state(begun, is_settled=remark.resolved_at is not None).filter(pk__lt=remark.pk).count()
    return before // ON_A_PAGE + 1


def threads_of(begun: Iterable[Remark]) -> list[Thread]:
    """Remarks with all their replies; one query."""
    threads = [Thread(remark) for remark in begun]
    replies: dict[int | None, list[Remark]] = defaultdict(list)
    rows = Remark.objects.filter(parent__in=[thread.remark.pk for thread in threads], withdrawn_at=None)
    for reply in rows.select_related("created_by__person").order_by("pk"):
        replies[reply.parent_id].append(reply)
    for thread in threads:
        thread.replies = replies[thread.remark.pk]
    return threads


@dataclass(frozen=True)
class Place:
    """Where a remark belongs: the key of a chapter or section ("" for the whole book), and the words it speaks of."""

    book: str
    key: str = ""
    quote: str = ""


def address_of(page: str, thread: int) -> str:
    """Where a thread stands on the page of the remarks, whichever of its pages that is by then."""
    return f"{page}?utas={thread}#catatan-{thread}"


def words_of(typed: str) -> str:
    """A remark as it is kept, a new line being one character. Raises Refused when it says nothing or too much."""
    text = typed.replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        raise Refused([_("Write the remark first: say what should change.")])
    if len(text) > LONGEST:
        told = {"most": decimal(LONGEST), "number": decimal(len(text))}
        raise Refused([_("At most %(most)s characters fit here, and these are %(number)s. Please shorten it.") % told])
    return text


@transaction.atomic
def leave(plan: Plan, place: Place, text: str, *, by: Any, address: str, parent: Remark | None = None) -> Remark:
    """Keep a remark or a reply, and tell whom it names where to find it at `address`. Raises Refused."""
    remark = Remark.objects.create(
        subject=plan._meta.label_lower,
        subject_id=plan.pk,
        field=parent.field if parent else place_of(place.book, place.key),
        text=words_of(text),
        quote=place.quote.replace("\0", "").strip()[:LONGEST_QUOTE],
        parent=parent.parent or parent if parent else None,
        organisation_path=plan.organisation_path,
        created_by=by,
        updated_by=by,
    )
    record("reply" if parent else "leave remark", remark, by=by)
    mention(remark, plan.government, by=by, address=address_of(address, remark.parent_id or remark.pk))
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
