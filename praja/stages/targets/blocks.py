"""What this stage says in the books: the RPJMD with its targets, and how far the innovations are aligned with it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from praja.foundation.accounts.models import Organisation
from praja.foundation.documents.blocks import (
    AnyBlock,
    Bullets,
    Cell,
    Chart,
    Column,
    Heading,
    Missing,
    Paragraph,
    Run,
    Table,
)
from praja.foundation.plans.models import Indicator, Plan
from praja.foundation.ui import charts
from praja.foundation.ui.formats import decimal, percent
from praja.stages.targets.figures import holes, orphans, printed
from praja.stages.targets.forms import years_of
from praja.stages.targets.models import DevelopmentPlan, Flagship, Target
from praja.stages.targets.tree import MissionBranch, flagships_of, tree_of

AS_ABOVE = "\u00a0"  # an empty cell would be a dash: nothing there; this one is the cell above, going on


def target_blocks(plan: Plan) -> list[AnyBlock]:
    """Vision, missions, the table of goals, targets and indicators, and the flagship programmes; twelve queries."""
    row = DevelopmentPlan.objects.filter(plan=plan).first()
    if row is None:
        return [Missing(_("The RPJMD has not been recorded yet."))]
    row.plan = plan  # its years are loaded already
    branches, flagships = tree_of(row), flagships_of(row)
    source = source_of(row)
    blocks: list[AnyBlock] = [Paragraph(_lead(row, branches))]
    if row.vision:
        blocks += [Heading(3, _("Vision of the RPJMD")), Paragraph(row.vision, style="quote")]
    if branches:
        blocks += [
            Heading(3, _("Missions of the RPJMD")),
            Paragraph(_("The vision is carried out through these missions:")),
            _mission_list(branches),
            Heading(3, _("Goals, targets and indicators")),
            Paragraph(_("The table shows what the RPJMD promises for each goal, how it is measured, and the value of each year.")),
            _target_table(row, branches, source),
        ]  # fmt: skip
    else:
        blocks.append(Missing(_("The missions, goals and targets of the RPJMD have not been entered yet.")))
    if flagships:
        blocks += [
            Heading(3, _("Flagship programmes of the head of region")),
            Paragraph(
                _("The head of region carries these programmes; the last column shows which targets they serve.")
            ),
            _flagship_table(flagships, source),
        ]
    return blocks


def source_of(row: DevelopmentPlan) -> str:
    """The RPJMD as a source under tables."""
    return ", ".join(filter(None, (row.title, row.regulation)))


def _lead(row: DevelopmentPlan, branches: Sequence[MissionBranch]) -> str:
    years = f"{row.year_from}–{row.year_to}" if row.year_from and row.year_to else ""
    about = ", ".join(filter(None, (row.title, row.regulation)))
    targets = [target for branch in branches for target in branch.targets]
    said = {
        "about": about,
        "years": years,
        "missions": ngettext("%(count)d mission", "%(count)d missions", len(branches)) % {"count": len(branches)},
        "goals": _count_of(sum(len(branch.goals) for branch in branches)),
        "targets": npgettext("RPJMD", "%(count)d target", "%(count)d targets", len(targets)) % {"count": len(targets)},
        "indicators": _indicator_count(sum(len(_lines(target)) for target in targets)),
    }
    if years and years not in about:
        return _("The masterplan is aligned with %(about)s (%(years)s). It holds %(missions)s, %(goals)s, %(targets)s and %(indicators)s.") % said  # fmt: skip
    return _("The masterplan is aligned with %(about)s. It holds %(missions)s, %(goals)s, %(targets)s and %(indicators)s.") % said  # fmt: skip


def _count_of(goals: int) -> str:
    return ngettext("%(count)d goal", "%(count)d goals", goals) % {"count": goals}


def _indicator_count(lines: int) -> str:
    return ngettext("%(count)d indicator", "%(count)d indicators", lines) % {"count": lines}


def _mission_list(branches: Sequence[MissionBranch]) -> Bullets:
    """The missions, numbered by the list where it counts as they do, else with their own numbers before them."""
    missions = [branch.mission for branch in branches]
    if all(mission.number.rstrip(".") in ("", str(place)) for place, mission in enumerate(missions, start=1)):
        return Bullets([mission.text for mission in missions], ordered=True)
    return Bullets([(Run(f"{mission.number}  ", bold=True), Run(mission.text)) for mission in missions])


def _lines(target: Target) -> list[Indicator]:
    return list(target.indicators_in_order)  # type: ignore[attr-defined]  # tree_of fetched them


def _target_table(row: DevelopmentPlan, branches: Sequence[MissionBranch], source: str) -> Table:
    years = years_of(row)
    of_year = baseline_year(line for branch in branches for target in branch.targets for line in _lines(target))
    columns = [
        Column(_("Goal"), 2.2),
        Column(pgettext("RPJMD", "Target"), 2.4),
        Column(_("Indicator"), 2.4),
        Column(_("Unit"), 0.9),
        Column(f"{_('Baseline')} {of_year}" if of_year else _("Baseline"), 0.9, "number"),
        *(Column(str(year), 0.75, "number") for year in years),
    ]
    rows: list[tuple[Cell, ...]] = []
    for goal in (goal for branch in branches for goal in branch.goals):
        below = [cells for target in goal.targets for cells in _rows_of(target, years, of_year)]
        below = below or [(None,) * (len(columns) - 1)]
        rows += [(str(goal.goal) if place == 0 else AS_ABOVE, *cells) for place, cells in enumerate(below)]
    return Table(
        _("Goals, targets and indicators of the RPJMD"),
        columns,
        rows,
        source=source,
        key="tabel-sasaran-rpjmd",
        landscape=True,
        empty_text=_("No goal has been entered yet."),
    )


def _rows_of(target: Target, years: Sequence[int], of_year: int | None) -> list[tuple[Cell, ...]]:
    """A row for each indicator of a target, which is named in the first; one row when it has none."""
    rows: list[tuple[Cell, ...]] = []
    for line in _lines(target):
        values = {one.year: one.value for one in line.targets.all()}
        words = (
            AS_ABOVE if rows else str(target),
            line.name,
            line.unit,
            number_of(line.baseline) if of_year else dated(line),
        )
        rows.append((*words, *(number_of(values.get(year, "")) for year in years)))
    return rows or [(str(target), *[None] * (3 + len(years)))]


def baseline_year(lines: Iterable[Indicator]) -> int | None:
    """The year of all baselines, where they share one."""
    years = {line.baseline_year for line in lines if line.baseline}
    return years.pop() if len(years) == 1 else None


def dated(line: Indicator) -> Cell:
    """A baseline with its year in brackets."""
    value = decimal(Decimal(line.baseline)) if isinstance(number_of(line.baseline), Decimal) else line.baseline
    return f"{value} ({line.baseline_year})" if line.baseline and line.baseline_year else value or None


def number_of(text: str) -> Cell:
    """A stored value as a number for a table; None for none, the text itself where it is no number."""
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _flagship_table(flagships: Sequence[Flagship], source: str) -> Table:
    columns = [
        Column(_("No."), 0.5),
        Column(_("Flagship programme"), 2.4),
        Column(_("Dimensions"), 1.4),
        Column(_("Agencies (OPD)"), 1.6),
        Column(_("Targets it serves"), 3),
    ]
    rows = [
        (
            flagship.number or str(place),
            flagship.text,
            "\n".join(str(one) for one in flagship.dimensions.all()) or None,
            "\n".join(one.short_name for one in flagship.agencies.all()) or None,
            "\n".join(str(one) for one in flagship.targets.all()) or None,
        )
        for place, flagship in enumerate(flagships, start=1)
    ]
    return Table(_("Flagship programmes of the head of region"), columns, rows, source=source, key="tabel-unggulan")


# --- alignment --------------------------------------------------------------------------------------------------------


def alignment_blocks(plan: Plan) -> list[AnyBlock]:
    """Which innovation of the plan serves which target, what serves none, and which target nobody serves; seven queries."""
    row = DevelopmentPlan.objects.filter(plan=plan).first()
    # Asked by the name of the relation: innovations come later in the programme.
    innovations: Any = plan.innovations.filter(printed(plan)).select_related("organisation").order_by("title", "pk")
    serving = Prefetch("innovations", innovations, to_attr="serving")
    targets = list(Target.objects.of(plan).select_related("goal__mission").prefetch_related(serving))
    if row is None or not targets:
        return [
            Missing(_("The targets of the RPJMD have not been entered yet, so that nothing can be aligned with them."))
        ]
    alone = list(holes(plan, printed).prefetch_related("agencies"))
    without = list(orphans(innovations).select_related("organisation", "dimension"))
    total = innovations.count()
    blocks: list[AnyBlock] = [
        Paragraph(_finding(len(targets) - len(alone), len(targets), total - len(without), total)),
        _chart(targets, source_of(row)),
        Paragraph(_("The table shows for each target which innovations of the masterplan serve it.")),
        Table(
            _("Targets of the RPJMD and the innovations that serve them"),
            [Column(pgettext("RPJMD", "Target"), 3), Column(_("Innovations"), 4), Column(_("Number"), 0.8, "number")],
            [(str(target), _titles(target) or None, len(_serving(target))) for target in targets],
            source=_("innovations of the masterplan"),
            key="tabel-keselarasan",
        ),
    ]
    if alone:
        blocks += [
            Heading(3, _("Targets that no innovation serves yet")),
            Paragraph(_("These targets wait for an innovation; the agencies that answer for them stand beside.")),
            Table(
                _("Targets that no innovation serves yet"),
                [Column(pgettext("RPJMD", "Target"), 4), Column(_("Agencies (OPD)"), 2)],
                [(str(one), _agencies(one.agencies.all()) or None) for one in alone],
                source=_("innovations of the masterplan"),
                key="tabel-sasaran-belum-didukung",
            ),
        ]
    if without:
        blocks += [
            Heading(3, _("Innovations that serve no target yet")),
            Paragraph(_("These innovations belong to the masterplan and do not say yet which target they serve.")),
            Table(
                _("Innovations that serve no target yet"),
                [Column(_("Innovation"), 3), Column(_("Agency (OPD)"), 2), Column(_("Dimension"), 1.6)],
                [
                    (one.title, one.organisation.short_name if one.organisation else None, str(one.dimension) if one.dimension else None)
                    for one in without
                ],
                source=_("innovations of the masterplan"),
                key="tabel-inovasi-tanpa-sasaran",
            ),
        ]  # fmt: skip
    return blocks


def _serving(target: Target) -> list[Any]:
    return list(target.serving)  # type: ignore[attr-defined]  # alignment_blocks fetched them


def _titles(target: Target) -> str:
    return "\n".join(
        f"{one.title} ({one.organisation.short_name})" if one.organisation else one.title for one in _serving(target)
    )


def _agencies(rows: Iterable[Organisation]) -> str:
    return ", ".join(one.short_name for one in rows)


def _finding(served: int, targets: int, linked: int, innovations: int) -> str:
    """How far both meet, in two sentences."""
    first = _("%(served)d of %(targets)d targets of the RPJMD (%(share)s) are served by an innovation of the masterplan.") % {
        "served": served, "targets": targets, "share": percent(served, targets),
    }  # fmt: skip
    if not innovations:
        return first
    second = _("%(linked)d of %(innovations)d innovations (%(share)s) name the target that they serve.") % {
        "linked": linked, "innovations": innovations, "share": percent(linked, innovations),
    }  # fmt: skip
    return f"{first} {second}"


def _chart(targets: Sequence[Target], source: str) -> Chart:
    """The targets of each mission, served and not served."""
    counts: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for target in targets:
        mission = target.goal.mission
        names[mission.pk] = str(mission)
        counts.setdefault(mission.pk, [0, 0])[0 if _serving(target) else 1] += 1
    series = [_("served by an innovation"), _("not served yet")]
    caption = _("Targets of the RPJMD by mission, served and not served yet")
    rows = [(names[pk], yes, no) for pk, (yes, no) in counts.items()]
    return Chart(
        caption,
        charts.bars([charts.Bar(name, [yes, no]) for name, yes, no in rows], title=caption, series=series),
        alt="; ".join(f"{name}: {yes} {series[0]}, {no} {series[1]}" for name, yes, no in rows),
        unit=_("number of targets"),
        source=source,
        data=Table(
            caption,
            [Column(_("Mission"), 3), Column(series[0], 1, "number"), Column(series[1], 1, "number")],
            rows,
        ),
        key="gambar-keselarasan",
    )
