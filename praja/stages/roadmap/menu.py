"""The lines of this stage in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The action plan, the strategies above it, and what does not fit together."""
    plan = plan_of_page(request)
    if plan is None or "roadmap" not in plan.stages or not request.user.may_anywhere(Can.PLAN_VIEW):
        return []
    return [
        MenuItem(_("Action plan"), reverse("action-list", args=[plan.slug]), "list-checks"),
        MenuItem(_("Strategies and programmes"), reverse("strategy-tree", args=[plan.slug]), "git-branch", is_part=True),
        MenuItem(_("Warnings"), reverse("action-warnings", args=[plan.slug]), "triangle-alert", is_part=True),
    ]
