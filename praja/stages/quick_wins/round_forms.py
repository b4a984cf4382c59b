"""What is filled in about a round: its title and dates, and its criteria with their weights."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.drafts.entry import ChildForm, ChildRows, EntryForm
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.fields import DecimalTextField, WrittenDateField
from praja.foundation.ui.formats import long_date
from praja.stages.quick_wins.actions import OPEN_TO_NOMINEES
from praja.stages.quick_wins.models import Criterion, Round
from praja.stages.quick_wins.renewal import is_computed
from praja.stages.quick_wins.values import typed_weights

LONGEST_DAYS = 2 * 366
HEAVIEST = Decimal(1_000)
MOST_CRITERIA = 60
LABELS = {
    "title": gettext_lazy("Title"),
    "starts_on": gettext_lazy("Begins on"),
    "ends_on": gettext_lazy("Ends on"),
}
HINTS = {
    "starts_on": gettext_lazy("The first day of the twelve months, for example 1 Januari 2027."),
    "ends_on": gettext_lazy("The last day on which a quick win has to be there."),
}


# --- title and dates --------------------------------------------------------------------------------------------------


def what_does_not_fit(
    plan: Plan, starts_on: datetime.date | None, ends_on: datetime.date | None, *, but: int | None = None
) -> Iterable[tuple[str, str]]:
    """(field, sentence) of dates that do not fit together or with the plan; `but`: the round itself."""
    if starts_on is not None and plan.years and starts_on.year not in plan.years:
        years = {"first": plan.years[0], "last": plan.years[-1]}
        yield "starts_on", _("The plan runs from %(first)d to %(last)d. Choose a day within it.") % years
    elif starts_on is not None:
        others = plan.quick_win_rounds.in_service().exclude(pk=but)
        if others.filter(year=starts_on.year).exists():
            yield (
                "starts_on",
                _("%(year)s has its round of quick wins already. Choose another year.") % {"year": starts_on.year},
            )
        elif but is None and (later := others.filter(starts_on__gt=starts_on).first()):
            yield "starts_on", _("“%(round)s” is later. A new round begins after the ones before.") % {"round": later}
    if starts_on is None or ends_on is None:
        return
    if ends_on <= starts_on:
        yield (
            "ends_on",
            _("The round ends before it begins. Choose a day after %(day)s.") % {"day": long_date(starts_on)},
        )
    elif (ends_on - starts_on).days > LONGEST_DAYS:
        yield "ends_on", _("Quick wins are felt within a year: a round lasts two years at most.")


class NewRoundForm(forms.Form):
    """Title and dates of a round that begins."""

    title = forms.CharField(label=LABELS["title"], max_length=200)
    starts_on = WrittenDateField(label=LABELS["starts_on"], help_text=HINTS["starts_on"])
    ends_on = WrittenDateField(label=LABELS["ends_on"], help_text=HINTS["ends_on"])

    def __init__(self, data: QueryDict | None = None, *, plan: Plan) -> None:
        self.plan = plan
        self.typed: dict[str, Any] = {}  # the values that could be read, whether they fit or not
        super().__init__(data, initial=proposed(plan))

    def clean(self) -> dict[str, Any]:
        """The values; dates that do not fit are errors of their fields."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.typed = dict(cleaned)
        for name, sentence in what_does_not_fit(self.plan, cleaned.get("starts_on"), cleaned.get("ends_on")):
            self.add_error(name, sentence)
        return cleaned


def proposed(plan: Plan) -> dict[str, Any]:
    """Title and dates of the next round: the year after the last one, else the next year within the plan."""
    last = plan.quick_win_rounds.in_service().first()
    year = last.year + 1 if last else plan.today.year + 1
    if plan.years and not last:
        year = min(max(year, plan.years[0]), plan.years[-1])
    return {
        "title": _("Quick wins of %(year)s") % {"year": year},
        "starts_on": datetime.date(year, 1, 1),
        "ends_on": datetime.date(year, 12, 31),
    }


