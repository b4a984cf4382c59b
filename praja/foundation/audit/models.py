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


class AppendOnly(models.Model):
    """A row that is inserted once and never changed or deleted after."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only ever insert."""
        if not self._state.adding:
            raise TypeError(f"{self._meta.label} is never changed")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Never."""
        del args, kwargs
        raise TypeError(f"{self._meta.label} is never deleted")


class ChainEntry(AppendOnly):
    """One line of the tamper-evident log; `hash` covers every other column, and with `previous_hash` all lines before it.

    `seq` counts from 1 without gaps. `facts` is canonical JSON text (sorted keys, ASCII, no spaces) without personal data.
    What exactly is hashed says `chain.line`; entries are made by `chain.append` alone.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)  # "edition", "signature", "decision", "score", "events"
    subject = models.CharField(max_length=60)  # label of the row's model
    subject_id = models.BigIntegerField()
    subject_uid = models.CharField(max_length=36, blank=True)
    facts = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)
        indexes = [models.Index(fields=["subject", "subject_id", "kind", "seq"], name="chain_entry_by_subject")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.subject} {self.subject_id}"


class ChainHead(models.Model):
    """The one row that whoever appends to the log holds: number and hash of the last entry."""

    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="the_log_has_one_head")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class SealedBatch(AppendOnly):
    """Events of the history, `first_id` to `last_id`, sealed by an entry of the log (kind "events").

    `root` is the sha256 over all their lines; `digests` holds the first bytes of each event's own hash and `gaps` the
    numbers in between that no event has ([[first, last], ...]), so that the very event that was altered can be named.
    """

    first_id = models.BigIntegerField(unique=True)
    last_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    gaps = models.JSONField(default=list)
    digests = models.BinaryField()
    root = models.CharField(max_length=64)

    class Meta:
        ordering = ("first_id",)
        constraints = [
            models.CheckConstraint(condition=models.Q(last_id__gte=models.F("first_id")), name="batch_holds_numbers")
        ]

    def __str__(self) -> str:
        return f"{self.first_id}-{self.last_id}"


class DailyRoot(AppendOnly):
    """How far the log had come at the end of a day (WIB): what is published, and can be kept elsewhere."""

    day = models.DateField(unique=True)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day} {self.seq}"
