"""Pages of the earlier masterplan: what it was, how much of it is decided, and its printed pages."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.files import pages
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.views import attachment
from praja.foundation.plans.addresses import plan_loader, plan_within_reach
from praja.foundation.plans.models import Plan
from praja.stages.analysis import earlier as actions
from praja.stages.analysis.earlier_deciding import Decision
from praja.stages.analysis.earlier_figures import earlier_figures
from praja.stages.analysis.earlier_forms import EarlierPlanForm
from praja.stages.analysis.earlier_loading import crumbs, load_earlier, tabs


@require_safe
def earlier_plan(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the earlier masterplan was, how much of it is decided, and what was dropped."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    earlier = actions.earlier_of(plan)
    context: dict[str, Any] = {
        "plan": plan,
        "earlier": earlier if earlier.pk else None,
        "may_set": request.user.may(Can.PLAN_SET_UP, plan),
        "may_import": request.user.may(Can.SHEET_IMPORT, plan),
    }
    if earlier.pk:
        figures = earlier_figures(earlier)
        context |= {
            "figures": figures,
            "key_figures": _key_figures(plan, figures.all),
            "dropped": [share.name for share in figures.dimensions if share.is_dropped],
            "tabs": tabs(plan, "summary"),
            "history": history_of(earlier),
        }
    return render(request, "analysis/earlier_plan.html", context)


def _key_figures(plan: Plan, share: Any) -> list[dict[str, Any]]:
    address = reverse("earlier-item-list", args=[plan.slug])
    return [
        {"label": _("Decided"), "value": share.decided, "of": _("of %(total)d") % {"total": share.total}, "url": address},
        {"label": Decision.CONTINUE.label, "value": share.continued, "url": f"{address}?keputusan=continue"},
        {"label": Decision.CHANGE.label, "value": share.changed, "url": f"{address}?keputusan=change"},
        {"label": Decision.STOP.label, "value": share.stopped, "url": f"{address}?keputusan=stop"},
    ]  # fmt: skip


@entry(
    "earlier-plan-edit",
    draft="earlier-plan-draft",
    load=plan_loader(Can.PLAN_SET_UP),
)
def earlier_plan_edit(_request: SignedInRequest, plan: Plan, slug: str) -> Entry:
    """Record the earlier masterplan."""
    return Entry(
        actions.earlier_of(plan),
        form_class=EarlierPlanForm,
        save=actions.set_earlier,
        template="analysis/earlier_plan_edit.html",
        context={"plan": plan, "crumbs": crumbs(plan)},
        done=reverse("earlier-plan", args=[slug]),
    )


@require_POST
def earlier_plan_file(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put up or change the PDF."""
    earlier = load_earlier(request, slug, Can.PLAN_SET_UP)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Choose a PDF first, then send it."))
        return redirect("earlier-plan", slug)
    try:
        actions.attach_file(earlier, upload, by=request.user)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
    except TooLate:
        messages.error(request, _("Somebody changed the earlier masterplan at the same moment. Please try again."))
    else:
        messages.success(request, _("The PDF is there; page numbers now open its pages."))
    return redirect("earlier-plan", slug)


@require_safe
def earlier_pdf(request: SignedInRequest, slug: str) -> FileResponse:
    """The whole PDF, for everybody who may see the plan."""
    earlier = load_earlier(request, slug)
    if earlier.file is None:
        raise Http404
    try:
        return attachment(earlier.file)
    except FileNotFoundError as problem:
        raise Http404 from problem


@require_safe
def earlier_page(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """One page of the PDF as a picture, with the programmes that stand on it."""
    earlier = load_earlier(request, slug)
    if earlier.page_count is None or not 1 <= number <= earlier.page_count:
        raise Http404
    printed = number - earlier.page_offset
    context = {
        "plan": earlier.plan,
        "earlier": earlier,
        "crumbs": crumbs(earlier.plan),
        "number": number,
        "printed": printed if printed > 0 else None,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < earlier.page_count else None,
        "items": earlier.items.in_service().filter(source_page=printed)[:50],
    }
    return render(request, "analysis/earlier_page.html", context)


@require_safe
def earlier_page_picture(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """The picture of one page."""
    earlier = load_earlier(request, slug)
    if earlier.file is None:
        raise Http404
    return pages.picture(request, earlier.file, number)
