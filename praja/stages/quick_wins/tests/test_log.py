"""Scores that were handed in and decisions stand in the tamper-evident log, and what is altered afterwards is named."""

import json

import pytest

from praja.foundation.audit import chain
from praja.foundation.audit.models import ChainEntry
from praja.foundation.audit.verifying import Altered, verify
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import deciding, scoring
from praja.stages.quick_wins.models import DecisionSheet, Score, ScoreSheet
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.tests.scored import nominee, round_of, sheet_of
from praja.stages.quick_wins.tests.sheets import endorsed, ready, submitted
from praja.stages.quick_wins.tests.test_scoring import finished


@pytest.fixture
def scores(country):
    """A sheet of scores that was finished."""
    round_ = round_of(country)
    one = nominee(country, round_, "Antre daring")
    sheet = sheet_of(country, round_)
    finished(country, sheet, one)
    return sheet


@pytest.fixture
def decided(country):
    """A sheet that the head of region decided on."""
    way = ready(country)
    sheet = endorsed(submitted(country, way), way)
    deciding.decide(sheet, by=way.people[Office.HEAD], version=sheet.version)
    return sheet


def said(row):
    return [json.loads(entry.facts) for entry in chain.entries_of(row)]


def test_a_finished_sheet_of_scores_enters_the_log_and_not_each_keystroke(scores):
    (facts,) = said(scores)
    assert facts["finished"]
    assert facts["scores"] == 2
    assert "Budi" not in ChainEntry.objects.get().facts
    verify()


@pytest.mark.parametrize("change", [{"value": 0}, {"reason": "Diubah"}])
def test_a_score_altered_past_praja_is_named(scores, change):
    Score.objects.filter(pk=scores.scores.first().pk).update(**change)
    with pytest.raises(Altered, match=rf"^quick_wins.scoresheet {scores.pk} has been altered: “sha256”"):
        verify()


def test_a_sheet_that_is_opened_again_says_so_and_then_may_change(country, scores):
    scoring.reopen(scores, reason="Salah ketik", by=country.coordinator, version=scores.version)
    Score.objects.filter(sheet=scores).update(value=1)
    verify()
    scoring.finish(scores, by=country.coordinator, version=scores.version)
    assert [facts["finished"] for facts in said(scores)] == [True, False, True]
    verify()


def test_a_sheet_that_was_opened_past_praja_is_named(scores):
    ScoreSheet.objects.filter(pk=scores.pk).update(finished_at=None, finished_by=None)
    with pytest.raises(Altered, match=rf"^quick_wins.scoresheet {scores.pk} has been altered: “finished”"):
        verify()


def test_a_sheet_that_cannot_be_finished_leaves_no_entry(country):
    round_ = round_of(country)
    nominee(country, round_, "Antre daring")
    with pytest.raises(Refused):
        scoring.finish(sheet_of(country, round_), by=country.coordinator, version=1)
    assert chain.head()[0] == 0


def test_a_decision_enters_the_log_with_its_hashes(decided):
    (facts,) = said(decided)
    assert (facts["state"], facts["sha256"]) == ("decided", decided.sha256)
    assert facts["decision_sha256"] == decided.decision_sha256 != ""
    verify()


@pytest.mark.parametrize("column", ["content", "decision"])
def test_a_decision_whose_text_was_altered_is_named(decided, column):
    text = getattr(decided, column)
    DecisionSheet.objects.filter(pk=decided.pk).update(**{column: text.replace('"reason":"', '"reason":"lain ', 1)})
    with pytest.raises(Altered, match=rf"^The text of quick_wins.decisionsheet {decided.pk} has been altered"):
        verify()


def test_a_decision_that_was_taken_away_is_named(decided):
    DecisionSheet.objects.filter(pk=decided.pk).update(state="void")
    with pytest.raises(Altered, match="“state” is 'void'"):
        verify()
