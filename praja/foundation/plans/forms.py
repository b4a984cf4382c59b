"""Fields that every row of a plan has: agency, dimension, sub-dimension, affair."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Affair
from praja.foundation.accounts.permissions import Can
from praja.foundation.drafts.rules import Rule
from praja.foundation.plans.models import SubDimension


def sub_dimension_fits(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A sub-dimension belongs to the dimension that was chosen."""
    dimension, sub = values.get("dimension"), values.get("sub_dimension")
    if sub and dimension and sub.dimension_id != dimension.pk:
        yield (
            "sub_dimension",
            _("“%(sub)s” belongs to %(dimension)s. Choose a sub-dimension of the dimension above.")
            % {"sub": sub, "dimension": sub.dimension},
        )


def others_are_others(name: str) -> Rule:
    """The rule that the agency of a row is not one of its other agencies, which stand in the field `name`."""

    def rule(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        own = values.get("organisation")
        if own and own in (values.get(name) or ()):
            yield name, _("%(agency)s is the agency of this row itself. Choose only other agencies.") % {"agency": own}

    return rule


def implied(values: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from the values: a sub-dimension decides about the dimension when none was chosen."""
    sub = values.get("sub_dimension")
    return {"dimension": sub.dimension} if sub and values.get("dimension") is None else {}


CHANGES_HANDS = gettext_lazy("To give it to another agency, ask both on the page “Changing hands”.")


class SubDimensionSelect(forms.Select):
    """Each option names its dimension, so that the page can show only those that fit."""

    dimension_of: dict[Any, str]

    def grouped(self, subs: QuerySet[SubDimension]) -> list[Any]:
        """The choices by dimension; asked for only when the page is shown."""
        found = list(subs.select_related("dimension"))
        self.dimension_of = {sub.pk: str(sub.dimension_id) for sub in found}
        dimensions = dict.fromkeys(sub.dimension for sub in found)
        return [
            ("", "–"),
            *((str(one), [(sub.pk, str(sub)) for sub in found if sub.dimension_id == one.pk]) for one in dimensions),
        ]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """An option with data-of."""
        option = super().create_option(name, value, *args, **kwargs)
        key = getattr(value, "value", value)
        if key in self.dimension_of:
            option["attrs"]["data-of"] = self.dimension_of[key]
        return option


def offer_others(field: Any, agencies: Any, *, but: int | None) -> None:
    """Let a field take any of these agencies and show all but one: which one may not be taken, a rule says."""
    field.queryset = agencies
    shown = field.iterator(field)
    shown.queryset = agencies.exclude(pk=but)
    field.widget.choices = shown


class DimensionFields(forms.Form):
    """Limits the choices to the plan of the row, and checks that they fit together."""

    rules: ClassVar[tuple[Rule, ...]] = (sub_dimension_fits,)
    write: Can
    instance: Any
    user: Any
    fields: dict[str, Any]  # each kind of field has attributes of its own

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan, user = self.instance.plan, self.user
        agencies = plan.government.children.agencies().within_reach(user, self.write)
        if self.instance.organisation_id:  # it changes hands with the word of both agencies, not on this page
            agencies = agencies.filter(pk=self.instance.organisation_id)
            self.fields["organisation"].help_text = CHANGES_HANDS
        self.fields["organisation"].queryset = agencies
        self.fields["organisation"].label = _("Agency (OPD)")
        # Without an agency a row is out of the reach of those who write for agencies.
        self.fields["organisation"].required = not user.may(self.write, plan)
        if not self.instance.is_with_the_agency:  # what was handed in keeps what made it whole
            self.fields["organisation"].required = self.fields["dimension"].required = True
        self.fields["dimension"].queryset = plan.dimension_set.dimensions.all()
        self.fields["dimension"].label = _("Dimension")
        field = self.fields["sub_dimension"]
        field.queryset = SubDimension.objects.filter(dimension__set=plan.dimension_set)
        field.label = _("Sub-dimension")
        field.widget = SubDimensionSelect(attrs={"data-depends-on": "id_dimension"})
        field.widget.choices = CallableChoiceIterator(lambda: field.widget.grouped(field.queryset))
        self.fields["affair"].queryset = Affair.objects.all()
        self.fields["affair"].label = _("Government affair")

    def clean(self) -> dict[str, Any]:
        """The values with what follows from them."""
        cleaned = super().clean() or self.cleaned_data
        cleaned.update(implied(cleaned))
        return cleaned
