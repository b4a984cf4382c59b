"""Who may sign for an office on a day: its holder, who acts for it, who is delegated; everybody else is told what to do."""

import datetime

import pytest

from praja.foundation.accounts import acting as acting_times
from praja.foundation.accounts.models import Membership, Person, Position, User
from praja.foundation.signing.standing import holder_on, standing_of, who_may_sign
from praja.foundation.signing.tests.making import head_user, round_of
from praja.foundation.workflow.steps import Refused
from tests.country import someone

pytestmark = pytest.mark.usefixtures("in_english")


DAY = datetime.timedelta(days=1)


@pytest.fixture
def signatory(country):
    """The one head of an agency in an open round."""
    return round_of(country.plan, count=1).signatories.select_related("round__plan").get()


@pytest.fixture
def today(country):
    """The date in the region."""
    return country.plan.today


def person(name):
    """A person with an account."""
    return User.objects.create(username=name.lower(), person=Person.objects.create(name=name))


def acting(signatory, user, how, today, **values):
    """Another row of the same office, held meanwhile."""
    values = {"starts_on": today - DAY, "ends_on": today + DAY, "decree": "SK 9/2026", **values}
    return Position.objects.create(
        organisation=signatory.organisation, title=signatory.position.title, person=user.person, is_head=True,
        acting=how, **values,
    )  # fmt: skip


def refusal(user, signatory, day):
    """The sentence that this person reads."""
    with pytest.raises(Refused) as refused:
        standing_of(user, signatory, day)
    return str(refused.value)


def test_the_holder_signs(signatory, today):
    found = standing_of(head_user(signatory), signatory, today)
    assert (found.title, found.person_name, found.is_on_behalf) == ("Kepala Dinas Uji 01", "Pejabat 01", False)
    assert holder_on(signatory.position, today) == found


@pytest.mark.parametrize("how", ["plt", "plh", "pj"])
def test_who_acts_for_the_office_signs_with_status_and_decree(signatory, today, how):
    user = person("Wati")
    acting(signatory, user, how, today)
    found = standing_of(user, signatory, today)
    assert (found.title, found.acting, found.decree) == (f"{how.title()}. Kepala Dinas Uji 01", how, "SK 9/2026")
    assert [one.person_name for one in who_may_sign(signatory.position, today)] == ["Pejabat 01", "Wati"]


def test_an_acting_time_counts_from_its_first_to_its_last_day(signatory, today):
    user = person("Wati")
    acting(signatory, user, "plh", today, starts_on=today, ends_on=today)
    assert standing_of(user, signatory, today)
    assert "ended on" in refusal(user, signatory, today + DAY)
    assert "begins on" in refusal(user, signatory, today - DAY)


def test_who_is_delegated_signs_on_behalf_by_a_paper_with_its_days(signatory, today):
    user = person("Sri")
    Membership.objects.create(
        user=user, organisation=signatory.organisation, role="agency_head", for_position=signatory.position,
        basis="Surat kuasa 3/2026", starts_on=today, ends_on=today + DAY,
    )  # fmt: skip
    found = standing_of(user, signatory, today)
    assert (found.title, found.is_on_behalf) == ("a.n. Kepala Dinas Uji 01", True)
    assert (found.basis, found.basis_from, found.basis_until) == ("Surat kuasa 3/2026", today, today + DAY)
    assert "is over" in refusal(user, signatory, today + 2 * DAY)
    assert "from" in refusal(user, signatory, today - DAY)


def test_a_delegation_that_was_ended_is_none(signatory, today):
    user = person("Sri")
    Membership.objects.create(
        user=user, organisation=signatory.organisation, role="agency_head", for_position=signatory.position,
        basis="Surat kuasa 3/2026", ended_at=datetime.datetime.now(datetime.UTC),
    )  # fmt: skip
    assert "is over" in refusal(user, signatory, today)


