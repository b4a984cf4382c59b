"""What a job's function holds in its hand: it reports how far it is, and makes its effect happen once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from praja.foundation.jobs import leases
from praja.foundation.jobs.models import Job

SECONDS_BETWEEN_WRITES = 0.5


class LeaseLost(Exception):
    """The job went to another worker or was ended; whatever is still going on must change nothing."""


class JobError(Exception):
    """The job cannot be done, and trying again would not help; the message is a sentence for the person who asked."""


class Progress:
    """First argument of every job.

    Call it with done, total and a note as the work goes on: progress(40, 200, "Baris 40"). Make the lasting effect
    inside `with progress.effect() as job:`; what is set there on job.result (a dict; "address" is where the result
    is to be seen) and job.file is stored with it.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.is_done = False
        self._written_at = 0.0

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Say how far the work is, at most twice a second; raises LeaseLost when somebody else has the job."""
        is_last = done >= total
        if self.is_done or (not is_last and time.monotonic() - self._written_at < SECONDS_BETWEEN_WRITES):
            return
        self._written_at = time.monotonic()
        if not leases.renew(self.job, done=done, total=total, note=note[:200]):
            raise LeaseLost(str(self.job))

    @contextmanager
    def effect(self) -> Iterator[Job]:
        """One transaction for the effect and the mark that it happened: both or neither, and only once.

        The mark is set first: on PostgreSQL it holds the job's row, so that the reaper waits for the outcome.
        """
        with transaction.atomic():
            if not leases.finish(self.job):
                raise LeaseLost(str(self.job))
            self.is_done = True
            try:
                yield self.job
                Job.objects.filter(pk=self.job.pk).update(result=self.job.result, file=self.job.file)
            except BaseException:
                self.is_done = False
                raise
