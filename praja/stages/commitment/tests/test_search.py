"""Promises are found by what they say, their agency and their years, by those who read the region."""

import pytest

from praja.foundation.search import indexing
from praja.foundation.search.finding import find
from praja.foundation.search.words import question_of
from praja.stages.commitment import actions, settling
from praja.stages.commitment.tests.making import drawn_up, line, list_of, obligation

pytestmark = pytest.mark.django_db


def found(user, words):
    """The titles and addresses of the promises that are found."""
    return {str(hit.title): hit.url for hit in find(user, question_of(words), kind="butir-komitmen").hits}


@pytest.fixture
def made(country):
    lists = {
        country.health: [line(programme="Kota Sehat"), line("Posyandu", year_from=2026, year_to=2026)],
        country.transport: [line("Halte")],
    }
    made = drawn_up(country, lists)
    indexing.catch_up()
    return made


def test_words_agency_programme_indicator_and_years_find_a_promise(country, made):
    one = obligation(list_of(made, country.health), "Posyandu")
    (address,) = found(country.coordinator, "posyandu").values()
    assert address == f"/kabupaten-uji/komitmen/butir/{one.pk}/"
    assert len(found(country.coordinator, "kesehatan")) == 2
    assert list(found(country.coordinator, "kota sehat")) == ["Antre dari Rumah"]
    assert len(found(country.coordinator, "waktu tunggu 2027")) == 2
    assert list(found(country.coordinator, "kesehatan 2028")) == ["Antre dari Rumah"]


def test_who_reads_the_region_finds_all_and_the_neighbour_nothing(country, made):
    assert len(found(country.operator, "halte")) == 1
    assert found(country.neighbour, "halte") == {}


def test_what_was_dropped_or_taken_back_is_not_found(country, made, client_of):
    actions.open_to_agencies(made, by=country.coordinator, version=made.version)
    one = obligation(list_of(made, country.health), "Posyandu")
    settling.contest(one, "Bukan kami", by=country.operator, version=one.version)
    settling.answer(one, "drop", "Baik", by=country.coordinator, version=one.version)
    indexing.catch_up()
    assert found(country.coordinator, "posyandu") == {}
    made.refresh_from_db()
    actions.withdraw(made, reason="Salah", by=country.coordinator, version=made.version)
    assert found(country.coordinator, "halte") == {}


def test_the_address_leads_to_its_place_in_the_list(country, made, client_of):
    row = list_of(made, country.health)
    one = obligation(row, "Posyandu")
    answer = client_of(country.operator).get(f"/kabupaten-uji/komitmen/butir/{one.pk}/")
    assert answer["Location"] == f"/kabupaten-uji/komitmen/daftar/{row.pk}/#butir-{one.number}"