def test_what_was_signed_on_behalf_counts_after_the_time_has_ended(signatory, today):
    user = person("Sri")
    membership = Membership.objects.create(
        user=user, organisation=signatory.organisation, role="agency_head", for_position=signatory.position,
        basis="Surat kuasa 3/2026", starts_on=today - 3 * DAY, ends_on=today - DAY,
    )  # fmt: skip
    acting_times.end(membership, by=None)  # as the clock does on the day after
    assert "Sri" in [one.person_name for one in who_may_sign(signatory.position, today - DAY)]
    assert "Sri" not in [one.person_name for one in who_may_sign(signatory.position, today)]


def test_of_two_offices_with_one_title_each_person_signs_in_the_own_place_only(country, today):
    one, two = round_of(country.plan, count=2).signatories.select_related("round__plan")
    for place, name in ((one, "Asti"), (two, "Bima")):
        values = {"organisation": country.government, "title": "Asisten", "person": person(name).person}
        place.position = Position.objects.create(**values)
        place.save()
    asti = User.objects.get(username="asti")
    assert standing_of(asti, one, today).person_name == "Asti"
    assert "Bima signs at" in refusal(asti, two, today)
    assert [found.person_name for found in who_may_sign(two.position, today, round_=one.round)] == ["Bima"]


def test_after_a_change_of_holder_the_new_one_signs_and_the_old_one_is_told(signatory, today):
    old, new = head_user(signatory), person("Tono")
    Position.objects.filter(pk=signatory.position_id).update(ends_on=today - DAY)
    acting(signatory, new, "definitive", today, ends_on=None)
    signatory.position.refresh_from_db()
    assert standing_of(new, signatory, today).person_name == "Tono"
    assert refusal(old, signatory, today).endswith("Tono holds it now and signs.")


def test_a_person_put_into_the_row_of_the_office_is_the_new_holder(signatory, today):
    old, new = head_user(signatory), person("Tono")
    Position.objects.filter(pk=signatory.position_id).update(person=new.person)
    signatory.position.refresh_from_db()
    assert standing_of(new, signatory, today)
    assert "Tono signs at" in refusal(old, signatory, today)


def test_where_nobody_holds_the_office_it_is_said_what_to_do(signatory, today):
    old = head_user(signatory)
    Position.objects.filter(pk=signatory.position_id).update(ends_on=today - DAY)
    assert "The secretariat enters your successor" in refusal(old, signatory, today)
    assert "Nobody is entered as holder" in refusal(person("Tono"), signatory, today)
    with pytest.raises(Refused, match="Nobody is entered"):
        holder_on(Position.objects.get(pk=signatory.position_id), today)


def test_other_people_hold_no_office_in_the_round(country, signatory, today):
    for user in (country.operator, country.coordinator, country.neighbour, country.ministry_admin):
        assert "Pejabat 01 signs at" in refusal(user, signatory, today)


def test_a_head_entered_by_name_alone_signs_with_the_account_of_that_role_and_name(country, signatory, today):
    typed = Person.objects.create(name="Lina Kepala")
    Position.objects.filter(pk=signatory.position_id).update(person=typed)
    signatory.position.refresh_from_db()
    found = standing_of(someone("lina", "lina kepala", "agency_head", signatory.organisation), signatory, today)
    assert found.title == "Kepala Dinas Uji 01"
    other = someone("other", "Orang Lain", "agency_head", signatory.organisation)
    assert "Lina Kepala signs at" in refusal(other, signatory, today)
    neighbour = someone("jauh", "Lina Kepala", "agency_head", country.neighbour_agency)
    assert "Lina Kepala signs at" in refusal(neighbour, signatory, today)


def test_an_office_that_is_not_the_head_is_known_by_its_title(country, today):
    signatory = round_of(country.plan, count=1).signatories.get()
    user, other = person("Asti"), person("Bima")
    values = {"organisation": country.government, "title": "Asisten I"}
    signatory.position = Position.objects.create(person=user.person, ends_on=today - DAY, **values)
    Position.objects.create(person=other.person, **values)
    assert standing_of(other, signatory, today)
    assert "ended on" in refusal(user, signatory, today)
    assert "Bima signs at" in refusal(country.coordinator, signatory, today)
