"""What each row of a foreign sheet would become: its region, plan and agency, and whether it is new, known or wrong."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.places.models import Region
from praja.foundation.plans.dimension_words import DimensionWords
from praja.foundation.plans.models import BudgetLine, DimensionSet, Plan
from praja.foundation.sheets.columns import Judged
from praja.foundation.sheets.reading import Row, Table
from praja.foundation.sheets.values import ValueProblem, text_of
from praja.foundation.workflow.models import State
from praja.stages.innovations.models import Innovation, Unplaced
from praja.stages.innovations.regions import RegionIndex
from praja.stages.innovations.sheet import INNOVATION_SHEET
from praja.stages.preparation.recognition import AgencyIndex, SheetAgency

NEW, FILLS, THERE, WRONG = "new", "fills", "there", "wrong"
CHUNK = 1_000
# Columns whose value is stored as it was read.
PLAIN = tuple(
    column.key
    for column in INNOVATION_SHEET.columns
    if column.key
    not in {
        "region",
        "region_code",
        "dimension",
        "sub_dimension",
        "agency",
        "is_it",
        "budget",
        "budget_year",
        "budget_source",
    }
)
FIELDS = (*PLAIN, "is_it", "dimension_id", "sub_dimension_id", "organisation_id")
_STATE = ("pk", "plan_id", "source_key", "state", "withdrawn_at", "is_unverified")


@dataclass(eq=False)
class Place:
    """One region of the sheet with its plan (None: the import opens it), agencies and the words of its dimensions."""

    region: Region
    plan: Any  # a Plan, or None
    agencies: AgencyIndex
    dimensions: DimensionWords


@dataclass
class Line:
    """One row of the sheet and what it would become.

    `fields`: values by field of Innovation; `money`: those of a budget line; `unplaced`: {title: text} kept aside;
    `problems`: (title of the column, sentence) that must be mended; `notes`: sentences that only inform;
    `existing`: key of the innovation that is there, `gaps`: what the row would add to it.
    """

    number: int
    status: str = NEW
    place: Any = None  # its Place; None when the region cannot be told
    agency: SheetAgency | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    dimension: str = ""
    money: dict[str, Any] | None = None
    unplaced: dict[str, str] = field(default_factory=dict)
    key: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    existing: int | None = None
    gaps: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether the row would change something."""
        return self.status in (NEW, FILLS)

    @property
    def title(self) -> str:
        """The name as it stands in the sheet."""
        return self.fields.get("title") or self.texts.get("title", "")

    def wrong(self, title: str, sentence: str) -> None:
        """Note what must be mended."""
        self.problems.append((title, sentence))
        self.status = WRONG


@dataclass
class Preview:
    """Every row, with counts: rows by status, blanks by title of the column."""

    lines: list[Line]
    blanks: dict[str, int]
    places: list[Place]

    @property
    def counts(self) -> Counter[str]:
        """Rows by status."""
        return Counter(line.status for line in self.lines)

    @property
    def good(self) -> list[int]:
        """Numbers of the rows that would change something."""
        return [line.number for line in self.lines if line.is_good]


def examine(table: Table, mapping: Mapping[str, str], plan: Plan | None) -> Preview:
    """Every row of the table judged and compared with what is there; the number of queries grows by thousands of rows.

    `mapping`: {title: key of our column, or "" for not placed}; `plan`: where all rows go; None: a plan for each region.
    """
    title_of = {key: title for title, key in mapping.items() if key}
    judged_rows = list(INNOVATION_SHEET.judge(table.rows, table.header, {k: v or None for k, v in mapping.items()}))
    blanks = _blanks(judged_rows, table.header, mapping)
    lines = [_line(judged, title_of) for judged in judged_rows]
    places = _find_places(lines, judged_rows, title_of, plan)
    raw = _Texts(table, title_of)
    for line, judged, row in zip(lines, judged_rows, table.rows, strict=True):
        if line.place is not None:
            _resolve(line, judged, row, raw, is_national=plan is None)
    _mark_repeated(lines, table.rows, title_of)
    _compare_with_present(lines, is_national=plan is None)
    return Preview(lines, blanks, places)


