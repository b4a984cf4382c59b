"""How a problem is written, saved, moved and kept from being overwritten."""

import pytest
from django.http import QueryDict

from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.notices.models import Notice
from praja.foundation.remarks.models import Remark
from praja.foundation.workflow import withdrawal
from praja.foundation.workflow.steps import Refused
from praja.stages.problems import actions
from praja.stages.problems.forms import CausesForm, DataForm, WhatForm
from praja.stages.problems.models import Cause, Problem


def started(country, **values):
    return actions.start(country.plan, by=country.operator, title="Antrean lama", organisation=country.health, **values)


def typed(**values):
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


def cause_lines(*lines):
    values = {"causes-TOTAL_FORMS": len(lines), "causes-INITIAL_FORMS": 0}
    for number, (text, kind, depth) in enumerate(lines):
        values |= {f"causes-{number}-text": text, f"causes-{number}-kind": kind, f"causes-{number}-depth": depth}
    return typed(**values)


def complete(country, **values):
    problem = started(country)
    living = country.dimension("living")
    fields = {
        "dimension": living,
        "sub_dimension": living.sub_dimensions.first(),
        "description": "Pasien menunggu empat jam.",
        "affected": "1.200 pasien sehari",
        "urgency": 4,
        "seriousness": 3,
        "growth": 2,
        **values,
    }
    Problem.objects.filter(pk=problem.pk).update(**fields)
    Cause.objects.create(problem=problem, kind="people", text="Petugas loket kurang")
    return Problem.objects.get(pk=problem.pk)


def test_a_draft_needs_only_a_title(country):
    problem = started(country)
    assert problem.state == "draft"
    assert problem.organisation_path == country.health.path
    assert Event.objects.about(problem).get().verb == "start"


def test_a_page_saves_its_fields_and_writes_what_changed(country):
    problem = started(country)
    living = country.dimension("living")
    data = typed(
        title="Antrean empat jam", organisation=country.health.pk, dimension=living.pk, description="Pasien menunggu."
    )
    form = WhatForm(data, instance=problem, user=country.operator)
    assert form.is_valid(), form.errors
    actions.save(form, by=country.operator, version=1)
    problem.refresh_from_db()
    assert (problem.title, problem.version) == ("Antrean empat jam", 2)
    event = Event.objects.about(problem).first()
    assert event.changes["title"] == ["Antrean lama", "Antrean empat jam"]


def test_the_second_of_two_writers_does_not_overwrite(country):
    problem = started(country)
    data = typed(title="Judul pertama", organisation=country.health.pk)
    first = WhatForm(data, instance=Problem.objects.get(pk=problem.pk), user=country.operator)
    second = WhatForm(typed(title="Judul kedua"), instance=Problem.objects.get(pk=problem.pk), user=country.coordinator)
    assert first.is_valid()
    assert second.is_valid(), second.errors
    actions.save(first, by=country.operator, version=1)
    with pytest.raises(TooLate):
        actions.save(second, by=country.coordinator, version=1)
    problem.refresh_from_db()
    assert problem.title == "Judul pertama"


def test_a_decimal_comma_is_kept_exactly(country):
    problem = started(country)
    form = DataForm(typed(figure="37,5", unit="persen", figure_year="2025"), instance=problem, user=country.operator)
    assert form.is_valid(), form.errors
    actions.save(form, by=country.operator, version=1)
    problem.refresh_from_db()
    assert problem.figure == "37.5"


def test_causes_become_a_tree(country):
    problem = started(country)
    lines = cause_lines(
        ("Loket kurang", "infrastructure", 0), ("Anggaran dipotong", "budget", 1), ("Data lama", "data", 0)
    )
    form = CausesForm(lines, instance=problem, user=country.operator)
    assert form.is_valid()
    actions.save(form, by=country.operator, version=1)
    loket, anggaran, data = Cause.objects.filter(problem=problem)
    assert (loket.parent, anggaran.parent, data.parent) == (None, loket, None)


