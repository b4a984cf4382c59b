"""What is filled in about a commitment: the edition it rests on, its words, contests and answers, and before it is frozen."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.documents.models import Edition
from praja.foundation.drafts.entry import EntryForm
from praja.foundation.sheets.fields import WrittenDateField, YearField
from praja.foundation.sheets.values import cleaned
from praja.foundation.ui.formats import long_date
from praja.stages.commitment.models import Commitment, Obligation
from praja.stages.commitment.settling import CUT, DROP, KEEP

MOST_LINES = 60
LONGEST_TEXT = 20_000
LONGEST_REASON = 2_000
A_YEAR = timedelta(days=366)


class StartForm(forms.Form):
    """The edition of the masterplan that the commitment rests on."""

    edition = forms.ModelChoiceField(
        Edition.objects.none(),
        label=gettext_lazy("Edition of the masterplan"),
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The promises of each agency are taken from it as they are; nothing is typed again."),
    )

    def __init__(self, data: Any = None, *, editions: Any) -> None:
        super().__init__(data, initial={"edition": editions.first()})
        field: Any = self.fields["edition"]
        field.queryset = editions
        field.label_from_instance = lambda one: (
            _("%(title)s, edition %(number)s (%(status)s, %(day)s)")
            % {
                "title": one.title,
                "number": one.number,
                "status": one.get_status_display(),
                "day": long_date(one.dated_on),
            }
        )


def _long(label: Any, help_text: Any, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST_TEXT})
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST_TEXT, required=False, widget=widget, strip=True
    )


class TextForm(EntryForm):
    """The words of the commitment, its number, place and days."""

    asks_whether_signed = False  # only of a day that is over
    considerations = _long(gettext_lazy("Considerations"), gettext_lazy("One on each line."), 6)
    legal_bases = _long(gettext_lazy("Legal bases"), gettext_lazy("One on each line, as papers name them."), 6)
    points = _long(
        gettext_lazy("What is promised together"),
        gettext_lazy("One point on each line; they are numbered. The promises of each agency stand in its annex."),
        8,
    )
    held_on = WrittenDateField(
        label=gettext_lazy("Day of the signing"),
        required=False,
        help_text=gettext_lazy("For example 30 November 2026."),
    )
    settle_until = WrittenDateField(
        label=gettext_lazy("Agencies settle their lists until"),
        required=False,
        help_text=gettext_lazy("Until this day each agency accepts or contests its list."),
    )

    was_signed = forms.BooleanField(
        label=gettext_lazy("The day is over: it was signed on paper that day"), required=False
    )

    class Meta:
        model = Commitment
        fields = (
            "title", "number", "considerations", "legal_bases", "points", "place", "held_on", "settle_until",
        )  # fmt: skip
        help_texts: ClassVar = {
            "number": gettext_lazy("As your office numbers its papers; leave it empty until there is one."),
            "place": gettext_lazy("Where it is signed, for example Pendopo Kabupaten."),
        }

    def clean(self) -> dict[str, Any]:
        """Texts that papers can carry, with a number of lines that somebody reads; days within reason."""
        values = super().clean() or self.cleaned_data
        values = {name: cleaned(value)[0] if isinstance(value, str) else value for name, value in values.items()}
        for name in ("considerations", "legal_bases", "points"):
            if len(values.get(name, "").splitlines()) > MOST_LINES:
                self.add_error(name, _("At most %(number)s lines, please.") % {"number": MOST_LINES})
        for name in ("held_on", "settle_until"):
            if values.get(name) and not 2000 <= values[name].year <= 2100:
                self.add_error(name, _("Write a day between 2000 and 2100."))
        if problem := self._wrong_with_the_day(values):
            self.add_error("held_on", problem)
        return values

    def _wrong_with_the_day(self, values: dict[str, Any]) -> str:
        """Why the day of the signing cannot be meant so, in a sentence; "" when it can."""
        day, until, today = values.get("held_on"), values.get("settle_until"), self.instance.plan.today
        if day is None:
            return ""
        if until and day < until:
            return _("The agencies settle their lists until %(day)s. Choose that day or a later one.") % {
                "day": long_date(until)
            }
        if day > today + A_YEAR:
            return _("This day is more than a year away. Please check the year.")
        if day < today and day != self.instance.held_on and not values.get("was_signed"):
            self.asks_whether_signed = True
            return _("This day is over. Choose another one; if it was signed on paper that day, tick it below.")
        return ""


class ContestForm(forms.Form):
    """Why an agency does not promise something."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you contest it?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_REASON}),
        help_text=gettext_lazy("For example: another agency carries it, the years are wrong, the money is not in our Renstra."),
    )  # fmt: skip

    def clean_reason(self) -> str:
        """A text that papers can carry."""
        return cleaned(self.cleaned_data["reason"])[0]


