"""The earlier masterplan, its programmes and its sheets, as the pages load them within reach."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.stages.analysis import earlier as actions
from praja.stages.analysis.models import EarlierItem, EarlierPlan, EarlierSheet


def load_earlier(request: SignedInRequest, slug: str, permission: Can = Can.PLAN_VIEW) -> EarlierPlan:
    """The earlier masterplan at this address if this person reaches the plan; 404 while none was recorded."""
    earlier = actions.earlier_of(plan_within_reach(request, slug, permission))
    if earlier.pk is None:
        raise Http404
    return earlier


def load_item(request: SignedInRequest, pk: int, permission: Can = Can.PLAN_VIEW) -> EarlierItem:
    """The programme if this person reaches it; else 404. The page then speaks of its plan."""
    items = EarlierItem.objects.within_reach(request.user, permission).select_related(
        "earlier__plan__government__region", "earlier__plan__dimension_set", "earlier__file", "organisation",
        "dimension", "decided_by__person",
    )  # fmt: skip
    item = get_object_or_404(items, pk=pk)
    request.plan = item.earlier.plan
    return item


def load_sheet(request: SignedInRequest, pk: int) -> EarlierSheet:
    """The sheet if this person may bring it in; else 404."""
    sheets = EarlierSheet.objects.within_reach(request.user, Can.SHEET_IMPORT).select_related(
        "file", "job", "created_by__person", "earlier__plan__government__region", "earlier__plan__dimension_set"
    )
    one = get_object_or_404(sheets, pk=pk)
    request.plan = one.earlier.plan
    return one


def crumbs(plan: Plan, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the earlier masterplan to a page of it."""
    return [(_("Earlier masterplan"), reverse("earlier-plan", args=[plan.slug])), *more]


def tabs(plan: Plan, current: str) -> list[dict[str, Any]]:
    """The two pages of the earlier masterplan."""
    return [
        {"title": _("Summary"), "url": reverse("earlier-plan", args=[plan.slug]), "is_current": current == "summary"},
        {"title": _("Programmes and decisions"), "url": reverse("earlier-item-list", args=[plan.slug]),
         "is_current": current == "items"},
    ]  # fmt: skip
