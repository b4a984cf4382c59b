"""The sheets of a workbook about actions: the actions, their phases, what they need first, their money and indicators."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db import IntegrityError, models
from django.db.models import OuterRef, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.permissions import Can
from praja.foundation.drafts.entry import MOST_CHILDREN
from praja.foundation.plans.budget import BudgetForm, budget_words
from praja.foundation.plans.deadlines import windows_of
from praja.foundation.plans.indicators import IndicatorForm, indicator_words
from praja.foundation.plans.models import BudgetLine, Indicator, Plan
from praja.foundation.plans.workbook import PlanRows
from praja.foundation.sheets.entries import (
    CHUNK,
    Cells,
    ChildSheet,
    EntryColumn,
    EntrySheet,
    Line,
    RowColumn,
    Rows,
    Section,
    Stored,
    chunks,
    column_of,
)
from praja.foundation.sheets.values import Value, cleaned, text_of
from praja.foundation.workflow.models import State
from praja.stages.innovations import figures as innovation_figures
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.workbook import IndicatorSheet
from praja.stages.roadmap import actions, circles
from praja.stages.roadmap.action_forms import CODE_TAKEN, MOST_TARGETS, SECTIONS
from praja.stages.roadmap.fields import years_of
from praja.stages.roadmap.models import Action, ActionStage, Dependency
from praja.stages.roadmap.numbering import action_words, place_of, proposed_code
from praja.stages.roadmap.time_forms import CIRCLE, DependencyForm, StageForm, stage_words

NEEDED = frozenset({"title", "organisation"})  # their heads carry a star
ABOVE = gettext_lazy("No. of the action")
CLOSED = gettext_lazy("The action plan has closed for this agency. Ask the coordinator for an exception.")


def action_sheets(rows: PlanRows) -> list[EntrySheet]:
    """The sheets for a plan and a person; none before the action plan has begun, so that nobody is asked too early."""
    plan = rows.plan
    has_begun = "roadmap" in plan.stages and (
        plan.strategies.filter(withdrawn_at=None).exists() or plan.actions.filter(withdrawn_at=None).exists()
    )
    if not has_begun:
        return []
    main = _actions(rows)
    needs = _below(
        main, "needs", gettext_lazy("Needs of actions"), Dependency, _needs_form(plan), "needs", DependencySheet
    )
    assert isinstance(needs, DependencySheet)
    needs.plan, needs.prefix = plan, "dependencies"
    needed = NeedsColumn(plan, needs.by_key["needs"].field, section="needs", is_required=True)
    needs.columns, needs.by_key, needs.words = [needed], {"needs": needed}, needed.text_of_line
    phases = _below(
        main, "phases", gettext_lazy("Phases of actions"), ActionStage, StageForm(years=plan.years), "milestone"
    )
    phases.prefix, phases.words = "phases", lambda values: stage_words(ActionStage(**values))
    money = _below(
        main, "action_budget", gettext_lazy("Money of actions"), BudgetLine, BudgetForm(), "note", ActionMoneySheet
    )
    money.prefix, money.words = "money", lambda values: budget_words(BudgetLine(**values))
    targets = IndicatorForm(years=years_of(plan)[:MOST_TARGETS])
    indicators = _below(
        main, "action_indicators", gettext_lazy("Indicators of actions"), Indicator, targets, "name", IndicatorSheet
    )
    indicators.prefix, indicators.words = "indicators", _indicator_words
    return [main, phases, needs, money, indicators]


def _actions(rows: PlanRows) -> "ActionSheet":
    plan = rows.plan
    columns: dict[str, EntryColumn] = {}
    sections = {}
    for section, (title, form_class) in SECTIONS.items():
        form = form_class(instance=Action(plan=plan), user=rows.by)
        sections[section] = Section(title, form_class.rules)
        for key, one in form.fields.items():
            options: dict[str, Any] = {"section": section, "is_required": key in NEEDED}
            if key == "code":
                columns[key] = CodeColumn(plan, one, **options)
            elif key == "sub_dimension":
                columns[key] = RowColumn(key, one, rows.sub_dimensions, **options)
                columns["innovation"] = _innovation_column(rows, section)
            elif key == "programme":
                columns[key] = RowColumn(key, one, Rows(plan.programmes.filter(withdrawn_at=None)), **options)
            else:
                columns[key] = rows.column(key, one, write=Can.ACTION_WRITE, columns=columns, **options)
    sheet = ActionSheet(
        key="actions",
        title=gettext_lazy("Action plan"),
        model=Action,
        columns=list(columns.values()),
        sections=sections,
        write=Can.ACTION_WRITE,
        accept=Can.PLAN_SET_UP,
        holds_plan=True,
        changes_hands=False,  # whoever writes for both gives an action to another agency, as on its page
        at_rest=CLOSED,
        plan=plan,
    )
    if not rows.by.may(Can.PLAN_SET_UP, plan):
        agencies: Any = columns["organisation"]
        windows = windows_of(plan)
        sheet.closed = frozenset(pk for pk in agencies.allowed if windows.of("roadmap", pk).is_over)
        agencies.allowed = frozenset(agencies.allowed) - sheet.closed
    return sheet


def _below(
    main: EntrySheet,
    key: str,
    title: Any,
    model: type[models.Model],
    form: Any,
    name: str,
    kind: type[ChildSheet] = ChildSheet,
) -> ChildSheet:
    return kind(
        key=key,
        title=title,
        model=model,
        columns=[
            column_of(name, one, section=key, is_required=one.required and one.initial is None)
            for name, one in form.fields.items()
            if name != "id"
        ],
        sections={key: Section(title, type(form).rules)},
        write=main.write,
        accept=main.accept,
        at_rest=main.at_rest,
        key_column=name,
        parent=main,
        parent_field="action",
        parent_title=ABOVE,
        most=MOST_CHILDREN,
    )


def _needs_form(plan: Plan) -> DependencyForm:
    return DependencyForm(others=plan.actions.filter(withdrawn_at=None), choices=[])


def _indicator_words(values: Mapping[str, Any]) -> str:
    targets = {key.removeprefix("target_"): text for key, text in values.items() if key.startswith("target_") and text}
    return indicator_words(Indicator(**{key: text for key, text in values.items() if "target_" not in key}), targets)


# --- columns ----------------------------------------------------------------------------------------------------------


class CodeColumn(EntryColumn):
    """The code of an action, once in its plan; empty for a new action, it is proposed."""

    def __init__(self, plan: Plan, field: Any, **options: Any) -> None:
        super().__init__("code", field, **options)
        taken = plan.actions.filter(withdrawn_at=None).exclude(code="").values_list("code", flat=True)
        self._taken = {code.casefold(): "" for code in taken}

    def refused(self, plain: Any, stored: Mapping[str, Any], values: Mapping[str, Any]) -> str:
        """A code of another action, stored or in this file."""
        code, title = str(plain or "").casefold(), str(values.get("title", ""))
        if not code or code == str(stored.get("code", "")).casefold():
            return ""
        if self._taken.setdefault(code, title) != title:
            return str(CODE_TAKEN % {"code": plain})
        return ""


class NumberedColumn(RowColumn):
    """A row that the cell names by its number and title, since titles repeat."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.labels = [self.text(pk) for pk in self.rows.rows if self.allowed is None or pk in self.allowed]

    def text(self, plain: Any) -> str:
        """Number and title."""
        if plain is None:
            return ""
        title = " ".join(str(self.rows.rows.get(plain, "")).split())
        return cleaned(f"{plain} {title}".strip())[0]

    def _find(self, cell: Value, cells: Cells) -> Any:
        number = text_of(cell).split(" ", 1)[0].strip(".:")
        if number.isascii() and number.isdecimal() and len(number) < 19 and int(number) in self.rows.rows:
            return self.rows.rows[int(number)]
        return super()._find(cell, cells)


