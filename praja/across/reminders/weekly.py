"""The week of a plan for the officer who acts on it: how it stands, what moved, who is late and what to do about each."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import cached_property

from praja.across.reminders.actions import monday_of
from praja.across.reminders.beside import Beside, waits_beside
from praja.across.reminders.lines import Group, Line, groups_of, late_lines
from praja.across.reminders.models import Assistance, LateReason, Reminder, Week
from praja.across.reminders.way import Waiting, on_the_way
from praja.foundation.audit.models import Event
from praja.foundation.plans.deadlines import Windows
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.models import State
from praja.stages.innovations.coverage import Coverage, coverage
from praja.stages.innovations.models import Innovation
from praja.stages.problems.models import Problem

WEEKS_SHOWN = 8


@dataclass(frozen=True)
class Moved:
    """How many rows came to a state since the week began and are still there."""

    submitted: int = 0
    accepted: int = 0
    returned: int = 0


class Weekly:
    """Everything the page says; each part is read once, in a number of queries that does not grow with the agencies."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.today, self.now = plan, plan.today, timezone.now()
        self.starts_on = monday_of(self.today)
        self.ends_on = self.starts_on + datetime.timedelta(days=6)

    @cached_property
    def table(self) -> Coverage:
        """Who has delivered what was asked."""
        return coverage(self.plan)

    @cached_property
    def windows(self) -> Windows:
        """The deadlines and exceptions."""
        return Windows(self.plan)

    @cached_property
    def lines(self) -> list[Line]:
        """The agencies that still owe something."""
        return late_lines(self.plan, self.table, self.windows)

    @cached_property
    def groups(self) -> list[Group]:
        """The same by what has to be done."""
        return groups_of(self.lines)

    @cached_property
    def desks(self) -> list[tuple[Waiting, int]]:
        """Where rows wait on their way, each with the days of the oldest."""
        return [(desk, desk.days(self.now)) for desk in on_the_way(self.plan, self.table)]

    @cached_property
    def beside(self) -> list[Beside]:
        """Words on promises and signatures that are waited for."""
        return waits_beside(self.plan)

    @cached_property
    def weeks(self) -> list[Week]:
        """How the last weeks began, the newest first."""
        weeks = Week.objects.filter(plan=self.plan, starts_on__lte=self.starts_on)
        return list(weeks.order_by("-starts_on")[:WEEKS_SHOWN])

    @property
    def began(self) -> Week | None:
        """How this week began; None where it was not kept, as in the first week."""
        return next((week for week in self.weeks if week.starts_on == self.starts_on), None)

    @property
    def week_before(self) -> Week | None:
        """How the week before began."""
        before = self.starts_on - datetime.timedelta(days=7)
        return next((week for week in self.weeks if week.starts_on == before), None)

    @property
    def change(self) -> int | None:
        """Agencies that delivered more (or fewer) than when this week began."""
        return len(self.table.delivered) - self.began.delivered if self.began else None

    @property
    def change_before(self) -> int | None:
        """The same for the week before."""
        if self.began and self.week_before:
            return self.began.delivered - self.week_before.delivered
        return None

    @property
    def newly_delivered(self) -> list[Any]:
        """Agencies that were late when the week began and have delivered since."""
        late = set(self.began.late) if self.began else set()
        return [row.organisation for row in self.table.delivered if row.organisation.pk in late]

    @property
    def newly_late(self) -> list[Any]:
        """Agencies that owe something now and did not when the week began."""
        if self.began is None:
            return []
        late = set(self.began.late)
        return [line.organisation for line in self.lines if line.organisation.pk not in late]

    @cached_property
    def moved(self) -> dict[str, Moved]:
        """The rows that moved this week, problems and innovations."""
        start = datetime.datetime.combine(self.starts_on, datetime.time.min, self.plan.time_zone)
        found = {}
        for model, what in ((Problem, "problems"), (Innovation, "innovations")):
            rows = model.objects.in_service().filter(plan=self.plan, state_at__gte=start).order_by()
            counts = dict(rows.values_list("state").annotate(Count("pk")))
            shown = (State.SUBMITTED, State.ACCEPTED, State.RETURNED)
            found[what] = Moved(**{state.value: counts.get(state.value, 0) for state in shown})
        return found

    @cached_property
    def reminded(self) -> int:
        """How many agencies were reminded this week."""
        reminders = Reminder.objects.filter(plan=self.plan, day__gte=self.starts_on, day__lte=self.today)
        return reminders.order_by().values("organisation").distinct().count()

    @cached_property
    def reasons_said(self) -> int:
        """How many reasons were said this week."""
        start = datetime.datetime.combine(self.starts_on, datetime.time.min, self.plan.time_zone)
        return LateReason.objects.filter(plan=self.plan, said_at__gte=start).count()

    @cached_property
    def deadlines_moved(self) -> list[Event]:
        """The deadlines that were moved this week, each with the reason."""
        start = datetime.datetime.combine(self.starts_on, datetime.time.min, self.plan.time_zone)
        moves = Event.objects.about(self.plan).filter(verb="move deadline", at__gte=start)
        return list(moves.select_related("by__person"))

    @cached_property
    def assistances(self) -> list[Assistance]:
        """The help that was promised until the end of this week and is not done yet."""
        due = Assistance.objects.filter(plan=self.plan, done_at=None, due_on__lte=self.ends_on)
        return list(due.select_related("organisation", "promised_by__person"))

    @property
    def without_reason(self) -> int:
        """How many late agencies have said neither a reason nor that they have no proposal."""
        return sum(line.reason is None and line.advice.key != "statement" for line in self.lines)

    @property
    def wishes(self) -> list[Any]:
        """The exceptions that agencies ask for, each with its line."""
        return [(line, wish) for line in self.lines for wish in line.wishes]

    @property
    def history(self) -> list[dict[str, Any]]:
        """The last weeks as lines: how each began, and what came in it; the newest on top."""
        ends = [len(self.table.delivered), *(week.delivered for week in self.weeks)]
        return [
            {"week": week, "came": end - week.delivered, "is_current": week is self.began}
            for week, end in zip(self.weeks, ends, strict=False)
        ]
