"""Keeping the index right: it follows the history, so that no write waits for it; it can be mended, and made anew."""

import datetime
import heapq
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from praja.foundation.audit.models import Event
from praja.foundation.search import engines
from praja.foundation.search.declared import Searched, searched
from praja.foundation.search.engines import Document
from praja.foundation.search.models import Entry, Mark
from praja.foundation.search.scope import scope_of
from praja.foundation.search.words import stems_of

BLOCK = 200  # rows in one transaction: whoever saves meanwhile waits for no more than these
READ = 2_000  # keys read at once where all rows are walked
# On PostgreSQL a line of history can become visible behind younger ones: so far back they are looked at again.
LATE_LINES, LATE = 2_000, datetime.timedelta(seconds=30)
REBUILDING = datetime.timedelta(seconds=60)  # renewed with every block
NO_END = 2**62

Report = Callable[[int, int], object]


class Rebuilding(Exception):
    """Somebody is making the index anew at this moment."""


class Prepared(NamedTuple):
    """What the index will hold of a row."""

    version: int
    title: list[str]
    text: list[str]
    scope: list[str]


# --- following the history --------------------------------------------------------------------------------------------


def catch_up(seconds: float = 0.5) -> bool:
    """Index what the history tells since the last time, for so long at most; whether nothing is left."""
    until = time.monotonic() + seconds
    if not Event.objects.filter(pk__gt=_mark().event).exists() and not _late_rows():
        return True  # the usual case
    _look_again()
    while _follow():
        if time.monotonic() > until:
            return False
    return True


def _follow() -> bool:
    """Index one block of the history; whether there may be more."""
    mark = _mark()
    if mark.rebuilding_until and mark.rebuilding_until > timezone.now():
        return False
    lines = list(
        Event.objects.filter(pk__gt=mark.event).order_by("pk").values_list("pk", "subject", "subject_id")[:BLOCK]
    )
    if not lines:
        return False
    wanted = defaultdict(set)
    for _pk, subject, subject_id in lines:
        wanted[subject].add(subject_id)
    kinds = [(kind, wanted[subject]) for subject, kind in searched().items() if subject in wanted]
    prepared = [(kind, pks, _prepared(kind, pks)) for kind, pks in kinds]
    with transaction.atomic():
        # Compare and set: another worker that was faster has indexed these lines, perhaps from younger rows.
        if not Mark.objects.filter(pk=mark.pk, event=mark.event).update(event=lines[-1][0]):
            return True
        for kind, pks, rows in prepared:
            _write(kind, pks, rows)
    return len(lines) == BLOCK


def _late_rows() -> dict[str, set[int]]:
    """{subject: keys} of lines that may have become visible after younger ones; none on SQLite, which has one writer."""
    if connection.vendor == "sqlite":
        return {}
    mark = _mark()
    lines = Event.objects.filter(pk__gt=mark.event - LATE_LINES, pk__lte=mark.event, at__gt=timezone.now() - LATE)
    rows = defaultdict(set)
    for subject, pk in lines.values_list("subject", "subject_id"):
        if subject in searched():
            rows[subject].add(pk)
    return rows


def _look_again() -> None:
    """Index rows of late lines whose version is not the one in the index."""
    for subject, pks in _late_rows().items():
        kind = searched()[subject]
        _reindex(kind, _differing(kind, pks))


# --- all rows ---------------------------------------------------------------------------------------------------------


def mend(report: Report = lambda *_: None) -> int:
    """Compare the index with all rows and index again what differs; answers how many rows that were."""
    mended = 0
    for number, kind in enumerate(searched().values()):
        last = 0
        while last < NO_END:
            pks = list(kind.rows().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:READ])
            end = pks[-1] if len(pks) == READ else NO_END
            entries = Entry.objects.filter(subject=kind.subject, subject_id__gt=last, subject_id__lte=end)
            differing = sorted(_differing(kind, {*pks, *entries.values_list("subject_id", flat=True)}))
            for position in range(0, len(differing), BLOCK):
                _reindex(kind, differing[position : position + BLOCK])
            mended += len(differing)
            last = end
        report(number + 1, len(searched()))
    return mended


