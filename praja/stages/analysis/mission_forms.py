"""What is filled in about a mission of the smart city: its wording, the missions it serves, its goals and targets."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from praja.foundation.drafts.entry import ChildForm, ChildRows
from praja.stages.analysis.entry_forms import CleanedForm
from praja.stages.analysis.models import Mission, MissionGoal
from praja.stages.targets.models import DevelopmentMission


class GoalForm(ChildForm):
    """One goal with its target in words."""

    text = forms.CharField(label=gettext_lazy("Goal"), max_length=500)
    target = forms.CharField(label=gettext_lazy("Target"), max_length=500, required=False)


class GoalRows(ChildRows):
    """The goals of a mission."""

    prefix = "goals"
    model = MissionGoal
    form = GoalForm
    parent = "mission"
    title: ClassVar[Promise | str] = gettext_lazy("Goals and targets")
    add_title: ClassVar[Promise | str] = gettext_lazy("Add a goal")

    def words(self, child: MissionGoal) -> str:
        """Goal and target as one line."""
        return f"{child.text} → {child.target}" if child.target else child.text


class MissionForm(CleanedForm):
    """A mission of the smart city."""

    children = (GoalRows,)

    class Meta:
        model = Mission
        fields = ("text", "serves")
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
            "serves": forms.CheckboxSelectMultiple,
        }
        help_texts: ClassVar = {"text": gettext_lazy("One sentence that begins with a verb, for example: Mewujudkan …")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missions = DevelopmentMission.objects.filter(development_plan__plan=self.instance.plan)
        own = self.instance.pk
        offered = Q(withdrawn_at=None) | (Q(smart_missions=own) if own else Q(pk__in=()))
        self.fields["serves"].queryset = missions.filter(offered).distinct()
        if not self.fields["serves"].queryset:  # the RPJMD is not recorded yet: nothing to tick
            del self.fields["serves"]
