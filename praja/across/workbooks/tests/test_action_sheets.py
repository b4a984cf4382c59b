"""Actions in workbooks: out and back unchanged, new ones with their money, and what is refused with a sentence."""

import datetime

import pytest
from django.utils.translation import override

from praja.across.workbooks.applying import apply
from praja.across.workbooks.making import entry_sheets
from praja.across.workbooks.tests.books import bring_in, given, judged, of
from praja.across.workbooks.verdicts import Status
from praja.foundation.plans.models import BudgetLine, Deadline, Indicator
from praja.foundation.remarks.models import Remark
from praja.stages.innovations.models import Innovation
from praja.stages.roadmap import actions, circles, figures
from praja.stages.roadmap.models import Action, ActionStage, Dependency
from praja.stages.roadmap.numbering import place_of
from praja.stages.roadmap.tests.making import accepted, started, strategy_of


class Sheets:
    """A workbook of an operator, written and read by the keys of sheets and columns."""

    def __init__(self, country, by=None):
        self.country, self.by = country, by or country.operator
        with override("id"):
            self.sheets = entry_sheets(country.plan, self.by)
            self.titles = {key: str(sheet.title) for key, sheet in self.sheets.items()}
            self.above = {key: str(getattr(sheet, "parent_title", "")) for key, sheet in self.sheets.items()}
        self.book = given(country.plan, self.by)

    def row_of(self, sheet, number):
        """The row with this number in its first column."""
        rows = self.book.sheet(self.titles[sheet]).iter_rows(min_row=3, max_col=1, values_only=True)
        return next(place for place, (said,) in enumerate(rows, start=3) if str(said) == str(number))

    def put(self, sheet, number, above=None, **texts):
        """Write cells of the row with this number."""
        row = self.row_of(sheet, number)
        if above is not None:
            self.book.put_in(self.titles[sheet], row, self.above[sheet], above)
        for key, text in texts.items():
            self.book.put_in(self.titles[sheet], row, self.sheets[sheet].by_key[key].title, text)
        return row

    def get(self, sheet, number, key):
        """Read one cell."""
        return self.book.get(self.titles[sheet], self.row_of(sheet, number), self.sheets[sheet].by_key[key].title)

    def bring_in(self):
        """Judge and apply."""
        return bring_in(self.book, self.country.plan, self.by)

    def verdict(self, sheet, number):
        """The verdict on a row."""
        return of(judged(self.book, self.country.plan, self.by), sheet, self.row_of(sheet, number))


@pytest.fixture
def innovation(country):
    """An accepted innovation with money and an action in which everything is filled in."""
    innovation = accepted(country, amounts=[10_000])
    first, second = started(country, innovation), started(country, title="Melatih petugas")
    ActionStage.objects.create(action=first, year=2027, phase="running", milestone="Dipakai")
    Dependency.objects.create(action=first, needs=second)
    Indicator.objects.create(action=first, name="Pengguna", unit="orang").targets.create(year=2028, value="12.5")
    Action.objects.filter(pk=first.pk).update(budget_code="1.02.02", family="application", start_year=2026)
    return innovation


def test_before_the_action_plan_has_begun_nobody_is_asked(country):
    assert "actions" not in entry_sheets(country.plan, country.operator)
    strategy_of(country)
    assert "actions" in entry_sheets(country.plan, country.operator)


def test_an_untouched_workbook_with_actions_changes_nothing(country, innovation):
    verdicts, result = Sheets(country).bring_in()
    assert {row.status for row in verdicts.rows} == {Status.UNCHANGED}
    assert {row.sheet for row in verdicts.rows} == {
        "innovations", "actions", "phases", "needs", "action_budget", "action_indicators",
    }  # fmt: skip
    assert not result.left
    assert Action.objects.get(innovation=innovation).version == 1


def test_a_new_action_of_an_innovation_takes_its_money_over(country):
    innovation = accepted(country, amounts=[10_000])
    strategy_of(country)
    sheets = Sheets(country)
    sheets.put("actions", "B1", title="Membangun aplikasi", innovation=f"{innovation.pk} Antre", start_year=2026)
    sheets.put("action_budget", "B1", "B1", year=2028, source="APBN", kind=sheets.sheets["action_budget"].by_key["kind"].labels[0], amount_rupiah=500)  # fmt: skip
    _verdicts, result = sheets.bring_in()
    assert not result.left
    action = Action.objects.get()
    assert (action.code, action.innovation, action.organisation) == ("LIV-1.1", innovation, country.health)
    assert set(BudgetLine.objects.values_list("innovation", "action")) == {(innovation.pk, action.pk)}
    assert figures.money(country.plan).total == 10_500


