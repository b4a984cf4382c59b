"""Who has delivered what was asked: agencies by dimension, counted by the database in a handful of queries.

Delivered means: a problem is at least submitted where problems are asked, and an innovation in each dimension that is
asked (in any one where no dimension was chosen); "no proposal" counts in the place of either once it was accepted.
The denominator is the agencies of which something is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.accounts.models import Organisation
from praja.foundation.plans.models import Dimension, Plan, Request
from praja.foundation.workflow.models import State
from praja.stages.innovations.models import Innovation, NotYet
from praja.stages.problems.models import Problem

DELIVERED, PARTIAL, NONE, NOT_ASKED = "delivered", "partial", "none", "not_asked"
STATES = (DELIVERED, PARTIAL, NONE, NOT_ASKED)


@dataclass(slots=True)
class Counts:
    """How many rows are in each state."""

    draft: int = 0
    submitted: int = 0
    approved: int = 0
    checked: int = 0
    returned: int = 0
    accepted: int = 0

    def add(self, state: str, number: int) -> None:
        """Count `number` more rows in `state`."""
        setattr(self, state, getattr(self, state) + number)

    @property
    def handed_in(self) -> int:
        """At least submitted: what coverage counts."""
        return self.on_the_way + self.accepted

    @property
    def on_the_way(self) -> int:
        """Submitted and not yet accepted: with the head, the dimension coordinator or the secretariat."""
        return self.submitted + self.approved + self.checked

    @property
    def with_the_agency(self) -> int:
        """Begun or returned: the agency still has to hand it in."""
        return self.draft + self.returned

    @property
    def total(self) -> int:
        """All of them."""
        return self.handed_in + self.with_the_agency


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that was asked and is not delivered; `dimension` is None where any dimension would do."""

    what: str
    dimension: Dimension | None
    counts: Counts

    def __str__(self) -> str:
        """In words, as the end of "Dinas Kesehatan: ..."."""
        words = self._of_problems() if self.what == NotYet.What.PROBLEMS else self._of_innovations()
        return words % {"dimension": self.dimension, "count": self.counts.with_the_agency}

    def _of_problems(self) -> str:
        if self.counts.returned:
            return _("a problem was returned and waits for correction")
        if number := self.counts.draft:
            return ngettext(
                "%(count)s problem is begun but not submitted", "%(count)s problems are begun but not submitted", number
            )
        return _("no problem yet")

    def _of_innovations(self) -> str:
        if self.dimension is None:
            if self.counts.total:
                return _("an innovation is begun but not submitted")
            return _("no innovation yet, in whichever dimension")
        if self.counts.returned:
            return _("an innovation for %(dimension)s was returned and waits for correction")
        if self.counts.draft:
            return _("an innovation for %(dimension)s is begun but not submitted")
        return _("no innovation for %(dimension)s yet")


