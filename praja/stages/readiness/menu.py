"""The lines of this stage in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The readiness of the region, and its figures."""
    plan = plan_of_page(request)
    if plan is None or not request.user.may(Can.PLAN_VIEW, plan):
        return []
    return [
        MenuItem(_("Readiness"), reverse("readiness", args=[plan.slug]), "shield-check"),
        MenuItem(_("Statistics"), reverse("statistic-list", args=[plan.slug]), "chart-column", is_part=True),
    ]
