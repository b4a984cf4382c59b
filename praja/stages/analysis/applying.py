"""Storing the rows of a workbook that were chosen in its preview: new ones and changed ones, each with its history."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from praja.foundation.audit.actions import build
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.entries import EntrySheet
from praja.foundation.sheets.flow import NEW, WRONG, Outcome, Said
from praja.stages.analysis.entry_forms import next_place
from praja.stages.analysis.workbook import analysis_sheets, plain_of
from praja.stages.analysis.workbook_reading import AnalysisLine, judged


@transaction.atomic
def bring_in(chosen: Sequence[Said], plan: Plan, *, by: Any) -> Outcome:
    """Judge the chosen rows again and store those that still fit what the preview showed."""
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)  # two uploads wait for each other
    sheets = analysis_sheets(plan, by)
    lines = judged(chosen, plan, sheets)
    events = []
    for key, sheet in sheets.items():
        events += _add(sheet, [line for line in lines if line.said.sheet == key and line.status == NEW], plan, by)
    left = [line.title for line in lines if line.status == WRONG]
    for line in lines:
        if line.changes and line.status != WRONG:
            try:
                events.append(_change(sheets[line.said.sheet], line, by))
            except TooLate:
                left.append(line.title)
    Event.objects.bulk_create(events, batch_size=500)
    return Outcome(len(events), left)


def _columns(sheet: EntrySheet, plain: dict[str, Any]) -> dict[str, Any]:
    """What is stored of plain values; the dimension of a gap follows from its sub-dimension."""
    columns = {}
    for key, value in plain.items():
        if sheet.key == "gaps" and key == "dimension":
            continue
        columns[sheet.by_key[key].attname] = list(value) if isinstance(value, tuple) else value
    return columns


def _add(sheet: EntrySheet, rows: list[AnalysisLine], plan: Plan, by: Any) -> list[Event]:
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


def _change(sheet: EntrySheet, row: AnalysisLine, by: Any) -> Event:
    """The changed columns of a row, if it is still the one that the preview showed."""
    if row.version != row.said.seen:
        raise TooLate
    before = plain_of(sheet, row.stored)
    update_if_unchanged(row.stored, _columns(sheet, row.plain), by=by, version=row.stored.version)
    return build(
        "workbook", row.stored, by=by,
        before={key: sheet.by_key[key].history(before[key]) for key in row.plain},
        after={key: sheet.by_key[key].history(plain) for key, plain in row.plain.items()},
    )  # fmt: skip
