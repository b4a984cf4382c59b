"""The tamper-evident log: a chain of entries, each with a hash over itself and the hash of the one before it.

An entry's hash is the sha256 of its line: a JSON array in ASCII without spaces,

    ["praja-chain-1", seq, at, kind, subject, subject_id, subject_uid, facts, previous_hash]

where `at` is UTC with six digits ("2026-11-22T03:04:05.000006+00:00"), `facts` is the stored JSON text as one string, and
the first entry's `previous_hash` is 64 zeros. Anybody can compute it again with any JSON and sha256 library.
"""

import datetime
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from praja.foundation.audit.actions import PERSONAL_FIELDS
from praja.foundation.audit.models import ChainEntry, ChainHead

FORMAT = "praja-chain-1"
NO_HASH = "0" * 64  # what stands before the first entry
ONLY_ROW = 1


def append(
    kind: str, row: models.Model, facts: Mapping[str, Any], *, at: datetime.datetime | None = None
) -> ChainEntry:
    """Add an entry about `row` to the log; call it inside the verb's transaction, as the last thing in it.

    From here to the commit every other append waits; whoever locked more rows after it could wait for each other.
    `facts`: texts, whole numbers, yes and no, None, lists and mappings of these; no personal data. Raises TypeError or
    ValueError for others, TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an entry of the log belongs into the transaction of its verb")
    text = canonical(facts)
    head = _held_head()
    entry = ChainEntry(
        seq=head.seq + 1,
        at=at or timezone.now(),
        kind=kind,
        subject=row._meta.label_lower,
        subject_id=row.pk,
        subject_uid=str(getattr(row, "uid", None) or ""),
        facts=text,
        previous_hash=head.hash,
    )
    entry.hash = hash_of(entry)
    entry.save()
    ChainHead.objects.filter(pk=ONLY_ROW).update(seq=entry.seq, hash=entry.hash)
    return entry


def entries_of(row: models.Model) -> models.QuerySet[ChainEntry]:
    """The entries about a row, oldest first."""
    return ChainEntry.objects.filter(subject=row._meta.label_lower, subject_id=row.pk).order_by("seq")


def head() -> tuple[int, str]:
    """Number and hash of the last entry; (0, NO_HASH) of an empty log."""
    return ChainHead.objects.filter(pk=ONLY_ROW).values_list("seq", "hash").first() or (0, NO_HASH)


def hash_of(entry: Any) -> str:
    """The hash that an entry, or anything with its columns, has to have by the others of them."""
    return sha256(
        line(
            entry.seq, moment(entry.at), entry.kind, entry.subject, entry.subject_id, entry.subject_uid, entry.facts,
            entry.previous_hash,
        )
    ).hexdigest()  # fmt: skip


def line(*columns: Any) -> bytes:
    """The line of an entry: its columns in the order of the module's docstring, behind the name of the format."""
    return _dumps([FORMAT, *columns]).encode("ascii")


def moment(at: datetime.datetime) -> str:
    """A moment as lines say it; both databases keep six digits of a second."""
    utc = at if at.tzinfo is datetime.UTC else at.astimezone(datetime.UTC)  # a million times in a verification
    return utc.isoformat(timespec="microseconds")


def canonical(facts: Mapping[str, Any]) -> str:
    """Facts as the log keeps them: the same facts always give the same text."""
    if personal := PERSONAL_FIELDS & facts.keys():
        raise ValueError(f"personal data does not enter the log: {', '.join(sorted(personal))}")
    _check(facts)
    return _dumps(facts)


_dumps = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def _check(value: Any) -> None:
    """Only what reads back alike everywhere: no floats, no keys but texts."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a fact's name is a text, not {key!r}")
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)
    elif value is not None and not isinstance(value, (str, bool, int)):
        raise TypeError(f"the log holds no {type(value).__name__}: {value!r}")


def _held_head() -> ChainHead:
    """The head, held until the transaction ends: SQLite has one writer anyway, PostgreSQL lets the others wait here."""
    held = ChainHead.objects.select_for_update()
    found = held.filter(pk=ONLY_ROW).first()
    if found is None:  # the first entry of an installation
        ChainHead.objects.get_or_create(pk=ONLY_ROW, defaults={"hash": NO_HASH})
        found = held.get(pk=ONLY_ROW)
    return found
