"""What the first chapters of the books are compiled from: the region, the legal basis, the frame, and what is counted."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents.blocks import (
    Bullets,
    Column,
    Facts,
    KeyFigures,
    Missing,
    Paragraph,
    Table,
    Text,
)
from praja.foundation.plans.models import Dimension, Plan
from praja.foundation.ui.formats import decimal, rupiah_short
from praja.stages.masterplan.contents.material import Blocks, Material, Place
from praja.stages.masterplan.outlines import books
from praja.stages.problems.blocks import bold_start, in_words
from praja.stages.targets.models import DevelopmentPlan


def unverified(plan: Plan) -> Blocks:
    """That nobody of the region has looked at imported data; nothing for a plan that the region itself drew up."""
    if not plan.is_unverified:
        return []
    about = _("Everything here stands as it was published; nothing of it is a plan that the region has accepted.")
    return [Missing(_("Imported data that the region has not verified yet."), [about])]


def opening(material: Material, _place: Place) -> Blocks:
    """How the book came about, and the plan in four figures."""
    figures = [(value, label) for value, label in in_figures(material) if value]
    return [
        *unverified(material.plan),
        Paragraph(
            _(
                "This book is put together from what the agencies themselves have entered. It is written anew from the "
                "data each time it is made, so that text, tables and charts always say the same."
            ),
            "lead",
        ),
        *([KeyFigures(figures)] if figures else []),
    ]


def in_figures(material: Material) -> list[tuple[str, str]]:
    """The plan in four figures; one that there is nothing to say about is empty."""
    innovations = material.innovations.figures.printed.number
    problems = material.problems.figures.accepted()
    asked = len(material.coverage.asked)
    return [
        (str(innovations), ngettext("innovation", "innovations", innovations)),
        (str(problems), ngettext("accepted problem", "accepted problems", problems)),
        (
            f"{len(material.coverage.delivered)}/{asked}" if asked else "",
            _("agencies have delivered everything asked of them"),
        ),
        (rupiah_short(material.money.total) if material.money.total else "", _("planned money")),
    ]


def region(material: Material, _place: Place) -> Blocks:
    """The region and its plan as pairs."""
    return [
        Paragraph(_("The region and its plan at a glance:")),
        Facts(region_facts(material)),
    ]


def region_facts(material: Material) -> list[tuple[str, str]]:
    """Pairs about the region and its plan; what is not known is left out."""
    plan, place = material.plan, material.plan.government.region
    population = decimal(place.population) if place and place.population else ""
    area = f"{decimal(place.area_km2)} km²" if place and place.area_km2 else ""
    agencies, asked = len(material.coverage.rows), len(material.coverage.asked)
    pairs = [
        (_("Region"), f"{place.name} ({place.code})" if place else plan.government.name),
        (_("Province"), place.parent.name if place and place.parent else ""),
        (_("Population"), population),
        (_("Area"), area),
        (_("Years of the plan"), f"{plan.year_from}–{plan.year_to}" if plan.years else _("not set yet")),
        (_("Agencies"), _("%(count)s, of which %(asked)s are asked for input") % {"count": agencies, "asked": asked}),
        (_("Dimensions"), _("%(count)s dimensions, %(subs)s sub-dimensions") % counts_of(material.dimensions)),
        (_("Guide"), str(plan.get_guide_version_display())),
    ]
    return [(label, value) for label, value in pairs if value]


def counts_of(dimensions: Sequence[Dimension]) -> dict[str, int]:
    """How many dimensions and sub-dimensions there are."""
    return {"count": len(dimensions), "subs": sum(len(dimension.sub_dimensions.all()) for dimension in dimensions)}


def legal_basis(material: Material, _place: Place) -> Blocks:
    """The national regulations, then the region's own five-year plan where its regulation is known."""
    own = DevelopmentPlan.objects.filter(plan=material.plan, withdrawn_at=None).first()
    rules: list[Text] = [*books.legal_basis()]
    if own and own.regulation:
        rules.append(f"{own.regulation} ({own.title})")
    return [Paragraph(_("The plan rests on these regulations:")), Bullets(rules, ordered=True)]


