"""Making the files of a frozen edition, soon after it was frozen."""

from django.utils.translation import gettext as _

from praja.foundation.documents import editions
from praja.foundation.documents.child import NotMade
from praja.foundation.documents.models import Edition
from praja.foundation.jobs.progress import JobError, Progress
from praja.foundation.workflow.steps import Refused


def make_files(progress: Progress, edition_pk: int) -> None:
    """PDF and Word of an edition, from exactly the stored text; run again, it changes nothing."""
    edition = Edition.objects.get(pk=edition_pk)
    by = progress.job.created_by
    progress(0, 2, _("Setting the pages"))
    try:
        files = editions.made_files(edition, by=by)
    except (NotMade, Refused) as error:
        raise JobError(
            _(
                "The files of this edition could not be made. Please try again; if it happens again, tell your administrator."
            )
        ) from error
    progress(1, 2, _("Storing the file"))
    with progress.effect() as job:
        editions.attach(edition, files, by=by)
        job.file = edition.pdf
