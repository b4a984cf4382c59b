"""What a workbook that came back would change: each cell against what was handed out and against what Praja says now."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.across.workbooks.making import entry_sheets, number_of_free_row
from praja.across.workbooks.recognising import Book, Found, known_names, recognise
from praja.across.workbooks.verdicts import CellVerdict, RowVerdict, Status, Verdicts
from praja.foundation.accounts.models import User
from praja.foundation.files.contents import Readable
from praja.foundation.plans.forms import CHANGES_HANDS
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.entries import (
    NUMBER,
    PARENT,
    ChildSheet,
    EntryColumn,
    EntrySheet,
    Stored,
    chunks,
    fits_a_cell,
)
from praja.foundation.sheets.models import HandedRow, Handout
from praja.foundation.sheets.reading import SheetError, read_tables
from praja.foundation.sheets.values import REQUIRED, Value, ValueProblem, normalised, text_of
from praja.foundation.workflow.changing import may_change
from praja.stages.innovations.workbook import ProblemsColumn

Report = Callable[[int, int, str], object]
CHUNK = 2_000
EMPTY: tuple[Any, ...] = ("", frozenset())
WHOLE = ("organisation", "dimension")  # what a row that was handed in may not lose


@dataclass(slots=True)
class Handed:
    """A row as it was handed out; `pk` is the key of its HandedRow."""

    pk: int
    version: int
    values: dict[str, str]
    settled: dict[str, list[str]]
    locked: list[str]


@dataclass(slots=True)
class Above:
    """A row of a main sheet, as the rows below it find it by its number or title."""

    uid: UUID
    number: str
    title: str
    stored: Stored | None
    verdict: RowVerdict | None = None


@dataclass(slots=True)
class Work:
    """What applying has to do with a row: plain values to write, and those that a person decides about.

    `texts`: what the file said in the cells that differ, to be remembered once they are dealt with.
    """

    sheet: EntrySheet
    uid: UUID
    stored: Stored | None
    handed: Handed | None
    changes: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    cells: dict[str, Value] = field(default_factory=dict)
    above: Above | None = None
    number_text: str = ""


@dataclass(slots=True)
class Candidate:
    """A row of the file that says something: its cells by key, its identity if it is one of ours."""

    number: int
    cells: dict[str, Value]
    texts: dict[str, str]
    number_text: str
    parent_text: str
    uid: UUID | None
    claimed: str  # what stands in the column of identities


def judge(file: Readable, filename: str, *, plan: Plan, by: Any, report: Report | None = None) -> Verdicts:
    """The verdict on every row of an open workbook; whatever it holds, the answer is sentences and never an error."""
    sheets = entry_sheets(plan, by)
    if not sheets:
        return Verdicts(refusal=_("You write for no agency of this plan, so that you cannot hand in a workbook."))
    try:
        tables, others = read_tables(file, filename, known=known_names(sheets.values()))
    except SheetError as problem:
        return Verdicts(refusal=str(problem))
    book = recognise(tables, others, sheets, plan=plan, by=by)
    verdicts = Verdicts(notes=book.notes, refusal=book.refusal, handout=book.handout, book=book)
    if not book.refusal:
        judging = Judging(plan, by, sheets, book, report or (lambda *_words: None))
        verdicts.rows = judging.rows()
        verdicts.notes += judging.notes
        verdicts.counts = Counter(row.status for row in verdicts.rows)
    return verdicts


def candidates_of(found: Found) -> Iterator[Candidate]:
    """The rows of a table that say something or carry an identity."""
    columns = [(place, column.key) for place, column in found.columns]
    for row in found.table.rows:
        texts: dict[str, str] = {}
        other: dict[str, Value] = {}  # numbers and dates; texts alone need no second list
        values = row.cells
        for place, key in columns:
            cell = values[place]
            if cell is None:
                continue
            if type(cell) is str:
                texts[key] = cell
            elif text := text_of(cell):
                texts[key], other[key] = text, cell
        cells: dict[str, Value] = {**texts, **other} if other else texts  # type: ignore[assignment]
        claimed = text_of(values[found.identity]) if found.identity is not None else ""
        number = text_of(values[found.number]).upper() if found.number is not None else ""
        parent = text_of(values[found.parent]) if found.parent is not None else ""
        if texts:  # a row emptied as a whole is a row that is not there
            yield Candidate(row.number, cells, texts, number, parent, _uid(claimed), claimed)


class Judging:
    """One judgement of one file; lists that all rows need are loaded once."""

    def __init__(
        self, plan: Plan, by: Any, sheets: Mapping[str, EntrySheet], book: Book, report: Report = lambda *_words: None
    ) -> None:
        self.plan, self.by, self.sheets, self.book, self.report = plan, by, sheets, book, report
        self.handout = book.handout
        self.notes: list[str] = []
        self.total = sum(len(found.table.rows) for found in book.found.values())
        self.done = 0
        self.handed: dict[str, dict[UUID, Handed]] = {key: {} for key in sheets}
        self.slots: dict[str, dict[UUID, str]] = {}
        self.above: dict[str, dict[UUID, Above]] = {}
        self.stored: dict[str, dict[UUID, Stored]] = {}
        self.seen: dict[str, set[UUID]] = {key: set() for key in sheets}
        self._numbers: dict[str, set[str]] = {}
        self._lines: dict[str, set[frozenset[tuple[str, str]]]] = {}
        self._rights: dict[tuple[str, str, str], str] = {}
        self._blank: dict[str, dict[str, Any]] = {}

    def rows(self) -> list[RowVerdict]:
        """The verdicts, sheet by sheet in the order of a workbook, rows as in the file."""
        self._load_handed()
        verdicts: list[RowVerdict] = []
        for key, sheet in self.sheets.items():
            candidates = list(candidates_of(self.book.found[key])) if key in self.book.found else []
            self.seen[key] = {row.uid for row in candidates if row.uid}
            if isinstance(sheet, ChildSheet):
                verdicts += self._judge_below(sheet, candidates)
            else:
                verdicts += self._judge_main(sheet, candidates)
        self._name_who_changed(verdicts)
        self._count_missing()
        return verdicts

    # --- what is there ------------------------------------------------------------------------------------------------

    def _load_handed(self) -> None:
        if self.handout is None:
            return
        rows = HandedRow.objects.filter(handout=self.handout).order_by()
        for pk, sheet, uid, version, values, settled, locked in rows.values_list(
            "pk", "sheet", "uid", "version", "values", "settled", "locked"
        ).iterator(chunk_size=CHUNK):
            if sheet in self.handed:
                self.handed[sheet][uid] = Handed(pk, version, values, settled, locked)
                self._numbers.setdefault(sheet, set()).add(values.get(NUMBER, ""))
        for key in self.sheets:
            self.slots[key] = {
                self.handout.uid_of_free_row(key, slot): number_of_free_row(slot)
                for slot in range(1, int(self.handout.free.get(key, 0)) + 1)
            }

    def _load(self, sheet: EntrySheet, uids: Iterable[UUID]) -> dict[UUID, Stored]:
        found: dict[UUID, Stored] = {}
        for chunk in chunks(uids, CHUNK):
            found |= sheet.load(sheet.model._default_manager.filter(plan=self.plan, uid__in=chunk))
        return found

    # --- rows that stand by themselves --------------------------------------------------------------------------------

    def _judge_main(self, sheet: EntrySheet, candidates: list[Candidate]) -> list[RowVerdict]:
        self._identify(sheet, candidates)
        handed, slots = self.handed[sheet.key], self.slots.get(sheet.key, {})
        wanted = {row.uid for row in candidates if row.uid} | handed.keys() | slots.keys()
        stored = self.stored[sheet.key] = self._load(sheet, wanted)
        above = self.above[sheet.key] = {}
        for uid, one in handed.items():
            if NUMBER in one.values:
                title = one.values.get(sheet.key_column, "")
                above[uid] = Above(uid, one.values[NUMBER], title, stored.get(uid))
        for uid, number in slots.items():
            if uid in stored:
                above[uid] = Above(uid, number, str(stored[uid].values[sheet.key_column]), stored[uid])
        for row in candidates:
            if row.uid and row.uid not in above and (row.uid in stored or not row.claimed or row.uid in slots):
                title = row.texts.get(sheet.key_column, "")
                above[row.uid] = Above(row.uid, slots.get(row.uid, ""), title, stored.get(row.uid))
        self._tell_of_problems(sheet, above)
        others = _Others(self, sheet, candidates)
        repeated = _repeated(candidates)
        verdicts = []
        for row in candidates:
            verdict = self._one(sheet, row, repeated, others)
            if verdict is None:
                continue
            verdicts.append(verdict)
            if row.uid in above:
                above[row.uid].verdict = verdict
        return verdicts

    def _identify(self, sheet: EntrySheet, candidates: list[Candidate]) -> None:
        """Give rows without an identity one that follows from what they say."""
        for row in candidates:
            if not row.claimed:
                words = "\x1f".join(_folded(row.texts.get(key, "")) for key in (sheet.key_column, "organisation"))
                row.uid = self._uid_of_typed_row(sheet, words)

    def _uid_of_typed_row(self, sheet: EntrySheet, words: str) -> UUID:
        if self.handout is not None:
            return self.handout.uid_of_typed_row(sheet.key, words)
        return uuid5(self.plan.uid, f"{sheet.key}={words}")

    def _one(
        self, sheet: EntrySheet, row: Candidate, repeated: "Mapping[UUID, Repeated]", others: "_Others"
    ) -> RowVerdict | None:
        self._count()
        title, agency = row.texts.get(sheet.key_column, ""), row.texts.get("organisation", "")
        verdict = RowVerdict(sheet.key, str(sheet.title), row.number, Status.UNCHANGED, title, agency)
        handed = self.handed[sheet.key].get(row.uid) if row.uid else None
        stored = self.stored[sheet.key].get(row.uid) if row.uid else None
        if sentence := self._refused_identity(sheet, row, handed):
            return _refuse(verdict, sentence)
        if same := repeated.get(row.uid):  # type: ignore[arg-type]
            return self._judge_repeated(verdict, row, same) or self._go_on(sheet, row, verdict, handed, stored, others)
        return self._go_on(sheet, row, verdict, handed, stored, others)

    def _go_on(
        self,
        sheet: EntrySheet,
        row: Candidate,
        verdict: RowVerdict,
        handed: Handed | None,
        stored: Stored | None,
        others: "_Others",
    ) -> RowVerdict:
        if stored is None and handed is not None and handed.values:
            return _refuse(verdict, _("This row is no longer in this plan. Ask the coordinator where it went."))
        if stored is None:
            return self._judge_new(sheet, row, verdict, others)
        verdict.row_id = stored.pk
        if handed and (sentence := others.swapped(row, handed)):
            return _refuse(verdict, sentence)
        work = Work(sheet, row.uid or stored.uid, stored, handed, number_text=row.number_text)
        self._compare(verdict, work, row)
        if verdict.cells and (sentence := self._may_not(sheet, stored)):
            verdict.cells.clear()
            return verdict if verdict.status == Status.UNCHANGED else _refuse(verdict, sentence)
        verdict.work = work
        return verdict

    def _refused_identity(self, sheet: EntrySheet, row: Candidate, handed: Handed | None) -> str:
        """Why the identity of a row is not believed; "" when it is."""
        if not row.claimed:
            if row.number_text and row.number_text in self._numbers.get(sheet.key, ()) and handed is None:
                return _(
                    "The hidden identity of No. %(number)s was lost. Copy what you changed into a newly downloaded workbook."
                ) % {"number": row.number_text[:20]}
            return ""
        slot = self.slots.get(sheet.key, {}).get(row.uid) if row.uid else None
        if row.uid is None or (handed is None and slot is None):
            return _(
                "The hidden identity of this row is not one of this workbook. Copy the row into a free row of a newly "
                "downloaded workbook."
            )
        expected = slot or (handed.values.get(NUMBER, "") if handed else "")
        if row.number_text and expected and row.number_text != expected:
            return _(
                "The number of this row and its hidden identity (No. %(number)s) do not belong together. Copy what you "
                "changed into a newly downloaded workbook."
            ) % {"number": expected}
        return ""

    def _judge_repeated(self, verdict: RowVerdict, row: Candidate, same: "Repeated") -> RowVerdict | None:
        """A row that stands twice alike counts once; twice differently, a person has to decide."""
        if same.is_alike and row is same.rows[0]:
            return None
        if same.is_alike:
            verdict.sentence = _("The same as row %(number)d.") % {"number": same.rows[0].number}
            return verdict
        numbers = ", ".join(str(one.number) for one in same.rows)
        return _refuse(
            verdict,
            _("The same row stands several times and says different things (rows %(numbers)s). Keep one of them.")
            % {"numbers": numbers},
        )

    # --- new rows -----------------------------------------------------------------------------------------------------

    def _judge_new(self, sheet: EntrySheet, row: Candidate, verdict: RowVerdict, others: "_Others") -> RowVerdict:
        verdict.status = Status.NEW
        work = Work(sheet, row.uid or UUID(int=0), None, None, texts=row.texts, number_text=row.number_text)
        self._preset(sheet, row)
        values = self._read_all(sheet, row, verdict, work)
        wrong = {cell.key for cell in verdict.cells if cell.status == Status.WRONG}
        agency = work.changes.get("organisation")
        verdict.agency = sheet.by_key["organisation"].text(agency) or verdict.agency
        if not wrong & {sheet.key_column, "organisation"} and (sentence := others.known_already(row, agency)):
            verdict.cells.clear()
            return _refuse(verdict, sentence)
        self._judge_together(sheet, verdict, work, values, {}, set(sheet.sections))
        if agency is None and "organisation" not in wrong and not self.by.may(sheet.write, self.plan):
            _wrong(verdict, sheet.by_key["organisation"], str(REQUIRED), work)
        _settle_status(verdict)
        verdict.work = work
        return verdict

    def _preset(self, sheet: EntrySheet, row: Candidate) -> None:
        """A new row belongs to the one agency that its writer writes for, else to the one whose workbook it is."""
        if "organisation" in row.texts:
            return
        column: Any = sheet.by_key["organisation"]
        agencies = set(column.allowed)
        if self.handout is not None and self.handout.kind == Handout.Kind.AGENCY:
            agencies &= {self.handout.organisation_id}
        if len(agencies) == 1:
            row.cells["organisation"] = row.texts["organisation"] = column.text(agencies.pop())

    def _read_all(self, sheet: EntrySheet, row: Candidate, verdict: RowVerdict, work: Work) -> dict[str, Any]:
        """Every value of a new row as the form gives it; what is wrong stands in the verdict."""
        values = dict(self._blank_values(sheet))
        blank = dict(self._blank[f"{sheet.key} plain"])
        for column in sheet.columns:
            key = column.key
            cell = row.cells.get(key)
            if cell is None and key in blank:
                continue
            try:
                values[key] = column.read(cell, row.cells)
            except ValueProblem as problem:
                values.pop(key, None)
                _wrong(verdict, column, str(problem), work, mine=row.texts.get(key, ""))
                continue
            blank[key] = column.plain(values[key])
            if cell is not None:
                verdict.cells.append(CellVerdict(key, column.title, "", row.texts[key], "", Status.CHANGED))
        # An empty value is what a new row has anyway.
        work.changes = {key: plain for key, plain in blank.items() if plain is not None and plain not in EMPTY}
        return values

    def _blank_values(self, sheet: EntrySheet) -> dict[str, Any]:
        """What empty cells of a new row mean, for the columns that may be empty or are preset on the page."""
        if sheet.key not in self._blank:
            values, plain = {}, {}
            for column in sheet.columns:
                try:
                    values[column.key] = column.read(column.preset or None, {})
                except ValueProblem:
                    continue
                plain[column.key] = column.plain(values[column.key])
            self._blank[sheet.key], self._blank[f"{sheet.key} plain"] = values, plain
        return self._blank[sheet.key]

    # --- rows that are there ------------------------------------------------------------------------------------------

    def _compare(self, verdict: RowVerdict, work: Work, row: Candidate) -> None:
        """Three ways, cell by cell: what was handed out, what the file says, what Praja says now."""
        sheet, stored, handed = work.sheet, work.stored, work.handed
        assert stored is not None
        base = handed.values if handed else {}
        settled = handed.settled if handed else {}
        locked = handed.locked if handed else ()
        values = stored.values
        texts = row.texts
        differing = {key for key, text in texts.items() if base.get(key) != text} | (base.keys() - texts.keys())
        for _place, column in self.book.found[sheet.key].columns if differing else ():
            key = column.key
            if key not in differing:
                continue
            mine, was, plain = texts.get(key, ""), base.get(key, ""), values[key]
            theirs = column.text(plain)
            if mine == theirs:
                continue
            if mine in settled.get(key, ()):
                sentence = _("An upload of this workbook said so before. What Praja says since then stays.")
                verdict.cells.append(CellVerdict(key, column.title, was, mine, theirs, Status.UNCHANGED, sentence))
                continue
            if key in locked or not fits_a_cell(theirs):
                _wrong(
                    verdict,
                    column,
                    _("A workbook cannot hold the whole of this text. Change it on its page."),
                    work,
                    mine=mine,
                )
                continue
            try:
                new = column.plain(column.read(row.cells.get(key), row.cells))
            except ValueProblem as problem:
                _wrong(verdict, column, str(problem), work, was, mine, theirs)
                continue
            if new is None and key in WHOLE and not sheet.is_child and not stored.is_with_the_agency:
                _wrong(verdict, column, str(column.field.error_messages["required"]), work, was, mine, theirs)
                continue
            if new == plain:
                continue
            if key == "organisation" and plain is not None and not sheet.is_child and sheet.changes_hands:
                _wrong(verdict, column, str(CHANGES_HANDS), work, was, mine, theirs)
                continue
            status = Status.CHANGED if was == theirs else _both_changed(column, was, base, new, plain)
            if status is None:
                continue
            work.texts[key] = mine
            (work.changes if status == Status.CHANGED else work.conflicts)[key] = new
            verdict.cells.append(CellVerdict(key, column.title, was, mine, theirs, status))
        if work.changes:
            self._judge_merged(verdict, work)
        _settle_status(verdict)

    def _judge_merged(self, verdict: RowVerdict, work: Work) -> None:
        """Judge the row as it would be, in the pages of the form that change, as the page does."""
        sheet, stored = work.sheet, work.stored
        merged = {**(stored.values if stored else {}), **work.changes}
        sections = {sheet.by_key[key].section for key in work.changes}
        values = {
            column.key: column.value(merged[column.key]) for column in sheet.columns if column.section in sections
        }
        for cell in verdict.cells:
            if cell.status == Status.WRONG:
                values.pop(cell.key, None)
        self._judge_together(sheet, verdict, work, values, stored.values if stored else {}, sections)

    def _judge_together(
        self,
        sheet: EntrySheet,
        verdict: RowVerdict,
        work: Work,
        values: dict[str, Any],
        stored: Mapping[str, Any],
        sections: set[str],
    ) -> None:
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
                _wrong(verdict, column, sentence, work)
        for key, sentence in sheet.wrong_together(values, sections).items():
            _wrong(verdict, sheet.by_key[key], sentence, work, theirs=_theirs(sheet.by_key[key], stored))

    # --- rows below ---------------------------------------------------------------------------------------------------

    def _judge_below(self, sheet: ChildSheet, candidates: list[Candidate]) -> list[RowVerdict]:
        for row in candidates:
            if not row.claimed:
                words = "\x1f".join([row.parent_text, *(f"{key}:{text}" for key, text in sorted(row.texts.items()))])
                row.uid = self._uid_of_typed_row(sheet, words)
        below = _Below(sheet, self.above.get(sheet.parent.key, {}).values(), candidates)
        self.stored[sheet.key] = below.lines
        return [self._one_below(sheet, row, below) for row in candidates]

    def _one_below(self, sheet: ChildSheet, row: Candidate, below: "_Below") -> RowVerdict:
        self._count()
        title = row.texts.get(sheet.key_column, "")
        verdict = RowVerdict(sheet.key, str(sheet.title), row.number, Status.UNCHANGED, title, "")
        handed = self.handed[sheet.key].get(row.uid) if row.uid else None
        line = below.lines.get(row.uid) if row.uid else None
        parent = below.parent_of(row, handed, line)
        if parent is not None:
            verdict.title = f"{parent.title}: {title}" if title else parent.title
            verdict.agency = self._agency_of(sheet.parent, parent)
        if sentence := self._refused_identity(sheet, row, handed):
            return _refuse(verdict, sentence)
        if (same := below.repeated.get(row.uid)) and (judged := self._judge_repeated(verdict, row, same)):  # type: ignore[arg-type]
            return judged
        if line is not None:
            return self._judge_line(sheet, row, verdict, handed, line, parent)
        if handed is not None and handed.values:
            if row.texts == {key: text for key, text in handed.values.items() if key not in (NUMBER, PARENT)}:
                return verdict
            elsewhere = sheet.refused_below(parent.stored, {}) if parent is not None and parent.stored else ""
            return _refuse(
                verdict,
                elsewhere
                or _(
                    "This line was taken away on the page since the workbook was handed out. Write it as a new line if it "
                    "is wanted."
                ),
            )
        self._judge_new_line(sheet, row, verdict, parent)
        if verdict.status == Status.NEW and parent is not None and below.is_one_too_many(parent):
            sentence = _("At most %(most)d lines fit below one row.") % {"most": sheet.most}
            _wrong(verdict, sheet.by_key[sheet.key_column], sentence, verdict.work)
            _settle_status(verdict)
        return verdict

    def _judge_line(
        self,
        sheet: ChildSheet,
        row: Candidate,
        verdict: RowVerdict,
        handed: Handed | None,
        line: Stored,
        parent: Above | None,
    ) -> RowVerdict:
        verdict.row_id = line.pk
        work = Work(sheet, line.uid, line, handed, above=parent, number_text=row.number_text)
        self._compare(verdict, work, row)
        was = handed.values.get(PARENT, "") if handed else ""
        if was and row.parent_text and row.parent_text.strip().upper() != was.upper():
            sentence = _("A line stays with its row, No. %(number)s. Write it as a new line to have it elsewhere.") % {
                "number": was
            }
            verdict.cells.append(
                CellVerdict(PARENT, str(sheet.parent_title), was, row.parent_text[:100], was, Status.WRONG, sentence)
            )
            _settle_status(verdict)
        if verdict.cells:
            if parent is None or parent.stored is None:
                sentence = _("The row above this line is gone.")
            else:
                sentence = self._may_not(sheet, parent.stored)
                sentence = sentence or sheet.refused_below(parent.stored, {**line.values, **work.changes})
            if sentence:
                verdict.cells.clear()
                return verdict if verdict.status == Status.UNCHANGED else _refuse(verdict, sentence)
        verdict.work = work
        return verdict

    def _judge_new_line(self, sheet: ChildSheet, row: Candidate, verdict: RowVerdict, parent: Above | None) -> None:
        work = Work(
            sheet, row.uid or UUID(int=0), None, None, texts=row.texts, above=parent, number_text=row.number_text
        )
        above = parent.stored if parent is not None else None
        if above is not None and (sentence := self._may_not(sheet, above)):
            _refuse(verdict, sentence)
            return
        if not row.claimed and self._is_a_handed_line(sheet, row):
            _refuse(
                verdict,
                _(
                    "This line is in the workbook already and has lost its hidden identity. Copy what you changed into a newly downloaded workbook."
                ),
            )
            return
        verdict.status = Status.NEW
        values = self._read_all(sheet, row, verdict, work)
        if parent is None:
            sentence = (
                _(
                    "No row of this workbook has the number or title “%(text)s”. Write its number, for example 1234 or B1."
                )
                % {"text": row.parent_text[:60]}
                if row.parent_text
                else str(REQUIRED)
            )
            title = str(sheet.parent_title)
            verdict.cells.append(CellVerdict(PARENT, title, "", row.parent_text[:100], "", Status.WRONG, sentence))
        self._judge_together(sheet, verdict, work, values, {}, set(sheet.sections))
        _settle_status(verdict)
        if (
            verdict.status == Status.NEW
            and above is not None
            and (sentence := sheet.refused_below(above, work.changes))
        ):
            _refuse(verdict, sentence)
            return
        verdict.work = work

    def _is_a_handed_line(self, sheet: ChildSheet, row: Candidate) -> bool:
        if sheet.key not in self._lines:
            self._lines[sheet.key] = {
                frozenset((key, text) for key, text in handed.values.items() if key != NUMBER)
                for handed in self.handed[sheet.key].values()
            }
        return frozenset({**row.texts, PARENT: row.parent_text.strip().upper()}.items()) in self._lines[sheet.key]

    def _agency_of(self, sheet: EntrySheet, above: Above) -> str:
        if above.stored is not None:
            return sheet.by_key["organisation"].text(above.stored.values["organisation"])
        return above.verdict.agency if above.verdict else ""

    # --- rights, words, counting --------------------------------------------------------------------------------------

    def _may_not(self, sheet: EntrySheet, stored: Stored) -> str:
        """Why this person may not change a row; "" when they may."""
        if stored.withdrawn_at is not None:
            return _("This row was withdrawn from the plan and rests. Bring it back on its page first.")
        asked = (sheet.write.value, stored.organisation_path, stored.state)
        if asked not in self._rights:
            self._rights[asked] = self._sentence_of_rights(sheet, stored)
        return self._rights[asked]

    def _sentence_of_rights(self, sheet: EntrySheet, stored: Stored) -> str:
        if may_change(stored, self.by, write=sheet.write, accept=sheet.accept):
            return ""
        if not self.by.may(sheet.write, stored):
            return _("This row belongs to an agency for which you do not write. Nothing of it was changed.")
        return str(sheet.at_rest) or _(
            "This row was handed in and is not with the agency. Ask the coordinator to return it, or take it back on its "
            "page, and upload the workbook again."
        )

    def _tell_of_problems(self, sheet: EntrySheet, above: Mapping[UUID, Above]) -> None:
        """Innovations of the same workbook may answer problems that are new in it."""
        if sheet.key != "problems" or "innovations" not in self.sheets:
            return
        column = self.sheets["innovations"].by_key["problems"]
        assert isinstance(column, ProblemsColumn)
        handed = self.handed[sheet.key]
        for uid, one in above.items():
            if uid not in handed or not handed[uid].values:
                column.hear_of(one.number, uid, one.title, one.stored.pk if one.stored else None)

    def _count(self) -> None:
        self.done += 1
        if self.done % 500 == 0:
            self.report(self.done, self.total, _("Row %(row)d of %(total)d") % {"row": self.done, "total": self.total})

    def _name_who_changed(self, verdicts: Iterable[RowVerdict]) -> None:
        moved = [
            (verdict, verdict.work.stored) for verdict in verdicts if verdict.status == Status.CONFLICT and verdict.work
        ]
        keys = {stored.updated_by for _verdict, stored in moved if stored.updated_by}
        people = {user.pk: str(user) for user in User.objects.filter(pk__in=keys).select_related("person")}
        for verdict, stored in moved:
            verdict.changed_at = stored.updated_at
            verdict.changed_by = people.get(stored.updated_by, "")

    def _count_missing(self) -> None:
        """Say which rows of the handout are not in the file: nothing is deleted for that."""
        for key, sheet in self.sheets.items():
            handed = {uid for uid, one in self.handed[key].items() if one.values}
            if not handed:
                continue
            if key not in self.book.found:
                self.notes.append(
                    _("The sheet “%(title)s” is not in the file. What Praja says there stays.") % {"title": sheet.title}
                )
            elif missing := len(handed - self.seen[key]):
                self.notes.append(
                    ngettext(
                        "%(title)s: %(count)d row of the workbook is not in the file. It stays in Praja as it is.",
                        "%(title)s: %(count)d rows of the workbook are not in the file. They stay in Praja as they are.",
                        missing,
                    )
                    % {"title": sheet.title, "count": missing}
                )


class _Below:
    """The lines below the rows of a sheet, and how a line of the file finds the row above it."""

    def __init__(self, sheet: ChildSheet, above: Iterable[Above], candidates: list[Candidate]) -> None:
        self.sheet, rows = sheet, list(above)
        self.by_number = {one.number.upper(): one for one in rows if one.number}
        self.by_title = _by_title(rows)
        self.parents = {one.stored.pk: one for one in rows if one.stored}
        found = sheet.load_below(self.parents) if candidates else {}
        self.lines = {line.uid: line for lines in found.values() for line in lines}
        self.repeated = _repeated(candidates)
        self._counts = Counter({self.parents[pk].uid: len(lines) for pk, lines in found.items()})

    def parent_of(self, row: Candidate, handed: Handed | None, line: Stored | None) -> Above | None:
        """The row above: where the line is stored, else where it was handed out, else what the file says."""
        if line is not None and line.parent in self.parents:
            return self.parents[line.parent]
        said = (handed.values.get(PARENT, "") if handed else "") or row.parent_text
        return self.by_number.get(said.strip().upper()) or self.by_title.get(normalised(said))

    def is_one_too_many(self, parent: Above) -> bool:
        """Count one more line below a row, and whether that is more than fit."""
        self._counts[parent.uid] += 1
        return self._counts[parent.uid] > self.sheet.most


class _Others:
    """The other rows of a sheet, in the file, in the handout and in the plan: what a row may not be mistaken for."""

    def __init__(self, judging: Judging, sheet: EntrySheet, candidates: list[Candidate]) -> None:
        self.judging, self.sheet = judging, sheet
        self.handed_titles = {
            _folded(one.values[sheet.key_column]): uid
            for uid, one in judging.handed[sheet.key].items()
            if sheet.key_column in one.values
        }
        self.handed_pairs = {
            (_folded(one.values.get(sheet.key_column, "")), _folded(one.values.get("organisation", "")))
            for one in judging.handed[sheet.key].values()
            if one.values
        }
        self._in_file: dict[tuple[str, Any], int] = {}
        self._in_plan: dict[tuple[str, Any], int] | None = None
        del candidates

    def swapped(self, row: Candidate, handed: Handed) -> str:
        """Whether a row carries the identity of one row and the title of another, as after sorting some columns only."""
        said = _folded(row.texts.get(self.sheet.key_column, ""))
        own = _folded(handed.values.get(self.sheet.key_column, ""))
        if not own or said == own or said not in self.handed_titles:
            return ""
        return _(
            "This row has the identity of “%(own)s” and the title of “%(other)s”, as if only some columns had been sorted. "
            "Copy what you changed into a newly downloaded workbook."
        ) % {"own": handed.values[self.sheet.key_column][:80], "other": row.texts[self.sheet.key_column][:80]}

    def known_already(self, row: Candidate, agency: Any) -> str:
        """Why a new row is not new: the same title and agency were handed out, are in the plan, or stand above it."""
        title = row.texts.get(self.sheet.key_column, "")
        pair = (_folded(title), agency)
        words = {"title": title[:80]}
        if not row.claimed and (_folded(title), _folded(row.texts.get("organisation", ""))) in self.handed_pairs:
            return (
                _(
                    "“%(title)s” is in the workbook already and has lost its hidden identity. Copy what you changed into a newly "
                    "downloaded workbook."
                )
                % words
            )
        if pair in self.in_plan:
            return (
                _(
                    "Praja has “%(title)s” of this agency already, not from this workbook. Change it on its page or in a newly "
                    "downloaded workbook, or give this row another title."
                )
                % words
            )
        if pair in self._in_file:
            return _("Row %(number)d has the same title and agency. Put both into one row, or change a title.") % {
                "number": self._in_file[pair]
            }
        self._in_file[pair] = row.number
        return ""

    @property
    def in_plan(self) -> Mapping[tuple[str, Any], int]:
        """{(title, key of the agency): key} of the rows in service, loaded when the first new row asks."""
        if self._in_plan is None:
            rows: models.QuerySet[Any] = self.sheet.model._default_manager.filter(
                plan=self.judging.plan, withdrawn_at=None
            )
            self._in_plan = {
                (_folded(title), agency): pk
                for title, agency, pk in rows.order_by().values_list(self.sheet.key_column, "organisation_id", "pk")
            }
        return self._in_plan


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _folded(text: str) -> str:
    """The text for telling rows apart: case and spaces do not matter."""
    return " ".join(text.casefold().split())


class Repeated(NamedTuple):
    """The rows with one identity, and whether they say the same."""

    rows: list[Candidate]
    is_alike: bool


def _repeated(candidates: Iterable[Candidate]) -> dict[UUID, Repeated]:
    """The rows whose identity stands more than once."""
    found: dict[UUID, list[Candidate]] = {}
    for row in candidates:
        if row.uid is not None and row.texts:
            found.setdefault(row.uid, []).append(row)
    return {
        uid: Repeated(
            rows, all((one.texts, one.parent_text) == (rows[0].texts, rows[0].parent_text) for one in rows[1:])
        )
        for uid, rows in found.items()
        if len(rows) > 1
    }


def _by_title(rows: Iterable[Above]) -> dict[str, Above]:
    """The rows by their titles, those with a title of their own only."""
    named: dict[str, list[Above]] = {}
    for one in rows:
        if one.title:
            named.setdefault(normalised(one.title), []).append(one)
    return {title: found[0] for title, found in named.items() if len(found) == 1}


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


def _refuse(verdict: RowVerdict, sentence: str) -> RowVerdict:
    verdict.status, verdict.sentence, verdict.work = Status.REFUSED, sentence, None
    return verdict


def _wrong(
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


def _settle_status(verdict: RowVerdict) -> None:
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
