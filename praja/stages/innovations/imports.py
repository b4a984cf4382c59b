"""Bringing in a foreign sheet: read it, confirm its columns, choose rows, and apply exactly those, once."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.audit.actions import record
from praja.foundation.files.actions import store
from praja.foundation.files.contents import Readable
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.actions import later
from praja.foundation.plans.actions import ministry
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.reading import Row, SheetError, Table, read_table
from praja.foundation.sheets.values import ShownNumber, is_blank
from praja.foundation.sheets.writing import write_xlsx
from praja.stages.innovations.applying import apply, change, finish
from praja.stages.innovations.models import Import
from praja.stages.innovations.preview import FILLS, NEW, THERE, WRONG, Line, Preview, examine
from praja.stages.innovations.sheet import INNOVATION_SHEET, OUR_REMARKS

NOTHING = "-"  # the choice "nothing" for a column that is empty everywhere


# --- reading ----------------------------------------------------------------------------------------------------------


def read(file: Readable, filename: str | None) -> Table:
    """The table of the file without the columns that our own workbook of wrong rows added; raises SheetError."""
    table = read_table(file, filename or "", known=INNOVATION_SHEET.known_names)
    if not table.rows:
        raise SheetError(_("This table has a header but no rows below it. Please check that it is the right file."))
    kept = [position for position, title in enumerate(table.header) if not title.startswith(OUR_REMARKS)]
    if len(kept) < len(table.header):
        table.header = [table.header[position] for position in kept]
        table.rows = [Row(row.number, tuple(row.cells[position] for position in kept)) for row in table.rows]
    return table


@lru_cache(maxsize=1)
def _table(_sha256: str, pk: int) -> Table:
    # A file never changes under its hash: turning the pages of one preview reads it once.
    stored = StoredFile.objects.get(pk=pk)
    with stored.open() as file:
        return read(file, stored.name)


def table_of(one: Import) -> Table:
    """The table of an import's file; raises SheetError."""
    return _table(one.file.sha256, one.file_id)


def preview_of(one: Import) -> Preview:
    """Every row of an import as it would become now."""
    return examine(table_of(one), placed(one.mapping), one.plan)


def placed(mapping: Mapping[str, str]) -> dict[str, str]:
    """The mapping as examine() wants it: "nothing" is "not placed" of an empty column."""
    return {title: "" if key == NOTHING else key for title, key in mapping.items()}


# --- columns ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ColumnChoice:
    """One column of the sheet on the page that places it; `key` is what is chosen, `confidence` in per cent (0: none)."""

    position: int
    title: str
    samples: list[str]
    filled: int
    key: str
    confidence: int


def column_choices(table: Table, mapping: Mapping[str, str] | None = None) -> list[ColumnChoice]:
    """The columns with what we propose, or with what was chosen before."""
    proposals = INNOVATION_SHEET.propose_mapping(table.header)
    choices = []
    for position, title in enumerate(table.header):
        cells = [row.cells[position] for row in table.rows]
        filled = [cell for cell in cells if not is_blank(cell)]
        proposal = proposals[title]
        proposed = proposal.key or ("" if filled else NOTHING)
        samples = list(dict.fromkeys(str(_plain(cell))[:80] for cell in filled[:200]))[:3]
        key = mapping.get(title, proposed) if mapping else proposed
        choices.append(ColumnChoice(position, title, samples, len(filled), key, round(proposal.confidence * 100)))
    return choices


def mapping_problems(choices: Sequence[ColumnChoice], plan: Plan | None) -> dict[str, str]:
    """{title of the column ("" for the whole): sentence} of what does not fit; empty when all is well."""
    problems = {}
    taken: dict[str, str] = {}
    for choice in choices:
        if choice.key == NOTHING and choice.filled:
            problems[choice.title] = _("This column holds something. Choose a field, or “not placed”, which keeps it.")
        elif choice.key in taken:
            problems[choice.title] = _(
                "“%(other)s” is placed there already. Choose another field, or “not placed”."
            ) % {"other": taken[choice.key]}
        elif choice.key not in ("", NOTHING):
            if choice.key in INNOVATION_SHEET.by_key:
                taken[choice.key] = choice.title
            else:
                problems[choice.title] = _("Choose a field of the list.")
    if "title" not in taken:
        problems[""] = _("Choose the column that holds the names of the innovations.")
    elif plan is None and not {"region", "region_code"} & set(taken):
        problems[""] = _("Choose the column that holds the regions or their codes, so that each row finds its plan.")
    return problems


# --- the steps of an import -------------------------------------------------------------------------------------------


