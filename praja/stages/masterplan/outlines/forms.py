"""What a person fills in to change the outline of a book: titles, what the book has, and one part to be added."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.stages.masterplan.outlines.changes import APPENDIX, CHAPTER, Step, Typed
from praja.stages.masterplan.outlines.outline import Outline, Part

LONGEST_TITLE = 200


class OutlineForm(forms.Form):
    """Every part of the outline with its title and whether the book has it, and a part to be added."""

    add_key = forms.ChoiceField(label=gettext_lazy("What is added"), required=False)
    add_title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=LONGEST_TITLE,
        required=False,
        help_text=gettext_lazy("Leave it empty to take the title of the part."),
    )
    add_place = forms.ChoiceField(label=gettext_lazy("Where"), required=False)

    def __init__(self, data: QueryDict | None, *, outline: Outline, more: dict[str, str]) -> None:
        super().__init__(data)
        self.outline, self.more = outline, more
        self.fields["add_key"].choices = [("", _("A text of your own")), *more.items()]  # type: ignore[attr-defined]
        self.fields["add_place"].choices = [  # type: ignore[attr-defined]
            (CHAPTER, _("as a chapter of its own")),
            *(
                (part.key, _("in “%(title)s”") % {"title": part.title})
                for part in outline.parts
                if not part.is_appendix
            ),
            (APPENDIX, _("as an appendix")),
        ]
        for part in outline.walk():
            self.fields[f"title-{part.key}"] = forms.CharField(
                label=_("Title of “%(title)s”") % {"title": part.title},
                max_length=LONGEST_TITLE,
                required=False,
                initial=part.title,
            )
            self.fields[f"shown-{part.key}"] = forms.BooleanField(
                label=_("in the book"), required=False, initial=part.is_shown
            )

    def clean(self) -> dict[str, Any]:
        """A part of one's own needs a title."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.step.verb == "add" and not values.get("add_key") and not (values.get("add_title") or "").strip():
            self.add_error("add_title", _("Write a title for your own part."))
        return values

    @property
    def step(self) -> Step:
        """Which button was pressed; an unknown one only saves."""
        verb, _sign, key = self.data.get("step", "").partition(" ")
        if verb in ("up", "down", "take_out"):
            return Step(verb, key)
        if verb == "add":
            values = getattr(self, "cleaned_data", {})
            key = values.get("add_key") or ""
            title = (values.get("add_title") or "").strip() or self.more.get(key, "").rpartition(" – ")[2]
            return Step("add", key, title, values.get("add_place") or CHAPTER)
        return Step("save")

    def typed(self) -> dict[str, Typed]:
        """What was typed for each part that the page showed; parts it did not show stay as they are."""
        return {
            part.key: Typed(self.cleaned_data[f"title-{part.key}"].strip(), self.cleaned_data[f"shown-{part.key}"])
            for part in self.outline.walk()
            if f"title-{part.key}" in self.data
        }

    def lines(self) -> list[dict[str, Any]]:
        """The parts in order as the page shows them, with their fields."""
        found = []
        for part in self.outline.parts:
            found.append(self._line(part, is_section=False))
            found += [self._line(section, is_section=True) for section in part.sections]
        return found

    def _line(self, part: Part, *, is_section: bool) -> dict[str, Any]:
        title = self[f"title-{part.key}"]
        typed = (self.data.get(f"title-{part.key}", part.title) if self.is_bound else part.title).strip()
        return {
            "part": part,
            "number": self.outline.numbers.get(part.key, ""),
            "is_section": is_section,
            "title": title,
            "shown": self[f"shown-{part.key}"],
            "differs": bool(typed) and typed != part.title,
        }
