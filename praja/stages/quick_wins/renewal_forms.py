"""What is filled in about a quick win at the end of its year: whether it still runs, what becomes of it, and why."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.drafts.entry import EntryForm
from praja.stages.quick_wins.models import QuickWin

LONGEST_WHY = 2_000
Continuation = QuickWin.Continuation
HINTS = {
    Continuation.CONTINUE: gettext_lazy("It goes on as it is."),
    Continuation.STRENGTHEN: gettext_lazy("It goes on with more people, means or a firmer legal basis."),
    Continuation.EXPAND: gettext_lazy("It goes on in more places or for more people."),
    Continuation.STOP: gettext_lazy("It ends. Say why, so that the next round learns from it."),
}


class RenewalForm(EntryForm):
    """One page about one quick win; whatever is not known yet can be said later."""

    is_running = forms.TypedChoiceField(
        label=gettext_lazy("Does it still run?"),
        choices=[("True", gettext_lazy("Yes, it runs")), ("False", gettext_lazy("No, not any more"))],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    continuation = forms.ChoiceField(
        label=gettext_lazy("What becomes of it in the next year?"),
        choices=Continuation.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("What continues, is strengthened or expanded is nominated in the next round by itself."),
    )
    continuation_reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Needed when it stops or does not run any more: for example that its budget was refocused, or that its agency was merged into another one."
        ),
    )

    class Meta:
        model = QuickWin
        fields = ("is_running", "continuation", "continuation_reason")

    hints: ClassVar = HINTS

    def clean(self) -> dict[str, Any]:
        """The values; what stops or does not run any more has a reason."""
        cleaned = super().clean()
        if "continuation_reason" in cleaned and not cleaned["continuation_reason"]:
            if cleaned.get("continuation") == Continuation.STOP:
                self.add_error("continuation_reason", _("Say why it stops. One sentence is enough."))
            elif cleaned.get("is_running") is False:
                self.add_error("continuation_reason", _("Say why it does not run any more. One sentence is enough."))
        return cleaned
