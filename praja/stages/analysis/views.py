"""Pages of the analysis: the vision and its form."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.drafts.entry import entry_page, keep_typed
from praja.foundation.plans.addresses import plan_within_reach
from praja.stages.analysis import actions
from praja.stages.analysis.forms import VisionForm


@require_safe
def vision(request: SignedInRequest, slug: str) -> HttpResponse:
    """The vision as it was set, or that it is not set yet."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    row = actions.vision_of(plan)
    context = {
        "plan": plan,
        "vision": row if row.pk else None,
        "may_set": request.user.may(Can.VISION_SET, plan),
        "history": history_of(row) if row.pk else [],
    }
    return render(request, "analysis/vision.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def vision_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Record what the head of region has set."""
    plan = plan_within_reach(request, slug, Can.VISION_SET)
    return entry_page(
        request,
        actions.vision_of(plan),
        form_class=VisionForm,
        save=actions.set_vision,
        template="analysis/vision_edit.html",
        context={"plan": plan, "draft_address": reverse("vision-draft", args=[slug])},
        done=reverse("vision", args=[slug]),
    )


@require_POST
def vision_draft(request: SignedInRequest, slug: str) -> HttpResponse:
    """The page saves by itself."""
    plan_within_reach(request, slug, Can.VISION_SET)
    return keep_typed(request, address=reverse("vision-edit", args=[slug]))
