"""One sheet with the whole tree: a row for each indicator, or for a target, goal or mission that has none yet.

An empty cell of mission, goal or target means "as in the row above"; any other empty cell changes nothing. The cells are
judged by the fields of the pages' forms.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.foundation.drafts.rules import Rule
from praja.foundation.plans.models import Indicator
from praja.foundation.plans.workbook import PlanRows
from praja.foundation.sheets.columns import Column, Sheet
from praja.foundation.sheets.entries import EntryColumn, RowsColumn, column_of, parts_of
from praja.foundation.sheets.fields import DecimalTextField
from praja.foundation.sheets.values import Value, ValueProblem, is_blank
from praja.stages.targets.forms import GoalForm, MissionForm, TargetForm, TargetIndicators, years_of
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Goal, Part, Target
from praja.stages.targets.tree import MissionBranch

LEVELS = ("mission", "goal", "target")
TARGET_FIELDS = ("strategic_issue", "dimensions", "agencies")
INDICATOR_FIELDS = ("unit", "baseline", "baseline_year", "source")


class NamesColumn(RowsColumn):
    """Several rows, a name in each line or between semicolons; between commas where that is how all of them are known."""

    def _read(self, cell: Value, cells: Mapping[str, Value]) -> Any:
        try:
            return super()._read(cell, cells)
        except ValueProblem:
            parts = [part.strip() for text in parts_of(cell) for part in text.split(",") if not is_blank(part)]
            if len(parts) < 2:
                raise
            return super()._read("\n".join(parts), cells)


class TreeSheet(Sheet):
    """The columns for one plan; `entries`: {key: the column of the form's field}."""

    def __init__(self, development_plan: DevelopmentPlan, by: Any) -> None:
        plan, years = development_plan.plan, years_of(development_plan)
        self.years = years
        rows = PlanRows(plan, by)
        target = TargetForm(instance=begun(Target, development_plan), user=by)
        mission = MissionForm(instance=begun(DevelopmentMission, development_plan), user=by)
        goal = GoalForm(instance=begun(Goal, development_plan), user=by)
        line = TargetIndicators.Line(years=years)
        self.indicator_rules: tuple[Rule, ...] = TargetIndicators.Line.rules
        fields: dict[str, Any] = {}
        for level, form in (("mission", mission), ("goal", goal), ("target", target)):
            fields |= {f"{level}_number": form.fields["number"], level: form.fields["text"]}
        fields["strategic_issue"] = target.fields["strategic_issue"]
        fields["indicator"] = line.fields["name"]
        fields |= {key: line.fields[key] for key in (*INDICATOR_FIELDS, *(f"target_{year}" for year in years))}
        self.entries: dict[str, EntryColumn] = {key: column_of(key, field) for key, field in fields.items()}
        self.entries["dimensions"] = NamesColumn("dimensions", target.fields["dimensions"], rows.dimensions)
        self.entries["agencies"] = NamesColumn("agencies", target.fields["agencies"], rows.agencies)
        super().__init__(self._columns())

    def _columns(self) -> Iterable[Column]:
        above = gettext_lazy("Left empty, it is that of the row above.")
        several = gettext_lazy("Several: with semicolons between them.")
        yield self._column("mission_number", gettext_lazy("No. of the mission"), "no misi", "nomor misi", "kode misi")
        yield self._column("mission", gettext_lazy("Mission"), "misi", "misi rpjmd", help=above)
        yield self._column("goal_number", gettext_lazy("No. of the goal"), "no tujuan", "nomor tujuan", "kode tujuan")
        yield self._column("goal", gettext_lazy("Goal"), "tujuan", "tujuan rpjmd", "tujuan pembangunan", help=above)
        yield self._column(
            "target_number", gettext_lazy("No. of the target"), "no sasaran", "nomor sasaran", "kode sasaran"
        )
        yield self._column("target", pgettext_lazy("RPJMD", "Target"), "sasaran", "sasaran rpjmd", "sasaran strategis", "sasaran pembangunan", help=above)  # fmt: skip
        yield self._column("strategic_issue", gettext_lazy("Strategic issue"), "isu strategis", "isu")
        yield self._column(
            "dimensions", gettext_lazy("Dimensions"), "dimensi", "pilar", "dimensi smart city", help=several
        )
        yield self._column("agencies", gettext_lazy("Agencies (OPD)"), "opd", "perangkat daerah", "opd pengampu", "penanggung jawab", "opd penanggung jawab", "skpd", help=several)  # fmt: skip
        yield self._column("indicator", gettext_lazy("Indicator"), "indikator", "indikator sasaran", "indikator kinerja", "iku", "indikator kinerja utama", help=gettext_lazy("One row for each indicator."))  # fmt: skip
        yield self._column("unit", gettext_lazy("Unit"), "satuan")
        yield self._column(
            "baseline", gettext_lazy("Baseline"), "kondisi awal", "capaian awal", "data awal", "baseline"
        )
        yield self._column("baseline_year", gettext_lazy("Year of the baseline"), "tahun baseline", "tahun kondisi awal", "tahun awal")  # fmt: skip
        yield self._column("source", gettext_lazy("Source of the data"), "sumber data", "sumber")
        for year in self.years:
            title = gettext_lazy("Target %(year)s") % {"year": year}
            yield self._column(f"target_{year}", title, str(year), f"target {year}", f"target tahun {year}", f"tahun {year}")  # fmt: skip

    def _column(self, key: str, title: Promise | str, *aliases: str, help: Promise | str = "") -> Column:  # noqa: A002 - as in Column
        entry = self.entries[key]

        def parse(value: Value) -> Any:
            return None if is_blank(value) else entry.read(value, {})

        return Column(key, title, aliases, parse, help=help)

    def texts_of(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Read values as texts that read the same again."""
        return {key: self.entries[key].text(self.entries[key].plain(value)) for key, value in values.items()}


def begun(kind: type[Part], development_plan: DevelopmentPlan) -> Any:
    """A part that is not stored, for asking its form about its fields."""
    row = kind()
    row.begun_in = development_plan
    return row


def indicator_keys(sheet: TreeSheet) -> list[str]:
    """The columns that say something about an indicator beside its name."""
    return [*INDICATOR_FIELDS, *(f"target_{year}" for year in sheet.years)]


def values_of(indicator: Indicator) -> dict[str, Any]:
    """A stored indicator as the sheet reads it: {key of a column: value}."""
    values = {key: getattr(indicator, key) for key in INDICATOR_FIELDS}
    return values | {f"target_{one.year}": one.value for one in indicator.targets.all()}


def rows_of_tree(sheet: TreeSheet, branches: Iterable[MissionBranch]) -> Iterable[list[Any]]:
    """The tree as rows of the sheet, each with its mission, goal and target, so that what goes out can come back."""
    for branch in branches:
        base = {"mission_number": branch.mission.number, "mission": branch.mission.text}
        if not branch.goals:
            yield _cells(sheet, base)
        for goal in branch.goals:
            values = {**base, "goal_number": goal.goal.number, "goal": goal.goal.text}
            if not goal.targets:
                yield _cells(sheet, values)
            for target in goal.targets:
                own = {
                    **values,
                    "target_number": target.number,
                    "target": target.text,
                    "strategic_issue": target.strategic_issue,
                    "dimensions": "; ".join(str(one) for one in target.dimensions.all()),
                    "agencies": "; ".join(str(one) for one in target.agencies.all()),
                }
                lines = target.indicators_in_order  # type: ignore[attr-defined]  # tree_of fetched them
                for line in lines or [None]:
                    yield _cells(sheet, own | ({"indicator": line.name} | values_of(line) if line else {}))


def _cells(sheet: TreeSheet, values: Mapping[str, Any]) -> list[Any]:
    return [_cell(sheet.entries[column.key], values.get(column.key)) for column in sheet.columns]


def _cell(entry: EntryColumn, value: Any) -> Any:
    """A value as a workbook holds it: decimals as numbers, everything else as the cell says it."""
    if isinstance(entry.field, DecimalTextField) and value:
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value or None