def _blanks(judged_rows: Sequence[Judged], header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """How many rows leave each column blank, by its title; columns that every row fills are left out."""
    placed: Counter[str] = Counter(key for judged in judged_rows for key in judged.blanks)
    aside: Counter[str] = Counter(title for judged in judged_rows for title in judged.unplaced)
    counts = {
        title: placed[mapping[title]] if mapping.get(title) else len(judged_rows) - aside[title] for title in header
    }
    return {title: count for title, count in counts.items() if count}


class _Texts:
    """The cells of a row as they were typed, by our columns."""

    def __init__(self, table: Table, title_of: Mapping[str, str]) -> None:
        self.title_of = title_of
        self._position = {key: table.header.index(title) for key, title in title_of.items()}

    def of(self, row: Row, key: str) -> str:
        """The text of one cell."""
        return text_of(row.cells[self._position[key]]) if key in self._position else ""


def _line(judged: Judged, title_of: Mapping[str, str]) -> Line:
    line = Line(judged.number, unplaced=judged.unplaced, texts=judged.texts)
    for key, sentence in judged.problems.items():
        line.wrong(title_of.get(key, str(INNOVATION_SHEET.by_key[key].title)), sentence)
    return line


# --- regions and plans ------------------------------------------------------------------------------------------------


def _find_places(
    lines: Sequence[Line], judged_rows: Sequence[Judged], title_of: Mapping[str, str], plan: Plan | None
) -> list[Place]:
    """Give each line its place; a line whose region cannot be told becomes wrong."""
    index = RegionIndex() if plan is None or {"region", "region_code"} & set(title_of) else None
    regions: dict[int, Region] = {}
    found: list[Region | None] = []
    for line, judged in zip(lines, judged_rows, strict=True):
        region = _region_of(line, judged, title_of, index)
        if plan is not None:
            home = plan.government.region
            if region is not None and region != home:
                line.wrong(
                    title_of.get("region") or title_of["region_code"],
                    _("This row is of %(other)s; this page brings rows into the plan of %(own)s.")
                    % {"other": region, "own": home},
                )
            region = home
        elif region is None and not line.problems:
            line.wrong(
                title_of.get("region") or title_of.get("region_code") or _("Region"),
                _("Please name the region, for example Kabupaten Garut, so that the row finds its plan."),
            )
        if region is not None:
            regions[region.pk] = region
        found.append(region)
    places = _places(list(regions.values()), plan)
    for line, region in zip(lines, found, strict=True):
        line.place = places[region.pk] if region else None
    return list(places.values())


def _region_of(line: Line, judged: Judged, title_of: Mapping[str, str], index: RegionIndex | None) -> Region | None:
    """The region that the row names by code, by name or by both alike."""
    named: dict[str, Region] = {}
    for key in ("region_code", "region"):
        if index is None or key not in judged.values:
            continue
        try:
            named[key] = index.find(judged.values[key])
        except ValueProblem as problem:
            line.wrong(title_of[key], str(problem))
    if len({region.pk for region in named.values()}) > 1:
        line.wrong(
            title_of["region_code"],
            _("The code is that of %(code)s, the name that of %(name)s. Correct one of the two.")
            % {"code": named["region_code"], "name": named["region"]},
        )
    return next(iter(named.values()), None)


def _places(regions: list[Region], plan: Plan | None) -> dict[int, Place]:
    """The places of the regions, in a handful of queries."""
    if plan is not None:
        plans = {plan.government.region_id: plan}
    else:
        rows = Plan.objects.filter(government__region__in=regions, withdrawn_at=None).order_by("-pk")
        plans = {row.government.region_id: row for row in rows.select_related("government__region", "dimension_set")}
    agencies: dict[int, list[Organisation]] = {}
    rows = Organisation.objects.agencies().filter(parent__kind=Organisation.Kind.GOVERNMENT, parent__region__in=regions)
    for agency in rows.select_related("parent").order_by("pk"):
        agencies.setdefault(agency.parent.region_id, []).append(agency)
    words: dict[int, DimensionWords] = {}
    default: Any = None
    places = {}
    for region in regions:
        region_plan = plans.get(region.pk)
        if region_plan is None:
            default = default or DimensionSet.objects.get(is_default=True)
        one_set = region_plan.dimension_set if region_plan else default
        if one_set.pk not in words:
            words[one_set.pk] = DimensionWords(one_set)
        places[region.pk] = Place(
            region, region_plan, AgencyIndex(region.name, agencies.get(region.pk, [])), words[one_set.pk]
        )
    return places


# --- one row ----------------------------------------------------------------------------------------------------------


def _resolve(line: Line, judged: Judged, row: Row, raw: _Texts, *, is_national: bool) -> None:
    """Turn what the columns read into fields of an innovation."""
    values, title_of, place = judged.values, raw.title_of, line.place
    fields = line.fields = {key: values[key] for key in PLAIN if key in values}
    if "is_it" in values:
        fields["is_it"] = values["is_it"] == "it"
    first, last = fields.get("start_year"), fields.get("end_year")
    if first and last and last < first:
        line.wrong(title_of["end_year"], _("The last year is before the first. Correct one of the two."))
    words = place.dimensions
    key, sub, about, about_sub = words.read(values.get("dimension", ""), values.get("sub_dimension", ""))
    if about:
        line.wrong(title_of["dimension"], about)
    if about_sub:
        line.wrong(title_of["sub_dimension"], about_sub)
    if key:
        fields["dimension_id"], line.dimension = words.pk[key], key
    if sub:
        fields["sub_dimension_id"] = words.sub_pk[key, sub]
    if "agency" in values:
        _resolve_agency(line, values["agency"], title_of["agency"], is_national=is_national)
    _resolve_money(line, judged, row, raw)
    if line.status == NEW:
        line.key = _source_key(line, values)


def _resolve_agency(line: Line, text: str, title: str, *, is_national: bool) -> None:
    """A national import makes the agencies that it does not know, unverified; a region knows its own."""
    index = line.place.agencies
    if is_national:
        line.agency = index.find_or_add(text)
        return
    line.agency = index.find(text)
    if line.agency is None:
        near = index.nearest(text)
        line.wrong(
            title,
            _(
                "The region has no agency “%(text)s”. Closest: %(names)s. Write one of its names, or add the agency first."
            )
            % {"text": text[:60], "names": ", ".join(near)}
            if near
            else _("The region has no agencies yet. Add them first, then import again."),
        )


def _resolve_money(line: Line, judged: Judged, row: Row, raw: _Texts) -> None:
    """A budget line where amount, year and source are known; otherwise what was typed is kept aside."""
    parts = {key: judged.values[key] for key in ("budget", "budget_year", "budget_source") if key in judged.values}
    if not parts:
        return
    if "budget_year" not in parts and (year := re.search(r"\b20[0-9]{2}\b", raw.title_of.get("budget", ""))):
        parts["budget_year"] = int(year[0])
    if len(parts) == 3:
        line.money = {"amount_rupiah": parts["budget"], "year": parts["budget_year"], "source": parts["budget_source"]}
        return
    kept = [key for key in parts if key in judged.values]
    line.unplaced = line.unplaced | {raw.title_of[key]: raw.of(row, key) for key in kept}
    if "budget" in parts:
        line.notes.append(_("The amount is kept as not placed: its year or the source of the money is not known."))


def folded(text: str) -> str:
    """The text for telling rows apart: case and spaces do not matter."""
    return " ".join(text.casefold().split())


def _source_key(line: Line, values: Mapping[str, Any]) -> str:
    """What makes the row this row and no other, whatever the order of rows and columns."""
    fields = line.fields
    parts = (
        line.place.region.code,
        folded(fields["title"]),
        str(fields.get("source_year") or ""),
        fields.get("source_address") or "",
        line.dimension,
        folded(values.get("agency") or ""),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _mark_repeated(lines: Iterable[Line], rows: Iterable[Row], title_of: Mapping[str, str]) -> None:
    """A row that stands twice comes in once; one that differs elsewhere has to be told apart by a person."""
    first: dict[str, tuple[Line, Row]] = {}
    for line, row in zip(lines, rows, strict=True):
        if not line.key:
            continue
        other, other_row = first.setdefault(line.key, (line, row))
        if other is line:
            continue
        if [text_of(cell) for cell in row.cells] == [text_of(cell) for cell in other_row.cells]:
            line.status = THERE
            line.notes.append(_("The same as row %(number)d.") % {"number": other.number})
        else:
            line.wrong(
                title_of["title"],
                _(
                    "Row %(number)d has the same name, year, source, dimension and agency, but differs elsewhere. Put both into one row, or give each its own name."
                )
                % {"number": other.number},
            )
        line.key = ""


# --- what is there ----------------------------------------------------------------------------------------------------


def _compare_with_present(lines: Sequence[Line], *, is_national: bool) -> None:
    """Find the innovation that a row is already: by its key, else by name where nothing contradicts."""
    waiting = [line for line in lines if line.key and line.place.plan is not None]
    present = _present(waiting)
    by_key = {(row["plan_id"], row["source_key"]): row for row in present if row["source_key"]}
    by_name: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in present:
        by_name.setdefault((row["plan_id"], folded(row["title"])), []).append(row)
    taken = set()
    pairs = []
    for line in waiting:
        if found := by_key.get((line.place.plan.pk, line.key)):
            taken.add(found["pk"])
            pairs.append((line, found))
    for line in waiting:
        if (line.place.plan.pk, line.key) in by_key:
            continue
        candidates = by_name.get((line.place.plan.pk, folded(line.fields["title"])), [])
        fitting = [row for row in candidates if row["pk"] not in taken and _fits(line, row)]
        if len(fitting) == 1:
            taken.add(fitting[0]["pk"])
            pairs.append((line, fitting[0]))
    unplaced = _columns_of(Unplaced.objects.all(), taken, "column")
    money = _columns_of(BudgetLine.objects.filter(withdrawn_at=None), taken, "year")
    for line, row in pairs:
        _compare(line, row, unplaced.get(row["pk"], set()), has_money=row["pk"] in money, is_national=is_national)


def _present(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The innovations that have the key of one of the lines, else its name; at most two queries for each thousand."""
    found: dict[int, dict[str, Any]] = {}
    rows = Innovation.objects.order_by().values(*_STATE, *FIELDS)
    for chunk in chunks(lines):
        # A key is as good as unique by itself: asking for the plans too would multiply the search.
        by_key = list(rows.filter(source_key__in=[line.key for line in chunk]))
        known = {(row["plan_id"], row["source_key"]) for row in by_key}
        others = [line for line in chunk if (line.place.plan.pk, line.key) not in known]
        plans = {line.place.plan.pk for line in others}
        by_name = rows.filter(plan__in=plans, title__in={line.fields["title"] for line in others})
        found |= {row["pk"]: row for row in (*by_key, *by_name)}
    return list(found.values())


def _columns_of(rows: Any, innovations: Iterable[int], column: str) -> dict[int, set[Any]]:
    found: dict[int, set[Any]] = {}
    for chunk in chunks(innovations):
        for pk, value in rows.filter(innovation__in=chunk).order_by().values_list("innovation_id", column):
            found.setdefault(pk, set()).add(value)
    return found


def _fits(line: Line, row: Mapping[str, Any]) -> bool:
    """Whether nothing that tells rows apart differs; blank fits everything."""
    for name in ("source_year", "source_address", "dimension_id"):
        value = line.fields.get(name)
        if value and row[name] and value != row[name]:
            return False
    if line.agency is None or row["organisation_id"] is None:
        return True
    return line.agency.organisation is not None and line.agency.organisation.pk == row["organisation_id"]


def _compare(line: Line, row: Mapping[str, Any], unplaced: set[str], *, has_money: bool, is_national: bool) -> None:
    """Decide whether the row fills gaps of the innovation, and say where the two differ."""
    line.existing, line.status = row["pk"], THERE
    if row["withdrawn_at"]:
        line.notes.append(_("It was withdrawn from the plan; bring it back there if it is wanted again."))
        return
    gaps, differing = {}, []
    for name, value in line.fields.items():
        if row[name] in (None, ""):
            gaps[name] = value
        elif row[name] != value and name != "title":
            differing.append(name)
    if line.agency is not None:
        own = line.agency.organisation
        if row["organisation_id"] is None:
            gaps["organisation"] = line.agency
        elif own is None or own.pk != row["organisation_id"]:
            differing.append("organisation")
    gaps["unplaced"] = {title: text for title, text in line.unplaced.items() if title[:200] not in unplaced}
    gaps["money"] = None if has_money else line.money
    gaps = {name: value for name, value in gaps.items() if value not in (None, {})}
    if "sub_dimension_id" in gaps and "dimension_id" in differing:
        del gaps["sub_dimension_id"]
    if differing:
        line.notes.append(
            _("We hold another value in: %(names)s. It stays as it is.")
            % {"names": ", ".join(map(label_of, differing))}
        )
    if not gaps:
        return
    may_fill = row["source_key"] and row["state"] == State.DRAFT and (row["is_unverified"] or not is_national)
    names = ", ".join(map(label_of, gaps))
    if may_fill:
        line.status, line.gaps = FILLS, gaps
        line.notes.append(_("Fills: %(names)s.") % {"names": names})
    else:
        line.notes.append(
            _("The region works on it, so it stays as it is; the sheet also says: %(names)s.") % {"names": names}
        )


def label_of(name: str) -> str:
    """A field of Innovation in words."""
    if name == "unplaced":
        return _("columns that are not placed")
    if name == "money":
        return _("Budget")
    column = {"organisation": "agency", "dimension_id": "dimension", "sub_dimension_id": "sub_dimension"}.get(
        name, name
    )
    return str(INNOVATION_SHEET.by_key[column].title)


def chunks(items: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
