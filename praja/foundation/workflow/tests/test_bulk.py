"""Many rows at once: what the preview says, that exactly what was shown moves, and that people are told once."""

import pytest

from praja.foundation.audit.models import Event
from praja.foundation.notices.models import Notice
from praja.foundation.workflow import bulk
from praja.foundation.workflow.tests.offices import offices
from praja.stages.problems.models import Problem

__all__ = ["offices"]

ADDRESS = "/kabupaten-uji/permasalahan/serentak/"


def named(*rows):
    """The rows as the preview names them: with their versions."""
    return [f"{row.pk}:{row.version}" for row in rows]


def states():
    return [row.state for row in Problem.objects.order_by("pk")]


def test_the_preview_says_what_moves_and_why_the_others_stay_and_moves_nothing(offices, client_of):
    mine, later, lacking = offices.problem("submitted"), offices.problem("approved"), offices.problem("draft")
    answer = client_of(offices.head).post(ADDRESS, {"step": "approve", "row": [mine.pk, later.pk, lacking.pk]})
    assert [verdict.row for verdict in answer.context["going"]] == [mine]
    assert {verdict.row.pk for verdict in answer.context["staying"]} == {later.pk, lacking.pk}
    assert all(verdict.reasons for verdict in answer.context["staying"])
    assert states() == ["submitted", "approved", "draft"]


def test_what_lacks_is_named_row_by_row(offices, client_of):
    problem = offices.problem("draft", description="")
    answer = client_of(offices.operator).post(ADDRESS, {"step": "submit", "row": [problem.pk]})
    (verdict,) = answer.context["staying"]
    assert [str(reason) in answer.content.decode() for reason in verdict.reasons] == [True]


@pytest.mark.django_db(transaction=True)
def test_confirming_moves_the_rows_with_history_each_and_one_notice_for_all(offices, client_of):
    rows = [offices.problem("submitted") for _number in range(3)]
    answer = client_of(offices.head).post(ADDRESS, {"step": "approve", "row": named(*rows), "confirm": "1"})
    assert len(answer.context["moved"]) == 3
    assert states() == ["approved"] * 3
    assert [Event.objects.about(row).first().verb for row in rows] == ["approve"] * 3
    notice = Notice.objects.get()
    assert notice.user == offices.living
    assert notice.address == "/kabupaten-uji/permasalahan/?giliran=saya"
    assert "3" in notice.text


def test_a_row_that_changed_since_the_preview_stays(offices, client_of):
    changed, same = offices.problem("submitted"), offices.problem("submitted")
    shown = named(changed, same)
    Problem.objects.filter(pk=changed.pk).update(version=changed.version + 1)
    answer = client_of(offices.head).post(ADDRESS, {"step": "approve", "row": shown, "confirm": "1"})
    assert [verdict.row.pk for verdict in answer.context["left"]] == [changed.pk]
    assert states() == ["submitted", "approved"]


def test_the_same_form_twice_is_done_not_refused(offices, client_of):
    problem, client = offices.problem("submitted"), client_of(offices.head)
    form = {"step": "approve", "row": named(problem), "confirm": "1"}
    client.post(ADDRESS, form)
    assert client.post(ADDRESS, form).context["left"] == []
    assert Event.objects.about(problem).filter(verb="approve").count() == 1


def test_returning_many_needs_one_remark_for_all(offices, client_of):
    rows, client = [offices.problem("checked"), offices.problem("accepted")], client_of(offices.secretariat)
    form = {"step": "send_back", "row": named(*rows), "confirm": "1"}
    actions = client.get("/kabupaten-uji/permasalahan/").context["actions"]
    form["step"] = next(one.key for one in actions if one.needs_remark)
    assert client.post(ADDRESS, form).status_code == 422
    assert client.post(ADDRESS, {**form, "remark": "Sebutkan sumbernya"}).status_code == 200
    assert states() == ["returned", "returned"]


def test_who_has_two_offices_returns_each_row_in_the_right_one(offices, client_of):
    first, second = offices.problem("approved"), offices.problem("checked")
    client = client_of(offices.secretariat)
    key = next(one.key for one in client.get("/kabupaten-uji/permasalahan/").context["actions"] if one.needs_remark)
    client.post(ADDRESS, {"step": key, "row": named(first, second), "confirm": "1", "remark": "Lengkapi"})
    assert {Event.objects.about(row).first().verb for row in (first, second)} == {"ask_again", "return"}


def test_all_rows_of_a_filter_are_ticked_at_once_up_to_a_limit(offices, client_of, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    for _number in range(3):
        offices.problem("submitted")
    offices.problem("draft")
    answer = client_of(offices.head).post(ADDRESS, {"step": "approve", "all": "1", "query": "giliran=saya"})
    assert len(answer.context["going"]) == 2
    assert answer.context["is_too_many"]


def test_rows_out_of_reach_are_as_if_they_were_not_there(offices, client_of):
    problem = offices.problem("submitted")
    values = {"step": "accept", "row": named(problem), "confirm": "1"}
    answer = client_of(offices.neighbour).post("/kota-sebelah/permasalahan/serentak/", values)
    assert (answer.context["moved"], answer.context["left"]) == ([], [])
    assert states() == ["submitted"]


def test_who_may_take_no_step_gets_404_and_no_boxes(offices, client_of):
    offices.problem("submitted")
    client = client_of(offices.mentor)
    assert client.post(ADDRESS, {"step": "approve", "row": ["1"]}).status_code == 404
    assert 'name="row"' not in client.get("/kabupaten-uji/permasalahan/").content.decode()


def test_a_step_that_the_plan_leaves_out_is_not_offered(country, client_of):
    actions = client_of(country.coordinator).get("/kabupaten-uji/permasalahan/?q=x").context["actions"]
    assert "check" not in {action.key for action in actions}
    assert "accept" in {action.key for action in actions}


@pytest.mark.parametrize("row", ["x", "1:x", "-1", "9" * 30, "1:" + "9" * 30, "²", "1:1:1", "", "\0"])
def test_hostile_rows_are_passed_over(offices, client_of, row):
    answer = client_of(offices.head).post(ADDRESS, {"step": "approve", "row": [row], "query": "\0%00=&dimensi=x"})
    assert answer.status_code in (200, 302)


def test_nothing_ticked_leads_back_to_the_list_with_its_filters(offices, client_of):
    answer = client_of(offices.head).post(ADDRESS, {"step": "approve", "query": "giliran=saya&q=antre"})
    assert answer.url == "/kabupaten-uji/permasalahan/?giliran=saya&q=antre"
    assert client_of(offices.head).get(ADDRESS).url == "/kabupaten-uji/permasalahan/"


def test_a_preview_asks_the_same_few_queries_however_many_rows(offices, client_of, django_assert_num_queries):
    for number in range(12):
        offices.problem("submitted", title=f"Masalah {number}")
    rows = list(Problem.objects.values_list("pk", flat=True))
    client = client_of(offices.head)
    client.post(ADDRESS, {"step": "approve", "row": rows[:2]})
    with django_assert_num_queries(7):
        client.post(ADDRESS, {"step": "approve", "row": rows})
