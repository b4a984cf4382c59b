"""The line of this stage in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem
from praja.foundation.workflow.waiting import waiting_for
from praja.stages.problems.steps import RIGHTS


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The problems, with how many wait for this person, and the same in short."""
    plan = plan_of_page(request)
    if plan is None or "problems" not in plan.stages or not request.user.may_anywhere(Can.PROBLEM_VIEW):
        return []
    waiting = waiting_for(plan.problems.in_service(), request.user, plan, RIGHTS)
    return [
        MenuItem(_("Problems"), reverse("problem-list", args=[plan.slug]), "clipboard-list", waiting=waiting),
        MenuItem(_("Problems in short"), reverse("problem-summary", args=[plan.slug]), "git-branch", is_part=True),
    ]
