"""Texts that say the same are found in other words; boilerplate alarms nobody."""

import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from praja.foundation.similarity import words
from praja.foundation.similarity.likeness import ALIKE, Likeness, weigh

HERE = Path(__file__).parent
# The fields as the pages compare them (praja/across/joining/kinds.py holds the same; a test there compares).
WEIGHTS = {
    "problem": {"title": 3, "description": 1, "affected": 0.5},
    "innovation": {"title": 3, "long_name": 2, "summary": 1},
}


def rows_of(kind):
    """The demonstration's rows of a kind."""
    files = sorted((settings.PACKAGE / "data" / "demo").glob(f"{kind}s-*.toml"))
    return [row for file in files for row in tomllib.loads(file.read_text(encoding="utf-8"))[kind]]


def weighed(kind, row):
    return weigh([(row.get(field, ""), weight) for field, weight in WEIGHTS[kind].items()])


def found(name):
    """How many of the reworded rows of a file are alike to the row that they repeat, and how many there are."""
    reworded = tomllib.loads((HERE / name).read_text(encoding="utf-8"))
    hits = number = 0
    for kind in WEIGHTS:
        own = rows_of(kind)
        keys = [row["key"] for row in own]
        plan = Likeness({place: weighed(kind, row) for place, row in enumerate([*own, *reworded[kind]])})
        pairs = {(pair.first, pair.second) for pair in plan.pairs()}
        for place, row in enumerate(reworded[kind]):
            number += 1
            hits += (keys.index(row["same_as"]), len(own) + place) in pairs
    return hits, number


def test_reworded_rows_are_found():
    assert found("planted.toml") >= (18, 20)


def test_the_rows_that_the_words_were_chosen_on_are_still_found():
    assert found("adjusted.toml") == (36, 36)


def test_a_third_of_the_planted_rows_share_few_words():
    planted = tomllib.loads((HERE / "planted.toml").read_text(encoding="utf-8"))
    few = [row for kind in WEIGHTS for row in planted[kind] if row["words"] == "few"]
    assert len(few) * 3 >= 20


def test_the_demonstration_alarms_hardly():
    alarms = 0
    for kind in WEIGHTS:
        rows = rows_of(kind)
        alarms += len(Likeness({place: weighed(kind, row) for place, row in enumerate(rows)}).pairs())
    assert alarms <= 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Peningkatan pelayanan masyarakat berbasis sistem informasi",
            "Optimalisasi pelayanan publik Kabupaten Contoh",
        ),
        ("SMART KECAMATAN Sistem Informasi Terpadu Berbasis Web", "SMART DESA Aplikasi Terintegrasi Berbasis Android"),
        ("Belum optimalnya penyelenggaraan kualitas layanan", "Belum optimalnya pengembangan layanan masyarakat"),
    ],
)
def test_what_every_agency_writes_does_not_alarm(one, other):
    plan = Likeness({1: weigh([(one, 3)]), 2: weigh([(other, 3)])})
    assert plan.pairs() == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Antrean RSUD", "Waktu tunggu rumah sakit umum daerah"),
        ("Bedah RTLH", "Perbaikan rumah tidak layak huni"),
        ("Cegah stunting balita", "Penurunan anak bawah lima tahun gizi buruk"),
    ],
)
def test_abbreviations_are_their_words(one, other):
    assert set(words.terms(one)) & {term for term in words.terms(other) if term[0] == "="}


def test_a_misspelt_word_still_counts():
    right, wrong = weigh([("Perpipaan bendungan Cigowong", 1)]), weigh([("Perpipaan bendugan Cigowong", 1)])
    other = weigh([("Pelatihan barista Cikopi", 1)])
    (key, likeness), *_rest = Likeness({1: right, 2: other}).like(wrong, most=3)
    assert key == 1
    assert likeness > ALIKE


def test_a_row_is_not_like_itself_when_it_is_left_out():
    row = weigh([("Lampu jalan padam di dusun", 1)])
    assert Likeness({1: row}).like(row, most=3, leaving=[1]) == []


@pytest.mark.parametrize("text", ["", "   ", "\0", "123 456", "👩‍👩‍👧", "dan yang di", "x" * 100_000, "ꦲꦤꦕꦫꦏ"])
def test_whatever_is_typed_is_weighed(text):
    plan = Likeness({1: weigh([("Lampu jalan padam", 1)]), 2: weigh([(text, 1)])})
    assert plan.pairs() == []
    assert plan.like(weigh([(text, 1)]), most=3, leaving=[2]) == []


def test_a_word_stands_in_one_concept():
    forms = {}
    for line in tomllib.loads(words.FILE.read_text(encoding="utf-8"))["concepts"]:
        for form in line.split(", "):
            key = form if form[0] == "!" else tuple(words.stem(word) for word in form.split())
            assert forms.setdefault(key, line) == line, form
