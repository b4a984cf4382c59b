"""Saying why, helping, reminding, exceptions, and the week: each way out."""

from datetime import timedelta
from uuid import uuid4

import pytest

from praja.across.reminders import actions
from praja.across.reminders.actions import Message
from praja.across.reminders.jobs import keep_weeks
from praja.across.reminders.lines import late_lines
from praja.across.reminders.models import Assistance, ExceptionWish, LateReason, Reminder, Week
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.notices.models import Notice
from praja.foundation.plans.deadlines import is_open_for
from praja.foundation.plans.models import Deadline, DeadlineException
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.coverage import coverage
from praja.stages.innovations.models import Innovation

pytestmark = pytest.mark.django_db


def said(country, kind="debating", by=None, replaces=0, **values):
    values = {"kind": kind, "note": "", "holder": "", **values}
    return actions.say_reason(country.plan, country.health, by=by or country.operator, values=values, replaces=replaces)


def line_of(country, agency=None):
    lines = late_lines(country.plan, coverage(country.plan))
    return next((line for line in lines if line.organisation == (agency or country.health)), None)


def messages(country, text="Halo"):
    line = line_of(country)
    return [Message(line, line.recipients[0], text)] if line else []


def remind(country, sending=None, **values):
    return actions.remind(
        country.plan,
        messages(country),
        by=country.coordinator,
        channel="whatsapp",
        sending=sending or uuid4(),
        **values,
    )


# --- reasons


def test_a_reason_says_who_said_it_and_as_what(country):
    reason = said(country, note="Rapat Kamis")
    assert (reason.said_by, "Dinas Kesehatan" in reason.said_as) == (country.operator, True)
    assert line_of(country).reason == reason
    assert Event.objects.about(country.health).filter(verb="say why late", by=country.operator).exists()


def test_a_later_reason_replaces_and_keeps_the_one_before(country):
    first = said(country)
    second = said(country, "no_data", by=country.coordinator, replaces=first.pk, holder="BPS")
    assert line_of(country).reason == second
    assert LateReason.objects.get(pk=first.pk).replaced_at is not None


def test_the_same_reason_twice_is_said_once(country):
    assert said(country) == said(country)
    assert LateReason.objects.count() == 1


def test_a_reason_said_meanwhile_is_not_overwritten_unseen(country):
    said(country)
    with pytest.raises(TooLate):
        said(country, "no_data", by=country.coordinator, replaces=0)


def test_the_other_side_is_told(country):
    first = said(country)
    assert Notice.objects.get(user=country.coordinator).address.endswith(f"/tindak-lanjut/{country.health.pk}/")
    said(country, "no_data", by=country.coordinator, replaces=first.pk)
    assert Notice.objects.filter(user=country.operator).count() == 1


def deliver(country):
    rows = [("living", country.health), ("society", country.health)]
    for key, agency in rows:
        Innovation.objects.create(
            plan=country.plan, organisation=agency, dimension=country.dimension(key), title=key, state="submitted"
        )
    country.health_request.asks_problems = False
    country.health_request.save()


def test_once_delivered_the_reason_no_longer_counts_and_is_kept(country):
    said(country)
    deliver(country)
    assert line_of(country) is None
    assert LateReason.objects.filter(replaced_at=None).count() == 1


# --- reminders


