"""What is recorded about the earlier masterplan, and what is corrected in one of its programmes."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.drafts.entry import EntryForm
from praja.foundation.sheets.fields import MoneyField, YearField
from praja.foundation.sheets.values import cleaned
from praja.stages.analysis.models import EarlierItem, EarlierPlan


class CleanTexts:
    """Texts without characters that no book can carry."""

    cleaned_data: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        """Every text cleaned."""
        values = super().clean() or self.cleaned_data  # type: ignore[misc]  # a form stands behind it
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = cleaned(value)[0]
        return values


class EarlierPlanForm(CleanTexts, EntryForm):
    """Title, years, regulation, and where page 1 lies in the file."""

    year_from = YearField(label=gettext_lazy("First year"), required=False)
    year_to = YearField(label=gettext_lazy("Last year"), required=False)

    class Meta:
        model = EarlierPlan
        fields = ("title", "year_from", "year_to", "regulation", "page_offset")
        help_texts: ClassVar = {
            "title": gettext_lazy("As on its cover, for example: Masterplan Smart City Kabupaten Contoh 2019–2023."),
            "regulation": gettext_lazy("Kind, number and year, for example: Peraturan Bupati Nomor 107 Tahun 2019; leave it empty if it never got one."),
            "page_offset": gettext_lazy("How many pages of the PDF stand before page 1: cover, foreword, contents. With it a page number opens the right page."),
        }  # fmt: skip
        widgets: ClassVar = {"page_offset": forms.TextInput(attrs={"inputmode": "numeric"})}

    def clean(self) -> dict[str, Any]:
        """The years in their order."""
        values = super().clean()
        first, last = values.get("year_from"), values.get("year_to")
        if first and last and last < first:
            self.add_error("year_to", _("The last year is before the first. Correct one of the two."))
        if values.get("page_offset") is not None and values["page_offset"] > 500:
            self.add_error("page_offset", _("At most 500 pages can stand before page 1."))
        return values


class EarlierItemForm(CleanTexts, EntryForm):
    """The programme as it was written, with the agency and the dimension of today."""

    money_rupiah = MoneyField(label=gettext_lazy("Budget in rupiah"), required=False)

    class Meta:
        model = EarlierItem
        fields = ("number", "title", "organisation", "dimension", "description", "years", "money_rupiah", "source_page")
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 6, "maxlength": 100_000}),
            "source_page": forms.TextInput(attrs={"inputmode": "numeric"}),
        }
        help_texts: ClassVar = {
            "organisation": gettext_lazy(
                "The agency of today that answers for it; it then decides what becomes of it."
            ),
            "source_page": gettext_lazy("The page number printed in the earlier masterplan."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.instance.earlier.plan
        self.fields["organisation"].queryset = plan.government.children.agencies()
        self.fields["dimension"].queryset = plan.dimension_set.dimensions.all()
        self.fields["source_page"].max_value = 9_999
