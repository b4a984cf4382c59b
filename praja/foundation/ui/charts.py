"""Charts: pure functions from figures to the text of an SVG picture that serves web pages and books alike.

The pictures use attributes only (the pages forbid inline style), carry classes for the style sheet and explicit colours
for the books, write their labels beside the marks and can be read in one colour. Lengths are in user units; a picture is
WIDTH units wide, which a book sets to its text width.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from praja.foundation.ui.palette import (
    INK,
    QUIET,
    RISK_COLOURS,
    RULE,
    SERIES_COLOURS,
    STATE_COLOURS,
    STATE_SHAPES,
    colour_of,
)

WIDTH = 640
SIZE = 12
FONT = "'Plus Jakarta Sans', system-ui, sans-serif"

Amount = int | Decimal


class HeatCell(NamedTuple):
    """A cell of a heat map: "delivered", "partial", "none" or "not_asked", and a short text such as "3/4"."""

    state: str
    text: str = ""


class Bar(NamedTuple):
    """A row of a bar chart: its label and one amount for each series."""

    label: str
    values: Sequence[Amount]


class Pair(NamedTuple):
    """A dimension of `asked_against_accepted`: its colour key, its name, and the two counts."""

    key: str
    name: str
    asked: int
    accepted: int


class RiskMark(NamedTuple):
    """A risk as `risk_matrix` shows it: its number in the list, its words, likelihood and impact from 1 to 3."""

    number: int
    words: str
    likelihood: int
    impact: int


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[HeatCell]],
    *,
    title: str,
    column_keys: Sequence[str] = (),
) -> str:
    """Return a heat map with `cells[row][column]`; `column_keys` put the dimensions' colours over the columns.

    The four states differ by shape and are named below the map; a cell that was not asked is neutral.
    """
    left, top, gap = 222.0, 44.0, 3.0
    width = (WIDTH - left) / max(len(columns), 1)
    parts: list[str] = []
    for number, name in enumerate(columns):
        x = left + number * width
        lines = _wrapped(name, width - 2, 2, SIZE - 2, 600)
        for line, text in enumerate(lines):
            y = top - 12 - (len(lines) - 1 - line) * 12
            parts.append(_text(x + width / 2, y, text, size=SIZE - 2, anchor="middle", weight=600))
        key = column_keys[number] if number < len(column_keys) else ""
        parts.append(
            _rect(x + gap / 2, top - 6, width - gap, 4, colour_of(key, RULE), f"chart-dimension {key}".strip())
        )
    y = top + gap
    for label, row in zip(rows, cells, strict=True):
        lines = _wrapped(label, left - 12, 2)
        height = 24.0 if len(lines) < 2 else 34.0
        for line, text in enumerate(lines):
            parts.append(_text(0, y + height / 2 + 4 + (line - (len(lines) - 1) / 2) * 14, text))
        for number, cell in enumerate(row):
            where = f"{label}, {columns[number]}: {state_label(cell.state)} {cell.text}".strip()
            parts.append(_heat_cell(left + number * width + gap / 2, y, width - gap, height - gap, cell, where))
        y += height
    x = 0.0
    y += 12
    for state in ("delivered", "partial", "none", "not_asked"):
        word = state_label(state)
        parts.append(_heat_cell(x, y, 26, 20, HeatCell(state), word))
        parts.append(_text(x + 33, y + 14, word, fill=QUIET))
        x += 33 + text_width(word) + 22
    return _picture(parts, y + 24, title, "heat-map")


def bars(
    rows: Sequence[Bar],
    *,
    title: str,
    series: Sequence[str] = (),
    write: Callable[[Amount], str] = str,
    most: Amount = 0,
) -> str:
    """Return horizontal bars, stacked where a row has several values; `write` puts an amount into words.

    `series` names the parts of a stack, in order. The total of each row stands at its end, a part's amount inside it
    where there is room. The longest bar fills the width, unless `most`, such as 100 per cent, is more than it shows.
    """
    totals = [sum(row.values, start=0) for row in rows]
    words = [write(total) for total in totals]
    left = min(max((text_width(row.label) for row in rows), default=0) + 14, 220)
    right = max((text_width(word, weight=600) for word in words), default=0) + 10
    scale = (WIDTH - left - right) / float(max([*totals, most]) or 1)
    parts, y = _legend(series) if len(series) > 1 else ([], 4.0)
    for row, word in zip(rows, words, strict=True):
        lines = _wrapped(row.label, left - 12, 2)
        for line, text in enumerate(lines):
            parts.append(_text(0, y + 19 + (line - (len(lines) - 1) / 2) * 14, text))
        x = left
        for number, value in enumerate(row.values):
            length = max(float(value), 0) * scale
            if not length:
                continue
            fill, ink = SERIES_COLOURS[number % len(SERIES_COLOURS)]
            name = f"{series[number]}: " if number < len(series) else ""
            inside = write(value) if len(row.values) > 1 else ""
            mark = _rect(x, y + 2, max(length - 1, 0.75), 26, fill, f"chart-bar series-{number + 1}")
            if inside and text_width(inside, SIZE - 1) + 10 < length:
                mark += _text_on_mark(x + 6, y + 19, inside, ink)
            parts.append(_group(mark, f"{row.label}, {name}{write(value)}"))
            x += length
        parts.append(_text(x + 7, y + 19, word, weight=600))
        y += 36
    parts.insert(0, _line(left - 0.5, y, left - 0.5, y - 36 * len(rows)))
    return _picture(parts, y + 2, title, "bars")


def risk_matrix(risks: Sequence[RiskMark], *, title: str) -> str:
    """Return the matrix of likelihood and impact, 3 by 3, with the numbers of the risks in its cells.

    Each cell says its value beside its colour; where more risks fall together than it holds, it says how many there are.
    """
    left, top, width, height = 120.0, 22.0, (WIDTH - 120.0) / 3, 66.0
    parts = [_text(0, 12, _("Likelihood"), weight=600)]
    for row, likelihood in enumerate((3, 2, 1)):
        y = top + row * height
        parts.append(_text(left - 12, y + height / 2 + 4, risk_step(likelihood), anchor="end"))
        for impact in (1, 2, 3):
            here = [risk for risk in risks if (risk.likelihood, risk.impact) == (likelihood, impact)]
            parts.append(_risk_cell(left + (impact - 1) * width, y, width, height, likelihood, impact, here))
    foot = top + 3 * height + 18
    parts += [_text(left + (impact - 0.5) * width, foot, risk_step(impact), anchor="middle") for impact in (1, 2, 3)]
    parts.append(_text(left - 12, foot, pgettext("risk", "Impact"), anchor="end", weight=600))
    return _picture(parts, foot + 8, title, "risk-matrix")


def risk_step(step: int) -> str:
    """Return the word for a likelihood or an impact from 1 to 3."""
    return {1: _("1 low"), 2: _("2 medium"), 3: _("3 high")}[step]


def risk_level(value: int) -> str:
    """Return "low", "medium" or "high" for likelihood times impact, 1 to 9."""
    return "high" if value >= 6 else "medium" if value >= 3 else "low"


def risk_words(risks: Sequence[RiskMark]) -> str:
    """Return what the matrix shows as a sentence for each risk, the greatest first."""
    ordered = sorted(risks, key=lambda risk: (-risk.likelihood * risk.impact, risk.number))
    return " ".join(
        _("Risk %(number)s, %(words)s: likelihood %(likelihood)s, impact %(impact)s, value %(value)s.")
        % {
            "number": risk.number,
            "words": risk.words.strip().rstrip("."),
            "likelihood": risk_step(risk.likelihood),
            "impact": risk_step(risk.impact),
            "value": risk.likelihood * risk.impact,
        }
        for risk in ordered
    ) or _("No risk is written down.")


def _risk_cell(
    x: float, y: float, width: float, height: float, likelihood: int, impact: int, risks: Sequence[RiskMark]
) -> str:
    """A cell of the matrix: its value in the corner, the numbers of its risks in rings, five in a row and two rows."""
    value = likelihood * impact
    level = risk_level(value)
    surface, ink = RISK_COLOURS[level]
    mark = _rect(x + 1, y + 1, width - 2, height - 2, surface, f"chart-risk {level}")
    mark += _text_on_mark(x + 8, y + 16, str(value), ink, weight=600)
    step, room, most = 28.0, 24.0, 10
    fitting = risks if len(risks) <= most else risks[: most - 1]
    labels = [str(risk.number) for risk in fitting] + [f"+{len(risks) - len(fitting)}"] * (len(fitting) < len(risks))
    rows = [labels[:5], labels[5:]] if len(labels) > 5 else [labels]
    for place, row in enumerate(rows):
        middle = y + height / 2 + (place - (len(rows) - 1) / 2) * 27
        for number, label in enumerate(row):
            centre = x + room + 14 + number * step
            mark += (
                f'<circle cx="{centre:.1f}" cy="{middle:.1f}" r="12" fill="#FFFFFF" stroke="{ink}" stroke-width="1.3"/>'
            )
            mark += _text_on_mark(centre, middle + 4, label, ink, weight=600, anchor="middle")
    names = "; ".join(f"{risk.number} {risk.words}" for risk in risks) or _("no risk")
    about = _("Likelihood %(likelihood)s, impact %(impact)s, value %(value)s") % {
        "likelihood": risk_step(likelihood),
        "impact": risk_step(impact),
        "value": value,
    }
    return _group(mark, f"{about}: {names}")


def asked_against_accepted(rows: Sequence[Pair], *, title: str) -> str:
    """Return paired bars for each dimension: what was asked as an outline, what was accepted filled in its colour."""
    left, right = 190.0, 150.0
    scale = (WIDTH - left - right) / (max((max(row.asked, row.accepted) for row in rows), default=0) or 1)
    parts: list[str] = []
    y = 2.0
    for row in rows:
        colour = colour_of(row.key)
        parts.append(_rect(0, y + 5, 6, 31, colour, f"chart-dimension {row.key}"))
        lines = _wrapped(row.name, left - 30, 2, weight=600)
        for line, text in enumerate(lines):
            parts.append(_text(15, y + 25 + (line - (len(lines) - 1) / 2) * 14, text, weight=600))
        asked = _("%(count)s asked") % {"count": row.asked}
        accepted = _("%(count)s accepted") % {"count": row.accepted}
        length = row.asked * scale
        mark = (
            f'<rect class="chart-asked" x="{left + 0.5:.1f}" y="{y + 5.5:.1f}" width="{max(length - 1, 1):.1f}" '
            f'height="14" fill="none" stroke="{colour}" stroke-width="1"/>'
        )
        parts.append(_group(mark + _text(left + length + 7, y + 17, asked, fill=QUIET), f"{row.name}: {asked}"))
        length = row.accepted * scale
        mark = _rect(left, y + 22, max(length, 1), 14, colour, f"chart-bar {row.key}")
        parts.append(_group(mark + _text(left + length + 7, y + 33, accepted, weight=600), f"{row.name}: {accepted}"))
        y += 48
    parts.insert(0, _line(left - 0.5, 2, left - 0.5, max(y - 5, 2)))
    return _picture(parts, y, title, "pairs")


def shade(number: int, most: int, steps: int = 4) -> int:
    """How dark a cell of a table of counts is: 0 for none, 1 to `steps` by its share of the largest count."""
    return min(-(-number * steps // most), steps) if number > 0 and most > 0 else 0


def state_label(state: str) -> str:
    """Return the word of a state of coverage in the language of the moment."""
    return {
        "delivered": _("Delivered"),
        "partial": _("Partly delivered"),
        "none": _("Nothing yet"),
        "not_asked": _("Not asked"),
    }[state]


def text_width(text: str, size: float = SIZE, weight: int = 400) -> float:
    """Return about how many units the text takes; no font is read, so leave a little room."""
    return sum(map(_width_of, text)) * size * (1.05 if weight > 500 else 1)


def _width_of(character: str) -> float:
    if character in "ijl.,:;|!'I ()[]ftr":
        return 0.31
    if character in "mwMW@%&—" or east_asian_width(character) in "WF":
        return 0.9
    return 0.68 if character.isupper() else 0.56


def _wrapped(text: str, width: float, most: int, size: float = SIZE, weight: int = 400) -> list[str]:
    """Return the text in at most `most` lines of at most `width` units, the last one cut with an ellipsis."""
    words, lines = text[:400].split(), [""]
    while words:
        longer = f"{lines[-1]} {words[0]}".strip()
        if text_width(longer, size, weight) <= width or (not lines[-1] and len(lines) == most):
            lines[-1] = longer
            words.pop(0)
        elif lines[-1] and len(lines) < most:
            lines.append("")
        elif not lines[-1]:
            lines[-1] = words.pop(0)
        else:
            lines[-1] = " ".join([lines[-1], *words])
            break
    return [_cut(line, width, size, weight) for line in lines]


def _cut(text: str, width: float, size: float, weight: int) -> str:
    if text_width(text, size, weight) <= width:
        return text
    while text and text_width(text + "…", size, weight) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _legend(series: Sequence[str]) -> tuple[list[str], float]:
    parts: list[str] = []
    x, y = 0.0, 2.0
    for number, name in enumerate(series):
        word = _cut(name, WIDTH - 40, SIZE, 400)
        if x and x + 19 + text_width(word) > WIDTH:
            x, y = 0.0, y + 20
        parts.append(
            _rect(x, y, 12, 12, SERIES_COLOURS[number % len(SERIES_COLOURS)][0], f"chart-bar series-{number + 1}")
        )
        parts.append(_text(x + 18, y + 11, word, fill=QUIET))
        x += 18 + text_width(word) + 20
    return parts, y + 24


def _heat_cell(x: float, y: float, width: float, height: float, cell: HeatCell, where: str) -> str:
    surface, ink = STATE_COLOURS[cell.state]
    border = RULE if cell.state == "none" else surface
    mark = (
        f'<rect class="chart-cell {cell.state}" x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" width="{width - 1:.1f}" '
        f'height="{height - 1:.1f}" rx="2" fill="{surface}" stroke="{border}" stroke-width="1"/>'
    )
    text = cell.text and _cut(cell.text, width - 28, SIZE - 1, 600)
    room = 19 + text_width(text, SIZE - 1, 600) if text else 12
    start = x + (width - room) / 2
    mark += _shape(STATE_SHAPES[cell.state], start + 6, y + height / 2, ink)
    if text:
        mark += _text_on_mark(start + 17, y + height / 2 + 4, text, ink, weight=600)
    return _group(mark, where)


def _shape(shape: str, x: float, y: float, ink: str) -> str:
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="none" stroke="{ink}" stroke-width="1.3"/>'
    if shape == "full":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{ink}"/>'
    if shape == "half":
        half = f'<path d="M{x:.1f} {y - 4.5:.1f}a4.5 4.5 0 0 0 0 9z" fill="{ink}"/>'
        return ring + half
    if shape == "dash":
        return f'<path d="M{x - 4:.1f} {y:.1f}h8" stroke="{ink}" stroke-width="1.3"/>'
    return ring


def _picture(parts: Iterable[str], height: float, title: str, kind: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" role="img" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" font-family={quoteattr(FONT)}>'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _group(mark: str, words: str) -> str:
    return f"<g><title>{escape(words)}</title>{mark}</g>"


def _rect(x: float, y: float, width: float, height: float, fill: str, kind: str) -> str:
    return f'<rect class={quoteattr(kind)} x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path class="chart-axis" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{RULE}" stroke-width="1"/>'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    fill: str = INK,
    size: float = SIZE,
    anchor: str = "start",
    weight: int = 400,
) -> str:
    return (
        f'<text class="chart-text" x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _text_on_mark(x: float, y: float, text: str, ink: str, *, weight: int = 400, anchor: str = "start") -> str:
    """Return a text that stands on a coloured mark: it keeps its colour where the page turns dark."""
    marked = _text(x, y, text, fill=ink, size=SIZE - 1, weight=weight, anchor=anchor)
    return marked.replace("chart-text", "chart-on-mark", 1)
