"""Proving a row with a file or a link, taking that away, and what goes along when the row changes hands."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.evidence.following import followers
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.models import StoredFile
from praja.foundation.remarks.models import Remark


def carry_along(row: Any) -> None:
    """Give evidence, its files, remarks and what else follows the row to the agency that now carries it."""
    path = {"organisation_path": row.organisation_path}
    evidence = Evidence.objects.about(row)
    StoredFile.objects.filter(pk__in=evidence.values("file")).update(**path)
    evidence.update(**path)
    Remark.objects.about(row).update(**path)
    for follow in followers().get(row._meta.label_lower, ()):
        follow(row)


@transaction.atomic
def attach(row: Any, *, by: Any, kind: str, title: str, file: StoredFile | None = None, link: str = "") -> Evidence:
    """Add a file or a link to a row that is stored."""
    evidence = Evidence.objects.create(
        subject=row._meta.label_lower,
        subject_id=row.pk,
        organisation_path=row.organisation_path,
        kind=kind,
        title=title,
        file=file,
        link=link,
        created_by=by,
        updated_by=by,
    )
    record("attach", row, by=by, after={"evidence": title})
    return evidence


@transaction.atomic
def detach(row: Any, *, evidence: Evidence, by: Any) -> None:
    """Take evidence away; the file stays in the record. Raises TooLate."""
    values = {"withdrawn_at": timezone.now(), "withdrawn_by": by}
    update_if_unchanged(evidence, values, by=by, version=evidence.version)
    record("detach", row, by=by, before={"evidence": evidence.title})
