"""The clock does each thing once when it is due."""

import datetime
from unittest.mock import patch

import pytest

from praja.clock import SCHEDULE
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.registry import function_of
from praja.foundation.jobs.schedule import Clock, Every, Nightly

pytestmark = pytest.mark.django_db
NIGHT = Nightly(datetime.time(2, 30), "jobs.clear_sessions")


def at(text):
    """Let the local clock say this."""
    moment = datetime.datetime.fromisoformat(f"{text}+07:00")
    return patch("praja.foundation.jobs.schedule.timezone.localtime", lambda: moment)


def test_every_job_of_the_clock_exists():
    for line in SCHEDULE:
        if isinstance(line, Nightly):
            function_of(line.job)


def test_a_nightly_job_is_asked_for_once_a_night_however_many_clocks_there_are():
    for clock in (Clock([NIGHT]), Clock([NIGHT])):
        with at("2026-11-21T02:29"):
            clock.tick()
        with at("2026-11-21T02:30"):
            clock.tick()
            clock.tick()
    days = list(Job.objects.order_by("pk").values_list("key", flat=True))
    assert days == ["jobs.clear_sessions 2026-11-20", "jobs.clear_sessions 2026-11-21"]


def test_something_frequent_waits_its_seconds():
    calls = []
    clock = Clock([Every(3600, lambda: calls.append(1))])
    clock.tick()
    clock.tick()
    assert calls == [1]
