"""Forms of scores and weights: a sheet's table, naming a scorer, weights, comparisons of pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from praja.foundation.choosing.weights import SCALE
from praja.foundation.drafts.entry import EntryForm
from praja.foundation.plans.models import Dimension
from praja.foundation.sheets.fields import WrittenDateField
from praja.stages.quick_wins.models import Criterion, Nomination, Round, ScoreSheet
from praja.stages.quick_wins.scoring import Board, Typed, people_of
from praja.stages.quick_wins.values import BEST, pairs_of

MOST_WEIGHT = Decimal(1000)
LONGEST_MINUTES = 20_000


class _NoLines:
    """The lines of a page whose rows are fields of the form itself."""

    initial: Sequence[Any] = ()

    def is_valid(self) -> bool:
        """Nothing to judge."""
        return True

    def show_without_judging(self) -> None:
        """Nothing to show."""


@dataclass(frozen=True)
class TableInWords:
    """What a table says, a text a cell, where a late page shows both versions (drafts/entry.py asks for it like this)."""

    form: Any
    title: str
    prefix: ClassVar[str] = "table"
    formset: ClassVar[_NoLines] = _NoLines()

    def queryset(self, row: Any) -> list[str]:
        """What is stored."""
        return self.form.words_of(type(self.form)(instance=row, user=self.form.user).initial_cells())

    def words(self, line: str) -> str:
        """A cell is a text already."""
        return line

    def typed_words(self) -> list[str]:
        """What was typed."""
        return self.form.words_of(self.form.cleaned_data)


class TableForm(EntryForm):
    """A form whose further fields are the cells of a table."""

    table_title: ClassVar[Any] = ""
    cells: dict[str, str]  # name of a field -> what it says in words

    def __init__(self, data: QueryDict | None = None, *, instance: Any, user: Any) -> None:
        super().__init__(data, instance=instance, user=user)
        self.cells = {}
        self.make_cells()
        self.child_rows = [TableInWords(self, str(self.table_title))]  # type: ignore[list-item]

    def make_cells(self) -> None:
        """Add the fields of the table."""

    def cell(self, name: str, words: str, made: forms.Field, initial: Any) -> None:
        """Add one field that holds `initial` as stored."""
        made.required, made.initial = False, initial
        made.label = made.label or words
        self.fields[name] = made
        self.cells[name] = words

    def initial_cells(self) -> dict[str, Any]:
        """The table as it is stored."""
        return {name: self.fields[name].initial for name in self.cells}

    def words_of(self, values: Any) -> list[str]:
        """The cells of `values` that say something."""
        return [f"{words}: {values[name]}" for name, words in self.cells.items() if values.get(name) not in (None, "")]


class ScoreField(forms.CharField):
    """A whole number from 0 to 4; empty while nobody scored."""

    def clean(self, value: Any) -> int | None:
        """The number, None for nothing."""
        text = str(value or "").strip() if value != 0 else "0"
        if not text:
            return None
        if len(text) != 1 or text not in "01234":
            raise forms.ValidationError(
                _("Write a whole number from 0 to %(best)s, or leave it empty.") % {"best": BEST}
            )
        return int(text)


def _held_on_a_past_day(values: Any) -> Any:
    held_on = values.get("held_on")
    if held_on and held_on > timezone.localdate():
        yield "held_on", _("This day has not come yet. Write the day on which the group met.")


class ScoreForm(TableForm):
    """One dimension of a sheet; a subclass made by form_of() says which."""

    board: ClassVar[Board]
    table_title = gettext_lazy("Scores")
    rules = (_held_on_a_past_day,)
    held_on = WrittenDateField(label=gettext_lazy("Date"), required=False)

    class Meta:
        model = ScoreSheet
        fields = ("held_on", "members", "minutes")
        widgets = {
            "members": forms.Textarea(attrs={"rows": 5}),
            "minutes": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "members": gettext_lazy("One person a line, with the agency: “Sari Dewi, Dinkes”. For nominees of an agency that takes part, Praja then proposes a recusal."),
            "minutes": gettext_lazy("What was weighed and how the group agreed."),
        }  # fmt: skip

    def make_cells(self) -> None:
        """A score and a reason for each nominee and criterion, and who stepped back for each nominee."""
        if self.instance.scorer_id is not None:
            for name in ("held_on", "members", "minutes"):
                del self.fields[name]
        else:
            self.fields["members"].max_length = 5_000
            self.fields["minutes"].max_length = LONGEST_MINUTES
        stored = self.board.scores()
        away = {one["nomination"]: one for one in self.instance.recusals}
        for row in self.board.nominees:
            said = away.get(str(row.pk), {})
            who, why = _("%(nominee)s, who stepped back"), _("%(nominee)s, why")
            title = {"nominee": row.innovation}
            self.cell(f"who-{row.pk}", who % title, forms.CharField(max_length=300), said.get("who", ""))
            self.cell(f"because-{row.pk}", why % title, forms.CharField(max_length=300), said.get("reason", ""))
            for one in self.board.criteria:
                given = stored.get((row.pk, one.pk))
                words = f"{row.innovation} · {one.name}"
                self.cell(f"score-{row.pk}-{one.pk}", words, ScoreField(), given.value if given else None)
                reason = forms.CharField(max_length=500)
                self.cell(f"why-{row.pk}-{one.pk}", f"{words}, {_('reason')}", reason, given.reason if given else "")

    def typed(self) -> Typed:
        """The checked page."""
        said = self.cleaned_data
        scores = {
            (row.pk, one.pk): (said.get(f"score-{row.pk}-{one.pk}"), said.get(f"why-{row.pk}-{one.pk}", ""))
            for row in self.board.nominees
            for one in self.board.criteria
        }
        recusals = {
            row.pk: (said.get(f"who-{row.pk}", ""), said.get(f"because-{row.pk}", "")) for row in self.board.nominees
        }
        return Typed(scores, recusals, self.columns())

    def table(self) -> list[dict[str, Any]]:
        """The rows of the table for the template."""
        return [self._row(row) for row in self.board.nominees]

    def _row(self, row: Nomination) -> dict[str, Any]:
        cells: list[dict[str, Any]] = [
            {
                "criterion": one,
                "score": self._shown(f"score-{row.pk}-{one.pk}"),
                "why": self._shown(f"why-{row.pk}-{one.pk}"),
            }
            for one in self.board.criteria
        ]
        return {
            "nominee": row,
            "cells": cells,
            "who": self._shown(f"who-{row.pk}"),
            "because": self._shown(f"because-{row.pk}"),
            "reasons": sum(1 for cell in cells if cell["why"]["value"]),
            "is_open": any(cell["why"]["errors"] for cell in cells),
        }

    def _shown(self, name: str) -> dict[str, Any]:
        value = self[name].value()
        return {"name": name, "value": "" if value is None else value, "errors": self.errors.get(name)}


def form_of(board: Board) -> type[ScoreForm]:
    """The form of one dimension of a sheet."""
    return type("SheetForm", (ScoreForm,), {"board": board})


class WayForm(forms.Form):
    """Who scores."""

    scoring = forms.ChoiceField(
        label=gettext_lazy("Who scores"), choices=Round.Scoring.choices, widget=forms.RadioSelect
    )


class ScorerForm(forms.Form):
    """Whom to ask to score blind, and which nominees."""

    person = forms.ChoiceField(label=gettext_lazy("Scorer"))
    dimension = forms.ModelChoiceField(
        Dimension.objects.none(),
        label=gettext_lazy("Dimension"),
        required=False,
        empty_label=gettext_lazy("All dimensions"),
    )

    def __init__(self, data: QueryDict | None = None, *, round_: Round) -> None:
        super().__init__(data)
        taken = set(round_.score_sheets.filter(withdrawn_at=None).values_list("scorer_id", flat=True))
        self.people = {str(row.user_id): row for row in people_of(round_) if row.user_id not in taken}
        names = [(key, f"{row.user} · {row.in_words(row.user)}") for key, row in self.people.items()]
        self.fields["person"].choices = [("", _("Choose")), *names]  # type: ignore[attr-defined]
        self.fields["dimension"].queryset = round_.plan.dimension_set.dimensions.all()  # type: ignore[attr-defined]


class WeightField(forms.CharField):
    """A weight from 0 to 1000 with a comma or a point; the shares follow from all of them together."""

    def clean(self, value: Any) -> Decimal:
        """The number; nothing is 0."""
        text = str(value or "0").strip().replace(",", ".")
        try:
            found = Decimal(text) if len(text) <= 12 else Decimal("NaN")
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or not 0 <= found <= MOST_WEIGHT:
            raise forms.ValidationError(
                _("Write a number from 0 to %(most)s. A weight cannot be less than zero.") % {"most": MOST_WEIGHT}
            )
        return found


class WeightForm(TableForm):
    """The weights of a round; a subclass made by weights_form() knows the criteria."""

    criteria: ClassVar[list[Criterion]]
    proposed: ClassVar[dict[str, Decimal]] = {}  # weights to begin with instead of the stored ones
    table_title = gettext_lazy("Weights")

    class Meta:
        model = Round
        fields = ()

    def make_cells(self) -> None:
        """A field for each criterion."""
        stored = dict(self.instance.criteria.filter(withdrawn_at=None).values_list("key", "weight"))
        stored |= {key: f"{weight:f}" for key, weight in self.proposed.items()}
        for one in self.criteria:
            made = WeightField(label=one.name, help_text=one.hint, widget=forms.TextInput({"inputmode": "decimal"}))
            self.cell(f"weight-{one.key}", one.name, made, stored.get(one.key, "1").replace(".", ","))

    def words_of(self, values: Any) -> list[str]:
        """The weights alike, whether with a comma or a point."""
        return [line.replace(",", ".") for line in super().words_of(values)]

    def weights(self) -> dict[str, Decimal]:
        """The checked weights by key."""
        return {one.key: self.cleaned_data[f"weight-{one.key}"] for one in self.criteria}

    def clean(self) -> dict[str, Any]:
        """All zero is said at once, on the page."""
        said = super().clean()
        given = [said.get(name) for name in self.cells]
        if given and all(value == 0 for value in given):
            self.add_error(
                None,
                _("All weights are zero, so no criterion would count. Give at least one of them a weight above zero."),
            )
        return said


def weights_form(criteria: list[Criterion], proposed: Mapping[str, Decimal] | None = None) -> type[WeightForm]:
    """The form of the weights of these criteria, with the stored ones or those that are proposed."""
    return type("WeightsForm", (WeightForm,), {"criteria": criteria, "proposed": dict(proposed or {})})


def in_words(ratio: Fraction) -> str:
    """A step of Saaty's scale in words, for the first against the second."""
    if ratio == 1:
        return _("both count the same (1)")
    step = max(ratio, 1 / ratio)
    words = {
        2: pgettext("of two criteria", "a trace more"),
        3: pgettext("of two criteria", "a little more"),
        4: pgettext("of two criteria", "more than a little"),
        5: pgettext("of two criteria", "clearly more"),
        6: pgettext("of two criteria", "more than clearly"),
        7: pgettext("of two criteria", "much more"),
        8: pgettext("of two criteria", "more than much"),
        9: pgettext("of two criteria", "far more"),
    }[int(step)]
    side = _("the first: %(more)s (%(step)s)") if ratio > 1 else _("the second: %(more)s (%(step)s)")
    return side % {"more": words, "step": int(step)}


