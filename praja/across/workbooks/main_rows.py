"""Rows that stand by themselves: those handed out, those written into free rows, and those typed below."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from praja.across.workbooks.candidates import Candidate, folded, repeated_in
from praja.across.workbooks.cells import compare, judge_together, mark_wrong, read_all, refuse, settle_status
from praja.across.workbooks.identities import Others, judge_repeated, refused_identity, uid_of_typed_row
from praja.across.workbooks.material import Above, Handed, Material, Work
from praja.across.workbooks.verdicts import RowVerdict, Status
from praja.foundation.sheets.entries import NUMBER, EntrySheet, Stored
from praja.foundation.sheets.models import Handout
from praja.foundation.sheets.values import REQUIRED
from praja.stages.innovations.workbook import ProblemsColumn


class MainRows:
    """The rows of one sheet of the file."""

    def __init__(self, material: Material, sheet: EntrySheet, candidates: list[Candidate]) -> None:
        self.material, self.sheet, self.candidates = material, sheet, candidates
        self._identify()
        self.repeated = repeated_in(candidates)
        self.others = Others(material, sheet)

    def verdicts(self) -> list[RowVerdict]:
        """A verdict for each row; the rows below find those above them afterwards."""
        above = self._know_above()
        self._tell_of_problems(above)
        verdicts = []
        for row in self.candidates:
            verdict = self._one(row)
            verdicts.append(verdict)
            if row.uid in above:
                above[row.uid].verdict = verdict
        return verdicts

    def _know_above(self) -> dict[UUID, Above]:
        """The rows that lines of other sheets may name: those handed out, free ones that were used, and those typed."""
        sheet, candidates = self.sheet, self.candidates
        handed, slots = self.material.handed[sheet.key], self.material.slots.get(sheet.key, {})
        wanted = {row.uid for row in candidates if row.uid} | handed.keys() | slots.keys()
        stored = self.material.stored[sheet.key] = self.material.load(sheet, wanted)
        above = self.material.above[sheet.key] = {}
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
        return above

    def _identify(self) -> None:
        """Give rows without an identity one that follows from what they say."""
        for row in self.candidates:
            if not row.claimed:
                words = "\x1f".join(folded(row.texts.get(key, "")) for key in (self.sheet.key_column, "organisation"))
                row.uid = uid_of_typed_row(self.material, self.sheet, words)

    def _one(self, row: Candidate) -> RowVerdict:
        material, sheet = self.material, self.sheet
        material.count()
        title, agency = row.texts.get(sheet.key_column, ""), row.texts.get("organisation", "")
        verdict = RowVerdict(sheet.key, str(sheet.title), row.number, Status.UNCHANGED, title, agency)
        handed = material.handed[sheet.key].get(row.uid) if row.uid else None
        stored = material.stored[sheet.key].get(row.uid) if row.uid else None
        if sentence := refused_identity(material, sheet, row, handed):
            return refuse(verdict, sentence)
        if (same := self.repeated.get(row.uid)) and (judged := judge_repeated(verdict, row, same)):  # type: ignore[arg-type]
            return judged
        return self._go_on(row, verdict, handed, stored)

    def _go_on(self, row: Candidate, verdict: RowVerdict, handed: Handed | None, stored: Stored | None) -> RowVerdict:
        sheet = self.sheet
        if stored is None and handed is not None and handed.values:
            return refuse(verdict, _("This row is no longer in this plan. Ask the coordinator where it went."))
        if stored is None:
            return self._judge_new(row, verdict)
        verdict.row_id = stored.pk
        if handed and (sentence := self.others.swapped(row, handed)):
            return refuse(verdict, sentence)
        work = Work(sheet, row.uid or stored.uid, stored, handed, number_text=row.number_text)
        compare(self.material, verdict, work, row)
        if verdict.cells and (sentence := self.material.may_not(sheet, stored)):
            verdict.cells.clear()
            return verdict if verdict.status == Status.UNCHANGED else refuse(verdict, sentence)
        verdict.work = work
        return verdict

    def _judge_new(self, row: Candidate, verdict: RowVerdict) -> RowVerdict:
        sheet = self.sheet
        verdict.status = Status.NEW
        work = Work(sheet, row.uid or UUID(int=0), None, None, texts=row.texts, number_text=row.number_text)
        self._preset(row)
        values = read_all(self.material, sheet, row, verdict, work)
        wrong = {cell.key for cell in verdict.cells if cell.status == Status.WRONG}
        agency = work.changes.get("organisation")
        verdict.agency = sheet.by_key["organisation"].text(agency) or verdict.agency
        if not wrong & {sheet.key_column, "organisation"} and (sentence := self.others.known_already(row, agency)):
            verdict.cells.clear()
            return refuse(verdict, sentence)
        judge_together(sheet, verdict, work, values, {}, set(sheet.sections))
        if agency is None and "organisation" not in wrong and not self.material.by.may(sheet.write, self.material.plan):
            mark_wrong(verdict, sheet.by_key["organisation"], str(REQUIRED), work)
        settle_status(verdict)
        verdict.work = work
        return verdict

    def _preset(self, row: Candidate) -> None:
        """A new row belongs to the one agency that its writer writes for, else to the one whose workbook it is."""
        if "organisation" in row.texts:
            return
        column: Any = self.sheet.by_key["organisation"]
        agencies = set(column.allowed)
        if self.material.handout is not None and self.material.handout.kind == Handout.Kind.AGENCY:
            agencies &= {self.material.handout.organisation_id}
        if len(agencies) == 1:
            row.cells["organisation"] = row.texts["organisation"] = column.text(agencies.pop())

    def _tell_of_problems(self, above: Mapping[UUID, Above]) -> None:
        """Innovations of the same workbook may answer problems that are new in it."""
        if self.sheet.key != "problems" or "innovations" not in self.material.sheets:
            return
        column = self.material.sheets["innovations"].by_key["problems"]
        assert isinstance(column, ProblemsColumn)
        handed = self.material.handed[self.sheet.key]
        for uid, one in above.items():
            if uid not in handed or not handed[uid].values:
                column.hear_of(one.number, uid, one.title, one.stored.pk if one.stored else None)
