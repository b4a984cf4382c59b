"""Pages about the weights of criteria: given directly, or found by comparing pairs, with what contradicts what."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.choosing.weights import CONSISTENT, MOST, Compared, NoWeights
from praja.foundation.drafts import actions as drafts
from praja.foundation.drafts.entry import entry_page, keep_typed, posted_version
from praja.foundation.ui.charts import Bar, bars
from praja.foundation.ui.formats import percent
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import weighing
from praja.stages.quick_wins.models import Criterion, Round
from praja.stages.quick_wins.score_forms import in_words, pairs_form, weights_form
from praja.stages.quick_wins.score_views import answer, crumbs_to, load_round, posted_reason, tabs_of
from praja.stages.quick_wins.standing import in_percent, weights_asked
from praja.stages.quick_wins.values import accepted_because, comparison, scored_criteria, weights_of

VERBS = frozenset({"weigh", "compare pairs", "accept ratio", "choose weighing", "refuse weights"})


def _context(request: SignedInRequest, round_: Round, criteria: list[Criterion], tab: str) -> dict[str, Any]:
    """What both pages show: the weights that count now, and what was done with them."""
    found, counting = comparison(round_, criteria), weights_of(round_, criteria)
    runs = request.user.may(Can.QUICK_WIN_RUN, round_)
    names = {one.key: one.name for one in criteria}
    return {
        "round": round_,
        "tabs": tabs_of(round_, "weights"),
        "crumbs": crumbs_to(round_),
        "ways": [
            {"title": title, "url": reverse(name, args=[round_.pk]), "is_current": name == tab}
            for name, title in (("weights", _("Give them directly")), ("weight-pairs", _("Compare pairs")))
        ],
        "runs": runs,
        "late": weighing.late(round_),
        "may_write": runs and not weighing.late(round_),
        "by_pairs": round_.weighing == Round.Weighing.PAIRS,
        "counting": [(names[key], percent(share, 1, 2)) for key, share in counting.items()],
        "picture": _picture([(names[key], share) for key, share in counting.items()]),
        "compared": _told(found, names) if found else None,
        "accepted": accepted_because(round_),
        "too_many": len(criteria) > MOST,
        "most": MOST,
        "history": [line for line in history_of(round_) if line.verb in VERBS],
    }


def _picture(rows: list[tuple[str, Any]]) -> str:
    drawn = bars(
        [Bar(name, [share]) for name, share in rows],
        title=_("Weights that count now"),
        write=lambda share: percent(share, 1, 1),
    )
    return mark_safe(drawn)  # noqa: S308 — every text in it was escaped by charts.py


def _told(found: Compared, names: dict[str, str]) -> dict[str, Any]:
    """What comparisons say, in words."""
    least = found.least_fitting
    return {
        "found": found,
        "most": CONSISTENT,
        "weights": [(names[key], percent(share, 1, 2)) for key, share in found.weights.items()],
        "first": names[least.first] if least else "",
        "second": names[least.second] if least else "",
        "said": in_words(least.ratio) if least else "",
        "fitting": in_words(Fraction(found.fitting)),
        "is_mendable": least is not None and least.ratio != found.fitting,
    }


def _page(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """One of the two pages: a form for whoever runs the round while weights are open, else the figures alone."""
    round_ = load_round(request, pk, Can.QUICK_WIN_VIEW)
    criteria = scored_criteria(round_)
    runs = request.user.may(Can.QUICK_WIN_RUN, round_)
    if request.method == "POST" and not runs:
        raise Http404
    proposed = _proposed(request, round_, criteria) if name == "weights" and request.method != "POST" else {}
    form_class: Any = weights_form(criteria, proposed) if name == "weights" else pairs_form(criteria)

    def save(form: Any, *, by: Any, version: int) -> None:
        if name == "weights":
            weighing.weigh(round_, form.weights(), by=by, version=version)
        else:
            weighing.compare(round_, form.judgements(), by=by, version=version)

    template = "quick_wins/weights.html" if name == "weights" else "quick_wins/weight_pairs.html"
    context = _context(request, round_, criteria, name)
    context["draft_address"] = reverse(f"{name}-draft", args=[pk])
    context["is_proposed"] = bool(proposed)
    if not context["may_write"] and request.method != "POST":
        return render(request, template, {**context, "row": round_})
    try:
        return entry_page(
            request, round_, form_class=form_class, save=save, template=template, context=context, done=request.path
        )
    except Refused as refusal:
        drafts.keep(request.POST, by=request.user, address=request.path)
        for reason in refusal.reasons:
            messages.error(request, str(reason))
        return redirect(request.path)


def _proposed(request: SignedInRequest, round_: Round, criteria: list[Criterion]) -> dict[str, Decimal]:
    """The weights that somebody tried on the ranking and takes along, in per cent; {} without any."""
    if round_.weighing != Round.Weighing.DIRECT:
        return {}
    try:
        return in_percent(weights_asked(request.GET, criteria) or {})
    except NoWeights:
        return {}


@require_http_methods(["GET", "HEAD", "POST"])
def weights(request: SignedInRequest, pk: int) -> HttpResponse:
    """Weights given directly."""
    return _page(request, pk, "weights")


@require_http_methods(["GET", "HEAD", "POST"])
def weight_pairs(request: SignedInRequest, pk: int) -> HttpResponse:
    """Criteria compared in pairs."""
    return _page(request, pk, "weight-pairs")


@require_POST
def weights_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep typed weights, or throw them away."""
    load_round(request, pk, Can.QUICK_WIN_RUN)
    return keep_typed(request, address=reverse("weights", args=[pk]))


@require_POST
def weight_pairs_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep chosen comparisons, or throw them away."""
    load_round(request, pk, Can.QUICK_WIN_RUN)
    return keep_typed(request, address=reverse("weight-pairs", args=[pk]))


@require_POST
def weight_mend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the judgement that fits least to what would fit."""
    round_ = load_round(request, pk, Can.QUICK_WIN_RUN)

    def verb() -> None:
        weighing.mend(round_, by=request.user, version=posted_version(request))

    done = reverse("weight-pairs", args=[pk])
    return answer(request, verb, done=done, said=_("The comparison was changed to what fits the others."))


@require_POST
def weight_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let contradicting comparisons count, with a reason."""
    round_ = load_round(request, pk, Can.QUICK_WIN_RUN)

    def verb() -> None:
        reason, version = posted_reason(request), posted_version(request)
        weighing.accept(round_, reason=reason, by=request.user, version=version)

    done = reverse("weight-pairs", args=[pk])
    return answer(request, verb, done=done, said=_("The comparisons count as they are, with your reason."))


@require_POST
def weight_way(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say which weights count."""
    round_ = load_round(request, pk, Can.QUICK_WIN_RUN)
    asked = request.POST.get("weighing", "")
    way = asked if asked in Round.Weighing.values else Round.Weighing.DIRECT
    done = reverse("weight-pairs" if way == Round.Weighing.PAIRS else "weights", args=[pk])

    def verb() -> None:
        weighing.count_by(round_, way, by=request.user, version=posted_version(request))

    return answer(request, verb, done=done, said=_("These weights count now."))
