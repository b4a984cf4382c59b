"""The agencies that have not delivered, each with everything an officer needs to act: a fixed number of queries."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from praja.across.reminders.advice import TABLE, Advice, advice_for
from praja.across.reminders.models import Assistance, ExceptionWish, LateReason, Reminder
from praja.foundation.accounts.models import Membership, Organisation, Person, Position
from praja.foundation.plans.deadlines import Window, Windows
from praja.foundation.plans.models import Plan
from praja.foundation.plans.working_days import working_days_between
from praja.foundation.workflow.models import State
from praja.stages.innovations.coverage import Coverage, Lack, Row
from praja.stages.innovations.models import NotYet

# The stage whose deadline counts for what was asked.
STAGE_OF: dict[str, str] = {NotYet.What.PROBLEMS: "problems", NotYet.What.INNOVATIONS: "innovations"}
RESPONSIBLE = ("operator", "agency_head")


@dataclass(frozen=True)
class Recipient:
    """Somebody of the agency who can be reminded; `user` is None for a head without an account."""

    person: Person
    user: Any
    office: str


@dataclass(frozen=True)
class Line:
    """One agency that still owes something; `open_lacks` are without those for which "no proposal" was said and waits."""

    plan: Plan
    row: Row
    open_lacks: list[Lack]
    reason: LateReason | None
    advice: Advice
    windows: dict[str, Window]  # by what is asked
    last: Reminder | None
    recipients: list[Recipient] = field(default_factory=list)
    assistance: Assistance | None = None
    wishes: list[ExceptionWish] = field(default_factory=list)

    @property
    def organisation(self) -> Organisation:
        """The agency."""
        return self.row.organisation

    @property
    def lacks(self) -> list[Lack]:
        """What exactly lacks, each in words."""
        return self.row.lacks

    @property
    def days(self) -> int | None:
        """Days since the first last day that passed for this agency; None where none has passed."""
        owed = self.owed.values()
        late = [(window.today - window.last_day).days for window in owed if window.is_over and window.last_day]
        return max(late) if late else None

    @property
    def day(self) -> datetime.date | None:
        """The last day that comes next for what this agency owes, else the last one that passed."""
        days = sorted(window.last_day for window in self.owed.values() if window.last_day)
        return next((day for day in days if day >= self._today), days[-1] if days else None)

    @property
    def working_days(self) -> int:
        """Working days until that day; 0 when it has passed or there is none."""
        return working_days_between(self._today, self.day) if self.day else 0

    @property
    def was_reminded_today(self) -> bool:
        """Whether anybody of the agency was reminded today."""
        return self.last is not None and self.last.day == self._today

    @property
    def url(self) -> str:
        """The next action for this agency."""
        return self.advice.url(self.plan, self.organisation)

    @property
    def owed(self) -> dict[str, Window]:
        """The days of what this agency owes, by what it is."""
        return {what: self.windows[what] for what in dict.fromkeys(lack.what for lack in self.open_lacks or self.lacks)}

    @property
    def _today(self) -> datetime.date:
        return next(iter(self.windows.values())).today


@dataclass(frozen=True)
class Group:
    """The agencies for which the same has to be done."""

    advice: Advice
    lines: list[Line]


def late_lines(plan: Plan, table: Coverage, windows: Windows | None = None) -> list[Line]:
    """One line for each agency of `table` that owes something, the latest first: nine queries, however many they are."""
    windows = windows or Windows(plan)
    rows = table.late
    keys = [row.organisation.pk for row in rows]
    reasons = reasons_of(plan)
    reminders = last_reminders(plan)
    recipients = recipients_of(keys)
    assistances = _assistances(plan)
    wishes = defaultdict(list)
    for wish in ExceptionWish.objects.filter(plan=plan, answered_at=None).select_related("by__person"):
        wishes[wish.organisation_id].append(wish)
    statements = _statements(plan)
    lines = []
    for row in rows:
        key = row.organisation.pk
        people = recipients.get(key, [])
        said = statements.get(key, set())
        open_lacks = [lack for lack in row.lacks if not said & {(lack.what, None), _key_of(lack)}]
        lines.append(
            Line(
                plan=plan,
                row=row,
                reason=reasons.get(key),
                open_lacks=open_lacks,
                advice=advice_for(
                    reasons.get(key), has_operator=any(one.user for one in people), has_statement=not open_lacks
                ),
                windows={what: windows.of(stage, key) for what, stage in STAGE_OF.items()},
                last=reminders.get(key),
                recipients=people,
                assistance=assistances.get(key),
                wishes=wishes.get(key, []),
            )
        )
    return sorted(lines, key=lambda line: -(line.days or 0))


def groups_of(lines: list[Line]) -> list[Group]:
    """The lines by what has to be done, in the order of the table; empty groups are left out."""
    groups = [Group(advice, [line for line in lines if line.advice is advice]) for advice in TABLE]
    return [group for group in groups if group.lines]


def reasons_of(plan: Plan) -> dict[int, LateReason]:
    """The reason that holds for each agency, by its key; an agency that has delivered may still have one."""
    reasons = LateReason.objects.filter(plan=plan, replaced_at=None).select_related("said_by__person")
    return {reason.organisation_id: reason for reason in reasons}


def last_reminders(plan: Plan) -> dict[int, Reminder]:
    """The last reminder of each agency, by its key."""
    latest = (
        Reminder.objects.filter(plan=plan).order_by().values("organisation").annotate(last=Max("pk")).values("last")
    )
    reminders = Reminder.objects.filter(pk__in=latest).select_related("by__person")
    return {reminder.organisation_id: reminder for reminder in reminders}


def recipients_of(agencies: list[int]) -> dict[int, list[Recipient]]:
    """Operators and heads of the agencies, by key: those with an account, then heads known only as holders of office."""
    found: dict[int, list[Recipient]] = defaultdict(list)
    members = Membership.objects.current().filter(organisation__in=agencies, role__in=RESPONSIBLE, user__is_active=True)
    for member in members.select_related("user__person").order_by("-role", "pk"):
        person = member.user.person
        if person and all(one.person.pk != person.pk for one in found[member.organisation_id]):
            found[member.organisation_id].append(Recipient(person, member.user, member.role_title))
    heads = Position.objects.filter(
        organisation__in=agencies, is_head=True, withdrawn_at=None, person__withdrawn_at=None, person__isnull=False
    )
    for head in heads.select_related("person"):
        assert head.person is not None
        if all(one.person.pk != head.person.pk for one in found[head.organisation_id]):
            found[head.organisation_id].append(Recipient(head.person, None, head.title_in_full))
    return dict(found)


def _statements(plan: Plan) -> dict[int, set[tuple[str, int | None]]]:
    """For what each agency has said that it has no proposal, where that waits for the secretariat."""
    found: dict[int, set[tuple[str, int | None]]] = defaultdict(set)
    waiting = NotYet.objects.filter(plan=plan, state=State.SUBMITTED, withdrawn_at=None)
    for organisation_id, what, dimension_id in waiting.values_list("organisation_id", "what", "dimension_id"):
        found[organisation_id].add((what, dimension_id))
    return found


def _key_of(lack: Lack) -> tuple[str, int | None]:
    return lack.what, lack.dimension.pk if lack.dimension else None


def _assistances(plan: Plan) -> dict[int, Assistance]:
    """The next help promised to each agency that is not done yet."""
    open_ones = Assistance.objects.filter(plan=plan, done_at=None).order_by("-due_on", "-pk")
    return {one.organisation_id: one for one in open_ones}
