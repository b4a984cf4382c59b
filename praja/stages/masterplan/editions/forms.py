"""What is filled in to freeze a book, and to say how binding an edition is."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.documents.editions import NEXT
from praja.foundation.documents.models import Edition
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.fields import WrittenDateField
from praja.foundation.sheets.values import cleaned
from praja.stages.masterplan.outlines.books import all_books_of

Status = Edition.Status


class FreezeForm(forms.Form):
    """Which book, as what, of which date, and why."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    book = forms.ChoiceField(label=gettext_lazy("Book"))
    status = forms.ChoiceField(
        label=gettext_lazy("As what"),
        choices=[(status.value, status.label) for status in (Status.DRAFT, Status.FINAL)],
        widget=forms.RadioSelect,
        initial=Status.DRAFT,
    )
    dated_on = WrittenDateField(
        label=gettext_lazy("Date of the edition"),
        help_text=gettext_lazy("It is printed; the files know no other time."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why now"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1_000}),
        help_text=gettext_lazy("For example: hasil Bimtek IV, or revisi setelah RPJMD baru."),
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["book"].choices = [(book.key, book.name) for book in all_books_of(plan)]

    def clean_dated_on(self) -> Any:
        """A day that printed papers can bear."""
        day = self.cleaned_data["dated_on"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Write a day between 2000 and 2100."))
        return day

    def clean_reason(self) -> str:
        """A text that books can carry."""
        return cleaned(self.cleaned_data["reason"])[0]


class StatusForm(forms.Form):
    """What an edition becomes, and why where that needs a reason."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    status = forms.ChoiceField(label=gettext_lazy("It becomes"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1_000,
        required=False,
        help_text=gettext_lazy("Needed when it is amended or revoked."),
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [(status.value, status.label) for status in NEXT[Status(edition.status)]]

    def clean_reason(self) -> str:
        """A text that books can carry."""
        return cleaned(self.cleaned_data["reason"])[0]
