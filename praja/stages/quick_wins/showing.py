"""A set of nominees as pages show it: cards by dimension, money by year and source, what differs, what a rule costs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from praja.foundation.choosing.sets import Best
from praja.foundation.plans.models import BudgetLine
from praja.foundation.ui.formats import decimal, long_date, rupiah
from praja.stages.quick_wins.choice import Asked
from praja.stages.quick_wins.models import Nomination, SelectionRule
from praja.stages.quick_wins.question import Nominee
from praja.stages.quick_wins.rules import limit_moved
from praja.stages.quick_wins.values import WHOLE

PLACES = 2


def points(value: float) -> str:
    """A value as people read it, the weighted sum: "2,85"."""
    return decimal(Decimal(value) / WHOLE, PLACES)


def share(part: int, whole: int) -> str:
    """A part of a value in per cent: "1,3%"; "–" of nothing."""
    return f"{decimal(Decimal(part) * 100 / whole, 1)}%" if whole else "–"


def source_words(source: str) -> str:
    """A source of money in words."""
    return str(BudgetLine.Source(source).label) if source in BudgetLine.Source.values else source


def by_key(asked: Asked, keys: Iterable[str]) -> dict[str, Nominee]:
    """The nominees of these keys; those that were withdrawn since are asked for once more."""
    found = {one.key: one for one in asked.nominees}
    wanted = {key for key in keys if key not in found and key.isdecimal()}
    if wanted:
        rows = Nomination.objects.filter(round=asked.round, pk__in=[int(key) for key in wanted])
        for row in rows.select_related("innovation__dimension", "innovation__organisation"):
            found[str(row.pk)] = Nominee(row, {}, frozenset())
    return found


def cards(asked: Asked, keys: Collection[str]) -> list[dict[str, Any]]:
    """Each nominee of a set as a card, by dimension and then by value."""
    names = by_key(asked, keys)
    worth = asked.question.values
    order: dict[int | None, int] = {one.pk: one.order for one in asked.round.plan.dimension_set.dimensions.all()}
    shown = [names[key] for key in keys if key in names]
    shown.sort(key=lambda one: (order.get(one.nomination.innovation.dimension_id, 99), -worth.get(one.key, 0), one.key))
    return [
        {
            "nominee": one.nomination,
            "dimension": one.nomination.innovation.dimension,
            "agency": one.nomination.innovation.organisation,
            "value": points(worth[one.key]) if one.key in worth else "–",
            "money": [(year, source_words(source), amount) for (year, source), amount in sorted(one.money.items())],
            "total": sum(one.money.values()),
        }
        for one in shown
    ]


def money_of(asked: Asked, keys: Collection[str]) -> dict[tuple[int, str], int]:
    """The planned rupiah of a set by year and source."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    for one in asked.nominees:
        if one.key in keys:
            for at, amount in one.money.items():
                found[at] += amount
    return dict(found)


def money_lines(before: Mapping[tuple[int, str], int], after: Mapping[tuple[int, str], int]) -> list[dict[str, Any]]:
    """Money by year and source of two sets, line by line."""
    return [
        {
            "year": key[0],
            "source": source_words(key[1]),
            "before": before.get(key, 0),
            "after": after.get(key, 0),
            "differs": before.get(key, 0) != after.get(key, 0),
        }
        for key in sorted({*before, *after})
    ]


def names_of(asked: Asked, keys: Iterable[str]) -> list[Nomination]:
    """The rows of these nominees, in a steady order."""
    wanted = sorted(keys)
    names = by_key(asked, wanted)
    return [names[key].nomination for key in wanted if key in names]


def compared(asked: Asked, best: Best, chosen: Collection[str], value: int) -> dict[str, Any]:
    """Another set beside the best one: what it is worth less, who leaves and who comes."""
    keys = frozenset(chosen)
    return {
        "value": points(value),
        "loss": points(best.value - value),
        "is_equal": best.value == value,
        "share": share(best.value - value, best.value),
        "leaves": names_of(asked, best.chosen - keys),
        "comes": names_of(asked, keys - best.chosen),
    }


