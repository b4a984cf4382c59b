"""The line of the RPJMD in the navigation."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: HttpRequest) -> list[MenuItem]:
    """The region's five-year plan."""
    plan = plan_of_page(request)
    if plan is None:
        return []
    return [MenuItem(_("RPJMD: goals and targets"), reverse("development-plan", args=[plan.slug]), "target")]
