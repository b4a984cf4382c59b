"""Review rounds and remarks on chapters: asked, answered, reminded, closed; left, settled, and told to whom they name."""

import datetime

import pytest
from django.utils import timezone

from praja.foundation.accounts.models import Person, Position, User
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.worker import perform_due
from praja.foundation.notices.models import Notice
from praja.foundation.remarks.models import Remark
from praja.foundation.workflow.steps import Refused
from praja.stages.masterplan.models import Opinion, ReviewRound
from praja.stages.masterplan.reviewing import remarks as threads
from praja.stages.masterplan.reviewing import reminders, rounds

HOME = "/kabupaten-uji/tinjauan/"
REMARKS = "/kabupaten-uji/buku/masterplan/catatan/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def asked(country, coordinator, day="31 Desember 2099"):
    """A round that asks the mentor and the operator until a day."""
    typed = {
        "title": "Tinjauan Buku 2",
        "book": "masterplan",
        "edition": "",
        "question": "Apakah sudah baik?",
        "closes_on": day,
        "people": [str(country.mentor.pk), str(country.operator.pk)],
    }
    assert coordinator.post(f"{HOME}baru/", typed).status_code == 302
    return ReviewRound.objects.latest("pk")


@pytest.fixture
def review(country, coordinator):
    return asked(country, coordinator)


def due(review, days, since=10):
    """The round as if it had begun so many days ago and closed in so many days."""
    begun = timezone.now() - datetime.timedelta(since)
    day = review.plan.today + datetime.timedelta(days)
    ReviewRound.objects.filter(pk=review.pk).update(closes_on=day, created_at=begun)
    review.refresh_from_db()
    return review


def told(user):
    """The texts that an account was told, oldest first."""
    return [notice.text for notice in Notice.objects.filter(user=user).order_by("pk")]


def test_who_is_asked_is_told(review, country):
    assert Opinion.objects.filter(round=review).count() == 2
    notice = Notice.objects.get(user=country.mentor)
    assert notice.address == f"{HOME}{review.pk}/"


def test_an_opinion_is_asked_of_an_office_with_its_acting_status(country, coordinator):
    today = country.plan.today
    office = {"organisation": country.health, "person": country.operator.person}
    past = {"starts_on": today - datetime.timedelta(90), "ends_on": today - datetime.timedelta(1)}
    Position.objects.create(**office, title="Camat", **past)
    Position.objects.create(**office, title="Sekretaris")
    Position.objects.create(**office, title="Kepala Dinas Kesehatan", acting="plt", starts_on=today, ends_on=today)
    page = coordinator.get(f"{HOME}baru/").content.decode()
    asked(country, coordinator)
    opinion = Opinion.objects.get(user=country.operator)
    assert opinion.position_title == "Plt. Kepala Dinas Kesehatan; Sekretaris, Dinas Kesehatan"
    assert opinion.position_title in page
    assert Opinion.objects.get(user=country.mentor).position_title == country.mentor.acting_as  # holds a role alone


def test_the_office_stays_as_it_was_when_asked(review, country, coordinator):
    before = Opinion.objects.get(user=country.operator).position_title
    Position.objects.create(organisation=country.health, person=country.operator.person, title="Camat")
    assert before in coordinator.get(f"{HOME}{review.pk}/").content.decode()


def test_nobody_of_another_region_can_be_asked(country, coordinator):
    typed = {"title": "T", "book": "masterplan", "closes_on": "31 Desember 2099", "people": [str(country.neighbour.pk)]}
    assert coordinator.post(f"{HOME}baru/", typed).status_code == 422
    assert not ReviewRound.objects.exists()


def test_a_past_day_is_refused(country, coordinator):
    typed = {"title": "T", "book": "masterplan", "closes_on": "1 Januari 2020", "people": [str(country.mentor.pk)]}
    response = coordinator.post(f"{HOME}baru/", typed)
    assert response.context["form"].errors["closes_on"]


def test_an_opinion_is_given_changed_and_told_once(review, country, client_of):
    mentor = client_of(country.mentor)
    address = f"{HOME}{review.pk}/pendapat/"
    assert mentor.post(address, {"version": "1", "verdict": "remarks", "text": "Bab 3 singkat."}).status_code == 302
    assert mentor.post(address, {"version": "2", "verdict": "good", "text": ""}).status_code == 302
    assert Opinion.objects.get(user=country.mentor).verdict == "good"
    assert Notice.objects.filter(user=country.coordinator).count() == 1


