"""The head of region's slides: each chapter is one slide, with little on it, from the same data as the books."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents.blocks import (
    Bullets,
    Chart,
    Heading,
    KeyFigures,
    Missing,
    Paragraph,
    Table,
    Text,
    plain,
)
from praja.foundation.ui.formats import decimal, percent, rupiah_short
from praja.stages.analysis.blocks import earlier_blocks, vision_blocks
from praja.stages.analysis.models import SwotItem
from praja.stages.innovations.blocks import money_by_year_chart, money_finding, money_of
from praja.stages.masterplan.contents import back_matter, front_matter, masterplan_book, summary_book
from praja.stages.masterplan.contents.coverage_chapter import asked_against_accepted
from praja.stages.masterplan.contents.material import Blocks, Material, Place, Write
from praja.stages.problems.blocks import (
    agency_word,
    bold_start,
    capital,
    cause_chart,
    cause_finding,
    problem_lead,
    problem_table,
)
from praja.stages.quick_wins.blocks import decision_line, money_in, quick_win_table, title_of, what_it_does
from praja.stages.quick_wins.models import QuickWin
from praja.stages.roadmap.blocks import short_overview_chart
from praja.stages.targets.models import DevelopmentPlan

FEW = 5  # points or rows that a slide carries
SHORT = 130  # letters of a point: two lines


def region(material: Material, _place: Place) -> Blocks:
    """The region and the plan in figures."""
    place = material.plan.government.region
    people = [(decimal(place.population), _("residents"))] if place and place.population else []
    area = [(f"{decimal(place.area_km2)} km²", _("area"))] if place and place.area_km2 else []
    figures = [(value, label) for value, label in front_matter.in_figures(material) if value]
    return [*front_matter.unverified(material.plan), KeyFigures([*people, *area, *figures])]


def development_plan(material: Material, _place: Place) -> Blocks:
    """The vision of the RPJMD with its missions; nothing until it is recorded."""
    rows = DevelopmentPlan.objects.filter(plan=material.plan, withdrawn_at=None)
    found = rows.prefetch_related("missions").first()
    if found is None:
        return []
    missions: list[Text] = [short(one.text) for one in found.missions.all() if one.withdrawn_at is None]
    return [
        *([Paragraph(found.vision, "lead")] if found.vision.strip() else []),
        *([Bullets(missions[: FEW + 1])] if missions else []),
        Paragraph(" · ".join(filter(None, [found.title, found.regulation])), "note"),
    ]


def problems(material: Material, _place: Place) -> Blocks:
    """The most urgent problems."""
    found = material.problems.problems
    if not found:
        return []
    return [
        Paragraph(problem_lead(found)),
        *problem_table(found[:FEW], caption=_("The most urgent problems"), key="permasalahan-mendesak"),
    ]


def causes(material: Material, _place: Place) -> Blocks:
    """What causes the problems, as a finding and a chart."""
    finding = cause_finding(material.problems)
    return [Paragraph(finding), *cause_chart(material.problems)] if finding else []


def readiness(material: Material, place: Place) -> Blocks:
    """The result in a sentence or two with its radar."""
    found = summary_book.readiness(material, place)
    charts = [block for block in found if isinstance(block, Chart)]
    finding = [block for block in found if isinstance(block, Paragraph)]
    return [*finding[:1], *charts[:1]] if charts else []


def strengths(material: Material, _place: Place) -> Blocks:
    """The first strengths and opportunities of the whole region and its dimensions; nothing without a SWOT."""
    rows = SwotItem.objects.filter(plan=material.plan, withdrawn_at=None).order_by("dimension__order", "order", "pk")
    points = []
    for kind, start in ((SwotItem.Kind.STRENGTH, _("Strength:")), (SwotItem.Kind.OPPORTUNITY, _("Opportunity:"))):
        points += [bold_start(start, short(one.text)) for one in [row for row in rows if row.kind == kind][:4]]
    return [Bullets(points)] if points else []


def vision(material: Material, _place: Place) -> Blocks:
    """The vision with its acronym."""
    return [block for block in material.said(vision_blocks) if isinstance(block, Paragraph | Bullets | Missing)]


def dimensions(material: Material, _place: Place) -> Blocks:
    """The dimensions as one table."""
    return [masterplan_book.dimension_table(material)] if material.innovations.innovations else []


def of_dimension(material: Material, place: Place) -> Blocks:
    """One dimension: its figures, its first strategies and the innovations with most money.

    In the slides for the quick wins those of the dimension stand there instead, as soon as they are decided.
    """
    dimension = place.dimension
    if dimension is None:
        return []
    if place.outline.book.key == "slides_quick_wins":
        own_wins = [one for one in material.quick_wins.quick_wins if one.dimension_id == dimension.pk]
        if own_wins:
            return [block for one in own_wins for block in _of_quick_win(one)]
    groups = material.innovations.figures.printed.of(dimension=dimension.pk)
    money = material.money.of(dimension=dimension.pk)
    if not groups.number and not money.total:
        return []
    agencies = len(groups.organisations)
    pairs = [
        (str(groups.number) if groups.number else "", ngettext("innovation", "innovations", groups.number)),
        (str(agencies) if agencies else "", ngettext("agency", "agencies", agencies)),
        (rupiah_short(money.total) if money.total else "", _("planned money")),
        (percent(groups.not_it, groups.it_or_not) if groups.it_or_not else "", _("without an application")),
    ]
    own = [one.text for one in material.strategies if one.sub_dimension.dimension_id == dimension.pk]
    ranked = sorted(material.innovations.of(dimension), key=lambda one: (-money_of(one), one.title))
    points = [
        bold_start(f"{one.title}:", short(one.summary)) if one.summary.strip() else one.title for one in ranked[:3]
    ]
    return [
        KeyFigures([(value, label) for value, label in pairs if value]),
        *([Paragraph(short(own[0]), "lead")] if own else []),
        *([Bullets(points)] if points else []),
    ]


def money(material: Material, _place: Place) -> Blocks:
    """The money by year and source."""
    found = material.money
    return [Paragraph(capital(money_finding(found))), *money_by_year_chart(found)] if found.total else []


def commitment(material: Material, _place: Place) -> Blocks:
    """How many agencies have delivered, by dimension."""
    found = material.coverage
    if not found.asked:
        return []
    return [block for block in asked_against_accepted(found) if isinstance(block, Chart)]


def roadmap(material: Material, _place: Place) -> Blocks:
    """The roadmap as one picture, or as a table while there is none."""
    drawn = masterplan_book.at_a_glance(material, short_overview_chart) or masterplan_book.horizons(material)
    return [block for block in drawn if isinstance(block, Chart | Table)]


def earlier(material: Material, _place: Place) -> Blocks:
    """What became of the earlier masterplan, in one sentence; nothing where the region had none."""
    return [block for block in material.said(earlier_blocks) if isinstance(block, Paragraph)]


def next_steps(material: Material, _place: Place) -> Blocks:
    """What begins in the first year of the plan; while there is no action plan, the steps that follow from the data."""
    years = material.plan.years
    begun = [one for one in material.actions if years and one.start_year == years[0]]
    first_of_each = {one.sub_dimension and one.sub_dimension.dimension_id: one for one in reversed(begun)}
    shown = sorted(first_of_each.values(), key=begun.index)  # one of each dimension, in the order of the action plan
    steps: list[Text] = [f"{short(one.title)} ({agency_word(one.organisation)})" for one in shown]
    steps = steps or [plain(step) for step in back_matter.next_steps(material)]
    if not steps:
        return []
    lead = [Paragraph(_("In the first year of the plan begins:"))] if begun else []
    return [*lead, Bullets(steps[: FEW + 1])]


def short(text: str) -> str:
    """The text as a slide carries it: its first sentence, cut where even that is long."""
    line = re.split(r"(?<=[.!?;])\s", " ".join(text.split()), maxsplit=1)[0]
    return line if len(line) <= SHORT else line[: SHORT - 1].rsplit(" ", 1)[0] + "…"


def quick_wins(material: Material, place: Place) -> Blocks:
    """The quick wins in figures and as a table; the frame until a round is decided. Each has a slide with its dimension."""
    found = material.quick_wins
    rows = found.quick_wins
    if not rows or found.round is None:
        return summary_book.quick_wins(material, place)
    year = found.round.year
    money = sum(money_in(one, year) for one in rows)
    agencies = len({one.organisation_id for one in rows if one.organisation_id})
    pairs = [
        (str(len(rows)), ngettext("quick win", "quick wins", len(rows))),
        (str(agencies) if agencies else "", ngettext("agency", "agencies", agencies)),
        (rupiah_short(money) if money else "", _("planned money %(year)s") % {"year": year}),
    ]
    return [
        KeyFigures([(value, label) for value, label in pairs if value]),
        Paragraph(decision_line(found)),
        *quick_win_table(found),
        *[block for one in rows if one.dimension is None for block in _of_quick_win(one)],
    ]


def _of_quick_win(one: QuickWin) -> Blocks:
    """One quick win: problem, what it does, benefit, who is responsible, and its money."""
    year = one.round.year
    position, money = one.position, money_in(one, year)
    answer = " · ".join(filter(None, (agency_word(one.organisation), position.title_in_full if position else "")))
    texts = (
        (_("Problem:"), one.problem),
        (_("What it does:"), what_it_does(one)),
        (_("Benefit:"), one.benefit_figures or one.innovation.benefit),
        (_("Responsible:"), answer),
        (_("Money %(year)s:") % {"year": year}, rupiah_short(money) if money else ""),
    )
    points = [bold_start(start, short(text)) for start, text in texts if text.strip()]
    return [Heading(2, title_of(one), key=f"quick-win-{one.pk}"), Bullets(points)]


WRITERS: dict[str, Write] = {
    "region": region,
    "development_plan": development_plan,
    "problems": problems,
    "causes": causes,
    "readiness": readiness,
    "strengths": strengths,
    "vision": vision,
    "dimensions": dimensions,
    "dimension": of_dimension,
    "quick_wins": quick_wins,
    "money": money,
    "commitment": commitment,
    "roadmap": roadmap,
    "earlier": earlier,
    "next": next_steps,
}
