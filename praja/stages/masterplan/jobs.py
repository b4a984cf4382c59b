"""Slow work around the books: their files, tables of changes, draft regulations, the proof of an edition, reminders."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from praja.foundation.audit.actions import record
from praja.foundation.documents import editions
from praja.foundation.documents.blocks import Document
from praja.foundation.documents.child import NotMade
from praja.foundation.documents.models import Edition
from praja.foundation.files.actions import keep
from praja.foundation.jobs.progress import JobError, Progress
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.masterplan import actions
from praja.stages.masterplan.editions import changes
from praja.stages.masterplan.enactment import regulation
from praja.stages.masterplan.models import BookFile, Enactment
from praja.stages.masterplan.outlines.books import MASTERPLAN
from praja.stages.masterplan.reviewing import reminders

MEDIA_TYPES = {
    BookFile.Kind.PDF: "application/pdf",
    BookFile.Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    BookFile.Kind.POWERPOINT: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def build_book(progress: Progress, plan_pk: int, kind: str, book: str = MASTERPLAN) -> None:
    """A book of a plan as a file of this kind ("pdf", "word", "pptx"); run again, it still leaves one file."""
    plan = _plan(plan_pk)
    progress(0, 4, _("Gathering the data"))
    document = actions.book_document(plan, book)
    made = BookFile(plan=plan, book=book, kind=kind, fingerprint=actions.fingerprint_of(document))
    _make(progress, made, document, actions.file_name(document, kind))


def build_changes(progress: Progress, plan_pk: int, old_pk: int, new_pk: int, kind: str) -> None:
    """The table of changes between two editions as a file ("pdf", "word"); run again, it still leaves one file."""
    plan = _plan(plan_pk)
    of_the_plan = editions.editions_of(plan).filter(withdrawn_at=None)
    progress(0, 4, _("Comparing the two editions"))
    try:
        old, new = of_the_plan.get(pk=old_pk), of_the_plan.get(pk=new_pk)
        document = changes.changes_document(old, new)
    except (Edition.DoesNotExist, Refused) as error:
        raise JobError(_("One of the two editions is no longer what was frozen. Look at its page.")) from error
    made = BookFile(
        plan=plan, book=changes.file_key(old, new), kind=kind, fingerprint=changes.fingerprint(old, new)
    )  # fmt: skip
    name = f"Perubahan {new.title[:90]} naskah {old.number} ke {new.number}.{actions.ending_of(kind)}"
    _make(progress, made, document, name)


def build_regulation(progress: Progress, enactment_pk: int) -> None:
    """The draft regulation with its annex as a Word file; run again, it still leaves one file."""
    enactment = Enactment.objects.select_related("edition").get(pk=enactment_pk)
    enactment.plan = _plan(enactment.plan_id)
    progress(0, 4, _("Gathering the data"))
    try:
        document = regulation.draft_document(enactment)
    except Refused as error:
        raise JobError(" ".join(str(sentence) for sentence in error.reasons)) from error
    made = BookFile(
        plan=enactment.plan, book=regulation.FILE_KEY, kind=BookFile.Kind.WORD,
        fingerprint=actions.fingerprint_of(document),
    )  # fmt: skip
    name = f"Rancangan {regulation.words_of(enactment)['regulation']} {enactment.title[:90]}.docx"
    _make(progress, made, document, name)


def check_edition(progress: Progress, edition_pk: int) -> None:
    """Prove an edition: its text, its files, and the files made anew from the text; the history keeps what was found."""
    edition = Edition.objects.select_related("pdf", "word").get(pk=edition_pk)
    by = progress.job.created_by
    progress(0, 2, _("Checking text and files"))
    with override(actions.LANGUAGE):  # as papers and the history say it, whoever asked
        try:
            found = editions.verify(edition, again=True) or _sound(edition)
        except NotMade as error:
            raise JobError(_("The files could not be made anew to compare them. Please try again.")) from error
    plan = _plan(edition.subject_id)
    with progress.effect() as job:
        record("check edition", edition, by=by, remark=" ".join(found))
        job.result = {"address": reverse("edition", args=[plan.slug, edition.pk])}


def _sound(edition: Edition) -> list[str]:
    """What a check says that found nothing wrong."""
    if edition.pdf_id is None:
        return [_("The text is as it was frozen; its files are not there yet.")]
    if editions.is_made_with_these_versions(edition):
        return [
            _(
                "Text and files are as they were frozen. Made anew from the text, the files are the same to the last byte."
            )
        ]
    return [_("Text and files are as they were frozen. The files were made with other versions of Praja.")]


def remind_reviewers(progress: Progress) -> None:
    """Tell those who still owe an opinion that its day is near, has come or has passed; each of the three once."""
    with progress.effect():
        reminders.remind_by_the_day()


def _plan(pk: int) -> Plan:
    return Plan.objects.select_related("government__region__parent", "dimension_set").get(pk=pk)


def _make(progress: Progress, made: BookFile, document: Document, name: str) -> None:
    """Make the file that `made` describes, and store it with its row once."""
    progress(1, 4, _("Setting the pages"))
    try:
        content = actions.file_of(document, actions.KINDS[made.kind])
    except NotMade as error:
        raise JobError(
            _("The book could not be set. Please try again; if it happens again, tell your administrator.")
        ) from error
    progress(3, 4, _("Storing the file"))
    plan, by = made.plan, progress.job.created_by
    made.organisation_path, made.made_by = plan.organisation_path, by
    made.file = keep(
        content, name=name, kind=MEDIA_TYPES[BookFile.Kind(made.kind)], by=by, organisation_path=plan.organisation_path
    )
    with progress.effect() as job:
        made.file.save()
        made.file_id = made.file.pk
        made.save()
        record("build book", plan, by=by, after={"file": made.file.name})
        job.file = made.file
        job.result = {"address": reverse("book-file", args=[plan.slug, made.pk])}
