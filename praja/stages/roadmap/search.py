"""What the search finds of this stage: actions, by their texts, milestones and indicators."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.models import Indicator
from praja.foundation.search.declared import Searched
from praja.stages.roadmap.models import Action, ActionStage


def texts_below(pks: Sequence[int]) -> Mapping[int, Iterable[str]]:
    """The words of what belongs to each action."""
    lines = [
        *ActionStage.objects.filter(action__in=pks, withdrawn_at=None).values_list("action_id", "milestone"),
        *Indicator.objects.filter(action__in=pks, withdrawn_at=None).values_list("action_id", "name"),
    ]
    texts = defaultdict(list)
    for pk, text in lines:
        texts[pk].append(text)
    return texts


SEARCHED = [
    Searched(
        key="rencana-aksi",
        label=_("Action"),
        icon="list-checks",
        rows=Action.objects.in_service,
        permission=Can.PLAN_VIEW,
        title="title",
        texts=("code", "output", "place", "partners", "legal_basis", "budget_code", "note"),
        more=texts_below,
        address="action-detail",
        dimension="sub_dimension__dimension__key",
    )
]
