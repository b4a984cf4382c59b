"""A plan in an address, as "kabupaten-contoh", and loading it within reach."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import register_converter, reverse
from django.urls.converters import StringConverter, get_converters

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.models import Plan


class PlanSlug(StringConverter):
    """Slugs begin with the sort of region, so that they never clash with other addresses."""

    regex = r"(?:kabupaten|kota|provinsi)-[a-z0-9-]{1,70}"


def register() -> None:
    """Make `<plan:slug>` known to every urls.py that imports this module."""
    if "plan" not in get_converters():
        register_converter(PlanSlug, "plan")


register()


def plan_for(user: Any, slug: str, permission: Can) -> Plan:
    """The plan at this address if the person holds `permission` on its region; else 404."""
    plans = Plan.objects.select_related("government__region", "dimension_set")
    plan: Plan = get_object_or_404(plans.within_reach(user, permission), slug=slug)
    return plan


def plan_within_reach(request: SignedInRequest, slug: str, permission: Can) -> Plan:
    """The plan at this address, as plan_for() finds it; the page then speaks of it.

    An operator belongs to one agency; permissions that roles give for the whole region cover the plan itself.
    """
    plan = plan_for(request.user, slug, permission)
    request.plan, request.government = plan, plan.government
    return plan


def plan_loader(permission: Can) -> Callable[..., Plan]:
    """The same as the `load` of an entry (drafts/entry_views.py)."""

    def load(request: SignedInRequest, slug: str, **_parts: Any) -> Plan:
        return plan_within_reach(request, slug, permission)

    return load


def plan_of_page(request: Any) -> Plan | None:
    """The plan that the navigation speaks of, found once a request; None where there is none.

    It is the one that a view put on the request as `plan`, else the one in the address, else that of the own region.
    The head of the page then carries the name and the coat of arms of its government.
    """
    if not hasattr(request, "plan"):
        request.plan = _plan_of_address(request) or _own_plan(request)
    if plan := request.plan:
        if not hasattr(request, "government"):
            request.government = plan.government
        if plan.arms_id and request.government.pk == plan.government_id:
            request.government.arms_url = f"{reverse('arms', args=[plan.slug])}?v={plan.arms_id}"
    return request.plan


def _plan_of_address(request: Any) -> Plan | None:
    slug = request.resolver_match.kwargs.get("slug") if request.resolver_match else None
    plans = Plan.objects.select_related("government__region", "dimension_set").within_reach(request.user, Can.PLAN_VIEW)
    return plans.filter(slug=slug).first() if slug else None


def _own_plan(request: Any) -> Plan | None:
    """The plan of the region of the first role; nobody below the ministry or a province has another one."""
    for membership in request.user.active_memberships:
        government = membership.organisation.government
        if government.region is not None and government.region.kind != "province":
            plans = Plan.objects.select_related("government__region", "dimension_set")
            return plans.filter(government=government, withdrawn_at=None).first()
    return None
