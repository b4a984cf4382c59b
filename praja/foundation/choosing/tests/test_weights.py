"""Weights add up, follow comparisons of pairs, and say which judgement contradicts the others."""

from decimal import Decimal
from fractions import Fraction

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praja.foundation.choosing.weights import (
    SCALE,
    Compared,
    Judgement,
    NoWeights,
    compared,
    shares,
    weights_that_favour,
)


def judged(keys, *ratios):
    """Judgements of all pairs in the order of the keys."""
    pairs = [(first, second) for at, first in enumerate(keys) for second in keys[at + 1 :]]
    return [Judgement(first, second, Fraction(ratio)) for (first, second), ratio in zip(pairs, ratios, strict=True)]


HOUSE = judged(
    "abcdefgh",
    *("5", "3", "7", "6", "6", "1/3", "1/4"),
    *("1/3", "5", "3", "3", "1/5", "1/7"),
    *("6", "3", "4", "6", "1/5"),
    *("1/3", "1/4", "1/7", "1/8"),
    *("1/2", "1/5", "1/6"),
    *("1/5", "1/6"),
    "1/2",
)


def test_comparisons_give_the_published_weights_and_ratio():
    """Buying a house by eight criteria: Saaty, How to make a decision, European Journal of Operational Research 48 (1990) 9-26.

    Printed there are these weights with three decimals, the greatest eigenvalue 9.669 and the ratio 0.169.
    """
    found = compared("abcdefgh", HOUSE)
    printed = (0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333)
    assert [float(one) for one in found.weights.values()] == pytest.approx(printed, abs=0.00051)
    assert float(found.ratio) == pytest.approx(0.169, abs=0.00051)
    assert float(found.ratio) * 1.41 * 7 + 8 == pytest.approx(9.669, abs=0.001)
    assert not found.is_consistent


def test_the_weights_of_the_published_example_are_the_eigenvector_to_four_decimals():
    matrix = numpy.ones((8, 8))
    for one in HOUSE:
        row, column = "abcdefgh".index(one.first), "abcdefgh".index(one.second)
        matrix[row, column], matrix[column, row] = float(one.ratio), float(1 / one.ratio)
    values, vectors = numpy.linalg.eig(matrix)
    theirs = numpy.abs(vectors[:, values.real.argmax()].real)
    found = compared("abcdefgh", HOUSE)
    assert [float(one) for one in found.weights.values()] == pytest.approx(list(theirs / theirs.sum()), abs=1e-4)
    assert float(found.ratio) == pytest.approx((values.real.max() - 8) / 7 / 1.41, abs=1e-4)


def test_three_criteria_have_weights_and_ratio_as_one_reckons_by_hand():
    """Of three criteria the eigenvector is the geometric means of the rows: 15, 1 and 1/15 to the third root."""
    found = compared("abc", judged("abc", 3, 5, 3))
    means = [one ** (1 / 3) for one in (15, 1, 1 / 15)]
    assert [float(one) for one in found.weights.values()] == pytest.approx([m / sum(means) for m in means], abs=1e-4)
    assert found.ratio == Decimal("0.0332")
    assert found.is_consistent


