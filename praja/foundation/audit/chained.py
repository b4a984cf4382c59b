"""What the log says of sealed events, and which of them is no longer what was sealed."""

from collections.abc import Iterator

from django.db.models import Q

from praja.foundation.audit import events
from praja.foundation.audit.declared import Chained
from praja.foundation.audit.models import SealedBatch
from praja.foundation.audit.sealing import facts_of_batch


def altered_event(batch: SealedBatch) -> str:
    """The first event of the batch that was altered, removed or inserted, as a sentence; "" when all is as sealed."""
    found = events.sealed(batch.first_id, batch.last_id)
    if found.root == batch.root:
        return ""
    digests, size = bytes(batch.digests), events.DIGEST_BYTES
    there = {one.pk: one.digest for one in events.lines(batch.first_id, batch.last_id)}
    for number, pk in enumerate(_sealed_keys(batch)):
        if pk not in there:
            return f"event {pk} of the history has been removed"
        if there.pop(pk) != digests[number * size : number * size + size]:
            return f"event {pk} of the history has been altered"
    if there:
        return f"event {min(there)} of the history has been inserted after its time"
    return f"one of the events {batch.first_id} to {batch.last_id} of the history has been altered"


def _sealed_keys(batch: SealedBatch) -> Iterator[int]:
    """The numbers of the events that were sealed."""
    expected = batch.first_id
    for first, last in [*batch.gaps, [batch.last_id + 1, batch.last_id + 1]]:
        yield from range(expected, first)
        expected = last + 1


CHAINED = [Chained("events", SealedBatch, facts_of_batch, altered_event, once=True, entered=Q(), at_once=1)]
