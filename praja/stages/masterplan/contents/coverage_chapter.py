"""What the books say about who has delivered what was asked: figures, maps of agencies and dimensions, each agency."""

from django.utils.translation import gettext as _

from praja.foundation.documents.blocks import Chart, Column, Heading, KeyFigures, Missing, Paragraph, Table
from praja.foundation.ui import charts
from praja.foundation.ui.formats import percent
from praja.stages.innovations.coverage import Coverage
from praja.stages.masterplan.contents.material import Blocks, Material, Place

ROWS_OF_A_MAP = 20  # more would make the letters of the heat map too small in print


def coverage_chapter(material: Material, _place: Place) -> Blocks:
    """Who has delivered what was asked: figures, heat maps, asked against accepted, and each agency."""
    found = material.coverage
    if not found.asked:
        return [Missing(_("Nothing is asked of any agency yet."))]
    delivered, asked = len(found.delivered), len(found.asked)
    said = {"delivered": delivered, "asked": asked, "share": percent(delivered, asked)}
    lead = (
        _("All %(asked)s agencies that were asked have delivered everything.") % said
        if delivered == asked
        else _("%(delivered)s of %(asked)s agencies that were asked have delivered everything (%(share)s).") % said
    )
    return [
        Paragraph(lead, "lead"),
        KeyFigures(
            [
                (f"{delivered}/{asked}", _("agencies have delivered everything")),
                (str(found.innovations.on_the_way), _("innovations are under way to acceptance")),
                (str(found.innovations.returned), _("innovations were returned")),
                (str(len(found.not_asked)), _("agencies are not asked")),
            ]
        ),
        Heading(2, _("By dimension"), key="cakupan-dimensi"),
        *asked_against_accepted(found),
        Heading(2, _("By agency and dimension"), key="cakupan-peta"),
        *_heat_maps(found),
        Heading(2, _("By agency"), key="cakupan-perangkat-daerah"),
        _coverage_table(found),
    ]


def asked_against_accepted(found: Coverage) -> Blocks:
    """Agencies asked and agencies with something accepted, by dimension: a chart and a table."""
    caption = _("Agencies asked for innovations and agencies with an accepted one, by dimension")
    pairs = [
        charts.Pair(line.dimension.color_key, line.dimension.name, line.asked, line.accepted) for line in found.lines
    ]
    unit = _("agencies")
    columns = [
        Column(_("Dimension"), 2),
        Column(_("Agencies asked"), 1, "number"),
        Column(_("with something submitted"), 1.2, "number"),
        Column(_("with something accepted"), 1.2, "number"),
        Column(_("Innovations submitted"), 1.1, "number"),
        Column(_("Innovations accepted"), 1.1, "number"),
    ]
    rows = [
        (
            line.dimension.name,
            line.asked,
            line.delivered,
            line.accepted,
            line.innovations.handed_in,
            line.innovations.accepted,
        )
        for line in found.lines
    ]
    return [
        Chart(
            caption,
            charts.asked_against_accepted(pairs, title=caption),
            alt="; ".join(f"{pair.name}: {pair.accepted}/{pair.asked}" for pair in pairs),
            unit=unit,
            source=_("what the plan asks, and what was accepted"),
            key="diminta-dan-diterima",
        ),
        Table(
            _("What is asked and what is there, by dimension"),
            columns,
            rows,
            unit=_("agencies; the last two columns count innovations"),
            source=_("what the plan asks; innovations of all agencies"),
            key="cakupan-menurut-dimensi",
        ),
    ]


def _heat_maps(found: Coverage) -> Blocks:
    parts = -(-len(found.rows) // ROWS_OF_A_MAP)
    size = -(-len(found.rows) // parts)
    blocks: Blocks = []
    for part in range(parts):
        rows = found.rows[part * size : (part + 1) * size]
        caption = _("Innovations handed in by agency and dimension")
        if parts > 1:
            caption += " " + _("(part %(part)s of %(parts)s)") % {"part": part + 1, "parts": parts}
        picture = charts.heat_map(
            [row.organisation.name for row in rows],
            [dimension.name for dimension in found.dimensions],
            [[charts.HeatCell(cell.state, cell.text) for cell in row.cells] for row in rows],
            title=caption,
            column_keys=[dimension.color_key for dimension in found.dimensions],
        )
        blocks.append(
            Chart(
                caption,
                picture,
                alt=_("A table of agencies and dimensions; the state of each agency stands in the table below."),
                unit=_("innovations at least submitted"),
                source=_("what the plan asks, and what agencies have submitted"),
                key=f"peta-cakupan-{part + 1}",
            )
        )
    return blocks


def _coverage_table(found: Coverage) -> Table:
    return Table(
        _("Agencies and what they have handed in"),
        [
            Column(_("Agency"), 3.8),
            Column(_("Problems"), 0.9, "number"),
            Column(_("Innovations"), 0.7, "number"),
            Column(_("accepted"), 0.7, "number"),
            Column(_("State"), 2.2),
        ],
        [
            (
                row.organisation.name,
                row.problems.handed_in,
                row.innovations.handed_in,
                row.innovations.accepted,
                charts.state_label(row.state),
            )
            for row in found.rows
        ],
        total=(
            _("All agencies"),
            sum(row.problems.handed_in for row in found.rows),
            sum(row.innovations.handed_in for row in found.rows),
            sum(row.innovations.accepted for row in found.rows),
            None,
        ),
        source=_("problems and innovations at least submitted"),
        key="cakupan-tiap-perangkat-daerah",
    )
