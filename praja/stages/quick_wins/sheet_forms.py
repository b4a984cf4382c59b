"""What is typed about a decision sheet: its number, a set by hand, swaps, and what stands on the signed paper."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Position
from praja.foundation.sheets.fields import WrittenDateField
from praja.foundation.sheets.values import cleaned
from praja.foundation.ui.formats import decimal
from praja.stages.quick_wins.deciding import MOST_SWAPS, Disposition, Submission, Swaps
from praja.stages.quick_wins.models import SheetStep
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.sheet import Frozen, points

LONGEST = 4_000
Verdict = SheetStep.Verdict


class _Cleaned(forms.Form):
    """Texts without characters that no paper can carry."""

    fields: dict[str, Any]  # each kind of field has attributes of its own

    def clean(self) -> dict[str, Any]:
        """The typed values, cleaned."""
        values = super().clean() or self.cleaned_data
        return {name: cleaned(value)[0] if isinstance(value, str) else value for name, value in values.items()}


class SubmitForm(_Cleaned):
    """Number and remark of a sheet; the nominees of a set by hand are ticked beside it."""

    number = forms.CharField(
        label=gettext_lazy("Number of the sheet"),
        max_length=80,
        help_text=gettext_lazy("As your office numbers its letters; the proposal may stay."),
    )
    remark = forms.CharField(
        label=gettext_lazy("Remark to the offices on its way"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why this set"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed when the set is worth less than the best one, or breaks a rule."),
    )

    def submission(self, chosen: frozenset[str] | None) -> Submission:
        """What was typed, with the set chosen by hand (None: the best set)."""
        typed = self.cleaned_data
        return Submission(typed["number"], typed["remark"], chosen, typed["reason"] if chosen is not None else "")


def swap_choices(frozen: Frozen) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Who may leave, and who may come: those of the dimensions that are put forward first, the best first."""
    leaving = [(one["key"], _of(one)) for one in frozen.in_order(frozen.chosen)]
    others = [one for key, one in frozen.nominees.items() if key not in frozen.chosen and frozen.value(key) is not None]
    others.sort(key=lambda one: (one["dimension"], -(frozen.value(one["key"]) or 0)))
    return leaving, [
        (one["key"], f"{_of(one)} · {decimal(points(frozen.value(one['key'])) or 0, 2)}") for one in others
    ]


def _of(one: dict[str, Any]) -> str:
    return f"{one['title']} ({one['dimension']})" if one["dimension"] else str(one["title"])


def swaps_in(data: Any) -> Swaps:
    """The pairs of who leaves and who comes in a query or a form; a line with neither says nothing."""
    pairs = zip(data.getlist("keluar")[: MOST_SWAPS + 1], data.getlist("masuk")[: MOST_SWAPS + 1], strict=False)
    return [(out, into) for out, into in pairs if out or into]


class ScanForm(_Cleaned):
    """The scan of the signed paper and what stands on it."""

    file = forms.FileField(
        label=gettext_lazy("Scan of the signed sheet"),
        help_text=gettext_lazy("PDF, JPG or PNG; a photo taken with a telephone will do when every word can be read."),
        error_messages={"empty": gettext_lazy("This file is empty. Please choose another one.")},
    )
    code = forms.CharField(
        label=gettext_lazy("Code on the paper"),
        max_length=12,
        help_text=gettext_lazy(
            "Eight signs at the foot of each page, such as K7QM-3XPD. It shows that scan and sheet belong together."
        ),
    )
    day = WrittenDateField(label=gettext_lazy("Day of the disposition"))
    head = forms.ChoiceField(label=gettext_lazy("Who decided"))
    verdict = forms.ChoiceField(
        label=gettext_lazy("What was decided"),
        choices=[(value, Verdict(value).label) for value in (Verdict.ACCEPTED, Verdict.SWAPPED, Verdict.RETURNED)],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, as it is written"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, heads: Sequence[Position], offices: Sequence[str]
    ) -> None:
        super().__init__(data, files)
        self.fields["head"].choices = [(str(one.pk), f"{one.person}, {one.title_in_full}") for one in heads]
        self.offices = offices
        for office in offices:
            self.fields[f"signed_{office}"] = forms.CharField(
                label=_("Who signed for: %(office)s") % {"office": Office(office).label},
                max_length=200,
                help_text=_("Name as it stands on the paper."),
            )

    @property
    def signed_fields(self) -> list[Any]:
        """The fields of the offices that have to have signed."""
        return [self[f"signed_{office}"] for office in self.offices]

    def disposition(self, swaps: Swaps) -> Disposition:
        """What was read from the paper."""
        typed = self.cleaned_data
        return Disposition(
            code=typed["code"],
            day=typed["day"],
            head=int(typed["head"]),
            verdict=typed["verdict"],
            swaps=swaps if typed["verdict"] == Verdict.SWAPPED else (),
            reason=typed["reason"],
            signed={office: typed[f"signed_{office}"] for office in self.offices},
        )
