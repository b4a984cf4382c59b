"""Slow work of the roadmap: loading a list of codes, and an export of the national budget system."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.jobs.progress import JobError, Progress
from praja.foundation.sheets.reading import SheetError
from praja.stages.roadmap import code_lists, sipd
from praja.stages.roadmap.models import BudgetCodeList, BudgetExport


def load_codes(progress: Progress, pk: int, is_current: bool) -> None:  # noqa: FBT001 - jobs are called by position
    """Load the good rows of a list of codes and, where it is wanted, put it in force."""
    codes = BudgetCodeList.objects.select_related("file").get(pk=pk)
    try:
        examined = code_lists.examine(code_lists.table_of(codes), progress)
    except (SheetError, FileNotFoundError) as problem:
        raise JobError(_("The file of this list can no longer be read. Please upload it again.")) from problem
    if not examined.entries:
        raise JobError(_("No row of this file can be loaded. Look at the rows to mend."))
    with progress.effect() as job:
        code_lists.fill(codes, examined, is_current=is_current, by=job.created_by)
        job.result = {"address": reverse("budget-code-list", args=[pk])}


def load_export(progress: Progress, pk: int) -> None:
    """Load the good rows of an export of SIPD; from then on it counts for its year."""
    export = BudgetExport.objects.select_related("file", "plan__government__region").get(pk=pk)
    try:
        examined = sipd.examine(sipd.table_of(export), export.mapping, export.plan, export.year, progress)
    except (SheetError, FileNotFoundError) as problem:
        raise JobError(_("The file of this export can no longer be read. Please upload it again.")) from problem
    if not examined.lines:
        raise JobError(_("No row of this file can be loaded. Look at the rows to mend."))
    with progress.effect() as job:
        sipd.fill(export, examined, by=job.created_by)
        job.result = {"address": reverse("sipd-detail", args=[pk])}
