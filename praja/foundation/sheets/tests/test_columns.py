"""Foreign titles find their columns; rows are judged without losing a cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.sheets import columns, values
from praja.foundation.sheets.columns import Column, Sheet, mapping_of
from praja.foundation.sheets.reading import Row
from praja.foundation.sheets.values import Choices, ShownNumber

SHEET = Sheet(
    [
        Column("name", "Nama inovasi", ("judul", "nama program"), required=True),
        Column("dimension", "Dimensi", choices=Choices([("living", "Smart Living")])),
        Column("budget", "Pagu anggaran", ("anggaran", "pagu"), parse=values.parse_money),
        Column("year", "Tahun", parse=values.parse_year),
        Column("code", "Kode wilayah", ("kode",), parse=values.parse_region_code),
    ]
)
HEADER = ["Nama Inovasi*", "DIMENSI (pilar)", "Anggaran (juta rupiah)", "Tahun", "Keterangan"]
MAPPING = mapping_of(SHEET.propose_mapping(HEADER))


def judged(*cells):
    (one,) = SHEET.judge([Row(2, cells)], HEADER, MAPPING)
    return one


def test_titles_find_their_columns_and_strangers_do_not():
    assert list(MAPPING.values()) == ["name", "dimension", "budget", "year", None]


@pytest.mark.parametrize(
    ("title", "key", "confidence"),
    [
        ("nama inovasi", "name", 1.0),
        ("NAMA_INOVASI", "name", 1.0),
        ("Nama Inovasi (jika ada)", "name", 0.95),
        ("Inovasi, nama", "name", 0.9),
        ("Nama Inovassi", "name", 0.86),
        ("budget", "budget", 1.0),
        ("Catatan", None, 0.0),
        ("", None, 0.0),
        ("()", None, 0.0),
    ],
)
def test_confidence_falls_with_likeness(title, key, confidence):
    proposal = SHEET.propose_mapping([title])[title]
    assert proposal.key == key
    assert proposal.confidence == pytest.approx(confidence, abs=0.02)


def test_a_column_is_proposed_once_to_the_title_most_like_it():
    proposals = SHEET.propose_mapping(["Pagu (Rp)", "Pagu anggaran", "Anggaran"])
    assert [proposal.key for proposal in proposals.values()] == [None, "budget", None]


def test_a_row_is_read_in_the_types_of_its_columns():
    row = judged("Pasar pagi", "living", "1.500", 2026.0, "dari lampiran")
    assert row.values == {"name": "Pasar pagi", "dimension": "living", "budget": 1_500_000_000, "year": 2026}
    assert row.unplaced == {"Keterangan": "dari lampiran"}
    assert not row.problems


def test_a_blank_is_counted_and_an_unknown_value_is_a_problem_that_keeps_its_text():
    row = judged("Pasar pagi", "Smart Cinema", None, "-", None)
    assert list(row.problems) == ["dimension"]
    assert row.texts == {"dimension": "Smart Cinema"}
    assert row.blanks == ["budget", "year"]


def test_a_required_column_that_is_blank_or_not_mapped_is_a_problem():
    assert judged(None, None, None, 2026, None).problems == {"name": str(values.REQUIRED)}
    (row,) = SHEET.judge([Row(2, ("x",))], ["Catatan"], {"Catatan": None})
    assert row.problems == {"name": str(values.REQUIRED)}


def test_two_titles_for_one_column_lose_nothing():
    (row,) = SHEET.judge([Row(2, ("Satu", "Dua"))], ["a", "b"], {"a": "name", "b": "name"})
    assert row.values == {"name": "Satu"}
    assert row.unplaced == {"b": "Dua"}


def test_equal_numbers_that_were_shown_differently_stay_different():
    rows = [Row(2, (ShownNumber(11.1, "11.10"),)), Row(3, (11.1,)), Row(4, ("11.10",))]
    first, second, third = SHEET.judge(rows, ["kode"], {"kode": "code"})
    assert first.values == third.values == {"code": "11.10"}
    assert "code" in second.problems


@pytest.mark.parametrize(
    ("title", "unit"),
    [("Pagu (juta rupiah)", 10**6), ("Anggaran [Rp ribu]", 10**3), ("Anggaran dalam miliar", 10**9), ("Pagu (Rp)", 1)],
)
def test_a_title_tells_what_its_numbers_count(title, unit):
    assert columns.unit_of(title) == unit


@given(st.lists(st.one_of(st.none(), st.text(max_size=20), st.floats(allow_nan=False)), min_size=5, max_size=5))
def test_every_cell_that_is_not_blank_is_somewhere(cells):
    row = judged(*cells)
    placed = {*row.values, *row.texts, *row.blanks}
    assert {"name", "dimension", "budget", "year"} <= placed | set(row.problems)
    assert ("Keterangan" in row.unplaced) == (not values.is_blank(cells[4]))
