"""Handing out: the workbook of one agency or of a whole region, with everything it says kept for the way back."""

from typing import Any

from django.utils.text import slugify

from praja.foundation.accounts.models import Organisation
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.models import Handout


def file_name(plan: Plan, organisation: Organisation | None) -> str:
    """The name of the workbook of an agency, or of the region, as it is downloaded."""
    words = f"{organisation.short_name} {plan.slug}" if organisation else plan.slug
    return f"buku-kerja-{slugify(words)}.xlsx"


def handing_out(plan: Plan, *, by: Any, organisation: Organisation | None = None) -> tuple[Handout, bytes]:
    """The workbook."""
    raise NotImplementedError
