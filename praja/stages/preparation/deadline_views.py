"""The page of the deadlines: when each stage opens and closes, moved with a reason, with its working days."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import Line, history_of
from praja.foundation.drafts import actions as drafts
from praja.foundation.drafts.models import Draft
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Deadline, Plan
from praja.foundation.plans.working_days import day_off, is_decreed, working_day_before, working_days_left
from praja.foundation.ui.formats import long_date
from praja.stages.preparation import actions
from praja.stages.preparation.forms import DeadlineForm
from praja.stages.preparation.stages import Stage, stages_in_use
from praja.stages.preparation.views import saved

VERBS = ("set deadline", "move deadline")
RECENTLY = datetime.timedelta(days=7)
HISTORY_SHOWN = 20


@dataclass(frozen=True)
class StageLine:
    """One stage with its form and what is stored."""

    plan: Plan
    stage: Stage
    form: DeadlineForm
    deadline: Deadline | None

    @property
    def version(self) -> int:
        """The version that the page shows; 0 stands for "nothing stored yet"."""
        return self.deadline.version if self.deadline else 0

    @cached_property
    def working_days(self) -> int:
        """How many working days are left until it closes."""
        return working_days_left(self.plan, self.deadline.closes_on) if self.deadline and self.deadline.closes_on else 0

    @property
    def hint(self) -> str:
        """A friendly word about the last day; "" when there is nothing to say or it is over."""
        day = self.deadline.closes_on if self.deadline else None
        return hint_about(day) if day and day >= self.plan.today else ""


def hint_about(day: datetime.date) -> str:
    """What to know about a last day: offices are closed on it, or the joint leave of its year is not decreed yet."""
    if why := day_off(day):
        words = _(
            "On %(day)s offices are closed (%(why)s). Most people hand in on the last day: %(before)s would be kinder."
        )
        return words % {"day": long_date(day), "why": why, "before": long_date(working_day_before(day))}
    if not is_decreed(day.year):
        words = _("Joint leave of %(year)s is not decreed yet, as far as Praja knows; working days may become fewer.")
        return words % {"year": day.year}
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
def deadline_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """When each stage opens and closes."""
    plan = plan_within_reach(request, slug, Can.PLAN_SET_UP if request.method == "POST" else Can.PLAN_VIEW)
    stored = {
        deadline.stage: deadline
        for deadline in Deadline.objects.filter(plan=plan).select_related("plan__government__region")
    }
    lines = [
        StageLine(plan, stage, _form(request, stage, stored.get(stage.key)), stored.get(stage.key))
        for stage in stages_in_use(plan.stages)
    ]
    context: dict[str, Any] = {"plan": plan, "may_set_up": request.user.may(Can.PLAN_SET_UP, plan), "lines": lines}
    status = 200
    if request.method == "POST":
        status = 422
        if all([line.form.is_valid() for line in lines]):  # noqa: C419 - every form is to show its errors
            try:
                count = actions.save_deadlines(plan, [_dates(line) for line in lines], by=request.user)
            except actions.Conflict as conflict:
                drafts.keep(request.POST, by=request.user, address=request.path, kind=Draft.Kind.CONFLICT)
                context["differences"], status = conflict.differences, 409
            else:
                messages.success(request, saved(count))
                return redirect("deadline-list", slug)
    history = [line for line in history_of(plan) if line.verb in VERBS][:HISTORY_SHOWN]
    context |= {"history": history, "announcement": _announcement(plan, history)}
    return render(request, "preparation/deadlines.html", context, status=status)


def _form(request: SignedInRequest, stage: Stage, stored: Deadline | None) -> DeadlineForm:
    initial: dict[str, Any] = {"version": 0}
    if stored:
        initial = {"opens_on": stored.opens_on, "closes_on": stored.closes_on, "version": stored.version}
    return DeadlineForm(request.POST or None, prefix=stage.key, initial=initial, stored=stored)


def _dates(line: StageLine) -> actions.Dates:
    values = line.form.cleaned_data
    version = values["version"] or 0
    return actions.Dates(line.stage.key, version, values["opens_on"], values["closes_on"], values["reason"])


def _announcement(plan: Plan, history: list[Line]) -> str:
    """The text for messengers about the last move of these days; "" when there was none."""
    move = next((one for one in history if one.verb == "move deadline" and one.at > timezone.now() - RECENTLY), None)
    if move is None:
        return ""
    stage, before, after = move.changes[0]
    words = _(
        "Good day, colleagues. For the smart-city masterplan of %(region)s the days of “%(stage)s” change from "
        "%(before)s to %(after)s. Reason: %(reason)s. Thank you for your work."
    )
    values = {"region": plan.government.region, "stage": stage, "before": before, "after": after}
    return words % {**values, "reason": move.remark.rstrip(".")}
