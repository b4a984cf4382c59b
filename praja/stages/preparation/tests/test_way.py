"""The way of a row is set up: two switches, who is missing on the way, and coordinators of some dimensions."""

import re

from django.test import Client

from praja.foundation.accounts import actions as accounts
from praja.foundation.accounts.models import Membership
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.tests.offices import switch
from praja.stages.preparation.first_steps import first_steps
from praja.stages.preparation.under_way import under_way
from praja.stages.problems.tests.test_actions import complete

INVITE = "/kabupaten-uji/undangan/baru/"


def test_the_switches_are_saved_with_the_plan(country, client_of):
    client = client_of(country.coordinator)
    values = {
        "title": "Uji", "horizons": "1, 5", "guide_version": "2023", "dimension_set": country.plan.dimension_set_id,
        "version": country.plan.version, "head_approves": "on",
    }  # fmt: skip
    assert client.post("/kabupaten-uji/persiapan/", values).status_code == 302
    plan = Plan.objects.get(pk=country.plan.pk)
    assert (plan.head_approves, plan.dimension_checks) == (True, False)


def test_the_page_says_where_rows_stand_and_who_is_missing(country, client_of):
    plan = switch(country, head=True, dimension=True)
    complete(country, state="submitted")
    complete(country, state="checked")
    found = under_way(plan)
    assert (found.with_head, found.with_dimension, found.with_secretariat) == (1, 0, 1)
    assert {agency.short_name for agency in found.headless} == {"Dinkes", "Dishub"}
    assert found.waiting_for_paper == 1
    assert len(found.uncovered) == 6
    page = client_of(country.coordinator).get("/kabupaten-uji/persiapan/").content.decode()
    assert "/kabupaten-uji/lembar-usulan/" in page
    assert "role=dimension_coordinator" in page


def test_a_short_way_asks_for_no_offices(country):
    short = len(first_steps(country.plan))
    assert len(first_steps(switch(country, head=True, dimension=True))) == short + 2
    assert under_way(switch(country, head=False, dimension=False)).headless == []


def test_an_invitation_carries_the_dimensions_into_the_role(country, client_of):
    values = {
        "organisation": country.government.pk,
        "role": "dimension_coordinator",
        "dimensions": ["living", "economy"],
    }
    answer = client_of(country.coordinator).post(INVITE, values)
    link = re.search(r"http\S+(/undangan/\S+/)", answer.context["text"])[1]
    account = {"name": "Wulan", "username": "wulan", "new_password": "kuda lumping menari"}
    Client().post(link, {**account, "new_password_again": account["new_password"]})
    held = Membership.objects.get(user__username="wulan")
    assert (held.role, held.dimensions) == ("dimension_coordinator", ["living", "economy"])
    assert "Smart Living" in client_of(country.coordinator).get("/kabupaten-uji/orang/").content.decode()


def test_an_unknown_dimension_is_refused_and_other_roles_have_none(country, client_of):
    client, values = (
        client_of(country.coordinator),
        {"organisation": country.government.pk, "dimensions": ["luar-angkasa"]},
    )
    assert client.post(INVITE, {**values, "role": "dimension_coordinator"}).status_code == 422
    invitation, _token = accounts.invite(country.health, "operator", "", by=country.coordinator, dimensions=["living"])
    assert invitation.dimensions == []


def test_a_second_invitation_adds_its_dimensions_and_one_without_widens_to_all(country):
    for dimensions, expected in ((["living"], ["living"]), (["economy"], ["economy", "living"]), ([], [])):
        place = country.government
        invitation, _token = accounts.invite(
            place, "dimension_coordinator", "", by=country.coordinator, dimensions=dimensions
        )
        accounts.accept_with_account(invitation, by=country.mentor)
        held = Membership.objects.get(user=country.mentor, role="dimension_coordinator")
        assert held.dimensions == expected
