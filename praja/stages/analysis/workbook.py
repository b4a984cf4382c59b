"""The workbook of SWOT items and gaps: sheets made of the forms, and what a file that comes back would change."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, BinaryIO
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.forms import sub_dimension_fits
from praja.foundation.plans.models import Plan
from praja.foundation.plans.workbook import PlanRows
from praja.foundation.sheets.entries import (
    Cells,
    ChoiceColumn,
    EntryColumn,
    EntrySheet,
    Section,
    fits_a_cell,
    parts_of,
)
from praja.foundation.sheets.handing_out import (
    OutRow,
    OutSheet,
    identity_of,
    in_every_language,
    names_of_our_pages,
    shortened,
    write_workbook,
)
from praja.foundation.sheets.reading import SheetError, Table, read_tables
from praja.foundation.sheets.values import Choices, Value, cleaned, normalised, parse_choice, text_of
from praja.stages.analysis.gap_forms import GapForm
from praja.stages.analysis.models import Gap, SwotItem
from praja.stages.analysis.swot import LETTERS, in_reading_order
from praja.stages.analysis.swot_forms import WHOLE_REGION, SwotItemForm

NEW, CHANGED, SAME, WRONG, LATE = "new", "changed", "same", "wrong", "late"
MOST_ROWS = 500
MOST_CHARACTERS = 2_000_000  # of the preview's values, which travel in its form
NUMBER_TITLES = in_every_language(gettext_lazy("No."))
KINDS = {
    **{letter: kind for kind, letter in LETTERS.items()},
    "strength": SwotItem.Kind.STRENGTH, "weakness": SwotItem.Kind.WEAKNESS, "opportunity": SwotItem.Kind.OPPORTUNITY,
    "threat": SwotItem.Kind.THREAT, "kekuatan": SwotItem.Kind.STRENGTH, "kelemahan": SwotItem.Kind.WEAKNESS,
    "peluang": SwotItem.Kind.OPPORTUNITY, "kesempatan": SwotItem.Kind.OPPORTUNITY, "ancaman": SwotItem.Kind.THREAT,
    "tantangan": SwotItem.Kind.THREAT,
}  # fmt: skip
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


class ChoicesColumn(EntryColumn):
    """Several of a closed list, a word in each line of the cell or between semicolons."""

    is_many = True

    def __init__(self, key: str, field: Any, **options: Any) -> None:
        super().__init__(key, field, **options)
        pairs = [(str(choice), str(label)) for choice, label in field.choices]
        self.labels = [label for _choice, label in pairs]
        synonyms: dict[str, str] = {}
        for language, _name in settings.LANGUAGES:
            with override(language):
                synonyms |= {str(label): str(choice) for choice, label in field.choices}
        self._choices = Choices(pairs, synonyms)
        self._label = dict(pairs)

    def plain(self, value: Any) -> Any:
        """The keys in the order of the list."""
        return tuple(choice for choice in self._label if choice in (value or ()))

    def text(self, plain: Any) -> str:
        """The words, one in each line."""
        return "\n".join(self._label.get(choice, str(choice)) for choice in plain or ())

    def history(self, plain: Any) -> Any:
        """The words."""
        return [self._label.get(choice, str(choice)) for choice in plain or ()]

    def _read(self, cell: Value, cells: Cells) -> Any:
        del cells
        return self._cleaned([parse_choice(part, self._choices) or "" for part in parts_of(cell)])


def analysis_sheets(plan: Plan, by: Any) -> dict[str, EntrySheet]:
    """The two sheets of a plan, whose columns are the fields of the forms in the language of workbooks."""
    with override(settings.LANGUAGE_CODE):
        rows = PlanRows(plan, by)
        item_form, gap_form = (
            SwotItemForm(instance=SwotItem(plan=plan), user=by),
            GapForm(instance=Gap(plan=plan), user=by),
        )
        dimension = forms.Field(label=_("Dimension"), required=False, help_text=_("It narrows the sub-dimensions."))
        return {
            "swot": _sheet("swot", gettext_lazy("SWOT"), SwotItem, item_form.fields, rows, key_column="text"),
            "gaps": _sheet(
                "gaps", gettext_lazy("Gaps"), Gap, {"dimension": dimension, **gap_form.fields}, rows, key_column="element",
                rules=(*GapForm.rules, sub_dimension_fits),
            ),
        }  # fmt: skip


def _sheet(
    key: str, title: Any, model: Any, fields: Mapping[str, Any], rows: PlanRows, *, key_column: str, rules: Any = ()
) -> EntrySheet:
    columns: dict[str, EntryColumn] = {}
    for name, one in fields.items():
        options = {"section": key, "is_required": one.required}
        if name == "kind":
            columns[name] = ChoiceColumn(name, one, synonyms=KINDS, **options)
        elif name == "closed_by":
            columns[name] = ChoicesColumn(name, one, **options)
        else:
            columns[name] = rows.column(name, one, write=Can.ANALYSIS_WRITE, columns=columns, **options)
    return EntrySheet(
        key=key,
        title=title,
        model=model,
        columns=list(columns.values()),
        sections={key: Section(title, rules)},
        write=Can.ANALYSIS_WRITE,
        accept=Can.ANALYSIS_WRITE,
        key_column=key_column,
    )


# --- out --------------------------------------------------------------------------------------------------------------


def plain_of(sheet: EntrySheet, row: Any) -> dict[str, Any]:
    """What a stored row says in each column."""
    values: dict[str, Any] = {}
    for column in sheet.columns:
        if sheet.key == "gaps" and column.key == "dimension":
            values["dimension"] = row.sub_dimension.dimension_id
        else:
            value = getattr(row, column.attname)
            values[column.key] = tuple(value) if isinstance(value, list) else value
    return values


def cell_text(column: EntryColumn, plain: Any) -> str:
    """What the cell of a stored value says; a text that no cell can hold is cut, with a word about it."""
    text = column.text(plain)
    return text if fits_a_cell(text) else shortened(text)


def stored_rows(plan: Plan) -> dict[str, list[Any]]:
    """The rows in service of both sheets, as people read them."""
    gaps = plan.gaps.in_service().select_related("sub_dimension__dimension")
    return {
        "swot": in_reading_order(plan.swot_items.in_service().select_related("dimension")),
        "gaps": list(gaps.order_by("sub_dimension__dimension__order", "sub_dimension__order", "order", "pk")),
    }


def written(plan: Plan, *, by: Any) -> bytes:
    """The workbook with everything that is there, and room for more."""
    sheets, rows = analysis_sheets(plan, by), stored_rows(plan)
    with override(settings.LANGUAGE_CODE):
        out = []
        for key, sheet in sheets.items():
            lines = []
            for row in rows[key]:
                plain = plain_of(sheet, row)
                texts = {one.key: text for one in sheet.columns if (text := cell_text(one, plain[one.key]))}
                locked = [one.key for one in sheet.columns if not fits_a_cell(one.text(plain[one.key]))]
                lines.append(OutRow(f"{row.pk}/{row.version}", row.uid, texts, locked=locked))
            out.append(OutSheet(sheet, lines))
        target = io.BytesIO()
        title = _("SWOT and gaps of %(plan)s") % {"plan": plan}
        write_workbook(target, out, handout=plan.uid, title=title, instructions=_instructions())
    return target.getvalue()


def _instructions() -> list[str]:
    return [
        _("Change what stands there, or write new rows below; a row without a number is new."),
        _("Leave the dimension of a SWOT item empty when it holds for the whole region."),
        _("To empty a cell empties it in Praja too. To delete a row deletes nothing; take it out on its page."),
        _("Do not change the grey columns and the titles. Sorting and a new file name do no harm."),
        _("Save it as XLSX and upload it on the page “SWOT and gaps from a sheet”. Before anything is stored you see every change."),
    ]  # fmt: skip


# --- back -------------------------------------------------------------------------------------------------------------


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
    names = set(NUMBER_TITLES)
    for sheet in sheets.values():
        names |= frozenset().union(*(_names(sheet, column) for column in sheet.columns))
    return frozenset(names)


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
    number = None
    unplaced = []
    for place, title in enumerate(table.header):
        name = normalised(title)
        found = next((c.key for c in sheet.columns if name in _names(sheet, c) and c.key not in places), None)
        if place == identity:
            continue
        if found:
            places[found] = place
        elif name in NUMBER_TITLES and number is None:
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
