"""The sheets of a workbook about innovations: the innovations, their money, indicators with targets, and partners."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.bulk import insert_many
from praja.foundation.drafts.entry import MOST_CHILDREN
from praja.foundation.plans.budget import BudgetForm, budget_words
from praja.foundation.plans.forms import implied
from praja.foundation.plans.indicators import IndicatorForm, indicator_words
from praja.foundation.plans.models import BudgetLine, Indicator, IndicatorTarget
from praja.foundation.plans.workbook import PlanRows
from praja.foundation.sheets.entries import (
    Cells,
    ChildSheet,
    ChoiceColumn,
    EntryColumn,
    EntrySheet,
    Line,
    Rows,
    RowsColumn,
    Section,
    Stored,
    chunks,
    column_of,
    parts_of,
)
from praja.foundation.sheets.values import Value, ValueProblem, cleaned, normalised
from praja.foundation.workflow.models import State
from praja.stages.analysis.gaps import gap_name
from praja.stages.innovations.forms import (
    AT_ACTIONS,
    NOT_OFFERED,
    SECTIONS,
    PartnerForm,
    partner_words,
    target_years,
)
from praja.stages.innovations.models import Innovation, Partner
from praja.stages.targets.models import Target

# Without these an innovation is not submitted (steps.py); their heads carry a star.
NEEDED = frozenset(
    {
        "title",
        "organisation",
        "dimension",
        "sub_dimension",
        "summary",
        "is_it",
        "problems",
        "goal",
        "beneficiaries",
        "design",
    }
)
IT_WORDS = {
    **dict.fromkeys(("TIK", "TI", "ICT", "digital", "berbasis TIK"), "True"),
    **dict.fromkeys(("non-TIK", "non-TI", "bukan IT", "bukan TIK", "non-digital"), "False"),
}
_NUMBER = re.compile(r"(?:no\.?\s*)?([0-9]{1,18}|[bB][0-9]{1,6})(?![0-9])[\s.:·–-]*(.*)", re.DOTALL)
CHUNK = 500


def innovation_sheets(rows: PlanRows) -> list[EntrySheet]:
    """The sheets for a plan and a person, whose columns are the fields of the forms in the language of the moment."""
    blank = Innovation(plan=rows.plan)
    columns: dict[str, EntryColumn] = {}
    sections = {}
    for section, (title, form_class) in SECTIONS.items():
        form = form_class(instance=blank, user=rows.by)
        sections[section] = Section(title, form_class.rules)
        for key, field in form.fields.items():
            options: dict[str, Any] = {"section": section, "is_required": key in NEEDED}
            if key == "problems":
                columns[key] = ProblemsColumn(key, field, Rows(_problems(rows)), **options)
            elif key == "targets":
                columns[key] = RowsColumn(key, field, Rows(_targets(rows), lambda row: (row.number,)), **options)
            elif key == "gaps":
                columns[key] = RowsColumn(key, field, Rows(_gaps(rows)), **options)
            elif key == "is_it":
                labels = {"True": "IT", "False": "Non-IT"}
                columns[key] = ChoiceColumn(key, field, labels=labels, synonyms=IT_WORDS, **options)
            else:
                columns[key] = rows.column(key, field, write=Can.INNOVATION_WRITE, columns=columns, **options)
    innovations = EntrySheet(
        key="innovations",
        title=gettext_lazy("Innovations"),
        model=Innovation,
        columns=list(columns.values()),
        sections=sections,
        write=Can.INNOVATION_WRITE,
        accept=Can.INNOVATION_ACCEPT,
        fills=implied,
    )
    money = _below(
        innovations, "budget", gettext_lazy("Budget lines"), BudgetLine, BudgetForm(), "note", kind=InnovationMoneySheet
    )
    assert isinstance(money, InnovationMoneySheet)
    money.only, money.plan = Q(action=None), rows.plan
    money.prefix, money.words = "money", lambda values: budget_words(BudgetLine(**values))
    partners = _below(innovations, "partners", gettext_lazy("Partners"), Partner, PartnerForm(), "name")
    partners.prefix, partners.words = "partners", lambda values: partner_words(Partner(**values))
    indicators = _below(
        innovations, "indicators", gettext_lazy("Indicators"), Indicator, IndicatorForm(years=target_years(blank)), "name",
        kind=IndicatorSheet,
    )  # fmt: skip
    indicators.prefix, indicators.words = "indicators", _indicator_words
    return [innovations, money, indicators, partners]


def _below(
    innovations: EntrySheet,
    key: str,
    title: Any,
    model: Any,
    form: Any,
    name: str,
    *,
    kind: type[ChildSheet] = ChildSheet,
) -> ChildSheet:
    return kind(
        key=key,
        title=title,
        model=model,
        columns=[
            column_of(name, field, section=key, is_required=field.required and field.initial is None)
            for name, field in form.fields.items()
            if name != "id"
        ],
        sections={key: Section(title, type(form).rules)},
        write=innovations.write,
        accept=innovations.accept,
        key_column=name,
        parent=innovations,
        parent_field="innovation",
        parent_title=gettext_lazy("No. of the innovation"),
        most=MOST_CHILDREN,
    )


def _indicator_words(values: Mapping[str, Any]) -> str:
    targets = {key.removeprefix("target_"): text for key, text in values.items() if key.startswith("target_") and text}
    return indicator_words(Indicator(**{key: text for key, text in values.items() if "target_" not in key}), targets)


@dataclass(eq=False, repr=False)
class InnovationMoneySheet(ChildSheet):
    """The money of innovations that have no actions; where there are some, the money stands at them and on their sheet."""

    plan: Any = None

    def refused_below(self, above: Stored, values: Mapping[str, Any]) -> str:
        """New money of an innovation that has actions belongs to one of them."""
        del values
        return str(AT_ACTIONS) if above.pk in self._with_actions else ""

    @cached_property
    def _with_actions(self) -> frozenset[int]:
        in_service = Q(actions__isnull=False, actions__withdrawn_at=None)
        return frozenset(self.plan.innovations.filter(in_service).order_by().values_list("pk", flat=True))


@dataclass(eq=False, repr=False)
class IndicatorSheet(ChildSheet):
    """Indicators with a column for the target of each year of the plan."""

    def complete(self, below: Mapping[int, list[Stored]]) -> None:
        """Add the targets."""
        lines = {line.pk: line for found in below.values() for line in found}
        targets = [column.key for column in self.columns if column.key.startswith("target_")]
        for line in lines.values():
            line.values |= dict.fromkeys(targets, "")
        for chunk in chunks(lines, CHUNK):
            for pk, year, text in IndicatorTarget.objects.filter(indicator__in=chunk).values_list(
                "indicator_id", "year", "value"
            ):
                if f"target_{year}" in self.by_key:
                    lines[pk].values[f"target_{year}"] = text

    def after_storing(self, below: Mapping[int, list[Line]]) -> None:
        """Store the targets; an emptied one goes."""
        changed = [
            (line.pk, int(key.removeprefix("target_")), line.values[key])
            for lines in below.values()
            for line in lines
            for key in line.changed
            if key.startswith("target_") and line.pk
        ]
        known = {pk for pk, _year, _text in changed}
        stored = {
            (one.indicator_id, one.year): one for chunk in chunks(known, CHUNK)
            for one in IndicatorTarget.objects.filter(indicator__in=chunk)
        }  # fmt: skip
        new = []
        for pk, year, text in changed:
            target = stored.get((pk, year))
            if target is None and text:
                new.append({"indicator_id": pk, "year": year, "value": text})
            elif target is not None and not text:
                target.delete()
            elif target is not None and target.value != text:
                target.value = text
                target.save(update_fields=["value"])
        insert_many(IndicatorTarget, new)


# --- the targets that an innovation serves, the gaps that it closes ---------------------------------------------------


@dataclass(frozen=True)
class Named:
    """A row as cells name it: with its key where two would be named alike; `number` stands for it too."""

    pk: int
    name: str
    number: str = ""

    def __str__(self) -> str:
        return self.name


def _named(names: Mapping[int, str], numbers: Mapping[int, str] | None = None) -> list[Named]:
    """The rows of these names; a semicolon would part two names in a cell."""
    names = {pk: cleaned(" ".join(name.replace(";", ",").split()))[0] for pk, name in names.items()}
    times = Counter(map(normalised, names.values()))
    return [
        Named(pk, name if times[normalised(name)] < 2 else f"{name} [{pk}]", (numbers or {}).get(pk, ""))
        for pk, name in names.items()
    ]


def _targets(rows: PlanRows) -> list[Any]:
    targets = list(Target.objects.of(rows.plan))
    return _named({target.pk: str(target) for target in targets}, {target.pk: target.number for target in targets})


def _gaps(rows: PlanRows) -> list[Any]:
    return _named({gap.pk: gap_name(gap) for gap in rows.plan.gaps.in_service().select_related("sub_dimension")})


# --- the problems that an innovation answers --------------------------------------------------------------------------


def _problems(rows: PlanRows) -> Any:
    return rows.plan.problems.in_service().only("pk", "title", "state", "organisation_id")


@dataclass(frozen=True)
class NewProblem:
    """A problem that stands in the same workbook and is not stored yet; `pk` is its identity."""

    pk: UUID
    title: str


class ProblemsColumn(RowsColumn):
    """The problems that an innovation answers: a number or title of the sheet of problems in each line of the cell."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.labels = []
        self.help = _("The number of each problem, one in each line: 1234, or B1 for a new one of this workbook.")
        self._by_number: dict[str, NewProblem] = {}
        self._by_title: dict[str, list[Any]] = {}
        for row in self.rows.rows.values():
            self._by_title.setdefault(normalised(row.title), []).append(row)

    def hear_of(self, number: str, uid: UUID, title: str, pk: int | None) -> None:
        """A row of the sheet of problems: its visible number, identity, title, and key once it is stored."""
        problem = self.rows.rows.get(pk) if pk else NewProblem(uid, title)
        if problem is None:
            return
        if number:
            self._by_number[number.upper()] = problem
        if pk is None:
            self.rows.rows[uid] = problem
            self._by_title.setdefault(normalised(title), []).append(problem)
        self._answers.clear()

    def text(self, plain: Any) -> str:
        """Number and title of each, one in each line."""
        lines = sorted((str(pk), getattr(self.rows.rows.get(pk), "title", "")) for pk in plain or ())
        return "\n".join(cleaned(f"{number} {' '.join(title.split())}".replace(";", ","))[0] for number, title in lines)

    def history(self, plain: Any) -> Any:
        """The titles in order."""
        return sorted(str(getattr(self.rows.rows.get(pk), "title", pk)) for pk in plain or ())

    def refused(self, plain: Any, stored: Mapping[str, Any], values: Mapping[str, Any]) -> str:
        """An innovation answers problems of its agency, accepted ones of the region, and those it answers already."""
        agencies = {stored.get("organisation"), values.get("organisation")} - {None}
        for pk in plain - (stored.get(self.key) or frozenset()):
            problem = self.rows.rows[pk]
            if isinstance(problem, NewProblem) or problem.state == State.ACCEPTED:
                continue
            if problem.organisation_id not in agencies and (problem.organisation_id or agencies):
                return str(NOT_OFFERED)
        return ""

    def _read(self, cell: Value, cells: Cells) -> Any:
        del cells
        found = [self._problem(part) for part in parts_of(cell)]
        return list({problem.pk: problem for problem in found}.values())

    def _problem(self, text: str) -> Any:
        named = self._by_title.get(normalised(text), [])
        if len(named) == 1:
            return named[0]
        if match := _NUMBER.fullmatch(text):
            number = match[1].upper()
            if problem := self._by_number.get(number):
                return problem
            if number.isdecimal() and (problem := self.rows.rows.get(int(number))):
                return problem
        raise ValueProblem(
            _("“%(text)s” is no problem of this plan. Write the number that stands before it in the sheet of problems.")
            % {"text": text[:60]}
        )
