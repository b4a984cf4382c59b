"""The ranking page says what values.py reckons, under the weights of the round and under those of its sliders."""

from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.audit.models import Event
from praja.foundation.choosing.ranking import places
from praja.foundation.choosing.weights import shares
from praja.stages.quick_wins.actions import default_criteria, withdraw
from praja.stages.quick_wins.models import Criterion, Round, Score
from praja.stages.quick_wins.tests.scored import SHORT, give, nominee, round_of, sheet_of
from praja.stages.quick_wins.values import values_of

SCORE = st.sampled_from([0, 1, 2, 3, 4, None])  # mostly scores, so that there is something to rank


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(SCORE, SCORE, SCORE), min_size=1, max_size=6),
    typed=st.tuples(*[st.integers(0, 5)] * 3),
    tried=st.one_of(st.none(), st.tuples(*[st.integers(0, 100)] * 3)),
)
def test_the_page_equals_the_values(country, client_of, rows, typed, tried):
    Score.objects.all().delete()
    round_ = Round.objects.first() or round_of(country, keys=(*SHORT, "money"))
    sheet = round_.score_sheets.first() or sheet_of(country, round_)
    round_.nominations.all().delete()
    for number, row in enumerate(rows):
        give(sheet, nominee(country, round_, f"Nominasi {number}"), *row)
    criteria = list(round_.criteria.filter(kind="scored"))
    for criterion, weight in zip(criteria, typed, strict=True):
        Criterion.objects.filter(pk=criterion.pk).update(weight=str(weight))
    asked = {} if tried is None else {f"w-{one.key}": str(value) for one, value in zip(criteria, tried, strict=True)}
    given_weights = typed if tried is None else tried
    page = client_of(country.coordinator).get(reverse("ranking", args=[round_.pk]), asked)
    weighed = {one.key: Decimal(value) for one, value in zip(criteria, given_weights, strict=True)}
    expected = values_of(round_, shares(weighed) if any(given_weights) else {})
    lines = page.context["lines"]
    assert {str(line.nominee.pk): line.total for line in lines} == expected.sums
    assert {str(line.nominee.pk): line.closeness for line in lines} == expected.closeness
    assert {str(line.nominee.pk): line.place for line in lines} == places(expected.sums)
    assert {str(line.nominee.pk): line.other_place for line in lines} == places(expected.closeness)
    assert all(sum(line.parts) == line.total for line in lines)
    lacking = {str(one.nominee.pk) for one in page.context["lacking"]}
    assert lacking == (set(expected.incomplete) if expected.weights else set())


@pytest.fixture
def ranked(country):
    """Two nominees with scores and one that lacks one."""
    round_ = round_of(country)
    sheet = sheet_of(country, round_)
    for title, *scores in (("Antre daring", 4, 0), ("Apotek keliling", 2, 2), ("Belum lengkap", 3, None)):
        give(sheet, nominee(country, round_, title), *scores)
    return round_


def test_who_lacks_a_score_is_named_and_has_no_place(country, client_of, ranked):
    page = client_of(country.coordinator).get(reverse("ranking", args=[ranked.pk]))
    (lacking,) = page.context["lacking"]
    assert (str(lacking.nominee), lacking.criteria) == ("Belum lengkap", ["Kecepatan"])
    assert len(page.context["lines"]) == 2


def test_a_slider_at_zero_takes_the_criterion_out(country, client_of, ranked):
    url = reverse("ranking-table", args=[ranked.pk])
    page = client_of(country.coordinator).get(url, {"w-benefit": "100", "w-speed": "0"})
    assert [str(line.nominee) for line in page.context["lines"]] == ["Antre daring", "Belum lengkap", "Apotek keliling"]
    assert b"<html" not in page.content
    assert 'hx-swap-oob="true">100' in page.content.decode()
    assert ranked.criteria.get(key="speed").weight == "1"


def test_tried_weights_become_those_of_the_round_once_they_are_saved(country, client_of, ranked):
    client = client_of(country.coordinator)
    shown = client.get(reverse("ranking-table", args=[ranked.pk]), {"w-benefit": "2", "w-speed": "1"})
    address = shown.context["use_url"]
    assert address.replace("&", "&amp;") in shown.content.decode()
    form = client.get(address).context["form"]
    assert [field.initial for field in form.fields.values()] == ["66,67", "33,33"]
    assert ranked.criteria.get(key="benefit").weight == "1"  # reading writes nothing
    typed = {"version": ranked.version, "weight-benefit": "66,67", "weight-speed": "33,33"}
    assert client.post(reverse("weights", args=[ranked.pk]), typed).status_code == 302
    assert ranked.criteria.get(key="benefit").weight == "66.67"
    assert Event.objects.about(ranked).first().verb == "weigh"


