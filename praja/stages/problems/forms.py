"""What a person fills in about a problem, on three short pages, and the rules for one entry."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.drafts.entry import ChildForm, ChildRows, EntryForm
from praja.foundation.plans.forms import DimensionFields, offer_others, others_are_others
from praja.foundation.sheets.fields import DecimalTextField, YearField
from praja.stages.problems.models import Cause, Problem

DEEPEST_CAUSE = 4


class NewProblemForm(forms.Form):
    """A draft needs only a title; somebody who writes for several agencies chooses one."""

    fields: dict[str, Any]  # each kind of field has attributes of its own
    title = forms.CharField(label=gettext_lazy("The problem in one sentence"), max_length=300)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Agency (OPD)"), required=False
    )

    def __init__(self, data: Any = None, *, plan: Any, user: Any) -> None:
        super().__init__(data)
        agencies = plan.government.children.agencies().within_reach(user, Can.PROBLEM_WRITE)
        self.fields["organisation"].queryset = agencies
        # Only the secretariat may begin a row before it knows whose it is.
        self.fields["organisation"].required = not user.may(Can.PROBLEM_ACCEPT, plan)
        if len(agencies) == 1:
            self.fields["organisation"].initial = agencies[0]


class WhatForm(DimensionFields, EntryForm):
    """First page: what the problem is, and whose."""

    class Meta:
        model = Problem
        fields = (
            "title",
            "organisation",
            "dimension",
            "sub_dimension",
            "affair",
            "description",
            "affected",
            "location",
            "others",
        )
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 5, "maxlength": 20_000}),
            "others": forms.CheckboxSelectMultiple,
        }
        labels: ClassVar = {"others": gettext_lazy("Other agencies that this problem needs")}
        help_texts: ClassVar = {
            "title": gettext_lazy("One plain sentence, for example: patients wait four hours at the health centre."),
            "description": gettext_lazy("Two or three sentences: what happens, since when, how people notice it."),
            "affected": gettext_lazy("For example: 3,200 fishing families."),
            "location": gettext_lazy("For example: seven villages in the district of Muarajaya."),
        }

    write = Can.PROBLEM_WRITE
    rules = (*DimensionFields.rules, others_are_others("others"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = self.instance.plan.government.children.agencies()
        offer_others(self.fields["others"], agencies, but=self.instance.organisation_id)


class DataForm(EntryForm):
    """Second page: the figure that shows it, and how pressing it is."""

    figure = DecimalTextField(
        label=gettext_lazy("Figure that shows it"),
        required=False,
        help_text=gettext_lazy("A number, for example 37,5."),
    )
    figure_year = YearField(label=gettext_lazy("Year of the figure"), required=False)

    class Meta:
        model = Problem
        fields = ("figure", "unit", "figure_year", "figure_source", "urgency", "seriousness", "growth")
        widgets: ClassVar = dict.fromkeys(("urgency", "seriousness", "growth"), forms.RadioSelect)
        help_texts: ClassVar = {
            "unit": gettext_lazy("For example: per cent, minutes, villages."),
            "figure_source": gettext_lazy("Document or survey that anyone can look up."),
            "urgency": gettext_lazy("How soon must it be handled? 1 can wait, 5 at once."),
            "seriousness": gettext_lazy("How bad are the consequences? 1 slight, 5 very bad."),
            "growth": gettext_lazy("How fast does it get worse when nothing is done? 1 not at all, 5 very fast."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("urgency", "seriousness", "growth"):
            field = self.fields[name]
            field.choices = [choice for choice in field.choices if choice[0] != ""]


class CauseForm(ChildForm):
    """One cause, and how deep it lies below the one above it."""

    text = forms.CharField(label=gettext_lazy("Cause"), max_length=500)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of cause"), choices=[("", "–"), *Cause.Kind.choices])
    depth = forms.TypedChoiceField(
        label=gettext_lazy("Place"),
        coerce=int,
        initial=0,
        required=False,
        empty_value=0,  # type: ignore[arg-type]  # the stubs know only text
        choices=[
            (0, gettext_lazy("Direct cause")),
            (1, gettext_lazy("Behind the direct cause above")),
            (2, gettext_lazy("Behind that (third why)")),
            (3, gettext_lazy("Behind that (fourth why)")),
        ],
    )

    def has_changed(self) -> bool:
        """A new line with nothing but its place says nothing."""
        return bool(set(self.changed_data) - {"depth"})


class CauseRows(ChildRows):
    """The tree of causes, typed as lines with a depth."""

    prefix = "causes"
    model = Cause
    form = CauseForm
    parent = "problem"
    title: ClassVar[Promise | str] = gettext_lazy("Causes")
    add_title: ClassVar[Promise | str] = gettext_lazy("Add a cause")

    def __init__(self, row: Any, data: Any = None) -> None:
        super().__init__(row, data)
        self._line_above: dict[int, Cause] = {}

    def initial(self, child: Cause) -> dict[str, Any]:
        """The line with its depth in the tree."""
        depth, parent = 0, child.parent_id
        parents = {cause.pk: cause.parent_id for cause in self.stored}
        while parent and depth < DEEPEST_CAUSE:
            depth, parent = depth + 1, parents.get(parent)
        return {"text": child.text, "kind": child.kind, "depth": depth}

    def save(self, *, by: Any) -> None:
        """Store the lines; each hangs below the nearest shallower line above it."""
        self._line_above = {}
        super().save(by=by)

    def after_line(self, child: Any, cleaned: dict[str, Any]) -> None:
        """Hang the line where it belongs."""
        depth = cleaned["depth"]
        parent = next(
            (self._line_above[above] for above in range(depth - 1, -1, -1) if above in self._line_above), None
        )
        if child.parent_id != (parent.pk if parent else None):
            child.parent = parent
            child.save(update_fields=["parent"])
        self._line_above = {above: row for above, row in self._line_above.items() if above < depth} | {depth: child}

    def words(self, child: Cause) -> str:
        """The cause with its kind."""
        return f"{child.text} ({child.get_kind_display()})"


class CausesForm(EntryForm):
    """Third page: why it is so."""

    children = (CauseRows,)

    class Meta:
        model = Problem
        fields = ()


SECTIONS: dict[str, tuple[Promise | str, type[EntryForm]]] = {
    "what": (gettext_lazy("The problem"), WhatForm),
    "data": (gettext_lazy("Figure and priority"), DataForm),
    "causes": (gettext_lazy("Causes"), CausesForm),
}
