"""What the search finds of this stage: innovations, by their texts, partners, indicators, evidence and unplaced columns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.evidence.models import Evidence
from praja.foundation.plans.models import Indicator
from praja.foundation.search.declared import Searched
from praja.stages.innovations.models import Innovation, Partner, Unplaced


def texts_below(pks: Sequence[int]) -> Mapping[int, Iterable[str]]:
    """The words of what belongs to each innovation."""
    evidence = Evidence.objects.filter(subject="innovations.innovation", subject_id__in=pks, withdrawn_at=None)
    lines = [
        *Partner.objects.filter(innovation_id__in=pks, withdrawn_at=None).values_list("innovation_id", "name"),
        *Indicator.objects.filter(innovation_id__in=pks, withdrawn_at=None).values_list("innovation_id", "name"),
        *evidence.values_list("subject_id", "title"),
        *evidence.exclude(file=None).values_list("subject_id", "file__name"),
        *Unplaced.objects.filter(innovation_id__in=pks, placed_at=None).values_list("innovation_id", "text"),
    ]
    texts = defaultdict(list)
    for pk, text in lines:
        texts[pk].append(text)
    return texts


SEARCHED = [
    Searched(
        key="inovasi",
        label=_("Innovation"),
        icon="lightbulb",
        rows=Innovation.objects.in_service,
        permission=Can.INNOVATION_VIEW,
        title="title",
        texts=(
            "long_name", "summary", "goal", "benefit", "result", "design", "uniqueness", "beneficiaries", "theme",
            "strategic_issue", "system_name", "sustainability", "growth_potential", "risk", "risk_mitigation",
            "needs_people", "needs_infrastructure", "needs_data", "legal_basis", "budget_code",
        ),
        more=texts_below,
        address="innovation-detail",
        dimension="dimension__key",
        state="state",
        is_it="is_it",
    )
]  # fmt: skip
