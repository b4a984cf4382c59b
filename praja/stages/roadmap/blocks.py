"""What the books say about strategies, actions, the roadmap and what does not fit: each function loads with constant queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.accounts.models import Organisation
from praja.foundation.documents.blocks import AnyBlock, Chart, Column, Heading, Missing, Paragraph, Table
from praja.foundation.plans.models import Dimension, Indicator, Plan
from praja.foundation.ui.formats import rupiah
from praja.stages.innovations import figures as innovation_figures
from praja.stages.innovations.models import Innovation
from praja.stages.problems.blocks import agency_word, capital, quantity
from praja.stages.roadmap import figures, timeline, warnings
from praja.stages.roadmap.drawing import Phase
from praja.stages.roadmap.models import Action, Programme, Strategy
from praja.stages.roadmap.timeline import Bar, Names, Step

MOST_NAMES = 12  # innovations that a programme names; the others are counted
MOST_BARS = 17  # actions that a Gantt chart shows in readable type on one page; above it the chart shows programmes
# What comes into use is a milestone of the region; what is only prepared or evaluated is one of the office.
KEY_PHASES = (Phase.TRIAL, Phase.RUNNING, Phase.GROWTH)


# ---------------------------------------------------------------- strategies and programmes


def strategy_blocks(plan: Plan) -> list[AnyBlock]:
    """For each dimension with strategies a heading `strategi-<key>`, a sentence and a table; in seven queries."""
    strategies = list(_strategies(plan))
    if not strategies:
        return []
    own: dict[int, list[Strategy]] = defaultdict(list)
    for strategy in strategies:
        own[strategy.sub_dimension_id].append(strategy)
    counts = Counter(innovation_figures.printed(plan).order_by().values_list("dimension_id", flat=True))
    blocks: list[AnyBlock] = []
    for dimension in plan.dimension_set.dimensions.prefetch_related("sub_dimensions"):
        subs = list(dimension.sub_dimensions.all())
        found = [strategy for sub in subs for strategy in own[sub.pk]]
        if not found:
            continue
        blocks += [
            Heading(3, _("Strategies of %(dimension)s") % {"dimension": dimension}, key=f"strategi-{dimension.key}"),
            Paragraph(_strategy_lead(dimension, found, counts[dimension.pk])),
            _strategy_table(dimension, [(str(sub), strategy) for sub in subs for strategy in own[sub.pk]]),
        ]
        if without := [str(sub) for sub in subs if not own[sub.pk]]:
            blocks.append(Missing(_("Sub-dimensions without a strategy yet:"), without))
    return blocks


def _strategies(plan: Plan) -> Iterable[Strategy]:
    """The strategies in service with `own_programmes`, and those with `own_innovations` that the books print."""
    innovations = innovation_figures.printed(plan).only("title").order_by("title", "pk")
    programmes = Programme.objects.filter(withdrawn_at=None).prefetch_related(
        Prefetch("innovations", innovations, to_attr="own_innovations")
    )
    return plan.strategies.filter(withdrawn_at=None).prefetch_related(
        Prefetch("programmes", programmes, to_attr="own_programmes")
    )


def _programmes(strategy: Strategy) -> list[Programme]:
    return list(getattr(strategy, "own_programmes", ()))


def _innovations(programme: Programme) -> list[Innovation]:
    return list(getattr(programme, "own_innovations", ()))


def _strategy_lead(dimension: Dimension, strategies: Sequence[Strategy], innovations: int) -> str:
    programmes = [programme for strategy in strategies for programme in _programmes(strategy)]
    text = _("%(dimension)s goes forward by %(strategies)s and %(programmes)s.") % {
        "dimension": dimension,
        "strategies": _count_of(
            ngettext("%(count)s strategy", "%(count)s strategies", len(strategies)), len(strategies)
        ),
        "programmes": _count_of(
            ngettext("%(count)s programme", "%(count)s programmes", len(programmes)), len(programmes)
        ),
    }
    gathered = len({innovation.pk for programme in programmes for innovation in _innovations(programme)})
    if innovations:
        told = {"gathered": gathered, "count": innovations}
        text += " " + (
            ngettext(
                "%(gathered)s of its %(count)s innovation stands in a programme.",
                "%(gathered)s of its %(count)s innovations stand in a programme.",
                innovations,
            )
            % told
        )
    return text


def _count_of(words: str, count: int) -> str:
    return words % {"count": count}


def _strategy_table(dimension: Dimension, rows: Sequence[tuple[str, Strategy]]) -> Table:
    return Table(
        _("Targets, strategies and programmes of %(dimension)s") % {"dimension": dimension},
        [
            Column(_("Sub-dimension"), 1.2),
            Column(_("Target"), 2),
            Column(_("Strategy"), 2),
            Column(_("Programmes, with their innovations"), 3),
        ],
        [
            (
                sub,
                strategy.target or None,
                strategy.text,
                "\n".join(map(_programme_words, _programmes(strategy))) or None,
            )
            for sub, strategy in rows
        ],
        source=_("strategies and programmes of the implementation team, innovations in this book"),
        key=f"tabel-strategi-{dimension.key}",
    )


def _programme_words(programme: Programme) -> str:
    """The programme and the names of its innovations; from the twelfth on they are counted."""
    titles = [innovation.title for innovation in _innovations(programme)]
    named = "; ".join(titles[:MOST_NAMES])
    if len(titles) > MOST_NAMES:
        named = _("%(names)s; and %(count)d more") % {"names": named, "count": len(titles) - MOST_NAMES}
    return f"{programme.title}: {named}" if named else programme.title


# ---------------------------------------------------------------- the action plan


@dataclass(frozen=True)
class ActionMaterial:
    """The actions of a plan as the books print them, and their money; loaded once for the tables of all families."""

    plan: Plan

    @cached_property
    def by_family(self) -> dict[str, list[Action]]:
        """The actions of each family in the order of the plan, in eight queries."""
        indicators = Indicator.objects.filter(withdrawn_at=None).prefetch_related("targets")
        # Agencies and sub-dimensions are few, actions are many: each is read once, not with every action.
        rows = timeline.in_order(figures.printed(self.plan)).prefetch_related(
            "organisation",
            "sub_dimension__dimension",
            Prefetch("supporting", Organisation.objects.only("name", "abbreviation")),
            Prefetch("indicators", indicators, to_attr="own_indicators"),
        )
        found: dict[str, list[Action]] = defaultdict(list)
        for action in rows:
            found[action.family].append(action)
        return found

    @cached_property
    def money(self) -> dict[int, int]:
        """Planned rupiah of each action over all years."""
        return {action: sum(years.values()) for action, years in figures.money_of_actions(self.plan).items()}


def action_blocks(material: ActionMaterial, family: str) -> list[AnyBlock]:
    """The actions of one family (a value of Action.Family): a sentence and a table across the page."""
    actions = material.by_family.get(family, [])
    word = str(Action.Family(family).label)
    if not actions:
        return [Missing(_("No action of the family “%(family)s” is drawn up yet.") % {"family": word})]
    money = {action.pk: material.money.get(action.pk, 0) for action in actions}
    total = sum(money.values())
    agencies = {action.organisation_id for action in actions if action.organisation_id}
    lead = ngettext(
        "The family “%(family)s” has %(count)s action.", "The family “%(family)s” has %(count)s actions.", len(actions)
    ) % {"family": word, "count": len(actions)}
    if agencies:
        carried = ngettext("%(count)s agency carries it out.", "%(count)s agencies carry it out.", len(agencies))
        lead += " " + carried % {"count": len(agencies)}
    if total:
        lead += " " + _("%(money)s is planned.") % {"money": rupiah(total)}
    return [
        Paragraph(lead),
        Table(
            _("Action plan: %(family)s") % {"family": word},
            [
                Column(_("Code"), 0.8),
                Column(_("Action"), 2.4),
                Column(_("Output"), 1.6),
                Column(_("Indicator, from baseline to target"), 2.2),
                Column(_("Agency (OPD)"), 1.2),
                Column(_("Years"), 0.8),
                Column(_("Planned money"), 1.3, "rupiah"),
            ],
            [
                (
                    action.code or None,
                    _action_words(action),
                    action.output or None,
                    "\n".join(map(indicator_words, getattr(action, "own_indicators", ()))) or None,
                    _agency_words(action),
                    span_words(action.start_year, action.end_year),
                    money[action.pk] or None,
                )
                for action in actions
            ],
            total=(_("Together"), None, None, None, None, None, total) if total else None,
            source=_("actions of the plan; money as planned, not what was realised"),
            key=f"rencana-aksi-{family}",
            landscape=True,
        ),
    ]


def _action_words(action: Action) -> str:
    """Title, with dimension, place, legal basis and official code as far as they are known."""
    sub = action.sub_dimension
    beside = [
        f"{sub.dimension}, {sub}" if sub else "",
        action.place,
        action.legal_basis,
        _("code %(code)s") % {"code": action.budget_code} if action.budget_code else "",
    ]
    more = "; ".join(filter(None, beside))
    return f"{action.title}\n{more}" if more else action.title


def _agency_words(action: Action) -> str:
    supporting = ", ".join(agency.short_name for agency in action.supporting.all())
    words = agency_word(action.organisation)
    more = [supporting and _("with %(names)s") % {"names": supporting}, action.partners]
    return "\n".join(filter(None, [words, *more]))


def indicator_words(indicator: Indicator) -> str:
    """The name with baseline and last target, as in “Waktu layanan: 40 (2025) → 10 menit (2030)”."""
    targets = list(indicator.targets.all())
    baseline = quantity(indicator.baseline) if indicator.baseline else ""
    if baseline and indicator.baseline_year:
        baseline = f"{baseline} ({indicator.baseline_year})"
    last = f"{quantity(targets[-1].value, indicator.unit)} ({targets[-1].year})" if targets else ""
    change = " → ".join(filter(None, [baseline, last]))
    return f"{indicator.name}: {change}" if change else indicator.name


def span_words(first: int | None, last: int | None) -> str | None:
    """One year, a span as “2026–2028”, or None."""
    if first is None or last is None or first == last:
        return str(first or last) if first or last else None
    return f"{first}–{last}"


# ---------------------------------------------------------------- the roadmap


def roadmap_blocks(plan: Plan, horizon: int | None = None, begin: int = 0) -> list[AnyBlock]:
    """The first `horizon` years of the plan (without one: all), from its year number `begin` on; in six queries.

    Without a horizon it opens with one chart of all dimensions. Then for each dimension a chart of its actions over the
    years (none for a single year), and a table of the milestones.
    """
    years = timeline.all_years(plan)[begin : horizon or None]
    names = timeline.names_of(plan)
    found = [bar for bar in timeline.bars(timeline.in_order(figures.printed(plan))) if any(map(bar.runs_in, years))]
    if not found:
        return [Missing(_("No action with years is drawn up for this part of the roadmap yet."))]
    blocks: list[AnyBlock] = [Paragraph(_roadmap_lead(found, years))]
    if horizon is None:
        blocks.append(overview_chart(found, names, years))
    by_dimension: dict[int | None, list[Bar]] = defaultdict(list)
    for bar in found:
        by_dimension[bar.dimension].append(bar)
    is_long = max(map(len, by_dimension.values())) > MOST_BARS  # all dimensions are drawn alike
    for dimension in [*names.dimensions.values(), None]:
        own = by_dimension.get(dimension.pk if dimension else None, [])
        if own and len(years) > 1:
            blocks.append(_dimension_chart(own, names, years, dimension, is_long=is_long))
    return [*blocks, *_milestones(found, names, years)]


def _roadmap_lead(found: Sequence[Bar], years: Sequence[int]) -> str:
    begun = sum(bar.first in years for bar in found)
    return ngettext(
        "%(count)s action is under way in %(years)s; %(begun)s of them begins then.",
        "%(count)s actions are under way in %(years)s; %(begun)s of them begin then.",
        len(found),
    ) % {"count": len(found), "begun": begun, "years": span_words(years[0], years[-1])}


def overview_chart(found: Sequence[Bar], names: Names, years: Sequence[int]) -> Chart:
    """All dimensions on one page: how many actions of each sub-dimension are under way in which year, by phase."""
    rows = []
    for dimension in [*names.dimensions.values(), None]:
        own = [bar for bar in found if bar.dimension == (dimension.pk if dimension else None)]
        if own:
            groups = timeline.grouped(own, names, by="sub_dimension")
            title = str(dimension) if dimension else _("without a dimension")
            rows.append((title, dimension.color_key if dimension else "", groups))
    caption = _("The roadmap at a glance, %(years)s") % {"years": span_words(years[0], years[-1])}
    svg = timeline.summary(rows, years, title=caption)
    alt = "; ".join(f"{title}: {sum(len(bars) for _name, bars in groups)}" for title, _key, groups in rows)
    running = [(year, sum(bar.runs_in(year) for bar in found)) for year in years]
    data = Table(caption, [Column(_("Year"), 1, "year"), Column(_("Actions under way"), 1, "number")], running)
    return Chart(
        caption, svg, alt=_("Number of actions: %(counts)s") % {"counts": alt}, unit=_("number of actions"),
        source=_("actions of the plan"), data=data, key="peta-jalan-ringkas",
    )  # fmt: skip


def short_overview_chart(found: Sequence[Bar], names: Names, years: Sequence[int]) -> Chart:
    """All dimensions in a picture that fits on a slide: how many actions of each are under way in which year, by phase."""
    groups = []
    for dimension in [*names.dimensions.values(), None]:
        own = [bar for bar in found if bar.dimension == (dimension.pk if dimension else None)]
        if own:
            groups.append((str(dimension) if dimension else _("without a dimension"), own))
    whole = overview_chart(found, names, years)
    svg = timeline.summary([(_("Actions"), "", groups)], years, title=whole.caption)
    return replace(whole, svg=svg)


def _dimension_chart(
    own: Sequence[Bar], names: Names, years: Sequence[int], dimension: Dimension | None, *, is_long: bool
) -> Chart:
    """The actions of a dimension over the years, or its programmes where the actions would fill more than a page."""
    title = str(dimension) if dimension else _("without a dimension")
    key, color_key = (dimension.key, dimension.color_key) if dimension else ("lain", "")
    caption = _("Roadmap %(dimension)s, %(years)s") % {"dimension": title, "years": span_words(years[0], years[-1])}
    groups = timeline.grouped(own, names)
    svg = (
        timeline.summary([(title, color_key, groups)], years, title=caption)
        if is_long
        else timeline.gantt(groups, years, title=caption, color_key=color_key)
    )
    count = ngettext("%(count)s action", "%(count)s actions", len(own)) % {"count": len(own)}
    running = [(year, sum(bar.runs_in(year) for bar in own)) for year in years]
    return Chart(
        caption, svg, alt=f"{title}: {count}", unit=_("number of actions of each programme") if is_long else "",
        source=_("actions of the plan"), key=f"peta-jalan-{key}-{years[0]}-{years[-1]}", landscape=not is_long,
        data=Table(caption, [Column(_("Year"), 1, "year"), Column(_("Actions under way"), 1, "number")], running),
    )  # fmt: skip


def _milestones(found: Sequence[Bar], names: Names, years: Sequence[int]) -> list[AnyBlock]:
    """What comes into use when, year by year; a sentence where nothing is written."""
    rows = sorted(((step.year, bar, step) for bar in found for step in _key_steps(bar, years)), key=lambda row: row[0])
    if not rows:
        return [Missing(_("No milestone is written for these years yet."))]
    return [
        Paragraph(_("One sees by these milestones how far the plan has come:")),
        Table(
            _("Milestones, %(years)s") % {"years": span_words(years[0], years[-1])},
            [
                Column(_("Year"), 0.5, "year"),
                Column(_("Milestone"), 2.4),
                Column(_("Action"), 2.4),
                Column(_("Phase"), 1),
                Column(_("Agency (OPD)"), 1),
            ],
            [
                (year, step.milestone, bar.name, step.word, names.agencies.get(bar.organisation or 0))
                for year, bar, step in rows
            ],
            source=_("actions of the plan"),
            key=f"tonggak-{years[0]}-{years[-1]}",
        ),
    ]


def _key_steps(bar: Bar, years: Sequence[int]) -> list[Step]:
    """The steps by which something comes into use; of an action without such ones the last with a milestone."""
    written = [step for step in bar.steps_in(years) if step.milestone]
    key = [step for step in written if step.phase in KEY_PHASES]
    any_key = any(step.milestone and step.phase in KEY_PHASES for steps in bar.steps.values() for step in steps)
    return key if any_key else written[-1:]


# ---------------------------------------------------------------- what does not fit


def warning_blocks(plan: Plan) -> list[AnyBlock]:
    """What does not fit together in the action plan, with what to do; nothing where all is well."""
    found = warnings.warnings_of(warnings.load(plan))
    if not found:
        return []
    counts: Mapping[warnings.Kind, int] = Counter(warning.kind for warning in found)
    said = "; ".join(f"{str(kind.label).lower()} ({counts[kind]})" for kind in warnings.Kind if counts.get(kind))
    lead = ngettext(
        "%(count)s thing in the action plan does not fit yet: %(kinds)s.",
        "%(count)s things in the action plan do not fit yet: %(kinds)s.",
        len(found),
    ) % {"count": len(found), "kinds": said}
    return [
        Paragraph(capital(lead)),
        Table(
            _("What does not fit together in the action plan"),
            [Column(_("About"), 1.4), Column(_("What is so"), 3), Column(_("What to do"), 2.4)],
            [(str(warning.kind.label), warning.sentence, warning.advice) for warning in found],
            source=_("comparison of actions, money and what agencies can carry"),
            key="peringatan-rencana-aksi",
        ),
    ]
