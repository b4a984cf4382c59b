"""The way of a row from an agency to the plan: whose turn it is, who takes which step, and who is told.

Draft → submitted by the operator → approved by the head of the agency → checked by the coordinator of the dimension →
accepted by the secretariat. A state says what happened last; whose turn it is follows from it and from the plan, which
may leave out the two steps in the middle. Source: docs of the programme, "who may do what" (method, section 1.4).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.models import Membership
from praja.foundation.accounts.permissions import Can
from praja.foundation.notices.actions import holders, tell
from praja.foundation.workflow.models import ON_THE_WAY, WITH_THE_AGENCY, State
from praja.foundation.workflow.steps import Step, Text, Workflow, nothing_bars


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


def dimensions_with_coordinator(plan: Any) -> frozenset[str] | None:
    """The keys of the dimensions that somebody checks; None when somebody checks all of them. Read once a page."""
    if not hasattr(plan, "covered_dimensions"):
        held = Membership.objects.current().filter(organisation=plan.government_id, role="dimension_coordinator")
        lists = list(held.values_list("dimensions", flat=True))
        covered = frozenset(key for keys in lists for key in keys)
        plan.covered_dimensions = None if any(not keys for keys in lists) else covered
    found: frozenset[str] | None = plan.covered_dimensions
    return found


def is_covered(row: Any) -> bool:
    """Whether a coordinator of its dimension exists; where there is none the secretariat checks, so that no row rests."""
    covered = dimensions_with_coordinator(row.plan)
    return covered is None or (row.dimension is not None and row.dimension.key in covered)


def is_turn_of(user: Any, row: Any, rights: Rights) -> bool:
    """Whether this person is the one who has to do something next; says the same as waiting.waiting_for."""
    turn = turn_of(row)
    if row.withdrawn_at or turn == Turn.NOBODY:
        return False
    if turn == Turn.HEAD:
        return user.may(rights.approve, row)
    if turn == Turn.SECRETARIAT:
        return user.may(rights.accept, row)
    if user.may_anywhere(rights.accept):  # the secretariat may check and mend everything, but is asked only for its own
        return turn == Turn.DIMENSION and user.may(rights.accept, row) and not is_covered(row)
    if turn == Turn.DIMENSION:
        return user.may(rights.check, row)
    return row.state == State.RETURNED and user.may(rights.write, row)


@dataclass(frozen=True)
class Words:
    """What is told on the way: English sources with %(agency)s and %(title)s, for many rows with %(number)s.

    `address` names the page of a row, `addresses` the list of a plan.
    """

    address: str
    addresses: str
    waiting: str
    accepted: str
    returned: str
    waiting_many: str
    accepted_many: str
    returned_many: str


def way_of_a_row(
    rights: Rights,
    *,
    missing: Callable[[Any], list[Text]],
    words: Words,
    bars: Callable[..., list[Text]] = nothing_bars,
) -> Workflow:
    """The table of steps of one kind of row; `bars` says what stands against submitting, such as a deadline."""

    def tell_next(rows: Sequence[Any], *, by: Any) -> None:
        found: dict[Any, list[Any]] = {}
        people = defaultdict(list)
        for row in rows:
            people[turn_of(row), row.organisation_id, row.dimension_id].append(row)
        for alike in people.values():
            for user in whose_turn(alike[0]):
                found.setdefault(user, []).extend(alike)
        found.pop(by, None)
        for user, mine in found.items():
            say(mine, words.waiting, words.waiting_many, words, [user], "giliran=saya")

    def tell_agency(one: str, many: str, query: str) -> Callable[..., None]:
        def told(rows: Sequence[Any], *, by: Any) -> None:
            del by
            for mine in by_agency(rows):
                say(mine, one, many, words, holders(mine[0].organisation, "operator", "agency_head"), query)

        return told

    returned = tell_agency(words.returned, words.returned_many, "giliran=saya")
    accepted = tell_agency(words.accepted, words.accepted_many, "status=accepted")
    head, dimension = waits_for(Turn.HEAD), waits_for(Turn.DIMENSION)
    return_title = _("Return with a remark")
    return Workflow(
        Step(
            "submit", _("Submit"), WITH_THE_AGENCY, State.SUBMITTED, rights.write,
            missing=missing, bars=bars, then=tell_next, is_main=True,
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
    """The accounts whose turn it is; the secretariat where a dimension has nobody, so that no row waits unseen."""
    turn, government = turn_of(row), row.plan.government
    if turn == Turn.HEAD:
        return holders(row.organisation, "agency_head")
    if turn == Turn.DIMENSION:
        found = holders(government, "dimension_coordinator", dimension=row.dimension.key)
        return found or holders(government, "coordinator")
    return holders(government, "coordinator") if turn == Turn.SECRETARIAT else []


def by_agency(rows: Iterable[Any]) -> list[list[Any]]:
    """The rows of each agency together."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.organisation_id, []).append(row)
    return list(found.values())


def say(rows: Sequence[Any], one: str, many: str, words: Words, users: list[Any], query: str) -> None:
    """Tell these accounts about a row, or in one notice about several: `query` filters the list that it opens."""
    row = rows[0]
    if len(rows) == 1:
        values = {"agency": row.organisation, "title": row.title}
        tell(users, one, values=values, address=reverse(words.address, args=[row.pk]))
        return
    address = reverse(words.addresses, args=[row.plan.slug])
    tell(users, many, values={"number": len(rows)}, address=f"{address}?{query}")
