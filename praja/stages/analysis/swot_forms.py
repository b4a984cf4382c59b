"""What is filled in about the SWOT: one line of the four lists, and a strategy with the items it rests on."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.stages.analysis.entry_forms import CleanedForm
from praja.stages.analysis.models import SwotItem, SwotStrategy
from praja.stages.analysis.swot import CROSSED, LETTERS, codes_of, in_reading_order, plural_of

WHOLE_REGION = gettext_lazy("The whole region")


def offer_dimensions(field: Any, plan: Any) -> None:
    """Let a field take a dimension of the plan, or none for the whole region."""
    field.queryset = plan.dimension_set.dimensions.all()
    field.empty_label = WHOLE_REGION
    field.label = _("Dimension")


class SwotItemForm(CleanedForm):
    """One strength, weakness, opportunity or threat."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=SwotItem.Kind.choices, widget=forms.RadioSelect)

    class Meta:
        model = SwotItem
        fields = ("kind", "text", "dimension", "source", "keyword")
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 3, "maxlength": 500})}
        help_texts: ClassVar = {
            "text": gettext_lazy("One fact in one sentence, with its figure where there is one."),
            "source": gettext_lazy("Document, survey or meeting that anyone can look up, with its year."),
            "keyword": gettext_lazy("One word that the vision may take up, for example: terhubung. May stay empty."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_dimensions(self.fields["dimension"], self.instance.plan)


def items_are_crossed(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A strategy rests on items of the two lists that it crosses."""
    crossed = CROSSED.get(values.get("kind", ""))
    wrong = [item for item in values.get("items") or () if crossed and item.kind not in crossed]
    if crossed and wrong:
        yield (
            "items",
            _("%(kind)s crosses %(first)s and %(second)s. Untick what belongs to another list: %(items)s.")
            % {
                "kind": SwotStrategy.Kind(values["kind"]).value.upper(),
                "first": plural_of(crossed[0]),
                "second": plural_of(crossed[1]),
                "items": "; ".join(f"“{item.text[:60]}”" for item in wrong[:5]),
            },
        )


class SwotStrategyForm(CleanedForm):
    """A strategy where two lists cross. `instance.preset_items`: keys that are ticked when the page opens."""

    rules = (items_are_crossed,)
    kind = forms.ChoiceField(
        label=gettext_lazy("What it crosses"), choices=SwotStrategy.Kind.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = SwotStrategy
        fields = ("kind", "items", "text", "dimension")
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
            "items": forms.CheckboxSelectMultiple,
        }
        help_texts: ClassVar = {
            "text": gettext_lazy("What the region does, in one sentence that begins with a verb."),
            "items": gettext_lazy("The items that it rests on, from the two lists that it crosses."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan, own = self.instance.plan, self.instance.pk
        offer_dimensions(self.fields["dimension"], plan)
        offered = Q(withdrawn_at=None) | (Q(strategies=own) if own else Q(pk__in=()))
        queryset = plan.swot_items.filter(offered).select_related("dimension").distinct()
        self.offered = in_reading_order(queryset)
        self.codes = codes_of(self.offered)
        field = self.fields["items"]
        field.queryset = queryset
        field.choices = [(item.pk, self._label(item)) for item in self.offered]
        if own is None:
            self.initial["items"] = list(getattr(self.instance, "preset_items", ()))

    def _label(self, item: SwotItem) -> str:
        where = f" ({item.dimension})" if item.dimension else ""
        gone = " – " + _("withdrawn") if item.withdrawn_at else ""
        return f"{self.codes.get(item.pk, '')} {item.text}{where}{gone}".strip()

    @property
    def item_lists(self) -> list[tuple[str, str, list[Any], bool]]:
        """(letter, title, boxes, whether it is open) of the four lists; lists without items are left out.

        Once the kind is chosen, only the two lists that it crosses are open, and any other in which something is ticked.
        """
        crossed = CROSSED.get(str(self["kind"].value() or ""), tuple(LETTERS))
        kinds = {str(item.pk): item.kind for item in self.offered}
        found: dict[str, list[Any]] = {kind: [] for kind in LETTERS}
        for box in self["items"]:
            found[kinds[str(box.data["value"])]].append(box)
        return [
            (LETTERS[kind], plural_of(kind), boxes, kind in crossed or any(box.data["selected"] for box in boxes))
            for kind, boxes in found.items()
            if boxes
        ]
