"""What is recorded about the vision and its candidates: the text, the acronym letter by letter, who set it by which paper."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Position
from praja.foundation.drafts.entry import ChildForm, ChildRows, formset_of
from praja.foundation.sheets.fields import WrittenDateField
from praja.foundation.sheets.values import cleaned
from praja.stages.analysis.entry_forms import CleanedForm
from praja.stages.analysis.models import Vision, VisionCandidate
from praja.stages.analysis.swot import folded, keywords_of

MOST_LETTERS = 20


class WordForm(ChildForm):
    """One letter of the acronym (or a few, as "NY") and the word that it stands for."""

    letter = forms.CharField(label=gettext_lazy("Letter"), max_length=6)
    word = forms.CharField(label=gettext_lazy("Word or phrase"), max_length=200)


class Words(ChildRows):
    """The letters and words of the acronym; they live in a column of the row, in order."""

    prefix = "words"
    form = WordForm
    title = gettext_lazy("What each letter stands for")
    add_title = gettext_lazy("Add a letter")

    def __init__(self, row: Vision | VisionCandidate, data: QueryDict | None = None) -> None:
        self.row, self.stored = row, list(row.words)
        formset = formset_of(WordForm, extra=1 if self.stored else 3, most=MOST_LETTERS)
        self.formset = formset(data=data, prefix=self.prefix, initial=None if data else self.stored)

    def queryset(self, row: Vision | VisionCandidate) -> Any:
        """The pairs as they are stored."""
        return list(row.words)

    def words(self, child: Any) -> str:
        """A pair as one line."""
        return f"{child['letter']}: {child['word']}"

    def typed(self) -> list[dict[str, str]]:
        """The pairs that were typed, as they are to be stored."""
        return [
            {"letter": cleaned(line["letter"])[0].upper(), "word": cleaned(line["word"])[0]}
            for line in self.kept()
            if line.get("letter") and line.get("word")
        ]

    def typed_words(self) -> list[str]:
        """The typed pairs, a line each."""
        return [self.words(pair) for pair in self.typed()]

    def save(self, *, by: Any) -> None:
        """Nothing: the pairs are a column of the row."""


def letters_of(text: str) -> str:
    """The letters and digits of an acronym in capitals: "S.M.A.R.T" is "SMART"."""
    return "".join(character for character in text.upper() if character.isalnum())


def mismatch(acronym: str, pairs: Sequence[dict[str, str]]) -> str:
    """Why the pairs do not spell the acronym, as a sentence; empty when they do, or when there are neither."""
    spelled = letters_of("".join(pair["letter"] for pair in pairs))
    wanted = letters_of(acronym)
    if not wanted and not spelled:
        return ""
    if not wanted:
        return _("Write the acronym too, for example %(letters)s, or take the letters away.") % {"letters": spelled}
    if spelled != wanted:
        return _(
            "The letters give %(spelled)s, but the acronym is %(wanted)s. Write one row for each letter, in order."
        ) % {
            "spelled": spelled or "–",
            "wanted": wanted,
        }
    for pair in pairs:
        if letters_of(pair["letter"]) not in letters_of(pair["word"]):
            return _("The word “%(word)s” does not hold the letter %(letter)s. Please check this row.") % pair
    return ""


class SpelledForm(CleanedForm):
    """A wording whose acronym is spelled by letters and words."""

    children = (Words,)

    def is_valid(self) -> bool:
        """Fields and letters are right, and the letters spell the acronym."""
        if not super().is_valid():
            return False
        if sentence := mismatch(self.cleaned_data["acronym"], self.pairs):
            self.add_error("acronym", sentence)
        return not self.errors

    @property
    def pairs(self) -> list[dict[str, str]]:
        """The letters and words that were typed."""
        return self.child_rows[0].typed()  # type: ignore[attr-defined]  # they are Words

    def also(self) -> dict[str, Any]:
        """The pairs are a column."""
        return {"words": self.pairs}


class VisionForm(SpelledForm):
    """The vision as the paper says it."""

    set_by_acting = forms.ChoiceField(label=gettext_lazy("Acting status"), choices=Position.Acting.choices)
    set_on = WrittenDateField(
        label=gettext_lazy("Date"),
        help_text=gettext_lazy("For example 21 November 2026, or Saturday, 21 November 2026."),
    )

    class Meta:
        model = Vision
        fields = ("text", "acronym", "set_by_title", "set_by_name", "set_by_acting", "set_on", "paper")
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 4, "maxlength": 2_000})}
        help_texts: ClassVar = {
            "text": gettext_lazy("Word for word, as in the paper."),
            "acronym": gettext_lazy("Only if the vision has one, for example SMART or SENYUM."),
            "set_by_title": gettext_lazy("For example: Bupati Contoh."),
            "set_by_name": gettext_lazy("With titles."),
            "paper": gettext_lazy("Kind, number and year, for example: Peraturan Bupati Nomor 12 Tahun 2026."),
        }


class CandidateForm(SpelledForm):
    """A wording that is proposed for the vision, with the keywords that it takes up."""

    text = forms.CharField(
        label=gettext_lazy("Wording"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2_000}),
        help_text=gettext_lazy("One sentence that people can say by heart."),
    )
    keywords = forms.MultipleChoiceField(
        label=gettext_lazy("Keywords of the SWOT that it takes up"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = VisionCandidate
        fields = ("text", "acronym", "keywords", "proposed_by", "note")
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 3, "maxlength": 5_000})}
        help_texts: ClassVar = {
            "acronym": gettext_lazy("Only if the wording has one, for example SMART or SENYUM."),
            "proposed_by": gettext_lazy("Who brought it forward, or in which meeting."),
            "note": gettext_lazy("What speaks for it and what against it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = keywords_of(self.instance.plan.swot_items.in_service())
        choices = [(one.word, f"{one.word} ({one.times})") for one in found]
        known = {folded(one.word) for one in found}
        # What was chosen stays chosen, though nobody names it in the SWOT any more.
        choices += [(word, word) for word in self.instance.keywords if folded(word) not in known]
        stored = {folded(word) for word in self.instance.keywords}
        self.initial["keywords"] = [word for word, _title in choices if folded(word) in stored]
        self.fields["keywords"].choices = choices
        if not choices:
            del self.fields["keywords"]
