"""Pages of renewing: what becomes of the quick wins of a decided round, all of them and one by one."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.drafts import actions as drafts
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.plans.models import BudgetLine
from praja.foundation.ui.formats import decimal
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import nominating, renewal
from praja.stages.quick_wins.models import QuickWin, Round
from praja.stages.quick_wins.reach import OF_A_ROUND, load_round
from praja.stages.quick_wins.renewal_forms import HINTS, RenewalForm
from praja.stages.quick_wins.round_views import round_crumbs


@require_safe
def round_renewal(request: SignedInRequest, pk: int) -> HttpResponse:
    """The quick wins of a decided round: which still run, what becomes of each, and where that is said."""
    round_ = load_round(request, pk)
    user = request.user
    rows = QuickWin.objects.in_service().filter(round=round_).within_reach(user, Can.QUICK_WIN_VIEW)
    found = list(rows.select_related("innovation", "dimension", "organisation", "plan"))
    after = renewal.following(round_)
    late = renewal.late(round_, after)
    context = {
        "plan": round_.plan,
        "crumbs": round_crumbs(round_),
        "round": round_,
        "late": late,
        "after": after,
        "figures": _figures(round_, found),
        "lines": [{"row": one, "may_say": not late and renewal.speaks_for(one, user)} for one in found],
        "sees_all": user.may(Can.QUICK_WIN_VIEW, round_),
        "may_begin": user.may(Can.QUICK_WIN_RUN, round_) and nominating.open_round(round_.plan) is None,
    }
    return render(request, "quick_wins/renewal.html", context)


def _figures(round_: Round, rows: Sequence[QuickWin]) -> list[dict[str, Any]]:
    if not rows:
        return []
    said = renewal.Said(round_, [(one.is_running, one.continuation) for one in rows])
    hint = _("%(number)s not said yet") % {"number": decimal(said.unsaid)} if said.unsaid else ""
    running = {"label": _("Still run"), "value": decimal(said.running), "hint": hint}
    running["of"] = _("of %(total)s") % {"total": decimal(said.total)}
    return [running, *({"label": label, "value": decimal(number)} for label, number in said.lines)]


def _load(request: SignedInRequest, pk: int) -> QuickWin:
    """The quick win if this person says what becomes of it; else 404."""
    rows = QuickWin.objects.in_service().within_reach(request.user, Can.QUICK_WIN_VIEW)
    related = (*(f"round__{name}" for name in OF_A_ROUND), "plan", "innovation", "organisation", "dimension")
    found: QuickWin = get_object_or_404(rows.filter(round__withdrawn_at=None).select_related(*related), pk=pk)
    if not renewal.speaks_for(found, request.user):
        raise Http404
    request.plan, request.government = found.round.plan, found.round.plan.government
    return found


@entry("quick-win-renewal", draft="quick-win-renewal-draft", load=_load)
def renewal_page(request: SignedInRequest, quick_win: QuickWin, **_parts: int) -> Entry | HttpResponse:
    """Whether one quick win still runs, what becomes of it, and why."""
    round_ = quick_win.round
    done = reverse("round-renewal", args=[round_.pk])
    if request.method != "POST" and (sentence := renewal.late(round_, renewal.following(round_))):
        messages.warning(request, sentence)
        return redirect(done)
    context = {
        "plan": round_.plan,
        "crumbs": round_crumbs(round_, (_("What becomes of them"), done)),
        "round": round_,
        "money": _money(quick_win),
        "year": round_.year,
        "next_year": round_.year + 1,
        "has_no_agency": has_no_agency(quick_win),
        "hints": HINTS,
        "history": history_of(quick_win),
        "done": done,
    }
    return Entry(quick_win, RenewalForm, renewal.save, "quick_wins/renewal_edit.html", context, done)


@require_http_methods(["GET", "HEAD", "POST"])
def quick_win_renewal(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of one quick win; what comes too late is kept as typed, and the list says why it does not count."""
    try:
        return renewal_page(request, pk=pk)
    except Refused:
        drafts.keep(request.POST, by=request.user, address=request.path)
        return redirect(request.path)


def has_no_agency(quick_win: QuickWin) -> bool:
    """Whether the agency that carried it is not there any more."""
    return quick_win.organisation is None or quick_win.organisation.withdrawn_at is not None


def _money(quick_win: QuickWin) -> dict[str, int]:
    """The rupiah of its innovation in the year of the round and in the next one."""
    years = (quick_win.round.year, quick_win.round.year + 1)
    lines = BudgetLine.objects.filter(innovation=quick_win.innovation_id, withdrawn_at=None, year__in=years)
    found: dict[int, int] = defaultdict(int)
    found.update(lines.order_by().values_list("year").annotate(Sum("amount_rupiah")))
    return {"now": found[years[0]], "next": found[years[1]]}
