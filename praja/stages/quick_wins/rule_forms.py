"""What is filled in about a rule of a round: a short form, with the fields of its kind."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.drafts.entry import EntryForm
from praja.foundation.plans.models import BudgetLine
from praja.foundation.sheets.fields import MoneyField, WrittenDateField
from praja.stages.quick_wins.models import Nomination, SelectionRule
from praja.stages.quick_wins.rules import OF_WHAT, fields_of, same_rule

Kind = SelectionRule.Kind
GONE = gettext_lazy("This nominee was withdrawn meanwhile, or is none of this round. Choose another one.")
HINTS = {
    Kind.PER_DIMENSION: gettext_lazy("How many quick wins each dimension, or one of them, is to have."),
    Kind.BUDGET: gettext_lazy("What the quick wins of the set may cost together, as their innovations plan it."),
    Kind.PER_AGENCY: gettext_lazy("So that no agency carries more than it can."),
    Kind.STAFF_DAYS: gettext_lazy("The days that its nominees need together, of those that state them."),
    Kind.MONEY_STATES: gettext_lazy("Only nominees whose money is in one of these places can be in the set."),
    Kind.FINISH_BY: gettext_lazy(
        "Only nominees that are done by then can be in the set; those without a month cannot."
    ),
    Kind.NEEDS: gettext_lazy("The first is in the set only when the second is."),
    Kind.EXCLUDES: gettext_lazy("Two that do the same, or need the same people."),
    Kind.MUST: gettext_lazy("It is in the set whatever it is worth. Use this with care: it takes a place."),
    Kind.MUST_NOT: gettext_lazy("It stays out whatever it is worth, and stays a nominee."),
    Kind.NOT_IT: gettext_lazy("A smart city is more than applications."),
    Kind.TARGET: gettext_lazy("Nominees serve the targets that their innovations name."),
}


class RuleForm(EntryForm):
    """A rule of one kind; the other columns stay empty."""

    least = forms.IntegerField(label=gettext_lazy("At least"), required=False, min_value=0, max_value=1_000)
    most = forms.IntegerField(label=gettext_lazy("At most"), required=False, min_value=0, max_value=100_000)
    rupiah = MoneyField(label=gettext_lazy("At most (rupiah)"))
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), required=False, coerce=int, empty_value=None)
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False)
    states = forms.MultipleChoiceField(
        label=gettext_lazy("Where the money may be"), choices=Nomination.Money.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    day = WrittenDateField(label=gettext_lazy("Done by"), help_text=gettext_lazy("For example 30 September 2027."))

    class Meta:
        model = SelectionRule
        fields = (
            "dimension", "organisation", "nomination", "other", "target", "year", "source", "least", "most", "rupiah",
            "states", "day",
        )  # fmt: skip
        labels = {
            "dimension": gettext_lazy("Dimension"),
            "organisation": gettext_lazy("Agency (OPD)"),
            "nomination": gettext_lazy("Nominee"),
            "other": gettext_lazy("Other nominee"),
            "target": gettext_lazy("Target"),
        }

    def __init__(self, data: QueryDict | None = None, *, instance: SelectionRule, user: Any) -> None:
        super().__init__(data, instance=instance, user=user)
        wanted = fields_of(instance.kind)
        for name in [name for name in self.fields if name not in wanted]:
            del self.fields[name]
        for name in wanted:
            self._fill(name)
        for name in ("least", "most"):
            if name in self.fields:
                self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})
                self.fields[name].required = (
                    len([one for one in ("least", "most") if one in wanted]) == 1
                )  # of the two at least one, of one alone that
        if instance.kind in (Kind.NEEDS, Kind.EXCLUDES):
            self.fields["nomination"].label = _("This one")
            self.fields["other"].label = _("needs this one") if instance.kind == Kind.NEEDS else _("and not this one")
        if instance.kind == Kind.STAFF_DAYS:
            self.fields["most"].label = _("At most (staff days)")

    def _fill(self, name: str) -> None:
        """The choices that this round has."""
        round_, field = self.instance.round, self.fields[name]
        plan = round_.plan
        match name:
            case "dimension":
                field.queryset, field.empty_label = plan.dimension_set.dimensions.all(), _("Each dimension")
            case "organisation":
                field.queryset, field.empty_label = plan.government.children.agencies(), _("Each agency")
            case "nomination" | "other":
                field.queryset = round_.nominations.in_service().select_related("innovation").order_by("innovation__title", "pk")  # fmt: skip
                field.required, field.error_messages["invalid_choice"] = True, GONE
            case "target":
                field.queryset, field.required = plan.targets.filter(withdrawn_at=None), True
            case "year":
                years = list(plan.years) or list(range(round_.year, round_.year + 2))
                field.choices = [("", _("All years")), *((year, str(year)) for year in years)]
            case "source":
                field.choices = [("", _("All sources")), *BudgetLine.Source.choices]

    def clean(self) -> dict[str, Any]:
        """The values; what contradicts itself is an error of its field."""
        cleaned = super().clean()
        for name, sentence in list(self._what_does_not_fit(cleaned)):
            self.add_error(name, sentence)
        return cleaned

    def _what_does_not_fit(self, values: dict[str, Any]) -> Iterable[tuple[str | None, str]]:
        kind, least, most = self.instance.kind, values.get("least"), values.get("most")
        if kind == Kind.PER_DIMENSION and not self.errors and least is None and most is None:
            yield "least", _("Say how many at least, at most, or both.")
        if least is not None and most is not None and least > most:
            yield "most", _("At most %(most)d is less than at least %(least)d.") % {"most": most, "least": least}
        if values.get("nomination") and values.get("nomination") == values.get("other"):
            yield (
                "other",
                _("A nominee cannot need itself. Choose another one.")
                if kind == Kind.NEEDS
                else _("A nominee cannot exclude itself. Choose another one."),
            )
        if not self.errors and same_rule(self.instance.round, kind, values, but=self.instance.pk):
            name = OF_WHAT[kind][0] if OF_WHAT[kind] else None
            yield name, _("There is a rule about this already. Change that one.")
