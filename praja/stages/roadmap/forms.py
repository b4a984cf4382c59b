"""What a person fills in about strategies, programmes, actions and capacity, on short pages, and the rules for one entry."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.drafts.entry import ChildForm, ChildRows, EntryForm
from praja.foundation.plans.budget import BudgetRows
from praja.foundation.plans.forms import offer_others, others_are_others
from praja.foundation.plans.indicators import IndicatorRows
from praja.foundation.plans.models import BudgetLine, Plan, SubDimension
from praja.foundation.sheets.fields import MoneyField, YearField
from praja.foundation.ui.formats import rupiah
from praja.stages.innovations import figures as innovation_figures
from praja.stages.innovations.models import Innovation
from praja.stages.roadmap import circles, codes
from praja.stages.roadmap.code_forms import BudgetCodeInput
from praja.stages.roadmap.models import Action, ActionStage, Capacity, Dependency, Programme, Strategy

YEARS_WITHOUT_A_PERIOD = 5
MOST_TARGETS = 10  # years for which an indicator asks a target
PREFIXES = {  # the first letters of a code, by key of the dimension; others begin with those of their key
    "governance": "GOV",
    "branding": "BRA",
    "economy": "ECO",
    "living": "LIV",
    "society": "SOC",
    "environment": "ENV",
}
WITHOUT_DIMENSION = "RA"
LAST_PLACE = 32_000  # of actions without a sub-dimension, within what the column holds
_LAST_NUMBER = re.compile(r"[0-9]{1,6}(?=[^0-9]*$)")


def years_of(plan: Plan) -> list[int]:
    """The years of the plan; five from now on when it has no period yet."""
    first = plan.today.year
    return list(plan.years) or list(range(first, first + YEARS_WITHOUT_A_PERIOD))


def codes_taken(plan: Plan, *, but: int | None = None) -> set[str]:
    """The codes of the plan's actions in service, folded; without that of one of them."""
    taken = plan.actions.filter(withdrawn_at=None).exclude(code="").exclude(pk=but or 0).values_list("code", flat=True)
    return {code.casefold() for code in taken}


def proposed_code(plan: Plan, sub_dimension: SubDimension | None, taken: set[str] | None = None) -> str:
    """The next free code of a sub-dimension: "GOV-1.2" is the second action of the first sub-dimension of governance."""
    if sub_dimension is None:
        head = f"{WITHOUT_DIMENSION}-"
    else:
        key = sub_dimension.dimension.key
        head = f"{PREFIXES.get(key, key[:3].upper())}-{sub_dimension.order}."
    used = plan.actions.filter(code__startswith=head).values_list("code", flat=True)  # those withdrawn keep theirs
    every = {code.casefold() for code in used} | (taken or set())
    numbers = [int(end) for code in every if (end := code.removeprefix(head.casefold())).isdecimal() and len(end) < 6]
    return f"{head}{max(numbers, default=0) + 1}"


def place_of(code: str, sub_dimension: SubDimension | None) -> int:
    """Where an action stands in lists: by dimension, sub-dimension and the number at the end of its code; 1.10 after 1.9."""
    found = _LAST_NUMBER.search(code)
    number = min(int(found[0]), 99) if found else 99
    if sub_dimension is None:
        return LAST_PLACE
    return min((sub_dimension.dimension.order * 10 + min(sub_dimension.order, 9)) * 100 + number, LAST_PLACE)


class PlanYearField(YearField):
    """A year of the plan; `years` are set by whoever knows the plan, and none of them means any year."""

    years: range = range(0)

    def to_python(self, value: Any) -> Any:
        """The year; raises ValidationError when the plan does not reach it."""
        year = super().to_python(value)
        if year is not None and self.years and year not in self.years:
            raise ValidationError(
                _("The plan runs from %(first)d to %(last)d. Write a year within it.")
                % {"first": self.years[0], "last": self.years[-1]},
                code="outside",
            )
        return year


