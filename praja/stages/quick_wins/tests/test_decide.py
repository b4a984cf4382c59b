"""How a set is put forward, endorsed, decided, swapped, sent back, and how a changed sheet is found out."""

import datetime
import json
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from praja.foundation.accounts.models import Membership, Position, User
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.choosing.sets import Question
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import deciding, scoring
from praja.stages.quick_wins.models import DecisionSheet, FoundSet, QuickWin, Round, Score, ScoreSheet, SheetStep
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.sheet import Frozen, verify, weights_for
from praja.stages.quick_wins.tests.sheets import (
    acting_until,
    endorsed,
    fresh,
    ready,
    searched,
    submitted,
)


@pytest.fixture
def way(country):
    return ready(country)


def decided(sheet, way, **values):
    sheet = fresh(sheet)
    deciding.decide(sheet, by=way.people[Office.HEAD], version=sheet.version, **values)
    return fresh(sheet)


# --- putting a set forward --------------------------------------------------------------------------------------------


def test_the_best_set_is_frozen_with_everything_that_led_to_it(country, way):
    sheet = submitted(country, way)
    frozen = Frozen.of(sheet)
    assert frozen.chosen == {way.key("a"), way.key("c")}
    assert frozen.content["set"]["is_best"]
    assert len(frozen.content["nominees"]) == 4
    assert frozen.content["about"]["person"] == "Budi Koordinator"
    assert Question.of_json(frozen.content["question"]).broken(frozen.chosen) == []
    assert frozen.content["next"]
    assert fresh(sheet).round.state == Round.State.SUBMITTED
    assert verify(fresh(sheet)) == []


def test_a_search_of_a_round_that_has_changed_since_is_not_put_forward(country, way):
    Score.objects.filter(nomination=way.a).update(value=1)
    with pytest.raises(Refused):
        submitted(country, way)
    assert not DecisionSheet.objects.exists()


def test_a_round_without_a_search_puts_nothing_forward(country, way):
    FoundSet.objects.all().delete()
    with pytest.raises(Refused):
        submitted(country, way)


def test_a_set_by_hand_says_what_it_costs_and_needs_a_reason(country, way):
    chosen = frozenset({way.key("b"), way.key("c")})
    with pytest.raises(Refused):
        submitted(country, way, chosen=chosen)
    put = Frozen.of(submitted(country, way, chosen=chosen, reason="Amanat Musrenbang")).content["set"]
    assert put["loss"] == 10_000
    assert len(put["broken"]) == 1  # the budget
    assert not put["is_best"]


def test_a_nominee_without_all_scores_is_not_put_forward(country, way):
    Score.objects.filter(nomination=way.b).first().delete()
    searched(way.round)
    with pytest.raises(Refused):
        submitted(country, way, chosen=frozenset({way.key("b")}), reason="-")


def test_one_sheet_is_on_its_way_at_a_time(country, way):
    first = submitted(country, way)
    with pytest.raises(Refused, match=first.number):
        submitted(country, way)


def test_of_two_who_submit_at_once_one_is_told(country, way):
    stale = Round.objects.select_related("plan__government__region").get(pk=way.round.pk)
    submitted(country, way)
    DecisionSheet.objects.update(state=DecisionSheet.State.VOID)  # so that only the version of the round is in the way
    submission = deciding.Submission("002")
    with pytest.raises(TooLate):
        deciding.submit(stale, submission, by=country.coordinator, version=stale.version, link=str)


@pytest.mark.parametrize("state", ["nominating", "scoring", "submitted", "decided"])
def test_a_set_is_put_forward_only_while_it_is_being_chosen(country, way, state):
    Round.objects.filter(pk=way.round.pk).update(state=state)
    with pytest.raises(Refused):
        submitted(country, way)


def test_only_who_runs_the_round_submits(country, way):
    with pytest.raises(PermissionError):
        deciding.submit(way.round, deciding.Submission("1"), by=country.mentor, version=way.round.version, link=str)


# --- on its way -------------------------------------------------------------------------------------------------------


def test_each_office_speaks_in_its_turn_and_stands_there_as_it_is_that_day(country, way):
    sheet = submitted(country, way)
    with pytest.raises(Refused):
        deciding.speak(sheet, Office.COUNCIL, remark="", by=way.people[Office.COUNCIL], version=sheet.version)
    sheet = endorsed(sheet, way)
    assert deciding.turn_of(sheet) == Office.HEAD
    assert [step.office for step in sheet.steps.all()] == ["working_group", "team", "council", "secretary"]
    assert sheet.steps.get(office="secretary").person_name == "Sekar Sekda"


