"""Pages of the region's figures: the list with what is missing, one short page for each, and the workbook."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.files.contents import XLSX
from praja.foundation.files.downloads import download
from praja.foundation.plans.addresses import plan_loader, plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.flow_views import sheet_page
from praja.foundation.statistics import actions
from praja.foundation.statistics.catalogue import kinds
from praja.foundation.statistics.figures import lines_of
from praja.foundation.statistics.forms import StatisticForm
from praja.foundation.statistics.models import Statistic
from praja.stages.readiness.statistic_sheet import StatisticsFlow


@require_safe
def statistic_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every kind of figure with its latest year, also those that nobody has written yet."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    lines = lines_of(plan.government)
    may_write = request.user.may(Can.ANALYSIS_WRITE, plan)
    figures = [figure for line in lines for figure in line.figures]
    wanted = request.GET.get("keadaan", "")
    if wanted == "belum-diperiksa":
        lines = [line for line in lines if any(figure.is_prefilled for figure in line.figures)]
    elif wanted == "belum-ada":
        lines = [line for line in lines if not line.figures]
    context = {
        "plan": plan,
        "lines": lines,
        "wanted": wanted,
        "has_figures": bool(figures),
        "number": sum(bool(line.figures) for line in lines),
        "not_looked_at": sum(figure.is_prefilled for figure in figures),
        "missing": len(kinds()) - len({figure.key for figure in figures if not figure.is_own}),
        "may_write": may_write,
        "to_prefill": actions.to_prefill(plan.government) if may_write else [],
    }
    return render(request, "readiness/statistics.html", context)


def load(request: SignedInRequest, slug: str, pk: int) -> tuple[Plan, Statistic]:
    """A figure that this person may change; else 404."""
    plan = plan_within_reach(request, slug, Can.ANALYSIS_WRITE)
    return plan, get_object_or_404(Statistic, organisation=plan.government, withdrawn_at=None, pk=pk)


@entry(
    "statistic-new",
    draft="statistic-new-draft",
    load=plan_loader(Can.ANALYSIS_WRITE),
)
def statistic_new(request: SignedInRequest, plan: Plan, slug: str) -> Entry:
    """A new figure, perhaps of a kind that was chosen on the list."""
    row = Statistic(organisation=plan.government, key="", version=0)
    asked = request.GET.get("jenis", "").replace("\0", "")[:60]  # a database takes no NUL
    known = Statistic.objects.filter(organisation=plan.government, key=asked, withdrawn_at=None).first()
    if known or asked in kinds():
        row.key, row.name = asked, known.name if known else ""
        row.unit, row.source = (known.unit, known.source) if known else ("", "")
    return Entry(
        row,
        form_class=StatisticForm,
        save=actions.save,
        template="readiness/statistic_edit.html",
        context={
            "plan": plan,
            "crumbs": crumbs(plan),
            "title": _("New figure"),
        },
        done=reverse("statistic-list", args=[slug]),
    )


@entry("statistic-edit", draft="statistic-draft", load=load)
def statistic_edit(_request: SignedInRequest, loaded: tuple[Plan, Statistic], slug: str, **_parts: Any) -> Entry:
    """Correct a figure; a pre-filled one was looked at once it is saved."""
    plan, row = loaded
    context = {
        "plan": plan,
        "crumbs": crumbs(plan),
        "title": row.title,
        "hint": kinds()[row.key].hint if not row.is_own else "",
        "history": history_of(row),
    }
    return Entry(
        row,
        form_class=StatisticForm,
        save=actions.save,
        template="readiness/statistic_edit.html",
        context=context,
        done=reverse("statistic-list", args=[slug]),
    )


@require_POST
def statistic_confirm(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """A pre-filled figure is right."""
    _plan, row = load(request, slug, pk)
    try:
        actions.confirm(row, by=request.user, version=posted_version(request))
        messages.success(request, _("Looked at: %(figure)s.") % {"figure": row})
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    return redirect("statistic-list", slug)


@require_POST
def statistic_withdraw(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Take a figure out."""
    _plan, row = load(request, slug, pk)
    try:
        actions.withdraw(row, by=request.user, version=posted_version(request))
        messages.success(request, _("The figure was withdrawn. It stays in the history."))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    return redirect("statistic-list", slug)


@require_POST
def statistic_prefill(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take over what the reference data know."""
    plan = plan_within_reach(request, slug, Can.ANALYSIS_WRITE)
    if number := actions.prefill(plan.government, by=request.user):
        sentence = ngettext(
            "%(count)d figure was taken over. Please look at it.",
            "%(count)d figures were taken over. Please look at each.",
            number,
        )
        messages.success(request, sentence % {"count": number})
    else:
        messages.info(request, _("The reference data know nothing new about this region."))
    return redirect("statistic-list", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def statistic_sheet(request: SignedInRequest, slug: str) -> HttpResponse:
    """Many figures at once, with a workbook."""
    plan = plan_within_reach(request, slug, Can.ANALYSIS_WRITE)
    return sheet_page(
        request,
        StatisticsFlow(plan, by=request.user),
        crumbs=crumbs(plan),
        downloads=[(_("Download the workbook"), reverse("statistic-template", args=[slug]))],
    )


@require_safe
def statistic_template(request: SignedInRequest, slug: str) -> HttpResponse:
    """The workbook with every figure as it stands."""
    flow = StatisticsFlow(plan_within_reach(request, slug, Can.ANALYSIS_WRITE))
    return download(flow.workbook(), name=f"statistik-{slug}.xlsx", kind=XLSX)


def crumbs(plan: Plan) -> list[tuple[str, str]]:
    """The way from the list to a page."""
    return [(_("Statistics"), reverse("statistic-list", args=[plan.slug]))]
