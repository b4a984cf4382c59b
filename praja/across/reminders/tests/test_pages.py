"""The week on one page, the texts, and the page of one agency, as people see and send them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from praja.across.reminders import texts
from praja.across.reminders.advice import ADVICE, TABLE
from praja.across.reminders.lines import groups_of, late_lines
from praja.across.reminders.models import Assistance, ExceptionWish, LateReason, Reminder, Week
from praja.across.reminders.tests.test_actions import close, deliver, line_of, remind, said
from praja.across.reminders.weekly import Weekly
from praja.foundation.accounts.models import Membership, Person
from praja.foundation.plans.models import Deadline, DeadlineException, Request
from praja.stages.innovations.coverage import coverage
from praja.stages.innovations.models import Innovation, NotYet
from tests.country import agency, someone

pytestmark = pytest.mark.django_db
WEEK = "/kabupaten-uji/mingguan/"
REMIND = "/kabupaten-uji/mingguan/pengingat/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def operator(country, client_of):
    return client_of(country.operator)


def page(country, part=""):
    return f"/kabupaten-uji/tindak-lanjut/{country.health.pk}/{part}"


def words(response):
    return response.content.decode()


# --- what to do about each


def test_every_reason_has_its_advice():
    assert {kind.value for kind in LateReason.Kind} <= ADVICE.keys()
    assert all(advice.hint and (advice.asks or advice.key == "statement") for advice in TABLE)


@pytest.mark.parametrize("kind", LateReason.Kind.values)
def test_what_to_do_follows_the_reason(country, kind):
    said(country, kind, note="x")
    line = line_of(country)
    assert line.advice.key == kind
    assert line.url.startswith("/kabupaten-uji/")


def test_without_a_reason_one_is_asked_for_and_without_account_an_operator_invited(country):
    assert line_of(country).advice.key == "none"
    line = line_of(country, country.transport)
    assert line.advice.key == "no_operator"
    assert line.url.endswith(f"?organisation={country.transport.pk}&role=operator")


def state_nothing(country, what):
    NotYet.objects.create(plan=country.plan, organisation=country.health, what=what, reason="-", state="submitted")


def test_a_statement_for_everything_owed_waits_for_the_secretariat_and_nobody_is_reminded(country, coordinator):
    said(country)
    state_nothing(country, "innovations")
    state_nothing(country, "problems")
    assert line_of(country).advice.key == "statement"
    assert country.health not in {entry["line"].organisation for entry in coordinator.get(REMIND).context["entries"]}


def test_a_statement_for_a_part_is_left_out_of_the_text(country):
    state_nothing(country, "problems")
    assert [lack.what for lack in line_of(country).open_lacks] == ["innovations", "innovations"]
    assert text(country).count("\n- ") == 2


def test_the_day_and_the_days_late_are_those_of_what_is_owed(country):
    today = country.plan.today
    Deadline.objects.create(plan=country.plan, stage="problems", closes_on=today + timedelta(days=7))
    close(country)
    line = line_of(country)
    assert (line.days, line.day, line.working_days > 0) == (3, today + timedelta(days=7), True)
    DeadlineException.objects.create(
        plan=country.plan, organisation=country.health, stage="innovations", closes_on=today, reason="-"
    )
    assert (line_of(country).days, line_of(country).day) == (None, today)


# --- the texts


def text(country, recipient=0):
    line = line_of(country)
    return texts.reminder_text(line, line.recipients[recipient], by=country.coordinator, address="https://praja.test/")


def test_a_text_names_person_lacks_day_and_address(country):
    today = country.plan.today
    Deadline.objects.create(plan=country.plan, stage="innovations", closes_on=today + timedelta(days=10))
    with translation.override("id"):
        said_words = text(country)
    for part in ("Sari Operator", "Dinas Kesehatan", "https://praja.test/", "Budi Koordinator"):
        assert part in said_words
    assert said_words.count("\n- ") == 3  # a problem, and an innovation in each of two dimensions


def test_texts_differ_by_reason(country):
    seen = set()
    replaces = 0
    for kind in LateReason.Kind.values:
        replaces = said(country, kind, replaces=replaces, note="x").pk
        seen.add(text(country))
    assert len(seen) == len(LateReason.Kind.values)


def test_a_person_reads_the_own_language_whatever_the_page_speaks(country):
    country.operator.language = "en"
    country.operator.save()
    with translation.override("id"):
        assert "Dear Sari Operator" in text(country)


@pytest.mark.parametrize(
    ("phone", "number"),
    [("0812-3456-7890", "6281234567890"), ("+62 812 3456 7890", "6281234567890"), ("(0262) 233529", "62262233529")],
)
def test_a_phone_number_becomes_a_link_of_whatsapp(phone, number):
    assert texts.whatsapp_url(phone, "a b&c").startswith(f"https://wa.me/{number}?text=a%20b%26c")


@pytest.mark.parametrize("phone", ["", "-", "12", "javascript:alert(1)", "0812x", "9" * 40, "٠٨١٢٣٤٥٦٧٨٩"])
def test_what_is_no_phone_number_is_no_link(phone):
    assert texts.whatsapp_url(phone, "x") == ""


# --- the week


def test_the_week_shows_who_is_late_why_and_what_to_do(country, coordinator):
    said(country, note="Menunggu rapat")
    shown = words(coordinator.get(WEEK))
    for part in ("Dinas Kesehatan", "Menunggu rapat", "Sari Operator", f"/tindak-lanjut/{country.health.pk}/"):
        assert part in shown


def test_since_last_week_is_true(country):
    plan, monday = country.plan, Weekly(country.plan).starts_on
    Week.objects.create(plan=plan, starts_on=monday - timedelta(days=7), asked=2, delivered=0, late=[])
    Week.objects.create(plan=plan, starts_on=monday, asked=2, delivered=0, late=[country.health.pk])
    deliver(country)
    week = Weekly(plan)
    assert (week.change, week.change_before, week.newly_delivered) == (1, 0, [country.health])
    assert [line["came"] for line in week.history] == [1, 0]
    assert week.newly_late == [country.transport]


def test_a_week_from_the_future_changes_nothing(country):
    plan, monday = country.plan, Weekly(country.plan).starts_on
    Week.objects.create(plan=plan, starts_on=monday + timedelta(days=7), asked=2, delivered=2, late=[])
    assert Weekly(plan).change is None


def test_rows_wait_at_the_desk_whose_turn_it_is(country):
    plan = country.plan
    plan.head_approves = plan.dimension_checks = True
    plan.save()
    for state in ("submitted", "approved", "checked"):
        Innovation.objects.create(
            plan=plan, organisation=country.health, dimension=country.dimension(), title=state, state=state
        )
    assert {desk.turn.value: desk.innovations for desk, _days in Weekly(plan).desks} == {
        "head": 1, "dimension": 1, "secretariat": 1,
    }  # fmt: skip


def test_nobody_late_says_so(country, coordinator):
    Request.objects.update(asks_problems=False, asks_innovations=False)
    assert coordinator.get(WEEK).status_code == 200
    assert groups_of(late_lines(country.plan, coverage(country.plan))) == []


def fill(country, number):
    for count in range(number):
        one = agency(country.government, f"Dinas Nomor {count}", f"D{count}")
        Request.objects.create(plan=country.plan, organisation=one)
        someone(f"operator-{count}", f"Operator {count}", "operator", one)
        LateReason.objects.create(plan=country.plan, organisation=one, kind="no_data", said_by=country.coordinator)
        Reminder.objects.create(
            plan=country.plan, organisation=one, person=Person.objects.last(), channel="phone", text="x",
            day=country.plan.today, by=country.coordinator, sending="0191e0a0-0000-7000-8000-000000000000",
        )  # fmt: skip
        Innovation.objects.create(
            plan=country.plan, organisation=one, dimension=country.dimension(), title="x", state="submitted"
        )


# Without the navigation; four of each are those of any page: the session, the account, its roles, the plan.
QUERIES = {"week": 31, "remind": 20, "agency": 26}


@pytest.mark.parametrize("number", [2, 40])
@pytest.mark.parametrize("name", QUERIES)
def test_forty_agencies_ask_no_more_queries_than_two(
    country, coordinator, django_assert_num_queries, monkeypatch, name, number
):
    monkeypatch.setattr("praja.foundation.ui.context.navigation", lambda request: [])
    fill(country, number)
    address = {"week": WEEK, "remind": REMIND, "agency": page(country)}[name]
    coordinator.get(address)
    with django_assert_num_queries(QUERIES[name]):
        coordinator.get(address)


# --- reminding


def sent(coordinator, country, **values):
    shown = coordinator.get(REMIND).context
    entry = next(one for one in shown["entries"] if one["line"].organisation == country.health)
    data = {
        "sending": shown["sending"], "channel": "whatsapp", "row": entry["key"],
        f"digest-{entry['key']}": entry["digest"], "digest": shown["digest"], **values,
    }  # fmt: skip
    return data, coordinator.post(REMIND, data, follow=True)


def test_what_was_shown_is_what_is_noted(country, coordinator):
    entry = coordinator.get(REMIND).context["entries"]
    sent(coordinator, country)
    reminder = Reminder.objects.get()
    assert reminder.text == next(one["text"] for one in entry if one["line"].organisation == country.health)
    assert reminder.person == country.operator.person


def test_sending_the_page_twice_notes_once(country, coordinator):
    data, _response = sent(coordinator, country)
    coordinator.post(REMIND, data)
    coordinator.post(REMIND, {**data, "again": "1"})
    assert Reminder.objects.count() == 1


def test_the_second_of_a_day_is_said_and_not_noted(country, coordinator):
    remind(country)
    _data, response = sent(coordinator, country)
    assert Reminder.objects.count() == 1
    assert list(response.context["messages"])
    sent(coordinator, country, again="1")
    assert Reminder.objects.count() == 2


def test_whoever_delivered_since_the_page_was_opened_is_not_reminded(country, coordinator):
    shown = coordinator.get(REMIND).context
    entry = next(one for one in shown["entries"] if one["line"].organisation == country.health)
    deliver(country)
    data = {"sending": shown["sending"], "channel": "phone", "row": entry["key"]}
    coordinator.post(REMIND, {**data, f"digest-{entry['key']}": entry["digest"]})
    assert not Reminder.objects.exists()


def test_a_text_that_changed_since_is_shown_first(country, coordinator):
    data, _response = sent(coordinator, country, channel="")  # nothing noted: no channel
    said(country)
    coordinator.post(REMIND, {**data, "channel": "whatsapp"})
    assert not Reminder.objects.exists()


def test_the_group_is_noted_for_every_agency_of_the_text(country, coordinator):
    shown = coordinator.get(REMIND).context
    data = {"sending": shown["sending"], "channel": "group", "digest": shown["digest"]}
    coordinator.post(REMIND, data)
    coordinator.post(REMIND, data)
    assert Reminder.objects.filter(channel="group", person=None).count() == 2
    assert {one.text for one in Reminder.objects.all()} == {shown["group"]}


def test_a_group_text_that_is_old_is_not_noted(country, coordinator):
    shown = coordinator.get(REMIND).context
    deliver(country)
    coordinator.post(REMIND, {"sending": shown["sending"], "channel": "group", "digest": shown["digest"]})
    assert not Reminder.objects.exists()


def test_the_texts_of_one_reason_alone(country, coordinator):
    said(country)
    shown = coordinator.get(REMIND, {"saran": "debating"}).context["entries"]
    assert {entry["line"].organisation for entry in shown} == {country.health}
    assert coordinator.get(REMIND, {"saran": "no_signal"}).context["entries"] == []


def test_an_account_whose_role_has_ended_is_not_reminded(country):
    Membership.objects.filter(user=country.operator).update(ended_at="2026-01-01T00:00Z")
    assert line_of(country).recipients == []


# --- the page of one agency


def test_the_agency_says_its_reason_and_the_secretariat_sees_it(country, operator, coordinator):
    response = operator.post(
        page(country, "alasan/"), {"kind": "debating", "note": "Kamis", "replaces": "0"}, follow=True
    )
    assert "Kamis" in words(response)
    assert "Kamis" in words(coordinator.get(page(country)))


@pytest.mark.parametrize(
    "data", [{}, {"kind": "other", "note": ""}, {"kind": "hacked"}, {"kind": "debating", "note": "x" * 600}]
)
def test_a_reason_that_says_too_little_comes_back_with_what_was_typed(country, operator, data):
    response = operator.post(page(country, "alasan/"), {"note": "ketikan", **data})
    assert response.status_code == 422
    assert data.get("note", "ketikan") in words(response)
    assert not LateReason.objects.exists()


def test_two_who_note_at_once_are_told(country, operator, coordinator):
    operator.post(page(country, "alasan/"), {"kind": "debating", "replaces": "0"})
    response = coordinator.post(page(country, "alasan/"), {"kind": "no_data", "replaces": "0"})
    assert response.status_code == 422
    assert LateReason.objects.get().kind == "debating"


def test_a_holder_of_data_belongs_to_lacking_data(country, operator, coordinator):
    operator.post(page(country, "alasan/"), {"kind": "no_data", "holder": "BPS Kabupaten Uji", "replaces": "0"})
    assert "BPS Kabupaten Uji," in coordinator.get(page(country)).context["data_text"]
    pk = LateReason.objects.get().pk
    operator.post(page(country, "alasan/"), {"kind": "debating", "holder": "BPS", "replaces": pk})
    assert LateReason.objects.get(replaced_at=None).holder == ""


def test_the_operator_asks_with_one_click_and_the_coordinator_gives(country, operator, coordinator):
    close(country)
    operator.post(page(country, "pengecualian/minta/"), {"stage": "innovations"})
    wish = ExceptionWish.objects.get()
    assert "Sari Operator" in words(coordinator.get(WEEK))
    day = (country.plan.today + timedelta(days=3)).isoformat()
    coordinator.post(page(country, "pengecualian/"), {"stage": "innovations", "closes_on": day, "reason": "Banjir"})
    wish.refresh_from_db()
    assert wish.answer == "given"
    assert "Banjir" in words(operator.get(page(country)))


@pytest.mark.parametrize("day", ["2020-01-01", "31/12/9999", "2026-02-30", "besok", ""])
def test_an_exception_needs_a_day_ahead(country, coordinator, day):
    data = {"stage": "innovations", "closes_on": day, "reason": "Banjir"}
    response = coordinator.post(page(country, "pengecualian/"), data)
    assert response.status_code == 422
    assert "Banjir" in words(response)


def test_an_operator_gives_no_exception_and_no_help(country, operator):
    for part in ("pengecualian/", "pengecualian/tolak/", "pengecualian/akhiri/", "pendampingan/"):
        assert operator.post(page(country, part)).status_code == 404


def test_a_wish_is_declined_with_a_word(country, operator, coordinator):
    close(country)
    operator.post(page(country, "pengecualian/minta/"), {"stage": "innovations"})
    wish = ExceptionWish.objects.get()
    coordinator.post(page(country, "pengecualian/tolak/"), {"wish": wish.pk})
    assert ExceptionWish.objects.get().answered_at is None
    coordinator.post(page(country, "pengecualian/tolak/"), {"wish": wish.pk, "remark": "Tahun depan"})
    assert "Tahun depan" in words(operator.get(page(country)))


def test_help_is_promised_and_done_on_the_page(country, coordinator):
    day = country.plan.today.isoformat()
    coordinator.post(page(country, "pendampingan/"), {"kind": "mentor", "due_on": day, "note": "Telepon"})
    assert "Telepon" in words(coordinator.get(WEEK))
    one = Assistance.objects.get()
    coordinator.post(page(country, "pendampingan/selesai/"), {"help": one.pk, "result": "Beres"})
    assert "Beres" in words(coordinator.get(page(country)))


def test_rows_of_another_agency_are_not_found(country, coordinator):
    other = Assistance.objects.create(
        plan=country.plan, organisation=country.transport, kind="call", due_on=country.plan.today,
        promised_by=country.coordinator,
    )  # fmt: skip
    assert coordinator.post(page(country, "pendampingan/selesai/"), {"help": other.pk}).status_code == 404
    elsewhere = reverse("follow-up", args=[country.plan.slug, country.neighbour_agency.pk])
    assert coordinator.get(elsewhere).status_code == 404


def test_an_agency_that_has_delivered_is_thanked_and_cannot_be_reminded(country, coordinator):
    said(country)
    deliver(country)
    response = coordinator.get(page(country))
    assert response.context["line"] is None
    assert 'name="sending"' not in words(response)
