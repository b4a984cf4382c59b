"""The export of the national budget system (SIPD): read, loaded as it is, and held against the money of the plan.

The system has no interface for others, so its spreadsheet comes by hand. A line belongs to the actions of the same agency
whose code is its own, or the nearest one above it; so each rupiah of either side is counted once.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, partial
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Max, Q, QuerySet, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.bulk import insert_many
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.files.actions import store
from praja.foundation.files.contents import Readable
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.actions import later
from praja.foundation.plans.models import BudgetLine, Plan
from praja.foundation.sheets.columns import Column, Sheet, unit_of
from praja.foundation.sheets.reading import Row, SheetError, Table, read_table
from praja.foundation.sheets.values import Value, ValueProblem, parse_money, parse_text, parse_year, text_of
from praja.stages.innovations import figures as innovation_figures
from praja.stages.preparation.recognition import AgencyIndex
from praja.stages.roadmap import codes, figures
from praja.stages.roadmap.models import BudgetCode, BudgetExport, BudgetExportLine

gettext_lazy: Any = translation.gettext_lazy  # columns ask for text; a lazy one is text when it is shown
CHUNK = 1_000
JOB = "roadmap.load_export"
NOT_PLACED = ""
# A code above these says only in which field the money lies; it would draw the whole budget of an agency to one action.
MATCHED_LEVELS = (BudgetCode.Level.PROGRAMME, BudgetCode.Level.ACTIVITY, BudgetCode.Level.SUB_ACTIVITY)

_OFFICE_CODE = re.compile(r"(?:[0-9X]\.[0-9X]{2}\.){3}[0-9]{2}(?:\.[0-9]{4})?")
_WITH_CENTS = re.compile(
    r"(?:Rp\.?\s*)?(?P<whole>[0-9]{1,3}(?P<mark>[.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]{4,})"
    r"(?P<decimal>[.,])(?P<cents>[0-9]{1,2})"
)


def parse_code_cell(value: Value) -> tuple[str, str] | None:
    """(code, words beside it) of a cell; ("", words) for the heading of an office. Raises ValueProblem."""
    text = text_of(value)
    if not text:
        return None
    code, words = codes.split(text)
    if _OFFICE_CODE.fullmatch(code):
        return "", words
    found = codes.parse(code or text)
    if isinstance(found, str):
        raise ValueProblem(found)
    return found.text, words


SIPD_SHEET = Sheet(
    [
        Column(
            "code",
            gettext_lazy("Sub-activity code"),
            ("kode sub kegiatan", "kode subkegiatan", "kode", "sub kegiatan", "subkegiatan", "kode kegiatan",
             "kode program/kegiatan/sub kegiatan", "kode program kegiatan sub kegiatan", "kode nomenklatur"),
            parse_code_cell,
        ),
        Column(
            "title",
            gettext_lazy("Name of the sub-activity"),
            ("nama sub kegiatan", "nama subkegiatan", "uraian", "uraian sub kegiatan", "nomenklatur", "nama",
             "program/kegiatan/sub kegiatan", "nama program/kegiatan/sub kegiatan"),
            partial(parse_text, maximum=500),
        ),
        Column(
            "agency",
            gettext_lazy("Agency (OPD)"),
            ("skpd", "nama skpd", "perangkat daerah", "nama perangkat daerah", "opd", "nama opd", "unit skpd", "nama unit skpd",
             "nama sub skpd", "sub unit", "unit kerja"),
            partial(parse_text, maximum=300),
        ),
        Column(
            "ceiling",
            gettext_lazy("Ceiling"),
            ("pagu", "pagu anggaran", "anggaran", "nilai anggaran", "jumlah anggaran", "total anggaran", "alokasi anggaran",
             "pagu validasi", "pagu indikatif", "total pagu", "nilai pagu", "pagu sub kegiatan"),
            parse_money,
        ),
        Column(
            "realised",
            gettext_lazy("Realised"),
            ("realisasi", "realisasi anggaran", "nilai realisasi", "jumlah realisasi", "realisasi keuangan", "total realisasi",
             "realisasi belanja"),
            parse_money,
        ),
        Column("year", gettext_lazy("Year"), ("tahun", "tahun anggaran", "ta"), parse_year),
    ]
)  # fmt: skip


# --- reading ----------------------------------------------------------------------------------------------------------


def read(file: Readable, filename: str | None) -> Table:
    """The table of an export; raises SheetError."""
    table = read_table(file, filename or "", known=SIPD_SHEET.known_names)
    if not table.rows:
        raise SheetError(_("This table has a header but no rows below it. Please check that it is the right file."))
    return table


@lru_cache(maxsize=1)
def _table(_sha256: str, pk: int) -> Table:
    # A file never changes under its hash: turning the pages of one preview reads it once.
    stored = StoredFile.objects.get(pk=pk)
    with stored.open() as file:
        return read(file, stored.name)


def table_of(export: BudgetExport) -> Table:
    """The table of an export's file; raises SheetError, FileNotFoundError when the storage has lost it."""
    return _table(export.file.sha256, export.file.pk)


