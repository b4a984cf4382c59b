"""What the books say about quick wins: how they were chosen, as the frozen sheet tells it, and a profile of each one."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from praja.foundation.accounts.models import Organisation
from praja.foundation.documents.blocks import (
    AnyBlock,
    Bullets,
    Chart,
    Column,
    Facts,
    Heading,
    Missing,
    PageBreak,
    Paragraph,
    Table,
)
from praja.foundation.plans.models import Indicator, Plan
from praja.foundation.ui import charts
from praja.foundation.ui.charts import RiskMark
from praja.foundation.ui.formats import decimal, long_date, percent, rupiah, short_date
from praja.foundation.workflow.models import State
from praja.stages.innovations import figures as innovation_figures
from praja.stages.innovations.blocks import budget_table, indicator_table, it_word, money_of, stage_word
from praja.stages.innovations.models import Innovation, Partner
from praja.stages.problems import figures as problem_figures
from praja.stages.problems.blocks import agency_word, bold_start, capital, figure_text, word
from praja.stages.quick_wins.figures import decided_round, in_force
from praja.stages.quick_wins.models import (
    DecisionSheet,
    Dialogue,
    Nomination,
    PlannedMonth,
    QuickWin,
    Risk,
    Round,
)
from praja.stages.quick_wins.offices import Standing
from praja.stages.quick_wins.profile import lacking, with_parts
from praja.stages.quick_wins.sheet import Frozen, digest, points
from praja.stages.quick_wins.sheet_blocks import (
    cost_facts,
    decision_blocks,
    dialogue_blocks,
    reason_blocks,
    score_table,
    set_blocks,
)

PROBLEM = ("title", "figure", "unit", "figure_year", "figure_source", "urgency", "seriousness", "growth")


@dataclass(frozen=True)
class QuickWinMaterial:
    """What the books need to know about the quick wins of a plan: each part is loaded when a chapter first asks for it."""

    plan: Plan

    @cached_property
    def round(self) -> Round | None:
        """The newest decided round; None until there is one."""
        return decided_round(self.plan)

    @cached_property
    def quick_wins(self) -> list[QuickWin]:
        """Those of the round with all that is printed about each, in eleven queries."""
        return list(with_profile(in_force(self.round), self.plan)) if self.round else []

    @cached_property
    def sheet(self) -> DecisionSheet | None:
        """The sheet by which the round was decided."""
        if self.round is None:
            return None
        return self.round.sheets.filter(state=DecisionSheet.State.DECIDED).first()

    @cached_property
    def frozen(self) -> Frozen | None:
        """The sheet as it was frozen; None when what is stored is not what was decided."""
        sheet = self.sheet
        if sheet is None or digest(sheet.content, sheet.decision) != sheet.decision_sha256:
            return None
        try:
            return Frozen.of(sheet)
        except (ValueError, KeyError, TypeError):
            return None


def with_profile(rows: QuerySet[QuickWin], plan: Plan) -> QuerySet[QuickWin]:
    """Quick wins with everything that their profiles print; the number of queries does not grow with them."""
    indicators = Indicator.objects.filter(withdrawn_at=None).prefetch_related("targets")
    lines = innovation_figures.planned_lines(plan)
    return with_parts(rows).select_related(
        "round", "dimension", "organisation", "position__person", "nomination", "innovation__organisation",
        "innovation__sub_dimension",
    ).prefetch_related(
        Prefetch("risks", Risk.objects.filter(withdrawn_at=None)),
        Prefetch("months", PlannedMonth.objects.filter(withdrawn_at=None)),
        Prefetch("nomination__dialogues", Dialogue.objects.filter(withdrawn_at=None)),
        Prefetch("innovation__supporting", Organisation.objects.only("name", "abbreviation")),
        Prefetch("innovation__problems", problem_figures.printed(plan).only(*PROBLEM)),
        Prefetch("innovation__budget_lines", lines),
        Prefetch("innovation__indicators", indicators),
        Prefetch("innovation__partners", Partner.objects.filter(withdrawn_at=None)),
    )  # fmt: skip


# ---------------------------------------------------------------- how they were chosen


def choice_blocks(material: QuickWinMaterial) -> list[AnyBlock]:
    """The way from the nominees to the decision; nothing until a round is decided."""
    if material.round is None:
        return []
    lost = Missing(_("The decision sheet of this round cannot be read as it was decided; ask the administrator."))
    frozen = material.frozen
    if frozen is None:
        return [lost]
    parts: list[tuple[str, list[AnyBlock]]] = [
        (_("Decision of the head of region"), [_decree(material, frozen), *decision_blocks(frozen)]),
        (_("What was put forward"), set_blocks(frozen)),
        (_("Criteria and rules"), reason_blocks(frozen)),
        (_("Support of residents"), dialogue_blocks(frozen)),
        (_("All nominees"), [score_table(frozen)]),
    ]
    blocks: list[AnyBlock] = [Paragraph(choice_lead(material))]
    for title, part in parts:
        own = [block for block in part if not isinstance(block, Heading)]
        blocks += [Heading(3, title, numbered=False), *own]
    return blocks


def choice_lead(material: QuickWinMaterial) -> str:
    """How many were nominated and decided, for which months, by which decision; in one or two sentences."""
    round_, frozen = material.round, material.frozen
    if round_ is None:
        return ""
    said = {
        "count": len(material.quick_wins),
        "from": long_date(round_.starts_on),
        "until": long_date(round_.ends_on),
    }
    text = ngettext(
        "%(count)s quick win was decided for %(from)s to %(until)s.",
        "%(count)s quick wins were decided for %(from)s to %(until)s.",
        len(material.quick_wins),
    )
    sentences = [text % said]
    if frozen is not None:
        number = len(frozen.nominees)
        chosen = ngettext(
            "They were chosen among %(count)s nominee.", "They were chosen among %(count)s nominees.", number
        )
        sentences += [chosen % {"count": number}, decision_line(material)]
    return " ".join(sentences)


def decision_line(material: QuickWinMaterial) -> str:
    """Who decided by which sheet on which day, in one sentence; empty where no sheet tells it."""
    frozen = material.frozen
    if frozen is None:
        return ""
    decision = frozen.decision
    head = Standing(decision["title"], decision["person"], decision["acting"], decision["decree"])
    text = (
        _("%(person)s, %(title)s, decided on %(day)s with decision sheet %(number)s, and swapped %(swaps)s.")
        if decision["swaps"]
        else _("%(person)s, %(title)s, decided on %(day)s with decision sheet %(number)s.")
    )
    return text % {
        "person": head.person,
        "title": head.title_in_full,
        "day": long_date(datetime.date.fromisoformat(decision["day"])),
        "number": frozen.content["about"]["number"],
        "swaps": len(decision["swaps"]),
    }


def _decree(material: QuickWinMaterial, frozen: Frozen) -> Facts:
    """By which the sheet is found again: its number, its code, and the hash of what was decided."""
    about, sheet = frozen.content["about"], material.sheet
    pairs = [(_("Decision sheet"), about["number"]), (pgettext("of a decision sheet", "Code"), about["code"])]
    return Facts([*pairs, ("SHA-256", sheet.decision_sha256 if sheet else "")])


# ---------------------------------------------------------------- all of them


def quick_win_table(material: QuickWinMaterial) -> list[AnyBlock]:
    """The quick wins with dimension, agency and money in the year of the round; nothing without any."""
    rows = material.quick_wins
    if not rows or material.round is None:
        return []
    year = material.round.year
    money = [money_in(one, year) for one in rows]
    return [
        Table(
            _("Quick wins %(year)s") % {"year": year},
            [
                Column(_("Quick win"), 3.2),
                Column(_("Dimension"), 1.5),
                Column(_("Agency"), 1.4),
                Column(_("Planned money %(year)s") % {"year": year}, 1.6, "rupiah"),
            ],
            [
                (title_of(one), one.dimension.name if one.dimension else None, agency_word(one.organisation), amount)
                for one, amount in zip(rows, (amount or None for amount in money), strict=True)
            ],
            total=(_("Sum"), None, None, sum(money)) if len(rows) > 1 and any(money) else None,
            source=source_of(material),
            key="quick-win",
        )
    ]


def quick_wins_in_short(material: QuickWinMaterial) -> list[AnyBlock]:
    """Which ones were decided, by whom, and what each does; nothing until a round is decided."""
    if not material.quick_wins:
        return []
    does = [bold_start(f"{one}:", text) for one in material.quick_wins if (text := what_it_does(one))]
    return [Paragraph(choice_lead(material)), *quick_win_table(material), *([Bullets(does)] if does else [])]


def source_of(material: QuickWinMaterial) -> str:
    """Where the quick wins come from, in words."""
    number = material.sheet.number if material.sheet else "–"
    return _("decision sheet %(number)s; money as the innovations plan it") % {"number": number}


def title_of(one: QuickWin) -> str:
    """The short name with the name in full behind it: "ANTRE: Antrean Terpadu"."""
    full = one.full_name.strip() or one.innovation.long_name.strip()
    name = one.acronym.strip() or one.innovation.title
    return f"{name}: {full}" if full and full != name else name


def what_it_does(one: QuickWin) -> str:
    """What it does, as briefly as somebody wrote it: its short explanation, else what is done within twelve months."""
    return one.innovation.summary.strip() or one.nomination.done.strip()


def money_in(one: QuickWin, year: int) -> int:
    """The planned rupiah of one year."""
    return sum(line.amount_rupiah for line in one.innovation.budget_lines.all() if line.year == year)


# ---------------------------------------------------------------- one of them


def profile_blocks(material: QuickWinMaterial, whole: int) -> list[AnyBlock]:
    """The profile of each quick win on a page of its own; `whole` is the money of the whole plan in rupiah."""
    blocks: list[AnyBlock] = []
    for one in material.quick_wins:
        blocks += [PageBreak(), *profile(one, material.frozen, whole)]
    return blocks


def profile(one: QuickWin, frozen: Frozen | None, whole: int) -> list[AnyBlock]:
    """What it is, why, how it works, its benefit, risks, months, money and indicators, and how it was chosen."""
    innovation, dimension = one.innovation, one.dimension
    key = f"quick-win-{one.pk}"
    colour = (dimension.color_key or dimension.key) if dimension else ""
    blocks: list[AnyBlock] = [Heading(2, one.acronym.strip() or innovation.title, key=key, color_key=colour)]
    if innovation.summary.strip():
        blocks.append(Paragraph(innovation.summary.strip(), "lead"))
    blocks.append(Facts(_facts(one)))
    parts: list[tuple[str, list[AnyBlock]]] = [
        (_("Problem and purpose"), _purpose(one)),
        (_("How it works"), _texts((("", innovation.design), (_("What is new."), innovation.uniqueness), (_("What attracts."), one.attraction)))),
        (_("Benefit and impact"), [*_texts((("", innovation.benefit), (_("In figures."), one.benefit_figures), (_("Result."), innovation.result))), *indicator_table(innovation)]),
        (_("Partners and growth"), _growth(one)),
        (_("Risks"), risk_blocks(one)),
        (_("Plan by month"), month_table(one)),
        (_("Money"), _money(one, whole)),
        (_("How it was chosen"), _chosen(one, frozen)),
    ]  # fmt: skip
    for title, part in parts:
        if part:
            blocks += [Heading(3, title, numbered=False), *part]
    if gaps := profile_gaps(one):
        blocks.append(Missing(_("Not filled in yet:"), gaps))
    return blocks


def _texts(pairs: Sequence[tuple[str, str]]) -> list[AnyBlock]:
    """Paragraphs that open with their subject; empty texts are left out."""
    return [
        Paragraph(bold_start(start, text.strip()) if start else text.strip()) for start, text in pairs if text.strip()
    ]


def _facts(one: QuickWin) -> list[tuple[str, str]]:
    """Pairs of label and value; what is empty is left out."""
    innovation, position = one.innovation, one.position
    person = position.person.name if position and position.person else ""
    count = f" ({decimal(innovation.beneficiary_count)})" if innovation.beneficiary_count else ""
    kinds = (it_word(innovation), word(Innovation.Kind, innovation.kind).lower(), stage_word(innovation).lower())
    places = (one.dimension, innovation.sub_dimension)
    pairs = [
        (_("In full"), one.full_name or innovation.long_name),
        (_("Innovation"), innovation.title if one.acronym.strip() else ""),
        (_("Agency"), one.organisation.name if one.organisation else ""),
        (_("Responsible position"), ", ".join(filter(None, (position.title_in_full if position else "", person)))),
        (_("Dimension"), " · ".join(str(place) for place in places if place)),
        (_("For whom"), f"{innovation.beneficiaries}{count}".strip()),
        (_("Kind and stage"), capital(" · ".join(filter(None, kinds)))),
        (_("Legal basis"), innovation.legal_basis),
    ]
    return [(label, value.strip()) for label, value in pairs if value.strip()]


def _purpose(one: QuickWin) -> list[AnyBlock]:
    """The problem with its figures, the problems of the plan that it answers, and its goal."""
    innovation = one.innovation
    answered = [
        f"{problem.title} ({figure})" if (figure := figure_text(problem)) else problem.title
        for problem in innovation.problems.all()
    ]
    return _texts(
        (("", one.problem), (_("It answers."), "\n".join(answered)), (_("Its goal."), innovation.goal)),
    )


def _growth(one: QuickWin) -> list[AnyBlock]:
    """Partners with what they contribute, further development, what keeps it running, and its resources."""
    innovation = one.innovation
    partners = list(innovation.partners.all())
    supporting = [(agency.name, _("Supporting agency"), None) for agency in innovation.supporting.all()]
    rows = supporting + [(one.name, word(Partner.Kind, one.kind), one.contribution or None) for one in partners]
    blocks: list[AnyBlock] = []
    if rows:
        columns = [Column(_("Partner"), 2), Column(_("Kind"), 1.2), Column(_("Contribution"), 3)]
        blocks.append(Table(_("Partners of %(name)s") % {"name": one}, columns, rows, key=f"mitra-{one.pk}"))
    return blocks + _texts(
        (
            (_("Potential for growth."), innovation.growth_potential),
            (_("How it keeps running."), innovation.sustainability),
            (_("Resources."), one.resources),
        )
    )


def risk_marks(one: QuickWin) -> list[RiskMark]:
    """The risks as the matrix shows them, numbered as in the risk sheet."""
    return [
        RiskMark(number, risk.factor, risk.likelihood, risk.impact) for number, risk in enumerate(one.risks.all(), 1)
    ]


def risk_blocks(one: QuickWin) -> list[AnyBlock]:
    """The risk sheet in the columns of the ministry, then the matrix; nothing without risks."""
    risks, marks = list(one.risks.all()), risk_marks(one)
    if not risks:
        return _texts(
            ((_("Risk."), one.innovation.risk), (_("How it is handled."), one.innovation.risk_mitigation)),
        )
    columns = [
        Column(_("No."), 0.4, "number"), Column(_("Risk factor"), 1.8), Column(_("Cause"), 1.7),
        Column(_("Likelihood"), 1.35), Column(pgettext("risk", "Impact"), 1.2), Column(pgettext("risk", "Value"), 0.75, "number"),
        Column(_("Structural mitigation"), 1.8), Column(_("Non-structural mitigation"), 1.8),
    ]  # fmt: skip
    rows = [
        (
            number, risk.factor, risk.cause or None, charts.risk_step(risk.likelihood), charts.risk_step(risk.impact),
            risk.value, risk.structural or None, risk.non_structural or None,
        )
        for number, risk in enumerate(risks, 1)
    ]  # fmt: skip
    caption = _("Risks of %(name)s by likelihood and impact") % {"name": one}
    return [
        Table(_("Risk sheet of %(name)s") % {"name": one}, columns, rows, key=f"risiko-{one.pk}"),
        Chart(
            caption,
            charts.risk_matrix(marks, title=caption),
            alt=charts.risk_words(marks),
            unit=_("numbers of the risk sheet; value = likelihood × impact, 1 to 9"),
            source=_("risk sheet of the quick win"),
            key=f"matriks-risiko-{one.pk}",
        ),
    ]


def month_word(day: datetime.date) -> str:
    """A month for tables: "Nov 2026"."""
    return short_date(day.replace(day=1)).partition(" ")[2]


def month_table(one: QuickWin) -> list[AnyBlock]:
    """What is done in each month and how far it is to be then; nothing without months."""
    rows = [(month_word(row.month), row.activity, f"{row.target_percent}%") for row in one.months.all()]
    if not rows:
        return []
    columns = [Column(_("Month"), 1), Column(_("Activity"), 4), Column(_("Target"), 0.9, align="right")]
    return [Table(_("Plan of %(name)s by month") % {"name": one}, columns, rows, key=f"bulan-{one.pk}")]


def _money(one: QuickWin, whole: int) -> list[AnyBlock]:
    """How much it plans, how much of that in the year of the round, where that is now; then line by line."""
    innovation, year = one.innovation, one.round.year
    total = money_of(innovation)
    now = word(Nomination.Money, one.nomination.money)
    blocks: list[AnyBlock] = []
    if total:
        said = {
            "total": rupiah(total),
            "now": rupiah(money_in(one, year)),
            "year": year,
            "share": percent(total, whole, 1),
        }
        text = _(
            "It plans %(total)s in all, %(now)s of it in %(year)s; that is %(share)s of the money of the whole plan."
        )
        blocks.append(Paragraph(text % said))
    if now:
        blocks.append(Paragraph(bold_start(_("Where its money is now."), f"{now}.")))
    return [*blocks, *budget_table(innovation)]


def _chosen(one: QuickWin, frozen: Frozen | None) -> list[AnyBlock]:
    """Its place among the nominees, its value, how it came into the set, and who was asked in the dialogues."""
    key = str(one.nomination_id)
    if frozen is None or key not in frozen.nominees:
        return []
    nominee, decision = frozen.nominees[key], frozen.decision
    place = nominee["place"]
    value = points(frozen.value(key))
    pairs = [
        (_("Nominated by"), nominee["proposer"]),
        (_("Value"), "" if value is None else decimal(value, 4)),
        (
            pgettext("ranking", "Place"),
            _("%(place)s of %(count)s nominees") % {"place": place, "count": len(frozen.nominees)} if place else "",
        ),
        (_("Done within twelve months"), nominee["done"]),
    ]
    if swap := next((swap for swap in decision["swaps"] if swap["into"] == key), None):
        out = frozen.nominees[swap["out"]]["title"]
        pairs += [(_("Came by a swap for"), out), (_("Reason"), decision["reason"])]
        pairs += cost_facts(frozen, decision["cost"])
    talks = [
        " · ".join(filter(None, (_day(talk["held_on"]), talk["where"], _people(talk["people"]))))
        for talk in nominee["dialogues"]
    ]
    pairs.append((_("Dialogues with residents"), "\n".join(talks)))
    return [Facts([(label, text.strip()) for label, text in pairs if text.strip()])]


def _people(number: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", number) % {"count": decimal(number)}


def _day(text: str) -> str:
    return long_date(datetime.date.fromisoformat(text)) if text else ""


def profile_gaps(one: QuickWin) -> list[str]:
    """What the profile lacks, as its own page says it, and that it is not accepted yet; from the rows of `with_profile`."""
    lacks = [str(part.label) for part in lacking(one)]
    return lacks if one.state == State.ACCEPTED else [*lacks, _("acceptance of the profile by the secretariat")]
