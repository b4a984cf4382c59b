"""Leaving and settling remarks."""

from typing import Any

from django.utils import timezone

from praja.foundation.remarks.models import Remark


def leave_remark(row: Any, *, by: Any, text: str, settles: bool) -> None:
    """Add a remark to a row; when the row is accepted, the open remarks on it are settled."""
    if settles:
        Remark.objects.about(row).open().update(resolved_at=timezone.now(), resolved_by=by)
    if text.strip():
        Remark.objects.create(
            subject=row._meta.label_lower,
            subject_id=row.pk,
            text=text.strip(),
            organisation_path=row.organisation_path,
            created_by=by,
            **({"resolved_at": timezone.now(), "resolved_by": by} if settles else {}),
        )
