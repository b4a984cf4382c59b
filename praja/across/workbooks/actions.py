"""What is done with a workbook that came back: take it in, keep its verdicts and choices, apply, look at the rest again."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.across.workbooks.models import GOOD, Return, ReturnedRow
from praja.across.workbooks.reach import path_of_upload, writing_paths
from praja.across.workbooks.verdicts import CellVerdict, RowVerdict, Status, Verdicts
from praja.foundation.audit.actions import record
from praja.foundation.audit.bulk import insert_many
from praja.foundation.drafts.entry import ONE_SENDING
from praja.foundation.files import contents
from praja.foundation.files.actions import keep, store
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.actions import later
from praja.foundation.plans.models import Plan

State = Return.State
WORKBOOKS = (contents.XLSX, contents.XLS, contents.ODS)
MINE, THEIRS = "mine", "theirs"
TO_MEND = (Status.WRONG, Status.CONFLICT)
BATCH = 500

Place = tuple[str, int]  # sheet and number of a row


def change(one: Return, states: Collection[str], *, by: Any, **values: Any) -> bool:
    """Compare-and-set on the state; False when somebody was faster."""
    values |= {"version": one.version + 1, "updated_at": timezone.now(), "updated_by": by}
    if not Return.objects.filter(pk=one.pk, state__in=states, round=one.round).update(**values):
        return False
    for name, value in values.items():
        setattr(one, name, value)
    return True


# --- taking in --------------------------------------------------------------------------------------------------------


def take_in(upload: File, *, plan: Plan, by: Any) -> Return:
    """Store a workbook that came back and ask for its verdicts; raises FileRefused, and then nothing is kept.

    The same file of the same person within a minute is one sending, and gives the same return.
    """
    contents.check_size(upload.size)
    if contents.kind_of(upload) not in WORKBOOKS:
        raise FileRefused(_("This is no workbook. Please send the XLSX file that you downloaded here and filled in."))
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    earlier = Return.objects.filter(
        plan=plan, created_by=by, created_at__gt=timezone.now() - ONE_SENDING, file__sha256=digest.hexdigest()
    ).exclude(state=State.APPLIED)
    if found := earlier.first():
        return found
    path = path_of_upload(by, plan)
    stored = store(upload, by=by, organisation_path=path)
    with transaction.atomic():
        one = Return.objects.create(plan=plan, organisation_path=path, file=stored, created_by=by, updated_by=by)
        _ask_for_verdicts(one, by=by)
        record("start", one, by=by, after={"file": stored.name})
    return one


def _ask_for_verdicts(one: Return, *, by: Any) -> None:
    one.job = later("workbooks.judge_return", one.pk, by=by, organisation_path=one.organisation_path)
    Return.objects.filter(pk=one.pk).update(job=one.job)


@transaction.atomic
def look_again(one: Return, *, by: Any) -> bool:
    """Judge the file anew against Praja as it is now, keeping choices and answers; False when it is being worked on."""
    if not change(one, (State.JUDGED, State.REFUSED, State.APPLIED), by=by, state=State.UPLOADED):
        return False
    _ask_for_verdicts(one, by=by)
    return True


# --- verdicts ---------------------------------------------------------------------------------------------------------


def keep_verdicts(one: Return, verdicts: Verdicts, *, to_mend: StoredFile | None, by: Any) -> bool:
    """Store the verdicts in place of those before; call it inside a transaction. False when somebody was faster.

    Good rows are chosen. Where a row says what it said in the round before, its choice and its answers stay.
    """
    before = {(row.sheet, row.number): row for row in one.rows.all()}
    round_before, one_path = one.round, _path_of(one, verdicts)
    if to_mend is not None:
        to_mend.save()
    if not change(
        one,
        (State.UPLOADED,),
        by=by,
        state=State.REFUSED if verdicts.refusal else State.JUDGED,
        round=round_before + 1,
        counts={status.value: count for status, count in Counter(row.status for row in verdicts.rows).items()},
        notes=list(verdicts.notes),
        refusal=verdicts.refusal,
        result={},
        handout=verdicts.handout,
        organisation_path=one_path,
        to_mend=to_mend,
    ):
        return False
    one.rows.all().delete()
    insert_many(ReturnedRow, (_columns(one, order, row, before) for order, row in enumerate(verdicts.rows)))
    return True


def _path_of(one: Return, verdicts: Verdicts) -> str:
    """The workbook of one agency belongs to that agency, whoever uploads it."""
    path = verdicts.handout.organisation_path if verdicts.handout else ""
    may = any(path.startswith(own) for own in writing_paths(one.created_by))
    return path if may and path.startswith(one.plan.organisation_path) else one.organisation_path


def _columns(one: Return, order: int, row: RowVerdict, before: Mapping[Place, ReturnedRow]) -> dict[str, Any]:
    cells = [asdict(cell) for cell in row.cells]
    is_chosen, answers = row.status in GOOD, {}
    old = before.get((row.sheet, row.number))
    if old is not None and old.status == row.status and old.cells == cells:
        is_chosen, answers = old.is_chosen, old.answers
        if row.status in GOOD and old.outcome:
            is_chosen = True
    return {
        "of_id": one.pk,
        "order": order,
        "sheet": row.sheet,
        "sheet_title": row.sheet_title,
        "number": row.number,
        "status": row.status.value,
        "title": row.title,
        "agency": row.agency,
        "row_id": row.row_id,
        "cells": cells,
        "sentence": row.sentence,
        "changed_by": row.changed_by,
        "changed_at": row.changed_at,
        "is_chosen": is_chosen,
        "answers": answers,
    }


def stored_workbook(one: Return, content: bytes, *, by: Any) -> StoredFile:
    """The rows to mend as a file in its place, whose row is not stored yet; raises FileRefused."""
    name = _("rows-to-mend-%(number)d.xlsx") % {"number": one.pk}
    return keep(content, name=name, kind=contents.XLSX, by=by, organisation_path=one.organisation_path)


# --- choices ----------------------------------------------------------------------------------------------------------


def conflicts_of(row: ReturnedRow) -> list[str]:
    """The keys of the cells that need an answer."""
    return [cell["key"] for cell in row.cells if cell["status"] == Status.CONFLICT]


@transaction.atomic
def keep_choices(
    one: Return, *, shown: Collection[int], chosen: Collection[int], answers: Mapping[tuple[int, str], str], by: Any
) -> bool:
    """Keep which of the rows in sight are ticked and what was answered; False when they are no longer to be chosen.

    `shown`, `chosen`: keys of rows; `answers`: {(key of the row, key of the cell): "mine", "theirs" or ""}.
    """
    if not change(one, (State.JUDGED,), by=by):
        return False
    rows = list(one.rows.filter(pk__in=shown, status__in=[*GOOD, Status.CONFLICT]))
    for row in rows:
        if row.status == Status.CONFLICT:
            given = {key: answers.get((row.pk, key), row.answers.get(key, "")) for key in conflicts_of(row)}
            _answer(row, given)
        else:
            row.is_chosen = row.pk in chosen
    ReturnedRow.objects.bulk_update(rows, ["is_chosen", "answers"], batch_size=BATCH)
    return True


def _answer(row: ReturnedRow, given: Mapping[str, str]) -> None:
    row.answers = {key: answer for key, answer in given.items() if answer in (MINE, THEIRS)}
    row.is_chosen = len(row.answers) == len(conflicts_of(row)) > 0


@transaction.atomic
def choose_all(one: Return, *, chosen: bool, by: Any) -> bool:
    """Tick every good row, or none; answers stay."""
    if not change(one, (State.JUDGED,), by=by):
        return False
    one.rows.filter(status__in=GOOD).update(is_chosen=chosen)
    return True


@transaction.atomic
def answer_all(one: Return, answer: str, *, by: Any) -> bool:
    """Answer every conflict of the file alike: with the file ("mine"), with Praja ("theirs"), or not yet ("")."""
    if not change(one, (State.JUDGED,), by=by):
        return False
    rows = list(one.rows.filter(status=Status.CONFLICT))
    for row in rows:
        _answer(row, dict.fromkeys(conflicts_of(row), answer))
    ReturnedRow.objects.bulk_update(rows, ["is_chosen", "answers"], batch_size=BATCH)
    return True


# --- applying ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def start_applying(one: Return, *, by: Any) -> bool:
    """Ask for the chosen rows to be applied, once; False when somebody did so already."""
    count = one.rows.filter(is_chosen=True).count()
    if not change(one, (State.JUDGED,), by=by, state=State.APPLYING):
        return False
    one.job = later("workbooks.apply_return", one.pk, by=by, organisation_path=one.organisation_path)
    Return.objects.filter(pk=one.pk).update(job=one.job)
    record("apply", one, by=by, after={"rows": count})
    return True


def still_as_shown(
    one: Return, verdicts: Verdicts
) -> tuple[set[Place], dict[tuple[str, int, str], str], dict[Place, str]]:
    """The chosen rows that stand as the preview showed them, their answers, and why others are left alone.

    A cell that says by now what the file says is no difference any more: an earlier try of the job wrote it, or
    somebody typed the same.
    """
    now = {(row.sheet, row.number): row for row in verdicts.rows}
    chosen: set[Place] = set()
    answers: dict[tuple[str, int, str], str] = {}
    left: dict[Place, str] = {}
    for row in one.rows.filter(is_chosen=True):
        place = (row.sheet, row.number)
        fresh = now.get(place)
        if fresh is None or verdicts.refusal:
            left[place] = verdicts.refusal or _("This row can no longer be found in the file. Look at the file again.")
        elif fresh.status in (Status.WRONG, Status.REFUSED):
            left[place] = fresh.sentence or _("This row cannot be applied any more. Look at it again.")
        elif not _says_what_was_shown(row, fresh):
            left[place] = _("Somebody changed this row in Praja after you looked at it. Look at it again.")
        else:
            chosen.add(place)
            answers |= {(*place, key): answer for key, answer in row.answers.items()}
    return chosen, answers, left


def _says_what_was_shown(row: ReturnedRow, fresh: RowVerdict) -> bool:
    shown = {cell["key"]: cell for cell in row.cells}
    return all(
        _same(shown.get(cell.key), cell)
        for cell in fresh.cells
        if cell.status != Status.UNCHANGED and cell.mine != cell.theirs
    )


def _same(shown: Mapping[str, Any] | None, cell: CellVerdict) -> bool:
    return shown is not None and all(
        shown[name] == getattr(cell, name) for name in ("base", "mine", "theirs", "status", "problem")
    )


def places_to_mend(verdicts: Verdicts, *, done: Collection[Place]) -> set[Place]:
    """The rows that somebody has to mend, without those that are done."""
    return {(row.sheet, row.number) for row in verdicts.rows if row.status in TO_MEND} - set(done)


def keep_result(one: Return, left: Mapping[Place, str], *, to_mend: StoredFile | None, by: Any) -> bool:
    """Note what became of every chosen row; call it inside a transaction. False when somebody was faster.

    `left`: why some of the chosen rows were left as they were.
    """
    rows = list(one.rows.filter(is_chosen=True).only("pk", "sheet", "number", "status", "agency"))
    for row in rows:
        sentence = left.get((row.sheet, row.number))
        row.outcome = ReturnedRow.Outcome.APPLIED if sentence is None else ReturnedRow.Outcome.LEFT
        row.outcome_sentence = sentence or ""
    applied = Counter(row.status for row in rows if row.outcome == ReturnedRow.Outcome.APPLIED)
    counts = {"applied": sum(applied.values()), "left": len(rows) - sum(applied.values()), "by_status": dict(applied)}
    if to_mend is not None:
        to_mend.save()
    if not change(one, (State.APPLYING,), by=by, state=State.APPLIED, result=counts, to_mend=to_mend):
        return False
    ReturnedRow.objects.bulk_update(rows, ["outcome", "outcome_sentence"], batch_size=BATCH)
    record("workbook", one, by=by, after={"rows": counts["applied"]})
    return True
