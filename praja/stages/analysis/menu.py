"""The lines of the analysis in the navigation."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: HttpRequest) -> list[MenuItem]:
    """The vision with what it follows from, and the masterplan that the region had before."""
    plan = plan_of_page(request)
    if plan is None:
        return []
    return [
        MenuItem(_("Analysis and vision"), reverse("vision", args=[plan.slug]), "compass"),
        MenuItem(_("SWOT"), reverse("swot", args=[plan.slug]), "layout-grid", is_part=True),
        MenuItem(_("Gaps"), reverse("gap-list", args=[plan.slug]), "chart-column", is_part=True),
        MenuItem(_("Missions"), reverse("mission-list", args=[plan.slug]), "flag", is_part=True),
        MenuItem(_("Earlier masterplan"), reverse("earlier-plan", args=[plan.slug]), "history", is_part=True),
    ]
