"""Addenda: what a newer edition changes is settled and frozen by itself; what was signed stays as it is."""

import pytest

from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import editions
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment import actions, addenda, settling
from praja.stages.commitment.models import Addendum, Obligation
from praja.stages.commitment.tests.making import (
    edition_with,
    frozen,
    line,
    list_of,
    obligation,
    settled,
    settling_one,
    without_files,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment(country):
    return frozen(country)


def newer(country, health=None, transport=None):
    """An edition in which an innovation of the health agency is changed, one taken out and one added."""
    health = health if health is not None else [line(money={"2026": 50}, title="Antre Daring"), line("Rujukan")]
    return edition_with(country, {country.health: health, country.transport: transport or [line("Halte")]})


def settle_and_freeze(country, commitment, agency, number=1):
    settled(country, commitment, agency, addendum=number)
    row = list_of(commitment, agency, number)
    return without_files(addenda.freeze(row, by=country.coordinator, version=row.version))


def test_each_agency_sees_what_a_newer_edition_changes_and_who_has_no_change_gets_nothing(country, commitment):
    (row,) = addenda.prepare(commitment, newer(country), by=country.coordinator)
    assert row.organisation == country.health
    found = {one.title: (one.change, one.number) for one in row.obligations.all()}
    assert found == {"Antre Daring": ("changed", 1), "Rujukan": ("added", 3), "Posyandu": ("removed", 2)}
    assert row.obligations.get(change="changed").before["money"] == {"2026": 100, "2027": 200}


def test_an_addendum_says_what_changes_and_the_whole_list_with_its_hash(country, commitment):
    kept = commitment.document.content
    addenda.prepare(commitment, newer(country), by=country.coordinator)
    paper = settle_and_freeze(country, commitment, country.health)
    facts = editions.facts_of(paper)["addendum"]
    assert [one["kind"] for one in facts["changes"]] == ["changed", "removed", "added"]
    assert [one["title"] for one in facts["lists"][0]["lines"]] == ["Antre Daring", "Rujukan"]
    assert facts["lists"][0]["sha256"] == list_of(commitment, country.health, 1).sha256
    commitment.document.refresh_from_db()
    assert commitment.document.content == kept
    assert (facts["commitment_sha256"], facts["number"]) == (commitment.document.sha256, 1)


def test_a_change_that_is_dropped_leaves_the_promise_as_it_was(country, commitment):
    (row,) = addenda.prepare(commitment, newer(country), by=country.coordinator)
    row = list_of(commitment, country.health, 1)
    one = obligation(row, "Posyandu")
    settling.contest(one, "Tetap kami kerjakan", by=country.operator, version=one.version)
    one = obligation(list_of(commitment, country.health, 1), "Posyandu")
    settling.answer(one, "drop", "Baik", by=country.coordinator, version=one.version)
    settle_and_freeze(country, commitment, country.health)
    lines = addenda.lines_in_force(commitment, country.health)
    assert [(one["number"], one["title"]) for one in lines] == [(1, "Antre Daring"), (2, "Posyandu"), (3, "Rujukan")]


def test_the_number_of_a_line_that_is_gone_is_never_given_again(country):
    commitment = settling_one(country)
    row = list_of(commitment, country.health)
    one = obligation(row, "Posyandu")
    settling.contest(one, "Bukan kami", by=country.operator, version=one.version)
    settling.answer(one, "drop", "Baik", by=country.coordinator, version=one.version)
    settled(country, commitment, country.health, country.transport)
    commitment.refresh_from_db()
    without_files(actions.freeze(commitment, by=country.coordinator, version=commitment.version))
    numbers = []
    for health in ([line(), line("Rujukan")], [line()], [line(), line("Gizi")], [line(), line("Rujukan")]):
        (made,) = addenda.prepare(commitment, newer(country, health), by=country.coordinator)
        numbers.append({one.title: one.number for one in made.obligations.filter(change="added")})
        made = list_of(commitment, country.health, made.addendum.number)
        if "Gizi" in numbers[-1]:
            addenda.call_off(made, reason="Keliru", by=country.coordinator, version=made.version)
        else:
            settle_and_freeze(country, commitment, country.health, made.addendum.number)
    assert numbers == [{"Rujukan": 3}, {}, {"Gizi": 4}, {"Rujukan": 5}]


def test_addenda_follow_each_other_and_compare_with_the_edition_of_the_last(country, commitment):
    addenda.prepare(commitment, newer(country), by=country.coordinator)
    settle_and_freeze(country, commitment, country.health)
    assert addenda.prepare(commitment, newer(country), by=country.coordinator) == []
    (row,) = addenda.prepare(commitment, newer(country, [line("Rujukan")]), by=country.coordinator)
    assert [(one.title, one.change) for one in row.obligations.all()] == [("Antre Daring", "removed")]
    settle_and_freeze(country, commitment, country.health, 2)
    assert addenda.in_force(commitment)[str(country.health.uid)]["addendum"] == 2


def test_an_agency_that_comes_with_a_newer_edition_gets_an_addendum(country):
    commitment = frozen(country, {country.health: [line()]})
    edition = newer(country, [line()])
    (row,) = addenda.prepare(commitment, edition, by=country.coordinator)
    assert (row.organisation, row.obligations.get().change) == (country.transport, "added")


def test_an_agency_that_was_late_settles_its_first_addendum(country):
    commitment = settling_one(country)
    settled(country, commitment, country.health)
    actions.freeze(commitment, by=country.coordinator, version=commitment.version, without_unsettled=True)
    settle_and_freeze(country, commitment, country.transport)
    assert [one["title"] for one in addenda.lines_in_force(commitment, country.transport)] == ["Halte"]


def test_one_addendum_at_a_time_and_one_called_off_makes_room(country, commitment):
    addenda.prepare(commitment, newer(country), by=country.coordinator)
    assert addenda.prepare(commitment, newer(country), by=country.coordinator) == []
    row = list_of(commitment, country.health, 1)
    with pytest.raises(Refused):
        addenda.call_off(row, reason=" ", by=country.coordinator, version=row.version)
    addenda.call_off(row, reason="Ada naskah baru", by=country.coordinator, version=row.version)
    assert len(addenda.prepare(commitment, newer(country), by=country.coordinator)) == 1
    assert Addendum.objects.in_service().get().number == 1


def test_what_was_not_added_is_in_no_total_and_a_total_that_stays_is_no_change(country):
    def lists(total, *more):
        return [line("Kesehatan", "programme", money={}, share={"2026": total}), line(programme="Kesehatan"), *more]

    commitment = frozen(country, {country.health: lists(300)})
    edition = edition_with(
        country, {country.health: lists(400, line("Gizi", programme="Kesehatan", money={"2026": 100}))}
    )
    addenda.prepare(commitment, edition, by=country.coordinator)
    one = obligation(list_of(commitment, country.health, 1), "Gizi")
    settling.contest(one, "Belum", by=country.operator, version=one.version)
    settling.answer(one, "drop", "Baik", by=country.coordinator, version=one.version)
    paper = settle_and_freeze(country, commitment, country.health)
    assert editions.facts_of(paper)["addendum"]["changes"] == []
    later = edition_with(
        country, {country.health: lists(500, line("Gizi", programme="Kesehatan", money={"2026": 100}))}
    )
    (row,) = addenda.prepare(commitment, later, by=country.coordinator)
    assert row.obligations.get().facts["share"] == {"2026": 400}


def test_an_agency_whose_first_addendum_was_called_off_comes_in_again_at_once(country):
    commitment = settling_one(country)
    settled(country, commitment, country.health)
    actions.freeze(commitment, by=country.coordinator, version=commitment.version, without_unsettled=True)
    assert addenda.left_out(commitment) == []
    row = list_of(commitment, country.transport, 1)
    addenda.call_off(row, reason="Keliru", by=country.coordinator, version=row.version)
    assert addenda.left_out(commitment) == [country.transport]
    (row,) = addenda.prepare(commitment, commitment.edition, by=country.coordinator)
    assert (row.organisation, row.obligations.get().change) == (country.transport, "added")
    assert addenda.left_out(commitment) == []
    settle_and_freeze(country, commitment, country.transport)
    assert [one["title"] for one in addenda.lines_in_force(commitment, country.transport)] == ["Halte"]


def test_an_edition_is_compared_once_until_an_addendum_ends_that_carries_another(country, commitment):
    def compared():
        commitment.refresh_from_db()
        return commitment.compared

    second = newer(country)
    addenda.prepare(commitment, second, by=country.coordinator)
    third = newer(country)
    assert (compared(), addenda.prepare(commitment, third, by=country.coordinator)) == (second, [])
    assert compared() == third
    settle_and_freeze(country, commitment, country.health)
    assert compared() is None
    assert (addenda.prepare(commitment, third, by=country.coordinator), compared()) == ([], third)


def test_an_addendum_needs_a_frozen_commitment_a_newer_edition_and_acceptance(country, commitment):
    with pytest.raises(Refused):
        addenda.prepare(commitment, commitment.edition, by=country.coordinator)
    addenda.prepare(commitment, newer(country), by=country.coordinator)
    row = list_of(commitment, country.health, 1)
    with pytest.raises(Refused):
        addenda.freeze(row, by=country.coordinator, version=row.version)
    settle_and_freeze(country, commitment, country.health)
    row = list_of(commitment, country.health, 1)
    with pytest.raises(TooLate):
        addenda.freeze(row, by=country.coordinator, version=row.version)


def test_an_addendum_changed_behind_its_acceptance_is_not_frozen(country, commitment):
    addenda.prepare(commitment, newer(country), by=country.coordinator)
    settled(country, commitment, country.health, addendum=1)
    Obligation.objects.filter(title="Posyandu", change="removed").update(change="changed")
    row = list_of(commitment, country.health, 1)
    with pytest.raises(Refused, match="Dinas Kesehatan"):
        addenda.freeze(row, by=country.coordinator, version=row.version)
