"""What the search finds of this stage: promises, by what is promised, the agency, the programme, indicators and years."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import ReachQuerySet
from praja.foundation.search.declared import Searched
from praja.stages.commitment.models import Obligation


def promises() -> ReachQuerySet:
    """What agencies promise or are asked to promise; what was dropped, or taken back with its list, is none."""
    rows = Obligation.objects.in_service().filter(list__withdrawn_at=None, list__commitment__withdrawn_at=None)
    return rows.exclude(state=Obligation.State.DROPPED)


def texts_beside(pks: Sequence[int]) -> Mapping[int, Iterable[str]]:
    """Of each promise its programme, the innovation it belongs to, its indicators and each of its years."""
    rows = Obligation.objects.filter(pk__in=pks).only("facts", "year_from", "year_to")
    return {one.pk: [text for text in _texts(one) if text] for one in rows}


def _texts(one: Obligation) -> Iterable[str]:
    yield one.facts.get("programme", "")
    yield one.facts.get("part_of", "")
    yield from (indicator["name"] for indicator in one.indicators)
    first, last = one.year_from, one.year_to
    if first and last and last - first < 100:
        yield " ".join(str(year) for year in range(first, last + 1))


def place_in_the_list(promise: Mapping[str, Any]) -> str:
    """The promise in the list of its agency; "" where the region has no plan."""
    return reverse("obligation", args=[promise["slug"], promise["pk"]]) if promise["slug"] else ""


SEARCHED = [
    Searched(
        key="butir-komitmen",
        label=_("Promise"),
        icon="handshake",
        rows=promises,
        permission=Can.COMMITMENT_VIEW,
        title="title",
        texts=("list__organisation__name",),
        more=texts_beside,
        address=place_in_the_list,
    )
]
