"""The line of the quick wins in the navigation."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import reach_of
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.plans.models import Plan
from praja.foundation.ui.navigation import MenuItem
from praja.foundation.workflow.models import State as WorkState
from praja.stages.quick_wins.models import DecisionSheet, Nomination, QuickWin, Round, ScoreSheet, SheetStep
from praja.stages.quick_wins.nominee_forms import IS_INCOMPLETE
from praja.stages.quick_wins.offices import ORDER, PERMISSIONS, Office
from praja.stages.quick_wins.reach import CAN_BE_MENDED, nominated_by, sees_quick_wins


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The quick wins, with how much waits for this person."""
    plan = plan_of_page(request)
    if plan is None or not request.user.may(Can.PLAN_VIEW, plan) or not sees_quick_wins(plan, request.user):
        return []
    address = reverse("round-list", args=[plan.slug])
    return [MenuItem(_("Quick wins"), address, "star", waiting=waiting(plan, request.user))]


def waiting(plan: Plan, user: Any) -> QuerySet[Any]:
    """What waits for this person: nominees to state, score sheets, decision sheets, and profiles to accept or to mend."""
    first, *others = (rows.order_by().values("pk") for rows in _waiting(plan, user))
    return first.union(*others, all=True)


def _waiting(plan: Plan, user: Any) -> Iterable[QuerySet[Any]]:
    going = Round.objects.in_service().filter(plan=plan).order_by()
    scoring = going.filter(state=Round.State.SCORING)
    sheets = ScoreSheet.objects.filter(withdrawn_at=None, finished_at=None)
    yield sheets.filter(round__in=scoring.filter(scoring=Round.Scoring.BLIND), scorer=user)
    if user.may(Can.QUICK_WIN_SCORE, plan):
        of_groups = sheets.filter(round__in=scoring.filter(scoring=Round.Scoring.CONSENSUS), scorer=None)
        yield of_groups.filter(reach_of(user, Can.QUICK_WIN_SCORE, "round__organisation_path"))
    if user.may_within(Can.QUICK_WIN_NOMINATE, plan):
        own = nominated_by(user).order_by()
        open_rounds = going.filter(state__in=CAN_BE_MENDED)
        yield Nomination.objects.in_service().filter(IS_INCOMPLETE, round__in=open_rounds, innovation__in=own)
        returned = QuickWin.objects.in_service().filter(plan=plan, state=WorkState.RETURNED)
        yield returned.within_reach(user, Can.QUICK_WIN_NOMINATE)
    if user.may(Can.QUICK_WIN_RUN, plan):
        yield QuickWin.objects.in_service().filter(plan=plan, state=WorkState.SUBMITTED)
    on_the_way = DecisionSheet.objects.filter(round__in=going, state=DecisionSheet.State.ON_ITS_WAY)
    if turns := [office for office in PERMISSIONS if user.may(PERMISSIONS[office], plan)]:
        condition = Q(pk__in=[])
        for office in turns:
            condition |= _has_its_turn(office, user)
        yield on_the_way.filter(condition, scan=None)
    if user.may(Can.PROPOSAL_CONFIRM, plan):
        yield on_the_way.filter(scan__isnull=False).exclude(scanned_by=user)


def _has_its_turn(office: str, user: Any) -> Q:
    """The condition under which a sheet waits for the word of an office; several working groups speak, each person once."""
    steps = SheetStep.objects.filter(sheet=OuterRef("pk"))
    if office == Office.WORKING_GROUP:
        own = steps.filter(office=office, created_by=user)
        return Q(~Exists(steps.filter(office=Office.TEAM)), ~Exists(own))
    silent = Q(~Exists(steps.filter(office=office)))
    before = ORDER[: ORDER.index(Office(office))] if office in ORDER else ()
    return silent & Q(Exists(steps.filter(office=before[-1]))) if before else silent
