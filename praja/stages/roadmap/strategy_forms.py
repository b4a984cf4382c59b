"""Pages of a strategy and of a programme."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from praja.foundation.drafts.entry import EntryForm
from praja.foundation.plans.models import Plan
from praja.stages.innovations.models import Innovation
from praja.stages.roadmap.models import Programme, Strategy


class StrategyForm(EntryForm):
    """A strategy of a sub-dimension."""

    class Meta:
        model = Strategy
        fields = ("text", "target")
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "target": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts: ClassVar = {
            "text": gettext_lazy("One sentence: what the region does to get there."),
            "target": gettext_lazy("What is then different for people, if possible with a figure and a year."),
        }


class ProgrammeForm(EntryForm):
    """A programme below a strategy, and the innovations that it gathers."""

    class Meta:
        model = Programme
        fields = ("title", "description", "innovations")
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 4, "maxlength": 20_000}),
            "innovations": forms.CheckboxSelectMultiple,
        }
        help_texts: ClassVar = {
            "innovations": gettext_lazy(
                "Innovations of this dimension that stand in no programme yet, and those of this one. Each stands in one "
                "programme at most."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dimension = self.instance.strategy.sub_dimension.dimension_id
        free = in_no_programme(self.instance.plan, but=self.instance.pk)
        field = self.fields["innovations"]
        field.queryset = free.filter(Q(dimension=dimension) | Q(programmes=self.instance.pk)).distinct()
        field.error_messages["invalid_choice"] = gettext_lazy(
            "One of these innovations stands in another programme by now. Take it out there first."
        )


def in_no_programme(plan: Plan, *, but: int | None = None) -> QuerySet[Innovation]:
    """The innovations that stand in no programme, or in no other than `but`."""
    through = Programme.innovations.through.objects.filter(programme__plan=plan, programme__withdrawn_at=None)
    placed = through.exclude(programme=but).values("innovation_id")
    return plan.innovations.filter(withdrawn_at=None).exclude(pk__in=placed).order_by("title", "pk")
