"""Rankings agree with what is published, leave out what is incomplete, and show who scores far from the others."""

from decimal import Decimal

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.choosing.ranking import closeness, incomplete, places, spread, weighted_sums

CRITERIA = ("a", "b", "c", "d")
SIX = (*CRITERIA, "e", "f")


def table(*rows, keys=CRITERIA):
    """Scores of nominees 1, 2, … under the criteria."""
    return {
        str(number): {key: Decimal(value) for key, value in zip(keys, row, strict=False)}
        for number, row in enumerate(rows, start=1)
    }


def test_closeness_to_the_ideal_is_the_published_one():
    """The choice of a fighter aircraft: Hwang and Yoon, Multiple Attribute Decision Making (1981), chapter on TOPSIS.

    Printed there, from steps that were rounded, are 0.643, 0.268, 0.613 and 0.312; a library says the fourth decimal.
    A cost is a score below zero: its ideal is the greatest, that is the smallest cost, at the same distances.
    """
    rows = (
        ("2.0", "1500", "20000", "-5.5", "5", "9"),
        ("2.5", "2700", "18000", "-6.5", "3", "5"),
        ("1.8", "2000", "21000", "-4.5", "7", "7"),
        ("2.2", "1800", "20000", "-5.0", "5", "5"),
    )
    weights = dict(zip(SIX, map(Decimal, ("0.2", "0.1", "0.1", "0.1", "0.2", "0.3")), strict=True))
    found = list(closeness(table(*rows, keys=SIX), weights).values())
    assert found == pytest.approx([0.643, 0.268, 0.613, 0.312], abs=0.001)
    assert [round(one, 4) for one in found] == [0.6433, 0.2684, 0.6135, 0.3123]
    methods, normalizations = pytest.importorskip("pymcdm.methods"), pytest.importorskip("pymcdm.normalizations")
    topsis = methods.TOPSIS(normalizations.vector_normalization)
    figures, kinds = numpy.abs(numpy.array(rows, float)), numpy.array([1, 1, 1, -1, 1, 1])
    theirs = topsis(figures, numpy.array([float(one) for one in weights.values()]), kinds)
    assert found == pytest.approx(list(theirs), abs=1e-4)


def test_closeness_is_what_a_library_finds():
    methods, normalizations = pytest.importorskip("pymcdm.methods"), pytest.importorskip("pymcdm.normalizations")
    rows = [(4, 2, 3, 1), (1, 4, 4, 2), (3, 3, 0, 4), (2, 1, 4, 3), (0, 4, 2, 2)]
    weights = (0.4, 0.3, 0.2, 0.1)
    topsis = methods.TOPSIS(normalizations.vector_normalization)
    theirs = topsis(numpy.array(rows, float), numpy.array(weights), numpy.ones(4))
    found = closeness(table(*rows), {key: Decimal(str(one)) for key, one in zip(CRITERIA, weights, strict=True)})
    assert list(found.values()) == pytest.approx(list(theirs), abs=1e-9)


def test_the_weighted_sum_is_what_one_reckons_by_hand():
    scores = table((4, 2), (1, 4))
    weights = {"a": Decimal("0.75"), "b": Decimal("0.25")}
    assert weighted_sums(scores, weights) == {"1": Decimal("3.5"), "2": Decimal("1.75")}


def test_who_lacks_a_score_has_no_place_and_is_not_zero():
    scores = table((4, 2), (1,))
    weights = {"a": Decimal("0.5"), "b": Decimal("0.5")}
    assert incomplete(scores, weights) == ["2"]
    assert set(weighted_sums(scores, weights)) == set(closeness(scores, weights)) == {"1"}
    assert incomplete(scores, {"a": Decimal(1), "b": Decimal(0)}) == []


def test_where_all_are_alike_everyone_stands_in_the_middle():
    assert set(closeness(table((2, 2), (2, 2)), {"a": Decimal(1), "b": Decimal(1)}).values()) == {0.5}
    assert set(closeness(table((0, 0), (0, 0)), {"a": Decimal(1), "b": Decimal(1)}).values()) == {0.5}


def test_equals_share_the_better_place():
    assert places({"x": Decimal(2), "y": Decimal(5), "z": Decimal(2), "q": Decimal(1)}) == {
        "y": 1,
        "x": 2,
        "z": 2,
        "q": 4,
    }


def test_who_scores_far_from_the_others_is_named():
    given_scores = {"tata": Decimal(4), "budi": Decimal(4), "citra": Decimal(1)}
    found = spread(given_scores)
    assert (found.mean, found.lowest, found.highest, found.outliers) == (Decimal(3), 1, 4, ("citra",))
    assert spread({"tata": Decimal(4), "budi": Decimal(0)}).outliers == ()


@pytest.mark.parametrize(("score", "is_far"), [("2", True), ("2.5", False), ("3", False)])
def test_two_steps_from_the_middle_of_the_others_are_far(score, is_far):
    found = spread({"tata": Decimal(4), "budi": Decimal(4), "citra": Decimal(score)})
    assert found.outliers == (("citra",) if is_far else ())


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 4), min_size=1, max_size=20), st.tuples(*[st.integers(0, 9)] * 4))
def test_whoever_is_better_everywhere_is_never_ranked_lower(rows, weights):
    scores = table(*rows)
    weighed = {key: Decimal(one) for key, one in zip(CRITERIA, weights, strict=True)}
    for ranking in (weighted_sums(scores, weighed), closeness(scores, weighed)):
        for one, first in scores.items():
            for other, second in scores.items():
                if all(first[key] >= second[key] for key in CRITERIA):
                    assert ranking[one] >= ranking[other] - type(ranking[other])("1e-9")
