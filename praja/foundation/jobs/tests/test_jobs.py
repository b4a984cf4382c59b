"""A job is done once, by whoever holds its lease, and says in a sentence why it did not work."""

import ast
import datetime
from unittest.mock import patch

import pytest
from django.conf import settings
from django.utils import timezone

from praja.foundation.audit.models import Event
from praja.foundation.jobs import leases
from praja.foundation.jobs.actions import later, retry
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.progress import JobError, LeaseLost, Progress
from praja.foundation.jobs.registry import UnknownJob, function_of, jobs_of
from praja.foundation.jobs.worker import perform, perform_due

pytestmark = pytest.mark.django_db


def does(function):
    """Let every job do `function`."""
    return patch("praja.foundation.jobs.worker.function_of", lambda _name: function)


def make_event(progress, *_arguments):
    with progress.effect() as job:
        Event.objects.create(verb="sample", subject="jobs.job", subject_id=job.pk)
        job.result = {"address": "/hasil/"}


def a_job(**values):
    return Job.objects.create(name="jobs.clear_sessions", **values)


def expire(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - datetime.timedelta(seconds=1))


def test_a_name_that_no_app_has_is_refused_when_asked_for():
    for name in ("jobs.nothing", "nothing.at_all", "jobs", "jobs.call_command", "jobs._private"):
        with pytest.raises(UnknownJob):
            later(name)
    assert function_of("jobs.clear_sessions") is jobs_of("jobs")["clear_sessions"]
    assert jobs_of("places") == {}


def test_every_job_that_the_code_asks_for_exists():
    calls = (
        node
        for path in settings.PACKAGE.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "later"
    )
    names = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    assert names
    for name in names:
        function_of(name)


def test_the_same_key_gives_the_same_job():
    first = later("jobs.clear_sessions", key="tonight")
    assert later("jobs.clear_sessions", key="tonight") == first
    assert later("jobs.clear_sessions") != first


def test_the_effect_and_the_mark_come_together():
    job = a_job()
    with does(make_event):
        assert perform_due() == 1
        assert perform_due() == 0
    job.refresh_from_db()
    assert (job.state, job.percent, job.address) == ("done", 100, "/hasil/")
    assert Event.objects.count() == 1


def test_an_effect_that_fails_leaves_nothing_and_is_tried_again():
    def fails_inside(progress):
        with progress.effect():
            Event.objects.create(verb="sample", subject="jobs.job", subject_id=1)
            raise ValueError

    job = a_job()
    with does(fails_inside):
        perform_due()
    job.refresh_from_db()
    assert (job.state, job.attempts, Event.objects.count()) == ("queued", 1, 0)
    assert job.due_at > timezone.now()


def test_the_third_failure_is_the_last_and_tells_no_secret():
    def fails(_progress):
        raise ValueError("password=hunter2")

    job = a_job()
    with does(fails):
        for _ in range(3):
            Job.objects.update(due_at=timezone.now())
            perform_due()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("failed", 3, "")


def test_a_job_that_cannot_be_done_says_why_at_once():
    def refuses(_progress):
        raise JobError("Pilih berkas lain.")

    job = a_job()
    with does(refuses):
        perform_due()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("failed", 1, "Pilih berkas lain.")


def test_a_job_without_an_effect_of_its_own_is_marked_at_its_end():
    job = a_job()
    perform_due()
    job.refresh_from_db()
    assert job.state == "done"


def test_who_lost_the_lease_changes_nothing():
    job = a_job()
    slow = leases.claim()
    expire(job)
    assert leases.reap() == 1
    fast = leases.claim()
    with does(make_event):
        perform(slow)
        assert Event.objects.count() == 0
        perform(fast)
        perform(slow)
    assert Event.objects.count() == 1
    with pytest.raises(LeaseLost):
        Progress(slow)(1, 1)


def test_the_reaper_leaves_a_held_job_alone_and_gives_up_after_three_deaths():
    job = a_job()
    for _ in range(3):
        leases.claim()
        assert leases.reap() == 0
        expire(job)
        assert leases.reap() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 3)


def test_a_clock_that_goes_back_a_day_holds_up_no_job():
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    with patch.object(timezone, "now", return_value=tomorrow):
        died, waits = a_job(due_at=tomorrow), a_job(due_at=tomorrow)
        assert leases.claim() == died  # and its worker dies without a word
    assert leases.claim() is None
    assert leases.reap() == 1
    assert {leases.claim(), leases.claim()} == {died, waits}


def test_a_failed_job_begins_anew_once():
    job = a_job(state="failed", finished_at=timezone.now(), attempts=3)
    assert retry(job, by=None)
    assert not retry(job, by=None)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)


def test_progress_is_stored_with_figures_and_note():
    a_job()
    job = leases.claim()
    Progress(job)(40, 200, "Baris 40")
    job.refresh_from_db()
    assert (job.percent, job.note) == (20, "Baris 40")


def test_an_address_of_another_site_is_not_offered():
    assert Job(result={"address": "//evil.example/"}).address == ""
    assert Job(result={"address": "https://evil.example/"}).address == ""
