"""Fields that every row of a plan has: agency, dimension, sub-dimension, affair."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Affair
from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.models import SubDimension


class SubDimensionSelect(forms.Select):
    """Each option names its dimension, so that the page can show only those that fit."""

    dimension_of: dict[Any, str]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """An option with data-of."""
        option = super().create_option(name, value, *args, **kwargs)
        key = getattr(value, "value", value)
        if key in self.dimension_of:
            option["attrs"]["data-of"] = self.dimension_of[key]
        return option


class DimensionFields(forms.Form):
    """Limits the choices to the plan of the row, and checks that they fit together."""

    write: Can
    instance: Any
    user: Any
    fields: dict[str, Any]  # each kind of field has attributes of its own

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan, user = self.instance.plan, self.user
        agencies = plan.government.children.agencies().within_reach(user, self.write)
        self.fields["organisation"].queryset = agencies
        self.fields["organisation"].label = _("Agency (OPD)")
        # Without an agency a row is out of the reach of those who write for agencies.
        self.fields["organisation"].required = not user.may(self.write, plan)
        self.fields["dimension"].queryset = plan.dimension_set.dimensions.all()
        self.fields["dimension"].label = _("Dimension")
        subs = list(SubDimension.objects.filter(dimension__set=plan.dimension_set).select_related("dimension"))
        field = self.fields["sub_dimension"]
        field.queryset = SubDimension.objects.filter(dimension__set=plan.dimension_set)
        field.label = _("Sub-dimension")
        field.widget = SubDimensionSelect(attrs={"data-depends-on": "id_dimension"})
        field.widget.dimension_of = {sub.pk: str(sub.dimension_id) for sub in subs}
        field.widget.choices = [
            ("", "–"),
            *(
                (str(dimension), [(sub.pk, str(sub)) for sub in subs if sub.dimension_id == dimension.pk])
                for dimension in dict.fromkeys(sub.dimension for sub in subs)
            ),
        ]
        self.fields["affair"].queryset = Affair.objects.all()
        self.fields["affair"].label = _("Government affair")

    def clean(self) -> dict[str, Any]:
        """A sub-dimension belongs to the dimension that was chosen; it decides when none was."""
        cleaned = super().clean() or self.cleaned_data
        dimension, sub = cleaned.get("dimension"), cleaned.get("sub_dimension")
        if sub and dimension is None:
            cleaned["dimension"] = sub.dimension
        elif sub and dimension and sub.dimension_id != dimension.pk:
            self.add_error(
                "sub_dimension",
                _("“%(sub)s” belongs to %(dimension)s. Choose a sub-dimension of the dimension above.")
                % {"sub": sub, "dimension": sub.dimension},
            )
        return cleaned
