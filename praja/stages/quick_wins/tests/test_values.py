"""Weights and scores that count: what is out of use, withdrawn or no number counts for nothing."""

from decimal import Decimal

import pytest
from django.utils import timezone

from praja.stages.quick_wins.models import Criterion
from praja.stages.quick_wins.tests.scored import give, nominee, round_of, sheet_of
from praja.stages.quick_wins.values import typed_weights, values_of


@pytest.fixture
def round_(country):
    return round_of(country)


def test_a_criterion_out_of_use_counts_neither_in_weights_nor_in_sums(country, round_):
    one = nominee(country, round_, "Antre Daring")
    give(sheet_of(country, round_), one, 4, 1)
    assert values_of(round_).sums == {str(one.pk): Decimal("2.5")}
    round_.criteria.filter(key="speed").update(withdrawn_at=timezone.now())
    found = values_of(round_)
    assert [row.key for row in found.criteria] == ["benefit"]
    assert found.sums == {str(one.pk): Decimal(4)}


@pytest.mark.parametrize("text", ["x", "", "-1", "NaN", "Infinity", "1e99x"])
def test_a_stored_weight_that_is_no_number_counts_for_nothing(text):
    assert typed_weights([Criterion(key="a", weight=text)]) == {"a": Decimal(0)}


def test_all_weights_zero_give_no_values_and_no_question(country, round_):
    one = nominee(country, round_, "Antre Daring")
    give(sheet_of(country, round_), one, 4, 1)
    round_.criteria.update(weight="0")
    found = values_of(round_)
    assert (found.weights, found.sums, found.closeness, found.whole) == ({}, {}, {}, {})
    assert found.incomplete == [str(one.pk)]


def test_a_withdrawn_nominee_has_no_value(country, round_):
    one, other = nominee(country, round_, "Antre Daring"), nominee(country, round_, "Posyandu")
    sheet = sheet_of(country, round_)
    give(sheet, one, 4, 1)
    give(sheet, other, 2, 2)
    type(one).objects.filter(pk=one.pk).update(withdrawn_at=timezone.now())
    assert set(values_of(round_).scores) == {str(other.pk)}


def test_a_comparison_over_a_tenth_gives_no_weights_until_somebody_accepts_it(country):
    round_ = round_of(country, keys=("benefit", "speed", "money"))
    keys = [row.key for row in round_.criteria.filter(kind="scored")]
    pairs = {f"{keys[0]}:{keys[1]}": "9", f"{keys[0]}:{keys[2]}": "1/9", f"{keys[1]}:{keys[2]}": "9"}
    round_.weighing, round_.judgements = "pairs", pairs
    round_.save()
    assert values_of(round_).weights == {}
    round_.judgements = pairs | {"accepted": "Disepakati"}
    assert sum(values_of(round_).weights.values()) == 1
