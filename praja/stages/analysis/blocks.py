"""What the analysis says in the books: SWOT, gaps, the vision with its candidates, missions, and the earlier masterplan."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents.blocks import (
    AnyBlock,
    Bullets,
    Chart,
    Column,
    Facts,
    Heading,
    Missing,
    Paragraph,
    Run,
    Table,
)
from praja.foundation.plans.models import Dimension, Plan
from praja.foundation.ui.formats import long_date
from praja.stages.analysis.gap_pictures import level_chart, number
from praja.stages.analysis.gaps import DimensionGaps, GapBoard, closing_words, gap_board, level_words
from praja.stages.analysis.missions import missions_of
from praja.stages.analysis.models import EarlierItem, EarlierPlan, Gap, SwotStrategy, Vision
from praja.stages.analysis.swot import CROSSED, LETTERS, Swot, keywords_of, plural_of, swot_of

Decision = EarlierItem.Decision
BLANK = "\u00a0"  # an empty cell would be written as a dash


def vision_blocks(plan: Plan) -> list[AnyBlock]:
    """The vision with its acronym, by whom and when it was set; a calm notice while it is not set."""
    vision = Vision.objects.filter(plan=plan).first()
    if vision is None:
        return [Missing(_("The vision has not been set yet."))]
    blocks: list[AnyBlock] = [Paragraph(vision.text, style="lead")]
    if vision.words:
        blocks.append(Paragraph(_("%(acronym)s stands for:") % {"acronym": vision.acronym}))
        blocks.append(Bullets([(Run(f"{pair['letter']}: ", bold=True), Run(pair["word"])) for pair in vision.words]))
    blocks.append(
        Facts(
            [
                (_("Set by"), f"{vision.set_by_title_in_full}, {vision.set_by_name}"),
                (_("Date"), long_date(vision.set_on)),
                (_("Paper"), vision.paper),
            ]
        )
    )
    return blocks


def earlier_blocks(plan: Plan) -> list[AnyBlock]:
    """The earlier masterplan, its numbers, and each of its programmes with what becomes of it; nothing without one."""
    earlier = EarlierPlan.objects.filter(plan=plan).first()
    if earlier is None:
        return []
    # Asked by the name of the relation: innovations come later in the programme. The book prints accepted ones.
    accepted = plan.innovations.accepted().only("title", "earlier_item")
    items = list(
        earlier.items.in_service()
        .select_related("organisation", "dimension")
        .prefetch_related(Prefetch("innovations", accepted, to_attr="taken_up_by"))
    )
    if not items:
        return []
    counts = {value: sum(item.decision == value for item in items) for value in ("", *Decision.values)}
    about = ", ".join(filter(None, (earlier.title, earlier.years, earlier.regulation)))
    sentence = _(
        "The earlier masterplan (%(about)s) held %(total)d programmes: %(continue)d continue, %(change)d change, "
        "%(stop)d stop; %(open)d are not decided yet."
    ) % {"about": about, "total": len(items), "open": counts[""], **counts}
    columns = [
        Column(_("No."), 0.6),
        Column(_("Programme"), 3),
        Column(_("Agency (OPD)"), 1.6),
        Column(_("What becomes of it"), 1.2),
        Column(_("Reason, or what continues it"), 3),
    ]
    rows = [
        (
            item.number or str(number),
            item.title,
            item.organisation.short_name if item.organisation else item.agency_text,
            item.get_decision_display() or _("not decided yet"),
            _outcome(item),
        )
        for number, item in enumerate(items, start=1)
    ]
    caption = _("Programmes of the earlier masterplan and what becomes of them")
    return [Paragraph(sentence), Table(caption, columns, rows, source=about, key="tabel-masterplan-lama")]


def _outcome(item: EarlierItem) -> str:
    titles = [innovation.title for innovation in item.taken_up_by]  # type: ignore[attr-defined]
    continued = _("Innovation: %(titles)s") % {"titles": "; ".join(titles)} if titles else ""
    return "\n".join(filter(None, (item.reason, continued)))


# --- SWOT -------------------------------------------------------------------------------------------------------------


def swot_blocks(plan: Plan) -> list[AnyBlock]:
    """The four lists and the matrix of strategies, of the region and then of each dimension; constant queries."""
    found = swot_of(plan)
    if not found.items:
        return [Missing(_("The SWOT has not been written yet."))]
    counts = {kind: sum(item.kind == kind for item in found.items) for kind in LETTERS}
    lead = _(
        "The analysis names %(strength)d strengths, %(weakness)d weaknesses, %(opportunity)d opportunities and "
        "%(threat)d threats; %(strategies)d strategies follow from them. The codes count over the whole plan."
    ) % {**counts, "strategies": len(found.strategies)}
    blocks: list[AnyBlock] = [Paragraph(lead)]
    if found.strategies:
        blocks.append(Bullets([str(SwotStrategy.Kind(kind).label) for kind in CROSSED]))
    for dimension in found.scopes():
        name = dimension.name if dimension else _("The whole region")
        blocks.append(Heading(3, name))
        blocks += _swot_lists(found, dimension, name)
        blocks += _swot_strategies(found, dimension, name)
    return blocks


def _swot_lists(found: Swot, dimension: Dimension | None, name: str) -> list[AnyBlock]:
    lists = {kind: found.list_of(kind, dimension) for kind in LETTERS}
    if not any(lists.values()):
        return []
    key = dimension.key if dimension else "daerah"
    blocks: list[AnyBlock] = []
    for first, second in (("strength", "weakness"), ("opportunity", "threat")):
        titles = plural_of(first), plural_of(second)
        rows = [
            tuple(f"{found.codes[item.pk]} {item.text}" if item else "" for item in pair)
            for pair in _side_by_side(lists[first], lists[second])
        ]
        sources = dict.fromkeys(item.source for kind in (first, second) for item in lists[kind] if item.source)
        caption = _("%(first)s and %(second)s: %(name)s") % {
            "first": titles[0],
            "second": titles[1].lower(),
            "name": name,
        }
        empty = _("Nothing was written here.")
        blocks.append(
            Table(caption, [Column(title) for title in titles], rows, source="; ".join(sources),
                  key=f"swot-{first}-{key}", empty_text=empty)
        )  # fmt: skip
    return blocks


def _side_by_side(left: list, right: list) -> list[tuple]:
    longest = max(len(left), len(right))
    return [
        (left[place] if place < len(left) else None, right[place] if place < len(right) else None)
        for place in range(longest)
    ]


def _swot_strategies(found: Swot, dimension: Dimension | None, name: str) -> list[AnyBlock]:
    rows = []
    for kind in CROSSED:
        for strategy in found.crossing(kind, dimension):
            codes = [one.code or _("withdrawn") for one in found.rested_on(strategy)]
            rows.append((kind.upper(), strategy.text, ", ".join(codes) or None))
    if not rows:
        return [Missing(_("No strategy was written for this part yet."))]
    columns = [Column(_("Kind"), 0.6), Column(_("Strategy"), 5), Column(_("Rests on"), 1.6)]
    caption = _("Strategies that follow from the SWOT: %(name)s") % {"name": name}
    key = f"strategi-swot-{dimension.key if dimension else 'daerah'}"
    return [Table(caption, columns, rows, key=key)]


# --- gaps -------------------------------------------------------------------------------------------------------------


def gap_blocks(plan: Plan) -> list[AnyBlock]:
    """The levels of all sub-dimensions as a picture, then a wide table for each dimension; constant queries."""
    # Asked by the name of the relation: innovations come later in the programme. The book prints accepted ones.
    board = gap_board(plan, plan.innovations.accepted())
    gaps = list(board.gaps())
    if not gaps:
        return [Missing(_("No gap has been written yet."), [str(sub) for sub in board.without])]
    high = sum(gap.priority == Gap.Priority.HIGH for gap in gaps)
    lead = ngettext("%(count)d gap was found.", "%(count)d gaps were found.", len(gaps)) % {"count": len(gaps)}
    if high:
        lead += " " + ngettext("%(count)d of them is urgent.", "%(count)d of them are urgent.", high) % {"count": high}
    blocks: list[AnyBlock] = [Paragraph(lead), *_level_picture(board)]
    for one in board.dimensions:
        if one.count:
            blocks += [Heading(3, one.dimension.name), _gap_table(one)]
    if board.without:
        names = [f"{sub} ({one.dimension})" for one in board.dimensions for sub in _without(one)]
        blocks.append(Missing(_("For these sub-dimensions no gap was written:"), names))
    return blocks


def _without(one: DimensionGaps) -> list[str]:
    return [str(sub.sub_dimension) for sub in one.subs if not sub.gaps]


def _level_picture(board: GapBoard) -> list[AnyBlock]:
    known = [sub for sub in board.subs() if sub.levels]
    if not known:
        return []
    caption = _("Levels now and wanted of each sub-dimension")
    rows = [(str(sub.sub_dimension), number(sub.levels[0]), number(sub.levels[1])) for sub in known if sub.levels]
    furthest = max(known, key=lambda sub: sub.levels[1] - sub.levels[0] if sub.levels else 0)
    alt = _("The longest way lies before %(sub)s.") % {"sub": furthest.sub_dimension}
    columns = [Column(_("Sub-dimension"), 4), Column(_("Now"), 1, align="right"), Column(_("Wanted"), 1, align="right")]
    return [
        Chart(
            caption,
            level_chart(board, title=caption),
            alt=alt,
            unit=_("mean level of the elements of each sub-dimension, 0 to 4; empty circle: now, full circle: wanted"),
            source=_("gap analysis of the implementation team"),
            data=Table(caption, columns, rows),
            key="tingkat-kesenjangan",
        )
    ]


def _gap_table(one: DimensionGaps) -> Table:
    rows = []
    for sub in one.subs:
        for gap in sub.gaps:
            wanted = "\n".join(filter(None, (gap.wanted, str(gap.wanted_year or ""))))
            closing = [innovation.title for innovation in gap.closing]  # type: ignore[attr-defined]  # of gap_board
            needs = "\n".join(filter(None, (", ".join(closing_words(gap)), gap.needs)))
            rows.append(
                (
                    str(sub.sub_dimension), gap.element, gap.now or None, wanted or None, level_words(gap),
                    "\n".join(filter(None, (gap.gap, gap.cause))) or None, needs or None, ", ".join(closing) or None,
                )
            )  # fmt: skip
    sources = dict.fromkeys(gap.source for sub in one.subs for gap in sub.gaps if gap.source)
    columns = [
        Column(_("Sub-dimension"), 1.3),
        Column(_("What is looked at"), 1.6),
        Column(_("Now"), 2),
        Column(_("Wanted (by)"), 2),
        Column(_("Level"), 0.8, align="center"),
        Column(_("Gap and cause"), 2.2),
        Column(_("What closes it"), 1.8),
        Column(_("Innovations"), 1.3),
    ]
    caption = _("Gaps of %(dimension)s") % {"dimension": one.dimension}
    return Table(
        caption, columns, rows, unit=_("level 0 to 4: now → wanted"), source="; ".join(sources),
        key=f"kesenjangan-{one.dimension.key}", landscape=True,
    )  # fmt: skip


# --- candidates and missions ------------------------------------------------------------------------------------------


def candidate_blocks(plan: Plan) -> list[AnyBlock]:
    """The keywords of the SWOT and the wordings that were made of them; nothing while there is neither."""
    keywords = keywords_of(plan.swot_items.in_service())
    candidates = list(plan.vision_candidates.in_service())
    blocks: list[AnyBlock] = []
    if keywords:
        named = ", ".join(f"{one.word} ({one.times})" for one in keywords[:30])
        blocks.append(Paragraph(_("The SWOT names these keywords for the vision: %(words)s.") % {"words": named}))
    if candidates:
        rows = [
            (
                number_of, candidate.text,
                "\n".join(f"{pair['letter']}: {pair['word']}" for pair in candidate.words) or candidate.acronym or None,
                ", ".join(candidate.keywords) or None, candidate.proposed_by or None,
            )
            for number_of, candidate in enumerate(candidates, start=1)
        ]  # fmt: skip
        columns = [
            Column(_("No."), 0.5), Column(_("Wording"), 3), Column(_("Acronym"), 3.6), Column(_("Keywords"), 1.5),
            Column(_("Proposed by"), 1.6),
        ]  # fmt: skip
        blocks.append(Table(_("Wordings proposed for the vision"), columns, rows, key="calon-visi"))
    return blocks


def mission_blocks(plan: Plan) -> list[AnyBlock]:
    """The missions with their goals and targets, and which missions of the RPJMD they serve; constant queries."""
    found = missions_of(plan)
    if not found.missions:
        return [Missing(_("The missions of the smart city have not been written yet."))]
    blocks: list[AnyBlock] = [Bullets([mission.text for mission in found.missions])]
    rows = []
    for place, mission in enumerate(found.missions, start=1):
        goals = mission.live_goals or [None]  # type: ignore[attr-defined]  # of missions_of
        for line, goal in enumerate(goals):
            told = (goal.text, goal.target or None) if goal else (None, None)
            rows.append((*((str(place), mission.text) if line == 0 else (BLANK, BLANK)), *told))
    columns = [Column(_("No."), 0.5), Column(_("Mission"), 3), Column(_("Goal"), 3), Column(_("Target"), 3)]
    blocks.append(Table(_("Missions, goals and targets of the smart city"), columns, rows, key="misi-tujuan-sasaran"))
    if found.development:
        blocks.append(
            Table(
                _("Missions of the smart city and those of the RPJMD"),
                [Column(_("Mission of the smart city"), 1), Column(_("Missions of the RPJMD it serves"), 1)],
                [
                    (mission.text, "\n".join(str(one) for one in mission.served) or None)  # type: ignore[attr-defined]
                    for mission in found.missions
                ],
                key="misi-rpjmd",
            )
        )
    if found.unserved:
        blocks.append(
            Missing(_("Missions of the RPJMD that no mission here serves:"), [str(one) for one in found.unserved])
        )
    return blocks
