"""The book as it is frozen: marked by what the edition is, not by the state of the data."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import override

from praja.foundation.documents.blocks import Document
from praja.foundation.documents.models import Edition
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.actions import book_document
from praja.stages.masterplan.outlines.books import LANGUAGE


def book_to_freeze(plan: Plan, key: str, status: str) -> Document:
    """The book as it reads now; a draft says so on each page, and imported data that nobody confirmed always do."""
    with override(LANGUAGE):
        marks = [_("DRAFT")] if status == Edition.Status.DRAFT else []
        marks += [_("IMPORTED, NOT VERIFIED")] if plan.is_unverified else []
    return replace(book_document(plan, key), status_text=" · ".join(marks))
