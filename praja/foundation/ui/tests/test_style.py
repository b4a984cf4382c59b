"""The style sheet: both themes, contrast, the dimension colours, and what a first visit weighs."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from praja.foundation.ui.palette import DIMENSION_COLOURS

UI = Path(__file__).parent.parent
STATIC = UI / "static" / "ui"
CSS = (STATIC / "app.css").read_text()
TEXT, GRAPHICS = 4.5, 3.0  # WCAG 2.2 AA
GROUNDS = ("paper", "surface", "sunken", "raised")
STATES = ("draft", "submitted", "returned", "accepted", "frozen", "danger", "warning")


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


def _themes() -> dict[str, dict[str, str]]:
    light = CSS[CSS.index("theme: light") : CSS.index("theme: dark")]
    wished = CSS[CSS.index("theme: dark") : CSS.index(':root[data-theme="dark"]')]
    chosen = CSS[CSS.index(':root[data-theme="dark"]') : CSS.index("A dimension's colour reaches")]
    return {"light": _tokens(light), "dark": _tokens(wished), "chosen dark": _tokens(chosen)}


THEMES = _themes()


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _pairs() -> list[tuple[str, str, float]]:
    texts = [(ink, ground, TEXT) for ink in ("ink", "ink-soft", "ink-faint", "accent", "danger") for ground in GROUNDS]
    tones = [(state, f"{state}-soft", TEXT) for state in STATES] + [
        ("ink", f"{state}-soft", TEXT) for state in STATES if state != "frozen"
    ]
    tones += [
        ("danger", "surface", TEXT),
        ("warning", "surface", TEXT),
        ("warning", "paper", TEXT),
        ("returned", "surface", TEXT),
    ]
    accents = [
        ("on-accent", "accent", TEXT),
        ("on-accent", "accent-strong", TEXT),
        ("accent-strong", "accent-soft", TEXT),
        ("ink-soft", "accent-soft", TEXT),
    ]
    controls = [("line-strong", ground, GRAPHICS) for ground in ("surface", "paper")]
    dimensions = [(key, ground, GRAPHICS) for key in DIMENSION_COLOURS for ground in ("surface", f"{key}-soft")]
    dimensions += [("ink", f"{key}-soft", TEXT) for key in DIMENSION_COLOURS]
    return texts + tones + accents + controls + dimensions


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_of_colours_can_be_read(theme: str) -> None:
    tokens = THEMES[theme]
    weak = [
        f"{front} on {ground}: {_contrast(tokens[front], tokens[ground]):.2f} < {least}"
        for front, ground, least in _pairs()
        if _contrast(tokens[front], tokens[ground]) < least
    ]
    assert not weak, weak


def test_the_dark_theme_is_the_same_by_wish_and_by_choice() -> None:
    assert THEMES["dark"] == THEMES["chosen dark"]
    assert THEMES["light"].keys() == THEMES["dark"].keys()


def test_dimension_colours_are_those_of_charts_and_books() -> None:
    assert {key: THEMES["light"][key].upper() for key in DIMENSION_COLOURS} == DIMENSION_COLOURS
    for key in DIMENSION_COLOURS:
        assert f".dimension-{key} {{" in CSS


def test_the_style_sheet_serves_motion_print_and_keyboard() -> None:
    for part in (
        "prefers-color-scheme: dark",
        "prefers-reduced-motion",
        "@media print",
        ":focus-visible",
        "@container",
    ):
        assert part in CSS


def test_every_token_that_is_used_is_set() -> None:
    used = set(re.findall(r"var\(--([a-z0-9-]+)", CSS))
    given = set(re.findall(r"--([a-z0-9-]+):", CSS))
    assert used <= given


def test_a_first_visit_is_light() -> None:
    files = [*STATIC.glob("*.css"), *STATIC.glob("*.js"), STATIC / "vendor" / "htmx.min.js"]
    compressed = sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)
    fonts = sum(file.stat().st_size for file in STATIC.glob("fonts/*.woff2"))
    assert compressed + fonts < 120_000  # leaves 30 kB for the page itself


def test_vendored_files_are_as_published() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", (STATIC / "vendor" / "NOTICE.md").read_text(), re.MULTILINE
    )
    assert len(rows) == 2
    for name, digest in rows:
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest
