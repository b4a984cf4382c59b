"""Several people at once: they really meet, in threads with connections of their own, and one of them is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest.mock import patch

import pytest
from django.db import connection

from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import actions, deciding, rules
from praja.stages.quick_wins.models import DecisionSheet, Nomination, QuickWin, Round, SelectionRule
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.sheet import Frozen, verify
from praja.stages.quick_wins.tests.sheets import endorsed, fresh, ready, second_coordinator, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def way(country):
    return ready(country)


def at_once(*acts):
    """What became of each act, all of which begin at the same moment: "done", or the class of what was raised."""
    barrier = Barrier(len(acts))

    def one(act):
        try:
            barrier.wait(30)
            act()
        except (TooLate, Refused) as problem:
            return type(problem)
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(one, acts))


def without_the_round(row, values, *, by, version):
    """A round takes every version, so that nothing but the sheet itself stands between two people."""
    fits = Round.objects.get(pk=row.pk).version if isinstance(row, Round) else version
    update_if_unchanged(row, values, by=by, version=fits)


@pytest.mark.parametrize("_try", range(3))
def test_of_two_decisions_at_the_same_moment_one_stands(country, way, _try):
    sheet = endorsed(submitted(country, way), way)
    by, looked = way.people[Office.HEAD], Barrier(2)
    first, second = fresh(sheet), fresh(sheet)
    other = [(way.key("a"), way.key("b")), (way.key("c"), way.key("d"))]  # no nominee in common with the first
    judged = deciding._judged

    def both_have_looked(*told):
        found = judged(*told)
        looked.wait(30)
        return found

    with patch.object(deciding, "update_if_unchanged", without_the_round), patch.object(deciding, "_judged", both_have_looked):  # fmt: skip
        found = at_once(
            lambda: deciding.decide(first, by=by, version=first.version),
            lambda: deciding.decide(second, swaps=other, reason="Mendesak", by=by, version=second.version),
        )
    assert sorted(map(str, found)) == sorted(["done", str(TooLate)])
    sheet = fresh(sheet)
    assert sheet.steps.filter(office="head").count() == 1
    assert {str(row.nomination_id) for row in QuickWin.objects.all()} == Frozen.of(sheet).decided
    assert verify(sheet) == []


def test_of_two_who_endorse_for_one_office_at_the_same_moment_one_stands(country, way):
    sheet = endorsed(submitted(country, way), way, until=Office.TEAM)
    people = (country.coordinator, second_coordinator(country))
    sheets = [fresh(sheet) for _each in people]
    said = [
        lambda by=by, own=own: deciding.speak(own, Office.TEAM, remark="", by=by, version=own.version)
        for by, own in zip(people, sheets, strict=True)
    ]
    looked, waits_for = Barrier(2), deciding._waits_for

    def both_have_looked(*told):
        waits_for(*told)
        looked.wait(30)

    with patch.object(deciding, "_waits_for", both_have_looked):
        found = at_once(*said)
    assert sorted(map(str, found)) == sorted(["done", str(TooLate)])
    assert fresh(sheet).steps.filter(office="team").count() == 1


def test_of_two_who_put_a_set_forward_at_the_same_moment_one_does(country, way):
    rounds = [Round.objects.select_related("plan__government__region").get(pk=way.round.pk) for _each in range(2)]

    def submit(round_):
        submission = deciding.Submission("001")
        deciding.submit(round_, submission, by=country.coordinator, version=round_.version, link=str)

    found = at_once(*(lambda round_=round_: submit(round_) for round_ in rounds))
    assert found.count("done") == 1
    assert DecisionSheet.objects.count() == 1


@pytest.mark.parametrize("_try", range(3))
def test_a_nominee_is_not_withdrawn_while_it_is_being_frozen(country, way, _try):
    round_ = Round.objects.select_related("plan__government__region").get(pk=way.round.pk)
    nominee = Nomination.objects.select_related("round").get(pk=way.a.pk)
    looked, asked_of = Barrier(2), deciding.asked_of

    def slowly(round_):
        asked = asked_of(round_)
        looked.wait(30)  # the other one begins when the round has been read
        return asked

    def withdraw():
        looked.wait(30)
        actions.withdraw(nominee, reason="Batal", by=country.operator, version=nominee.version)

    with patch.object(deciding, "asked_of", slowly):
        found = at_once(
            lambda: deciding.submit(
                round_, deciding.Submission("1"), by=country.coordinator, version=round_.version, link=str
            ),
            withdraw,
        )
    assert found == ["done", Refused]
    assert Nomination.objects.get(pk=way.a.pk).withdrawn_at is None


def test_a_round_read_before_the_sheet_set_out_takes_no_rule_and_no_nominee(country, way):
    stale = Round.objects.select_related("plan").get(pk=way.round.pk)
    rule = SelectionRule.objects.select_related("round").filter(round=stale, kind="budget").get()
    submitted(country, way)
    for act in (
        lambda: rules.add_rule(stale, "must", {"nomination": way.d}, by=country.coordinator),
        lambda: rules.withdraw_rule(rule, by=country.coordinator, version=rule.version),
        lambda: actions.nominate(stale, way.a.innovation, proposer="agency", by=country.operator),
    ):
        with pytest.raises(Refused, match=r"\w"):
            act()
    assert not SelectionRule.objects.filter(kind="must").exists()


def test_of_two_confirmations_of_a_paper_at_the_same_moment_one_counts(country, way):
    sheet = submitted(country, way)
    signed = dict.fromkeys(("working_group", "team", "council", "secretary"), "Sekar")
    day = country.plan.today.isoformat()
    told = {"verdict": "accepted", "swaps": [], "reason": "", "head": way.head.pk, "day": day, "signed": signed}
    DecisionSheet.objects.filter(pk=sheet.pk).update(scanned_by=country.mentor, scanned_at=sheet.created_at)
    people, looked = (country.coordinator, second_coordinator(country)), Barrier(2)
    own = [fresh(sheet) for _each in people]
    with (
        patch.object(deciding, "_sound", lambda _sheet: looked.wait(30)),
        patch.object(deciding, "bars_confirming", return_value=""),
        patch.object(deciding, "entered_of", return_value=told),
        patch.object(deciding, "update_if_unchanged", without_the_round),
    ):
        found = at_once(
            *(
                lambda by=by, one=one: deciding.confirm_paper(one, by=by, version=one.version)
                for by, one in zip(people, own, strict=True)
            )
        )
    assert sorted(map(str, found)) == sorted(["done", str(TooLate)])
    assert fresh(sheet).steps.count() == 5
