"""What several pages of the action plan ask: a year of the plan, an official code, lines told by what they say."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.drafts.entry import ChildRows
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.fields import YearField
from praja.stages.roadmap import codes

YEARS_WITHOUT_A_PERIOD = 5


def years_of(plan: Plan) -> list[int]:
    """The years of the plan; five from now on when it has no period yet."""
    first = plan.today.year
    return list(plan.years) or list(range(first, first + YEARS_WITHOUT_A_PERIOD))


class PlanYearField(YearField):
    """A year of the plan; `years` are set by whoever knows the plan, and none of them means any year."""

    years: range = range(0)

    def to_python(self, value: Any) -> Any:
        """The year; raises ValidationError when the plan does not reach it."""
        year = super().to_python(value)
        if year is not None and self.years and year not in self.years:
            raise ValidationError(
                _("The plan runs from %(first)d to %(last)d. Write a year within it.")
                % {"first": self.years[0], "last": self.years[-1]},
                code="outside",
            )
        return year


class BudgetCodeField(forms.CharField):
    """An official code, kept as it is officially written."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": codes.LONGEST, **options})

    def to_python(self, value: Any) -> str:
        """The code as it is written officially; raises ValidationError with what to mend."""
        text = super().to_python(value) or ""
        if not text:
            return ""
        code = codes.parse(text)
        if isinstance(code, str):
            raise ValidationError(code, code="invalid")
        return code.text


class RowsByValue(ChildRows):
    """Lines of which no two say the same in the field `told_by`: they are stored by that, not by their place."""

    told_by: ClassVar[str]

    def save(self, *, by: Any) -> None:
        """Store new and changed lines and withdraw those that were taken away, these first."""
        wanted = {line[self.told_by]: self.columns(line) for line in self.kept()}
        stored = {getattr(child, self.told_by): child for child in self.stored}
        now = timezone.now()
        for value, child in stored.items():
            if value not in wanted:
                update_if_unchanged(child, {"withdrawn_at": now, "withdrawn_by": by}, by=by, version=child.version)
        for value, columns in wanted.items():
            child = stored.get(value)
            if child is None:
                self.model(**{self.parent: self.row}, created_by=by, updated_by=by, **columns).save()
            elif any(getattr(child, name) != said for name, said in columns.items()):
                update_if_unchanged(child, columns, by=by, version=child.version)
