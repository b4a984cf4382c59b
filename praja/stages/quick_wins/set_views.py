"""Pages about the best set: searching it, what it is and why, why a nominee is not in it, and how firm it is."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.rows import TooLate
from praja.foundation.choosing.process import NotSolved
from praja.foundation.choosing.sets import Best
from praja.foundation.ui.charts import Bar, bars
from praja.foundation.ui.formats import decimal
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import rules, searches, showing
from praja.stages.quick_wins.choice import Asked, asked_of, why_not
from praja.stages.quick_wins.models import FoundSet, Round
from praja.stages.quick_wins.reach import CAN_BE_MENDED
from praja.stages.quick_wins.rule_views import choice_crumbs, choice_tabs, load_choice
from praja.stages.quick_wins.sheet import best_of

SECONDS = 3.0  # of a search for which somebody waits
DRAWN = 30  # bars of the picture


def page_of(request: SignedInRequest, round_: Round, asked: Asked, current: str) -> dict[str, Any]:
    """What every page about the choice needs, with the newest set that was found."""
    found = searches.last_answer(round_, searches.SET)
    is_current = found is not None and found.fingerprint == asked.fingerprint
    return {
        "round": round_,
        "asked": asked,
        "found": found,
        "is_current": is_current,
        "best": best_of(found.content) if found else None,
        "is_late": round_.state not in CAN_BE_MENDED,
        "may_run": request.user.may(Can.QUICK_WIN_RUN, round_) and round_.state in CAN_BE_MENDED,
        "tabs": choice_tabs(round_, current),
        "crumbs": choice_crumbs(round_),
    }


# --- the best set -----------------------------------------------------------------------------------------------------


@require_safe
@never_cache
def set_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The best set with its proof and what it costs, or what contradicts and what would mend it."""
    round_ = load_choice(request, pk)
    asked = asked_of(round_)
    context = page_of(request, round_, asked, "set-detail")
    waiting = searches.under_way(round_, searches.SET)
    found, best = context["found"], context["best"]
    context |= {
        "job": waiting.job if waiting else None,
        "nominees": len(asked.nominees),
        "with_value": len(asked.question.values),
        "rules": len(asked.told),
        "may_submit": context["may_run"] and round_.state == Round.State.CHOOSING,
    }
    if best is not None:
        context |= _shown(asked, found, best)
    elif found is not None and found.content.get("best") is None and context["is_current"]:
        lines, changed = showing.repairs(asked, _plain(found.content.get("repair")))
        contradiction = found.content.get("contradiction")
        context |= {
            "is_impossible": True,
            "contradiction": showing.words_of(asked, contradiction if isinstance(contradiction, list) else []),
            "repair": lines,
            "may_repair": context["may_run"] and bool(changed),
        }
    return render(request, "quick_wins/set.html", context)


def _plain(told: Any) -> dict[str, int]:
    """A part of an answer that is a table; {} where the time ended before it was found."""
    return told if isinstance(told, dict) else {}


def _shown(asked: Asked, found: FoundSet, best: Best) -> dict[str, Any]:
    """The parts of the page about a set."""
    content = found.content
    following = content.get("next")
    plain = content.get("plain") or {"chosen": [], "value": 0, "broken": []}
    money = showing.money_of(asked, best.chosen)
    return {
        "cards": showing.cards(asked, best.chosen),
        "value": showing.points(best.value),
        "gap": showing.share(best.bound - best.value, best.value),
        "binding": showing.binding(asked, best, _plain(content.get("worth"))),
        "following": [
            showing.compared(asked, best, one["chosen"], one["value"])
            for one in (following if isinstance(following, list) else [])
        ],
        "plain": {
            **showing.compared(asked, best, plain["chosen"], plain["value"]),
            "broken": showing.words_of(asked, plain["broken"]),
            "is_same": frozenset(plain["chosen"]) == best.chosen,
        },
        "money": showing.money_lines(money, money),
        "money_total": sum(money.values()),
        "others": showing.options(asked, [key for key in asked.question.values if key not in best.chosen]),
    }


@require_POST
def set_find(request: SignedInRequest, pk: int) -> HttpResponse:
    """Search for the best set: at once where that is quick, else as a job."""
    return _ask(request, pk, searches.SET, "set-detail")


def _ask(request: SignedInRequest, pk: int, wanted: str, page: str) -> HttpResponse:
    round_ = load_choice(request, pk, Can.QUICK_WIN_RUN)
    try:
        searches.ask_for(asked_of(round_), wanted, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused.reasons[0]))
    return redirect(page, pk)


