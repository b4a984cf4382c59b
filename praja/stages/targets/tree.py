"""The whole RPJMD at once, as pages, sheets and books read it: missions, their goals, their targets with indicators."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from praja.foundation.plans.models import Indicator
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Flagship, Goal, Target


@dataclass
class GoalBranch:
    """A goal with its targets; those carry `indicators_in_order`, and dimensions and agencies fetched before."""

    goal: Goal
    targets: list[Target] = field(default_factory=list)


@dataclass
class MissionBranch:
    """A mission with its goals."""

    mission: DevelopmentMission
    goals: list[GoalBranch] = field(default_factory=list)

    @property
    def targets(self) -> list[Target]:
        """The targets of all its goals."""
        return [target for goal in self.goals for target in goal.targets]


def indicators_in_order() -> Prefetch:
    """The indicators in service of each target with their yearly targets, as `indicators_in_order`."""
    rows = Indicator.objects.filter(withdrawn_at=None).prefetch_related("targets")
    return Prefetch("indicators", rows, to_attr="indicators_in_order")


def tree_of(development_plan: DevelopmentPlan) -> list[MissionBranch]:
    """Every mission in service with what hangs below it, in seven queries."""
    missions = {
        row.pk: MissionBranch(row) for row in DevelopmentMission.objects.in_service().filter(development_plan=development_plan)
    }  # fmt: skip
    goals: dict[int, GoalBranch] = {}
    for goal in Goal.objects.in_service().filter(mission__in=missions):
        goals[goal.pk] = branch = GoalBranch(goal)
        missions[goal.mission_id].goals.append(branch)
        goal.mission = missions[goal.mission_id].mission
    targets = Target.objects.in_service().filter(goal__in=goals)
    for target in targets.prefetch_related("dimensions", "agencies", indicators_in_order()):
        goals[target.goal_id].targets.append(target)
        target.goal = goals[target.goal_id].goal
    return list(missions.values())


def flagships_of(development_plan: DevelopmentPlan) -> list[Flagship]:
    """The flagship programmes in service with their dimensions, agencies and targets, in four queries."""
    rows = Flagship.objects.in_service().filter(development_plan=development_plan)
    return list(rows.prefetch_related("dimensions", "agencies", "targets"))
