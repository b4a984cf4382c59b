"""Handing in: before a stage opens, while it is open, after it has closed, and with an exception."""

from datetime import timedelta

import pytest

from praja.foundation.plans.deadlines import Windows, is_open_for, why_closed
from praja.foundation.plans.models import Deadline, DeadlineException
from praja.stages.innovations.models import Innovation

pytestmark = pytest.mark.django_db


def stage(country, opens=None, closes=None):
    days = {"opens_on": opens, "closes_on": closes}
    today = country.plan.today
    dates = {key: today + timedelta(days=number) for key, number in days.items() if number is not None}
    return Deadline.objects.create(plan=country.plan, stage="innovations", **dates)


def exception(country, closes):
    day = country.plan.today + timedelta(days=closes)
    return DeadlineException.objects.create(
        plan=country.plan, organisation=country.health, stage="innovations", closes_on=day, reason="-"
    )


def is_open(country):
    return is_open_for(country.plan, "innovations", country.health)


def test_a_stage_without_dates_is_open(country):
    assert is_open(country)


def test_the_last_day_is_open_until_its_end(country):
    stage(country, opens=-9, closes=0)
    assert is_open(country)


def test_after_the_last_day_it_is_closed(country):
    stage(country, closes=-1)
    assert not is_open(country)


def test_before_the_first_day_it_is_not_open_yet(country):
    stage(country, opens=1, closes=9)
    assert not is_open(country)
    assert "dibuka pada" in why_closed(innovation(country), "innovations")


def test_an_exception_opens_it_for_one_agency_until_its_day(country):
    stage(country, closes=-5)
    exception(country, closes=0)
    assert is_open(country)
    assert not is_open_for(country.plan, "innovations", country.transport)


def test_an_exception_that_is_over_or_withdrawn_opens_nothing(country):
    stage(country, closes=-5)
    one = exception(country, closes=-1)
    assert not is_open(country)
    one.closes_on, one.withdrawn_at = country.plan.today, one.created_at
    one.save()
    assert not is_open(country)


def test_an_exception_never_shortens_a_deadline(country):
    stage(country, closes=3)
    exception(country, closes=-3)
    assert is_open(country)


def innovation(country, state="draft"):
    values = {"plan": country.plan, "organisation": country.health, "dimension": country.dimension()}
    return Innovation.objects.create(title="Antre", state=state, **values)


def test_the_sentence_says_what_to_do_and_where(country):
    stage(country, closes=-1)
    said = why_closed(innovation(country), "innovations", by=country.operator)
    assert "mintalah pengecualian" in said
    assert said.url.endswith(f"/tindak-lanjut/{country.health.pk}/#pengecualian")
    assert said.label == str(said)


def test_a_returned_row_and_a_coordinator_are_never_barred(country):
    stage(country, closes=-1)
    assert why_closed(innovation(country, "returned"), "innovations", by=country.operator) is None
    assert why_closed(innovation(country), "innovations", by=country.coordinator) is None


def test_many_rows_are_judged_in_two_queries(country, django_assert_num_queries):
    stage(country, closes=-1)
    row = innovation(country)
    windows = Windows(country.plan)
    with django_assert_num_queries(2):
        assert all(why_closed(row, "innovations", windows=windows) for _number in range(40))
