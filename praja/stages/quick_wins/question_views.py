"""Pages that question the choice: other weights and rules without storing them, and what a swap costs."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.choosing import process
from praja.foundation.choosing.process import NotSolved
from praja.foundation.choosing.sets import Best, Question
from praja.foundation.choosing.weights import weights_that_favour
from praja.foundation.ui.formats import decimal
from praja.stages.quick_wins import asking, searches, showing
from praja.stages.quick_wins.asking import Tried, slider_lines
from praja.stages.quick_wins.choice import Asked, asked_of, with_swap
from praja.stages.quick_wins.rule_views import choice_crumbs, choice_tabs, load_choice
from praja.stages.quick_wins.set_views import page_of
from praja.stages.quick_wins.sheet import best_of
from praja.stages.quick_wins.standing import lines_of
from praja.stages.quick_wins.values import Values

SECONDS = 5.0
SHOWN = 12  # lines of the ranking

# --- other weights and rules ----------------------------------------------------------------------------------------------


def _ranked(told: Tried) -> dict[str, Any]:
    """The first nominees under the tried weights, each with its place under those of the round."""
    own = {
        line.nominee.pk: line.place for line in lines_of(told.own.values, [one.nomination for one in told.own.nominees])
    }
    values = told.asked.values
    lines = lines_of(values, [one.nomination for one in told.asked.nominees]) if values.weights else []
    shown = [{"line": line, "before": own.get(line.nominee.pk)} for line in lines[:SHOWN]]
    return {"tried": told, "lines": shown, "all": len(lines), "no_weights": told.no_weights or not values.weights}


@require_safe
@never_cache
def set_question(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sliders of weights and limits of rules; the ranking at once, the set when it is proven."""
    round_ = load_choice(request, pk)
    told = asking.tried(round_, request.GET)
    context = {
        "round": round_,
        "weights": slider_lines(told.asked.values),
        "tabs": choice_tabs(round_, "set-question"),
        "crumbs": choice_crumbs(round_),
        "has_values": bool(told.own.question.values),
        "answer": _answer(told) if request.GET.get("cari") else None,
        **_ranked(told),
    }
    return render(request, "quick_wins/question.html", context)