def test_who_does_not_hold_the_office_cannot_speak_for_it(country, way):
    sheet = submitted(country, way)
    with pytest.raises(PermissionError):
        deciding.speak(sheet, Office.WORKING_GROUP, remark="", by=country.mentor, version=sheet.version)


def test_a_mentor_gives_an_opinion_once_and_nothing_waits_for_it(country, way):
    sheet = endorsed(submitted(country, way), way, until=Office.COUNCIL)
    deciding.speak(sheet, Office.MENTOR, remark="Tepat sasaran", by=country.mentor, version=sheet.version)
    assert deciding.turn_of(fresh(sheet)) == Office.COUNCIL
    with pytest.raises(Refused):
        deciding.speak(sheet, Office.MENTOR, remark="Lagi", by=country.mentor, version=sheet.version)
    with pytest.raises(Refused):
        deciding.send_back(sheet, Office.MENTOR, remark="Tidak", by=country.mentor, version=sheet.version)


@pytest.mark.parametrize("office", ["working_group", "team", "council", "secretary", "head"])
def test_each_office_sends_back_with_a_reason_and_the_set_is_chosen_anew(country, way, office):
    sheet = endorsed(submitted(country, way), way, until=Office(office))
    by = way.people[Office(office)]
    with pytest.raises(Refused):
        deciding.send_back(sheet, office, remark=" ", by=by, version=sheet.version)
    deciding.send_back(sheet, office, remark="Kurang mendesak", by=by, version=sheet.version)
    sheet = fresh(sheet)
    assert (sheet.state, sheet.round.state) == ("returned", "choosing")
    assert sheet.steps.last().remark == "Kurang mendesak"
    assert verify(sheet) == []
    again = Frozen.of(submitted(country, way))
    assert again.content["earlier"][0]["said"][-1]["remark"] == "Kurang mendesak"


def test_the_secretariat_takes_a_sheet_back(country, way):
    sheet = submitted(country, way)
    with pytest.raises(Refused):
        deciding.take_back(sheet, remark="", by=country.coordinator, version=sheet.version)
    deciding.take_back(sheet, remark="Salah nomor", by=country.coordinator, version=sheet.version)
    assert (fresh(sheet).state, fresh(sheet).round.state) == ("void", "choosing")


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_accepting_puts_the_quick_wins_in_force(country, way):
    sheet = decided(endorsed(submitted(country, way), way), way)
    assert (sheet.state, sheet.round.state) == ("decided", "decided")
    rows = QuickWin.objects.filter(round=way.round)
    assert {(row.nomination_id, row.state, row.organisation_id) for row in rows} == {
        (way.a.pk, "draft", country.health.pk),
        (way.c.pk, "draft", country.health.pk),
    }
    decision = json.loads(sheet.decision)
    assert (decision["title"], decision["person"], decision["acting"]) == ("Bupati Uji", "Bagus Bupati", "definitive")
    assert [one["office"] for one in decision["way"]][-1] == "head"
    assert verify(sheet) == []


def test_a_swap_that_breaks_a_rule_needs_a_reason_and_is_recorded_with_its_cost(country, way):
    sheet = endorsed(submitted(country, way), way)
    swaps = [(way.key("a"), way.key("b"))]
    with pytest.raises(Refused):
        decided(sheet, way, swaps=swaps)
    sheet = decided(sheet, way, swaps=swaps, reason="Lebih mendesak")
    cost = json.loads(sheet.decision)["cost"]
    assert (cost["loss"], cost["money_before"], cost["money_after"]) == (10_000, 100_000_000, 300_000_000)
    assert len(cost["broken"]) == 1
    assert sheet.steps.last().verdict == SheetStep.Verdict.SWAPPED
    assert set(QuickWin.objects.values_list("nomination_id", flat=True)) == {way.b.pk, way.c.pk}


def test_a_swap_that_keeps_the_rules_needs_no_reason(country, way):
    sheet = decided(endorsed(submitted(country, way), way), way, swaps=[(way.key("c"), way.key("d"))])
    assert json.loads(sheet.decision)["cost"]["broken"] == []
    assert sheet.state == "decided"


def test_a_swap_names_who_leaves_of_the_set_and_who_comes_of_the_others(country, way):
    sheet = endorsed(submitted(country, way), way)
    a, b, c = way.key("a"), way.key("b"), way.key("c")
    for swaps in ([(b, c)], [(a, c)], [(a, "999")], [(a, b), (a, b)], [("", b)]):
        with pytest.raises(Refused):
            decided(sheet, way, swaps=swaps, reason="x")


