"""The RPJMD of the demonstration, with the innovations that serve its targets."""

import tomllib
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from praja.foundation.audit.actions import record
from praja.foundation.plans.models import Indicator, IndicatorTarget, Plan
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Flagship, Goal, Target

FILE = settings.PACKAGE / "data" / "demo" / "targets.toml"


def fill(plan: Plan, by: Any) -> None:
    """Record the RPJMD of targets.toml for a plan whose agencies and innovations are there already."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    stamp = {"created_by": by, "updated_by": by}
    names = ("title", "regulation", "year_from", "year_to", "vision")
    row = DevelopmentPlan.objects.create(plan=plan, **{name: content[name] for name in names}, **stamp)
    record("set", row, by=by, after={"title": row.title})
    dimensions = {one.key: one for one in plan.dimension_set.dimensions.all()}
    agencies = {one.abbreviation: one for one in plan.government.children.agencies()}
    # Asked by the name of the relation: innovations come later in the programme.
    innovations: dict[str, Any] = {one.title: one for one in plan.innovations.all()}
    targets: dict[str, Target] = {}

    def concern(part: Any, line: Mapping[str, Any]) -> None:
        part.dimensions.set([dimensions[key] for key in line["dimensions"]])
        part.agencies.set([agencies[name] for name in line["agencies"]])
        record("add", part, by=by, after={"text": part.text})

    for first, line in enumerate(content["mission"]):
        place = {"number": str(first + 1), "text": line["text"], "order": first}
        mission = DevelopmentMission.objects.create(development_plan=row, **place, **stamp)
        record("add", mission, by=by, after={"text": mission.text})
        for second, below in enumerate(line["goal"]):
            place = {"number": f"{mission.number}.{second + 1}", "text": below["text"], "order": second}
            goal = Goal.objects.create(mission=mission, **place, **stamp)
            record("add", goal, by=by, after={"text": goal.text})
            for third, one in enumerate(below["target"]):
                place = {"number": f"{goal.number}.{third + 1}", "text": one["text"], "order": third}
                target = Target.objects.create(plan=plan, goal=goal, strategic_issue=one["issue"], **place, **stamp)
                targets[target.number] = target
                concern(target, one)
                _measure(target, one, content, stamp)
                for title in one.get("innovations", []):
                    innovations[title].targets.add(target)
    for order, line in enumerate(content["flagship"]):
        place = {"number": str(order + 1), "text": line["text"], "order": order}
        flagship = Flagship.objects.create(development_plan=row, description=line["description"], **place, **stamp)
        flagship.targets.set([targets[number] for number in line["targets"]])
        concern(flagship, line)


def _measure(target: Target, line: Mapping[str, Any], content: Mapping[str, Any], stamp: Mapping[str, Any]) -> None:
    """The indicators of a target: the baseline, then a value for each year."""
    years = range(content["year_from"], content["year_to"] + 1)
    for one in line["indicator"]:
        baseline, *values = one["values"]
        about = {name: one[name] for name in ("name", "unit", "source")}
        measure = {"level": Indicator.Level.OUTCOME, "baseline": baseline, "baseline_year": content["baseline_year"]}
        indicator = Indicator.objects.create(target=target, **about, **measure, **stamp)
        IndicatorTarget.objects.bulk_create(
            IndicatorTarget(indicator=indicator, year=year, value=value)
            for year, value in zip(years, values, strict=True)
        )
