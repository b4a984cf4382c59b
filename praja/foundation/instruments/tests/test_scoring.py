"""Scores: exact, explained, with five kinds of missing apart, and rounded half up once."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.instruments.scoring import (
    EXCLUDED,
    GIVEN,
    MISSING,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Part,
    band_of,
    rounded,
    score,
)

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
STATES = st.sampled_from([GIVEN, MISSING, NOT_APPLICABLE, NOT_AVAILABLE, EXCLUDED])
DECIMALS = st.decimals(min_value=0, max_value=100, places=3)
NUMBERS = iter(range(10**9))
LEAVES = st.builds(lambda weight, state, value: Part(str(next(NUMBERS)), weight, (), state, value), DECIMALS, STATES, DECIMALS)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda below: st.builds(
        lambda weight, parts: Part(str(next(NUMBERS)), weight, tuple(parts)),
        DECIMALS,
        st.lists(below, min_size=1, max_size=4),
    ),
    max_leaves=20,
)


def leaf(key, value=None, state=GIVEN, weight="1"):
    return Part(key, Decimal(weight), (), state, None if value is None else Decimal(value))


def mean(*parts):
    return score(Part("all", parts=parts))


@UNHURRIED
@given(TREES)
def test_the_contributions_of_all_answered_nodes_add_up_to_the_score(tree):
    found = score(tree)
    if found.value is not None:
        assert sum(one.points for one in found.contributions) == found.value
        assert sum(one.share for one in found.contributions) == 1


@UNHURRIED
@given(TREES)
def test_a_score_lies_between_its_lowest_and_its_highest_value(tree):
    found = score(tree)
    values = [one.value for one in found.contributions]
    assert (found.value is None) == (not values)
    assert not values or min(values) <= found.value <= max(values)


@UNHURRIED
@given(TREES, DECIMALS.filter(bool))
def test_weights_count_only_against_each_other(tree, factor):
    def heavier(part):
        return Part(part.key, part.weight * factor, tuple(map(heavier, part.parts)), part.state, part.value)

    assert score(heavier(tree)).value == score(tree).value


@UNHURRIED
@given(TREES)
def test_every_node_is_counted_once_by_its_state(tree):
    def leaves(part):
        return [part] if not part.parts else [one for below in part.parts for one in leaves(below)]

    assert sum(score(tree).counts.values()) == len(leaves(tree))


def test_five_kinds_of_no_level_are_five_different_things():
    two = leaf("a", "2")
    assert mean(two, leaf("b", "0")).value == 1  # zero is a value
    for state in (MISSING, NOT_APPLICABLE, NOT_AVAILABLE, EXCLUDED):
        found = mean(two, leaf("b", None, state))
        assert found.value == 2
        assert found.counts == {GIVEN: 1, state: 1}
        assert found.asked == (2 if state in (MISSING, NOT_AVAILABLE) else 1)
        assert found.is_complete == (state in (NOT_APPLICABLE, EXCLUDED))
    assert mean(leaf("b", None, MISSING)).value is None


def test_a_group_counts_as_one_whatever_its_size():
    group = Part("group", parts=tuple(leaf(str(number), "5") for number in range(9)))
    assert mean(group, leaf("b", "1")).shown == Decimal("3.00")
    assert mean(group, leaf("b", "1", weight="3")).shown == Decimal("2.00")


def test_thirds_are_not_rounded_on_the_way():
    third = mean(leaf("a", "1"), leaf("b", "2"), leaf("c", "2"))
    assert third.value == Fraction(5, 3)
    assert mean(*(leaf(str(n), value) for n, value in enumerate(["2.505"] * 3))).shown == Decimal("2.51")


@UNHURRIED
@given(st.decimals(min_value=-1000, max_value=1000, places=3))
def test_rounding_is_half_up_as_in_decimal(number):
    assert rounded(Fraction(number)) == number.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize(("value", "key"), [("0", "low"), ("2.49", "low"), ("2.50", "high"), ("5", "high")])
def test_a_band_begins_at_its_first_value_as_it_is_shown(value, key):
    bands = [{"key": "low", "from": "0"}, {"key": "high", "from": "2.50"}]
    assert band_of(Decimal(value), bands)["key"] == key
    assert band_of(None, bands) is None
