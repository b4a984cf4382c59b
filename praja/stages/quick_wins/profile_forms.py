"""What is filled in about a chosen quick win: identity, problem and benefit, means, its risk sheet, its plan by month."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.foundation.accounts.models import Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.drafts.entry import ChildForm, ChildRows, EntryForm, formset_of
from praja.foundation.sheets.fields import ParsedField
from praja.foundation.sheets.values import Value, ValueProblem, cleaned, parse_int
from praja.stages.quick_wins.models import PlannedMonth, QuickWin, Risk
from praja.stages.quick_wins.nominee_forms import LONGEST_TEXT, give_an_end, month_words
from praja.stages.quick_wins.profile import planned

# --- identity ---------------------------------------------------------------------------------------------------------


class PositionSelect(forms.Select):
    """Offices by agency; each option names its agency, so that the page can show only those that fit."""

    agency_of: dict[Any, str]

    def offer(self, positions: QuerySet[Position]) -> None:
        """Offer these offices with who holds them."""
        found = list(
            positions.select_related("person", "organisation").order_by("organisation__name", "-is_head", "pk")
        )
        self.agency_of = {one.pk: str(one.organisation_id) for one in found}
        agencies = dict.fromkeys(one.organisation for one in found)
        self.choices = [
            ("", "–"),
            *(
                (str(one), [(row.pk, office(row)) for row in found if row.organisation_id == one.pk])
                for one in agencies
            ),
        ]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """An option with data-of."""
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.agency_of:
            option["attrs"]["data-of"] = self.agency_of[value]
        return option


def office(position: Position) -> str:
    """An office with who holds it: "Kepala Bidang Layanan (Ani Lestari)"."""
    return f"{position.title_in_full} ({position.person.full_name})" if position.person else position.title_in_full


def position_is_of_the_agency(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The office that answers belongs to the agency that carries it out."""
    agency, position = values.get("organisation"), values.get("position")
    if position and "organisation" in values and (agency is None or position.organisation_id != agency.pk):
        yield "position", _("This office belongs to another agency. Choose one of the owner agency, or add it there.")


