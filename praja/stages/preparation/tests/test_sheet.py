"""A sheet of agencies: foreign titles, affairs by code or name, heads, and rows that cannot be read."""

import io

import openpyxl
import pytest

from praja.foundation.sheets.flow import Said, said_in
from praja.foundation.sheets.reading import SheetError, read_table
from praja.foundation.sheets.writing import template
from praja.stages.preparation import sheet

CSV = """OPD,Singkatan,bidang_urusan_1,bidang_urusan_2,Kepala,NIP,Catatan
"Dinas Sosial",Dinsos,1.06,,"Dra. Ani","19760814 200212 2 005",x
"Kecamatan Sukamaju",,7.01,2.13,,,
"Dinas Kesehatan",Dinkes,Kesehatan,,,,
"Dinas Aneh",,9.99,,,,
,Tanpa nama,,,,,
"dinas sosial",,,,,,
"""


def preview(text, country):
    return sheet.AgencyFlow(country.government).preview(io.BytesIO(text.encode()), "opd.csv")


def test_rows_are_new_present_or_to_be_mended(country):
    found = preview(CSV, country)
    assert [line.title for line in found.to_choose] == ["Dinas Sosial", "Kecamatan Sukamaju"]
    assert [line.status for line in found.lines] == ["new", "new", "same", "wrong", "wrong", "wrong"]
    assert found.not_placed == ["Catatan"]


def test_kind_affairs_and_head_are_understood(country):
    social, district = preview(CSV, country).to_choose
    assert social.agency.affairs == ("1.06",)
    assert social.agency.head["title"] == "Kepala Dinas Sosial"
    assert social.agency.person["nip"] == "197608142002122005"
    assert (district.agency.agency_kind, district.agency.affairs) == ("district", ("7.01", "2.13"))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("1.02, 2.14", ("1.02", "2.14")),
        ("Kesehatan", ("1.02",)),
        ("1.02 Kesehatan; 2.16", ("1.02", "2.16")),
        ("Pemberdayaan Perempuan dan Perlindungan Anak", ("2.08",)),
    ],
)
def test_affairs_are_read_by_code_or_name(country, text, codes):
    found = preview(f'Nama perangkat daerah,Urusan\nDinas Baru,"{text}"\n', country)
    assert found.lines[0].problems == []
    assert found.lines[0].agency.affairs == codes


def test_chosen_rows_are_judged_again_when_they_come_back(country):
    flow = sheet.AgencyFlow(country.government, by=country.coordinator)
    chosen = [said_in(line.payload) for line in preview(CSV, country).to_choose]
    assert flow.store(chosen, state="").done == 2
    assert flow.store(chosen, state="").done == 0
    assert flow.store([Said(1, {"name": "Dinas Aneh", "affairs": "9.99"}), Said(2, {})], state="").done == 0


def test_a_file_without_names_says_what_is_missing(country):
    with pytest.raises(SheetError, match="Nama perangkat daerah"):
        preview("Kolom,Lain\n1,2\n", country)


def test_the_template_comes_back_as_it_went_out(country):
    data = template(sheet.agency_sheet(), "Perangkat daerah")
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.worksheets[0]
    for number, text in enumerate(["Dinas Sosial", "Dinsos", "", "1.06"], start=1):
        page.cell(row=2, column=number, value=text)
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    found = sheet.AgencyFlow(country.government).preview(target, "lembar.xlsx")
    assert found.to_choose[0].agency.affairs == ("1.06",)
    assert read_table(io.BytesIO(data), "x.xlsx").header
