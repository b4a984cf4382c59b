"""The RPJMD from a sheet: upload, preview, bring in exactly the rows that are chosen; and the sheet to fill in."""

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.rows import TooLate
from praja.foundation.files.contents import XLSX
from praja.foundation.sheets.reading import SheetError
from praja.foundation.sheets.writing import template, write_xlsx
from praja.stages.targets import actions, sheet
from praja.stages.targets.models import DevelopmentPlan
from praja.stages.targets.tree import tree_of
from praja.stages.targets.views import crumbs, recorded

WORDS: dict[str, Promise] = {
    sheet.NEW: gettext_lazy("New"),
    sheet.CHANGES: pgettext_lazy("row of a sheet", "Changes"),
    sheet.THERE: gettext_lazy("Already there"),
    sheet.WRONG: gettext_lazy("To mend"),
}


class UploadForm(forms.Form):
    """The sheet that is handed in."""

    file = forms.FileField(
        label=gettext_lazy("Sheet of the RPJMD"),
        error_messages={"empty": gettext_lazy("This file is empty. Please choose another one.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def development_sheet(request: SignedInRequest, slug: str) -> HttpResponse:
    """Upload a sheet, look at every row, then bring in those that are chosen."""
    development_plan = recorded(request, slug, Can.ANALYSIS_WRITE)
    form = UploadForm()
    preview, status = None, 200
    if "apply" in request.POST:
        chosen = sorted(set(request.POST.getlist("row")), key=lambda text: (len(text), text))
        payloads = [request.POST.get(f"payload-{number}", "") for number in chosen]
        preview = sheet.preview_of_payloads(payloads, development_plan, request.user)
        if not preview.wrong and preview.state == request.POST.get("state"):
            return _brought_in(request, development_plan, preview)
        messages.warning(
            request, _("Somebody changed the RPJMD since you saw these rows. Look at them again, then bring them in.")
        )
        status = 409
    elif request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                preview = sheet.preview_of(upload, upload.name, development_plan, request.user)
            except SheetError as problem:
                form.add_error("file", str(problem))
        status = 422 if form.errors else 200
    context: dict[str, Any] = {
        "plan": development_plan.plan,
        "crumbs": crumbs(development_plan.plan),
        "form": form,
        "preview": preview,
        "rows": [(line, WORDS[line.status]) for line in preview.lines] if preview else [],
    }
    return render(request, "targets/sheet.html", context, status=status)


def _brought_in(request: SignedInRequest, development_plan: DevelopmentPlan, preview: sheet.Preview) -> HttpResponse:
    try:
        stored = actions.bring_in(preview.lines, development_plan, by=request.user)
    except TooLate:
        messages.warning(request, _("Somebody changed the RPJMD at the same moment. Please upload the sheet again."))
        return redirect(reverse("development-sheet", args=[development_plan.plan.slug]))
    if stored:
        sentence = ngettext("%(count)d row was brought in.", "%(count)d rows were brought in.", stored)
        messages.success(request, sentence % {"count": stored})
    else:
        messages.info(request, _("Nothing was different; everything stands as it was."))
    return redirect("development-plan", development_plan.plan.slug)


@require_safe
def development_template(request: SignedInRequest, slug: str) -> HttpResponse:
    """An empty workbook to fill in, with a sheet that explains its columns."""
    development_plan = recorded(request, slug, Can.ANALYSIS_WRITE)
    content = template(sheet.TreeSheet(development_plan, request.user), _("RPJMD"))
    return _workbook(content, "rpjmd-kosong.xlsx")


@require_safe
def development_contents(request: SignedInRequest, slug: str) -> HttpResponse:
    """The tree as a workbook: what goes out can be corrected and come back."""
    development_plan = recorded(request, slug, Can.PLAN_VIEW)
    columns = sheet.TreeSheet(development_plan, request.user)
    target = io.BytesIO()
    header = [str(column.title) for column in columns.columns]
    write_xlsx(target, _("RPJMD"), header, sheet.rows_of_tree(columns, tree_of(development_plan)))
    return _workbook(target.getvalue(), f"rpjmd-{slug}.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
