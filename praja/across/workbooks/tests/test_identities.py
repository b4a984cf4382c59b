"""A file is trusted in nothing: lost, swapped, foreign and repeated identities are refused with a sentence."""

import io

import openpyxl
import pytest

from praja.across.workbooks.tests.books import HEAD, Book, bring_in, given, judged, of
from praja.across.workbooks.verdicts import Status
from praja.foundation.audit.models import Event
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.models import State
from praja.stages.problems import actions as problems
from praja.stages.problems.models import Problem

PROBLEMS = "Permasalahan"


@pytest.fixture
def two(country):
    """Two drafts of the health agency."""
    return [
        problems.start(country.plan, by=country.operator, title=title, organisation=country.health)
        for title in ("Antre empat jam", "Obat habis")
    ]


@pytest.fixture
def book(country, two):
    """The workbook of the health agency with the two in rows 3 and 4."""
    return given(country.plan, country.operator)


def swap(book, title):
    """Exchange a cell of the two rows."""
    first, second = book.get(PROBLEMS, 3, title), book.get(PROBLEMS, 4, title)
    book.put_in(PROBLEMS, 3, title, second)
    book.put_in(PROBLEMS, 4, title, first)


def statuses(book, country, by=None):
    """{row: status} of the sheet of problems."""
    verdicts = judged(book, country.plan, by or country.operator)
    return {row.number: row.status for row in verdicts.rows if row.sheet == "problems"}


@pytest.mark.parametrize("title", ["id", "No.", PROBLEMS])
def test_swapped_identities_numbers_or_titles_are_refused(country, book, title):
    swap(book, title)
    assert statuses(book, country) == {3: Status.REFUSED, 4: Status.REFUSED}
    bring_in(book, country.plan, country.operator)
    assert not Event.objects.filter(verb="workbook").exists()


def test_sorted_rows_are_the_same_rows(country, book, two):
    for cell in book.sheet(PROBLEMS)[3]:
        other = book.sheet(PROBLEMS).cell(4, cell.column)
        cell.value, other.value = other.value, cell.value
    book.put(PROBLEMS, 3, Lokasi="Gudang")
    bring_in(book, country.plan, country.operator)
    two[1].refresh_from_db()
    assert (two[1].title, two[1].location) == ("Obat habis", "Gudang")


def test_a_row_that_stands_twice_alike_counts_once(country, book):
    _copy(book, 3, 10)
    verdicts = judged(book, country.plan, country.operator)
    assert {row.status for row in verdicts.rows} == {Status.UNCHANGED}
    assert "3" in of(verdicts, "problems", 10).sentence


def test_a_row_that_stands_twice_and_says_different_things_is_refused(country, book):
    _copy(book, 3, 10)
    book.put(PROBLEMS, 10, Lokasi="Lain")
    assert statuses(book, country) == {3: Status.REFUSED, 4: Status.UNCHANGED, 10: Status.REFUSED}


@pytest.mark.parametrize("identity", ["x", "01a20122-7bb2-72ac-be50-a74a84a2d0b6", "=1+1", "0" * 40])
def test_an_unknown_identity_is_refused(country, book, identity):
    book.put_in(PROBLEMS, 3, "id", identity)
    book.put_in(PROBLEMS, 3, "No.", None)
    book.put(PROBLEMS, 3, Lokasi="Lain")
    assert statuses(book, country)[3] == Status.REFUSED


def test_a_row_that_lost_its_identity_is_no_new_row(country, book):
    book.put_in(PROBLEMS, 3, "id", None)
    assert statuses(book, country)[3] == Status.REFUSED
    book.put_in(PROBLEMS, 3, "No.", None)
    assert statuses(book, country)[3] == Status.REFUSED
    bring_in(book, country.plan, country.operator)
    assert Problem.objects.count() == 2


def test_a_row_typed_outside_the_free_rows_comes_in_once(country, book):
    book.put(PROBLEMS, 900, Permasalahan="Air keruh", Lokasi="Hulu")
    for _time in range(2):
        bring_in(book, country.plan, country.operator)
    assert Problem.objects.filter(title="Air keruh").count() == 1
    assert statuses(book, country)[900] == Status.UNCHANGED


def test_a_typed_row_that_stands_twice_alike_comes_in_once(country, book):
    for row in (900, 901):
        book.put(PROBLEMS, row, Permasalahan="Air keruh", Lokasi="Hulu")
    assert statuses(book, country)[901] == Status.UNCHANGED
    bring_in(book, country.plan, country.operator)
    assert Problem.objects.filter(title="Air keruh").count() == 1


def test_a_title_that_the_agency_typed_on_the_page_meanwhile_is_not_doubled(country, book):
    problems.start(country.plan, by=country.operator, title="Air  keruh", organisation=country.health)
    book.put(PROBLEMS, 5, Permasalahan="air keruh")
    book.put(PROBLEMS, 6, Permasalahan="Jalan rusak")
    book.put(PROBLEMS, 7, Permasalahan="Jalan Rusak")
    assert statuses(book, country) | {} == {
        3: Status.UNCHANGED, 4: Status.UNCHANGED, 5: Status.REFUSED, 6: Status.NEW, 7: Status.REFUSED
    }  # fmt: skip


def test_a_new_row_for_another_agency_is_wrong(country, book):
    book.put_in(PROBLEMS, 5, PROBLEMS, "Halte rusak")
    book.put_in(PROBLEMS, 5, "Perangkat Daerah (OPD)", "Dinas Perhubungan")
    row = of(judged(book, country.plan, country.operator), "problems", 5)
    assert row.status == Status.WRONG
    assert "Dinas Perhubungan" in row.cells[-1].problem


