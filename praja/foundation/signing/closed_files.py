"""Which files of signing only those who run the rounds may have: what shows how people write their names."""

from django.db.models import Q

from praja.foundation.accounts.permissions import Can
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.models import Job
from praja.foundation.signing.models import SheetScan

ARCHIVE = "signing.make_export"


def permission_for(stored: StoredFile) -> Can | None:
    """The permission that a scan of a signed sheet, or an archive with such scans in it, asks for; None for other files."""
    same = Q(file__sha256=stored.sha256) | Q(picture__sha256=stored.sha256)  # also when it was handed in twice
    is_scan = SheetScan.objects.filter(same).exists()
    return Can.SIGNING_RUN if is_scan or Job.objects.filter(file=stored, name=ARCHIVE).exists() else None
