"""The line of the preparation in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The set-up for those who prepare; the agencies and their deadlines for everybody else of the region."""
    plan = plan_of_page(request)
    if plan is None:
        return []
    if request.user.may(Can.PLAN_SET_UP, plan):
        return [MenuItem(_("Preparation"), reverse("plan-set-up", args=[plan.slug]), "settings")]
    return [MenuItem(_("Preparation"), reverse("agency-list", args=[plan.slug]), "building-2")]
