"""What stands on a proposal sheet: the rows that wait for the head, their money, who signs, and what still lacks."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Organisation, Position
from praja.foundation.documents.blocks import AnyBlock, Cell, Column, Facts, Heading, Paragraph, Signature, Table
from praja.foundation.documents.outline import summary
from praja.foundation.plans.models import BudgetLine, IndicatorTarget, Plan
from praja.foundation.ui.formats import decimal, long_date
from praja.foundation.workflow.way import Turn, states_at
from praja.stages.innovations.models import Innovation
from praja.stages.problems.models import Cause, Problem

MOST_SOURCES = 3  # in columns beside each other
LONGEST = 600  # characters of a free text on the paper; the whole stands in the row
DOTS = "." * 30  # what is not known is written by hand


def rows_that_wait(plan: Plan, organisation: Organisation) -> tuple[list[Problem], list[Innovation]]:
    """Problems and innovations of the agency that wait for its head, with all that the paper says about them."""
    states = states_at(plan, Turn.HEAD)
    if not states:
        return [], []
    mine = {"organisation": organisation, "state__in": states}
    causes = Cause.objects.filter(withdrawn_at=None)
    lines = BudgetLine.objects.filter(withdrawn_at=None).exclude(stage=BudgetLine.Stage.REALISED)
    problems = plan.problems.in_service().filter(**mine).select_related("dimension", "organisation")
    innovations = (
        plan.innovations.in_service().filter(**mine).select_related("dimension", "sub_dimension", "organisation")
    )
    return (
        list(problems.prefetch_related(Prefetch("causes", causes, to_attr="own_causes")).order_by("title", "pk")),
        list(
            innovations.prefetch_related(
                Prefetch("problems", Problem.objects.in_service(), to_attr="answered"),
                Prefetch("budget_lines", lines, to_attr="own_lines"),
                Prefetch("indicators__targets", IndicatorTarget.objects.order_by("year")),
            ).order_by("title", "pk")
        ),
    )


def total_of(innovations: Iterable[Any]) -> int:
    """The rupiah of all planned lines of these innovations."""
    return sum(line.amount_rupiah for innovation in innovations for line in innovation.own_lines)


# --- who signs --------------------------------------------------------------------------------------------------------


def positions_of(organisation: Organisation, day: datetime.date) -> list[Position]:
    """The offices of the agency that are held on this day, its head first."""
    current = Q(starts_on=None) | Q(starts_on__lte=day)
    current &= Q(ends_on=None) | Q(ends_on__gte=day)
    found = organisation.positions.filter(current, withdrawn_at=None, person__isnull=False).select_related("person")
    return sorted(found, key=lambda position: (not position.is_head, -position.pk))


def office_of(position: Position, head_title: str) -> list[str]:
    """The lines above the name: "Plt. Kepala Dinas Kesehatan", or "a.n. Kepala Dinas Kesehatan" and the own office."""
    if position.is_head or not head_title:
        return [f"{position.title_in_full},"]
    return [f"a.n. {head_title}", f"{position.title_in_full},"]


def lacks_of(position: Position | None) -> list[Promise | str]:
    """What the block that is signed would lack, in words."""
    if position is None or position.person is None:
        return [_("the head of the agency: name and position")]
    person = position.person
    found: list[Promise | str] = []
    if not person.nip:
        found.append(_("the NIP of %(name)s") % {"name": person.full_name})
    if not person.rank or not person.grade:
        found.append(_("rank and grade of %(name)s") % {"name": person.full_name})
    if position.acting != Position.Acting.DEFINITIVE and not position.decree:
        found.append(_("the decree that makes %(name)s acting head") % {"name": person.full_name})
    return found


def signature_of(position: Position, *, head_title: str, place: str, day: datetime.date) -> Signature:
    """The block that is signed; what is not known is left as dots, to be written by hand."""
    person: Any = position.person
    rank = " ".join(filter(None, (person.rank, f"({person.grade})" if person.grade else "")))
    return Signature(
        place_and_date=f"{place}, {long_date(day)}",
        office=office_of(position, head_title),
        name=person.full_name,
        rank=rank,
        nip=person.nip or DOTS,
    )


# --- the blocks -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """The rows that go onto one sheet."""

    problems: Sequence[Any]
    innovations: Sequence[Any]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen."""
        return not self.problems and not self.innovations


def choose(problems: Sequence[Any], innovations: Sequence[Any], keys: Collection[str]) -> Chosen:
    """Those of the rows whose key ("problem-17") was ticked."""
    return Chosen(
        [row for row in problems if f"problem-{row.pk}" in keys],
        [row for row in innovations if f"innovation-{row.pk}" in keys],
    )


