"""What the books say about the money of the plan: by year and source, dimension, kind and agency."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents.blocks import Chart, Column, Heading, Missing, Paragraph, Table
from praja.foundation.plans.models import BudgetLine
from praja.foundation.ui import charts
from praja.foundation.ui.formats import percent, rupiah, rupiah_short
from praja.stages.innovations.blocks import (
    money_by_year_chart,
    money_finding,
    money_of,
    money_source,
    money_table,
    outside_innovations,
)
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.contents.material import Blocks, Material, Place
from praja.stages.problems.blocks import capital
from praja.stages.roadmap.models import Action


def money_chapter(material: Material, _place: Place) -> Blocks:
    """The money of the plan by year and source, by dimension, by what it buys and by agency."""
    found = material.money
    if not found.total:
        return [Missing(_("Neither an accepted innovation nor an action states money yet."))]
    by_kind = found.by("kind")
    kinds = [(str(BudgetLine.Kind(kind).label), by_kind[(kind,)]) for kind in found.kinds]
    dimensions = _by_dimension(material)
    return [
        *_opening(material),
        Heading(2, _("By year and source"), key="menurut-tahun"),
        *money_by_year_chart(found),
        money_table(found, caption=_("Planned money by source and year"), key="anggaran-menurut-sumber"),
        Heading(2, _("By dimension"), key="menurut-dimensi"),
        *_money_of_dimensions(material),
        _shares(_("Planned money by dimension"), _("Dimension"), dimensions, key="anggaran-menurut-dimensi"),
        Heading(2, _("By what it buys"), key="menurut-jenis"),
        _shares(_("Planned money by kind"), _("Kind"), kinds, key="anggaran-menurut-jenis"),
        Heading(2, _("By agency"), key="menurut-perangkat-daerah"),
        _money_of_agencies(material),
    ]


def _opening(material: Material) -> Blocks:
    """When most is needed and where it comes from, how much is for actions alone, and who states nothing yet."""
    of_innovations = sum(map(money_of, material.innovations.innovations))
    without = material.innovations.figures.gaps.money
    lacking = ngettext(
        "%(count)s accepted innovation states no money for the years of the plan.",
        "%(count)s accepted innovations state no money for the years of the plan.",
        without,
    ) % {"count": without}
    lead = [capital(money_finding(material.money)), outside_innovations(material.money.total - of_innovations)]
    return [Paragraph(" ".join(filter(None, lead)), "lead"), *([Paragraph(lacking)] if without else [])]


def _by_dimension(material: Material) -> list[tuple[str, int]]:
    """(name, rupiah) of each dimension in their order, and of what has none yet."""
    amounts = [(one.name, material.money.of(dimension=one.pk).total) for one in material.dimensions]
    rest = material.money.total - sum(amount for _name, amount in amounts)
    return [*amounts, *([(_("Without a dimension"), rest)] if rest else [])]


def _shares(caption: str, title: str, rows: Iterable[tuple[str, int]], *, key: str) -> Table:
    """A table of amounts with the share of each."""
    amounts = list(rows)
    total = sum(amount for _name, amount in amounts)
    return Table(
        caption,
        [Column(title, 3), Column(_("Amount"), 2, "rupiah"), Column(_("Share"), 1, align="right")],
        [(name, amount, percent(amount, total)) for name, amount in amounts],
        total=(_("Sum"), total, percent(total, total)),
        source=money_source(),
        key=key,
    )


def _money_of_dimensions(material: Material) -> list[Chart]:
    """The money of each dimension, the largest first; nothing while no dimension has any."""
    rows = _by_dimension(material)
    largest, most = max(rows[: len(material.dimensions)], key=lambda row: row[1], default=("", 0))
    if not most:
        return []
    caption = _("%(dimension)s needs the most money: %(share)s of the plan") % {
        "dimension": largest,
        "share": percent(most, material.money.total),
    }
    ranked = sorted(rows, key=lambda row: -row[1])
    return [
        Chart(
            caption,
            charts.bars(
                [charts.Bar(name, [amount]) for name, amount in ranked],
                title=caption,
                write=lambda amount: rupiah_short(int(amount)),
            ),
            alt="; ".join(f"{name} {rupiah(amount)}" for name, amount in ranked),
            unit="Rp",
            source=money_source(),
            key="gambar-anggaran-menurut-dimensi",
        )
    ]


def _money_of_agencies(material: Material) -> Table:
    """The money of each agency with its innovations, and its actions outside them where there are such; most first."""
    alone = [one for one in material.actions if one.innovation_id is None]
    carried: list[Innovation | Action] = [*material.innovations.innovations, *alone]
    names: dict[int | None, str] = {one.organisation_id: one.organisation.name for one in carried if one.organisation}
    names[None] = _("no agency yet")
    counts = {_("Innovations"): material.innovations.figures.printed.by("organisation")}
    if alone:
        counts[_("Actions outside innovations")] = Counter(one.organisation_id for one in alone)
    total, sums = material.money.total, Counter[int | None]()
    for one in material.money.amounts:
        sums[one.organisation] += one.rupiah
    ranked = sorted((key for key in sums if sums[key]), key=lambda key: (key is None, -sums[key], names[key]))
    return Table(
        _("Planned money by agency"),
        [
            Column(_("Agency"), 3.6),
            *(Column(title, 0.9, "number") for title in counts),
            Column(_("Amount"), 1.7, "rupiah"),
            Column(_("Share"), 0.8, align="right"),
        ],
        [
            (names[key], *(count[key] for count in counts.values()), sums[key], percent(sums[key], total))
            for key in ranked
        ],
        total=(
            _("Sum"),
            *(sum(count[key] for key in ranked) for count in counts.values()),
            total,
            percent(total, total),
        ),
        source=money_source(),
        key="anggaran-menurut-perangkat-daerah",
    )