@pytest.mark.parametrize("change", [{"weighing": "pairs"}, {"state": "submitted"}])
def test_tried_weights_are_not_offered_where_they_would_not_count(country, client_of, ranked, change):
    tried = {"w-benefit": "2", "w-speed": "1"}
    assert not client_of(country.mentor).get(reverse("ranking", args=[ranked.pk]), tried).context["use_url"]
    Round.objects.filter(pk=ranked.pk).update(**change)
    assert not client_of(country.coordinator).get(reverse("ranking", args=[ranked.pk]), tried).context["use_url"]
    page = client_of(country.coordinator).get(reverse("weights", args=[ranked.pk]), tried)
    assert "form" not in page.context or [f.initial for f in page.context["form"].fields.values()] == ["1", "1"]


def test_all_sliders_at_zero_is_said_kindly(country, client_of, ranked):
    page = client_of(country.coordinator).get(reverse("ranking", args=[ranked.pk]), {"w-benefit": "0", "w-speed": "0"})
    assert page.status_code == 200
    assert page.context["all_zero"]
    assert page.context["lines"] == []


@pytest.mark.parametrize("text", ["-5", "NaN", "x", "1e99", "9" * 50, "Infinity", "\0"])
def test_hostile_sliders_stand_at_zero(country, client_of, ranked, text):
    page = client_of(country.coordinator).get(reverse("ranking", args=[ranked.pk]), {"w-benefit": text, "w-speed": "1"})
    assert page.status_code == 200
    assert page.context["values"].weights["benefit"] == 0


def test_where_the_two_ways_put_different_nominees_first_is_said(country, client_of):
    round_ = round_of(country, keys=(*SHORT, "money"))
    sheet = sheet_of(country, round_)
    for title, *scores in (("Rata", 2, 2, 3), ("Tajam", 4, 2, 0), ("Lemah", 0, 0, 4), ("Uang", 0, 0, 1)):
        give(sheet, nominee(country, round_, title), *scores)
    page = client_of(country.coordinator).get(reverse("ranking", args=[round_.pk]))
    lines = {str(line.nominee): (line.place, line.other_place) for line in page.context["lines"]}
    differing = page.context["leaders"]
    first = {name for name, (place, _other) in lines.items() if place == 1}
    second = {name for name, (_place, other) in lines.items() if other == 1}
    assert bool(differing) == (not first & second)


def test_a_withdrawn_nominee_leaves_the_ranking(country, client_of, ranked):
    withdraw(ranked.nominations.first(), reason="Sudah berjalan", by=country.coordinator, version=1)
    page = client_of(country.coordinator).get(reverse("ranking", args=[ranked.pk]))
    assert "Antre daring" not in [str(line.nominee) for line in page.context["lines"]]


def test_the_picture_names_every_criterion_and_escapes(country, client_of, ranked):
    ranked.nominations.first().innovation.__class__.objects.filter(title="Antre daring").update(title="<b>&")
    page = client_of(country.coordinator).get(reverse("ranking", args=[ranked.pk])).content.decode()
    assert "&lt;b&gt;&amp;" in page
    assert "<b>&" not in page
    assert 'class="chart-bar series-2"' in page


def test_with_more_criteria_than_colours_the_picture_needs_none(country, client_of):
    round_ = round_of(country, keys=[one["key"] for one in default_criteria()])
    give(sheet_of(country, round_), nominee(country, round_, "Antre daring"), *[4] * 12)
    page = client_of(country.coordinator).get(reverse("ranking", args=[round_.pk])).content.decode()
    assert 'class="chart-bar series-1"' in page
    assert 'class="chart-bar series-2"' not in page
    assert page.count('<td class="number">0,33</td>') == 12  # the table holds what each contributes


def test_the_ranking_of_a_dimension_keeps_the_places_of_the_whole(country, client_of, ranked):
    sheet = sheet_of(country, ranked, dimension="economy")
    give(sheet, nominee(country, ranked, "Pasar", dimension="economy"), 4, 4)
    page = client_of(country.coordinator).get(reverse("ranking", args=[ranked.pk]), {"dimensi": "living"})
    assert [line.place for line in page.context["lines"]] == [2, 2]


def test_queries_do_not_grow_with_nominees(country, client_of, ranked, django_assert_num_queries):
    sheet = ranked.score_sheets.first()
    for number in range(6):
        give(sheet, nominee(country, ranked, f"Nominasi {number}"), number % 5, 2)
    client = client_of(country.coordinator)
    client.get(reverse("ranking", args=[ranked.pk]))
    with django_assert_num_queries(11):
        client.get(reverse("ranking", args=[ranked.pk]))
    with django_assert_num_queries(9):
        client.get(reverse("ranking-table", args=[ranked.pk]), {"w-benefit": "3", "w-speed": "1"})
