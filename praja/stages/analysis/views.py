"""Pages about what the region wants to become: the vision with its candidates, and the missions."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.plans.addresses import plan_loader, plan_within_reach
from praja.foundation.plans.models import Plan
from praja.stages.analysis import actions
from praja.stages.analysis.forms import VisionForm
from praja.stages.analysis.missions import missions_of
from praja.stages.analysis.models import Vision, VisionCandidate
from praja.stages.analysis.swot import folded, keywords_of

LARGEST_KEY = 18  # digits


def _tabs(plan: Plan, current: str) -> list[dict[str, Any]]:
    pages = (("vision", _("Vision")), ("vision-candidates", _("Candidates")), ("mission-list", _("Missions")))
    return [
        {"title": title, "url": reverse(name, args=[plan.slug]), "is_current": name == current} for name, title in pages
    ]


@require_safe
def vision(request: SignedInRequest, slug: str) -> HttpResponse:
    """The vision as it was set, or that it is not set yet."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    row = actions.vision_of(plan)
    context = {
        "plan": plan,
        "tabs": _tabs(plan, "vision"),
        "vision": row if row.pk else None,
        "may_set": request.user.may(Can.VISION_SET, plan),
        "history": history_of(row) if row.pk else [],
    }
    return render(request, "analysis/vision.html", context)


@entry("vision-edit", draft="vision-draft", load=plan_loader(Can.VISION_SET))
def vision_edit(request: SignedInRequest, plan: Plan, slug: str) -> Entry:
    """Record what the head of region has set; `calon` fills the wording of a candidate in."""
    row = actions.vision_of(plan)
    if request.method != "POST":
        _take_over(row, request.GET.get("calon", ""))
    return Entry(
        row,
        form_class=VisionForm,
        save=actions.set_vision,
        template="analysis/vision_edit.html",
        context={"plan": plan},
        done=reverse("vision", args=[slug]),
    )


def _take_over(row: Vision, text: str) -> None:
    """Let the form open with the wording of a candidate; 404 for one that the plan does not have."""
    if not text:
        return
    key = int(text) if text.isdecimal() and len(text) <= LARGEST_KEY else 0
    candidate = get_object_or_404(VisionCandidate.objects.in_service(), plan=row.plan, pk=key)
    row.text, row.acronym, row.words = candidate.text, candidate.acronym, candidate.words


@require_safe
def vision_candidates(request: SignedInRequest, slug: str) -> HttpResponse:
    """The keywords of the SWOT with how often each was given, and the wordings that were made of them."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    row = actions.vision_of(plan)
    candidates = list(plan.vision_candidates.in_service())
    keywords = keywords_of(plan.swot_items.in_service())
    taken: dict[str, int] = {}
    for candidate in candidates:
        for word in candidate.keywords:
            taken[folded(word)] = taken.get(folded(word), 0) + 1
    context = {
        "plan": plan,
        "tabs": _tabs(plan, "vision-candidates"),
        "keywords": [(one, taken.get(folded(one.word), 0)) for one in keywords],
        "candidates": [(one, bool(row.pk) and one.text == row.text) for one in candidates],
        "may_write": request.user.may(Can.ANALYSIS_WRITE, plan),
        "may_set": request.user.may(Can.VISION_SET, plan),
        "is_set": bool(row.pk),
    }
    return render(request, "analysis/candidates.html", context)


@require_safe
def mission_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The missions of the smart city with their goals, and the missions of the RPJMD that each serves."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    found = missions_of(plan)
    context = {
        "plan": plan,
        "tabs": _tabs(plan, "mission-list"),
        "missions": found.missions,
        "unserved": found.unserved,
        "has_development_missions": bool(found.development),
        "may_write": request.user.may(Can.ANALYSIS_WRITE, plan),
    }
    return render(request, "analysis/missions.html", context)
