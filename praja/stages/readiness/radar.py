"""A radar: a pure function from levels to the text of an SVG picture, made like those of praja.foundation.ui.charts."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from praja.foundation.ui.charts import FONT, SIZE, WIDTH, text_width
from praja.foundation.ui.formats import NOTHING, decimal
from praja.foundation.ui.palette import INK, QUIET, RULE, SERIES_COLOURS

RADIUS, SMALL_RADIUS, CENTRE = 140.0, 95.0, WIDTH / 2
TOP, LINE = 62.0, 15.0
LONGEST = 150.0  # units of a line of a name beside the picture


class Axis(NamedTuple):
    """One direction of the radar: its name and its level, None while there is no result."""

    name: str
    level: Decimal | None


Point = tuple[float, float]


def radar(axes: Sequence[Axis], *, title: str, best: Decimal, rings: int = 5, is_tight: bool = False) -> str:
    """Return a radar from 0 in the middle to `best` at its edge; an axis without a level leaves the line open there.

    A tight one is smaller and has no empty space beside its names, so that they are read on a narrow page.
    """
    radius = SMALL_RADIUS if is_tight else RADIUS
    middle = (CENTRE, TOP + radius)
    count = max(len(axes), 1)
    edges = [_point(middle, radius, number, count) for number in range(len(axes))]
    parts = [_ring(middle, radius * ring / rings, count) for ring in range(1, rings + 1)]
    parts += [
        f'<path class="chart-axis" d="M{_at(middle)}L{_at(edge)}" stroke="{RULE}" stroke-width="1"/>' for edge in edges
    ]
    points = [
        None if axis.level is None else _point(middle, radius * _share(axis.level, best), number, count)
        for number, axis in enumerate(axes)
    ]
    parts.append(_line(points))
    for ring in range(1, rings + 1):
        step = best * ring / rings
        where = (middle[0] + 8, middle[1] - radius * ring / rings + 9)
        parts.append(_text(where, decimal(step), fill=QUIET, size=SIZE - 3))
    for axis, point in zip(axes, points, strict=True):
        if point is not None:
            words = f"{axis.name}: {decimal(axis.level or 0, 2)}"
            dot = f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="4.5" fill="{SERIES_COLOURS[0][0]}"/>'
            parts.append(f"<g><title>{escape(words)}</title>{dot}</g>")
    for number, axis in enumerate(axes):
        parts += _name(axis, _point(middle, radius + 16, number, count), _angle(number, count))
    lowest = max((edge[1] for edge in edges), default=middle[1])
    height = f"{lowest + 16 + LINE * 3:.0f}"
    width = 2 * _reach(axes, middle, radius) if is_tight else WIDTH
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart radar" role="img" viewBox="{CENTRE - width / 2:g} 0 {width:g} {height}" '
        f'width="{width:g}" height="{height}" font-family={quoteattr(FONT)}><title>{escape(title)}</title>'
        f"{''.join(parts)}</svg>"
    )


def _reach(axes: Sequence[Axis], middle: Point, radius: float) -> int:
    """How far the picture and its names reach to either side of the middle."""
    reach = [radius + 8]
    for number, axis in enumerate(axes):
        width = max(text_width(line, SIZE, 600) for line in _lines(axis.name))
        aside = abs(_point(middle, radius + 16, number, len(axes))[0] - middle[0])
        reach.append(width / 2 if aside < radius * 0.2 else aside + width)
    return math.ceil(min(max(reach) + 4, CENTRE))


def _share(level: Decimal, best: Decimal) -> float:
    return min(max(float(level / best), 0.0), 1.0) if best > 0 else 0.0


def _angle(number: int, count: int) -> float:
    return 2 * math.pi * number / count - math.pi / 2


def _point(middle: Point, radius: float, number: int, count: int) -> Point:
    angle = _angle(number, count)
    return middle[0] + radius * math.cos(angle), middle[1] + radius * math.sin(angle)


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _ring(middle: Point, radius: float, count: int) -> str:
    corners = "L".join(_at(_point(middle, radius, number, count)) for number in range(count))
    return f'<path class="chart-axis" d="M{corners}Z" fill="none" stroke="{RULE}" stroke-width="1"/>'


def _line(points: Sequence[Point | None]) -> str:
    """The levels as a filled shape; with holes, the lines between neighbours that both have a level."""
    colour = SERIES_COLOURS[0][0]
    known = [point for point in points if point is not None]
    if len(known) == len(points) > 2:
        path = "L".join(map(_at, known))
        return (
            f'<path class="radar-shape" d="M{path}Z" fill="{SERIES_COLOURS[1][0]}" fill-opacity="0.35" '
            f'stroke="{colour}" stroke-width="2"/>'
        )
    pairs = zip(points, [*points[1:], *points[:1]], strict=True)
    path = "".join(f"M{_at(one)}L{_at(other)}" for one, other in pairs if one is not None and other is not None)
    return f'<path class="radar-shape" d="{path or "M0 0"}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _name(axis: Axis, point: Point, angle: float) -> list[str]:
    """The name in at most two lines and the level below it, turned away from the picture."""
    anchor = "middle" if abs(math.cos(angle)) < 0.2 else "start" if math.cos(angle) > 0 else "end"
    lines = _lines(axis.name)
    height = LINE * (len(lines) + 1)
    rise = height - 4 if math.sin(angle) < -0.8 else height / 2 if math.sin(angle) < 0.5 else 4
    y = point[1] - rise + SIZE
    written = [_text((point[0], y + LINE * place), line, anchor=anchor, weight=600) for place, line in enumerate(lines)]
    level = NOTHING if axis.level is None else decimal(axis.level, 2)
    return [*written, _text((point[0], y + LINE * len(lines)), level, anchor=anchor, fill=QUIET)]


def _lines(name: str) -> list[str]:
    words, lines = name[:200].split(), [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, SIZE, 600) <= LONGEST or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < 2:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}"
    return [_cut(line) for line in lines]


def _cut(text: str) -> str:
    if text_width(text, SIZE, 600) <= LONGEST:
        return text
    room = LONGEST - text_width("…", SIZE, 600)
    for place, character in enumerate(text):
        room -= text_width(character, SIZE, 600)
        if room < 0:
            return f"{text[:place].rstrip()}…"
    return text


def _text(
    point: Point, text: str, *, fill: str = INK, size: float = SIZE, anchor: str = "start", weight: int = 400
) -> str:
    return (
        f'<text class="chart-text" x="{point[0]:.1f}" y="{point[1]:.1f}" fill="{fill}" font-size="{size:g}" '
        f'font-weight="{weight}" text-anchor="{anchor}">{escape(text)}</text>'
    )
