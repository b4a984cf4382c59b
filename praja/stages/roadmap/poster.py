"""The roadmap as one sheet to hang on a wall: A3 across, rows for dimensions and sub-dimensions, columns for years.

`poster` is a pure function to SVG; whatever there is, it stays one page, and what does not fit is counted.
"""

import datetime
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import long_date
from praja.foundation.ui.palette import ACCENT, INK, QUIET, RULE, colour_of
from praja.stages.roadmap import drawing, figures, timeline
from praja.stages.roadmap.drawing import PHASE_COLOURS, PLANNED, Phase
from praja.stages.roadmap.timeline import Bar, columns_of

WIDTH, HEIGHT = 1190.55, 841.89  # points of A3 across
MARGIN = 34.0
BAND, LABELS = 78.0, 156.0  # the colour of a dimension with its name, and the names of sub-dimensions
TOP = 142.0  # where the rows begin, below title, legend and years
BOTTOM = HEIGHT - MARGIN - 16
SMALL, LEADING = 7.4, 8.9  # letters in cells
# What counts most stands first where not every milestone fits: what is in use, then what is built, last what is prepared.
KEY = (Phase.RUNNING, Phase.GROWTH, Phase.TRIAL, Phase.BUILDING, Phase.EVALUATION, Phase.PREPARATION)
EMPTY = 0.42  # the height of a row without actions, of one with some
STRIP = 5.0
SECONDS = 60  # that the PDF may take


