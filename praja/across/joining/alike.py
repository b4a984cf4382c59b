"""Which rows of a plan say the same: weighed once, kept in memory while nobody changes them."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import UUID

from praja.across.joining.kinds import Kind
from praja.across.joining.models import KeptApart
from praja.foundation.plans.models import Plan
from praja.foundation.similarity.likeness import Likeness, Pair, Vector, cosine, weigh

# Kept in memory of each process; a plan of a region has some hundred rows, of which each takes about 20 kB.
MOST_PLANS = 6
# A plan that an import has filled with thousands of rows is compared by its newest ones.
MOST_ROWS = 1_000
MOST_PAIRS = 500
MOST_FOUND = 12
# A title alone has few words: one that is shared may be enough, and nobody has to decide anything while typing.
WHILE_TYPING = 0.3
# Below this a text says something else than when its pair was kept apart.
SAME_TEXT = 0.75
State = dict[int, tuple[UUID, int]]


@dataclass
class Weighed:
    """The rows of one kind in one plan as they were at `state` (key to identity and version)."""

    state: State
    vectors: dict[int, Vector]
    likeness: Likeness

    @cached_property
    def pairs(self) -> list[Pair]:
        """Every two rows that are alike, the most alike first."""
        return self.likeness.pairs()[:MOST_PAIRS]


_lock = Lock()  # requests are answered by several threads
_kept: "OrderedDict[tuple[str, int], Weighed]" = OrderedDict()


def weighed(kind: Kind, plan: Plan) -> Weighed:
    """The rows of a plan ready to be compared: one query when nothing has changed, else a second for what has."""
    rows = kind.model.objects.in_service().filter(plan=plan)
    newest = rows.order_by("-pk").values_list("pk", "uid", "version")[:MOST_ROWS]
    state: State = {pk: (uid, version) for pk, uid, version in newest}
    key = kind.name, plan.pk
    before = _kept.get(key)
    if before is None or before.state != state:
        known = before.state if before else {}
        vectors = {pk: before.vectors[pk] for pk in state if known.get(pk) == state[pk]} if before else {}
        fields = list(kind.weights)
        if missing := [pk for pk in state if pk not in vectors]:
            for pk, *texts in rows.filter(pk__in=missing).order_by().values_list("pk", *fields):
                if pk in state:
                    vectors[pk] = weigh(list(zip(texts, kind.weights.values(), strict=True)))
        # A row that went between the two queries is compared the next time.
        state = {pk: version for pk, version in state.items() if pk in vectors}
        before = Weighed(state, vectors, Likeness(vectors))
    with _lock:
        _kept[key] = before
        _kept.move_to_end(key)
        while len(_kept) > MOST_PLANS:
            _kept.popitem(last=False)
    return before


def texts_of(kind: Kind, row: Any) -> list[tuple[str, float]]:
    """What is compared of a row."""
    return [(getattr(row, name) or "", weight) for name, weight in kind.weights.items()]


def compared_text(kind: Kind, row: Any) -> str:
    """What is compared of a row, as one text to be kept with a decision."""
    return "\n".join(text for text, _weight in texts_of(kind, row))


def says_the_same(before: str, now: str) -> bool:
    """Whether a text still says what it said when its pair was kept apart."""
    return before == now or cosine(weigh([(before, 1)]), weigh([(now, 1)])) >= SAME_TEXT


def kept_apart(kind: Kind, plan: Plan, rows: Weighed) -> set[tuple[int, int]]:
    """The pairs that somebody decided to keep as two, as long as neither text has changed much: one or two queries."""
    decided = KeptApart.objects.filter(plan=plan, kind=kind.name, withdrawn_at=None)
    found, changed = set(), []
    for one in decided:
        first, second = rows.state.get(one.first_id), rows.state.get(one.second_id)
        if first and second and (first[1], second[1]) != (one.first_version, one.second_version):
            changed.append(one)
        else:
            found.add((one.first_id, one.second_id))
    if changed:
        keys = {key for one in changed for key in (one.first_id, one.second_id)}
        texts = {row.pk: compared_text(kind, row) for row in kind.model.objects.filter(pk__in=keys)}
        found |= {
            (one.first_id, one.second_id)
            for one in changed
            if says_the_same(one.first_text, texts[one.first_id])
            and says_the_same(one.second_text, texts[one.second_id])
        }
    return found


def similar_to(
    kind: Kind, plan: Plan, texts: Iterable[tuple[str, float]], *, leaving: int = 0
) -> list[tuple[int, float]]:
    """The keys of the rows that say the same as a stored row (`leaving` it out) or as a title, with their likeness."""
    known = weighed(kind, plan).likeness
    row = weigh(list(texts))
    if leaving:
        return known.like(row, most=MOST_FOUND, leaving=[leaving])
    return known.like(row, most=MOST_FOUND, at_least=WHILE_TYPING, fewest=1)
