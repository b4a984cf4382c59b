"""How actions begin, are ordered, withdrawn and brought back, and how strategies and programmes are kept in order."""

import pytest

from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.plans.models import BudgetLine
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import lines, typed
from praja.stages.roadmap import actions, circles
from praja.stages.roadmap.action_forms import ActionIdentityForm, ActionLawForm
from praja.stages.roadmap.models import Action, Dependency, Programme
from praja.stages.roadmap.numbering import place_of, proposed_code
from praja.stages.roadmap.tests.making import accepted, programme_of, started, strategy_of, sub_dimension
from praja.stages.roadmap.time_forms import TimeForm


def saved(form_class, data, action, by):
    form = form_class(data, instance=action, user=by)
    assert form.is_valid(), [form.errors, *(rows.formset.errors for rows in form.child_rows)]
    actions.save(form, by=by, version=action.version)
    action.refresh_from_db()


def needing(action, *needed):
    data = lines("dependencies", *({"needs": one.pk} for one in needed))
    data.update({"phases-TOTAL_FORMS": "0", "phases-INITIAL_FORMS": "0"})
    return data


# --- codes ------------------------------------------------------------------------------------------------------------


def test_codes_count_on_in_their_sub_dimension_and_are_not_used_again(country):
    innovation = accepted(country)
    first, second = started(country, innovation), started(country, innovation, title="Melatih petugas")
    assert [first.code, second.code] == ["LIV-1.1", "LIV-1.2"]
    actions.withdraw(second, by=country.operator, version=second.version)
    assert proposed_code(country.plan, sub_dimension(country)) == "LIV-1.3"
    assert proposed_code(country.plan, None) == "RA-1"


def test_the_tenth_action_stands_behind_the_ninth(country):
    sub = sub_dimension(country)
    places = [place_of(code, sub) for code in ("LIV-1.2", "LIV-1.9", "LIV-1.10", "LIV-1.100", "lain")]
    assert places == sorted(places)
    assert place_of("RA-1", None) > max(places)


def test_a_code_that_another_action_has_is_refused_and_an_empty_one_is_proposed(country):
    first, second = started(country), started(country, title="Lain")
    form = ActionIdentityForm(typed(code=first.code.lower(), title="x"), instance=second, user=country.coordinator)
    assert not form.is_valid()
    assert "code" in form.errors
    saved(ActionIdentityForm, typed(title="Lain", sub_dimension=sub_dimension(country).pk), second, country.coordinator)
    assert second.code == "LIV-1.1"


def test_a_code_taken_while_the_page_was_open_is_too_late(country):
    first, second = started(country), started(country, title="Lain")
    form = ActionIdentityForm(typed(code="LIV-9.9", title="x"), instance=second, user=country.coordinator)
    assert form.is_valid()
    Action.objects.filter(pk=first.pk).update(code="LIV-9.9")
    with pytest.raises(TooLate):
        actions.save(form, by=country.coordinator, version=second.version)


@pytest.mark.parametrize(
    ("text", "kept"), [("1.02.02.2.01.0001", "1.02.02.2.01.0001"), (" x.xx.01 ", "X.XX.01"), ("", "")]
)
def test_an_official_code_is_kept_as_it_is_officially_written(country, text, kept):
    action = started(country)
    saved(ActionLawForm, typed(budget_code=text), action, country.operator)
    assert action.budget_code == kept


@pytest.mark.parametrize("text", ["1.2.3", "kesehatan", "1.02.02.2", "'; DROP TABLE", "1.02.02.2.01.0001.1"])
def test_a_badly_written_official_code_is_refused_with_a_sentence(country, text):
    form = ActionLawForm(typed(budget_code=text), instance=started(country), user=country.operator)
    assert not form.is_valid()
    assert "1.02.02" in form.errors["budget_code"][0]


# --- time and order ---------------------------------------------------------------------------------------------------


def test_years_outside_the_plan_and_phases_outside_the_action_are_refused(country):
    action = started(country)
    data = lines("phases", {"year": "2030", "phase": "running"})
    data.update({"dependencies-TOTAL_FORMS": "0", "dependencies-INITIAL_FORMS": "0"})
    data.update({"start_year": "2026", "end_year": "2028"})
    form = TimeForm(data, instance=action, user=country.operator)
    assert not form.is_valid()
    assert "2026" in form.child_rows[0].formset.errors[0]["year"][0]
    data["end_year"] = "2050"
    assert "end_year" in TimeForm(data, instance=action, user=country.operator).errors


def test_a_circle_is_refused_with_its_names(country):
    first, second, third = (started(country, title=title) for title in ("Satu", "Dua", "Tiga"))
    saved(TimeForm, needing(first, second), first, country.operator)
    saved(TimeForm, needing(second, third), second, country.operator)
    form = TimeForm(needing(third, first), instance=third, user=country.operator)
    assert not form.is_valid()
    sentence = form.child_rows[1].formset.errors[0]["needs"][0]
    assert "RA-3 → RA-1 → RA-2 → RA-3" in sentence


