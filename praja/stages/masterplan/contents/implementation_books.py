"""The 1-year and the 10-year implementation document: what is done in that time, by whom, and with what money."""

from collections import Counter, defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents.blocks import Bullets, Column, Facts, Heading, Paragraph, Table, Text
from praja.foundation.ui.formats import rupiah
from praja.stages.analysis.blocks import vision_blocks
from praja.stages.innovations.blocks import money_by_year_chart, money_table
from praja.stages.innovations.figures import Money
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.contents import front_matter
from praja.stages.masterplan.contents.back_matter import closing
from praja.stages.masterplan.contents.material import Blocks, Material, Place, Write
from praja.stages.masterplan.outlines.books import horizon_of
from praja.stages.problems.blocks import agency_word
from praja.stages.roadmap.blocks import roadmap_blocks
from praja.stages.roadmap.models import Action


def years_of(material: Material, place: Place) -> range:
    """The years that the document speaks about; empty until the plan has years."""
    plan = material.plan
    return plan.years[: horizon_of(plan, place.outline.book.horizon or "long")]


def actions_of(material: Material, place: Place) -> list[Action]:
    """The actions that run in these years; one without years is not part of any."""
    years = years_of(material, place)
    if not years:
        return []
    return [
        one
        for one in material.actions
        if one.start_year is not None and one.start_year <= years[-1] and (one.end_year or one.start_year) >= years[0]
    ]


def period(material: Material, place: Place) -> Blocks:
    """The years with the number of actions, agencies and the money of these years."""
    years, found = years_of(material, place), actions_of(material, place)
    if not years:
        return []
    money = money_of_years(material, place)
    facts = [
        (_("Years"), "–".join(str(year) for year in dict.fromkeys([years[0], years[-1]]))),
        (_("Actions"), str(len(found))),
        (_("Agencies that carry them out"), str(len({one.organisation_id for one in found if one.organisation_id}))),
        (_("Planned money"), rupiah(money.total) if money.total else _("none stated yet")),
    ]
    text = ngettext(
        "This document says what is done in the first year of the plan.",
        "This document says what is done in the first %(count)s years of the plan.",
        len(years),
    ) % {"count": len(years)}
    return [Paragraph(text), Facts(facts)]


def direction(material: Material, _place: Place) -> Blocks:
    """The vision, and the missions with their targets."""
    blocks = list(material.said(vision_blocks))
    lines: list[Text] = [
        " – ".join(filter(None, [goal.text, goal.target])) for one in material.missions for goal in one.goals.all()
    ]
    if lines:
        blocks += [Paragraph(_("Goals and targets that these years work towards:")), Bullets(lines)]
    return blocks


def actions(material: Material, place: Place) -> Blocks:
    """The actions of these years, a table for each dimension; without any, the innovations that plan money then."""
    found = actions_of(material, place)
    if not found:
        return _innovations(material, place)
    below: dict[int | None, list[Action]] = defaultdict(list)
    for one in found:
        below[one.sub_dimension.dimension_id if one.sub_dimension else None].append(one)
    blocks: Blocks = []
    for dimension in [*material.dimensions, None]:
        own = below.get(dimension.pk if dimension else None, [])
        if not own:
            continue
        name = dimension.name if dimension else _("No dimension yet")
        said = ngettext("%(count)s action is taken.", "%(count)s actions are taken.", len(own)) % {"count": len(own)}
        key = dimension.key if dimension else "lain"
        blocks += [
            Heading(2, name, key=f"pelaksanaan-{key}"),
            Paragraph(said),
            _action_table(material, place, own, _("Actions of %(dimension)s") % {"dimension": name}, key),
        ]
    return blocks


def _action_table(material: Material, place: Place, rows: list[Action], caption: str, key: str) -> Table:
    years = years_of(material, place)
    by_year = [material.money_of_actions.get(one.pk, Counter()) for one in rows]
    sums = [sum(of_one[year] for year in years) for of_one in by_year]
    return Table(
        caption,
        [
            Column(_("Code"), 0.8),
            Column(_("Action"), 2.6),
            Column(_("Output"), 2),
            Column(_("Agency"), 1.2),
            Column(_("Years"), 0.9),
            Column(_("Planned money"), 1.5, "rupiah"),
        ],
        [
            (one.code, one.title, one.output, agency_word(one.organisation), years_word(one), amount or None)
            for one, amount in zip(rows, sums, strict=True)
        ],
        total=(None, _("Sum"), None, None, None, sum(sums)) if len(rows) > 1 and any(sums) else None,
        source=_("action plan; money of the years of this document"),
        key=f"rencana-aksi-{key}",
    )


def years_word(action: Action) -> str:
    """The years of an action as "2026–2028"."""
    return "–".join(str(year) for year in dict.fromkeys([action.start_year, action.end_year]) if year)


def _innovations(material: Material, place: Place) -> Blocks:
    """The innovations that plan money in these years, or are said to bear fruit then; nothing without any."""
    years = set(years_of(material, place))
    is_short = place.outline.book.horizon == "short"
    rows = [
        one
        for one in material.innovations.innovations
        if any(line.year in years for line in one.budget_lines.all())
        or not is_short
        or one.horizon == Innovation.Horizon.SHORT
    ]
    if not rows:
        return []
    names = {one.pk: one.name for one in material.dimensions}
    return [
        Paragraph(_("The action plan is not drawn up yet. These innovations fall into the years of this document:")),
        Table(
            _("Innovations of these years"),
            [
                Column(_("Innovation"), 3),
                Column(_("Dimension"), 1.4),
                Column(_("Agency"), 1.4),
                Column(_("Planned money"), 1.6, "rupiah"),
            ],
            [
                (
                    one.title,
                    names.get(one.dimension_id or 0),
                    agency_word(one.organisation),
                    sum(line.amount_rupiah for line in one.budget_lines.all() if line.year in years) or None,
                )
                for one in rows
            ],
            source=material.innovations.source,
            key="inovasi-jangka-waktu",
        ),
    ]


def roadmap(material: Material, place: Place) -> Blocks:
    """The stages of the actions in these years."""
    return material.said(roadmap_blocks, horizon_of(material.plan, place.outline.book.horizon or "long"))


def money_of_years(material: Material, place: Place) -> Money:
    """The money of the plan in the years of the document."""
    years = years_of(material, place)
    return Money(tuple(one for one in material.money.amounts if one.year in years))


def money(material: Material, place: Place) -> Blocks:
    """The money of these years by year and source; nothing without money."""
    found = money_of_years(material, place)
    if not found.total:
        return []
    return [
        Paragraph(
            _("These years need %(money)s, from the sources that the agencies state.") % {"money": rupiah(found.total)}
        ),
        *money_by_year_chart(found),
        money_table(found, caption=_("Planned money by source and year"), key="anggaran-menurut-sumber"),
    ]


WRITERS: dict[str, Write] = {
    "introduction": lambda material, _place: front_matter.unverified(material.plan),
    "period": period,
    "direction": direction,
    "actions": actions,
    "roadmap": roadmap,
    "money": money,
    "closing": closing,
}