class InnovationColumn(NumberedColumn):
    """The innovation that an action carries out; it stays, for the money goes with it."""

    def refused(self, plain: Any, stored: Mapping[str, Any], values: Mapping[str, Any]) -> str:
        """Another innovation than the one that a stored action has."""
        del values
        if stored and plain != stored.get(self.key):
            return _(
                "An action stays with its innovation, because the money goes with it. Withdraw it and begin another."
            )
        return ""


def _innovation_column(rows: PlanRows, section: str) -> InnovationColumn:
    found = innovation_figures.printed(rows.plan).order_by("title").only("pk", "title", "organisation_id")
    offered = Rows(found)
    label, hint = _("Innovation it carries out"), _("Number and name of an accepted innovation; empty: none.")
    one = forms.ModelChoiceField(Innovation.objects.none(), label=label, help_text=hint, required=False)
    agencies = rows.writable(Can.ACTION_WRITE)
    for_all = rows.by.may(Can.ACTION_WRITE, rows.plan)
    allowed = frozenset(pk for pk, row in offered.rows.items() if for_all or row.organisation_id in agencies)
    refused = _("“%(name)s” belongs to an agency for which you do not write.")
    return InnovationColumn("innovation", one, offered, allowed=allowed, refused=refused, section=section)


class NeedsColumn(RowColumn):
    """An action that has to be done first, named by its code and title."""

    def __init__(self, plan: Plan, field: Any, **options: Any) -> None:
        known = plan.actions.filter(withdrawn_at=None).order_by("order", "pk").only("pk", "code", "title")
        rows = Rows(known, lambda row: (row.code, action_words(row)))
        super().__init__("needs", field, rows, **options)
        self.labels = [action_words(row) for row in rows.rows.values()]

    def text(self, plain: Any) -> str:
        """Code and title."""
        row = self.rows.rows.get(plain)
        return cleaned(action_words(row))[0] if row is not None else ""

    def text_of_line(self, values: Mapping[str, Any]) -> str:
        """A line in words."""
        return self.text(values.get("needs"))