def test_a_row_of_another_agency_is_refused_and_not_shown(country, two):
    secret = problems.start(country.plan, by=country.coordinator, title="Rahasia", organisation=country.transport)
    book = given(country.plan, country.coordinator)
    Problem.objects.filter(pk=secret.pk).update(location="hanya untuk Dishub", version=2)
    rows = {book.get(PROBLEMS, row, PROBLEMS): row for row in (3, 4, 5)}
    book.put(PROBLEMS, rows["Rahasia"], Lokasi="Selundupan")
    book.put(PROBLEMS, rows["Obat habis"], Lokasi="Gudang")
    verdicts, _result = bring_in(book, country.plan, country.operator)
    row = of(verdicts, "problems", rows["Rahasia"])
    assert (row.status, row.cells) == (Status.REFUSED, [])
    assert of(verdicts, "problems", rows["Obat habis"]).status == Status.CHANGED


def test_a_row_that_was_handed_in_is_the_coordinators_to_change(country, book, two):
    Problem.objects.filter(pk=two[0].pk).update(state=State.SUBMITTED, dimension=country.dimension("living"), version=2)
    assert statuses(book, country)[3] == Status.UNCHANGED
    book.put(PROBLEMS, 3, Lokasi="Lain")
    assert statuses(book, country)[3] == Status.REFUSED
    assert statuses(book, country, country.coordinator)[3] == Status.CHANGED
    book.put(PROBLEMS, 3, Dimensi=None)  # untouched: it was empty when it was handed out
    assert statuses(book, country, country.coordinator)[3] == Status.CHANGED


def test_a_withdrawn_row_rests(country, book, two):
    Problem.objects.filter(pk=two[0].pk).update(withdrawn_at=two[0].created_at, version=2)
    book.put(PROBLEMS, 3, Lokasi="Lain")
    assert statuses(book, country)[3] == Status.REFUSED


def test_a_workbook_of_another_agency_plan_or_guide_is_refused(country, book):
    stranger = judged(book, country.plan, country.neighbour)
    assert stranger.refusal
    assert not stranger.rows
    assert judged(book, country.neighbour_plan, country.ministry_admin).refusal
    Plan.objects.filter(pk=country.plan.pk).update(guide_version="2021")
    country.plan.refresh_from_db()
    assert judged(book, country.plan, country.operator).refusal


def test_sheets_of_two_workbooks_in_one_file_are_refused(country, book):
    other = given(country.plan, country.operator)
    sheet = other.sheet("Faktor penyebab")
    target = book.sheet("Faktor penyebab")
    for row in sheet.iter_rows():
        for cell in row:
            target.cell(cell.row, cell.column).value = cell.value
    assert judged(book, country.plan, country.operator).refusal


def test_renamed_and_reordered_sheets_and_columns_do_no_harm(country, book, two):
    sheet = book.sheet(PROBLEMS)
    book.put(PROBLEMS, 3, Lokasi="Gudang")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    file = openpyxl.Workbook()
    file.active.title = "Sheet1 (2)"
    for row in rows:
        file.active.append(list(reversed(row)))
    target = io.BytesIO()
    file.save(target)
    verdicts, _result = bring_in(target.getvalue(), country.plan, country.operator)
    assert {cell.key for row in verdicts.rows for cell in row.cells} == {"location"}
    two[0].refresh_from_db()
    assert two[0].location == "Gudang"


def test_missing_and_unknown_columns_are_named_and_change_nothing(country, book, two):
    Problem.objects.filter(pk=two[0].pk).update(location="Muarajaya")
    book = given(country.plan, country.operator)
    place = book.column(PROBLEMS, "Lokasi")
    book.sheet(PROBLEMS).cell(HEAD, place).value = "Tempat"
    verdicts = judged(book, country.plan, country.operator)
    assert {row.status for row in verdicts.rows} == {Status.UNCHANGED}
    assert any("Lokasi" in note for note in verdicts.notes)
    assert any("Tempat" in note for note in verdicts.notes)


def test_a_file_without_identities_makes_new_rows_and_doubles_none(country, book):
    book.sheet(PROBLEMS).delete_cols(book.column(PROBLEMS, "id"))
    book.put(PROBLEMS, 5, Permasalahan="Air keruh")
    for name in book.file.sheetnames:
        if name != PROBLEMS:
            del book.file[name]
    found = statuses(book, country)
    assert found == {3: Status.REFUSED, 4: Status.REFUSED, 5: Status.NEW}
    bring_in(book, country.plan, country.operator)
    assert statuses(book, country)[5] == Status.UNCHANGED
    assert Problem.objects.count() == 3


@pytest.mark.parametrize("data", [b"", b"PK", b"\x00" * 100, b"%PDF-1.7", b"a,b\n1,2\n", b"<html>"])
def test_what_is_no_workbook_of_ours_is_refused_with_a_sentence(country, data):
    verdicts = judged(data, country.plan, country.operator)
    assert verdicts.refusal
    assert not verdicts.rows


def test_two_copies_of_one_workbook_never_undo_each_other(country, book, two):
    first, second = Book(book.data()), Book(book.data())
    first.put(PROBLEMS, 3, Lokasi="Dari salinan pertama")
    second.put(PROBLEMS, 3, Satuan="menit")
    bring_in(first, country.plan, country.operator)
    bring_in(second, country.plan, country.operator)
    two[0].refresh_from_db()
    assert (two[0].location, two[0].unit) == ("Dari salinan pertama", "menit")


def _copy(book, source, target):
    for cell in book.sheet(PROBLEMS)[source]:
        book.sheet(PROBLEMS).cell(target, cell.column).value = cell.value
