"""What the books say about innovations: the opening of a dimension, its findings, and a profile of each innovation."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.accounts.models import Organisation
from praja.foundation.documents.blocks import (
    AnyBlock,
    Bullets,
    Chart,
    Column,
    DimensionPage,
    Facts,
    Heading,
    Missing,
    Paragraph,
    Table,
    Text,
)
from praja.foundation.plans.models import BudgetLine, Dimension, Indicator, Plan, SubDimension
from praja.foundation.ui import charts
from praja.foundation.ui.formats import decimal, percent, rupiah, rupiah_short
from praja.stages.innovations import figures
from praja.stages.innovations.figures import Groups, InnovationFigures, Money
from praja.stages.innovations.models import Innovation, Partner
from praja.stages.problems import figures as problem_figures
from praja.stages.problems.blocks import (
    ProblemMaterial,
    agency_word,
    bold_start,
    capital,
    cause_chart,
    cause_finding,
    in_words,
    problem_lead,
    problem_table,
    quantity,
    word,
)
from praja.stages.problems.models import Problem

PRINTED = (
    "uid", "plan_id", "dimension_id", "sub_dimension_id", "organisation_id", "title", "long_name", "summary", "is_it", "kind",
    "form", "goal", "result", "beneficiaries", "beneficiary_count", "design", "uniqueness", "sustainability", "risk",
    "risk_mitigation", "legal_basis", "source_address", "is_unverified", "stage", "horizon", "start_year", "end_year",
    "organisation__uid", "organisation__name", "organisation__abbreviation", "sub_dimension__names",
)  # fmt: skip
# The databases do not agree where an order without a value stands.
IN_ORDER = (
    F("dimension__order").asc(nulls_first=True), F("sub_dimension__order").asc(nulls_first=True), "title", "pk",
)  # fmt: skip


@dataclass(frozen=True)
class InnovationMaterial:
    """What the books need to know about the innovations of a plan: each part is loaded when a chapter first asks for it."""

    plan: Plan

    @property
    def is_unverified(self) -> bool:
        """Whether they came in by an import, and the region has not confirmed its plan."""
        return self.plan.is_unverified

    @cached_property
    def innovations(self) -> list[Innovation]:
        """Those that are printed, with all that is printed about each, in nine queries."""
        # Only the columns that are printed: identities and times of every row cost more to read than their texts.
        indicators = Indicator.objects.filter(withdrawn_at=None).only(
            "innovation_id", "name", "unit", "level", "baseline", "baseline_year", "source"
        )
        lines = figures.planned_lines(self.plan).only(
            "innovation_id", "year", "source", "kind", "stage", "amount_rupiah", "note"
        )
        return list(
            figures.printed(self.plan)
            .select_related("organisation", "sub_dimension")
            .only(*PRINTED)
            .prefetch_related(
                Prefetch("supporting", Organisation.objects.only("name", "abbreviation")),
                Prefetch("problems", problem_figures.printed(self.plan).only("title")),
                Prefetch("budget_lines", lines),
                Prefetch("indicators", indicators.prefetch_related("targets")),
                Prefetch("partners", Partner.objects.filter(withdrawn_at=None).only("innovation_id", "name")),
            )
            .order_by(*IN_ORDER)
        )

    @cached_property
    def figures(self) -> InnovationFigures:
        """The numbers about them."""
        return figures.innovation_figures(self.plan)

    @cached_property
    def unanswered(self) -> list[Problem]:
        """The problems that nobody answers yet, the most urgent first."""
        rows = figures.unanswered(self.plan).only("dimension_id", "title", "urgency", "seriousness", "growth")
        return sorted(rows, key=lambda problem: (-(problem.priority or 0), problem.pk))

    @cached_property
    def agencies(self) -> dict[int, str]:
        """The names of the agencies that carry an innovation."""
        return {one.organisation.pk: one.organisation.name for one in self.innovations if one.organisation}

    @property
    def source(self) -> str:
        """Where the rows come from, in words."""
        if self.is_unverified:
            return _("published lists that were imported, not verified by the region")
        return _("innovations accepted by the secretariat")

    @cached_property
    def _by_dimension(self) -> dict[int | None, list[Innovation]]:
        found: dict[int | None, list[Innovation]] = defaultdict(list)
        for innovation in self.innovations:
            found[innovation.dimension_id].append(innovation)
        return found

    def of(self, dimension: Dimension | None) -> list[Innovation]:
        """Those of one dimension; with None those that have none yet."""
        return self._by_dimension.get(dimension.pk if dimension else None, [])

    def within(self, dimension: Dimension, sub_dimension: SubDimension | None) -> list[Innovation]:
        """Those of one sub-dimension, or of the dimension without a sub-dimension."""
        wanted = sub_dimension.pk if sub_dimension else None
        return [innovation for innovation in self.of(dimension) if innovation.sub_dimension_id == wanted]

    @cached_property
    def answers(self) -> dict[int, list[str]]:
        """The names of the innovations that answer each problem, by the problem's key; in one query."""
        links = figures.printed(self.plan).filter(problems__in=problem_figures.printed(self.plan).order_by())
        found: dict[int, list[str]] = defaultdict(list)
        for problem, title in links.order_by(*IN_ORDER).values_list("problems__pk", "title"):
            found[problem].append(title)
        return found


# ---------------------------------------------------------------- a dimension


def dimension_blocks(
    innovations: InnovationMaterial,
    problems: ProblemMaterial,
    money: Money,
    dimension: Dimension,
    number: int,
    strategies: Sequence[AnyBlock] = (),
) -> list[AnyBlock]:
    """The section of one dimension: its page, findings, then each sub-dimension with problems and innovations.

    `money` is that of the whole plan, and `strategies` what is said about the goals and strategies of the dimension:
    both come from a later stage.
    """
    own = innovations.of(dimension)
    if not own and not problems.of(dimension):
        return _empty_section(innovations, money, dimension, strategies)
    if not problems.of(dimension) and not any(map(says_more, own)):
        return _short_section(innovations, problems, money, dimension, strategies)
    subs: list[SubDimension | None] = list(dimension.sub_dimensions.all())
    if innovations.within(dimension, None) or problems.within(dimension, None):
        subs.append(None)
    if innovations.is_unverified:  # published lists rarely name sub-dimensions; empty ones would say nothing
        subs = [sub for sub in subs if innovations.within(dimension, sub) or problems.within(dimension, sub)]
    blocks = dimension_opening(innovations, problems, money, dimension, number, strategies)
    for sub in subs:
        blocks += _sub_dimension(innovations, problems, dimension, sub)
    return blocks


def _empty_section(
    innovations: InnovationMaterial, money: Money, dimension: Dimension, strategies: Sequence[AnyBlock]
) -> list[AnyBlock]:
    """A dimension without problems and innovations: its strategies and the money of its actions, or that nothing is there."""
    nothing = (
        _("The published lists name no innovation for this dimension.")
        if innovations.is_unverified
        else _("No problem and no innovation is accepted for this dimension yet.")
    )
    own = money.of(dimension=dimension.pk)
    said: list[AnyBlock] = [Paragraph(dimension_lead(innovations, money, dimension))] if own.total else []
    said += [*strategies, *money_by_year_chart(own, dimension)]
    return [Heading(2, dimension.name, key=dimension.key), *(said or [Missing(nothing)])]


def _short_section(
    innovations: InnovationMaterial,
    problems: ProblemMaterial,
    money: Money,
    dimension: Dimension,
    strategies: Sequence[AnyBlock],
) -> list[AnyBlock]:
    """A dimension of which only names are known: a page of its own colour would open on nothing."""
    own = money.of(dimension=dimension.pk)
    blocks: list[AnyBlock] = [
        Heading(2, dimension.name, key=dimension.key),
        Paragraph(dimension_lead(innovations, money, dimension)),
    ]
    if points := dimension_findings(innovations, problems, own, dimension):
        blocks.append(Bullets(points))
    blocks += innovation_table(
        innovations.of(dimension),
        caption=_("Innovations of %(dimension)s") % {"dimension": dimension},
        key=f"inovasi-{dimension.key}",
        source=innovations.source,
    )
    return [*blocks, *strategies, *money_by_year_chart(own, dimension)]