class OnBehalfForm(forms.Form):
    """On which paper the secretariat accepts a list in the name of an agency."""

    basis = forms.CharField(
        label=gettext_lazy("On which basis"),
        max_length=300,
        help_text=gettext_lazy("The paper of the agency, for example: Letter of the head, number 400.7/12, 20 November 2026. It stands on this page, in the history and in the promises; the agency is told."),
    )  # fmt: skip

    def clean_basis(self) -> str:
        """A text that papers can carry."""
        return cleaned(self.cleaned_data["basis"])[0]


class AnswerForm(forms.Form):
    """What the secretariat says to something that is contested."""

    what = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        widget=forms.RadioSelect,
        choices=(
            (KEEP, gettext_lazy("It stays; the agency accepts it once more")),
            (CUT, gettext_lazy("It is promised for fewer years")),
            (DROP, gettext_lazy("It is dropped from this list")),
        ),
    )
    year_from = YearField(
        label=gettext_lazy("First year"),
        required=False,
        help_text=gettext_lazy("Only when it is promised for fewer years."),
    )
    year_to = YearField(label=gettext_lazy("Last year"), required=False)
    answer = forms.CharField(
        label=gettext_lazy("Answer to the agency"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_REASON}),
    )

    def __init__(self, data: Any = None, *, obligation: Obligation) -> None:
        super().__init__(data, initial={"year_from": obligation.year_from, "year_to": obligation.year_to})
        field: Any = self.fields["what"]
        has_years = obligation.year_from and obligation.year_to and obligation.year_from < obligation.year_to
        if not has_years or obligation.change == Obligation.Change.REMOVED:
            del self.fields["year_from"], self.fields["year_to"]
            field.choices = [choice for choice in field.choices if choice[0] != CUT]
        if obligation.change:
            field.choices = [(key, self._of_change(obligation, key, label)) for key, label in field.choices]

    @staticmethod
    def _of_change(obligation: Obligation, key: str, label: Any) -> Any:
        """What an answer means for a change: a change that is dropped leaves the promise as it was."""
        if key != DROP:
            return label
        return {
            Obligation.Change.ADDED: _("It is not added"),
            Obligation.Change.CHANGED: _("It stays as it was promised before"),
            Obligation.Change.REMOVED: _("It is not taken out: the promise stays"),
        }[Obligation.Change(obligation.change)]

    def clean_answer(self) -> str:
        """A text that papers can carry."""
        return cleaned(self.cleaned_data["answer"])[0]

    def clean(self) -> dict[str, Any]:
        """Both years, where it is cut."""
        values = super().clean() or self.cleaned_data
        if values.get("what") == CUT:
            for name in ("year_from", "year_to"):
                if name not in self.errors and not values.get(name):
                    self.add_error(name, _("Write the year."))
        return values

    @property
    def years(self) -> tuple[int, int] | None:
        """The years it is cut to."""
        values = self.cleaned_data
        return (values["year_from"], values["year_to"]) if values["what"] == CUT else None


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it taken back?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
    )

    def clean_reason(self) -> str:
        """A text that papers can carry."""
        return cleaned(self.cleaned_data["reason"])[0]
