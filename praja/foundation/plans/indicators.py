"""Indicators as people fill them in: one line with its baseline and a target for each year, below whatever it measures."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.drafts.entry import ChildForm, ChildRows
from praja.foundation.plans.models import Indicator, IndicatorTarget
from praja.foundation.sheets.fields import DecimalTextField, YearField


def baseline_has_its_year(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A baseline is a value of some year."""
    if values.get("baseline") and not values.get("baseline_year"):
        yield "baseline_year", _("Write the year of the baseline.")


class IndicatorForm(ChildForm):
    """One indicator with its baseline and a target for each of `years`."""

    rules = (baseline_has_its_year,)
    name = forms.CharField(label=gettext_lazy("Indicator"), max_length=300)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=60)
    level = forms.ChoiceField(
        label=gettext_lazy("Level"), choices=Indicator.Level.choices, initial=Indicator.Level.OUTPUT
    )
    baseline = DecimalTextField(label=gettext_lazy("Baseline"), required=False)
    baseline_year = YearField(label=gettext_lazy("Year of the baseline"), required=False)
    source = forms.CharField(label=gettext_lazy("Source of the data"), max_length=300, required=False)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for year in years:
            self.fields[f"target_{year}"] = DecimalTextField(
                label=_("Target %(year)s") % {"year": year}, required=False
            )

    def has_changed(self) -> bool:
        """A new line with only its preset answer says nothing."""
        return bool(set(self.changed_data) - {"level"})


def indicator_words(indicator: Indicator, targets: Mapping[str, str]) -> str:
    """An indicator with its targets, {year: value}, in words, for the history and for comparing."""
    baseline = f"{indicator.baseline or '–'} ({indicator.baseline_year or '–'})"
    return f"{indicator.name} ({indicator.unit}), {baseline}: " + ", ".join(
        f"{year} = {value}" for year, value in targets.items()
    )


class IndicatorRows(ChildRows):
    """Indicators with yearly targets; whoever uses it says the `parent` and the `years` of a row."""

    prefix = "indicators"
    model = Indicator
    form = IndicatorForm
    title: ClassVar[Promise | str] = gettext_lazy("Indicators")
    add_title: ClassVar[Promise | str] = gettext_lazy("Add an indicator")

    def __init__(self, row: Any, data: Any = None) -> None:
        self._typed_targets: dict[int, dict[str, str]] = {}
        super().__init__(row, data)

    def years(self, row: Any) -> list[int]:
        """The years for which targets are asked."""
        raise NotImplementedError

    def form_kwargs(self, row: Any) -> dict[str, Any]:
        """The years for which targets are asked."""
        return {"years": self.years(row)}

    def queryset(self, row: Any) -> Any:
        """The indicators with their targets."""
        return super().queryset(row).prefetch_related("targets")

    def initial(self, child: Indicator) -> dict[str, Any]:
        """The line with one value for each year."""
        targets = {f"target_{target.year}": target.value for target in child.targets.all()}
        return {**super().initial(child), **targets}

    def after_line(self, child: Any, cleaned: dict[str, Any]) -> None:
        """Store the targets; an emptied one goes."""
        for name, value in cleaned.items():
            if not name.startswith("target_"):
                continue
            year = int(name.removeprefix("target_"))
            if value:
                IndicatorTarget.objects.update_or_create(indicator=child, year=year, defaults={"value": value})
            else:
                IndicatorTarget.objects.filter(indicator=child, year=year).delete()

    def words(self, child: Indicator) -> str:
        """Name, baseline and targets."""
        targets = self._typed_targets.get(id(child))
        if targets is None:
            targets = {str(target.year): target.value for target in child.targets.all()} if child.pk else {}
        return indicator_words(child, targets)

    def typed_words(self) -> list[str]:
        """What was typed, with the targets."""
        lines = []
        for cleaned in self.kept():
            child = Indicator(**{self.parent: self.row}, **self.columns(cleaned))
            self._typed_targets[id(child)] = {
                name.removeprefix("target_"): value
                for name, value in cleaned.items()
                if name.startswith("target_") and value
            }
            lines.append(self.words(child))
            del self._typed_targets[id(child)]
        return lines
