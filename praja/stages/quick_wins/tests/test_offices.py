"""As what somebody speaks on a day: what has not begun, has ended, or belongs to another region, is nobody's office."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from praja.foundation.accounts.models import Membership, Organisation, Person, Position, User
from praja.foundation.accounts.permissions import Can
from praja.stages.quick_wins.offices import heads_on, standing_of
from tests.country import someone

DAY = datetime.timedelta(days=1)


@pytest.fixture
def head(country):
    """The head of region, and a second person."""
    user = someone("bupati", "Bagus Bupati", "head_of_region", country.government)
    Position.objects.create(organisation=country.government, title="Bupati Uji", person=user.person, is_head=True)
    return User.objects.get(pk=user.pk)


def acting(country, **values):
    """Somebody named to act as head of region."""
    user = User.objects.create(username="wakil", person=Person.objects.create(name="Wawan Wakil"))
    Membership.objects.create(user=user, organisation=country.government, role="head_of_region", **values)
    return user


def test_an_acting_time_that_has_not_begun_is_no_office(country, head):
    tomorrow = country.plan.today + DAY
    user = acting(country, starts_on=tomorrow, ends_on=tomorrow + DAY)
    with pytest.raises(PermissionError):
        standing_of(user, Can.QUICK_WIN_DECIDE, country.plan)
    user.memberships.update(starts_on=country.plan.today)
    assert standing_of(user, Can.QUICK_WIN_DECIDE, country.plan).person == "Wawan Wakil"


def test_a_role_that_was_ended_is_no_office(country, head):
    head.memberships.update(ended_at=timezone.now())
    with pytest.raises(PermissionError):
        standing_of(head, Can.QUICK_WIN_DECIDE, country.plan)


def test_who_acts_for_the_head_in_the_name_of_the_office_says_so(country, head):
    position = Position.objects.get(person=head.person)
    user = acting(country, for_position=position, basis="SK 7/2026")
    found = standing_of(user, Can.QUICK_WIN_DECIDE, country.plan)
    assert (found.title, found.person, found.acting, found.decree) == (
        "a.n. Bupati Uji",
        "Wawan Wakil",
        "definitive",
        "SK 7/2026",
    )


def test_of_several_offices_the_head_decides_as_head(country, head):
    Position.objects.create(organisation=country.government, title="Ketua Tim", person=head.person)
    assert standing_of(head, Can.QUICK_WIN_DECIDE, country.plan).title == "Bupati Uji"


def test_an_office_that_begins_tomorrow_is_not_held_today(country, head):
    Position.objects.filter(person=head.person).update(starts_on=country.plan.today + DAY)
    assert standing_of(head, Can.QUICK_WIN_DECIDE, country.plan).title != "Bupati Uji"


def test_the_head_of_a_province_decides_nothing_for_a_regency_below_it(country):
    province = Organisation.objects.get(region=country.province)
    user = someone("gubernur", "Gita Gubernur", "head_of_region", province)
    plan = country.plan
    below = SimpleNamespace(
        organisation_path=f"{province.organisation_path}999/", government_id=plan.government_id, today=plan.today
    )
    with pytest.raises(PermissionError):
        standing_of(user, Can.QUICK_WIN_DECIDE, below)
    with pytest.raises(PermissionError):
        standing_of(user, Can.QUICK_WIN_DECIDE, plan)


def test_a_neighbour_and_an_operator_hold_no_office_of_the_region(country):
    for person in (country.neighbour, country.operator, country.assessor):
        for permission in (Can.QUICK_WIN_DECIDE, Can.QUICK_WIN_RUN, Can.QUICK_WIN_ENDORSE):
            with pytest.raises(PermissionError):
                standing_of(person, permission, country.plan)


def test_an_acting_time_that_was_withdrawn_later_counts_for_the_days_before(country, head):
    today = country.plan.today
    Position.objects.filter(person=head.person).update(withdrawn_at=timezone.now(), starts_on=today - 9 * DAY)
    assert [one.title for one in heads_on(country.plan, today - DAY)] == ["Bupati Uji"]
    assert heads_on(country.plan, today) == []
    assert heads_on(country.plan, today - 10 * DAY) == []
