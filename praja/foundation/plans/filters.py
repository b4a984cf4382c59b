"""The filters of a list of problems or innovations, read from the address and shown as chips."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from praja.foundation.plans.models import Plan, SubDimension, in_language
from praja.foundation.ui.lists import search_text
from praja.foundation.ui.templatetags.ui import piece
from praja.foundation.workflow.models import State

SELECTED = mark_safe(" selected")


@dataclass(frozen=True)
class Choice:
    """One value of a filter: what stands in the address, and its words."""

    value: str
    title: Promise | str


@dataclass(frozen=True)
class Filter:
    """One filter with its choices; `value` is the chosen one, "" for none."""

    name: str
    title: Promise | str
    choices: list[Choice]
    value: str

    @property
    def options(self) -> SafeString:
        """The choices as options of a select."""
        rows = ((one.value, SELECTED if one.value == self.value else "", one.title) for one in self.choices)
        return format_html_join("", '<option value="{}"{}>{}</option>', rows)


class Names:
    """Agencies, dimensions and sub-dimensions of a plan by key: few rows, so that long lists need no joins.

    What repeats on every row (badge, state, the start of the address) is made here once a page.
    """

    def __init__(self, plan: Plan, *, address: str) -> None:
        self.address = reverse(address, args=[0])
        agencies = plan.government.children.agencies().values_list("pk", "abbreviation", "name")
        self.agencies = {pk: abbreviation or name for pk, abbreviation, name in agencies}
        self.dimensions = list(plan.dimension_set.dimensions.all())
        self.badges = {row.pk: piece("dimension_badge", dimension=row.badge) for row in self.dimensions}
        subs = SubDimension.objects.filter(dimension__set=plan.dimension_set_id).values_list("pk", "names")
        self.subs = {pk: in_language(names) for pk, names in subs}
        self.states = {value: piece("status", state=value, label=label) for value, label in State.choices}

    def named(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row of `.values()` with its address, agency, badge, sub-dimension and state as the list shows them."""
        return {
            **row,
            "url": self.address.replace("/0/", f"/{row['pk']}/"),
            "agency": self.agencies.get(row["organisation_id"], ""),
            "badge": self.badges.get(row["dimension_id"], ""),
            "sub_dimension": self.subs.get(row["sub_dimension_id"], ""),
            "status": self.states[row["state"]],
        }


class Filters:
    """Reads `dimensi`, `opd`, `status`, `jenis` and `q` from an address; unknown values filter nothing."""

    def __init__(self, query: QueryDict, names: Names, *, sorts: dict[str, str], with_it: bool = False) -> None:
        self.search = search_text(query)
        self.after = query.get("sesudah", "")
        self._dimensions = {row.key: row.pk for row in names.dimensions}
        self.sort = query.get("urut", "") if query.get("urut", "") in sorts else next(iter(sorts))
        self.order = sorts[self.sort]
        choices = {
            "dimensi": (_("Dimension"), [Choice(row.key, str(row)) for row in names.dimensions]),
            "opd": (_("Agency (OPD)"), [Choice(str(pk), name) for pk, name in names.agencies.items()]),
            "status": (_("State"), [Choice(value, label) for value, label in State.choices]),
        }
        if with_it:
            choices["jenis"] = (_("Kind"), [Choice("it", _("IT")), Choice("non-it", _("Non-IT"))])
        self.filters = [
            Filter(name, title, options, query.get(name, "") if query.get(name) in {o.value for o in options} else "")
            for name, (title, options) in choices.items()
        ]

    def value(self, name: str) -> str:
        """The chosen value of a filter, "" for none."""
        return next((one.value for one in self.filters if one.name == name), "")

    @property
    def is_filtering(self) -> bool:
        """Whether anything is filtered away."""
        return bool(self.search) or any(one.value for one in self.filters)

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that pass."""
        if value := self.value("dimensi"):
            rows = rows.filter(dimension_id=self._dimensions[value])
        if value := self.value("opd"):
            rows = rows.filter(organisation_id=int(value))
        if value := self.value("status"):
            rows = rows.filter(state=value)
        if value := self.value("jenis"):
            rows = rows.filter(is_it=value == "it")
        if self.search:
            rows = rows.filter(Q(title__icontains=self.search))
        return rows