@require_safe
@never_cache
def set_question_ranking(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the page that follows the sliders at once; it asks for the set by itself."""
    round_ = load_choice(request, pk)
    told = asking.tried(round_, request.GET)
    weights = slider_lines(told.asked.values)
    context = {"round": round_, "query": request.GET.urlencode(), "is_fragment": True, "weights": weights}
    context |= _ranked(told)
    return render(request, "quick_wins/_question_ranking.html", context)


@require_safe
@never_cache
def set_question_set(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the page that shows the set, when it is proven."""
    round_ = load_choice(request, pk)
    told = asking.tried(round_, request.GET)
    return render(request, "quick_wins/_question_set.html", {"round": round_, "answer": _answer(told), "tried": told})


def _answer(told: Tried) -> dict[str, Any]:
    """The best set under the tried weights and rules, beside that of the round."""
    asked = told.asked
    if not asked.question.values:
        return {"is_empty": True}
    try:
        (found,) = process.ask(asked.question, [{"is": "best"}], SECONDS)
        if found is None:
            (rules,) = process.ask(asked.question, [{"is": "contradiction"}], SECONDS)
            return {"contradiction": showing.words_of(asked, rules if isinstance(rules, list) else [])}
        if found == "late":
            return {"is_unanswered": True}
    except NotSolved:
        return {"is_unanswered": True}
    best = Best.of_json(found)
    row = searches.last_answer(asked.round, searches.SET)
    before = best_of(row.content) if row and row.fingerprint == told.own.fingerprint else None
    answer = {
        "cards": showing.cards(asked, best.chosen),
        "value": showing.points(best.value),
        "is_proven": best.is_proven,
        "gap": showing.share(best.bound - best.value, best.value),
    }
    if before is not None:
        answer |= {
            "before": before,
            "is_same": before.chosen == best.chosen,
            "leaves": showing.names_of(asked, before.chosen - best.chosen),
            "comes": showing.names_of(asked, best.chosen - before.chosen),
        }
    return answer


# --- a swap ---------------------------------------------------------------------------------------------------------------


@require_safe
@never_cache
def set_swap(request: SignedInRequest, pk: int) -> HttpResponse:
    """What it costs to put one nominee into the set for another: value, money, rules, and which weights would make it right."""
    round_ = load_choice(request, pk)
    asked = asked_of(round_)
    context = page_of(request, round_, asked, "set-swap")
    best = context["best"] if context["is_current"] else None
    out, into = request.GET.get("keluar", ""), request.GET.get("masuk", "")
    context |= {"out": out, "into": into}
    if best is None:
        return render(request, "quick_wins/swap.html", context)
    inside = [key for key in asked.question.values if key in best.chosen]
    outside = [key for key in asked.question.values if key not in best.chosen]
    context |= {
        "inside": showing.options(asked, inside),
        "outside": showing.options(asked, outside),
        "is_asked": bool(out or into),
        "is_wrong": bool(out or into) and (out not in inside or into not in outside),
    }
    if out in inside and into in outside:
        context |= _regret(asked, best, out, into)
    return render(request, "quick_wins/swap.html", context)


def _regret(asked: Asked, best: Best, out: str, into: str) -> dict[str, Any]:
    """The cost of a swap in words and figures."""
    (leaves,), (comes,) = showing.names_of(asked, [out]), showing.names_of(asked, [into])
    swapped = (best.chosen - {out}) | {into}
    before, after = showing.money_of(asked, best.chosen), showing.money_of(asked, swapped)
    context: dict[str, Any] = {
        "leaves": leaves,
        "comes": comes,
        "money": showing.money_lines(before, after),
        "money_before": sum(before.values()),
        "money_after": sum(after.values()),
    }
    try:
        cost = with_swap(asked, out=out, into=into, best=best, seconds=SECONDS)
    except NotSolved:
        return context | {"is_unanswered": True}
    other = cost["best"]
    context |= {
        "value": showing.points(best.value),
        "swapped": showing.points(cost["value"]),
        "loss": cost["loss"],
        "loss_words": showing.points(abs(cost["loss"])),
        "share": showing.share(abs(cost["loss"]), best.value),
        "broken": showing.words_of(asked, cost["broken"]),
        "other": showing.compared(asked, best, other["chosen"], other["value"]) if isinstance(other, dict) else None,
        "is_other_the_swap": isinstance(other, dict) and frozenset(other["chosen"]) == swapped,
        "is_never": other is None,
    }
    if cost["loss"] > 0:
        context |= _favouring(asked, swapped, out, into)
    return context


def _favouring(asked: Asked, swapped: frozenset[str], out: str, into: str) -> dict[str, Any]:
    """The nearest weights at which the swap costs nothing, and whether the swapped set is then the best of all."""
    values = asked.values
    scores = values.scores
    counting = {key: weight for key, weight in values.weights.items() if key in scores[out] and key in scores[into]}
    differences = {key: scores[into][key] - scores[out][key] for key in counting}
    favouring = weights_that_favour(differences, counting)
    if favouring is None:
        return {"no_weights_favour": True}
    lines = [
        {
            "criterion": one.name,
            "before": f"{decimal(counting[one.key] * 100, 1)}%",
            "after": f"{decimal(favouring[one.key] * 100, 1)}%",
            "differs": abs(counting[one.key] - favouring[one.key]) >= Decimal("0.0005"),
        }
        for one in values.criteria
        if one.key in counting
    ]
    there = Values(values.criteria, favouring, scores)
    whole = {key: value for key, value in there.whole.items() if key in asked.question.values}
    question = Question(whole, asked.question.rules)
    context: dict[str, Any] = {"favouring": lines}
    if question.broken(swapped):
        return context
    try:
        found = process.best(question, SECONDS)
    except NotSolved:
        return context
    best_then = found.value if found is not None and found.is_proven else None
    return context | {
        "is_best_then": None if best_then is None else best_then <= question.value_of(swapped) + len(swapped)
    }
