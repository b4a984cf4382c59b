"""A job: slow work that was asked for by name, how far it is, and who is doing it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import ReachQuerySet, within
from praja.foundation.jobs import life


class JobQuerySet(ReachQuerySet):
    """Questions to the jobs."""

    def visible_to(self, user: Any) -> Self:
        """What this account asked for itself, and what its organisations asked for where it may see jobs."""
        return self.filter(Q(created_by=user) | within(user.paths_for(Can.JOB_VIEW)))

    def due(self) -> Self:
        """Jobs that a worker may begin now, oldest first."""
        return self.filter(state=Job.State.QUEUED, due_at__lte=timezone.now()).order_by("pk")


class Job(models.Model):
    """One piece of slow work. A worker holds it by a lease; whoever holds no lease changes nothing."""

    class State(models.TextChoices):
        """How far the job is."""

        QUEUED = "queued", _("Waiting its turn")
        RUNNING = "running", _("In progress")
        DONE = "done", _("Finished")
        FAILED = "failed", _("Did not work")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=list)
    key = models.CharField(max_length=200, unique=True, null=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=400, blank=True)  # a sentence for the person who asked; details are in the log
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    organisation_path = models.CharField(max_length=120, default="", blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["id"], name="job_unfinished", condition=Q(state__in=["queued", "running"])),
            models.Index(fields=["organisation_path", "-id"], name="job_by_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                name="only_a_running_job_has_a_lease",
                condition=Q(state="running", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_token=None, lease_until=None)),
            ),
            models.CheckConstraint(
                name="only_a_finished_job_says_when",
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | Q(state__in=["queued", "running"], finished_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.uid}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def waits_for_a_worker(self) -> bool:
        """Whether its turn does not come because no worker runs."""
        return self.state == self.State.QUEUED and life.is_gone()

    @property
    def percent(self) -> int | None:
        """How much is done, 0 to 100; None while the size of the work is not known."""
        if self.state == self.State.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def address(self) -> str:
        """Where the result is to be seen, a path of this site; empty when the job left none."""
        address = str(self.result.get("address", ""))
        return address if address.startswith("/") and not address.startswith("//") else ""
