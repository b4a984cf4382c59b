"""The way of an indicator from its baseline over its yearly targets, as a small line."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from xml.sax.saxutils import quoteattr

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from praja.foundation.ui.formats import decimal

WIDTH, HEIGHT, EDGE = 160, 36, 5


def trend(points: Sequence[tuple[int | None, str]]) -> SafeString:
    """(year, decimal as text) in order as an SVG picture with its words; "" with fewer than two numbers."""
    known = [(year, value) for year, text in points if (value := _number(text)) is not None]
    if len(known) < 2:
        return mark_safe("")
    values = [value for _year, value in known]
    low, span = min(values), max(values) - min(values)
    step = (WIDTH - 2 * EDGE) / (len(known) - 1)
    dots = []
    for place, value in enumerate(values):
        height = float((value - low) / span) if span else 0.5
        dots.append((EDGE + place * step, HEIGHT - EDGE - height * (HEIGHT - 2 * EDGE)))
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in dots)
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in dots[1:])
    words = _("From %(first)s (%(first_year)s) to %(last)s (%(last_year)s)") % {
        "first": decimal(values[0]),
        "first_year": known[0][0] or _("baseline"),
        "last": decimal(values[-1]),
        "last_year": known[-1][0],
    }
    return mark_safe(  # noqa: S308  numbers of ours, and one escaped text
        f'<svg class="trend" role="img" aria-label={quoteattr(words)} viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}"><path d="M{line}"/>{marks}<circle class="trend-first" cx="{dots[0][0]:.1f}" '
        f'cy="{dots[0][1]:.1f}" r="3"/></svg>'
    )


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**18 else None
