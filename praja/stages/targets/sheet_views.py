"""The RPJMD from a sheet: upload, preview, bring in exactly the rows that are chosen; and the sheet to fill in."""

import io
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.rows import TooLate
from praja.foundation.files.contents import XLSX
from praja.foundation.files.downloads import download
from praja.foundation.sheets.flow import WRONG, Outcome, Preview, Said, TableFlow
from praja.foundation.sheets.flow_views import sheet_page
from praja.foundation.sheets.writing import template, write_xlsx
from praja.stages.targets import actions
from praja.stages.targets.comparing import TreeLine, examine, state_of
from praja.stages.targets.models import DevelopmentPlan
from praja.stages.targets.sheet import TreeSheet, rows_of_tree
from praja.stages.targets.tree import tree_of
from praja.stages.targets.views import crumbs, recorded


class TreeFlow(TableFlow):
    """The tree from a sheet; its rows hang on each other, so they come in against the very tree that was shown."""

    title = gettext_lazy("RPJMD from a sheet")
    lead = gettext_lazy(
        "One row for each indicator, with its mission, goal and target before it. You see every row before anything is stored."
    )
    subject = gettext_lazy("Target and indicator")
    hint = gettext_lazy(
        "XLSX, ODS, XLS or CSV. Titles and order of the columns may be your own; an empty cell changes nothing."
    )
    most = 1_000

    def __init__(self, development_plan: DevelopmentPlan, *, by: Any) -> None:
        self.development_plan, self.by = development_plan, by

    @cached_property
    def sheet(self) -> TreeSheet:
        """The columns."""
        return TreeSheet(self.development_plan, self.by)

    def lacks(self, keys: Collection[str]) -> str:
        """A mission or a target is enough to begin with."""
        if {"mission", "target"} & set(keys):
            return ""
        return _("No column of this file seems to hold missions or targets. Give them the titles “Misi” and “Sasaran”.")

    def judged(self, rows: Sequence[Said]) -> list[TreeLine]:
        """Each row beside the tree."""
        return examine(self.sheet, rows, self.read(rows), self.development_plan)

    def state(self) -> str:
        """The tree as it is."""
        return state_of(self.development_plan)

    def store(self, chosen: Sequence[Said], *, state: str) -> Outcome:
        """All of the rows or, when the tree is another by now, none."""
        lines = self.judged(chosen)
        if state == self.state() and not any(line.status == WRONG for line in lines):
            try:
                return Outcome(actions.bring_in(lines, self.development_plan, by=self.by))
            except TooLate:
                lines = self.judged(chosen)
        return Outcome(again=Preview(lines, state=self.state()))


@require_http_methods(["GET", "HEAD", "POST"])
def development_sheet(request: SignedInRequest, slug: str) -> HttpResponse:
    """Upload a sheet, look at every row, then bring in those that are chosen."""
    development_plan = recorded(request, slug, Can.ANALYSIS_WRITE)
    return sheet_page(
        request,
        TreeFlow(development_plan, by=request.user),
        crumbs=crumbs(development_plan.plan),
        downloads=[
            (_("What is there now, as a workbook"), reverse("development-contents", args=[slug])),
            (_("An empty workbook to fill in"), reverse("development-template", args=[slug])),
        ],
    )


@require_safe
def development_template(request: SignedInRequest, slug: str) -> HttpResponse:
    """An empty workbook to fill in, with a sheet that explains its columns."""
    development_plan = recorded(request, slug, Can.ANALYSIS_WRITE)
    content = template(TreeSheet(development_plan, request.user), _("RPJMD"))
    return download(content, name="rpjmd-kosong.xlsx", kind=XLSX)


@require_safe
def development_contents(request: SignedInRequest, slug: str) -> HttpResponse:
    """The tree as a workbook: what goes out can be corrected and come back."""
    development_plan = recorded(request, slug, Can.PLAN_VIEW)
    columns = TreeSheet(development_plan, request.user)
    target = io.BytesIO()
    header = [str(column.title) for column in columns.columns]
    write_xlsx(target, _("RPJMD"), header, rows_of_tree(columns, tree_of(development_plan)))
    return download(target.getvalue(), name=f"rpjmd-{slug}.xlsx", kind=XLSX)
