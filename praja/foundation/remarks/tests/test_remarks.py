"""Remarks on fields: left by whoever checks, seen and settled at the field by the agency, counted while open."""

import pytest

from praja.foundation.audit.models import Event
from praja.foundation.drafts.models import Draft
from praja.foundation.remarks.models import Remark
from praja.foundation.workflow.tests.offices import offices
from praja.stages.innovations.tests.test_actions import complete as complete_innovation
from praja.stages.problems.actions import take_step
from praja.stages.problems.models import Problem

__all__ = ["offices"]


def on_field(problem, by, field="affected", text="Menurut data siapa?"):
    return Remark.objects.create(
        subject="problems.problem", subject_id=problem.pk, field=field, text=text, created_by=by,
        organisation_path=problem.organisation_path,
    )  # fmt: skip


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("person", "state"), [("head", "submitted"), ("living", "approved"), ("secretariat", "checked")]
)
def test_each_office_leaves_remarks_on_fields_and_then_returns_without_another_word(offices, client_of, person, state):
    problem, client = offices.problem(state), client_of(getattr(offices, person))
    address = f"/permasalahan/{problem.pk}/catatan/"
    assert client.post(address, {"field": "affected", "text": "Berapa orang?"}).url.endswith("#catatan-affected")
    client.post(address, {"field": "causes", "text": "Satu sebab lagi"})
    choices = client.get(f"/permasalahan/{problem.pk}/").context["choices"]
    key = next(choice.step.key for choice in choices if choice.step.needs_remark)
    client.post(f"/permasalahan/{problem.pk}/langkah/", {"step": key, "version": problem.version})
    assert offices.fresh(problem).state == "returned"
    assert Remark.objects.about(problem).open().count() == 2
    said = Event.objects.about(problem).first().remark
    assert "dampak" in said.lower() or "affected" in said.lower()


def test_without_any_remark_nothing_is_returned(offices, client_of):
    problem = offices.problem("submitted")
    client_of(offices.head).post(f"/permasalahan/{problem.pk}/langkah/", {"step": "send_back"})
    assert offices.fresh(problem).state == "submitted"


