"""The tamper-evident log at a million entries: sealing the history, verifying all of it, and what an entry costs a verb."""

import datetime
import resource
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

ENTRIES = 1_000_000
FEW = 100_000
ROWS = 100_000
EVENTS = 200_000
APPENDS = 500
BLOCK = 20_000
TEXT = '{"words":"' + "Perjanjian kinerja dan komitmen bersama. " * 25 + '"}'
AT = datetime.datetime(2026, 11, 22, 3, 4, 5, 6, tzinfo=datetime.UTC)


def history() -> dict[str, Any]:
    """Fill a history, seal it as the worker does, and see what an entry of its own costs a transaction."""
    from django.core.management import call_command
    from django.db import transaction

    from praja.foundation.audit import chain
    from praja.foundation.audit.models import Event
    from praja.foundation.audit.sealing import Sealer
    from praja.foundation.places.models import Region

    call_command("migrate", verbosity=0)
    changes = {"title": ["Antre daring", "Antre dari rumah"], "state": ["draft", "submitted"]}
    rows = (
        Event(at=AT, verb="edit", subject="problems.problem", subject_id=number, changes=changes, remark="Diperbaiki")
        for number in range(EVENTS)
    )
    while block := list(islice(rows, BLOCK)):
        Event.objects.bulk_create(block)
    began = time.perf_counter()
    sealed = Sealer().run(seconds=3600)
    seconds = time.perf_counter() - began
    region = Region.objects.create(code="00", kind="province", name="Ukur", time_zone="Asia/Jakarta")
    times = []
    for number in range(APPENDS):
        began = time.perf_counter()
        with transaction.atomic():
            Region.objects.filter(pk=region.pk).update(population=number)
            chain.append("measured", region, {"number": number, "sha256": "0" * 64})
        times.append((time.perf_counter() - began) * 1000)
    plain = []
    for number in range(APPENDS):
        began = time.perf_counter()
        with transaction.atomic():
            Region.objects.filter(pk=region.pk).update(population=number)
        plain.append((time.perf_counter() - began) * 1000)
    added = sorted(times)[APPENDS // 2] - sorted(plain)[APPENDS // 2]
    return {
        f"history of {EVENTS:,} events sealed": f"{seconds:.1f} s ({sealed / seconds:,.0f} events/s)",
        "an entry in the transaction of its verb: p50 added": f"{added:.2f} ms",
    }


def grow(until: str) -> dict[str, Any]:
    """Make the log longer, as its own appends would have, in few statements."""
    from django.db import transaction

    from praja.foundation.audit.bulk import insert_many
    from praja.foundation.audit.models import ChainEntry, ChainHead
    from praja.foundation.documents.models import Edition

    editions = Edition.objects.count()
    made = _entries(int(until), editions)
    while block := list(islice(made, BLOCK)):
        with transaction.atomic():
            insert_many(Edition, [edition for _entry, edition in block if edition])
            ChainEntry.objects.bulk_create([entry for entry, _edition in block], batch_size=2_000)
            last = block[-1][0]
            ChainHead.objects.update(seq=last.seq, hash=last.hash)
    return {"entries": ChainEntry.objects.count(), "rows": Edition.objects.count()}


def _entries(until: int, editions: int) -> Iterator[tuple[Any, dict[str, Any] | None]]:
    """(entry, values of the edition it is about) from the head on; every tenth entry is about an edition."""
    from hashlib import sha256

    from uuid6 import uuid7

    from praja.foundation.audit import chain
    from praja.foundation.audit.models import ChainEntry
    from praja.foundation.documents.chained import facts_of_edition
    from praja.foundation.documents.models import Edition

    seq, before = chain.head()
    while seq < until:
        seq += 1
        values = None
        about = {"kind": "measured", "subject": "measured.row", "subject_id": seq, "subject_uid": str(uuid7())}
        facts: dict[str, Any] = {"number": seq, "sha256": f"{seq:064}", "way": "wet"}
        if seq % (ENTRIES // ROWS) == 0:
            editions += 1
            text = TEXT.replace("kinerja", str(editions))
            values = {
                "uid": uuid7(), "subject": "plans.plan", "subject_id": editions, "document": "masterplan", "number": 1,
                "organisation_path": "/1/", "title": "Ukur", "status": "draft", "dated_on": AT.date(), "content": text,
                "sha256": sha256(text.encode()).hexdigest(),
            }  # fmt: skip
            about = {"kind": "edition", "subject": "documents.edition", "subject_id": editions, "subject_uid": str(values["uid"])}  # fmt: skip
            facts = facts_of_edition(Edition(**values))
        entry = ChainEntry(seq=seq, at=AT, facts=chain.canonical(facts), previous_hash=before, **about)
        entry.hash = before = chain.hash_of(entry)
        yield entry, values


def verified() -> dict[str, Any]:
    """Verify all of it, as `praja audit verify` does; memory is what the process grew by."""
    from praja.foundation.audit.verifying import verify

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, cpu = time.perf_counter(), time.process_time()
    found = verify()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {
        f"log of {found.entries:,} entries verified": (
            f"{seconds:.1f} s ({cpu:.1f} s of CPU; {found.rows:,} rows compared, {found.events:,} events hashed; "
            f"memory grew by {grown:.0f} MB)"
        )
    }


PARTS = {"log-history": history, "log-grow": grow, "log-verified": verified}
