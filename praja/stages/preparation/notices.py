"""Who is told what while a plan is being prepared."""

import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_noop

from praja.foundation.accounts.models import Membership
from praja.foundation.notices.actions import tell
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import NOTHING, long_date
from praja.stages.preparation.stages import STAGES

TITLES = {stage.key: stage.title for stage in STAGES}
ASKED = {"problems": Q(asks_problems=True), "innovations": Q(asks_innovations=True)}


def deadline_moved(plan: Plan, stage: str, *, before: datetime.date, after: datetime.date | None, reason: str) -> None:
    """Tell the agencies of which this stage asks something that its last day is another one now."""
    asked = plan.requests.asked().filter(ASKED.get(stage, Q())).values("organisation")
    members = Membership.objects.current().filter(organisation__in=asked, role__in=("operator", "agency_head"))
    values: dict[str, Any] = {
        "stage": TITLES.get(stage, stage),
        "before": in_words(before),
        "after": in_words(after),
        "reason": reason,
    }
    text = gettext_noop("The last day of “%(stage)s” moves from %(before)s to %(after)s: %(reason)s")
    users = dict.fromkeys(member.user for member in members.select_related("user"))
    tell(users, text, values=values, address=reverse("deadline-list", args=[plan.slug]))


def _day(day: datetime.date | None) -> str:
    return long_date(day) if day else NOTHING


in_words = lazy(_day, str)  # each account reads the date in its own language
