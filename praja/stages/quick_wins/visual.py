"""A quick win on one page of A4 to present it: what it is, the problem and the benefit in figures, who, money, months.

`picture` is a pure function to SVG; whatever people typed, it stays one page, and what does not fit is cut with "…".
"""

import base64
import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.documents import qr
from praja.foundation.documents.outline import kind_of_image
from praja.foundation.plans.models import Indicator
from praja.foundation.ui import icons
from praja.foundation.ui.formats import decimal, long_date, rupiah_short
from praja.foundation.ui.palette import ACCENT, FAINT, INK, QUIET, RULE, colour_of
from praja.stages.innovations.blocks import money_of, source_word
from praja.stages.problems.blocks import figure_text, in_words, quantity, word
from praja.stages.quick_wins.blocks import money_in, month_word
from praja.stages.quick_wins.models import Nomination, QuickWin
from praja.stages.roadmap import drawing

WIDTH, HEIGHT = 595.28, 841.89  # points of A4
MARGIN, FOOT = 36.0, 28.0
BAND, NAME = 160.0, 76.0  # the height of the band in the colour of the dimension, and where the name begins in it
ROOM = WIDTH - 2 * MARGIN
GAP = 16.0
NAME_SIZES = (46.0, 40.0, 35.0, 30.0, 26.0, 22.0, 18.0)
FIGURE_SIZES = (30.0, 26.0, 22.0, 18.0, 15.0)
TEXT_SIZES = (14.0, 12.5, 11.5, 10.5, 9.5)
LEADING = 1.32
QR = 62.0
MOST_MONTHS = 24
LEVELS = (Indicator.Level.IMPACT, Indicator.Level.OUTCOME, Indicator.Level.OUTPUT)
NUMBERING = re.compile(r"^(?:\d{1,2}[.)]|[-–•*]|[a-z][.)])\s+")
SENTENCES = re.compile(r"(?<=[.!?;])\s+")


