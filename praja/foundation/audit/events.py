"""What is hashed of an event, in one way on every database: its line, its digest, and those of a range of events.

The line is a JSON array in ASCII without spaces:

    ["praja-event-1", id, at, by_id, acting_as, verb, subject, subject_id, changes, remark]

`organisation_path` is no part of it: that column is a copy of the row's, made again when an agency moves.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import models

from praja.foundation.audit.chain import moment
from praja.foundation.audit.models import Event

FORMAT = "praja-event-1"
COLUMNS = ("pk", "at", "by_id", "acting_as", "verb", "subject", "subject_id", "changes", "remark")
DIGEST_BYTES = 6  # of each event, kept to name the one that was altered; the proof is the root, which is whole
READ = 2_000

_dumps = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode


class Unreadable(Exception):
    """The database holds something in an event that no writer of Praja can have put there."""


class Line(NamedTuple):
    """An event as it is hashed."""

    pk: int
    text: bytes

    @property
    def digest(self) -> bytes:
        """The first bytes of its own hash."""
        return sha256(self.text).digest()[:DIGEST_BYTES]


def lines(first: int, last: int) -> Iterator[Line]:
    """The lines of the events `first` to `last`, in their order, with constant memory; one that cannot be read says so."""
    after = first - 1
    while after < last:
        rows = Event.objects.filter(pk__gt=after, pk__lte=last).order_by("pk")
        try:
            found = [_line(row) for row in rows.values_list(*COLUMNS)[:READ]]
        except _BROKEN:
            keys = list(rows.values_list("pk", flat=True)[:READ])
            found = [_line_alone(pk) for pk in keys]
        yield from found
        if len(found) < READ:
            return
        after = found[-1].pk


def _line(row: tuple[Any, ...]) -> Line:
    pk, at, by, acting_as, verb, subject, subject_id, changes, remark = row
    columns = [FORMAT, pk, moment(at), by, acting_as, verb, subject, subject_id, _alike(changes), remark]
    return Line(pk, _dumps(columns).encode("ascii"))


# What reading a column raises that somebody has filled with something else; a moment that is none is read as None.
_BROKEN = (ValueError, TypeError, AttributeError, OverflowError, RecursionError)


def _line_alone(pk: int) -> Line:
    """The line of one event; where it cannot be read, one that no sound event has."""
    try:
        return _line(Event.objects.values_list(*COLUMNS).get(pk=pk))
    except _BROKEN:
        return Line(pk, b"")


def _alike(value: Any) -> Any:
    """A whole number is one whether it was written 2, 2.0 or 2e0: PostgreSQL tells them back in its own way."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        return [_alike(item) for item in value]
    if isinstance(value, dict):
        return {key: _alike(item) for key, item in value.items()}
    return value


@dataclass(frozen=True)
class Sealed:
    """A range of events in a form that can be compared: how many, whose numbers are lacking, digests and root."""

    count: int
    gaps: list[list[int]]
    digests: bytes
    root: str


def sealed(first: int, last: int) -> Sealed:
    """The range as it stands in the database now."""
    gaps: list[list[int]] = []
    digests, root, count, expected = bytearray(), sha256(), 0, first
    for one in lines(first, last):
        if one.pk != expected:
            gaps.append([expected, one.pk - 1])
        expected = one.pk + 1
        count += 1
        digests += one.digest
        root.update(one.text + b"\n")
    if expected <= last:
        gaps.append([expected, last])
    return Sealed(count, gaps, bytes(digests), root.hexdigest())


def newest() -> int:
    """The highest number that an event has, 0 when there is none."""
    return Event.objects.aggregate(last=models.Max("pk"))["last"] or 0
