"""Agencies, requests and deadlines: what is stored, what is refused, and what two people do at once."""

from datetime import date

import pytest
from django.apps import apps
from django.utils import timezone

from praja.foundation.accounts.actions import invite
from praja.foundation.accounts.models import Invitation, Membership, Organisation, Position
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import Deadline, DeadlineException, Request
from praja.foundation.workflow.steps import Refused
from praja.stages.preparation import actions
from praja.stages.preparation.actions import Asked, Dates, NewAgency
from praja.stages.preparation.hanging import rows_of, uses_dimensions

# By name: a later stage is asked, not imported.
Problem = apps.get_model("problems.Problem")
NEW = [
    NewAgency("Dinas Sosial", "Dinsos", affairs=("1.06", "9.99")),
    NewAgency("Kecamatan Sukamaju", agency_kind="district", head={"title": "Camat"}, person={"name": "Wawan"}),
    NewAgency("DINAS  KESEHATAN", "Dinkes"),
]


def asked(agency, version=0, **values):
    return Asked(agency, version, **{"problems": False, "innovations": False, "dimensions": frozenset(), **values})


def test_agencies_are_added_in_one_go_and_only_once(country):
    added = actions.add_agencies(country.government, NEW, by=country.coordinator)
    assert [agency.name for agency in added] == ["Dinas Sosial", "Kecamatan Sukamaju"]
    assert actions.add_agencies(country.government, NEW, by=country.coordinator) == []
    social = Organisation.objects.get(name="Dinas Sosial")
    assert social.path == f"{country.government.path}{social.pk}/"
    assert [affair.code for affair in social.affairs.all()] == ["1.06"]
    assert Position.objects.get(organisation=added[1]).person.name == "Wawan"
    assert Event.objects.about(social).get().verb == "add"


def test_adding_many_agencies_costs_as_many_queries_as_one(country, django_assert_num_queries):
    many = [NewAgency(f"Kecamatan {number}", agency_kind="district", affairs=("7.01",)) for number in range(40)]
    with django_assert_num_queries(9):
        actions.add_agencies(country.government, many, by=country.coordinator)


def test_an_agency_without_rows_is_taken_out_of_service(country):
    invite(country.health, "operator", "", by=country.coordinator)
    actions.withdraw_agency(country.health, by=country.coordinator, version=1)
    assert country.health not in Organisation.objects.agencies()
    assert not Membership.objects.filter(organisation=country.health, ended_at=None).exists()
    assert not Invitation.objects.filter(organisation=country.health, withdrawn_at=None).exists()
    assert Request.objects.get(organisation=country.health).withdrawn_at


def test_an_agency_with_rows_stays_and_the_sentence_names_them(country):
    Problem.objects.create(plan=country.plan, organisation=country.health, title="Antre")
    assert [count for _name, count in rows_of(country.health)] == [1]
    with pytest.raises(Refused, match="1"):
        actions.withdraw_agency(country.health, by=country.coordinator, version=1)
    assert country.health in Organisation.objects.agencies()


def test_an_agency_that_somebody_changed_is_not_taken_out(country):
    with pytest.raises(TooLate):
        actions.withdraw_agency(country.health, by=country.coordinator, version=7)


def test_requests_are_saved_together_and_only_where_they_differ(country):
    living = country.dimension("living").pk
    lines = [
        asked(country.health, 1, problems=True, innovations=True, dimensions=frozenset([living])),
        asked(country.transport, 1, innovations=True),
    ]
    assert actions.save_requests(country.plan, lines, by=country.coordinator) == 1
    country.health_request.refresh_from_db()
    assert country.health_request.version == 2
    assert [dimension.key for dimension in country.health_request.dimensions.all()] == ["living"]
    assert Event.objects.about(country.health_request).get().verb == "ask"


def test_saving_many_requests_costs_as_many_queries_as_one(country, django_assert_num_queries):
    agencies = actions.add_agencies(
        country.government, [NewAgency(f"Dinas {number}") for number in range(40)], by=country.coordinator
    )
    living = frozenset([country.dimension("living").pk])
    lines = [asked(agency, problems=True, dimensions=living) for agency in agencies]
    with django_assert_num_queries(9):
        actions.save_requests(country.plan, lines, by=country.coordinator)
    assert Request.objects.filter(plan=country.plan, asks_problems=True, asks_innovations=False).count() == 40


