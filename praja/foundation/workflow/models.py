"""The states that a row typed by an agency goes through; the same words everywhere."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What happened last; whose turn it is then follows from the plan (way.py)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved by the head of agency")
    CHECKED = "checked", _("Checked by the dimension coordinator")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


WITH_THE_AGENCY = (State.DRAFT, State.RETURNED)
ON_THE_WAY = (State.SUBMITTED, State.APPROVED, State.CHECKED)
HANDED_IN = (*ON_THE_WAY, State.ACCEPTED)


class MovingRow(models.Model):
    """A row with a state; only the workflow engine changes it."""

    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    state_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    @property
    def is_with_the_agency(self) -> bool:
        """Whether the agency may still write."""
        return self.state in WITH_THE_AGENCY


def indexes_of_lists(name: str, *filters: str) -> list[models.Index]:
    """Indexes of a table whose rows belong to a plan: its two orders, coverage, and what waits.

    Whatever a list filters by (`filters`: columns beside the usual ones) stands in the index of its order too, so that a
    row that does not pass is not read, however long the plan is. `withdrawn_at` stands behind what is ordered by:
    PostgreSQL keeps the order of an index only behind columns that are compared by "=".
    """
    passing = ("withdrawn_at", "state", "dimension", "organisation", "organisation_path", *filters)
    return [
        models.Index(fields=["plan", "-id", *passing, "title"], name=f"{name}_newest"),
        models.Index(fields=["plan", "title", "id", *passing], name=f"{name}_by_name"),
        models.Index(fields=["plan", "organisation", "dimension", "state", "withdrawn_at"], name=f"{name}_coverage"),
        models.Index(fields=["plan", "state", "state_at", "withdrawn_at", "organisation_path"], name=f"{name}_waiting"),
    ]
