"""What is filled in about a nominee: what is done, by whom, when and with which money; and dialogues with residents."""

import calendar
import datetime
import functools
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.drafts.entry import EntryForm
from praja.foundation.places.models import Region
from praja.foundation.sheets.fields import ParsedField, WrittenDateField
from praja.foundation.sheets.values import parse_int
from praja.foundation.ui.formats import long_date
from praja.stages.quick_wins.models import Dialogue, Nomination, Round

MOST_STAFF_DAYS = 100_000
MOST_PEOPLE = 1_000_000
LONGEST_TEXT = 5_000


def months_of(round_: Round) -> list[datetime.date]:
    """The first day of each month that the round touches."""
    first = round_.starts_on.replace(day=1)
    number = (round_.ends_on.year - first.year) * 12 + round_.ends_on.month - first.month + 1
    return [_later(first, months) for months in range(number)]


def _later(first: datetime.date, months: int) -> datetime.date:
    year, month = divmod(first.month - 1 + months, 12)
    return datetime.date(first.year + year, month + 1, 1)


def month_words(day: datetime.date) -> str:
    """The month of a day: "Januari 2027"."""
    return long_date(day).partition(" ")[2]


class MonthField(forms.ChoiceField):
    """A month of the round, stored as its first day, or as its last where something is done in it."""

    def __init__(self, *, is_last_day: bool, **options: Any) -> None:
        self.is_last_day = is_last_day
        self.round: Round | None = None
        super().__init__(**options)

    def offer(self, round_: Round, stored: datetime.date | None) -> None:
        """Offer the months of the round; one that was stored when the round was another one stays visible."""
        self.round = round_
        months = months_of(round_)
        self.choices = [("", "–"), *((f"{month:%Y-%m}", month_words(month)) for month in months)]
        if stored and stored.replace(day=1) not in months:
            label = _("%(month)s (outside the round)") % {"month": month_words(stored)}
            self.choices = [*self.choices, (f"{stored:%Y-%m}", label)]

    def prepare_value(self, value: Any) -> Any:
        """A date as the month it lies in."""
        return f"{value:%Y-%m}" if isinstance(value, datetime.date) else value

    def validate(self, value: Any) -> None:
        """Everything is judged in clean()."""

    def clean(self, value: Any) -> Any:
        """The day within the round; raises ValidationError for a month outside of it."""
        text = super().clean(value)
        if not text or self.round is None:
            return None
        month = {f"{one:%Y-%m}": one for one in months_of(self.round)}.get(text)
        if month is None:
            first, last = month_words(self.round.starts_on), month_words(self.round.ends_on)
            raise ValidationError(
                _("The round lasts from %(first)s to %(last)s. Choose a month within it.")
                % {"first": first, "last": last},
                code="outside",
            )
        if self.is_last_day:
            return min(month.replace(day=calendar.monthrange(month.year, month.month)[1]), self.round.ends_on)
        return max(month, self.round.starts_on)


def give_an_end(field: Any) -> None:
    """Let a long text have at most LONGEST_TEXT characters; a new line is one of them."""

    def fits(text: str) -> None:
        if len(text.replace("\r\n", "\n")) > LONGEST_TEXT:
            raise ValidationError(
                _("At most %(most)d characters fit here. Please shorten it.") % {"most": LONGEST_TEXT}, code="long"
            )

    field.max_length = LONGEST_TEXT
    field.validators.append(fits)


def _done_after_it_begins(values: Any) -> Iterable[tuple[str, str]]:
    first, last = values.get("starts_on"), values.get("finishes_on")
    if first and last and last < first:
        yield "finishes_on", _("It is done before it begins. Choose the same month or a later one.")


