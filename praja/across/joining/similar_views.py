"""Rows that say the same: the list of pairs, what is like a row while it is typed, and the answer: two, or one."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from praja.across.joining import actions
from praja.across.joining.alike import kept_apart, similar_to, texts_of, weighed
from praja.across.joining.forms import clean_reason
from praja.across.joining.kinds import BY_KEY, KINDS, PROBLEM, Kind, kind_at
from praja.across.joining.pair_page import Side, may_decide, may_know, pair_page, side, versions
from praja.across.joining.transfer_views import HIGHEST_KEY, say_what_became, whole
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.rows import TooLate
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused

MOST_TYPED = 300
MOST_SHOWN = 3
PAIRS_ON_A_PAGE = 25


@dataclass(frozen=True)
class Couple:
    """Two rows that look alike, how much in per cent, and the page where one decides."""

    left: Side
    right: Side
    percent: int
    url: str
    is_open: bool


@require_safe
def similar_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The pairs of one kind that this person may know of, the most alike first."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    kind = BY_KEY.get(request.GET.get("jenis", ""), PROBLEM)
    found = weighed(kind, plan)
    apart = kept_apart(kind, plan, found)
    pairs = [pair for pair in found.pairs if (pair.first, pair.second) not in apart]
    keys = {key for pair in pairs for key in (pair.first, pair.second)}
    sides = _sides(kind, plan, keys, request.user)
    own = {key for key, side in sides.items() if side.url}
    proposed = set(plan.transfers.open().filter(kind=kind.name).values_list("row_id", "into_id"))
    shown = [
        Couple(
            sides[pair.first],
            sides[pair.second],
            round(pair.likeness * 100),
            _pair_address(plan, kind, pair.first, pair.second),
            is_open=bool({(pair.first, pair.second), (pair.second, pair.first)} & proposed),
        )
        for pair in pairs
        if pair.first in sides and pair.second in sides and {pair.first, pair.second} & own
    ]
    start = whole(request.GET.get("sesudah", ""))
    following = start + PAIRS_ON_A_PAGE
    context = {
        "plan": plan,
        "kind": kind,
        "couples": shown[start:following],
        "number": len(shown),
        "after": start,
        "following": following if len(shown) > following else 0,
        "kept": len(apart),
        "tabs": [
            {"title": one.plural, "url": f"?jenis={one.key}", "is_current": one is kind, "count": None} for one in KINDS
        ],
    }
    return render(request, "joining/similar.html", context)


@require_safe
def similar_typing(request: SignedInRequest, slug: str) -> HttpResponse:
    """A fragment: up to three rows of the region that say what is being typed."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    kind = BY_KEY.get(request.GET.get("jenis", ""), PROBLEM)
    rows = kind.model.objects.in_service().within_reach(request.user, kind.view).filter(plan=plan)
    number = whole(request.GET.get("baris"))
    row = rows.filter(pk=number).first() if number else None
    typed = request.GET.get("title", "").replace("\0", "")[:MOST_TYPED]
    texts = texts_of(kind, row) if row else []
    if typed.strip():
        texts = [(typed, kind.weights["title"]), *texts[1:]]
    alike = similar_to(kind, plan, texts, leaving=row.pk if row else 0) if texts else []
    if row and alike:
        apart = kept_apart(kind, plan, weighed(kind, plan))
        alike = [(key, value) for key, value in alike if (min(key, row.pk), max(key, row.pk)) not in apart]
    sides = _sides(kind, plan, {key for key, _value in alike}, request.user)
    found = [
        (sides[key], _pair_address(plan, kind, row.pk, key) if row else "") for key, _value in alike if key in sides
    ]
    context = {"found": found[:MOST_SHOWN], "plan": plan, "kind": kind, "is_stored": bool(row and not typed)}
    return render(request, "joining/_typing.html", context)


def _pair_address(plan: Plan, kind: Kind, one: int, other: int) -> str:
    return reverse("similar-pair", args=[plan.slug, kind.key, min(one, other), max(one, other)])


@require_safe
def similar_pair(request: SignedInRequest, slug: str, kind: str, first: int, second: int) -> HttpResponse:
    """Two rows side by side: join them, or keep both because ..."""
    return pair_page(request, *_pair(request, slug, kind, first, second))


