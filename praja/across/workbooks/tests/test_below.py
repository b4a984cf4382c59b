"""Causes, money, indicators and partners travel as rows of their own, with their own identities."""

import pytest

from praja.across.workbooks.applying import apply, wrong_rows
from praja.across.workbooks.tests.books import Book, bring_in, given, judged, of, said
from praja.across.workbooks.verdicts import Status
from praja.foundation.audit.models import Event
from praja.foundation.plans.models import BudgetLine, Indicator, IndicatorTarget
from praja.stages.innovations import actions as innovations
from praja.stages.innovations.models import Innovation, Partner
from praja.stages.problems import actions as problems
from praja.stages.problems.models import Cause

PROBLEMS, CAUSES, INNOVATIONS = "Permasalahan", "Faktor penyebab", "Inovasi"
MONEY, INDICATORS, PARTNERS = "Rincian pagu anggaran", "Indikator", "Mitra"


@pytest.fixture
def innovation(country):
    """A draft of the health agency with one of everything below it."""
    row = innovations.start(country.plan, by=country.operator, title="Antre pintar", organisation=country.health)
    BudgetLine.objects.create(
        innovation=row, year=2027, source="apbd_region", amount_rupiah=1_500_000_000, note="Server"
    )
    indicator = Indicator.objects.create(
        innovation=row, name="Waktu tunggu", unit="menit", baseline="240.5", baseline_year=2025
    )
    IndicatorTarget.objects.create(indicator=indicator, year=2027, value="60")
    Partner.objects.create(innovation=row, name="Universitas Uji", kind="academia")
    return row


@pytest.fixture
def book(country, innovation):
    """Its workbook, with each of them in row 3 of its sheet."""
    return given(country.plan, country.operator)


def test_an_untouched_workbook_with_everything_changes_nothing(country, book):
    verdicts, _result = bring_in(book, country.plan, country.operator)
    assert [(row.sheet, row.status) for row in verdicts.rows] == [
        (name, Status.UNCHANGED) for name in ("innovations", "budget", "indicators", "partners")
    ]


def test_lines_below_change_in_one_line_of_history_and_raise_the_version(country, book, innovation):
    book.put(MONEY, 3, Jumlah="2 miliar")
    book.put_in(INDICATORS, 3, "Target 2027", None)
    book.put_in(INDICATORS, 3, "Target 2028", "30,5")
    book.put(PARTNERS, 3, Kontribusi="Riset")
    _verdicts, result = bring_in(book, country.plan, country.operator)
    assert not result.left
    assert BudgetLine.objects.get().amount_rupiah == 2_000_000_000
    assert list(IndicatorTarget.objects.values_list("year", "value")) == [(2028, "30.5")]
    assert Partner.objects.get().contribution == "Riset"
    event = Event.objects.get(verb="workbook")
    assert set(event.changes) == {"money", "indicators", "partners"}
    assert "Rp2.000.000.000" in event.changes["money"][1][0]
    version = innovation.version
    innovation.refresh_from_db()
    assert innovation.version == version + 1
    assert {row.status for row in judged(book, country.plan, country.operator).rows} == {Status.UNCHANGED}


def test_a_line_changed_on_both_sides_is_a_conflict(country, book):
    book.put(MONEY, 3, Jumlah="2 miliar")
    BudgetLine.objects.update(amount_rupiah=3_000_000_000, version=2)
    verdicts, result = bring_in(book, country.plan, country.operator)
    assert said(of(verdicts, "budget", 3)) == {"amount_rupiah": ("conflict", "2 miliar", "3.000.000.000")}
    assert ("budget", 3) in result.left


def test_the_page_saving_meanwhile_leaves_the_rows_below_alone(country, book, innovation):
    book.put(MONEY, 3, Jumlah="2 miliar")
    verdicts = judged(book, country.plan, country.operator)
    Innovation.objects.filter(pk=innovation.pk).update(version=9)
    result = apply(verdicts, plan=country.plan, by=country.operator, chosen={("budget", 3)})
    assert set(result.left) == {("budget", 3)}
    assert BudgetLine.objects.get().amount_rupiah == 1_500_000_000


def test_new_lines_find_their_row_by_number_or_title(country, book, innovation):
    number = book.sheet(MONEY).cell(2, 2).value.removesuffix(" *")
    for row, above in ((4, str(innovation.pk)), (5, "antre pintar")):
        book.put_in(MONEY, row, number, above)
        book.put(MONEY, row, Tahun="2028", Sumber="APBN", Jenis="Operasional", Jumlah="5 juta")
    verdicts, result = bring_in(book, country.plan, country.operator)
    assert not result.left
    assert innovation.budget_lines.filter(amount_rupiah=5_000_000, stage="indicative").count() == 2
    assert "Dinas Kesehatan" in of(verdicts, "budget", 4).agency


@pytest.mark.parametrize("above", [None, "99", "B7"])
def test_a_new_line_without_its_row_is_wrong(country, book, above):
    book.put_in(MONEY, 4, book.sheet(MONEY).cell(2, 2).value.removesuffix(" *"), above)
    book.put(MONEY, 4, Tahun="2028", Sumber="APBN", Jenis="Operasional", Jumlah="5 juta")
    row = of(judged(book, country.plan, country.operator), "budget", 4)
    assert row.status == Status.WRONG
    assert row.cells[-1].key == "parent"


