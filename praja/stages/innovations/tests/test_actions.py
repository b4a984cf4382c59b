"""How an innovation is written, judged, moved, assigned and kept."""

import pytest
from django.http import QueryDict

from praja.foundation.accounts.models import Affair
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.evidence.actions import attach, detach
from praja.foundation.evidence.models import Evidence
from praja.foundation.plans.models import BudgetLine, Indicator, IndicatorTarget
from praja.foundation.workflow import withdrawal
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations import actions
from praja.stages.innovations.forms import IdentityForm, IndicatorsForm, LawForm, MoneyForm
from praja.stages.innovations.models import Innovation, Unplaced
from praja.stages.innovations.steps import is_outside_affairs, missing_before_submission
from praja.stages.problems.models import Problem


def started(country, title="Antre dari Rumah"):
    return actions.start(country.plan, by=country.operator, title=title, organisation=country.health)


def typed(**values):
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


def lines(prefix, *rows):
    values = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        values |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return typed(**values)


def saved(form_class, data, innovation, by):
    innovation.refresh_from_db()
    form = form_class(data, instance=innovation, user=by)
    assert form.is_valid(), [form.errors, *(rows.formset.errors for rows in form.child_rows)]
    actions.save(form, by=by, version=innovation.version)
    innovation.refresh_from_db()
    return innovation


def complete(country, **values):
    innovation = started(country)
    living = country.dimension("living")
    fields = {
        "dimension": living,
        "sub_dimension": living.sub_dimensions.first(),
        "is_it": False,
        "summary": "Pendaftaran lewat kader desa.",
        "goal": "Waktu tunggu turun.",
        "beneficiaries": "Pasien puskesmas",
        "design": "Kader mencatat, petugas memanggil.",
        **values,
    }
    Innovation.objects.filter(pk=innovation.pk).update(**fields)
    innovation = Innovation.objects.get(pk=innovation.pk)
    innovation.problems.add(Problem.objects.create(plan=country.plan, organisation=country.health, title="Antrean"))
    BudgetLine.objects.create(innovation=innovation, year=2026, source="apbd_region", amount_rupiah=0)
    indicator = Indicator.objects.create(innovation=innovation, name="Waktu tunggu", unit="menit")
    IndicatorTarget.objects.create(indicator=indicator, year=2026, value="60")
    return innovation


def test_a_draft_needs_only_a_title(country):
    innovation = started(country)
    assert innovation.state == "draft"
    assert len(missing_before_submission(innovation)) == 9


def test_a_complete_innovation_is_submitted(country):
    innovation = complete(country)
    actions.take_step(innovation, "submit", by=country.operator)
    assert Innovation.objects.get().state == "submitted"


def test_money_is_read_as_people_write_it(country):
    innovation = started(country)
    line = {"year": "2026", "source": "apbd_region", "kind": "operation", "stage": "dpa", "amount_rupiah": "Rp 1,5 M"}
    saved(MoneyForm, lines("money", line), innovation, country.operator)
    assert BudgetLine.objects.get().amount_rupiah == 1_500_000_000


def test_money_that_cannot_be_read_is_an_error_on_its_field(country):
    innovation = started(country)
    line = {"year": "2026", "source": "apbd_region", "kind": "operation", "stage": "dpa", "amount_rupiah": "banyak"}
    form = MoneyForm(lines("money", line), instance=innovation, user=country.operator)
    assert not form.is_valid()
    assert "amount_rupiah" in form.child_rows[0].formset.forms[0].errors


def test_a_changed_budget_line_keeps_its_identity_and_its_history(country):
    innovation = started(country)
    line = {"year": "2026", "source": "apbd_region", "kind": "operation", "stage": "dpa", "amount_rupiah": "100"}
    saved(MoneyForm, lines("money", line), innovation, country.operator)
    before = BudgetLine.objects.get()
    saved(MoneyForm, lines("money", {**line, "id": before.pk, "amount_rupiah": "250"}), innovation, country.operator)
    after = BudgetLine.objects.get()
    assert (after.pk, after.amount_rupiah, after.version) == (before.pk, 250, 2)
    assert "250" in str(Event.objects.about(innovation).first().changes["money"])