def proposed_mapping(table: Table) -> dict[str, str]:
    """{title of the column: key of ours, or ""} as it seems to be."""
    return {title: proposal.key or NOT_PLACED for title, proposal in SIPD_SHEET.propose_mapping(table.header).items()}


def mapping_problems(mapping: Mapping[str, str]) -> dict[str, str]:
    """{title of the column ("" for the whole): sentence} of what does not fit; empty when all is well."""
    problems: dict[str, str] = {}
    taken: dict[str, str] = {}
    for title, key in mapping.items():
        if key and key not in SIPD_SHEET.by_key:
            problems[title] = _("Choose a field of the list.")
        elif key in taken:
            problems[title] = _("“%(other)s” is placed there already. Choose another field, or “not placed”.") % {
                "other": taken[key]
            }
        elif key:
            taken[key] = title
    if "code" not in taken:
        problems[""] = _("Choose the column that holds the sub-activity codes.")
    elif not {"ceiling", "realised"} & taken.keys():
        problems[""] = _("Choose the column that holds the ceiling or what was realised.")
    return problems


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the export as it would be loaded; `organisation` is the key of the agency, None for an unknown one."""

    number: int
    code: str
    title: str
    agency: str
    organisation: int | None
    ceiling: int | None
    realised: int | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """One row that stays out, with (column, sentence) of what to mend."""

    number: int
    problems: list[tuple[str, str]]


@dataclass
class Examined:
    """What an export would become; the three counts are rows that are left out on purpose."""

    lines: list[Line] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    headings: int = 0  # rows without a code: offices, sums, notes
    sums: int = 0  # rows that sum up others of the same file
    other_years: int = 0

    @property
    def unknown_agencies(self) -> list[tuple[str, int]]:
        """(name, rows) of the agencies that the region does not have, the most frequent first."""
        return Counter(line.agency for line in self.lines if line.organisation is None).most_common()

    @property
    def ceiling(self) -> int:
        """The sum of the ceilings in rupiah."""
        return sum(line.ceiling or 0 for line in self.lines)

    @property
    def realised(self) -> int:
        """The sum of what was realised in rupiah."""
        return sum(line.realised or 0 for line in self.lines)


def _nothing(_done: int, _total: int) -> None:
    """Report to nobody."""


def examine(
    table: Table, mapping: Mapping[str, str], plan: Plan, year: int, report: Callable[[int, int], object] = _nothing
) -> Examined:
    """Every row of the table as it would be loaded for a year of a plan."""
    found = Examined()
    index = _agencies(plan)
    known: dict[str, int | None] = {}
    titles = {key: title for title, key in mapping.items() if key}
    heading = ""
    for position, judged in enumerate(SIPD_SHEET.judge(_whole(table, mapping), table.header, mapping), 1):
        if position % CHUNK == 0:
            report(position, len(table.rows))
        values, problems = judged.values, dict(judged.problems)
        code, beside = values.get("code") or ("", "")
        if not code and "code" not in problems:
            found.headings += 1
            heading = values.get("title") or beside or heading
            continue
        if values.get("year", year) != year:
            found.other_years += 1
            continue
        if not problems and "ceiling" not in values and "realised" not in values:
            problems["ceiling" if "ceiling" in titles else "realised"] = _("Write an amount, 0 where there is none.")
        if problems:
            found.wrong.append(Wrong(judged.number, [(titles[key], text) for key, text in problems.items()]))
            continue
        agency = values.get("agency", "") if "agency" in titles else heading
        if agency not in known:
            known[agency] = _organisation(index, agency)
        found.lines.append(
            Line(
                judged.number, code, (values.get("title") or beside)[:500], agency[:300], known[agency],
                values.get("ceiling"), values.get("realised"),
            )
        )  # fmt: skip
    _leave_out_sums(found)
    return found


def examined_of(export: BudgetExport) -> Examined:
    """What an export that waits would become, judged once for all looks at its preview.

    It is judged anew when its columns were placed otherwise, when the region's agencies have changed, and in another
    language. Raises as `table_of` does.
    """
    known = tuple(export.plan.government.children.agencies().order_by("pk").values_list("pk", "name", "abbreviation"))
    said = (export.file.sha256, export.year, tuple(export.mapping.items()))
    return _examined(export.pk, said, known, translation.get_language() or "")


@lru_cache(maxsize=2)
def _examined(pk: int, _said: Any, _agencies: Any, _language: str) -> Examined:
    export = BudgetExport.objects.select_related("file", "plan__government__region").get(pk=pk)
    return examine(table_of(export), export.mapping, export.plan, export.year)


def _whole(table: Table, mapping: Mapping[str, str]) -> Iterable[Row]:
    """The rows with cents rounded to whole rupiah in columns of money that count rupiah."""
    positions = {
        position
        for position, title in enumerate(table.header)
        if mapping.get(title) in ("ceiling", "realised") and unit_of(title) == 1
    }
    if not positions:
        return table.rows
    return (
        Row(row.number, tuple(_rounded(cell) if place in positions else cell for place, cell in enumerate(row.cells)))
        for row in table.rows
    )


def _rounded(cell: Value) -> Value:
    if isinstance(cell, float) and abs(cell) < 10**15:
        return int(Decimal(repr(float(cell))).quantize(Decimal(1), ROUND_HALF_UP))
    if (
        isinstance(cell, str)
        and (amount := _WITH_CENTS.fullmatch(cell.strip()))
        and amount["mark"] != amount["decimal"]
    ):
        whole = re.sub("[.,]", "", amount["whole"])
        return int(Decimal(f"{whole}.{amount['cents']}").quantize(Decimal(1), ROUND_HALF_UP))
    return cell


def _agencies(plan: Plan) -> AgencyIndex:
    region = plan.government.region
    return AgencyIndex(region.name if region else "", plan.government.children.agencies().order_by("pk"))


def _organisation(index: AgencyIndex, text: str) -> int | None:
    """The agency that the text names, with or without the code that the system puts before it."""
    _code, words = codes.split(text)
    found = index.find(words) if words else None
    return found.organisation.pk if found else None


def _leave_out_sums(found: Examined) -> None:
    """Drop rows that stand above another row of the same agency: the system prints sums of programmes and activities."""
    above: dict[int | str, set[str]] = defaultdict(set)
    climbed: dict[str, list[str]] = {}
    for line in found.lines:
        if line.code not in climbed:
            climbed[line.code] = codes.ancestors(line.code)
        above[line.organisation or line.agency].update(climbed[line.code])
    kept = [line for line in found.lines if line.code not in above[line.organisation or line.agency]]
    found.sums = len(found.lines) - len(kept)
    found.lines = kept


# --- the verbs --------------------------------------------------------------------------------------------------------


def current_export(plan: Plan, year: int) -> BudgetExport | None:
    """The export of a year that counts: the one that was loaded last."""
    loaded = plan.budget_exports.filter(year=year, withdrawn_at=None, applied_at__isnull=False)
    return loaded.select_related("file", "created_by__person").order_by("-applied_at", "-pk").first()


def open_export(file: File, *, plan: Plan, year: int, by: Any) -> tuple[BudgetExport, bool]:
    """Store an export that somebody hands in; (the row, whether it is new).

    The very file that counts already for this year is not taken again. Raises SheetError or FileRefused.
    """
    current = current_export(plan, year)
    if current and current.file.sha256 == _digest(file):
        return current, False
    mapping = proposed_mapping(read(file, file.name))
    stored = store(file, by=by, organisation_path=plan.organisation_path)
    with transaction.atomic():
        export = BudgetExport.objects.create(
            plan=plan, year=year, file=stored, mapping=mapping, created_by=by, updated_by=by
        )
        record("start", export, by=by, after={"file": stored.name, "year": year})
    return export, True


def _digest(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


@transaction.atomic
def place_columns(export: BudgetExport, mapping: Mapping[str, str], *, by: Any) -> None:
    """Keep the confirmed mapping; raises TooLate when somebody else did something with this export meanwhile."""
    update_if_unchanged(export, {"mapping": dict(mapping)}, by=by, version=export.version)


@transaction.atomic
def start_loading(export: BudgetExport, *, by: Any) -> None:
    """Ask for the job; asked twice it is the same one."""
    job = later(JOB, export.pk, by=by, key=f"{JOB}:{export.pk}", organisation_path=export.organisation_path)
    BudgetExport.objects.filter(pk=export.pk, job=None).update(job=job, updated_at=timezone.now(), updated_by=by)
    export.job = job


def fill(export: BudgetExport, examined: Examined, *, by: Any) -> None:
    """Store the lines, from when on this export counts for its year; call it inside a transaction."""
    if export.applied_at is not None:
        return
    for start in range(0, len(examined.lines), CHUNK):
        insert_many(
            BudgetExportLine,
            (
                {"export_id": export.pk, "number": line.number, "code": line.code, "title": line.title,
                 "agency_text": line.agency, "organisation_id": line.organisation,
                 "ceiling_rupiah": line.ceiling, "realised_rupiah": line.realised}
                for line in examined.lines[start : start + CHUNK]
            ),
        )  # fmt: skip
    export.applied_at = timezone.now()
    BudgetExport.objects.filter(pk=export.pk).update(applied_at=export.applied_at)
    after = {
        "year": export.year,
        "lines": len(examined.lines),
        "ceiling": examined.ceiling,
        "realised": examined.realised,
    }
    record("load", export, by=by, after=after)


# --- both sides -------------------------------------------------------------------------------------------------------

MATCHED, ONLY_PLAN, ONLY_EXPORT, WITHOUT_CODE = "matched", "plan", "sipd", "no_code"


@dataclass
class Difference:
    """One code of one agency on both sides, in rupiah; None where a side says nothing.

    `stages`: {stage of the budget line: planned}; `rows`: (kind, key, title) of the actions and innovations behind it.
    """

    organisation: int | None
    agency: str
    code: str
    title: str = ""
    planned: int | None = None
    ceiling: int | None = None
    realised: int | None = None
    stages: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[str, int, str]] = field(default_factory=list)
    is_in_export: bool = False

    @property
    def state(self) -> str:
        """On which side it stands."""
        if not self.rows:
            return ONLY_EXPORT
        if self.is_in_export:
            return MATCHED
        return ONLY_PLAN if self.code else WITHOUT_CODE

    @property
    def gap(self) -> int | None:
        """How much the ceiling is above (or, below zero, under) what was planned."""
        return None if self.ceiling is None or self.planned is None else self.ceiling - self.planned


@dataclass(frozen=True)
class Totals:
    """Sums in rupiah."""

    planned: int
    ceiling: int
    realised: int


def totals(rows: Iterable[Difference]) -> Totals:
    """The sums of some differences."""
    rows = list(rows)
    return Totals(*(sum(getattr(row, name) or 0 for row in rows) for name in ("planned", "ceiling", "realised")))


def planned_money(plan: Plan, year: int) -> QuerySet[BudgetLine]:
    """The planned lines of a year that count, each rupiah once: of innovations, and of actions without one."""
    of_innovations = Q(innovation__in=innovation_figures.printed(plan).order_by())
    own = Q(innovation=None, action__plan=plan, action__withdrawn_at=None)
    return innovation_figures.planned_lines(plan).filter(of_innovations | own, year=year)


def differences(plan: Plan, year: int, export: BudgetExport | None) -> list[Difference]:
    """Plan and export side by side, by agency and code; the database sums, in six queries however many lines there are."""
    names = dict(plan.government.children.agencies().values_list("pk", "name"))
    found: dict[tuple[int | str | None, str], Difference] = {}
    _add_plan(found, names, plan, year)
    if export is not None:
        _add_export(found, names, export)
    return sorted(found.values(), key=lambda row: (row.agency, row.code, row.organisation or 0))


def _add_plan(found: dict[Any, Difference], names: Mapping[int, str], plan: Plan, year: int) -> None:
    """The plan's side: what actions (and innovations without any) plan for the year, by agency and code."""
    columns = ("pk", "title", "budget_code", "organisation_id")
    more = ("innovation__budget_code", "start_year", "end_year")
    actions = {row["pk"]: row for row in figures.printed(plan).order_by("order", "pk").values(*columns, *more)}
    sums = planned_money(plan, year).order_by().values_list("action_id", "innovation_id", "stage")
    money: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for action, innovation, stage, amount in sums.annotate(amount=Sum("amount_rupiah")):
        own = money["action", action] if action in actions else money["innovation", innovation]
        own[stage] = own.get(stage, 0) + amount
    by_themselves = [pk for kind, pk in money if kind == "innovation"]
    innovations = {
        row["pk"]: row
        for row in innovation_figures.printed(plan).filter(pk__in=by_themselves).order_by("pk").values(*columns)
    }
    rows = [
        ("action", pk, row, row["budget_code"] or row["innovation__budget_code"] or "") for pk, row in actions.items()
    ]
    rows += [("innovation", pk, row, row["budget_code"]) for pk, row in innovations.items()]
    for kind, pk, row, typed in rows:
        stages = money.get((kind, pk), {})
        if not stages and not (typed and kind == "action" and _runs_in(row, year)):
            continue
        code = codes.parse(typed) if typed else ""
        text = code.text if isinstance(code, codes.Code) else typed
        organisation = row["organisation_id"]
        one = found.setdefault(
            (organisation, text), Difference(organisation, names.get(organisation, ""), text, row["title"])
        )
        one.rows.append((kind, pk, row["title"]))
        for stage, amount in stages.items():
            one.stages[stage] = one.stages.get(stage, 0) + amount
            one.planned = (one.planned or 0) + amount


