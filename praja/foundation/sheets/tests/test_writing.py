"""What is written opens safely and comes back as it was."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from praja.foundation.sheets import values, writing
from praja.foundation.sheets.columns import Column, Sheet, mapping_of
from praja.foundation.sheets.reading import read_table
from praja.foundation.sheets.values import Choices

SHEET = Sheet(
    [
        Column("name", "Nama inovasi", required=True, help="Satu kalimat."),
        Column("dimension", "Dimensi", choices=Choices([("living", "Smart Living"), ("economy", "Smart Economy")])),
        Column("budget", "Pagu", parse=values.parse_money),
        Column("target", "Target", parse=values.parse_decimal),
        Column("start", "Mulai", parse=values.parse_date),
        Column("code", "Kode wilayah", parse=values.parse_region_code),
        Column("nip", "NIP", parse=values.parse_nip),
        Column("active", "Aktif", parse=values.parse_boolean),
    ]
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
ENTRIES = st.fixed_dictionaries(
    {"name": TEXTS.map(lambda text: values.cleaned(text)[0]).filter(lambda text: not values.is_blank(text))},
    optional={
        "dimension": st.sampled_from(["living", "economy"]),
        "budget": st.integers(0, 10**15),
        "target": st.decimals(-(10**9), 10**9, places=4).map(values.parse_decimal),
        "start": st.dates(*values.DATES),
        "code": st.sampled_from(["11.10", "32.73", "11", "11.10.01.2001"]),
        "nip": st.just("196501011990031001"),
        "active": st.booleans(),
    },
)
FORMULAS = ["=1+1", "+1", "-1-2", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "'=1", "''+2"]


def written(kind, rows):
    target = io.BytesIO()
    header, lines = writing.export_rows(SHEET, rows)
    if kind == "csv":
        writing.write_csv(target, header, lines)
    else:
        writing.write_xlsx(target, "Inovasi", header, lines)
    return target.getvalue()


def read_back(data):
    table = read_table(io.BytesIO(data), "keluar", known=SHEET.known_names)
    judged = SHEET.judge(table.rows, table.header, mapping_of(SHEET.propose_mapping(table.header)))
    return [(row.values, row.problems) for row in judged]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(ENTRIES, min_size=1, max_size=4))
def test_what_goes_out_comes_back(kind, rows):
    assert read_back(written(kind, rows)) == [(row, {}) for row in rows]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_a_text(text):
    cell = openpyxl.load_workbook(io.BytesIO(written("xlsx", [{"name": text}])))["Inovasi"]["A2"]
    assert (cell.data_type, cell.value) == ("s", values.cleaned(text)[0])
    line = written("csv", [{"name": text}]).decode("utf-8-sig").splitlines()[1]
    assert line.lstrip('"').startswith("'")


def test_codes_and_long_numbers_are_texts_in_the_workbook():
    row = {"name": "a", "code": "11.10", "nip": "196501011990031001", "budget": 1_500_000_000}
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", [row])))["Inovasi"]
    assert [sheet[place].value for place in ("F2", "G2", "C2")] == ["11.10", "196501011990031001", 1_500_000_000]


def test_csv_has_points_for_machines_and_dates_as_iso():
    row = {"name": "a", "target": Decimal("12.5"), "start": dt.date(2026, 11, 21), "dimension": "living"}
    assert written("csv", [row]).decode("utf-8-sig").splitlines()[1] == "a,Smart Living,,12.5,2026-11-21,,,"


def test_a_number_of_three_decimals_is_not_read_as_thousands():
    assert read_back(written("csv", [{"name": "a", "target": Decimal("1.125")}])) == [
        ({"name": "a", "target": Decimal("1.125")}, {})
    ]


def test_a_text_longer_than_a_cell_says_so():
    with translation.override("en"):
        data = written("xlsx", [{"name": "a" * 40_000}])
    text = openpyxl.load_workbook(io.BytesIO(data))["Inovasi"]["A2"].value
    assert len(text) == 32_767
    assert text.endswith("[the whole text has 40000 characters]")


def test_the_template_marks_what_is_required_and_explains():
    with translation.override("en"):
        data = writing.template(SHEET, "Inovasi: 2026/2027")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Inovasi  2026 2027", "Explanation"]
    sheet = book["Inovasi  2026 2027"]
    assert [cell.value for cell in sheet[1]][:2] == ["Nama inovasi *", "Dimensi"]
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"Smart Living,Smart Economy"']
    assert [cell.value for cell in book["Explanation"][2]][:3] == ["Nama inovasi", "yes", "Satu kalimat."]


def test_a_filled_template_is_read_by_its_sheet():
    book = openpyxl.load_workbook(io.BytesIO(writing.template(SHEET, "Inovasi")))
    book.worksheets[0].append(["Pasar pagi", "Smart Living", "1,5 jt"])
    target = io.BytesIO()
    book.save(target)
    assert read_back(target.getvalue()) == [({"name": "Pasar pagi", "dimension": "living", "budget": 1_500_000}, {})]


def test_a_long_list_of_choices_stands_on_a_hidden_sheet():
    many = Sheet([Column("agency", "OPD", choices=Choices([(str(n), f"Dinas nomor {n}") for n in range(60)]))])
    book = openpyxl.load_workbook(io.BytesIO(writing.template(many, "Data")))
    assert book.worksheets[0].data_validations.dataValidation[0].formula1 == "'_'!$A$1:$A$60"
    assert book["_"].sheet_state == "hidden"
