"""Agencies from a sheet: the workbook to fill in, and the page where it comes back."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.files.contents import XLSX
from praja.foundation.files.downloads import download
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.sheets.flow_views import sheet_page
from praja.foundation.sheets.writing import template
from praja.stages.preparation.sheet import AgencyFlow
from praja.stages.preparation.sheet import agency_sheet as columns


@require_http_methods(["GET", "HEAD", "POST"])
def agency_sheet(request: SignedInRequest, slug: str) -> HttpResponse:
    """Agencies from a CSV or workbook: upload, preview, add exactly the rows that are chosen."""
    plan = plan_within_reach(request, slug, Can.PLAN_SET_UP)
    return sheet_page(
        request,
        AgencyFlow(plan.government, by=request.user),
        crumbs=[(_("Agencies"), reverse("agency-list", args=[slug]))],
        downloads=[(_("An empty workbook to fill in"), reverse("agency-template", args=[slug]))],
    )


@require_safe
def agency_template(request: SignedInRequest, slug: str) -> HttpResponse:
    """An empty workbook to fill in."""
    plan_within_reach(request, slug, Can.PLAN_SET_UP)
    return download(template(columns(), _("Agencies")), name="perangkat-daerah.xlsx", kind=XLSX)