def test_a_circle_closed_by_somebody_else_meanwhile_is_too_late(country):
    first, second = started(country, title="Satu"), started(country, title="Dua")
    form = TimeForm(needing(first, second), instance=first, user=country.operator)
    assert form.is_valid()
    Dependency.objects.create(action=second, needs=first)
    with pytest.raises(TooLate):
        actions.save(form, by=country.operator, version=first.version)


def test_needs_may_change_places_and_be_typed_twice(country):
    first, second, third = (started(country, title=title) for title in ("Satu", "Dua", "Tiga"))
    saved(TimeForm, needing(first, second, third, third), first, country.operator)
    data = needing(first, third, second)
    for number, one in enumerate(Dependency.objects.filter(withdrawn_at=None).order_by("pk")):
        data[f"dependencies-{number}-id"] = str(one.pk)
    data["dependencies-INITIAL_FORMS"] = "2"
    saved(TimeForm, data, first, country.operator)
    assert circles.needs_of(country.plan) == {first.pk: {second.pk, third.pk}}
    assert Dependency.objects.count() == 2


def test_the_shortest_circle_is_found():
    needs = {1: {2, 5}, 2: {3}, 3: {1}, 5: {1}, 7: {7}}
    assert circles.circle(needs, 1) == [1, 5, 1]
    assert circles.circle(needs, 3) == [3, 1, 2, 3]
    assert circles.circle(needs, 7) == [7, 7]
    assert circles.circle({1: {2}, 2: {3}}, 1) == []


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_an_action_that_another_one_needs_stays(country):
    first, second = started(country, title="Satu"), started(country, title="Dua")
    saved(TimeForm, needing(second, first), second, country.operator)
    with pytest.raises(Refused, match="RA-2 Dua"):
        actions.withdraw(first, by=country.operator, version=first.version)
    second.refresh_from_db()
    actions.withdraw(second, by=country.operator, version=second.version)
    actions.withdraw(first, by=country.operator, version=first.version)
    assert not Action.objects.in_service().exists()


def test_an_action_comes_back_with_a_new_code_and_without_needs_that_have_gone(country):
    first, second = started(country, title="Satu"), started(country, title="Dua")
    saved(TimeForm, needing(second, first), second, country.operator)
    actions.withdraw(second, by=country.operator, version=second.version)
    actions.withdraw(first, by=country.operator, version=first.version)
    taken = started(country, title="Tiga")
    Action.objects.filter(pk=taken.pk).update(code="RA-2")
    actions.bring_back(second, by=country.operator, version=second.version)
    assert (second.code, second.withdrawn_at) == ("RA-3", None)
    assert not second.dependencies.filter(withdrawn_at=None).exists()


def test_only_an_innovation_of_the_plan_gets_actions(country):
    draft = accepted(country, state="draft")
    with pytest.raises(Refused):
        started(country, draft)
    assert not Action.objects.exists()


# --- strategies and programmes ----------------------------------------------------------------------------------------


def test_strategies_change_places_and_stop_at_the_ends(country):
    first, second = strategy_of(country, "Satu"), strategy_of(country, "Dua")
    assert actions.move(second, up=True, by=country.coordinator)
    assert [one.text for one in country.plan.strategies.order_by("order")] == ["Dua", "Satu"]
    assert not actions.move(first, up=False, by=country.coordinator)


def test_what_stands_above_something_is_not_withdrawn(country):
    programme = programme_of(country)
    started(country, programme=programme)
    with pytest.raises(Refused):
        actions.withdraw_strategy(programme.strategy, by=country.coordinator, version=1)
    with pytest.raises(Refused):
        actions.withdraw_programme(programme, by=country.coordinator, version=1)


def test_an_innovation_stands_in_one_programme_at_most(country):
    innovation = accepted(country)
    first, second = programme_of(country, "Satu"), programme_of(country, "Dua")
    assert actions.hang(first, innovations=[innovation.pk, 999], by=country.coordinator) == 1
    assert actions.hang(second, innovations=[innovation.pk], by=country.coordinator) == 0
    assert list(Programme.objects.filter(innovations=innovation)) == [first]


def test_beginning_tells_the_history_of_the_innovation_where_its_money_went(country):
    innovation = accepted(country, amounts=[5_000])
    action = started(country, innovation)
    event = Event.objects.get(verb="move money")
    assert (event.subject, event.subject_id) == ("innovations.innovation", innovation.pk)
    assert action.code in event.changes["action"][1]
    assert BudgetLine.objects.get().action == action
    assert Innovation.objects.get().version == innovation.version + 1
