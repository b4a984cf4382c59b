"""What an administrator says about a list of codes that is handed in, and the field in which people type a code."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from praja.foundation.sheets.values import YEARS
from praja.stages.roadmap.codes import LONGEST


class CodeListForm(forms.Form):
    """A list of codes, or a sheet of old and new codes, with where it comes from."""

    file = forms.FileField(
        label=_("List of codes"),
        help_text=_("XLSX, ODS, XLS or CSV with the columns “Kode” and “Nama”; or “Kode lama” and “Kode baru”."),
        error_messages={"empty": _("This file is empty. Please choose another one.")},
    )
    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("For example Nomenklatur Kepmendagri 900.1.15.5-3406/2024.")
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The regulation or decree, and where the file was taken from.")
    )
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=YEARS[0],
        max_value=YEARS[1],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class BudgetCodeInput(forms.TextInput):
    """A text field that offers codes of the list in force while one types; without script it is a plain field."""

    template_name = "roadmap/_code_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The field, tied to its list of choices and to the address that fills it."""
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"].get("id") or f"id_{name}"
        offered = f"{own}-codes"
        context["widget"]["attrs"] |= {
            "list": offered,
            "autocomplete": "off",
            "maxlength": LONGEST,
            "hx-get": reverse("budget-code-options"),
            "hx-trigger": "input changed delay:300ms",
            "hx-include": f"#{own}",
            "hx-target": f"#{offered}",
            "hx-swap": "innerHTML",
        }
        context["offered"] = offered
        return context