@require_POST
def set_repair(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the limits as the last search proposed, and search again."""
    round_ = load_choice(request, pk, Can.QUICK_WIN_RUN)
    asked = asked_of(round_)
    found = searches.last_answer(round_, searches.SET)
    if found is None or found.fingerprint != asked.fingerprint or not _plain(found.content.get("repair")):
        messages.warning(request, _("The round has changed since. Search again."))
        return redirect("set-detail", pk)
    _lines, changed = showing.repairs(asked, found.content["repair"])
    try:
        number = rules.apply_repair(changed, round_, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused.reasons[0]))
        return redirect("set-detail", pk)
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
        return redirect("set-rules", pk)
    said = ngettext("%(number)d rule was changed.", "%(number)d rules were changed.", number) % {"number": number}
    messages.success(request, said)
    return _ask(request, pk, searches.SET, "set-detail")


# --- why not ----------------------------------------------------------------------------------------------------------


@require_safe
@never_cache
def set_why(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why a nominee is not in the best set, in words."""
    round_ = load_choice(request, pk)
    asked = asked_of(round_)
    context = page_of(request, round_, asked, "set-detail")
    nominees = {one.key: one for one in asked.nominees}
    nominee = nominees.get(request.GET.get("nominasi", ""))
    best = context["best"] if context["is_current"] else None
    context |= {"nominee": nominee, "options": showing.options(asked, list(nominees))}
    if nominee is None or best is None:
        return render(request, "quick_wins/why.html", context)
    if nominee.key not in asked.question.values:
        own = asked.values.scores.get(nominee.key, {})
        weights = asked.values.weights
        context["lacking"] = [one.name for one in asked.values.criteria if weights.get(one.key) and one.key not in own]
    elif nominee.key in best.chosen:
        context["is_in"] = True
    else:
        try:
            why = why_not(asked, nominee.key, best, SECONDS)
        except NotSolved:
            context["is_unanswered"] = True
        else:
            context |= _why_words(asked, best, why)
    return render(request, "quick_wins/why.html", context)


def _why_words(asked: Asked, best: Best, why: dict[str, Any]) -> dict[str, Any]:
    if "forbidden" in why:
        return {"is_forbidden": True, "forbidden": showing.words_of(asked, why["forbidden"])}
    return {
        "loss": why["loss"],
        "loss_words": showing.points(why["loss"]),
        "share": showing.share(why["loss"], best.value),
        "leaves": showing.names_of(asked, why["leaves"]),
        "comes": showing.names_of(asked, why["comes"]),
    }


# --- how firm ---------------------------------------------------------------------------------------------------------


@require_safe
@never_cache
def set_stability(request: SignedInRequest, pk: int) -> HttpResponse:
    """In what share of many weight sets each nominee is in the best set."""
    round_ = load_choice(request, pk)
    asked = asked_of(round_)
    context = page_of(request, round_, asked, "set-stability")
    waiting = searches.under_way(round_, searches.STABILITY)
    row = searches.last_answer(round_, searches.STABILITY)
    context |= {"job": waiting.job if waiting else None, "row": row, "wanted": searches.WEIGHT_SETS}
    if row is not None:
        context["is_fresh"] = row.fingerprint == searches.fingerprint_of(asked, searches.STABILITY)
        context |= _firmness(asked, row.content[searches.STABILITY], context["best"] if context["is_current"] else None)
    return render(request, "quick_wins/stability.html", context)


def _firmness(asked: Asked, told: dict[str, Any], best: Best | None) -> dict[str, Any]:
    """The shares, the highest first, as lines and as a picture."""
    tried = told["tried"]
    counts = sorted(told["counts"].items(), key=lambda pair: (-pair[1], pair[0]))
    names = showing.by_key(asked, [key for key, _count in counts])
    lines = [
        {
            "nominee": names[key].nomination,
            "count": count,
            "share": showing.share(count, tried),
            "percent": count * 100 / tried if tried else 0.0,
            "is_chosen": best is not None and key in best.chosen,
        }
        for key, count in counts
        if key in names
    ]
    ever = [line for line in lines if line["count"]]
    drawn = bars(
        [Bar(("★ " if line["is_chosen"] else "") + str(line["nominee"]), [line["percent"]]) for line in ever[:DRAWN]],
        title=_("Share of the weight sets in which a nominee is in the best set"),
        write=lambda number: f"{decimal(number, 1)}%",
    )
    firm = [line for line in lines if line["is_chosen"] and line["percent"] >= 50]
    return {
        "tried": tried,
        "asked_for": told["wanted"],
        "lines": ever,
        "drawn": min(len(ever), DRAWN),
        "never": len(lines) - len(ever),
        "firm": len(firm),
        "chosen": sum(line["is_chosen"] for line in lines),
        "picture": mark_safe(drawn) if ever else "",  # noqa: S308 - every text in it was escaped by charts.py
    }


@require_POST
def set_stability_find(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the share of each nominee; a job."""
    return _ask(request, pk, searches.STABILITY, "set-stability")
