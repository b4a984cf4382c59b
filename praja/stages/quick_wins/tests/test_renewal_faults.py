"""A round whose sheet is on its way comes back with that sheet alone; what hangs on an innovation changes hands with it."""

import pytest

from praja.foundation.accounts.models import Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.models import Event
from praja.foundation.evidence.models import Evidence
from praja.foundation.remarks.actions import leave_remark
from praja.foundation.remarks.models import Remark
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.actions import assign
from praja.stages.quick_wins import actions, nominating
from praja.stages.quick_wins.models import Nomination, QuickWin
from praja.stages.quick_wins.tests.making import dialogue, nominee, round_of


def test_a_round_on_its_way_does_not_come_back_by_a_move(country):
    round_ = round_of(country, state="submitted")
    with pytest.raises(Refused):
        actions.move(round_, "choosing", by=country.coordinator, version=round_.version)
    round_.refresh_from_db()
    assert round_.state == "submitted"


# --- an innovation changes hands --------------------------------------------------------------------------------------


@pytest.fixture
def carried(country):
    """A quick win of the health agency with a dialogue and its minutes, and a remark on its nominee."""
    round_ = round_of(country)
    row = nominee(country, round_)
    talk = dialogue(country, row)
    nominating.attach(talk, by=country.operator, kind="report", title="Notulen", link="https://uji.id/notulen")
    leave_remark(row, by=country.coordinator, text="Kapan mulai?")
    position = Position.objects.create(organisation=country.health, title="Kepala Dinas Kesehatan", is_head=True)
    return QuickWin.objects.create(
        round=round_, nomination=row, innovation=row.innovation, plan=country.plan, organisation=country.health,
        position=position, state="submitted",
    )  # fmt: skip


def test_nominee_dialogue_and_quick_win_go_along_when_an_innovation_changes_hands(country, carried):
    assign(
        carried.innovation, organisation=country.transport, by=country.coordinator, version=carried.innovation.version
    )
    carried.refresh_from_db()
    path = country.transport.organisation_path
    row = Nomination.objects.get(pk=carried.nomination_id)
    talk = row.dialogues.get()
    rows = [carried, row, talk, Evidence.objects.about(talk).get(), Remark.objects.about(row).get()]
    assert [one.organisation_path for one in rows] == [path] * 5
    assert carried.organisation == country.transport
    # The position was one of the former agency: the new one names its own before the profile is handed in again.
    assert (carried.position, carried.state) == (None, "returned")
    assert Event.objects.about(carried).first().verb == "hand over"


def test_a_quick_win_whose_innovation_stays_keeps_its_position(country, carried):
    assign(carried.innovation, organisation=country.health, by=country.coordinator, version=carried.innovation.version)
    carried.refresh_from_db()
    assert (carried.position.organisation, carried.state) == (country.health, "submitted")


def test_a_quick_win_that_was_given_to_another_agency_stays_there(country, carried):
    QuickWin.objects.filter(pk=carried.pk).update(
        organisation=country.transport, organisation_path=country.transport.organisation_path
    )
    assign(
        carried.innovation, organisation=country.transport, by=country.coordinator, version=carried.innovation.version
    )
    carried.refresh_from_db()
    assert (carried.organisation, carried.state, carried.position.title) == (
        country.transport, "submitted", "Kepala Dinas Kesehatan",
    )  # fmt: skip


def test_the_agency_that_gave_an_innovation_away_does_not_reach_its_nominee(country, carried):
    nominee_ = carried.nomination
    assert Nomination.objects.within_reach(country.operator, Can.QUICK_WIN_VIEW).filter(pk=nominee_.pk).exists()
    assign(
        carried.innovation, organisation=country.transport, by=country.coordinator, version=carried.innovation.version
    )
    assert not Nomination.objects.within_reach(country.operator, Can.QUICK_WIN_VIEW).filter(pk=nominee_.pk).exists()