def test_a_cause_that_is_taken_away_is_withdrawn_not_deleted(country):
    problem = started(country)
    form = CausesForm(cause_lines(("Loket kurang", "people", 0)), instance=problem, user=country.operator)
    assert form.is_valid()
    actions.save(form, by=country.operator, version=1)
    cause = Cause.objects.get(problem=problem)
    data = cause_lines(("Loket kurang", "people", 0))
    data["causes-INITIAL_FORMS"] = "1"
    data["causes-0-id"], data["causes-0-DELETE"] = str(cause.pk), "on"
    problem.refresh_from_db()
    form = CausesForm(data, instance=problem, user=country.operator)
    assert form.is_valid()
    actions.save(form, by=country.operator, version=2)
    cause.refresh_from_db()
    assert cause.withdrawn_by == country.operator


def test_a_cause_of_another_problem_cannot_be_changed(country):
    other = complete(country)
    foreign = other.causes.get()
    problem = started(country)
    data = cause_lines(("Diubah", "people", 0))
    data["causes-0-id"] = str(foreign.pk)
    form = CausesForm(data, instance=problem, user=country.operator)
    assert form.is_valid()
    actions.save(form, by=country.operator, version=1)
    foreign.refresh_from_db()
    assert foreign.text == "Petugas loket kurang"


def test_an_incomplete_problem_is_not_submitted_and_says_what_lacks(country):
    problem = started(country)
    with pytest.raises(Refused) as refused:
        actions.take_step(problem, "submit", by=country.operator)
    assert len(refused.value.reasons) == 5
    problem.refresh_from_db()
    assert problem.state == "draft"


def test_a_complete_problem_is_submitted_and_the_coordinator_is_told(country, django_capture_on_commit_callbacks):
    problem = complete(country)
    with django_capture_on_commit_callbacks(execute=True):
        actions.take_step(problem, "submit", by=country.operator)
    problem.refresh_from_db()
    assert problem.state == "submitted"
    assert Notice.objects.get().user == country.coordinator


def test_returning_needs_a_remark_which_stays_on_the_row(country):
    problem = complete(country, state="submitted")
    with pytest.raises(Refused):
        actions.take_step(problem, "return", by=country.coordinator)
    actions.take_step(problem, "return", by=country.coordinator, remark="Tulis sumber angkanya.")
    assert Remark.objects.about(problem).open().get().text == "Tulis sumber angkanya."


def test_accepting_settles_the_remarks(country):
    problem = complete(country, state="submitted")
    actions.take_step(problem, "return", by=country.coordinator, remark="Tulis sumbernya.")
    actions.take_step(problem, "submit", by=country.operator)
    actions.take_step(problem, "accept", by=country.coordinator)
    assert not Remark.objects.about(problem).open().exists()


def test_an_operator_cannot_accept(country):
    problem = complete(country, state="submitted")
    with pytest.raises(PermissionError):
        actions.take_step(problem, "accept", by=country.operator)


def test_a_step_is_taken_once(country):
    problem = complete(country, state="submitted")
    twin = Problem.objects.get(pk=problem.pk)
    actions.take_step(problem, "accept", by=country.coordinator)
    with pytest.raises(TooLate):
        actions.take_step(twin, "return", by=country.coordinator, remark="Terlambat")


def test_priority_is_urgency_times_seriousness_times_growth(country):
    assert complete(country).priority == 24
    assert started(country).priority is None


def test_a_withdrawn_problem_takes_no_step(country):
    problem = complete(country)
    withdrawal.withdraw(problem, by=country.operator, version=problem.version, reason="Dobel")
    with pytest.raises(TooLate):
        actions.take_step(problem, "submit", by=country.operator)
    withdrawal.bring_back(problem, by=country.operator, version=problem.version)
    actions.take_step(problem, "submit", by=country.operator)
    assert problem.state == "submitted"
