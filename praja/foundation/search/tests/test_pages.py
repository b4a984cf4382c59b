"""The page of the search: filters in the address, help where nothing was found, and what it costs."""

import pytest

from praja.foundation.search import indexing
from praja.foundation.search.tests.test_finding import NASTY, rows  # noqa: F401 - rows is a fixture
from praja.stages.problems.models import Problem

WHERE = "/cari/"


def page(client, **query):
    response = client.get(WHERE, query)
    assert response.status_code == 200
    return response.content.decode()


def test_hits_are_shown_with_their_agency_and_the_words_marked(country, rows, client_of):  # noqa: F811
    shown = page(client_of(country.operator), q="antrean rumah")
    assert "<mark>Antre</mark> dari <mark>Rumah</mark>" in shown
    assert "Dinkes" in shown
    assert "1 hasil" in shown or "1 hit" in shown


def test_every_page_has_the_field(country, client_of):
    assert 'action="/cari/"' in client_of(country.operator).get("/kabupaten-uji/").content.decode()
    assert 'id="app-search"' in page(client_of(country.operator))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"apa": "permasalahan"}, {"panjang"}),
        ({"apa": "inovasi"}, {"Rumah", "Keliling"}),
        ({"jenis": "it"}, {"Rumah"}),
        ({"jenis": "nonsens"}, {"Rumah", "Keliling", "panjang"}),
        ({"status": "accepted"}, set()),
    ],
)
def test_filters_stand_in_the_address(country, rows, client_of, query, expected):  # noqa: F811
    shown = page(client_of(country.coordinator), q="antre", **query)
    assert {word for word in ("Rumah", "Keliling", "panjang") if f"{word}</a>" in shown or word in shown} == expected


def test_a_filter_by_agency_and_by_region(country, rows, client_of):  # noqa: F811
    assert "Ojek" in page(client_of(country.coordinator), q="sampah", opd=country.transport.pk)
    assert "Ojek" not in page(client_of(country.coordinator), q="sampah", opd=country.health.pk)
    ministry = client_of(country.ministry_admin)
    assert "Sebelah</mark>" in page(ministry, q="antre sebelah", daerah=country.neighbour_plan.slug)
    assert "Sebelah</mark>" not in page(ministry, q="antre sebelah", daerah=country.plan.slug)


def test_where_there_are_many_regions_the_name_is_typed(country, rows, client_of, monkeypatch):  # noqa: F811
    monkeypatch.setattr("praja.foundation.search.filters.MOST_IN_A_LIST", 1)
    ministry = client_of(country.ministry_admin)
    assert "Rumah" not in page(ministry, q="antre", daerah="sebelah")
    assert "Rumah" in page(ministry, q="antre", daerah="tidak ada")
    assert "tidak ada" in page(ministry, q="antre", daerah="tidak ada")


def test_where_nothing_was_found_the_page_says_what_would_help(country, rows, client_of):  # noqa: F811
    response = client_of(country.coordinator).get(WHERE, {"q": "antre zzzzz", "apa": "inovasi"})
    assert response.context["alone"] == [("antre", 2), ("zzzzz", 0)]
    response = client_of(country.coordinator).get(WHERE, {"q": "sampah", "apa": "permasalahan"})
    assert response.context["without_filters"] == 1


def test_the_next_page_goes_on(country, client_of):
    for number in range(25):
        Problem.objects.create(plan=country.plan, title=f"Banjir {number}")
    indexing.mend()
    client = client_of(country.coordinator)
    after = client.get(WHERE, {"q": "banjir"}).context["found"].after
    assert len(client.get(WHERE, {"q": "banjir", "sesudah": after}).context["hits"]) == 5
    for nonsense in ("x", after[:-3], "W251bGwsIDFd"):
        assert client.get(WHERE, {"q": "banjir", "sesudah": nonsense}).status_code == 200


@pytest.mark.parametrize("text", ["", " ", "\0", "!!!", *NASTY])
def test_whatever_is_typed_is_answered(country, rows, client_of, text):  # noqa: F811
    page(client_of(country.coordinator), q=text, daerah=text, opd=text, apa=text, sesudah=text)


def test_a_page_of_hits_costs_the_same_however_many_there_are(country, rows, client_of, django_assert_max_num_queries):  # noqa: F811
    client = client_of(country.coordinator)
    page(client, q="puskesmas")  # what is remembered for good
    with django_assert_max_num_queries(26):
        page(client, q="puskesmas")
    for number in range(30):
        Problem.objects.create(plan=country.plan, organisation=country.health, title=f"Puskesmas {number}")
    indexing.mend()
    with django_assert_max_num_queries(26):
        page(client, q="puskesmas")