class WorkForm(EntryForm):
    """First page: what is done within the round, by whom and with which means."""

    class Meta:
        model = Nomination
        fields = ("done", "responsible", "means")
        widgets: ClassVar = {
            "done": forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_TEXT}),
            "means": forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_TEXT}),
        }
        labels: ClassVar = {
            "done": gettext_lazy("What is done within twelve months"),
            "responsible": gettext_lazy("By whom (position)"),
            "means": gettext_lazy("With which means"),
        }
        help_texts: ClassVar = {
            "done": gettext_lazy("What residents can use or see at the end, and what is left for later years."),
            "responsible": gettext_lazy("An office, not a name, for example Kepala Bidang Pelayanan Kesehatan."),
            "means": gettext_lazy("People, equipment, rooms, systems and partners that are there already."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("done", "means"):
            give_an_end(self.fields[name])


class TimeForm(EntryForm):
    """Second page: its money now, its months, and the staff days that it takes."""

    rules = (_done_after_it_begins,)
    money = forms.ChoiceField(
        label=gettext_lazy("Its money now"), choices=Nomination.Money.choices, required=False, widget=forms.RadioSelect
    )
    starts_on = MonthField(label=gettext_lazy("Begins in"), required=False, is_last_day=False)
    finishes_on = MonthField(label=gettext_lazy("Done in"), required=False, is_last_day=True)
    staff_days = ParsedField(
        parse=functools.partial(parse_int, minimum=0, maximum=MOST_STAFF_DAYS),
        label=gettext_lazy("Staff days"),
        required=False,
        help_text=gettext_lazy(
            "All people together, for example 120. Leave it empty when the agency does not count them."
        ),
    )

    class Meta:
        model = Nomination
        fields = ("money", "starts_on", "finishes_on", "staff_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "finishes_on"):
            self.fields[name].offer(self.instance.round, getattr(self.instance, name))
        self.fields["staff_days"].widget.attrs["inputmode"] = "numeric"


SECTIONS: dict[str, tuple[Promise | str, type[EntryForm]]] = {
    "work": (gettext_lazy("What is done"), WorkForm),
    "time": (gettext_lazy("Money and months"), TimeForm),
}
# What a nomination has to state, with the page that asks for it.
STATED = {
    "done": ("work", gettext_lazy("What is done within twelve months")),
    "responsible": ("work", gettext_lazy("By whom (position)")),
    "means": ("work", gettext_lazy("With which means")),
    "money": ("time", gettext_lazy("Its money now")),
    "starts_on": ("time", gettext_lazy("Begins in")),
    "finishes_on": ("time", gettext_lazy("Done in")),
}
IS_INCOMPLETE = functools.reduce(
    Q.__or__, (Q(**{name: None if name.endswith("_on") else ""}) for name in STATED)
)  # the same as a condition


def missing_by_section(nominee: Nomination) -> dict[str, list[Promise | str]]:
    """What a nominee still lacks, by page of its form."""
    found: dict[str, list[Promise | str]] = {}
    for name, (section, label) in STATED.items():
        if not getattr(nominee, name):
            found.setdefault(section, []).append(label)
    return found


# --- dialogues with residents -----------------------------------------------------------------------------------------


class DialogueForm(EntryForm):
    """When and where residents were asked, how many came, and what they said."""

    held_on = WrittenDateField(label=gettext_lazy("Date"))
    people = ParsedField(
        parse=functools.partial(parse_int, minimum=1, maximum=MOST_PEOPLE), label=gettext_lazy("Number of people")
    )

    class Meta:
        model = Dialogue
        fields = ("held_on", "district", "place", "people", "outcome")
        widgets: ClassVar = {"outcome": forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_TEXT})}
        labels: ClassVar = {
            "district": gettext_lazy("District (kecamatan)"),
            "place": gettext_lazy("Place"),
            "outcome": gettext_lazy("What was said"),
        }
        help_texts: ClassVar = {
            "place": gettext_lazy("Village, hall or market."),
            "outcome": gettext_lazy("What people want, doubt and promise, in their own words."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].widget.attrs["inputmode"] = "numeric"
        region = self.instance.nomination.round.plan.government.region
        districts = Region.objects.filter(parent=region, kind=Region.Kind.DISTRICT).order_by("name")
        self.fields["district"].queryset = districts
        self.fields["district"].label_from_instance = lambda one: one.name
        give_an_end(self.fields["outcome"])

    def clean_held_on(self) -> datetime.date:
        """A day that has been."""
        day: datetime.date = self.cleaned_data["held_on"]
        if day > self.instance.nomination.round.plan.today:
            raise ValidationError(_("This day has not come yet. Record the dialogue when it has taken place."))
        return day


class NewDialogueForm(DialogueForm):
    """A new dialogue, with its minutes where they are at hand."""

    minutes = forms.FileField(
        label=gettext_lazy("Minutes"),
        required=False,
        help_text=gettext_lazy("PDF, picture or Word file. They can follow later."),
    )

    def __init__(self, *args: Any, files: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files = files if files is not None else MultiValueDict()
