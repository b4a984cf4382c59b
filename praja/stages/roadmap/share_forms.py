"""How the money of an innovation is shared among its actions."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from praja.foundation.plans.models import BudgetLine
from praja.foundation.sheets.fields import MoneyField
from praja.foundation.ui.formats import rupiah
from praja.stages.roadmap.models import Action
from praja.stages.roadmap.numbering import action_words


class ShareForm(forms.Form):
    """For each budget line of an innovation: the action where it stands, and a part of it that goes to another one."""

    fields: dict[str, Any]  # each kind of field has attributes of its own

    def __init__(self, data: Any = None, *, lines: list[BudgetLine], actions: list[Action]) -> None:
        super().__init__(data)
        self.lines, self.actions = lines, {str(action.pk): action for action in actions}
        choices = [(key, action_words(action)) for key, action in self.actions.items()]
        for line in lines:
            self.fields[f"action-{line.pk}"] = forms.ChoiceField(
                label=_("Stands at"), choices=choices, initial=str(line.action_id or "")
            )
            self.fields[f"amount-{line.pk}"] = MoneyField(label=_("A part of it"), required=False)
            self.fields[f"to-{line.pk}"] = forms.ChoiceField(
                label=_("goes to"), choices=[("", "–"), *choices], required=False
            )

    def clean(self) -> dict[str, Any]:
        """Each part is smaller than its line and goes to another action."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for line in self.lines:
            part, to = cleaned.get(f"amount-{line.pk}"), cleaned.get(f"to-{line.pk}")
            if f"amount-{line.pk}" not in cleaned or f"to-{line.pk}" not in cleaned:
                continue
            if part is None and to:
                self.add_error(f"amount-{line.pk}", _("Write how much of it goes there."))
            elif part is not None and not to:
                self.add_error(f"to-{line.pk}", _("Choose the action to which this part goes."))
            elif part is not None and not 0 < part < line.amount_rupiah:
                sentence = _("The part is more than nothing and less than the whole line, %(amount)s.")
                self.add_error(f"amount-{line.pk}", sentence % {"amount": rupiah(line.amount_rupiah)})
            elif part is not None and to == cleaned.get(f"action-{line.pk}"):
                self.add_error(f"to-{line.pk}", _("Choose another action than the one where the line stands."))
        return cleaned

    @cached_property
    def rows(self) -> list[tuple[BudgetLine, Any, Any, Any]]:
        """Each line with its three fields."""
        return [
            (line, self[f"action-{line.pk}"], self[f"amount-{line.pk}"], self[f"to-{line.pk}"]) for line in self.lines
        ]

    def moves(self) -> list[tuple[BudgetLine, Action, int, Action | None]]:
        """What is asked, once checked: (line, where it stands, rupiah of it that go elsewhere, where to)."""
        return [
            (
                line,
                self.actions[self.cleaned_data[f"action-{line.pk}"]],
                self.cleaned_data[f"amount-{line.pk}"] or 0,
                self.actions.get(self.cleaned_data[f"to-{line.pk}"]),
            )
            for line in self.lines
        ]
