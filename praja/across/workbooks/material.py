"""What the rows of a file are judged against, loaded once for all: what was handed out, what is stored, who may change it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from praja.across.workbooks.making import number_of_free_row
from praja.across.workbooks.recognising import Book
from praja.across.workbooks.verdicts import RowVerdict
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.entries import NUMBER, EntrySheet, Stored, chunks
from praja.foundation.sheets.models import HandedRow
from praja.foundation.sheets.values import Value, ValueProblem
from praja.foundation.workflow.changing import may_change

Report = Callable[[int, int, str], object]
CHUNK = 2_000


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


class Material:
    """One file beside what it came from; `above` and `stored` fill sheet by sheet, in the order of a workbook."""

    def __init__(
        self, plan: Plan, by: Any, sheets: Mapping[str, EntrySheet], book: Book, report: Report = lambda *_words: None
    ) -> None:
        self.plan, self.by, self.sheets, self.book, self.report = plan, by, sheets, book, report
        self.handout = book.handout
        self.total = sum(len(found.table.rows) for found in book.found.values())
        self.done = 0
        self.handed: dict[str, dict[UUID, Handed]] = {key: {} for key in sheets}
        self.slots: dict[str, dict[UUID, str]] = {}
        self.above: dict[str, dict[UUID, Above]] = {}
        self.stored: dict[str, dict[UUID, Stored]] = {}
        self.numbers: dict[str, set[str]] = {}
        self._rights: dict[tuple[str, str, str], str] = {}
        self._blank: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def load_handed(self) -> None:
        """The rows of the handout, and the free ones that it had."""
        if self.handout is None:
            return
        rows = HandedRow.objects.filter(handout=self.handout).order_by()
        for pk, sheet, uid, version, values, settled, locked in rows.values_list(
            "pk", "sheet", "uid", "version", "values", "settled", "locked"
        ).iterator(chunk_size=CHUNK):
            if sheet in self.handed:
                self.handed[sheet][uid] = Handed(pk, version, values, settled, locked)
                self.numbers.setdefault(sheet, set()).add(values.get(NUMBER, ""))
        for key in self.sheets:
            self.slots[key] = {
                self.handout.uid_of_free_row(key, slot): number_of_free_row(slot)
                for slot in range(1, int(self.handout.free.get(key, 0)) + 1)
            }

    def load(self, sheet: EntrySheet, uids: Iterable[UUID]) -> dict[UUID, Stored]:
        """The rows of a sheet that are stored, by their identity."""
        found: dict[UUID, Stored] = {}
        for chunk in chunks(uids, CHUNK):
            found |= sheet.load(sheet.model._default_manager.filter(plan=self.plan, uid__in=chunk))
        return found

    def may_not(self, sheet: EntrySheet, stored: Stored) -> str:
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

    def blank(self, sheet: EntrySheet) -> tuple[dict[str, Any], dict[str, Any]]:
        """What empty cells of a new row mean, as values and plain, for the columns that may be empty or are preset on the page."""
        if sheet.key not in self._blank:
            values, plain = {}, {}
            for column in sheet.columns:
                try:
                    values[column.key] = column.read(column.preset or None, {})
                except ValueProblem:
                    continue
                plain[column.key] = column.plain(values[column.key])
            self._blank[sheet.key] = values, plain
        return self._blank[sheet.key]

    def count(self) -> None:
        """Report one row more, now and then."""
        self.done += 1
        if self.done % 500 == 0:
            self.report(self.done, self.total, _("Row %(row)d of %(total)d") % {"row": self.done, "total": self.total})
