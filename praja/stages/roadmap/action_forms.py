"""How an action is begun, and the pages of what a person fills in about it."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.drafts.entry import EntryForm
from praja.foundation.plans.budget import BudgetRows
from praja.foundation.plans.forms import offer_others, others_are_others
from praja.foundation.plans.indicators import IndicatorRows
from praja.foundation.plans.models import Plan, SubDimension
from praja.stages.roadmap.code_forms import BudgetCodeInput
from praja.stages.roadmap.fields import BudgetCodeField, years_of
from praja.stages.roadmap.models import Action
from praja.stages.roadmap.numbering import codes_taken, proposed_code
from praja.stages.roadmap.time_forms import TimeForm

MOST_TARGETS = 10  # years for which an indicator asks a target


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
