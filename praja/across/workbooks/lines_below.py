"""Lines below the rows of another sheet: causes, budget lines, indicators, partners."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _

from praja.across.workbooks.candidates import Candidate, repeated_in
from praja.across.workbooks.cells import compare, judge_together, mark_wrong, read_all, refuse, settle_status
from praja.across.workbooks.identities import judge_repeated, refused_identity, uid_of_typed_row
from praja.across.workbooks.material import Above, Handed, Material, Work
from praja.across.workbooks.verdicts import CellVerdict, RowVerdict, Status
from praja.foundation.sheets.entries import NUMBER, PARENT, ChildSheet, Stored
from praja.foundation.sheets.values import REQUIRED, normalised


class LinesBelow:
    """The lines of one sheet of the file."""

    def __init__(self, material: Material, sheet: ChildSheet, candidates: list[Candidate]) -> None:
        self.material, self.sheet, self.candidates = material, sheet, candidates
        for row in candidates:
            if not row.claimed:
                words = "\x1f".join([row.parent_text, *(f"{key}:{text}" for key, text in sorted(row.texts.items()))])
                row.uid = uid_of_typed_row(material, sheet, words)
        self.below = Below(sheet, material.above.get(sheet.parent.key, {}).values(), candidates)
        material.stored[sheet.key] = self.below.lines

    def verdicts(self) -> list[RowVerdict]:
        """A verdict for each line."""
        return [self._one(row) for row in self.candidates]

    def _one(self, row: Candidate) -> RowVerdict:
        sheet, below = self.sheet, self.below
        self.material.count()
        title = row.texts.get(sheet.key_column, "")
        verdict = RowVerdict(sheet.key, str(sheet.title), row.number, Status.UNCHANGED, title, "")
        handed = self.material.handed[sheet.key].get(row.uid) if row.uid else None
        line = below.lines.get(row.uid) if row.uid else None
        parent = below.parent_of(row, handed, line)
        if parent is not None:
            verdict.title = f"{parent.title}: {title}" if title else parent.title
            verdict.agency = self._agency_of(parent)
        if sentence := refused_identity(self.material, sheet, row, handed):
            return refuse(verdict, sentence)
        if (same := below.repeated.get(row.uid)) and (judged := judge_repeated(verdict, row, same)):  # type: ignore[arg-type]
            return judged
        if line is not None:
            return self._judge_line(row, verdict, handed, line, parent)
        if handed is not None and handed.values:
            if row.texts == {key: text for key, text in handed.values.items() if key not in (NUMBER, PARENT)}:
                return verdict
            elsewhere = sheet.refused_below(parent.stored, {}) if parent is not None and parent.stored else ""
            return refuse(
                verdict,
                elsewhere
                or _(
                    "This line was taken away on the page since the workbook was handed out. Write it as a new line if it "
                    "is wanted."
                ),
            )
        self._judge_new_line(row, verdict, parent)
        if verdict.status == Status.NEW and parent is not None and below.is_one_too_many(parent):
            sentence = _("At most %(most)d lines fit below one row.") % {"most": sheet.most}
            mark_wrong(verdict, sheet.by_key[sheet.key_column], sentence, verdict.work)
            settle_status(verdict)
        return verdict

    def _judge_line(
        self, row: Candidate, verdict: RowVerdict, handed: Handed | None, line: Stored, parent: Above | None
    ) -> RowVerdict:
        sheet = self.sheet
        verdict.row_id = line.pk
        work = Work(sheet, line.uid, line, handed, above=parent, number_text=row.number_text)
        compare(self.material, verdict, work, row)
        was = handed.values.get(PARENT, "") if handed else ""
        if was and row.parent_text and row.parent_text.strip().upper() != was.upper():
            sentence = _("A line stays with its row, No. %(number)s. Write it as a new line to have it elsewhere.") % {
                "number": was
            }
            verdict.cells.append(
                CellVerdict(PARENT, str(sheet.parent_title), was, row.parent_text[:100], was, Status.WRONG, sentence)
            )
            settle_status(verdict)
        if verdict.cells:
            if parent is None or parent.stored is None:
                sentence = _("The row above this line is gone.")
            else:
                sentence = self.material.may_not(sheet, parent.stored)
                sentence = sentence or sheet.refused_below(parent.stored, {**line.values, **work.changes})
            if sentence:
                verdict.cells.clear()
                return verdict if verdict.status == Status.UNCHANGED else refuse(verdict, sentence)
        verdict.work = work
        return verdict

    def _judge_new_line(self, row: Candidate, verdict: RowVerdict, parent: Above | None) -> None:
        sheet = self.sheet
        work = Work(
            sheet, row.uid or UUID(int=0), None, None, texts=row.texts, above=parent, number_text=row.number_text
        )
        above = parent.stored if parent is not None else None
        if above is not None and (sentence := self.material.may_not(sheet, above)):
            refuse(verdict, sentence)
            return
        if not row.claimed and self._is_a_handed_line(row):
            refuse(
                verdict,
                _(
                    "This line is in the workbook already and has lost its hidden identity. Copy what you changed into a newly downloaded workbook."
                ),
            )
            return
        verdict.status = Status.NEW
        values = read_all(self.material, sheet, row, verdict, work)
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
        judge_together(sheet, verdict, work, values, {}, set(sheet.sections))
        settle_status(verdict)
        if (
            verdict.status == Status.NEW
            and above is not None
            and (sentence := sheet.refused_below(above, work.changes))
        ):
            refuse(verdict, sentence)
            return
        verdict.work = work

    def _is_a_handed_line(self, row: Candidate) -> bool:
        return frozenset({**row.texts, PARENT: row.parent_text.strip().upper()}.items()) in self._handed_lines

    @cached_property
    def _handed_lines(self) -> set[frozenset[tuple[str, str]]]:
        return {
            frozenset((key, text) for key, text in handed.values.items() if key != NUMBER)
            for handed in self.material.handed[self.sheet.key].values()
        }

    def _agency_of(self, above: Above) -> str:
        if above.stored is not None:
            return self.sheet.parent.by_key["organisation"].text(above.stored.values["organisation"])
        return above.verdict.agency if above.verdict else ""


class Below:
    """The lines below the rows of a sheet, and how a line of the file finds the row above it."""

    def __init__(self, sheet: ChildSheet, above: Iterable[Above], candidates: list[Candidate]) -> None:
        self.sheet, rows = sheet, list(above)
        self.by_number = {one.number.upper(): one for one in rows if one.number}
        self.by_title = by_title(rows)
        self.parents = {one.stored.pk: one for one in rows if one.stored}
        found = sheet.load_below(self.parents) if candidates else {}
        self.lines = {line.uid: line for lines in found.values() for line in lines}
        self.repeated = repeated_in(candidates)
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


def by_title(rows: Iterable[Above]) -> dict[str, Above]:
    """The rows by their titles, those with a title of their own only."""
    named: dict[str, list[Above]] = {}
    for one in rows:
        if one.title:
            named.setdefault(normalised(one.title), []).append(one)
    return {title: found[0] for title, found in named.items() if len(found) == 1}
