"""What does not fit together: a pure function over rows, and the rows as they are loaded."""

import pytest

from praja.stages.problems.models import Cause, Problem
from praja.stages.roadmap.models import Action, ActionStage, Capacity, Dependency
from praja.stages.roadmap.tests.making import accepted, line, started
from praja.stages.roadmap.warnings import ActionRow, Kind, Limit, LineRow, Material, ict_share, load, warnings_of

YEARS = tuple(range(2026, 2036))


def action(pk, first=2026, last=2027, *, ready=None, family="people", agency=1, innovation=None):
    return ActionRow(pk, f"RA-{pk}", family, agency, innovation, first, last, ready or last)


def material(*actions, **values):
    return Material("kabupaten-uji", **{"years": YEARS, "actions": {one.pk: one for one in actions}, **values})


def kinds(found):
    return [one.kind for one in warnings_of(found)]


def test_an_action_before_the_one_it_needs_is_named_with_the_year_that_would_do():
    found = warnings_of(material(action(1, 2026, 2028), action(2, 2027, 2029), needs={2: [1]}))
    assert [(one.kind, one.actions, one.year) for one in found] == [(Kind.ORDER, (2, 1), 2027)]
    assert "2028" in found[0].advice
    assert found[0].url == "/rencana-aksi/2/ubah/time/"


@pytest.mark.parametrize(
    ("first", "second"),
    [((2026, 2027), (2027, 2028)), ((None, None), (2027, 2028)), ((2026, 2028), (None, None))],
)
def test_the_year_in_which_the_first_is_ready_will_do_and_without_years_nothing_is_said(first, second):
    assert kinds(material(action(1, *first), action(2, *second), needs={2: [1]})) == []


def test_what_runs_already_is_ready_though_it_goes_on():
    assert kinds(material(action(1, 2026, 2035, ready=2027), action(2, 2027, 2030), needs={2: [1]})) == []


def test_a_year_over_the_money_or_the_number_that_the_agency_stated():
    lines = (LineRow(2027, "non_ict", 900, 1, None, 1), LineRow(2027, "non_ict", 200, None, 7, 1))
    limits = (Limit(1, 2026, 0, 2), Limit(1, 2027, 1_000, 1), Limit(1, 2028, None, None), Limit(2, 2027, 0, 0))
    found = warnings_of(material(action(1), action(2), lines=lines, limits=limits, agencies={1: "Dinkes"}))
    assert [(one.kind, one.year, one.actions) for one in found] == [
        (Kind.MONEY, 2027, (1,)),
        (Kind.AT_ONCE, 2027, (1, 2)),
    ]
    assert found[0].sentence.startswith("Dinkes ")
    assert found[0].url.endswith("?opd=1&tahun=2027")


@pytest.mark.parametrize(
    ("family", "causes", "warned"),
    [
        ("application", {"people", "policy"}, True),
        ("application", set(), True),
        ("application", {"people", "data"}, False),
        ("application", {"infrastructure"}, False),
        ("people", {"policy"}, False),
    ],
)
def test_an_application_needs_a_cause_that_information_technology_can_remove(family, causes, warned):
    rows = {"innovations": {7: ("Antre", None)}, "causes": {7: frozenset(causes)}}
    assert (Kind.CAUSE in kinds(material(action(1, family=family, innovation=7), **rows))) is warned


@pytest.mark.parametrize(
    ("paid", "missing"),
    [((), "2028–2030"), ((2028,), "2029–2030"), ((2028, 2029, 2030), ""), ((2027, 2029), "2028, 2030")],
)
def test_running_costs_are_expected_after_building_costs(paid, missing):
    lines = [LineRow(year, "operation", 5, 1, None, 1) for year in paid] + [
        LineRow(2027, "ict_capital", 90, 1, None, 1)
    ]
    found = warnings_of(material(action(1, 2026, 2030), lines=(*lines, LineRow(2027, "non_ict", 900, 1, None, 1))))
    assert [one.kind for one in found] == ([Kind.RUNNING] if missing else [])
    assert not missing or missing in found[0].sentence


def test_running_costs_may_stand_at_another_action_of_the_innovation():
    rows = {"innovations": {7: ("Antre", None)}}
    lines = (LineRow(2026, "ict_capital", 90, 1, 7, 1), LineRow(2027, "operation", 5, 2, 7, 1))
    rows["lines"] = (*lines, LineRow(2026, "non_ict", 900, 2, 7, 1))
    assert kinds(material(action(1, 2026, 2026, innovation=7), action(2, 2027, 2027, innovation=7), **rows)) == []


def test_nothing_is_missing_after_the_last_year_of_the_plan():
    assert kinds(material(action(1, 2034, 2035), lines=(LineRow(2035, "ict_capital", 1, 1, None, 1),))) == []


def test_ict_takes_a_larger_share_of_the_money_than_it_innovations_are():
    innovations = {1: ("A", True), 2: ("B", False), 3: ("C", False), 4: ("D", None)}
    lines = (LineRow(2026, "ict_service", 500, None, 1, 1), LineRow(2026, "non_ict", 500, None, 2, 1))
    found = material(innovations=innovations, lines=lines)
    share = ict_share(found)
    assert (share.ict_rupiah, share.rupiah, share.not_it, share.innovations) == (500, 1_000, 2, 3)
    assert kinds(found) == [Kind.SHARE]
    assert kinds(material(innovations={1: ("A", True), 2: ("B", False)}, lines=lines)) == []


def test_an_empty_plan_has_no_warning():
    assert warnings_of(Material("kabupaten-uji")) == []


def test_rows_are_loaded_as_they_stand(country, django_assert_num_queries):
    problem = Problem.objects.create(plan=country.plan, organisation=country.health, title="Antre")
    Cause.objects.create(problem=problem, text="Petugas kurang", kind="people")
    innovation = accepted(country, amounts=[1_000])
    innovation.problems.add(problem)
    first = started(country, innovation, family=Action.Family.APPLICATION)
    second = started(country, title="Melatih")
    Action.objects.update(start_year=2026, end_year=2027)
    ActionStage.objects.create(action=first, year=2027, phase="running")
    Dependency.objects.create(action=second, needs=first)
    Capacity.objects.create(plan=country.plan, organisation=country.health, year=2027, money_rupiah=900, simultaneous=1)
    line(400, action=second, kind="ict_capital", year=2026)
    with django_assert_num_queries(10):
        found = load(country.plan)
    assert kinds(found) == [Kind.ORDER, Kind.MONEY, Kind.AT_ONCE, Kind.CAUSE, Kind.RUNNING]
    innovation.state = "returned"
    innovation.save()
    assert Kind.OUTSIDE in kinds(load(country.plan))
