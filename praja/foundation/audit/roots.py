"""Daily roots: how far the log had come at the end of each day (WIB), to be published and kept elsewhere."""

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from praja.foundation.audit import chain
from praja.foundation.audit.models import DailyRoot

LINE = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{1,18}) ([0-9a-f]{64})")


class Root(NamedTuple):
    """A root as it is published: a day, the number of the last entry then, and its hash."""

    day: datetime.date
    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.day} {self.seq} {self.hash}"


class NoRoot(ValueError):
    """A line is no root; the message is a sentence."""


def note_day(day: datetime.date) -> DailyRoot | None:
    """Make the root of a day that has ended, once; None while the log is empty or when it is there already."""
    with transaction.atomic():
        seq, value = chain.head()
        if seq == 0 or DailyRoot.objects.filter(day=day).exists():
            return None
        try:
            with transaction.atomic():
                return DailyRoot.objects.create(day=day, seq=seq, hash=value)
        except IntegrityError:
            return None


def yesterday() -> datetime.date:
    """The last day that has ended, in WIB whatever the region."""
    return timezone.localdate() - datetime.timedelta(days=1)


def lines() -> Iterator[str]:
    """Every root as a line, the oldest first."""
    for row in DailyRoot.objects.order_by("day").values_list("day", "seq", "hash").iterator():
        yield f"{Root(*row)}\n"


def read(text: Iterable[str]) -> list[Root]:
    """The roots of a file as `lines` writes it; empty lines and those that begin with # are passed over. Raises NoRoot."""
    found = []
    for number, raw in enumerate(text, start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if match is None:
            raise NoRoot(f"Line {number} is no root. A line looks so: 2026-11-22 1234 and 64 digits of a hash.")
        try:
            found.append(Root(datetime.date.fromisoformat(match[1]), int(match[2]), match[3]))
        except ValueError:
            raise NoRoot(f"Line {number} names a day that there is not: {match[1]}.") from None
    return found
