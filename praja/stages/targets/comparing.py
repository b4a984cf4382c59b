"""A sheet of the tree beside the tree as it is: what each of its rows would add or change."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from praja.foundation.plans.models import Indicator
from praja.foundation.sheets.columns import Judged
from praja.foundation.sheets.flow import CHANGED, NEW, SAME, WRONG, Line, Said
from praja.foundation.sheets.values import ValueProblem, normalised
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Goal, Part, Target
from praja.stages.targets.sheet import LEVELS, TARGET_FIELDS, TreeSheet, indicator_keys, values_of
from praja.stages.targets.tree import MissionBranch, tree_of


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
class TreeLine(Line):
    """One row of the sheet and what it would become.

    `values`: what it says, with mission, goal and target filled down; `notes`: what would happen, in words; `nodes`: its
    mission, goal and target in the tree.
    """

    values: dict[str, Any] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)

    def happens(self, status: str, note: str) -> None:
        """Note what the row adds or changes."""
        self.notes.append(note)
        if self.status in (SAME, CHANGED):
            self.status = status


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


def examine(
    sheet: TreeSheet, rows: Sequence[Said], judged_rows: Iterable[Judged], development_plan: DevelopmentPlan
) -> list[TreeLine]:
    """Every row with what it would become, in a constant number of queries."""
    root = Node(below=[_node_of_mission(branch) for branch in tree_of(development_plan)])
    lines = []
    carried: dict[str, str] = {}
    for judged, said in zip(judged_rows, rows, strict=True):
        line = TreeLine(said, values=dict(judged.values))
        line.values |= {key: " ".join(line.values[key].split()) for key in LEVELS if key in line.values}
        for key, sentence in judged.problems.items():
            line.wrong(str(sheet.by_key[key].title), sentence)
            if key in LEVELS:
                line.values[key] = judged.texts.get(key, "")
        _fill_down(line, carried)
        line.title, line.detail = _names(line.values)
        lines.append(line)
        if line.status != WRONG:
            _place(line, root, sheet)
        if line.status != WRONG:  # what stands above it may not be among the rows that are chosen
            line.said = replace(said, cells=sheet.texts_of(line.values))
    return lines


def _names(values: Mapping[str, Any]) -> tuple[str, str]:
    """What the row speaks of: its indicator below its target, else the lowest part that it names."""
    parts = [f"{values.get(f'{level}_number') or ''} {values.get(level) or ''}".strip() for level in LEVELS]
    lowest = next(filter(None, reversed(parts)), "")
    return (values["indicator"], lowest) if values.get("indicator") else (lowest, "")


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


def _fill_down(line: TreeLine, carried: dict[str, str]) -> None:
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


def _place(line: TreeLine, root: Node, sheet: TreeSheet) -> None:
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
            line.happens(CHANGED, change)
        line.nodes.append(found)
        node = found
    if len(line.nodes) == len(LEVELS):
        _compare_target(line, node, sheet)
        _compare_indicator(line, node, sheet)


def _stands_somewhere(line: TreeLine, sheet: TreeSheet) -> bool:
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


def _compare_target(line: TreeLine, node: Node, sheet: TreeSheet) -> None:
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
            line.happens(CHANGED, f"{title}: {entry.text(plain)}".replace("\n", "; "))


def _compare_indicator(line: TreeLine, node: Node, sheet: TreeSheet) -> None:
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
        line.happens(CHANGED, _("Changes: %(names)s") % {"names": ", ".join(changed)})
