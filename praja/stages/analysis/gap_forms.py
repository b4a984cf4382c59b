"""What is filled in about a gap: what is, what is wanted and when, what lies between, and what closes it."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.plans.forms import SubDimensionSelect
from praja.foundation.plans.models import SubDimension
from praja.foundation.sheets.fields import YearField
from praja.stages.analysis.entry_forms import CleanedForm
from praja.stages.analysis.models import Gap

LONGEST = 5_000
LEVELS = [(level, str(level)) for level in range(5)]
LONG = ("now", "wanted", "gap", "cause", "needs")


def level_field(label: Any) -> forms.TypedChoiceField:
    """A level from 0 to 4, or none yet."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("", "–"), *LEVELS],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("0: nothing of it is there yet; 4: everything is in place and works."),
    )


def levels_rise(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wanted is not less than what is."""
    now, wanted = values.get("now_level"), values.get("wanted_level")
    if now is not None and wanted is not None and wanted < now:
        yield "wanted_level", _("The level wanted is below the level now. Correct one of the two.")


class GapForm(CleanedForm):
    """A gap of one sub-dimension."""

    rules = (levels_rise,)
    now_level = level_field(gettext_lazy("Level now"))
    wanted_level = level_field(gettext_lazy("Level wanted"))
    wanted_year = YearField(label=gettext_lazy("Wanted by (year)"), required=False)
    closed_by = forms.MultipleChoiceField(
        label=gettext_lazy("What closes it"),
        choices=Gap.CLOSED_BY,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Gap
        fields = (
            "sub_dimension", "element", "now", "now_level", "wanted", "wanted_level", "wanted_year", "gap", "cause",
            "closed_by", "needs", "priority", "source",
        )  # fmt: skip
        help_texts: ClassVar = {
            "element": gettext_lazy("For example: services that can be asked for without coming to an office."),
            "now": gettext_lazy("What is there today, with its figure and year."),
            "wanted": gettext_lazy("What will be there when the gap is closed."),
            "gap": gettext_lazy("What lies between the two, in one or two sentences."),
            "cause": gettext_lazy("Why it is so."),
            "needs": gettext_lazy("What it takes: a regulation, trained people, devices, an application, data."),
            "source": gettext_lazy("Document or survey that anyone can look up."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sub_dimension"]
        field.queryset = SubDimension.objects.filter(dimension__set=self.instance.plan.dimension_set_id)
        field.label = _("Sub-dimension")
        field.widget = SubDimensionSelect()
        field.widget.choices = CallableChoiceIterator(lambda: field.widget.grouped(field.queryset))
        for name in LONG:
            self.fields[name] = forms.CharField(
                label=self.fields[name].label,
                help_text=self.fields[name].help_text,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
            )
