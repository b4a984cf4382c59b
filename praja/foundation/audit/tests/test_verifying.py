"""Verifying the log: whatever was altered, removed, inserted, exchanged or cut off, the first such row is named."""

import datetime
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from praja.foundation.audit import chain, roots, sealing
from praja.foundation.audit.actions import record
from praja.foundation.audit.models import ChainEntry, ChainHead, DailyRoot, Event, SealedBatch
from praja.foundation.audit.verifying import Altered, verify
from praja.foundation.documents.models import Edition
from praja.foundation.documents.tests.test_editions import frozen
from praja.foundation.files import contents
from praja.foundation.files.actions import keep

MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture
def log(country):
    """Five editions in the log, the events of their freezing sealed behind them, and the root of a day."""
    for _number in range(5):
        frozen(country)
    sealing.Sealer().run()
    roots.note_day(MONDAY)
    return country


def entries(**which):
    return ChainEntry.objects.filter(**which)


def written_anew(first=1):
    """What somebody with the whole database would do: compute every hash from `first` on again, and move the head."""
    before = entries(seq=first - 1).values_list("hash", flat=True).first() or chain.NO_HASH
    for number, entry in enumerate(list(entries(seq__gte=first)), start=first):
        entries(seq=entry.seq).update(seq=number)
        entry.seq, entry.previous_hash = number, before
        before = chain.hash_of(entry)
        entries(seq=number).update(previous_hash=entry.previous_hash, hash=before)
    ChainHead.objects.update(seq=entries().count(), hash=before)


def test_a_whole_log_says_what_was_looked_at(log):
    found = verify()
    assert (found.entries, found.rows, found.roots) == (6, 6, 1)
    assert found.events == Event.objects.count()
    assert chain.head() == (6, found.last_hash)
    assert "The log is whole: 6 entries" in str(found)


def test_an_empty_log_is_whole(country):
    assert verify().entries == 0
    assert "empty" in str(verify())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("facts", "{}"), ("kind", "score"), ("at", datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)),
        ("subject", "plans.plan"), ("subject_id", 4711), ("subject_uid", ""), ("hash", "f" * 64),
    ],
)  # fmt: skip
def test_an_altered_entry_is_named(log, column, value):
    entries(seq__in=(3, 4)).update(**{column: value})
    with pytest.raises(Altered, match=r"^Entry 3 .* has been altered: its hash"):
        verify()


def test_an_entry_with_rubbish_in_it_is_named(log):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite keeps anything in a column of moments")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_chainentry SET at = '2026-13-40 99:99' WHERE seq = 3")
    with pytest.raises(Altered, match=r"^Entry 3 of the log"):
        verify()


def test_an_altered_entry_whose_hash_was_computed_anew_breaks_the_next(log):
    entry = entries().get(seq=3)
    entry.facts = "{}"
    entries(seq=3).update(facts="{}", hash=chain.hash_of(entry))
    with pytest.raises(Altered, match=r"^(Entry 4 .* does not follow|documents.edition)"):
        verify()


def test_a_removed_entry_is_named(log):
    entries(seq=3)._raw_delete("default")
    with pytest.raises(Altered, match="Entry 3 of the log has been removed"):
        verify()


def test_a_removed_entry_is_found_when_the_others_were_counted_anew(log):
    entries(seq=3)._raw_delete("default")
    for seq in (4, 5, 6):
        entries(seq=seq).update(seq=seq - 1)
    with pytest.raises(Altered, match=r"^Entry 3 .* its hash does not fit"):
        verify()


def test_an_inserted_entry_is_named(log):
    for seq in (6, 5, 4):
        entries(seq=seq).update(seq=seq + 1)
    more = entries().get(seq=3)
    more._state.adding, more.seq, more.previous_hash = True, 4, more.hash
    more.hash = chain.hash_of(more)
    more.save()
    with pytest.raises(Altered, match=r"^Entry 5 "):
        verify()


def test_entries_in_another_order_are_named(log):
    for old, new in ((2, 40), (3, 2), (40, 3)):
        entries(seq=old).update(seq=new)
    with pytest.raises(Altered, match=r"^Entry 2 .* has been altered"):
        verify()


