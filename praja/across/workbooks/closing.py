"""Which stages have closed for an agency: what comes back after that is stored, but submitting needs an exception."""

import datetime

from praja.foundation.plans.models import Deadline, DeadlineException, Plan
from praja.stages.preparation.stages import stages_in_use

STAGES = ("problems", "innovations")


def closed_stages(plan: Plan, path: str) -> list[tuple[str, datetime.date]]:
    """(name of the stage, its last day) of those that are over and for which the agency at `path` has no exception."""
    open_again = DeadlineException.objects.filter(
        plan=plan, organisation__path=path, withdrawn_at=None, closes_on__gte=plan.today
    )
    closed = Deadline.objects.filter(plan=plan, stage__in=STAGES, closes_on__lt=plan.today).exclude(
        stage__in=open_again.values("stage")
    )
    titles = {stage.key: str(stage.title) for stage in stages_in_use(plan.stages)}
    return [(titles[key], day) for key, day in closed.order_by("closes_on").values_list("stage", "closes_on")]
