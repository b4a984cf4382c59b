"""What the books say about the readiness and the statistics of a region, each table with a sentence before it."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from praja.foundation.documents.blocks import AnyBlock, Chart, Column, Heading, Missing, Paragraph, Table
from praja.foundation.instruments import scoring
from praja.foundation.plans.models import Plan
from praja.foundation.statistics.figures import figures_of
from praja.foundation.statistics.models import Statistic
from praja.foundation.ui.formats import decimal
from praja.stages.readiness.figures import Component, Element, Readiness, readiness_of
from praja.stages.readiness.radar import Axis, radar


def readiness_blocks(plan: Plan) -> list[AnyBlock]:
    """The result of each component as radar and table, then every component with its elements; three queries."""
    found = readiness_of(plan)
    if not found.answered:
        return [
            Missing(
                _("The readiness of the region has not been assessed yet."),
                [component.name for component in found.components],
            )
        ]
    blocks: list[AnyBlock] = [Paragraph(finding(found)), readiness_chart(found)]
    blocks += [Paragraph(_("The table gives the result of each component and what it rests on.")), result_table(found)]
    for component in found.components:
        if any(element.is_answered for element in component.elements):
            blocks += component_blocks(component, found.best)
    if waiting := [element.node.name for element in found.elements if not element.is_answered]:
        blocks.append(Missing(_("Elements that have not been assessed yet:"), waiting))
    return blocks


def finding(found: Readiness) -> str:
    """The whole in two or three sentences: how much was assessed, the result, the strongest and the weakest component."""
    text = ngettext(
        "%(answered)s of %(count)s element of the region's readiness has been assessed.",
        "%(answered)s of %(count)s elements of the region's readiness have been assessed.",
        len(found.elements),
    ) % {"answered": found.answered, "count": len(found.elements)}
    if found.level is None:
        return text
    said = {"level": decimal(found.level, 2), "best": decimal(found.best), "band": found.band_name.lower()}
    text += " " + _("The result is %(level)s of %(best)s (%(band)s), the mean of the components.") % said
    return f"{text} {ends}" if (ends := strongest_and_weakest(found)) else text


def strongest_and_weakest(found: Readiness) -> str:
    """The two ends of the result as a sentence; "" where there is no difference."""
    ordered = found.with_result()
    if len(ordered) < 2 or ordered[0].score.value == ordered[-1].score.value:
        return ""
    return _("Strongest is %(first)s (%(first_level)s); most work waits in %(last)s (%(last_level)s).") % {
        "first": ordered[0].name,
        "first_level": decimal(ordered[0].level or 0, 2),
        "last": ordered[-1].name,
        "last_level": decimal(ordered[-1].level or 0, 2),
    }


def axes(found: Readiness) -> list[Axis]:
    """The components as directions of the radar."""
    return [Axis(component.name, component.level) for component in found.components]


def chart_title(found: Readiness) -> str:
    """What the radar shows."""
    return _("Readiness by component, from 0 to %(best)s") % {"best": decimal(found.best)}


def picture(found: Readiness, *, is_tight: bool = False) -> str:
    """The radar as the text of an SVG."""
    rings = len(found.instrument.scale) if found.instrument else 1
    return radar(axes(found), title=chart_title(found), best=found.best, rings=rings, is_tight=is_tight)


def readiness_chart(found: Readiness) -> Chart:
    """The radar, with its figures in words."""
    caption = _("Readiness of the region by component")
    levels = "; ".join(f"{axis.name} {_level(axis.level)}" for axis in axes(found))
    return Chart(
        caption,
        picture(found),
        alt=f"{chart_title(found)}: {levels}.",
        unit=_("level, 1 very weak to %(best)s very good") % {"best": decimal(found.best)},
        source=_source(found),
        data=Table(
            caption,
            [Column(_("Component"), 3), Column(_("Level"), 1, "number")],
            [(axis.name, axis.level) for axis in axes(found)],
        ),
        key="kesiapan-radar",
    )  # fmt: skip


def result_table(found: Readiness) -> Table:
    """The result of every component and group, with how much of it was assessed."""
    rows: list[tuple[str | int | Decimal | None, ...]] = []
    for component in found.components:
        rows.append(_result(component))
        rows += [_result(group, indent="\u00a0\u00a0\u00a0\u00a0") for group in component.groups]
    score = found.whole
    return Table(
        _("Result of the readiness by component"),
        [
            Column(_("Component"), 3),
            Column(_("Level"), 0.9, "number"),
            Column(_("Meaning"), 1.3),
            Column(_("Elements with a level"), 1.3, align="right"),
            Column(_("No data yet"), 1, "number"),
        ],
        rows,
        total=(
            _("Whole region"),
            found.level,
            found.band_name,
            _of(score.given, score.asked),
            score.counts.get(scoring.NOT_AVAILABLE, 0),
        ),
        unit=_("level, mean of the elements with equal weight in each group"),
        source=_source(found),
        key="kesiapan-hasil",
    )


def _result(component: Component, indent: str = "") -> tuple[str | int | Decimal | None, ...]:
    score = component.score
    return (
        f"{indent}{component.name}",
        component.level,
        component.band_name,
        _of(score.given, score.asked),
        score.counts.get(scoring.NOT_AVAILABLE, 0),
    )


def component_blocks(component: Component, best: Decimal) -> list[AnyBlock]:
    """One component: a sentence about it and the table of its elements."""
    elements = [element for element in component.elements if element.is_answered]
    caption = _("Elements of %(component)s") % {"component": component.name}
    return [
        Heading(3, component.name, key=f"kesiapan-{component.node.key}"),
        Paragraph(component_finding(component, elements, best)),
        Table(
            caption,
            [
                Column(_("Element"), 1.5),
                Column(_("Level"), 1),
                Column(_("Condition now"), 3),
                Column(_("Figure and source"), 1.9),
                Column(_("Recommendation"), 2.3),
            ],
            [_element(element) for element in elements],
            source=_("assessment of the implementation team; sources of the figures stand beside them"),
            key=f"kesiapan-elemen-{component.node.key}",
        ),
    ]


def component_finding(component: Component, elements: Iterable[Element], best: Decimal) -> str:
    """The lead-in of a component's table."""
    elements = list(elements)
    if component.level is None:
        return _("None of the elements of %(component)s has a level yet; the table says why.") % {
            "component": component.name
        }
    said = {
        "component": component.name,
        "level": decimal(component.level, 2),
        "best": decimal(best),
        "band": component.band_name.lower(),
    }
    text = _("%(component)s reaches %(level)s of %(best)s (%(band)s).") % said
    levels = {element.node.key: element for element in elements if element.state == scoring.GIVEN}
    order = sorted(component.score.contributions, key=lambda one: one.value)
    if len(order) > 1 and order[0].value != order[-1].value:
        weakest = [levels[one.key].node.name for one in order if one.value == order[0].value]
        names = ", ".join(weakest[:3])
        text += " " + ngettext("Lowest is: %(names)s.", "Lowest are: %(names)s.", len(weakest)) % {"names": names}
    return text


