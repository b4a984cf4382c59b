"""What is filled in about an enactment: its form and number, its articles, and the stage that it has reached."""

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.documents.models import Edition
from praja.foundation.drafts.entry import ChildForm, ChildRows, EntryForm, formset_of
from praja.foundation.sheets.fields import WrittenDateField, YearField
from praja.foundation.sheets.values import cleaned
from praja.stages.masterplan.enactment.regulation import articles_of, forms_for
from praja.stages.masterplan.models import Enactment, EnactmentStage

MOST_ARTICLES = 60


def without_unprintable(values: dict[str, Any]) -> dict[str, Any]:
    """The texts without characters that no book can carry."""
    return {name: cleaned(value)[0] if isinstance(value, str) else value for name, value in values.items()}


class EnactmentForm(EntryForm):
    """Legal form, subject, number and year, and the edition that it makes law."""

    year = YearField(label=gettext_lazy("Year"), required=False)

    class Meta:
        model = Enactment
        fields = ("kind", "title", "number", "year", "edition")
        help_texts: ClassVar = {
            "title": gettext_lazy("For example: Masterplan Smart City Kabupaten Contoh Tahun 2026–2035."),
            "number": gettext_lazy("Leave it empty until the regulation has one."),
            "edition": gettext_lazy("The frozen book that becomes the annex. None yet: the book as it reads today."),
        }
        labels: ClassVar = {"edition": gettext_lazy("Edition in the annex")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.instance.plan
        forms_here = {*forms_for(plan), self.instance.kind}
        self.fields["kind"].choices = [choice for choice in self.fields["kind"].choices if choice[0] in forms_here]
        self.fields["edition"].queryset = Edition.objects.filter(
            subject=plan._meta.label_lower, subject_id=plan.pk, withdrawn_at=None
        ).defer("content")

    def clean(self) -> dict[str, Any]:
        """Texts that books can carry."""
        return without_unprintable(super().clean() or self.cleaned_data)


class ArticleForm(ChildForm):
    """One article: the chapter it begins or stands in, and its words."""

    chapter = forms.CharField(label=gettext_lazy("Chapter (Bab)"), max_length=200, required=False)
    text = forms.CharField(
        label=gettext_lazy("Article (Pasal)"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 10_000}),
    )


class Articles(ChildRows):
    """The articles in order; they live in a column of the enactment."""

    prefix = "articles"
    form = ArticleForm
    title = gettext_lazy("Articles")
    add_title = gettext_lazy("Add an article")

    def __init__(self, row: Enactment, data: QueryDict | None = None) -> None:
        self.row, self.stored = row, articles_of(row)
        formset = formset_of(ArticleForm, extra=1, most=MOST_ARTICLES)
        self.formset = formset(data=data, prefix=self.prefix, initial=None if data else self.stored)

    def queryset(self, row: Enactment) -> Any:
        """The articles as they are stored."""
        return list(row.articles)

    def words(self, child: Any) -> str:
        """An article as one line."""
        return f"{child['chapter']}: {child['text']}"

    def typed(self) -> list[dict[str, str]]:
        """The articles that were typed, as they are to be stored."""
        return [
            {"chapter": cleaned(line.get("chapter") or "")[0], "text": cleaned(line["text"])[0]}
            for line in self.kept()
            if line.get("text")
        ]

    def typed_words(self) -> list[str]:
        """The typed articles, a line each."""
        return [self.words(article) for article in self.typed()]

    def save(self, *, by: Any) -> None:
        """Nothing: the articles are a column of the enactment."""


class ArticlesForm(EntryForm):
    """The articles of the draft regulation."""

    children = (Articles,)

    class Meta:
        model = Enactment
        fields = ()


class StageForm(forms.Form):
    """A stage that was reached, since when, who holds it now, with which letter."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=EnactmentStage.Stage.choices)
    began_on = WrittenDateField(label=gettext_lazy("Since"))
    holder = forms.CharField(
        label=gettext_lazy("Who holds it now"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: Bagian Hukum, or Kanwil Kementerian Hukum."),
    )
    number = forms.CharField(label=gettext_lazy("Number of the letter"), max_length=100, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)
    file = forms.FileField(label=gettext_lazy("Paper (PDF or picture)"), required=False)

    def clean(self) -> dict[str, Any]:
        """Texts that books can carry."""
        return without_unprintable(super().clean() or self.cleaned_data)

    def clean_began_on(self) -> Any:
        """Not in the far future or past."""
        day = self.cleaned_data["began_on"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Write a day between 2000 and 2100."))
        return day
