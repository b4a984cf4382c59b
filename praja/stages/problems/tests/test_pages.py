"""Pages about problems: who sees what, and that nothing typed is lost."""

import pytest

from praja.foundation.drafts.models import Draft
from praja.foundation.workflow import withdrawal
from praja.stages.problems import actions
from praja.stages.problems.models import Problem
from praja.stages.problems.tests.test_actions import complete, started


@pytest.fixture
def problem(country):
    return started(country)


def test_a_new_problem_begins_with_its_title(country, client_of):
    response = client_of(country.operator).post(
        "/kabupaten-uji/permasalahan/baru/", {"title": "Antrean lama", "organisation": country.health.pk}
    )
    problem = Problem.objects.get()
    assert response.url == f"/permasalahan/{problem.pk}/ubah/what/"


def test_a_problem_without_title_keeps_the_page(country, client_of):
    response = client_of(country.operator).post("/kabupaten-uji/permasalahan/baru/", {"title": ""})
    assert response.status_code == 422
    assert not Problem.objects.exists()


def test_a_neighbour_gets_404_for_reading_and_writing(country, client_of, problem):
    neighbour = client_of(country.neighbour)
    address = f"/permasalahan/{problem.pk}/"
    assert neighbour.get(address).status_code == 404
    assert neighbour.get("/kabupaten-uji/permasalahan/").status_code == 404
    assert neighbour.post(f"{address}ubah/what/", {"title": "x", "version": 1}).status_code == 404
    assert neighbour.post(f"{address}langkah/", {"step": "submit"}).status_code == 404


def test_the_first_of_two_writers_wins_and_the_second_sees_both_texts(country, client_of, problem):
    address = f"/permasalahan/{problem.pk}/ubah/what/"
    values = {"organisation": country.health.pk, "version": 1}
    client_of(country.operator).post(address, {"title": "Judul operator", **values})
    response = client_of(country.coordinator).post(address, {"title": "Judul koordinator", **values})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Judul operator" in page
    assert "Judul koordinator" in page
    assert Draft.objects.get(kind="conflict").values["title"] == ["Judul koordinator"]


def shown_version(client, address):
    """What the page says of the row that it shows."""
    return client.get(address).context["version"]


def test_two_people_on_different_pages_of_one_row_do_not_meet(country, client_of, problem):
    operator, coordinator = client_of(country.operator), client_of(country.coordinator)
    what, data = (f"/permasalahan/{problem.pk}/ubah/{page}/" for page in ("what", "data"))
    seen = shown_version(operator, what)
    coordinator.post(data, {"figure": "37,5", "unit": "menit", "version": shown_version(coordinator, data)})
    response = operator.post(what, {"title": "Antrean", "organisation": country.health.pk, "version": seen})
    problem.refresh_from_db()
    assert (response.status_code, problem.title, problem.figure, problem.version) == (302, "Antrean", "37.5", 3)


def test_a_page_that_somebody_else_changed_is_compared_even_when_a_third_page_was_saved(country, client_of, problem):
    operator, coordinator = client_of(country.operator), client_of(country.coordinator)
    what = f"/permasalahan/{problem.pk}/ubah/what/"
    seen = shown_version(operator, what)
    values = {"organisation": country.health.pk}
    coordinator.post(what, {"title": "Judul koordinator", "version": shown_version(coordinator, what), **values})
    response = operator.post(what, {"title": "Judul operator", "version": seen, **values})
    assert response.status_code == 409
    assert Problem.objects.get().title == "Judul koordinator"


def test_a_hostile_version_is_compared_like_a_missing_one(country, client_of, problem):
    what = f"/permasalahan/{problem.pk}/ubah/what/"
    values = {"title": "Judul", "organisation": country.health.pk, "version": "1-zzzzzzzzzzzzzzzz"}
    assert client_of(country.operator).post(what, values).status_code == 409