def dimension_opening(
    innovations: InnovationMaterial,
    problems: ProblemMaterial,
    money: Money,
    dimension: Dimension,
    number: int,
    strategies: Sequence[AnyBlock] = (),
) -> list[AnyBlock]:
    """The page in the dimension's colour, a lead, what the data show, then its strategies."""
    groups = innovations.figures.printed.of(dimension=dimension.pk)
    own = money.of(dimension=dimension.pk)
    figures_of_page = [
        (str(groups.number), ngettext("innovation", "innovations", groups.number)),
        (
            str(len(groups.organisations)) if groups.organisations else "",
            ngettext("agency", "agencies", len(groups.organisations)),
        ),
        (rupiah_short(own.total) if own.total else "", _("planned money")),
        (percent(groups.not_it, groups.it_or_not) if groups.it_or_not else "", _("without an application")),
    ]
    blocks: list[AnyBlock] = [
        DimensionPage(
            key=dimension.key,
            number=number,
            name=dimension.name,
            tagline=" · ".join(map(str, dimension.sub_dimensions.all())),
            figures=[(value, label) for value, label in figures_of_page if value],
            color_key=dimension.color_key,
        )
    ]
    blocks.append(Paragraph(dimension_lead(innovations, money, dimension), "lead"))
    if points := dimension_findings(innovations, problems, own, dimension):
        blocks.append(Bullets(points))
    blocks += strategies or [Missing(_("Goals and strategies for each sub-dimension are not drawn up yet."))]
    blocks += cause_chart(problems, dimension)
    blocks += money_by_year_chart(own, dimension)
    return blocks


def dimension_lead(innovations: InnovationMaterial, money: Money, dimension: Dimension) -> str:
    """What the dimension consists of, and its share of the money of the plan, in one to four sentences."""
    groups = innovations.figures.printed.of(dimension=dimension.pk)
    sentences = [_brings(groups, dimension), _carrying(innovations, groups)]
    if amount := money.of(dimension=dimension.pk).total:
        said = {"money": rupiah(amount), "share": percent(amount, money.total)}
        sentences.append(_("%(money)s is planned for this dimension, %(share)s of the money of the whole plan.") % said)
        sentences.append(outside_innovations(amount - sum(map(money_of, innovations.of(dimension)))))
    return " ".join(filter(None, sentences))


def _brings(groups: Groups, dimension: Dimension) -> str:
    """How many innovations of how many agencies the dimension has."""
    agencies = len(groups.organisations)
    if not groups.number:
        return _("No innovation has been accepted for %(dimension)s yet.") % {"dimension": dimension}
    if not agencies:
        return ngettext(
            "%(dimension)s brings %(count)s innovation; no agency is named for it yet.",
            "%(dimension)s brings %(count)s innovations; no agency is named for them yet.",
            groups.number,
        ) % {"dimension": dimension, "count": groups.number}
    return ngettext(
        "%(dimension)s brings %(count)s innovation of %(agencies)s.",
        "%(dimension)s brings %(count)s innovations of %(agencies)s.",
        groups.number,
    ) % {
        "dimension": dimension,
        "count": groups.number,
        "agencies": ngettext("%(count)s agency", "%(count)s agencies", agencies) % {"count": agencies},
    }


def _carrying(innovations: InnovationMaterial, groups: Groups) -> str:
    """Which agency carries most, where one stands out."""
    ranked = groups.organisations
    if len(ranked) < 2 or ranked[0][1] == 1:
        return ""
    first = [key for key, number in ranked if number == ranked[0][1]]
    if len(first) > 2:
        return ""
    names = in_words([innovations.agencies.get(key, "") for key in first])
    said = {"agency": names, "count": ranked[0][1]}
    if len(first) > 1:
        return _("%(agency)s carry most of them, %(count)s each.") % said
    return _("%(agency)s carries most of them: %(count)s.") % said


def dimension_findings(
    innovations: InnovationMaterial, problems: ProblemMaterial, own: Money, dimension: Dimension
) -> list[Text]:
    """What the data show about a dimension with its own money, as points; only what is so is said."""
    groups = innovations.figures.printed.of(dimension=dimension.pk)
    points = [
        (_("Problems."), problem_lead(problems.of(dimension))),
        (_("Causes."), cause_finding(problems, dimension)),
        (_("Way of working."), _way_of_working(groups)),
        (_("Money."), money_finding(own)),
        (_("Stage."), _stage_finding(groups)),
        (_("Gap."), _gap_finding(innovations, dimension)),
    ]
    return [bold_start(start, text) for start, text in points if text]


def _way_of_working(groups: Groups) -> str:
    """How many need no application, of those that say so."""
    said = {"count": groups.not_it, "total": groups.it_or_not}
    if groups.it_or_not < 2:
        return ""
    if groups.it_or_not < groups.number:
        return _("Of %(total)s that say so, %(count)s need no application.") % said
    if not groups.not_it:
        return _("Every innovation here leans on information technology.")
    if groups.not_it == groups.number:
        return _("No innovation here needs an application: people, rules and places do the work.")
    if groups.not_it * 2 > groups.number:
        return (
            _("Most of them, %(count)s of %(total)s, need no application: people, rules and places do the work.") % said
        )
    return _("%(count)s of %(total)s need no application; the others lean on information technology.") % said


def outside_innovations(amount: int) -> str:
    """How much of some money is for actions that carry out no innovation; nothing where it is none."""
    said = {"money": rupiah(amount)}
    return _("%(money)s of it is for actions outside the innovations.") % said if amount else ""


def money_source() -> str:
    """What the tables and charts of the plan's money add up, in words."""
    return _("budget lines of the innovations and actions of the plan")


def money_finding(money: Money) -> str:
    """When the most money is needed and where most of it comes from."""
    if not money.total:
        return ""
    by_year = money.by("year")
    by_source = money.by("source")
    source, rupiah_of_source = money.sources[0], by_source[(money.sources[0],)]
    from_source = _("%(share)s of it comes from %(source)s") % {
        "share": percent(rupiah_of_source, money.total),
        "source": source_word(source),
    }
    if len(money.sources) == 1:
        from_source = _("all of it comes from %(source)s") % {"source": source_word(source)}
    if len(money.years) == 1:
        return _("All %(money)s falls into %(year)s; %(source)s.") % {
            "money": rupiah(money.total),
            "year": money.years[0],
            "source": from_source,
        }
    peak = max(money.years, key=lambda year: (by_year[(year,)], -year))
    return _("%(money)s is planned for %(first)s to %(last)s, most of it in %(peak)s (%(amount)s); %(source)s.") % {
        "money": rupiah(money.total),
        "first": money.years[0],
        "last": money.years[-1],
        "peak": peak,
        "amount": rupiah(by_year[(peak,)]),
        "source": from_source,
    }


def _stage_finding(groups: Groups) -> str:
    stages = groups.by("stage")
    parts = [
        _("%(count)s %(stage)s") % {"count": stages[stage], "stage": str(stage.label).lower()}
        for stage in (Innovation.Stage.APPLIED, Innovation.Stage.TRIAL, Innovation.Stage.INITIATIVE)
        if stages[stage]
    ]
    if not parts:
        return ""
    if len(parts) == 1 and stages[Innovation.Stage.APPLIED] == groups.number:
        return _("All of them are applied already.")
    return _("By stage: %(stages)s.") % {"stages": in_words(parts)}


def _gap_finding(innovations: InnovationMaterial, dimension: Dimension) -> str:
    """The biggest gap: a problem without an answer, else sub-dimensions without an innovation."""
    open_problems = [problem for problem in innovations.unanswered if problem.dimension_id == dimension.pk]
    sentences = []
    if open_problems:
        sentences.append(
            ngettext(
                "%(count)s accepted problem has no innovation that answers it yet: “%(title)s”.",
                "%(count)s accepted problems have no innovation that answers them yet; the most urgent is “%(title)s”.",
                len(open_problems),
            )
            % {"count": len(open_problems), "title": open_problems[0].title}
        )
    empty = [str(sub) for sub in dimension.sub_dimensions.all() if not innovations.within(dimension, sub)]
    if empty and innovations.of(dimension) and not innovations.is_unverified:
        sentences.append(_("No innovation is accepted yet for %(subs)s.") % {"subs": in_words(empty)})
    return " ".join(sentences)


def money_by_year_chart(money: Money, dimension: Dimension | None = None) -> list[AnyBlock]:
    """Money by year, stacked by source; nothing without money."""
    if not money.total:
        return []
    amounts = money.by("year", "source")
    caption = (
        _("Planned money for %(dimension)s by year and source") % {"dimension": dimension}
        if dimension
        else _("Planned money by year and source")
    )
    sources = money.sources
    picture = charts.bars(
        [charts.Bar(str(year), [amounts[year, source] for source in sources]) for year in money.years],
        title=caption,
        series=[source_word(source) for source in sources],
        write=lambda amount: rupiah_short(int(amount)),
    )
    return [
        Chart(
            caption,
            picture,
            alt=money_finding(money),
            unit="Rp",
            source=money_source(),
            data=money_table(money, caption=caption) if dimension else None,
            key=f"anggaran-{dimension.key if dimension else 'semua'}-per-tahun",
        )
    ]


def money_table(money: Money, *, caption: str, key: str = "") -> Table:
    """Money by source and year with sums, as a table."""
    amounts, by_year, by_source = money.by("source", "year"), money.by("year"), money.by("source")
    return Table(
        caption,
        [
            Column(_("Source of the money"), 2.4),
            *(Column(str(year), 1.2, "rupiah") for year in money.years),
            Column(_("Sum"), 1.3, "rupiah"),
        ],
        [
            (
                source_word(source),
                *(amounts.get((source, year)) for year in money.years),
                by_source[(source,)],
            )
            for source in money.sources
        ],
        total=(_("Sum"), *(by_year[(year,)] for year in money.years), money.total),
        source=money_source(),
        key=key,
        empty_text=_("No money is planned yet."),
    )


# ---------------------------------------------------------------- a sub-dimension


def _sub_dimension(
    innovations: InnovationMaterial, problems: ProblemMaterial, dimension: Dimension, sub: SubDimension | None
) -> list[AnyBlock]:
    """One sub-dimension: lead-in, its problems, its innovations as a table, then their profiles."""
    name = str(sub) if sub else _("Sub-dimension not set yet")
    key = f"{dimension.key}-{sub.key if sub else 'lain'}"
    own, reported = innovations.within(dimension, sub), problems.within(dimension, sub)
    blocks: list[AnyBlock] = [Heading(3, name, key=key)]
    if not own and not reported:
        return [*blocks, Missing(_("No problem and no innovation is accepted for this sub-dimension yet."))]
    blocks.append(Paragraph(_sub_dimension_lead(own, reported)))
    blocks += problem_table(reported, caption=_("Problems: %(sub)s") % {"sub": name}, key=f"permasalahan-{key}")
    caption = _("Innovations: %(sub)s") % {"sub": name}
    blocks += innovation_table(own, caption=caption, key=f"inovasi-{key}", source=innovations.source)
    return blocks + profiles(own)


def profiles(rows: Sequence[Innovation]) -> list[AnyBlock]:
    """The profile of each innovation that says more than its line in the table."""
    return [block for one in rows if says_more(one) for block in profile(one)]


def says_more(one: Innovation) -> bool:
    """Whether an innovation has more to tell than name, agency, kind, stage and money."""
    texts = (one.summary, one.goal, one.result, one.design, one.beneficiaries, one.uniqueness, one.legal_basis)
    return any(text.strip() for text in texts) or bool(
        one.problems.all() or one.indicators.all() or one.budget_lines.all()
    )


def _sub_dimension_lead(own: Sequence[Innovation], reported: Sequence[Problem]) -> str:
    """How problems and innovations meet here, in a few sentences."""
    problems = ngettext("%(count)s problem", "%(count)s problems", len(reported)) % {"count": len(reported)}
    if not own:
        return _("%(problems)s wait here for an innovation that answers them.") % {"problems": problems}
    agencies = len({one.organisation_id for one in own if one.organisation_id})
    said = {
        "problems": problems,
        "innovations": ngettext("%(count)s innovation", "%(count)s innovations", len(own)) % {"count": len(own)},
        "agencies": ngettext("%(count)s agency", "%(count)s agencies", agencies) % {"count": agencies},
        "money": rupiah(sum(map(money_of, own))),
        "people": decimal(sum(one.beneficiary_count or 0 for one in own)),
    }
    if reported and agencies:
        sentences = [_("Here %(problems)s meet %(innovations)s of %(agencies)s.") % said]
    else:
        sentences = [_("Here stand %(innovations)s.") % said]
    if any(one.beneficiary_count for one in own):
        sentences.append(_("They plan %(money)s and count %(people)s beneficiaries.") % said)
    elif any(map(money_of, own)):
        sentences.append(_("They plan %(money)s.") % said)
    answered = {problem.pk for one in own for problem in one.problems.all()}
    left = [problem for problem in reported if problem.pk not in answered]
    if left:
        sentences.append(
            ngettext(
                "%(count)s problem has no answer here yet.", "%(count)s problems have no answer here yet.", len(left)
            )
            % {"count": len(left)}
        )
    elif reported:
        sentences.append(_("Every problem has an answer."))
    return " ".join(sentences)


