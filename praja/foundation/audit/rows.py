"""What every editable row carries: an identity that travels, a version, and who made, changed or withdrew it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class EditableRow(models.Model):
    """A row that people edit. `uid` goes into sheets and documents, `version` guards against lost updates."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Nobody asks for the rows of a person, so these three need no index; on big tables each would cost every write.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )

    class Meta:
        abstract = True


class TooLate(Exception):
    """Somebody changed the row since it was read; nothing was written."""


def update_if_unchanged(row: EditableRow, values: dict[str, Any], *, by: Any, version: int) -> None:
    """Write `values` to the row if it still has `version`, and raise the version; else raise TooLate."""
    values = {**values, "version": version + 1, "updated_at": timezone.now(), "updated_by": by}
    if not type(row)._default_manager.filter(pk=row.pk, version=version).update(**values):
        raise TooLate
    for name, value in values.items():
        setattr(row, name, value)


def both_or_neither(first: str, second: str, name: str) -> models.CheckConstraint:
    """Constraint: the two columns are both set or both empty."""
    both = models.Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    neither = models.Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    return models.CheckConstraint(condition=both | neither, name=name)


def in_order(first: str, second: str, name: str) -> models.CheckConstraint:
    """Constraint: the first column is not after the second; an empty one says nothing."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{first}__lte": models.F(second)})
        | models.Q(**{f"{first}__isnull": True})
        | models.Q(**{f"{second}__isnull": True}),
        name=name,
    )