def test_a_line_cannot_move_to_another_row(country, book):
    book.put_in(MONEY, 3, book.sheet(MONEY).cell(2, 2).value.removesuffix(" *"), "B1")
    assert of(judged(book, country.plan, country.operator), "budget", 3).status == Status.WRONG


def test_a_line_taken_away_on_the_page_stays_away(country, book, innovation):
    line = BudgetLine.objects.get()
    BudgetLine.objects.update(withdrawn_at=line.created_at, version=2)
    assert of(judged(book, country.plan, country.operator), "budget", 3).status == Status.UNCHANGED
    book.put(MONEY, 3, Jumlah="2 miliar")
    assert of(judged(book, country.plan, country.operator), "budget", 3).status == Status.REFUSED


def test_an_innovation_answers_a_problem_that_is_new_in_the_same_workbook(country, book):
    book.put_in(PROBLEMS, 3, PROBLEMS, "Antre empat jam")
    book.put_in(INNOVATIONS, 3, "Permasalahan yang dijawab", "B1")
    _verdicts, result = bring_in(book, country.plan, country.operator)
    assert not result.left
    assert Innovation.objects.get().problems.get().title == "Antre empat jam"
    assert {row.status for row in judged(book, country.plan, country.operator).rows} == {Status.UNCHANGED}


def test_an_innovation_waits_for_the_problem_it_points_to(country, book):
    book.put_in(PROBLEMS, 3, PROBLEMS, "Antre empat jam")
    book.put_in(INNOVATIONS, 3, "Permasalahan yang dijawab", "B1")
    verdicts = judged(book, country.plan, country.operator)
    result = apply(verdicts, plan=country.plan, by=country.operator, chosen={("innovations", 3)})
    assert set(result.left) == {("innovations", 3)}
    assert not Innovation.objects.get().problems.exists()


def test_a_problem_of_another_agency_is_answered_once_it_was_accepted(country, innovation):
    other = problems.start(country.plan, by=country.coordinator, title="Macet", organisation=country.transport)
    book = given(country.plan, country.operator)
    book.put_in(INNOVATIONS, 3, "Permasalahan yang dijawab", str(other.pk))
    assert of(judged(book, country.plan, country.operator), "innovations", 3).status == Status.WRONG
    type(other).objects.filter(pk=other.pk).update(state="accepted", dimension=country.dimension("living"))
    assert of(judged(book, country.plan, country.operator), "innovations", 3).status == Status.CHANGED


def test_causes_keep_their_tree_when_rows_are_sorted_and_put_in_between(country):
    problem = problems.start(country.plan, by=country.operator, title="Antre", organisation=country.health)
    first = Cause.objects.create(problem=problem, text="Loket sedikit", kind="infrastructure", order=0)
    Cause.objects.create(problem=problem, text="Tidak ada gedung", kind="budget", order=1, parent=first)
    Cause.objects.create(problem=problem, text="Data ganda", kind="data", order=2)
    book = given(country.plan, country.operator)
    sheet = book.sheet(CAUSES)
    for cell in sheet[3]:
        other = sheet.cell(5, cell.column)
        cell.value, other.value = other.value, cell.value
    book.put_in(CAUSES, 6, sheet.cell(2, 2).value.removesuffix(" *"), str(problem.pk))
    book.put(
        CAUSES,
        6,
        Faktor_penyebab="Dana lambat",
        Jenis_penyebab="Anggaran",
        Letak="Di balik itu (mengapa ketiga)",
        Urutan="2",
    )
    assert "Letak" in {str(cell.value) for cell in sheet[2]}
    verdicts, result = bring_in(book, country.plan, country.operator)
    assert not result.left, [(row.sentence, row.cells) for row in verdicts.rows]
    tree = list(problem.causes.order_by("order").values_list("text", "parent__text"))
    assert tree == [
        ("Loket sedikit", None), ("Tidak ada gedung", "Loket sedikit"), ("Dana lambat", "Tidak ada gedung"), ("Data ganda", None),
    ]  # fmt: skip
    assert {row.status for row in judged(book, country.plan, country.operator).rows} == {Status.UNCHANGED}


def test_wrong_rows_come_back_as_a_workbook_that_can_be_mended(country, book, innovation):
    book.put(MONEY, 3, Jumlah="banyak")
    book.put(INNOVATIONS, 4, Nama="Inovasi baru", Tahun_awal="2030", Tahun_akhir="2029")
    verdicts = judged(book, country.plan, country.operator)
    rows = {(row.sheet, row.number) for row in verdicts.rows if row.status == Status.WRONG}
    assert rows == {("budget", 3), ("innovations", 4)}
    mend = Book(wrong_rows(verdicts, rows=rows))
    assert "banyak" in str(mend.sheet(MONEY).cell(3, 2).value)
    mend.put(MONEY, 3, Jumlah="2 miliar")
    mend.put(INNOVATIONS, 3, Tahun_akhir="2031")
    _verdicts, result = bring_in(mend, country.plan, country.operator)
    assert len(result.applied) == 2, result
    assert BudgetLine.objects.get().amount_rupiah == 2_000_000_000
    assert Innovation.objects.get(title="Inovasi baru").end_year == 2031
    mended = {
        row.number: row.status
        for row in judged(book, country.plan, country.operator).rows
        if row.sheet == "innovations"
    }
    assert Innovation.objects.count() == 2, mended