def innovation_table(rows: Sequence[Innovation], *, caption: str, key: str, source: str) -> list[AnyBlock]:
    """Innovations with agency, IT or not, stage and money; nothing without rows."""
    if not rows:
        return []
    return [
        Table(
            caption,
            [
                Column(_("Innovation"), 3.4),
                Column(_("Agency"), 1.6),
                Column(_("IT"), 0.8),
                Column(_("Stage"), 1.1),
                Column(_("Planned money"), 1.7, "rupiah"),
            ],
            [
                (
                    one.title,
                    agency_word(one.organisation),
                    it_word(one) or None,
                    stage_word(one) or None,
                    money_of(one) or None,
                )
                for one in rows
            ],
            total=(_("Sum"), None, None, None, sum(map(money_of, rows)))
            if len(rows) > 1 and any(map(money_of, rows))
            else None,
            source=source,
            key=key,
        )
    ]


# ---------------------------------------------------------------- one innovation


def profile(one: Innovation) -> list[AnyBlock]:
    """What it is, which problem it answers, how it works, whom it serves, its indicators and its money."""
    blocks: list[AnyBlock] = [Heading(4, one.title, key=f"inovasi-{one.pk}")]
    if one.summary.strip():
        blocks.append(Paragraph(one.summary.strip()))
    if facts := profile_facts(one):
        blocks.append(Facts(facts))
    for start, text in (
        (_("How it works."), one.design),
        (_("What is new."), one.uniqueness),
        (_("How it keeps running."), one.sustainability),
    ):
        if text.strip():
            blocks.append(Paragraph(bold_start(start, text.strip())))
    blocks += indicator_table(one)
    blocks += budget_table(one)
    if lacking := profile_gaps(one):
        blocks.append(Paragraph(_("Not filled in yet: %(names)s.") % {"names": in_words(lacking)}, "note"))
    return blocks


def profile_facts(one: Innovation) -> list[tuple[str, str]]:
    """Pairs of label and value; what is empty is left out."""
    supporting = [row.short_name for row in one.supporting.all()]
    partners = [row.name for row in one.partners.all()]
    count = f" ({decimal(one.beneficiary_count)})" if one.beneficiary_count else ""
    pairs = [
        (_("In full"), one.long_name),
        (_("Agency"), one.organisation.name if one.organisation else _("no agency yet")),
        (_("Problem answered"), "\n".join(problem.title for problem in one.problems.all())),
        (_("Goal"), one.goal),
        (_("Result"), one.result),
        (_("For whom"), f"{one.beneficiaries}{count}".strip()),
        (_("Kind and stage"), _kind_line(one)),
        (_("With"), ", ".join([*supporting, *partners])),
        (_("Legal basis"), one.legal_basis),
        (_("Published at"), one.source_address if one.is_unverified else ""),
        (_("Risk and answer"), " ".join(filter(None, [one.risk.strip(), one.risk_mitigation.strip()]))),
    ]
    return [(label, value.strip()) for label, value in pairs if value.strip()]


def _kind_line(one: Innovation) -> str:
    years = "–".join(str(year) for year in dict.fromkeys([one.start_year, one.end_year]) if year)
    words = [
        it_word(one),
        word(Innovation.Kind, one.kind).lower(),
        word(Innovation.Form, one.form).lower() if one.form != Innovation.Form.OTHER else "",
        stage_word(one).lower(),
        years,
        word(Innovation.Horizon, one.horizon).lower(),
    ]
    return capital(" · ".join(filter(None, words)))


def profile_gaps(one: Innovation) -> list[str]:
    """What a complete profile has and this one lacks, in small letters."""
    lacking = []
    if not one.problems.all():
        lacking.append(_("the problem it answers"))
    if not one.beneficiaries.strip():
        lacking.append(_("beneficiaries"))
    if not one.indicators.all():
        lacking.append(_("indicators"))
    if not one.budget_lines.all():
        lacking.append(_("money"))
    if not one.legal_basis.strip():
        lacking.append(_("legal basis"))
    return lacking


