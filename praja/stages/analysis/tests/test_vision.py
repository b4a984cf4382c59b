"""The vision: empty until it is set, spelled by its letters, and the same on page and in the book."""

import pytest

from praja.foundation.audit.models import Event
from praja.foundation.documents.blocks import Missing, Paragraph
from praja.stages.analysis.blocks import vision_blocks
from praja.stages.analysis.forms import mismatch
from praja.stages.analysis.models import Vision

ADDRESS = "/kabupaten-uji/visi/ubah/"
PAIRS = [("S", "Sehat"), ("M", "Maju"), ("A", "Aman"), ("R", "Ramah"), ("T", "Tertib")]


def typed(pairs=PAIRS, version=0, **values):
    data = {
        "version": str(version),
        "text": "Kabupaten Uji yang SMART",
        "acronym": "SMART",
        "set_by_title": "Bupati Uji",
        "set_by_name": "H. Asep, M.Si.",
        "set_by_acting": "pj",
        "set_on": "Sabtu, 21 November 2026",
        "paper": "Peraturan Bupati Nomor 12 Tahun 2026",
        "words-TOTAL_FORMS": str(len(pairs)),
        "words-INITIAL_FORMS": "0",
        **values,
    }
    for number, (letter, word) in enumerate(pairs):
        data |= {f"words-{number}-letter": letter, f"words-{number}-word": word, f"words-{number}-id": ""}
    return data


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def test_the_page_and_the_book_say_that_it_is_not_set(country, coordinator):
    assert coordinator.get("/kabupaten-uji/visi/").context["vision"] is None
    (block,) = vision_blocks(country.plan)
    assert isinstance(block, Missing)


def test_the_vision_is_recorded_with_its_letters(country, coordinator):
    assert coordinator.post(ADDRESS, typed()).status_code == 302
    vision = Vision.objects.get()
    assert [pair["word"] for pair in vision.words] == ["Sehat", "Maju", "Aman", "Ramah", "Tertib"]
    assert vision.set_by_title_in_full == "Pj. Bupati Uji"
    assert vision.version == 1
    assert Event.objects.about(vision).get().verb == "set"
    assert vision_blocks(country.plan)[0] == Paragraph("Kabupaten Uji yang SMART", style="lead")


def test_a_vision_without_acronym_is_fine(country, coordinator):
    assert coordinator.post(ADDRESS, typed([], acronym="")).status_code == 302


@pytest.mark.parametrize(
    ("acronym", "pairs", "fits"),
    [
        ("SMART", PAIRS, True),
        ("S.M.A.R.T", PAIRS, True),
        ("SENYUM", [("SE", "Sejahtera"), ("NY", "Nyaman"), ("U", "Unggul"), ("M", "Mandiri")], True),
        ("SMART", PAIRS[:4], False),
        ("SMART", [], False),
        ("", PAIRS, False),
        ("SMART", [*PAIRS[:4], ("T", "Unggul")], False),
    ],
)
def test_the_letters_must_spell_the_acronym(db, acronym, pairs, fits):
    rows = [{"letter": letter, "word": word} for letter, word in pairs]
    assert (mismatch(acronym, rows) == "") is fits


def test_wrong_letters_and_a_wrong_weekday_come_back_with_sentences(country, coordinator):
    response = coordinator.post(ADDRESS, typed(PAIRS[:3], set_on="Minggu, 21 November 2026"))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"set_on"}
    assert "Minggu, 21 November 2026" in response.content.decode()
    assert coordinator.post(ADDRESS, typed(PAIRS[:3])).context["form"].errors["acronym"]
    assert not Vision.objects.exists()


def test_two_people_who_set_it_at_once_see_both_texts(country, coordinator, client_of):
    client_of(country.ministry_admin).post(ADDRESS, typed(text="Naskah pertama"))
    response = coordinator.post(ADDRESS, typed(text="Naskah kedua"))
    assert response.status_code == 409
    text = response.content.decode()
    assert "Naskah pertama" in text
    assert "Naskah kedua" in text
    assert Vision.objects.get().text == "Naskah pertama"


def test_it_is_corrected_with_history(country, coordinator):
    coordinator.post(ADDRESS, typed())
    assert coordinator.post(ADDRESS, typed(version=1, text="Naskah baru")).status_code == 302
    assert [event.verb for event in Event.objects.about(Vision.objects.get())] == ["edit", "set"]


def test_who_may_see_and_set_it(country, client_of):
    expected = {"operator": (200, 404), "assessor": (200, 404), "neighbour": (404, 404), "ministry_admin": (200, 200)}
    for who, codes in expected.items():
        client = client_of(getattr(country, who))
        assert (client.get("/kabupaten-uji/visi/").status_code, client.get(ADDRESS).status_code) == codes
        if codes[1] == 404:
            assert client.post(ADDRESS, typed()).status_code == 404
            assert client.post(f"{ADDRESS}draf/", typed()).status_code == 404


def test_the_page_asks_the_database_little(country, coordinator, django_assert_max_num_queries):
    coordinator.post(ADDRESS, typed())
    with django_assert_max_num_queries(12):
        coordinator.get("/kabupaten-uji/visi/")