@dataclass(frozen=True, slots=True)
class Cell:
    """One agency in one dimension: its innovations, and the state that colours it."""

    dimension: Dimension
    state: str
    counts: Counts
    is_excused: bool = False

    @property
    def text(self) -> str:
        """What the heat map prints: the innovations handed in; nothing where there are none."""
        return str(self.counts.handed_in) if self.counts.handed_in else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One agency: what is asked of it, what is there, and what lacks."""

    organisation: Organisation
    request: Request | None
    asked_dimensions: frozenset[int]
    cells: list[Cell]
    problems: Counts
    innovations: Counts
    problem_state: str
    lacks: list[Lack]

    @property
    def is_asked(self) -> bool:
        """Whether the agency belongs to the denominator."""
        return self.request is not None

    @property
    def is_delivered(self) -> bool:
        """Whether the agency belongs to the numerator."""
        return self.is_asked and not self.lacks

    @property
    def state(self) -> str:
        """delivered, partial, none, or not_asked."""
        if not self.is_asked:
            return NOT_ASKED
        if not self.lacks:
            return DELIVERED
        return (
            PARTIAL if any(cell.state in (DELIVERED, PARTIAL) for cell in self.cells) or self.problems.total else NONE
        )

    @property
    def asks_any_dimension(self) -> bool:
        """Whether innovations are asked in whichever dimension the agency chooses."""
        return self.request is not None and self.request.asks_innovations and not self.asked_dimensions


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """One dimension: `asked`, `delivered` and `accepted` count agencies; `problems` and `innovations` count rows."""

    dimension: Dimension
    asked: int
    delivered: int
    accepted: int
    problems: Counts
    innovations: Counts


@dataclass(frozen=True)
class Coverage:
    """The whole table of a plan."""

    plan: Plan
    dimensions: list[Dimension]
    rows: list[Row]
    lines: list[DimensionLine]
    problems: Counts
    innovations: Counts
    without_agency: int = 0
    excused: int = 0
    _by_pk: dict[int, Row] = field(default_factory=dict, repr=False)

    @property
    def asked(self) -> list[Row]:
        """The denominator: agencies of which something is asked."""
        return [row for row in self.rows if row.is_asked]

    @property
    def delivered(self) -> list[Row]:
        """The numerator: agencies that delivered everything asked of them."""
        return [row for row in self.rows if row.is_delivered]

    @property
    def late(self) -> list[Row]:
        """Agencies that still owe something, those that owe most first."""
        return sorted(
            (row for row in self.asked if row.lacks), key=lambda row: (-len(row.lacks), row.organisation.name)
        )

    @property
    def not_asked(self) -> list[Row]:
        """Agencies of which nothing is asked; they count neither way."""
        return [row for row in self.rows if not row.is_asked]

    def row_of(self, organisation_id: int) -> Row | None:
        """The row of one agency."""
        return self._by_pk.get(organisation_id)


def coverage(plan: Plan) -> Coverage:
    """The table as it stands now: seven queries, however many agencies and innovations there are."""
    dimensions = list(Dimension.objects.filter(set_id=plan.dimension_set_id))
    agencies = list(
        Organisation.objects.agencies()
        .filter(parent_id=plan.government_id)
        .only("name", "abbreviation", "path", "agency_kind", "kind", "parent_id")
    )
    requests = {request.organisation_id: request for request in plan.requests.asked()}
    asked_in: dict[int, set[int]] = defaultdict(set)
    chosen = Request.dimensions.through.objects.filter(request__plan=plan)
    for organisation_id, dimension_id in chosen.values_list("request__organisation_id", "dimension_id"):
        asked_in[organisation_id].add(dimension_id)
    problems = _counts(Problem.objects.in_service().filter(plan=plan))
    innovations = _counts(Innovation.objects.in_service().filter(plan=plan))
    excuses = _excuses(plan)
    rows = [
        _row(
            agency,
            requests.get(agency.pk),
            frozenset(asked_in[agency.pk]),
            dimensions,
            problems.get(agency.pk, {}),
            innovations.get(agency.pk, {}),
            excuses.get(agency.pk, set()),
        )
        for agency in agencies
    ]
    return Coverage(
        plan=plan,
        dimensions=dimensions,
        rows=rows,
        lines=[
            _line(position, dimension, rows, problems, innovations) for position, dimension in enumerate(dimensions)
        ],
        problems=_sum(counts for by_dimension in problems.values() for counts in by_dimension.values()),
        innovations=_sum(counts for by_dimension in innovations.values() for counts in by_dimension.values()),
        without_agency=_sum(innovations.get(None, {}).values()).total,
        excused=sum(len(items) for items in excuses.values()),
        _by_pk={row.organisation.pk: row for row in rows},
    )


ByDimension = Mapping[int | None, Counts]
Excuse = tuple[str, int | None]


def _counts(rows: Any) -> dict[int | None, dict[int | None, Counts]]:
    """Counts by agency and dimension (None: not given yet)."""
    table: dict[int | None, dict[int | None, Counts]] = defaultdict(lambda: defaultdict(Counts))
    grouped = rows.order_by().values_list("organisation_id", "dimension_id", "state").annotate(number=Count("pk"))
    for organisation_id, dimension_id, state, number in grouped:
        table[organisation_id][dimension_id].add(state, number)
    return table


def _excuses(plan: Plan) -> dict[int, set[Excuse]]:
    """What agencies need not deliver, because "no proposal" was accepted."""
    table: dict[int, set[Excuse]] = defaultdict(set)
    accepted = NotYet.objects.filter(plan=plan, state=State.ACCEPTED, withdrawn_at=None).order_by()
    for organisation_id, what, dimension_id in accepted.values_list("organisation_id", "what", "dimension_id"):
        table[organisation_id].add((what, dimension_id))
    return table


def _row(
    agency: Organisation,
    request: Request | None,
    asked: frozenset[int],
    dimensions: list[Dimension],
    problems: ByDimension,
    innovations: ByDimension,
    excuses: set[Excuse],
) -> Row:
    all_problems, all_innovations = _sum(problems.values()), _sum(innovations.values())
    asks_problems = request is not None and request.asks_problems
    asks_innovations = request is not None and request.asks_innovations
    any_would_do = asks_innovations and not asked
    everything_excused = (NotYet.What.INNOVATIONS, None) in excuses
    cells, lacks = [], []

    problem_state = NOT_ASKED
    if asks_problems:
        problem_state = _state(all_problems, any(what == NotYet.What.PROBLEMS for what, _dimension in excuses))
        if problem_state != DELIVERED:
            lacks.append(Lack(NotYet.What.PROBLEMS, None, all_problems))
    for dimension in dimensions:
        counts = innovations.get(dimension.pk) or Counts()
        is_excused = everything_excused or (NotYet.What.INNOVATIONS, dimension.pk) in excuses
        is_asked = asks_innovations and dimension.pk in asked
        state = NOT_ASKED
        if is_asked:
            state = _state(counts, is_excused)
            if state != DELIVERED:
                lacks.append(Lack(NotYet.What.INNOVATIONS, dimension, counts))
        elif any_would_do and counts.total:
            state = _state(counts, is_excused)
        cells.append(Cell(dimension, state, counts, is_excused and (is_asked or any_would_do)))
    if any_would_do and not everything_excused and not all_innovations.handed_in:
        lacks.append(Lack(NotYet.What.INNOVATIONS, None, all_innovations))
    return Row(
        organisation=agency,
        request=request,
        asked_dimensions=asked if asks_innovations else frozenset(),
        cells=cells,
        problems=all_problems,
        innovations=all_innovations,
        problem_state=problem_state,
        lacks=lacks,
    )


def _line(
    position: int,
    dimension: Dimension,
    rows: list[Row],
    problems: Mapping[int | None, ByDimension],
    innovations: Mapping[int | None, ByDimension],
) -> DimensionLine:
    cells = [row.cells[position] for row in rows if dimension.pk in row.asked_dimensions]
    return DimensionLine(
        dimension=dimension,
        asked=len(cells),
        delivered=sum(cell.state == DELIVERED for cell in cells),
        accepted=sum(bool(cell.counts.accepted) for cell in cells),
        problems=_sum(table[dimension.pk] for table in problems.values() if dimension.pk in table),
        innovations=_sum(table[dimension.pk] for table in innovations.values() if dimension.pk in table),
    )


def _state(counts: Counts, is_excused: bool) -> str:  # noqa: FBT001 - read aloud at its two calls
    if counts.handed_in or is_excused:
        return DELIVERED
    return PARTIAL if counts.total else NONE


def _sum(many: Iterable[Counts]) -> Counts:
    total = Counts()
    for counts in many:
        total.draft += counts.draft
        total.submitted += counts.submitted
        total.approved += counts.approved
        total.checked += counts.checked
        total.returned += counts.returned
        total.accepted += counts.accepted
    return total
