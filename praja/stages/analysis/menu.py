"""The lines of the analysis in the navigation."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: HttpRequest) -> list[MenuItem]:
    """The vision of the plan, and the masterplan that the region had before."""
    plan = plan_of_page(request)
    if plan is None:
        return []
    return [
        MenuItem(_("Analysis and vision"), reverse("vision", args=[plan.slug]), "compass"),
        MenuItem(_("Earlier masterplan"), reverse("earlier-plan", args=[plan.slug]), "history", is_part=True),
    ]
