"""A sheet of earlier programmes: columns find their fields, every row is judged, and the same file twice changes nothing."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.files.tests.fixtures import docx, png
from praja.foundation.jobs.worker import perform_due
from praja.foundation.notices.models import Notice
from praja.foundation.sheets.columns import mapping_of
from praja.stages.analysis import earlier as actions
from praja.stages.analysis.earlier_sheet import (
    EARLIER_SHEET,
    FILLS,
    GROUP,
    NEW,
    THERE,
    WRONG,
    examine,
    key_of,
    parse_page,
    read,
)
from praja.stages.analysis.models import EarlierItem, EarlierPlan, EarlierSheet

HEADER = ["No", "Nama Program", "OPD", "Pilar", "Tahun", "Pagu (juta rupiah)", "Hal", "Indikator Kinerja"]
PLAIN = ["1", "Layanan Antre Daring", "Dinkes", "Smart Living", "2019-2023", "250", "45", "Waktu tunggu"]


def csv_file(*rows, header=HEADER, name="lama.csv"):
    target = io.StringIO()
    csv.writer(target).writerows([header, *rows])
    return SimpleUploadedFile(name, target.getvalue().encode())


def recorded(country, **values):
    return EarlierPlan.objects.create(
        plan=country.plan, title="Masterplan Smart City 2019–2023", year_from=2019, year_to=2023, **values
    )


@pytest.fixture
def earlier(country):
    return recorded(country)


def lines_of(earlier, *rows, header=HEADER):
    table = read(csv_file(*rows, header=header), "lama.csv")
    mapping = {title: key or "" for title, key in mapping_of(EARLIER_SHEET.propose_mapping(table.header)).items()}
    return examine(table, mapping, earlier)


def brought_in(earlier, by, *rows, header=HEADER):
    one = actions.open_sheet(csv_file(*rows, header=header), earlier=earlier, by=by)
    table = actions.table_of(one)
    mapping = {title: key or "" for title, key in mapping_of(EARLIER_SHEET.propose_mapping(table.header)).items()}
    actions.place_columns(one, mapping, by=by)
    assert actions.start_applying(one, by=by)
    one.refresh_from_db()
    return one


def test_a_row_finds_its_agency_dimension_money_and_page(country, earlier):
    (line,) = lines_of(earlier, PLAIN)
    assert line.status == NEW
    assert line.values["organisation"] == country.health
    assert line.values["dimension_id"] == country.dimension("living").pk
    assert (line.values["money_rupiah"], line.values["money_text"]) == (250_000_000, "250")
    assert (line.values["source_page"], line.values["years"]) == (45, "2019-2023")


def test_columns_without_a_field_are_kept_in_the_description(earlier):
    (line,) = lines_of(earlier, [*PLAIN, "Sudah jalan"], header=[*HEADER, "Kolom lain"])
    assert "Kolom lain: Sudah jalan" in line.values["description"]


def test_an_agency_of_then_and_a_foreign_dimension_stay_as_written(earlier):
    (line,) = lines_of(earlier, ["1", "A", "Kantor Telegrap", "Smart Magic", "", "", "", ""])
    assert line.status == NEW
    assert (line.values["agency_text"], line.values["dimension_text"]) == ("Kantor Telegrap", "Smart Magic")
    assert "organisation" not in line.values
    assert len(line.notes) == 2


def test_a_heading_names_the_dimension_of_the_rows_below_it(country, earlier):
    head, line = lines_of(earlier, ["", "SMART GOVERNANCE", "", "", "", "", "", ""], ["1", "A", "", "", "", "", "", ""])
    assert head.status == GROUP
    assert line.values["dimension_id"] == country.dimension("governance").pk


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["1", "", "Dinkes", "", "", "", "", ""], "Nama Program"),
        (["1", "x" * 301, "", "", "", "", "", ""], "Nama Program"),
        (["1", "A", "", "", "", "", "lampiran", ""], "Hal"),
    ],
)
def test_a_wrong_row_says_which_cell(earlier, row, column):
    (line,) = lines_of(earlier, row)
    assert line.status == WRONG
    assert [title for title, _sentence in line.problems] == [column]


def test_money_that_cannot_be_read_is_kept_as_written(earlier):
    (line,) = lines_of(earlier, ["1", "A", "", "", "", "menyesuaikan APBD", "", ""])
    assert line.status == NEW
    assert line.values["money_text"] == "menyesuaikan APBD"
    assert "money_rupiah" not in line.values


@pytest.mark.parametrize(
    ("cell", "page"), [("45", 45), ("hlm. 45", 45), ("45-47", 45), (45.0, 45), ("", None), ("Bab IV hal 12", 12)]
)
def test_pages_are_read_as_people_write_them(cell, page):
    assert parse_page(cell) == page


@given(st.text(max_size=40))
def test_any_text_is_a_page_or_a_problem(text):
    try:
        page = parse_page(text)
    except ValueError:
        return
    assert page is None or 0 <= page <= 9_999


def test_a_decision_of_the_sheet_needs_its_reason(earlier):
    header = [*HEADER, "Tindak lanjut", "Alasan"]
    good, bad, go = lines_of(
        earlier, [*PLAIN, "Dihentikan", "Sudah ada layanan pusat"],
        ["2", *PLAIN[1:], "diubah", ""], ["3", *PLAIN[1:], "Dilanjutkan", ""], header=header,
    )  # fmt: skip
    assert (good.values["decision"], good.values["reason"]) == ("stop", "Sudah ada layanan pusat")
    assert bad.status == WRONG
    assert go.values["decision"] == "continue"


def test_equal_rows_come_in_once_and_unequal_ones_are_told_apart(earlier):
    first, same, other = lines_of(earlier, PLAIN, PLAIN, [*PLAIN[:6], "46", "Lain"])
    assert (first.status, same.status, other.status) == (NEW, THERE, WRONG)


def test_the_same_file_twice_changes_nothing(country, earlier, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        brought_in(earlier, country.coordinator, PLAIN)
    before = list(EarlierItem.objects.values())
    second = brought_in(earlier, country.coordinator, PLAIN)
    assert second.result == {"counts": {"there": 1}}
    assert list(EarlierItem.objects.values()) == before
    assert "1" in Notice.objects.get(user=country.operator).text


def test_a_mended_file_fills_gaps_and_overwrites_nothing(country, earlier):
    brought_in(earlier, country.coordinator, ["1", "A", "", "", "2019", "", "", ""])
    (line,) = lines_of(earlier, ["1", "A", "Dinkes", "", "2020", "", "12", ""])
    assert line.status == FILLS
    brought_in(earlier, country.coordinator, ["1", "A", "Dinkes", "", "2020", "", "12", ""])
    item = EarlierItem.objects.get()
    assert (item.organisation, item.source_page, item.years) == (country.health, 12, "2019")
    assert item.organisation_path == country.health.path


def test_what_was_taken_out_of_the_list_does_not_come_back_by_itself(country, earlier):
    brought_in(earlier, country.coordinator, PLAIN)
    EarlierItem.objects.update(withdrawn_at="2026-01-01T00:00Z")
    (line,) = lines_of(earlier, PLAIN)
    assert line.status == THERE


def test_a_sheet_is_applied_once(country, earlier):
    one = brought_in(earlier, country.coordinator, PLAIN)
    assert not actions.start_applying(one, by=country.coordinator)
    assert not actions.place_columns(one, {}, by=country.coordinator)


@pytest.mark.django_db(transaction=True)
def test_a_long_sheet_is_applied_by_the_worker(country, monkeypatch):
    monkeypatch.setattr(actions, "ROWS_IN_A_REQUEST", 1)
    one = brought_in(recorded(country), country.coordinator, PLAIN, ["2", *PLAIN[1:]])
    assert one.state == EarlierSheet.State.APPLYING
    perform_due()
    one.refresh_from_db()
    assert (one.state, EarlierItem.objects.count()) == (EarlierSheet.State.APPLIED, 2)


def test_wrong_rows_go_out_with_what_to_mend_and_come_back(country, earlier):
    one = actions.open_sheet(
        csv_file(PLAIN, ["2", "", "Dinkes", "", "", "", "", ""]), earlier=earlier, by=country.coordinator
    )
    table = actions.table_of(one)
    mapping = {title: key or "" for title, key in mapping_of(EARLIER_SHEET.propose_mapping(table.header)).items()}
    content = actions.wrong_rows(table, examine(table, mapping, earlier))
    again = read(SimpleUploadedFile("perbaikan.xlsx", content), "perbaikan.xlsx")
    assert again.header == HEADER
    assert len(again.rows) == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", png(), docx(), b"PK\x03\x04rusak", b"<html>", b"Nama Program\n"])
def test_what_is_no_sheet_is_refused_with_a_sentence(country, earlier, client_of, content):
    upload = SimpleUploadedFile("lama.xlsx", content)
    response = client_of(country.coordinator).post("/kabupaten-uji/masterplan-lama/lembar/", {"file": upload})
    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert not EarlierSheet.objects.exists()


def test_the_key_does_not_know_case_or_spaces():
    assert key_of({"title": "Antre  Daring", "number": "1"}) == key_of({"title": "antre daring ", "number": "1"})