def test_lines_below_an_action_change(country, innovation):
    action, other = Action.objects.order_by("pk")
    sheets = Sheets(country)
    sheets.put("phases", ActionStage.objects.get().pk, milestone="Dipakai semua puskesmas")
    sheets.put(
        "phases", "B1", action.code and action.pk, year=2030, phase=sheets.sheets["phases"].by_key["phase"].labels[0]
    )
    sheets.put("action_indicators", Indicator.objects.get().pk, target_2028="15")
    sheets.put("action_budget", BudgetLine.objects.get().pk, amount_rupiah=12_000)
    sheets.put("actions", other.pk, code="RA-7")
    _verdicts, result = sheets.bring_in()
    assert not result.left
    assert ActionStage.objects.filter(action=action).count() == 2
    assert Indicator.objects.get().targets.get().value == "15"
    assert list(BudgetLine.objects.values_list("amount_rupiah", "action", "innovation")) == [
        (12_000, action.pk, innovation.pk)
    ]
    assert Action.objects.get(pk=other.pk).code == "RA-7"


def test_money_that_stands_at_an_action_is_not_on_the_sheet_of_the_innovation(country, innovation):
    country.operator = country.coordinator  # an accepted innovation is with the secretariat
    sheets = Sheets(country)
    with pytest.raises(StopIteration):
        sheets.row_of("budget", BudgetLine.objects.get().pk)
    sheets.put("budget", "B1", innovation.pk, year=2028, source="APBN", kind="Operasional", amount_rupiah=500)
    verdict = sheets.verdict("budget", "B1")
    assert verdict.status == Status.REFUSED
    assert BudgetLine.objects.count() == 1


def test_a_workbook_from_before_the_first_action_leaves_the_money_where_it_stands(country):
    innovation = accepted(country, amounts=[10_000])
    strategy_of(country)
    sheets = Sheets(country, by=country.coordinator)
    sheets.put("budget", BudgetLine.objects.get().pk, amount_rupiah=99)
    action = started(country, innovation)
    assert sheets.verdict("budget", BudgetLine.objects.get().pk).status == Status.REFUSED
    sheets.bring_in()
    assert list(BudgetLine.objects.values_list("amount_rupiah", "action")) == [(10_000, action.pk)]


def test_a_first_action_begun_between_preview_and_storing_leaves_the_row(country):
    innovation = accepted(country, amounts=[10_000])
    strategy_of(country)
    sheets = Sheets(country, by=country.coordinator)
    row = sheets.put("budget", BudgetLine.objects.get().pk, amount_rupiah=99)
    verdicts = judged(sheets.book, country.plan, country.coordinator)
    started(country, innovation)
    result = bring_in_judged(verdicts, country, {("budget", row)})
    assert ("budget", row) in result.left
    assert BudgetLine.objects.get().amount_rupiah == 10_000


def bring_in_judged(verdicts, country, chosen):
    return apply(verdicts, plan=country.plan, by=country.coordinator, chosen=chosen)


def test_an_action_stays_with_its_innovation_and_codes_are_taken_once(country, innovation):
    other = accepted(country, "Lain")
    first, second = Action.objects.order_by("pk")
    sheets = Sheets(country)
    sheets.put("actions", first.pk, innovation=f"{other.pk} Lain")
    sheets.put("actions", second.pk, code=first.code.lower())
    sheets.put("actions", "B1", title="Satu", code="X-1")
    sheets.put("actions", "B2", title="Dua", code="x-1")
    verdicts = judged(sheets.book, country.plan, country.operator)
    wrong = {
        row.title: [cell.key for cell in row.cells if cell.problem] for row in verdicts.rows if row.sheet == "actions"
    }
    assert wrong == {first.title: ["innovation"], second.title: ["code"], "Satu": [], "Dua": ["code"]}


