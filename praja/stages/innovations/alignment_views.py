"""Pages of the alignment: targets against dimensions, innovations without a target, targets without an innovation."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.filters import Filters, Names
from praja.foundation.plans.models import Plan
from praja.foundation.ui.lists import page_of
from praja.foundation.workflow.models import WITH_THE_AGENCY
from praja.stages.innovations.alignment import (
    AlignmentFigures,
    TargetFilters,
    alignment_figures,
    matrix,
    offered_holes,
    offered_orphans,
)
from praja.stages.innovations.steps import RIGHTS
from praja.stages.innovations.views import LIST_COLUMNS, SORTS


@require_safe
def alignment(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every target against the dimensions, with the number of innovations that serve it."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    filters = TargetFilters(request.GET, plan, request.user)
    figures = alignment_figures(plan)
    context = {
        **_frame(plan, figures, "matrix"),
        "filters": filters,
        "matrix": matrix(plan, filters),
        "key_figures": _key_figures(plan, figures),
    }
    return render(request, "innovations/alignment.html", context)


@require_safe
def alignment_orphans(request: SignedInRequest, slug: str) -> HttpResponse:
    """Innovations that serve no target, each with the thing to do."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    names = Names(plan, address="innovation-detail")
    filters = Filters(request.GET, names, sorts=SORTS, user=request.user, rights=RIGHTS, with_it=True)
    rows = filters.apply(offered_orphans(plan, request.user)).values(*LIST_COLUMNS)
    page = page_of(rows, order=filters.order, after=filters.after)
    user = request.user
    # What was handed in is changed by the secretariat only (workflow.changing); before that, by the agency.
    links_all = user.may(Can.INNOVATION_WRITE, plan) and user.may(Can.INNOVATION_ACCEPT, plan)
    links_own = user.may_within(Can.INNOVATION_WRITE, plan)
    context = {
        **_frame(plan, alignment_figures(plan), "orphans"),
        "filters": filters,
        "rows": [(names.named(row), links_all or (links_own and row["state"] in WITH_THE_AGENCY)) for row in page.rows],
        "page_of_rows": page,
        "has_targets": plan.targets.in_service().exists(),
        "may_view": user.may_within(Can.INNOVATION_VIEW, plan),
    }
    return render(request, "innovations/alignment_orphans.html", context)


@require_safe
def alignment_holes(request: SignedInRequest, slug: str) -> HttpResponse:
    """Targets that nobody serves, each with where to look for an innovation."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    filters = TargetFilters(request.GET, plan, request.user)
    rows = offered_holes(plan, filters).select_related("goal__mission").prefetch_related("dimensions", "agencies")
    context = {
        **_frame(plan, alignment_figures(plan), "holes"),
        "filters": filters,
        "page_of_rows": page_of(rows, order="pk", after=filters.after),
        "may_write": request.user.may_within(Can.INNOVATION_WRITE, plan),
    }
    return render(request, "innovations/alignment_holes.html", context)


def _frame(plan: Plan, figures: AlignmentFigures, current: str) -> dict[str, Any]:
    """What the three pages share."""
    pages = [
        ("matrix", "alignment", _("Targets and dimensions"), ""),
        ("orphans", "alignment-orphans", _("Innovations without a target"), figures.orphans),
        ("holes", "alignment-holes", _("Targets that nobody serves"), figures.holes),
    ]
    return {
        "plan": plan,
        "crumbs": [(_("RPJMD"), reverse("development-plan", args=[plan.slug]))],
        "tabs": [
            {"title": title, "url": reverse(name, args=[plan.slug]), "count": count, "is_current": key == current}
            for key, name, title, count in pages
        ],
    }


def _key_figures(plan: Plan, figures: AlignmentFigures) -> list[dict[str, Any]]:
    return [
        {
            "label": _("Targets that innovations serve"),
            "value": figures.served,
            "of": _("of %(total)d") % {"total": figures.targets},
            "url": reverse("alignment-holes", args=[plan.slug]),
        },
        {
            "label": _("Innovations that serve a target"),
            "value": figures.linked,
            "of": _("of %(total)d") % {"total": figures.innovations},
            "hint": _("handed in"),
            "url": reverse("alignment-orphans", args=[plan.slug]),
        },
    ]
