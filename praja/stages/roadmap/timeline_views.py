"""The roadmap as a page: actions by dimension and programme over the years; and the poster, as SVG and PDF."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.stages.roadmap import figures, poster, timeline
from praja.stages.roadmap.blocks import overview_chart
from praja.stages.roadmap.drawing import Phase

ROWS_ON_A_PAGE = 100
FAR = 5  # years; with more of them a column has no room for milestones


@require_safe
def roadmap(request: SignedInRequest, slug: str) -> HttpResponse:
    """The timeline: zoom to the horizons of the plan, move through its years, filter by dimension and agency."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    names = timeline.names_of(plan)
    dimension, agency = request.GET.get("dimensi", ""), request.GET.get("opd", "")
    actions: Any = timeline.in_order(figures.printed(plan))
    keys = {row.key: pk for pk, row in names.dimensions.items()}
    if dimension in keys:
        actions = actions.filter(row_dimension=keys[dimension])
    if agency.isdecimal() and int(agency[:18]) in names.agencies:
        actions = actions.filter(organisation_id=int(agency[:18]))
    else:
        agency = ""
    after = request.GET.get("sesudah", "")
    every = timeline.bars(actions)
    ordered = [bar.pk for bar in every]
    shown, following = _page(ordered, after)
    found = [bar for bar in every if bar.pk in set(shown)]
    length, years = _zoom(request, plan)
    context = {
        "plan": plan,
        "years": years,
        "zooms": _zooms(request, plan, length),
        "moves": _moves(request, plan, years),
        "groups": _groups(found, names, years),
        "overview": None if after else _overview(every, names, years),
        "count": len(ordered),
        "without_years": sum(bar.first is None for bar in found),
        "after": after,
        "following": following,
        "dimensions": list(names.dimensions.values()),
        "dimension": dimension if dimension in keys else "",
        "agencies": sorted(names.agencies.items(), key=lambda pair: pair[1]),
        "agency": agency,
        "phases": [(phase.value, phase.label, timeline.SHORT[phase]) for phase in Phase],
        "may_write": request.user.may_within(Can.ACTION_WRITE, plan),
        "column_count": len(years) + 1,
        "is_close": len(years) == 1,
        "is_far": len(years) > FAR,
    }
    return render(request, "roadmap/timeline.html", context)


def _overview(every: list[timeline.Bar], names: timeline.Names, years: list[int]) -> dict[str, Any] | None:
    """All dimensions in one picture, with the finding as its title; None where no action runs in these years."""
    running = [(year, sum(bar.runs_in(year) for bar in every)) for year in years]
    busiest, most = max(running, key=lambda pair: pair[1])
    if len(years) == 1 or not most:
        return None
    title = ngettext(
        "Most is under way in %(year)s: %(count)s action", "Most is under way in %(year)s: %(count)s actions", most
    )
    chart = overview_chart([bar for bar in every if any(map(bar.runs_in, years))], names, years)
    return {
        "title": title % {"year": busiest, "count": most},
        "unit": chart.unit,
        "source": chart.source,
        "picture": mark_safe(chart.svg),  # noqa: S308  every text in it was escaped
        "running": running,
    }


def _page(ordered: list[int], after: str) -> tuple[list[int], str]:
    """The keys of this page, those behind `after`; and the key that the next page follows, "" at the end."""
    last = int(after) if after.isdecimal() and len(after) < 19 else 0
    start = ordered.index(last) + 1 if last in ordered else 0
    shown = ordered[start : start + ROWS_ON_A_PAGE]
    return shown, str(shown[-1]) if start + ROWS_ON_A_PAGE < len(ordered) else ""


def _zoom(request: SignedInRequest, plan: Plan) -> tuple[int, list[int]]:
    """How many years are asked for (0: all), and the years shown."""
    asked, start = request.GET.get("rentang", ""), request.GET.get("dari", "")
    length = int(asked) if asked in {str(horizon) for horizon in plan.horizons} else 0
    begin = int(start) if start.isdecimal() and len(start) == 4 else None
    if length == 1 and begin is None:
        begin = plan.today.year
    return length, timeline.window(plan, length or None, begin)


def _address(request: SignedInRequest, **values: object) -> str:
    query = request.GET.copy()
    for name, value in values.items():
        query.pop(name, None)
        if value:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _zooms(request: SignedInRequest, plan: Plan, length: int) -> list[dict[str, Any]]:
    """The horizons of the plan as tabs, and all its years."""
    whole = len(timeline.all_years(plan))
    tabs = [
        {
            "title": _("1 year") if horizon == 1 else _("%(count)d years") % {"count": horizon},
            "url": _address(request, rentang=horizon, dari=""),
            "is_current": length == horizon,
        }
        for horizon in sorted(plan.horizons)
        if horizon < whole
    ]
    whole_plan = {"title": _("Whole plan"), "url": _address(request, rentang="", dari="")}
    is_whole = length == 0 or length >= whole
    return [*tabs, {**whole_plan, "is_current": is_whole}]


def _moves(request: SignedInRequest, plan: Plan, years: list[int]) -> list[tuple[str, str]]:
    """(words, address) of the years before and after those that are shown."""
    every = timeline.all_years(plan)
    moves = []
    if years[0] > every[0]:
        moves.append((_("Earlier years"), _address(request, dari=max(every[0], years[0] - len(years)))))
    if years[-1] < every[-1]:
        moves.append((_("Later years"), _address(request, dari=years[-1] + 1)))
    return moves


def _groups(found: list[timeline.Bar], names: timeline.Names, years: list[int]) -> list[dict[str, Any]]:
    """The rows below dimension and programme, with a cell for each year."""
    groups: list[dict[str, Any]] = []
    for bar in found:
        key = (bar.dimension, bar.programme)
        if not groups or groups[-1]["key"] != key:
            dimension = names.dimensions.get(bar.dimension or 0)
            groups.append(
                {
                    "key": key,
                    "dimension": dimension,
                    "is_new_dimension": not groups or groups[-1]["key"][0] != bar.dimension,
                    "programme": names.programmes.get(bar.programme or 0, ""),
                    "rows": [],
                }
            )
        groups[-1]["rows"].append(
            {
                "bar": bar,
                "url": reverse("action-detail", args=[bar.pk]),
                "agency": names.agencies.get(bar.organisation or 0, ""),
                "cells": [(year, bar.steps.get(year, []), bar.runs_in(year)) for year in years],
            }
        )
    return groups


# --- the poster -------------------------------------------------------------------------------------------------------


@require_safe
def poster_svg(request: SignedInRequest, slug: str) -> HttpResponse:
    """The roadmap on one sheet of A3, as SVG to be downloaded."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    return _download(poster.of_plan(plan).encode(), "image/svg+xml", f"peta-jalan-{plan.slug}.svg")


@require_safe
def poster_pdf(request: SignedInRequest, slug: str) -> HttpResponse:
    """The roadmap on one sheet of A3, as PDF to be downloaded."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    content = poster.pdf_in_child(poster.of_plan(plan), title=poster.title_of(plan), day=plan.today)
    return _download(content, "application/pdf", f"peta-jalan-{plan.slug}.pdf")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    """A picture that no browser opens by itself: names in it were typed by people."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
