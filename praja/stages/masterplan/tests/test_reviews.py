"""Review rounds and remarks on chapters: asked, answered, closed; left, replied to, settled, and told to whom they name."""

import pytest

from praja.foundation.notices.models import Notice
from praja.foundation.remarks.models import Remark
from praja.stages.masterplan.models import Opinion, ReviewRound

HOME = "/kabupaten-uji/tinjauan/"
REMARKS = "/kabupaten-uji/buku/masterplan/catatan/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def review(country, coordinator):
    typed = {
        "title": "Tinjauan Buku 2",
        "book": "masterplan",
        "edition": "",
        "question": "Apakah sudah baik?",
        "closes_on": "31 Desember 2099",
        "people": [str(country.mentor.pk), str(country.operator.pk)],
    }
    assert coordinator.post(f"{HOME}baru/", typed).status_code == 302
    return ReviewRound.objects.get()


def test_who_is_asked_is_told(review, country):
    assert Opinion.objects.filter(round=review).count() == 2
    notice = Notice.objects.get(user=country.mentor)
    assert notice.address == f"{HOME}{review.pk}/"


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


def test_who_was_not_asked_cannot_answer(review, country, client_of):
    address = f"{HOME}{review.pk}/pendapat/"
    assert client_of(country.assessor).post(address, {"version": "1", "verdict": "good"}).status_code == 404
    assert client_of(country.neighbour).get(f"{HOME}{review.pk}/").status_code == 404


def test_a_remark_tells_whom_it_names(country, client_of):
    typed = {"key": "", "text": "Mohon dicek @operator, bukan @tetangga atau @siapa.", "quote": "28 dari 34"}
    assert client_of(country.mentor).post(f"{REMARKS}baru/", typed).status_code == 302
    remark = Remark.objects.get()
    assert list(remark.mentions.all()) == [country.operator]
    assert Notice.objects.get(user=country.operator).address == REMARKS
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