# --- sheets -----------------------------------------------------------------------------------------------------------


@dataclass(eq=False, repr=False)
class ActionSheet(EntrySheet):
    """The actions; those of an agency for which the stage has closed rest. `closed`: keys of such agencies."""

    plan: Any = None
    closed: frozenset[int] = frozenset()

    def load(self, rows: models.QuerySet[Any]) -> dict[UUID, Stored]:
        """The stored rows."""
        found = super().load(rows)
        for stored in found.values():
            if stored.values["organisation"] in self.closed:
                stored.state = State.SUBMITTED
        return found

    def after_creating(self, pks: Collection[int], *, by: Any) -> None:
        """Give new actions a code and what their innovation says; the first one of an innovation takes its money over."""
        for action in (
            Action.objects.filter(pk__in=pks).select_related("plan", "sub_dimension__dimension").order_by("pk")
        ):
            innovation = actions.held_innovation(action.innovation_id) if action.innovation_id else None
            if innovation is not None and action.sub_dimension is None:
                action.sub_dimension = innovation.sub_dimension
            action.code = action.code or proposed_code(self.plan, action.sub_dimension)
            place = place_of(action.code, action.sub_dimension)
            Action.objects.filter(pk=action.pk).update(
                code=action.code, sub_dimension=action.sub_dimension, order=place
            )
            if innovation is not None:
                actions.take_money_over(action, innovation, by=by)

    def after_changing(self, pks: Collection[int]) -> None:
        """Give changed actions the place that their code and sub-dimension have in lists, as their page does."""
        for chunk in chunks(list(pks), CHUNK):
            for action in Action.objects.filter(pk__in=chunk).select_related("sub_dimension__dimension"):
                place = place_of(action.code, action.sub_dimension)
                if action.order != place:
                    Action.objects.filter(pk=action.pk).update(order=place)


@dataclass(eq=False, repr=False)
class DependencySheet(ChildSheet):
    """What actions need first; no line closes a circle."""

    plan: Any = None

    @cached_property
    def _needs(self) -> dict[int, set[int]]:
        return circles.needs_of(self.plan)

    def refused_below(self, above: Stored, values: Mapping[str, Any]) -> str:
        """A need that stands there already, or that would close a circle with those before it in the file."""
        needed = values.get("needs")
        if needed is None:
            return ""
        if needed in self._needs.get(above.pk, ()):
            return _("This need stands there already. Take the line away.")
        if way := circles.circle({**self._needs, above.pk: {needed}}, above.pk):
            return str(CIRCLE % {"circle": circles.in_words(self.plan, way)})
        self._needs.setdefault(above.pk, set()).add(needed)
        return ""

    def after_storing(self, below: Mapping[int, list[Line]]) -> None:
        """Nobody has closed a circle since the file was judged; raises IntegrityError, and then nothing is stored."""
        needs = circles.needs_of(self.plan)
        if any(circles.circle(needs, pk) for pk in below):
            raise IntegrityError("a circle of needs")


@dataclass(eq=False, repr=False)
class ActionMoneySheet(ChildSheet):
    """The money of actions; it goes on naming the innovation that an action carries out."""

    def after_storing(self, below: Mapping[int, list[Line]]) -> None:
        """Give new lines the innovation of their action."""
        innovation = Subquery(Action.objects.filter(pk=OuterRef("action")).values("innovation")[:1])
        written = [line.pk for lines in below.values() for line in lines if line.changed]
        for chunk in chunks(written, CHUNK):
            BudgetLine.objects.filter(pk__in=chunk, innovation=None).update(innovation=innovation)
