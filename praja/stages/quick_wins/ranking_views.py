"""The ranking of a round: weighted sum and TOPSIS side by side, under the weights of the round or those tried with sliders."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.choosing.weights import NoWeights
from praja.foundation.ui.charts import Bar, bars
from praja.foundation.ui.formats import decimal, percent
from praja.foundation.ui.palette import SERIES_COLOURS
from praja.stages.quick_wins import scoring, weighing
from praja.stages.quick_wins.models import Round
from praja.stages.quick_wins.score_views import crumbs_to, load_round, tabs_of
from praja.stages.quick_wins.standing import in_percent, lacking_of, leaders_that_differ, lines_of, weights_asked
from praja.stages.quick_wins.values import Values, accepted_because, values_of

DRAWN = 20  # bars of the picture, unless all are asked for


def _standing(request: SignedInRequest, round_: Round) -> dict[str, Any]:
    """What the ranking shows under the weights of the address, else of the round."""
    values, is_tried, all_zero = values_of(round_), False, False
    own = dict(values.weights)
    try:
        asked = weights_asked(request.GET, values.criteria)
    except NoWeights:
        asked, all_zero = {}, True
    if asked is not None:
        values, is_tried = Values(values.criteria, asked, values.scores), asked != own
    nominees = list(
        round_.nominations.in_service()
        .select_related("innovation__organisation", "innovation__dimension")
        .only("round_id", "innovation__title", "innovation__organisation__name", "innovation__dimension__names")
        .order_by("pk")
    )
    dimensions = list(round_.plan.dimension_set.dimensions.all())
    lines = lines_of(values, nominees) if values.weights else []
    chosen = next((one for one in dimensions if one.key == request.GET.get("dimensi")), None)
    shown = [one for one in lines if chosen is None or one.nominee.innovation.dimension_id == chosen.pk]
    drawn = shown if "semua" in request.GET else shown[:DRAWN]
    hidden = round_.scoring == Round.Scoring.BLIND and not scoring.is_revealed(round_)
    return {
        "round": round_,
        "values": values,
        "weights": [
            {
                "criterion": one,
                "share": percent(values.weights.get(one.key, 0), 1, 1) if values.weights else "–",
                "slider": f"{(values.weights.get(one.key) or Decimal(0)) * 100:f}",
            }
            for one in values.criteria
        ],
        "is_tried": is_tried,
        "use_url": _use_url(request, round_, values) if is_tried else "",
        "all_zero": all_zero,
        "no_weights": not values.weights,
        "by_pairs": round_.weighing == Round.Weighing.PAIRS,
        "accepted": accepted_because(round_) if round_.weighing == Round.Weighing.PAIRS and not is_tried else "",
        "is_hidden": hidden,
        "lines": shown,
        "all": len(lines),
        "lacking": lacking_of(values, nominees) if values.weights and not hidden else [],
        "has_nominees": bool(nominees),
        "dimensions": dimensions,
        "chosen": chosen,
        "agreeing": sum(1 for line in lines if not line.apart),
        "furthest": max(lines, key=lambda line: abs(line.apart), default=None),
        "leaders": leaders_that_differ(lines, dimensions),
        "picture": _picture(values, drawn),
        "is_split": len(values.criteria) <= len(SERIES_COLOURS),
        "drawn": drawn,
        "is_cut": len(drawn) < len(shown),
    }


def _use_url(request: SignedInRequest, round_: Round, values: Values) -> str:
    """Where the tried weights become those of the round; "" for whom or when that cannot be."""
    runs = request.user.may(Can.QUICK_WIN_RUN, round_)
    if not runs or not values.weights or round_.weighing != Round.Weighing.DIRECT or weighing.late(round_):
        return ""
    asked = {f"w-{key}": f"{percent:f}" for key, percent in in_percent(values.weights).items()}
    return f"{reverse('weights', args=[round_.pk])}?{urlencode(asked)}"


def _picture(values: Values, lines: list[Any]) -> str:
    """The sums as bars: stacked by criterion, unless there are more of those than colours that all eyes tell apart."""
    names = [one.name for one in values.criteria]
    is_split = len(names) <= len(SERIES_COLOURS)
    drawn = bars(
        [Bar(f"{line.place}. {line.nominee.innovation}", line.parts if is_split else [line.total]) for line in lines],
        title=_("What each criterion contributes to the weighted sum")
        if is_split
        else _("The weighted sum of each nominee"),
        series=names if is_split else (),
        write=lambda value: decimal(value, 2),
    )
    return mark_safe(drawn)  # noqa: S308 — every text in it was escaped by charts.py


@require_safe
def ranking(request: SignedInRequest, pk: int) -> HttpResponse:
    """The ranking with its sliders; without script a button sends them."""
    round_ = load_round(request, pk, Can.QUICK_WIN_VIEW)
    context = {
        **_standing(request, round_),
        "tabs": tabs_of(round_, "ranking"),
        "crumbs": crumbs_to(round_),
        "own_url": reverse("ranking", args=[pk]),
    }
    return render(request, "quick_wins/ranking.html", context)


@require_safe
def ranking_table(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the page that follows the sliders."""
    round_ = load_round(request, pk, Can.QUICK_WIN_VIEW)
    return render(request, "quick_wins/_ranking.html", {**_standing(request, round_), "is_fragment": True})
