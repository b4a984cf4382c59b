"""Writing the log."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models

from praja.foundation.audit.models import Event

# Values of these fields stay out of the log, so that a person can be erased; only that they changed is kept.
PERSONAL_FIELDS = frozenset({"name_of_person", "nip", "phone", "email", "password", "rank", "grade", "heads"})


def _plain(value: Any) -> Any:
    """A value as JSON can hold it; a row as its words."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return [_plain(item) for item in value]
    return str(value)


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The fields that differ, each with its value before and after; personal ones without values."""
    changed = {}
    for name in [*before, *(key for key in after if key not in before)]:
        old, new = _plain(before.get(name)), _plain(after.get(name))
        if old != new:
            changed[name] = [] if name in PERSONAL_FIELDS else [old, new]
    return changed


def record(
    verb: str,
    row: models.Model,
    *,
    by: Any,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    remark: str = "",
) -> Event:
    """Add one line of history about `row`; call it inside the verb's transaction."""
    event = build(verb, row, by=by, before=before, after=after, remark=remark)
    event.save()
    return event


def build(
    verb: str,
    row: models.Model,
    *,
    by: Any,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    remark: str = "",
) -> Event:
    """A line of history that is not stored yet, for writing many at once with `bulk_create`."""
    path = getattr(row, "organisation_path", "") or getattr(row, "path", "")
    return Event(
        verb=verb,
        subject=row._meta.label_lower,
        subject_id=row.pk,
        by=by,
        acting_as=by.acting_on(path or "") if by else "",
        organisation_path=path,
        changes=changes_between(before or {}, after or {}),
        remark=remark,
    )
