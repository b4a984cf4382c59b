"""Asking for slow work, and for another try."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from praja.foundation.audit.actions import record
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.registry import function_of


def later(name: str, *arguments: Any, by: Any = None, key: str | None = None, organisation_path: str = "") -> Job:
    """Ask for the job `name` ("<app>.<function>") with arguments that JSON can hold; a worker does it soon.

    The job belongs to the transaction in which it is asked for: no worker sees it before the commit. Asking again
    with the same `key` gives the same job, whatever became of it. Raises UnknownJob for a name that no app has.
    """
    function_of(name)
    values = {
        "name": name,
        "arguments": list(arguments),
        "created_by": by,
        "organisation_path": organisation_path,
    }
    if key is None:
        return Job.objects.create(**values)
    return Job.objects.get_or_create(key=key, defaults=values)[0]


@transaction.atomic
def retry(job: Job, *, by: Any) -> bool:
    """Begin a failed job anew; False when it has not failed (any more)."""
    changed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.QUEUED, due_at=timezone.now(), attempts=0, error="", finished_at=None
    )
    if changed:
        record("retry", job, by=by)
    return bool(changed)
