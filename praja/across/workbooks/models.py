"""Workbooks on their way back: the file, every row as it was judged, what somebody chose, and what became of it."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.across.workbooks.reach import writing_paths
from praja.across.workbooks.verdicts import Status
from praja.foundation.accounts.reach import PathField, ReachQuerySet, within
from praja.foundation.audit.rows import EditableRow
from praja.foundation.plans.models import Plan

GOOD = (Status.NEW, Status.CHANGED)  # would change something, and nothing stands in the way


class ReturnQuerySet(ReachQuerySet):
    """Questions to the workbooks that came back."""

    def writable_by(self, user: Any) -> Self:
        """Those of the agencies for which this person may write."""
        return self.filter(within(writing_paths(user)))


class Return(EditableRow):
    """One workbook that came back. `round` counts how often it was judged: a page shows the rows of one round."""

    class State(models.TextChoices):
        """How far it is."""

        UPLOADED = "uploaded", _("Being checked")
        JUDGED = "judged", pgettext_lazy("workbook", "To be looked at")
        REFUSED = "refused", pgettext_lazy("workbook", "Cannot be used")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", pgettext_lazy("workbook", "Applied")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="returns")
    handout = models.ForeignKey("sheets.Handout", models.PROTECT, null=True, related_name="returns")
    organisation_path = PathField(db_index=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    to_mend = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    round = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # rows by status
    notes = models.JSONField(default=list)  # sentences about the file as a whole
    refusal = models.TextField(blank=True)  # why the file cannot be used at all
    result = models.JSONField(default=dict)  # rows by what became of them
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["plan", "-id"], name="return_by_plan")]

    def __str__(self) -> str:
        return f"{self.state} {self.file_id}"


class ReturnedRow(models.Model):
    """One row of such a workbook as it was judged; `order` is its place in the file.

    `cells`: those that are not as they were, each with key, title, base, mine, theirs, status, problem; `answers`:
    {key of a cell in conflict: "mine" or "theirs"}. A row in conflict is chosen once each of its conflicts is answered.
    """

    class Outcome(models.TextChoices):
        """What became of a chosen row."""

        APPLIED = "applied", pgettext_lazy("workbook", "Applied")
        LEFT = "left", _("Left as it was")

    of = models.ForeignKey(Return, models.CASCADE, related_name="rows")  # rows of an earlier round are made anew
    order = models.PositiveIntegerField()
    sheet = models.CharField(max_length=60)
    sheet_title = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=[(status.value, status.value) for status in Status])
    title = models.TextField(blank=True)
    agency = models.CharField(max_length=200, blank=True)
    row_id = models.BigIntegerField(null=True)
    cells = models.JSONField(default=list)
    sentence = models.TextField(blank=True)
    changed_by = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True)
    is_chosen = models.BooleanField(default=False)
    answers = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_sentence = models.TextField(blank=True)

    class Meta:
        ordering = ("of", "order")
        indexes = [models.Index(fields=["of", "status", "order"], name="returned_row_by_status")]
        constraints = [
            models.UniqueConstraint(fields=["of", "sheet", "number"], name="row_of_a_workbook_judged_once"),
            models.CheckConstraint(
                name="only_a_row_that_can_be_applied_is_chosen",
                condition=Q(is_chosen=False) | Q(status__in=[status.value for status in (*GOOD, Status.CONFLICT)]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"
