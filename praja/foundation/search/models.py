"""What stands in the index and how far it follows the history; the words themselves lie in the table of each engine."""

from django.db import models


class Entry(models.Model):
    """One row that can be found: `subject` as in the history ("problems.problem"), at the version that was indexed.

    The key is that of the words in the engine's table; newer rows have higher ones.
    """

    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "subject_id"], name="row_stands_once_in_the_index")]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id}"


class Mark(models.Model):
    """One row: every line of history up to `event` is in the index. Who writes to the index holds this row."""

    event = models.BigIntegerField(default=0)
    rebuilding_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"up to {self.event}"