def test_a_script_gets_the_field_alone(offices, client_of):
    problem = offices.problem("submitted")
    values = {"field": "affected", "text": "Berapa orang?"}
    answer = client_of(offices.head).post(
        f"/permasalahan/{problem.pk}/catatan/", values, headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert "Berapa orang?" in text
    assert "<html" not in text
    assert (
        text.strip() in page(client_of(offices.head), f"/permasalahan/{problem.pk}/") or "csrfmiddlewaretoken" in text
    )


@pytest.mark.parametrize(("person", "field", "status"), [
    ("operator", "affected", 404), ("mentor", "affected", 404), ("economy", "affected", 404),
    ("neighbour", "affected", 404), ("head", "state", 404), ("head", "password", 404), ("head", "\0", 404),
])  # fmt: skip
def test_only_whoever_may_return_leaves_remarks_and_only_on_fields_of_the_form(
    offices, client_of, person, field, status
):
    problem = offices.problem("submitted")
    values = {"field": field, "text": "x"}
    answer = client_of(getattr(offices, person)).post(f"/permasalahan/{problem.pk}/catatan/", values)
    assert answer.status_code == status
    assert not Remark.objects.exists()


def test_the_agency_sees_the_remark_at_its_field_and_settles_it_by_saving(offices, client_of):
    problem = offices.problem("returned")
    remark, client = on_field(problem, offices.head), client_of(offices.operator)
    address = f"/permasalahan/{problem.pk}/ubah/what/"
    form = client.get(address).context["form"]
    assert [asked.remark for asked in form.fields["affected"].remarks] == [remark]
    values = {
        "title": problem.title, "organisation": problem.organisation_id, "dimension": problem.dimension_id,
        "sub_dimension": problem.sub_dimension_id, "affected": "1.400 pasien", "version": problem.version,
        f"remark-{remark.pk}-settled": "1", f"remark-{remark.pk}-answer": "Menurut data puskesmas 2025",
    }  # fmt: skip
    assert client.post(address, values).status_code == 302
    remark.refresh_from_db()
    assert (remark.resolved_by, remark.answer) == (offices.operator, "Menurut data puskesmas 2025")
    assert "Menurut data puskesmas 2025" in page(client_of(offices.head), f"/permasalahan/{problem.pk}/")


def test_an_answer_without_the_tick_leaves_the_remark_open(offices, client_of):
    problem = offices.problem("returned")
    remark = on_field(problem, offices.head, field="unit")
    values = {"version": problem.version, f"remark-{remark.pk}-answer": "Masih dihitung"}
    client_of(offices.operator).post(f"/permasalahan/{problem.pk}/ubah/data/", values)
    remark.refresh_from_db()
    assert (remark.resolved_at, remark.answer) == (None, "Masih dihitung")


def test_what_was_typed_about_a_remark_survives_a_wrong_page(offices, client_of):
    problem = offices.problem("returned")
    remark, client = on_field(problem, offices.head, field="figure"), client_of(offices.operator)
    values = {"figure": "banyak", "version": problem.version, f"remark-{remark.pk}-answer": "Sudah diganti"}
    answer = client.post(f"/permasalahan/{problem.pk}/ubah/data/", values)
    assert answer.status_code == 422
    assert "Sudah diganti" in answer.content.decode()
    assert Draft.objects.get().values[f"remark-{remark.pk}-answer"] == ["Sudah diganti"]


def test_a_remark_on_another_row_cannot_be_settled_from_this_form(offices, client_of):
    problem, other = offices.problem("returned"), offices.problem("returned")
    remark = on_field(other, offices.head)
    values = {"version": problem.version, f"remark-{remark.pk}-settled": "1"}
    client_of(offices.operator).post(f"/permasalahan/{problem.pk}/ubah/data/", values)
    remark.refresh_from_db()
    assert remark.resolved_at is None


def test_rows_below_carry_remarks_too(offices, client_of):
    innovation = complete_innovation(offices.country, state="returned")
    remark = Remark.objects.create(
        subject="innovations.innovation", subject_id=innovation.pk, field="money", text="Sumbernya apa?",
        organisation_path=innovation.organisation_path,
    )  # fmt: skip
    answer = client_of(offices.operator).get(f"/inovasi/{innovation.pk}/ubah/money/")
    assert "Sumbernya apa?" in answer.content.decode()
    assert f"remark-{remark.pk}-settled" in answer.content.decode()
    assert answer.context["remark_counts"] == {"money": 1}


def test_settling_opening_again_and_taking_away(offices, client_of):
    problem = offices.problem("returned")
    remark = on_field(problem, offices.head)
    address = f"/permasalahan/{problem.pk}/catatan/{remark.pk}/"
    operator, head = client_of(offices.operator), client_of(offices.head)
    operator.post(address, {"do": "settle", "answer": "Sudah"})
    assert not Remark.objects.about(problem).open().exists()
    assert head.post(address, {"do": "take-away"}).status_code == 404  # settled: it belongs to the history
    operator.post(address, {"do": "reopen"})
    assert Remark.objects.about(problem).open().exists()
    assert operator.post(address, {"do": "take-away"}).status_code == 404
    assert head.post(address, {"do": "take-away"}).status_code == 302
    assert not Remark.objects.about(problem).exists()


def test_a_remark_is_settled_only_by_whoever_may_mend_the_row_now(offices, client_of):
    problem = offices.problem("submitted")
    remark = on_field(problem, offices.head)
    address = f"/permasalahan/{problem.pk}/catatan/{remark.pk}/"
    for person in ("operator", "living", "mentor", "neighbour"):
        assert client_of(getattr(offices, person)).post(address, {"do": "settle"}).status_code == 404
    assert client_of(offices.secretariat).post(address, {"do": "settle"}).status_code == 302


def test_open_remarks_are_counted_in_the_list(offices, client_of):
    problem = offices.problem("returned")
    on_field(problem, offices.head)
    on_field(problem, offices.head, field="unit")
    rows = client_of(offices.operator).get("/kabupaten-uji/permasalahan/").context["rows"]
    assert [row["remarks"] for row in rows] == [2]


def test_whoever_checks_again_sees_what_changed_since_it_was_returned(offices, client_of):
    problem = offices.problem("submitted")
    take_step(problem, "send_back", by=offices.head, remark="Satuan apa?")
    values = {"version": problem.version, "unit": "orang per hari", "urgency": 4, "seriousness": 3, "growth": 2}
    client_of(offices.operator).post(f"/permasalahan/{problem.pk}/ubah/data/", values)
    take_step(offices.fresh(problem), "submit", by=offices.operator)
    answer = client_of(offices.head).get(f"/permasalahan/{problem.pk}/")
    assert [(before, after) for _label, before, after in answer.context["way"].changes] == [("", "orang per hari")]
    assert "Satuan apa?" in answer.content.decode()


def test_acceptance_settles_what_is_open(offices):
    problem = offices.problem("checked")
    on_field(problem, offices.head)
    take_step(problem, "accept", by=offices.secretariat)
    assert not Remark.objects.about(problem).open().exists()


def test_pages_of_a_row_ask_the_same_queries_however_many_remarks(offices, client_of, django_assert_num_queries):
    problem = offices.problem("submitted")
    for number in range(30):
        on_field(problem, offices.head, text=f"Catatan {number}")
    client = client_of(offices.head)
    with django_assert_num_queries(12):
        client.get(f"/permasalahan/{problem.pk}/")
    Problem.objects.update(state="returned")
    client = client_of(offices.operator)
    with django_assert_num_queries(16):
        client.get(f"/permasalahan/{problem.pk}/ubah/what/")
