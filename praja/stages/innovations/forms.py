"""What a person fills in about an innovation, on seven short pages, and the rules for one entry."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.drafts.entry import ChildForm, ChildRows, EntryForm
from praja.foundation.plans.budget import BudgetRows
from praja.foundation.plans.forms import DimensionFields, offer_others, others_are_others
from praja.foundation.plans.indicators import IndicatorRows
from praja.foundation.plans.models import BudgetLine
from praja.foundation.sheets.fields import YearField
from praja.stages.analysis.gaps import gap_name
from praja.stages.innovations.models import Innovation, NotYet, Partner
from praja.stages.targets.models import Target

LONG_TEXT = 100_000
YEARS_WITHOUT_A_PERIOD = 5
NOT_OFFERED = gettext_lazy(
    "Choose problems of the agency itself or accepted ones of the region. One of these is another agency's and not accepted."
)
AT_ACTIONS = gettext_lazy(
    "This innovation has actions by now, and its money stands at them. Write it on the money page of the action."
)


class NewInnovationForm(forms.Form):
    """A draft needs only a title; somebody who writes for several agencies may choose one."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    title = forms.CharField(label=gettext_lazy("Name of the innovation"), max_length=300)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Agency (OPD)"), required=False
    )

    def __init__(self, data: Any = None, *, plan: Any, user: Any) -> None:
        super().__init__(data)
        agencies = plan.government.children.agencies().within_reach(user, Can.INNOVATION_WRITE)
        self.fields["organisation"].queryset = agencies
        # Only the secretariat may begin a row before it knows whose it is.
        self.fields["organisation"].required = not user.may(Can.INNOVATION_ACCEPT, plan)
        if len(agencies) == 1:
            self.fields["organisation"].initial = agencies[0]


