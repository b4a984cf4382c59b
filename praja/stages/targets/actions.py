"""What changes in the region's five-year plan: it is recorded, its parts are added, corrected, moved and taken out."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.drafts.entry import EntryForm, save_entry, sent_before
from praja.foundation.plans.indicators import indicator_words
from praja.foundation.plans.models import Indicator, IndicatorTarget, Plan
from praja.foundation.sheets.values import normalised
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.withdrawal import bring_back, withdraw
from praja.stages.targets.comparing import Node, TreeLine
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Goal, Part, Target
from praja.stages.targets.sheet import INDICATOR_FIELDS


def development_plan_of(plan: Plan) -> DevelopmentPlan:
    """The RPJMD of the plan; one of version 0 that is not stored while none was recorded."""
    found = DevelopmentPlan.objects.filter(plan=plan).first()
    if found is None:
        return DevelopmentPlan(plan=plan, version=0)
    found.plan = plan  # its region and dimensions are loaded already
    return found


def set_development_plan(form: EntryForm, *, by: Any, version: int) -> None:
    """Record or correct the RPJMD of a checked form; TooLate when somebody else was faster."""
    row: Any = form.instance
    if row.pk is not None:
        save_entry(form, by=by, version=version)
        return
    try:
        with transaction.atomic():
            stored = DevelopmentPlan(plan=row.plan, created_by=by, updated_by=by, **form.columns())
            stored.save()
            record("set", stored, by=by, after=form.columns())
    except IntegrityError as problem:
        row.pk = DevelopmentPlan.objects.get(plan=row.plan).pk
        raise TooLate from problem


@transaction.atomic
def save_part(form: EntryForm, *, by: Any, version: int) -> None:
    """Add a part, behind its siblings, or correct one; TooLate when somebody else was faster.

    The same new part sent twice within a minute stands once. A part that moves below another one goes behind its siblings.
    """
    row: Any = form.instance
    values = form.columns()
    if row.pk is not None:
        parent = row.parent_field
        moved = parent in values and values[parent].pk != getattr(row, f"{parent}_id")
        save_entry(
            form, by=by, version=version, also={"order": last_order(type(row), values[parent]) + 1} if moved else {}
        )
        return
    above = values.get(row.parent_field) or row.whole
    values[row.parent_field] = above
    rows = type(row)._default_manager
    if twin := sent_before(
        rows, by=by, **{row.parent_field: above, "number": values["number"], "text": values["text"]}
    ):
        row.pk = twin.pk
        return
    if isinstance(row, Target):
        values["plan"] = row.whole.plan
    values["order"] = last_order(type(row), above) + 1
    stored = type(row)(created_by=by, updated_by=by, **values)
    stored.save()
    for name, chosen in form.many().items():
        getattr(stored, name).set(chosen)
    record("add", stored, by=by, after={**form.columns(), **{name: list(rows) for name, rows in form.many().items()}})
    row.pk = stored.pk


def last_order(kind: type[Part], above: Any) -> int:
    """The greatest order among the parts of a kind below another one; -1 where there is none."""
    found = kind._default_manager.filter(**{kind.parent_field: above}).aggregate(most=Max("order"))["most"]
    return -1 if found is None else int(found)


@transaction.atomic
def move(row: Part, *, up: bool, by: Any) -> bool:
    """Let a part change places with the one before it (`up`) or behind it; False when there is none."""
    rows: list[Part] = list(row.siblings.select_for_update(of=("self",)))
    here = next((place for place, one in enumerate(rows) if one.pk == row.pk), None)
    there = None if here is None else here + (-1 if up else 1)
    if here is None or there is None or not 0 <= there < len(rows):
        return False
    rows[here], rows[there] = rows[there], rows[here]
    for order, one in enumerate(rows):
        if one.order != order:
            # The order is no text of anybody: the version stays, so that nobody who types is late for it.
            type(row)._default_manager.filter(pk=one.pk).update(order=order)
    record("move", row, by=by, before={"order": here + 1}, after={"order": there + 1})
    return True


def hanging(row: Part) -> list[str]:
    """What still hangs on a part, as sentences; empty when it can be taken out."""
    found: list[str] = []

    def tell(rows: Any, sentence: Any) -> None:
        if count := rows.filter(withdrawn_at=None).count():
            found.append(sentence % {"count": count})

    # Smart missions and innovations are asked for by the name of the relation: they come later in the programme.
    match row:
        case DevelopmentMission():
            tell(
                row.goals, ngettext_lazy("%(count)d goal stands below it.", "%(count)d goals stand below it.", "count")
            )
            tell(
                row.smart_missions,
                ngettext_lazy(
                    "%(count)d mission of the smart city serves it.",
                    "%(count)d missions of the smart city serve it.",
                    "count",
                ),
            )
        case Goal():
            tell(
                row.targets,
                ngettext_lazy("%(count)d target stands below it.", "%(count)d targets stand below it.", "count"),
            )
        case Target():
            tell(
                row.innovations,
                ngettext_lazy("%(count)d innovation serves it.", "%(count)d innovations serve it.", "count"),
            )
            tell(
                row.flagships,
                ngettext_lazy(
                    "%(count)d flagship programme serves it.", "%(count)d flagship programmes serve it.", "count"
                ),
            )
    return found


@transaction.atomic
def take_out(row: Part, *, by: Any, version: int, reason: str) -> None:
    """Take a part out of the tree; it stays in the history. Refused with what hangs on it; TooLate."""
    if sentences := hanging(row):
        raise Refused([*sentences, _("Move or take out these first.")])
    withdraw(row, by=by, version=version, reason=reason)


@transaction.atomic
def put_back(row: Part, *, by: Any, version: int) -> None:
    """Undo that; Refused while the part above it is out of the tree; TooLate."""
    above: Any = getattr(row, row.parent_field)
    if above.withdrawn_at is not None:
        raise Refused([_("What it stood below was taken out of the tree. Bring that back first.")])
    bring_back(row, by=by, version=version)


# --- a sheet ----------------------------------------------------------------------------------------------------------

KINDS: tuple[type[Part], ...] = (DevelopmentMission, Goal, Target)


@transaction.atomic
def bring_in(lines: Iterable[TreeLine], development_plan: DevelopmentPlan, *, by: Any) -> int:
    """Store the good rows of a sheet that were judged just now; answers how many rows changed anything.

    Each mission, goal and target gets one line of history. Raises TooLate when somebody changed one of them meanwhile.
    """
    touched: dict[int, tuple[Target, dict[str, Any]]] = {}
    stored = 0
    for line in lines:
        if not line.is_good:
            continue
        stored += 1
        above: Any = development_plan
        for kind, node in zip(KINDS, line.nodes, strict=False):
            _store_node(kind, node, above, by=by)
            above = node.row
        if isinstance(above, Target):
            touched.setdefault(above.pk, (above, snapshot(above)))
            _store_target(above, line, by=by)
    for target, before in touched.values():
        after = snapshot(target)
        if after != before:
            # Raised for the indicators too: whoever has the page open is to see them before saving over them.
            update_if_unchanged(target, {}, by=by, version=target.version)
            record("import", target, by=by, before=before, after=after)
    return stored


def _store_node(kind: type[Part], node: Node, above: Any, *, by: Any) -> None:
    """Add a part that the sheet brings, or reword one that is there."""
    said = {"number": node.number, "text": node.text}
    if node.row is None:
        place: dict[str, Any] = {kind.parent_field: above, "order": last_order(kind, above) + 1}
        if kind is Target:
            place["plan"] = above.mission.development_plan.plan
        node.row = kind(created_by=by, updated_by=by, **said, **place)
        node.row.save()
        record("import", node.row, by=by, after=said)
        return
    before = {name: getattr(node.row, name) for name in said}
    if before != said:
        update_if_unchanged(node.row, said, by=by, version=node.row.version)
        record("import", node.row, by=by, before=before, after=said)


def _store_target(target: Target, line: TreeLine, *, by: Any) -> None:
    """What one row says of its target and its indicator; what it does not say stays."""
    values = line.values
    issue = values.get("strategic_issue")
    if issue and issue != target.strategic_issue:
        update_if_unchanged(target, {"strategic_issue": issue}, by=by, version=target.version)
    for name in ("dimensions", "agencies"):
        if values.get(name):
            getattr(target, name).set(values[name])
    if not values.get("indicator"):
        return
    node = line.nodes[-1]
    said = {key: values[key] for key in INDICATOR_FIELDS if values.get(key) not in (None, "")} | {
        "name": values["indicator"]
    }
    indicator = node.indicators.get(normalised(values["indicator"]))
    if indicator is None:
        indicator = Indicator(target=target, level=Indicator.Level.OUTCOME, created_by=by, updated_by=by, **said)
        indicator.save()
    elif any(getattr(indicator, key) != value for key, value in said.items()):
        update_if_unchanged(indicator, said, by=by, version=indicator.version)
    for key, value in values.items():
        if key.startswith("target_") and key.removeprefix("target_").isdecimal() and value:
            year = int(key.removeprefix("target_"))
            IndicatorTarget.objects.update_or_create(indicator=indicator, year=year, defaults={"value": value})


def snapshot(target: Target) -> dict[str, Any]:
    """What a target says beside number and wording, for the history."""
    lines = Indicator.objects.filter(target=target, withdrawn_at=None).prefetch_related("targets")
    return {
        "strategic_issue": target.strategic_issue,
        **{name: sorted(str(one) for one in getattr(target, name).order_by()) for name in ("dimensions", "agencies")},
        "indicators": [
            indicator_words(line, {str(one.year): one.value for one in line.targets.all()}) for line in lines
        ],
    }
