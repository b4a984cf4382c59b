"""Levels drawn: a small bar for one gap, and for the books one picture of all sub-dimensions."""

from collections.abc import Sequence
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from praja.foundation.ui.charts import FONT, SIZE, WIDTH, text_width
from praja.foundation.ui.formats import decimal
from praja.foundation.ui.palette import INK, QUIET, RULE, colour_of
from praja.stages.analysis.gaps import DimensionGaps, GapBoard

HIGHEST = 4
STEP, BAR = 26, 10


def level_bar(now: int | None, wanted: int | None) -> SafeString:
    """Four fields: full up to the level now, hatched up to the level wanted; the colours come from the style sheet."""
    parts = []
    for field in range(1, HIGHEST + 1):
        kind = "rest"
        if now is not None and field <= now:
            kind = "now"
        elif wanted is not None and field <= wanted:
            kind = "wanted"
        x = (field - 1) * (STEP + 2) + 0.5
        parts.append(f'<rect class="level-{kind}" x="{x}" y="0.5" width="{STEP}" height="{BAR}" rx="2"/>')
    words = _("Level now %(now)s, wanted %(wanted)s, of 4") % {
        "now": "–" if now is None else now,
        "wanted": "–" if wanted is None else wanted,
    }
    width = HIGHEST * (STEP + 2)
    return mark_safe(  # noqa: S308  numbers of ours, and one escaped text
        f'<svg class="levels" role="img" aria-label={quoteattr(words)} viewBox="0 0 {width} {BAR + 1}" '
        f'width="{width}" height="{BAR + 1}">{"".join(parts)}</svg>'
    )


def level_chart(board: GapBoard, *, title: str) -> str:
    """The mean levels of each sub-dimension from now to wanted, as the text of an SVG; "" where no levels are known."""
    left, right, top, line = 250.0, 80.0, 30.0, 26.0
    scale = (WIDTH - left - right) / HIGHEST
    known = [one for one in board.dimensions if any(sub.levels for sub in one.subs)]
    if not known:
        return ""
    parts: list[str] = []
    y = top
    for one in known:
        lines, y = _lines_of(one, y, left, scale, line)
        parts += lines
        y += 8
    grid = []
    for level in range(HIGHEST + 1):
        x = left + level * scale
        grid.append(f'<path d="M{x:.1f} {top - 6:.1f}V{y - 8:.1f}" stroke="{RULE}" stroke-width="1"/>')
        grid.append(_text(x, top - 12, str(level), fill=QUIET, anchor="middle"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart levels-chart" role="img" viewBox="0 0 {WIDTH} {y:.0f}" '
        f'width="{WIDTH}" height="{y:.0f}" font-family={quoteattr(FONT)}><title>{escape(title)}</title>'
        f"{''.join(grid)}{''.join(parts)}</svg>"
    )


def _lines_of(one: DimensionGaps, y: float, left: float, scale: float, line: float) -> tuple[list[str], float]:
    """The lines of a dimension below `y`, and where they end."""
    parts = []
    colour = colour_of(one.dimension.key)
    for sub in one.subs:
        if sub.levels is None:
            continue
        now, wanted = sub.levels
        middle = y + line / 2
        parts.append(_name(str(sub.sub_dimension), middle, left - 22))
        parts.append(f'<rect x="{left - 14:.1f}" y="{y + 3:.1f}" width="5" height="{line - 6:.1f}" fill="{colour}"/>')
        x1, x2 = left + float(now) * scale, left + float(wanted) * scale
        parts.append(
            f'<path d="M{x1:.1f} {middle:.1f}H{x2:.1f}" stroke="{colour}" stroke-width="3"/>'
            f'<circle cx="{x1:.1f}" cy="{middle:.1f}" r="5.5" fill="#FFFFFF" stroke="{colour}" stroke-width="2.5"/>'
            f'<circle cx="{x2:.1f}" cy="{middle:.1f}" r="6" fill="{colour}"/>'
        )
        parts.append(_text(WIDTH, middle + 4, f"{number(now)} → {number(wanted)}", anchor="end", weight=600))
        y += line
    return parts, y


def number(level: Fraction) -> str:
    """A mean level with at most two decimals: "2", "1,5"."""
    places = 0 if level.denominator == 1 else 1 if (level * 10).denominator == 1 else 2
    return str(decimal(float(level), places))


def _name(words: str, middle: float, width: float) -> str:
    """A name on one or two lines that end at `width`."""
    lines = wrapped(words, width)
    lines = [*lines[:1], " ".join(lines[1:])] if len(lines) > 2 else lines
    first = middle + 4 - (len(lines) - 1) * 6
    size = SIZE if len(lines) == 1 else SIZE - 1
    return "".join(_text(0, first + place * 12, text, size=size) for place, text in enumerate(lines))


def wrapped(words: str, width: float) -> Sequence[str]:
    """A text in lines of at most `width` units."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _text(x: float, y: float, text: str, *, fill: str = INK, size: float = SIZE, anchor: str = "start", weight: int = 400) -> str:  # fmt: skip
    return (
        f'<text class="chart-text" x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )
