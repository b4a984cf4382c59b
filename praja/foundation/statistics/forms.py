"""What a person fills in about one figure of a region; the pages and the workbook share its rules."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.foundation.drafts.entry import EntryForm
from praja.foundation.sheets.fields import DecimalTextField, YearField
from praja.foundation.sheets.values import cleaned
from praja.foundation.statistics.actions import own_key
from praja.foundation.statistics.catalogue import kinds
from praja.foundation.statistics.models import Statistic

OTHER = "own"  # the choice of a figure that is not in the catalogue


class StatisticForm(EntryForm):
    """One figure with unit, year and source. A stored one keeps its kind; a new one chooses it."""

    key = forms.ChoiceField(label=gettext_lazy("What it says"))
    value = DecimalTextField(
        label=pgettext_lazy("a number", "Figure"), help_text=gettext_lazy("A number, for example 70,48.")
    )
    year = YearField(label=gettext_lazy("Year"))

    class Meta:
        model = Statistic
        fields = ("key", "name", "value", "unit", "year", "source", "status")
        labels: ClassVar = {
            "name": gettext_lazy("Name of the region's own figure"),
            "unit": gettext_lazy("Unit"),
            "source": gettext_lazy("Source"),
            "status": gettext_lazy("How sure the source is"),
        }
        help_texts: ClassVar = {
            "name": gettext_lazy("Only for a figure that is not in the list, for example: villages without signal."),
            "source": gettext_lazy("Publication that anyone can look up, for example: BPS, Kabupaten Contoh Dalam Angka 2025."),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = Statistic.Status.choices  # without an empty one
        if self.instance.pk:
            del self.fields["key"]
            if not self.instance.is_own:
                del self.fields["name"]
            return
        self.fields["key"].choices = [
            *((kind.key, kind.name) for kind in kinds().values()),
            (OTHER, _("Another figure, named by the region")),
        ]
        chosen = kinds().get(self.instance.key)
        if self.instance.key and chosen is None:
            self.initial["key"] = OTHER
        elif chosen is not None:
            self.initial["unit"] = self.initial["unit"] or chosen.unit

    def clean(self) -> dict[str, Any]:
        """Texts that any book can carry, the key of an own figure, and one figure a year."""
        values = super().clean()
        for name in ("name", "unit", "source"):
            if isinstance(values.get(name), str):
                values[name] = cleaned(values[name])[0]
        if "key" in self.fields:
            self._choose_key(values)
        elif "name" in self.fields and not values.get("name") and "name" not in self.errors:
            self.add_error("name", _("Name the figure."))
        self._one_a_year(values)
        return values

    def _choose_key(self, values: dict[str, Any]) -> None:
        if values.get("key") != OTHER:
            values["name"] = ""
        elif not values.get("name"):
            self.add_error("name", _("Name the figure."))
        elif own_key(values["name"]) == own_key(""):
            self.add_error("name", _("Name the figure with letters or digits."))
        else:
            values["key"] = own_key(values["name"])

    def _one_a_year(self, values: dict[str, Any]) -> None:
        key, year = values.get("key", self.instance.key), values.get("year")
        if not year:
            return
        others = Statistic.objects.filter(organisation=self.instance.organisation, key=key, year=year)
        # Saved a moment ago by the same form sent twice: then it says the same, and nothing is wrong.
        other = others.filter(withdrawn_at=None).exclude(pk=self.instance.pk).first()
        if other and any(getattr(other, name) != values.get(name) for name in ("value", "unit", "source")):
            self.add_error(
                "year",
                _("There is a figure of %(year)s already: %(value)s %(unit)s. Correct that one, or write another year.")
                % {"year": year, "value": other.value.replace(".", ","), "unit": other.unit},
            )
        elif self.instance.pk and others.exclude(pk=self.instance.pk).exists():
            self.add_error("year", _("This year had a figure that was withdrawn. Write it there as a new figure."))
