"""What the search finds of this stage: the vision, with the words of its acronym, and programmes of the earlier plan."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import ReachQuerySet
from praja.foundation.search.declared import Searched
from praja.stages.analysis.models import EarlierItem, Vision


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
]
