"""A plan in an address, as "kabupaten-contoh", and loading it within reach."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import register_converter
from django.urls.converters import StringConverter

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.models import Plan


class PlanSlug(StringConverter):
    """Slugs begin with the sort of region, so that they never clash with other addresses."""

    regex = r"(?:kabupaten|kota|provinsi)-[a-z0-9-]{1,70}"


def register() -> None:
    """Make `<plan:slug>` known to every urls.py that imports this module."""
    register_converter(PlanSlug, "plan")


register()


def plan_within_reach(user: Any, slug: str, permission: Can) -> Plan:
    """The plan at this address if `user` holds `permission` on its region or on an agency in it; else 404.

    An operator belongs to one agency; permissions that roles give for the whole region cover the plan itself.
    """
    plans = Plan.objects.select_related("government__region", "dimension_set")
    return get_object_or_404(plans.within_reach(user, permission), slug=slug)
