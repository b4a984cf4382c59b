"""What is done with the rules of a round: the usual ones, add, change, withdraw, and move the limit that bars every set."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.choosing.sets import Rule
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.workflow import withdrawal
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins.models import Nomination, Round, SelectionRule
from praja.stages.quick_wins.reach import CAN_BE_MENDED, held

Kind, Money = SelectionRule.Kind, Nomination.Money

# What a rule of each kind says; the first ones say of what it speaks, and no two rules of a round speak of the same.
OF_WHAT: dict[str, tuple[str, ...]] = {
    Kind.PER_DIMENSION: ("dimension",),
    Kind.BUDGET: ("year", "source"),
    Kind.PER_AGENCY: ("organisation",),
    Kind.STAFF_DAYS: ("organisation",),
    Kind.MONEY_STATES: (),
    Kind.FINISH_BY: (),
    Kind.NEEDS: ("nomination", "other"),
    Kind.EXCLUDES: ("nomination", "other"),
    Kind.MUST: ("nomination",),
    Kind.MUST_NOT: ("nomination",),
    Kind.NOT_IT: (),
    Kind.TARGET: ("target",),
}
LIMITS: dict[str, tuple[str, ...]] = {
    Kind.PER_DIMENSION: ("least", "most"),
    Kind.BUDGET: ("rupiah",),
    Kind.PER_AGENCY: ("most",),
    Kind.STAFF_DAYS: ("most",),
    Kind.MONEY_STATES: ("states",),
    Kind.FINISH_BY: ("day",),
    Kind.NOT_IT: ("least",),
    Kind.TARGET: ("least",),
}


def fields_of(kind: str) -> tuple[str, ...]:
    """The columns that a rule of this kind fills."""
    return (*OF_WHAT[kind], *LIMITS.get(kind, ()))


def usual(round_: Round, kind: str) -> dict[str, Any]:
    """What a new rule of this kind is proposed to say."""
    proposed: dict[str, dict[str, Any]] = {
        Kind.PER_DIMENSION: {"least": 1, "most": 1},
        Kind.BUDGET: {"year": round_.year},
        Kind.PER_AGENCY: {"most": 1},
        Kind.MONEY_STATES: {"states": [one for one in Money.values if one != Money.NONE_YET]},
        Kind.FINISH_BY: {"day": round_.ends_on},
        Kind.NOT_IT: {"least": 2},
        Kind.TARGET: {"least": 1},
    }
    return proposed.get(kind, {})


# The kinds whose usual rule fits every round; the others need a figure or a nominee first.
USUAL = (Kind.PER_DIMENSION, Kind.PER_AGENCY, Kind.MONEY_STATES, Kind.FINISH_BY, Kind.NOT_IT)


def rules_in_force(round_: Round) -> QuerySet[SelectionRule]:
    """The rules of a round that were not withdrawn."""
    return SelectionRule.objects.filter(round=round_, withdrawn_at=None)


def refuse_when_late(round_: Round) -> None:
    """Raise Refused once the decision sheet is on its way; until the transaction ends it does not set out."""
    if held(round_) not in CAN_BE_MENDED:
        raise Refused([_("The sheet is on its way to the head of region; its rules stay as they are.")])


def same_rule(round_: Round, kind: str, values: Mapping[str, Any], *, but: int | None = None) -> SelectionRule | None:
    """Another rule of this kind that speaks of the same; who excludes whom has no order."""
    own = [values.get(name) for name in OF_WHAT[kind]]
    same = [own, own[::-1]] if kind == Kind.EXCLUDES else [own]
    rows = (row for row in rules_in_force(round_).filter(kind=kind) if row.pk != but)
    return next((row for row in rows if [getattr(row, name) for name in OF_WHAT[kind]] in same), None)


@transaction.atomic
def add_rule(round_: Round, kind: str, values: Mapping[str, Any], *, by: Any) -> SelectionRule:
    """Add a rule; raises Refused when it is too late or one speaks of the same."""
    refuse_when_late(round_)
    if same_rule(round_, kind, values):
        raise Refused([_("There is a rule about this already. Change that one.")])
    made = SelectionRule.objects.create(round=round_, kind=kind, created_by=by, updated_by=by, **values)
    record("start", made, by=by, after={"kind": str(made.get_kind_display()), **values})
    return made


@transaction.atomic
def add_usual_rules(round_: Round, *, by: Any) -> int:
    """Add the usual rules of the kinds that the round has none of; how many. Raises Refused when it is too late."""
    refuse_when_late(round_)
    there = set(rules_in_force(round_).values_list("kind", flat=True))
    missing = [kind for kind in USUAL if kind not in there]
    for kind in missing:
        add_rule(round_, kind, usual(round_, kind), by=by)
    return len(missing)


@transaction.atomic
def save_rule(form: EntryForm, *, by: Any, version: int) -> None:
    """Store a rule from its page. Raises TooLate, Refused."""
    refuse_when_late(form.instance.round)
    save_entry(form, by=by, version=version)


@transaction.atomic
def withdraw_rule(rule: SelectionRule, *, by: Any, version: int) -> None:
    """Take a rule out. Raises Refused, TooLate."""
    refuse_when_late(rule.round)
    withdrawal.withdraw(rule, by=by, version=version, reason="")


def limit_moved(row: SelectionRule, rule: Rule, limit: int) -> tuple[str, int, int] | None:
    """(column, old limit, new limit) by which a row lets a sum reach `limit`; None when the row is no number.

    A rule that forbids or demands nominees by name, by their money or by their months gives way as a whole.
    """
    if row.kind not in LIMITS or row.kind in (Kind.MONEY_STATES, Kind.FINISH_BY):
        return None
    if rule.most is not None and limit > rule.most:
        return ("rupiah" if row.kind == Kind.BUDGET else "most"), rule.most, limit
    if rule.least is not None and limit < rule.least:
        return "least", rule.least, max(limit, 0)
    return None


@transaction.atomic
def apply_repair(rows: Mapping[int, dict[str, int]], round_: Round, *, by: Any) -> int:
    """Give each row its new limits ({} takes it out), and say how many changed. Raises Refused, TooLate."""
    refuse_when_late(round_)
    changed = 0
    for row in rules_in_force(round_).filter(pk__in=rows):
        values = rows[row.pk]
        if not values:
            withdrawal.withdraw(row, by=by, version=row.version, reason=_("No set of nominees could keep it."))
        else:
            before = {name: getattr(row, name) for name in values}
            update_if_unchanged(row, values, by=by, version=row.version)
            record("edit", row, by=by, before=before, after=values)
        changed += 1
    return changed
