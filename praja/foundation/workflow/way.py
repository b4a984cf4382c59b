"""The way of a row from an agency to the plan: whose turn it is, who takes which step, and who is told.

Draft → submitted by the operator → approved by the head of the agency → checked by the coordinator of the dimension →
accepted by the secretariat. A state says what happened last; whose turn it is follows from it and from the plan, which
may leave out the two steps in the middle. Source: docs of the programme, "who may do what" (method, section 1.4).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.notices.actions import holders, tell
from praja.foundation.workflow.models import ON_THE_WAY, WITH_THE_AGENCY, State
from praja.foundation.workflow.steps import Step, Text, Workflow


class Turn(StrEnum):
    """Who has to do something next."""

    AGENCY = "agency"
    HEAD = "head"
    DIMENSION = "dimension"
    SECRETARIAT = "secretariat"
    NOBODY = "nobody"


class HasWay(Protocol):
    """A plan as far as the way of its rows asks it."""

    head_approves: bool
    dimension_checks: bool


class Rights(NamedTuple):
    """The permissions that the steps of one kind of row ask for."""

    write: Can
    approve: Can
    check: Can
    accept: Can


def turn_at(state: str, plan: HasWay) -> Turn:
    """Whose turn it is with a row in `state`."""
    if state in WITH_THE_AGENCY:
        return Turn.AGENCY
    if state == State.ACCEPTED:
        return Turn.NOBODY
    if state == State.SUBMITTED and plan.head_approves:
        return Turn.HEAD
    if state in (State.SUBMITTED, State.APPROVED) and plan.dimension_checks:
        return Turn.DIMENSION
    return Turn.SECRETARIAT


def turn_of(row: Any) -> Turn:
    """Whose turn it is with this row."""
    return turn_at(row.state, row.plan)


def states_at(plan: HasWay, turn: Turn) -> tuple[State, ...]:
    """The states in which a row of this plan waits for `turn`."""
    return tuple(state for state in State if turn_at(state, plan) == turn)


def waits_for(turn: Turn) -> Callable[[Any], bool]:
    """Whether it is the turn of `turn`, as a question to a row."""
    return lambda row: turn_of(row) == turn


@dataclass(frozen=True)
class Words:
    """What is told on the way: English sources with %(agency)s and %(title)s; `address` names the page of a row."""

    address: str
    waiting: str
    accepted: str
    returned: str


def way_of_a_row(rights: Rights, *, missing: Callable[[Any], list[Text]], words: Words) -> Workflow:
    """The table of steps of one kind of row."""

    def tell_next(row: Any, *, by: Any) -> None:
        del by
        say(row, words.waiting, words.address, whose_turn(row))

    def tell_agency(text: str) -> Callable[..., None]:
        def told(row: Any, *, by: Any) -> None:
            del by
            say(row, text, words.address, holders(row.organisation, "operator", "agency_head"))

        return told

    returned, accepted = tell_agency(words.returned), tell_agency(words.accepted)
    head, dimension = waits_for(Turn.HEAD), waits_for(Turn.DIMENSION)
    return_title = _("Return with a remark")
    return Workflow(
        Step(
            "submit", _("Submit"), WITH_THE_AGENCY, State.SUBMITTED, rights.write,
            missing=missing, then=tell_next, is_main=True,
        ),
        Step("take_back", _("Take back to mend it"), (State.SUBMITTED,), State.DRAFT, rights.write),
        Step(
            "approve", _("Approve for the agency"), (State.SUBMITTED,), State.APPROVED, rights.approve,
            when=head, then=tell_next, is_main=True,
        ),
        Step(
            "send_back", return_title, (State.SUBMITTED,), State.RETURNED, rights.approve,
            when=head, then=returned, needs_remark=True,
        ),
        Step(
            "approve_on_paper", _("Signed by the head on paper"), (State.SUBMITTED,), State.APPROVED,
            Can.PROPOSAL_CONFIRM, when=head, then=tell_next, has_button=False,
        ),
        Step(
            "check", _("Checked: on to the secretariat"), (State.SUBMITTED, State.APPROVED), State.CHECKED, rights.check,
            when=dimension, then=tell_next, is_main=True,
        ),
        Step(
            "ask_again", return_title, (State.SUBMITTED, State.APPROVED), State.RETURNED, rights.check,
            when=dimension, then=returned, needs_remark=True,
        ),
        Step(
            "accept", _("Accept"), ON_THE_WAY, State.ACCEPTED, rights.accept,
            when=waits_for(Turn.SECRETARIAT), then=accepted, is_main=True,
        ),
        Step(
            "return", return_title, (*ON_THE_WAY, State.ACCEPTED), State.RETURNED, rights.accept,
            then=returned, needs_remark=True,
        ),
    )  # fmt: skip


def whose_turn(row: Any) -> list[Any]:
    """The accounts whose turn it is; the secretariat where a step has nobody yet, so that no row waits unseen."""
    turn, government = turn_of(row), row.plan.government
    if turn == Turn.HEAD:
        return holders(row.organisation, "agency_head")
    if turn == Turn.DIMENSION:
        found = holders(government, "dimension_coordinator", dimension=row.dimension.key)
        return found or holders(government, "coordinator")
    return holders(government, "coordinator") if turn == Turn.SECRETARIAT else []


def say(row: Any, text: str, address: str, users: list[Any]) -> None:
    """Tell these accounts about a row."""
    values = {"agency": row.organisation, "title": row.title}
    tell(users, text, values=values, address=reverse(address, args=[row.pk]))
