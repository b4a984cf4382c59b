"""What the books say about the money of the plan: by year and source, dimension, kind and agency."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents.blocks import Chart, Column, Heading, Missing, Paragraph, Table
from praja.foundation.plans.models import BudgetLine
from praja.foundation.ui import charts
from praja.foundation.ui.formats import percent, rupiah, rupiah_short
from praja.stages.innovations.blocks import money_by_year_chart, money_finding, money_table
from praja.stages.masterplan.contents.material import Blocks, Material, Place
from praja.stages.problems.blocks import capital


def money_chapter(material: Material, _place: Place) -> Blocks:
    """The money of the plan by year and source, by dimension, by what it buys and by agency."""
    found = material.innovations.figures.money
    if not found.total:
        return [Missing(_("No accepted innovation states money yet."))]
    gaps = material.innovations.figures.gaps
    blocks: Blocks = [Paragraph(capital(money_finding(found)), "lead")]
    if gaps.money:
        blocks.append(
            Paragraph(
                ngettext(
                    "%(count)s accepted innovation states no money for the years of the plan.",
                    "%(count)s accepted innovations state no money for the years of the plan.",
                    gaps.money,
                )
                % {"count": gaps.money}
            )
        )
    by_dimension, by_kind = found.by("dimension"), found.by("kind")
    kinds = [
        (str(BudgetLine.Kind(kind).label), by_kind[(kind,)], percent(by_kind[(kind,)], found.total))
        for kind in found.kinds
    ]
    blocks += [
        Heading(2, _("By year and source"), key="menurut-tahun"),
        *money_by_year_chart(found),
        money_table(found, caption=_("Planned money by source and year"), key="anggaran-menurut-sumber"),
        Heading(2, _("By dimension"), key="menurut-dimensi"),
        money_of_dimensions(material),
        Table(
            _("Planned money by dimension"),
            [Column(_("Dimension"), 3), Column(_("Amount"), 2, "rupiah"), Column(_("Share"), 1, align="right")],
            [
                (dimension.name, by_dimension[(dimension.pk,)], percent(by_dimension[(dimension.pk,)], found.total))
                for dimension in material.dimensions
            ]
            + (
                [(_("Without a dimension"), by_dimension[(None,)], percent(by_dimension[(None,)], found.total))]
                if by_dimension[(None,)]
                else []
            ),
            total=(_("Sum"), found.total, percent(found.total, found.total)),
            source=_("budget lines of the innovations in this book"),
            key="anggaran-menurut-dimensi",
        ),
        Heading(2, _("By what it buys"), key="menurut-jenis"),
        Table(
            _("Planned money by kind"),
            [Column(_("Kind"), 3), Column(_("Amount"), 2, "rupiah"), Column(_("Share"), 1, align="right")],
            kinds,
            total=(_("Sum"), found.total, percent(found.total, found.total)),
            source=_("budget lines of the innovations in this book"),
            key="anggaran-menurut-jenis",
        ),
        Heading(2, _("By agency"), key="menurut-perangkat-daerah"),
        _money_of_agencies(material),
    ]
    return blocks


def money_of_dimensions(material: Material) -> Chart:
    """The money of each dimension, the largest first."""
    found = material.innovations.figures.money
    by_dimension = found.by("dimension")
    ranked = sorted(material.dimensions, key=lambda dimension: (-by_dimension[(dimension.pk,)], dimension.order))
    caption = _("%(dimension)s needs the most money: %(share)s of the plan") % {
        "dimension": ranked[0].name,
        "share": percent(by_dimension[(ranked[0].pk,)], found.total),
    }
    return Chart(
        caption,
        charts.bars(
            [charts.Bar(dimension.name, [by_dimension[(dimension.pk,)]]) for dimension in ranked],
            title=caption,
            write=lambda amount: rupiah_short(int(amount)),
        ),
        alt="; ".join(f"{dimension.name} {rupiah(by_dimension[(dimension.pk,)])}" for dimension in ranked),
        unit="Rp",
        source=_("budget lines of the innovations in this book"),
        key="gambar-anggaran-menurut-dimensi",
    )


def _money_of_agencies(material: Material) -> Table:
    found = material.innovations.figures.money
    names = material.innovations.agencies
    sums = found.by("organisation")
    counts = dict(material.innovations.figures.printed.organisations)
    ranked = sorted(
        ((key, amount) for (key,), amount in sums.items() if isinstance(key, int)), key=lambda item: (-item[1], item[0])
    )
    rows = [(names.get(key, ""), counts.get(key, 0), amount, percent(amount, found.total)) for key, amount in ranked]
    if sums[(None,)]:
        without = material.innovations.figures.printed.by("organisation")[None]
        rows.append((_("no agency yet"), without, sums[(None,)], percent(sums[(None,)], found.total)))
    return Table(
        _("Planned money by agency"),
        [
            Column(_("Agency"), 3.6),
            Column(_("Innovations"), 0.9, "number"),
            Column(_("Amount"), 1.7, "rupiah"),
            Column(_("Share"), 0.8, align="right"),
        ],
        rows,
        total=(_("Sum"), sum(row[1] for row in rows), found.total, percent(found.total, found.total)),
        source=_("budget lines of the innovations in this book"),
        key="anggaran-menurut-perangkat-daerah",
    )
