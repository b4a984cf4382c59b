"""What a file of SWOT items and gaps that comes back would change: every row judged by the forms' fields, and compared."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from praja.foundation.plans.models import Plan
from praja.foundation.sheets.entries import NUMBER_TITLE, EntryColumn, EntrySheet
from praja.foundation.sheets.handing_out import identity_of, in_every_language, names_of_our_pages
from praja.foundation.sheets.reading import SheetError, Table, read_tables
from praja.foundation.sheets.values import cleaned, normalised, text_of
from praja.stages.analysis.swot_forms import WHOLE_REGION
from praja.stages.analysis.workbook import analysis_sheets, cell_text, plain_of, stored_rows

NEW, CHANGED, SAME, WRONG, LATE = "new", "changed", "same", "wrong", "late"
MOST_ROWS = 500
MOST_CHARACTERS = 2_000_000  # of the preview's values, which travel in its form
# Other titles that people give to the columns, as the ministry's worksheets do.
ALIASES: dict[tuple[str, str], tuple[str, ...]] = {
    ("swot", "kind"): ("jenis", "kategori", "swot"),
    ("swot", "text"): ("uraian", "butir", "pernyataan", "faktor", "isi"),
    ("swot", "keyword"): ("kata kunci",),
    ("gaps", "element"): ("elemen", "aspek", "unsur"),
    ("gaps", "now"): ("kondisi saat ini", "kondisi sekarang"),
    ("gaps", "wanted"): ("kondisi yang diharapkan", "kondisi target", "kondisi ideal"),
    ("gaps", "gap"): ("kesenjangan", "gap"),
    ("gaps", "cause"): ("penyebab", "akar masalah"),
    ("gaps", "needs"): ("kebutuhan",),
}


@dataclass(frozen=True)
class Entry:
    """One row of a file: {key of a column: text} of the columns that the file has, and which row of ours it claims to be."""

    sheet: str
    number: int
    texts: Mapping[str, str]
    uid: str = ""
    version: str = ""  # "key/version", as the visible number says it

    @property
    def payload(self) -> str:
        """The row as it travels through the page of the preview."""
        return json.dumps([self.sheet, self.number, dict(self.texts), self.uid, self.version], ensure_ascii=False)


@dataclass
class PreviewRow:
    """One row as it would become; `changes`: (title, before, after), `problems`: (title, sentence)."""

    entry: Entry
    sheet_title: str
    title: str
    status: str = SAME
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""
    stored: Any = None
    plain: dict[str, Any] = field(default_factory=dict)  # of all columns of a new row, of the changed ones otherwise

    @property
    def key(self) -> str:
        """How the page names the row."""
        return f"{self.entry.sheet}-{self.entry.number}"

    @property
    def is_good(self) -> bool:
        """Whether it can be brought in."""
        return self.status in (NEW, CHANGED)


@dataclass
class Preview:
    """A file as it was understood."""

    rows: list[PreviewRow]
    notes: list[str] = field(default_factory=list)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by status."""
        return {status: sum(row.status == status for row in self.rows) for status in (NEW, CHANGED, SAME, WRONG, LATE)}


def preview_of(file: BinaryIO, filename: str, plan: Plan, *, by: Any) -> Preview:
    """What the file would change; raises SheetError."""
    sheets = analysis_sheets(plan, by)
    tables, others = read_tables(file, filename, known=_known(sheets))
    entries: list[Entry] = []
    notes: list[str] = []
    seen: set[str] = set()
    ours = names_of_our_pages()
    strangers = [name for name in others if normalised(name) not in ours]
    for table in tables:
        sheet, identity = _recognise(table, sheets, plan)
        if normalised(table.sheet_name) in ours:
            continue
        if sheet is None or sheet.key in seen:
            strangers.append(table.sheet_name)
            continue
        seen.add(sheet.key)
        notes += table.warnings
        entries += _entries(table, sheet, identity, notes)
    if not seen:
        raise SheetError(
            _("No sheet of SWOT items or gaps was found in this file. Please use the workbook that you download here, or titles as in it.")
        )  # fmt: skip
    if strangers:
        named = ", ".join(name or "1" for name in strangers)
        notes.append(_("These sheets were not read: %(names)s.") % {"names": named})
    if sum(len(entry.payload) for entry in entries) > MOST_CHARACTERS:
        raise SheetError(_("The texts of this file are too long for one go. Please split it into two files."))
    return Preview(judged(entries, plan, sheets), notes)


