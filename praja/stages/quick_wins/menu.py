"""The line of the quick wins in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.plans.models import Plan
from praja.foundation.ui.navigation import MOST_COUNTED, MenuItem
from praja.stages.quick_wins.models import Nomination
from praja.stages.quick_wins.nominee_forms import IS_INCOMPLETE
from praja.stages.quick_wins.reach import CAN_BE_MENDED, nominated_by, sees_quick_wins


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The quick wins, with how many nominees wait for this person to state what is still missing."""
    plan = plan_of_page(request)
    if plan is None or not request.user.may(Can.PLAN_VIEW, plan) or not sees_quick_wins(plan, request.user):
        return []
    address = reverse("round-list", args=[plan.slug])
    return [MenuItem(_("Quick wins"), address, "star", count=_count_waiting(plan, request))]


def _count_waiting(plan: Plan, request: SignedInRequest) -> int:
    """The nominees that this person writes about and that do not state everything yet: one query."""
    if not request.user.may_within(Can.QUICK_WIN_NOMINATE, plan):
        return 0
    rows = Nomination.objects.in_service().filter(
        IS_INCOMPLETE,
        round__plan=plan,
        round__withdrawn_at=None,
        round__state__in=CAN_BE_MENDED,
        innovation__in=nominated_by(request.user).order_by(),
    )
    return rows.order_by()[:MOST_COUNTED].count()