def test_a_wrong_page_keeps_what_was_typed(country, client_of, problem):
    address = f"/permasalahan/{problem.pk}/ubah/data/"
    client = client_of(country.operator)
    response = client.post(address, {"figure": "banyak sekali", "version": 1})
    assert response.status_code == 422
    assert "banyak sekali" in client.get(address).content.decode()


def test_a_wrong_page_still_remembers_the_version_it_was_made_from(country, client_of, problem):
    address = f"/permasalahan/{problem.pk}/ubah/data/"
    client_of(country.coordinator).post(address, {"unit": "orang", "version": 1})
    page = client_of(country.operator).post(address, {"figure": "banyak", "version": 1})
    assert page.context["version"] == "1"


def test_typing_is_kept_and_offered_again(country, client_of, problem):
    client = client_of(country.operator)
    address = f"/permasalahan/{problem.pk}/ubah/what/"
    answer = client.post(f"{address}ketikan/", {"title": "Setengah kalimat", "version": 1})
    assert "saved_at" in answer.json()
    assert "Setengah kalimat" in client.get(address).content.decode()
    client.post(f"{address}ketikan/", {"discard": "1"})
    assert "Setengah kalimat" not in client.get(address).content.decode()


def test_an_old_draft_does_not_overwrite_what_was_saved_after_it(country, client_of, problem):
    operator, address = client_of(country.operator), f"/permasalahan/{problem.pk}/ubah/what/"
    operator.post(f"{address}ketikan/", {"title": "Ketikan lama", "organisation": country.health.pk, "version": 1})
    values = {"title": "Disimpan kemudian", "organisation": country.health.pk, "version": 1}
    client_of(country.coordinator).post(address, values)
    page = operator.get(address)
    assert page.context["version"] == 1
    again = operator.post(address, {"title": "Ketikan lama", "organisation": country.health.pk, "version": 1})
    assert again.status_code == 409
    problem.refresh_from_db()
    assert problem.title == "Disimpan kemudian"


def test_a_dead_session_loses_nothing(country, client, problem):
    address = f"/permasalahan/{problem.pk}/ubah/what/"
    response = client.post(address, {"title": "Diketik sebelum sesi habis", "version": 1})
    assert response.status_code == 302
    client.force_login(country.operator)
    assert "Diketik sebelum sesi habis" in client.get(address).content.decode()


def test_what_saved_itself_after_the_session_had_ended_is_offered_again(country, client, problem):
    address = f"/permasalahan/{problem.pk}/ubah/what/"
    client.post(f"{address}ketikan/", {"title": "Tersimpan sendiri", "version": 1})
    client.force_login(country.operator)
    assert "Tersimpan sendiri" in client.get(address).content.decode()


def test_another_browser_does_not_see_what_was_stranded(country, client, client_of, problem):
    address = f"/permasalahan/{problem.pk}/ubah/what/"
    client.post(address, {"title": "Rahasia", "version": 1})
    assert "Rahasia" not in client_of(country.operator).get(address).content.decode()


def test_after_a_step_one_goes_on_only_within_praja(country, client_of):
    client = client_of(country.coordinator)
    for target, expected in (("/kabupaten-uji/", "/kabupaten-uji/"), ("//elsewhere.example/", None), ("a b", "a%20b")):
        problem = complete(country, state="submitted")
        response = client.post(f"/permasalahan/{problem.pk}/langkah/", {"step": "accept", "next": target})
        assert response.url == (expected or f"/permasalahan/{problem.pk}/")


def test_nobody_accepts_a_text_that_changed_since_the_page_was_opened(country, client_of):
    problem = complete(country, state="submitted")
    client, address = client_of(country.coordinator), f"/permasalahan/{problem.pk}/"
    client.post(f"{address}ubah/data/", {"unit": "orang", "version": problem.version})
    client.post(f"{address}langkah/", {"step": "accept", "version": problem.version})
    assert Problem.objects.get().state == "submitted"
    client.post(f"{address}langkah/", {"step": "accept", "version": problem.version + 1})
    assert Problem.objects.get().state == "accepted"