def test_remarks_without_words_are_asked_for(review, country, client_of):
    response = client_of(country.mentor).post(f"{HOME}{review.pk}/pendapat/", {"version": "1", "verdict": "again"})
    assert response.status_code == 422


def test_a_closed_round_takes_no_opinion(review, country, coordinator, client_of):
    assert coordinator.post(f"{HOME}{review.pk}/tutup/", {"version": "1"}).status_code == 302
    client_of(country.mentor).post(f"{HOME}{review.pk}/pendapat/", {"version": "1", "verdict": "good", "text": ""})
    assert Opinion.objects.get(user=country.mentor).answered_at is None


def test_who_answers_while_the_round_is_being_closed_is_told_so(review, country):
    own = Opinion.objects.select_related("round").get(user=country.mentor)  # read while it was open
    rounds.close(ReviewRound.objects.get(pk=review.pk), by=country.coordinator, version=1)
    with pytest.raises(TooLate):
        rounds.answer(own, verdict="good", text="", version=1, by=country.mentor)
    assert Opinion.objects.get(pk=own.pk).answered_at is None


def test_two_answers_from_one_page_and_two_closings_are_told(review, country):
    own = Opinion.objects.get(user=country.mentor)
    rounds.answer(own, verdict="good", text="", version=1, by=country.mentor)
    with pytest.raises(TooLate):
        rounds.answer(own, verdict="again", text="x", version=1, by=country.mentor)
    first, second = (ReviewRound.objects.get(pk=review.pk) for _each in range(2))
    rounds.close(first, by=country.coordinator, version=1)
    with pytest.raises(TooLate):
        rounds.close(second, by=country.coordinator, version=1)
    with pytest.raises(TooLate):
        rounds.close(first, by=country.coordinator, version=2)


def test_what_is_done_with_a_round_stands_in_its_history(review, country, client_of, coordinator):
    mentor = client_of(country.mentor)
    mentor.post(f"{HOME}{review.pk}/pendapat/", {"version": "1", "verdict": "remarks", "text": "Bab 3 singkat."})
    coordinator.post(f"{HOME}{review.pk}/ingatkan/")
    coordinator.post(f"{HOME}{review.pk}/tutup/", {"version": "1"})
    events = [(event.verb, event.by) for event in Event.objects.about(review)]
    person = country.coordinator
    assert events[::-1] == [
        ("ask for opinions", person), ("answer", country.mentor), ("remind reviewers", person), ("close", person),
    ]  # fmt: skip
    assert Event.objects.about(review).get(verb="answer").remark == "Bab 3 singkat."
    assert "Sari" not in str(Event.objects.about(review).values_list("changes"))  # names stay out of the log


def test_only_the_coordinator_asks_reminds_and_closes(review, country, client_of):
    mentor = client_of(country.mentor)
    assert mentor.get(f"{HOME}baru/").status_code == 404
    for verb in ("tutup", "ingatkan"):
        assert mentor.post(f"{HOME}{review.pk}/{verb}/", {"version": "1"}).status_code == 404
    review.refresh_from_db()
    assert review.closed_at is None


def test_a_round_of_another_plan_is_not_there(review, country, client_of):
    stranger = client_of(country.neighbour)
    for verb in ("tutup", "ingatkan", "pendapat"):
        assert stranger.post(f"/kota-sebelah/tinjauan/{review.pk}/{verb}/", {"version": "1"}).status_code == 404
    assert stranger.get(f"/kota-sebelah/tinjauan/{review.pk}/").status_code == 404


def test_who_has_not_answered_is_reminded_by_hand_once_a_day(review, country, coordinator, client_of):
    mentor = client_of(country.mentor)
    mentor.post(f"{HOME}{review.pk}/pendapat/", {"version": "1", "verdict": "good", "text": ""})
    for _press in range(2):
        coordinator.post(f"{HOME}{review.pk}/ingatkan/")
    assert len(told(country.operator)) == 2  # asked, and reminded once
    assert len(told(country.mentor)) == 1
    notice = Notice.objects.filter(user=country.operator).latest("pk")
    assert notice.address == f"{HOME}{review.pk}/"
    assert client_of(country.operator).get(notice.address).status_code == 200


def test_nobody_is_reminded_of_a_closed_round(review, country):
    rounds.close(review, by=country.coordinator, version=1)
    with pytest.raises(Refused):
        reminders.remind(review, by=country.coordinator)
    due(review, 0)
    assert reminders.remind_by_the_day() == 0


