"""What waits for whose signature, counted in the navigation and listed on the first page."""

import datetime

import pytest

from praja.foundation.accounts.models import Membership, Person, Position, User
from praja.foundation.signing.models import SigningRound
from praja.foundation.signing.tasks import to_sign, waiting_for
from praja.foundation.signing.tests.making import head_user, round_of
from praja.foundation.signing.tests.test_store import sign

DAY = datetime.timedelta(days=1)


@pytest.fixture
def round_(country):
    """An open round of three."""
    return round_of(country.plan)


def test_the_holder_finds_the_own_place_until_it_is_signed(country, round_):
    signatory = round_.signatories.first()
    user = head_user(signatory)
    assert to_sign(user, country.plan) == [signatory]
    sign(signatory, 1)
    assert to_sign(user, country.plan) == []


def test_others_find_nothing(country, round_):
    nobody = User.objects.create(username="tanpa-orang")
    for user in (country.coordinator, country.operator, country.neighbour, nobody):
        assert not waiting_for(user, country.plan).exists()


def test_who_acts_and_who_is_delegated_find_it_within_their_days(country, round_):
    first, second, _third = round_.signatories.select_related("organisation", "position").all()
    today = country.plan.today
    acting, delegate = (User.objects.create(username=name, person=Person.objects.create(name=name)) for name in "ab")
    held = Position.objects.create(
        organisation=first.organisation, title="Kepala", person=acting.person, is_head=True, acting="plh", ends_on=today
    )
    named = Membership.objects.create(
        user=delegate, organisation=second.organisation, role="agency_head", for_position=second.position, ends_on=today
    )
    assert to_sign(acting, country.plan) == [first]
    assert to_sign(delegate, country.plan) == [second]
    Position.objects.filter(pk=held.pk).update(ends_on=today - DAY)
    Membership.objects.filter(pk=named.pk).update(ends_on=today - DAY)
    assert to_sign(acting, country.plan) == to_sign(delegate, country.plan) == []


def test_in_a_series_only_whose_turn_it_is(country, round_):
    SigningRound.objects.update(order="series")
    first, second, _third = round_.signatories.all()
    assert to_sign(head_user(second), country.plan) == []
    sign(first, 1)
    assert to_sign(head_user(second), country.plan) == [second]


@pytest.mark.parametrize("state", ["prepared", "closed"])
def test_a_round_that_is_not_open_waits_for_nobody(country, round_, state):
    SigningRound.objects.update(state=state, end_reason="-")
    assert to_sign(head_user(round_.signatories.first()), country.plan) == []


def test_the_first_page_leads_to_the_signature(country, round_, client_of):
    signatory = round_.signatories.first()
    page = client_of(head_user(signatory)).get(f"/{country.plan.slug}/").content.decode()
    assert f"/penandatanganan/{round_.pk}/tanda-tangan/{signatory.pk}/" in page
