"""Money as people fill it in: one line a year, source and kind, below the innovation or action that it pays for."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from praja.foundation.drafts.entry import ChildForm, ChildRows
from praja.foundation.plans.models import BudgetLine
from praja.foundation.sheets.fields import MoneyField, YearField
from praja.foundation.ui.formats import rupiah


class BudgetForm(ChildForm):
    """One budget line."""

    year = YearField(label=gettext_lazy("Year"))
    source = forms.ChoiceField(label=gettext_lazy("Source"), choices=[("", "–"), *BudgetLine.Source.choices])
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[("", "–"), *BudgetLine.Kind.choices])
    stage = forms.ChoiceField(
        label=gettext_lazy("How firm"), choices=BudgetLine.Stage.choices, initial=BudgetLine.Stage.INDICATIVE
    )
    amount_rupiah = MoneyField(
        label=gettext_lazy("Amount"), help_text=gettext_lazy("For example 1.500.000.000 or 1,5 miliar")
    )
    note = forms.CharField(label=gettext_lazy("What for"), max_length=300, required=False)

    def has_changed(self) -> bool:
        """A new line with only its preset answer says nothing."""
        return bool(set(self.changed_data) - {"stage"})


def budget_words(line: BudgetLine) -> str:
    """A budget line in words, for the history and for comparing."""
    words = (line.year, line.get_source_display(), line.get_kind_display(), line.get_stage_display())
    return ", ".join([*map(str, words), rupiah(line.amount_rupiah)]) + (f": {line.note}" if line.note else "")


class BudgetRows(ChildRows):
    """Money by year and source; whoever uses it says the `parent`."""

    prefix = "money"
    model = BudgetLine
    form = BudgetForm
    title: ClassVar[Promise | str] = gettext_lazy("Budget lines")
    add_title: ClassVar[Promise | str] = gettext_lazy("Add a budget line")

    def words(self, child: Any) -> str:
        """Year, source, kind, firmness, amount."""
        return budget_words(child)
