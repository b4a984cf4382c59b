"""What a person fills in about one element of the readiness: a level or why there is none, and what shows it."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.foundation.drafts.entry import EntryForm
from praja.foundation.instruments.models import Answer
from praja.foundation.plans.models import in_language
from praja.foundation.sheets.fields import DecimalTextField, YearField
from praja.foundation.sheets.values import cleaned

TEXTS = ("condition", "unit", "source", "note", "recommendation")
State = Answer.State


class ElementForm(EntryForm):
    """One element. Whoever chooses a level need not say more; whoever has none says why."""

    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False, widget=forms.RadioSelect)
    state = forms.ChoiceField(
        label=gettext_lazy("If there is no level: why"),
        required=False,
        choices=[("", gettext_lazy("There is a level, or not answered yet")), *State.choices[1:]],
    )
    figure = DecimalTextField(
        label=pgettext_lazy("a number", "Figure"),
        required=False,
        help_text=gettext_lazy("A number, for example 70,48."),
    )
    year = YearField(label=gettext_lazy("Year of the figure"), required=False)

    class Meta:
        model = Answer
        fields = ("level", "state", "condition", "figure", "unit", "year", "source", "recommendation", "note")
        widgets: ClassVar = {
            "condition": forms.Textarea(attrs={"rows": 4, "maxlength": 10_000}),
            "recommendation": forms.Textarea(attrs={"rows": 3, "maxlength": 10_000}),
            "note": forms.Textarea(attrs={"rows": 2, "maxlength": 10_000}),
        }
        help_texts: ClassVar = {
            "condition": gettext_lazy("Two or three sentences that go into the book as they stand."),
            "source": gettext_lazy("Document or survey that anyone can look up."),
            "recommendation": gettext_lazy("What the masterplan should do about it."),
            "note": gettext_lazy("For the team; not printed in the book."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = level_choices(self.instance.node.instrument)
        if self.initial.get("state") == State.GIVEN:
            self.initial["state"] = ""
        if not self.instance.pk:
            self.initial["unit"] = self.initial.get("unit") or self.instance.node.unit

    def clean(self) -> dict[str, Any]:
        """Texts that any book can carry, and a level or a reason, not both."""
        values = super().clean()
        for name in TEXTS:
            if isinstance(values.get(name), str):
                values[name] = cleaned(values[name])[0]
        if values.get("level") and values.get("state"):
            self.add_error("state", _("Choose a level, or say why there is none; not both."))
        elif values.get("level"):
            values["state"] = State.GIVEN
        return values


def level_choices(instrument: Any) -> list[tuple[str, str]]:
    """The levels as people choose them: "4 – Good"."""
    return [(key, f"{key} – {in_language(level['names'])}") for key, level in instrument.levels.items()]


def level_hints(instrument: Any) -> dict[str, str]:
    """What each level means."""
    return {key: in_language(level.get("hints", {})) for key, level in instrument.levels.items()}


# One page; the name is what remarks call it.
SECTIONS: dict[str, tuple[Promise | str, type[EntryForm]]] = {"element": (gettext_lazy("Element"), ElementForm)}