def system_is_named(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """An existing application has a name; an innovation that is not IT needs no new one."""
    if values.get("system") == Innovation.System.EXISTING and not values.get("system_name"):
        yield "system_name", _("Name the existing application.")
    if values.get("is_it") is False and values.get("system") == Innovation.System.NEW:
        yield "system", _("A non-IT innovation needs no new application. Change one of the two answers.")


class IdentityForm(DimensionFields, EntryForm):
    """First page: what it is, whose, and where it belongs."""

    write = Can.INNOVATION_WRITE
    rules = (*DimensionFields.rules, others_are_others("supporting"), system_is_named)
    is_it = forms.TypedChoiceField(
        label=gettext_lazy("IT or non-IT"),
        choices=[
            ("True", gettext_lazy("IT: it needs an application, data or a network")),
            ("False", gettext_lazy("Non-IT")),
        ],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Innovation
        fields = (
            "title",
            "long_name",
            "organisation",
            "dimension",
            "sub_dimension",
            "affair",
            "off_affair_reason",
            "summary",
            "is_it",
            "system",
            "system_name",
            "kind",
            "form",
            "initiator",
            "theme",
            "supporting",
        )
        widgets: ClassVar = {
            "summary": forms.Textarea(attrs={"rows": 4, "maxlength": 20_000}),
            "off_affair_reason": forms.Textarea(attrs={"rows": 2}),
            "supporting": forms.CheckboxSelectMultiple,
        }
        help_texts: ClassVar = {
            "title": gettext_lazy("The short name that people use."),
            "long_name": gettext_lazy("What the short name stands for, when it is an acronym."),
            "off_affair_reason": gettext_lazy("Only when the affair is not one of the agency's own."),
            "theme": gettext_lazy("For example: stunting, poverty, investment."),
            "system_name": gettext_lazy("Name the existing application, so that it is not built twice."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = self.instance.plan.government.children.agencies()
        offer_others(self.fields["supporting"], agencies, but=self.instance.organisation_id)
        self.fields["system_name"].required = False


class WhyForm(EntryForm):
    """Second page: the problems it answers and whom it serves."""

    beneficiary_count = forms.IntegerField(
        label=gettext_lazy("Number of beneficiaries"),
        min_value=0,
        max_value=2_147_483_647,
        required=False,
        help_text=gettext_lazy("People, families or businesses; a whole number."),
    )

    class Meta:
        model = Innovation
        fields = (
            "problems",
            "targets",
            "gaps",
            "strategic_issue",
            "goal",
            "benefit",
            "result",
            "beneficiaries",
            "beneficiary_count",
        )
        widgets: ClassVar = {
            "problems": forms.CheckboxSelectMultiple,
            "targets": forms.CheckboxSelectMultiple,
            "gaps": forms.CheckboxSelectMultiple,
            **{name: forms.Textarea(attrs={"rows": 3, "maxlength": 20_000}) for name in ("goal", "benefit", "result")},
        }
        help_texts: ClassVar = {
            "problems": gettext_lazy("Problems of your agency and accepted ones of the region."),
            "targets": gettext_lazy("What the region has promised in its RPJMD and comes closer through it."),
            "gaps": gettext_lazy("Gaps of the strategic analysis that become smaller through it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        problems = self.instance.plan.problems.in_service()
        own = problems.filter(organisation_id=self.instance.organisation_id)
        chosen = problems.filter(innovations=self.instance.pk)
        self.fields["problems"].queryset = (own | problems.accepted() | chosen).distinct().order_by("title")
        self.fields["problems"].error_messages["invalid_choice"] = NOT_OFFERED
        self._offer_targets()
        self._offer_gaps()

    def _offer_targets(self) -> None:
        """The targets of the RPJMD; no question while none is recorded."""
        targets = Target.objects.of(self.instance.plan)
        if not targets.exists():
            del self.fields["targets"]
            return
        self.fields["targets"].queryset = targets

    def _offer_gaps(self) -> None:
        """The gaps of the plan and those it closes already; no question while the analysis has none."""
        own = self.instance.pk
        offered = Q(withdrawn_at=None) | (Q(innovations=own) if own else Q(pk__in=()))
        gaps = self.instance.plan.gaps.filter(offered).select_related("sub_dimension").distinct()
        if not gaps.exists():
            del self.fields["gaps"]
            return
        self.fields["gaps"].queryset = gaps.order_by(
            "sub_dimension__dimension__order", "sub_dimension__order", "order", "pk"
        )
        self.fields["gaps"].label_from_instance = gap_name


class HowForm(EntryForm):
    """Third page: how it works, what is new, what it needs, what may go wrong."""

    class Meta:
        model = Innovation
        fields = (
            "design",
            "uniqueness",
            "growth_potential",
            "sustainability",
            "needs_people",
            "needs_infrastructure",
            "needs_data",
            "risk",
            "risk_mitigation",
        )
        help_texts: ClassVar = {
            "design": gettext_lazy("Step by step: who does what, with what, and what people then get."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.update({"rows": 10 if name == "design" else 3, "maxlength": LONG_TEXT})


def years_in_order(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The last year is not before the first."""
    first, last = values.get("start_year"), values.get("end_year")
    if first and last and last < first:
        yield "end_year", _("The last year is before the first. Correct one of the two.")


class LawForm(EntryForm):
    """Fourth page: on what paper it rests, how far it is, and when it runs."""

    rules = (years_in_order,)
    start_year = YearField(label=gettext_lazy("First year"), required=False)
    end_year = YearField(label=gettext_lazy("Last year"), required=False)
    progress = forms.IntegerField(
        label=gettext_lazy("Progress in per cent"), min_value=0, max_value=100, required=False
    )

    class Meta:
        model = Innovation
        fields = (
            "legal_basis",
            "legal_level",
            "stage",
            "status",
            "progress",
            "horizon",
            "start_year",
            "end_year",
            "in_planning_papers",
            "budget_code",
            "crosses_regions",
        )
        help_texts: ClassVar = {
            "legal_basis": gettext_lazy("Kind, number and title of the paper."),
            "budget_code": gettext_lazy("For example 2.16.02.2.01.0007; leave empty when it is not known."),
        }


class InnovationMoney(BudgetRows):
    """The money of an innovation that has no actions yet."""

    parent = "innovation"


class MoneyForm(EntryForm):
    """Fifth page: money. Once the innovation has actions its money stands at them, and is only shown here."""

    children = (InnovationMoney,)

    class Meta:
        model = Innovation
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_at_actions = has_actions(self.instance)
        if self.is_at_actions and not self.is_bound:
            self.child_rows = []

    def clean(self) -> dict[str, Any]:
        """What was typed before the first action began is shown again, and not stored."""
        cleaned: dict[str, Any] = super().clean()
        if self.is_at_actions:
            self.add_error(None, AT_ACTIONS)
        return cleaned

    @property
    def lines_at_actions(self) -> QuerySet[BudgetLine]:
        """The money of the innovation, each line with the action that it stands at."""
        lines: QuerySet[BudgetLine] = self.instance.budget_lines.filter(withdrawn_at=None)
        return lines.select_related("action")


def has_actions(innovation: Innovation) -> bool:
    """Whether actions carry the innovation out, so that its money stands at them."""
    return bool(innovation.pk) and innovation.actions.filter(withdrawn_at=None).exists()


class InnovationIndicators(IndicatorRows):
    """The indicators of an innovation."""

    parent = "innovation"

    def years(self, row: Innovation) -> list[int]:
        """The years of the plan."""
        return target_years(row)


def target_years(innovation: Innovation) -> list[int]:
    """The years of the plan, at most ten; five from now on when the plan has no period yet."""
    years = list(innovation.plan.years)[:10]
    first = innovation.plan.today.year
    return years or list(range(first, first + YEARS_WITHOUT_A_PERIOD))


class IndicatorsForm(EntryForm):
    """Sixth page: how one sees that it works."""

    children = (InnovationIndicators,)

    class Meta:
        model = Innovation
        fields = ()


class PartnerForm(ChildForm):
    """One partner."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of partner"), choices=[("", "–"), *Partner.Kind.choices])
    contribution = forms.CharField(label=gettext_lazy("Contribution"), max_length=300, required=False)


def partner_words(partner: Partner) -> str:
    """A partner in words, for the history and for comparing."""
    words = f"{partner.name} ({partner.get_kind_display()})"
    return f"{words}: {partner.contribution}" if partner.contribution else words


class PartnerRows(ChildRows):
    """Partners outside the government."""

    prefix = "partners"
    model = Partner
    form = PartnerForm
    parent = "innovation"
    title: ClassVar[Promise | str] = gettext_lazy("Partners")
    add_title: ClassVar[Promise | str] = gettext_lazy("Add a partner")

    def words(self, child: Partner) -> str:
        """Name, kind and contribution."""
        return partner_words(child)


class PartnersForm(EntryForm):
    """Seventh page: who takes part, with files and links below it."""

    children = (PartnerRows,)

    class Meta:
        model = Innovation
        fields = ()


SECTIONS: dict[str, tuple[Promise | str, type[EntryForm]]] = {
    "identity": (gettext_lazy("Identity"), IdentityForm),
    "why": (gettext_lazy("Problem and benefit"), WhyForm),
    "how": (gettext_lazy("How it works"), HowForm),
    "law": (gettext_lazy("Legal basis and time"), LawForm),
    "money": (gettext_lazy("Money"), MoneyForm),
    "indicators": (gettext_lazy("Indicators and targets"), IndicatorsForm),
    "partners": (gettext_lazy("Partners and evidence"), PartnersForm),
}


class NotYetForm(forms.ModelForm):
    """An agency says that it has nothing to propose, and why."""

    fields: dict[str, Any]  # each kind of field has attributes of its own

    class Meta:
        model = NotYet
        fields = ("organisation", "what", "dimension", "reason")
        widgets: ClassVar = {"reason": forms.Textarea(attrs={"rows": 4, "maxlength": 5_000}), "what": forms.RadioSelect}
        help_texts: ClassVar = {"dimension": gettext_lazy("Leave empty when it holds for every dimension.")}

    def __init__(self, *args: Any, plan: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = plan.government.children.agencies().within_reach(user, Can.INNOVATION_WRITE)
        self.fields["organisation"].queryset = agencies
        self.fields["organisation"].label = _("Agency (OPD)")
        self.fields["dimension"].queryset = plan.dimension_set.dimensions.all()
        self.fields["dimension"].label = _("Dimension")
        self.fields["what"].label = _("What is not proposed")
        self.fields["what"].choices = NotYet.What.choices
        if agencies.count() == 1:
            self.fields["organisation"].initial = agencies.first()
