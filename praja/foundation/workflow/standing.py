"""How far a row is, in words for each reader, and the way it has to go with who did what when."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Position
from praja.foundation.audit.history import Line
from praja.foundation.notices.actions import holders
from praja.foundation.workflow.models import State
from praja.foundation.workflow.way import HasWay, Rights, Turn, is_covered, is_turn_of, turn_at, turn_of

Text = Promise | str

SHORT: dict[Turn, Text] = {
    Turn.HEAD: gettext_lazy("With the head of agency"),
    Turn.DIMENSION: gettext_lazy("With the dimension coordinator"),
    Turn.SECRETARIAT: gettext_lazy("With the secretariat"),
}
# A row goes back to its agency and begins the way anew.
RETURNS = ("send_back", "ask_again", "return")
# Each station of the way: the steps by which a row passes it, and whose turn it is there.
PASSED_BY: dict[Turn, tuple[str, ...]] = {
    Turn.AGENCY: ("submit",),
    Turn.HEAD: ("approve", "approve_on_paper"),
    Turn.DIMENSION: ("check",),
    Turn.SECRETARIAT: ("accept",),
}
PASSED = tuple(step for steps in PASSED_BY.values() for step in steps)
REACHED = {Turn.HEAD: State.APPROVED, Turn.DIMENSION: State.CHECKED}


def short_words(state: str, plan: HasWay) -> Text:
    """Where a row stands, in the few words of a list."""
    turn = turn_at(state, plan)
    # Accepted is "accepted", and what the agency has is a draft or returned.
    return SHORT.get(turn) or State(state).label


def words_for(row: Any, user: Any, rights: Rights) -> str:
    """Where a row stands, for this reader: "Waits for you", else who has it."""
    if is_turn_of(user, row, rights):
        return _("Returned to you") if row.state == State.RETURNED else _("Waits for you")
    return whereabouts(row)


def whereabouts(row: Any) -> str:
    """Who has the row now, as a sentence that an agency understands."""
    turn = turn_of(row)
    if turn == Turn.HEAD:
        return _("Waits for the approval of the head of agency")
    if turn == Turn.DIMENSION and is_covered(row):
        return _("Being checked by the coordinator of %(dimension)s") % {"dimension": row.dimension}
    if turn in (Turn.DIMENSION, Turn.SECRETARIAT):
        return _("Being checked by the secretariat")
    if row.state == State.RETURNED:
        return _("Returned: the agency mends it")
    return str(State(row.state).label)


@dataclass(frozen=True)
class Station:
    """One station of the way: `state` is "done", "current" or "later"; `who` and `at` of whoever passed it."""

    title: Text
    state: str
    who: str = ""
    at: datetime.datetime | None = None
    hint: str = ""


@dataclass(frozen=True)
class Round:
    """What happened since the row last began its way: the lines by step, and the line by which it was returned."""

    steps: dict[str, Line] = field(default_factory=dict)
    sent_back: Line | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def round_of(history: Iterable[Line]) -> Round:
    """The present round from a history, newest first; `changes`: each field that changed since it was returned."""
    steps: dict[str, Line] = {}
    changes: dict[str, tuple[str, str, str]] = {}
    was_taken_back = False
    for line in history:
        if line.verb in RETURNS:
            return Round(steps, line, [change for change in changes.values() if change[1] != change[2]])
        if line.verb in PASSED:
            if not was_taken_back:
                steps.setdefault(line.verb, line)
        elif line.verb == "take_back":
            was_taken_back = True
        else:
            for label, before, after in line.changes:
                newer = changes.get(label)
                changes[label] = (label, before, newer[2] if newer else after)
    return Round(steps)


def stations(row: Any, way: Round, user: Any, rights: Rights) -> list[Station]:
    """The way of this row: what is done with who and when, where it is, and what is still to come.

    A station that the plan leaves out is absent, unless somebody passed it before it was switched off.
    """
    turn = turn_of(row)
    order = list(PASSED_BY)
    here = order.index(turn) if turn in order else len(order)
    found = []
    for number, station in enumerate(order):
        line = next((way.steps[step] for step in PASSED_BY[station] if step in way.steps), None)
        if station in REACHED:
            is_in_use = row.plan.head_approves if station == Turn.HEAD else row.plan.dimension_checks
            if not line and not (is_in_use and number >= here) and row.state != REACHED[station]:
                continue
        if number < here:
            by_paper = "approve_on_paper" in way.steps and station == Turn.HEAD
            hint = _("signed on paper") if by_paper else ""
            found.append(Station(_done(station), "done", line.by if line else "", line.at if line else None, hint))
        elif number == here:
            mine = is_turn_of(user, row, rights)
            found.append(Station(_title(station, row), "current", hint=_now(station, row, way, is_mine=mine)))
        else:
            found.append(Station(_title(station, row), "later", hint=_whose(station, row)))
    return found


def _done(station: Turn) -> Text:
    return {
        Turn.AGENCY: _("Submitted by the agency"),
        Turn.HEAD: _("Approved by the head of agency"),
        Turn.DIMENSION: _("Checked by the dimension coordinator"),
        Turn.SECRETARIAT: _("Accepted by the secretariat"),
    }[station]


def _title(station: Turn, row: Any) -> Text:
    if station == Turn.AGENCY:
        return _("Mended by the agency") if row.state == State.RETURNED else _("Written by the agency")
    return {
        Turn.HEAD: _("Approval of the head of agency"),
        Turn.DIMENSION: _("Check by the dimension coordinator"),
        Turn.SECRETARIAT: _("Acceptance by the secretariat"),
    }[station]


def _now(station: Turn, row: Any, way: Round, *, is_mine: bool) -> str:
    if row.state == State.RETURNED and way.sent_back:
        returned = _("returned by %(name)s") % {"name": way.sent_back.by}
        return f"{_('Waits for you')}: {returned}" if is_mine else returned
    if is_mine:
        return _("Waits for you")
    return _whose(station, row)


def _whose(station: Turn, row: Any) -> str:
    """Who that is here, in the agency's own words."""
    if station == Turn.HEAD and row.organisation_id:
        head = Position.objects.filter(organisation=row.organisation_id, is_head=True, withdrawn_at=None).first()
        title = head.title_in_full if head else ""
        if turn_of(row) != Turn.HEAD or holders(row.organisation, "agency_head"):
            return title
        on_paper = _("signs the printed proposal sheet")
        return f"{title}: {on_paper}" if title else on_paper
    if station == Turn.DIMENSION and row.dimension:
        return str(row.dimension) if is_covered(row) else _("by the secretariat: nobody coordinates this dimension yet")
    return ""
