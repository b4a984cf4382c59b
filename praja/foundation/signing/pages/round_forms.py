"""What is filled in about a signing round: its paper, who signs and witnesses, and reasons."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.models import Membership, Organisation, Position, User
from praja.foundation.documents.models import Edition
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.fields import WrittenDateField
from praja.foundation.sheets.values import cleaned
from praja.foundation.signing.models import Signatory, SigningRound, Way

LONGEST_REASON = 2000


class TextField(forms.CharField):
    """A short text without unwanted characters."""

    def to_python(self, value: Any) -> str:
        """The cleaned text."""
        return cleaned(super().to_python(value) or "")[0]


class RoundForm(forms.Form):
    """The paper of a round: title, number, in which order, where and when."""

    title = TextField(label=_("Title on the paper"), max_length=300)
    number = TextField(label=_("Number of the paper"), max_length=80, required=False)
    held_on = WrittenDateField(
        label=_("Day of the signing"), required=False, help_text=_("For example 21 November 2026 or 21/11/2026.")
    )
    place = TextField(label=pgettext_lazy("of a signature", "Place"), max_length=200, required=False)
    order = forms.ChoiceField(
        label=_("Who signs when"),
        choices=SigningRound.Order.choices,
        initial=SigningRound.Order.PARALLEL,
        widget=forms.RadioSelect,
    )
    is_way_fixed = forms.BooleanField(
        label=_("Each office signs in the way that is set for it"),
        required=False,
        help_text=_("Otherwise whoever signs may choose another way on the day. Ink is always possible."),
    )


class NewRoundForm(RoundForm):
    """The same with the edition that is to be signed."""

    edition = forms.ModelChoiceField(label=_("What is signed"), queryset=Edition.objects.none(), empty_label=None)
    field_order = ("edition", "title", "number", "held_on", "place", "order", "is_way_fixed")
    from_address = {"number": "nomor", "held_on": "hari", "place": "tempat"}  # what a link to the page may carry

    def __init__(self, data: Any = None, *, editions: QuerySet[Edition], address: Mapping[str, str]) -> None:
        super().__init__(data)
        field = self.fields["edition"]
        field.queryset = editions  # type: ignore[attr-defined]
        field.label_from_instance = edition_in_words  # type: ignore[attr-defined]
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Leave it empty to take the title of what is signed.")
        self.initial = self._carried(address)

    def _carried(self, address: Mapping[str, str]) -> dict[str, Any]:
        """What the paper says already, as far as the link carries it and the fields would take it."""
        found = {}
        for name, key in self.from_address.items():
            try:
                found[name] = self.fields[name].clean(address.get(key, ""))
            except ValidationError:
                continue
        return found


def edition_in_words(edition: Edition) -> str:
    """An edition as a line to choose."""
    words = _("%(title)s, edition %(number)s (%(status)s)")
    return str(words) % {
        "title": edition.title,
        "number": edition.number,
        "status": edition.get_status_display(),
    }


class OfficesForm(forms.Form):
    """Offices that have a row already: several at once, as signatories or as witnesses."""

    role = forms.ChoiceField(label=_("As"), choices=Signatory.Role.choices, initial=Signatory.Role.SIGNATORY)
    offices = forms.ModelMultipleChoiceField(
        label=_("Offices"),
        queryset=Position.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one office.")},
    )

    def __init__(self, *args: Any, offices: QuerySet[Position], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offices"].queryset = offices  # type: ignore[attr-defined]
        self.fields["offices"].label_from_instance = office_in_words  # type: ignore[attr-defined]


class ReplacementForm(forms.Form):
    """Who signs in the place of somebody, and why."""

    office = forms.ModelChoiceField(
        label=_("Who signs instead"),
        queryset=Position.objects.none(),
        error_messages={"required": _("Choose the office that signs instead.")},
    )
    reason = TextField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why another office signs; it stands in the history.")},
    )  # fmt: skip

    def __init__(self, *args: Any, offices: QuerySet[Position], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        self.fields["office"].label_from_instance = office_in_words  # type: ignore[attr-defined]


def office_in_words(position: Position) -> str:
    """An office with its person and where it is."""
    return f"{position.title_in_full}: {position.person} ({position.organisation.short_name})"


class NewOfficeForm(forms.Form):
    """An office without a row, such as a mentor or an official of the ministry, with the person who holds it."""

    prefix = "new"
    role = forms.ChoiceField(label=_("As"), choices=Signatory.Role.choices, initial=Signatory.Role.WITNESS)
    organisation = forms.ModelChoiceField(
        label=_("Institution of the office"), queryset=Organisation.objects.none(), empty_label=None, required=True
    )
    title = TextField(
        label=_("Title of the office"), max_length=200, help_text=_("As the paper prints it, for example: Pembimbing.")
    )
    account = forms.ModelChoiceField(
        label=_("Account of the person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Without account: signs in ink"),
    )
    username = TextField(
        label=_("or user name of an account elsewhere"),
        max_length=150,
        required=False,
        help_text=_("For a mentor or an official without a role in the region: the name with which they sign in to Praja. They then see their place and the document, nothing else."),
    )  # fmt: skip
    name = TextField(
        label=_("Name with titles"), max_length=200, required=False, help_text=_("Only for who has no account.")
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(plan)  # type: ignore[attr-defined]
        self.fields["account"].queryset = accounts_of(plan)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An account or a name; `account` is then the one that was chosen or typed."""
        values = super().clean() or self.cleaned_data
        if typed := values.get("username"):
            rows = User.objects.filter(username__iexact=typed, is_active=True, person__isnull=False)
            values["account"] = rows.select_related("person").first()
            if values["account"] is None:
                self.add_error(
                    "username", _("No account has this name. Ask the person for the name with which they sign in.")
                )
        elif not values.get("account") and not values.get("name"):
            self.add_error("name", _("Choose the account of the person, or write the name."))
        return values