def _runs_in(row: Mapping[str, Any], year: int) -> bool:
    first, last = row["start_year"], row["end_year"]
    return (first is not None or last is not None) and (first or year) <= year <= (last or year)


def _add_export(found: dict[Any, Difference], names: Mapping[int, str], export: BudgetExport) -> None:
    """The export's side: each sum goes to the nearest code of the plan, else stands by itself."""
    planned = {key for key in found if key[1]}
    sums = export.lines.order_by().values_list("organisation_id", "agency_text", "code")
    for organisation, agency, code, title, ceiling, realised in sums.annotate(
        name=Max("title"), ceiling=Sum("ceiling_rupiah"), realised=Sum("realised_rupiah")
    ):
        key = next((key for key in _keys(organisation, code) if key in planned), None)
        if key is None:
            key = (organisation or agency, code)
            found.setdefault(key, Difference(organisation, names.get(organisation, agency), code, title))
        one = found[key]
        one.is_in_export = True
        if ceiling is not None:
            one.ceiling = (one.ceiling or 0) + ceiling
        if realised is not None:
            one.realised = (one.realised or 0) + realised


def _keys(organisation: int | None, code: str) -> Iterable[tuple[int | None, str]]:
    """The places in the plan where a line may belong, the nearest first."""
    if organisation is None:
        return
    for one in (code, *codes.ancestors(code)):
        parsed = codes.parse(one)
        if isinstance(parsed, codes.Code) and parsed.level in MATCHED_LEVELS:
            yield organisation, one
            yield organisation, codes.in_general(one)
