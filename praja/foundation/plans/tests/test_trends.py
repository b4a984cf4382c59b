"""The small line of an indicator: its words, and what cannot be drawn."""

import pytest

from praja.foundation.plans.trends import trend


def test_a_line_goes_through_every_number_and_says_its_ends():
    svg = trend([(2024, "21.6"), (2025, "19.8"), (2026, "seribu"), (2029, "13")])
    assert svg.count("<circle") == 3
    assert "21,6 (2024)" in svg
    assert "13 (2029)" in svg


@pytest.mark.parametrize("points", [[], [(2024, "5")], [(2024, "NaN"), (2025, "1")], [(2024, ""), (2025, "<b>")]])
def test_without_two_numbers_there_is_no_line(points):
    assert trend(points) == ""


def test_a_level_line_is_drawn_in_the_middle():
    assert trend([(2024, "3"), (2025, "3")]).count("18.0") == 4