def indicator_table(one: Innovation) -> list[AnyBlock]:
    """Indicators with baseline and yearly targets; nothing without indicators."""
    indicators = list(one.indicators.all())
    if not indicators:
        return []
    targets = [{target.year: target.value for target in indicator.targets.all()} for indicator in indicators]
    years = sorted({year for of_one in targets for year in of_one})[:8]
    sources = dict.fromkeys(indicator.source.strip() for indicator in indicators if indicator.source.strip())
    return [
        Table(
            _("Indicators of %(innovation)s") % {"innovation": one.title},
            [
                Column(_("Indicator"), 3.2),
                Column(_("Level"), 0.9),
                Column(_("Unit"), 1),
                Column(_("Baseline"), 1, align="right"),
                *(Column(str(year), 0.8, align="right") for year in years),
            ],
            [
                (
                    indicator.name,
                    word(Indicator.Level, indicator.level),
                    indicator.unit,
                    _baseline(indicator) or None,
                    *(quantity(of_one.get(year, "")) or None for year in years),
                )
                for indicator, of_one in zip(indicators, targets, strict=True)
            ],
            source="; ".join(sources),
            key=f"indikator-{one.pk}",
        )
    ]


def _baseline(indicator: Indicator) -> str:
    value = quantity(indicator.baseline)
    return f"{value} ({indicator.baseline_year})" if value and indicator.baseline_year else value


def budget_table(one: Innovation) -> list[AnyBlock]:
    """The budget lines with what they buy and their sum; nothing without money."""
    lines = list(one.budget_lines.all())
    if not lines:
        return []
    return [
        Table(
            _("Money for %(innovation)s") % {"innovation": one.title},
            [
                Column(_("Year"), 0.6, "year", "left"),
                Column(_("Source of the money"), 1.7),
                Column(_("For"), 3),
                Column(_("Firmness"), 0.9),
                Column(_("Amount"), 1.5, "rupiah"),
            ],
            [
                (
                    line.year,
                    source_word(line.source),
                    line.note or word(BudgetLine.Kind, line.kind),
                    word(BudgetLine.Stage, line.stage),
                    line.amount_rupiah,
                )
                for line in lines
            ],
            total=(None, _("Sum"), None, None, money_of(one)) if len(lines) > 1 else None,
            key=f"anggaran-{one.pk}",
        )
    ]


def money_of(one: Innovation) -> int:
    """The planned money of an innovation whose lines were loaded with it, in rupiah."""
    return sum(line.amount_rupiah for line in one.budget_lines.all())


def source_word(source: str) -> str:
    """A source of money in words."""
    return word(BudgetLine.Source, source)


def it_word(one: Innovation) -> str:
    """Whether it is IT, in words, or nothing."""
    if one.is_it is None:
        return ""
    return _("IT") if one.is_it else _("Not IT")


def stage_word(one: Innovation) -> str:
    """The stage in words, or nothing."""
    return word(Innovation.Stage, one.stage)


def innovation_sources(material: InnovationMaterial) -> list[tuple[str, str]]:
    """(source, what it is used for) of every indicator, and of every imported innovation."""
    published = [
        (one.source_address, one.title) for one in material.innovations if one.is_unverified and one.source_address
    ]
    return published + [
        (indicator.source.strip(), f"{one.title}: {indicator.name}")
        for one in material.innovations
        for indicator in one.indicators.all()
        if indicator.source.strip()
    ]


def innovation_appendix(material: InnovationMaterial, dimensions: Sequence[Dimension]) -> list[AnyBlock]:
    """All innovations with agency and money: one table a dimension, and one for those without a dimension."""
    blocks: list[AnyBlock] = []
    for dimension in [*dimensions, None]:
        rows = material.of(dimension)
        if not rows:
            continue
        name = str(dimension) if dimension else _("no dimension yet")
        blocks.append(
            Table(
                _("Innovations of %(dimension)s") % {"dimension": name},
                [
                    Column(_("No."), 0.4, "number"),
                    Column(_("Innovation"), 2.4),
                    Column(_("Agency"), 3.4),
                    Column(_("IT"), 0.7),
                    Column(_("Planned money"), 1.5, "rupiah"),
                ],
                [
                    (
                        place,
                        one.title,
                        one.organisation.name if one.organisation else _("no agency yet"),
                        it_word(one) or None,
                        money_of(one) or None,
                    )
                    for place, one in enumerate(rows, start=1)
                ],
                total=(None, _("Sum"), None, None, sum(map(money_of, rows))) if any(map(money_of, rows)) else None,
                source=material.source,
                key=f"daftar-inovasi-{dimension.key if dimension else 'lain'}",
            )
        )
    return blocks
