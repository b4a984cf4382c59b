"""What the pictures of the roadmap share: the colours of phases, text that fits its place, and marks as SVG.

As in praja.foundation.ui.charts, pictures use attributes only and explicit colours, and every mark carries its words.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from praja.foundation.documents.blocks import clean
from praja.foundation.ui.charts import FONT, text_width
from praja.foundation.ui.palette import INK, RULE
from praja.stages.roadmap.models import ActionStage

Phase = ActionStage.Phase
# Surface and ink; darker the further the work is, and each cell says its phase in words too.
PHASE_COLOURS: dict[str, tuple[str, str]] = {
    Phase.PREPARATION: ("#F3E4C3", "#3F3215"),
    Phase.BUILDING: ("#D9B779", "#2E230B"),
    Phase.TRIAL: ("#C5DDED", "#12314A"),
    Phase.RUNNING: ("#2F79AC", "#FFFFFF"),
    Phase.GROWTH: ("#14395C", "#FFFFFF"),
    Phase.EVALUATION: ("#D5D9DE", "#1B1F24"),
}
PLANNED = ("#EEF0F3", "#3C444D")  # a year of the action for which no phase is written
ROOM = 1.03  # widths are estimated: a text that nearly fills its place is taken to fill it


def width_of(text: str, size: float, weight: int = 400) -> float:
    """About how many units the text takes, rather too many than too few."""
    return text_width(text, size, weight) * ROOM


def cut(text: str, width: float, size: float, weight: int = 400) -> str:
    """The text on one line of at most `width` units, its end as "…" where it does not fit."""
    text = " ".join(clean(text)[:600].split())
    if width_of(text, size, weight) <= width:
        return text
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if width_of(text[:middle].rstrip() + "…", size, weight) <= width:
            least = middle
        else:
            most = middle - 1
    return f"{text[:least].rstrip()}…" if least else ""


def wrapped(text: str, width: float, most: int, size: float, weight: int = 400) -> list[str]:
    """The text on at most `most` lines of at most `width` units; a long word breaks, the last line is cut."""
    words = clean(text)[:600].split()
    lines: list[str] = []
    while words and len(lines) < most:
        if len(lines) == most - 1:
            lines.append(cut(" ".join(words), width, size, weight))
            break
        line = words.pop(0)
        if width_of(line, size, weight) > width:
            head = _head(line, width, size, weight)
            words.insert(0, line[len(head) :])
            line = head
        while words and width_of(f"{line} {words[0]}", size, weight) <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(line)
    return [line for line in lines if line]


def _head(word: str, width: float, size: float, weight: int) -> str:
    """As many letters of a word as fit, one at least."""
    least, most = 1, len(word)
    while least < most:
        middle = (least + most + 1) // 2
        if width_of(word[:middle], size, weight) <= width:
            least = middle
        else:
            most = middle - 1
    return word[:least]


def text(
    x: float, y: float, words: str, *, size: float, fill: str = INK, weight: int = 400, anchor: str = "start"
) -> str:
    """A line of text with its base line at `y`."""
    return (
        f'<text class="chart-text" x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{escape(clean(words))}</text>'
    )


def text_on_mark(x: float, y: float, words: str, *, size: float, ink: str, weight: int = 600) -> str:
    """A line of text on a coloured mark: it keeps its colour where the page turns dark."""
    return text(x, y, words, size=size, fill=ink, weight=weight).replace("chart-text", "chart-on-mark", 1)


def rect(
    x: float, y: float, width: float, height: float, fill: str, *, kind: str = "chart-mark", radius: float = 0
) -> str:
    """A filled rectangle."""
    round_ = f' rx="{radius:g}"' if radius else ""
    return (
        f'<rect class={quoteattr(kind)} x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" '
        f'height="{max(height, 0):.1f}"{round_} fill="{fill}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, *, colour: str = RULE, width: float = 0.75) -> str:
    """A straight line."""
    return f'<path class="chart-axis" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" stroke-width="{width:g}"/>'


def group(marks: str, words: str) -> str:
    """Marks that mean one thing together, with the words for it."""
    return f"<g><title>{escape(clean(words))}</title>{marks}</g>"


def picture(parts: Iterable[str], width: float, height: float, title: str, kind: str) -> str:
    """The whole picture; its title is what a reader of the screen says."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" role="img" viewBox="0 0 {width:g} {height:.0f}" '
        f'width="{width:g}" height="{height:.0f}" font-family={quoteattr(FONT)}>'
        f"<title>{escape(clean(title))}</title>{''.join(parts)}</svg>"
    )
