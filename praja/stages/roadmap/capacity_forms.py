"""What an agency says that it can carry, year by year."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Organisation
from praja.foundation.drafts.entry import ChildForm, EntryForm
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.fields import MoneyField
from praja.foundation.ui.formats import rupiah
from praja.stages.roadmap.fields import PlanYearField, RowsByValue
from praja.stages.roadmap.models import Capacity


class CapacityYearForm(ChildForm):
    """What an agency can carry in one year."""

    year = PlanYearField(label=gettext_lazy("Year"))
    money_rupiah = MoneyField(label=gettext_lazy("Money"), required=False)
    simultaneous = forms.IntegerField(
        label=gettext_lazy("Actions at once"),
        required=False,
        min_value=0,
        max_value=1_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    fields: dict[str, Any]  # each kind of field has attributes of its own

    def __init__(self, *args: Any, years: range, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].years = years


class CapacityRows(RowsByValue):
    """One line a year of the plan; a line that says nothing beside its year is not kept."""

    prefix = "capacity"
    model = Capacity
    form = CapacityYearForm
    parent = "organisation"
    told_by = "year"
    extra = 0
    title: ClassVar[Promise | str] = gettext_lazy("By year")
    add_title: ClassVar[Promise | str] = gettext_lazy("Add a year")

    def __init__(self, row: Organisation, data: Any = None) -> None:
        self.plan = plan_of_agency(row)
        super().__init__(row, data)
        said = {child.year for child in self.stored}
        initial: Any = self.formset.initial
        initial += [{"year": year} for year in self.plan.years if year not in said]

    def form_kwargs(self, row: Organisation) -> dict[str, Any]:
        """The years of the plan."""
        del row
        return {"years": self.plan.years}

    def queryset(self, row: Any) -> Any:
        """Those of this plan."""
        return super().queryset(row).filter(plan=self.plan)

    def columns(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The line, with its plan."""
        return {**super().columns(cleaned), "plan": self.plan}

    def kept(self) -> list[dict[str, Any]]:
        """The lines that say something, in the order of the years."""
        lines = (one for one in super().kept() if one["money_rupiah"] is not None or one["simultaneous"] is not None)
        return sorted(lines, key=lambda one: one["year"])

    def words(self, child: Capacity) -> str:
        """Year, money, number."""
        money = "–" if child.money_rupiah is None else rupiah(child.money_rupiah)
        number = "–" if child.simultaneous is None else child.simultaneous
        return _("%(year)d: %(money)s, at once: %(number)s") % {"year": child.year, "money": money, "number": number}


def plan_of_agency(agency: Organisation) -> Plan:
    """The plan of the region to which an agency belongs."""
    plans = Plan.objects.select_related("government__region", "dimension_set")
    return plans.get(government=agency.parent_id, withdrawn_at=None)


class CapacityForm(EntryForm):
    """What an agency can carry, year by year."""

    children = (CapacityRows,)

    class Meta:
        model = Organisation
        fields = ()

    def is_valid(self) -> bool:
        """Whether every line is right and no year stands twice."""
        if not super().is_valid():
            return False
        seen = set()
        for line in self.child_rows[0].formset.forms:
            year = line.cleaned_data.get("year") if not line.cleaned_data.get("DELETE") else None
            if year in seen:
                line.add_error("year", _("This year stands here twice. Keep one of the two lines."))
                return False
            seen |= {year} - {None}
        return True
