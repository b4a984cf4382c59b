"""The lines of joining and changing hands in the navigation; they ask nothing of the database."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """For whoever may see rows of the plan."""
    plan, user = plan_of_page(request), request.user
    if plan is None or not (user.may_within(Can.PROBLEM_VIEW, plan) or user.may_within(Can.INNOVATION_VIEW, plan)):
        return []
    return [
        MenuItem(_("Similar rows"), reverse("similar-list", args=[plan.slug]), "copy"),
        MenuItem(_("Changing hands"), reverse("transfer-list", args=[plan.slug]), "arrow-right"),
    ]