def scope(material: Material, _place: Place) -> Blocks:
    """The dimensions with their sub-dimensions, and the years."""
    said = counts_of(material.dimensions)
    plan = material.plan
    years = (
        _("It covers the years %(first)s to %(last)s, in horizons of %(horizons)s years.")
        % {
            "first": plan.year_from,
            "last": plan.year_to,
            "horizons": in_words([str(one) for one in plan.horizons]),
        }
        if plan.years
        else ""
    )
    text = _("The plan looks at the region in %(count)s dimensions with %(subs)s sub-dimensions.") % said
    return [
        Paragraph(f"{text} {years}".strip()),
        Table(
            _("Dimensions and sub-dimensions of the plan"),
            [Column(_("Dimension"), 1), Column(_("Sub-dimensions"), 3)],
            [(one.name, in_words([str(sub) for sub in one.sub_dimensions.all()])) for one in material.dimensions],
            key="dimensi-dan-sub-dimensi",
        ),
    ]


def systematics(_material: Material, place: Place) -> Blocks:
    """What stands in which chapter, from the outline itself."""
    lines: list[Text] = []
    for part in place.outline.chapters:
        start = _("Chapter %(number)s %(title)s") % {
            "number": place.outline.numbers[part.key],
            "title": part.title,
        }
        shown = [section for section in part.sections if section.is_shown]
        sections = [section.title for section in shown if not place.leaves_out(section)]
        lines.append(bold_start(f"{start}:" if sections else start, in_words(sections)))
    appendices = [part.title for part in place.outline.appendices if not place.leaves_out(part)]
    if appendices:
        lines.append(bold_start(_("Appendices:"), in_words(appendices)))
    return [Paragraph(_("This book is arranged as follows:")), Bullets(lines)]


def method(material: Material, place: Place) -> Blocks:
    """How the analysis goes from readiness to the vision, and how its rows come about."""
    steps: list[tuple[str, str]] = [
        (_("Readiness:"), _("nature, structure, infrastructure, superstructure and culture, each element with its figure.")),
        (_("Alignment:"), _("vision, missions, targets and flagship programmes of the RPJMD, linked to the dimensions.")),
        (_("Problems:"), _("what the agencies report, how urgent it is and what causes it.")),
        (_("SWOT:"), _("strengths, weaknesses, opportunities and threats, crossed into strategies.")),
        (_("Gaps:"), _("for each sub-dimension what is, what is wanted, and what closes the distance.")),
        (_("Vision:"), _("worded from the keywords that the analysis brings up, and set by the head of region.")),
    ]  # fmt: skip
    return [
        Paragraph(_("The analysis goes six steps, each of which builds on those before it:")),
        Bullets([bold_start(start, text) for start, text in steps], ordered=True),
        *counted(material, place),
    ]


def counted(material: Material, _place: Place) -> Blocks:
    """How the data come about, and what each number counts."""
    points = (
        (_("Innovations:"), what_counts(material.plan)),
        (
            _("Planned money:"),
            _(
                "the budget lines of accepted innovations, and of actions outside the innovations, in the years of the plan, of every source; realised amounts are not added."
            ),
        ),
        (
            _("Priority of a problem:"),
            _("urgency × seriousness × growth, each from 1 to 5, so that 125 is the most urgent."),
        ),
        (
            _("Delivered:"),
            _(
                "everything asked of an agency is at least submitted, or “no proposal” was accepted. Agencies of which nothing is asked do not count."
            ),
        ),
        (
            _("Beneficiaries:"),
            _("the number each innovation states; the same person may be counted by several innovations."),
        ),
    )
    return [
        Paragraph(
            _(
                "Operators of the agencies enter problems with their causes and the innovations that answer them. The "
                "coordinator checks each one and accepts it or returns it with a remark. Only accepted rows are printed "
                "as part of the plan; the last appendix lists what still waits."
            )
        ),
        Paragraph(_("In the tables and charts these words count:")),
        Bullets([bold_start(start, text) for start, text in points]),
    ]


def what_counts(plan: Plan) -> str:
    """Which innovations the numbers of this book count."""
    if plan.is_unverified:
        return _("imported ones as published, because the region has not confirmed its plan yet.")
    return _("accepted ones, whether they need an application or not.")