def words_of(asked: Asked, keys: Iterable[str]) -> list[str]:
    """Rules in words; one that the round has no more says so."""
    return [asked.words.get(key) or _("a rule that the round does not have any more") for key in keys]


@dataclass(frozen=True)
class Binding:
    """The rules that bind: those that cost value, the costliest first, and those at whose limit the set stands at no cost.

    `numbers` say how many quick wins there are: without one of them more would be in, so what it costs says little.
    """

    costly: list[dict[str, Any]]
    numbers: list[dict[str, Any]]
    free: list[str]


def binding(asked: Asked, best: Best, worth: Mapping[str, int]) -> Binding:
    """What the rules cost; `worth`: by how much the best set were worth more without a rule, by its key."""
    rules = [one for one in asked.told if one.rule.key in best.tight or worth.get(one.rule.key)]
    found = Binding([], [], [])
    for one in sorted(rules, key=lambda one: -worth.get(one.rule.key, 0)):
        cost = worth.get(one.rule.key, 0)
        line = {"words": one.words, "cost": points(cost), "share": share(cost, best.value)}
        if not cost:
            found.free.append(one.words)
        elif one.row.kind == SelectionRule.Kind.PER_DIMENSION:
            found.numbers.append(line)
        else:
            found.costly.append(line)
    return found


# --- what would make a set possible ---------------------------------------------------------------------------------------


def repairs(asked: Asked, limits: Mapping[str, int]) -> tuple[list[dict[str, Any]], dict[int, dict[str, int]]]:
    """(in words what would have to change, {row of a rule: its new limits, {} to take it out}).

    A row that speaks of each dimension or agency has one limit for all, so the widest of its changes counts.
    """
    told = {one.rule.key: one for one in asked.told}
    changed: dict[int, dict[str, int]] = {}
    old: dict[int, dict[str, int]] = defaultdict(dict)
    rows: dict[int, SelectionRule] = {}
    for key, limit in limits.items():
        if key not in told:
            continue
        one = told[key]
        rows[one.row.pk] = one.row
        moved = limit_moved(one.row, one.rule, limit)
        values = changed.setdefault(one.row.pk, {})
        if moved is not None:
            column, before, after = moved
            widest = min if column == "least" else max
            values[column] = widest(values.get(column, after), after)
            old[one.row.pk][column] = before
    lines = [
        {
            "words": [one.words for one in asked.told if one.row.pk == pk and one.rule.key in limits],
            "changes": [
                {"what": what(rows[pk], name), "old": limit_words(rows[pk], old[pk][name]),
                 "new": limit_words(rows[pk], value)}
                for name, value in values.items()
            ],
            "is_out": not values,
        }
        for pk, values in changed.items()
    ]  # fmt: skip
    return lines, changed


def what(row: SelectionRule, column: str) -> str:
    """A limit of a rule in words."""
    return {"least": _("at least"), "most": _("at most"), "rupiah": _("at most")}[column] if row else ""


def limit_words(row: SelectionRule, value: int) -> str:
    """A limit with its unit."""
    return rupiah(value) if row.kind == SelectionRule.Kind.BUDGET else str(value)


def facts_of(nominee: Nomination) -> str:
    """Agency and month in one line."""
    agency = nominee.innovation.organisation
    done = _("done by %(day)s") % {"day": long_date(nominee.finishes_on)} if nominee.finishes_on else ""
    return ", ".join(filter(None, (str(agency) if agency else _("no agency"), done)))


def _dimension_of(nominee: Nomination) -> str:
    return str(nominee.innovation.dimension or "")


def _agency_of(nominee: Nomination) -> str:
    return str(nominee.innovation.organisation or _("no agency"))


def options(asked: Asked, keys: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """(key, title, dimension and agency) of nominees that have a value, by title."""
    wanted = asked.question.values if keys is None else keys
    found = [
        (
            one.key,
            " · ".join(filter(None, (str(one.nomination), _dimension_of(one.nomination), _agency_of(one.nomination)))),
        )
        for one in asked.nominees
        if one.key in wanted
    ]
    return sorted(found, key=lambda pair: pair[1].casefold())
