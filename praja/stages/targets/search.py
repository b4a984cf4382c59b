"""What the search finds of this stage: targets with their indicators, and flagship programmes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.models import Indicator
from praja.foundation.search.declared import Searched
from praja.stages.targets.models import Flagship, Target


def names_of_indicators(pks: Sequence[int]) -> Mapping[int, Iterable[str]]:
    """What the targets are measured by."""
    texts = defaultdict(list)
    rows = Indicator.objects.filter(target_id__in=pks, withdrawn_at=None).values_list("target_id", "name")
    for pk, name in rows:
        texts[pk].append(name)
    return texts


def page_of_target(row: Mapping[str, Any]) -> str:
    """The page of a target."""
    return reverse("development-part", args=["sasaran", row["pk"]])


def page_of_flagship(row: Mapping[str, Any]) -> str:
    """The page of a flagship programme."""
    return reverse("development-part", args=["unggulan", row["pk"]])


SEARCHED = [
    Searched(
        key="sasaran",
        label=_("Target of the RPJMD"),
        icon="target",
        rows=Target.objects.in_service,
        permission=Can.PLAN_VIEW,
        title="text",
        texts=("number", "strategic_issue"),
        more=names_of_indicators,
        address=page_of_target,
    ),
    Searched(
        key="unggulan",
        label=_("Flagship programme"),
        icon="star",
        rows=Flagship.objects.in_service,
        permission=Can.PLAN_VIEW,
        title="text",
        texts=("description",),
        address=page_of_flagship,
    ),
]
