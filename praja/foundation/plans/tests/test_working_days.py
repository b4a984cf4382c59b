"""Working days know weekends, public holidays and joint leave."""

from datetime import date

import pytest
from django.utils import translation

from praja.foundation.plans.working_days import (
    day_off,
    is_decreed,
    is_working_day,
    working_day_before,
    working_days_left,
)
from praja.foundation.plans.working_days import working_days_between as between


def test_weekends_do_not_count():
    assert between(date(2026, 11, 20), date(2026, 11, 23)) == 1  # from Friday to Monday


def test_christmas_and_its_joint_leave_do_not_count():
    assert between(date(2026, 12, 23), date(2026, 12, 28)) == 1
    assert not is_working_day(date(2026, 12, 24))


def test_from_the_last_day_on_nothing_is_left():
    assert between(date(2026, 11, 23), date(2026, 11, 23)) == between(date(2026, 11, 24), date(2026, 11, 23)) == 0


def test_a_day_off_has_its_name_in_the_language_of_the_page():
    with translation.override("id"):
        assert day_off(date(2026, 8, 17)) == "Hari Kemerdekaan Republik Indonesia"
    with translation.override("en"):
        assert day_off(date(2026, 11, 22)) == "weekend"
        assert day_off(date(2026, 11, 23)) == ""


def test_the_working_day_before_a_long_leave():
    assert working_day_before(date(2026, 12, 27)) == date(2026, 12, 23)


def test_which_years_are_decreed():
    assert is_decreed(2026)
    assert not is_decreed(2090)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31), date(2300, 1, 1)])
def test_years_that_no_calendar_knows_are_counted_without_holidays(day):
    assert between(date(2026, 1, 1), day) >= 0


def test_the_days_left_are_counted_from_today_in_the_region():
    class Region:
        today = date(2026, 11, 20)

    assert working_days_left(Region(), date(2026, 11, 24)) == 2
