"""To whom a role is handed over, and what else they should know."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import User


class HandoverForm(forms.Form):
    """The successor and a note."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    successor = forms.ModelChoiceField(
        label=gettext_lazy("Who takes it on"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Only people with an account. Somebody is missing? The coordinator invites them first."),
    )
    note = forms.CharField(
        label=gettext_lazy("What else they should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("For example: whom to ask for figures, what was promised to whom, where papers lie."),
    )

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = users
