"""The pages of the RPJMD: recorded, grown branch by branch, put in order, and taken out when nothing hangs on it."""

import pytest

from praja.foundation.audit.models import Event
from praja.foundation.plans.models import Indicator
from praja.foundation.search.declared import searched
from praja.stages.innovations.tests.test_actions import started
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Flagship, Goal, Target
from praja.stages.targets.tests.growing import tree

TREE = "/kabupaten-uji/rpjmd/"
HEAD = {
    "title": "RPJMD Kabupaten Uji",
    "year_from": "2025",
    "year_to": "2029",
    "vision": "Uji yang sehat",
    "version": 0,
}


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def version(client, where):
    """What the page says of the row it shows."""
    return client.get(where).context["version"]


def lines(*rows):
    """Indicator lines as the page posts them."""
    data = {"indicators-TOTAL_FORMS": len(rows), "indicators-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"indicators-{number}-{name}": value for name, value in {"id": "", **row}.items()}
    return data


def test_the_empty_page_says_what_to_do_first(country, coordinator, client_of):
    assert "/kabupaten-uji/rpjmd/ubah/" in coordinator.get(TREE).content.decode()
    assert client_of(country.operator).get(TREE).context["development_plan"] is None
    assert coordinator.get(f"{TREE}misi/baru/").status_code == 404  # the plan itself comes first


def test_the_rpjmd_is_recorded_once_and_corrected(country, coordinator):
    assert coordinator.post(f"{TREE}ubah/", HEAD).status_code == 302
    assert coordinator.post(f"{TREE}ubah/", {**HEAD, "title": "Lain"}).status_code == 409  # somebody else was faster
    sent = {**HEAD, "title": "RPJMD Uji", "version": version(coordinator, f"{TREE}ubah/")}
    assert coordinator.post(f"{TREE}ubah/", sent).status_code == 302
    row = DevelopmentPlan.objects.get()
    assert (row.title, row.year_to) == ("RPJMD Uji", 2029)
    assert [event.verb for event in Event.objects.about(row)] == ["edit", "set"]


@pytest.mark.parametrize(("first", "last"), [("2029", "2025"), ("2025", "2045"), ("dua", "2029"), ("1", "2029")])
def test_years_out_of_order_come_back_with_a_sentence(country, coordinator, first, last):
    response = coordinator.post(f"{TREE}ubah/", {**HEAD, "year_from": first, "year_to": last})
    assert response.status_code == 422
    assert {"year_from", "year_to"} & set(response.context["form"].errors)
    assert not DevelopmentPlan.objects.exists()


def test_the_tree_grows_from_page_to_page(country, coordinator):
    coordinator.post(f"{TREE}ubah/", HEAD)
    coordinator.post(f"{TREE}misi/baru/", {"number": "1", "text": "Warga\nyang sehat"})
    mission = DevelopmentMission.objects.get()
    assert mission.text == "Warga yang sehat"
    assert coordinator.get(f"{TREE}tujuan/baru/?induk={mission.pk}").context["form"]["number"].value() == "1.1"
    coordinator.post(f"{TREE}tujuan/baru/", {"mission": mission.pk, "number": "1.1", "text": "Derajat kesehatan"})
    goal = Goal.objects.get()
    sent = {"goal": goal.pk, "number": "1.1.1", "text": "Stunting turun", "agencies": country.health.pk,
            "dimensions": country.dimension().pk}  # fmt: skip
    answer = coordinator.post(f"{TREE}sasaran/baru/", sent)
    target = Target.objects.get()
    assert answer.url == f"/rpjmd/sasaran/{target.pk}/indikator/"
    assert (target.plan, list(target.agencies.all())) == (country.plan, [country.health])
    assert Event.objects.about(target).get().verb == "add"


def test_a_part_sent_twice_stands_once(country, coordinator):
    tree(country)
    for _ in range(2):
        assert coordinator.post(f"{TREE}misi/baru/", {"number": "3", "text": "Alam yang lestari"}).status_code == 302
    assert DevelopmentMission.objects.filter(number="3").count() == 1


def test_indicators_have_a_value_for_each_year_of_the_rpjmd(country, coordinator):
    _first, second = tree(country)
    where = f"/rpjmd/sasaran/{second.pk}/indikator/"
    line = {
        "name": "Usia harapan hidup",
        "unit": "tahun",
        "baseline": "71,2",
        "baseline_year": "2024",
        "target_2029": "72,5",
    }
    assert coordinator.post(where, {**lines(line), "version": version(coordinator, where)}).status_code == 302
    stored = second.indicators.get()
    assert (stored.baseline, stored.level) == ("71.2", Indicator.Level.OUTCOME)
    assert list(stored.targets.values_list("year", "value")) == [(2029, "72.5")]
    page = coordinator.get(f"/rpjmd/sasaran/{second.pk}/").content.decode()
    assert "72,5" in page
    assert "Usia harapan hidup" in str(Event.objects.about(second).first().changes["indicators"])


@pytest.mark.parametrize("wrong", [{"unit": ""}, {"baseline": "1", "baseline_year": ""}, {"target_2025": "banyak"}])
def test_a_wrong_indicator_comes_back_with_a_sentence(country, coordinator, wrong):
    _first, second = tree(country)
    line = {"name": "Usia", "unit": "tahun", "baseline": "", "baseline_year": "", **wrong}
    assert coordinator.post(f"/rpjmd/sasaran/{second.pk}/indikator/", {**lines(line), "version": 1}).status_code == 422
    assert not second.indicators.exists()


def test_a_part_goes_up_and_down(country, coordinator):
    first, second = tree(country)
    assert coordinator.post(f"/rpjmd/sasaran/{second.pk}/urutan/", {"arah": "naik"}).url.endswith(
        f"#sasaran-{second.pk}"
    )
    assert list(Target.objects.of(country.plan)) == [second, first]
    coordinator.post(f"/rpjmd/sasaran/{second.pk}/urutan/", {"arah": "naik"})  # it stands first already
    coordinator.post(f"/rpjmd/sasaran/{second.pk}/urutan/", {"arah": "samping"})
    assert list(Target.objects.of(country.plan)) == [second, first]
    coordinator.post(f"/rpjmd/sasaran/{second.pk}/urutan/", {"arah": "turun"})
    assert list(Target.objects.of(country.plan)) == [first, second]
    second.refresh_from_db()
    assert second.version == 1  # nobody who types is late for an order


def test_a_goal_that_moves_below_another_mission_goes_behind_its_goals(country, coordinator):
    first, _second = tree(country)
    other = DevelopmentMission.objects.get(number="2")
    Goal.objects.create(mission=other, number="2.1", text="Jalan mantap", order=4)
    where = f"/rpjmd/tujuan/{first.goal_id}/ubah/"
    coordinator.post(
        where, {"mission": other.pk, "number": "2.2", "text": "Sehat", "version": version(coordinator, where)}
    )
    assert [goal.number for goal in other.goals.all()] == ["2.1", "2.2"]


def test_nothing_is_taken_out_while_something_hangs_on_it(country, coordinator):
    first, second = tree(country)
    started(country).targets.set([second])
    for part, row in (("misi", first.goal.mission), ("tujuan", first.goal), ("sasaran", first), ("sasaran", second)):
        assert coordinator.post(f"/rpjmd/{part}/{row.pk}/penarikan/", {"version": 1}).url == f"/rpjmd/{part}/{row.pk}/"
        row.refresh_from_db()
        assert row.withdrawn_at is None
    second.innovations.clear()
    coordinator.post(f"/rpjmd/sasaran/{second.pk}/penarikan/", {"version": 1, "remark": "Ganda"})
    assert second not in Target.objects.of(country.plan)
    assert Event.objects.about(second).first().remark == "Ganda"


def test_what_was_taken_out_comes_back_where_its_place_is_still_there(country, coordinator):
    first, second = tree(country)
    for row in (second, first):
        first.flagships.clear()
        coordinator.post(f"/rpjmd/sasaran/{row.pk}/penarikan/", {"version": 1})
    coordinator.post(f"/rpjmd/tujuan/{first.goal_id}/penarikan/", {"version": 1})
    assert coordinator.get(f"/rpjmd/sasaran/{first.pk}/ubah/").status_code == 404
    coordinator.post(f"/rpjmd/sasaran/{first.pk}/pemulihan/", {"version": 2})
    assert not Target.objects.of(country.plan).exists()
    coordinator.post(f"/rpjmd/tujuan/{first.goal_id}/pemulihan/", {"version": 2})
    coordinator.post(f"/rpjmd/sasaran/{first.pk}/pemulihan/", {"version": 2})
    assert list(Target.objects.of(country.plan)) == [first]


def test_a_part_of_another_region_is_not_there(country, client_of):
    first, _second = tree(country)
    neighbour = client_of(country.neighbour)
    for where in ("", "ubah/", "indikator/"):
        assert neighbour.get(f"/rpjmd/sasaran/{first.pk}/{where}").status_code == 404
    for where in ("ubah/", "urutan/", "penarikan/", "pemulihan/", "indikator/"):
        assert neighbour.post(f"/rpjmd/sasaran/{first.pk}/{where}", {"version": 1}).status_code == 404


def test_a_target_cannot_hang_below_the_goal_of_another_region(country, coordinator):
    first, _second = tree(country)
    theirs = DevelopmentPlan.objects.create(plan=country.neighbour_plan, title="RPJMD Sebelah")
    mission = DevelopmentMission.objects.create(development_plan=theirs, text="Misi sebelah")
    goal = Goal.objects.create(mission=mission, text="Tujuan sebelah")
    answer = coordinator.post(f"/rpjmd/sasaran/{first.pk}/ubah/", {"goal": goal.pk, "text": "x", "version": 1})
    assert answer.status_code == 422
    assert coordinator.get(f"{TREE}sasaran/baru/?induk={goal.pk}").status_code == 200  # it is simply not chosen


@pytest.mark.parametrize("above", ["", "x", "²", "9" * 30, "-1", "0", "\0"])
def test_whatever_stands_in_the_address_of_a_new_part_is_answered(country, coordinator, above):
    tree(country)
    assert coordinator.get(f"{TREE}sasaran/baru/", {"induk": above}).status_code == 200
    assert coordinator.get(f"{TREE}lain/baru/", {"induk": above}).status_code == 404


def test_an_operator_reads_and_does_not_write(country, client_of):
    first, _second = tree(country)
    operator = client_of(country.operator)
    assert operator.get(TREE).status_code == 200
    assert "penarikan" not in operator.get(f"/rpjmd/sasaran/{first.pk}/").content.decode()
    assert operator.get(f"{TREE}ubah/").status_code == 404
    assert operator.post(f"/rpjmd/sasaran/{first.pk}/ubah/", {"text": "x", "version": 1}).status_code == 404


def test_a_flagship_says_which_targets_it_serves(country, coordinator):
    first, second = tree(country)
    coordinator.post(f"{TREE}unggulan/baru/", {"text": "Jalan Mulus", "targets": [first.pk, second.pk]})
    flagship = Flagship.objects.get(text="Jalan Mulus")
    assert list(flagship.targets.all()) == [first, second]
    assert "Jalan Mulus" in coordinator.get(f"/rpjmd/sasaran/{second.pk}/").content.decode()


def test_targets_and_flagships_can_be_found(country):
    first, _second = tree(country)
    kind = searched()["targets.target"]
    (row,) = kind.values(Target.objects.filter(pk=first.pk))
    assert kind.address(row) == f"/rpjmd/sasaran/{first.pk}/"
    assert kind.more([first.pk])[first.pk] == ["Prevalensi stunting"]
    assert searched()["targets.flagship"].address({"pk": 7}) == "/rpjmd/unggulan/7/"


@pytest.mark.parametrize(("where", "number"), [("/kabupaten-uji/rpjmd/", 24), ("/rpjmd/sasaran/{}/", 13)])
def test_pages_ask_the_database_as_often_however_large_the_tree_is(
    country, coordinator, django_assert_num_queries, monkeypatch, where, number
):
    monkeypatch.setattr("praja.foundation.ui.context.navigation", lambda _request: [])
    first, _second = tree(country)
    for order in range(3, 9):
        Target.objects.create(plan=country.plan, goal=first.goal, number=str(order), text="Lagi", order=order)
    coordinator.get(TREE)
    with django_assert_num_queries(number):
        coordinator.get(where.format(first.pk))
