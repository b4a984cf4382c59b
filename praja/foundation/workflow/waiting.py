"""What waits for a person: each role sees the rows on which it is its turn."""

from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.db.models import Count, Q

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import ReachQuerySet, reach_of
from praja.foundation.workflow.models import State
from praja.foundation.workflow.way import (
    HasWay,
    Rights,
    Turn,
    dimensions_with_coordinator,
    is_turn_of,
    states_at,
    turn_at,
)


def waiting_for(rows: ReachQuerySet, user: Any, plan: HasWay, rights: Rights) -> ReachQuerySet:
    """The rows of a plan on which it is this person's turn; says the same as way.is_turn_of for one row.

    Who accepts is not asked to mend, nor to check where a dimension has its own coordinator.
    """
    turns: list[tuple[Can, Q]] = [(rights.approve, Q(state__in=states_at(plan, Turn.HEAD)))]
    checking = states_at(plan, Turn.DIMENSION)
    if user.may_anywhere(rights.accept):
        covered = dimensions_with_coordinator(plan) if checking else None
        own = states_at(plan, Turn.SECRETARIAT) if covered is None else states_at(plan, Turn.SECRETARIAT) + checking
        condition = Q(state__in=own)  # one list of states, with nothing beside it, is what the index of states serves
        if covered:
            condition &= ~Q(state__in=checking, dimension__key__in=covered)
        turns.append((rights.accept, condition))
    else:
        turns += [(rights.write, Q(state=State.RETURNED)), (rights.check, Q(state__in=checking))]
    mine = Q(pk__in=[])
    for permission, condition in turns:
        if user.may_anywhere(permission):
            mine |= reach_of(user, permission) & condition
    return rows.filter(mine)


def mine_among(
    rows: Iterable[dict[str, Any]], user: Any, plan: HasWay, rights: Rights, dimensions: Iterable[Any]
) -> set[int]:
    """The keys of the rows of a list on which it is this person's turn, without asking the database about each.

    `rows` come from `.values()` of rows in service, with pk, state, dimension_id and organisation_path.
    """
    by_key = {dimension.pk: dimension for dimension in dimensions}
    found = set()
    for row in rows:
        whole = SimpleNamespace(**row, plan=plan, dimension=by_key.get(row["dimension_id"]), withdrawn_at=None)
        if is_turn_of(user, whole, rights):
            found.add(row["pk"])
    return found


def count_by_turn(plan: HasWay, *kinds: Any) -> Counter[Turn]:
    """How many rows of these kinds wait for whom; one query each."""
    found: Counter[Turn] = Counter()
    for rows in kinds:
        for state, number in rows.order_by().values_list("state").annotate(number=Count("pk")):
            found[turn_at(state, plan)] += number
    return found
