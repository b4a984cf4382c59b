"""Slow work of the analysis."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.audit.rows import TooLate
from praja.foundation.jobs.progress import JobError, Progress
from praja.foundation.sheets.reading import SheetError
from praja.stages.analysis import earlier
from praja.stages.analysis.models import EarlierSheet


def apply_earlier_sheet(progress: Progress, pk: int) -> None:
    """Bring in the programmes of a long sheet."""
    one = EarlierSheet.objects.select_related("file", "updated_by", "earlier__plan__government__region", "earlier__plan__dimension_set").get(pk=pk)  # fmt: skip
    try:
        table = earlier.table_of(one)
    except (SheetError, FileNotFoundError) as problem:
        raise JobError(_("The file of this sheet can no longer be read. Please upload it again.")) from problem
    progress(0, len(table.rows), _("Storing the programmes"))
    with progress.effect() as job:
        try:
            earlier.apply(one)
        except TooLate as problem:
            raise JobError(_("This sheet has been applied already.")) from problem
        job.result = {"address": reverse("earlier-sheet-detail", args=[pk])}