def test_an_accepted_problem_is_closed_for_its_agency(country, client_of):
    problem = complete(country, state="accepted")
    assert client_of(country.operator).get(f"/permasalahan/{problem.pk}/ubah/what/").status_code == 404
    assert client_of(country.coordinator).get(f"/permasalahan/{problem.pk}/ubah/what/").status_code == 200


def test_unknown_pages_of_the_form_are_404(country, client_of, problem):
    assert client_of(country.operator).get(f"/permasalahan/{problem.pk}/ubah/apa/").status_code == 404


def test_hostile_filters_and_cursors_filter_nothing(country, client_of, problem):
    client = client_of(country.operator)
    for query in ("opd=1%27--", "sesudah=%00", "sesudah=WzFd", "dimensi=x", "urut=password", "q=%00"):
        assert client.get(f"/kabupaten-uji/permasalahan/?{query}").status_code == 200


def test_markup_in_a_title_is_text(country, client_of):
    problem = actions.start(
        country.plan, by=country.operator, title="<script>alert(1)</script>", organisation=country.health
    )
    page = client_of(country.operator).get(f"/permasalahan/{problem.pk}/").content.decode()
    assert "<script>alert" not in page


def test_the_list_asks_the_same_few_queries_however_long_it_is(country, client_of, django_assert_num_queries):
    for number in range(60):
        actions.start(country.plan, by=country.operator, title=f"Masalah {number}", organisation=country.health)
    client = client_of(country.coordinator)
    with django_assert_num_queries(11):
        page = client.get("/kabupaten-uji/permasalahan/").content.decode()
    assert page.count("<tr>") == 51


def test_whoever_only_reads_cannot_begin_a_problem(country, client_of):
    response = client_of(country.mentor).post("/kabupaten-uji/permasalahan/baru/", {"title": "Bukan tugas saya"})
    assert response.status_code == 404
    assert not Problem.objects.exists()


def test_an_operator_begins_only_for_the_own_agency(country, client_of):
    values = {"title": "Untuk dinas lain", "organisation": country.transport.pk}
    assert client_of(country.operator).post("/kabupaten-uji/permasalahan/baru/", values).status_code == 422
    assert client_of(country.operator).post("/kabupaten-uji/permasalahan/baru/", {"title": "Tanpa"}).status_code == 422


def test_a_withdrawn_problem_rests_until_it_is_brought_back(country, client_of, problem):
    operator, address = client_of(country.operator), f"/permasalahan/{problem.pk}/"
    operator.post(f"{address}penarikan/", {"remark": "Dobel", "version": 1})
    assert operator.post(f"{address}langkah/", {"step": "submit"}, follow=True).status_code == 200
    assert Problem.objects.get().state == "draft"
    assert f'action="{address}langkah/"' not in operator.get(address).content.decode()
    assert operator.get(f"{address}ubah/what/").status_code == 404
    assert operator.post(f"{address}pemulihan/", {"version": 2}).url == address
    assert list(country.plan.problems.in_service()) == [problem]


def test_a_problem_that_changed_since_the_page_was_opened_is_not_withdrawn_unseen(country, client_of, problem):
    operator, address = client_of(country.operator), f"/permasalahan/{problem.pk}/"
    client_of(country.coordinator).post(f"{address}ubah/data/", {"unit": "orang", "version": 1})
    assert operator.post(f"{address}penarikan/", {"version": 1}).url == address
    assert country.plan.problems.in_service().exists()


def test_who_may_not_write_cannot_bring_a_problem_back(country, client_of, problem):
    withdrawal.withdraw(problem, by=country.operator, version=problem.version, reason="")
    for user, status in ((country.neighbour, 404), (country.mentor, 404), (country.coordinator, 302)):
        assert client_of(user).post(f"/permasalahan/{problem.pk}/pemulihan/").status_code == status