@pytest.mark.parametrize(("days", "reminded"), [(4, 0), (3, 2), (1, 2), (0, 2), (-1, 2), (-9, 2)])
def test_reminders_come_when_the_day_is_near_has_come_or_has_passed(review, country, days, reminded):
    due(review, days)
    assert reminders.remind_by_the_day() == reminded
    assert reminders.remind_by_the_day() == 0  # once each
    assert len(told(country.mentor)) == 1 + bool(reminded)


def test_each_occasion_reminds_and_the_asker_hears_who_is_missing(review, country):
    for days in (2, 0, -1):
        due(review, days)
        reminders.remind_by_the_day()
    assert len(told(country.mentor)) == 4
    assert len(set(told(country.mentor)[1:])) == 3
    assert "2" in told(country.coordinator)[-1]
    assert len(told(country.coordinator)) == 1


def test_who_was_asked_today_is_not_reminded_tonight(review):
    due(review, 1, since=0)
    assert reminders.remind_by_the_day() == 0


def test_who_has_answered_or_can_no_longer_sign_in_is_left_alone(review, country, client_of):
    client_of(country.mentor).post(f"{HOME}{review.pk}/pendapat/", {"version": "1", "verdict": "good", "text": ""})
    User.objects.filter(pk=country.operator.pk).update(is_active=False)
    assert reminders.waiting_for(review) == []


def test_reminders_come_by_a_job_at_night(review, country):
    from praja.clock import SCHEDULE

    assert "masterplan.remind_reviewers" in {getattr(line, "job", "") for line in SCHEDULE}
    due(review, 0)
    later("masterplan.remind_reviewers")
    assert perform_due() == 1
    assert len(told(country.mentor)) == 2


def test_the_page_tells_who_is_late_and_who_answered_late(review, country, client_of, coordinator):
    due(review, -2)
    client_of(country.mentor).post(f"{HOME}{review.pk}/pendapat/", {"version": "1", "verdict": "good", "text": ""})
    context = coordinator.get(f"{HOME}{review.pk}/").context
    assert [late for _opinion, late in context["opinions"]] == [2, 2]
    assert (context["is_late"], context["given"], context["has_missing"]) == (True, 1, True)
    due(review, 0)
    assert [late for _opinion, late in coordinator.get(f"{HOME}{review.pk}/").context["opinions"]] == [0, 0]


def test_pages_of_reviews_ask_a_constant_number_of_queries(country, coordinator, review, django_assert_max_num_queries):
    pages = {HOME: 19, f"{HOME}{review.pk}/": 20, f"{HOME}baru/": 24, REMARKS: 24}
    threads.leave(country.plan, threads.Place("masterplan"), "x", by=country.mentor, address=REMARKS)
    few = {}
    for page, most in pages.items():
        coordinator.get(page)
        with django_assert_max_num_queries(most) as asked_of_database:
            coordinator.get(page)
        few[page] = len(asked_of_database)
    for number in range(30):
        person = Person.objects.create(name=f"Orang {number}")
        user = User.objects.create_user(f"orang{number}", person=person)
        user.memberships.create(organisation=country.health, role="operator")
        Position.objects.create(organisation=country.health, title=f"Jabatan {number}", person=person)
        Opinion.objects.create(round=review, user=user)
        ReviewRound.objects.create(plan=country.plan, book="masterplan", title="T", closes_on=country.plan.today)
        left = threads.leave(country.plan, threads.Place("masterplan"), "x", by=user, address=REMARKS)
        threads.leave(country.plan, threads.Place("masterplan"), "y", by=user, address=REMARKS, parent=left)
    for page, most in few.items():
        with django_assert_max_num_queries(most):
            coordinator.get(page)


def test_asking_many_people_takes_a_constant_number_of_queries(country, django_assert_max_num_queries):
    users = [User.objects.create_user(f"orang{number}") for number in range(30)]
    for user in users:
        user.memberships.create(organisation=country.health, role="operator")
    users = list(User.objects.filter(pk__in=[user.pk for user in users]))
    values = {"book": "masterplan", "title": "T", "closes_on": country.plan.today}
    with django_assert_max_num_queries(12):
        rounds.ask(country.plan, values, users, by=country.coordinator)
    assert Opinion.objects.filter(position_title__contains="Dinas Kesehatan").count() == 30


def test_who_was_not_asked_cannot_answer(review, country, client_of):
    address = f"{HOME}{review.pk}/pendapat/"
    assert client_of(country.assessor).post(address, {"version": "1", "verdict": "good"}).status_code == 404
    assert client_of(country.neighbour).get(f"{HOME}{review.pk}/").status_code == 404


