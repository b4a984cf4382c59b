"""The enactment: begun, worded, followed from stage to stage, and printed as a draft regulation."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from praja.foundation.documents.blocks import Heading, plain
from praja.stages.masterplan.enactment.actions import Way
from praja.stages.masterplan.enactment.regulation import articles_of, draft_document, filled
from praja.stages.masterplan.models import Enactment, EnactmentStage

HOME = "/kabupaten-uji/penetapan/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def enactment(country):
    return Enactment.objects.create(plan=country.plan, kind="perbup", title="Masterplan Smart City Kabupaten Uji")


def test_it_begins_with_its_form_and_subject(country, coordinator):
    assert "/penetapan/ubah/" in coordinator.get(HOME).content.decode()
    typed = {"version": "0", "kind": "perbup", "title": "Masterplan", "number": "", "year": "", "edition": ""}
    assert coordinator.post(f"{HOME}ubah/", typed)["Location"] == HOME
    found = Enactment.objects.get(plan=country.plan)
    assert (found.title, found.created_by) == ("Masterplan", country.coordinator)


def test_correcting_it_late_shows_both_texts(coordinator, enactment):
    typed = {"version": "9", "kind": "perbup", "title": "Lain", "number": "", "year": "", "edition": ""}
    response = coordinator.post(f"{HOME}ubah/", typed)
    assert response.status_code == 409
    assert response.context["differences"]


def test_stages_tell_where_it_is_and_for_how_many_days(enactment, coordinator):
    for stage, day in (("initiated", "1 November 2026"), ("legal_division", "11 November 2026")):
        typed = {"stage": stage, "began_on": day, "holder": "Bagian Hukum", "number": "", "note": ""}
        assert coordinator.post(f"{HOME}tahap/", typed).status_code == 302
    way = Way(enactment, datetime.date(2026, 11, 21))
    assert (way.now.stage, way.days, way.days_in(way.rows[0])) == ("legal_division", 10, 10)
    assert [state for _title, state, _rows in way.steps][:3] == ["done", "current", ""]


def test_what_is_promulgated_waits_no_more(enactment):
    EnactmentStage.objects.create(enactment=enactment, stage="promulgated", began_on=datetime.date(2026, 1, 1))
    way = Way(enactment, datetime.date(2026, 11, 21))
    assert (way.is_done, way.days) == (True, None)


def test_a_stage_noted_by_mistake_is_taken_back(enactment, coordinator):
    row = EnactmentStage.objects.create(enactment=enactment, stage="initiated", began_on=datetime.date(2026, 1, 1))
    assert coordinator.post(f"{HOME}tahap/{row.pk}/tarik/", {"version": "1"}).status_code == 302
    assert Way(enactment, datetime.date(2026, 11, 21)).rows == []


def test_a_stage_without_a_day_keeps_what_was_typed(enactment, coordinator):
    typed = {"stage": "initiated", "began_on": "nanti", "holder": "Kanwil"}
    response = coordinator.post(f"{HOME}tahap/", typed)
    assert response.status_code == 422
    assert "Kanwil" in response.content.decode()


def test_a_program_as_paper_is_refused(enactment, coordinator):
    upload = SimpleUploadedFile("surat.pdf", b"MZ\x90\x00 not a paper")
    response = coordinator.post(f"{HOME}tahap/", {"stage": "initiated", "began_on": "1 November 2026", "file": upload})
    assert response.status_code == 422
    assert not EnactmentStage.objects.exists()


def test_articles_begin_as_proposed_and_are_worded_by_the_region(enactment, coordinator):
    assert "Kabupaten Uji" in articles_of(enactment)[0]["text"]
    typed = {
        "version": "1",
        "articles-TOTAL_FORMS": "1",
        "articles-INITIAL_FORMS": "0",
        "articles-0-chapter": "UMUM",
        "articles-0-text": "Bunyi {region}.",
    }
    assert coordinator.post(f"{HOME}pasal/", typed).status_code == 302
    enactment.refresh_from_db()
    assert articles_of(enactment) == [{"chapter": "UMUM", "text": "Bunyi Kabupaten Uji."}]


def test_braces_that_name_nothing_stay():
    assert filled("{region} {x} {", {"region": "Uji"}) == "Uji {x} {"


def test_the_draft_regulation_has_its_articles_and_the_book_as_annex(enactment):
    document = draft_document(enactment)
    titles = [plain(block.text) for block in document.walk(Heading)]
    assert "Pasal 1" in titles
    assert titles.index("Pasal 7") < titles.index("Pendahuluan")


@pytest.mark.slow
def test_it_is_a_word_file(enactment, coordinator):
    response = coordinator.get(f"{HOME}rancangan.docx")
    assert response.content.startswith(b"PK")


def test_readers_look_and_strangers_do_not(enactment, country, client_of):
    operator = client_of(country.operator)
    assert operator.get(HOME).status_code == 200
    assert operator.post(f"{HOME}tahap/", {}).status_code == 404
    assert client_of(country.neighbour).get(HOME).status_code == 404