class WaysForm(forms.Form):
    """In which way each place of a round is meant to be signed; who has no account signs in ink."""

    def __init__(self, data: Any = None, *, places: Iterable[tuple[Signatory, bool]]) -> None:
        super().__init__(data)
        self.places = list(places)
        for one, has_account in self.places:
            self.fields[f"way-{one.pk}"] = forms.ChoiceField(
                label=str(one),
                choices=Way.choices if has_account else [(Way.WET, Way.WET.label)],
                initial=one.way,
                required=False,
                widget=forms.Select(attrs={"aria-label": str(one)}),
            )

    @property
    def lines(self) -> list[tuple[Signatory, bool, Any]]:
        """(signatory, whether somebody with an account can sign there, field)."""
        return [(one, has_account, self[f"way-{one.pk}"]) for one, has_account in self.places]

    @property
    def ways(self) -> dict[int, str]:
        """{key of a signatory: its way}, of those that were sent."""
        found = {one.pk: self.cleaned_data[f"way-{one.pk}"] for one, _has_account in self.places}
        return {pk: way for pk, way in found.items() if way}


class ReasonForm(forms.Form):
    """Why."""

    reason = TextField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


def organisations_of(plan: Plan) -> QuerySet[Organisation]:
    """For whom somebody may sign or witness: the ministry, the region, its agencies."""
    of_region = Q(pk=plan.government_id) | Q(parent=plan.government_id, kind=Organisation.Kind.AGENCY)
    rows = Organisation.objects.filter(of_region | Q(kind=Organisation.Kind.MINISTRY), withdrawn_at=None)
    return rows.order_by("-kind", "name")  # ministry, government, agencies


def accounts_of(plan: Plan) -> QuerySet[User]:
    """The accounts with a role in the region or at the ministry, by name."""
    members = Membership.objects.current().filter(organisation__in=organisations_of(plan).order_by())
    rows = User.objects.filter(pk__in=members.values("user"), is_active=True, person__isnull=False)
    return rows.select_related("person").order_by("person__name", "pk")


def offices_to_name(round_: SigningRound) -> QuerySet[Position]:
    """The offices with a person that are not in the round yet: the region's own first."""
    named = round_.signatories.exclude(state=Signatory.State.REPLACED).values("position")
    plan = round_.plan
    today = plan.today
    rows = Position.objects.filter(
        Q(organisation=plan.government_id)
        | Q(organisation__parent=plan.government_id, organisation__withdrawn_at=None),
        Q(starts_on=None) | Q(starts_on__lte=today),
        Q(ends_on=None) | Q(ends_on__gte=today),
        withdrawn_at=None,
        person__isnull=False,
    )
    rows = rows.exclude(pk__in=named).select_related("person", "organisation")
    return rows.order_by("-organisation__kind", "-is_head", "organisation__name", "pk")
