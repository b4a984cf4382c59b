"""Buku 2, the masterplan: what is compiled in each of its chapters."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from praja.foundation.documents.blocks import Bullets, Chart, Column, Heading, Paragraph, Table
from praja.foundation.ui import charts
from praja.foundation.ui.formats import percent
from praja.foundation.workflow.models import State
from praja.stages.analysis.blocks import mission_blocks, vision_blocks
from praja.stages.innovations.blocks import dimension_blocks, innovation_table, profiles
from praja.stages.innovations.figures import Groups, needs
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.contents import back_matter, front_matter
from praja.stages.masterplan.contents.coverage_chapter import coverage_chapter
from praja.stages.masterplan.contents.material import Blocks, Material, Place, Write, split
from praja.stages.masterplan.contents.money_chapter import money_chapter
from praja.stages.masterplan.outlines.books import horizon_of
from praja.stages.quick_wins.blocks import quick_wins_in_short
from praja.stages.roadmap import timeline
from praja.stages.roadmap.blocks import action_blocks, overview_chart, roadmap_blocks, strategy_blocks
from praja.stages.roadmap.figures import printed as printed_actions
from praja.stages.roadmap.models import Action
from praja.stages.targets.blocks import alignment_blocks

Family = Action.Family


# ---------------------------------------------------------------- vision


def vision(material: Material, _place: Place) -> Blocks:
    """The vision, or that it is not set."""
    return material.said(vision_blocks)


def mission(material: Material, _place: Place) -> Blocks:
    """The missions, each with what it serves; goals and targets have sections of their own."""
    blocks = material.said(mission_blocks)
    rest = [block for block in blocks if not (isinstance(block, Table) and block.key == "misi-tujuan-sasaran")]
    if not any(isinstance(block, Bullets) for block in rest):
        return rest
    return [Paragraph(_("The vision is carried out through these missions:")), *rest]


def goals(material: Material, _place: Place) -> Blocks:
    """The goals below each mission; nothing without goals."""
    rows = [(one.text, goal.text) for one in material.missions for goal in one.goals.all()]
    if not rows:
        return []
    return [
        Paragraph(_("Each mission is to be reached through these goals:")),
        Table(
            _("Goals of the smart city by mission"),
            [Column(_("Mission"), 2), Column(_("Goal"), 3)],
            rows,
            key="tujuan",
        ),
    ]


def targets(material: Material, _place: Place) -> Blocks:
    """What each goal is to reach; nothing without targets."""
    rows = [(goal.text, goal.target) for one in material.missions for goal in one.goals.all() if goal.target.strip()]
    if not rows:
        return []
    return [
        Paragraph(_("One sees by these targets whether the goals are reached:")),
        Table(
            _("Targets of the smart city by goal"),
            [Column(_("Goal"), 2), Column(pgettext("RPJMD", "Target"), 3)],
            rows,
            key="sasaran",
        ),
    ]


def alignment(material: Material, _place: Place) -> Blocks:
    """Which targets of the RPJMD are served by what."""
    return material.said(alignment_blocks)


# ---------------------------------------------------------------- strategy


def dimension_table(material: Material) -> Table:
    """The dimensions with problems, innovations, agencies, what needs no application, and money."""
    printed, problems = material.innovations.figures.printed, material.problems.figures
    rows = [
        _figures_of(
            one.name, problems.accepted(one.pk), printed.of(dimension=one.pk), material.money.of(dimension=one.pk).total
        )
        for one in material.dimensions
    ]
    without = Groups(tuple(one for one in printed.groups if one.dimension is None))
    problems_left = problems.accepted() - sum(row[1] for row in rows)
    money_left = material.money.total - sum(row[-1] for row in rows)
    if without.number or problems_left or money_left:
        rows.append(_figures_of(_("Without a dimension"), problems_left, without, money_left))
    return Table(
        _("The dimensions in figures"),
        [
            Column(_("Dimension"), 2),
            Column(_("Problems"), 1, "number"),
            Column(_("Innovations"), 1, "number"),
            Column(_("Not IT"), 0.9, "number"),
            Column(_("Agencies"), 1, "number"),
            Column(_("Planned money"), 1.6, "rupiah"),
        ],
        rows,
        total=_figures_of(_("Whole plan"), problems.accepted(), printed, material.money.total),
        source=_(
            "accepted problems, innovations, and the money of innovations and actions; an agency may work in several dimensions"
        ),
        key="dimensi-dalam-angka",
    )


def _figures_of(name: str, problems: int, groups: Groups, money: int) -> tuple[str, int, int, int, int, int]:
    return name, problems, groups.number, groups.not_it, len(groups.organisations), money


def _innovations_by_state(material: Material) -> Blocks:
    """How many innovations of each dimension are accepted, and how many are on the way; nothing without any."""
    groups = material.innovations.figures.innovations
    if not groups.number or material.plan.is_unverified:
        return []
    whole = groups.by("state")
    order = [State.ACCEPTED, State.CHECKED, State.APPROVED, State.SUBMITTED, State.RETURNED, State.DRAFT]
    # A region that leaves out the steps in the middle has no rows there, and no series for them.
    states = [state for state in order if state not in (State.CHECKED, State.APPROVED) or whole[state]]
    counts = {dimension.pk: groups.of(dimension=dimension.pk).by("state") for dimension in material.dimensions}
    caption = _("Innovations by dimension and state")
    bars = [charts.Bar(one.name, [counts[one.pk][state] for state in states]) for one in material.dimensions]
    series = [str(state.label) for state in states]
    return [
        Chart(
            caption,
            charts.bars(bars, title=caption, series=series),
            alt="; ".join(f"{name} {whole[state]}" for name, state in zip(series, states, strict=True)),
            unit=_("number of innovations"),
            source=_("all innovations of the plan, accepted or not"),
            data=Table(
                caption,
                [Column(_("Dimension"), 2), *(Column(name, 1, "number") for name in series)],
                [(bar.label, *bar.values) for bar in bars],
            ),
            key="inovasi-menurut-keadaan",
        )
    ]


def strategy(material: Material, _place: Place) -> Blocks:
    """The dimensions in figures, before the section of each."""
    if not material.innovations.innovations and not material.problems.problems and not material.money.total:
        return []
    return [
        Paragraph(
            _(
                "Each section opens with what the data show, then goes through its sub-dimensions: the problems, and the "
                "innovations that answer them."
            ),
            "lead",
        ),
        dimension_table(material),
        *_innovations_by_state(material),
    ]


def of_dimension(material: Material, place: Place) -> Blocks:
    """The section of one dimension: its page, findings, strategies, then each sub-dimension."""
    dimension = place.dimension
    if dimension is None:
        return []
    number = next(n for n, one in enumerate(material.dimensions, start=1) if one.pk == dimension.pk)
    _opening, strategies_of = split(material.said(strategy_blocks))
    strategies = strategies_of.get(f"strategi-{dimension.key}", [])
    blocks = dimension_blocks(material.innovations, material.problems, material.money, dimension, number, strategies)
    return blocks[1:] if isinstance(blocks[0], Heading) else blocks  # its place in the outline gives it a heading


def without_dimension(material: Material, _place: Place) -> Blocks:
    """Innovations that nobody has placed yet; nothing when there are none."""
    rows = material.innovations.of(None)
    if not rows:
        return []
    return [
        Paragraph(
            ngettext(
                "%(count)s innovation has no dimension yet.",
                "%(count)s innovations have no dimension yet.",
                len(rows),
            )
            % {"count": len(rows)}
        ),
        *innovation_table(
            rows,
            caption=_("Innovations without a dimension"),
            key="inovasi-tanpa-dimensi",
            source=material.innovations.source,
        ),
        *profiles(rows),
    ]


# ---------------------------------------------------------------- action plan and roadmap


def actions(material: Material, _place: Place) -> Blocks:
    """What the innovations state about their needs, from which the action plan of the families begins."""
    found = needs(material.plan)
    total = material.innovations.figures.printed.number
    if not total:
        return []
    rows = [
        (_("Policy and institutions"), _("have no legal basis yet"), found.policy),
        (_("Supporting infrastructure"), _("state which infrastructure they need"), found.infrastructure),
        (_("Applications and software"), _("need a new application"), found.new_systems),
        (_("Applications and software"), _("build on an existing application"), found.existing_systems),
        (_("Applications and software"), _("state which data they need"), found.data),
        (_("People and literacy"), _("state which people they need"), found.people),
    ]
    return [
        Paragraph(_("The action plan begins from what the innovations state about their needs.")),
        Table(
            _("Needs that innovations state, by family of the action plan"),
            [
                Column(_("Family"), 2),
                Column(_("Innovations that"), 3),
                Column(_("Number"), 0.8, "number"),
                Column(_("Share"), 0.8, align="right"),
            ],
            [(family, what, number, percent(number, total)) for family, what, number in rows],
            unit=_("of %(count)s innovations") % {"count": total},
            source=_("innovations in this book"),
            key="kebutuhan",
        ),
    ]


def of_families(*families: Family) -> Write:
    """A section of the action plan with the actions of these families."""

    def write(material: Material, _place: Place) -> Blocks:
        return [block for family in families for block in action_blocks(material.action_plan, family.value)]

    return write


def roadmap(material: Material, _place: Place) -> Blocks:
    """The actions of all dimensions over all years on one page, then the horizon that each innovation states."""
    return [*at_a_glance(material), *horizons(material)]


def at_a_glance(material: Material, draw: Callable[..., Chart] = overview_chart) -> Blocks:
    """The picture of all dimensions over all years; nothing without actions."""
    years = timeline.all_years(material.plan)
    found = timeline.bars(timeline.in_order(printed_actions(material.plan)))
    found = [bar for bar in found if any(map(bar.runs_in, years))]
    if not found:
        return []
    lead = _("The picture that follows shows how many actions each sub-dimension has under way in which year.")
    return [Paragraph(lead), draw(found, timeline.names_of(material.plan), years)]


def horizons(material: Material) -> Blocks:
    """The horizon that each innovation states, as a table."""
    printed = material.innovations.figures.printed
    if not printed.number:
        return []
    keys = [*Innovation.Horizon.values, ""]
    counted = {dimension.pk: printed.of(dimension=dimension.pk).by("horizon") for dimension in material.dimensions}
    years = "/".join(str(year) for year in material.plan.horizons)
    whole = printed.by("horizon")
    return [
        Paragraph(_("Each innovation states the horizon in which it bears fruit:")),
        Table(
            _("Innovations by dimension and horizon"),
            [
                Column(_("Dimension"), 2),
                *(Column(str(label), 1, "number") for label in Innovation.Horizon.labels),
                Column(_("Not stated"), 1, "number"),
                Column(_("Together"), 1, "number"),
            ],
            [
                (
                    dimension.name,
                    *(counted[dimension.pk][key] for key in keys),
                    printed.of(dimension=dimension.pk).number,
                )
                for dimension in material.dimensions
            ],
            total=(_("Whole plan"), *(whole[key] for key in keys), printed.number),
            unit=_("innovations; horizons of %(years)s years") % {"years": years},
            source=_("innovations in this book"),
            key="horizon",
        ),
    ]


def of_horizon(before: str, which: str) -> Write:
    """A section of the roadmap: the years of one horizon that follow those of the horizon before it."""

    def write(material: Material, _place: Place) -> Blocks:
        begin = horizon_of(material.plan, before) if before else 0
        end = horizon_of(material.plan, which)
        return material.said(roadmap_blocks, end, begin) if end > begin else []

    return write


# ---------------------------------------------------------------- appendix


def quick_wins(material: Material, _place: Place) -> Blocks:
    """The quick wins of the newest round; nothing until one is decided."""
    return quick_wins_in_short(material.quick_wins)


WRITERS: dict[str, Write] = {
    "introduction": front_matter.opening,
    "background": front_matter.region,
    "legal_basis": front_matter.legal_basis,
    "scope": front_matter.scope,
    "systematics": front_matter.systematics,
    "counted": front_matter.counted,
    "vision_statement": vision,
    "mission": mission,
    "goals": goals,
    "targets": targets,
    "alignment": alignment,
    "strategy": strategy,
    "dimension": of_dimension,
    "without_dimension": without_dimension,
    "actions": actions,
    "policy": of_families(Family.POLICY),
    "infrastructure": of_families(Family.INFRASTRUCTURE),
    "application": of_families(Family.APPLICATION),
    "people": of_families(Family.PEOPLE, Family.LITERACY),
    "roadmap": roadmap,
    "short": of_horizon("", "short"),
    "middle": of_horizon("short", "middle"),
    "long": of_horizon("middle", "long"),
    "money": money_chapter,
    "coverage": coverage_chapter,
    "closing": back_matter.closing,
    "quick_wins": quick_wins,
    "innovation_list": back_matter.innovation_list,
    "problem_list": back_matter.problem_list,
    "earlier": back_matter.earlier,
    "sources": back_matter.sources,
    "missing": back_matter.missing,
}