def sheet_blocks(plan: Plan, organisation: Organisation, chosen: Chosen, signature: Signature) -> list[AnyBlock]:
    """The whole paper below its letterhead; call it under the language of the paper."""
    region = plan.government.region
    facts = [
        (_("Masterplan"), plan.title),
        (_("Region"), region.name if region else plan.government.name),
        (_("Agency (OPD)"), organisation.name),
    ]
    if plan.years:
        facts.append((_("Years"), f"{plan.year_from}–{plan.year_to}"))
    blocks: list[AnyBlock] = [
        Paragraph(_("The agency proposes the following for the smart-city masterplan of the region.")),
        Facts(facts),
    ]
    letters = iter("ABC")
    if chosen.problems:
        blocks += [Heading(2, f"{next(letters)}. {_('Problems')}", numbered=False), _problem_table(chosen.problems)]
    if chosen.innovations:
        blocks += [
            Heading(2, f"{next(letters)}. {_('Innovations')}", numbered=False),
            _innovation_table(chosen.innovations),
            Heading(2, f"{next(letters)}. {_('Money')}", numbered=False),
            *_money_tables(chosen.innovations),
        ]
    closing = _(
        "I approve the rows on this sheet as the proposal of the agency; they become part of the draft of the masterplan."
    )
    return [*blocks, Paragraph(closing, "lead"), signature]


def _short(text: str) -> str:
    return summary(text, LONGEST)


def _problem_table(problems: Sequence[Any]) -> Table:
    columns = [
        Column(_("No."), 0.5, "number"), Column(_("Problem"), 3), Column(_("Dimension"), 1.4), Column(_("Data"), 1.6),
        Column(_("Causes"), 2.6),
    ]  # fmt: skip
    rows = [
        (number, _with_what(problem), problem.dimension.name, _data(problem), _causes(problem))
        for number, problem in enumerate(problems, start=1)
    ]
    return Table(_("Problems that the agency reports"), columns, rows)


def _with_what(problem: Any) -> str:
    return "\n".join(filter(None, (problem.title, _short(problem.description))))


def _data(problem: Any) -> str:
    if not problem.figure:
        return ""
    figure = f"{decimal(problem.figure)} {problem.unit}".strip()
    return f"{figure} ({problem.figure_year})" if problem.figure_year else figure


def _causes(problem: Any) -> str:
    return "\n".join(f"– {cause.text}" for cause in problem.own_causes)


def _innovation_table(innovations: Sequence[Any]) -> Table:
    columns = [
        Column(_("No."), 0.5, "number"), Column(_("Innovation"), 2.2), Column(_("Dimension"), 1.4), Column(_("Answers"), 2),
        Column(_("Goal"), 2.4), Column(_("Target"), 1.8),
    ]  # fmt: skip
    rows = [
        (
            number,
            f"{innovation.title}\n({_('IT') if innovation.is_it else _('Non-IT')})",
            "\n".join(filter(None, (innovation.dimension.name, str(innovation.sub_dimension or "")))),
            "\n".join(f"– {problem.title}" for problem in innovation.answered),
            _short(innovation.goal),
            _target(innovation),
        )
        for number, innovation in enumerate(innovations, start=1)
    ]
    return Table(_("Innovations that the agency proposes"), columns, rows)


def _target(innovation: Any) -> str:
    """The last target of each indicator: "Waktu tunggu: 30 menit (2030)"."""
    found = []
    for indicator in innovation.indicators.all():
        targets = list(indicator.targets.all()) if indicator.withdrawn_at is None else []
        if targets:
            last = targets[-1]
            found.append(f"{indicator.name}: {decimal(last.value)} {indicator.unit} ({last.year})")
    return "\n".join(found)


def _money_tables(innovations: Sequence[Any]) -> list[AnyBlock]:
    """Every line, then years by sources; both end in the same total."""
    sources = dict(BudgetLine.Source.choices)
    rows: list[tuple[Any, ...]] = []
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for innovation in innovations:
        for line in sorted(innovation.own_lines, key=lambda line: (line.year, line.source, line.pk)):
            rows.append((innovation.title, line.year, str(sources[line.source]), line.amount_rupiah))
            sums[line.year, line.source] += line.amount_rupiah
    total = total_of(innovations)
    lines = Table(
        _("Money by innovation"),
        [Column(_("Innovation"), 3), Column(_("Year"), 0.8, "year"), Column(_("Source"), 2), Column(_("Amount"), 1.8, "rupiah")],
        rows,
        total=(_("Total"), None, None, total) if rows else None,
        empty_text=_("No money is asked for."),
    )  # fmt: skip
    if not rows:
        return [lines]
    used = [key for key in sources if any(source == key for _year, source in sums)]
    years = sorted({year for year, _source in sums})
    caption = _("Money by year and source")
    if len(used) > MOST_SOURCES:  # more columns would turn the page for a small table
        plain = [Column(_("Year"), 0.8, "year", "left"), Column(_("Source"), 3), Column(_("Amount"), 1.8, "rupiah")]
        each = [(year, str(sources[key]), sums[year, key]) for year in years for key in used if (year, key) in sums]
        return [lines, Table(caption, plain, each, total=(_("Total"), None, total))]
    columns = [
        Column(_("Year"), 0.8, "year", "left"),
        *(Column(str(sources[key]), 1.6, "rupiah") for key in used),
        Column(_("Total"), 1.6, "rupiah"),
    ]
    body = [
        (year, *(sums.get((year, key)) for key in used), sum(sums.get((year, key), 0) for key in used))
        for year in years
    ]
    foot: list[Cell] = [_("Total"), *(sum(sums.get((year, key), 0) for year in years) for key in used), total]
    return [lines, Table(caption, columns, body, total=foot)]
