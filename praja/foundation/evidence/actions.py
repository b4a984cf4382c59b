"""What belongs to a row goes with it when the row changes hands."""

from typing import Any

from praja.foundation.evidence.models import Evidence
from praja.foundation.files.models import StoredFile
from praja.foundation.remarks.models import Remark


def carry_along(row: Any) -> None:
    """Give evidence, its files and remarks to the agency that now carries the row, so that it reaches them."""
    path = {"organisation_path": row.organisation_path}
    evidence = Evidence.objects.about(row)
    StoredFile.objects.filter(pk__in=evidence.values("file")).update(**path)
    evidence.update(**path)
    Remark.objects.about(row).update(**path)
