"""What comes back is compared three ways: what was handed out, what the file says, what Praja says now."""

import pytest

from praja.across.workbooks.tests.books import bring_in, given, judged, of, said
from praja.across.workbooks.verdicts import Status
from praja.foundation.audit.models import Event
from praja.stages.problems import actions as problems
from praja.stages.problems.models import Cause, Problem

PROBLEMS, CAUSES, INNOVATIONS = "Permasalahan", "Faktor penyebab", "Inovasi"
MONEY, INDICATORS, PARTNERS = "Rincian pagu anggaran", "Indikator", "Mitra"


@pytest.fixture
def problem(country):
    """A draft of the health agency."""
    row = problems.start(country.plan, by=country.operator, title="Antre empat jam", organisation=country.health)
    Problem.objects.filter(pk=row.pk).update(affected="Pasien", location="Muarajaya")
    row.refresh_from_db()
    return row


@pytest.fixture
def book(country, problem):
    """The workbook of the health agency with that problem in row 3 and free rows below it."""
    return given(country.plan, country.operator)


def change(row, **values):
    """As the page would: another version."""
    type(row).objects.filter(pk=row.pk).update(version=row.version + 1, **values)
    row.refresh_from_db()


def test_an_untouched_workbook_changes_nothing(country, book):
    verdicts, _result = bring_in(book, country.plan, country.operator)
    assert {row.status for row in verdicts.rows} == {Status.UNCHANGED}
    assert not Event.objects.filter(verb="workbook").exists()
    assert not verdicts.refusal
    assert not verdicts.notes


def test_a_changed_cell_is_written_with_history_and_version(country, book, problem):
    book.put(PROBLEMS, 3, Lokasi="Tujuh desa")
    verdicts, _result = bring_in(book, country.plan, country.operator)
    assert said(of(verdicts, "problems", 3)) == {"location": ("changed", "Tujuh desa", "Muarajaya")}
    before = problem.version
    problem.refresh_from_db()
    assert (problem.location, problem.affected, problem.version) == ("Tujuh desa", "Pasien", before + 1)
    event = Event.objects.get(verb="workbook")
    assert event.changes == {"location": ["Muarajaya", "Tujuh desa"]}
    assert event.by == country.operator
    assert event.organisation_path == problem.organisation_path


def test_different_cells_merge(country, book, problem):
    book.put(PROBLEMS, 3, Lokasi="Tujuh desa")
    change(problem, affected="Keluarga nelayan")
    bring_in(book, country.plan, country.operator)
    problem.refresh_from_db()
    assert (problem.location, problem.affected) == ("Tujuh desa", "Keluarga nelayan")


def test_the_same_cell_changed_on_both_sides_is_a_conflict(country, book, problem):
    book.put(PROBLEMS, 3, Lokasi="Tujuh desa")
    change(problem, location="Delapan desa", updated_by=country.coordinator)
    verdicts, result = bring_in(book, country.plan, country.operator)
    row = of(verdicts, "problems", 3)
    assert row.status == Status.CONFLICT
    assert (row.cells[0].base, row.cells[0].mine, row.cells[0].theirs) == ("Muarajaya", "Tujuh desa", "Delapan desa")
    assert row.changed_by == "Budi Koordinator"
    assert ("problems", 3) in result.left
    problem.refresh_from_db()
    assert problem.location == "Delapan desa"


@pytest.mark.parametrize(("answer", "stays"), [("mine", "Tujuh desa"), ("theirs", "Delapan desa")])
def test_an_answer_decides_and_the_file_says_nothing_new_after_it(country, book, problem, answer, stays):
    book.put(PROBLEMS, 3, Lokasi="Tujuh desa")
    change(problem, location="Delapan desa")
    _verdicts, result = bring_in(book, country.plan, country.operator, {("problems", 3, "location"): answer})
    assert result.applied == {("problems", 3)}
    problem.refresh_from_db()
    assert problem.location == stays
    assert {row.status for row in judged(book, country.plan, country.operator).rows} == {Status.UNCHANGED}