def test_a_remark_tells_whom_it_names(country, client_of):
    typed = {"key": "", "text": "Mohon dicek @operator, bukan @tetangga atau @siapa.", "quote": "28 dari 34"}
    assert client_of(country.mentor).post(f"{REMARKS}baru/", typed).status_code == 302
    remark = Remark.objects.get()
    assert list(remark.mentions.all()) == [country.operator]
    assert Notice.objects.get(user=country.operator).address == f"{REMARKS}?utas={remark.pk}#catatan-{remark.pk}"
    assert not Notice.objects.filter(user=country.neighbour).exists()


def test_a_thread_is_replied_to_settled_and_opened_again(country, client_of, coordinator):
    mentor = client_of(country.mentor)
    mentor.post(f"{REMARKS}baru/", {"key": "", "text": "Terlalu singkat."})
    remark = Remark.objects.get()
    coordinator.post(f"{REMARKS}{remark.pk}/", {"do": "reply", "text": "Sudah ditambah."})
    coordinator.post(f"{REMARKS}{remark.pk}/", {"do": "settle"})
    page = coordinator.get(f"{REMARKS}?keadaan=selesai")
    (thread, _title), *others = page.context["threads"]
    assert ([reply.text for reply in thread.replies], others, thread.is_open) == (["Sudah ditambah."], [], False)
    coordinator.post(f"{REMARKS}{remark.pk}/", {"do": "reopen"})
    assert [thread.is_open for thread, _title in coordinator.get(REMARKS).context["threads"]] == [True]


def test_only_who_left_a_remark_takes_it_away(country, client_of, coordinator):
    client_of(country.mentor).post(f"{REMARKS}baru/", {"key": "", "text": "Salah tulis."})
    remark = Remark.objects.get()
    assert coordinator.post(f"{REMARKS}{remark.pk}/", {"do": "take-away"}).status_code == 404
    assert client_of(country.mentor).post(f"{REMARKS}{remark.pk}/", {"do": "take-away"}).status_code == 302
    assert coordinator.get(REMARKS).context["threads"] == []


def test_a_remark_belongs_to_a_chapter_that_is_there(country, client_of):
    mentor = client_of(country.mentor)
    assert mentor.post(f"{REMARKS}baru/", {"key": "tidak-ada", "text": "x"}).status_code == 404
    assert mentor.post("/kabupaten-uji/buku/tidak-ada/catatan/baru/", {"key": "", "text": "x"}).status_code == 404
    assert client_of(country.assessor).post(f"{REMARKS}baru/", {"key": "", "text": "x"}).status_code == 404


def test_what_becomes_of_a_thread_is_kept_and_the_second_is_told(country):
    remark = threads.leave(country.plan, threads.Place("masterplan"), "x", by=country.mentor, address=REMARKS)
    other = Remark.objects.get(pk=remark.pk)
    threads.settle(remark, by=country.coordinator, settles=True)
    with pytest.raises(TooLate):
        threads.settle(other, by=country.mentor, settles=True)
    with pytest.raises(TooLate):
        threads.settle(remark, by=country.mentor, settles=True)  # is settled already, by another
    threads.settle(remark, by=country.coordinator, settles=False)
    threads.take_away(remark, by=country.mentor)
    assert [event.verb for event in Event.objects.about(remark)] == [
        "take away",
        "open again",
        "settle",
        "leave remark",
    ]


def test_who_may_do_what_with_a_thread(country, client_of, coordinator):
    mine = threads.leave(country.plan, threads.Place("masterplan"), "x", by=country.mentor, address=REMARKS)
    address = f"{REMARKS}{mine.pk}/"
    for person, verb, status in (
        (country.assessor, "reply", 404), (country.operator, "settle", 404), (country.operator, "take-away", 404),
        (country.neighbour, "settle", 404), (country.mentor, "nothing", 404), (country.mentor, "settle", 302),
        (country.mentor, "take-away", 404), (country.mentor, "reopen", 404), (country.coordinator, "reopen", 302),
    ):  # fmt: skip
        assert client_of(person).post(address, {"do": verb, "text": "y"}).status_code == status, (person, verb)
    other_book = f"/kabupaten-uji/buku/analysis/catatan/{mine.pk}/"
    assert coordinator.post(other_book, {"do": "settle"}).status_code == 404
    assert Remark.objects.count() == 1


LONG = "x" * 5_001