def _known(sheets: Mapping[str, EntrySheet]) -> frozenset[str]:
    names = set(_number_titles())
    for sheet in sheets.values():
        names |= frozenset().union(*(_names(sheet, column) for column in sheet.columns))
    return frozenset(names)


def _number_titles() -> frozenset[str]:
    return in_every_language(NUMBER_TITLE)


def _names(sheet: EntrySheet, column: EntryColumn) -> frozenset[str]:
    return column.names | {normalised(alias) for alias in ALIASES.get((sheet.key, column.key), ())}


def _recognise(table: Table, sheets: Mapping[str, EntrySheet], plan: Plan) -> tuple[EntrySheet | None, int | None]:
    """Which sheet of ours a table is, and where its identities stand; raises SheetError for one of another plan."""
    for place, title in enumerate(table.header):
        if mark := identity_of(title):
            if mark.sheet in sheets and mark.handout != plan.uid:
                raise SheetError(
                    _("This workbook belongs to another plan. Please download the workbook of %(plan)s here.")
                    % {"plan": plan}
                )
            return sheets.get(mark.sheet), place
    titles = {normalised(title) for title in table.header}
    best: tuple[int, EntrySheet] | None = None
    for sheet in sheets.values():
        hits = sum(bool(_names(sheet, column) & titles) for column in sheet.columns)
        has_key = bool(_names(sheet, sheet.by_key[sheet.key_column]) & titles)
        if has_key and hits > 1 and (best is None or hits > best[0]):
            best = (hits, sheet)
    return (best[1] if best else None), None


def _entries(table: Table, sheet: EntrySheet, identity: int | None, notes: list[str]) -> Iterator[Entry]:
    """The rows of a table that say something; what was not placed is noted."""
    places: dict[str, int] = {}
    number, numbers = None, _number_titles()
    unplaced = []
    for place, title in enumerate(table.header):
        name = normalised(title)
        found = next((c.key for c in sheet.columns if name in _names(sheet, c) and c.key not in places), None)
        if place == identity:
            continue
        if found:
            places[found] = place
        elif name in numbers and number is None:
            number = place
        elif any(row.cells[place] is not None for row in table.rows):
            unplaced.append(title)
    if unplaced:
        notes.append(_("Not used:") + " " + ", ".join(unplaced[:20]))
    if len(table.rows) > MOST_ROWS:
        raise SheetError(
            _("This sheet has %(count)d rows; at most %(most)d fit in one go. Is it the right file?")
            % {"count": len(table.rows), "most": MOST_ROWS}
        )
    for row in table.rows:
        texts = {key: text_of(row.cells[place]) for key, place in places.items()}
        if any(texts.values()):
            uid = text_of(row.cells[identity]) if identity is not None else ""
            version = text_of(row.cells[number]) if number is not None else ""
            yield Entry(sheet.key, row.number, texts, uid, version)


def entries_of_payloads(payloads: Iterable[str], sheets: Mapping[str, EntrySheet]) -> list[Entry]:
    """The chosen rows of a preview; what is not one of ours is left out."""
    entries = []
    for payload in payloads:
        try:
            key, number, texts, uid, version = json.loads(payload)
            sheet = sheets[key]
            said = {name: cleaned(str(text))[0] for name, text in texts.items() if name in sheet.by_key}
            entries.append(Entry(key, int(number), said, str(uid), str(version)))
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError):
            continue
    return entries[: 2 * MOST_ROWS]


def judged(entries: Sequence[Entry], plan: Plan, sheets: Mapping[str, EntrySheet]) -> list[PreviewRow]:
    """Each row read by the fields of the form and compared with what is there, in two queries."""
    with override(settings.LANGUAGE_CODE):
        stored = stored_rows(plan)
        by_uid = {str(row.uid): row for rows in stored.values() for row in rows}
        there = {
            _identity(sheets[key], plain_of(sheets[key], row)): row.pk for key, rows in stored.items() for row in rows
        }
        first: dict[Any, int] = {}
        return [_judge(entry, sheets[entry.sheet], by_uid, there, first) for entry in entries]


