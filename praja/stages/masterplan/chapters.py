"""What stands in each chapter and appendix of the masterplan book, written from data; the order is in books.toml."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents.blocks import (
    AnyBlock,
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
from praja.foundation.plans.models import BudgetLine, Dimension, Plan
from praja.foundation.ui import charts
from praja.foundation.ui.formats import decimal, percent, rupiah, rupiah_short
from praja.foundation.workflow.models import ON_THE_WAY, State
from praja.foundation.workflow.way import Turn, turn_at
from praja.stages.analysis.blocks import earlier_blocks, vision_blocks
from praja.stages.innovations.blocks import (
    InnovationMaterial,
    dimension_blocks,
    innovation_appendix,
    innovation_material,
    innovation_sources,
    innovation_table,
    money_by_year_chart,
    money_finding,
    money_table,
    profiles,
)
from praja.stages.innovations.coverage import Coverage, coverage
from praja.stages.innovations.figures import needs
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.books import Book, Chapter
from praja.stages.problems.blocks import (
    ProblemMaterial,
    agency_word,
    bold_start,
    capital,
    cause_chart,
    cause_table,
    problem_appendix,
    problem_material,
    problem_sources,
)
from praja.stages.problems.models import Problem

ROWS_OF_A_MAP = 20  # more would make the letters of the heat map too small in print
WAITING = ("plan", "title", "state", "organisation__name", "organisation__abbreviation")
LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class Material:
    """Everything that the chapters are written from, loaded once."""

    plan: Plan
    dimensions: list[Dimension]
    problems: ProblemMaterial
    innovations: InnovationMaterial
    coverage: Coverage
    waiting_innovations: list[Innovation]
    waiting_problems: list[Problem]


def material_of(plan: Plan) -> Material:
    """Load the rows and numbers of a plan; the number of queries does not grow with them."""
    innovations = innovation_material(plan)
    in_hand = (*ON_THE_WAY, State.RETURNED)
    begun_by_import = Q(state=State.DRAFT, source_key__isnull=False)
    waiting = plan.innovations.in_service().filter(Q(state__in=in_hand) | begun_by_import)
    if plan.is_unverified:
        waiting = waiting.filter(is_unverified=False)
    return Material(
        plan=plan,
        dimensions=list(Dimension.objects.filter(set_id=plan.dimension_set_id).prefetch_related("sub_dimensions")),
        problems=problem_material(plan),
        innovations=innovations,
        coverage=coverage(plan),
        waiting_innovations=list(
            waiting.select_related("organisation").only(*WAITING).order_by("state", "title", "pk")
        ),
        waiting_problems=list(
            plan.problems.in_service()
            .filter(state__in=in_hand)
            .select_related("organisation")
            .only(*WAITING)
            .order_by("state", "title", "pk")
        ),
    )


def book_blocks(book: Book, material: Material) -> list[AnyBlock]:
    """All chapters and appendices of a book in order."""
    blocks: list[AnyBlock] = []
    for chapter in book.chapters:
        blocks.append(Heading(1, chapter.name, key=f"bab-{chapter.key}"))
        write = CHAPTERS.get(chapter.key)
        blocks += write(book, chapter, material) if write else [not_drawn_up(chapter)]
    written = [(appendix, CHAPTERS[appendix.key](book, appendix, material)) for appendix in book.appendices]
    filled = [(appendix, own) for appendix, own in written if own]  # an appendix with nothing in it is left out
    for letter, (appendix, own) in zip(LETTERS, filled, strict=False):
        title = _("Appendix %(letter)s. %(name)s") % {"letter": letter, "name": appendix.name}
        blocks += [Heading(1, title, key=f"lampiran-{appendix.key}", numbered=False), *own]
    return blocks


def not_drawn_up(chapter: Chapter) -> Missing:
    """What of a chapter nobody has drawn up yet."""
    if not chapter.sections:
        return Missing(_("This chapter is not drawn up yet."))
    return Missing(_("Not drawn up yet:"), [capital(name) for name in chapter.section_names])


# ---------------------------------------------------------------- chapters


def introduction(book: Book, chapter: Chapter, material: Material) -> list[AnyBlock]:
    """What the book rests on, what it counts, and how far each chapter is."""
    plan = material.plan
    blocks: list[AnyBlock] = []
    if plan.is_unverified:
        blocks.append(
            Missing(
                _("Imported data that the region has not verified yet."),
                [
                    _(
                        "Everything here stands as it was published; nothing of it is a plan that the region has accepted."
                    )
                ],
            )
        )
    blocks += [
        Paragraph(
            _(
                "This book is put together from what the agencies themselves have entered. It is written anew from the "
                "data each time it is made, so that text, tables and charts always say the same."
            ),
            "lead",
        ),
        KeyFigures([(value, label) for value, label in in_figures(material) if value]),
        Heading(2, _("The region and its plan"), key="daerah"),
        Facts(region_facts(material)),
        Heading(2, _("How this book is made"), key="dasar-data"),
        Paragraph(
            _(
                "Operators of the agencies enter problems with their causes and the innovations that answer them. The "
                "coordinator checks each one and accepts it or returns it with a remark. Only accepted rows are printed "
                "as part of the plan; the last appendix lists what still waits."
            )
        ),
        Heading(2, _("What is counted"), key="yang-dihitung"),
        Bullets(
            [
                bold_start(start, text)
                for start, text in (
                    (_("Innovations:"), what_counts(plan)),
                    (
                        _("Planned money:"),
                        _(
                            "the budget lines of accepted innovations in the years of the plan, of every source; realised amounts are not added."
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
            ]
        ),
        Heading(2, _("How far each chapter is"), key="keadaan-bab"),
        status_table(book, material),
        not_drawn_up(chapter),
    ]
    return blocks


def in_figures(material: Material) -> list[tuple[str, str]]:
    """The plan in four figures; one that there is nothing to say about is empty."""
    figures = material.innovations.figures
    problems = material.problems.figures.accepted()
    asked = len(material.coverage.asked)
    return [
        (str(figures.printed.number), ngettext("innovation", "innovations", figures.printed.number)),
        (str(problems), ngettext("accepted problem", "accepted problems", problems)),
        (
            f"{len(material.coverage.delivered)}/{asked}" if asked else "",
            _("agencies have delivered everything asked of them"),
        ),
        (rupiah_short(figures.money.total) if figures.money.total else "", _("planned money")),
    ]


def what_counts(plan: Plan) -> str:
    """Which innovations the numbers of this book count."""
    if plan.is_unverified:
        return _("imported ones as published, because the region has not confirmed its plan yet.")
    return _("accepted ones, whether they need an application or not.")


def region_facts(material: Material) -> list[tuple[str, str]]:
    """Pairs about the region and its plan; what is not known is left out."""
    plan, region = material.plan, material.plan.government.region
    population = decimal(region.population) if region and region.population else ""
    area = f"{decimal(region.area_km2)} km²" if region and region.area_km2 else ""
    agencies, asked = len(material.coverage.rows), len(material.coverage.asked)
    pairs = [
        (_("Region"), f"{region.name} ({region.code})" if region else plan.government.name),
        (_("Province"), region.parent.name if region and region.parent else ""),
        (_("Population"), population),
        (_("Area"), area),
        (_("Years of the plan"), f"{plan.year_from}–{plan.year_to}" if plan.years else _("not set yet")),
        (_("Agencies"), _("%(count)s, of which %(asked)s are asked for input") % {"count": agencies, "asked": asked}),
        (_("Dimensions"), _("%(count)s dimensions, %(subs)s sub-dimensions") % _counts_of(material.dimensions)),
        (_("Guide"), str(plan.get_guide_version_display())),
    ]
    return [(label, value) for label, value in pairs if value]


def _counts_of(dimensions: Sequence[Dimension]) -> dict[str, int]:
    return {"count": len(dimensions), "subs": sum(len(dimension.sub_dimensions.all()) for dimension in dimensions)}


def status_table(book: Book, material: Material) -> Table:
    """Each chapter with whether it is written from data, in part, or not drawn up."""
    has_rows = bool(material.innovations.innovations or material.problems.problems)
    rows = []
    for number, chapter in enumerate(book.chapters, start=1):
        if chapter.key not in CHAPTERS or chapter.key in SKETCHED:
            state = _("not drawn up yet")
        elif chapter.sections:
            state = _("in part")
        else:
            state = _("written from data") if has_rows else _("waits for data")
        rows.append((number, chapter.name, state, ", ".join(chapter.section_names) or None))
    return Table(
        _("The chapters of this book and how far they are"),
        [
            Column(_("Chapter"), 0.6, "year", "left"),
            Column(_("Name"), 2.6),
            Column(_("State"), 1.4),
            Column(_("Still to be drawn up"), 3),
        ],
        rows,
        key="keadaan-bab-tabel",
    )


def earlier(_book: Book, _appendix: Chapter, material: Material) -> list[AnyBlock]:
    """The programmes of the earlier masterplan, and what becomes of each; left out where the region had none."""
    return earlier_blocks(material.plan)


def vision(_book: Book, chapter: Chapter, material: Material) -> list[AnyBlock]:
    """The vision, or that it is not set; alignment is still to be drawn up."""
    return [*vision_blocks(material.plan), not_drawn_up(chapter)]


def strategy(_book: Book, _chapter: Chapter, material: Material) -> list[AnyBlock]:
    """The dimensions in figures, then a section for each dimension."""
    blocks: list[AnyBlock] = [
        Paragraph(
            _(
                "Each section opens with what the data show, then goes through its sub-dimensions: the problems, and the "
                "innovations that answer them."
            ),
            "lead",
        ),
        dimension_table(material),
    ]
    blocks += _innovations_by_state(material)
    for number, dimension in enumerate(material.dimensions, start=1):
        blocks += dimension_blocks(material.innovations, material.problems, dimension, number)
    without = material.innovations.of(None)
    if without:
        blocks += [
            Heading(2, _("Without a dimension"), key="tanpa-dimensi"),
            Paragraph(
                ngettext(
                    "%(count)s innovation has no dimension yet.",
                    "%(count)s innovations have no dimension yet.",
                    len(without),
                )
                % {"count": len(without)}
            ),
            *innovation_table(
                without,
                caption=_("Innovations without a dimension"),
                key="inovasi-tanpa-dimensi",
                source=material.innovations.source,
            ),
            *profiles(without),
        ]
    return blocks


def dimension_table(material: Material) -> Table:
    """The dimensions with problems, innovations, agencies, what needs no application, and money."""
    printed, money = material.innovations.figures.printed, material.innovations.figures.money
    rows: list[tuple[str | int, ...]] = []
    for dimension in material.dimensions:
        groups = printed.of(dimension=dimension.pk)
        rows.append(
            (
                dimension.name,
                material.problems.figures.accepted(dimension.pk),
                groups.number,
                groups.not_it,
                len(groups.organisations),
                money.of(dimension=dimension.pk).total,
            )
        )
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
        total=(
            _("Whole plan"),
            material.problems.figures.accepted(),
            printed.number,
            printed.not_it,
            len(printed.organisations),
            money.total,
        ),
        source=_("accepted problems and the innovations in this book; an agency may work in several dimensions"),
        key="dimensi-dalam-angka",
    )


def _innovations_by_state(material: Material) -> list[AnyBlock]:
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


def actions(_book: Book, chapter: Chapter, material: Material) -> list[AnyBlock]:
    """The four families of the action plan are still to be drawn up; what innovations state already is counted."""
    found = needs(material.plan)
    total = material.innovations.figures.printed.number
    rows = [
        (_("Policy and institutions"), _("have no legal basis yet"), found.policy),
        (_("Supporting infrastructure"), _("state which infrastructure they need"), found.infrastructure),
        (_("Applications and software"), _("need a new application"), found.new_systems),
        (_("Applications and software"), _("build on an existing application"), found.existing_systems),
        (_("Applications and software"), _("state which data they need"), found.data),
        (_("People and literacy"), _("state which people they need"), found.people),
    ]
    return [
        not_drawn_up(chapter),
        Paragraph(_("The action plan can begin from what the innovations already state about their needs.")),
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


def roadmap(_book: Book, chapter: Chapter, material: Material) -> list[AnyBlock]:
    """The roadmap is still to be drawn up; the horizon that each innovation states is counted."""
    printed = material.innovations.figures.printed
    horizons = [*Innovation.Horizon.values, ""]
    counted = {dimension.pk: printed.of(dimension=dimension.pk).by("horizon") for dimension in material.dimensions}
    years = "/".join(str(year) for year in material.plan.horizons)
    whole = printed.by("horizon")
    return [
        not_drawn_up(chapter),
        Paragraph(_("Until then, this is the horizon that each innovation itself states.")),
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
                    *(counted[dimension.pk][horizon] for horizon in horizons),
                    printed.of(dimension=dimension.pk).number,
                )
                for dimension in material.dimensions
            ],
            total=(_("Whole plan"), *(whole[horizon] for horizon in horizons), printed.number),
            unit=_("innovations; horizons of %(years)s years") % {"years": years},
            source=_("innovations in this book"),
            key="horizon",
        ),
    ]


def money(_book: Book, _chapter: Chapter, material: Material) -> list[AnyBlock]:
    """The money of the plan by year and source, by dimension, by what it buys and by agency."""
    found = material.innovations.figures.money
    if not found.total:
        return [Missing(_("No accepted innovation states money yet."))]
    gaps = material.innovations.figures.gaps
    blocks: list[AnyBlock] = [Paragraph(capital(money_finding(found)), "lead")]
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
        _money_of_dimensions(material),
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


def _money_of_dimensions(material: Material) -> Chart:
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


def coverage_chapter(_book: Book, _chapter: Chapter, material: Material) -> list[AnyBlock]:
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
        *_asked_against_accepted(found),
        Heading(2, _("By agency and dimension"), key="cakupan-peta"),
        *_heat_maps(found),
        Heading(2, _("By agency"), key="cakupan-perangkat-daerah"),
        _coverage_table(found),
    ]


def _asked_against_accepted(found: Coverage) -> list[AnyBlock]:
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


def _heat_maps(found: Coverage) -> list[AnyBlock]:
    parts = -(-len(found.rows) // ROWS_OF_A_MAP)
    size = -(-len(found.rows) // parts)
    blocks: list[AnyBlock] = []
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
            Column(_("State"), 1.7),
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


def closing(_book: Book, chapter: Chapter, material: Material) -> list[AnyBlock]:
    """Closing words are not drawn up; the next steps follow from the data."""
    steps = next_steps(material)
    blocks: list[AnyBlock] = [not_drawn_up(chapter)]
    if steps:
        blocks += [Heading(2, _("Next steps"), key="langkah-berikutnya"), Bullets(steps)]
    return blocks


def next_steps(material: Material) -> list[Text]:
    """What has to happen before this book can be final, as sentences; only what the data say."""
    found, gaps = material.coverage, material.innovations.figures.gaps
    late = len(found.late)
    turns = Counter(turn_at(one.state, material.plan) for one in material.waiting_innovations)
    problem_turns = Counter(turn_at(one.state, material.plan) for one in material.waiting_problems)
    submitted, problems = turns[Turn.SECRETARIAT], problem_turns[Turn.SECRETARIAT]
    heads = turns[Turn.HEAD] + problem_turns[Turn.HEAD]
    checks = turns[Turn.DIMENSION] + problem_turns[Turn.DIMENSION]
    returned = sum(one.state == State.RETURNED for one in material.waiting_innovations)
    returned += sum(one.state == State.RETURNED for one in material.waiting_problems)
    open_problems = len(material.innovations.unanswered)
    steps = [
        (
            heads,
            ngettext(
                "The heads of agencies approve %(count)s submitted row.",
                "The heads of agencies approve %(count)s submitted rows.",
                heads,
            ),
        ),
        (
            checks,
            ngettext(
                "The dimension coordinators check %(count)s row.",
                "The dimension coordinators check %(count)s rows.",
                checks,
            ),
        ),
        (
            submitted,
            ngettext(
                "The coordinator checks %(count)s submitted innovation.",
                "The coordinator checks %(count)s submitted innovations.",
                submitted,
            ),
        ),
        (
            problems,
            ngettext(
                "The coordinator checks %(count)s submitted problem.",
                "The coordinator checks %(count)s submitted problems.",
                problems,
            ),
        ),
        (
            returned,
            ngettext(
                "The agencies mend %(count)s returned row and submit it again.",
                "The agencies mend %(count)s returned rows and submit them again.",
                returned,
            ),
        ),
        (
            late,
            ngettext(
                "%(count)s agency completes what is asked of it.",
                "%(count)s agencies complete what is asked of them.",
                late,
            ),
        ),
        (
            open_problems,
            ngettext(
                "An innovation is found for %(count)s accepted problem without an answer.",
                "Innovations are found for %(count)s accepted problems without an answer.",
                open_problems,
            ),
        ),
        (
            gaps.dimension,
            ngettext(
                "%(count)s innovation is placed in a dimension.",
                "%(count)s innovations are placed in a dimension.",
                gaps.dimension,
            ),
        ),
        (
            gaps.organisation,
            ngettext(
                "%(count)s innovation receives a responsible agency.",
                "%(count)s innovations receive a responsible agency.",
                gaps.organisation,
            ),
        ),
    ]
    sentences = [text % {"count": number} for number, text in steps if number]
    return [*sentences, _("The parts that are not drawn up yet are completed, and the book is made once more.")]


# ---------------------------------------------------------------- appendices


def innovation_list(_book: Book, _chapter: Chapter, material: Material) -> list[AnyBlock]:
    """All innovations of the plan."""
    return innovation_appendix(material.innovations, material.dimensions)


def problem_list(_book: Book, _chapter: Chapter, material: Material) -> list[AnyBlock]:
    """All accepted problems with their causes."""
    if not material.problems.problems:
        return []
    return [
        Paragraph(
            _(
                "The pages that follow give every accepted problem in full: what happens, what the data say, its priority "
                "as urgency × seriousness × growth, the tree of its causes, and the innovations that answer it. A cause "
                "numbered 1.1 lies behind cause 1."
            )
        ),
        cause_table(material.problems, material.dimensions),
        *cause_chart(material.problems),
        *problem_appendix(material.problems, material.dimensions, material.innovations.answers),
    ]


def sources(_book: Book, _chapter: Chapter, material: Material) -> list[AnyBlock]:
    """Every source that a problem or an indicator names, with what rests on it."""
    used: dict[str, list[str]] = defaultdict(list)
    for source, what in [*problem_sources(material.problems), *innovation_sources(material.innovations)]:
        used[source].append(what)
    if not used:
        return []
    return [
        Table(
            _("Sources that agencies name, and what rests on them"),
            [Column(_("Source"), 3), Column(_("Used for"), 4)],
            [(source, "\n".join(used[source])) for source in sorted(used, key=str.lower)],
            key="sumber-data",
        )
    ]


def missing(_book: Book, _chapter: Chapter, material: Material) -> list[AnyBlock]:
    """What the book still lacks: agencies, rows that wait, and gaps in accepted innovations."""
    blocks: list[AnyBlock] = [
        Table(
            _("Agencies that still owe something"),
            [Column(_("Agency"), 2.4), Column(_("What is awaited"), 4)],
            [
                (row.organisation.name, "\n".join(capital(str(lack)) for lack in row.lacks))
                for row in material.coverage.late
            ],
            key="belum-lengkap",
            empty_text=_("Every agency has delivered what was asked of it."),
        )
    ]
    for rows, caption, key in (
        (material.waiting_innovations, _("Innovations that are not part of the plan yet"), "inovasi-menunggu"),
        (material.waiting_problems, _("Problems that are not part of the plan yet"), "permasalahan-menunggu"),
    ):
        if rows:
            blocks.append(_waiting_table(rows, caption, key))
    points = gap_sentences(material)
    if points:
        blocks += [
            Heading(2, _("Gaps in what is printed"), key="celah", numbered=False),
            Bullets(points),
        ]
    return blocks


def _waiting_table(rows: Iterable[Innovation | Problem], caption: str, key: str) -> Table:
    return Table(
        caption,
        [Column(_("Name"), 4), Column(_("Agency"), 2), Column(_("State"), 1.1)],
        [
            (
                row.title,
                agency_word(row.organisation),
                str(row.get_state_display()),
            )
            for row in rows
        ],
        key=key,
    )


def gap_sentences(material: Material) -> list[Text]:
    """What accepted innovations and problems lack, as sentences with counts."""
    gaps = material.innovations.figures.gaps
    without_priority = sum(problem.priority is None for problem in material.problems.problems)
    found = [
        (
            gaps.money,
            ngettext("%(count)s innovation states no money.", "%(count)s innovations state no money.", gaps.money),
        ),
        (
            gaps.indicator,
            ngettext(
                "%(count)s innovation has no indicator.", "%(count)s innovations have no indicator.", gaps.indicator
            ),
        ),
        (
            gaps.baseline,
            ngettext(
                "%(count)s innovation has no indicator with both baseline and target.",
                "%(count)s innovations have no indicator with both baseline and target.",
                gaps.baseline,
            ),
        ),
        (
            gaps.beneficiaries,
            ngettext(
                "%(count)s innovation does not say whom it serves.",
                "%(count)s innovations do not say whom they serve.",
                gaps.beneficiaries,
            ),
        ),
        (
            gaps.legal_basis,
            ngettext(
                "%(count)s innovation has no legal basis.",
                "%(count)s innovations have no legal basis.",
                gaps.legal_basis,
            ),
        ),
        (
            gaps.organisation,
            ngettext(
                "%(count)s innovation has no responsible agency yet.",
                "%(count)s innovations have no responsible agency yet.",
                gaps.organisation,
            ),
        ),
        (
            without_priority,
            ngettext(
                "%(count)s problem has no priority yet.", "%(count)s problems have no priority yet.", without_priority
            ),
        ),
    ]
    sentences = [text % {"count": number} for number, text in found if number]
    return [
        *sentences,
        *(
            _("No innovation answers the problem “%(title)s” yet.") % {"title": problem.title}
            for problem in material.innovations.unanswered
        ),
    ]


Write = Callable[[Book, Chapter, Material], list[AnyBlock]]
CHAPTERS: dict[str, Write] = {
    "introduction": introduction,
    "vision": vision,
    "strategy": strategy,
    "actions": actions,
    "roadmap": roadmap,
    "money": money,
    "coverage": coverage_chapter,
    "closing": closing,
    "innovation_list": innovation_list,
    "problem_list": problem_list,
    "earlier": earlier,
    "sources": sources,
    "missing": missing,
}
# Chapters that hold nothing but what their sections could be drawn up from.
SKETCHED = frozenset({"actions", "roadmap"})
