"""What is typed about the region's five-year plan: its head, its missions, goals, targets, indicators and flagships."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.foundation.drafts.entry import EntryForm
from praja.foundation.plans.indicators import IndicatorForm, IndicatorRows
from praja.foundation.plans.models import Indicator, Plan
from praja.foundation.sheets.fields import YearField
from praja.foundation.sheets.values import cleaned
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Flagship, Goal, Target

MOST_YEARS = 10
YEARS_WITHOUT_A_PERIOD = 5
LONG_TEXT = 20_000


def years_in_order(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The last year is not before the first, and the period is that of a plan of five or six years."""
    first, last = values.get("year_from"), values.get("year_to")
    if first and last and last < first:
        yield "year_to", _("The last year is before the first. Correct one of the two.")
    elif first and last and last - first >= MOST_YEARS:
        yield "year_to", _("At most %(most)d years fit; an RPJMD has five or six.") % {"most": MOST_YEARS}


class TextForm(EntryForm):
    """Texts without characters that no book can carry."""

    def clean(self) -> dict[str, Any]:
        """Every text cleaned."""
        values = super().clean()
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = cleaned(value)[0]
        return values


class DevelopmentPlanForm(TextForm):
    """Title, regulation, years and vision of the RPJMD."""

    rules = (years_in_order,)
    year_from = YearField(label=gettext_lazy("First year"), required=False)
    year_to = YearField(label=gettext_lazy("Last year"), required=False)

    class Meta:
        model = DevelopmentPlan
        fields = ("title", "regulation", "year_from", "year_to", "vision")
        widgets: ClassVar = {"vision": forms.Textarea(attrs={"rows": 4, "maxlength": LONG_TEXT})}
        help_texts: ClassVar = {
            "title": gettext_lazy("For example: RPJMD Kabupaten Contoh Tahun 2025–2029."),
            "regulation": gettext_lazy("For example: Peraturan Daerah Nomor 3 Tahun 2025; leave it empty if there is none yet."),
            "vision": gettext_lazy("Word for word, as in the RPJMD."),
        }  # fmt: skip


def years_of(development_plan: DevelopmentPlan) -> list[int]:
    """The years for which targets are asked: those of the RPJMD, else the first of the masterplan, at most ten."""
    first, last = development_plan.year_from, development_plan.year_to
    if first and last:
        return list(range(first, min(last, first + MOST_YEARS - 1) + 1))
    plan = development_plan.plan
    begin = first or (plan.years[0] if plan.years else plan.today.year)
    return list(range(begin, begin + YEARS_WITHOUT_A_PERIOD))


def part_widget(rows: int) -> forms.Textarea:
    """A box for a wording of a line or two."""
    return forms.Textarea(attrs={"rows": rows})


class PartForm(TextForm):
    """What every part of the tree has: its number and its wording, on one line."""

    class Meta:
        fields: tuple[str, ...] = ("number", "text")
        widgets: ClassVar[dict[str, Any]] = {"text": part_widget(3)}
        help_texts: ClassVar = {
            "number": gettext_lazy("As the RPJMD writes it, for example 1.2; leave it empty if it has none."),
            "text": gettext_lazy("Word for word, as in the RPJMD."),
        }

    def clean(self) -> dict[str, Any]:
        """A wording is one sentence; line ends come from copying."""
        values = super().clean()
        if values.get("text"):
            values["text"] = " ".join(values["text"].split())
        return values


class MissionForm(PartForm):
    """A mission."""

    class Meta(PartForm.Meta):
        model = DevelopmentMission


class GoalForm(PartForm):
    """A goal and the mission that it belongs to."""

    class Meta(PartForm.Meta):
        model = Goal
        fields = ("mission", "number", "text")
        labels: ClassVar = {"mission": gettext_lazy("Mission")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.instance.whole
        self.fields["mission"].queryset = DevelopmentMission.objects.in_service().filter(development_plan=plan)


def offer(form: EntryForm, plan: Plan) -> None:
    """Let a form choose the plan's dimensions and agencies by ticking."""
    form.fields["dimensions"].queryset = plan.dimension_set.dimensions.all()
    form.fields["agencies"].queryset = plan.government.children.agencies().order_by("name")


class TargetForm(PartForm):
    """A target: the goal it belongs to, the issue behind it, and who and what it concerns."""

    class Meta(PartForm.Meta):
        model = Target
        fields = ("goal", "number", "text", "strategic_issue", "dimensions", "agencies")
        labels: ClassVar = {"goal": gettext_lazy("Goal")}
        widgets: ClassVar[dict[str, Any]] = {
            **PartForm.Meta.widgets,
            "dimensions": forms.CheckboxSelectMultiple,
            "agencies": forms.CheckboxSelectMultiple,
        }
        help_texts: ClassVar = {
            **PartForm.Meta.help_texts,
            "strategic_issue": gettext_lazy("The issue of the RPJMD that this target answers."),
            "dimensions": gettext_lazy("Dimensions of the smart city that can serve it."),
            "agencies": gettext_lazy("Agencies that answer for it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.instance.whole
        goals = Goal.objects.in_service().filter(mission__development_plan=plan, mission__withdrawn_at=None)
        self.fields["goal"].queryset = goals.order_by("mission__order", "mission", "order", "pk")
        offer(self, plan.plan)


class TargetIndicators(IndicatorRows):
    """The indicators of a target, with a value for each year of the RPJMD. A target is what people feel: an outcome."""

    parent = "target"

    class Line(IndicatorForm):
        """One indicator; its level is known."""

        level = None  # type: ignore[assignment]  # takes the field away

    form = Line

    def years(self, row: Target) -> list[int]:
        """The years of the RPJMD."""
        return years_of(row.whole)

    def values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The line as columns, with its level."""
        return {**super().values(cleaned), "level": Indicator.Level.OUTCOME}


class TargetIndicatorsForm(EntryForm):
    """The second page of a target: how one sees that it is met."""

    children = (TargetIndicators,)

    class Meta:
        model = Target
        fields = ()


class FlagshipForm(PartForm):
    """A flagship programme of the head of region, and the targets that it serves."""

    class Meta(PartForm.Meta):
        model = Flagship
        fields = ("number", "text", "description", "dimensions", "agencies", "targets")
        labels: ClassVar = {"text": gettext_lazy("Flagship programme")}
        widgets: ClassVar[dict[str, Any]] = {
            "text": part_widget(2),
            "description": forms.Textarea(attrs={"rows": 4, "maxlength": LONG_TEXT}),
            **dict.fromkeys(("dimensions", "agencies", "targets"), forms.CheckboxSelectMultiple),
        }
        help_texts: ClassVar = {
            "number": gettext_lazy("Its place in the list of the head of region; leave it empty if it has none."),
            "text": gettext_lazy("Its name, as the head of region says it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.instance.whole
        self.fields["targets"].queryset = Target.objects.of(plan.plan)
        offer(self, plan.plan)


FORMS: dict[str, type[EntryForm]] = {
    "misi": MissionForm,
    "tujuan": GoalForm,
    "sasaran": TargetForm,
    "unggulan": FlagshipForm,
}
WORDS: dict[str, Promise] = {
    "misi": gettext_lazy("Mission"),
    "tujuan": gettext_lazy("Goal"),
    "sasaran": pgettext_lazy("RPJMD", "Target"),
    "unggulan": gettext_lazy("Flagship programme"),
}
