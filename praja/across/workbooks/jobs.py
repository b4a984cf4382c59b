"""Slow work about workbooks: handing out the whole region's, judging one that came back, applying it."""

from collections.abc import Collection

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from praja.across.workbooks import actions, notices
from praja.across.workbooks.applying import apply, wrong_rows
from praja.across.workbooks.comparing import judge
from praja.across.workbooks.making import file_name, save_handout, write_out
from praja.across.workbooks.models import Return
from praja.across.workbooks.verdicts import Verdicts
from praja.foundation.files.actions import keep
from praja.foundation.files.contents import XLSX, FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.progress import JobError, Progress
from praja.foundation.plans.models import Plan


def hand_out(progress: Progress, plan_pk: int) -> None:
    """The workbook of all agencies of a region, as a file of the job."""
    plan = Plan.objects.select_related("government__region", "dimension_set").get(pk=plan_pk)
    by = progress.job.created_by
    progress(0, 1, _("Writing the workbook"))
    handout, handed, content = write_out(plan, by=by)
    try:
        stored = keep(content, name=file_name(plan, None), kind=XLSX, by=by, organisation_path=plan.organisation_path)
    except FileRefused as problem:
        raise JobError(str(problem)) from problem
    with progress.effect() as job:
        save_handout(handout, handed)
        stored.save()
        job.file = stored


def judge_return(progress: Progress, pk: int) -> None:
    """Compare a workbook that came back with what was handed out and with what Praja says now."""
    one = _load(pk)
    if one.state != Return.State.UPLOADED:  # judged by an earlier try
        return
    by = progress.job.created_by
    with _words_of(one):
        verdicts = _judge(one, by, progress)
        to_mend = _to_mend(one, verdicts, actions.places_to_mend(verdicts, done=()))
    with progress.effect() as job:
        actions.keep_verdicts(one, verdicts, to_mend=to_mend, by=by)
        job.result = {"address": reverse("workbook-return", args=[pk])}


def apply_return(progress: Progress, pk: int) -> None:
    """Write the chosen rows of a workbook; those that moved since the preview are left and named."""
    one = _load(pk)
    if one.state != Return.State.APPLYING:  # applied by an earlier try
        return
    by = progress.job.created_by
    with _words_of(one):
        verdicts = _judge(one, by, progress)
        chosen, answers, left = actions.still_as_shown(one, verdicts)
        result = apply(verdicts, plan=one.plan, by=by, chosen=chosen, answers=answers, report=progress)
        left |= result.left
        to_mend = _to_mend(one, verdicts, actions.places_to_mend(verdicts, done=result.applied))
    with progress.effect() as job:
        if actions.keep_result(one, left, to_mend=to_mend, by=by):
            notices.brought_in(one, by=by)
        job.result = {"address": reverse("workbook-return", args=[pk])}


def _load(pk: int) -> Return:
    found = Return.objects.select_related("file", "created_by", "plan__government__region", "plan__dimension_set")
    return found.get(pk=pk)


def _words_of(one: Return) -> translation.override:
    """The language of whoever uploaded it, so that both judgements say the same in the same words."""
    return translation.override((one.created_by and one.created_by.language) or settings.LANGUAGE_CODE)


def _judge(one: Return, by: object, progress: Progress) -> Verdicts:
    progress(0, 1, _("Reading the workbook"))
    try:
        with one.file.open() as file:
            return judge(file, one.file.name, plan=one.plan, by=by, report=progress)
    except FileNotFoundError as problem:
        raise JobError(_("The file of this workbook can no longer be read. Please upload it again.")) from problem


def _to_mend(one: Return, verdicts: Verdicts, rows: Collection[actions.Place]) -> StoredFile | None:
    if not rows:
        return None
    try:
        return actions.stored_workbook(one, wrong_rows(verdicts, rows=set(rows)), by=one.created_by)
    except FileRefused as problem:
        raise JobError(str(problem)) from problem