def test_a_reminder_keeps_its_text_and_tells_the_account(country, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        [reminder] = remind(country)
    assert (reminder.text, reminder.day, reminder.by) == ("Halo", country.plan.today, country.coordinator)
    assert "Dinkes" in Notice.objects.get(user=country.operator).text
    assert line_of(country).was_reminded_today


def test_a_double_click_reminds_once(country):
    sending = uuid4()
    assert len(remind(country, sending, again=True)) == 1
    assert remind(country, sending, again=True) == []


def test_whoever_was_reminded_today_is_left_out_unless_again(country):
    remind(country)
    assert remind(country) == []
    assert len(remind(country, again=True)) == 1


def test_a_reminder_of_yesterday_bars_nothing(country):
    remind(country)
    Reminder.objects.update(day=country.plan.today - timedelta(days=1))
    assert not line_of(country).was_reminded_today
    assert len(remind(country)) == 1


def test_an_agency_without_people_is_reminded_as_such(country):
    line = line_of(country, country.transport)
    assert line.recipients == []
    made = actions.remind(
        country.plan, [Message(line, None, "x")], by=country.coordinator, channel="letter", sending=uuid4()
    )
    assert made[0].person is None


# --- help


def promise(country):
    values = {"kind": "mentor", "due_on": country.plan.today + timedelta(days=2), "note": ""}
    return actions.promise_help(country.plan, country.health, by=country.coordinator, values=values)


def test_help_is_promised_once_and_shown(country):
    assert promise(country) == promise(country)
    assert line_of(country).assistance == Assistance.objects.get()


def test_help_is_done_once(country):
    one = promise(country)
    actions.finish_help(one, by=country.coordinator, result="Usulan dipilih")
    assert line_of(country).assistance is None
    with pytest.raises(TooLate):
        actions.finish_help(one, by=country.coordinator, result="")


# --- exceptions


def close(country):
    Deadline.objects.create(plan=country.plan, stage="innovations", closes_on=country.plan.today - timedelta(days=3))


def ask(country):
    return actions.ask_exception(country.plan, country.health, by=country.operator, stage="innovations", note="")


def give(country, days=4, reason="Jaringan putus"):
    day = country.plan.today + timedelta(days=days)
    return actions.give_exception(
        country.plan, country.health, by=country.coordinator, stage="innovations", closes_on=day, reason=reason
    )


def test_an_exception_is_asked_for_once_and_the_coordinator_is_told(country):
    close(country)
    assert ask(country) == ask(country)
    assert Notice.objects.filter(user=country.coordinator).count() == 1
    assert line_of(country).wishes == [ExceptionWish.objects.get()]


def test_nothing_is_asked_for_while_the_stage_is_open(country):
    with pytest.raises(Refused):
        ask(country)


def test_a_given_exception_opens_the_stage_answers_and_tells(country, django_capture_on_commit_callbacks):
    close(country)
    ask(country)
    with django_capture_on_commit_callbacks(execute=True):
        give(country)
    assert is_open_for(country.plan, "innovations", country.health)
    assert ExceptionWish.objects.get().answer == "given"
    assert "Jaringan putus" in Notice.objects.get(user=country.operator).text


def test_an_exception_is_moved_not_doubled(country):
    close(country)
    give(country)
    assert give(country, days=9).closes_on == country.plan.today + timedelta(days=9)
    assert DeadlineException.objects.filter(withdrawn_at=None).count() == 1


def test_an_ended_exception_closes_again(country):
    close(country)
    actions.end_exception(give(country), by=country.coordinator)
    assert not is_open_for(country.plan, "innovations", country.health)


def test_a_wish_is_declined_once(country):
    close(country)
    wish = ask(country)
    actions.decline_wish(wish, by=country.coordinator, remark="Ajukan tahun depan")
    assert line_of(country).wishes == []
    with pytest.raises(TooLate):
        actions.decline_wish(wish, by=country.coordinator, remark="x")


# --- weeks


def test_the_week_is_kept_once_for_each_plan(country):
    keep_weeks(lambda *_how_far: None)
    keep_weeks(lambda *_how_far: None)
    week = Week.objects.get(plan=country.plan)
    assert (week.asked, week.delivered, week.starts_on.weekday()) == (2, 0, 0)
    assert sorted(week.late) == sorted([country.health.pk, country.transport.pk])


def test_a_plan_that_asks_nothing_has_no_week(country):
    country.plan.requests.update(asks_problems=False, asks_innovations=False)
    assert actions.keep_week(coverage(country.plan)) is None