class PairForm(TableForm):
    """The comparisons of a round; a subclass made by pairs_form() knows the criteria."""

    criteria: ClassVar[list[Criterion]]
    table_title = gettext_lazy("Comparisons")

    class Meta:
        model = Round
        fields = ()

    def make_cells(self) -> None:
        """A choice for each pair, in the order of the criteria."""
        pairs = pairs_of(self.instance)
        steps = [("", _("not compared yet")), *((str(one), in_words(one)) for one in reversed(SCALE))]
        for at, first in enumerate(self.criteria):
            for second in self.criteria[at + 1 :]:
                key = f"{first.key}:{second.key}"
                words = _("%(first)s against %(second)s") % {"first": first.name, "second": second.name}
                made = forms.ChoiceField(label=words, choices=steps)
                self.cell(key, words, made, pairs.get(key, ""))

    def judgements(self) -> dict[str, str]:
        """The checked comparisons, without those not made yet."""
        return {key: self.cleaned_data[key] for key in self.cells if self.cleaned_data[key]}

    def groups(self) -> list[dict[str, Any]]:
        """The pairs below their first criterion, each with what is chosen; the first that is not done stands open."""
        found: list[dict[str, Any]] = []
        for at, first in enumerate(self.criteria[:-1]):
            lines = [(second, self[f"{first.key}:{second.key}"]) for second in self.criteria[at + 1 :]]
            left = sum(1 for _second, field in lines if not field.value())
            is_next = bool(left) and not any(one["left"] for one in found)
            is_open = is_next or any(field.errors for _second, field in lines)
            found.append({"first": first, "lines": lines, "left": left, "is_open": is_open})
        return found

    def made(self) -> int:
        """How many pairs are compared, as the page shows them."""
        return sum(1 for key in self.cells if self[key].value())


def pairs_form(criteria: list[Criterion]) -> type[PairForm]:
    """The form of the comparisons of these criteria."""
    return type("PairsForm", (PairForm,), {"criteria": criteria})