class RoundForm(EntryForm):
    """Title and dates of a round that goes on."""

    starts_on = WrittenDateField(label=LABELS["starts_on"], help_text=HINTS["starts_on"])
    ends_on = WrittenDateField(label=LABELS["ends_on"], help_text=HINTS["ends_on"])

    class Meta:
        model = Round
        fields = ("title", "starts_on", "ends_on")
        labels = LABELS

    def clean(self) -> dict[str, Any]:
        """The values; the months that nominees have named stay within the round."""
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        for name, sentence in what_does_not_fit(self.instance.plan, first, last, but=self.instance.pk):
            self.add_error(name, sentence)
        if first and last and not self.errors:
            outside = (
                Q(starts_on__lt=first) | Q(finishes_on__gt=last) | Q(starts_on__gt=last) | Q(finishes_on__lt=first)
            )
            if number := self.instance.nominations.in_service().filter(outside).count():
                sentence = ngettext(
                    "%(number)d nominee begins or is done outside these dates. Change its months first.",
                    "%(number)d nominees begin or are done outside these dates. Change their months first.",
                    number,
                )
                self.add_error("ends_on", sentence % {"number": number})
        return cleaned


# --- criteria ---------------------------------------------------------------------------------------------------------


class CriterionForm(ChildForm):
    """One criterion: what is asked, how it is judged, whether it is in use, and its weight or its result."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    hint = forms.CharField(
        label=gettext_lazy("What is asked"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    kind = forms.ChoiceField(label=gettext_lazy("How it is judged"), choices=Criterion.Kind.choices, required=False)
    weight = DecimalTextField(label=gettext_lazy("Weight"), required=False)
    result = forms.CharField(label=gettext_lazy("Result"), max_length=300, required=False)
    is_on = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("id"):
            self.fields["kind"].disabled = True  # what was asked under one kind is not an answer under another
        if self.initial.get("is_computed"):
            self.fields["result"].disabled = True

    def has_changed(self) -> bool:
        """A new line with only its preset answers says nothing."""
        return bool(set(self.changed_data) - {"is_on", "kind", "weight"})

    def clean_weight(self) -> str:
        """A number from 0 to 1.000; what is scored and in use has one."""
        text: str = self.cleaned_data.get("weight") or ""
        if text and not 0 <= Decimal(text) <= HEAVIEST:
            raise forms.ValidationError(_("A weight is a number from 0 to 1.000. 0 means that it does not count."))
        return text

    def clean(self) -> dict[str, Any]:
        """The values; a criterion that is scored says how much it counts."""
        cleaned = super().clean()
        if self.is_scored and cleaned.get("is_on") and cleaned.get("weight") == "":
            self.add_error("weight", _("Write how much this criterion counts, for example 1; 0 when it does not."))
        return cleaned

    @property
    def is_scored(self) -> bool:
        """Whether nominees are scored by it."""
        kind = self.initial.get("kind") or self.cleaned_data.get("kind") or Criterion.Kind.SCORED
        return bool(kind == Criterion.Kind.SCORED)


class CriterionRows(ChildRows):
    """The criteria of a round, also those that are not in use; none is ever taken away, only put out of use."""

    prefix = "criteria"
    model = Criterion
    form = CriterionForm
    parent = "round"
    title: ClassVar[Promise | str] = gettext_lazy("Criteria")
    add_title: ClassVar[Promise | str] = gettext_lazy("Add a criterion")

    def __init__(self, row: Round, data: QueryDict | None = None) -> None:
        self.extra = 1 if row.state in OPEN_TO_NOMINEES else 0  # type: ignore[misc]  # later there is nothing to score it by
        super().__init__(row, data)
        self.by_key = {child.pk: child for child in self.stored}

    def queryset(self, row: Round) -> Any:
        """All of them, in order."""
        return row.criteria.all()

    def initial(self, child: Criterion) -> dict[str, Any]:
        """A criterion as the page shows it."""
        return {
            "name": child.name, "hint": child.hint, "kind": child.kind, "weight": child.weight,
            "result": child.result, "is_on": child.withdrawn_at is None,
            "is_computed": is_computed(child),
        }  # fmt: skip

    def values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The columns of one line; a name that was changed is one name for all languages."""
        child = self.by_key.get(cleaned.get("id") or 0)
        language = (get_language() or "id")[:2]
        values: dict[str, Any] = {"result": cleaned["result"]}
        if child is None:
            values |= {"kind": cleaned["kind"] or Criterion.Kind.SCORED, "weight": cleaned["weight"] or "1"}
        elif cleaned["weight"]:
            values["weight"] = cleaned["weight"]
        if child is None or cleaned["name"] != child.name:
            values["names"] = {language: cleaned["name"]}
        if child is None or cleaned["hint"].replace("\r\n", "\n") != child.hint:
            values["hints"] = {language: cleaned["hint"]} if cleaned["hint"] else {}
        if child is not None and cleaned["is_on"] != (child.withdrawn_at is None):
            values["withdrawn_at"] = None if cleaned["is_on"] else timezone.now()
        return values

    def typed_words(self) -> list[str]:
        """What was typed, a text a line."""
        found = []
        for line in self.kept():
            child, values = self.by_key.get(line.get("id") or 0), self.columns(line)
            old = (
                {name: getattr(child, name) for name in ("names", "weight", "result", "kind", "withdrawn_at")}
                if child
                else {}
            )
            found.append(self.words(Criterion(round=self.row, **{**old, **values})))
        return found

    def words(self, child: Criterion) -> str:
        """Name, weight or result, and whether it is in use."""
        said = child.weight.replace(".", ",") if child.kind == Criterion.Kind.SCORED else child.result
        return ": ".join(filter(None, (child.name, said))) + (
            "" if child.withdrawn_at is None else f" ({_('not in use')})"
        )

    def save(self, *, by: Any) -> None:
        """Store new and changed criteria."""
        keys = {child.key for child in self.stored}
        last = max((child.order for child in self.stored), default=0)
        for cleaned in self.kept():
            child, values = self.by_key.get(cleaned.get("id") or 0), self.columns(cleaned)
            if "withdrawn_at" in values:
                values["withdrawn_by"] = by if values["withdrawn_at"] else None
            if child is None:
                last += 1
                key = _free_key(cleaned["name"], keys)
                Criterion.objects.create(
                    round=self.row, key=key, order=last, created_by=by, updated_by=by, **values
                )  # fmt: skip
                keys.add(key)
            elif any(getattr(child, name) != value for name, value in values.items()):
                update_if_unchanged(child, values, by=by, version=child.version)

    def kept(self) -> list[dict[str, Any]]:
        """The lines that say something; a box that takes away has no meaning here."""
        return [line.cleaned_data for line in self.formset.forms if line.has_changed_or_is_stored()]


