"""The columns of a workbook that every row of a plan has: agency, dimension, sub-dimension, affair."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.models import Affair, Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.models import Dimension, Plan, SubDimension
from praja.foundation.sheets.entries import DependentRowColumn, EntryColumn, RowColumn, Rows, RowsColumn, column_of


class PlanRows:
    """The agencies, dimensions and affairs that the workbooks of a plan speak of, loaded once."""

    def __init__(self, plan: Plan, by: Any) -> None:
        self.plan, self.by = plan, by
        agencies = Organisation.objects.agencies().filter(parent=plan.government).order_by("name")
        self.agencies = Rows(agencies, lambda row: (row.abbreviation,))
        self.dimensions = Rows(plan.dimension_set.dimensions.all(), _words)
        subs = SubDimension.objects.filter(dimension__set=plan.dimension_set).select_related("dimension")
        self.sub_dimensions = Rows(subs, _words)
        self.affairs = Rows(Affair.objects.all(), lambda row: (row.code, row.name))

    def writable(self, permission: Can) -> frozenset[int]:
        """The keys of the agencies for which this person may write."""
        return frozenset(pk for pk, row in self.agencies.rows.items() if self.by.may(permission, row))

    def column(
        self, key: str, field: Any, *, write: Can, columns: Mapping[str, EntryColumn], **options: Any
    ) -> EntryColumn:
        """The column of a field; `columns` are those before it."""
        if key == "organisation":
            refused = _("You do not write for %(name)s. Choose an agency of yours.")
            allowed = self.writable(write)
            return RowColumn(key, field, self.agencies, allowed=allowed, refused=str(refused), **options)
        if key == "dimension":
            return RowColumn(key, field, self.dimensions, **options)
        if key == "sub_dimension":
            on = columns["dimension"]
            assert isinstance(on, RowColumn)
            return DependentRowColumn(key, field, self.sub_dimensions, on=on, **options)
        if key == "affair":
            return RowColumn(key, field, self.affairs, **options)
        if key in ("others", "supporting"):
            return RowsColumn(key, field, self.agencies, **options)
        return column_of(key, field, **options)


def _words(row: Dimension | SubDimension) -> list[str]:
    return [row.key, *row.names.values(), *row.aliases]
