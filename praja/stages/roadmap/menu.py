"""The lines of this stage in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The action plan with its roadmap and money, the strategies above it, and what does not fit together."""
    plan = plan_of_page(request)
    if plan is None and request.user.may_anywhere(Can.BUDGET_CODES_LOAD):
        return [MenuItem(_("Budget codes"), reverse("budget-code-lists"), "list-checks")]
    if plan is None or "roadmap" not in plan.stages or not request.user.may_anywhere(Can.PLAN_VIEW):
        return []
    return [
        MenuItem(_("Action plan"), reverse("action-list", args=[plan.slug]), "list-checks"),
        MenuItem(
            _("Strategies and programmes"), reverse("strategy-tree", args=[plan.slug]), "git-branch", is_part=True
        ),
        MenuItem(_("Roadmap"), reverse("roadmap", args=[plan.slug]), "map", is_part=True),
        MenuItem(_("Plan and SIPD"), reverse("sipd", args=[plan.slug]), "wallet", is_part=True),
        MenuItem(_("Budget codes"), reverse("plan-codes", args=[plan.slug]), "key-round", is_part=True),
        MenuItem(_("Warnings"), reverse("action-warnings", args=[plan.slug]), "triangle-alert", is_part=True),
    ]
