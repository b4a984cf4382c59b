"""Pages of the SWOT and of the gaps: the four lists as a picture, the matrix of strategies, the gaps by sub-dimension."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Dimension, Plan
from praja.stages.analysis.gap_pictures import level_bar, level_chart, number
from praja.stages.analysis.gaps import GapBoard, closing_words, gap_board, year_warning
from praja.stages.analysis.models import Gap, SwotStrategy
from praja.stages.analysis.swot import CROSSED, LETTERS, Swot, keywords_of, plural_of, swot_of
from praja.stages.analysis.swot_forms import WHOLE_REGION

TONES = {"strength": "success", "weakness": "attention", "opportunity": "information", "threat": "danger"}


def chosen_dimension(request: SignedInRequest, dimensions: list[Dimension]) -> Dimension | None:
    """The dimension that the address names; None for the whole region, and for any other word."""
    key = request.GET.get("dimensi", "")
    return next((one for one in dimensions if one.key == key), None)


def _scope_tabs(dimensions: list[Dimension], chosen: Dimension | None, counts: dict[int | None, int]) -> list[Any]:
    tabs = [{"title": WHOLE_REGION, "url": "?", "count": counts.get(None, 0), "is_current": chosen is None}]
    return tabs + [
        {"title": one.name, "url": f"?dimensi={one.key}", "count": counts.get(one.pk, 0), "is_current": chosen == one}
        for one in dimensions
    ]


def _counts(rows: list[Any]) -> dict[int | None, int]:
    counts: dict[int | None, int] = {}
    for row in rows:
        counts[row.dimension_id] = counts.get(row.dimension_id, 0) + 1
    return counts


def _boxes(found: Swot, dimension: Dimension | None, *, with_region: bool = False) -> list[dict[str, Any]]:
    """The four lists of a page, each item with its code."""
    return [
        {
            "kind": kind,
            "letter": letter,
            "title": plural_of(kind),
            "tone": TONES[kind],
            "items": [(found.codes[item.pk], item) for item in found.list_of(kind, dimension, with_region=with_region)],
        }
        for kind, letter in LETTERS.items()
    ]


@require_safe
def swot(request: SignedInRequest, slug: str) -> HttpResponse:
    """The four lists as a picture, of the whole region or of one dimension."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    dimensions = list(plan.dimension_set.dimensions.all())
    dimension = chosen_dimension(request, dimensions)
    found = swot_of(plan)
    context = {
        "plan": plan,
        "dimension": dimension,
        "views": _views(plan, dimension, is_matrix=False),
        "tabs": _scope_tabs(dimensions, dimension, _counts(found.items)),
        "boxes": _boxes(found, dimension),
        "is_empty": not found.items,
        "keywords": keywords_of(found.items),
        "may_write": request.user.may(Can.ANALYSIS_WRITE, plan),
    }
    return render(request, "analysis/swot.html", context)


def _views(plan: Plan, dimension: Dimension | None, *, is_matrix: bool) -> list[dict[str, Any]]:
    query = f"?dimensi={dimension.key}" if dimension else ""
    return [
        {"title": _("The four lists"), "url": reverse("swot", args=[plan.slug]) + query, "is_current": not is_matrix},
        {"title": _("Matrix of strategies"), "url": reverse("swot-matrix", args=[plan.slug]) + query,
         "is_current": is_matrix},
    ]  # fmt: skip


