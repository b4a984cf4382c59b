"""The filters of the list of actions, read from the address and shown as a form."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from praja.foundation.plans.filters import Choice, Filter
from praja.foundation.plans.models import Plan, SubDimension, in_language
from praja.foundation.ui.lists import search_text
from praja.foundation.ui.templatetags.ui import piece
from praja.stages.roadmap import warnings
from praja.stages.roadmap.models import Action

SORTS = {"kode": "order", "nama": "title", "terbaru": "-pk"}
ANY = "semua"  # any warning, whatever it is about
WITHOUT = "tanpa"  # no agency yet


class PlanNames:
    """Agencies, dimensions and sub-dimensions of a plan by key, in three queries, so that long lists need no joins."""

    def __init__(self, plan: Plan) -> None:
        agencies = plan.government.children.agencies().values_list("pk", "abbreviation", "name")
        self.agencies = {pk: abbreviation or name for pk, abbreviation, name in agencies}
        self.dimensions = list(plan.dimension_set.dimensions.all())
        badges = {row.pk: piece("dimension_badge", dimension=row.badge) for row in self.dimensions}
        subs = SubDimension.objects.filter(dimension__set=plan.dimension_set_id)
        rows = list(subs.values_list("pk", "dimension_id", "names"))
        self.subs = {pk: in_language(names) for pk, _dimension, names in rows}
        self.badges = {pk: badges[dimension] for pk, dimension, _names in rows}


class ActionFilters:
    """Reads `dimensi`, `opd`, `rumpun`, `tahun`, `peringatan`, `urut` and `q`; unknown values filter nothing."""

    def __init__(self, query: QueryDict, plan: Plan, names: PlanNames) -> None:
        self._plan = plan
        self.search = search_text(query)
        self.after = query.get("sesudah", "")
        self.sort = query.get("urut", "") if query.get("urut", "") in SORTS else next(iter(SORTS))
        self.order = SORTS[self.sort]
        self._dimensions = {row.key: row.pk for row in names.dimensions}
        choices = {
            "dimensi": (_("Dimension"), [Choice(row.key, str(row)) for row in names.dimensions]),
            "opd": (
                _("Agency (OPD)"),
                [*(Choice(str(pk), name) for pk, name in names.agencies.items()), Choice(WITHOUT, _("No agency yet"))],
            ),
            "rumpun": (_("Family"), [Choice(value, label) for value, label in Action.Family.choices]),
            "tahun": (_("Year"), [Choice(str(year), str(year)) for year in plan.years]),
            "peringatan": (
                _("Warning"),
                [Choice(ANY, _("Any warning")), *(Choice(value, label) for value, label in warnings.Kind.choices)],
            ),
        }
        self.filters = [
            Filter(name, title, options, query.get(name, "") if query.get(name) in {o.value for o in options} else "")
            for name, (title, options) in choices.items()
        ]
        self.sorts = [("kode", _("By code")), ("nama", _("By name")), ("terbaru", _("Newest first"))]

    def value(self, name: str) -> str:
        """The chosen value of a filter, "" for none."""
        return next((one.value for one in self.filters if one.name == name), "")

    @property
    def is_filtering(self) -> bool:
        """Whether anything is filtered away."""
        return bool(self.search) or any(one.value for one in self.filters)

    def apply(self, rows: QuerySet[Action]) -> QuerySet[Action]:
        """The rows that pass."""
        if value := self.value("dimensi"):
            rows = rows.filter(sub_dimension__dimension=self._dimensions[value])
        if value := self.value("opd"):
            rows = rows.filter(organisation=None) if value == WITHOUT else rows.filter(organisation=int(value))
        if value := self.value("rumpun"):
            rows = rows.filter(family=value)
        if value := self.value("tahun"):
            year = int(value)
            runs_on = Q(end_year__gte=year) | Q(end_year=None, start_year=year)
            rows = rows.filter(runs_on, start_year__lte=year)
        if value := self.value("peringatan"):
            rows = rows.filter(pk__in=self._warned(value))
        if self.search:
            rows = rows.filter(Q(title__icontains=self.search) | Q(code__icontains=self.search))
        return rows

    def _warned(self, value: str) -> Iterable[int]:
        found = warnings.warnings_of(warnings.load(self._plan))
        return {pk for one in found if value in (ANY, one.kind) for pk in one.actions}


def named(row: dict[str, Any], names: PlanNames, address: str, rupiah: int) -> dict[str, Any]:
    """A row of `.values()` with what the list shows; `address`: of a row, with 0 for its key."""
    return {
        **row,
        "url": address.replace("/0/", f"/{row['pk']}/"),
        "agency": names.agencies.get(row["organisation_id"], ""),
        "badge": names.badges.get(row["sub_dimension_id"], ""),
        "sub_dimension": names.subs.get(row["sub_dimension_id"], ""),
        "family": Action.Family(row["family"]).label if row["family"] in Action.Family.values else "",
        "rupiah": rupiah,
    }
