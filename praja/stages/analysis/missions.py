"""The missions of the smart city beside those of the RPJMD: who serves which, and which none serves."""

from dataclasses import dataclass

from django.db.models import Prefetch

from praja.foundation.plans.models import Plan
from praja.stages.analysis.models import Mission, MissionGoal
from praja.stages.targets.models import DevelopmentMission


@dataclass(frozen=True)
class Missions:
    """The missions of a plan (with `live_goals` and `served`) and those of its RPJMD."""

    missions: list[Mission]
    development: list[DevelopmentMission]

    @property
    def unserved(self) -> list[DevelopmentMission]:
        """The missions of the RPJMD that no mission of the smart city serves."""
        served = {one.pk for mission in self.missions for one in mission.served}  # type: ignore[attr-defined]
        return [one for one in self.development if one.pk not in served]


def missions_of(plan: Plan) -> Missions:
    """The missions of a plan, in four queries."""
    goals = Prefetch("goals", MissionGoal.objects.filter(withdrawn_at=None), to_attr="live_goals")
    serves = Prefetch("serves", DevelopmentMission.objects.in_service(), to_attr="served")
    missions = plan.missions.in_service().prefetch_related(goals, serves)
    development = DevelopmentMission.objects.in_service().filter(development_plan__plan=plan)
    return Missions(list(missions), list(development))