def _identity(sheet: EntrySheet, plain: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two rows the same: their list and their words, whatever the case and the spaces."""
    words = " ".join(str(plain.get(sheet.key_column) or "").casefold().split())
    group = (plain.get("kind"), plain.get("dimension")) if sheet.key == "swot" else (plain.get("sub_dimension"),)
    return sheet.key, *group, words


def _judge(
    entry: Entry, sheet: EntrySheet, by_uid: Mapping[str, Any], there: Mapping[Any, int], first: dict[Any, int]
) -> PreviewRow:
    row = PreviewRow(entry, str(sheet.title), entry.texts.get(sheet.key_column, ""))
    row.stored = by_uid.get(_uid(entry.uid))
    if row.stored is not None and not isinstance(row.stored, sheet.model):
        row.stored = None
    if entry.uid and row.stored is None:
        row.status = LATE
        row.note = _(
            "This row was taken out or is not one of this plan. Bring it back on its page, or copy it into a new row."
        )
        return row
    if first.setdefault(entry.uid, entry.number) != entry.number and entry.uid:
        row.status = WRONG
        row.note = _("This row stands twice in the file (row %(number)d). Keep one of them.") % {
            "number": first[entry.uid]
        }
        return row
    texts = _without_region(sheet, entry.texts)
    if row.stored is None:
        return _judge_new(row, sheet, texts, there, first)
    return _judge_known(row, sheet, texts)


def _uid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _without_region(sheet: EntrySheet, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts; the words for the whole region mean no dimension."""
    found = dict(texts)
    if sheet.key == "swot" and normalised(found.get("dimension", "")) in _region_words():
        found["dimension"] = ""
    return found


def _region_words() -> frozenset[str]:
    return in_every_language(WHOLE_REGION) | {"daerah", "seluruh daerah", "wilayah", "umum", "region", "lintas dimensi"}


def _judge_new(
    row: PreviewRow, sheet: EntrySheet, texts: dict[str, str], there: Mapping[Any, int], first: dict[Any, int]
) -> PreviewRow:
    row.status = NEW
    values = _read(row, sheet, texts, [column.key for column in sheet.columns])
    if row.problems:
        row.status = WRONG
        return row
    row.plain = {key: sheet.by_key[key].plain(value) for key, value in values.items()}
    if sheet.key == "gaps":
        row.plain["dimension"] = values["sub_dimension"].dimension_id
    identity = _identity(sheet, row.plain)
    if identity in there:
        row.status, row.note = SAME, _("It is there already and stays as it is.")
    elif first.setdefault(identity, row.entry.number) != row.entry.number:
        row.status, row.note = SAME, _("The same as row %(number)d.") % {"number": first[identity]}
    return row


def _judge_known(row: PreviewRow, sheet: EntrySheet, texts: dict[str, str]) -> PreviewRow:
    plain = plain_of(sheet, row.stored)
    differing = [key for key, text in texts.items() if text != cleaned(cell_text(sheet.by_key[key], plain[key]))[0]]
    if not differing:
        return row
    if row.entry.version != f"{row.stored.pk}/{row.stored.version}":
        row.status = LATE
        row.note = _(
            "Somebody changed this row in Praja after the workbook was downloaded. Download it again to see both."
        )
        return row
    ours = {key: cell_text(sheet.by_key[key], value) for key, value in plain.items()}
    values = _read(row, sheet, {**ours, **texts}, differing)
    if row.problems:
        row.status = WRONG
        return row
    for key in differing:
        column = sheet.by_key[key]
        after = column.plain(values[key])
        if after != plain[key] and not (sheet.key == "gaps" and key == "dimension"):
            row.plain[key] = after
            row.changes.append((column.title, column.text(plain[key]), column.text(after)))
    row.status = CHANGED if row.changes else SAME
    return row


def _read(row: PreviewRow, sheet: EntrySheet, texts: dict[str, str], keys: Iterable[str]) -> dict[str, Any]:
    """The values of these columns; what is wrong by itself or together is noted on the row."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    asked = set(keys)
    for column in sheet.columns:
        try:
            values[column.key] = column.read(texts.get(column.key, ""), texts)
        except ValueError as problem:  # a ValueProblem: its text is the sentence of the form
            if column.key in asked:
                wrong[column.key] = str(problem)
    wrong |= {
        key: sentence for key, sentence in sheet.wrong_together(values, sheet.sections).items() if key not in wrong
    }
    row.problems = [(sheet.by_key[key].title, sentence) for key, sentence in wrong.items()]
    return values
