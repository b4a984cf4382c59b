"""The lines of the first pages in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The plan of the page (else the own one), its coverage, the regions of who reaches several, and notices."""
    items = []
    if plan := plan_of_page(request):
        items.append(MenuItem(_("Overview"), reverse("plan-home", args=[plan.slug]), "layout-dashboard"))
        items.append(MenuItem(_("Coverage"), reverse("coverage", args=[plan.slug]), "layout-grid"))
    if _reaches_several(request) or not plan:
        items.append(MenuItem(_("Regions"), reverse("region-list"), "map"))
    unread = request.user.notices.filter(read_at=None)
    items.append(MenuItem(_("Notices"), reverse("notice-list"), "bell", waiting=unread))
    return items


def _reaches_several(request: SignedInRequest) -> bool:
    """Whether a role is held above the regions: at the ministry, a province, or in more than one region."""
    organisations = [membership.organisation for membership in request.user.active_memberships]
    kinds = {
        one.government.region.kind if one.government.region else Organisation.Kind.MINISTRY for one in organisations
    }
    return (
        bool(kinds & {"province", Organisation.Kind.MINISTRY}) or len({one.government.pk for one in organisations}) > 1
    )
