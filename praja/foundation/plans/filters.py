"""The filters of a list of problems or innovations, read from the address and shown as chips."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from praja.foundation.plans.models import Plan, SubDimension, in_language
from praja.foundation.ui.lists import search_text
from praja.foundation.ui.templatetags.ui import piece
from praja.foundation.workflow.models import ON_THE_WAY, State
from praja.foundation.workflow.standing import short_words
from praja.foundation.workflow.waiting import waiting_for
from praja.foundation.workflow.way import Rights, Turn, states_at

# Whose turn it is, as an address says it; "saya" is whoever reads.
TURNS = {"opd": Turn.AGENCY, "kepala": Turn.HEAD, "dimensi": Turn.DIMENSION, "sekretariat": Turn.SECRETARIAT}
UNDER_WAY = "berjalan"  # handed in and not accepted yet, whoever has it
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
        self.plan = plan
        self.address = reverse(address, args=[0])
        agencies = plan.government.children.agencies().values_list("pk", "abbreviation", "name")
        self.agencies = {pk: abbreviation or name for pk, abbreviation, name in agencies}
        self.dimensions = list(plan.dimension_set.dimensions.all())
        self.badges = {row.pk: piece("dimension_badge", dimension=row.badge) for row in self.dimensions}
        subs = SubDimension.objects.filter(dimension__set=plan.dimension_set_id).values_list("pk", "names")
        self.subs = {pk: in_language(names) for pk, names in subs}
        self.states = {state.value: piece("status", state=state, label=short_words(state, plan)) for state in State}
        waits, returned = _("Waits for you"), _("Returned to you")
        self.mine = {
            state.value: piece("status", state=state, label=returned if state == State.RETURNED else waits)
            for state in State
        }

    def named(
        self, row: dict[str, Any], mine: Collection[int] = (), remarks: Mapping[int, int] | None = None
    ) -> dict[str, Any]:
        """A row of `.values()` with its address, agency, badge, sub-dimension and state as the list shows them.

        `mine`: keys of the rows that wait for whoever reads; `remarks`: how many are open, by key of the row.
        """
        return {
            **row,
            "url": self.address.replace("/0/", f"/{row['pk']}/"),
            "agency": self.agencies.get(row["organisation_id"], ""),
            "badge": self.badges.get(row["dimension_id"], ""),
            "sub_dimension": self.subs.get(row["sub_dimension_id"], ""),
            "status": (self.mine if row["pk"] in mine else self.states)[row["state"]],
            "remarks": remarks.get(row["pk"], 0) if remarks else 0,
        }


class Filters:
    """Reads `dimensi`, `opd`, `status`, `giliran`, `jenis` and `q` of an address; unknown values filter nothing.

    `user` and `rights` say whose turn "mine" is.
    """

    def __init__(
        self,
        query: QueryDict,
        names: Names,
        *,
        sorts: dict[str, str],
        user: Any,
        rights: Rights,
        with_it: bool = False,
    ) -> None:
        self._plan, self._user, self._rights = names.plan, user, rights
        self.search = search_text(query)
        self.after = query.get("sesudah", "")
        self._dimensions = {row.key: row.pk for row in names.dimensions}
        self.sort = query.get("urut", "") if query.get("urut", "") in sorts else next(iter(sorts))
        self.order = sorts[self.sort]
        choices = {
            "dimensi": (_("Dimension"), [Choice(row.key, str(row)) for row in names.dimensions]),
            "opd": (_("Agency (OPD)"), [Choice(str(pk), name) for pk, name in names.agencies.items()]),
            "status": (
                _("State"),
                [Choice(value, label) for value, label in State.choices] + [Choice(UNDER_WAY, _("Under way"))],
            ),
            "giliran": (_("Whose turn"), turn_choices(names.plan)),
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

    def apply(self, rows: Any) -> Any:
        """The rows that pass, of a queryset that knows reach."""
        if value := self.value("dimensi"):
            rows = rows.filter(dimension_id=self._dimensions[value])
        if value := self.value("opd"):
            rows = rows.filter(organisation_id=int(value))
        if value := self.value("status"):
            rows = rows.filter(state__in=ON_THE_WAY) if value == UNDER_WAY else rows.filter(state=value)
        if value := self.value("giliran"):
            rows = (
                waiting_for(rows, self._user, self._plan, self._rights)
                if value == "saya"
                else rows.filter(state__in=states_at(self._plan, TURNS[value]))
            )
        if value := self.value("jenis"):
            rows = rows.filter(is_it=value == "it")
        if self.search:
            rows = rows.filter(Q(title__icontains=self.search))
        return rows


def turn_choices(plan: Plan) -> list[Choice]:
    """Whose turn it can be in this plan: a step that it leaves out has no turn."""
    words = {
        Turn.AGENCY: _("Agency (OPD)"),
        Turn.HEAD: _("Head of agency"),
        Turn.DIMENSION: _("Dimension coordinator"),
        Turn.SECRETARIAT: _("Secretariat"),
    }
    in_use = [Choice(key, words[turn]) for key, turn in TURNS.items() if states_at(plan, turn)]
    return [Choice("saya", _("Waiting for me")), *in_use]