@require_POST
def similar_keep(request: SignedInRequest, slug: str, kind: str, first: int, second: int) -> HttpResponse:
    """Both stay, with the reason."""
    plan, which, left, right = _pair(request, slug, kind, first, second)
    if not may_decide(which, request.user, left, right):
        raise Http404
    reason = clean_reason(request.POST.get("reason"))
    if not reason:
        error = _("Write why both rows are needed, so that nobody asks again.")
        return pair_page(request, plan, which, left, right, keep_error=error)
    try:
        actions.keep_apart(which, left, right, by=request.user, reason=reason)
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("Both rows stay. This pair is shown again only when one of them changes much."))
    return redirect(f"{reverse('similar-list', args=[plan.slug])}?jenis={which.key}")


@require_POST
def similar_join(request: SignedInRequest, slug: str, kind: str, first: int, second: int) -> HttpResponse:
    """Propose that one row goes into the other; carried out at once where nobody else has to agree."""
    plan, which, left, right = _pair(request, slug, kind, first, second)
    if not may_decide(which, request.user, left, right):
        raise Http404
    reason = clean_reason(request.POST.get("reason"))
    stays, goes = (left, right) if request.POST.get("stays") == str(left.pk) else (right, left)
    if request.POST.get("stays") not in (str(left.pk), str(right.pk)) or not reason:
        error = _("Choose the row that stays, and write why the two are the same.")
        return pair_page(request, plan, which, left, right, join_error=error)
    if request.POST.get("versions") != versions(left, right):
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
        return redirect("similar-pair", plan.slug, which.key, left.pk, right.pk)
    try:
        transfer = actions.propose_join(
            which, goes, into=stays, taken_over=_taken_over(request, which, stays, goes), by=request.user, reason=reason
        )
    except Refused as refused:
        return pair_page(request, plan, which, left, right, join_error=" ".join(map(str, refused.reasons)))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
        return redirect("similar-pair", plan.slug, which.key, left.pk, right.pk)
    say_what_became(request, transfer)
    return redirect("transfer-detail", transfer.pk)


def _taken_over(request: SignedInRequest, kind: Kind, stays: Any, goes: Any) -> list[str]:
    """The parts that the row that stays takes from the other; who may not read both gets what is empty filled."""
    may_read = all(request.user.may(kind.view, row) for row in (stays, goes))
    chosen = set(request.POST.getlist("below")) if may_read else {below.name for below in kind.below if below.is_preset}
    for part in kind.parts:
        choice = request.POST.get(f"part-{part.name}", "") if may_read else ""
        if part.is_empty(goes):
            continue
        if choice == str(goes.pk) or (not choice and part.is_empty(stays)):
            chosen.add(part.name)
    if not may_read:
        chosen.add(actions.EVIDENCE)
    return list(chosen)


def _pair(request: SignedInRequest, slug: str, key: str, first: int, second: int) -> tuple[Plan, Kind, Any, Any]:
    """Plan, kind and the two rows, of which this person reaches one at least and may know the other; else 404."""
    plan, kind = plan_within_reach(request, slug, Can.PLAN_VIEW), kind_at(key)
    if first == second or max(first, second) > HIGHEST_KEY:
        raise Http404
    rows = kind.model.objects.in_service().filter(plan=plan, pk__in=[first, second])
    found = sorted(rows.select_related("organisation", "dimension"), key=lambda row: row.pk)
    if len(found) < 2 or not all(may_know(kind, row, request.user) for row in found):
        raise Http404
    left, right = found
    left.plan = right.plan = plan
    if not any(request.user.may(kind.view, row) for row in found):
        raise Http404
    return plan, kind, left, right


def _sides(kind: Kind, plan: Plan, keys: set[int], user: Any) -> dict[int, Side]:
    """The rows that this person may know of, by key: one query."""
    if not keys:
        return {}
    rows = kind.model.objects.in_service().filter(plan=plan, pk__in=keys).select_related("organisation")
    columns = ("title", "state", "organisation_path", "organisation__name", "organisation__abbreviation")
    return {row.pk: side(kind, row, user) for row in rows.only(*columns) if may_know(kind, row, user)}
