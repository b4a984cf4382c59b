"""The line of the proposal sheets in the navigation; it asks nothing of the database."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """Where the head of agency approves, for whoever writes rows."""
    plan = plan_of_page(request)
    if plan is None or not plan.head_approves or not request.user.may_within(Can.INNOVATION_WRITE, plan):
        return []
    return [MenuItem(_("Proposal sheets"), reverse("proposal-list", args=[plan.slug]), "signature")]
