"""What is done with a round and its nominees: begin, nominate, withdraw, take the next step."""

import datetime
import tomllib
from functools import cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.plans.models import Plan
from praja.foundation.workflow import withdrawal
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.figures import printed
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins.models import Criterion, Nomination, QuickWin, Round, SelectionRule
from praja.stages.quick_wins.reach import CAN_BE_MENDED, held

State = Round.State
# What follows on what; back only as far as nothing is lost by it. A round whose sheet is on its way goes back with that
# sheet alone: when it is sent back, or taken back.
NEXT = {
    State.NOMINATING: (State.SCORING,),
    State.SCORING: (State.CHOOSING, State.NOMINATING),
    State.CHOOSING: (State.SCORING,),
    State.SUBMITTED: (),
    State.DECIDED: (),
}
OPEN_TO_NOMINEES = (State.NOMINATING, State.SCORING)


@cache
def default_criteria() -> tuple[dict[str, Any], ...]:
    """The criteria that a round begins with, as praja/data/quick_wins/criteria.toml says them."""
    path = settings.PACKAGE / "data" / "quick_wins" / "criteria.toml"
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["criterion"])


@transaction.atomic
def start_round(plan: Plan, *, title: str, starts_on: datetime.date, ends_on: datetime.date, by: Any) -> Round:
    """Begin a round with the criteria of the one before, else the default ones, and one of each dimension as rule.

    Raises Refused when this year has its round.
    """
    previous = plan.quick_win_rounds.filter(withdrawn_at=None).first()
    try:
        with transaction.atomic():
            made = Round.objects.create(
                plan=plan, title=title, year=starts_on.year, starts_on=starts_on, ends_on=ends_on,
                previous=previous, created_by=by, updated_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused([_("%(year)s has its round of quick wins already.") % {"year": starts_on.year}]) from None
    made.criteria.bulk_create(_criteria(made, previous, by=by))
    SelectionRule.objects.create(
        round=made, kind=SelectionRule.Kind.PER_DIMENSION, least=1, most=1, created_by=by, updated_by=by
    )
    record("begin round", made, by=by, after={"title": title, "year": made.year})
    return made


def _criteria(made: Round, previous: Round | None, *, by: Any) -> list[Criterion]:
    who = {"created_by": by, "updated_by": by}
    if previous is not None:
        names = ("key", "names", "hints", "heading", "kind", "weight", "order")
        rows = previous.criteria.filter(withdrawn_at=None)
        return [Criterion(round=made, **{name: getattr(row, name) for name in names}, **who) for row in rows]
    return [
        Criterion(
            round=made, key=one["key"], names=one["names"], hints=one["hints"], heading=one.get("heading", ""),
            kind=one.get("kind", Criterion.Kind.SCORED), order=order, **who,
        )
        for order, one in enumerate(default_criteria(), start=1)
    ]  # fmt: skip


def move(round_: Round, state: str, *, by: Any, version: int) -> None:
    """Take a round to its next state, or one back. Raises Refused, TooLate when somebody was faster."""
    if state not in NEXT[State(round_.state)]:
        raise Refused([_("This round cannot go there from where it is.")])
    before = round_.state
    with transaction.atomic():
        update_if_unchanged(round_, {"state": state}, by=by, version=version)
        record("move round", round_, by=by, before={"state": before}, after={"state": str(state)})


def may_be_nominated(round_: Round) -> Any:
    """The innovations of the plan that are not nominated in this round."""
    taken = round_.nominations.in_service().values("innovation")
    return printed(round_.plan).exclude(pk__in=taken)


@transaction.atomic
def nominate(
    round_: Round, innovation: Innovation, *, proposer: str, by: Any, continues: QuickWin | None = None
) -> Nomination:
    """Nominate an innovation of the plan; raises Refused when it is not one, was nominated, or nominating is over."""
    if held(round_) not in OPEN_TO_NOMINEES:
        raise Refused([_("Nominees are not taken any more; the set is being chosen.")])
    if not may_be_nominated(round_).filter(pk=innovation.pk).exists():
        raise Refused([_("Only an innovation that was accepted into the plan can be nominated, and only once.")])
    try:
        with transaction.atomic():
            made = Nomination.objects.create(
                round=round_,
                innovation=innovation,
                proposer=proposer,
                continues=continues,
                created_by=by,
                updated_by=by,
            )
    except IntegrityError:
        raise Refused([_("Somebody nominated this innovation a moment ago.")]) from None
    record("nominate", made, by=by, after={"innovation": innovation})
    return made


@transaction.atomic
def withdraw(nomination: Nomination, *, reason: str, by: Any, version: int) -> None:
    """Take a nominee out; rules that speak of it go with it. Raises Refused, TooLate."""
    if held(nomination.round) not in CAN_BE_MENDED:
        raise Refused([_("The sheet is on its way to the head of region; nobody is taken out of it now.")])
    if not reason.strip():
        raise Refused([_("Say why this nominee is withdrawn.")])
    withdrawal.withdraw(nomination, by=by, version=version, reason=reason)
    Nomination.objects.filter(pk=nomination.pk).update(reason=reason.strip())
    rules = SelectionRule.objects.filter(withdrawn_at=None)
    for rule in rules.filter(nomination=nomination) | rules.filter(other=nomination):
        withdrawal.withdraw(rule, by=by, version=rule.version, reason=reason)
