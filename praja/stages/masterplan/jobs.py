"""Making a book's file: put together, set in a process of its own, stored once."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.documents.child import NotMade
from praja.foundation.files.actions import keep
from praja.foundation.jobs.progress import JobError, Progress
from praja.foundation.plans.models import Plan
from praja.stages.masterplan import actions
from praja.stages.masterplan.models import BookFile
from praja.stages.masterplan.outlines.books import MASTERPLAN

MEDIA_TYPES = {
    BookFile.Kind.PDF: "application/pdf",
    BookFile.Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    BookFile.Kind.POWERPOINT: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def build_book(progress: Progress, plan_pk: int, kind: str, book: str = MASTERPLAN) -> None:
    """A book of a plan as a file of this kind ("pdf", "word", "pptx"); run again, it still leaves one file."""
    plan = Plan.objects.select_related("government__region", "dimension_set").get(pk=plan_pk)
    by = progress.job.created_by
    progress(0, 4, _("Gathering the data"))
    document = actions.book_document(plan, book)
    progress(1, 4, _("Setting the pages"))
    try:
        content = actions.file_of(document, actions.KINDS[kind])
    except NotMade as error:
        raise JobError(
            _("The book could not be set. Please try again; if it happens again, tell your administrator.")
        ) from error
    progress(3, 4, _("Storing the file"))
    stored = keep(
        content,
        name=actions.file_name(document, kind),
        kind=MEDIA_TYPES[BookFile.Kind(kind)],
        by=by,
        organisation_path=plan.organisation_path,
    )
    with progress.effect() as job:
        stored.save()
        made = BookFile.objects.create(
            plan=plan,
            organisation_path=plan.organisation_path,
            book=book,
            kind=kind,
            fingerprint=actions.fingerprint_of(document),
            file=stored,
            made_by=by,
        )
        record("build book", plan, by=by, after={"file": stored.name})
        job.file = stored
        job.result = {"address": reverse("book-file", args=[plan.slug, made.pk])}
