"""A worker that is killed with SIGKILL at any moment loses no job and does none twice, on either database."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from praja.foundation.audit.models import Event
from praja.foundation.jobs.models import Job

WORKER = """
import django
django.setup()
from praja.clock import SCHEDULE
from praja.foundation.jobs.worker import run_worker
run_worker(SCHEDULE, until_idle={until_idle})
"""


def start_worker(*, until_idle=False):
    """A worker process of its own process group on the test's database, with the sample jobs."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {
        **os.environ,
        "PRAJA_HOME": str(settings.HOME),
        "PRAJA_DATABASE_URL": url,
        "PRAJA_LOG": "ERROR",
        "DJANGO_SETTINGS_MODULE": "praja.foundation.jobs.tests.sample.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER.format(until_idle=until_idle)], env=environment, start_new_session=True
    )


def wait_until_a_job_runs():
    deadline = time.monotonic() + 30
    while not Job.objects.filter(state="running", lease_until__gt=timezone.now()).exists():
        assert time.monotonic() < deadline, "the worker began nothing"
        time.sleep(0.005)


def end_the_pauses():
    """Let leases run out and pauses end, and forget how often a job was killed."""
    Job.objects.filter(state="running").update(lease_until=timezone.now(), attempts=0)
    Job.objects.filter(state="queued").update(due_at=timezone.now(), attempts=0)


@pytest.fixture
def process_group():
    """Start workers with this; whatever is left of them ends with the test."""
    started = []

    def start(**options):
        started.append(start_worker(**options))
        return started[-1]

    yield start
    for worker in started:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_job_has_exactly_one_effect_though_its_worker_is_killed_at_random(process_group):
    chance = random.Random(20261121)
    Job.objects.bulk_create(Job(name="sample.add_event", arguments=[number]) for number in range(40))
    for _ in range(8):
        worker = process_group()
        wait_until_a_job_runs()
        time.sleep(chance.uniform(0.02, 0.3))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        end_the_pauses()
    assert Job.objects.filter(state="done").count() < 40, "the killing came too late to prove anything"
    assert process_group(until_idle=True).wait(timeout=60) == 0
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    effects = Counter(Event.objects.filter(verb="sample").values_list("subject_id", flat=True))
    assert effects == dict.fromkeys(range(40), 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_whose_process_dies_is_put_back_by_its_worker(process_group):
    job = Job.objects.create(name="sample.die")
    assert process_group(until_idle=True).wait(timeout=60) == 0
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 1)
    assert job.due_at > timezone.now()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_stop_finishes_its_job_and_ends(process_group):
    Job.objects.bulk_create(Job(name="sample.add_event", arguments=[number]) for number in range(40))
    worker = process_group()
    wait_until_a_job_runs()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=20) == 0
    assert set(Job.objects.values_list("state", flat=True)) == {"queued", "done"}
    assert Event.objects.filter(verb="sample").count() == Job.objects.filter(state="done").count()
