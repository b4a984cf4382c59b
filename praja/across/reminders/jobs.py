"""Keeping how each plan stood when its week began."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from praja.across.reminders.actions import keep_week, monday_of
from praja.across.reminders.models import Week
from praja.foundation.jobs.progress import Progress
from praja.foundation.plans.models import Plan, Request
from praja.stages.innovations.coverage import coverage


def keep_weeks(progress: Progress) -> None:
    """One line for each plan that asks something and has none for its week; called every night, it writes on Mondays."""
    asking = Exists(Request.objects.asked().filter(plan=OuterRef("pk")))
    plans = Plan.objects.filter(asking, withdrawn_at=None).select_related("government__region", "dimension_set")
    lately = timezone.localdate() - timedelta(days=14)  # no zone is further from another than a week
    kept = set(Week.objects.filter(starts_on__gte=lately).order_by().values_list("plan_id", "starts_on"))
    waiting = [plan for plan in plans if (plan.pk, monday_of(plan.today)) not in kept]
    for number, plan in enumerate(waiting):
        progress(number, len(waiting))
        keep_week(coverage(plan))
