"""The gaps of a plan by dimension and sub-dimension, with their levels and the innovations that close them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from praja.foundation.plans.models import Dimension, Plan, SubDimension
from praja.stages.analysis.models import Gap


@dataclass(frozen=True)
class SubGaps:
    """A sub-dimension with its gaps; without any it still stands in its place."""

    sub_dimension: SubDimension
    gaps: list[Gap]

    @property
    def levels(self) -> tuple[Fraction, Fraction] | None:
        """The mean levels now and wanted of the gaps that have both; None where none has."""
        both = [
            (gap.now_level, gap.wanted_level)
            for gap in self.gaps
            if gap.now_level is not None and gap.wanted_level is not None
        ]
        if not both:
            return None
        return Fraction(sum(now for now, _w in both), len(both)), Fraction(sum(w for _n, w in both), len(both))


@dataclass(frozen=True)
class DimensionGaps:
    """A dimension with its sub-dimensions in order."""

    dimension: Dimension
    subs: list[SubGaps]

    @property
    def count(self) -> int:
        """How many gaps were written."""
        return sum(len(one.gaps) for one in self.subs)


@dataclass(frozen=True)
class GapBoard:
    """All gaps of a plan in the order of its dimensions."""

    dimensions: list[DimensionGaps]

    def subs(self) -> Iterator[SubGaps]:
        """Every sub-dimension in order."""
        return (sub for one in self.dimensions for sub in one.subs)

    def gaps(self) -> Iterator[Gap]:
        """Every gap in order."""
        return (gap for sub in self.subs() for gap in sub.gaps)

    @property
    def without(self) -> list[SubDimension]:
        """The sub-dimensions for which no gap was written."""
        return [sub.sub_dimension for sub in self.subs() if not sub.gaps]


def gap_board(plan: Plan, innovations: QuerySet[Any]) -> GapBoard:
    """The gaps of a plan with those of `innovations` that close each (as `closing`), in four queries."""
    closing = Prefetch("innovations", innovations.only("plan", "title", "organisation_path"), to_attr="closing")
    found: dict[int, list[Gap]] = {}
    for gap in plan.gaps.in_service().prefetch_related(closing):
        found.setdefault(gap.sub_dimension_id, []).append(gap)
    dimensions = plan.dimension_set.dimensions.prefetch_related("sub_dimensions")
    return GapBoard(
        [
            DimensionGaps(one, [SubGaps(sub, found.get(sub.pk, [])) for sub in one.sub_dimensions.all()])
            for one in dimensions
        ]
    )


def gap_name(gap: Gap) -> str:
    """A gap in a list of many: its sub-dimension and what is looked at."""
    return f"{gap.sub_dimension}: {' '.join(gap.element.split())}"


def closing_words(gap: Gap) -> list[str]:
    """What closes a gap, in words and in the order of the form."""
    return [str(word) for key, word in Gap.CLOSED_BY if key in gap.closed_by]


def year_warning(gap: Gap, plan: Plan) -> str:
    """That the year lies outside the years of the plan, as a sentence; "" when it does not."""
    years = plan.years
    if not gap.wanted_year or not years or gap.wanted_year in years:
        return ""
    return _("The year %(year)d lies outside the years of the plan (%(first)d–%(last)d). Check it.") % {
        "year": gap.wanted_year,
        "first": years[0],
        "last": years[-1],
    }


def level_words(gap: Gap) -> str:
    """Both levels as "1 → 3"; an unknown one as a dash."""
    now, wanted = ("–" if level is None else str(level) for level in (gap.now_level, gap.wanted_level))
    return f"{now} → {wanted}"
