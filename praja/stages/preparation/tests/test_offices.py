"""The secretariat names the head of region and the Sekda, by account or by name, with decree and days."""

import datetime

import pytest
from django.urls import reverse

from praja.foundation.accounts.models import Membership, Person, Position
from praja.foundation.audit.models import Event
from tests.country import someone


@pytest.fixture
def regent(country):
    """An account of the head of region."""
    return someone("bupati", "Bagus Bupati", "head_of_region", country.government)


def posted(country, *, heads=(), secretaries=(), version=None):
    """What the page sends."""
    data = {"version": version or country.government.version}
    for prefix, lines in (("heads", heads), ("secretaries", secretaries)):
        data |= {f"{prefix}-TOTAL_FORMS": str(len(lines)), f"{prefix}-INITIAL_FORMS": "0"}
        for number, line in enumerate(lines):
            said = {"acting": "definitive", **line}
            data[f"{prefix}-INITIAL_FORMS"] = str(sum(1 for one in lines if "id" in one))
            data |= {f"{prefix}-{number}-{name}": value for name, value in said.items()}
    return data


@pytest.fixture
def page(country, client_of):
    """Sends the page for the secretariat, and answers with its status."""
    client, address = client_of(country.coordinator), reverse("offices", args=[country.plan.slug])

    def send(**lines):
        country.government.refresh_from_db()
        return client.post(address, posted(country, **lines)).status_code

    return send


def test_the_head_is_named_by_account_with_decree_and_day(country, page, regent):
    line = {"title": "Bupati Uji", "account": str(regent.pk), "decree": "SK 100.2/2025", "starts_on": "20-2-2025"}
    sekda = {"title": "Sekretaris Daerah", "name": "Sekar", "title_before": "Dr."}
    assert page(heads=[line], secretaries=[sekda]) == 302
    head = Position.objects.get(organisation=country.government, is_head=True)
    assert (head.person, head.decree, head.starts_on) == (regent.person, "SK 100.2/2025", datetime.date(2025, 2, 20))
    assert str(Position.objects.get(organisation=country.government, is_head=False).person) == "Dr. Sekar"
    assert Event.objects.about(country.government).first().verb == "edit"


def test_a_successor_follows_and_the_former_head_stays_for_papers_of_before(country, page, regent):
    page(heads=[{"title": "Bupati Uji", "name": "Lama Bupati"}])
    old = Position.objects.get(is_head=True, organisation=country.government)
    former = {"id": str(old.pk), "title": "Bupati Uji", "name": "Lama Bupati", "ends_on": "19-2-2025"}
    assert page(heads=[former, {"title": "Bupati Uji", "account": str(regent.pk), "starts_on": "20-2-2025"}]) == 302
    rows = Position.objects.filter(is_head=True, organisation=country.government, withdrawn_at=None).order_by("pk")
    assert [(one.person.name, one.ends_on) for one in rows] == [
        ("Lama Bupati", datetime.date(2025, 2, 19)), ("Bagus Bupati", None),
    ]  # fmt: skip


def test_another_name_in_place_of_an_account_renames_nobody(country, page, regent):
    page(heads=[{"title": "Bupati Uji", "account": str(regent.pk)}])
    row = Position.objects.get(is_head=True, organisation=country.government)
    assert page(heads=[{"id": str(row.pk), "title": "Bupati Uji", "account": "", "name": "Orang Lain"}]) == 302
    row.refresh_from_db()
    regent.person.refresh_from_db()
    assert (row.person.name, regent.person.name) == ("Orang Lain", "Bagus Bupati")


@pytest.mark.parametrize(
    "line",
    [
        {"title": "Bupati Uji"},
        {"title": "", "name": "Tanpa Jabatan"},
        {"title": "Bupati Uji", "account": "999999", "name": ""},
        {"title": "Bupati Uji", "name": "Terbalik", "starts_on": "1-1-2027", "ends_on": "1-1-2026"},
    ],
)
def test_what_is_no_office_is_said_kindly_and_kept(country, page, line):
    assert page(heads=[line]) == 422
    assert not Position.objects.filter(organisation=country.government).exists()


def test_an_account_and_a_name_are_not_both_taken(country, page, regent):
    assert page(heads=[{"title": "Bupati Uji", "account": str(regent.pk), "name": "Orang Lain"}]) == 422


def test_who_acts_for_a_time_is_not_listed_here(country, client_of, regent):
    position = Position.objects.create(
        organisation=country.government, title="Bupati Uji", person=regent.person, is_head=True, acting="plh"
    )
    Membership.objects.create(
        user=regent, organisation=country.government, role="secretary", for_position=position, basis="SPT 1"
    )
    shown = client_of(country.coordinator).get(reverse("offices", args=[country.plan.slug]))
    assert not shown.context["form"].child_rows[0].stored


def test_who_came_second_sees_both(country, client_of, page):
    Person.objects.create(name="Lain")
    version = country.government.version
    assert page(heads=[{"title": "Bupati Uji", "name": "Pertama"}]) == 302
    address = reverse("offices", args=[country.plan.slug])
    data = posted(country, heads=[{"title": "Bupati Uji", "name": "Kedua"}], version=version)
    assert client_of(country.coordinator).post(address, data).status_code == 409
    assert Position.objects.filter(organisation=country.government).count() == 1