@dataclass(frozen=True)
class Month:
    """A month of the round: its words, what is done, and how far it is to be then; None where nothing is planned."""

    words: str
    activity: str = ""
    percent: int | None = None


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on the page; texts may be of any length. `facts`: (label, value)."""

    name: str
    full_name: str = ""
    above: str = ""
    color_key: str = ""
    problem_figure: str = ""
    problem: str = ""
    benefit_figure: str = ""
    benefit: str = ""
    measured_by: str = ""
    steps: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    months: Sequence[Month] = ()
    foot: str = ""
    mark: str = ""  # "DEMONSTRATION"
    link: str = ""  # what the QR code holds
    icon: str = ""
    arms: bytes | None = None  # a PNG or JPEG file, as the photo
    photo: bytes | None = None


# Where each part begins, from top to bottom, and how high it is.
PROBLEM, PROBLEM_HEIGHT = BAND + 18, 146.0
HOW, HOW_HEIGHT = PROBLEM + PROBLEM_HEIGHT + 48, 96.0
FACTS, FACTS_HEIGHT = HOW + HOW_HEIGHT + 12, 76.0
MONTHS, BARS = FACTS + FACTS_HEIGHT + 26, 84.0
PHOTO = 180.0


# --- what stands on it ------------------------------------------------------------------------------------------------


def sheet_of(one: QuickWin, *, link: str, arms: bytes | None = None, photo: bytes | None = None) -> Sheet:
    """What stands on the page of a quick win that was loaded with its profile; no query."""
    innovation, dimension, round_, plan = one.innovation, one.dimension, one.round, one.plan
    region = plan.government.region.name if plan.government.region else plan.government.name
    above = (region, _("Quick win %(year)s") % {"year": round_.year}, dimension.name if dimension else "")
    indicator = indicator_of(one)
    problem = next((figure for row in innovation.problems.all() if (figure := figure_text(row))), "")
    before, after = _before_and_after(indicator, round_.year) if indicator else ("", "")
    return Sheet(
        name=one.acronym.strip() or innovation.title,
        full_name=one.full_name.strip() or innovation.long_name.strip() or (innovation.title if one.acronym else ""),
        above=" · ".join(filter(None, above)),
        color_key=(dimension.color_key or dimension.key) if dimension else "",
        problem_figure=before or problem,
        problem=one.problem.strip() or "; ".join(row.title for row in innovation.problems.all()),
        benefit_figure=after,
        benefit=one.benefit_figures.strip() or innovation.benefit.strip() or innovation.result.strip(),
        measured_by=indicator.name if indicator and after else "",
        steps=three_parts(innovation.design.strip() or one.nomination.done.strip()),
        facts=_facts(one),
        months=months_of(one),
        foot=" · ".join([plan.title, _("as of %(date)s") % {"date": long_date(plan.today)}, "Praja"]),
        mark=_("DEMONSTRATION: every name and number is invented") if is_demonstration() else "",
        link=link,
        icon=dimension.icon if dimension else "",
        arms=arms,
        photo=photo,
    )


def indicator_of(one: QuickWin) -> Indicator | None:
    """The indicator that shows the change best: with baseline and target, rather of impact than of output."""
    measured = [row for row in one.innovation.indicators.all() if _is_number(row.baseline) and list(row.targets.all())]
    return min(measured, key=lambda row: LEVELS.index(row.level) if row.level in LEVELS else 9, default=None)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _before_and_after(indicator: Indicator, year: int) -> tuple[str, str]:
    """The baseline and the target of the year of the round (else the first later one, else the last), in words."""
    targets = sorted(indicator.targets.all(), key=lambda row: row.year)
    target = next((row for row in targets if row.year >= year), targets[-1])
    before = quantity(indicator.baseline, indicator.unit)
    after = quantity(target.value, indicator.unit)
    of_year = f" ({indicator.baseline_year})" if indicator.baseline_year else ""
    return f"{before}{of_year}", f"{after} ({target.year})" if after else ""


def three_parts(text: str) -> list[str]:
    """The first three parts of a text: its lines where it has some, else its sentences; without bullets and numbers."""
    lines = [line for line in text.splitlines() if line.strip()]
    parts = lines if len(lines) > 1 else SENTENCES.split(text)
    return [part for line in parts if (part := NUMBERING.sub("", line.strip()))][:3]


def _facts(one: QuickWin) -> list[tuple[str, str]]:
    """Who carries it out, who answers for it, whom it serves, and its money."""
    innovation, position, year = one.innovation, one.position, one.round.year
    person = position.person.name if position and position.person else ""
    answers = ", ".join(filter(None, (position.title_in_full if position else "", person)))
    count = decimal(innovation.beneficiary_count) if innovation.beneficiary_count else ""
    of_year, total = money_in(one, year), money_of(innovation)
    lines = [line for line in innovation.budget_lines.all() if line.year == year or not of_year]
    sources = in_words(list(dict.fromkeys(source_word(line.source) for line in lines)))
    now = word(Nomination.Money, one.nomination.money)
    amount = rupiah_short(of_year or total) if total else ""
    return [
        (_("Owner agency (OPD)"), one.organisation.name if one.organisation else ""),
        (_("Responsible position"), answers),
        (_("For whom"), " · ".join(filter(None, (count, innovation.beneficiaries.strip())))),
        (
            _("Money %(year)s") % {"year": year} if of_year or not total else _("Money of all years"),
            "\n".join(filter(None, (amount, " · ".join(filter(None, (sources, now)))))),
        ),
    ]


def months_of(one: QuickWin) -> list[Month]:
    """Every month of the round with what is planned in it."""
    planned = {(row.month.year, row.month.month): row for row in one.months.all()}
    day = one.round.starts_on.replace(day=1)
    found: list[Month] = []
    while day <= one.round.ends_on and len(found) < MOST_MONTHS:
        row = planned.get((day.year, day.month))
        found.append(Month(month_word(day), row.activity if row else "", row.target_percent if row else None))
        day = (day + datetime.timedelta(days=32)).replace(day=1)
    return found


# --- the picture ------------------------------------------------------------------------------------------------------


def picture(sheet: Sheet) -> str:
    """The page as SVG."""
    colour = colour_of(sheet.color_key, ACCENT)
    parts = [
        drawing.rect(0, 0, WIDTH, HEIGHT, "#FFFFFF", kind="visual-paper"),
        *_band(sheet, colour),
        *_change(sheet, colour),
        *_how(sheet, colour),
        *_who(sheet),
        *_plan(sheet, colour),
        *_foot(sheet),
    ]
    return drawing.picture(parts, WIDTH, HEIGHT, sheet.name, "visual")


def _band(sheet: Sheet, colour: str) -> Iterator[str]:
    """Region and round, the name as large as it fits, and the name in full."""
    yield drawing.rect(0, 0, WIDTH, BAND, colour)
    left, right = MARGIN, WIDTH - MARGIN
    if sheet.arms:
        yield drawing.rect(MARGIN, 20, 48, 48, "#FFFFFF", radius=6)
        yield _image(sheet.arms, MARGIN + 5, 25, 38, 38, "meet")
        left += 60
    if sheet.icon:
        right -= 68
        drawn = icons.icon(sheet.icon).replace('class="icon"', f'x="{right + 16:.1f}" y="20" width="52" height="52"')
        yield drawn.replace("currentColor", "#FFFFFF")
    yield _white(left, 47, drawing.cut(sheet.above, right - left, 11, 600), size=11, weight=600)
    size, lines, full = _named(sheet)
    height = len(lines) * size * 1.14 + len(full) * 15
    y = NAME + (BAND - NAME - 10 - height) / 2
    for line in lines:
        y += size * 1.14
        yield _white(MARGIN, y - size * 0.28, line, size=size, weight=800)
    for line in full:
        y += 15
        yield _white(MARGIN, y - 2, line, size=12)


def _named(sheet: Sheet) -> tuple[float, list[str], list[str]]:
    """The size and lines of the name, as large as it fits on one or two lines, and the lines of the name in full."""
    full = drawing.wrapped(sheet.full_name, ROOM, 2, 12)
    room = BAND - NAME - 10 - len(full) * 15
    size, lines = fitted(sheet.name, ROOM, room, NAME_SIZES, 800, 1.14)
    return size, lines[:2], full


def fitted(
    text: str, width: float, height: float, sizes: Sequence[float], weight: int = 400, leading: float = LEADING
) -> tuple[float, list[str]]:
    """The largest size at which a text stands in its place uncut and without broken words, and its lines there.

    At the smallest of the sizes what does not fit is cut.
    """
    whole = " ".join(text.split())
    for size in sizes:
        lines = drawing.wrapped(text, width, max(int(height / (size * leading)), 1), size, weight)
        if " ".join(lines) == whole:
            break
    return size, lines


def _change(sheet: Sheet, colour: str) -> Iterator[str]:
    """From the problem to the benefit: two cards with an arrow between them, each with its figure and its words."""
    width = (ROOM - 34) / 2
    unset = _("not filled in yet")
    right = MARGIN + ROOM - width
    yield drawing.rect(MARGIN, PROBLEM, width, PROBLEM_HEIGHT, FAINT, radius=6)
    yield drawing.rect(right, PROBLEM, width, PROBLEM_HEIGHT, "#FFFFFF", radius=6)
    yield (
        f'<rect class="chart-mark" x="{right:.1f}" y="{PROBLEM:.1f}" width="{width:.1f}" height="{PROBLEM_HEIGHT:.1f}" '
        f'rx="6" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    )
    middle, at = MARGIN + ROOM / 2, PROBLEM + PROBLEM_HEIGHT / 2
    arrow = f"M{middle - 9:.1f} {at:.1f}h15m-6 -6l6 6l-6 6"
    yield f'<path class="chart-mark" d="{arrow}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
    cards = (
        (MARGIN, _("Problem"), sheet.problem_figure, sheet.problem or unset, INK),
        (right, _("Benefit"), sheet.benefit_figure, sheet.benefit or unset, colour),
    )
    room = width - 28
    size = common_size([(figure, room, 30) for _x, _title, figure, _words, _ink in cards if figure], FIGURE_SIZES, 800)
    tops = [PROBLEM + 28 + (size + 4 if figure else 0) for _x, _title, figure, _words, _ink in cards]
    heights = [PROBLEM + PROBLEM_HEIGHT - 10 - top for top in tops]
    places = [(words, room, height) for (_x, _title, _figure, words, _ink), height in zip(cards, heights, strict=True)]
    text_size = common_size(places, TEXT_SIZES)
    for (x, title, figure, words, ink), top, height in zip(cards, tops, heights, strict=True):
        yield drawing.text(x + 14, PROBLEM + 20, drawing.cut(title, room, 10, 700), size=10, fill=QUIET, weight=700)
        cut = drawing.cut(figure, room, size, 800)
        yield drawing.text(x + 14, PROBLEM + 24 + size, cut, size=size, fill=ink, weight=800)
        yield from _paragraph(x + 14, top, room, height, words, text_size)
    if sheet.measured_by:
        words = _("Measured by: %(indicator)s") % {"indicator": sheet.measured_by}
        yield drawing.text(MARGIN, PROBLEM + PROBLEM_HEIGHT + 13, drawing.cut(words, ROOM, 8.5), size=8.5, fill=QUIET)


def common_size(places: Sequence[tuple[str, float, float]], sizes: Sequence[float], weight: int = 400) -> float:
    """The largest size at which each text stands whole in its place of (text, width, height), so that all are set alike."""
    return min((fitted(text, width, height, sizes, weight)[0] for text, width, height in places), default=sizes[0])


def _paragraph(x: float, y: float, width: float, height: float, words: str, size: float) -> Iterator[str]:
    """A text in its place, cut where it does not hold it."""
    for number, line in enumerate(fitted(words, width, height, (size,))[1], 1):
        yield drawing.text(x, y + number * size * LEADING - size * 0.32, line, size=size)


def _how(sheet: Sheet, colour: str) -> Iterator[str]:
    """How it works in three short parts: side by side, or below each other beside a photo."""
    yield _title(HOW - 10, _("How it works"), colour)
    steps = list(sheet.steps) or [_("not filled in yet")]
    if sheet.photo:
        yield _image(sheet.photo, WIDTH - MARGIN - PHOTO, HOW, PHOTO, HOW_HEIGHT, "slice")
        width, height, across, down = ROOM - PHOTO - GAP, HOW_HEIGHT / 3 - 2, 0.0, HOW_HEIGHT / 3
    else:
        width, height = (ROOM - 2 * GAP) / 3, HOW_HEIGHT
        across, down = width + GAP, 0.0
    size = common_size([(step, width - 30, height) for step in steps], TEXT_SIZES)
    for number, step in enumerate(steps):
        x, y = MARGIN + number * across, HOW + number * down
        yield f'<circle class="chart-mark" cx="{x + 11:.1f}" cy="{y + 12:.1f}" r="10.5" fill="{colour}"/>'
        mark = drawing.text_on_mark(x + 11, y + 16, str(number + 1), size=11.5, ink="#FFFFFF", weight=700)
        yield mark.replace('text-anchor="start"', 'text-anchor="middle"')
        yield from _paragraph(x + 30, y, width - 30, height, step, size)


def _who(sheet: Sheet) -> Iterator[str]:
    """Owner, position, beneficiaries and money, side by side."""
    yield drawing.rect(MARGIN, FACTS, ROOM, 1, RULE)
    width = (ROOM - 3 * 12) / 4
    for number, (label, value) in enumerate(sheet.facts[:4]):
        x = MARGIN + number * (width + 12)
        yield drawing.text(x, FACTS + 16, drawing.cut(label, width, 8.5, 700), size=8.5, fill=QUIET, weight=700)
        first, _newline, rest = value.partition("\n")
        lines = drawing.wrapped(first or _("not filled in yet"), width, 4 if not rest else 1, 10.5, 600)
        for place, line in enumerate(lines):
            yield drawing.text(x, FACTS + 31 + place * 13, line, size=10.5, weight=600, fill=INK if first else QUIET)
        for place, line in enumerate(drawing.wrapped(rest, width, 3, 9) if rest else []):
            yield drawing.text(x, FACTS + 45 + place * 11.5, line, size=9, fill=QUIET)


def _plan(sheet: Sheet, colour: str) -> Iterator[str]:
    """A bar for each month as high as its target, the target above it; then what is done in the first of them."""
    yield _title(MONTHS - 12, _("Plan by month, target in per cent"), colour)
    base = MONTHS + BARS - 12
    planned = [month for month in sheet.months if month.percent is not None]
    if not planned:
        yield drawing.text(MARGIN, MONTHS + 16, _("not filled in yet"), size=10, fill=QUIET)
        return
    yield drawing.line(MARGIN, base, WIDTH - MARGIN, base)
    width = ROOM / len(sheet.months)
    for number, month in enumerate(sheet.months):
        x = MARGIN + number * width
        size = 8.0 if len(sheet.months) <= 12 else 6.5
        middle = x + width / 2
        word_ = month.words if len(sheet.months) <= 12 else month.words[:3]
        yield drawing.text(
            middle, base + 11, drawing.cut(word_, width - 1, size), size=size, fill=QUIET, anchor="middle"
        )
        if month.percent is None:
            continue
        height = (BARS - 28) * min(month.percent, 100) / 100
        bar = drawing.rect(x + 3, base - height, width - 6, height, colour)
        words = f"{month.words}: {month.percent}% {month.activity}"
        yield drawing.group(bar, words)
        yield drawing.text(middle, base - height - 4, f"{month.percent}%", size=size + 1, weight=700, anchor="middle")
    yield from _activities(planned)


def _activities(planned: Sequence[Month]) -> Iterator[str]:
    """What is done, in two columns; what has no room is counted."""
    top = MONTHS + BARS + 16
    rows = int((HEIGHT - FOOT - QR - top) / 11.5)
    said = [month for month in planned if month.activity.strip()]
    most = rows * 2
    shown = said if len(said) <= most else said[: most - 1]
    lines = [f"{month.words} ({month.percent}%): {month.activity}" for month in shown]
    if len(shown) < len(said):
        lines.append(_("+%(count)d more") % {"count": len(said) - len(shown)})
    width = (ROOM - GAP) / 2
    for number, line in enumerate(lines):
        column, row = divmod(number, rows)
        x = MARGIN + column * (width + GAP)
        yield drawing.text(x, top + row * 11.5, drawing.cut(line, width, 8.5), size=8.5)


def _foot(sheet: Sheet) -> Iterator[str]:
    """What the QR code leads to, the plan, the day, and that it is a demonstration."""
    room = ROOM - QR - GAP
    y = HEIGHT - FOOT - 40
    lead = _("The whole profile stands behind the code: scan it with a telephone.")
    for line in drawing.wrapped(lead, room, 1, 9, 600):
        yield drawing.text(MARGIN, y, line, size=9, weight=600)
    yield drawing.text(MARGIN, y + 16, drawing.cut(sheet.foot, room, 8.5), size=8.5, fill=QUIET)
    code = qr.picture(sheet.link)
    modules = re.search(r'width="(\d+)"', code)
    if sheet.link and modules:
        x, top, scale = WIDTH - MARGIN - QR, HEIGHT - FOOT - QR, QR / int(modules[1])
        inside = code[code.index(">") + 1 : code.rindex("</svg>")]
        yield f'<g transform="translate({x:.1f} {top:.1f}) scale({scale:.4f})">{inside}</g>'
    if sheet.mark:
        yield drawing.text(MARGIN, y + 32, drawing.cut(sheet.mark, room, 8.5, 600), size=8.5, fill=QUIET, weight=600)


def _image(content: bytes, x: float, y: float, width: float, height: float, fit: str) -> str:
    """A PNG or JPEG at its place, whole ("meet") or cut to fill it ("slice")."""
    kind = "png" if kind_of_image(content) == "png" else "jpeg"
    return (
        f'<image x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" preserveAspectRatio="xMidYMid {fit}" '
        f'href="data:image/{kind};base64,{base64.b64encode(content).decode()}"/>'
    )


def _title(y: float, words: str, colour: str) -> str:
    return drawing.text(MARGIN, y, drawing.cut(words, ROOM, 12.5, 700), size=12.5, weight=700, fill=colour)


def _white(x: float, y: float, words: str, *, size: float, weight: int = 400) -> str:
    return drawing.text_on_mark(x, y, words, size=size, ink="#FFFFFF", weight=weight)
