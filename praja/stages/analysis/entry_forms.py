"""What the short forms of the analysis share: texts without rubbish, a new row that is stored like a changed one."""

from typing import Any

from django.db.models import Max

from praja.foundation.drafts.entry import EntryForm
from praja.foundation.sheets.values import REQUIRED, cleaned


class CleanedForm(EntryForm):
    """An entry whose texts hold no character that a book cannot carry."""

    def clean(self) -> dict[str, Any]:
        """Every text cleaned; one of which nothing is left counts as not filled in."""
        values = super().clean() or self.cleaned_data
        for name, value in list(values.items()):
            if isinstance(value, str):
                values[name] = cleaned(value)[0]
                if value and not values[name] and self.fields[name].required:
                    self.add_error(name, str(REQUIRED))
        return values

    def also(self) -> dict[str, Any]:
        """Columns that follow from the rows below, such as the words of an acronym."""
        return {}


def next_place(model: Any, plan: Any) -> int:
    """The place behind all rows of this kind in the plan."""
    last = model._default_manager.filter(plan=plan).aggregate(last=Max("order"))["last"] or 0
    return min(int(last) + 1, 32_000)
