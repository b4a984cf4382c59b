"""The workbook of SWOT items and gaps: out and in again, judged as on the pages, and nothing overwritten unseen."""

import io
import json
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from praja.foundation.audit.models import Event
from praja.foundation.plans.models import SubDimension
from praja.stages.analysis.models import Gap, SwotItem
from praja.stages.analysis.sheet_views import AnalysisFlow
from praja.stages.analysis.swot_forms import SwotItemForm
from praja.stages.analysis.workbook import written

HOME = "/kabupaten-uji/analisis/lembar/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def rows(country):
    living = country.dimension("living")
    item = SwotItem.objects.create(plan=country.plan, kind="strength", text="Serat optik", dimension=living, order=1)
    gap = Gap.objects.create(
        plan=country.plan, sub_dimension=SubDimension.objects.get(dimension=living, key="health"), element="Rekam medis",
        now_level=1, wanted_level=3, wanted_year=2029, closed_by=["policy", "data"],
    )  # fmt: skip
    return item, gap


def book(country, change=None):
    workbook = openpyxl.load_workbook(io.BytesIO(written(country.plan, by=country.coordinator)))
    if change:
        change(workbook)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def preview(country, content, name="swot.xlsx"):
    return AnalysisFlow(country.plan, by=country.coordinator).preview(SimpleUploadedFile(name, content), name)


def csv(*lines):
    return "\n".join(";".join(line) for line in lines).encode()


def swot_sheet(workbook):
    """The sheet of SWOT items; its columns stand in the order of the form, behind the number."""
    return next(workbook[name] for name in workbook.sheetnames if name.startswith("SWOT"))


def put(workbook, row, **values):
    for key, value in values.items():
        swot_sheet(workbook).cell(row, 2 + SwotItemForm._meta.fields.index(key), value)


def test_what_goes_out_comes_back_as_it_was(country, rows):
    found = preview(country, book(country))
    assert {row.status for row in found.lines} == {"same"}
    assert len(found.lines) == 2


def test_from_the_file_to_the_rows_with_their_history(country, rows, coordinator):
    def change(workbook):
        put(workbook, 3, text="Serat optik di 12 kecamatan")
        put(workbook, 4, kind="Ancaman", text="Banjir rob")

    item, _gap = rows
    content = book(country, change)
    page = coordinator.post(HOME, {"file": SimpleUploadedFile("swot.xlsx", content)})
    assert page.context["preview"].counts == {"new": 1, "changed": 1, "same": 1, "wrong": 0, "late": 0}
    values = {"apply": "1", "row": [row.key for row in page.context["preview"].lines if row.is_good]}
    values |= {f"payload-{row.key}": row.payload for row in page.context["preview"].lines}
    assert coordinator.post(HOME, values).url == "/kabupaten-uji/swot/"
    item.refresh_from_db()
    assert (item.text, item.version) == ("Serat optik di 12 kecamatan", 2)
    new = SwotItem.objects.get(kind="threat")
    assert (new.text, new.dimension, new.organisation_path) == ("Banjir rob", None, country.plan.organisation_path)
    assert Event.objects.about(item).first().changes["text"] == ["Serat optik", "Serat optik di 12 kecamatan"]
    assert Event.objects.about(new).get().verb == "workbook"
    coordinator.post(HOME, values)  # the same page sent again brings nothing twice
    assert SwotItem.objects.count() == 2


def test_a_gap_comes_from_a_sheet_of_ones_own(country):
    content = csv(
        ["Dimensi", "Sub-dimensi", "Elemen", "now_level", "Kondisi saat ini", "Kesenjangan"],
        ["Smart Living", "Prasarana Kesehatan", "Rekam medis", "2", "Di kertas", "Belum daring"],
        ["Smart Living", "Tata Kelola Birokrasi", "Salah dimensi", "9", "", ""],
    )
    good, wrong = preview(country, content, "gap.csv").lines
    assert (good.status, good.plain["now"], good.plain["gap"]) == ("new", "Di kertas", "Belum daring")
    assert wrong.status == "wrong"
    assert any("Smart Governance" in sentence for _title, sentence in wrong.problems)


def test_letters_and_words_for_the_region_are_understood(country):
    content = csv(["Jenis", "Uraian", "Dimensi"], ["S", "Serat", "Daerah"], ["Peluang", "Wisata", "Smart Economy"],
                  ["X", "Apa", ""], ["T", "", ""], ["s", "serat ", "seluruh daerah"])  # fmt: skip
    found = preview(country, content, "a.csv").lines
    assert [row.status for row in found] == ["new", "new", "wrong", "wrong", "same"]
    assert found[0].plain["dimension"] is None
    assert found[1].plain["kind"] == "opportunity"


