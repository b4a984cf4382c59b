"""Pages of the workbook of SWOT items and gaps: download it, hand it in, see every change, bring the chosen rows in."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any, BinaryIO

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.files.contents import XLSX
from praja.foundation.files.downloads import download
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.entries import EntrySheet
from praja.foundation.sheets.flow import Outcome, Preview, Said, SheetFlow
from praja.foundation.sheets.flow_views import sheet_page
from praja.stages.analysis import workbook
from praja.stages.analysis.applying import bring_in
from praja.stages.analysis.workbook_reading import judged, rows_of_file


class AnalysisFlow(SheetFlow):
    """SWOT items and gaps, each on a sheet of its own; an emptied cell empties ours."""

    title = gettext_lazy("SWOT and gaps from a sheet")
    lead = gettext_lazy(
        "The workbook holds everything that is there, and room for more. You see every change before anything is stored."
    )
    subject = gettext_lazy("Wording")
    hint = gettext_lazy("The workbook downloaded here, or a sheet of your own with titles as in it.")

    def __init__(self, plan: Plan, *, by: Any) -> None:
        self.plan, self.by = plan, by

    @cached_property
    def sheets(self) -> dict[str, EntrySheet]:
        """The columns of both."""
        return workbook.analysis_sheets(self.plan, self.by)

    def identity_of(self, said: Said) -> frozenset[str]:
        """The dimension of a gap only says where its sub-dimension belongs."""
        return frozenset({"dimension"}) if said.sheet == "gaps" else frozenset()

    def preview(self, file: BinaryIO, filename: str) -> Preview:
        """What the file would change; raises SheetError."""
        rows, notes = rows_of_file(file, filename, self.plan, self.sheets)
        self.refuse_too_many(max(Counter(said.sheet for said in rows).values(), default=0))
        lines = judged(rows, self.plan, self.sheets)
        self.refuse_too_long(lines)
        return Preview(lines, notes=notes)

    def store(self, chosen: Sequence[Said], *, state: str) -> Outcome:
        """Bring in the rows that still fit what the preview showed."""
        del state
        return bring_in(chosen, self.plan, by=self.by)


@require_http_methods(["GET", "HEAD", "POST"])
def analysis_sheet(request: SignedInRequest, slug: str) -> HttpResponse:
    """Hand a workbook in; then every row as it would become, and (apply) the chosen ones brought in."""
    plan = plan_within_reach(request, slug, Can.ANALYSIS_WRITE)
    return sheet_page(
        request,
        AnalysisFlow(plan, by=request.user),
        crumbs=[(_("SWOT"), reverse("swot", args=[slug]))],
        downloads=[(_("Download the workbook"), reverse("analysis-workbook", args=[slug]))],
    )


@require_safe
def analysis_workbook(request: SignedInRequest, slug: str) -> HttpResponse:
    """The workbook with everything that is there."""
    plan = plan_within_reach(request, slug, Can.ANALYSIS_WRITE)
    return download(workbook.written(plan, by=request.user), name=f"swot-kesenjangan-{slug}.xlsx", kind=XLSX)
