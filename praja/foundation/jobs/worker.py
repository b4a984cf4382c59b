"""The worker: takes one job after the other, does each in a child process of its own, and keeps the clock.

The child ends with its job and gives its memory back; when it dies, the worker sees it at once and puts the job back.
When the worker itself dies, the lease runs out and the reaper of any worker puts the job back (leases.py).
"""

import logging
import os
import signal
import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.backends.signals import connection_created
from django.utils import translation

from praja.foundation.jobs import leases
from praja.foundation.jobs.life import sign_of_life
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.progress import JobError, LeaseLost, Progress
from praja.foundation.jobs.registry import UnknownJob, function_of
from praja.foundation.jobs.schedule import Clock, Every, Schedule

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_TO_STOP = 10  # a job that needs longer after SIGTERM is put back
MOST_SECONDS = 30 * 60  # a job that needs longer is taken to hang
SIGN_OF_LIFE = 5  # seconds


def run_worker(schedule: Schedule = (), *, until_idle: bool = False) -> None:
    """Do jobs until SIGTERM or Ctrl-C, or (`until_idle`) until none is due."""
    Worker(schedule).run(until_idle=until_idle)


class Worker:
    """One worker process."""

    def __init__(self, schedule: Schedule) -> None:
        self.clock = Clock([Every(SIGN_OF_LIFE, _show_life), *schedule])
        self.is_stopping = False
        self._pid = os.getpid()
        connection_created.connect(self._wait_briefly_for_locks)

    def run(self, *, until_idle: bool) -> None:
        """The loop; see run_worker."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        while not self.is_stopping:
            self.clock.tick()
            job = self._claim()
            if job is not None:
                self._do_in_child(job)
            elif until_idle:
                return
            else:
                time.sleep(SECONDS_BETWEEN_LOOKS)

    def _stop(self, *_signal: Any) -> None:
        self.is_stopping = True

    def _wait_briefly_for_locks(self, connection: Any, **_: Any) -> None:
        """A child that makes its effect holds the job's row; the worker must not stand still for it."""
        if os.getpid() == self._pid and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")

    def _claim(self) -> Job | None:
        try:
            return leases.claim()
        except DatabaseError:  # restarting, or busy for very long: it comes back
            logger.warning("The database did not answer; the worker tries again")
            connections.close_all()
            time.sleep(SECONDS_BETWEEN_LOOKS)
            return None

    def _do_in_child(self, job: Job) -> None:
        """Fork, and stand by until the child has ended: renew the lease, keep the clock, stop it when it is time."""
        connections.close_all()  # parent and child each open their own
        child = os.fork()
        if child == 0:
            _be_the_child(job)
        has_died = False
        began = renewed = time.monotonic()
        stop_at = None
        while True:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                has_died = status != 0
                break
            now = time.monotonic()
            time.sleep(0.01 if now - began < 1 else 0.1)
            if now - renewed > leases.LEASE.total_seconds() / 4:
                renewed = now
                self._quietly(leases.renew, job)
            self.clock.tick()
            if self.is_stopping and stop_at is None:
                stop_at = now + SECONDS_TO_STOP
            if now - began > MOST_SECONDS or (stop_at is not None and now > stop_at):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                self._quietly(leases.give_back if stop_at is not None else leases.try_again, job)
                return
        if has_died:
            logger.error("The process of job %s died (status %s)", job, status)
            self._quietly(leases.try_again, job)

    def _quietly(self, change: Any, job: Job) -> None:
        """Change the lease if the database allows it now; if not, the reaper does it later."""
        try:
            change(job)
        except DatabaseError:
            logger.warning("The lease of job %s could not be changed now", job)
            connections.close_all()


def perform(job: Job) -> None:
    """Call the job's function and note the outcome; used inside the child."""
    language = getattr(job.created_by, "language", "") or settings.LANGUAGE_CODE
    progress = Progress(job)
    with translation.override(language):
        try:
            function_of(job.name)(progress, *job.arguments)
        except LeaseLost:
            logger.warning("Job %s went to another worker; nothing was changed here", job)
        except JobError as error:
            leases.fail(job, str(error))
        except UnknownJob:
            logger.exception("Nobody knows how to do job %s", job)
            leases.fail(job)
        except Exception:
            logger.exception("Job %s did not work (attempt %s)", job, job.attempts)
            leases.try_again(job)
        else:
            if not progress.is_done:
                leases.finish(job)


def perform_due() -> int:
    """Do all jobs that are due in this very process, for tests and commands; answers how many there were."""
    count = 0
    while (job := leases.claim()) is not None:
        perform(job)
        count += 1
    return count


def _be_the_child(job: Job) -> None:
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the worker decides
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        perform(job)
        connections.close_all()
        code = 0
    except BaseException:
        logger.exception("The process of job %s fails", job)
    finally:
        logging.shutdown()
        os._exit(code)


def _show_life() -> None:
    sign_of_life().touch()
