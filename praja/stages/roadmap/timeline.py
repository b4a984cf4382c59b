"""The action plan on the axis of years: what each action does when, and in which order rows stand. Drawn as a Gantt chart."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from praja.foundation.plans.models import Dimension, Plan, SubDimension, in_language
from praja.foundation.ui.palette import QUIET, colour_of
from praja.stages.roadmap import drawing
from praja.stages.roadmap.drawing import PHASE_COLOURS, PLANNED, Phase
from praja.stages.roadmap.models import Action, ActionStage, Programme

MOST_COLUMNS = 12  # years on one picture; a longer plan shows spans of years
WITHOUT_PERIOD = 5  # years from now on, for a plan without a period
SHORT = {  # for a narrow column: one word that needs no cutting
    Phase.PREPARATION: pgettext_lazy("phase, short", "Prepare"),
    Phase.BUILDING: pgettext_lazy("phase, short", "Build"),
    Phase.TRIAL: pgettext_lazy("phase, short", "Trial"),
    Phase.RUNNING: pgettext_lazy("phase, short", "Run"),
    Phase.GROWTH: pgettext_lazy("phase, short", "Grow"),
    Phase.EVALUATION: pgettext_lazy("phase, short", "Evaluate"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What an action does in one year."""

    year: int
    phase: str
    milestone: str

    @property
    def word(self) -> str:
        """The phase in words."""
        return str(Phase(self.phase).label)

    @property
    def short(self) -> str:
        """The phase in one short word."""
        return str(SHORT[Phase(self.phase)])


