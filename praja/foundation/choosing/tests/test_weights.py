"""Weights add up, follow comparisons of pairs, and say which judgement contradicts the others."""

from decimal import Decimal
from fractions import Fraction

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praja.foundation.choosing.weights import (
    SCALE,
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


def test_comparisons_give_the_published_weights_and_ratio():
    """The three-criteria example after Saaty (1980): 0.6370, 0.2583, 0.1047; greatest eigenvalue 3.0385, ratio 0.0332."""
    found = compared("abc", judged("abc", 3, 5, 3))
    assert found.weights == {"a": Decimal("0.6370"), "b": Decimal("0.2583"), "c": Decimal("0.1047")}
    assert found.ratio == Decimal("0.0332")
    assert found.is_consistent


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
