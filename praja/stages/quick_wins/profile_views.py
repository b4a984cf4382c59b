"""Pages of the profiles of quick wins: the list of a plan, one on one page, its short pages, its way, remarks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.plans.models import BudgetLine, Indicator
from praja.foundation.remarks.fields import count_open, form_with_remarks, notes_of
from praja.foundation.remarks.pages import remark_answered, remark_left, remarks_on_page
from praja.foundation.ui import charts
from praja.foundation.workflow.pages import moved
from praja.foundation.workflow.steps import Choice
from praja.stages.quick_wins import profile
from praja.stages.quick_wins.models import PlannedMonth, QuickWin, Risk, Round
from praja.stages.quick_wins.nominee_forms import month_words
from praja.stages.quick_wins.nominee_views import doubt_about
from praja.stages.quick_wins.profile import RIGHTS, WORKFLOW, Doors
from praja.stages.quick_wins.profile_forms import SECTIONS, NewPositionForm, office
from praja.stages.quick_wins.reach import OF_A_ROUND, load_plan
from praja.stages.quick_wins.round_views import crumbs

RELATED = (
    *(f"round__{name}" for name in OF_A_ROUND),
    "innovation__dimension",
    "innovation__sub_dimension",
    "innovation__organisation",
    "plan__government__region",
    "plan__dimension_set",
    "nomination",
    "dimension",
    "organisation",
    "position__person",
)


def load(request: SignedInRequest, pk: int, permission: Can = Can.QUICK_WIN_VIEW) -> QuickWin:
    """The quick win, with what its profile holds, if this person reaches it; else 404."""
    rows = QuickWin.objects.in_service().within_reach(request.user, permission).filter(round__withdrawn_at=None)
    quick_win: QuickWin = get_object_or_404(profile.with_parts(rows).select_related(*RELATED), pk=pk)
    quick_win.plan = quick_win.innovation.plan = quick_win.round.plan
    quick_win.nomination.innovation = quick_win.innovation
    request.plan, request.government = quick_win.plan, quick_win.plan.government
    return quick_win


# --- the list ---------------------------------------------------------------------------------------------------------


@require_safe
def quick_win_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The quick wins of a plan that this person sees, a round at a time, by dimension."""
    plan = load_plan(request, slug)
    seen = QuickWin.objects.in_service().within_reach(request.user, Can.QUICK_WIN_VIEW).filter(plan=plan)
    rounds = list(plan.quick_win_rounds.in_service().filter(pk__in=seen.order_by().values("round")))
    shown = _chosen(rounds, request.GET.get("putaran", ""))
    rows = profile.with_parts(seen.filter(round=shown)).select_related(
        "dimension", "innovation__sub_dimension", "organisation", "position__person"
    )
    whole = len(profile.PARTS)
    context = {
        "plan": plan,
        "crumbs": crumbs(plan),
        "round": shown,
        "tabs": [
            {"title": one.title, "url": f"?putaran={one.pk}", "count": None, "is_current": one == shown}
            for one in rounds
        ],
        "rows": [(one, profile.long_name(one), whole - len(profile.lacking(one)), whole) for one in rows],
    }
    return render(request, "quick_wins/profile_list.html", context)


def _chosen(rounds: Sequence[Round], typed: str) -> Round | None:
    """The round that was asked for, else the newest."""
    return next((one for one in rounds if str(one.pk) == typed), rounds[0] if rounds else None)


# --- one quick win ----------------------------------------------------------------------------------------------------


