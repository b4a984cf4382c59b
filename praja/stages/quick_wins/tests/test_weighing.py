"""Weights are given or compared; contradictions are explained, and do not count until mended or accepted with a reason."""

from decimal import Decimal

import pytest
from django.urls import reverse

from praja.foundation.audit.models import Event
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import weighing
from praja.stages.quick_wins.models import Round
from praja.stages.quick_wins.tests.scored import round_of
from praja.stages.quick_wins.values import ACCEPTED, pairs_of, scored_criteria, weights_of

THREE = ("benefit", "speed", "money")
FITTING = {"benefit:speed": "3", "benefit:money": "5", "speed:money": "3"}
CONTRADICTING = {"benefit:speed": "3", "benefit:money": "1/5", "speed:money": "3"}


def typed(round_, **weights):
    return {"version": round_.version, **{f"weight-{key}": value for key, value in weights.items()}}


@pytest.fixture
def three(country):
    return round_of(country, keys=THREE)


def counting(round_):
    round_.refresh_from_db()
    return weights_of(round_, scored_criteria(round_))


def test_weights_are_typed_with_comma_or_point_and_count_in_proportion(country, client_of, three):
    url = reverse("weights", args=[three.pk])
    answer = client_of(country.coordinator).post(url, typed(three, benefit="1,5", speed="1.5", money="0"))
    assert answer.status_code == 302
    assert counting(three) == {"benefit": Decimal("0.5"), "speed": Decimal("0.5"), "money": Decimal(0)}
    assert Event.objects.about(three).first().changes["Manfaat"] == ["1", "1.5"]


def test_all_weights_zero_is_said_kindly_and_not_saved(country, client_of, three):
    url = reverse("weights", args=[three.pk])
    answer = client_of(country.coordinator).post(url, typed(three, benefit="0", speed="0", money=""))
    assert answer.status_code == 422
    assert "nol" in answer.content.decode() or "zero" in answer.content.decode()
    assert counting(three)["benefit"] > 0
    with pytest.raises(Refused):
        weighing.weigh(three, dict.fromkeys(THREE, Decimal(0)), by=country.coordinator, version=three.version)


@pytest.mark.parametrize("text", ["-1", "NaN", "Infinity", "1e9", "banyak", "1001", "9" * 40])
def test_a_weight_that_is_no_number_in_range_is_refused(country, client_of, three, text):
    url = reverse("weights", args=[three.pk])
    answer = client_of(country.coordinator).post(url, typed(three, benefit=text, speed="1", money="1"))
    assert answer.status_code == 422
    assert counting(three)["benefit"] > 0


def test_what_was_accepted_is_no_pair(country, three):
    Round.objects.filter(pk=three.pk).update(judgements={**CONTRADICTING, ACCEPTED: "Disepakati rapat"})
    three.refresh_from_db()
    assert pairs_of(three) == CONTRADICTING
    weighing.mend(three, by=country.coordinator, version=three.version)
    (event,) = [one for one in Event.objects.about(three) if one.verb == "compare pairs"]
    assert not [name for name in event.changes if ACCEPTED in name]


def test_comparisons_count_once_all_are_there_and_fit(country, client_of, three):
    client = client_of(country.coordinator)
    url, way = reverse("weight-pairs", args=[three.pk]), reverse("weight-way", args=[three.pk])
    client.post(url, {"version": three.version, "benefit:speed": "3"})
    three.refresh_from_db()
    client.post(way, {"version": three.version, "weighing": "pairs"})
    three.refresh_from_db()
    assert three.weighing == "direct"  # pairs are missing
    client.post(url, {"version": three.version, **FITTING})
    three.refresh_from_db()
    client.post(way, {"version": three.version, "weighing": "pairs"})
    assert counting(three) == {"benefit": Decimal("0.6370"), "speed": Decimal("0.2583"), "money": Decimal("0.1047")}
    assert "0,03" in client.get(url).content.decode()


def contradict(three):
    Round.objects.filter(pk=three.pk).update(judgements=CONTRADICTING)
    three.refresh_from_db()


def test_a_contradiction_names_what_fits_least_and_does_not_count(country, client_of, three):
    contradict(three)
    client = client_of(country.coordinator)
    client.post(reverse("weight-way", args=[three.pk]), {"version": three.version, "weighing": "pairs"})
    three.refresh_from_db()
    assert three.weighing == "direct"
    page = client.get(reverse("weight-pairs", args=[three.pk]))
    told = page.context["compared"]
    assert {told["first"], told["second"]} <= {"Manfaat", "Kecepatan", "Uang sudah ada"}
    assert told["is_mendable"]
    Round.objects.filter(pk=three.pk).update(weighing="pairs")
    assert counting(three) == {}


