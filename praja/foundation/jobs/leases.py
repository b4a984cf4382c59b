"""Who holds a job: every change of hands is one compare-and-set, so it needs no lock and no broker."""

import datetime
from typing import Any
from uuid import uuid4

from django.db.models import F, Q
from django.utils import timezone

from praja.foundation.jobs.models import Job

LEASE = datetime.timedelta(seconds=60)
MOST_ATTEMPTS = 3
PAUSE = datetime.timedelta(seconds=10)  # before the second attempt; twice that before the third

_WITHOUT_LEASE: dict[str, Any] = {"lease_token": None, "lease_until": None}


def claim() -> Job | None:
    """Take the oldest job that is due and hold it; None when nothing is due."""
    while (pk := Job.objects.due().values_list("pk", flat=True).first()) is not None:
        token, now = uuid4(), timezone.now()
        taken = Job.objects.filter(pk=pk, state=Job.State.QUEUED).update(
            state=Job.State.RUNNING,
            lease_token=token,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
            started_at=now,
            done=0,
            total=0,
            note="",
        )
        if taken:  # else another worker was faster: look for the next one
            return Job.objects.get(pk=pk)
    return None


def renew(job: Job, **values: Any) -> bool:
    """Hold the job for another LEASE and store `values`; False when it is not ours any more."""
    return bool(_held(job).update(lease_until=timezone.now() + LEASE, **values))


def finish(job: Job) -> bool:
    """Mark the job as done; False when it is not ours any more."""
    return bool(_held(job).update(state=Job.State.DONE, finished_at=timezone.now(), **_WITHOUT_LEASE))


def fail(job: Job, sentence: str = "") -> bool:
    """Mark the job as failed for good, with a sentence for the person who asked for it."""
    changed = _held(job).update(
        state=Job.State.FAILED, finished_at=timezone.now(), error=sentence[:400], **_WITHOUT_LEASE
    )
    return bool(changed)


def try_again(job: Job) -> bool:
    """Put the job back for another attempt after a pause; the last attempt fails it."""
    if job.attempts >= MOST_ATTEMPTS:
        return fail(job)
    due_at = timezone.now() + PAUSE * job.attempts
    return bool(_held(job).update(state=Job.State.QUEUED, due_at=due_at, **_WITHOUT_LEASE))


def give_back(job: Job) -> bool:
    """Put the job back as if it had not been begun: this worker has to stop."""
    return bool(_held(job).update(state=Job.State.QUEUED, attempts=F("attempts") - 1, **_WITHOUT_LEASE))


def reap() -> int:
    """Put back the jobs whose worker died without a word; answers how many there were.

    A lease or a pause longer than any that is given was written before the clock of the machine went back: it is over.
    """
    now = timezone.now()
    waiting = Job.objects.filter(state=Job.State.QUEUED, due_at__gt=now + PAUSE * MOST_ATTEMPTS)
    if waiting.exists():
        waiting.update(due_at=now)
    is_over = Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * LEASE)
    lost = Job.objects.filter(is_over, state=Job.State.RUNNING)
    if not lost.exists():  # the usual case, without asking for the right to write
        return 0
    given_up = lost.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=Job.State.FAILED, finished_at=timezone.now(), **_WITHOUT_LEASE
    )
    return given_up + lost.update(state=Job.State.QUEUED, due_at=now, **_WITHOUT_LEASE)


def _held(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, lease_token=job.lease_token)