@pytest.mark.parametrize("text", ["", " \n", LONG])
def test_a_remark_or_a_reply_without_words_or_with_too_many_is_refused_and_kept_as_typed(
    country, client_of, coordinator, text
):
    left = threads.leave(country.plan, threads.Place("masterplan"), "x", by=country.mentor, address=REMARKS)
    for address, typed in (
        (f"{REMARKS}baru/", {"key": "", "text": text, "quote": "28 dari 34"}),
        (f"{REMARKS}{left.pk}/", {"do": "reply", "text": text}),
    ):
        answer = coordinator.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "field-error" in page
        assert f"autofocus>{text}</textarea>" in page
    assert Remark.objects.count() == 1


def test_a_remark_of_exactly_the_longest_length_is_kept_whole(country, client_of):
    text = "a\r\n" * 2_500  # a new line is one character, however a browser sends it
    assert client_of(country.mentor).post(f"{REMARKS}baru/", {"key": "", "text": text + "b"}).status_code == 422
    assert client_of(country.mentor).post(f"{REMARKS}baru/", {"key": "", "text": f"b{text}"}).status_code == 302
    assert len(Remark.objects.get().text) == 5_000


def test_who_left_and_who_replied_stands_in_the_history(country):
    left = threads.leave(country.plan, threads.Place("masterplan"), "x", by=country.mentor, address=REMARKS)
    reply = threads.leave(
        country.plan, threads.Place("masterplan"), "y", by=country.operator, address=REMARKS, parent=left
    )
    assert [(event.verb, event.by) for event in Event.objects.about(left)] == [("leave remark", country.mentor)]
    assert [(event.verb, event.by) for event in Event.objects.about(reply)] == [("reply", country.operator)]


def many(country, number, **values):
    """So many threads on the book, with a reply each."""
    said = {"subject": "plans.plan", "subject_id": country.plan.pk, "field": "masterplan/", "text": "x", **values}
    return [Remark.objects.create(parent=Remark.objects.create(**said), **said).parent for _each in range(number)]


def test_a_page_holds_a_part_of_the_threads_and_the_counts_are_of_all(country, coordinator):
    rows = many(country, 45)
    Remark.objects.filter(pk=rows[3].pk).update(resolved_at=timezone.now(), resolved_by=country.mentor)
    page = coordinator.get(REMARKS)
    assert [tab["count"] for tab in page.context["tabs"]] == [44, 1]
    assert len(page.context["threads"]) == threads.ON_A_PAGE
    assert all(len(thread.replies) == 1 for thread, _title in page.context["threads"])
    assert "?halaman=2" in page.content.decode()
    last = coordinator.get(f"{REMARKS}?halaman=3").context["threads"]
    assert [thread.remark.pk for thread, _title in last] == [row.pk for row in rows[41:]]


def test_the_page_of_a_thread_is_found_whatever_has_become_of_it(country, coordinator):
    rows = many(country, 45)
    assert coordinator.get(f"{REMARKS}?utas={rows[40].pk}").context["page"].number == 3
    answer = coordinator.post(f"{REMARKS}{rows[40].pk}/", {"do": "settle"}, follow=True)
    assert [thread.remark.pk for thread, _title in answer.context["threads"]] == [rows[40].pk]
    for nonsense in ("9" * 30, "²", "-1", "", "x"):
        assert coordinator.get(REMARKS, {"utas": nonsense}).context["page"].number == 1


def test_the_chosen_chapter_stays_when_the_tab_changes_and_when_a_thread_is_settled(country, coordinator):
    key = coordinator.get(REMARKS).context["titles"][1][0]
    (thread,) = many(country, 1, field=f"masterplan/{key}")
    many(country, 1)
    page = coordinator.get(REMARKS, {"bab": key})
    assert [tab["url"] for tab in page.context["tabs"]] == [f"?bab={key}", f"?bab={key}&keadaan=selesai"]
    assert [tab["count"] for tab in page.context["tabs"]] == [1, 0]
    assert f'{REMARKS}{thread.pk}/?bab={key}"' in page.content.decode()
    answer = coordinator.post(f"{REMARKS}{thread.pk}/?bab={key}", {"do": "settle"}, follow=True)
    assert (answer.context["chosen"], len(answer.context["threads"])) == (key, 1)


def test_the_page_of_remarks_asks_as_often_for_many_threads_as_for_one(country, coordinator, django_assert_num_queries):
    many(country, 1)
    coordinator.get(REMARKS)
    for _each in range(2):
        with django_assert_num_queries(12):
            coordinator.get(REMARKS)
        many(country, 30)
