"""What a file of SWOT items and gaps that comes back would change: every row judged by the forms' fields, and compared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from praja.foundation.plans.models import Plan
from praja.foundation.sheets.entries import NUMBER_TITLE, EntryColumn, EntrySheet
from praja.foundation.sheets.flow import CHANGED, LATE, NEW, SAME, Change, Line, Said
from praja.foundation.sheets.handing_out import identity_of, in_every_language, names_of_our_pages
from praja.foundation.sheets.reading import SheetError, Table, read_tables
from praja.foundation.sheets.values import cleaned, normalised, text_of
from praja.stages.analysis.swot_forms import WHOLE_REGION
from praja.stages.analysis.workbook import cell_text, plain_of, stored_rows

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


@dataclass
class AnalysisLine(Line):
    """`stored`: our row; `plain`: the plain values of all columns of a new row, of the changed ones otherwise."""

    stored: Any = None
    plain: dict[str, Any] = field(default_factory=dict)


def rows_of_file(
    file: BinaryIO, filename: str, plan: Plan, sheets: Mapping[str, EntrySheet]
) -> tuple[list[Said], list[str]]:
    """The rows of the file that say something, and sentences about what was not read; raises SheetError."""
    tables, others = read_tables(file, filename, known=_known(sheets))
    rows: list[Said] = []
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
        rows += _rows(table, sheet, identity, notes)
    if not seen:
        raise SheetError(
            _("No sheet of SWOT items or gaps was found in this file. Please use the workbook that you download here, or titles as in it.")
        )  # fmt: skip
    if strangers:
        named = ", ".join(name or "1" for name in strangers)
        notes.append(_("These sheets were not read: %(names)s.") % {"names": named})
    return rows, notes


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


def _rows(table: Table, sheet: EntrySheet, identity: int | None, notes: list[str]) -> Iterator[Said]:
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
    for row in table.rows:
        texts = {key: text_of(row.cells[place]) for key, place in places.items()}
        if any(texts.values()):
            uid = text_of(row.cells[identity]) if identity is not None else ""
            version = text_of(row.cells[number]) if number is not None else ""
            yield Said(row.number, texts, sheet.key, uid, version)


def judged(rows: Iterable[Said], plan: Plan, sheets: Mapping[str, EntrySheet]) -> list[AnalysisLine]:
    """Each row read by the fields of the form and compared with what is there, in two queries."""
    with override(settings.LANGUAGE_CODE):
        stored = stored_rows(plan)
        by_uid = {str(row.uid): row for found in stored.values() for row in found}
        there = {
            _identity(sheets[key], plain_of(sheets[key], row)): row.pk for key, found in stored.items() for row in found
        }
        first: dict[Any, int] = {}
        return [_judge(said, sheets[said.sheet], by_uid, there, first) for said in rows if said.sheet in sheets]


def _identity(sheet: EntrySheet, plain: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two rows the same: their list and their words, whatever the case and the spaces."""
    words = " ".join(str(plain.get(sheet.key_column) or "").casefold().split())
    group = (plain.get("kind"), plain.get("dimension")) if sheet.key == "swot" else (plain.get("sub_dimension"),)
    return sheet.key, *group, words


def _judge(
    said: Said, sheet: EntrySheet, by_uid: Mapping[str, Any], there: Mapping[Any, int], first: dict[Any, int]
) -> AnalysisLine:
    texts = {key: str(text) for key, text in said.cells.items() if key in sheet.by_key}
    line = AnalysisLine(said, texts.get(sheet.key_column, ""), sheet_title=str(sheet.title))
    line.stored = by_uid.get(_uid(said.uid))
    if line.stored is not None and not isinstance(line.stored, sheet.model):
        line.stored = None
    if said.uid and line.stored is None:
        line.wrong("", _("This row was taken out or is not one of this plan. Bring it back on its page, or copy it into a new row."))  # fmt: skip
        return line
    if first.setdefault(said.uid, said.number) != said.number and said.uid:
        sentence = _("This row stands twice in the file (row %(number)d). Keep one of them.")
        line.wrong("", sentence % {"number": first[said.uid]})
        return line
    texts = _without_region(sheet, texts)
    if line.stored is None:
        _judge_new(line, sheet, texts, there, first)
    else:
        _judge_known(line, sheet, texts)
    return line


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
    line: AnalysisLine, sheet: EntrySheet, texts: dict[str, str], there: Mapping[Any, int], first: dict[Any, int]
) -> None:
    line.status = NEW
    values = _read(line, sheet, texts, [column.key for column in sheet.columns])
    if line.problems:
        return
    line.plain = {key: sheet.by_key[key].plain(value) for key, value in values.items()}
    if sheet.key == "gaps":
        line.plain["dimension"] = values["sub_dimension"].dimension_id
    identity = _identity(sheet, line.plain)
    if identity in there:
        line.status = SAME
        line.notes.append(_("It is there already and stays as it is."))
    elif first.setdefault(identity, line.number) != line.number:
        line.status = SAME
        line.notes.append(_("The same as row %(number)d.") % {"number": first[identity]})


def _judge_known(line: AnalysisLine, sheet: EntrySheet, texts: dict[str, str]) -> None:
    line.version = line.stored.version
    plain = plain_of(sheet, line.stored)
    differing = [key for key, text in texts.items() if text != cleaned(cell_text(sheet.by_key[key], plain[key]))[0]]
    if not differing:
        return
    ours = {key: cell_text(sheet.by_key[key], value) for key, value in plain.items()}
    values = _read(line, sheet, {**ours, **texts}, differing)
    if line.problems:
        return
    for key in differing:
        column = sheet.by_key[key]
        after = column.plain(values[key])
        if after != plain[key] and not (sheet.key == "gaps" and key == "dimension"):
            line.plain[key] = after
            line.changes.append(Change(key, column.title, column.text(plain[key]), column.text(after)))
    if line.changes:
        is_late = line.said.base != f"{line.stored.pk}/{line.stored.version}"
        line.status = LATE if is_late else CHANGED


def _read(line: AnalysisLine, sheet: EntrySheet, texts: dict[str, str], keys: Iterable[str]) -> dict[str, Any]:
    """The values of these columns; what is wrong by itself or together is noted on the line."""
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
    for key, sentence in wrong.items():
        line.wrong(sheet.by_key[key].title, sentence)
    return values
