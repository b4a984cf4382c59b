"""Sealing the history: events go into the log in batches, by the clock, never in a request and never ahead of an open one."""

import json
import time
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, connection, transaction

from praja.foundation.audit import chain, events
from praja.foundation.audit.models import Event, SealedBatch

BATCH = 1_000  # events in one entry of the log
SECONDS = 0.5  # of one run; what is left comes next time
WAIT = 0.2  # seconds for transactions that are open at this moment; most have ended by then


class Sealer:
    """Seals what is due whenever the clock calls; between two runs it remembers which transactions it waits for.

    On PostgreSQL an event can become visible behind younger ones: its number is taken when it is written, and seen when
    its transaction commits. So the sealer first reads the last number that was given out, then which transactions hold
    the lock of a writer of events (whoever has a number holds it until its end), and seals up to that number only when
    each of those has ended. Nobody waits for the sealer, and it waits for no transaction that began later.
    """

    def __init__(self) -> None:
        self._limit = 0
        self._open: set[str] = set()

    def run(self, seconds: float = SECONDS) -> int:
        """Seal for so long at most; answers how many events that were."""
        until = time.monotonic() + seconds
        if not self._open:
            self._limit, self._open = last_number(), writers()
        if self._open and self._open & writers():
            time.sleep(WAIT)
            self._open &= writers()
            if self._open:
                return 0  # the next run looks again for these, and for no others
        self._open = set()
        count = 0
        while found := seal_one(self._limit):
            count += found.count
            if time.monotonic() > until:
                break
        return count


def last_number() -> int:
    """The last number that an event was given, also one that was rolled back or is not committed yet."""
    if connection.vendor != "postgresql":
        return events.newest()  # one writer: what is not visible has no number
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [Event._meta.db_table])
        sequence = cursor.fetchone()[0]
        # The name comes from the catalogue of the database, quoted.
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608
        return int(cursor.fetchone()[0])


def writers() -> set[str]:
    """The transactions of others that have written events and are open; none on SQLite, which shows only what has ended."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT virtualtransaction FROM pg_locks
               WHERE locktype = 'relation' AND granted AND mode = 'RowExclusiveLock' AND relation = %s::regclass
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                 AND pid IS DISTINCT FROM pg_backend_pid()""",
            [Event._meta.db_table],
        )
        return {row[0] for row in cursor.fetchall()}


def seal_one(limit: int) -> SealedBatch | None:
    """Seal the next events up to number `limit`, one batch of them; None when there are none or somebody was faster."""
    first = sealed_until() + 1
    keys = Event.objects.filter(pk__gte=first, pk__lte=limit).order_by("pk").values_list("pk", flat=True)
    last = list(keys[:BATCH])[-1:]
    if not last:
        return None
    found = events.sealed(first, last[0])
    try:
        with transaction.atomic():
            batch = SealedBatch.objects.create(
                first_id=first, last_id=last[0], count=found.count, gaps=found.gaps, digests=found.digests,
                root=found.root,
            )  # fmt: skip
            chain.append("events", batch, facts_of_batch(batch))
    except IntegrityError:
        return None
    return batch


def sealed_until() -> int:
    """The number of the last event that is sealed."""
    return SealedBatch.objects.order_by("-first_id").values_list("last_id", flat=True).first() or 0


def facts_of_batch(batch: SealedBatch) -> dict[str, Any]:
    """What the log says of a batch: with `parts`, its gaps and digests cannot be changed unseen either."""
    gaps = json.dumps(batch.gaps, separators=(",", ":"))
    return {
        "first_id": batch.first_id,
        "last_id": batch.last_id,
        "count": batch.count,
        "root": batch.root,
        "parts": sha256(gaps.encode() + bytes(batch.digests)).hexdigest(),
    }


_sealer = Sealer()


def seal() -> None:
    """What the clock calls; each worker keeps its own sealer."""
    _sealer.run()
