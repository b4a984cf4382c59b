"""What is filled in about an agency that is late: its reason, a promised help, an exception."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.across.reminders.models import Assistance, LateReason
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.fields import WrittenDateField
from praja.foundation.sheets.values import cleaned
from praja.foundation.ui.formats import long_date

EXAMPLE = gettext_lazy("For example 21 November 2026 or 21/11/2026.")
LONGEST_AHEAD = datetime.timedelta(days=366)


class TextField(forms.CharField):
    """A short text without unwanted characters."""

    def to_python(self, value: Any) -> str:
        """The cleaned text."""
        return cleaned(super().to_python(value) or "")[0]


class ReasonForm(forms.Form):
    """Why an agency has not delivered yet."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What holds the agency up"),
        choices=LateReason.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the reason that fits best; another one goes with a note.")},
    )
    note = TextField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What exactly, and what would help. Agency and secretariat read it."),
    )
    holder = TextField(
        label=gettext_lazy("Who can give the data"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Only when data are lacking: an agency, or for example BPS."),
        widget=forms.TextInput(attrs={"list": "agencies-with-data", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Another reason says which; a holder of data belongs to that reason alone."""
        values = super().clean() or self.cleaned_data
        if values.get("kind") == LateReason.Kind.OTHER and not values.get("note"):
            self.add_error("note", _("Write in a few words what the reason is."))
        if values.get("kind") != LateReason.Kind.NO_DATA:
            values["holder"] = ""
        return values


class DayForm(forms.Form):
    """A form with a day that lies ahead in the region's zone."""

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def day_ahead(self, day: datetime.date) -> datetime.date:
        """The day if it is today or within a year."""
        today = self.plan.today
        if day < today:
            raise ValidationError(_("This day is over. Choose today (%s) or a later day.") % long_date(today))
        if day > today + LONGEST_AHEAD:
            raise ValidationError(_("This day is more than a year away. Please check the year."))
        return day


class AssistanceForm(DayForm):
    """A call or a visit, on a day."""

    kind = forms.ChoiceField(label=gettext_lazy("Who helps"), choices=Assistance.Kind.choices)
    due_on = WrittenDateField(label=pgettext_lazy("on a day", "On"), help_text=EXAMPLE)
    note = TextField(label=gettext_lazy("What was agreed"), required=False, max_length=300)

    def clean_due_on(self) -> datetime.date:
        """A day ahead."""
        return self.day_ahead(self.cleaned_data["due_on"])


class ExceptionForm(DayForm):
    """Until when an agency may still hand in after the stage has closed, and why."""

    stage = forms.ChoiceField(label=gettext_lazy("For"))
    closes_on = WrittenDateField(label=gettext_lazy("Until"), help_text=EXAMPLE)
    reason = TextField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("It is recorded and shown to the agency."),
    )

    def __init__(self, *args: Any, stages: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]

    def clean_closes_on(self) -> datetime.date:
        """A day ahead."""
        return self.day_ahead(self.cleaned_data["closes_on"])
