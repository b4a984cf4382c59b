"""What the search finds of this stage: quick wins in force, by the words of their profiles, risks and months."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.search.declared import Searched
from praja.stages.quick_wins.models import PlannedMonth, QuickWin, Risk


def texts_below(pks: Sequence[int]) -> Mapping[int, Iterable[str]]:
    """The words of the risks and months of each quick win."""
    risks = Risk.objects.filter(quick_win_id__in=pks, withdrawn_at=None)
    months = PlannedMonth.objects.filter(quick_win_id__in=pks, withdrawn_at=None)
    texts: dict[int, list[str]] = defaultdict(list)
    for one in risks:
        texts[one.quick_win_id] += [one.factor, one.cause, one.structural, one.non_structural]
    for line in months:
        texts[line.quick_win_id].append(line.activity)
    return texts


SEARCHED = [
    Searched(
        key="quick-win",
        label=_("Quick win"),
        icon="star",
        rows=QuickWin.objects.in_service,
        permission=Can.QUICK_WIN_VIEW,
        title="innovation__title",
        texts=("acronym", "full_name", "problem", "attraction", "resources", "benefit_figures"),
        more=texts_below,
        address="quick-win-detail",
        dimension="dimension__key",
        state="state",
    )
]