def test_a_row_that_somebody_changed_meanwhile_is_left(country, rows, coordinator):
    content = book(country, lambda workbook: put(workbook, 3, text="Serat baru"))
    SwotItem.objects.update(text="Serat lama", version=2)
    (row, _gap) = preview(country, content).lines
    assert row.status == "late"
    payload = {f"payload-{row.key}": row.payload, "apply": "1"}
    coordinator.post(HOME, payload)
    assert SwotItem.objects.get().text == "Serat lama"
    coordinator.post(HOME, payload | {f"cell-{row.key}": ["text"]})
    assert SwotItem.objects.get().text == "Serat baru"
    assert SwotItem.objects.get().version == 3


def test_a_row_that_changes_after_the_preview_is_left(country, rows, coordinator):
    content = book(country, lambda workbook: put(workbook, 3, text="Serat baru"))
    (row, _gap) = preview(country, content).lines
    SwotItem.objects.update(text="Serat lama", version=2)
    coordinator.post(HOME, {f"payload-{row.key}": row.payload, "row": [row.key], "apply": "1"})
    assert SwotItem.objects.get().text == "Serat lama"


def test_a_withdrawn_row_and_a_row_twice_are_not_brought_in(country, rows):
    item, _gap = rows

    def twice(workbook):
        put(workbook, 3, text="Serat baru")
        sheet = swot_sheet(workbook)
        for place in range(1, sheet.max_column + 1):
            sheet.cell(4, place, sheet.cell(3, place).value)

    assert [row.status for row in preview(country, book(country, twice)).lines][:2] == ["changed", "wrong"]
    content = book(country)
    SwotItem.objects.update(withdrawn_at=item.created_at)
    assert preview(country, content).lines[0].status == "wrong"


def test_the_workbook_of_another_plan_is_refused(country, rows, coordinator):
    content = written(country.neighbour_plan, by=country.neighbour)
    response = coordinator.post(HOME, {"file": SimpleUploadedFile("swot.xlsx", content)})
    assert response.status_code == 422


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\x00\xff\xfe", b"nama;nip\na;b", "Uraian;Jenis\n".encode("utf-16"), b"x" * 10_000]
)
def test_a_file_that_is_none_comes_back_with_a_sentence(country, coordinator, content):
    response = coordinator.post(HOME, {"file": SimpleUploadedFile("a.xlsx", content)})
    assert response.status_code in (200, 422)
    assert not SwotItem.objects.exists()


@pytest.mark.parametrize(
    "payload",
    ["", "[]", "{}", "[1]", "[" * 5_000, '["swot", 1, {"text": "a"}, "", "", 0]',
     '["swot", 1, {"kind": "S", "plan": "9"}, 1, 2, 3]', '["apa", 1, {}, "", "", 0]', '["swot", "NaN", [], "", "", 0]',
     json.dumps(["swot", 10**30, {"text": "\0"}, "x", "y", 0])],
)  # fmt: skip
def test_a_payload_that_was_tampered_with_stores_nothing(country, coordinator, payload):
    values = {"apply": "1", "row": ["swot-1"], "payload-swot-1": payload}
    assert coordinator.post(HOME, values).status_code == 302
    assert not SwotItem.objects.exists()


def test_cells_are_judged_by_the_forms(country):
    content = csv(["Sub-dimensi", "Elemen", "now_level", "wanted_level", "priority"],
                  ["Prasarana Kesehatan", "Rekam medis", "3", "1", "high"])  # fmt: skip
    (row,) = preview(country, content, "gap.csv").lines
    assert row.status == "wrong"
    assert len(row.problems) == 1


def test_the_page_hands_the_workbook_out(country, rows, coordinator, client_of):
    response = coordinator.get(f"{HOME}unduhan/")
    assert re.search(r"swot-kesenjangan-kabupaten-uji\.xlsx", response["Content-Disposition"])
    assert client_of(country.operator).get(f"{HOME}unduhan/").status_code == 404
    assert client_of(country.operator).post(HOME, {"apply": "1"}).status_code == 404


def test_many_rows_are_judged_in_a_fixed_number_of_queries(country, coordinator, django_assert_max_num_queries):
    content = csv(["Jenis", "Uraian"], *(["S", f"Butir {number}"] for number in range(200)))
    page = coordinator.post(HOME, {"file": SimpleUploadedFile("a.csv", content)})
    rows = page.context["preview"].lines
    values = {"apply": "1", "row": [row.key for row in rows]} | {f"payload-{row.key}": row.payload for row in rows}
    with django_assert_max_num_queries(32):
        coordinator.post(HOME, values)
    assert SwotItem.objects.count() == 200
    assert list(SwotItem.objects.values_list("text", flat=True))[:2] == ["Butir 0", "Butir 1"]
