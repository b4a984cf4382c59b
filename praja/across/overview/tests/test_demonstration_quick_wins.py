"""The quick wins of the demonstration: one round decided with a swap, one ready for an audience."""

import datetime

import pytest
from django.utils import timezone

from praja.across.overview.demonstration_quick_wins import clock_at
from praja.foundation.accounts.models import User
from praja.stages.innovations.figures import printed
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins import choice
from praja.stages.quick_wins.desk import desk_of
from praja.stages.quick_wins.models import DecisionSheet, QuickWin, Round
from praja.stages.quick_wins.offices import ORDER, PERMISSIONS, Office, standing_of
from praja.stages.quick_wins.sheet import Frozen, verify


def test_the_regents_swap_of_last_year_is_recorded_with_its_cost(demonstration_plan):
    sheet = DecisionSheet.objects.get(round__plan=demonstration_plan)
    frozen = Frozen.of(sheet)
    assert verify(sheet) == []
    assert [step.verdict for step in sheet.steps.all()][-1] == "swapped"
    assert len(frozen.decision["swaps"]) == 1
    assert frozen.decision["cost"]["loss"] > 0
    assert frozen.decision["reason"]
    assert frozen.decision["day"] == f"{demonstration_plan.year_from - 1}-12-15"
    year = timezone.localdate(sheet.created_at).year
    assert year == timezone.localdate(sheet.steps.last().created_at).year == demonstration_plan.year_from - 1


def test_profiles_of_last_year_are_filled_to_different_degrees(demonstration_plan):
    rows = QuickWin.objects.filter(plan=demonstration_plan, round__state="decided")
    assert rows.count() == 6
    assert rows.values("dimension").distinct().count() == 6
    whole = [one for one in rows.filter(state="accepted") if one.risks.count() >= 3 and one.months.count() == 12]
    assert len(whole) == 3
    assert rows.exclude(state="accepted").exists()
    assert rows.get(continuation="stop").continuation_reason


def test_the_next_round_waits_for_the_choice_and_lacks_nothing(demonstration_plan):
    round_ = demonstration_plan.quick_win_rounds.get(state=Round.State.CHOOSING)
    stopped = Innovation.objects.filter(quick_wins__continuation="stop")
    left_out = printed(demonstration_plan).exclude(nominations__round=round_)
    assert set(left_out) == set(stopped)
    assert round_.nominations.exclude(continues=None).count() == 3
    desk = desk_of(round_, User.objects.get(username="koordinator"))
    assert desk.incomplete == 0
    assert desk.values.incomplete == []
    assert round_.score_sheets.exclude(finished_at=None).count() == 6
    assert not round_.found_sets.exists()  # the search is for the audience


def test_the_best_set_beats_the_plain_choice_and_its_rules_bind(demonstration_plan):
    round_ = demonstration_plan.quick_win_rounds.get(state=Round.State.CHOOSING)
    asked = choice.asked_of(round_)
    found = choice.find(asked)
    best = found["best"]
    assert best["value"] == best["bound"]
    assert len(best["chosen"]) == 6
    assert best["value"] > found["plain"]["value"]
    budget = next(str(row.pk) for row in round_.rules.filter(kind="budget"))
    assert found["worth"][budget] > 0


@pytest.mark.parametrize("office", [*ORDER, Office.MENTOR])
def test_everybody_of_the_way_can_sign_in_and_speak(demonstration_plan, office):
    names = {
        Office.WORKING_GROUP: "koordinator-living", Office.TEAM: "koordinator", Office.MENTOR: "pembimbing",
        Office.COUNCIL: "dewan", Office.SECRETARY: "sekda", Office.HEAD: "bupati",
    }  # fmt: skip
    user = User.objects.get(username=names[office])
    assert standing_of(user, PERMISSIONS[office], demonstration_plan).acting == "definitive"


def test_the_clock_goes_right_again():
    with clock_at(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)):
        assert timezone.now().year == 2020
    assert timezone.now().year > 2020