@require_safe
def quick_win_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One quick win on one page: who, why, how, money, indicators, months, risks, and what its profile lacks."""
    quick_win = load(request, pk)
    user, innovation, round_ = request.user, quick_win.innovation, quick_win.round
    doors = profile.doors_of(quick_win, user)
    lacks = profile.lacking(quick_win)
    lines = list(innovation.budget_lines.filter(withdrawn_at=None).select_related("action"))
    months = profile.planned(quick_win)
    risks = list(quick_win.risks.filter(withdrawn_at=None))
    context = {
        **remarks_on_page(quick_win, user, SECTIONS, RIGHTS),
        "remarks_url": reverse("quick-win-remarks", args=[pk]),
        "plan": quick_win.plan,
        "crumbs": crumbs(quick_win.plan, (_("Profiles"), f"{reverse('quick-win-list', args=[quick_win.plan.slug])}?putaran={round_.pk}")),
        "quick_win": quick_win,
        "long_name": profile.long_name(quick_win),
        "innovation": innovation,
        "nominee": quick_win.nomination,
        "round": round_,
        "office": office(quick_win.position) if quick_win.position else "",
        "may_edit": doors.mends,
        "doors": {section: doors.of_innovation(section) for section in ("why", "how", "law", "money", "indicators", "partners")},
        "sees_innovation": doors.sees_innovation,
        "mends_innovation": doors.mends_innovation,
        "whole": len(profile.PARTS),
        "there": len(profile.PARTS) - len(lacks),
        "missing": doors.lacks(lacks),
        "choices": _with_doors(WORKFLOW.choices(quick_win, user), doors),
        "problems": [
            (problem, user.may(Can.PROBLEM_VIEW, problem))
            for problem in innovation.problems.in_service().select_related("organisation", "dimension")
        ],
        "budget_lines": lines,
        "total": sum(line.amount_rupiah for line in lines if line.stage != BudgetLine.Stage.REALISED),
        "doubt": doubt_about(quick_win.nomination, lines),
        "indicators": [_with_targets(one, round_.year) for one in _indicators(quick_win)],
        "partners": innovation.partners.filter(withdrawn_at=None),
        "months": [(month_words(month), line) for month, line in months],
        "has_plan": any(line for _month, line in months),
        "month_doubts": profile.doubts_about(months),
        "month_picture": _months_drawn([line for _month, line in months if line]),
        "risks": risks,
        "risk_picture": _risks_drawn(risks),
        "history": history_of(quick_win),
    }  # fmt: skip
    return render(request, "quick_wins/profile_detail.html", context)


def _with_doors(choices: Sequence[Choice], doors: Doors) -> list[Choice]:
    """The steps; what bars one says where it is mended."""
    barring = doors.lacks(part for part in profile.BARRING if not part.is_there(doors.quick_win))
    return [replace(one, missing=barring) if one.missing else one for one in choices]  # type: ignore[arg-type]


def _indicators(quick_win: QuickWin) -> Any:
    return quick_win.innovation.indicators.filter(withdrawn_at=None).prefetch_related("targets")


def _with_targets(indicator: Indicator, year: int) -> tuple[Indicator, Any, Any]:
    """An indicator with its target for the year of the round and its last one; None where there is none."""
    targets = list(indicator.targets.all())
    last = targets[-1] if targets and targets[-1].year != year else None
    return indicator, next((one for one in targets if one.year == year), None), last


def _months_drawn(lines: Sequence[PlannedMonth]) -> str:
    if not lines:
        return ""
    rows = [charts.Bar(month_words(one.month), [one.target_percent]) for one in lines]
    drawn = charts.bars(rows, title=_("Target by month"), write=lambda amount: f"{amount}%", most=profile.WHOLE)
    return mark_safe(drawn)  # noqa: S308 - every text in it was escaped by charts.py


def _risks_drawn(risks: Sequence[Risk]) -> str:
    if not risks:
        return ""
    marks = [
        charts.RiskMark(number, one.factor, one.likelihood, one.impact) for number, one in enumerate(risks, start=1)
    ]
    drawn = charts.risk_matrix(marks, title=_("Likelihood and impact of the risks"))
    return mark_safe(drawn)  # noqa: S308 - every text in it was escaped by charts.py


# --- its short pages --------------------------------------------------------------------------------------------------


def load_page(request: SignedInRequest, pk: int, section: str) -> QuickWin:
    """The quick win for one of its short pages; 404 for an unknown one, and for whoever never writes it."""
    quick_win = load(request, pk)
    if section not in SECTIONS or not profile.may_write(quick_win, request.user):
        raise Http404
    return quick_win


def _is_closed(request: SignedInRequest, quick_win: QuickWin) -> HttpResponse | None:
    """The answer to who writes a profile that rests now; None when it is open."""
    if profile.may_edit(quick_win, request.user):
        return None
    messages.warning(request, _("The profile is with the secretariat. Take it back before you change it, or ask for its return."))  # fmt: skip
    return redirect("quick-win-detail", quick_win.pk)


@entry("quick-win-edit", draft="quick-win-draft", load=load_page)
def quick_win_edit(request: SignedInRequest, quick_win: QuickWin, pk: int, section: str) -> Entry | HttpResponse:
    """One short page of the form."""
    if answer := _is_closed(request, quick_win):
        return answer
    title, form_class = SECTIONS[section]
    keys = list(SECTIONS)
    following = keys[keys.index(section) + 1 :]
    missing = profile.missing_by_section(quick_win)
    notes = notes_of(quick_win, SECTIONS, only_open=True)
    detail = reverse("quick-win-detail", args=[pk])
    doors = profile.doors_of(quick_win, request.user)
    context = {
        "plan": quick_win.plan,
        "crumbs": crumbs(quick_win.plan, (str(quick_win), detail)),
        "section": section,
        "title": title,
        "sections": [(key, name, missing.get(key, [])) for key, (name, _form) in SECTIONS.items()],
        "is_last": not following,
        "remark_counts": count_open(notes),
        "month_doubts": profile.doubts_about(profile.planned(quick_win)) if section == "months" else [],
        "innovation_url": reverse("innovation-detail", args=[quick_win.innovation_id]) if doors.sees_innovation else "",
    }
    return Entry(
        quick_win,
        form_class=form_with_remarks(form_class, notes),
        save=profile.save,
        template="quick_wins/profile_edit.html",
        context=context,
        done=reverse("quick-win-edit", args=[pk, following[0]]) if following else detail,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def quick_win_position(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add an office of the owner agency that cannot be chosen yet."""
    quick_win = load_page(request, pk, "identity")
    if answer := _is_closed(request, quick_win):
        return answer
    identity = reverse("quick-win-edit", args=[pk, "identity"])
    if quick_win.organisation is None:
        messages.warning(request, _("Choose the owner agency first and save; then add its position."))
        return redirect(identity)
    form = NewPositionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        same = quick_win.organisation.positions.filter(
            withdrawn_at=None, title=said["title"], person__name=said["name"]
        )
        if not same.exists():  # the form may be sent twice
            profile.add_position(quick_win.organisation, by=request.user, **said)
        messages.success(request, _("The position was added. Choose it now."))
        return redirect(identity)
    context = {
        "plan": quick_win.plan,
        "crumbs": crumbs(quick_win.plan, (str(quick_win), reverse("quick-win-detail", args=[pk]))),
        "quick_win": quick_win,
        "form": form,
        "back": identity,
    }
    return render(request, "quick_wins/profile_position.html", context, status=422 if form.is_bound else 200)


# --- its way, and remarks ---------------------------------------------------------------------------------------------


@require_POST
def quick_win_steps(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submit, take back, accept or return."""
    quick_win = load(request, pk)
    return moved(request, quick_win, profile.take_step, done=reverse("quick-win-detail", args=[pk]))


@require_POST
def quick_win_remarks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave a remark on the profile or on one field of it."""
    quick_win = load(request, pk)
    page = reverse("quick-win-detail", args=[pk])
    return remark_left(request, quick_win, sections=SECTIONS, rights=RIGHTS, page=page, url=request.path)


@require_POST
def quick_win_remark(request: SignedInRequest, pk: int, remark_pk: int) -> HttpResponse:
    """Answer and settle a remark, open it again, or take one's own away."""
    quick_win = load(request, pk)
    page = reverse("quick-win-detail", args=[pk])
    may_mend = profile.may_edit(quick_win, request.user)
    return remark_answered(request, quick_win, remark_pk, may_mend=may_mend, page=page)
