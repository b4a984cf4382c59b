"""What is filled in to ask for opinions, and to give one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.documents.models import Edition
from praja.foundation.plans.models import Plan
from praja.foundation.remarks.mentions import people_of
from praja.foundation.sheets.fields import WrittenDateField
from praja.foundation.sheets.values import cleaned
from praja.stages.masterplan.models import Opinion
from praja.stages.masterplan.outlines.books import books_of


class RoundForm(forms.Form):
    """Which book, what is asked, until when, and of whom."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("For example: Tinjauan Buku 2 oleh Dewan Smart City."),
    )
    book = forms.ChoiceField(label=gettext_lazy("Book"))
    edition = forms.ModelChoiceField(
        label=gettext_lazy("Edition"),
        queryset=Edition.objects.none(),
        required=False,
        help_text=gettext_lazy("Empty: the book as it reads while they look."),
    )
    question = forms.CharField(
        label=gettext_lazy("What is asked"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2_000}),
    )
    closes_on = WrittenDateField(label=gettext_lazy("Answers by"))
    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who is asked"), queryset=Edition.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, plan: Plan, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.fields["book"].choices = [(book.key, book.name) for book in books_of(plan)]
        self.fields["edition"].queryset = Edition.objects.filter(
            subject=plan._meta.label_lower, subject_id=plan.pk, withdrawn_at=None
        ).defer("content")
        self.fields["people"].queryset = people_of(plan.government).exclude(pk=user.pk)
        self.fields["people"].error_messages["required"] = _("Tick at least one person.")

    def clean_closes_on(self) -> Any:
        """A day that is not over."""
        day = self.cleaned_data["closes_on"]
        if day < self.plan.today:
            raise forms.ValidationError(_("This day has passed already. Choose one that leaves time to read."))
        return day

    def clean(self) -> dict[str, Any]:
        """Texts that books can carry; an edition of the chosen book."""
        values = super().clean() or self.cleaned_data
        edition = values.get("edition")
        if edition and values.get("book") and edition.document != values["book"]:
            self.add_error(
                "edition", _("This edition is of another book. Choose the book that fits, or leave it empty.")
            )
        return {name: cleaned(value)[0] if isinstance(value, str) else value for name, value in values.items()}


class OpinionForm(forms.Form):
    """The gist and the words of an opinion."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Opinion"), choices=Opinion.Verdict.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 5_000}),
    )

    def clean(self) -> dict[str, Any]:
        """Remarks need words."""
        values = super().clean() or self.cleaned_data
        values["text"] = cleaned(values.get("text") or "")[0]
        if values.get("verdict") in (Opinion.Verdict.REMARKS, Opinion.Verdict.AGAIN) and not values["text"]:
            self.add_error("text", _("Say in a sentence what should change."))
        return values
