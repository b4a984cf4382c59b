"""The cells of a row: what was handed out, what the file says, what Praja says now, and the sentence of the form about each."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.across.workbooks.candidates import Candidate
from praja.across.workbooks.material import Material, Work
from praja.across.workbooks.verdicts import CellVerdict, RowVerdict, Status
from praja.foundation.plans.forms import CHANGES_HANDS
from praja.foundation.sheets.entries import EntryColumn, EntrySheet, fits_a_cell
from praja.foundation.sheets.values import ValueProblem

EMPTY: tuple[Any, ...] = ("", frozenset())
WHOLE = ("organisation", "dimension")  # what a row that was handed in may not lose


def read_all(material: Material, sheet: EntrySheet, row: Candidate, verdict: RowVerdict, work: Work) -> dict[str, Any]:
    """Every value of a new row as the form gives it; what is wrong stands in the verdict."""
    values, blank = (dict(one) for one in material.blank(sheet))
    for column in sheet.columns:
        key = column.key
        cell = row.cells.get(key)
        if cell is None and key in blank:
            continue
        try:
            values[key] = column.read(cell, row.cells)
        except ValueProblem as problem:
            values.pop(key, None)
            mark_wrong(verdict, column, str(problem), work, mine=row.texts.get(key, ""))
            continue
        blank[key] = column.plain(values[key])
        if cell is not None:
            verdict.cells.append(CellVerdict(key, column.title, "", row.texts[key], "", Status.CHANGED))
    # An empty value is what a new row has anyway.
    work.changes = {key: plain for key, plain in blank.items() if plain is not None and plain not in EMPTY}
    return values


def compare(material: Material, verdict: RowVerdict, work: Work, row: Candidate) -> None:
    """Three ways, cell by cell: what was handed out, what the file says, what Praja says now."""
    base = work.handed.values if work.handed else {}
    texts = row.texts
    differing = {key for key, text in texts.items() if base.get(key) != text} | (base.keys() - texts.keys())
    for _place, column in material.book.found[work.sheet.key].columns if differing else ():
        if column.key in differing:
            _compare_cell(verdict, work, row, column)
    if work.changes:
        _judge_merged(verdict, work)
    settle_status(verdict)


def _compare_cell(verdict: RowVerdict, work: Work, row: Candidate, column: EntryColumn) -> None:
    """One cell that says something else than was handed out."""
    assert work.stored is not None
    key, handed = column.key, work.handed
    base = handed.values if handed else {}
    mine, was, plain = row.texts.get(key, ""), base.get(key, ""), work.stored.values[key]
    theirs = column.text(plain)
    if mine == theirs:
        return
    if handed and mine in handed.settled.get(key, ()):
        sentence = _("An upload of this workbook said so before. What Praja says since then stays.")
        verdict.cells.append(CellVerdict(key, column.title, was, mine, theirs, Status.UNCHANGED, sentence))
        return
    if (handed and key in handed.locked) or not fits_a_cell(theirs):
        sentence = _("A workbook cannot hold the whole of this text. Change it on its page.")
        mark_wrong(verdict, column, sentence, work, mine=mine)
        return
    try:
        new = column.plain(column.read(row.cells.get(key), row.cells))
    except ValueProblem as problem:
        mark_wrong(verdict, column, str(problem), work, was, mine, theirs)
        return
    if sentence := _may_not_become(work, column, new, plain):
        mark_wrong(verdict, column, sentence, work, was, mine, theirs)
        return
    status = Status.CHANGED if was == theirs else _both_changed(column, was, base, new, plain)
    if new == plain or status is None:
        return
    work.texts[key] = mine
    (work.changes if status == Status.CHANGED else work.conflicts)[key] = new
    verdict.cells.append(CellVerdict(key, column.title, was, mine, theirs, status))


def _may_not_become(work: Work, column: EntryColumn, new: Any, plain: Any) -> str:
    """Why a row that stands by itself cannot have this agency or dimension; "" when it can."""
    if work.sheet.is_child or work.stored is None:
        return ""
    if new is None and column.key in WHOLE and not work.stored.is_with_the_agency:
        return str(column.field.error_messages["required"])
    if new != plain and column.key == "organisation" and plain is not None and work.sheet.changes_hands:
        return str(CHANGES_HANDS)
    return ""


def _judge_merged(verdict: RowVerdict, work: Work) -> None:
    """Judge the row as it would be, in the pages of the form that change, as the page does."""
    sheet, stored = work.sheet, work.stored
    merged = {**(stored.values if stored else {}), **work.changes}
    sections = {sheet.by_key[key].section for key in work.changes}
    values = {column.key: column.value(merged[column.key]) for column in sheet.columns if column.section in sections}
    for cell in verdict.cells:
        if cell.status == Status.WRONG:
            values.pop(cell.key, None)
    judge_together(sheet, verdict, work, values, stored.values if stored else {}, sections)


def judge_together(
    sheet: EntrySheet,
    verdict: RowVerdict,
    work: Work,
    values: dict[str, Any],
    stored: Mapping[str, Any],
    sections: set[str],
) -> None:
    """What the cells say together: what follows from them, what this row may not have, and the rules of the form."""
    if not sheet.is_child:
        for key, value in sheet.fills(values).items():
            column = sheet.by_key[key]
            wrong = any(cell.key == key and cell.status == Status.WRONG for cell in verdict.cells)
            if not wrong and key not in work.conflicts:
                values[key], work.changes[key] = value, column.plain(value)
                text = column.text(work.changes[key])
                verdict.cells = [cell for cell in verdict.cells if cell.key != key]
                verdict.cells.append(CellVerdict(key, column.title, "", text, "", Status.CHANGED))
    for key, plain in list(work.changes.items()):
        column = sheet.by_key[key]
        if sentence := column.refused(plain, stored, {**stored, **work.changes}):
            values.pop(key, None)
            mark_wrong(verdict, column, sentence, work)
    for key, sentence in sheet.wrong_together(values, sections).items():
        mark_wrong(verdict, sheet.by_key[key], sentence, work, theirs=_theirs(sheet.by_key[key], stored))


def _both_changed(column: EntryColumn, was: str, base: Mapping[str, str], new: Any, now: Any) -> Status | None:
    """Changed on one side only after all, when a text says the same in other words; None when the file changed nothing."""
    try:
        old = column.plain(column.read(was or None, base))
    except ValueProblem:
        return Status.CONFLICT
    if old == new:
        return None
    return Status.CHANGED if old == now else Status.CONFLICT


def _theirs(column: EntryColumn, stored: Mapping[str, Any]) -> str:
    return column.text(stored[column.key]) if column.key in stored else ""


def refuse(verdict: RowVerdict, sentence: str) -> RowVerdict:
    """Do nothing with a row, and say why."""
    verdict.status, verdict.sentence, verdict.work = Status.REFUSED, sentence, None
    return verdict


def mark_wrong(
    verdict: RowVerdict,
    column: EntryColumn,
    sentence: str,
    work: Work | None,
    was: str = "",
    mine: str = "",
    theirs: str = "",
) -> None:
    """Mark a cell as wrong; a second sentence about the same cell stands behind the first."""
    if work is not None:
        work.changes.pop(column.key, None)
        mine = mine or work.texts.get(column.key, "")
    for cell in verdict.cells:
        if cell.key == column.key:
            cell.problem = f"{cell.problem} {sentence}".strip()
            cell.status = Status.WRONG
            return
    verdict.cells.append(CellVerdict(column.key, column.title, was, mine, theirs, Status.WRONG, sentence))


def settle_status(verdict: RowVerdict) -> None:
    """The status of a row from those of its cells."""
    found = {cell.status for cell in verdict.cells}
    if Status.WRONG in found:
        verdict.status = Status.WRONG
        count = sum(cell.status == Status.WRONG for cell in verdict.cells)
        verdict.sentence = ngettext(
            "Mend the cell that is marked and upload the workbook again.",
            "Mend the %(count)d cells that are marked and upload the workbook again.",
            count,
        ) % {"count": count}
    elif Status.CONFLICT in found:
        verdict.status = Status.CONFLICT
        verdict.sentence = _("The same cell was changed in the workbook and in Praja. Choose which of the two stays.")
    elif verdict.status != Status.NEW and Status.CHANGED in found:
        verdict.status = Status.CHANGED
