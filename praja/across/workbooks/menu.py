"""The line of workbooks in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.across.workbooks.reach import path_of_upload
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """For whoever writes for an agency of the plan."""
    plan = plan_of_page(request)
    if plan is None or not path_of_upload(request.user, plan):
        return []
    return [MenuItem(_("Workbooks"), reverse("workbook-list", args=[plan.slug]), "file-spreadsheet")]
