"""The line of the weekly page in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The week, for those who remind agencies."""
    plan = plan_of_page(request)
    if plan is None or not request.user.may(Can.COVERAGE_REMIND, plan):
        return []
    return [MenuItem(_("This week"), reverse("weekly", args=[plan.slug]), "calendar")]
