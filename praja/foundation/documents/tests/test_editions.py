"""Editions: frozen once under one number, files made from exactly that, tampering told, status that never goes back."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import blocks as b
from praja.foundation.documents import child, editions, pdf, word
from praja.foundation.documents.blocks import to_json
from praja.foundation.documents.child import NotMade
from praja.foundation.documents.models import Edition
from praja.foundation.documents.tests import samples
from praja.foundation.jobs import leases
from praja.foundation.jobs.worker import perform
from praja.foundation.workflow.steps import Refused

DAY = datetime.date(2026, 12, 1)
Status = Edition.Status


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """Files are made here, which is quicker; test_child.py holds that a child makes the same."""

    def render(document, kind):
        try:
            return child.render(document, kind)
        except Exception as error:
            raise NotMade(kind) from error

    monkeypatch.setattr(editions, "render_in_child", render)


def frozen(country, document=None, **changes):
    values = {"subject": country.plan, "name": "masterplan", "dated_on": DAY, "by": country.coordinator}
    return editions.freeze(document or samples.document(b.Heading(1, "Bab"), samples.table()), **(values | changes))


@pytest.fixture
def edition(country):
    made = frozen(country)
    editions.make_files(made, by=country.coordinator)
    return Edition.objects.get(pk=made.pk)


def test_an_edition_holds_the_document_with_its_number_and_date(country):
    edition = frozen(country)
    document = editions.document_of(edition)
    assert to_json(document) == edition.content
    assert (edition.number, document.made_at.date()) == (1, DAY)
    assert "1" in document.edition
    assert document.blocks == samples.document(b.Heading(1, "Bab"), samples.table()).blocks


def test_editions_of_one_document_are_counted_and_those_of_another_apart(country):
    numbers = [frozen(country).number, frozen(country).number, frozen(country, name="quick").number]
    assert numbers == [1, 2, 1]
    assert frozen(country, subject=country.neighbour_plan).number == 1


def test_a_number_that_is_taken_is_refused_with_a_sentence(country):
    frozen(country, number=3)
    with pytest.raises(Refused, match="3"):
        frozen(country, number=3)
    assert Edition.objects.count() == 1


def test_who_is_second_at_the_same_moment_gets_the_next_number(country, monkeypatch):
    frozen(country)
    seen = iter([1, 2])  # what both read before either wrote
    monkeypatch.setattr(editions, "next_number", lambda *_: next(seen))
    assert frozen(country).number == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_freeze_at_once_get_two_numbers(country):
    def one(_number):
        try:
            return frozen(country).number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(one, range(2))) == [1, 2]


def test_freezing_asks_for_the_files_and_a_worker_makes_them(country):
    edition = frozen(country)
    assert edition.pdf is None
    perform(leases.claim())
    edition.refresh_from_db()
    assert (edition.pdf.kind, edition.word.name[-5:]) == ("application/pdf", ".docx")
    assert edition.made_with["typst"]


def test_the_files_are_made_from_exactly_what_was_frozen(edition):
    document = editions.document_of(edition)
    with edition.pdf.open() as file:
        assert file.read() == pdf.render(document)
    with edition.word.open() as file:
        assert file.read() == word.render(document)


def test_files_that_are_there_are_not_made_again(edition, country, monkeypatch):
    monkeypatch.setattr(editions, "render_in_child", lambda *_: pytest.fail("made again"))
    before = edition.pdf_id
    editions.make_files(edition, by=country.coordinator)
    assert Edition.objects.get(pk=edition.pk).pdf_id == before


def test_who_is_second_with_the_files_changes_nothing(country):
    edition = frozen(country)
    first, second = (editions.made_files(edition, by=None) for _each in range(2))
    assert editions.attach(edition, first, by=None)
    assert not editions.attach(edition, second, by=None)
    assert Edition.objects.get(pk=edition.pk).pdf_id == first["pdf"].pk
    assert Event.objects.about(edition).filter(verb="make files").count() == 1


def test_a_sound_edition_has_no_problems_and_can_be_made_again(edition):
    assert editions.verify(edition) == []
    assert editions.verify(edition, again=True) == []


def test_slides_are_kept_as_powerpoint(country):
    edition = frozen(country, samples.deck(b.Heading(1, "Bab"), b.Bullets(["a"])), name="paparan")
    editions.make_files(edition, by=country.coordinator)
    assert edition.word.name.endswith(".pptx")
    assert editions.verify(edition, again=True) == []


def test_a_changed_text_is_told(edition):
    Edition.objects.filter(pk=edition.pk).update(content=edition.content.replace("Bab", "Bob"))
    edition.refresh_from_db()
    assert len(editions.verify(edition)) == 1


def test_a_changed_text_with_a_fitting_hash_is_told_too(edition):
    content = edition.content.replace("Bab", "Bob")
    Edition.objects.filter(pk=edition.pk).update(content=content, sha256=editions._digest(content.encode()))
    edition.refresh_from_db()
    assert len(editions.verify(edition)) == 1


def test_a_text_that_is_no_document_any_more_is_told(edition):
    edition.content = '{"is":"Script"}'
    assert len(editions.verify(edition)) == 2


def test_a_changed_lost_or_taken_file_is_told(edition):
    place = Path(default_storage.path(edition.pdf.storage_name))
    kept = place.read_bytes()
    place.write_bytes(kept + b" ")
    assert len(editions.verify(edition)) == 1
    place.unlink()
    assert len(editions.verify(edition)) == 1
    place.write_bytes(kept)
    edition.word = None
    assert len(editions.verify(edition)) == 1


def test_a_file_put_in_the_place_of_another_is_told(edition):
    edition.pdf = edition.word
    assert len(editions.verify(edition)) == 1


def test_no_file_is_made_from_a_text_that_was_tampered_with(country):
    edition = frozen(country)
    edition.content = edition.content.replace("Bab", "Bob")
    with pytest.raises(Refused):
        editions.make_files(edition, by=country.coordinator)


def test_a_file_that_cannot_be_set_leaves_the_edition_as_it_is(country):
    edition = frozen(country, samples.document(b.Chart("Rusak", "no picture", "x")))
    with pytest.raises(NotMade):
        editions.make_files(edition, by=country.coordinator)
    assert Edition.objects.get(pk=edition.pk).pdf is None


def test_a_document_too_heavy_to_keep_is_refused(country, monkeypatch):
    monkeypatch.setattr(editions, "CONTENT_LIMIT", 100)
    with pytest.raises(Refused):
        frozen(country)


def test_an_amended_or_revoked_edition_needs_a_reason(country):
    for status in (Status.AMENDED, Status.REVOKED):
        with pytest.raises(Refused):
            frozen(country, status=status, reason=" ")


def test_an_edition_goes_on_and_never_back(country):
    edition = frozen(country)
    editions.set_status(edition, Status.FINAL, by=country.coordinator, version=1)
    editions.set_status(edition, Status.ENACTED, by=country.coordinator, version=2)
    with pytest.raises(Refused):
        editions.set_status(edition, Status.DRAFT, by=country.coordinator, version=3)
    with pytest.raises(Refused):
        editions.set_status(edition, Status.REVOKED, by=country.coordinator, version=3)
    with pytest.raises(TooLate):
        editions.set_status(edition, Status.REVOKED, reason="Perbup baru", by=country.coordinator, version=2)
    assert editions.verify(edition) == []
