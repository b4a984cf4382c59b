"""What the search finds of this stage: SWOT, gaps, vision and candidates, missions, programmes of the earlier plan."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import ReachQuerySet
from praja.foundation.search.declared import Searched
from praja.stages.analysis.models import (
    EarlierItem,
    Gap,
    Mission,
    MissionGoal,
    SwotItem,
    SwotStrategy,
    Vision,
    VisionCandidate,
)


def visions() -> ReachQuerySet:
    """Those in force."""
    return Vision.objects.filter(withdrawn_at=None)


def words_of_acronyms(pks: Sequence[int]) -> Mapping[int, Iterable[str]]:
    """The words that the letters stand for."""
    visions = Vision.objects.filter(pk__in=pks).values_list("pk", "words")
    return {pk: [str(line.get("word", "")) for line in words or ()] for pk, words in visions}


def page_of_the_plan(vision: Mapping[str, Any]) -> str:
    """The page of the vision in its plan."""
    return reverse("vision", args=[vision["slug"]])


def goals_of_missions(pks: Sequence[int]) -> Mapping[int, Iterable[str]]:
    """The goals and targets of each mission."""
    texts: dict[int, list[str]] = defaultdict(list)
    goals = MissionGoal.objects.filter(mission_id__in=pks, withdrawn_at=None).order_by("order", "pk")
    for pk, text, target in goals.values_list("mission_id", "text", "target"):
        texts[pk] += [text, target]
    return texts


def page_of(entry: str) -> Callable[[Mapping[str, Any]], str]:
    """The page of a row of one kind."""
    return lambda row: reverse("analysis-entry", args=[entry, row["pk"]])


SEARCHED = [
    Searched(
        key="visi",
        label=_("Vision"),
        icon="compass",
        rows=visions,
        permission=Can.PLAN_VIEW,
        title="text",
        texts=("acronym", "paper", "set_by_name"),
        more=words_of_acronyms,
        address=page_of_the_plan,
    ),
    Searched(
        key="masterplan-lama",
        label=_("Programme of the earlier masterplan"),
        icon="history",
        rows=EarlierItem.objects.in_service,
        permission=Can.PLAN_VIEW,
        title="title",
        texts=("description", "agency_text", "dimension_text", "reason", "number"),
        address="earlier-item",
        dimension="dimension__key",
    ),
    Searched(
        key="swot",
        label=_("SWOT item"),
        icon="layout-grid",
        rows=SwotItem.objects.in_service,
        permission=Can.PLAN_VIEW,
        title="text",
        texts=("keyword", "source"),
        address=page_of("butir-swot"),
        dimension="dimension__key",
    ),
    Searched(
        key="strategi-swot",
        label=_("SWOT strategy"),
        icon="layout-grid",
        rows=SwotStrategy.objects.in_service,
        permission=Can.PLAN_VIEW,
        title="text",
        texts=(),
        address=page_of("strategi-swot"),
        dimension="dimension__key",
    ),
    Searched(
        key="kesenjangan",
        label=_("Gap"),
        icon="chart-column",
        rows=Gap.objects.in_service,
        permission=Can.PLAN_VIEW,
        title="element",
        texts=("now", "wanted", "gap", "cause", "needs", "source"),
        address=page_of("kesenjangan"),
        dimension="sub_dimension__dimension__key",
    ),
    Searched(
        key="calon-visi",
        label=_("Candidate for the vision"),
        icon="compass",
        rows=VisionCandidate.objects.in_service,
        permission=Can.PLAN_VIEW,
        title="text",
        texts=("acronym", "proposed_by", "note"),
        address=page_of("calon-visi"),
    ),
    Searched(
        key="misi",
        label=_("Mission"),
        icon="flag",
        rows=Mission.objects.in_service,
        permission=Can.PLAN_VIEW,
        title="text",
        texts=(),
        more=goals_of_missions,
        address=page_of("misi"),
    ),
]