class BudgetCodeField(forms.CharField):
    """An official code, kept as it is officially written."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": codes.LONGEST, **options})

    def to_python(self, value: Any) -> str:
        """The code as it is written officially; raises ValidationError with what to mend."""
        text = super().to_python(value) or ""
        if not text:
            return ""
        code = codes.parse(text)
        if isinstance(code, str):
            raise ValidationError(code, code="invalid")
        return code.text


# --- strategies and programmes ----------------------------------------------------------------------------------------


class StrategyForm(EntryForm):
    """A strategy of a sub-dimension."""

    class Meta:
        model = Strategy
        fields = ("text", "target")
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "target": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts: ClassVar = {
            "text": gettext_lazy("One sentence: what the region does to get there."),
            "target": gettext_lazy("What is then different for people, if possible with a figure and a year."),
        }


class ProgrammeForm(EntryForm):
    """A programme below a strategy, and the innovations that it gathers."""

    class Meta:
        model = Programme
        fields = ("title", "description", "innovations")
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 4, "maxlength": 20_000}),
            "innovations": forms.CheckboxSelectMultiple,
        }
        help_texts: ClassVar = {
            "innovations": gettext_lazy(
                "Innovations of this dimension that stand in no programme yet, and those of this one. Each stands in one "
                "programme at most."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dimension = self.instance.strategy.sub_dimension.dimension_id
        free = in_no_programme(self.instance.plan, but=self.instance.pk)
        field = self.fields["innovations"]
        field.queryset = free.filter(Q(dimension=dimension) | Q(programmes=self.instance.pk)).distinct()
        field.error_messages["invalid_choice"] = gettext_lazy(
            "One of these innovations stands in another programme by now. Take it out there first."
        )


def in_no_programme(plan: Plan, *, but: int | None = None) -> QuerySet[Innovation]:
    """The innovations that stand in no programme, or in no other than `but`."""
    through = Programme.innovations.through.objects.filter(programme__plan=plan, programme__withdrawn_at=None)
    placed = through.exclude(programme=but).values("innovation_id")
    return plan.innovations.filter(withdrawn_at=None).exclude(pk__in=placed).order_by("title", "pk")


# --- actions ----------------------------------------------------------------------------------------------------------


class NewActionForm(forms.Form):
    """A title is enough to begin; what an innovation or programme says already is filled in."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    title = forms.CharField(label=gettext_lazy("Action"), max_length=300)
    family = forms.ChoiceField(
        label=gettext_lazy("Family"), choices=Action.Family.choices, required=False, widget=forms.RadioSelect
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Agency (OPD)"), required=False
    )

    def __init__(self, data: Any = None, *, plan: Plan, user: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        agencies = plan.government.children.agencies().within_reach(user, Can.ACTION_WRITE)
        self.fields["organisation"].queryset = agencies
        self.fields["organisation"].required = not user.may(Can.ACTION_WRITE, plan)
        if len(agencies) == 1:
            self.fields["organisation"].initial = agencies[0]


class ActionIdentityForm(EntryForm):
    """First page: what it is, whose, and where it belongs."""

    rules = (others_are_others("supporting"),)

    class Meta:
        model = Action
        fields = (
            "code",
            "title",
            "sub_dimension",
            "programme",
            "family",
            "output",
            "organisation",
            "supporting",
            "partners",
            "place",
        )
        widgets: ClassVar = {
            "family": forms.RadioSelect,
            "supporting": forms.CheckboxSelectMultiple,
            "output": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts: ClassVar = {
            "code": gettext_lazy("For example GOV-1.2. Leave it empty and a free one is taken."),
            "output": gettext_lazy("What is there when the action is done: a system, a regulation, people trained."),
            "partners": gettext_lazy("Who takes part from outside the government."),
            "place": gettext_lazy("Districts or villages; empty: the whole region."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan, user = self.instance.plan, self.user
        agencies = plan.government.children.agencies()
        own = agencies.within_reach(user, Can.ACTION_WRITE)
        field = self.fields["organisation"]
        field.queryset = (own | agencies.filter(pk=self.instance.organisation_id)).distinct()
        field.label = _("Agency (OPD)")
        field.required = not user.may(Can.ACTION_WRITE, plan)
        subs = SubDimension.objects.filter(dimension__set=plan.dimension_set).select_related("dimension")
        self.fields["sub_dimension"].queryset = subs
        self.fields["sub_dimension"].label = _("Sub-dimension")
        self.fields["sub_dimension"].label_from_instance = lambda sub: f"{sub.dimension}: {sub}"
        self.fields["programme"].queryset = plan.programmes.filter(withdrawn_at=None)
        self.fields["family"].choices = Action.Family.choices
        offer_others(self.fields["supporting"], agencies, but=self.instance.organisation_id)

    def clean(self) -> dict[str, Any]:
        """The values; a code is unique in its plan, and one that is left out is proposed."""
        cleaned: dict[str, Any] = super().clean()
        plan, code = self.instance.plan, cleaned.get("code", "").strip()
        if code and code.casefold() in codes_taken(plan, but=self.instance.pk):
            self.add_error("code", CODE_TAKEN % {"code": code})
        elif "code" in cleaned:
            cleaned["code"] = code or proposed_code(plan, cleaned.get("sub_dimension"))
        return cleaned


CODE_TAKEN = gettext_lazy("Another action has the code %(code)s. Choose another one, or leave it empty.")


def years_in_order(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The last year is not before the first."""
    first, last = values.get("start_year"), values.get("end_year")
    if first and last and last < first:
        yield "end_year", _("The last year is before the first. Correct one of the two.")


class RowsByValue(ChildRows):
    """Lines of which no two say the same in the field `told_by`: they are stored by that, not by their place."""

    told_by: ClassVar[str]

    def save(self, *, by: Any) -> None:
        """Store new and changed lines and withdraw those that were taken away, these first."""
        wanted = {line[self.told_by]: self.columns(line) for line in self.kept()}
        stored = {getattr(child, self.told_by): child for child in self.stored}
        now = timezone.now()
        for value, child in stored.items():
            if value not in wanted:
                update_if_unchanged(child, {"withdrawn_at": now, "withdrawn_by": by}, by=by, version=child.version)
        for value, columns in wanted.items():
            child = stored.get(value)
            if child is None:
                self.model(**{self.parent: self.row}, created_by=by, updated_by=by, **columns).save()
            elif any(getattr(child, name) != said for name, said in columns.items()):
                update_if_unchanged(child, columns, by=by, version=child.version)


class StageForm(ChildForm):
    """What the action does in one year."""

    year = PlanYearField(label=gettext_lazy("Year"))
    phase = forms.ChoiceField(label=gettext_lazy("Phase"), choices=[("", "–"), *ActionStage.Phase.choices])
    milestone = forms.CharField(label=gettext_lazy("Milestone"), max_length=300, required=False)
    fields: dict[str, Any]  # each kind of field has attributes of its own

    def __init__(self, *args: Any, years: range, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].years = years


def stage_words(stage: ActionStage) -> str:
    """A phase in words, for the history and for comparing."""
    words = f"{stage.year}: {stage.get_phase_display()}"
    return f"{words} ({stage.milestone})" if stage.milestone else words


class StageRows(ChildRows):
    """The phases, year by year."""

    prefix = "phases"
    model = ActionStage
    form = StageForm
    parent = "action"
    title: ClassVar[Promise | str] = gettext_lazy("Phases by year")
    add_title: ClassVar[Promise | str] = gettext_lazy("Add a phase")

    def form_kwargs(self, row: Action) -> dict[str, Any]:
        """The years of the plan."""
        return {"years": row.plan.years}

    def words(self, child: ActionStage) -> str:
        """Year, phase and milestone."""
        return stage_words(child)


class DependencyForm(ChildForm):
    """One action that has to be done first."""

    needs = forms.ModelChoiceField(Action.objects.none(), label=gettext_lazy("Action"), empty_label=None)
    fields: dict[str, Any]  # each kind of field has attributes of its own

    def __init__(self, *args: Any, others: QuerySet[Action], choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["needs"]
        field.queryset = others
        field.choices = choices  # asked for once, however many lines there are
        field.error_messages["invalid_choice"] = gettext_lazy(
            "This action is no longer in the plan. Choose another one, or take the line away."
        )


def action_words(action: Action) -> str:
    """An action by code and title, as lists of choices name it."""
    return f"{action.code} {action.title}".strip()


class DependencyRows(RowsByValue):
    """What has to be done first."""

    prefix = "dependencies"
    model = Dependency
    form = DependencyForm
    parent = "action"
    told_by = "needs"
    title: ClassVar[Promise | str] = gettext_lazy("What has to be done first")
    add_title: ClassVar[Promise | str] = gettext_lazy("Add an action")

    def form_kwargs(self, row: Action) -> dict[str, Any]:
        """The other actions of the plan."""
        others = row.plan.actions.filter(withdrawn_at=None).exclude(pk=row.pk).order_by("order", "pk")
        found = others.values_list("pk", "code", "title")
        return {
            "others": others,
            "choices": [("", "–"), *((pk, f"{code} {title}".strip()) for pk, code, title in found)],
        }

    def queryset(self, row: Any) -> Any:
        """Those that are in service."""
        return super().queryset(row).filter(needs__withdrawn_at=None).select_related("needs")

    def words(self, child: Dependency) -> str:
        """Code and title of what is needed."""
        return action_words(child.needs)


class TimeForm(EntryForm):
    """Second page: when it runs, what it does in which year, and what it needs first."""

    rules = (years_in_order,)
    children = (StageRows, DependencyRows)
    start_year = PlanYearField(label=gettext_lazy("First year"), required=False)
    end_year = PlanYearField(label=gettext_lazy("Last year"), required=False)

    class Meta:
        model = Action
        fields = ("start_year", "end_year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start_year", "end_year"):
            self.fields[name].years = self.instance.plan.years

    def is_valid(self) -> bool:
        """Whether each line is right, lies in the years of the action, and closes no circle."""
        return super().is_valid() and self._phases_fit() and self._closes_no_circle()

    @property
    def typed_needs(self) -> set[int]:
        """The keys of what was chosen."""
        rows = self.child_rows[1]
        return {line["needs"].pk for line in rows.kept()}

    def _lines(self, rows: ChildRows) -> list[ChildForm]:
        return [
            line
            for line in rows.formset.forms
            if line.has_changed_or_is_stored() and not line.cleaned_data.get("DELETE")
        ]

    def _phases_fit(self) -> bool:
        first, last = self.cleaned_data.get("start_year"), self.cleaned_data.get("end_year")
        fits = True
        for line in self._lines(self.child_rows[0]):
            year = line.cleaned_data["year"]
            if (first and year < first) or (last and year > last):
                sentence = _(
                    "The action runs from %(first)s to %(last)s. Move the phase into these years, or change them."
                )
                line.add_error("year", sentence % {"first": first or "…", "last": last or "…"})
                fits = False
        return fits

    def _closes_no_circle(self) -> bool:
        plan, own = self.instance.plan, self.instance.pk
        known = circles.needs_of(plan)
        for line in self._lines(self.child_rows[1]):
            if way := circles.circle({**known, own: {line.cleaned_data["needs"].pk}}, own):
                line.add_error("needs", CIRCLE % {"circle": circles.in_words(plan, way)})
                return False
        return True


CIRCLE = gettext_lazy("Then each would wait for the other: %(circle)s. Take one of these needs away.")


class ActionMoney(BudgetRows):
    """The money of an action; it goes on naming the innovation that the action carries out."""

    parent = "action"

    def columns(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The line, with its innovation."""
        return {**super().columns(cleaned), "innovation": self.row.innovation}


class ActionMoneyForm(EntryForm):
    """Third page: money."""

    children = (ActionMoney,)

    class Meta:
        model = Action
        fields = ()


class ActionIndicators(IndicatorRows):
    """The indicators of an action."""

    parent = "action"

    def years(self, row: Action) -> list[int]:
        """The years of the plan, at most ten."""
        return years_of(row.plan)[:MOST_TARGETS]


class ActionIndicatorsForm(EntryForm):
    """Fourth page: how one sees that it was done."""

    children = (ActionIndicators,)

    class Meta:
        model = Action
        fields = ()


class ActionLawForm(EntryForm):
    """Fifth page: on what paper it rests, and its official code."""

    budget_code = BudgetCodeField(
        widget=BudgetCodeInput,
        label=gettext_lazy("Programme, activity, sub-activity code"),
        required=False,
        help_text=gettext_lazy("For example 1.02.02.2.01.0001; leave empty when it is not known."),
    )

    class Meta:
        model = Action
        fields = ("legal_basis", "budget_code", "note")
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 4, "maxlength": 20_000})}
        help_texts: ClassVar = {"legal_basis": gettext_lazy("Kind, number and title of the paper.")}


SECTIONS: dict[str, tuple[Promise | str, type[EntryForm]]] = {
    "identity": (gettext_lazy("Identity"), ActionIdentityForm),
    "time": (gettext_lazy("Time and order"), TimeForm),
    "money": (gettext_lazy("Money"), ActionMoneyForm),
    "indicators": (gettext_lazy("Indicators and targets"), ActionIndicatorsForm),
    "law": (gettext_lazy("Legal basis and code"), ActionLawForm),
}


# --- the money of an innovation among its actions ---------------------------------------------------------------------


class ShareForm(forms.Form):
    """For each budget line of an innovation: the action where it stands, and a part of it that goes to another one."""

    fields: dict[str, Any]  # each kind of field has attributes of its own

    def __init__(self, data: Any = None, *, lines: list[BudgetLine], actions: list[Action]) -> None:
        super().__init__(data)
        self.lines, self.actions = lines, {str(action.pk): action for action in actions}
        choices = [(key, action_words(action)) for key, action in self.actions.items()]
        for line in lines:
            self.fields[f"action-{line.pk}"] = forms.ChoiceField(
                label=_("Stands at"), choices=choices, initial=str(line.action_id or "")
            )
            self.fields[f"amount-{line.pk}"] = MoneyField(label=_("A part of it"), required=False)
            self.fields[f"to-{line.pk}"] = forms.ChoiceField(
                label=_("goes to"), choices=[("", "–"), *choices], required=False
            )

    def clean(self) -> dict[str, Any]:
        """Each part is smaller than its line and goes to another action."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for line in self.lines:
            part, to = cleaned.get(f"amount-{line.pk}"), cleaned.get(f"to-{line.pk}")
            if f"amount-{line.pk}" not in cleaned or f"to-{line.pk}" not in cleaned:
                continue
            if part is None and to:
                self.add_error(f"amount-{line.pk}", _("Write how much of it goes there."))
            elif part is not None and not to:
                self.add_error(f"to-{line.pk}", _("Choose the action to which this part goes."))
            elif part is not None and not 0 < part < line.amount_rupiah:
                sentence = _("The part is more than nothing and less than the whole line, %(amount)s.")
                self.add_error(f"amount-{line.pk}", sentence % {"amount": rupiah(line.amount_rupiah)})
            elif part is not None and to == cleaned.get(f"action-{line.pk}"):
                self.add_error(f"to-{line.pk}", _("Choose another action than the one where the line stands."))
        return cleaned

    @cached_property
    def rows(self) -> list[tuple[BudgetLine, Any, Any, Any]]:
        """Each line with its three fields."""
        return [
            (line, self[f"action-{line.pk}"], self[f"amount-{line.pk}"], self[f"to-{line.pk}"]) for line in self.lines
        ]

    def moves(self) -> list[tuple[BudgetLine, Action, int, Action | None]]:
        """What is asked, once checked: (line, where it stands, rupiah of it that go elsewhere, where to)."""
        return [
            (
                line,
                self.actions[self.cleaned_data[f"action-{line.pk}"]],
                self.cleaned_data[f"amount-{line.pk}"] or 0,
                self.actions.get(self.cleaned_data[f"to-{line.pk}"]),
            )
            for line in self.lines
        ]


# --- what an agency can carry -----------------------------------------------------------------------------------------


class CapacityYearForm(ChildForm):
    """What an agency can carry in one year."""

    year = PlanYearField(label=gettext_lazy("Year"))
    money_rupiah = MoneyField(label=gettext_lazy("Money"), required=False)
    simultaneous = forms.IntegerField(
        label=gettext_lazy("Actions at once"),
        required=False,
        min_value=0,
        max_value=1_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    fields: dict[str, Any]  # each kind of field has attributes of its own

    def __init__(self, *args: Any, years: range, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].years = years


class CapacityRows(RowsByValue):
    """One line a year of the plan; a line that says nothing beside its year is not kept."""

    prefix = "capacity"
    model = Capacity
    form = CapacityYearForm
    parent = "organisation"
    told_by = "year"
    extra = 0
    title: ClassVar[Promise | str] = gettext_lazy("By year")
    add_title: ClassVar[Promise | str] = gettext_lazy("Add a year")

    def __init__(self, row: Organisation, data: Any = None) -> None:
        self.plan = plan_of_agency(row)
        super().__init__(row, data)
        said = {child.year for child in self.stored}
        initial: Any = self.formset.initial
        initial += [{"year": year} for year in self.plan.years if year not in said]

    def form_kwargs(self, row: Organisation) -> dict[str, Any]:
        """The years of the plan."""
        del row
        return {"years": self.plan.years}

    def queryset(self, row: Any) -> Any:
        """Those of this plan."""
        return super().queryset(row).filter(plan=self.plan)

    def columns(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The line, with its plan."""
        return {**super().columns(cleaned), "plan": self.plan}

    def kept(self) -> list[dict[str, Any]]:
        """The lines that say something, in the order of the years."""
        lines = (one for one in super().kept() if one["money_rupiah"] is not None or one["simultaneous"] is not None)
        return sorted(lines, key=lambda one: one["year"])

    def words(self, child: Capacity) -> str:
        """Year, money, number."""
        money = "–" if child.money_rupiah is None else rupiah(child.money_rupiah)
        number = "–" if child.simultaneous is None else child.simultaneous
        return _("%(year)d: %(money)s, at once: %(number)s") % {"year": child.year, "money": money, "number": number}


def plan_of_agency(agency: Organisation) -> Plan:
    """The plan of the region to which an agency belongs."""
    plans = Plan.objects.select_related("government__region", "dimension_set")
    return plans.get(government=agency.parent_id, withdrawn_at=None)


class CapacityForm(EntryForm):
    """What an agency can carry, year by year."""

    children = (CapacityRows,)

    class Meta:
        model = Organisation
        fields = ()

    def is_valid(self) -> bool:
        """Whether every line is right and no year stands twice."""
        if not super().is_valid():
            return False
        seen = set()
        for line in self.child_rows[0].formset.forms:
            year = line.cleaned_data.get("year") if not line.cleaned_data.get("DELETE") else None
            if year in seen:
                line.add_error("year", _("This year stands here twice. Keep one of the two lines."))
                return False
            seen |= {year} - {None}
        return True


def is_in_plan(innovation: Innovation) -> bool:
    """Whether actions may carry this innovation out: it was accepted, or it stands for its plan until that is confirmed."""
    return innovation_figures.printed(innovation.plan).filter(pk=innovation.pk).exists()
