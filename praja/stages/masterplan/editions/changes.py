"""The table of changes between two editions, for council and regional parliament: put together, and asked for as a file."""

from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from praja.foundation.documents import editions
from praja.foundation.documents.blocks import Document
from praja.foundation.documents.models import Edition
from praja.foundation.documents.redline import Redline, compare
from praja.foundation.documents.redline_blocks import redline_document
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.masterplan.models import BookFile
from praja.stages.masterplan.outlines.books import LANGUAGE


def compared(old: Edition, new: Edition) -> Redline:
    """What differs between two editions; raises Refused with sentences when one of them is not what was frozen."""
    (before, problems), (after, others) = editions.opened(old), editions.opened(new)
    if before is None or after is None or problems or others:
        raise Refused(problems + others)
    return compare(before, after)


def changes_document(old: Edition, new: Edition) -> Document:
    """The table of changes as a document; raises Refused when one of the editions is not what was frozen."""
    redline = compared(old, new)
    with override(LANGUAGE):
        words = {"title": new.title, "old": old.number, "new": new.number}
        return redline_document(
            redline,
            title=_("Table of changes"),
            subtitle=_("%(title)s, edition %(old)s to edition %(new)s") % words,
            made_at=redline.new.made_at,
        )


def file_key(old: Edition, new: Edition) -> str:
    """The name under which the files of the table are kept beside those of the books."""
    return f"changes-{old.pk}-{new.pk}"


def fingerprint(old: Edition, new: Edition) -> str:
    """What the table's content depends on: both texts, and the version of what compares and prints them."""
    return sha256(f"{old.sha256} {new.sha256} {editions.versions()['renderers']}".encode()).hexdigest()


def files_of(plan: Plan, old: Edition, new: Edition) -> dict[str, BookFile]:
    """The files of the table that are there already, by their kind."""
    made = plan.book_files.filter(book=file_key(old, new), fingerprint=fingerprint(old, new), file__withdrawn_at=None)
    return {one.kind: one for one in made.order_by("pk")}


def ask_for_changes(plan: Plan, old: Edition, new: Edition, kind: str, *, by: Any) -> Job:
    """Ask for the table as a "pdf" or "word" file; asking again gives the same job."""
    mark = fingerprint(old, new)[:24]
    return later(
        "masterplan.build_changes", plan.pk, old.pk, new.pk, kind,
        by=by, key=f"{file_key(old, new)}-{kind}-{mark}", organisation_path=plan.organisation_path,
    )  # fmt: skip
