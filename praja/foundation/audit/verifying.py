"""Whether the log is as it was written: entries, sealed events, the rows that entries speak of, and daily roots."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Max, Min, Subquery
from django.db.models.functions import Coalesce

from praja.foundation.audit import chain
from praja.foundation.audit.declared import Chained, chained
from praja.foundation.audit.models import ChainEntry, ChainHead, DailyRoot
from praja.foundation.audit.roots import Root

READ = 1_000  # entries in memory at once
NONE = (0, 0)  # where no entry speaks of a row any more
COLUMNS = ("seq", "at", "kind", "subject", "subject_id", "subject_uid", "facts", "previous_hash", "hash")
# What reading a column raises that somebody has filled with something else.
BROKEN = (ValueError, TypeError, AttributeError, LookupError, OverflowError, RecursionError)


class Altered(Exception):
    """Something is not as it was written; the message says which row and what, in a sentence."""


class Entry(NamedTuple):
    """An entry as it is read."""

    seq: int
    at: Any
    kind: str
    subject: str
    subject_id: int
    subject_uid: str
    facts: str
    previous_hash: str
    hash: str

    def __str__(self) -> str:
        return f"entry {self.seq} of the log ({self.kind}, {self.subject} {self.subject_id})"


@dataclass
class Verified:
    """What was looked at."""

    entries: int = 0
    rows: int = 0
    events: int = 0
    events_until: int = 0  # number of the last sealed event
    roots: int = 0
    last_hash: str = chain.NO_HASH

    def __str__(self) -> str:
        if not self.entries:
            return "The log is empty; nothing can have been altered in it."
        return (
            f"The log is whole: {self.entries:,} entries, {self.rows:,} rows as they say, {self.events:,} sealed events "
            f"(up to number {self.events_until:,}), {self.roots:,} daily roots.\nLast entry: {self.entries} {self.last_hash}"
        )


def verify(pinned: Iterable[Root] = ()) -> Verified:
    """Go through the whole log from its first entry; `pinned`: roots that were kept elsewhere, compared like our own.

    Uses the same memory however long the log is. Raises Altered at the first row that is not as it was written. What is
    appended meanwhile is left to the next time.
    """
    roots = _roots(pinned)  # before the head: each of them is at or before it
    last, last_hash = chain.head()
    found = Verified()
    for entries in _parts(last):
        for entry in entries:
            _check_entry(entry, found, roots)
        _check_rows(entries, found)
    _check_end(found, last, last_hash, roots)
    _check_nothing_besides()
    return found


# --- entries ----------------------------------------------------------------------------------------------------------


def _parts(last: int) -> Iterator[list[Entry]]:
    """The entries up to number `last`, some at a time."""
    after = -1
    while True:
        rows = ChainEntry.objects.filter(seq__gt=after, seq__lte=last).order_by("seq")[:READ]
        try:
            entries = [Entry(*row) for row in rows.values_list(*COLUMNS)]
        except BROKEN:
            entries = _one_by_one(rows.values_list("seq", flat=True))
        if entries:
            yield entries
        if len(entries) < READ:
            return
        after = entries[-1].seq


def _one_by_one(keys: Iterable[int]) -> list[Entry]:
    """A part in which something cannot be read; what cannot becomes an entry that has no hash."""
    return [_alone(seq) for seq in list(keys)]


def _alone(seq: int) -> Entry:
    rows = ChainEntry.objects.filter(seq=seq)
    try:
        return Entry(*rows.values_list(*COLUMNS).get())
    except BROKEN:
        return Entry(seq, None, *rows.values_list("kind", "subject", "subject_id").get(), "", "", "", "unreadable")


def _check_entry(entry: Entry, found: Verified, roots: dict[int, list[Root]]) -> None:
    expected = found.entries + 1
    if entry.seq < expected:
        raise Altered(f"{_start(entry)} has been inserted: the first entry is 1.")
    if entry.seq > expected:
        raise Altered(f"Entry {expected} of the log has been removed: after {expected - 1} comes {entry.seq}.")
    if _hash(entry) != entry.hash:
        raise Altered(f"{_start(entry)} has been altered: its hash does not fit what it says.")
    if entry.previous_hash != found.last_hash:
        raise Altered(
            f"{_start(entry)} does not follow the one before it: one of the two has been exchanged, inserted or written anew."
        )
    for root in roots.pop(entry.seq, ()):
        if root.hash != entry.hash:
            raise Altered(
                f"The root of {root.day} has another hash for {entry}: the log has been written anew, or the root altered."
            )
        found.roots += 1
    found.entries, found.last_hash = entry.seq, entry.hash


def _hash(entry: Entry) -> str:
    try:
        return chain.hash_of(entry)
    except BROKEN:
        return ""


def _start(entry: Entry) -> str:
    text = str(entry)
    return text[0].upper() + text[1:]


def _check_end(found: Verified, last: int, last_hash: str, roots: dict[int, list[Root]]) -> None:
    if found.entries < last:
        raise Altered(f"The end of the log has been cut off: its head names entry {last}, the last is {found.entries}.")
    for seq in sorted(roots):
        raise Altered(
            f"The end of the log has been cut off: the root of {roots[seq][0].day} names entry {seq}, "
            f"the last is {found.entries}."
        )
    if found.last_hash != last_hash:
        raise Altered(f"The head of the log has been altered: it has another hash than entry {last}.")
    # In one statement, for the log may grow at this moment; a log without a head has no number that counts.
    head = ChainHead.objects.values("seq")
    if ChainEntry.objects.annotate(head=Coalesce(Subquery(head[:1]), 0)).filter(seq__gt=F("head")).exists():
        raise Altered(f"The log has entries behind its head, which is entry {last}: they have been inserted.")


# --- rows -------------------------------------------------------------------------------------------------------------


def _check_rows(entries: list[Entry], found: Verified) -> None:
    """Compare rows with the last entry of each kind about them; the first entry whose row differs is the one told."""
    wanted = defaultdict(list)
    for entry in entries:
        if declared := chained().get((entry.kind, entry.subject)):
            wanted[declared.kind, declared.subject].append(entry)
    problems: dict[int, str] = {}
    for key, some in wanted.items():
        declared = chained()[key]
        ends = _first_and_last(some)
        current = {entry.subject_id: entry for entry in some if ends.get(entry.subject_id, NONE)[1] == entry.seq}
        problems |= _compare(declared, current)
        if declared.once:
            problems |= _second_ones(some, ends)
        if declared.kind == "events":
            _check_order(some, found, problems)
        found.rows += len(current)
    for seq in sorted(problems):
        raise Altered(problems[seq])


def _compare(declared: Chained, entries: dict[int, Entry]) -> dict[int, str]:
    """{number of an entry: what is not as it says} for entries by the keys of their rows."""
    problems, unseen = {}, dict(entries)
    for row in _rows(declared, list(entries)):
        entry = unseen.pop(row.pk)
        if (problem := _problem(declared, entry, row)) and _first_and_last([entry]).get(row.pk, NONE)[1] == entry.seq:
            problems[entry.seq] = problem  # else it has just been changed, with an entry of its own
    for entry in unseen.values():
        if declared.model._default_manager.filter(pk=entry.subject_id).exists():
            problems[entry.seq] = f"{_row(entry)} has been altered: it cannot be read."
        else:
            problems[entry.seq] = f"{_row(entry)} has been removed: {entry} speaks of it."
    return problems


def _rows(declared: Chained, keys: list[int]) -> Iterator[Any]:
    """The rows that are there and can be read; where one cannot, each is read by itself."""
    seen = set()
    try:
        for row in declared.rows(keys):
            seen.add(row.pk)
            yield row
    except BROKEN:
        if len(keys) > 1:
            for key in set(keys) - seen:
                yield from _rows(declared, [key])


def _row(entry: Entry) -> str:
    return f"{entry.subject} {entry.subject_id}"


def _first_and_last(entries: list[Entry]) -> dict[int, tuple[int, int]]:
    """{row: numbers of the first and the last entry about it} for entries of one kind about one model; one query."""
    kind, subject = entries[0].kind, entries[0].subject
    keys = {entry.subject_id for entry in entries}
    rows = ChainEntry.objects.filter(subject=subject, kind=kind, subject_id__in=keys).order_by()
    return {key: (first, last) for key, first, last in rows.values_list("subject_id").annotate(Min("seq"), Max("seq"))}


def _second_ones(entries: list[Entry], ends: dict[int, tuple[int, int]]) -> dict[int, str]:
    """{number of an entry: what it is} for entries (of one kind about one model) whose row stands in the log before them."""
    first = {key: seq for key, (seq, _last) in ends.items()}
    return {
        entry.seq: f"{_start(entry)} has been put in: of this row entry {first[entry.subject_id]} speaks, and nothing after it."
        for entry in entries
        if first.get(entry.subject_id, entry.seq) != entry.seq
    }


def _check_nothing_besides() -> None:
    """No row that has to stand in the log is there without it."""
    for declared in chained().values():
        if (row := declared.not_entered()) is not None:
            raise Altered(f"{declared.subject} {row.pk} has been put in behind the log: no entry speaks of it.")


def _problem(declared: Chained, entry: Entry, row: Any) -> str:
    """What is not as the entry says about its row, as a sentence; "" when all is."""
    name = _row(entry)
    try:
        now, then = declared.facts(row), json.loads(entry.facts)
        if entry.subject_uid != str(getattr(row, "uid", None) or ""):
            return f"{name} has been exchanged: it has another uid than in {entry}."
        for key in sorted({*now, *then}) if now != then else ():
            if now.get(key) != then.get(key):
                return f"{name} has been altered: “{key}” is {now.get(key)!r}, in {entry} it is {then.get(key)!r}."
        problem = declared.problem(row)
    except BROKEN:
        return f"{name} has been altered: it cannot be read as when {entry} was made."
    return f"{problem[0].upper()}{problem[1:]} since {entry}." if problem else ""


def _check_order(entries: list[Entry], found: Verified, problems: dict[int, str]) -> None:
    """Batches of events follow each other without a hole."""
    for entry in entries:
        try:
            facts = json.loads(entry.facts)
            begins, ends, count = facts["first_id"], facts["last_id"], facts["count"]
        except BROKEN:
            problems.setdefault(entry.seq, f"{_start(entry)} tells no batch of events: it has been written anew.")
            return
        if begins != found.events_until + 1:
            problems.setdefault(
                entry.seq,
                f"{_start(entry)} does not begin where the batch before it ends, at event {found.events_until}.",
            )
        found.events += count
        found.events_until = ends


# --- roots ------------------------------------------------------------------------------------------------------------


def _roots(pinned: Iterable[Root]) -> dict[int, list[Root]]:
    """{number of an entry: the roots that name it}, our own and those kept elsewhere; raises Altered when they disagree."""
    own = {day: Root(day, seq, value) for day, seq, value in DailyRoot.objects.values_list("day", "seq", "hash")}
    named = defaultdict(list)
    before = 0
    for day in sorted(own):
        if own[day].seq < before:
            raise Altered(
                f"The root of {day} has been altered: it names entry {own[day].seq}, an earlier day {before}."
            )
        before = own[day].seq
        named[before].append(own[day])
    for root in pinned:
        published = own.get(root.day)
        if published is None:
            raise Altered(f"The root of {root.day} has been removed; it was kept elsewhere.")
        if published != root:
            raise Altered(f"The root of {root.day} is not the one that was kept elsewhere.")
        named[root.seq].append(root)
    return named
