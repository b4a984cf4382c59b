"""Slow work about innovations."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.jobs.progress import JobError, Progress
from praja.foundation.sheets.reading import SheetError
from praja.stages.innovations.applying import apply, finish
from praja.stages.innovations.imports import preview_of
from praja.stages.innovations.models import Import


def apply_import(progress: Progress, pk: int) -> None:
    """Bring in the rows that were chosen in the preview."""
    one = Import.objects.select_related("file", "plan__government__region", "plan__dimension_set", "updated_by").get(
        pk=pk
    )
    try:
        preview = preview_of(one)
    except (SheetError, FileNotFoundError) as problem:
        raise JobError(_("The file of this import can no longer be read. Please upload it again.")) from problem
    apply(one, preview, report=progress)
    with progress.effect() as job:
        finish(one)
        job.result = {"address": reverse("import-detail", args=[pk])}
