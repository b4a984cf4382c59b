"""A note on any row, on one field of it, or on a chapter or paragraph of a text; with replies and mentions."""

from django.db import models

from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow, both_or_neither


class RemarkQuerySet(ReachQuerySet):
    """Questions to the remarks."""

    def about(self, row: models.Model) -> "RemarkQuerySet":
        """The remarks on one row, oldest first."""
        return self.filter(subject=row._meta.label_lower, subject_id=row.pk, withdrawn_at=None).order_by("pk")

    def open(self) -> "RemarkQuerySet":
        """Not settled yet."""
        return self.filter(resolved_at=None)


class Remark(EditableRow):
    """What somebody asks or notes about a row or a field of it; answered and settled by whoever mends it."""

    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    quote = models.CharField(max_length=300, blank=True)  # the words of a paragraph that it speaks of
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    mentions = models.ManyToManyField("accounts.User", blank=True, related_name="+")
    answer = models.TextField(blank=True)  # of whoever mended it
    organisation_path = PathField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = RemarkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id", "id"], name="remark_by_subject")]
        constraints = [both_or_neither("resolved_at", "resolved_by", "remark_resolved_by_someone")]

    def __str__(self) -> str:
        return self.text[:60]
