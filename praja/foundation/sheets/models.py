"""Workbooks that went out, and what every cell of them said: the base of the comparison when they come back."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from praja.foundation.accounts.reach import PathField, ReachQuerySet


class Handout(models.Model):
    """One workbook as it was handed out. A file is trusted in nothing but the identities that stand in its handout.

    `guide` says by which guide and declaration it was made; `free` holds {key of a sheet: number of its free rows}.
    """

    class Kind(models.TextChoices):
        """Whose rows it holds."""

        AGENCY = "agency", _("One agency")
        REGION = "region", _("All agencies")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    # By name: plans stand later in the order of imports.
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="handouts")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="handouts")
    organisation_path = PathField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    guide = models.CharField(max_length=60)
    free = models.JSONField(default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation_id} {self.made_at:%Y-%m-%d}"

    def uid_of_free_row(self, sheet: str, slot: int) -> UUID:
        """The identity of a free row, the same whenever it is asked for: a file that comes twice makes one row."""
        return uuid5(self.uid, f"{sheet}/{slot}")

    def uid_of_typed_row(self, sheet: str, words: str) -> UUID:
        """The identity of a row that somebody typed outside the free rows, by what it says."""
        return uuid5(self.uid, f"{sheet}={words}")


class HandedRow(models.Model):
    """One row of a handout. `values`: {key of a column: text of the cell}, blank ones left out.

    `settled`: {key: texts that this workbook brought and that were dealt with}: bringing them once more says nothing new.
    `locked`: keys of cells that a workbook cannot hold; they were handed out shortened.
    """

    handout = models.ForeignKey(Handout, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=30)
    uid = models.UUIDField()
    version = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    settled = models.JSONField(default=dict)
    locked = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handout", "sheet", "uid"], name="row_handed_out_once_in_a_workbook")
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.uid}"


def settled_with(settled: Mapping[str, list[str]], texts: Mapping[str, str]) -> dict[str, list[str]]:
    """What was dealt with, and now these texts too, so that the same file again says nothing new."""
    return {
        key: list(dict.fromkeys([*settled.get(key, ()), *([texts[key]] if key in texts else ())]))
        for key in {**settled, **texts}
    }