def test_a_nominee_without_scores_is_not_swapped_in(country, way):
    Score.objects.filter(nomination=way.d).delete()
    searched(way.round)
    sheet = endorsed(submitted(country, way), way)
    with pytest.raises(Refused, match="Halte Pintar"):
        decided(sheet, way, swaps=[(way.key("c"), way.key("d"))])


def test_agencies_are_told_what_became_of_their_nominee(country, way, django_capture_on_commit_callbacks):
    transport = User.objects.create_user("dishub")
    Membership.objects.create(user=transport, organisation=country.transport, role="operator")
    sheet = endorsed(submitted(country, way), way)
    with django_capture_on_commit_callbacks(execute=True):
        decided(sheet, way, swaps=[(way.key("c"), way.key("d"))])
    told = list(Notice.objects.filter(user=country.operator).values_list("text", flat=True))
    assert len(told) == 2  # a stays, c leaves
    assert any("Antre Daring" in text for text in told)
    with translation.override("id"):
        left = translation.gettext(
            "“%(innovation)s” was swapped out by the head of region and is no quick win of %(round)s."
        )
    assert left % {"innovation": "Kelas Ibu", "round": "Quick win 2027"} in told
    assert "Halte Pintar" in Notice.objects.get(user=transport).text


def test_whose_turn_it_is_learns_so(country, way, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sheet = submitted(country, way)
    assert Notice.objects.filter(user=way.people[Office.WORKING_GROUP]).exists()
    assert Notice.objects.filter(user=country.mentor).exists()
    with django_capture_on_commit_callbacks(execute=True):
        endorsed(sheet, way)
    told = Notice.objects.get(user=way.people[Office.HEAD])
    assert "001/TL-QW" in told.text
    assert told.address == reverse("decision", args=[sheet.pk])


def test_the_head_decides_only_when_the_offices_before_have_spoken(country, way):
    sheet = submitted(country, way)
    with pytest.raises(Refused):
        decided(sheet, way)


def test_of_two_decisions_at_once_one_wins_and_the_other_is_told(country, way):
    first = endorsed(submitted(country, way), way)
    second = fresh(first)
    by = way.people[Office.HEAD]
    with patch.object(deciding, "_waits_for"):  # both have looked before either has written
        deciding.decide(first, by=by, version=first.version)
        with pytest.raises(TooLate):
            deciding.decide(second, swaps=[(way.key("c"), way.key("d"))], by=by, version=second.version)
    assert json.loads(fresh(first).decision)["swaps"] == []
    assert QuickWin.objects.count() == 2


def test_nobody_decides_on_a_sheet_whose_content_was_changed(country, way):
    sheet = endorsed(submitted(country, way), way)
    DecisionSheet.objects.filter(pk=sheet.pk).update(content=sheet.content.replace("Antre Daring", "Antre Lain"))
    with pytest.raises(Refused):
        decided(sheet, way)


# --- acting heads -----------------------------------------------------------------------------------------------------


def test_an_acting_head_decides_with_status_and_decree(country, way):
    acting = acting_until(country, way, country.plan.today)
    sheet = endorsed(submitted(country, way), way)
    deciding.decide(sheet, by=acting, version=sheet.version)
    decision = json.loads(fresh(sheet).decision)
    assert (decision["acting"], decision["decree"], decision["title"]) == ("plh", "SK 9/2026", "Bupati Uji")
    assert fresh(sheet).steps.last().acting == "plh"


def test_who_was_acting_head_until_yesterday_decides_nothing_more(country, way):
    acting = acting_until(country, way, country.plan.today - datetime.timedelta(days=1))
    sheet = endorsed(submitted(country, way), way)
    with pytest.raises(Refused, match=r"Plh\. Bupati Uji"):
        deciding.decide(sheet, by=acting, version=sheet.version)
    assert fresh(sheet).state == "on_its_way"


def test_the_day_ends_at_midnight_in_the_zone_of_the_region(country, way):
    """At 22:30 in Jakarta the last day of an acting head in Jayapura is over."""
    region = country.regency
    region.time_zone = "Asia/Jayapura"
    region.save()
    moment = datetime.datetime(2026, 11, 25, 22, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
    acting = acting_until(country, way, moment.date())
    Position.objects.filter(person=acting.person).update(ends_on=None)  # the role alone says when it is over
    plan = Plan.objects.select_related("government__region").get(pk=country.plan.pk)
    for hour, is_over in ((21, False), (22, True)):
        with patch.object(timezone, "now", return_value=moment.replace(hour=hour)):
            if is_over:
                with pytest.raises(Refused):
                    deciding.standing_of(acting, deciding.Can.QUICK_WIN_DECIDE, plan)
            else:
                assert deciding.standing_of(acting, deciding.Can.QUICK_WIN_DECIDE, plan).acting == "plh"


@pytest.mark.parametrize(("acting", "title"), [("pj", r"Pj\. Bupati Uji"), ("definitive", "sebagai Bupati Uji")])
def test_a_head_whose_own_office_has_ended_decides_nothing_more(country, way, acting, title):
    yesterday = country.plan.today - datetime.timedelta(days=1)
    Position.objects.filter(pk=way.head.pk).update(acting=acting, ends_on=yesterday)
    sheet = endorsed(submitted(country, way), way)
    with pytest.raises(Refused, match=title):
        decided(sheet, way)
    assert not QuickWin.objects.exists()
    Position.objects.filter(pk=way.head.pk).update(ends_on=country.plan.today)  # the last day counts
    decided(sheet, way)


# --- proof ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: {"content": sheet.content.replace("Antre Daring", "Antre Lain")},
        lambda sheet: {"decision": sheet.decision.replace('"accepted"', '"swapped"')},
        lambda sheet: {"content": "tidak terbaca"},
        lambda sheet: {"sha256": "0" * 64},
        lambda sheet: {"decision_sha256": "0" * 64},
    ],
)
def test_a_changed_content_or_decision_is_found(country, way, change):
    sheet = decided(endorsed(submitted(country, way), way), way)
    DecisionSheet.objects.filter(pk=sheet.pk).update(**change(sheet))
    assert verify(fresh(sheet))