def rebuild(report: Report = lambda *_: None) -> int:
    """Make the index anew from all rows, in the order in which they were made; answers how many rows it holds.

    People find what is in it already. Killed in the middle, the next worker fills it from the history. Raises Rebuilding.
    """
    with _holding() as mark:
        if mark.rebuilding_until and mark.rebuilding_until > timezone.now():
            raise Rebuilding
        newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        Mark.objects.filter(pk=mark.pk).update(event=0, rebuilding_until=timezone.now() + REBUILDING)
        Entry.objects.all().delete()
        engines.empty()
    total = sum(kind.rows().count() for kind in searched().values())
    rows = heapq.merge(*(_by_age(kind) for kind in searched().values()))
    done = 0
    while block := list(islice(rows, BLOCK * 5)):
        wanted = defaultdict(list)
        for _created_at, subject, pk in block:
            wanted[subject].append(pk)
        prepared = [
            (kind, pks, _prepared(kind, pks)) for subject, pks in wanted.items() for kind in [searched()[subject]]
        ]
        with _holding() as mark:
            for kind, pks, found in prepared:
                _write(kind, pks, found)
            Mark.objects.filter(pk=mark.pk).update(rebuilding_until=timezone.now() + REBUILDING)
        done += len(block)
        report(done, max(total, done))
    with _holding() as mark:
        # What changed meanwhile is told by the lines since the beginning.
        Mark.objects.filter(pk=mark.pk).update(event=newest, rebuilding_until=None)
    tidy()
    return done


def tidy() -> None:
    """Join what many small writes have left apart, a little at a time."""
    more, is_first = True, True
    while more:
        with transaction.atomic():
            more, is_first = engines.tidy(is_first=is_first), False


def _by_age(kind: Searched) -> Iterator[tuple[datetime.datetime, str, int]]:
    """(made at, subject, key) of every row, read a part at a time; keys rise with age closely enough."""
    last = 0
    while rows := list(kind.rows().filter(pk__gt=last).order_by("pk").values_list("created_at", "pk")[:READ]):
        yield from ((created_at, kind.subject, pk) for created_at, pk in rows)
        last = rows[-1][1]


# --- rows -------------------------------------------------------------------------------------------------------------


def _differing(kind: Searched, pks: Collection[int]) -> list[int]:
    """Those of the keys that the index lacks, holds in another version, or should not hold."""
    rows = dict(kind.rows().filter(pk__in=pks).values_list("pk", "version"))
    entries = Entry.objects.filter(subject=kind.subject, subject_id__in=pks)
    known = dict(entries.values_list("subject_id", "version"))
    return [pk for pk in pks if rows.get(pk) != known.get(pk)]


def _reindex(kind: Searched, pks: Sequence[int]) -> None:
    if pks:
        with _holding():
            _write(kind, pks, _prepared(kind, pks))


def _prepared(kind: Searched, pks: Collection[int]) -> dict[int, Prepared]:
    """{key: what the index will hold} of the rows that are in service."""
    more = kind.more(list(pks)) if kind.more else {}
    found = {}
    for row in kind.values(kind.rows().filter(pk__in=pks)):
        title = stems_of([row[kind.title] or ""])
        texts = [str(row[name]) for name in kind.texts if row[name]]
        known = set(title)
        text = [stem for stem in stems_of([*texts, *more.get(row["pk"], ())]) if stem not in known]
        found[row["pk"]] = Prepared(row["version"], title, text, scope_of(kind.key, row))
    return found


def _write(kind: Searched, pks: Collection[int], rows: dict[int, Prepared]) -> None:
    """Bring the index to what `rows` says about the keys: those without a row leave it. Inside a transaction."""
    entries = Entry.objects.filter(subject=kind.subject, subject_id__in=pks)
    known = {entry.subject_id: entry for entry in entries}
    gone = [entry.pk for pk, entry in known.items() if pk not in rows]
    engines.remove(gone)
    Entry.objects.filter(pk__in=gone).delete()
    changed = [entry for pk, entry in known.items() if pk in rows and entry.version != rows[pk].version]
    for entry in changed:
        entry.version = rows[entry.subject_id].version
    Entry.objects.bulk_update(changed, ["version"], batch_size=BLOCK)
    made = Entry.objects.bulk_create(
        Entry(subject=kind.subject, subject_id=pk, version=rows[pk].version)
        for pk in sorted(rows.keys() - known.keys())
    )
    known |= {entry.subject_id: entry for entry in made}
    engines.put([Document(known[pk].pk, one.title, one.text, one.scope) for pk, one in rows.items()])


def _mark() -> Mark:
    return Mark.objects.get_or_create(pk=1)[0]


@contextmanager
def _holding() -> Iterator[Mark]:
    """A transaction in which nobody else writes to the index."""
    _mark()
    with transaction.atomic():
        yield Mark.objects.select_for_update().get(pk=1)
