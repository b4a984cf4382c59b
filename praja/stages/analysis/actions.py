"""What changes in the analysis: the vision is recorded, and later corrected."""

from typing import Any

from django.db import IntegrityError, transaction

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import save_entry
from praja.stages.analysis.forms import VisionForm
from praja.stages.analysis.models import Vision


def vision_of(plan: Any) -> Vision:
    """The vision of the plan; one of version 0 that is not stored while none was set."""
    return Vision.objects.filter(plan=plan).first() or Vision(plan=plan, version=0)


def set_vision(form: VisionForm, *, by: Any, version: int) -> None:
    """Record or correct the vision of a checked form; TooLate when somebody else was faster."""
    vision: Any = form.instance
    if vision.pk is not None:
        save_entry(form, by=by, version=version, also={"words": form.pairs})
        return
    values = {**form.columns(), "words": form.pairs}
    try:
        with transaction.atomic():
            stored = Vision(plan=vision.plan, created_by=by, updated_by=by, **values)
            stored.save()
            record("set", stored, by=by, after=values)
    except IntegrityError as problem:
        vision.pk = Vision.objects.get(plan=vision.plan).pk
        raise TooLate from problem
