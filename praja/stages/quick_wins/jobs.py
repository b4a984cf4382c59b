"""The slow work of quick wins."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.choosing.process import NotSolved
from praja.foundation.documents.child import NotMade, render_in_child
from praja.foundation.files import contents
from praja.foundation.files.actions import keep
from praja.foundation.jobs.progress import JobError, Progress
from praja.stages.quick_wins import deciding, searches
from praja.stages.quick_wins.choice import asked_of
from praja.stages.quick_wins.models import DecisionSheet, FoundSet
from praja.stages.quick_wins.sheet import state_of
from praja.stages.quick_wins.sheet_blocks import ContentChanged, letter_of


def make_sheet_files(progress: Progress, sheet_pk: int, state: str) -> None:
    """PDF and Word of a decision sheet from exactly its stored texts; nothing when it has moved on since `state`."""
    sheet = DecisionSheet.objects.select_related("round__plan__government__region").get(pk=sheet_pk)
    by, files = progress.job.created_by, {}
    progress(0, 2, _("Setting the pages"))
    if state_of(sheet) == state and sheet.pdf_id is None:
        try:
            letter = letter_of(sheet)
            for column, kind in (("pdf", contents.PDF), ("word", contents.DOCX)):
                files[column] = keep(
                    render_in_child(letter, "pdf" if column == "pdf" else "word"), kind=kind, by=by,
                    name=f"lembar-keputusan-{sheet.code}", organisation_path=sheet.organisation_path,
                )  # fmt: skip
        except (NotMade, ContentChanged, FileNotFoundError) as error:
            raise JobError(
                _(
                    "The files of this sheet could not be made. Please try again; if it happens again, tell your administrator."
                )
            ) from error
    progress(1, 2, _("Storing the file"))
    with progress.effect() as job:
        if files and deciding.attach(sheet, files, state, by=by):
            job.file = files["pdf"]


def find_set(progress: Progress, found_pk: int) -> None:
    """The best set of a round with everything that is said about it."""
    _search(progress, found_pk, searches.SET, "set-detail")


def find_stability(progress: Progress, found_pk: int) -> None:
    """In how many of many weight sets each nominee is in the best set."""
    _search(progress, found_pk, searches.STABILITY, "set-stability")


def _search(progress: Progress, found_pk: int, wanted: str, page: str) -> None:
    row = FoundSet.objects.select_related("round__plan__dimension_set").get(pk=found_pk)
    asked = asked_of(row.round)
    try:
        content = searches.answer_of(asked, wanted)
    except NotSolved as problem:
        raise JobError(
            _("No answer was found in the time given. Fewer rules or nominees make it easier; or try again later.")
        ) from problem
    with progress.effect() as job:
        mark = searches.fingerprint_of(asked, wanted)
        FoundSet.objects.filter(pk=found_pk).update(content={"asked": wanted, **content}, fingerprint=mark)
        job.result = {"address": reverse(page, args=[row.round_id])}