def test_a_change_with_a_fitting_hash_is_found_by_the_history(country, way):
    sheet = decided(endorsed(submitted(country, way), way), way)
    content = sheet.content.replace("Antre Daring", "Antre Lain")
    values = {"content": content, "sha256": deciding.digest(content)}
    values["decision_sha256"] = deciding.digest(content, sheet.decision)
    DecisionSheet.objects.filter(pk=sheet.pk).update(**values)
    assert len(verify(fresh(sheet))) == 2


def test_changed_steps_scores_and_quick_wins_are_found(country, way):
    sheet = decided(endorsed(submitted(country, way), way), way)
    SheetStep.objects.filter(sheet=sheet, office="council").update(person_name="Orang Lain")
    assert len(verify(fresh(sheet))) == 1
    Score.objects.filter(nomination=way.d).update(value=4)
    assert len(verify(fresh(sheet))) == 2
    QuickWin.objects.filter(nomination=way.c).update(nomination=way.d)
    assert len(verify(fresh(sheet))) == 3


def test_a_score_edited_after_the_freeze_is_refused_and_recorded(country, way):
    sheet = submitted(country, way)
    scores = ScoreSheet.objects.get(round=way.round, dimension=country.dimension("living"))
    board = scoring.Board(
        ScoreSheet.objects.select_related("round__plan").get(pk=scores.pk), country.dimension("living")
    )
    criterion = way.round.criteria.filter(kind="scored").first()
    typed = scoring.Typed({(way.a.pk, criterion.pk): (0, "")})
    with pytest.raises(Refused):
        scoring.score(board, typed, by=country.coordinator, version=scores.version)
    assert Event.objects.filter(subject="quick_wins.scoresheet", verb="refuse score").exists()
    assert Score.objects.get(sheet=scores, nomination=way.a, criterion=criterion).value == 4
    assert verify(fresh(sheet)) == []


def test_weights_are_told_that_would_make_a_swap_right(country, way):
    Score.objects.filter(nomination=way.b, criterion__key="speed").update(value=4)
    Score.objects.filter(nomination=way.a, criterion__key="speed").update(value=3)
    Score.objects.filter(nomination=way.b, criterion__key="benefit").update(value=2)
    searched(way.round)
    weights = weights_for(Frozen.of(submitted(country, way)), way.key("a"), way.key("b"))
    assert weights["speed"] > weights["benefit"]


def test_a_sheet_stays_sound_when_a_word_is_translated_anew(country, way):
    sheet = decided(endorsed(submitted(country, way), way), way)
    with patch.object(SheetStep, "get_verdict_display", return_value="Kata baru"):
        assert verify(fresh(sheet)) == []
