"""An office with promises that got another holder is found by itself: on the first page, by notices, until it is taken on."""

import pytest

from praja.foundation.accounts.models import Membership, Person, Position, User
from praja.foundation.notices.models import Notice
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment import addenda, handovers
from praja.stages.commitment.jobs import ask_hand_overs
from praja.stages.commitment.models import PositionHandover
from praja.stages.commitment.new_holders import concerning, current_commitment, new_holders
from praja.stages.commitment.promises import promises_of
from praja.stages.commitment.tests.making import edition_with, frozen, line, list_of, settled, without_files

pytestmark = pytest.mark.django_db
HOME = "/kabupaten-uji/"


def head(country, name):
    """Somebody with an account and a role heads the health agency."""
    person = Person.objects.create(name=name)
    user = User.objects.create(username=name.lower(), person=person)
    Membership.objects.create(user=user, organisation=country.health, role="agency_head")
    return Position.objects.create(
        organisation=country.health, title="Kepala Dinas Kesehatan", person=person, is_head=True
    )


@pytest.fixture
def first(country):
    """Who headed the agency when the commitment was frozen."""
    return head(country, "Ratna")


@pytest.fixture
def commitment(country, first):
    return frozen(country)


@pytest.fixture
def successor(country, commitment, first):
    """Who heads it now."""
    first.ends_on = country.plan.today.replace(year=2020)
    first.save()
    return head(country, "Siti")


def told(user):
    return Notice.objects.filter(user=user).count()


def test_while_nobody_new_holds_an_office_nothing_is_asked(country, commitment, client_of):
    assert new_holders(current_commitment(country.plan)) == []
    assert client_of(country.coordinator).get(HOME).context["new_holders"] == []


def test_it_stands_on_the_first_page_of_secretariat_agency_and_successor_alone(
    country, commitment, successor, client_of
):
    promises = f"{HOME}komitmen/janji/?perangkat={country.health.pk}"
    for user in (country.coordinator, country.operator, User.objects.get(username="siti")):
        answer = client_of(user).get(HOME)
        assert [(one.leaver.name, one.open) for one in answer.context["new_holders"]] == [("Ratna", 2)]
        assert promises in answer.content.decode()
    assert client_of(country.assessor).get(HOME).context["new_holders"] == []


def test_they_are_told_once_at_night(country, commitment, first, successor):
    for _night in range(2):
        ask_hand_overs(lambda *_how_far: None)
    people = [first.person.user, successor.person.user, country.operator, country.coordinator]
    assert [told(user) for user in people] == [1, 1, 1, 1]
    assert told(country.assessor) == 0


def test_the_sheet_that_waits_is_linked_and_once_taken_on_nothing_is_left(country, commitment, successor):
    (one,) = promises_of(commitment).agencies[:1]
    made = handovers.begin(commitment, one, by=country.coordinator)
    (found,) = new_holders(current_commitment(country.plan))
    assert (found.handover, found.url) == (made, f"{HOME}komitmen/serah-terima/{made.pk}/")
    ask_hand_overs(lambda *_how_far: None)
    assert told(country.coordinator) == 0
    handovers.accept(PositionHandover.objects.get(), by=successor.person.user)
    assert concerning(country.coordinator, country.plan) == []


def test_who_holds_the_office_no_more_takes_nothing_on(country, commitment, successor):
    (one,) = promises_of(commitment).agencies[:1]
    handovers.begin(commitment, one, by=country.coordinator)
    Position.objects.filter(pk=successor.pk).update(ends_on=country.plan.today.replace(year=2020))
    with pytest.raises(Refused):
        handovers.accept(PositionHandover.objects.get(), by=successor.person.user)
    assert PositionHandover.objects.get().accepted_at is None


def test_what_an_addendum_took_out_is_not_open_any_more(country, commitment, successor):
    edition = edition_with(country, {country.health: [line()], country.transport: [line("Halte")]})
    addenda.prepare(commitment, edition, by=country.coordinator)
    Position.objects.filter(pk=successor.pk).update(is_head=False)
    settled(country, commitment, country.health, addendum=1)
    row = list_of(commitment, country.health, 1)
    without_files(addenda.freeze(row, by=country.coordinator, version=row.version))
    Position.objects.filter(pk=successor.pk).update(is_head=True)
    assert [one.open for one in new_holders(current_commitment(country.plan))] == [1]


def test_the_page_of_promises_finds_the_same_offices(country, commitment, successor):
    found = {one.organisation for one in new_holders(current_commitment(country.plan))}
    assert found == {one.organisation for one in promises_of(commitment).agencies if one.has_new_holder}
