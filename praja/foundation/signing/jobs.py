"""Slow work of signing: papers of a round, scans that came back, what leaves Praja."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from praja.foundation.documents.child import NotMade
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.progress import JobError, Progress
from praja.foundation.signing import handing_in, opening
from praja.foundation.signing.checking import full_check, papers
from praja.foundation.signing.models import SigningRound
from praja.foundation.signing.notices import round_address
from praja.foundation.signing.paper.scan_notices import scans_address
from praja.foundation.signing.pdf import validating
from praja.foundation.signing.pdf.pades import NotSigned
from praja.foundation.workflow.steps import Refused


def open_round(progress: Progress, round_pk: int, version: int, address: str) -> None:
    """Set the signing pages of a round that was asked to be opened in this version, and open it."""
    round_ = _round(round_pk)
    if round_.state != SigningRound.State.PREPARED or round_.version != version:
        raise JobError(_("The round was changed while it was being opened. Look at it and open it again."))
    progress(0, 2, _("Setting the pages"))
    by = progress.job.created_by
    try:
        papers = opening.made(round_, address=address, by=by)
        progress(1, 2, _("Storing the file"))
        with progress.effect() as job:
            opening.open_with(round_, papers, by=by, version=version)
            job.result = {"address": round_address(round_)}
    except Refused as refusal:
        raise JobError(" ".join(str(reason) for reason in refusal.reasons)[:400]) from refusal
    except (NotMade, NotSigned, FileNotFoundError) as error:
        raise JobError(_not_made()) from error


def set_further_pages(progress: Progress, round_pk: int, signatory_pk: int, address: str) -> None:
    """Set the sheet of an open round anew, with the box of who replaces somebody."""
    del signatory_pk  # names what asked for it
    round_ = _round(round_pk)
    progress(0, 2, _("Setting the pages"))
    by = progress.job.created_by
    try:
        papers = opening.with_further_pages(round_, address=address, by=by)
    except (NotMade, NotSigned, FileNotFoundError) as error:
        raise JobError(_not_made()) from error
    progress(1, 2, _("Storing the file"))
    with progress.effect() as job:
        opening.store_further_pages(round_, papers, by=by)
        job.result = {"address": round_address(round_)}


def read_scans(progress: Progress, round_pk: int) -> None:
    """Read the scans and photos of a round's sheet that wait in this job."""
    round_ = _round(round_pk)
    handing_in.read_waiting(round_, progress.job, progress)
    with progress.effect() as job:
        handing_in.tell_of(round_, job)
        job.result = {"address": scans_address(round_)}


def check_pdf(progress: Progress, file_pk: int) -> None:
    """Validate the signatures of a stored PDF and keep what was found by its hash (`validating.known_of`).

    Every signature of a round asks for it; where a newer one has come meanwhile, only the newest state is validated.
    """
    stored = StoredFile.objects.get(pk=file_pk)
    if full_check.is_superseded(stored):
        with progress.effect() as job:
            job.result = {"sha256": stored.sha256, "is_superseded": True}
        return
    progress(0, 1, _("Checking the signatures"))

    def load() -> bytes:
        with stored.open() as file:
            return bytes(file.read())

    try:
        result = validating.remembered(stored.sha256, load)
    except (FileNotFoundError, validating.NotThatContent) as error:
        raise JobError(_("The file is lost from the storage or damaged. Please tell your administrator.")) from error
    with progress.effect() as job:
        job.result = {"sha256": stored.sha256, "is_valid": result.is_valid}


def make_evidence(progress: Progress, round_pk: int, address: str) -> None:
    """The evidence file of a round, as the file of the job."""
    _made(papers.evidence, progress, round_pk, address)


def make_export(progress: Progress, plan_pk: int, address: str) -> None:
    """Everything about the signings of a region in one ZIP, as the file of the job."""
    _made(papers.archive, progress, plan_pk, address)


def _made(make: Callable[[Progress, int, str], None], progress: Progress, pk: int, address: str) -> None:
    try:
        make(progress, pk, address)
    except FileRefused as refusal:
        raise JobError(str(refusal)) from refusal
    except NotMade as error:
        raise JobError(
            _("The file could not be made. Please try again; if it happens again, tell your administrator.")
        ) from error


def _round(pk: int) -> SigningRound:
    rows = SigningRound.objects.select_related("plan__government__region", "plan__arms", "edition__pdf")
    return rows.get(pk=pk)


def _not_made() -> str:
    return _("The signing pages could not be set. Please try again; if it happens again, tell your administrator.")
