"""The line of the signing rounds in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.signing.tasks import waiting_for
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The signing rounds, with how many places wait for this person."""
    plan = plan_of_page(request)
    if plan is None or not request.user.may(Can.COMMITMENT_VIEW, plan):
        return []
    address = reverse("signing-list", args=[plan.slug])
    return [MenuItem(_("Signing rounds"), address, "signature", waiting=waiting_for(request.user, plan))]
