"""Sealing the history: in batches, without holes, and never ahead of a transaction that is still open."""

import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Signal

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.audit import chain, events, sealing
from praja.foundation.audit.actions import record
from praja.foundation.audit.models import ChainEntry, Event, SealedBatch
from praja.foundation.audit.verifying import verify

postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")


def written(row, count=1):
    return [record("edit", row, by=None, after={"title": str(number)}).pk for number in range(count)]


def batches():
    return list(SealedBatch.objects.values_list("first_id", "last_id"))


def test_events_from_before_the_log_are_sealed_in_bounded_batches(country, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 4)
    before = Event.objects.count()
    keys = written(country.plan, 10)
    assert sealing.Sealer().run() == before + 10
    assert SealedBatch.objects.first().first_id == 1
    assert SealedBatch.objects.last().last_id == keys[-1]
    assert max(SealedBatch.objects.values_list("count", flat=True)) == 4
    assert verify().events == before + 10


def test_a_run_ends_with_its_time_and_the_next_goes_on(country, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    sealing.Sealer().run()
    keys = written(country.plan, 5)
    sealer = sealing.Sealer()
    assert [sealer.run(seconds=-1) for _run in range(4)] == [2, 2, 1, 0]
    assert batches()[-1][1] == keys[-1]


def test_nothing_new_makes_no_entry(country):
    sealing.Sealer().run()
    before = chain.head()
    sealing.seal()
    assert chain.head() == before


def test_an_entry_names_its_batch(country):
    written(country.plan)
    sealing.Sealer().run()
    batch, entry = SealedBatch.objects.get(), ChainEntry.objects.get()
    assert (entry.kind, entry.subject, entry.subject_id) == ("events", "audit.sealedbatch", batch.pk)
    assert entry.facts == chain.canonical(sealing.facts_of_batch(batch))


@pytest.mark.parametrize(
    "changes",
    [
        {"b": ["", "x"], "a": [None, True], "": [0, 10**30]},
        {"angka": [1.0, 1e22], "aneh": ['"]', "\\u0000 \\ \u2028 é 🌾"]},
        {"aa": [[], [1, [2.5, -0.0]]], "z": [{"b": 1, "a": 2}, ""]},
    ],
)
def test_a_line_is_the_same_before_and_after_the_database(country, changes):
    event = record("edit", country.plan, by=country.coordinator, remark='a"],["b\n\u2028')
    event.changes = changes
    before = events._line(tuple(getattr(event, name) for name in events.COLUMNS))
    Event.objects.filter(pk=event.pk).update(changes=changes)
    assert list(events.lines(event.pk, event.pk)) == [before]


texts = st.text() | st.sampled_from(['","', "\\", "\x00", "\u2028", "\ud800", "]\n["])
BEGINNING = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
moments = st.integers(0, 10**16).map(lambda number: BEGINNING + datetime.timedelta(microseconds=number))
changed = st.dictionaries(texts, st.lists(texts | st.integers() | st.none(), max_size=2), max_size=3)


@given(st.integers(), moments, st.none() | st.integers(), texts, texts, changed, texts)
def test_the_line_of_an_event_reads_back_as_the_event(pk, at, by, acting_as, verb, changes, remark):
    text = events._line((pk, at, by, acting_as, verb, "plans.plan", 7, changes, remark)).text
    assert b"\n" not in text
    assert json.loads(text) == [
        events.FORMAT, pk, chain.moment(at), by, acting_as, verb, "plans.plan", 7, changes, remark,
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_number_that_was_rolled_back_is_a_gap_and_no_more(country):
    first = written(country.plan)[0]
    with transaction.atomic():
        written(country.plan, 3)
        transaction.set_rollback(True)
    last = written(country.plan)[0]
    sealing.Sealer().run()
    batch = SealedBatch.objects.last()
    assert batch.last_id == last
    assert ([first + 1, last - 1] in batch.gaps) == (last > first + 1)  # SQLite gives the numbers out again
    verify()


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_seal_each_event_once(country, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    written(country.plan, 30)
    barrier = Barrier(3)

    def run(_worker):
        barrier.wait(30)
        try:
            return sealing.Sealer().run(seconds=30)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(run, range(3)))
    sealing.Sealer().run(seconds=30)
    assert verify().events == Event.objects.count()


class Other:
    """Somebody else with a connection of their own, who writes an event and leaves the transaction open until told."""

    def __init__(self, row, *, keeps=True):
        self.row, self.keeps = row, keeps
        self.has_written, self.may_end = Signal(), Signal()
        self.pool = ThreadPoolExecutor(1)
        self.work = self.pool.submit(self._write)
        assert self.has_written.wait(30)

    def _write(self):
        try:
            with transaction.atomic():
                key = written(self.row)[0]
                self.has_written.set()
                self.may_end.wait(30)
                transaction.set_rollback(not self.keeps)
            return key
        finally:
            connection.close()

    def end(self):
        self.may_end.set()
        self.pool.shutdown()
        return self.work.result()


@postgresql
@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.django_db(transaction=True)
def test_no_seal_goes_ahead_of_an_open_transaction(country, monkeypatch, keeps):
    monkeypatch.setattr(sealing, "WAIT", 0)
    sealer = sealing.Sealer()
    sealer.run()
    other = Other(country.plan, keeps=keeps)
    younger = written(country.plan)[0]
    before = batches()
    assert sealer.run() == 0
    assert batches() == before
    late = other.end()
    assert late < younger
    assert sealer.run() == (2 if keeps else 1)
    assert batches()[-1][1] == younger
    verify()


@postgresql
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_began_later_does_not_hold_up_the_seal(country, monkeypatch):
    monkeypatch.setattr(sealing, "WAIT", 0)
    sealer = sealing.Sealer()
    first = Other(country.plan)
    assert sealer.run() == 0
    second = Other(country.plan)
    sealed = first.end()
    assert sealer.run() > 0
    assert batches()[-1][1] == sealed
    late = second.end()
    assert sealer.run() == 1
    assert batches()[-1][1] == late
    verify()


@postgresql
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_ends_within_the_short_wait_is_sealed_at_once(country, monkeypatch):
    other = Other(country.plan)
    monkeypatch.setattr(sealing.time, "sleep", lambda _seconds: other.end())
    assert sealing.Sealer().run() > 0
    assert batches()[-1][1] == other.work.result()