def test_an_action_goes_to_another_agency_with_its_remarks_as_on_its_page(country, innovation):
    action = Action.objects.order_by("pk").first()
    Remark.objects.create(
        subject="roadmap.action", subject_id=action.pk, text="Periksa", organisation_path=action.organisation_path
    )
    sheets = Sheets(country, by=country.coordinator)
    sheets.put("actions", action.pk, organisation="Dinas Perhubungan", code="LIV-9.99")
    sheets.bring_in()
    action.refresh_from_db()
    assert (action.organisation, action.organisation_path) == (country.transport, country.transport.organisation_path)
    assert Remark.objects.get().organisation_path == country.transport.organisation_path
    assert action.order == place_of("LIV-9.99", action.sub_dimension)
    operator = Sheets(country)
    other = Action.objects.filter(organisation=country.health).first()
    operator.put("actions", other.pk, organisation="Dinas Perhubungan")
    assert operator.verdict("actions", other.pk).status == Status.WRONG  # nor does the page offer it


@pytest.mark.parametrize("text", ["RA-1 Melatih petugas", "RA-1"])
def test_needs_are_named_by_code_and_close_no_circle(country, innovation, text):
    first, second = Action.objects.order_by("pk")
    third = started(country, title="Sosialisasi")
    sheets = Sheets(country)
    sheets.put("needs", "B1", third.pk, needs=text)
    sheets.put("needs", "B2", second.pk, needs=third.code)
    verdicts, _result = sheets.bring_in()
    assert of(verdicts, "needs", sheets.row_of("needs", "B1")).status == Status.NEW
    refused = of(verdicts, "needs", sheets.row_of("needs", "B2"))
    assert refused.status == Status.REFUSED
    assert "RA-1 → RA-2 → RA-1" in refused.sentence
    assert circles.needs_of(country.plan) == {first.pk: {second.pk}, third.pk: {second.pk}}


def test_a_circle_closed_meanwhile_stores_nothing(country, innovation):
    second = Action.objects.last()
    third = started(country, title="Sosialisasi")
    sheets = Sheets(country)
    row = sheets.put("needs", "B1", third.pk, needs=second.code)
    verdicts = judged(sheets.book, country.plan, country.operator)
    Dependency.objects.create(action=second, needs=third)
    result = bring_in_judged(verdicts, country, {("needs", row)})
    assert ("needs", row) in result.left
    assert Dependency.objects.count() == 2


@pytest.mark.parametrize(("key", "text"), [("start_year", "2099"), ("budget_code", "1.2.3"), ("organisation", "Dishub"), ("innovation", "999999"), ("family", "lain-lain")])  # fmt: skip
def test_wrong_cells_have_the_sentence_of_the_page(country, innovation, key, text):
    sheets = Sheets(country)
    sheets.put("actions", "B1", title="Baru", **{key: text})
    verdict = sheets.verdict("actions", "B1")
    assert verdict.status == Status.WRONG
    assert [cell.key for cell in verdict.cells if cell.problem] == [key]


def test_after_the_stage_has_closed_rows_of_the_agency_rest(country, innovation):
    sheets = Sheets(country)
    action = Action.objects.first()
    sheets.put("actions", action.pk, output="Aplikasi")
    sheets.put("actions", "B1", title="Baru")
    Deadline.objects.create(
        plan=country.plan, stage="roadmap", closes_on=country.plan.today - datetime.timedelta(days=1)
    )
    country.plan.__dict__.pop("windows")  # as the next request reads it
    assert sheets.verdict("actions", action.pk).status == Status.REFUSED
    assert sheets.verdict("actions", "B1").status == Status.WRONG
    sheets.by = country.coordinator
    assert sheets.verdict("actions", action.pk).status == Status.CHANGED


def test_withdrawing_gives_the_money_back_to_the_sheet_of_the_innovation(country):
    innovation = accepted(country, amounts=[10_000])
    strategy_of(country)
    action = started(country, innovation)
    actions.withdraw(action, by=country.operator, version=action.version)
    sheets = Sheets(country, by=country.coordinator)
    assert sheets.row_of("budget", BudgetLine.objects.get().pk)
    assert Innovation.objects.get().actions.filter(withdrawn_at=None).count() == 0
