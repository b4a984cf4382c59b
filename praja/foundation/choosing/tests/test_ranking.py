"""Rankings agree with what is published, leave out what is incomplete, and show who scores far from the others."""

from decimal import Decimal

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.choosing.ranking import closeness, incomplete, places, spread, weighted_sums

CRITERIA = ("a", "b", "c", "d")


def table(*rows):
    """Scores of nominees 1, 2, … under the criteria."""
    return {
        str(number): {key: Decimal(value) for key, value in zip(CRITERIA, row, strict=False)}
        for number, row in enumerate(rows, start=1)
    }


def test_closeness_to_the_ideal_is_the_published_one():
    """Four cars under four criteria, the last a cost: 0.7427, 0.4036, 0.1759, 0.4414 (example of TOPSIS-Python).

    A cost is a score below zero: its ideal is the greatest, that is the smallest cost, at the same distances.
    """
    scores = table((7, 9, 9, -8), (8, 7, 8, -7), (9, 6, 8, -9), (6, 7, 8, -6))
    weights = dict(zip(CRITERIA, map(Decimal, ("0.1", "0.4", "0.3", "0.2")), strict=True))
    assert [round(one, 4) for one in closeness(scores, weights).values()] == [0.7427, 0.4036, 0.1759, 0.4414]


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


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 4), min_size=1, max_size=20), st.tuples(*[st.integers(0, 9)] * 4))
def test_whoever_is_better_everywhere_is_never_ranked_lower(rows, weights):
    scores = table(*rows)
    weighed = {key: Decimal(one) for key, one in zip(CRITERIA, weights, strict=True)}
    for ranking in (weighted_sums(scores, weighed), closeness(scores, weighed)):
        for one, first in scores.items():
            for other, second in scores.items():
                if all(first[key] >= second[key] for key in CRITERIA):
                    assert ranking[one] >= ranking[other] - type(ranking[other])("1e-9")
