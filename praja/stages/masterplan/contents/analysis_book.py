"""Buku 1, the strategic analysis: what is compiled in each of its chapters."""

from collections.abc import Callable
from dataclasses import replace

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents.blocks import Chart, Column, Heading, Missing, PageBreak, Paragraph, Table
from praja.foundation.ui import charts
from praja.stages.analysis.blocks import candidate_blocks, gap_blocks, swot_blocks, vision_blocks
from praja.stages.masterplan.contents import back_matter, front_matter
from praja.stages.masterplan.contents.material import Blocks, Material, Place, Write, split
from praja.stages.problems.blocks import cause_chart, cause_finding, cause_table, problem_lead, problem_table
from praja.stages.problems.figures import printed
from praja.stages.problems.trees import tree_blocks
from praja.stages.readiness.blocks import readiness_blocks, statistics_blocks
from praja.stages.targets.blocks import target_blocks

MOST_URGENT = 12
FLAGSHIPS = "tabel-unggulan"  # the key of the table of flagship programmes


def issues(material: Material, _place: Place) -> Blocks:
    """The problems by dimension, the most urgent ones, and what causes them; nothing without problems."""
    found = material.problems
    if not found.problems:
        return []
    rows = [(one, found.figures.accepted(one.pk)) for one in material.dimensions]
    caption = _("Accepted problems by dimension")
    urgent = found.problems[:MOST_URGENT]
    return [
        Paragraph(problem_lead(found.problems)),
        Chart(
            caption,
            charts.bars([charts.Bar(one.name, [number]) for one, number in rows], title=caption),
            alt="; ".join(f"{one.name} {number}" for one, number in rows),
            unit=_("number of problems"),
            source=_("problems accepted by the secretariat"),
            key="permasalahan-menurut-dimensi",
        ),
        Paragraph(
            ngettext(
                "This is the most urgent problem; the appendix holds all of them with the trees of their causes.",
                "These are the %(count)s most urgent problems; the appendix holds all of them with the trees of their causes.",
                len(urgent),
            )
            % {"count": len(urgent)}
        ),
        *problem_table(urgent, caption=_("The most urgent problems"), key="permasalahan-mendesak"),
        *_by_affair(material),
        *_causes(material),
    ]


def _by_affair(material: Material) -> Blocks:
    """How many problems each affair of government has, the one with most first; nothing where no affair is named."""
    rows = (
        printed(material.plan)
        .exclude(affair=None)
        .order_by()
        .values_list("affair__name")
        .annotate(number=Count("pk"))
        .order_by("-number", "affair__name")
    )
    counts = [(name, number) for name, number in rows]
    if not counts:
        return []
    return [
        Paragraph(_("By affair of government the problems spread as follows:")),
        Table(
            _("Accepted problems by government affair"),
            [Column(_("Government affair"), 4), Column(_("Problems"), 1, "number")],
            counts,
            total=(_("Together"), sum(number for _name, number in counts)),
            source=_("problems accepted by the secretariat; those without an affair are not counted here"),
            key="permasalahan-menurut-urusan",
        ),
    ]


def _causes(material: Material) -> Blocks:
    finding = cause_finding(material.problems)
    if not finding:
        return []
    return [
        Heading(3, _("What causes the problems"), key="penyebab"),
        Paragraph(finding),
        *cause_chart(material.problems),
        Paragraph(_("By dimension, the causes spread as follows:")),
        cause_table(material.problems, material.dimensions),
    ]


def cause_trees(material: Material, _place: Place) -> Blocks:
    """The trees of causes, each dimension on a page of its own; nothing without problems."""
    if not material.problems.problems:
        return []
    blocks: Blocks = []
    for block in material.said(tree_blocks):
        if isinstance(block, Heading):
            blocks += [PageBreak(), replace(block, level=2)] if blocks else [replace(block, level=2)]
        else:
            blocks.append(block)
    return blocks


def regional_direction(material: Material, _place: Place) -> Blocks:
    """The RPJMD with its targets, without the flagship programmes."""
    return _around_flagships(material)[0]


def sectors(material: Material, _place: Place) -> Blocks:
    """The flagship programmes of the head of region."""
    return _around_flagships(material)[1]


def _around_flagships(material: Material) -> tuple[Blocks, Blocks]:
    """What is said about the RPJMD up to the flagship programmes, and what follows their heading."""
    blocks = material.said(target_blocks)
    tables = [place for place, block in enumerate(blocks) if isinstance(block, Table) and block.key == FLAGSHIPS]
    if not tables:
        return blocks, []
    start = max(place for place in range(tables[0]) if isinstance(blocks[place], Heading))
    return blocks[:start], blocks[start + 1 :]


def of_component(key: str) -> Write:
    """A section of the readiness: one component of the instrument."""

    def write(material: Material, _place: Place) -> Blocks:
        _opening, components = split(material.said(readiness_blocks))
        return [block for block in components.get(f"kesiapan-{key}", []) if not isinstance(block, Missing)]

    return write


def readiness_result(material: Material, _place: Place) -> Blocks:
    """The result of all components, before each of them."""
    every = material.said(readiness_blocks)
    opening, components = split(every)
    # What of all components is not assessed yet stands at the end of them all.
    return [*opening, *(block for block in every[-1:] if components and isinstance(block, Missing))]


def gap_opening(material: Material, _place: Place) -> Blocks:
    """What all gaps have to say together, with the sub-dimensions that nobody looked at."""
    found = material.said(gap_blocks)
    opening, dimensions = split(found)
    if not dimensions:
        return []
    return [*opening, *(block for block in found if isinstance(block, Missing))]


def gap(material: Material, place: Place) -> Blocks:
    """The gaps of one dimension, by sub-dimension."""
    _opening, dimensions = split(material.said(gap_blocks))
    own = dimensions.get(place.dimension.name, []) if place.dimension else []
    own = [block for block in own if not isinstance(block, Missing)]
    return [Paragraph(_("Between what is there and what is wanted lies, by sub-dimension:")), *own] if own else []


def formulation(material: Material, _place: Place) -> Blocks:
    """The wordings that were proposed, then the vision as it was set."""
    candidates = material.said(candidate_blocks)
    vision = material.said(vision_blocks)
    if not candidates:
        return vision
    return [*candidates, Heading(3, _("The vision as it was set"), key="visi-ditetapkan"), *vision]


def _said(write: Callable[..., Blocks]) -> Write:
    """What a stage writes, as it is."""
    return lambda material, _place: material.said(write)


WRITERS: dict[str, Write] = {
    "introduction": front_matter.opening,
    "background": front_matter.region,
    "legal_basis": front_matter.legal_basis,
    "method": front_matter.method,
    "systematics": front_matter.systematics,
    "regional_direction": regional_direction,
    "issues": issues,
    "sectors": sectors,
    "figures": _said(statistics_blocks),
    "readiness_result": readiness_result,
    "nature": of_component("nature"),
    "structure": of_component("structure"),
    "infrastructure": of_component("infrastructure"),
    "superstructure": of_component("superstructure"),
    "culture": of_component("culture"),
    "gaps": gap_opening,
    "gap": gap,
    "swot": _said(swot_blocks),
    "formulation": formulation,
    "closing": back_matter.closing,
    "cause_trees": cause_trees,
    "problem_list": back_matter.problem_list,
    "sources": back_matter.sources,
    "missing": back_matter.missing,
}
