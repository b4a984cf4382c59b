"""Storing the rows of a workbook that were chosen in its preview: new ones and changed ones, each with its history."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from praja.foundation.audit.actions import build
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.entries import EntrySheet
from praja.stages.analysis.entry_forms import next_place
from praja.stages.analysis.workbook import analysis_sheets, plain_of
from praja.stages.analysis.workbook_reading import CHANGED, NEW, PreviewRow, entries_of_payloads, judged


@transaction.atomic
def bring_in(payloads: Iterable[str], plan: Plan, *, by: Any) -> tuple[int, int]:
    """Judge the chosen rows again and store the good ones: how many were stored, and how many had to be left."""
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)  # two uploads wait for each other
    sheets = analysis_sheets(plan, by)
    rows = judged(entries_of_payloads(payloads, sheets), plan, sheets)
    events = []
    for key, sheet in sheets.items():
        events += _add(sheet, [row for row in rows if row.entry.sheet == key and row.status == NEW], plan, by)
    left = sum(not row.is_good for row in rows)
    for row in rows:
        if row.status == CHANGED:
            try:
                events.append(_change(sheets[row.entry.sheet], row, by))
            except TooLate:
                left += 1
    Event.objects.bulk_create(events, batch_size=500)
    return len(events), left


def _columns(sheet: EntrySheet, plain: dict[str, Any]) -> dict[str, Any]:
    """What is stored of plain values; the dimension of a gap follows from its sub-dimension."""
    columns = {}
    for key, value in plain.items():
        if sheet.key == "gaps" and key == "dimension":
            continue
        columns[sheet.by_key[key].attname] = list(value) if isinstance(value, tuple) else value
    return columns


def _add(sheet: EntrySheet, rows: list[PreviewRow], plan: Plan, by: Any) -> list[Event]:
    """New rows behind those that are there; their history, not stored yet."""
    if not rows:
        return []
    model: Any = sheet.model
    place = next_place(model, plan)
    made = [
        model(
            plan=plan, organisation_path=plan.organisation_path, order=min(place + number, 32_000), created_by=by,
            updated_by=by, **_columns(sheet, row.plain),
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip
    made = model.objects.bulk_create(made, batch_size=200)
    return [
        build("workbook", one, by=by, after={key: sheet.by_key[key].history(plain) for key, plain in row.plain.items() if plain})
        for one, row in zip(made, rows, strict=True)
    ]  # fmt: skip


def _change(sheet: EntrySheet, row: PreviewRow, by: Any) -> Event:
    """The changed columns of a row, if nobody was faster."""
    before = plain_of(sheet, row.stored)
    update_if_unchanged(row.stored, _columns(sheet, row.plain), by=by, version=row.stored.version)
    return build(
        "workbook", row.stored, by=by,
        before={key: sheet.by_key[key].history(before[key]) for key in row.plain},
        after={key: sheet.by_key[key].history(plain) for key, plain in row.plain.items()},
    )  # fmt: skip
