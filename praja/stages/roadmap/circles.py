"""Which action needs which first, and the circle that a new need would close."""

from collections.abc import Collection, Iterable, Mapping

from praja.foundation.plans.models import Plan
from praja.stages.roadmap.models import Action, Dependency


def needs_of(plan: Plan) -> dict[int, set[int]]:
    """{key of an action: keys of those it needs first}, both in service; one query."""
    pairs = Dependency.objects.filter(
        withdrawn_at=None, action__plan=plan, action__withdrawn_at=None, needs__withdrawn_at=None
    ).order_by()
    found: dict[int, set[int]] = {}
    for action, needs in pairs.values_list("action_id", "needs_id"):
        found.setdefault(action, set()).add(needs)
    return found


def circle(needs: Mapping[int, Collection[int]], start: int) -> list[int]:
    """The shortest way from `start` over what it needs back to itself, both ends included; [] when there is none."""
    came_from: dict[int, int] = {}
    waiting = [start]
    for one in waiting:
        for needed in sorted(needs.get(one, ())):
            if needed == start:
                way = [start, one]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if needed not in came_from:
                came_from[needed] = one
                waiting.append(needed)
    return []


def in_words(plan: Plan, way: Iterable[int]) -> str:
    """The actions of a circle in order: "GOV-1.1 → GOV-1.2 → GOV-1.1"."""
    keys = list(way)
    names = {
        pk: code or title
        for pk, code, title in Action.objects.filter(plan=plan, pk__in=keys).values_list("pk", "code", "title")
    }
    return " → ".join(names.get(pk, str(pk)) for pk in keys)
