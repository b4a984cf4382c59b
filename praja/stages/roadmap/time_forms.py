"""The page of an action's time: when it runs, what it does in which year, and what it needs first."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.drafts.entry import ChildForm, ChildRows, EntryForm
from praja.stages.roadmap import circles
from praja.stages.roadmap.fields import PlanYearField, RowsByValue
from praja.stages.roadmap.models import Action, ActionStage, Dependency
from praja.stages.roadmap.numbering import action_words


def years_in_order(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The last year is not before the first."""
    first, last = values.get("start_year"), values.get("end_year")
    if first and last and last < first:
        yield "end_year", _("The last year is before the first. Correct one of the two.")


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
