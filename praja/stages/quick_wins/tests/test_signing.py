"""A decided sheet is put to signature: its frozen content and decision, by head of region and secretary, once."""

import pytest
from django.urls import reverse

from praja.foundation.accounts.models import Person, Position
from praja.foundation.documents.editions import document_of
from praja.foundation.documents.models import Edition
from praja.foundation.jobs.worker import perform_due
from praja.foundation.signing import rounds
from praja.foundation.signing.models import SigningRound
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import signing
from praja.stages.quick_wins.models import DecisionSheet
from praja.stages.quick_wins.sheet_blocks import letter_of
from praja.stages.quick_wins.tests.decided import decided
from praja.stages.quick_wins.tests.sheets import ready, submitted


@pytest.fixture
def sheet(country):
    """A decided sheet of a region that has a secretary."""
    person = Person.objects.create(name="Sinta Sekda")
    Position.objects.create(organisation=country.government, title="Sekretaris Daerah Kabupaten Uji", person=person)
    return decided(country)


def test_a_decided_sheet_is_frozen_and_its_round_prepared(country, sheet):
    round_ = signing.prepare(sheet, by=country.coordinator)
    edition = round_.edition
    assert document_of(edition).blocks == letter_of(sheet).blocks
    assert (edition.document, edition.status, edition.subject_id) == ("decision_sheet", "final", sheet.pk)
    assert [str(one.position) for one in round_.signatories.all()] == ["Bupati Uji", "Sekretaris Daerah Kabupaten Uji"]
    assert round_.number == sheet.number


def test_it_opens_as_any_other_round(country, sheet):
    round_ = signing.prepare(sheet, by=country.coordinator)
    rounds.ask_to_open(round_, address="http://localhost:8000", by=country.coordinator, version=round_.version)
    perform_due()
    assert SigningRound.objects.get().state == "open"


def test_asked_twice_it_is_one_round_and_after_it_was_called_off_a_new_one_of_the_same_edition(country, sheet):
    first = signing.prepare(sheet, by=country.coordinator)
    assert signing.prepare(sheet, by=country.coordinator) == first
    rounds.cancel(first, reason="Salah orang", by=country.coordinator)
    second = signing.prepare(sheet, by=country.coordinator)
    assert (second != first, second.edition, Edition.objects.count()) == (True, first.edition, 1)


def test_a_round_that_was_closed_early_makes_room_for_another_and_both_stand_on_the_page(country, sheet, client_of):
    first = signing.prepare(sheet, by=country.coordinator)
    SigningRound.objects.update(state="closed", end_reason="Rapat bubar")
    shown = client_of(country.coordinator).get(reverse("decision-sheet", args=[sheet.pk])).content.decode()
    assert reverse("signing-round", args=[country.plan.slug, first.pk]) in shown
    assert reverse("decision-sheet-sign", args=[sheet.pk]) in shown
    second = signing.prepare(sheet, by=country.coordinator)
    assert signing.prepare(sheet, by=country.coordinator) == second != first


def test_a_sheet_that_is_not_decided_is_not_signed(country):
    sheet = submitted(country, ready(country))
    with pytest.raises(Refused):
        signing.prepare(sheet, by=country.coordinator)
    assert not Edition.objects.exists()


def test_a_sheet_that_was_altered_is_not_signed(country, sheet):
    DecisionSheet.objects.update(content=sheet.content.replace("Antre", "Antri"))
    with pytest.raises(Refused):
        signing.prepare(DecisionSheet.objects.get(), by=country.coordinator)
    assert not Edition.objects.exists()


def test_the_page_offers_it_to_the_secretariat_alone(country, sheet, client_of):
    address, page = reverse("decision-sheet-sign", args=[sheet.pk]), reverse("decision-sheet", args=[sheet.pk])
    assert address in client_of(country.coordinator).get(page).content.decode()
    assert address not in client_of(country.mentor).get(page).content.decode()
    assert client_of(country.mentor).post(address).status_code == 404
    response = client_of(country.coordinator).post(address)
    assert response.url == reverse("signing-round", args=[country.plan.slug, SigningRound.objects.get().pk])
    assert response.url in client_of(country.operator).get(page).content.decode()


def test_beside_its_holder_who_acts_for_the_head_of_region_gets_no_place_of_their_own(country, sheet):
    acting = Person.objects.create(name="Pelaksana")
    Position.objects.create(
        organisation=country.government, title="Bupati Uji", person=acting, is_head=True, acting="plt"
    )
    named = [(one.title, one.acting) for one in signing.signatories_of(sheet)]
    assert named == [("Bupati Uji", "definitive"), ("Sekretaris Daerah Kabupaten Uji", "definitive")]