@require_safe
def swot_matrix(request: SignedInRequest, slug: str) -> HttpResponse:
    """The lists crossed: ticked items go on to the form of a strategy, and each cell shows what was written."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    dimensions = list(plan.dimension_set.dimensions.all())
    dimension = chosen_dimension(request, dimensions)
    found = swot_of(plan)
    cells = {
        kind: {
            "kind": kind,
            "title": SwotStrategy.Kind(kind).label,
            "crossed": [(LETTERS[one], plural_of(one)) for one in crossed],
            "strategies": [(one, found.rested_on(one)) for one in found.crossing(kind, dimension)],
        }
        for kind, crossed in CROSSED.items()
    }
    context = {
        "plan": plan,
        "dimension": dimension,
        "views": _views(plan, dimension, is_matrix=True),
        "tabs": _scope_tabs(dimensions, dimension, _counts(found.strategies)),
        "boxes": {box["letter"]: box for box in _boxes(found, dimension, with_region=True)},
        "cells": cells,
        "has_items": bool(found.items),
        "may_write": request.user.may(Can.ANALYSIS_WRITE, plan),
    }
    return render(request, "analysis/swot_matrix.html", context)


@require_safe
def gap_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every sub-dimension with its gaps, or that none was written; levels drawn."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    # Asked by the name of the relation: innovations come later in the programme.
    innovations: Any = plan.innovations.filter(withdrawn_at=None)
    board = gap_board(plan, innovations)
    chosen = chosen_dimension(request, [one.dimension for one in board.dimensions])
    priority = request.GET.get("prioritas", "")
    shown = [
        {
            "dimension": one.dimension,
            "subs": [
                {"sub": sub.sub_dimension, "has_any": bool(sub.gaps),
                 "gaps": [_shown(gap, plan, request.user) for gap in sub.gaps if priority in ("", gap.priority)]}
                for sub in one.subs
            ],
        }
        for one in board.dimensions
        if chosen in (None, one.dimension)
    ]  # fmt: skip
    overview = _gap_overview(board, chosen) if not priority else None
    total = sum(one.count for one in board.dimensions)
    tabs = [{"title": _("All dimensions"), "url": "?", "count": total, "is_current": chosen is None}]
    tabs += [
        {"title": one.dimension.name, "url": f"?dimensi={one.dimension.key}", "count": one.count,
         "is_current": chosen == one.dimension}
        for one in board.dimensions
    ]  # fmt: skip
    context = {
        "plan": plan,
        "tabs": tabs,
        "dimensions": shown,
        "figures": _gap_figures(board),
        "overview": overview,
        "has_subs": any(one.subs for one in board.dimensions),
        "is_empty": not total,
        "dimension": chosen,
        "priority": priority if priority in Gap.Priority.values else "",
        "priorities": Gap.Priority.choices,
        "may_write": request.user.may(Can.ANALYSIS_WRITE, plan),
    }
    return render(request, "analysis/gaps.html", context)


def _gap_overview(board: GapBoard, chosen: Dimension | None) -> dict[str, Any] | None:
    """All sub-dimensions in one picture, with the longest way as its title; None while no levels are written."""
    board = GapBoard([one for one in board.dimensions if chosen in (None, one.dimension)])
    measured = [(sub, *sub.levels) for sub in board.subs() if sub.levels]
    if not measured:
        return None
    longest, now, wanted = max(measured, key=lambda one: one[2] - one[1])
    words = {"sub": longest.sub_dimension, "now": number(now), "wanted": number(wanted)}
    title = _("The longest way is that of %(sub)s: from level %(now)s to %(wanted)s") % words
    return {
        "title": title,
        "picture": mark_safe(level_chart(board, title=title)),  # noqa: S308  every text in it was escaped
        "levels": [
            (sub.sub_dimension, number(now), number(wanted), level_bar(round(now), round(wanted)))
            for sub, now, wanted in measured
        ],
    }


def _shown(gap: Gap, plan: Plan, user: Any) -> dict[str, Any]:
    return {
        "row": gap,
        "bar": level_bar(gap.now_level, gap.wanted_level),
        "closed_by": closing_words(gap),
        "warning": year_warning(gap, plan),
        "innovations": [
            (one, user.may(Can.INNOVATION_VIEW, one))
            for one in gap.closing  # type: ignore[attr-defined]  # gap_board puts it there
        ],
    }


def _gap_figures(board: Any) -> list[dict[str, Any]]:
    gaps = list(board.gaps())
    subs = sum(1 for _sub in board.subs())
    of = _("of %(total)d")
    return [
        {"label": _("Gaps"), "value": len(gaps)},
        {"label": _("Sub-dimensions with a gap"), "value": subs - len(board.without), "of": of % {"total": subs}},
        {"label": _("High priority"), "value": sum(gap.priority == Gap.Priority.HIGH for gap in gaps),
         "url": f"?prioritas={Gap.Priority.HIGH}"},
        {"label": _("Closed by an innovation"), "value": sum(bool(gap.closing) for gap in gaps),
         "of": of % {"total": len(gaps)}},
    ]  # fmt: skip
