"""What is filled in about people: who acts for an office until when, and why a lost second step was taken away."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts import acting
from praja.foundation.accounts.forms import printable
from praja.foundation.accounts.models import Organisation, Position, User
from praja.foundation.accounts.roles import ROLES

HOW = [
    (Position.Acting.PLT, gettext_lazy("Plt.: carries out the duties while the office is vacant")),
    (Position.Acting.PLH, gettext_lazy("Plh.: carries out the duties while the holder is away")),
    (Position.Acting.PJ, gettext_lazy("Pj.: holds the office until there is a definitive one")),
    (acting.ON_BEHALF, gettext_lazy("a.n.: signs on behalf of the holder")),
]


class ActingForm(forms.Form):
    """Who acts for which office, how, by which paper, from when until when."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    organisation = forms.ModelChoiceField(label=gettext_lazy("Office at"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=gettext_lazy("What they may do in Praja meanwhile"))
    user = forms.ModelChoiceField(
        label=gettext_lazy("Who acts"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Only people with an account. Somebody is missing? Invite them first."),
    )
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=HOW, widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("Office"),
        max_length=200,
        required=False,
        validators=[printable],
        help_text=gettext_lazy("As papers name it, without Plt. or Plh.; empty: the head of the organisation."),
    )
    basis_number = forms.CharField(
        label=gettext_lazy("Number of the order or decree"),
        max_length=150,
        validators=[printable],
        help_text=gettext_lazy("For example: SPT 800.1.11.1/123/BKPSDM"),
    )
    basis_on = forms.DateField(
        label=gettext_lazy("Date of the order"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts_on = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("After it everything ends by itself. Extended? Name them again by the new order."),
    )

    def __init__(self, *args: Any, organisations: Any, users: Any, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["user"].queryset = users
        self.fields["role"].choices = [(key, ROLES[key].title) for key in roles]

    def clean(self) -> dict[str, Any]:
        """Days in order, not over yet, not endless; an office that has a name."""
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last:
            if last < first:
                self.add_error("ends_on", _("The last day lies before the first. Check both."))
            elif last < timezone.localdate():
                self.add_error("ends_on", _("This day has passed already. Write the last day of the new order."))
            elif (last - first).days > acting.MOST_DAYS:
                self.add_error(
                    "ends_on", _("Longer than a year is no acting time. Write the day that the order names.")
                )
        if values.get("basis_on") and values["basis_on"] > timezone.localdate() + datetime.timedelta(days=1):
            self.add_error("basis_on", _("This day lies in the future. Write the date that stands on the order."))
        if values.get("organisation") and not values.get("title"):
            head = acting.head_of(values["organisation"])
            if head is None:
                self.add_error("title", _("No head of this organisation is recorded yet. Write the office here."))
            else:
                values["title"] = head.title
        return values


class ResetForm(forms.Form):
    """How one made sure that it is the person themselves who asks."""

    reason = forms.CharField(
        label=gettext_lazy("How did you make sure that it is them?"),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example: came to the office with the staff card. It stays in the history."),
    )