def _free_key(name: str, taken: set[str]) -> str:
    """A key for a new criterion, from its name."""
    stem = slugify(name)[:30] or "kriteria"
    return next(key for key in (stem, *(f"{stem}-{number}" for number in range(2, 10_000))) if key not in taken)


class CriteriaForm(EntryForm):
    """All criteria of a round on one page."""

    children = (CriterionRows,)

    class Meta:
        model = Round
        fields = ()

    def is_valid(self) -> bool:
        """Whether every line is right, and at least one of them counts."""
        if not super().is_valid():
            return False
        rows = self.child_rows[0]
        lines = [line for line in rows.kept() if line["is_on"] and _kind_of(rows, line) == Criterion.Kind.SCORED]
        if len(rows.kept()) > MOST_CRITERIA:
            self.add_error(None, _("At most %(most)d criteria fit a round.") % {"most": MOST_CRITERIA})
        elif self.instance.weighing == Round.Weighing.DIRECT and not any(
            Decimal(line["weight"] or 0) for line in lines
        ):
            self.add_error(
                None, _("All weights are zero. Give at least one criterion that is in use a weight above 0.")
            )
        elif not lines:
            self.add_error(None, _("Keep at least one criterion in use by which nominees are scored."))
        return not self.errors


def _kind_of(rows: Any, line: dict[str, Any]) -> str:
    child = rows.by_key.get(line.get("id") or 0)
    return str(child.kind if child else line["kind"] or Criterion.Kind.SCORED)


def shares_of(criteria: Iterable[Criterion]) -> dict[int, Decimal]:
    """{key of a criterion: its share} of those that count by the weights that were typed; {} while all are zero."""
    counted = [one for one in criteria if one.withdrawn_at is None and one.kind == Criterion.Kind.SCORED]
    weights = typed_weights(counted)
    total = sum(weights.values(), Decimal(0))
    return {one.pk: weights[one.key] / total for one in counted} if total else {}
