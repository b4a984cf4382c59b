"""What the search finds of this stage: problems, by their texts, causes and data."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.search.declared import Searched
from praja.stages.problems.models import Cause, Problem


def texts_of_causes(pks: Sequence[int]) -> Mapping[int, Iterable[str]]:
    """The causes of each problem."""
    texts = defaultdict(list)
    causes = Cause.objects.filter(problem_id__in=pks, withdrawn_at=None).order_by("pk")
    for pk, text in causes.values_list("problem_id", "text"):
        texts[pk].append(text)
    return texts


SEARCHED = [
    Searched(
        key="permasalahan",
        label=_("Problem"),
        icon="clipboard-list",
        rows=Problem.objects.in_service,
        permission=Can.PROBLEM_VIEW,
        title="title",
        texts=("description", "affected", "location", "unit", "figure_source"),
        more=texts_of_causes,
        address="problem-detail",
        dimension="dimension__key",
        state="state",
    )
]
