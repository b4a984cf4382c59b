"""Acting officials, and second steps that were lost: who names, what papers print, and when it is over."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from praja.foundation.accounts import acting
from praja.foundation.accounts.models import Membership, Person, Position, User
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.audit.models import Event
from praja.foundation.jobs.jobs import end_acting
from praja.foundation.notices.models import Notice
from tests.country import someone

LIST, NEW = "/kabupaten-uji/pejabat-sementara/", "/kabupaten-uji/pejabat-sementara/baru/"


@pytest.fixture
def secretary(country):
    return someone("sekretaris", "Rudi Sekretaris", "operator", country.health)


@pytest.fixture
def head(country):
    return Position.objects.create(
        organisation=country.health,
        title="Kepala Dinas Kesehatan",
        is_head=True,
        person=Person.objects.create(name="Dr. Ani"),
    )


def paper(country, who, **values):
    today = timezone.localdate()
    return {
        "organisation": country.health.pk,
        "user": who.pk,
        "how": "plh",
        "title": "",
        "role": "agency_head",
        "basis_number": "SPT 800/12/BKPSDM",
        "basis_on": today.isoformat(),
        "starts_on": today.isoformat(),
        "ends_on": (today + datetime.timedelta(days=13)).isoformat(),
        **values,
    }


def again(user):
    return User.objects.get(pk=user.pk)


def test_a_coordinator_names_who_acts_and_they_may_approve_meanwhile(client_of, country, secretary, head):
    assert client_of(country.coordinator).post(NEW, paper(country, secretary)).url == LIST
    assert again(secretary).may(Can.INNOVATION_APPROVE, country.health)
    assert not again(secretary).may(Can.INNOVATION_APPROVE, country.transport)
    page = client_of(country.operator).get(LIST).content.decode()
    assert "Plh. Kepala Dinas Kesehatan" in page
    assert "SPT 800/12/BKPSDM" in page
    assert "Plh. Kepala Dinas Kesehatan" in Notice.objects.get(user=secretary).text


def test_the_history_says_how_they_acted_and_keeps_saying_so(client_of, country, secretary, head):
    client_of(country.coordinator).post(NEW, paper(country, secretary))
    record("approve", country.health, by=again(secretary))
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Membership.objects.exclude(for_position=None).update(starts_on=yesterday, ends_on=yesterday)
    record("edit", country.health, by=again(secretary))
    after, meanwhile = Event.objects.filter(by=secretary).order_by("-pk").values_list("acting_as", flat=True)
    assert meanwhile == "Plh. Kepala Dinas Kesehatan, Dinas Kesehatan"
    assert "Plh." not in after


def test_who_signs_on_behalf_holds_no_office_of_their_own(client_of, country, secretary, head):
    client_of(country.coordinator).post(NEW, paper(country, secretary, how="an"))
    assert again(secretary).acting_on(country.health.path) == "a.n. Kepala Dinas Kesehatan, Dinas Kesehatan"
    assert Position.objects.count() == 1


def test_it_ends_by_itself_and_papers_name_the_holder_again(client_of, country, secretary, head):
    client_of(country.coordinator).post(NEW, paper(country, secretary))
    Membership.objects.exclude(for_position=None).update(
        starts_on=timezone.localdate() - datetime.timedelta(days=9),
        ends_on=timezone.localdate() - datetime.timedelta(days=1),
    )
    assert not again(secretary).may(Can.INNOVATION_APPROVE, country.health)
    end_acting(None)
    assert list(Position.objects.filter(is_head=True, withdrawn_at=None)) == [head]
    assert client_of(country.coordinator).post(NEW, paper(country, secretary)).url == LIST  # named again


def test_nothing_opens_before_the_first_day(client_of, country, secretary, head):
    tomorrow = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
    client_of(country.coordinator).post(NEW, paper(country, secretary, starts_on=tomorrow))
    assert not again(secretary).may(Can.INNOVATION_APPROVE, country.health)
    assert client_of(country.coordinator).get(LIST).context["soon"]


def test_ending_it_earlier_works_once(client_of, country, secretary, head):
    client = client_of(country.coordinator)
    client.post(NEW, paper(country, secretary))
    row = Membership.objects.exclude(for_position=None).get()
    assert client.post(f"/pejabat-sementara/{row.pk}/akhiri/").url == LIST
    assert client.post(f"/pejabat-sementara/{row.pk}/akhiri/").status_code == 404
    assert not again(secretary).may(Can.INNOVATION_APPROVE, country.health)


def test_the_head_of_an_agency_names_for_the_own_agency_only(client_of, country, secretary, head):
    boss = someone("kepala", "Ani Kepala", "agency_head", country.health)
    client = client_of(boss)
    assert client.post(NEW, paper(country, secretary)).url == LIST
    assert client.post(NEW, paper(country, secretary, organisation=country.transport.pk)).status_code == 422
    assert client.post(NEW, paper(country, country.coordinator)).status_code == 422
    assert client.post(NEW, paper(country, secretary, role="coordinator")).status_code == 422


def test_nobody_else_names_anybody(country, secretary):
    today = timezone.localdate()
    words = acting.Acting("plt", "Kepala Dinas", "SPT 1", today, today)
    for user in (country.operator, country.neighbour, country.assessor):
        with pytest.raises(PermissionError):
            acting.name(secretary, country.health, "agency_head", words, by=user)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": "2020-01-01", "starts_on": "2019-12-01"}, "ends_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"basis_on": "9999-12-31"}, "basis_on"),
        ({"basis_number": ""}, "basis_number"),
        ({"role": "coordinator"}, "role"),
        ({"user": "999999999"}, "user"),
        ({"how": "definitive"}, "how"),
        ({"title": "Kepala\x00Dinas"}, "title"),
    ],
)
def test_a_paper_that_cannot_be_is_refused_with_a_sentence(client_of, country, secretary, head, values, field):
    page = client_of(country.coordinator).post(NEW, paper(country, secretary, **values))
    assert page.status_code == 422
    assert field in page.context["form"].errors


def test_the_same_office_twice_is_refused(client_of, country, secretary, head):
    client = client_of(country.coordinator)
    client.post(NEW, paper(country, secretary))
    assert "user" in client.post(NEW, paper(country, secretary)).context["form"].errors


def test_a_lost_second_step_is_taken_away_with_a_reason_and_everybody_knows(client_of, country):
    Authenticator.objects.create(user=country.operator, type="totp", data={"secret": "x"})
    theirs, client = client_of(country.operator), client_of(country.coordinator)
    where = f"/orang/{country.operator.memberships.get().pk}/langkah-kedua/"
    assert client.get(where).status_code == 200
    assert client.post(where, {"reason": "ya"}).status_code == 422
    assert client.post(where, {"reason": "Datang ke kantor dengan kartu pegawai."}).status_code == 302
    assert not Authenticator.objects.exists()
    assert theirs.get("/profil/").status_code == 302
    event = Event.objects.get(verb="reset second factor")
    assert (event.by, event.remark) == (country.coordinator, "Datang ke kantor dengan kartu pegawai.")
    assert Notice.objects.filter(user=country.operator).exists()


def test_nobody_takes_away_more_than_they_reach(client_of, country):
    Membership.objects.create(user=country.operator, organisation=country.neighbour_agency, role="operator")
    Authenticator.objects.create(user=country.operator, type="totp", data={"secret": "x"})
    where = f"/orang/{country.operator.memberships.get(organisation=country.health).pk}/langkah-kedua/"
    client_of(country.coordinator).post(where, {"reason": "Datang ke kantor dengan kartu."})
    own = country.coordinator.memberships.get().pk
    client_of(country.coordinator).post(f"/orang/{own}/langkah-kedua/", {"reason": "Saya sendiri lupa."})
    assert Authenticator.objects.exists()


def test_the_pages_ask_the_database_little(client_of, country, secretary, head, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("praja.foundation.ui.context.navigation", lambda request: [])
    client = client_of(country.coordinator)
    client.post(NEW, paper(country, secretary))
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)


def test_ending_the_role_on_the_list_of_people_gives_the_office_back(client_of, country, secretary, head):
    client = client_of(country.coordinator)
    client.post(NEW, paper(country, secretary))
    row = Membership.objects.exclude(for_position=None).get()
    client.post(f"/orang/{row.pk}/akhiri/")
    assert list(Position.objects.filter(is_head=True, withdrawn_at=None)) == [head]
    assert client.get(f"/serah-terima/peran/{row.pk}/").status_code == 404
