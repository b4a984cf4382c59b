"""The alignment with the RPJMD: the table, what serves no target, what nobody serves, and linking an innovation."""

import pytest

from praja.foundation.audit.models import Event
from praja.foundation.workflow.models import State
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import started
from praja.stages.targets.models import Target
from praja.stages.targets.tests.growing import tree

MATRIX = "/kabupaten-uji/keselarasan/"
ORPHANS = f"{MATRIX}tanpa-sasaran/"
HOLES = f"{MATRIX}belum-didukung/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def innovation_of(country, state=State.SUBMITTED, target=None, **values):
    """An innovation in a state and of the dimension living, that serves a target or none."""
    innovation = started(country, **values)
    Innovation.objects.filter(pk=innovation.pk).update(state=state, dimension=country.dimension())
    if target:
        innovation.targets.set([target])
    return innovation


def titles(response):
    return [row["title"] for row, _may_link in response.context["rows"]]


def test_the_table_counts_innovations_that_were_handed_in(country, coordinator):
    first, _second = tree(country)
    for state in (State.DRAFT, State.SUBMITTED, State.ACCEPTED):
        innovation_of(country, state, first, title=f"Inovasi {state}")
    matrix = coordinator.get(MATRIX).context["matrix"]
    ((_mission, (row, empty)),) = matrix.missions
    assert (row.total, row.accepted, empty.total) == (2, 1, 0)
    living = [dimension.key for dimension in matrix.dimensions].index("living")
    assert (row.cells[living], sum(row.cells), matrix.sums[living]) == (2, 2, 2)


def test_the_more_innovations_the_darker_the_cell(country, coordinator):
    first, second = tree(country)
    for number in range(4):
        innovation_of(country, target=first, title=f"Inovasi {number}")
    innovation_of(country, target=second, title="Satu saja")
    matrix = coordinator.get(MATRIX).context["matrix"]
    ((_mission, rows),) = matrix.missions
    living = [dimension.key for dimension in matrix.dimensions].index("living")
    assert [row.shaded[living][1:] for row in rows] == [(4, 4), (1, 1)]
    assert all(shade == 0 for row in rows for place, (_one, _number, shade) in enumerate(row.shaded) if place != living)


def test_orphans_and_holes_have_the_thing_to_do(country, coordinator):
    first, second = tree(country)
    orphan = innovation_of(country, title="Tanpa sasaran")
    innovation_of(country, State.DRAFT, title="Masih draf")
    innovation_of(country, target=first, title="Dengan sasaran")
    page = coordinator.get(ORPHANS)
    assert titles(page) == ["Tanpa sasaran"]
    assert f"/inovasi/{orphan.pk}/ubah/why/#id_targets" in page.content.decode()
    page = coordinator.get(HOLES)
    assert list(page.context["page_of_rows"].rows) == [second]
    assert [tab["count"] for tab in page.context["tabs"]] == ["", 1, 1]


def test_filters_stand_in_the_address(country, coordinator):
    first, second = tree(country)
    innovation_of(country, title="Tanpa sasaran")
    assert titles(coordinator.get(ORPHANS, {"dimensi": "living"})) == ["Tanpa sasaran"]
    assert titles(coordinator.get(ORPHANS, {"dimensi": "society"})) == []
    found = coordinator.get(HOLES, {"dimensi": "living", "opd": country.health.pk, "q": "stunting"})
    assert list(found.context["page_of_rows"].rows) == [first]
    assert list(coordinator.get(HOLES, {"q": "1.1.2"}).context["page_of_rows"].rows) == [second]


def test_an_operator_sees_the_own_agency_and_what_is_still_theirs_to_link(country, client_of):
    first, second = tree(country)
    second.agencies.set([country.transport])
    innovation_of(country, State.DRAFT, title="Rancangan kami")
    innovation_of(country, title="Usulan kami")
    other = innovation_of(country, title="Milik lain")
    other.organisation = country.transport
    other.save()
    operator = client_of(country.operator)
    found = {row["title"]: may_link for row, may_link in operator.get(ORPHANS).context["rows"]}
    assert found == {"Rancangan kami": True, "Usulan kami": False}
    assert list(operator.get(HOLES).context["page_of_rows"].rows) == [first]
    assert list(operator.get(HOLES, {"opd": "semua"}).context["page_of_rows"].rows) == [first, second]


def test_an_assessor_sees_numbers_and_no_innovation(country, client_of):
    first, _second = tree(country)
    innovation_of(country, title="Rahasia dapur")
    innovation_of(country, target=first, title="Rahasia lain")
    assessor = client_of(country.assessor)
    for where in (MATRIX, ORPHANS, HOLES, f"/rpjmd/sasaran/{first.pk}/"):
        page = assessor.get(where)
        assert page.status_code == 200
        assert "Rahasia" not in page.content.decode()
    assert client_of(country.neighbour).get(MATRIX).status_code == 404


def test_an_innovation_is_linked_on_its_page_with_history(country, coordinator):
    first, _second = tree(country)
    innovation = innovation_of(country, State.SUBMITTED)
    where = f"/inovasi/{innovation.pk}/ubah/why/"
    version = coordinator.get(where).context["version"]
    assert coordinator.post(where, {"targets": first.pk, "version": version}).status_code == 302
    assert list(innovation.targets.all()) == [first]
    assert Event.objects.about(innovation).first().changes["targets"] == [[], ["1.1.1 Menurunnya stunting"]]
    assert "1.1.1 Menurunnya stunting" in coordinator.get(f"/inovasi/{innovation.pk}/").content.decode()


def test_targets_of_another_region_are_not_offered(country, coordinator):
    first, _second = tree(country)
    Target.objects.filter(pk=first.pk).update(plan=country.neighbour_plan)
    innovation = innovation_of(country, State.SUBMITTED)
    answer = coordinator.post(f"/inovasi/{innovation.pk}/ubah/why/", {"targets": first.pk, "version": 1})
    assert answer.status_code == 422
    assert not innovation.targets.exists()


def test_without_targets_the_pages_lead_to_the_rpjmd(country, coordinator):
    innovation = innovation_of(country)
    for where in (MATRIX, ORPHANS):
        assert "/kabupaten-uji/rpjmd/" in coordinator.get(where).content.decode()
    assert "targets" not in coordinator.get(f"/inovasi/{innovation.pk}/ubah/why/").context["form"].fields


@pytest.mark.parametrize("where", [MATRIX, ORPHANS, HOLES])
@pytest.mark.parametrize("query", [{"opd": "9" * 30}, {"opd": "²"}, {"dimensi": "\0"}, {"q": "\0%_"}, {"sesudah": "x"}])
def test_whatever_stands_in_the_address_is_answered(country, coordinator, where, query):
    tree(country)
    assert coordinator.get(where, query).status_code == 200


@pytest.mark.parametrize(("where", "number"), [(MATRIX, 14), (ORPHANS, 14), (HOLES, 14)])
def test_pages_ask_the_database_as_often_however_many_rows(
    country, coordinator, django_assert_num_queries, monkeypatch, where, number
):
    monkeypatch.setattr("praja.foundation.ui.context.navigation", lambda _request: [])
    first, _second = tree(country)
    for order in range(6):
        Target.objects.create(plan=country.plan, goal=first.goal, number=str(order), text="Lagi", order=order)
        innovation_of(country, title=f"Inovasi {order}", target=first if order % 2 else None)
    coordinator.get(MATRIX)
    with django_assert_num_queries(number):
        coordinator.get(where)
