"""Gives the late agencies of the demonstration their reasons, a log of reminders, promised help, exceptions and weeks."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from praja.across.reminders import texts
from praja.across.reminders.actions import monday_of
from praja.across.reminders.lines import Line, late_lines
from praja.across.reminders.models import Assistance, ExceptionWish, LateReason, Reminder, Week
from praja.foundation.accounts.models import Organisation
from praja.foundation.plans.models import DeadlineException, Plan
from praja.stages.innovations.coverage import coverage

ADDRESS = "http://localhost:8000/{slug}/"  # where a demonstration is served


@dataclass(frozen=True)
class Office:
    """The agencies of the plan by key, their operators, the coordinator, and a moment so many days ago."""

    plan: Plan
    agencies: dict[str, Organisation]
    operators: dict[int, Any]
    coordinator: Any
    moment: Callable[[int, int], datetime.datetime]


def fill(content: dict[str, Any], office: Office) -> None:
    """Everything that praja/data/demo/follow_up.toml says."""
    plan, coordinator = office.plan, office.coordinator
    for number, row in enumerate(content["reason"]):
        agency = office.agencies[row["agency"]]
        by = office.operators.get(agency.pk, coordinator) if row.get("by") is None else coordinator
        LateReason.objects.create(
            plan=plan,
            organisation=agency,
            kind=row["kind"],
            note=row["note"],
            holder=row.get("holder", ""),
            said_at=office.moment(row["days"], number),
            said_by=by,
            said_as=by.acting_as,
        )
    for row in content["exception"]:
        DeadlineException.objects.create(
            plan=plan,
            organisation=office.agencies[row["agency"]],
            stage=row["stage"],
            closes_on=plan.today + datetime.timedelta(days=row["ahead"]),
            reason=row["reason"],
            created_by=coordinator,
        )
    for number, row in enumerate(content["wish"]):
        agency = office.agencies[row["agency"]]
        by, at = office.operators[agency.pk], office.moment(row["days"], number)
        ExceptionWish.objects.create(plan=plan, organisation=agency, stage=row["stage"], note=row["note"], by=by, at=at)
    for row in content["help"]:
        Assistance.objects.create(
            plan=plan,
            organisation=office.agencies[row["agency"]],
            kind=row["kind"],
            due_on=plan.today + datetime.timedelta(days=row["ahead"]),
            note=row["note"],
            promised_by=coordinator,
        )
    table = coverage(plan)
    lines = {line.organisation.pk: line for line in late_lines(plan, table)}
    for number, row in enumerate(content["reminder"]):
        _remind(row, lines[office.agencies[row["agency"]].pk], office, office.moment(row["days"], number))
    asked = len(table.asked)
    for row in content["week"]:
        Week.objects.create(
            plan=plan,
            starts_on=monday_of(plan.today) - datetime.timedelta(days=7 * row["weeks"]),
            asked=asked,
            delivered=asked - len(row["late"]),
            late=[office.agencies[key].pk for key in row["late"]],
        )


def _remind(row: dict[str, Any], line: Line, office: Office, at: datetime.datetime) -> None:
    """A reminder of some days ago, in the words of that day."""
    day = at.astimezone(office.plan.time_zone).date()
    then = replace(line, windows={what: replace(window, today=day) for what, window in line.windows.items()})
    recipient = line.recipients[0]
    address = ADDRESS.format(slug=office.plan.slug)
    Reminder.objects.create(
        plan=office.plan,
        organisation=line.organisation,
        person=recipient.person,
        channel=row["channel"],
        reason=line.reason.kind if line.reason else "",
        text=texts.reminder_text(then, recipient, by=office.coordinator, address=address),
        day=day,
        at=at,
        by=office.coordinator,
        sending=uuid4(),
    )
