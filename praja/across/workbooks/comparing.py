"""What a workbook that came back would change: each cell against what was handed out and against what Praja says now."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.across.workbooks.candidates import candidates_of
from praja.across.workbooks.lines_below import LinesBelow
from praja.across.workbooks.main_rows import MainRows
from praja.across.workbooks.making import entry_sheets
from praja.across.workbooks.material import Material, Report
from praja.across.workbooks.recognising import Book, known_names, recognise
from praja.across.workbooks.verdicts import RowVerdict, Status, Verdicts
from praja.foundation.accounts.models import User
from praja.foundation.files.contents import Readable
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.entries import ChildSheet, EntrySheet
from praja.foundation.sheets.reading import SheetError, read_tables


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


class Judging:
    """One judgement of one file."""

    def __init__(
        self, plan: Plan, by: Any, sheets: Mapping[str, EntrySheet], book: Book, report: Report = lambda *_words: None
    ) -> None:
        self.material = Material(plan, by, sheets, book, report)
        self.notes: list[str] = []
        self.seen: dict[str, set[UUID]] = {key: set() for key in sheets}

    def rows(self) -> list[RowVerdict]:
        """The verdicts, sheet by sheet in the order of a workbook, rows as in the file."""
        material = self.material
        material.load_handed()
        verdicts: list[RowVerdict] = []
        for key, sheet in material.sheets.items():
            candidates = list(candidates_of(material.book.found[key])) if key in material.book.found else []
            self.seen[key] = {row.uid for row in candidates if row.uid}
            rows: LinesBelow | MainRows
            if isinstance(sheet, ChildSheet):
                rows = LinesBelow(material, sheet, candidates)
            else:
                rows = MainRows(material, sheet, candidates)
            verdicts += rows.verdicts()
        self._name_who_changed(verdicts)
        self._count_missing()
        return verdicts

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
        for key, sheet in self.material.sheets.items():
            handed = {uid for uid, one in self.material.handed[key].items() if one.values}
            if not handed:
                continue
            if key not in self.material.book.found:
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
