"""What is typed before a sheet is printed: its number, place and date, and who signs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.foundation.sheets.fields import WrittenDateField
from praja.foundation.sheets.values import cleaned


class PaperForm(forms.Form):
    """Number, place, date and signatory; the rows are ticked beside it."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    number = forms.CharField(
        label=gettext_lazy("Number of the sheet"),
        max_length=80,
        help_text=gettext_lazy("As your office numbers its letters; the proposal may stay."),
    )
    place = forms.CharField(
        label=pgettext_lazy("of a signature", "Place"),
        max_length=80,
        help_text=gettext_lazy("The town that stands before the date."),
    )
    day = WrittenDateField(label=gettext_lazy("Date"), help_text=gettext_lazy("The day on which it is signed."))
    position = forms.ChoiceField(label=gettext_lazy("Who signs"))

    def __init__(self, data: Any = None, *, positions: list[Any], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["position"].choices = [
            (str(one.pk), f"{one.person.full_name}, {one.title_in_full}") for one in positions
        ]

    def clean(self) -> dict[str, Any]:
        """Texts without characters that no paper can carry."""
        values = super().clean() or self.cleaned_data
        return {name: cleaned(value)[0] if isinstance(value, str) else value for name, value in values.items()}


class ScanForm(forms.Form):
    """The scan of the signed paper."""

    file = forms.FileField(
        label=gettext_lazy("Scan of the signed sheet"),
        help_text=gettext_lazy("PDF, JPG or PNG; a photo taken with a telephone will do when every word can be read."),
        error_messages={"empty": gettext_lazy("This file is empty. Please choose another one.")},
    )
