"""The book as it is frozen: marked by what the edition is, not by the state of the data; the masterplan with its promises."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import override

from praja.foundation.documents.blocks import Document
from praja.foundation.documents.models import Edition
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.actions import composed
from praja.stages.masterplan.editions.promises import promises_of
from praja.stages.masterplan.outlines.books import LANGUAGE, MASTERPLAN, book_of


def book_to_freeze(plan: Plan, key: str, status: str) -> Document:
    """The book as it reads now; a draft says so on each page, and imported data that nobody confirmed always do.

    The masterplan itself carries what each agency promises in it, from the same rows and under the same hash.
    """
    book = composed(plan, book_of(plan, key))
    with override(LANGUAGE):
        marks = [_("DRAFT")] if status == Edition.Status.DRAFT else []
        marks += [_("IMPORTED, NOT VERIFIED")] if plan.is_unverified else []
        facts = promises_of(book.material) if key == MASTERPLAN else None
    return replace(book.document, status_text=" · ".join(marks), facts=facts)