def test_a_request_that_somebody_changed_is_a_conflict_with_both_texts(country):
    line = asked(country.health, 1, problems=True)
    actions.save_requests(country.plan, [line], by=country.coordinator)
    with pytest.raises(actions.Conflict) as conflict:
        actions.save_requests(country.plan, [asked(country.health, 1, innovations=True)], by=country.ministry_admin)
    assert conflict.value.differences[0].theirs != conflict.value.differences[0].mine
    assert not Request.objects.get(organisation=country.health).asks_innovations


def test_the_same_answer_twice_is_no_conflict(country):
    line = asked(country.health, 1, problems=True)
    actions.save_requests(country.plan, [line], by=country.coordinator)
    assert actions.save_requests(country.plan, [line], by=country.ministry_admin) == 0


def test_dimensions_of_another_set_are_dropped(country):
    actions.save_requests(
        country.plan,
        [asked(country.transport, 1, problems=True, dimensions=frozenset([10**9]))],
        by=country.coordinator,
    )
    assert not Request.objects.get(organisation=country.transport).dimensions.exists()


def test_a_withdrawn_request_comes_back_when_the_agency_is_asked_again(country):
    Request.objects.filter(pk=country.health_request.pk).update(withdrawn_at=timezone.now())
    actions.save_requests(country.plan, [asked(country.health, 1, problems=True)], by=country.coordinator)
    assert Request.objects.get(pk=country.health_request.pk).withdrawn_at is None


def test_deadlines_are_saved_with_history_and_conflicts(country):
    first, second = date(2026, 11, 2), date(2026, 12, 1)
    assert actions.save_deadlines(country.plan, [Dates("problems", 0, first, second)], by=country.coordinator) == 1
    assert Deadline.objects.get().version == 1
    assert Event.objects.about(country.plan).first().verb == "set deadline"
    with pytest.raises(actions.Conflict):
        actions.save_deadlines(country.plan, [Dates("problems", 0, None, first)], by=country.ministry_admin)
    assert actions.save_deadlines(country.plan, [Dates("quickwins", 0, first, second)], by=country.coordinator) == 0


def test_an_exception_goes_with_its_agency(country):
    values = {"plan": country.plan, "organisation": country.transport, "stage": "problems", "reason": "-"}
    one = DeadlineException.objects.create(closes_on=country.plan.today, **values)
    actions.withdraw_agency(country.transport, by=country.coordinator, version=country.transport.version)
    one.refresh_from_db()
    assert one.withdrawn_at is not None


def test_a_last_day_moves_with_its_reason_and_the_agencies_asked_are_told(country, django_capture_on_commit_callbacks):
    first, second = date(2026, 11, 2), date(2026, 12, 1)
    actions.save_deadlines(country.plan, [Dates("problems", 0, None, first)], by=country.coordinator)
    assert not Notice.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        actions.save_deadlines(country.plan, [Dates("problems", 1, None, second, "Banjir")], by=country.coordinator)
    event = Event.objects.about(country.plan).first()
    assert (event.verb, event.remark) == ("move deadline", "Banjir")
    assert "1 Desember 2026: Banjir" in Notice.objects.get(user=country.operator).text


def test_the_dimension_set_is_free_until_a_row_names_a_dimension(country):
    assert uses_dimensions(country.plan)
    assert not uses_dimensions(country.neighbour_plan)
    Problem.objects.create(plan=country.neighbour_plan, dimension=country.dimension(), title="Antre")
    assert uses_dimensions(country.neighbour_plan)


def test_the_dimensions_are_fixed_once_an_earlier_programme_names_one(country):
    country.health_request.dimensions.clear()
    assert not uses_dimensions(country.plan)
    earlier = apps.get_model("analysis", "EarlierPlan").objects.create(plan=country.plan, title="Lama")
    items = apps.get_model("analysis", "EarlierItem").objects
    items.create(earlier=earlier, title="Program", dimension=country.dimension(), source_key="1")
    assert uses_dimensions(country.plan)
    assert not uses_dimensions(country.neighbour_plan)
