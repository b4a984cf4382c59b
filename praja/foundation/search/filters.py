"""The filters of a search, read from the address: kind, region, agency, dimension, state, IT or non-IT."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.filters import Choice, Filter
from praja.foundation.plans.models import Dimension, Plan
from praja.foundation.search.finding import kinds_for
from praja.foundation.search.scope import dimension_word, it_word, path_word, state_word
from praja.foundation.workflow.models import State

MOST_IN_A_LIST = 60  # regions: where there are more, the name is typed
NAMES = ("apa", "daerah", "opd", "dimensi", "status", "jenis")


class SearchFilters:
    """What is chosen, as `kind` and `scope` for finding.find(), and the choices for the page.

    `region`: the plan that is searched alone, None for all; `types_region`: whether there are too many for a list;
    `unknown_region`: a typed name that means none of them.
    """

    def __init__(self, query: QueryDict, user: Any) -> None:
        self.kinds = kinds_for(user)
        self._find_region(query.get("daerah", "").strip().replace("\0", "")[:100], user)
        self.dimensions = self._dimensions()
        choices = {
            "apa": (_("What"), [Choice(kind.key, kind.label) for kind in self.kinds]),
            "daerah": (_("Region"), [Choice(plan.slug, plan.government.name) for plan in self._plans]),
            "opd": (_("Agency (OPD)"), self._agencies()),
            "dimensi": (_("Dimension"), [Choice(row.key, row.name) for row in self.dimensions.values()]),
            "status": (_("State"), [Choice(value, label) for value, label in State.choices]),
            "jenis": (_("Kind"), [Choice("it", _("IT")), Choice("non-it", _("Non-IT"))]),
        }
        given = {name: query.get(name, "") for name in NAMES} | {"daerah": self.region.slug if self.region else ""}
        self.filters = [
            Filter(name, title, options, given[name] if given[name] in {one.value for one in options} else "")
            for name, (title, options) in choices.items()
            if len(options) > 1
        ]
        self._values = {one.name: one.value for one in self.filters}
        if self.types_region and self.region:
            self._values["daerah"] = self.region.slug

    @property
    def kind(self) -> str:
        """The key of the kind that is chosen, "" for all."""
        return self._values.get("apa", "")

    @property
    def scope(self) -> list[str]:
        """The words of the scope that must stand in a row."""
        words = []
        if self._values.get("daerah") and self.region:
            words.append(path_word(self.region.organisation_path))
        if value := self._values.get("opd"):
            words.append(f"p{value}")
        if value := self._values.get("dimensi"):
            words.append(dimension_word(value))
        if value := self._values.get("status"):
            words.append(state_word(value))
        if value := self._values.get("jenis"):
            words.append(it_word(is_it=value == "it"))
        return words

    @property
    def has_regions(self) -> bool:
        """Whether rows of more than one region can be found."""
        return self.types_region or len(self._plans) > 1

    @property
    def is_filtering(self) -> bool:
        """Whether anything is filtered away."""
        return any(self._values.values())

    def _find_region(self, typed: str, user: Any) -> None:
        plans = Plan.objects.within_reach(user, Can.PLAN_VIEW).filter(withdrawn_at=None).select_related("government")
        first = list(plans[: MOST_IN_A_LIST + 1])
        self.types_region = len(first) > MOST_IN_A_LIST
        self._plans = [] if self.types_region else first
        if self.types_region and typed:
            meant = list(plans.filter(slug=typed)) or list(plans.filter(government__name__icontains=typed)[:2])
            exact = [plan for plan in meant if plan.government.name.casefold() == typed.casefold()]
            meant = exact or meant
            self.region = meant[0] if len(meant) == 1 else None
        else:
            self.region = next((plan for plan in self._plans if plan.slug == typed), None)
        self.unknown_region = typed if typed and self.region is None else ""
        self._only_plan = self.region or (first[0] if len(first) == 1 else None)

    def _dimensions(self) -> dict[str, Dimension]:
        """Those of the region that is chosen, else the usual ones, by key."""
        sets = {"set": self._only_plan.dimension_set_id} if self._only_plan else {"set__is_default": True}
        return {row.key: row for row in Dimension.objects.filter(**sets)}

    def _agencies(self) -> list[Choice]:
        if self._only_plan is None:
            return []
        agencies = self._only_plan.government.children.agencies().values_list("pk", "abbreviation", "name")
        return [Choice(str(pk), abbreviation or name) for pk, abbreviation, name in agencies]
