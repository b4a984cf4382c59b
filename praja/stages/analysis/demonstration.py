"""Fills the analysis of a demonstration: SWOT with strategies, gaps with the innovations that close them, vision, missions."""

import tomllib
from typing import Any

from django.conf import settings
from django.db import transaction

from praja.foundation.audit.actions import record
from praja.foundation.plans.models import Plan, SubDimension
from praja.stages.analysis.models import Gap, Mission, MissionGoal, SwotItem, SwotStrategy, VisionCandidate
from praja.stages.targets.models import DevelopmentMission

FILE = settings.PACKAGE / "data" / "demo" / "analysis.toml"
GAP_TEXTS = ("element", "now", "wanted", "gap", "cause", "needs", "priority", "source")


@transaction.atomic
def fill(plan: Plan, by: Any) -> None:
    """Everything that praja/data/demo/analysis.toml says, unless the plan has an analysis already.

    Innovations and the missions of the RPJMD are linked as far as they are there.
    """
    if plan.swot_items.exists():
        return
    with FILE.open("rb") as file:
        content = tomllib.load(file)
    about = {"plan": plan, "created_by": by, "updated_by": by}
    _fill_swot(content, plan, about)
    _fill_gaps(content["gap"], plan, about)
    for order, row in enumerate(content["candidate"], start=1):
        keys = ("acronym", "words", "keywords", "proposed_by", "note")
        values = {key: row[key] for key in keys if key in row}
        _said(VisionCandidate.objects.create(**about, order=order, text=row["text"], **values))
    _fill_missions(content["mission"], plan, about)


def _said(row: Any) -> None:
    """One line of history, as if it had been typed."""
    record("add", row, by=row.created_by, after={"text": str(row)})


def _fill_swot(content: dict[str, Any], plan: Plan, about: dict[str, Any]) -> None:
    dimensions = {one.key: one for one in plan.dimension_set.dimensions.all()}
    items = {}
    for order, row in enumerate(content["item"], start=1):
        values = {key: row[key] for key in ("kind", "text", "source", "keyword") if key in row}
        item = SwotItem.objects.create(**about, order=order, dimension=dimensions.get(row.get("dimension")), **values)
        items[row["key"]] = item
        _said(item)
    for order, row in enumerate(content["strategy"], start=1):
        strategy = SwotStrategy.objects.create(
            **about, order=order, kind=row["kind"], text=row["text"], dimension=dimensions.get(row.get("dimension"))
        )
        strategy.items.set([items[key] for key in row["items"]])
        _said(strategy)


def _fill_gaps(rows: list[dict[str, Any]], plan: Plan, about: dict[str, Any]) -> None:
    subs = {
        (one.dimension.key, one.key): one
        for one in SubDimension.objects.filter(dimension__set=plan.dimension_set).select_related("dimension")
    }
    # Asked by the name of the relation: innovations come later in the programme.
    innovations = {one.title: one for one in plan.innovations.filter(withdrawn_at=None)}
    for order, row in enumerate(rows, start=1):
        gap = Gap.objects.create(
            **about,
            order=order,
            sub_dimension=subs[tuple(row["sub"])],
            now_level=row["now_level"],
            wanted_level=row["wanted_level"],
            wanted_year=row["year"],
            closed_by=row["closed_by"],
            **{key: row[key] for key in GAP_TEXTS if key in row},
        )
        gap.innovations.set([innovations[title] for title in row["innovations"] if title in innovations])
        _said(gap)


def _fill_missions(rows: list[dict[str, Any]], plan: Plan, about: dict[str, Any]) -> None:
    development = list(DevelopmentMission.objects.in_service().filter(development_plan__plan=plan))
    for order, row in enumerate(rows, start=1):
        mission = Mission.objects.create(**about, order=order, text=row["text"])
        mission.serves.set([development[place - 1] for place in row["serves"] if place <= len(development)])
        MissionGoal.objects.bulk_create(
            MissionGoal(
                mission=mission,
                order=place,
                text=goal["text"],
                target=goal["target"],
                created_by=mission.created_by,
                updated_by=mission.created_by,
            )
            for place, goal in enumerate(row["goals"])
        )
        _said(mission)
