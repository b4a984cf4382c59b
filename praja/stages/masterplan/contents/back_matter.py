"""What closes the books: the next steps, and the appendices with lists, sources and what is still missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from praja.foundation.documents.blocks import Bullets, Column, Heading, Paragraph, Table, Text
from praja.foundation.workflow.models import State
from praja.foundation.workflow.way import Turn, turn_at
from praja.stages.analysis.blocks import earlier_blocks
from praja.stages.innovations.blocks import innovation_appendix, innovation_sources
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.contents.material import Blocks, Material, Place
from praja.stages.problems.blocks import (
    agency_word,
    capital,
    cause_chart,
    cause_table,
    problem_appendix,
    problem_sources,
)
from praja.stages.problems.models import Problem
from praja.stages.roadmap.blocks import warning_blocks


def closing(material: Material, _place: Place) -> Blocks:
    """The next steps that follow from the data; nothing where the data leave none."""
    steps = next_steps(material)
    if not steps:
        return []
    lead = _("The data of the plan leave these steps to be taken:")
    return [Heading(2, _("Next steps"), key="langkah-berikutnya"), Paragraph(lead), Bullets(steps)]


NEXT_STEPS = {
    "head": ngettext_lazy(
        "The heads of agencies approve %(count)s submitted row.",
        "The heads of agencies approve %(count)s submitted rows.",
        "count",
    ),
    "dimension": ngettext_lazy(
        "The dimension coordinators check %(count)s row.",
        "The dimension coordinators check %(count)s rows.",
        "count",
    ),
    "innovations": ngettext_lazy(
        "The coordinator checks %(count)s submitted innovation.",
        "The coordinator checks %(count)s submitted innovations.",
        "count",
    ),
    "problems": ngettext_lazy(
        "The coordinator checks %(count)s submitted problem.",
        "The coordinator checks %(count)s submitted problems.",
        "count",
    ),
    "returned": ngettext_lazy(
        "The agencies mend %(count)s returned row and submit it again.",
        "The agencies mend %(count)s returned rows and submit them again.",
        "count",
    ),
    "late": ngettext_lazy(
        "%(count)s agency completes what is asked of it.",
        "%(count)s agencies complete what is asked of them.",
        "count",
    ),
    "unanswered": ngettext_lazy(
        "An innovation is found for %(count)s accepted problem without an answer.",
        "Innovations are found for %(count)s accepted problems without an answer.",
        "count",
    ),
    "without_dimension": ngettext_lazy(
        "%(count)s innovation is placed in a dimension.",
        "%(count)s innovations are placed in a dimension.",
        "count",
    ),
    "without_agency": ngettext_lazy(
        "%(count)s innovation receives a responsible agency.",
        "%(count)s innovations receive a responsible agency.",
        "count",
    ),
}


def next_steps(material: Material) -> list[Text]:
    """What has to happen before this book can be final, as sentences; only what the data say."""
    waiting: list[Innovation | Problem] = [*material.waiting_innovations, *material.waiting_problems]
    turns = Counter(turn_at(one.state, material.plan) for one in waiting)
    at_secretariat = [one for one in waiting if turn_at(one.state, material.plan) == Turn.SECRETARIAT]
    gaps = material.innovations.figures.gaps
    counts = {
        "head": turns[Turn.HEAD],
        "dimension": turns[Turn.DIMENSION],
        "innovations": sum(isinstance(one, Innovation) for one in at_secretariat),
        "problems": sum(isinstance(one, Problem) for one in at_secretariat),
        "returned": sum(one.state == State.RETURNED for one in waiting),
        "late": len(material.coverage.late),
        "unanswered": len(material.innovations.unanswered),
        "without_dimension": gaps.dimension,
        "without_agency": gaps.organisation,
    }
    steps = _sentences(NEXT_STEPS, counts)
    last = _("The parts that are not drawn up yet are completed, and the book is made once more.")
    return [*steps, last] if steps else []


def _sentences(words: Mapping[str, Any], counts: Mapping[str, int]) -> list[Text]:
    """A sentence for each count that is not nought, in their order."""
    return [words[key] % {"count": number} for key, number in counts.items() if number]


def innovation_list(material: Material, _place: Place) -> Blocks:
    """All innovations of the plan; nothing without any."""
    rows = innovation_appendix(material.innovations, material.dimensions)
    return [Paragraph(_("These are all innovations of this book, by dimension.")), *rows] if rows else []


def problem_list(material: Material, _place: Place) -> Blocks:
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


def earlier(material: Material, _place: Place) -> Blocks:
    """The programmes of the earlier masterplan, and what becomes of each; left out where the region had none."""
    return earlier_blocks(material.plan)


def sources(material: Material, _place: Place) -> Blocks:
    """Every source that a problem or an indicator names, with what rests on it."""
    used: dict[str, list[str]] = defaultdict(list)
    for source, what in [*problem_sources(material.problems), *innovation_sources(material.innovations)]:
        used[source].append(what)
    if not used:
        return []
    return [
        Paragraph(_("What this book says rests on these sources:")),
        Table(
            _("Sources that agencies name, and what rests on them"),
            [Column(_("Source"), 3), Column(_("Used for"), 4)],
            [(source, "\n".join(used[source])) for source in sorted(used, key=str.lower)],
            key="sumber-data",
        ),
    ]


def missing(material: Material, place: Place) -> Blocks:
    """What the book still lacks: its own parts, agencies, rows that wait, warnings, and gaps in accepted innovations."""
    blocks: Blocks = [
        Paragraph(_("This appendix empties itself: what is delivered, accepted or written disappears here."))
    ]
    known = place.outline.by_key
    parts = [
        (known[key].title, "\n".join(sections) or _("the whole chapter"))
        for key, sections in material.open_parts.get(place.outline.book.key, {}).items()
        if not known[key].is_appendix
    ]
    if parts:
        blocks.append(
            Table(
                _("Parts of this book that are not drawn up yet"),
                [Column(_("Chapter"), 2), Column(_("Still to be drawn up"), 4)],
                parts,
                key="belum-disusun",
            )
        )
    blocks.append(
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
    )
    for rows, caption, key in (
        (material.waiting_innovations, _("Innovations that are not part of the plan yet"), "inovasi-menunggu"),
        (material.waiting_problems, _("Problems that are not part of the plan yet"), "permasalahan-menunggu"),
    ):
        if rows:
            blocks.append(_waiting_table(rows, caption, key))
    points = gap_sentences(material)
    if points:
        blocks += [Heading(2, _("Gaps in what is printed"), key="celah"), Bullets(points)]
    if warnings := material.said(warning_blocks):
        blocks += [Heading(2, _("What the action plan should be looked at for"), key="peringatan"), *warnings]
    return blocks


def _waiting_table(rows: Iterable[Innovation | Problem], caption: str, key: str) -> Table:
    return Table(
        caption,
        [Column(_("Name"), 4), Column(_("Agency"), 2), Column(_("State"), 2)],
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


GAPS = {
    "money": ngettext_lazy("%(count)s innovation states no money.", "%(count)s innovations state no money.", "count"),
    "indicator": ngettext_lazy(
        "%(count)s innovation has no indicator.", "%(count)s innovations have no indicator.", "count"
    ),
    "baseline": ngettext_lazy(
        "%(count)s innovation has no indicator with both baseline and target.",
        "%(count)s innovations have no indicator with both baseline and target.",
        "count",
    ),
    "beneficiaries": ngettext_lazy(
        "%(count)s innovation does not say whom it serves.",
        "%(count)s innovations do not say whom they serve.",
        "count",
    ),
    "legal_basis": ngettext_lazy(
        "%(count)s innovation has no legal basis.", "%(count)s innovations have no legal basis.", "count"
    ),
    "organisation": ngettext_lazy(
        "%(count)s innovation has no responsible agency yet.",
        "%(count)s innovations have no responsible agency yet.",
        "count",
    ),
    "priority": ngettext_lazy(
        "%(count)s problem has no priority yet.", "%(count)s problems have no priority yet.", "count"
    ),
}


def gap_sentences(material: Material) -> list[Text]:
    """What accepted innovations and problems lack, as sentences with counts."""
    gaps = material.innovations.figures.gaps
    without_priority = sum(problem.priority is None for problem in material.problems.problems)
    counts = {key: getattr(gaps, key) for key in GAPS if key != "priority"} | {"priority": without_priority}
    open_problems: list[Text] = [
        _("No innovation answers the problem “%(title)s” yet.") % {"title": problem.title}
        for problem in material.innovations.unanswered
    ]
    return _sentences(GAPS, counts) + open_problems
