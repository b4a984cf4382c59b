"""What a person fills in about rows that say the same and rows that change hands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.across.joining.kinds import Kind
from praja.across.joining.models import Consent
from praja.foundation.accounts.models import Organisation

LONGEST_REASON = 2_000


def clean_reason(text: str | None) -> str:
    """A reason as it is kept: trimmed, without the zero that PostgreSQL refuses, not endless."""
    return (text or "").replace("\0", "").strip()[:LONGEST_REASON]


class MoveForm(forms.Form):
    """To which agency a row is to go, and why."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    receiving = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("To which agency"))
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Both agencies read this before they agree."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, kind: Kind, row: Any, user: Any) -> None:
        super().__init__(data)
        agencies = row.plan.government.children.agencies().exclude(pk=row.organisation_id)
        may_give = user.may(kind.accept, row.plan) or kind.speaks_for(user, row.organisation)
        # Another agency may ask for the row, but only for itself.
        self.fields["receiving"].queryset = agencies if may_give else agencies.filter(pk__in=kind.agencies_of(user))
        if not may_give:
            self.fields["receiving"].initial = agencies.filter(pk__in=kind.agencies_of(user)).first()


class ConsentForm(forms.Form):
    """What an agency said on paper or in a meeting, as the secretariat records it."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Agency (OPD)"))
    agrees = forms.TypedChoiceField(
        label=gettext_lazy("What it said"),
        choices=[("1", gettext_lazy("It agrees")), ("0", gettext_lazy("It does not agree"))],
        coerce=lambda value: value == "1",
    )
    manner = forms.ChoiceField(label=pgettext_lazy("of a consent", "How"), choices=Consent.Manner.choices[1:])
    note = forms.CharField(
        label=gettext_lazy("Which paper or meeting"),
        help_text=gettext_lazy("For example: minutes of 12 November 2026, item 4."),
        max_length=LONGEST_REASON,
    )
    file = forms.FileField(label=gettext_lazy("The signed paper or the minutes, if there is a file"), required=False)

    field_order = ("organisation", "agrees", "manner", "note", "file")

    def __init__(self, data: Any = None, files: Any = None, *, agencies: list[Organisation]) -> None:
        super().__init__(data, files, prefix="word")
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=[agency.pk for agency in agencies])
        if len(agencies) == 1:
            self.fields["organisation"].initial = agencies[0]