@dataclass(slots=True)
class Bar:
    """An action on the axis; keys of rows, or None. `first` and `last` also come from its steps where nothing is typed."""

    pk: int
    code: str
    title: str
    family: str
    organisation: int | None
    dimension: int | None
    sub_dimension: int | None
    programme: int | None
    first: int | None
    last: int | None
    steps: dict[int, list[Step]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Code and title."""
        return f"{self.code} {self.title}".strip()

    def runs_in(self, year: int) -> bool:
        """Whether the action is under way in a year."""
        if year in self.steps:
            return True
        return self.first is not None and self.first <= year <= (self.last or self.first)

    def steps_in(self, years: Iterable[int]) -> list[Step]:
        """What it does in some years, in order."""
        return [step for year in years for step in self.steps.get(year, ())]


def in_order(actions: QuerySet[Action]) -> QuerySet[Action]:
    """The actions by dimension, sub-dimension and programme, those without one at the end of each."""
    return actions.annotate(
        row_dimension=Coalesce("sub_dimension__dimension_id", "innovation__dimension_id"),
        row_sub_dimension=Coalesce("sub_dimension_id", "innovation__sub_dimension_id"),
    ).order_by(
        Coalesce("sub_dimension__dimension__order", "innovation__dimension__order").asc(nulls_last=True),
        Coalesce("sub_dimension__order", "innovation__sub_dimension__order").asc(nulls_last=True),
        F("programme__strategy__order").asc(nulls_last=True),
        F("programme__order").asc(nulls_last=True),
        F("programme_id").asc(nulls_last=True),
        F("start_year").asc(nulls_last=True),
        "order",
        "pk",
    )


def bars(actions: QuerySet[Action]) -> list[Bar]:
    """The actions (as in_order gives them) with their steps, in two queries."""
    columns = (
        "pk", "code", "title", "family", "organisation_id", "row_dimension", "row_sub_dimension", "programme_id",
        "start_year", "end_year",
    )  # fmt: skip
    found = {row[0]: Bar(*row) for row in actions.values_list(*columns)}
    stages = ActionStage.objects.filter(withdrawn_at=None, action__in=actions.order_by().values("pk"))
    for pk, year, phase, milestone in stages.order_by("year", "pk").values_list(
        "action_id", "year", "phase", "milestone"
    ):
        if bar := found.get(pk):
            bar.steps.setdefault(year, []).append(Step(year, phase, milestone))
    for bar in found.values():
        if bar.steps:
            bar.first = bar.first if bar.first is not None else min(bar.steps)
            bar.last = bar.last if bar.last is not None else max(bar.steps)
    return list(found.values())


@dataclass(frozen=True)
class Names:
    """Dimensions, sub-dimensions, programmes and agencies of a plan by key."""

    dimensions: dict[int, Dimension]
    sub_dimensions: dict[int, str]
    programmes: dict[int, str]
    agencies: dict[int, str]


def names_of(plan: Plan) -> Names:
    """The names that stand beside bars, in four queries."""
    subs = SubDimension.objects.filter(dimension__set=plan.dimension_set_id).order_by("dimension__order", "order")
    agencies = plan.government.children.agencies().values_list("pk", "abbreviation", "name")
    return Names(
        dimensions={row.pk: row for row in Dimension.objects.filter(set=plan.dimension_set_id)},
        sub_dimensions={pk: in_language(names) for pk, names in subs.values_list("pk", "names")},
        programmes=dict(Programme.objects.filter(plan=plan, withdrawn_at=None).values_list("pk", "title")),
        agencies={pk: abbreviation or name for pk, abbreviation, name in agencies},
    )


# --- years ------------------------------------------------------------------------------------------------------------


def all_years(plan: Plan) -> list[int]:
    """The years of the plan; some from now on when it has no period yet."""
    first = plan.today.year
    return list(plan.years) or list(range(first, first + WITHOUT_PERIOD))


def window(plan: Plan, length: int | None, start: int | None = None) -> list[int]:
    """`length` years of the plan (all of them without one) from `start` on, moved so far that the plan fills them."""
    years = all_years(plan)
    length = min(length or len(years), len(years))
    first = min(max(start if start is not None else years[0], years[0]), years[-1] - length + 1)
    return list(range(first, first + length))


def columns_of(years: Sequence[int]) -> list[tuple[int, ...]]:
    """The years as columns of a picture: each by itself, or spans of equal length where they are too many."""
    step = -(-len(years) // MOST_COLUMNS) or 1
    return [tuple(years[start : start + step]) for start in range(0, len(years), step)]


def column_title(column: Sequence[int]) -> str:
    """The year, or the span as “2026–27”."""
    return str(column[0]) if len(column) == 1 else f"{column[0]}–{column[-1] % 100:02}"


# --- pictures of a book -----------------------------------------------------------------------------------------------

WIDTH, LEFT = 960.0, 330.0  # units of a Gantt chart, which lies across a turned page
UPRIGHT, NAMES = 640.0, 206.0  # of a summary, which stands on an upright page
SIZE, HEAD, ROW, GROUP_HEIGHT = 11.5, 26.0, 24.0, 24.0
SUM_ROW = 26.0
MOST_ROWS = 26  # groups of a summary, which then fills a page; the others share the last row


def gantt(rows: Sequence[tuple[str, Sequence[Bar]]], years: Sequence[int], *, title: str, color_key: str = "") -> str:
    """Bars over years as an SVG picture: `rows` are (name of a group, its bars).

    Each cell is filled with the colour of its phase and names it; a year without a phase is neutral.
    """
    columns = columns_of(years)
    width = (WIDTH - LEFT) / max(len(columns), 1)
    parts: list[str] = []
    y = HEAD
    for name, bars_of_group in rows:
        if name:
            parts += _group_name(name, colour_of(color_key), y, WIDTH)
            y += GROUP_HEIGHT
        for bar in bars_of_group:
            parts.append(drawing.text(11, y + 16, drawing.cut(bar.name, LEFT - 22, SIZE), size=SIZE))
            parts += [_cell(bar, column, LEFT + number * width, y, width, ROW) for number, column in enumerate(columns)]
            y += ROW
            parts.append(drawing.line(0, y - 0.5, WIDTH, y - 0.5))
    return _with_years(parts, columns, (LEFT, WIDTH, y), title)


def _with_years(
    parts: list[str], columns: Sequence[Sequence[int]], place: tuple[float, float, float], title: str
) -> str:
    """The picture with years above, lines between them and the phases named below; `place`: left, right and bottom."""
    left, right, bottom = place
    width = (right - left) / max(len(columns), 1)
    years = [
        drawing.text(left + (n + 0.5) * width, 16, column_title(column), size=SIZE, weight=600, anchor="middle")
        for n, column in enumerate(columns)
    ]
    grid = [drawing.line(left + n * width, HEAD - 4, left + n * width, bottom - 0.5) for n in range(len(columns) + 1)]
    legend, height = _legend(bottom + 8, right)
    return drawing.picture([*years, *grid, *parts, *legend], right, height, title, "gantt")


def _cell(bar: Bar, column: Sequence[int], x: float, y: float, width: float, height: float) -> str:
    """What an action does in a column: a neutral mark, or one for each phase side by side."""
    steps = list({step.phase: step for step in bar.steps_in(column)}.values())
    where = f"{bar.name}, {column_title(column)}"
    if not steps:
        if not any(bar.runs_in(year) for year in column):
            return ""
        mark = drawing.rect(x + 1.5, y + 4, width - 3, height - 8, PLANNED[0], radius=2)
        return drawing.group(mark, f"{where}: {_('planned')}")
    share = (width - 3) / len(steps)
    marks = []
    for number, step in enumerate(steps):
        fill, ink = PHASE_COLOURS[step.phase]
        left = x + 1.5 + number * share
        words = drawing.cut(step.word, share - 5, SIZE - 2.5, 600)
        mark = drawing.rect(left, y + 4, share - 0.5, height - 8, fill, kind=f"chart-phase {step.phase}", radius=2)
        words = words if len(words) > 2 else step.word[:1]
        mark += drawing.text_on_mark(left + 3, y + height / 2 + 3, words, size=SIZE - 2.5, ink=ink)
        marks.append(drawing.group(mark, ": ".join(filter(None, [where, step.word, step.milestone]))))
    return "".join(marks)


def _legend(y: float, right: float) -> tuple[list[str], float]:
    """The phases with their colours, and the height of the picture below them."""
    parts, x = [], 0.0
    words = [(str(phase.label), PHASE_COLOURS[phase][0]) for phase in Phase]
    for word, fill in [*words, (_("planned, no phase written"), PLANNED[0])]:
        width = 20 + drawing.width_of(word, SIZE - 1.5)
        if x and x + width > right:
            x, y = 0.0, y + 17
        parts.append(drawing.rect(x, y, 14, 11, fill, radius=2))
        parts.append(drawing.text(x + 19, y + 9.5, word, size=SIZE - 1.5, fill=QUIET))
        x += width + 14
    return parts, y + 17


def grouped(found: Sequence[Bar], names: Names, *, by: str = "programme") -> list[tuple[str, list[Bar]]]:
    """The bars below the name of their programme (or sub-dimension), in their order."""
    words: dict[str, Mapping[int, Any]] = {"programme": names.programmes, "sub_dimension": names.sub_dimensions}
    rows: dict[int | None, list[Bar]] = {}
    for bar in found:
        rows.setdefault(getattr(bar, by), []).append(bar)
    return [(str(words[by].get(key or 0, "")), group) for key, group in rows.items()]


def _group_name(name: str, colour: str, y: float, right: float) -> list[str]:
    words = drawing.cut(name, right - 20, SIZE, 600)
    return [
        drawing.rect(0, y + 3, 4, GROUP_HEIGHT - 8, colour),
        drawing.text(11, y + 16, words, size=SIZE, weight=600),
    ]


def summary(
    rows: Sequence[tuple[str, str, Sequence[tuple[str, Sequence[Bar]]]]], years: Sequence[int], *, title: str
) -> str:
    """How many actions of each group are under way in which year, by phase: rows are (title, colour key, groups).

    Groups above MOST_ROWS share the last row, so that the picture stays on one page.
    """
    columns = columns_of(years)
    width = (UPRIGHT - NAMES) / max(len(columns), 1)
    parts: list[str] = []
    y, room = HEAD, MOST_ROWS
    for name, color_key, groups in rows:
        parts += _group_name(name, colour_of(color_key), y, UPRIGHT)
        y += GROUP_HEIGHT
        shown = list(groups[: max(room, 1)])
        if len(groups) > len(shown):
            rest = groups[len(shown) - 1 :]
            words = _("%(count)d more") % {"count": len(rest)}
            shown[-1] = (words, [bar for _name, group in rest for bar in group])
        room -= len(shown)
        for words, group in shown:
            cut = drawing.cut(words or _("not placed"), NAMES - 20, SIZE)
            parts.append(drawing.text(11, y + 17, cut, size=SIZE))
            for number, column in enumerate(columns):
                parts += _sum_cell(words, group, column, (NAMES + number * width, y, width))
            y += SUM_ROW
            parts.append(drawing.line(0, y - 0.5, UPRIGHT, y - 0.5))
    return _with_years(parts, columns, (NAMES, UPRIGHT, y), title)


def _sum_cell(name: str, group: Sequence[Bar], column: Sequence[int], place: tuple[float, float, float]) -> list[str]:
    """The number of actions under way above a strip of their phases."""
    x, y, width = place
    phases: Counter[str] = Counter()
    for bar in group:
        if any(map(bar.runs_in, column)):
            # An action with two phases in a column counts by its last: the strip shows actions, not steps.
            steps = bar.steps_in(column)
            phases[steps[-1].phase if steps else ""] += 1
    if not phases:
        return []
    left, scale, marks = x + 3, (width - 6) / phases.total(), ""
    for phase in (*Phase.values, ""):
        share = phases[phase] * scale
        marks += drawing.rect(left, y + 16, share, 6, PHASE_COLOURS[phase][0] if phase else PLANNED[0])
        left += share
    marks += drawing.text(x + width / 2, y + 13, str(phases.total()), size=SIZE - 1, weight=600, anchor="middle")
    words = [f"{phases[phase.value]} {str(phase.label).lower()}" for phase in Phase if phases[phase.value]]
    if phases[""]:
        words.append(_("%(count)d planned") % {"count": phases[""]})
    return [drawing.group(marks, f"{name}, {column_title(column)}: {', '.join(words)}")]