def test_targets_follow_the_years_of_the_plan(country):
    innovation = started(country)
    line = {"name": "Waktu tunggu", "unit": "menit", "level": "outcome", "target_2026": "90", "target_2027": "62,5"}
    saved(IndicatorsForm, lines("indicators", line), innovation, country.operator)
    indicator = Indicator.objects.get()
    assert list(indicator.targets.values_list("year", "value")) == [(2026, "90"), (2027, "62.5")]
    again = {**line, "id": indicator.pk, "target_2026": "", "target_2027": "60"}
    saved(IndicatorsForm, lines("indicators", again), innovation, country.operator)
    assert list(indicator.targets.values_list("year", "value")) == [(2027, "60")]


def test_a_baseline_needs_its_year(country):
    line = {"name": "Waktu tunggu", "unit": "menit", "level": "outcome", "baseline": "120"}
    form = IndicatorsForm(lines("indicators", line), instance=started(country), user=country.operator)
    assert not form.is_valid()


def test_an_affair_of_another_agency_is_flagged_and_kept_with_a_reason(country):
    innovation = complete(country, affair=Affair.objects.get(pk="2.15"))
    assert is_outside_affairs(innovation)
    with pytest.raises(Refused):
        actions.take_step(innovation, "submit", by=country.operator)
    Innovation.objects.update(off_affair_reason="Ambulans memakai jalur Dishub.")
    actions.take_step(Innovation.objects.get(), "submit", by=country.operator)


def test_a_sub_dimension_of_another_dimension_is_refused(country):
    sub = country.dimension("society").sub_dimensions.first()
    data = typed(title="X", dimension=country.dimension("living").pk, sub_dimension=sub.pk)
    form = IdentityForm(data, instance=started(country), user=country.operator)
    assert not form.is_valid()
    assert "sub_dimension" in form.errors


def test_a_non_it_innovation_builds_no_application(country):
    form = IdentityForm(typed(title="X", is_it="False", system="new"), instance=started(country), user=country.operator)
    assert "system" in form.errors


def test_an_agency_of_another_region_cannot_be_chosen(country):
    data = typed(title="X", organisation=country.neighbour_agency.pk)
    form = IdentityForm(data, instance=started(country), user=country.coordinator)
    assert "organisation" in form.errors


def test_the_last_year_is_not_before_the_first(country):
    form = LawForm(typed(start_year=2028, end_year=2026), instance=started(country), user=country.operator)
    assert "end_year" in form.errors


def test_assigning_gives_an_innovation_of_the_tray_to_its_agency(country):
    innovation = Innovation.objects.create(plan=country.plan, title="Tanpa pengampu")
    actions.assign(innovation, organisation=country.transport, by=country.coordinator, version=1)
    innovation.refresh_from_db()
    assert innovation.organisation_path == country.transport.path
    with pytest.raises(TooLate):
        actions.assign(innovation, organisation=country.health, by=country.coordinator, version=1)


def test_a_column_without_field_is_placed_behind_what_stands_there(country):
    innovation = started(country)
    Innovation.objects.update(benefit="Cepat.")
    cell = Unplaced.objects.create(innovation=Innovation.objects.get(), column="Manfaat lain", text="Murah.")
    actions.place(cell, field="benefit", by=country.operator)
    innovation.refresh_from_db()
    assert innovation.benefit == "Cepat.\nMurah."
    assert innovation.unplaced.get().placed_as == "benefit"


def test_evidence_is_added_and_taken_away_but_not_deleted(country):
    innovation = started(country)
    evidence = attach(
        innovation, by=country.operator, kind="report", title="Laporan", link="https://contoh.example/laporan"
    )
    detach(innovation, evidence=evidence, by=country.operator)
    assert not Evidence.objects.about(innovation).exists()
    assert Evidence.objects.filter(pk=evidence.pk).exists()


def test_no_proposal_counts_once_it_is_accepted(country):
    said = actions.say_no_proposal(
        by=country.operator, plan=country.plan, organisation=country.health, what="problems", reason="Belum ada data."
    )
    assert said.state == "submitted"
    actions.take_no_proposal_step(said, "accept", by=country.coordinator)
    assert said.state == "accepted"


def test_withdrawing_can_be_undone(country):
    innovation = started(country)
    withdrawal.withdraw(innovation, by=country.operator, version=1, reason="Dobel")
    assert not country.plan.innovations.in_service().exists()
    withdrawal.bring_back(innovation, by=country.operator, version=2)
    assert country.plan.innovations.in_service().exists()
