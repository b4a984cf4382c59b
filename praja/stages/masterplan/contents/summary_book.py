"""Buku 3, the executive summary: short chapters of one to a few pages, from the same data as the other books."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents.blocks import (
    Bullets,
    Chart,
    Column,
    Facts,
    Heading,
    KeyFigures,
    Missing,
    Paragraph,
    Table,
    Text,
)
from praja.foundation.ui.formats import rupiah_short
from praja.stages.analysis.blocks import vision_blocks
from praja.stages.innovations.blocks import dimension_lead, money_by_year_chart, money_finding, money_of
from praja.stages.masterplan.contents import front_matter, masterplan_book
from praja.stages.masterplan.contents.material import Blocks, Material, Place, Write
from praja.stages.problems.blocks import agency_word, capital, problem_lead
from praja.stages.quick_wins.blocks import quick_wins_in_short
from praja.stages.readiness.blocks import readiness_blocks
from praja.stages.roadmap.models import Programme

MOST_STRATEGIES = 3  # of one dimension
MOST_PROGRAMMES = 18


def profile(material: Material, _place: Place) -> Blocks:
    """The region, its plan in figures and its most urgent problem, on one page."""
    figures = [(value, label) for value, label in front_matter.in_figures(material) if value]
    lead = problem_lead(material.problems.problems)
    return [
        *front_matter.unverified(material.plan),
        *([KeyFigures(figures)] if figures else []),
        *([Paragraph(lead)] if lead else []),
        Facts(front_matter.region_facts(material)),
    ]


def vision(material: Material, _place: Place) -> Blocks:
    """The vision and the missions."""
    blocks = list(material.said(vision_blocks))
    missions: list[Text] = [one.text for one in material.missions]
    if missions:
        blocks += [Paragraph(_("Its missions:")), Bullets(missions, ordered=True)]
    return blocks


def readiness(material: Material, _place: Place) -> Blocks:
    """The result in a few sentences with its radar; nothing before the readiness was assessed."""
    found = material.said(readiness_blocks)
    charts = [place for place, block in enumerate(found) if isinstance(block, Chart)]
    return found[: charts[0] + 1] if charts else found


def strategy(material: Material, _place: Place) -> Blocks:
    """Each dimension in a sentence, with its first strategies."""
    if not material.innovations.innovations and not material.strategies and not material.money.total:
        return []
    blocks: Blocks = []
    for dimension in material.dimensions:
        lead = dimension_lead(material.innovations, material.money, dimension)
        colour = dimension.color_key or dimension.key
        blocks += [Heading(2, dimension.name, f"ringkas-{dimension.key}", color_key=colour), Paragraph(lead)]
        own: list[Text] = [one.text for one in material.strategies if one.sub_dimension.dimension_id == dimension.pk]
        if own:
            blocks.append(Bullets(own[:MOST_STRATEGIES]))
        if len(own) > MOST_STRATEGIES:
            rest = len(own) - MOST_STRATEGIES
            blocks.append(Paragraph(_("%(count)s further strategies stand in Buku 2.") % {"count": rest}, "note"))
    return blocks


def programmes(material: Material, _place: Place) -> Blocks:
    """The programmes of the masterplan, or the innovations with most money while there are none; then the money."""
    blocks = _largest_programmes(material) if material.programmes else _dearest_innovations(material)
    return [*blocks, *money(material)]


def _largest_programmes(material: Material) -> Blocks:
    ranked = sorted(material.programmes, key=_weight, reverse=True)
    lead = ngettext(
        "The masterplan gathers its innovations in %(count)s programme.",
        "The masterplan gathers its innovations in %(count)s programmes.",
        len(ranked),
    ) % {"count": len(ranked)}
    if len(ranked) > MOST_PROGRAMMES:
        lead += " " + _("The table shows the %(count)s with the most actions; all of them stand in Buku 2.") % {
            "count": MOST_PROGRAMMES
        }
    return [
        Paragraph(lead),
        Table(
            _("Programmes of the masterplan"),
            [
                Column(_("Programme"), 3.4),
                Column(_("Dimension"), 1.4),
                Column(_("Innovations"), 0.9, "number"),
                Column(_("Actions"), 0.9, "number"),
            ],
            [
                (
                    one.title,
                    one.strategy.sub_dimension.dimension.name,
                    one.innovation_count,  # type: ignore[attr-defined]  # counted by the query
                    one.action_count,  # type: ignore[attr-defined]
                )
                for one in ranked[:MOST_PROGRAMMES]
            ],
            source=_("programmes of the masterplan with their innovations and actions"),
            key="program-prioritas",
        ),
    ]


def _dearest_innovations(material: Material) -> Blocks:
    """The innovations with most money; nothing without innovations."""
    ranked = sorted(material.innovations.innovations, key=lambda one: (-money_of(one), one.title))[:MOST_PROGRAMMES]
    if not ranked:
        return []
    names = {one.pk: one.name for one in material.dimensions}
    return [
        Paragraph(_("No programmes are formed yet; these innovations plan the most money:")),
        Table(
            _("Innovations with the most planned money"),
            [
                Column(_("Innovation"), 3),
                Column(_("Dimension"), 1.4),
                Column(_("Agency"), 1.4),
                Column(_("Planned money"), 1.5, "rupiah"),
            ],
            [
                (one.title, names.get(one.dimension_id or 0), agency_word(one.organisation), money_of(one) or None)
                for one in ranked
            ],
            source=material.innovations.source,
            key="inovasi-prioritas",
        ),
    ]


def _weight(one: Programme) -> tuple[int, int]:
    """How many actions and innovations a programme gathers, as the query counted them."""
    return one.action_count, one.innovation_count  # type: ignore[attr-defined]


def money(material: Material) -> Blocks:
    """The money of the whole plan in a sentence and by year."""
    found = material.money
    if not found.total:
        return []
    said = {"money": rupiah_short(found.total)}
    return [
        Paragraph(" ".join([_("The plan needs %(money)s.") % said, capital(money_finding(found))])),
        *money_by_year_chart(found),
    ]


def roadmap(material: Material, _place: Place) -> Blocks:
    """The actions of all dimensions over all years on one page; while there are none, the horizons of the innovations."""
    return masterplan_book.at_a_glance(material) or masterplan_book.horizons(material)


def quick_wins(material: Material, _place: Place) -> Blocks:
    """Which ones were decided, by whom, and what each does; until then, that they are to come."""
    blocks = quick_wins_in_short(material.quick_wins)
    return blocks or [Missing(_("The quick wins stand here as soon as they are chosen."))]


WRITERS: dict[str, Write] = {
    "profile": profile,
    "vision": vision,
    "readiness": readiness,
    "strategy": strategy,
    "programmes": programmes,
    "roadmap": roadmap,
    "quick_wins": quick_wins,
}
