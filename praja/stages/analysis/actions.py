"""What changes in the analysis: the vision is recorded and corrected; rows are added, changed and put in order."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import save_entry, sent_before, snapshot
from praja.stages.analysis.entry_forms import CleanedForm, next_place
from praja.stages.analysis.forms import VisionForm
from praja.stages.analysis.models import AnalysisRow, Vision


def vision_of(plan: Any) -> Vision:
    """The vision of the plan; one of version 0 that is not stored while none was set."""
    return Vision.objects.filter(plan=plan).first() or Vision(plan=plan, version=0)


def set_vision(form: VisionForm, *, by: Any, version: int) -> None:
    """Record or correct the vision of a checked form; TooLate when somebody else was faster."""
    vision: Any = form.instance
    if vision.pk is not None:
        save_entry(form, by=by, version=version, also=form.also())
        return
    values = {**form.columns(), **form.also()}
    try:
        with transaction.atomic():
            stored = Vision(plan=vision.plan, created_by=by, updated_by=by, **values)
            stored.save()
            record("set", stored, by=by, after=values)
    except IntegrityError as problem:
        vision.pk = Vision.objects.get(plan=vision.plan).pk
        raise TooLate from problem


@transaction.atomic
def store(form: CleanedForm, *, by: Any, version: int) -> None:
    """Add the row of a checked form, or change it; TooLate when somebody else was faster.

    The same form sent twice adds one row.
    """
    row: Any = form.instance
    if row.pk is not None:
        save_entry(form, by=by, version=version, also=form.also())
        return
    model = type(row)
    values = {**form.columns(), **form.also()}
    if there := sent_before(model._default_manager.filter(plan=row.plan), by=by, **values):
        form.instance = there
        return
    stored = model(plan=row.plan, order=next_place(model, row.plan), created_by=by, updated_by=by, **values)
    stored.save()
    for name, chosen in form.many().items():
        getattr(stored, name).set(chosen)
    for rows in form.child_rows:
        rows.row = stored
        rows.save(by=by)
    record("add", stored, by=by, after=snapshot(form, stored))
    form.instance = stored


@transaction.atomic
def move(row: AnalysisRow, siblings: Sequence[AnalysisRow], *, down: bool, by: Any) -> bool:
    """Change places with the neighbour among `siblings` (in order, the row among them); False at the end of the list."""
    keys = [one.pk for one in siblings]
    place = keys.index(row.pk)
    other = place + 1 if down else place - 1
    if not 0 <= other < len(keys):
        return False
    keys[place], keys[other] = keys[other], keys[place]
    orders = sorted(one.order for one in siblings)
    if len(set(orders)) < len(orders):  # rows that came in together may share a place
        orders = list(range(1, len(orders) + 1))
    stands = {one.pk: one.order for one in siblings}
    for pk, order in zip(keys, orders, strict=True):
        if stands[pk] != order:
            type(row)._default_manager.filter(pk=pk).update(order=order)
    record("move", row, by=by, before={"order": place + 1}, after={"order": other + 1})
    return True
