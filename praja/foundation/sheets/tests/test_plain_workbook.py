"""The workbook that is written by hand opens in other programs, and holds any text."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from praja.foundation.sheets.plain_workbook import column_name, escaped, write_table

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def written(rows, header=("A", "B"), title="Daftar"):
    target = io.BytesIO()
    write_table(target, title, header, rows)
    return target


def test_texts_numbers_and_days_come_back_as_they_were():
    row = ["Antre", 2027, 12_000, Decimal("1.5"), 0.25, dt.date(2026, 11, 22), None, "", "=1+1"]
    sheet = openpyxl.load_workbook(written([row], header="ABCDEFGHI"))["Daftar"]
    cells = [cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value for cell in sheet[2]]
    assert cells == ["Antre", 2027, 12_000, 1.5, 0.25, dt.date(2026, 11, 22), None, None, "=1+1"]
    assert sheet["I2"].data_type == "s"
    assert sheet["C2"].number_format == "#,##0"
    assert sheet["B2"].number_format == "General"
    assert sheet.freeze_panes == "A2"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_any_text_is_well_formed_and_readable(rows):
    target = written(rows)
    for name in zipfile.ZipFile(target).namelist():
        ET.fromstring(zipfile.ZipFile(target).read(name))
    read = CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue())).get_sheet_by_index(0).to_python()
    assert read[0] == ["A", "B"]


@pytest.mark.parametrize("text", ["a & b <c> \"d\" 'e'", "baris\nbaru", "tab\tdi sini", " di tepi ", "👩‍👩‍👧"])
def test_signs_of_xml_are_signs_of_the_text(text):
    sheet = openpyxl.load_workbook(written([[text]], title="A & B"))["A & B"]
    assert sheet["A2"].value == text


def test_a_text_that_looks_like_an_escaped_sign_is_escaped():
    assert escaped("_x0041_") == "_x005F_x0041_"
    assert escaped("a\x0bb") == "a_x000B_b"


def test_columns_have_the_names_of_excel():
    assert [column_name(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    sheet = openpyxl.load_workbook(written([list(range(60))], header=[f"k{number}" for number in range(60)])).active
    assert sheet["BH2"].value == 59
