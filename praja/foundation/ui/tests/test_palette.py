"""The palette: readable on white, and told apart without red, green or blue."""

import math
from itertools import combinations

import pytest

from praja.foundation.ui.palette import (
    ACCENT,
    DIMENSION_COLOURS,
    INK,
    QUIET,
    RISK_COLOURS,
    SERIES_COLOURS,
    STATE_COLOURS,
    STATE_SHAPES,
)

# How eyes without one kind of cone see (Machado, Oliveira, Fernandes 2009, severity 1).
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour):
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def seen(colour, eyes):
    red, green, blue = (min(1, max(0, sum(a * b for a, b in zip(row, linear(colour), strict=True)))) for row in eyes)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("colour", [*DIMENSION_COLOURS.values(), ACCENT, INK, QUIET])
def test_colours_can_be_read_on_white(colour):
    assert contrast(colour, "#FFFFFF") >= 4.5


@pytest.mark.parametrize("pair", [*STATE_COLOURS.values(), *SERIES_COLOURS, *RISK_COLOURS.values()])
def test_what_is_written_on_a_surface_can_be_read(pair):
    assert contrast(*pair) >= 4.5


@pytest.mark.parametrize("eyes", EYES)
def test_dimensions_are_told_apart_by_all_eyes(eyes):
    for one, other in combinations(DIMENSION_COLOURS.values(), 2):
        assert math.dist(seen(one, EYES[eyes]), seen(other, EYES[eyes])) > 13


@pytest.mark.parametrize("eyes", EYES)
def test_series_are_told_apart_by_all_eyes(eyes):
    for one, other in combinations([fill for fill, _ink in SERIES_COLOURS], 2):
        assert math.dist(seen(one, EYES[eyes]), seen(other, EYES[eyes])) > 6


def test_every_state_has_a_shape():
    assert set(STATE_SHAPES) == set(STATE_COLOURS)