@pytest.mark.parametrize("number", range(3, 16))
def test_the_ratio_divides_by_the_random_index_of_saaty(number):
    """One judgement against all others: the ratio is the index of the eigenvalue over the table of Saaty (1980)."""
    table = (0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
    keys = "abcdefghijklmno"[:number]
    ratios = [9] + [1] * (number * (number - 1) // 2 - 1)
    matrix = numpy.ones((number, number))
    matrix[0, 1], matrix[1, 0] = 9, 1 / 9
    greatest = numpy.linalg.eigvals(matrix).real.max()
    expected = (greatest - number) / (number - 1) / table[number - 3]
    assert float(compared(keys, judged(keys, *ratios)).ratio) == pytest.approx(expected, abs=1e-4)


def test_a_ratio_of_exactly_a_tenth_is_consistent():
    assert Compared({}, Decimal("0.1"), None, Fraction(1)).is_consistent
    assert not Compared({}, Decimal("0.1001"), None, Fraction(1)).is_consistent


def test_what_is_left_of_shares_goes_to_the_largest_remainders():
    found = shares({"a": Decimal(1), "b": Decimal(2), "c": Decimal(4)})  # 0.14285…, 0.28571…, 0.57142…
    assert found == {"a": Decimal("0.1429"), "b": Decimal("0.2857"), "c": Decimal("0.5714")}
    found = shares({"a": Decimal(4), "b": Decimal(2), "c": Decimal(1)})
    assert found == {"a": Decimal("0.5714"), "b": Decimal("0.2857"), "c": Decimal("0.1429")}


def test_a_contradiction_names_the_judgement_that_fits_least_and_what_would():
    found = compared("abcd", judged("abcd", 2, 4, "1/9", 2, 4, 2))
    assert not found.is_consistent
    assert (found.least_fitting.first, found.least_fitting.second) == ("a", "d")
    mended = compared("abcd", judged("abcd", 2, 4, 8, 2, 4, 2))
    assert mended.ratio == 0
    assert found.fitting == 8


def test_weights_are_the_eigenvector_that_a_library_finds():
    matrix = numpy.array([[1, 4, 2, 0.5], [0.25, 1, 1 / 3, 0.2], [0.5, 3, 1, 0.25], [2, 5, 4, 1]])
    values, vectors = numpy.linalg.eig(matrix)
    theirs = numpy.abs(vectors[:, values.real.argmax()].real)
    found = compared("abcd", judged("abcd", 4, 2, "1/2", "1/3", "1/5", "1/4"))
    assert [float(one) for one in found.weights.values()] == pytest.approx(list(theirs / theirs.sum()), abs=1e-4)
    assert float(found.ratio) == pytest.approx((values.real.max() - 4) / 3 / 0.90, abs=1e-4)


@pytest.mark.parametrize(
    "judgements",
    [
        judged("ab", 3),
        [*judged("abc", 3, 5, 3)[:2], Judgement("a", "b", Fraction(2))],
        [*judged("abc", 3, 5, 3)[:2], Judgement("b", "b", Fraction(1))],
        [*judged("abc", 3, 5, 3)[:2], Judgement("b", "c", Fraction(10))],
        [*judged("abc", 3, 5, 3)[:2], Judgement("b", "d", Fraction(2))],
    ],
)
def test_missing_doubled_and_unknown_judgements_are_refused(judgements):
    with pytest.raises(ValueError):
        compared("abc", judgements)


def test_one_or_two_criteria_cannot_contradict():
    assert compared("a", []).weights == {"a": Decimal(1)}
    assert compared("ab", judged("ab", 9)).weights == {"a": Decimal("0.9"), "b": Decimal("0.1")}
    with pytest.raises(NoWeights):
        compared("", [])


@settings(max_examples=50)
@given(st.lists(st.decimals(0, 10_000, places=3), min_size=1, max_size=15))
def test_shares_add_up_to_exactly_one(drawn):
    weights = {str(at): weight for at, weight in enumerate(drawn)}
    if not any(weights.values()):
        with pytest.raises(NoWeights):
            shares(weights)
        return
    found = shares(weights)
    total = sum(weights.values())
    assert sum(found.values()) == 1
    assert all(abs(found[key] - weight / total) <= Decimal("0.0001") for key, weight in weights.items())


@pytest.mark.parametrize("weight", ["-1", "NaN", "Infinity"])
def test_weights_below_zero_or_without_a_number_are_refused(weight):
    with pytest.raises(ValueError):
        shares({"a": Decimal(1), "b": Decimal(weight)})


@given(
    st.integers(2, 6).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.sampled_from(SCALE), min_size=15, max_size=15))
    )
)
def test_any_judgements_give_positive_weights_and_a_ratio_that_is_not_below_zero(drawn):
    number, ratios = drawn
    keys = "abcdef"[:number]
    found = compared(keys, judged(keys, *ratios[: number * (number - 1) // 2]))
    assert sum(found.weights.values()) == 1
    assert found.ratio >= 0


def test_weights_that_make_a_swap_right_move_as_little_as_possible():
    weights = {"benefit": Decimal("0.5"), "speed": Decimal("0.3"), "money": Decimal("0.2")}
    differences = {"benefit": Decimal(-2), "speed": Decimal(1), "money": Decimal(0)}
    found = weights_that_favour(differences, weights)
    assert sum(found.values()) == pytest.approx(1)
    assert sum(found[key] * one for key, one in differences.items()) == pytest.approx(0)
    # 0.7 is lacking; each hundredth from benefit to speed brings 0.03.
    assert found["benefit"] == pytest.approx(Decimal("0.5") - Decimal("0.7") / 3)
    assert found["money"] == weights["money"]


def test_no_weights_make_a_swap_right_that_is_worse_under_every_criterion():
    weights = {"benefit": Decimal("0.5"), "speed": Decimal("0.5")}
    assert weights_that_favour({"benefit": Decimal(-1), "speed": Decimal("-0.5")}, weights) is None
    assert weights_that_favour({"benefit": Decimal(1), "speed": Decimal(0)}, weights) == weights