class IdentityForm(EntryForm):
    """First page: what it is called, who carries it out, which office answers for it."""

    rules = (position_is_of_the_agency,)

    class Meta:
        model = QuickWin
        fields = ("acronym", "full_name", "organisation", "position")
        labels: ClassVar = {
            "acronym": gettext_lazy("Acronym"),
            "full_name": gettext_lazy("Name in full"),
            "organisation": gettext_lazy("Owner agency (OPD)"),
            "position": gettext_lazy("Responsible position"),
        }
        help_texts: ClassVar = {
            "acronym": gettext_lazy("The short name under which residents know it. Empty: the name of the innovation."),
            "full_name": gettext_lazy("What the acronym stands for."),
            "position": gettext_lazy("The office that answers for it, also when the person changes."),
        }
        widgets: ClassVar = {"position": PositionSelect(attrs={"data-depends-on": "id_organisation"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quick_win, user = self.instance, self.user
        agencies = quick_win.plan.government.children.agencies()
        if not user.may(Can.QUICK_WIN_NOMINATE, quick_win.plan):  # who writes for an agency does not give it away
            agencies = agencies.filter(pk=quick_win.organisation_id)
        self.fields["organisation"].queryset = agencies
        today = quick_win.plan.today
        held = Q(withdrawn_at=None) & (Q(ends_on=None) | Q(ends_on__gte=today))
        positions = Position.objects.filter(held | Q(pk=quick_win.position_id), organisation__in=agencies)
        self.fields["position"].queryset = positions
        self.fields["position"].widget.offer(positions)
        if not quick_win.is_with_the_agency or not user.may(Can.QUICK_WIN_NOMINATE, quick_win.plan):
            self.fields["organisation"].required = True  # without it a profile leaves those who write it
        if not quick_win.is_with_the_agency:
            self.fields["position"].required = True
            self.fields["position"].error_messages["required"] = _(
                "A submitted profile keeps its responsible position."
            )


class NewPositionForm(forms.Form):
    """An office of the owner agency that is not known yet."""

    title = forms.CharField(
        label=gettext_lazy("Position"),
        max_length=200,
        help_text=gettext_lazy("As the decree calls it, for example Kepala Bidang Pelayanan Kesehatan."),
    )
    name = forms.CharField(label=gettext_lazy("Name of who holds it"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Texts without unwanted characters."""
        values = super().clean() or self.cleaned_data
        return {name: cleaned(value)[0] for name, value in values.items()}


# --- texts ------------------------------------------------------------------------------------------------------------


class _TextsForm(EntryForm):
    """A page of long texts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            give_an_end(field)


def _long(*names: str) -> dict[str, forms.Textarea]:
    return {name: forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_TEXT}) for name in names}


class ProblemForm(_TextsForm):
    """Second page: the problem and the benefit, both in figures."""

    class Meta:
        model = QuickWin
        fields = ("problem", "benefit_figures")
        widgets: ClassVar = _long("problem", "benefit_figures")
        labels: ClassVar = {
            "problem": gettext_lazy("Problem with its figures"),
            "benefit_figures": gettext_lazy("Benefit in figures"),
        }
        help_texts: ClassVar = {
            "problem": gettext_lazy("How many people, how long, how dear: with year and source, so that all can check it."),
            "benefit_figures": gettext_lazy("What residents gain within the year, for example 30 minutes less for 4,000 patients."),
        }  # fmt: skip


class MeansForm(_TextsForm):
    """Third page: what attracts, and with which resources it is done."""

    class Meta:
        model = QuickWin
        fields = ("attraction", "resources")
        widgets: ClassVar = _long("attraction", "resources")
        labels: ClassVar = {
            "attraction": gettext_lazy("What attracts residents and outsiders"),
            "resources": gettext_lazy("Resources"),
        }
        help_texts: ClassVar = {
            "attraction": gettext_lazy("Why people will use it, speak of it, and come to see it."),
            "resources": gettext_lazy("People, rooms, equipment, data and systems that are there for it. Money stands at the innovation."),
        }  # fmt: skip


# --- the risk sheet ---------------------------------------------------------------------------------------------------


def _steps(name: str) -> list[tuple[Any, Any]]:
    """The three steps of likelihood or impact, and none yet."""
    field: Any = Risk._meta.get_field(name)
    return [("", "–"), *field.flatchoices]


class RiskForm(ChildForm):
    """A row of the risk sheet."""

    factor = forms.CharField(label=gettext_lazy("Risk factor"), max_length=300)
    cause = forms.CharField(label=pgettext_lazy("risk", "Cause"), max_length=300, required=False)
    likelihood = forms.TypedChoiceField(
        label=gettext_lazy("Likelihood"),
        choices=_steps("likelihood"),
        coerce=int,
    )
    impact = forms.TypedChoiceField(
        label=pgettext_lazy("risk", "Impact"),
        choices=_steps("impact"),
        coerce=int,
    )
    structural = forms.CharField(
        label=gettext_lazy("Structural mitigation"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What is built, bought or decreed."),
    )
    non_structural = forms.CharField(
        label=gettext_lazy("Non-structural mitigation"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Policy, meetings, training, information."),
    )


class RiskRows(ChildRows):
    """The risks of a quick win."""

    prefix = "risks"
    model = Risk
    form = RiskForm
    parent = "quick_win"
    title = gettext_lazy("Risks")
    add_title = gettext_lazy("Add a risk")

    def words(self, child: Risk) -> str:
        """A risk as one line."""
        value = f"{child.likelihood} × {child.impact} = {child.value}"
        said = [child.factor, child.cause, value, child.structural, child.non_structural]
        return "; ".join(filter(None, said))


class RisksForm(EntryForm):
    """Fourth page: the risk sheet with the ministry's columns."""

    children = (RiskRows,)

    class Meta:
        model = QuickWin
        fields: ClassVar = ()


# --- the plan by month ------------------------------------------------------------------------------------------------


def parse_percent(value: Value) -> int | None:
    """A whole number from 0 to 100, None for a blank; "45 %" is 45. Raises ValueProblem."""
    try:
        return parse_int(value.strip().removesuffix("%") if isinstance(value, str) else value, 0, 100)
    except ValueProblem:
        raise ValueProblem(_("Write a whole number from 0 to 100, for example 45.")) from None


def month_is_whole(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A month says both what is done and how far it is then, or nothing."""
    if values.get("activity") and "target_percent" in values and values["target_percent"] is None:
        yield "target_percent", _("Write how far it is to be at the end of this month, from 0 to 100.")
    if values.get("target_percent") is not None and "activity" in values and not values["activity"]:
        yield "activity", _("Write what is done in this month.")


class MonthForm(ChildForm):
    """One month of the plan; `months`: {"2027-01": its first day}."""

    rules = (month_is_whole,)
    month = forms.CharField(widget=forms.HiddenInput)
    activity = forms.CharField(label=gettext_lazy("What is done"), max_length=300, required=False)
    target_percent = ParsedField(parse=parse_percent, label=gettext_lazy("Target in per cent"), required=False)

    def __init__(self, *args: Any, months: dict[str, datetime.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.months = months
        self.fields["target_percent"].widget.attrs["inputmode"] = "numeric"

    def clean_month(self) -> datetime.date:
        """The first day of a month of the round."""
        month = self.months.get(self.cleaned_data["month"])
        if month is None:
            raise ValidationError(_("Choose a month of the round."), code="outside")
        return month

    @property
    def name(self) -> str:
        """The month in words: "Januari 2027"."""
        month = self.months.get(str(self["month"].value()))
        return month_words(month) if month else ""

    def says_something(self) -> bool:
        """Whether the line plans anything."""
        return bool(self.cleaned_data.get("activity")) or self.cleaned_data.get("target_percent") is not None


class MonthRows(ChildRows):
    """A line for each month of the round; a line that is emptied goes."""

    prefix = "months"
    model = PlannedMonth
    form = MonthForm
    parent = "quick_win"
    title: ClassVar[Promise | str] = gettext_lazy("Plan by month")
    add_title: ClassVar[Promise | str] = ""
    extra = 0

    def __init__(self, row: Any, data: Any = None) -> None:
        self.row = row
        months = planned(row)
        self.stored = [line for _month, line in months if line]
        self.formset = formset_of(MonthForm, extra=0)(
            data=data,
            prefix=self.prefix,
            initial=[
                {"month": f"{month:%Y-%m}", "activity": line.activity, "target_percent": line.target_percent, "id": line.pk}
                if line
                else {"month": f"{month:%Y-%m}"}
                for month, line in months
            ],
            form_kwargs={"months": {f"{month:%Y-%m}": month for month, _line in months}},
        )  # fmt: skip

    def kept(self) -> list[dict[str, Any]]:
        """A line for each month that is planned; which stored one it stands for, its month says."""
        keys = {one.month: one.pk for one in self.stored}
        lines = {line.cleaned_data["month"]: line.cleaned_data for line in self.formset.forms if line.says_something()}
        return [{**lines[month], "id": keys.get(month)} for month in sorted(lines)]

    def words(self, child: PlannedMonth) -> str:
        """A month as one line."""
        return f"{month_words(child.month)}: {child.activity} ({child.target_percent}%)"


class MonthsForm(EntryForm):
    """Fifth page: what is done in each month of the round, and how far it is then."""

    children = (MonthRows,)

    class Meta:
        model = QuickWin
        fields: ClassVar = ()


SECTIONS: dict[str, tuple[Promise | str, type[EntryForm]]] = {
    "identity": (gettext_lazy("Identity"), IdentityForm),
    "problem": (gettext_lazy("Problem and benefit"), ProblemForm),
    "means": (gettext_lazy("Attraction and resources"), MeansForm),
    "risks": (gettext_lazy("Risk sheet"), RisksForm),
    "months": (gettext_lazy("Plan by month"), MonthsForm),
}