def test_the_misfit_is_mended_with_one_button(country, client_of, three):
    contradict(three)
    client, url = client_of(country.coordinator), reverse("weight-mend", args=[three.pk])
    for _time in range(3):
        three.refresh_from_db()
        client.post(url, {"version": three.version})
    Round.objects.filter(pk=three.pk).update(weighing="pairs")
    assert sum(counting(three).values()) == 1


def test_accepting_a_contradiction_needs_a_reason_and_ends_with_the_next_change(country, client_of, three):
    contradict(three)
    client, url = client_of(country.coordinator), reverse("weight-accept", args=[three.pk])
    client.post(url, {"version": three.version, "remark": " "})
    three.refresh_from_db()
    assert "accepted" not in three.judgements
    client.post(url, {"version": three.version, "remark": "Disepakati dewan"})
    Round.objects.filter(pk=three.pk).update(weighing="pairs")
    assert sum(counting(three).values()) == 1
    assert Event.objects.about(three).first().remark == "Disepakati dewan"
    weighing.compare(three, {**CONTRADICTING, "speed:money": "4"}, by=country.coordinator, version=three.version)
    assert counting(three) == {}


def test_comparisons_that_fit_need_no_acceptance(country, three):
    Round.objects.filter(pk=three.pk).update(judgements=FITTING)
    three.refresh_from_db()
    with pytest.raises(Refused):
        weighing.accept(three, reason="Ya", by=country.coordinator, version=three.version)


@pytest.mark.parametrize("value", ["10", "0", "-3", "1/0", "x"])
def test_a_comparison_off_the_scale_is_refused(country, client_of, three, value):
    url = reverse("weight-pairs", args=[three.pk])
    answer = client_of(country.coordinator).post(url, {"version": three.version, "benefit:speed": value})
    assert answer.status_code == 422


def test_more_criteria_than_can_be_compared_are_said(country, client_of, three):
    for number in range(14):
        three.criteria.create(key=f"k{number}", names={"id": f"K{number}"})
    client = client_of(country.coordinator)
    assert client.get(reverse("weight-pairs", args=[three.pk])).context["too_many"]
    assert client.get(reverse("weights", args=[three.pk])).status_code == 200


@pytest.mark.parametrize("state", ["submitted", "decided"])
def test_weights_after_the_round_was_submitted_are_refused_and_recorded(country, client_of, three, state):
    Round.objects.filter(pk=three.pk).update(state=state)
    client = client_of(country.coordinator)
    client.post(reverse("weights", args=[three.pk]), typed(three, benefit="9", speed="1", money="1"))
    assert three.criteria.get(key="benefit").weight == "1"
    event = Event.objects.about(three).first()
    assert event.verb == "refuse weights"
    assert event.changes["Manfaat"] == [None, "9"]
    client.post(reverse("weight-pairs", args=[three.pk]), {"version": three.version, **FITTING})
    three.refresh_from_db()
    assert three.judgements == {}


def test_only_whoever_runs_the_round_weighs(country, client_of, three):
    for name in ("weights", "weight-pairs"):
        assert client_of(country.mentor).get(reverse(name, args=[three.pk])).status_code == 200
        assert client_of(country.mentor).post(reverse(name, args=[three.pk]), {}).status_code == 404
        assert client_of(country.operator).get(reverse(name, args=[three.pk])).status_code == 404


@pytest.mark.parametrize("name", ["weights", "weight-pairs"])
def test_two_people_who_weigh_see_both_versions(country, client_of, three, name):
    client, url = client_of(country.coordinator), reverse(name, args=[three.pk])
    own = typed(three, benefit="2", speed="1", money="1") if name == "weights" else {"version": 1, **FITTING}
    assert client.post(url, own).status_code == 302
    other = typed(three, benefit="7", speed="1", money="1") if name == "weights" else {"version": 1, **CONTRADICTING}
    three.version = 1
    assert client.post(url, other).status_code == 409


@pytest.mark.parametrize(("name", "queries"), [("weights", 10), ("weight-pairs", 9)])
def test_queries_of_weights(country, client_of, three, name, queries, django_assert_num_queries):
    client, url = client_of(country.coordinator), reverse(name, args=[three.pk])
    client.get(url)
    with django_assert_num_queries(queries):
        client.get(url)
