"""The four lists of the SWOT with their short codes, the strategies that cross them, and the keywords they hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from praja.foundation.plans.models import Dimension, Plan
from praja.stages.analysis.models import SwotItem, SwotStrategy

Kind = SwotItem.Kind
LETTERS: dict[str, str] = {Kind.STRENGTH: "S", Kind.WEAKNESS: "W", Kind.OPPORTUNITY: "O", Kind.THREAT: "T"}
ORDER = {kind: place for place, kind in enumerate(LETTERS)}
# Which two of the four a strategy crosses.
CROSSED: dict[str, tuple[str, str]] = {
    SwotStrategy.Kind.SO: (Kind.STRENGTH, Kind.OPPORTUNITY),
    SwotStrategy.Kind.WO: (Kind.WEAKNESS, Kind.OPPORTUNITY),
    SwotStrategy.Kind.ST: (Kind.STRENGTH, Kind.THREAT),
    SwotStrategy.Kind.WT: (Kind.WEAKNESS, Kind.THREAT),
}


def plural_of(kind: str) -> str:
    """The title of one of the four lists."""
    return {
        Kind.STRENGTH: _("Strengths"),
        Kind.WEAKNESS: _("Weaknesses"),
        Kind.OPPORTUNITY: _("Opportunities"),
        Kind.THREAT: _("Threats"),
    }[Kind(kind)]


def in_reading_order(items: Iterable[SwotItem]) -> list[SwotItem]:
    """Items by kind, those of the whole region before those of the dimensions, then as people ordered them."""
    return sorted(
        items,
        key=lambda item: (ORDER[item.kind], item.dimension.order if item.dimension else -1, item.order, item.pk),
    )


def codes_of(items: Iterable[SwotItem]) -> dict[int, str]:
    """{key: "S1"}: numbered over the whole plan, so that a code means one item; withdrawn items have none."""
    counts = dict.fromkeys(LETTERS, 0)
    codes = {}
    for item in in_reading_order(items):
        if item.withdrawn_at is None:
            counts[item.kind] += 1
            codes[item.pk] = f"{LETTERS[item.kind]}{counts[item.kind]}"
    return codes


def kind_for(items: Iterable[SwotItem]) -> str:
    """The kind of strategy that crosses just these items; "" when there is none."""
    kinds = {item.kind for item in items}
    return next((kind for kind, crossed in CROSSED.items() if kinds == set(crossed)), "")


class Rested(NamedTuple):
    """An item on which a strategy rests, with its code ("" once it was withdrawn)."""

    code: str
    item: SwotItem

    @property
    def is_withdrawn(self) -> bool:
        """Whether the item was taken out since."""
        return self.item.withdrawn_at is not None


@dataclass(frozen=True)
class Swot:
    """Everything of the SWOT of a plan that is in service, in reading order."""

    items: list[SwotItem]
    strategies: list[SwotStrategy]
    codes: dict[int, str] = field(repr=False)

    def list_of(self, kind: str, dimension: Dimension | None, *, with_region: bool = False) -> list[SwotItem]:
        """One of the four lists of a dimension (None: of the whole region); `with_region` puts the region's before it."""
        wanted = {dimension.pk if dimension else None} | ({None} if with_region else set())
        return [item for item in self.items if item.kind == kind and item.dimension_id in wanted]

    def crossing(self, kind: str, dimension: Dimension | None) -> list[SwotStrategy]:
        """The strategies of one kind of a dimension (None: of the whole region)."""
        pk = dimension.pk if dimension else None
        return [one for one in self.strategies if one.kind == kind and one.dimension_id == pk]

    def rested_on(self, strategy: SwotStrategy) -> list[Rested]:
        """The items of a strategy with their codes, withdrawn ones last."""
        items = in_reading_order(strategy.items.all())
        rested = [Rested(self.codes.get(item.pk, ""), item) for item in items]
        return sorted(rested, key=lambda one: one.is_withdrawn)

    def scopes(self) -> list[Dimension | None]:
        """The region, then each dimension, of which anything was written."""
        rows: list[SwotItem | SwotStrategy] = [*self.items, *self.strategies]
        found = {row.dimension_id: row.dimension for row in rows}
        return sorted(found.values(), key=lambda one: one.order if one else -1)


def swot_of(plan: Plan) -> Swot:
    """The SWOT of a plan, in three queries."""
    items = in_reading_order(plan.swot_items.in_service().select_related("dimension"))
    rested = Prefetch("items", SwotItem.objects.select_related("dimension"))
    strategies = plan.swot_strategies.in_service().select_related("dimension").prefetch_related(rested)
    return Swot(items, list(strategies), codes_of(items))


class Keyword(NamedTuple):
    """A keyword for the vision: its usual spelling, how often it was given, and the letters of the lists it comes from."""

    word: str
    times: int
    letters: str


def folded(word: str) -> str:
    """A keyword for comparing: case and spaces do not matter."""
    return " ".join(word.casefold().split())


def keywords_of(items: Iterable[SwotItem]) -> list[Keyword]:
    """The keywords, the most frequent first; spellings that differ only in case count as one."""
    spellings: dict[str, list[str]] = {}
    letters: dict[str, set[str]] = {}
    for item in items:
        if key := folded(item.keyword):
            spellings.setdefault(key, []).append(" ".join(item.keyword.split()))
            letters.setdefault(key, set()).add(LETTERS[item.kind])
    found = [
        Keyword(max(said, key=said.count), len(said), "".join(one for one in "SWOT" if one in letters[key]))
        for key, said in spellings.items()
    ]
    return sorted(found, key=lambda one: (-one.times, folded(one.word)))
