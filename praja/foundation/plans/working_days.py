"""Working days of Indonesian offices: Monday to Friday without public holidays and joint leave (cuti bersama).

The days come from the library `holidays`. It holds what the ministers have decreed, which in its present release are
the years up to 2027. Beyond them the holidays of the Islamic calendar are estimates and joint leave is not decreed
yet, so that a count may be a few days too high; `is_decreed` says so, and pages tell it. A newer release of the
library brings the next year.
"""

import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

SATURDAY = 5
LONGEST_COUNT = 366 * 5  # days; a deadline further away is no matter of working days
KNOWN_YEARS = range(1946, 2101)  # what the library computes at all


def working_days_left(plan: Any, day: datetime.date) -> int:
    """How many working days come after today in the region's zone, up to and with `day`; 0 from that day on."""
    return working_days_between(plan.today, day)


@lru_cache(maxsize=1024)
def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """How many working days come after `start`, up to and with `end`; 0 when `end` is not after it."""
    distance = min((end - start).days, LONGEST_COUNT)
    return sum(is_working_day(start + datetime.timedelta(days=number + 1)) for number in range(distance))


def is_working_day(day: datetime.date) -> bool:
    """Whether offices are open."""
    return day.weekday() < SATURDAY and day not in _days_off(day.year, "id")


def day_off(day: datetime.date) -> str:
    """Why offices are closed on this day, in the language of the page; "" on a working day."""
    if name := _days_off(day.year, "en_US" if (get_language() or "").startswith("en") else "id").get(day, ""):
        return name
    return _("weekend") if day.weekday() >= SATURDAY else ""


def working_day_before(day: datetime.date) -> datetime.date:
    """The last working day before `day`."""
    while True:
        day -= datetime.timedelta(days=1)
        if is_working_day(day):
            return day


@lru_cache(maxsize=32)
def is_decreed(year: int) -> bool:
    """Whether joint leave of this year is decreed, and with it the holidays that the moon decides."""
    return bool(_holidays(year, ("government",), "id"))


@lru_cache(maxsize=64)
def _days_off(year: int, language: str) -> dict[datetime.date, str]:
    return _holidays(year, ("public", "government"), language)


def _holidays(year: int, categories: tuple[str, ...], language: str) -> dict[datetime.date, str]:
    if year not in KNOWN_YEARS:
        return {}
    import holidays

    found = holidays.country_holidays("ID", years=year, categories=categories, language=language)
    return {day: name for day, name in found.items() if day.year == year}