def _element(element: Element) -> tuple[str, str, str | None, str | None, str | None]:
    answer = element.answer
    assert answer is not None
    level = f"{answer.level}\n{element.level_name}" if answer.level else element.level_name
    name = f"{element.node.name}\n({element.group})" if element.group else element.node.name
    return name, level, answer.condition or None, figure_text(element) or None, answer.recommendation or None


def figure_text(element: Element) -> str:
    """The figure with unit, year and source; empty without a figure."""
    answer = element.answer
    if answer is None or not answer.figure:
        return ""
    year = f" ({answer.year})" if answer.year else ""
    source = answer.source or _("not named yet")
    return f"{decimal(Decimal(answer.figure))} {answer.unit}{year}\n" + _("Source: %(source)s") % {"source": source}


def _source(found: Readiness) -> str:
    name = found.instrument.name if found.instrument else ""
    return _("assessment of the implementation team with the instrument “%(name)s”") % {"name": name}


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": part, "whole": whole}


def _level(level: Decimal | None) -> str:
    return _("without result") if level is None else decimal(level, 2)


# ---------------------------------------------------------------- statistics


def statistics_blocks(plan: Plan) -> list[AnyBlock]:
    """The figures of the region with year and source, the latest of each kind; one query."""
    figures = figures_of(plan.government)
    if not figures:
        return [Missing(_("No figure of the region has been written yet."))]
    blocks: list[AnyBlock] = [Paragraph(statistics_finding(figures)), statistics_table(figures)]
    if any(figure.is_prefilled for figure in figures):
        blocks.append(
            Paragraph(_("* Taken over from reference data; the region has not looked at it yet."), style="note")
        )
    return blocks


def statistics_finding(figures: list[Statistic]) -> str:
    """The lead-in of the table: people and area with how dense they live, then what the table holds."""
    by_key = {figure.key: figure for figure in figures}
    people, area = by_key.get("population"), by_key.get("area")
    text = ""
    if people and area and people.unit == "jiwa" and area.unit == "km²" and area.number > 0:
        text = _("%(people)s people live on %(area)s km², which are %(density)s people for each km².") % {
            "people": decimal(people.number),
            "area": decimal(area.number),
            "density": decimal(people.number / area.number, 0),
        }
    rest = ngettext(
        "The table holds %(count)s figure of the region with its year and source.",
        "The table holds %(count)s figures of the region, each with its year and source.",
        len(figures),
    ) % {"count": len(figures)}
    return f"{text} {rest}".strip()


def statistics_table(figures: list[Statistic]) -> Table:
    """Name, figure, unit, year and source; provisional ones say so."""
    return Table(
        _("The region in figures"),
        [
            Column(_("Indicator"), 2.6),
            Column(pgettext("a number", "Figure"), 1.2, align="right"),
            Column(_("Unit"), 1.3),
            Column(_("Year"), 0.6, "year"),
            Column(_("Source"), 2.6),
        ],
        [
            (
                f"{figure.title}{'*' if figure.is_prefilled else ''}",
                decimal(figure.number),
                figure.unit,
                figure.year,
                f"{figure.source} ({_('provisional')})"
                if figure.status == Statistic.Status.PROVISIONAL
                else figure.source,
            )
            for figure in figures
        ],
        source=_("as named in each row"),
        key="statistik-daerah",
    )
