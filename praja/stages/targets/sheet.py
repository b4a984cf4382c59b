"""One sheet with the whole tree: a row for each indicator, or for a target, goal or mission that has none yet.

An empty cell of mission, goal or target means "as in the row above"; any other empty cell changes nothing. The cells are
judged by the fields of the pages' forms.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.foundation.drafts.rules import Rule
from praja.foundation.plans.models import Indicator
from praja.foundation.plans.workbook import PlanRows
from praja.foundation.sheets.columns import Column, Judged, Sheet, mapping_of
from praja.foundation.sheets.entries import EntryColumn, RowsColumn, column_of, parts_of
from praja.foundation.sheets.fields import DecimalTextField
from praja.foundation.sheets.reading import Row, SheetError, read_table
from praja.foundation.sheets.values import Value, ValueProblem, is_blank, normalised
from praja.stages.targets.forms import GoalForm, MissionForm, TargetForm, TargetIndicators, years_of
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Goal, Part, Target
from praja.stages.targets.tree import MissionBranch, tree_of

NEW, CHANGES, THERE, WRONG = "new", "changes", "there", "wrong"
MOST_ROWS = 1_000
MOST_CHARACTERS = 1_200_000  # of the preview's values, which travel in its form
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


@dataclass
class Node:
    """A mission, goal or target of the tree while a sheet is compared with it: a stored row, or one that the sheet adds.

    `told`: {column: (value, row of the sheet that said so first)}; `lines`: {indicator: row of the sheet}.
    """

    row: Any = None
    number: str = ""
    text: str = ""
    below: list["Node"] = field(default_factory=list)
    indicators: dict[str, Indicator | None] = field(default_factory=dict)  # by normalised name
    told: dict[str, tuple[Any, int]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass
class Line:
    """One row of the sheet and what it would become.

    `values`: what it says, with mission, goal and target filled down; `problems`: (title of the column, sentence);
    `notes`: what would happen, in words; `nodes`: its mission, goal and target in the tree.
    """

    number: int
    values: dict[str, Any]
    status: str = THERE
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    payload: str = ""

    def wrong(self, title: str, sentence: str) -> None:
        """Note what must be mended."""
        self.problems.append((title, sentence))
        self.status = WRONG

    def happens(self, status: str, note: str) -> None:
        """Note what the row adds or changes."""
        self.notes.append(note)
        if self.status in (THERE, CHANGES):
            self.status = status


@dataclass(frozen=True)
class Preview:
    """A sheet as it was understood."""

    lines: list[Line]
    columns: list[tuple[str, str]]  # (title in the file, title of ours)
    not_placed: list[str]
    warnings: list[str]
    state: str  # of the tree that it was compared with

    def count(self, status: str) -> int:
        """How many rows have a status."""
        return sum(line.status == status for line in self.lines)

    @property
    def good(self) -> int:
        """How many rows can be brought in."""
        return self.count(NEW) + self.count(CHANGES)

    @property
    def wrong(self) -> int:
        """How many rows must be mended."""
        return self.count(WRONG)


def preview_of(file: BinaryIO, filename: str, development_plan: DevelopmentPlan, by: Any) -> Preview:
    """What the file holds, against the tree as it is; raises SheetError."""
    sheet = TreeSheet(development_plan, by)
    table = read_table(file, filename, known=sheet.known_names)
    mapping = mapping_of(sheet.propose_mapping(table.header))
    if not {"mission", "target"} & set(mapping.values()):
        raise SheetError(
            _("No column of this file seems to hold missions or targets. Give them the titles “Misi” and “Sasaran”.")
        )
    if len(table.rows) > MOST_ROWS:
        raise SheetError(
            _("This file has %(count)d rows; at most %(most)d fit. Is it the right file?")
            % {"count": len(table.rows), "most": MOST_ROWS}
        )
    lines = examine(sheet, sheet.judge(table.rows, table.header, mapping), development_plan)
    if sum(len(line.payload) for line in lines) > MOST_CHARACTERS:
        raise SheetError(_("The texts of this file are too long for one go. Please split it into two files."))
    placed = [(title, str(sheet.by_key[key].title)) for title, key in mapping.items() if key]
    not_placed = [title for title, key in mapping.items() if not key]
    return Preview(lines, placed, not_placed, table.warnings, state_of(development_plan))


def preview_of_payloads(payloads: Sequence[str], development_plan: DevelopmentPlan, by: Any) -> Preview:
    """The rows that were chosen in a preview, judged again; what is not one of ours is left out."""
    sheet = TreeSheet(development_plan, by)
    keys = [column.key for column in sheet.columns]
    rows = []
    for payload in payloads[:MOST_ROWS]:
        try:
            number, texts = json.loads(payload)
            rows.append(Row(int(number), tuple(str(texts[key]) if texts.get(key) else None for key in keys)))
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, KeyError):
            continue
    judged = sheet.judge(rows, keys, {key: key for key in keys})
    return Preview(examine(sheet, judged, development_plan), [], [], [], state_of(development_plan))


def state_of(development_plan: DevelopmentPlan) -> str:
    """A word that changes when anything in the tree changes, so that nobody applies what they have not seen."""
    above: dict[type[Part], str] = {
        DevelopmentMission: "development_plan", Goal: "mission__development_plan", Target: "goal__mission__development_plan",
    }  # fmt: skip
    said: list[Any] = [(development_plan.pk, development_plan.version)]
    for kind, path in above.items():
        rows = kind._default_manager.filter(**{path: development_plan}).order_by("pk")
        said.append(list(rows.values_list("pk", "version", "withdrawn_at")))
    lines = Indicator.objects.filter(target__goal__mission__development_plan=development_plan).order_by("pk")
    said.append(list(lines.values_list("pk", "version", "withdrawn_at")))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


# --- comparing --------------------------------------------------------------------------------------------------------


def examine(sheet: TreeSheet, rows: Iterable[Judged], development_plan: DevelopmentPlan) -> list[Line]:
    """Every row with what it would become, in a constant number of queries."""
    root = Node(below=[_node_of_mission(branch) for branch in tree_of(development_plan)])
    lines = []
    carried: dict[str, str] = {}
    for judged in rows:
        line = Line(judged.number, dict(judged.values))
        line.values |= {key: " ".join(line.values[key].split()) for key in LEVELS if key in line.values}
        for key, sentence in judged.problems.items():
            line.wrong(str(sheet.by_key[key].title), sentence)
            if key in LEVELS:
                line.values[key] = judged.texts.get(key, "")
        _fill_down(line, carried)
        lines.append(line)
        if line.status == WRONG:
            continue
        _place(line, root, sheet)
        if line.status == WRONG:
            continue
        line.payload = json.dumps([line.number, sheet.texts_of(line.values)], ensure_ascii=False)
    return lines


def _node_of_mission(branch: MissionBranch) -> Node:
    """A mission with what hangs below it."""
    node = _node(branch.mission)
    for goal in branch.goals:
        below = _node(goal.goal)
        for target in goal.targets:
            one = _node(target)
            one.indicators = {normalised(row.name): row for row in target.indicators_in_order}  # type: ignore[attr-defined]
            below.below.append(one)
        node.below.append(below)
    return node


def _node(row: Part) -> Node:
    return Node(row, row.number, row.text)


def _fill_down(line: Line, carried: dict[str, str]) -> None:
    """Give a row the mission, goal and target of the row above where it names none; a new mission forgets the goal."""
    for place, level in enumerate(LEVELS):
        said = {key: line.values[key] for key in (f"{level}_number", level) if line.values.get(key)}
        if said:
            before = {key: carried[key] for key in (f"{level}_number", level) if key in carried}
            if any(normalised(str(before.get(key, ""))) != normalised(str(value)) for key, value in said.items()):
                for below in LEVELS[place:]:
                    carried.pop(f"{below}_number", None)
                    carried.pop(below, None)
            carried |= said
        line.values |= {key: carried[key] for key in (f"{level}_number", level) if key in carried}


def _place(line: Line, root: Node, sheet: TreeSheet) -> None:
    """Find or add mission, goal and target of a row, then compare what it says of the target and its indicator."""
    if not _stands_somewhere(line, sheet):
        return
    node = root
    words = {"mission": _("New mission"), "goal": _("New goal"), "target": _("New target of the RPJMD")}
    for level in LEVELS:
        number, text = line.values.get(f"{level}_number") or "", line.values.get(level) or ""
        if not number and not text:
            break
        found = _find(node.below, number, text)
        if found is None and not text:
            sentence = _("Number %(number)s is not in the tree yet. Write its wording too.") % {"number": number}
            line.wrong(str(sheet.by_key[level].title), sentence)
            return
        if found is None:
            found = Node(number=number, text=text)
            node.below.append(found)
            line.happens(NEW, f"{words[level]}: {f'{number} {text}'.strip()[:200]}")
        elif change := _rewording(found, number, text):
            line.happens(CHANGES, change)
        line.nodes.append(found)
        node = found
    if len(line.nodes) == len(LEVELS):
        _compare_target(line, node, sheet)
        _compare_indicator(line, node, sheet)


def _stands_somewhere(line: Line, sheet: TreeSheet) -> bool:
    """Whether a goal has its mission, a target its goal, and an indicator its target, each with a wording that fits."""
    here = [level for level in LEVELS if line.values.get(level) or line.values.get(f"{level}_number")]
    if not here or here != list(LEVELS[: len(here)]):
        missing = next(level for level in LEVELS if level not in here)
        line.wrong(str(sheet.by_key[missing].title), _("Write what this row belongs to, here or in a row above."))
    elif len(here) < len(LEVELS):
        keys = (*TARGET_FIELDS, "indicator", *indicator_keys(sheet))
        if any(line.values.get(key) not in (None, "", []) for key in keys):
            sentence = _("Write the target that this row speaks of, here or in a row above.")
            line.wrong(str(sheet.by_key["target"].title), sentence)
    for level in here:
        try:  # it may come from a row above
            sheet.entries[level].read(line.values.get(level) or "-", {})
        except ValueProblem as problem:
            line.wrong(str(sheet.by_key[level].title), str(problem))
    return line.status != WRONG


def _find(nodes: Iterable[Node], number: str, text: str) -> Node | None:
    """The node with this wording, else the only one with this number."""
    nodes = list(nodes)
    if text:
        same = [node for node in nodes if normalised(node.text) == normalised(text)]
        if len(same) > 1 and number:
            same = [node for node in same if normalised(node.number) == normalised(number)] or same
        if same:
            return same[0]
    numbered = [node for node in nodes if number and normalised(node.number) == normalised(number)]
    return numbered[0] if len(numbered) == 1 else None


def _rewording(node: Node, number: str, text: str) -> str:
    """That a stored part gets another number or wording, in words; the node then says the new one."""
    before = f"{node.number} {node.text}".strip()
    node.number, node.text = number or node.number, text or node.text
    after = f"{node.number} {node.text}".strip()
    if before == after:
        return ""
    return _("Wording: “%(before)s” becomes “%(after)s”") % {"before": before[:150], "after": after[:150]}


def _compare_target(line: Line, node: Node, sheet: TreeSheet) -> None:
    for key in TARGET_FIELDS:
        value = line.values.get(key)
        if value in (None, "", []):
            continue
        entry, title = sheet.entries[key], str(sheet.by_key[key].title)
        plain = entry.plain(value)
        if key in node.told:
            before, number = node.told[key]
            if before != plain:
                line.wrong(title, _("Row %(number)d says otherwise about the same target. Make both alike.") % {"number": number})  # fmt: skip
            continue
        node.told[key] = (plain, line.number)
        stored: Any = "" if key == "strategic_issue" else frozenset()
        if node.row is not None:
            stored = node.row.strategic_issue if key == "strategic_issue" else frozenset(one.pk for one in getattr(node.row, key).all())  # fmt: skip
        if stored != plain and node.row is not None:
            line.happens(CHANGES, f"{title}: {entry.text(plain)}".replace("\n", "; "))


def _compare_indicator(line: Line, node: Node, sheet: TreeSheet) -> None:
    name = line.values.get("indicator") or ""
    said = {key: line.values[key] for key in indicator_keys(sheet) if line.values.get(key) not in (None, "")}
    if not name:
        if said:
            line.wrong(str(sheet.by_key["indicator"].title), _("Write the indicator that this row speaks of."))
        return
    key = normalised(name)
    if key in node.lines:
        line.wrong(
            str(sheet.by_key["indicator"].title),
            _("This indicator stands in row %(number)d already.") % {"number": node.lines[key]},
        )
        return
    node.lines[key] = line.number
    stored = node.indicators.get(key)
    before = values_of(stored) if stored else {}
    if stored is None and "unit" not in said:
        line.wrong(str(sheet.by_key["unit"].title), str(sheet.entries["unit"].field.error_messages["required"]))
    for rule in sheet.indicator_rules:
        for wrong, sentence in rule({**before, **said}):
            line.wrong(str(sheet.by_key[wrong].title), sentence)
    if line.status == WRONG:
        return
    if stored is None:
        line.happens(NEW, _("New indicator: %(name)s") % {"name": name[:150]})
        return
    changed = [str(sheet.by_key[key].title) for key, value in said.items() if before.get(key) != value]
    if stored.name != name:
        changed.append(str(sheet.by_key["indicator"].title))
    if changed:
        line.happens(CHANGES, _("Changes: %(names)s") % {"names": ", ".join(changed)})


def indicator_keys(sheet: TreeSheet) -> list[str]:
    """The columns that say something about an indicator beside its name."""
    return [*INDICATOR_FIELDS, *(f"target_{year}" for year in sheet.years)]


def values_of(indicator: Indicator) -> dict[str, Any]:
    """A stored indicator as the sheet reads it: {key of a column: value}."""
    values = {key: getattr(indicator, key) for key in INDICATOR_FIELDS}
    return values | {f"target_{one.year}": one.value for one in indicator.targets.all()}


# --- going out --------------------------------------------------------------------------------------------------------


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
