"""Pages of the workbook of SWOT items and gaps: download it, hand it in, see every change, bring the chosen rows in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.files.contents import XLSX
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.flow_views import UploadForm
from praja.foundation.sheets.reading import SheetError
from praja.stages.analysis import workbook, workbook_reading
from praja.stages.analysis.applying import bring_in


@require_http_methods(["GET", "HEAD", "POST"])
def analysis_sheet(request: SignedInRequest, slug: str) -> HttpResponse:
    """Hand a workbook in; then every row as it would become, and (apply) the chosen ones brought in."""
    plan = plan_within_reach(request, slug, Can.ANALYSIS_WRITE)
    if "apply" in request.POST:
        return _brought_in(request, plan)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    context: dict[str, Any] = {"plan": plan, "form": form}
    if is_sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            context["preview"] = workbook_reading.preview_of(upload, upload.name, plan, by=request.user)
        except SheetError as problem:
            form.add_error("file", str(problem))
    return render(request, "analysis/sheet.html", context, status=422 if form.errors else 200)


def _brought_in(request: SignedInRequest, plan: Plan) -> HttpResponse:
    chosen = list(dict.fromkeys(request.POST.getlist("row")))[: 2 * workbook_reading.MOST_ROWS]
    payloads = [request.POST.get(f"payload-{key}", "") for key in chosen]
    done, left = bring_in(payloads, plan, by=request.user)
    if done:
        sentence = ngettext("%(count)d row was brought in.", "%(count)d rows were brought in.", done)
        messages.success(request, sentence % {"count": done})
    if left:
        sentence = ngettext(
            "%(count)d row was left: somebody changed it, or it is there already.",
            "%(count)d rows were left: somebody changed them, or they are there already.",
            left,
        )
        messages.warning(request, sentence % {"count": left})
    if not done and not left:
        messages.info(request, _("Nothing was brought in: no row was chosen."))
    return redirect("swot", plan.slug)


@require_safe
def analysis_workbook(request: SignedInRequest, slug: str) -> HttpResponse:
    """The workbook with everything that is there."""
    plan = plan_within_reach(request, slug, Can.ANALYSIS_WRITE)
    response = HttpResponse(workbook.written(plan, by=request.user), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="swot-kesenjangan-{plan.slug}.xlsx"'
    response["Cache-Control"] = "private, no-cache"
    return response
