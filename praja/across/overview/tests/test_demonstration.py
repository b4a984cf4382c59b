"""The demonstration: complete, idempotent, apart from real data, and worth reading aloud."""

import itertools
import re

import pytest

from praja.across.joining.models import KeptApart
from praja.across.overview import demonstration
from praja.across.reminders.weekly import Weekly
from praja.foundation.accounts.models import User
from praja.foundation.audit.models import Event
from praja.foundation.places.models import Region
from praja.foundation.plans.models import BudgetLine, Plan
from praja.foundation.workflow.waiting import waiting_for
from praja.stages.innovations.coverage import coverage
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.steps import RIGHTS, WORKFLOW
from praja.stages.problems.models import Cause, Problem
from praja.stages.roadmap import warnings as roadmap_warnings

TEXTS = (
    *("summary", "goal", "benefit", "result", "design", "uniqueness", "growth_potential", "sustainability"),
    *("needs_people", "needs_infrastructure", "needs_data", "risk", "risk_mitigation", "beneficiaries"),
)


@pytest.fixture(scope="module")
def content():
    return demonstration.Content.read()


def test_there_are_96_innovations_60_problems_and_30_agencies(content):
    assert len(content.innovations) == 96
    assert len(content.problems) == 60
    assert len(content.agencies) >= 30


def test_at_least_35_innovations_are_not_it(content):
    assert sum(not row["is_it"] for row in content.innovations) >= 35


def test_no_two_innovations_share_a_sentence(content):
    seen = {}
    for row in content.innovations:
        sentences = {one.strip(" .").lower() for key in TEXTS for one in re.split(r"(?<=[.!?]) ", row.get(key, ""))}
        for sentence in sentences - {""}:
            assert len(sentence.split()) < 4 or sentence not in seen, (row["key"], seen[sentence], sentence)
            seen[sentence] = row["key"]


def test_keys_are_unique_and_references_exist(content):
    agencies = {row["key"]: row for row in content.agencies}
    problems = {row["key"]: row for row in content.problems}
    assert len(agencies) == len(content.agencies)
    assert len(problems) == len(content.problems)
    assert len({row["key"] for row in content.innovations}) == len(content.innovations)
    for row in itertools.chain(content.problems, content.innovations):
        assert row["agency"] in agencies, row["key"]
        assert set(row.get("others", row.get("partners_agencies"))) <= set(agencies), row["key"]
        assert set(row.get("problems", [])) <= set(problems), row["key"]


def test_an_innovation_outside_the_affairs_says_why(content):
    affairs = {row["key"]: row["affairs"] for row in content.agencies}
    outside = [row for row in content.innovations if row["affair"] not in affairs[row["agency"]]]
    assert all(row.get("off_affair_reason") for row in outside), [row["key"] for row in outside]
    assert outside


def test_every_innovation_has_money_and_an_indicator(content):
    assert [row["key"] for row in content.innovations if not row.get("budget") or not row.get("indicator")] == []


def test_loading_fills_the_country_and_twice_changes_nothing(demonstration_plan, monkeypatch):
    kinds = (Region, Plan, User, Problem, Cause, Innovation, BudgetLine, Event)
    counted = [kind.objects.count() for kind in kinds]
    assert Region.objects.filter(parent__code="99").count() == 27
    assert demonstration_plan.innovations.count() == 96
    assert not User.objects.filter(is_demonstration=False).exists()
    monkeypatch.setattr(demonstration, "load_regions", lambda: 0)
    demonstration.load(report=lambda line: None)
    assert [kind.objects.count() for kind in kinds] == counted


def test_every_history_goes_the_way_that_the_table_of_steps_allows(demonstration_plan):
    plan = demonstration_plan
    assert plan.head_approves
    assert plan.dimension_checks
    for row in itertools.chain(plan.problems.all(), plan.innovations.all()):
        state, moment = "draft", row.created_at
        for event in Event.objects.about(row).exclude(verb="start").order_by("at"):
            step = WORKFLOW.steps[event.verb]
            assert event.changes["state"] == [state, step.target], row
            assert state in step.source
            assert step.when(type(row)(state=state, plan=plan))
            assert event.at > moment
            assert event.by.may(step.permission, row), (event.verb, event.by)
            state, moment = step.target, event.at
        assert (row.state, row.state_at) == (state, moment)


def test_every_office_of_the_way_has_something_to_do(demonstration_plan):
    plan = demonstration_plan
    for name in ("kepala-opd", "koordinator-living", "koordinator-ekonomi", "koordinator-lingkungan", "koordinator"):
        assert waiting_for(plan.innovations.in_service(), User.objects.get(username=name), plan, RIGHTS).exists(), name


def test_about_four_fifths_of_the_agencies_have_delivered(demonstration_plan):
    table = coverage(demonstration_plan)
    assert 0.75 <= len(table.delivered) / len(table.asked) <= 0.85
    assert "Dinas Tenaga Kerja" in " ".join(row.organisation.name for row in table.late)
    begun = coverage(Plan.objects.get(slug="kota-contoh"))
    assert begun.delivered == []
    assert begun.innovations.total == 0


def test_the_late_agencies_have_reasons_reminders_and_a_week_to_compare_with(demonstration_plan):
    week = Weekly(demonstration_plan)
    assert {line.advice.key for line in week.lines} >= {"debating", "no_data", "no_signal", "no_operator", "none"}
    assert sum(line.last is not None for line in week.lines) >= 5
    assert (week.change, len(week.newly_delivered), len(week.wishes)) == (2, 2, 1)


def test_a_pair_is_kept_apart_and_a_row_waits_for_the_receiving_agency(demonstration_plan):
    (transfer,) = demonstration_plan.transfers.all()
    assert (transfer.is_open, [word.organisation for word in transfer.consents.all()]) == (True, [transfer.giving])
    assert KeptApart.objects.get().created_by.username == "koordinator"


def test_a_real_database_is_refused_with_a_sentence(country):
    with pytest.raises(demonstration.RealDatabase, match="PRAJA_HOME"):
        demonstration.load(report=lambda line: None)
    assert not Region.objects.filter(code="99").exists()


@pytest.mark.parametrize(
    ("written", "apart"),
    [
        ("Dr. H. Asep Sudrajat, M.Si.", ("Dr. H.", "Asep Sudrajat", "M.Si.")),
        ("Bagus Pramudya, S.T., M.T.", ("", "Bagus Pramudya", "S.T., M.T.")),
        ("Suparman", ("", "Suparman", "")),
    ],
)
def test_titles_are_taken_apart(written, apart):
    assert demonstration.titles_apart(written) == apart


def test_the_action_plan_is_full_and_its_warnings_find_something(demonstration_plan):
    plan = demonstration_plan
    assert plan.strategies.values("sub_dimension").distinct().count() == 18
    assert 130 <= plan.actions.count() <= 180
    assert plan.actions.exclude(innovation=None).filter(budget_lines=None).count() < plan.actions.count()
    kinds = {one.kind for one in roadmap_warnings.warnings_of(roadmap_warnings.load(plan))}
    assert {"order", "money", "at_once", "running"} <= kinds
    at_innovations = BudgetLine.objects.filter(innovation__actions__isnull=False, action=None, withdrawn_at=None)
    assert not at_innovations.exists()
