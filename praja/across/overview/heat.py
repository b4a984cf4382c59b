"""The heat map of coverage as rows for the page; its cells are many and alike, so their markup is made once."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from praja.across.overview.queues import list_address
from praja.foundation.plans.models import Plan
from praja.foundation.ui.icons import icon
from praja.stages.innovations.coverage import DELIVERED, NONE, NOT_ASKED, PARTIAL, STATES, Counts, Row

ICONS = {DELIVERED: "circle-check", PARTIAL: "contrast", NONE: "circle-dashed"}


@dataclass(frozen=True)
class HeatRow:
    """An agency and its cells: problems first, then each dimension."""

    row: Row
    word: str
    cells: list[SafeString]


def word_of(state: str) -> str:
    """A state of coverage in words."""
    words = {DELIVERED: _("Delivered"), PARTIAL: _("Begun"), NONE: _("Nothing yet"), NOT_ASKED: _("Not asked")}
    return words[state]


def heat_row(row: Row, plan: Plan, *, has_links: bool) -> HeatRow:
    """The row of one agency; with `has_links` every number opens the rows behind it."""
    problems, innovations = "", ""
    if has_links:
        problems = list_address("problem", plan, agency=row.organisation.pk)
        innovations = list_address("innovation", plan, agency=row.organisation.pk)
    cells = [_cell(row.problem_state, row.problems, problems)]
    for cell in row.cells:
        address = innovations and f"{innovations}&dimensi={cell.dimension.key}"
        cells.append(_cell(cell.state, cell.counts, address, is_excused=cell.is_excused))
    return HeatRow(row, word_of(row.state), cells)


def legend() -> list[tuple[SafeString, str]]:
    """An empty cell of each state with its word."""
    return [(_cell(state, Counts(), ""), word_of(state)) for state in STATES]


def _cell(state: str, counts: Counts, address: str, *, is_excused: bool = False) -> SafeString:
    inside = _inside(state, counts.handed_in, counts.with_the_agency, is_excused, get_language() or "")
    if address and counts.total:
        return format_html('<a class="heat-cell heat-{}" href="{}">{}</a>', state, address, inside)
    return format_html('<span class="heat-cell heat-{}">{}</span>', state, inside)


@lru_cache(maxsize=1024)
def _inside(state: str, handed_in: int, begun: int, is_excused: bool, language: str) -> SafeString:  # noqa: FBT001 - the cache's key
    """Sign and number, and for readers of the screen aloud the state in words."""
    del language  # only keeps the languages apart in the cache
    sign = icon(ICONS[state]) if state in ICONS else "" if handed_in else "–"
    number = handed_in or (_("none, accepted") if is_excused else "")
    words = word_of(state)
    if begun:
        words += ", " + ngettext("%(begun)s begun", "%(begun)s begun", begun) % {"begun": begun}
    return format_html('{}{}<span class="visually-hidden"> {}</span>', sign, number, words)