def open_import(file: File, *, plan: Plan | None, by: Any) -> Import:
    """Store a sheet that somebody hands in; raises SheetError or FileRefused, and then nothing is kept."""
    table = read(file, file.name)
    organisation = plan.government if plan else ministry()
    stored = store(file, by=by, organisation_path=organisation.organisation_path)
    with transaction.atomic():
        one = Import.objects.create(
            organisation=organisation,
            organisation_path=organisation.organisation_path,
            plan=plan,
            file=stored,
            header=table.header,
            created_by=by,
            updated_by=by,
        )
        record("start", one, by=by, after={"file": stored.name})
    return one


def place_columns(one: Import, choices: Sequence[ColumnChoice], *, by: Any) -> bool:
    """Keep the confirmed mapping and choose every good row; False when the import has been applied meanwhile."""
    mapping = {choice.title: choice.key for choice in choices}
    chosen = examine(table_of(one), placed(mapping), one.plan).good
    with transaction.atomic():
        return change(
            one, (Import.State.UPLOADED, Import.State.PREVIEWED), by=by,
            mapping=mapping, chosen=chosen, state=Import.State.PREVIEWED,
        )  # fmt: skip


def choose_rows(one: Import, chosen: Sequence[int], *, by: Any) -> bool:
    """Keep which rows are wanted; False when the import has been applied meanwhile."""
    with transaction.atomic():
        return change(one, (Import.State.PREVIEWED,), by=by, chosen=sorted(chosen))


@transaction.atomic
def start_applying(one: Import, *, by: Any) -> bool:
    """Ask for the job, once; False when somebody did so already."""
    if not change(one, (Import.State.PREVIEWED,), by=by, state=Import.State.APPLYING, result={}):
        return False
    one.job = later("innovations.apply_import", one.pk, by=by, organisation_path=one.organisation_path)
    Import.objects.filter(pk=one.pk).update(job=one.job)
    record("apply", one, by=by, after={"rows": len(one.chosen)})
    return True


# --- wrong rows, and without a browser --------------------------------------------------------------------------------


def wrong_rows(table: Table, preview: Preview) -> bytes:
    """A workbook of the wrong rows as they came, each with what to mend; mended, it can be uploaded as it is."""
    cells = {row.number: row.cells for row in table.rows}
    header = [*table.header, OUR_REMARKS + _("row in the file"), OUR_REMARKS + _("what to mend")]
    target = io.BytesIO()
    rows = (
        [*map(_plain, cells[line.number]), line.number, "\n".join(f"{title}: {text}" for title, text in line.problems)]
        for line in preview.lines
        if line.status == WRONG
    )
    write_xlsx(target, _("Rows to mend"), header, rows)
    return target.getvalue()


def _plain(cell: Any) -> Any:
    return cell.shown if isinstance(cell, ShownNumber) else cell


@dataclass(frozen=True)
class Result:
    """What became of the rows of a file; as text, what the command line prints."""

    counts: Mapping[str, int]
    wrong: list[Line]

    def __str__(self) -> str:
        count = self.counts.get
        lines = [
            ngettext("%(count)d innovation is new.", "%(count)d innovations are new.", count(NEW, 0))
            % {"count": count(NEW, 0)},
            ngettext("%(count)d was filled in.", "%(count)d were filled in.", count(FILLS, 0))
            % {"count": count(FILLS, 0)},
            ngettext("%(count)d was there already.", "%(count)d were there already.", count(THERE, 0))
            % {"count": count(THERE, 0)},
            ngettext("%(count)d row must be mended:", "%(count)d rows must be mended:", len(self.wrong))
            % {"count": len(self.wrong)}
            if self.wrong
            else _("No row is wrong."),
        ]
        lines += [
            _("Row %(number)d, %(column)s: %(sentence)s")
            % {"number": line.number, "column": column, "sentence": sentence}
            for line in self.wrong
            for column, sentence in line.problems
        ]
        return "\n".join(lines)


def import_file(path: Path, *, plan: Plan | None = None, by: Any = None) -> Result:
    """Bring in every good row of a file at once, its columns as proposed.

    Raises SheetError (or FileRefused) when the file cannot be read or a required column is not found.
    """
    with Path(path).open("rb") as content:
        file = File(content, name=Path(path).name)
        choices = column_choices(read(file, file.name))
        if problems := mapping_problems(choices, plan):
            raise SheetError(" ".join(problems.values()))
        content.seek(0)
        one = open_import(file, plan=plan, by=by)
    place_columns(one, choices, by=by)
    preview = preview_of(one)
    with transaction.atomic():
        change(one, (Import.State.PREVIEWED,), by=by, state=Import.State.APPLYING, result={})
    apply(one, preview, report=lambda *_: None)
    with transaction.atomic():
        finish(one)
    counts = Counter(one.result.get("counts", {}))
    counts[THERE] = preview.counts[THERE]
    return Result(counts, [line for line in preview.lines if line.status == WRONG])
