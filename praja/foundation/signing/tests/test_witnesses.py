"""A witness without a role in the region: named by the account, reads the document, signs or declines, and sees nothing else."""

import pytest
from django.urls import reverse

from praja.foundation.accounts.models import Person, Position, User
from praja.foundation.signing import rounds
from praja.foundation.signing.models import Signatory, SigningRound
from praja.foundation.signing.notices import users_of
from praja.foundation.signing.standing import standing_of
from praja.foundation.signing.tests.making import edition_of, round_of
from praja.foundation.signing.tests.test_store import sign
from praja.foundation.workflow.steps import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def witness(country):
    """An account without any role."""
    return User.objects.create(username="saksi", person=Person.objects.create(name="Wati Saksi"))


@pytest.fixture
def place(country, witness):
    """Its place in an open round."""
    round_ = round_of(country.plan, count=1)
    office = Position.objects.create(organisation=country.ministry, title="Pembimbing", person=witness.person)
    return Signatory.objects.create(
        round=round_, role="witness", order=2, organisation=country.ministry, position=office, page=1, slot=1
    )


def url(name, place, *more):
    return reverse(name, args=[place.round.plan.slug, place.round_id, *more])


def test_it_is_named_by_the_user_name_of_the_account(country, witness, client_of):
    round_ = round_of(country.plan, count=1, opened=False)
    data = {"do": "new", "version": round_.version, "new-role": "witness", "new-title": "Pembimbing"}
    data |= {"new-organisation": country.ministry.pk}
    address = reverse("signing-offices", args=[country.plan.slug, round_.pk])
    secretariat = client_of(country.coordinator)
    refused = secretariat.post(address, {**data, "new-username": "entah"})
    assert (refused.status_code, "entah" in refused.content.decode()) == (422, True)
    secretariat.post(address, {**data, "new-username": "Saksi"})
    assert round_.signatories.get(role="witness").position.person == witness.person
    named = reverse("signing-sign", args=[country.plan.slug, round_.pk, round_.signatories.get(role="witness").pk])
    assert client_of(witness).get(named).status_code == 404  # not opened yet


def test_it_opens_the_own_place_and_the_document(place, witness, client_of):
    client = client_of(witness)
    page = client.get(url("signing-sign", place, place.pk))
    assert (page.status_code, page.context["may_sign"]) == (200, True)
    shown = page.content.decode()
    assert url("signing-document", place) in shown
    assert url("signing-round", place) + '"' not in shown
    assert client.get(url("signing-document", place)).status_code == 200


@pytest.mark.parametrize(
    "name", ["signing-round", "signing-board", "signing-sheet", "signing-scans", "signing-evidence"]
)
def test_it_sees_nothing_else_of_the_round(place, witness, client_of, name):
    assert client_of(witness).get(url(name, place)).status_code == 404


def test_nobody_opens_the_place_of_somebody_else(country, place, witness, client_of):
    other = place.round.signatories.get(role="signatory")
    assert client_of(witness).get(url("signing-sign", place, other.pk)).status_code == 404
    assert client_of(country.neighbour).get(url("signing-sign", place, place.pk)).status_code == 404


def test_it_declines_and_stays_on_its_page(place, witness, client_of):
    answer = client_of(witness).post(url("signing-decline", place, place.pk), {"reason": "Berhalangan"})
    assert answer["Location"] == url("signing-sign", place, place.pk)
    place.refresh_from_db()
    assert place.state == "declined"


def test_it_is_told_and_still_reads_what_it_signed_when_the_office_is_over(place, witness, client_of):
    sign(place, 1)
    Position.objects.filter(pk=place.position_id).update(person=None)
    assert client_of(witness).get(url("signing-sign", place, place.pk)).status_code == 200


def test_when_the_office_is_over_or_the_round_called_off_nothing_is_open(place, witness, client_of):
    client = client_of(witness)
    rounds.cancel(place.round, reason="Salah naskah", by=witness)
    assert client.get(url("signing-sign", place, place.pk)).status_code == 404
    SigningRound.objects.update(state="open")
    Position.objects.filter(pk=place.position_id).update(person=None)
    assert client.get(url("signing-sign", place, place.pk)).status_code == 404
    assert client.get(url("signing-document", place)).status_code == 404


def test_another_region_cannot_make_its_own_people_witnesses_here(country, place, client_of):
    """Every region names offices of the ministry for its own rounds: one of the same title signs nothing here."""
    other = rounds.prepare(edition_of(country.neighbour_plan), plan=country.neighbour_plan, by=country.neighbour)
    forged = rounds.NewOffice(country.ministry, "Pembimbing", "", country.neighbour.person)
    rounds.add_new_office(other, forged, role="witness", by=country.neighbour, version=other.version)
    assert client_of(country.neighbour).get(url("signing-sign", place, place.pk)).status_code == 404
    with pytest.raises(Refused):
        standing_of(country.neighbour, place, place.round.plan.today)
    assert country.neighbour not in users_of(place.round, [place])[place.pk]
