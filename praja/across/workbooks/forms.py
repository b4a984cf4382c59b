"""What somebody fills in to get a workbook, and to hand one in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from praja.across.workbooks.reach import agencies_to_write_for, writes_for_all
from praja.foundation.accounts.models import Organisation
from praja.foundation.plans.models import Plan


class WorkbookForm(forms.Form):
    """For which agency; whoever writes for the region may take all of them."""

    organisation = forms.ModelChoiceField(
        label=_("Workbook of"),
        queryset=Organisation.objects.none(),
        error_messages={
            "required": _("Choose the agency whose workbook you need."),
            "invalid_choice": _("Choose an agency of this list."),
        },
    )

    def __init__(self, *arguments: Any, plan: Plan, user: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = agencies_to_write_for(user, plan)
        self.for_all = writes_for_all(user, plan)
        field.required = not self.for_all
        field.empty_label = _("All agencies of the region") if self.for_all else None


class ReturnForm(forms.Form):
    """The workbook that comes back."""

    file = forms.FileField(
        label=_("Workbook that you filled in"),
        help_text=_("The file that was downloaded here, also when it was renamed, sorted or saved by another program."),
        error_messages={
            "required": _("Choose the file first."),
            "empty": _("This file is empty. Please choose another one."),
        },
    )