@dataclass(frozen=True)
class Row:
    """A sub-dimension on the poster with its programmes and actions."""

    dimension: str
    color_key: str
    name: str
    programmes: Sequence[str] = ()
    bars: Sequence[Bar] = ()


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on the poster. `terms`: (words, years) of the horizons over the columns."""

    title: str
    subtitle: str
    years: Sequence[int]
    rows: Sequence[Row]
    terms: Sequence[tuple[str, Sequence[int]]] = ()
    foot: str = ""
    mark: str = ""  # "DEMONSTRATION"
    columns: list[tuple[int, ...]] = field(init=False)
    edges: list[float] = field(init=False)  # where each column begins, and where the last one ends

    def __post_init__(self) -> None:
        columns = columns_of(self.years)
        filled = [sum(_has_something(row, column) for row in self.rows) for column in columns]
        most = max(filled, default=0) or 1
        # Years in which little happens leave their room to the others.
        weights = [0.55 + 0.45 * count / most for count in filled]
        unit = (WIDTH - 2 * MARGIN - BAND - LABELS) / max(sum(weights), 0.01)
        edges = [MARGIN + BAND + LABELS]
        for weight in weights:
            edges.append(edges[-1] + weight * unit)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "edges", edges)

    def x_of(self, number: int) -> float:
        """Where a column begins."""
        return self.edges[number]

    def width_of(self, number: int) -> float:
        """How wide a column is."""
        return self.edges[number + 1] - self.edges[number]


def _has_something(row: Row, column: Sequence[int]) -> bool:
    return any(bar.runs_in(year) for bar in row.bars for year in column)


# --- what stands on it ------------------------------------------------------------------------------------------------


def title_of(plan: Plan) -> str:
    """The title of the poster."""
    return _("Roadmap of %(region)s") % {"region": plan.government.region or plan.government.name}


def of_plan(plan: Plan) -> str:
    """The poster of a plan as it stands now, in eight queries."""
    names = timeline.names_of(plan)
    found = timeline.bars(timeline.in_order(figures.printed(plan)))
    return poster(sheet_of(plan, names, found))


def sheet_of(plan: Plan, names: timeline.Names, found: Sequence[Bar]) -> Sheet:
    """What stands on the poster of a plan."""
    years = timeline.all_years(plan)
    by_place: dict[tuple[int | None, int | None], list[Bar]] = {}
    for bar in found:
        by_place.setdefault((bar.dimension, bar.sub_dimension), []).append(bar)
    rows = []
    subs = plan.dimension_set.dimensions.prefetch_related("sub_dimensions")
    for dimension in subs:
        places: list[tuple[int | None, str]] = [(sub.pk, str(sub)) for sub in dimension.sub_dimensions.all()]
        if (dimension.pk, None) in by_place:
            places.append((None, _("no sub-dimension")))
        for pk, name in places:
            own = by_place.pop((dimension.pk, pk), [])
            programmes = dict.fromkeys(
                names.programmes[bar.programme] for bar in own if bar.programme in names.programmes
            )
            rows.append(Row(str(dimension), dimension.color_key, name, list(programmes), own))
    if rest := [bar for own in by_place.values() for bar in own]:
        rows.append(Row(_("Other"), "", _("without a dimension"), [], rest))
    period = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    foot = ngettext("%(count)s action", "%(count)s actions", len(found)) % {"count": len(found)}
    made = _("as of %(date)s") % {"date": long_date(plan.today)}
    return Sheet(
        title=title_of(plan),
        subtitle=_("Smart-city masterplan %(period)s") % {"period": period},
        years=years,
        rows=rows,
        terms=terms_of(plan, years),
        foot=f"{foot} · {made} · Praja",
        mark=_("DEMONSTRATION: every name and number is invented") if is_demonstration() else "",
    )


def terms_of(plan: Plan, years: Sequence[int]) -> list[tuple[str, list[int]]]:
    """(words, years) of each horizon, from where the one before ends."""
    words = [_("Short term"), _("Medium term"), _("Long term")]
    found, start = [], 0
    for word, length in zip(words, sorted(plan.horizons), strict=False):
        own = list(years[start:length])
        if own:
            found.append((word, own))
        start = max(start, length)
    return found


# --- the picture ------------------------------------------------------------------------------------------------------


def poster(sheet: Sheet) -> str:
    """The poster as SVG, A3 across."""
    parts = [drawing.rect(0, 0, WIDTH, HEIGHT, "#FFFFFF", kind="poster-paper"), *_head(sheet), *_years(sheet)]
    weights = [1.0 if row.bars else EMPTY for row in sheet.rows]
    unit = (BOTTOM - TOP) / max(sum(weights), 1)
    # A sheet with few rows would otherwise stretch them over the whole page.
    unit = min(unit, 130.0)
    y, began, band = TOP, TOP, ""
    for number, (row, weight) in enumerate(zip(sheet.rows, weights, strict=True)):
        if number and row.dimension != band:
            parts += _band(sheet.rows[number - 1], began, y)
            began = y
        band = row.dimension
        parts += _row(sheet, row, y, weight * unit)
        y += weight * unit
    if sheet.rows:
        parts += _band(sheet.rows[-1], began, y)
    parts += [drawing.line(edge, TOP - 20, edge, y, colour=RULE, width=0.5) for edge in sheet.edges]
    foot = drawing.cut(sheet.foot, WIDTH / 2, 8)
    parts.append(drawing.text(MARGIN, HEIGHT - MARGIN + 6, foot, size=8, fill=QUIET))
    if sheet.mark:
        mark = drawing.cut(sheet.mark, WIDTH / 2 - MARGIN, 8, 600)
        parts.append(
            drawing.text(WIDTH - MARGIN, HEIGHT - MARGIN + 6, mark, size=8, fill=QUIET, weight=600, anchor="end")
        )
    return drawing.picture(parts, WIDTH, HEIGHT, sheet.title, "poster")


def _head(sheet: Sheet) -> Iterator[str]:
    """Title, period and what the colours mean."""
    yield drawing.rect(MARGIN, MARGIN, 5, 42, ACCENT)
    yield drawing.text(
        MARGIN + 15, MARGIN + 22, drawing.cut(sheet.title, WIDTH - 2 * MARGIN - 20, 26, 700), size=26, weight=700
    )
    yield drawing.text(
        MARGIN + 15, MARGIN + 40, drawing.cut(sheet.subtitle, WIDTH - 2 * MARGIN - 20, 12), size=12, fill=QUIET
    )
    x = MARGIN
    for phase in Phase:
        word = str(phase.label)
        yield drawing.rect(x, 86, 13, 9, PHASE_COLOURS[phase][0], radius=1.5)
        yield drawing.text(x + 18, 94, word, size=9)
        x += 18 + drawing.width_of(word, 9) + 16
    yield drawing.rect(x, 86, 13, 9, PLANNED[0], radius=1.5)
    yield drawing.text(x + 18, 94, _("planned, no phase written"), size=9)


def _years(sheet: Sheet) -> Iterator[str]:
    """The horizons over the years."""
    for number, (words, years) in enumerate(sheet.terms):
        places = [place for place, column in enumerate(sheet.columns) if column[0] in years]
        if not places:
            continue
        x, width = sheet.x_of(places[0]), sheet.edges[places[-1] + 1] - sheet.x_of(places[0])
        fill = ("#E3ECF5", "#C9DBEB", "#AFC9E0")[number % 3]
        yield drawing.rect(x + 0.5, TOP - 34, width - 1, 13, fill)
        cut = drawing.cut(words, width - 6, 8.5, 600)
        yield drawing.text(x + width / 2, TOP - 24.5, cut, size=8.5, weight=600, anchor="middle")
    for number, column in enumerate(sheet.columns):
        title = timeline.column_title(column)
        middle = sheet.x_of(number) + sheet.width_of(number) / 2
        yield drawing.text(middle, TOP - 7, title, size=11, weight=700, anchor="middle")


def _band(row: Row, y: float, end: float) -> Iterator[str]:
    """The colour of a dimension with its name, beside its rows. Upright letters: turned ones spoil the search in a PDF."""
    yield drawing.rect(MARGIN, y + 0.75, BAND - 4, end - y - 1.5, colour_of(row.color_key, QUIET))
    size, width = 9.4, BAND - 12
    while size > 6.5 and any(drawing.width_of(word, size, 700) > width for word in row.dimension.split()):
        size -= 0.4
    leading = size * 1.25
    lines = drawing.wrapped(row.dimension, width, max(int((end - y - 4) / leading), 1), size, 700)
    top = (y + end - leading * len(lines)) / 2
    for number, words in enumerate(lines):
        base = top + leading * (number + 0.75)
        yield drawing.text_on_mark(MARGIN + 5, base, words, size=size, ink="#FFFFFF", weight=700)


def _row(sheet: Sheet, row: Row, y: float, height: float) -> Iterator[str]:
    """A sub-dimension: its name and programmes, then a cell for each column."""
    x, width = MARGIN + BAND, LABELS - 8
    lines = max(int((height - 4) / LEADING), 1)
    names = drawing.wrapped(row.name, width, min(2, lines), 8.8, 700)
    for number, words in enumerate(names):
        yield drawing.text(x, y + 10 + number * 10, words, size=8.8, weight=700)
    top = y + 10 + (len(names) - 1) * 10
    room = int((y + height - top - 2) / LEADING)
    for number, words in enumerate(_listed(row.programmes, room, width, bullet=True)):
        yield drawing.text(x, top + (number + 1) * LEADING, words, size=SMALL, fill=QUIET)
    for number, column in enumerate(sheet.columns):
        yield from _cell(row, column, sheet.x_of(number), y, (sheet.width_of(number), height))
    yield drawing.line(x, y + height, WIDTH - MARGIN, y + height, colour=RULE, width=0.5)


def _cell(row: Row, column: Sequence[int], x: float, y: float, size: tuple[float, float]) -> Iterator[str]:
    """What the actions of a row do in a column: a strip with their phases, and the milestones that fit below."""
    width, height = size
    phases: Counter[str] = Counter()
    milestones: list[tuple[int, str]] = []
    for bar in row.bars:
        steps = bar.steps_in(column)
        if not steps and not any(bar.runs_in(year) for year in column):
            continue
        phases.update({step.phase for step in steps} or {""})
        milestones += [(KEY.index(step.phase), _milestone(bar, step.milestone)) for step in steps if step.milestone]
    if not phases:
        return
    left, scale = x + 2, (width - 4) / phases.total()
    marks = ""
    for phase in (*Phase.values, ""):
        share = phases[phase] * scale
        marks += drawing.rect(left, y + 2.5, share, STRIP, PHASE_COLOURS[phase][0] if phase else PLANNED[0])
        left += share
    counts = [f"{phases[phase.value]} {str(phase.label).lower()}" for phase in Phase if phases[phase.value]]
    if phases[""]:
        counts.append(_("%(count)d planned") % {"count": phases[""]})
    yield drawing.group(marks, f"{row.name}, {timeline.column_title(column)}: {', '.join(counts)}")
    room = int((height - STRIP - 4) / LEADING)
    key = dict.fromkeys(words for _order, words in sorted(milestones, key=lambda pair: pair[0]))
    lines = _listed(list(key) or counts, room, width - 6)
    fill = INK if milestones else QUIET
    for number, words in enumerate(lines):
        yield drawing.text(x + 3, y + STRIP + 2 + (number + 1) * LEADING, words, size=SMALL, fill=fill)


def _milestone(bar: Bar, words: str) -> str:
    return f"{bar.code}: {words}" if bar.code else words


def _listed(items: Sequence[str], room: int, width: float, *, bullet: bool = False) -> list[str]:
    """The items on at most `room` lines: whole where there is room, else cut, the rest counted on the last line."""
    if room < 1 or not items:
        return []
    if len(items) > room == 1:
        rest = f" +{len(items) - 1}"
        return [drawing.cut(items[0], width - drawing.width_of(rest, SMALL), SMALL) + rest]
    if len(items) > room:
        kept = [drawing.cut(item, width, SMALL) for item in items[: room - 1]]
        left = len(items) - len(kept)
        return [*kept, drawing.cut(_("+%(count)d more") % {"count": left}, width, SMALL)]
    lines: list[str] = []
    for number, item in enumerate(items):
        # Each of the items that follow keeps one line at least.
        most = room - len(lines) - (len(items) - number - 1)
        words = f"• {item}" if bullet and len(items) > 1 else item
        lines += drawing.wrapped(words, width, most, SMALL)
    return lines


# --- the PDF ----------------------------------------------------------------------------------------------------------


class NotMade(Exception):
    """A PDF that could not be made; the text says why, for the log."""


def pdf_in_child(svg: str, *, title: str, day: datetime.date, size: tuple[int, int] = (420, 297)) -> bytes:
    """The picture as a PDF of one page with its typefaces embedded, made in a process that ends; raises NotMade.

    `size`: width and height of the page in millimetres, A3 across unless another is given.
    """
    told = {
        "svg": svg, "title": title, "language": (get_language() or "id")[:2], "day": day.isoformat(), "size": size,
    }  # fmt: skip
    try:
        done = subprocess.run(
            [sys.executable, "-m", "praja.stages.roadmap.poster_process"],
            input=json.dumps(told).encode(), capture_output=True, timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as problem:
        raise NotMade(f"The page took more than {SECONDS} seconds.") from problem
    if done.returncode:
        raise NotMade(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout
