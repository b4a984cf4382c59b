"""Which table of a file is which sheet of ours, which column is which, and from which handout it all comes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from praja.across.workbooks.making import guide_of
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.entries import NUMBER_TITLE, ChildSheet, EntryColumn, EntrySheet
from praja.foundation.sheets.handing_out import REMARK, identity_of, in_every_language, names_of_our_pages
from praja.foundation.sheets.models import Handout
from praja.foundation.sheets.reading import Table
from praja.foundation.sheets.values import is_blank, normalised

ENOUGH = 0.4  # of the columns of a sheet, so that a table without our mark is taken for it


@dataclass
class Found:
    """A table that was recognised: where its columns stand."""

    sheet: EntrySheet
    table: Table
    columns: list[tuple[int, EntryColumn]] = field(default_factory=list)
    identity: int | None = None
    number: int | None = None
    parent: int | None = None
    handout: UUID | None = None
    unknown: list[str] = field(default_factory=list)


@dataclass
class Book:
    """A file as it was recognised; `refusal` says why nothing of it can be used."""

    sheets: Mapping[str, EntrySheet]
    found: dict[str, Found] = field(default_factory=dict)
    handout: Handout | None = None
    notes: list[str] = field(default_factory=list)
    refusal: str = ""


def known_names(sheets: Iterable[EntrySheet]) -> frozenset[str]:
    """Every name of a column that a workbook may have."""
    names = set(_number_names())
    for sheet in sheets:
        names |= sheet.known_names | _parent_names(sheet)
    return frozenset(names)


def recognise(
    tables: Iterable[Table], others: Iterable[str], sheets: Mapping[str, EntrySheet], *, plan: Plan, by: Any
) -> Book:
    """Which table is which; sheets without any of our columns are named in `others`."""
    book = Book(sheets)
    ours = names_of_our_pages()
    strangers = [name for name in others if normalised(name) not in ours]
    for table in tables:
        if normalised(table.sheet_name) in ours:
            continue
        found = _found(table, sheets)
        if found is None:
            strangers.append(table.sheet_name)
        elif found.sheet.key in book.found:
            book.notes.append(
                _("The sheet “%(name)s” is another “%(title)s” and was not read. Put all rows into one sheet.")
                % {"name": table.sheet_name, "title": found.sheet.title}
            )
        else:
            book.found[found.sheet.key] = found
            book.notes += _about_columns(found)
            book.notes += [f"{found.sheet.title}: {warning}" for warning in table.warnings]
    if not book.found:
        book.refusal = _(
            "None of the sheets of a workbook was found in this file. Its titles stand in the second row; please upload the "
            "workbook that you downloaded here."
        )
        return book
    if strangers:
        book.notes.append(_("These sheets are none of the workbook's and were not read: %(names)s.") % {
            "names": ", ".join(name or "1" for name in strangers)
        })  # fmt: skip
    _find_handout(book, sheets, plan, by)
    return book


def _find_handout(book: Book, sheets: Mapping[str, EntrySheet], plan: Plan, by: Any) -> None:
    uids = {found.handout for found in book.found.values() if found.handout is not None}
    if not uids:
        book.notes.append(
            _(
                "This file does not say which workbook it was, so that every row counts as new. Rows that Praja has "
                "already are left alone."
            )
        )
        return
    if len(uids) > 1:
        book.refusal = _("This file holds sheets of several workbooks. Please upload each workbook by itself.")
        return
    handout = Handout.objects.select_related("plan", "organisation").filter(uid__in=uids).first()
    if handout is None or not any(by.may_within(sheet.write, handout) for sheet in sheets.values()):
        book.refusal = _(
            "This workbook was not handed out to you or to an agency for which you write. Please download your own "
            "workbook here and copy your entries into it."
        )
    elif handout.plan_id != plan.pk:
        book.refusal = _("This workbook belongs to another plan: %(plan)s. Please upload it there.") % {
            "plan": handout.plan
        }
    elif handout.guide != guide_of(plan):
        book.refusal = _(
            "This workbook was made for another guide or other dimensions than the plan has now. Please download a new "
            "workbook and copy your entries into it."
        )
    else:
        book.handout = handout
        unmarked = [str(found.sheet.title) for found in book.found.values() if found.identity is None]
        if unmarked:
            book.notes.append(
                _("The hidden column with the identities is missing in: %(names)s. Rows there count as new.")
                % {"names": ", ".join(unmarked)}
            )


def _found(table: Table, sheets: Mapping[str, EntrySheet]) -> Found | None:
    marks = [(place, mark) for place, title in enumerate(table.header) if (mark := identity_of(title))]
    if marks:
        place, mark = marks[0]
        sheet = sheets.get(mark.sheet)
        return _placed(table, sheet, place, mark.handout) if sheet else None
    names = {normalised(title) for title in table.header}
    best: tuple[float, EntrySheet] | None = None
    for sheet in sheets.values():
        hits = sum(bool(column.names & names) for column in sheet.columns)
        if isinstance(sheet, ChildSheet):
            hits += 2 * bool(_parent_names(sheet) & names)
        share = hits / len(sheet.columns)
        has_key = bool(sheet.by_key[sheet.key_column].names & names)
        if has_key and share >= ENOUGH and (best is None or share > best[0]):
            best = (share, sheet)
    return _placed(table, best[1], None, None) if best else None


def _placed(table: Table, sheet: EntrySheet, identity: int | None, handout: UUID | None) -> Found:
    found = Found(sheet, table, identity=identity, handout=handout)
    numbers, parents = _number_names(), _parent_names(sheet)
    taken = set()
    for place, title in enumerate(table.header):
        name = normalised(title)
        if place == identity or title.casefold().startswith(REMARK.casefold()):
            continue
        column = next((one for one in sheet.columns if name in one.names and one.key not in taken), None)
        if column is not None:
            taken.add(column.key)
            found.columns.append((place, column))
        elif name in numbers and found.number is None:
            found.number = place
        elif name in parents and found.parent is None:
            found.parent = place
        elif any(not is_blank(row.cells[place]) for row in table.rows):
            found.unknown.append(title)
    return found


def _about_columns(found: Found) -> list[str]:
    notes = []
    placed = {column.key for _place, column in found.columns}
    missing = [column.title for column in found.sheet.columns if column.key not in placed]
    words = {"sheet": found.sheet.title}
    if missing:
        notes.append(
            _("%(sheet)s: these columns are not in the file; what Praja says there stays: %(names)s.")
            % {**words, "names": ", ".join(missing)}
        )
    if found.unknown:
        notes.append(
            _("%(sheet)s: these columns are none of the workbook's and were not read: %(names)s.")
            % {**words, "names": ", ".join(found.unknown)}
        )
    return notes


def _number_names() -> frozenset[str]:
    return in_every_language(NUMBER_TITLE)


def _parent_names(sheet: EntrySheet) -> frozenset[str]:
    return in_every_language(sheet.parent_title) if isinstance(sheet, ChildSheet) else frozenset()
