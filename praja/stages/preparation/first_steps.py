"""What is set and what still lacks before agencies can begin: the first steps of a new region."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Invitation, Membership, Organisation, Position
from praja.foundation.plans.models import Deadline, Plan, Request
from praja.stages.preparation.under_way import under_way

# Without a last day for these two, agencies do not know by when.
NEED_A_DAY = ("problems", "innovations")


@dataclass(frozen=True)
class FirstStep:
    """One line of the task list; `figures` says how far it is."""

    title: str
    url: str
    hint: str
    is_done: bool
    figures: str = ""


def first_steps(plan: Plan) -> list[FirstStep]:
    """The steps in the order in which they are best taken; two queries, and those of the offices on the way."""
    count = _counts(plan)
    agencies = count["agencies"]
    days = Deadline.objects.filter(plan=plan, stage__in=NEED_A_DAY, closes_on__isnull=False).count()
    slug = [plan.slug]

    def of(part: int, whole: int) -> str:
        return _("%(part)d of %(whole)d") % {"part": part, "whole": whole}

    return [
        FirstStep(
            _("Set years, horizons and dimensions of the plan"),
            reverse("plan-set-up", args=slug) + "#plan",
            _("Title, first and last year, guide and stages in use."),
            plan.year_from is not None and plan.year_to is not None,
        ),
        FirstStep(
            _("Put the coat of arms on pages and books"),
            reverse("plan-set-up", args=slug) + "#arms",
            _("A picture with a transparent ground looks best."),
            plan.arms_id is not None,
        ),
        FirstStep(
            _("Name the agencies"),
            reverse("agency-list", args=slug),
            _("From the typical list, from a sheet, or one by one."),
            agencies > 0,
            str(agencies) if agencies else "",
        ),
        FirstStep(
            _("Give each agency its government affairs"),
            reverse("agency-list", args=slug) + "?kurang=urusan",
            _("Innovations outside of them are flagged."),
            agencies > 0 and count["with_affairs"] == agencies,
            of(count["with_affairs"], agencies),
        ),
        FirstStep(
            _("Name the head of each agency"),
            reverse("agency-list", args=slug) + "?kurang=kepala",
            _("With acting status; papers and books print it."),
            agencies > 0 and count["with_head"] == agencies,
            of(count["with_head"], agencies),
        ),
        FirstStep(
            _("Decide what is asked of each agency"),
            reverse("request-list", args=slug),
            _("Problems, innovations, and in which dimensions."),
            agencies > 0 and count["decided"] == agencies,
            of(count["decided"], agencies),
        ),
        FirstStep(
            _("Invite an operator for each agency that is asked"),
            reverse("agency-list", args=slug) + "?kurang=operator",
            _("By a link in a ready text for WhatsApp; no e-mail is needed."),
            count["asked"] > 0 and count["staffed"] == count["asked"],
            of(count["staffed"], count["asked"]),
        ),
        FirstStep(
            _("Say by when problems and innovations are due"),
            reverse("deadline-list", args=slug),
            _("A last day for each stage, in the time zone of the region."),
            days == len(NEED_A_DAY),
            of(days, len(NEED_A_DAY)),
        ),
        *_offices(plan, count["asked"]),
    ]


def _offices(plan: Plan, asked: int) -> list[FirstStep]:
    """Who is missing on the way of a row, where the plan has the steps in the middle; at most seven queries."""
    if not asked or not (plan.head_approves or plan.dimension_checks):
        return []
    found, steps = under_way(plan), []
    words = _("%(part)d of %(whole)d")
    if plan.head_approves:
        steps.append(
            FirstStep(
                _("Invite the heads of agencies, or have them sign on paper"),
                reverse("proposal-list", args=[plan.slug]),
                _("Heads without an account sign the printed proposal sheet (Lembar Usulan) of their agency."),
                found.waiting_for_paper == 0,
                words % {"part": asked - len(found.headless), "whole": asked},
            )
        )
    if plan.dimension_checks:
        whole = plan.dimension_set.dimensions.count()
        steps.append(
            FirstStep(
                _("Invite a coordinator for each dimension"),
                reverse("invitation-new", args=[plan.slug])
                + f"?organisation={plan.government_id}&role=dimension_coordinator",
                _("Where a dimension has none, the secretariat checks itself."),
                not found.uncovered,
                words % {"part": whole - len(found.uncovered), "whole": whole},
            )
        )
    return steps


def agencies_of(plan: Plan) -> "models.QuerySet[Any]":
    """The agencies in service, each told whether it has affairs, a head, a request, an operator or an open invitation."""
    requests = Request.objects.filter(plan=plan, organisation=OuterRef("pk"), withdrawn_at=None)
    return (
        Organisation.objects.agencies()
        .filter(parent=plan.government)
        .annotate(
            has_affairs=Exists(Organisation.affairs.through.objects.filter(organisation=OuterRef("pk"))),
            has_head=Exists(Position.objects.filter(organisation=OuterRef("pk"), is_head=True, withdrawn_at=None)),
            is_decided=Exists(requests),
            is_asked=Exists(requests.filter(Q(asks_problems=True) | Q(asks_innovations=True))),
            has_operator=Exists(Membership.objects.filter(organisation=OuterRef("pk"), role="operator", ended_at=None)),
            has_invitation=Exists(
                Invitation.objects.filter(organisation=OuterRef("pk"), role="operator", used_at=None, withdrawn_at=None)
            ),
        )
    )


def _counts(plan: Plan) -> dict[str, int]:
    staffed = Q(is_asked=True) & (Q(has_operator=True) | Q(has_invitation=True))
    return agencies_of(plan).aggregate(
        agencies=Count("pk"),
        with_affairs=Count("pk", filter=Q(has_affairs=True)),
        with_head=Count("pk", filter=Q(has_head=True)),
        decided=Count("pk", filter=Q(is_decided=True)),
        asked=Count("pk", filter=Q(is_asked=True)),
        staffed=Count("pk", filter=staffed),
    )
