"""What the books say about problems: the most urgent ones, what causes them, and the whole list with trees of causes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db.models import Prefetch, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.accounts.models import Organisation
from praja.foundation.documents.blocks import AnyBlock, Chart, Column, Run, Table, Text
from praja.foundation.plans.models import Dimension, Plan, SubDimension
from praja.foundation.ui import charts
from praja.foundation.ui.formats import decimal, percent
from praja.stages.problems import figures
from praja.stages.problems.figures import ProblemFigures
from praja.stages.problems.models import Cause, Problem

PRINTED = (
    "dimension_id", "sub_dimension_id", "organisation_id", "title", "description", "figure", "unit", "figure_year",
    "figure_source", "urgency", "seriousness", "growth", "organisation__name", "organisation__abbreviation",
)  # fmt: skip
INDENT = "\u00a0" * 4  # no-break spaces: they keep their width in every form of the book


@dataclass(frozen=True)
class ProblemMaterial:
    """The problems that the books print, the most urgent first, with the numbers about them."""

    problems: list[Problem]
    figures: ProblemFigures
    _by_dimension: dict[int | None, list[Problem]] = field(default_factory=lambda: defaultdict(list), repr=False)

    def __post_init__(self) -> None:
        for problem in self.problems:
            self._by_dimension[problem.dimension_id].append(problem)

    def of(self, dimension: Dimension | None) -> list[Problem]:
        """Those of one dimension."""
        return self._by_dimension.get(dimension.pk if dimension else None, [])

    def within(self, dimension: Dimension, sub_dimension: SubDimension | None) -> list[Problem]:
        """Those of one sub-dimension, or of the dimension without a sub-dimension."""
        wanted = sub_dimension.pk if sub_dimension else None
        return [problem for problem in self.of(dimension) if problem.sub_dimension_id == wanted]


def problem_material(plan: Plan) -> ProblemMaterial:
    """Everything that the books need to know about the problems of a plan, in four queries."""
    causes = Cause.objects.filter(withdrawn_at=None).only("problem_id", "parent_id", "kind", "text", "order")
    problems = (
        figures.printed(plan)
        .select_related("organisation")
        .only(*PRINTED)
        .prefetch_related(Prefetch("causes", causes))
        .order_by("dimension__order", "title", "pk")
    )
    return ProblemMaterial(
        problems=sorted(problems, key=lambda problem: -(problem.priority or 0)), figures=figures.problem_figures(plan)
    )


def problem_lead(problems: Sequence[Problem]) -> str:
    """How many problems there are and which is the most urgent, as one or two sentences; empty without problems."""
    if not problems:
        return ""
    text = ngettext(
        "The agencies report %(count)s problem here that the secretariat has accepted.",
        "The agencies report %(count)s problems here that the secretariat has accepted.",
        len(problems),
    ) % {"count": len(problems)}
    first = problems[0]
    if first.priority is None:
        return text
    return f"{text} " + _("The most urgent one is “%(title)s” (%(agency)s, priority %(priority)s of 125).") % {
        "title": first.title,
        "agency": first.organisation,
        "priority": first.priority,
    }


def cause_finding(material: ProblemMaterial, dimension: Dimension | None = None) -> str:
    """Which kind of cause stands out, as one sentence; empty without causes."""
    kinds = material.figures.causes_by_kind(dimension.pk if dimension else None)
    if not kinds:
        return ""
    total = sum(number for _kind, number in kinds)
    leading = [kind for kind, number in kinds if number == kinds[0][1]]
    said = {
        "kind": kind_word(kinds[0][0]),
        "count": kinds[0][1],
        "total": total,
        "share": percent(kinds[0][1], total),
    }
    if len(leading) > 1:
        said["kinds"] = in_words([kind_word(kind) for kind in leading])
        return _("No single kind of cause stands out: %(kinds)s are named equally often (%(count)s times each).") % said
    if kinds[0][1] * 2 > total:
        return _("More than half of the causes lie in %(kind)s: %(count)s of %(total)s.") % said
    if len(kinds) > 1:
        said |= {"second": kind_word(kinds[1][0]), "number": kinds[1][1]}
        return (
            _("The causes lie most often in %(kind)s (%(count)s of %(total)s), followed by %(second)s (%(number)s).")
            % said
        )
    return _("All %(total)s causes lie in %(kind)s.") % said


def cause_chart(material: ProblemMaterial, dimension: Dimension | None = None) -> list[AnyBlock]:
    """The causes by kind as a chart; nothing without causes."""
    kinds = material.figures.causes_by_kind(dimension.pk if dimension else None)
    if not kinds:
        return []
    caption = (
        _("Causes of the problems of %(dimension)s by kind") % {"dimension": dimension}
        if dimension
        else _("Causes of all problems by kind")
    )
    rows = [(capital(kind_word(kind)), number) for kind, number in kinds]
    return [
        Chart(
            caption,
            charts.bars([charts.Bar(label, [number]) for label, number in rows], title=caption),
            alt=cause_finding(material, dimension),
            unit=_("number of causes"),
            source=_("causes that agencies named for accepted problems"),
            data=Table(caption, [Column(_("Kind of cause"), 3), Column(_("Causes"), 1, "number")], rows),
            key=f"penyebab-{dimension.key if dimension else 'semua'}",
        )
    ]


def problem_table(problems: Sequence[Problem], *, caption: str, key: str) -> list[AnyBlock]:
    """The problems with agency, figure and priority as a compact table; nothing without problems."""
    if not problems:
        return []
    return [
        Table(
            caption,
            [
                Column(_("Problem"), 4),
                Column(_("Agency"), 1.5),
                Column(_("What the data say"), 2.2),
                Column(_("Priority"), 0.8, "number"),
            ],
            [
                (problem.title, agency_word(problem.organisation), figure_text(problem) or None, problem.priority)
                for problem in problems
            ],
            unit=_("priority = urgency × seriousness × growth, 1 to 125"),
            source=_("problems accepted by the secretariat"),
            key=key,
        )
    ]


def cause_table(material: ProblemMaterial, dimensions: Iterable[Dimension]) -> Table:
    """The causes of each dimension by kind."""
    found = material.figures
    kinds = [kind for kind, _number in found.causes_by_kind()]
    rows = [
        (
            dimension.name,
            found.accepted(dimension.pk),
            *(found.causes[dimension.pk, kind] for kind in kinds),
            sum(number for _kind, number in found.causes_by_kind(dimension.pk)),
        )
        for dimension in dimensions
    ]
    return Table(
        _("Causes by dimension and kind"),
        [
            Column(_("Dimension"), 1.7),
            Column(_("Problems"), 1, "number"),
            *(Column(capital(kind_word(kind)), 1, "number") for kind in kinds),
            Column(_("Causes together"), 1, "number"),
        ],
        rows,
        total=(
            _("Whole plan"),
            found.accepted(),
            *(number for _kind, number in found.causes_by_kind()),
            sum(number for _kind, number in found.causes_by_kind()),
        ),
        unit=_("number of causes"),
        source=_("causes that agencies named for accepted problems"),
        key="penyebab-menurut-dimensi",
    )


def problem_appendix(
    material: ProblemMaterial, dimensions: Iterable[Dimension], answers: Mapping[int, Sequence[str]]
) -> list[AnyBlock]:
    """All problems with description, causes and the innovations that answer them: one wide table a dimension.

    `answers` holds the names of innovations by the key of the problem.
    """
    blocks: list[AnyBlock] = []
    for dimension in dimensions:
        problems = material.of(dimension)
        if not problems:
            continue
        blocks.append(
            Table(
                _("Problems of %(dimension)s with their causes") % {"dimension": dimension},
                [
                    Column(_("Problem"), 3.6),
                    Column(_("Agency"), 1.2),
                    Column(_("U × S × G"), 1.35, align="center"),
                    Column(_("Causes"), 4.2),
                    Column(_("Answered by"), 1.5),
                ],
                [
                    (
                        "\n".join(filter(None, [problem.title, problem.description, _data_line(problem)])),
                        agency_word(problem.organisation),
                        _grades(problem),
                        cause_tree(problem.causes.all()) or None,
                        ", ".join(answers.get(problem.pk, ())) or _("none yet"),
                    )
                    for problem in problems
                ],
                source=_("problems accepted by the secretariat, with the causes their agencies named"),
                key=f"daftar-permasalahan-{dimension.key}",
                landscape=True,
            )
        )
    return blocks


def cause_tree(causes: Iterable[Cause]) -> str:
    """The causes as numbered lines: "1", "1.1"; a cause whose parent is gone stands at the root, none is lost."""
    every = list(causes)
    known = {cause.pk for cause in every}
    below: dict[int | None, list[Cause]] = defaultdict(list)
    for cause in every:
        below[cause.parent_id if cause.parent_id in known else None].append(cause)
    lines: list[str] = []
    seen: set[int] = set()

    def add(cause: Cause, number: str, depth: int) -> None:
        if cause.pk in seen:
            return
        seen.add(cause.pk)
        lines.append(f"{INDENT * min(depth, 3)}{number} {cause.text} ({kind_word(cause.kind)})")
        for position, child in enumerate(below[cause.pk], start=1):
            add(child, f"{number}.{position}", depth + 1)

    roots = 0
    for cause in [*below[None], *every]:  # the second part only matters for causes that point at each other
        if cause.pk not in seen:
            roots += 1
            add(cause, str(roots), 0)
    return "\n".join(lines)


def problem_sources(material: ProblemMaterial) -> list[tuple[str, str]]:
    """(source, what it is used for) of every figure, in the order of the problems."""
    return [
        (problem.figure_source.strip(), problem.title) for problem in material.problems if problem.figure_source.strip()
    ]


def figure_text(problem: Problem) -> str:
    """The figure in words, as "24,6 persen balita (2024)"; empty without one."""
    text = quantity(problem.figure, problem.unit)
    return f"{text} ({problem.figure_year})" if text and problem.figure_year else text


def quantity(value: str, unit: str = "") -> str:
    """A decimal kept as text, written in the language of the moment with its unit; other text stays as it is."""
    value = value.strip()
    try:
        number = Decimal(value)
        written = decimal(number) if number.is_finite() and abs(number.adjusted()) < 30 else value
    except InvalidOperation:
        written = value
    if not written:
        return ""
    return f"{written}%" if unit.strip() == "%" else f"{written} {unit.strip()}".strip()


def kind_word(kind: str) -> str:
    """A kind of cause in the small letters of a running sentence."""
    return word(Cause.Kind, kind).lower()


def word(choices: type[TextChoices], value: str) -> str:
    """The label of a choice in the language of the moment; empty for no choice, and what is unknown stays as it is.

    Django's get_..._display() does the same but asks the field anew each time, which a book of 200 pages feels.
    """
    try:
        return str(choices(value).label)
    except ValueError:
        return value


def capital(text: str) -> str:
    """The text with a capital at its beginning; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def in_words(names: Sequence[str]) -> str:
    """Names as a phrase: "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def agency_word(agency: Organisation | None) -> str:
    """The short name of the agency of a row, or that it has none yet."""
    return agency.short_name if agency else _("no agency yet")


def bold_start(start: str, text: str) -> Text:
    """A point that opens with its subject in bold."""
    return (Run(f"{start} ", bold=True), Run(text))


def _data_line(problem: Problem) -> str:
    figure = figure_text(problem)
    return _("Data: %(figure)s.") % {"figure": figure} if figure else ""


def _grades(problem: Problem) -> str | None:
    if problem.priority is None:
        return None
    return f"{problem.urgency} × {problem.seriousness} × {problem.growth} = {problem.priority}"
