"""The log: one line for each thing that a person or a job did to a row."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class EventQuerySet(models.QuerySet["Event"]):
    """Questions to the log."""

    def about(self, row: models.Model) -> "EventQuerySet":
        """The events of one row, newest first."""
        return self.filter(subject=row._meta.label_lower, subject_id=row.pk).order_by("-pk")


class Event(models.Model):
    """Who did what to which row; `changes` maps a field to its text before and after. Never changed or deleted."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.CharField(max_length=200, blank=True)  # the position as it was then, in words
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    organisation_path = models.CharField(max_length=120, default="", blank=True)
    changes = models.JSONField(default=dict)
    remark = models.TextField(blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id", "-id"], name="event_by_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only ever insert."""
        if self.pk:
            raise TypeError("an event is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Never."""
        del args, kwargs
        raise TypeError("an event is never deleted")