def test_both_saying_the_same_is_no_conflict(country, book, problem):
    book.put(PROBLEMS, 3, Lokasi="Tujuh desa")
    change(problem, location="Tujuh desa")
    assert of(judged(book, country.plan, country.operator), "problems", 3).status == Status.UNCHANGED


def test_an_emptied_cell_is_a_change_to_empty(country, book, problem):
    book.put(PROBLEMS, 3, Lokasi=None)
    verdicts, _result = bring_in(book, country.plan, country.operator)
    assert said(of(verdicts, "problems", 3)) == {"location": ("changed", "", "Muarajaya")}
    problem.refresh_from_db()
    assert problem.location == ""


def test_a_row_emptied_as_a_whole_deletes_nothing(country, book, problem):
    for cell in book.sheet(PROBLEMS)[3][1:-1]:
        cell.value = None
    verdicts, _result = bring_in(book, country.plan, country.operator)
    assert not verdicts.rows
    assert any("1" in note for note in verdicts.notes)
    problem.refresh_from_db()
    assert problem.location == "Muarajaya"


def test_a_new_row_comes_in_once_however_often_the_file_does(country, book):
    book.put(PROBLEMS, 4, Permasalahan="Air keruh", Dimensi="Smart Living")
    for _time in range(3):
        bring_in(book, country.plan, country.operator)
    row = Problem.objects.get(title="Air keruh")
    assert (row.organisation, row.organisation_path) == (country.health, country.health.path)
    assert (row.dimension.key, row.state, row.version, row.created_by) == ("living", "draft", 1, country.operator)
    assert Event.objects.filter(verb="workbook").count() == 1


def test_a_new_row_changed_on_the_page_later_stays_when_the_same_file_comes_again(country, book):
    book.put(PROBLEMS, 4, Permasalahan="Air keruh")
    bring_in(book, country.plan, country.operator)
    change(Problem.objects.get(title="Air keruh"), title="Air bau")
    verdicts, _result = bring_in(book, country.plan, country.operator)
    row = of(verdicts, "problems", 4)
    assert row.status == Status.UNCHANGED
    assert (row.cells[0].mine, row.cells[0].theirs, bool(row.cells[0].problem)) == ("Air keruh", "Air bau", True)
    assert Problem.objects.filter(title="Air bau").exists()


def test_rows_below_a_new_row_come_in_with_it(country, book):
    book.put(PROBLEMS, 4, Permasalahan="Air keruh")
    for row, text, depth in (
        (3, "Pipa tua", "Penyebab langsung"),
        (4, "Tidak ada anggaran", "Di balik penyebab langsung di atas"),
    ):
        book.put_in(CAUSES, row, book.sheet(CAUSES).cell(2, 2).value.removesuffix(" *"), "B1")
        book.put(CAUSES, row, Faktor_penyebab=text, Jenis_penyebab="Infrastruktur", Letak=depth)
    _verdicts, result = bring_in(book, country.plan, country.operator)
    assert not result.left
    first, second = Cause.objects.order_by("order")
    assert (first.text, first.problem.title, first.parent) == ("Pipa tua", "Air keruh", None)
    assert (second.text, second.parent) == ("Tidak ada anggaran", first)
    assert {row.status for row in judged(book, country.plan, country.operator).rows} == {Status.UNCHANGED}


def test_a_new_row_in_the_workbook_of_an_agency_is_its_own_whoever_brings_it(country):
    book = given(country.plan, country.coordinator, country.health)
    book.put(INNOVATIONS, 3, Nama="Antre dari Rumah")
    verdict = of(judged(book, country.plan, country.coordinator), "innovations", 3)
    assert (verdict.status, verdict.agency) == (Status.NEW, "Dinas Kesehatan")
