"""What people do about agencies that are late: say why, help, remind, ask for and give exceptions; and keep the week."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from praja.across.reminders.lines import RESPONSIBLE, Line, Recipient
from praja.across.reminders.models import Assistance, ExceptionWish, LateReason, Reminder, Week
from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import build, record
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.notices.actions import holders, tell
from praja.foundation.plans.deadlines import Windows
from praja.foundation.plans.models import DeadlineException, Plan
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.coverage import Coverage

# --- reasons ----------------------------------------------------------------------------------------------------------


def say_reason(plan: Plan, agency: Organisation, *, by: Any, values: dict[str, str], replaces: int) -> LateReason:
    """Note why an agency is late; `replaces` is the key of the reason that the page showed, 0 for none.

    Saying the same again changes nothing. Raises TooLate when somebody said another one meanwhile.
    """
    try:
        with transaction.atomic():
            before = LateReason.objects.filter(plan=plan, organisation=agency, replaced_at=None).first()
            if before and all(getattr(before, name) == value for name, value in values.items()):
                return before
            if (before.pk if before else 0) != replaces:
                raise TooLate
            now = timezone.now()
            if before and not LateReason.objects.filter(pk=before.pk, replaced_at=None).update(replaced_at=now):
                raise TooLate
            reason = LateReason.objects.create(
                plan=plan, organisation=agency, said_at=now, said_by=by, said_as=by.acting_as, **values
            )
            after = {"reason": reason, "remark": reason.note}
            record("say why late", agency, by=by, before={"reason": before} if before else None, after=after)
    except IntegrityError as error:
        raise TooLate from error
    _tell_other_side(
        plan, agency, by, gettext_noop("%(agency)s, why it is late: %(words)s."), words=reason.get_kind_display()
    )
    return reason


# --- help -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def promise_help(plan: Plan, agency: Organisation, *, by: Any, values: dict[str, Any]) -> Assistance:
    """A call or visit for a day; the same one sent twice is promised once."""
    same = Assistance.objects.filter(
        plan=plan, organisation=agency, done_at=None, kind=values["kind"], due_on=values["due_on"]
    ).first()
    if same:
        return same
    assistance = Assistance.objects.create(plan=plan, organisation=agency, promised_by=by, **values)
    record("promise help", agency, by=by, after={"help": str(assistance), "remark": assistance.note})
    text = gettext_noop("Help for %(agency)s on %(day)s: %(words)s.")
    transaction.on_commit(
        lambda: _tell_agency(plan, agency, text, words=assistance.get_kind_display(), day=long_date(assistance.due_on))
    )
    return assistance


@transaction.atomic
def finish_help(assistance: Assistance, *, by: Any, result: str) -> None:
    """The help was given; raises TooLate when somebody noted that before."""
    values = {"done_at": timezone.now(), "done_by": by, "result": result}
    if not Assistance.objects.filter(pk=assistance.pk, done_at=None).update(**values):
        raise TooLate
    record("help", assistance.organisation, by=by, after={"help": str(assistance), "remark": result})


# --- reminders --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Message:
    """A text for one person of an agency, or for the agency as such."""

    line: Line
    recipient: Recipient | None
    text: str

    @property
    def who(self) -> tuple[int, int | None]:
        """The keys of agency and person."""
        return self.line.organisation.pk, self.recipient.person.pk if self.recipient else None


@transaction.atomic
def remind(
    plan: Plan, messages: Iterable[Message], *, by: Any, channel: str, sending: UUID, again: bool = False
) -> list[Reminder]:
    """Note who was reminded through what with which text; the reminders that are new.

    Who was reminded today already is left out unless `again`; the same `sending` never counts twice. The accounts among
    them find a notice in Praja too.
    """
    Plan.objects.select_for_update().get(pk=plan.pk)  # two people who remind at once are told of each other
    today = plan.today
    done = Reminder.objects.filter(plan=plan, sending=sending)
    if not again:
        done |= Reminder.objects.filter(plan=plan, day=today)
    known = set(done.values_list("organisation_id", "person_id"))
    new = [message for message in messages if message.who not in known]
    reminders = Reminder.objects.bulk_create(
        Reminder(
            plan=plan,
            organisation=message.line.organisation,
            person=message.recipient.person if message.recipient else None,
            channel=channel,
            reason=message.line.reason.kind if message.line.reason else "",
            text=message.text,
            day=today,
            by=by,
            sending=sending,
        )
        for message in new
    )
    Event.objects.bulk_create(
        build("remind", reminder.organisation, by=by, after={"channel": reminder.get_channel_display()})
        for reminder in reminders
    )
    transaction.on_commit(lambda: _notify(plan, new))
    return reminders


def _notify(plan: Plan, messages: list[Message]) -> None:
    """A notice in the page for the accounts of the agencies that were reminded."""
    users: dict[int, list[Any]] = defaultdict(list)
    lines: dict[int, Line] = {}
    for message in messages:
        people = [message.recipient] if message.recipient else message.line.recipients
        users[message.line.organisation.pk] += [one.user for one in people if one.user]
        lines[message.line.organisation.pk] = message.line
    for key, line in lines.items():
        lacks = format_lazy("; ".join(["{}"] * len(line.open_lacks)), *line.open_lacks)
        address = reverse("plan-home", args=[plan.slug])
        values = {"agency": line.organisation.short_name, "lacks": lacks}
        tell(
            dict.fromkeys(users[key]),
            gettext_noop("Still open for %(agency)s: %(lacks)s."),
            values=values,
            address=address,
        )


# --- exceptions -------------------------------------------------------------------------------------------------------


def ask_exception(plan: Plan, agency: Organisation, *, by: Any, stage: str, note: str) -> ExceptionWish:
    """Ask to hand in after the stage has closed; asking again while it is open changes nothing.

    Raises Refused when the stage is open for the agency anyway.
    """
    if Windows(plan).of(stage, agency.pk).is_open:
        raise Refused([_("This stage is open for your agency; you can hand in without an exception.")])
    try:
        with transaction.atomic():
            wish = ExceptionWish.objects.filter(plan=plan, organisation=agency, stage=stage, answered_at=None).first()
            if wish:
                return wish
            wish = ExceptionWish.objects.create(plan=plan, organisation=agency, stage=stage, by=by, note=note)
            record("ask exception", agency, by=by, after={"stage": stage, "remark": note})
    except IntegrityError:  # a double click on a database that lets both in at once
        return ExceptionWish.objects.get(plan=plan, organisation=agency, stage=stage, answered_at=None)
    tell(
        holders(plan.government, "coordinator"),
        gettext_noop("%(agency)s asks for an exception: it wants to hand in after the stage has closed."),
        values={"agency": agency},
        address=_page_of(plan, agency) + "#pengecualian",
    )
    return wish


@transaction.atomic
def give_exception(
    plan: Plan, agency: Organisation, *, by: Any, stage: str, closes_on: datetime.date, reason: str
) -> DeadlineException:
    """Let one agency hand in until `closes_on`; an exception that it has already is moved. Open wishes are answered."""
    rows = DeadlineException.objects.select_for_update().filter(plan=plan, organisation=agency, stage=stage)
    exception = rows.filter(withdrawn_at=None).first()
    before = {"closes_on": exception.closes_on} if exception else None
    values = {"closes_on": closes_on, "reason": reason}
    if exception is None:
        exception = DeadlineException.objects.create(
            plan=plan, organisation=agency, stage=stage, created_by=by, updated_by=by, **values
        )
    elif (exception.closes_on, exception.reason) != (closes_on, reason):
        update_if_unchanged(exception, values, by=by, version=exception.version)
    else:
        return exception
    ExceptionWish.objects.filter(plan=plan, organisation=agency, stage=stage, answered_at=None).update(
        answer=ExceptionWish.Answer.GIVEN, answered_at=timezone.now(), answered_by=by, remark=reason[:300]
    )
    after = {"stage": stage, "closes_on": closes_on}
    record("give exception", agency, by=by, before=before, after=after, remark=reason)
    text = gettext_noop("%(agency)s may still hand in until %(day)s: %(words)s")
    transaction.on_commit(lambda: _tell_agency(plan, agency, text, words=reason, day=long_date(closes_on)))
    return exception


@transaction.atomic
def end_exception(exception: DeadlineException, *, by: Any) -> None:
    """The exception no longer holds; raises TooLate when it was changed meanwhile."""
    values = {"withdrawn_at": timezone.now(), "withdrawn_by": by}
    update_if_unchanged(exception, values, by=by, version=exception.version)
    record("end exception", exception.organisation, by=by, before={"closes_on": exception.closes_on})


@transaction.atomic
def decline_wish(wish: ExceptionWish, *, by: Any, remark: str) -> None:
    """No exception, with a word why; raises TooLate when it was answered before."""
    values = {
        "answer": ExceptionWish.Answer.DECLINED,
        "answered_at": timezone.now(),
        "answered_by": by,
        "remark": remark,
    }
    if not ExceptionWish.objects.filter(pk=wish.pk, answered_at=None).update(**values):
        raise TooLate
    record("decline exception", wish.organisation, by=by, remark=remark)
    text = gettext_noop("No exception for %(agency)s: %(words)s")
    transaction.on_commit(lambda: _tell_agency(wish.plan, wish.organisation, text, words=remark))


# --- weeks ------------------------------------------------------------------------------------------------------------


def monday_of(day: datetime.date) -> datetime.date:
    """The day on which the week of `day` began."""
    return day - datetime.timedelta(days=day.weekday())


def keep_week(table: Coverage) -> Week | None:
    """Keep how the plan stands, once a week; None where nothing is asked of anybody."""
    if not table.asked:
        return None
    values = {
        "asked": len(table.asked),
        "delivered": len(table.delivered),
        "late": [row.organisation.pk for row in table.late],
    }
    starts_on = monday_of(table.plan.today)
    return Week.objects.get_or_create(plan=table.plan, starts_on=starts_on, defaults=values)[0]


# --- who is told ------------------------------------------------------------------------------------------------------


def _page_of(plan: Plan, agency: Organisation) -> str:
    return reverse("follow-up", args=[plan.slug, agency.pk])


def _tell_agency(plan: Plan, agency: Organisation, text: str, **values: Any) -> None:
    tell(
        holders(agency, *RESPONSIBLE),
        text,
        values={"agency": agency.short_name, **values},
        address=_page_of(plan, agency),
    )


def _tell_other_side(plan: Plan, agency: Organisation, by: Any, text: str, **values: Any) -> None:
    """The secretariat is told what the agency says, the agency what the secretariat says."""
    own = holders(agency, *RESPONSIBLE)
    said_by_agency = by in own
    tell(
        holders(plan.government, "coordinator") if said_by_agency else own,
        text,
        values={"agency": agency.short_name, **values},
        address=_page_of(plan, agency),
    )