def test_an_end_that_was_cut_off_is_told_by_the_head(log):
    entries(seq__gt=4)._raw_delete("default")
    with pytest.raises(Altered, match="cut off: its head names entry 6, the last is 4"):
        verify()


def test_an_end_that_was_cut_off_with_its_head_is_told_by_the_root_of_the_day(log):
    entries(seq__gt=4)._raw_delete("default")
    written_anew()
    with pytest.raises(Altered, match="the root of 2026-11-23 names entry 6, the last is 4"):
        verify()


def test_entries_behind_the_head_are_told(log):
    more = entries().get(seq=6)
    more._state.adding, more.seq, more.previous_hash = True, 7, more.hash
    more.hash = chain.hash_of(more)
    more.save()
    with pytest.raises(Altered, match="behind its head"):
        verify()


def test_a_log_without_head_is_told(log):
    ChainHead.objects.all().delete()
    with pytest.raises(Altered):
        verify()


def test_a_log_that_was_written_anew_is_told_by_the_root_of_the_day(log):
    at = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    entries(seq=2).update(at=at)
    written_anew()
    with pytest.raises(Altered, match=r"The root of 2026-11-23 has another hash for entry 6"):
        verify()


def test_a_log_written_anew_with_its_roots_is_told_by_a_root_kept_elsewhere(log):
    kept = roots.read(roots.lines())
    assert verify(kept).roots == 2
    entries(seq=2).update(at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    written_anew()
    DailyRoot.objects.update(hash=chain.head()[1])
    assert verify().roots == 1
    with pytest.raises(Altered, match="root of 2026-11-23 is not the one that was kept elsewhere"):
        verify(kept)
    DailyRoot.objects.all()._raw_delete("default")
    with pytest.raises(Altered, match="root of 2026-11-23 has been removed"):
        verify(kept)


def test_an_edition_whose_text_was_altered_with_its_hash_is_named(log):
    edition = Edition.objects.order_by("pk")[1]
    Edition.objects.filter(pk=edition.pk).update(content=edition.content + " ", sha256="e" * 64)
    with pytest.raises(Altered, match=rf"^documents.edition {edition.pk} has been altered: “sha256”"):
        verify()


def test_an_edition_whose_text_alone_was_altered_is_named(log):
    edition = Edition.objects.order_by("pk")[1]
    Edition.objects.filter(pk=edition.pk).update(content=edition.content + " ")
    with pytest.raises(Altered, match=rf"^The text of documents.edition {edition.pk} has been altered"):
        verify()


def test_an_edition_that_was_removed_or_exchanged_is_named(log):
    first, second = Edition.objects.order_by("pk")[:2]
    Edition.objects.filter(pk=first.pk).update(uid="00000000-0000-7000-8000-000000000000")
    with pytest.raises(Altered, match=rf"^documents.edition {first.pk} has been exchanged"):
        verify()
    Edition.objects.filter(pk=first.pk).update(uid=first.uid)
    Edition.objects.filter(pk=second.pk)._raw_delete("default")
    with pytest.raises(Altered, match=rf"^documents.edition {second.pk} has been removed"):
        verify()


def test_how_binding_an_edition_is_may_change(log):
    Edition.objects.update(status="final")
    verify()


def test_what_is_entered_once_cannot_be_entered_again_to_fit_what_was_altered(log):
    edition = Edition.objects.order_by("pk")[1]
    Edition.objects.filter(pk=edition.pk).update(number=77)
    with pytest.raises(Altered, match="“number” is 77"):
        verify()
    then = json.loads(entries(subject_id=edition.pk, kind="edition").get().facts)
    chain.append("edition", edition, {**then, "number": 77})
    with pytest.raises(Altered, match=r"^Entry 7 .* has been put in: of this row entry 2 speaks"):
        verify()


def test_an_edition_that_the_log_does_not_know_is_named(log):
    known = Edition.objects.order_by("pk")[1]
    forged = Edition(
        **{name: getattr(known, name) for name in ("subject", "subject_id", "document", "content", "sha256")}
    )
    forged.number, forged.dated_on, forged.organisation_path, forged.title = 99, MONDAY, "/1/", "Lain"
    forged.save()
    with pytest.raises(Altered, match=rf"^documents.edition {forged.pk} has been put in behind the log"):
        verify()


def test_rows_whose_end_of_the_log_was_cut_off_with_its_head_are_named(log):
    lost = Edition.objects.order_by("pk").last()
    DailyRoot.objects.all()._raw_delete("default")
    SealedBatch.objects.all()._raw_delete("default")
    entries(seq__gt=4)._raw_delete("default")
    written_anew()
    with pytest.raises(Altered, match=rf"^documents.edition {lost.pk} has been put in behind the log"):
        verify()


@pytest.mark.parametrize(("column", "what"), [("pdf", "altered"), ("word", "lost")])
def test_a_file_of_an_edition_that_was_exchanged_or_lost_is_named(log, column, what):
    edition = Edition.objects.order_by("pk")[1]
    stored = keep(b"%PDF-1.7 " + column.encode(), name="a.pdf", kind=contents.PDF, by=None, organisation_path="/1/")
    stored.save()
    Edition.objects.filter(pk=edition.pk).update(**{column: stored})
    verify()
    default_storage.delete(stored.storage_name)
    if what == "altered":
        default_storage.save(stored.storage_name, ContentFile(b"%PDF-1.7 lain"))
    with pytest.raises(Altered, match=rf"^The file “a.pdf” of documents.edition {edition.pk} has been {what}"):
        verify()


def test_the_very_event_that_was_altered_is_named(log):
    event = Event.objects.order_by("pk")[3]
    Event.objects.filter(pk=event.pk).update(remark="lain")
    with pytest.raises(Altered, match=rf"^Event {event.pk} of the history has been altered since entry 6"):
        verify()


@pytest.mark.parametrize("column", ["at", "by", "acting_as", "verb", "subject", "subject_id", "changes"])
def test_every_column_of_an_event_counts(log, column):
    event = Event.objects.order_by("-pk").first()
    values = {"at": MONDAY.strftime("%Y-%m-%dT00:00Z"), "by": None, "subject_id": 4711, "changes": {"x": ["a", "b"]}}
    Event.objects.filter(pk=event.pk).update(**{column: values.get(column, "lain")})
    with pytest.raises(Altered, match=rf"^Event {event.pk} of the history has been altered"):
        verify()


def test_an_event_that_was_removed_or_inserted_later_is_named(log):
    first = Event.objects.order_by("pk")[2]
    Event.objects.filter(pk=first.pk)._raw_delete("default")
    with pytest.raises(Altered, match=rf"^Event {first.pk} of the history has been removed"):
        verify()


def test_an_event_in_a_gap_is_named(country):
    event, _other = (record("edit", country.plan, by=None) for _each in range(2))
    late = Event.objects.get(pk=event.pk)
    Event.objects.filter(pk=event.pk)._raw_delete("default")
    sealing.Sealer().run()
    verify()
    Event.objects.bulk_create([late])
    with pytest.raises(Altered, match=rf"^Event {late.pk} of the history has been inserted"):
        verify()


@pytest.mark.parametrize("values", [{"gaps": [[2, 2]]}, {"digests": b"x" * 6}, {"root": "0" * 64}, {"count": 1}])
def test_an_altered_batch_is_named(log, values):
    batch = SealedBatch.objects.get()
    SealedBatch.objects.update(**values)
    with pytest.raises(Altered, match=rf"^audit.sealedbatch {batch.pk} has been altered"):
        verify()


def test_an_agency_that_moves_takes_its_history_along(log):
    Event.objects.update(organisation_path="/1/9/")
    verify()


def test_what_is_appended_meanwhile_is_left_to_the_next_time(log, monkeypatch):
    head = chain.head
    known = head()
    frozen(log)
    monkeypatch.setattr(chain, "head", lambda: known)
    assert verify().entries == 6
    monkeypatch.setattr(chain, "head", head)
    assert verify().entries == 7
