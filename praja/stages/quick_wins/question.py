"""From the rules of a round to the question for the best set: each rule of the region as sums over nominees, and in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.choosing.sets import Question, Rule
from praja.foundation.plans.models import BudgetLine, Dimension
from praja.foundation.ui.formats import long_date, rupiah
from praja.stages.innovations.figures import planned_lines
from praja.stages.quick_wins.models import Nomination, Round, SelectionRule
from praja.stages.quick_wins.values import Values

Kind = SelectionRule.Kind


@dataclass(frozen=True)
class Nominee:
    """What the rules look at of one nominee."""

    nomination: Nomination
    money: dict[tuple[int, str], int]  # (year, source) -> planned rupiah
    targets: frozenset[int]

    @property
    def key(self) -> str:
        """How sets name it."""
        return str(self.nomination.pk)


@dataclass(frozen=True)
class Told:
    """A rule as it is asked, with the row it comes from and in words."""

    rule: Rule
    row: SelectionRule
    words: str


def nominees_of(round_: Round) -> list[Nominee]:
    """The nominees of a round with their money and targets: three queries."""
    rows = list(
        round_.nominations.in_service()
        .select_related("innovation__dimension", "innovation__organisation")
        .order_by("pk")
    )
    innovations = [row.innovation_id for row in rows]
    money: dict[int, dict[tuple[int, str], int]] = defaultdict(lambda: defaultdict(int))
    lines = planned_lines(round_.plan).filter(innovation__in=innovations).order_by()
    for innovation, year, source, amount in lines.values_list("innovation_id", "year", "source", "amount_rupiah"):
        money[innovation][year, source] += amount
    targets: dict[int, set[int]] = defaultdict(set)
    links = Nomination.objects.filter(pk__in=[row.pk for row in rows], innovation__targets__withdrawn_at=None)
    for nomination, target in links.order_by().values_list("pk", "innovation__targets"):
        if target:
            targets[nomination].add(target)
    return [Nominee(row, dict(money[row.innovation_id]), frozenset(targets[row.pk])) for row in rows]


def rules_of(round_: Round) -> list[SelectionRule]:
    """The rules of a round in their order."""
    related = ("dimension", "organisation", "target", "nomination__innovation", "other__innovation")
    return list(round_.rules.filter(withdrawn_at=None).select_related(*related))


def question_of(values: Values, nominees: Sequence[Nominee], told: Iterable[Told]) -> Question:
    """The question for the best set among the nominees that have all their scores."""
    keys = {nominee.key for nominee in nominees}
    whole = {key: value for key, value in values.whole.items() if key in keys}
    return Question(whole, tuple(one.rule for one in told))


def told_rules(
    rules: Sequence[SelectionRule], nominees: Sequence[Nominee], dimensions: Sequence[Dimension]
) -> list[Told]:
    """Every rule as sums over the nominees: one that speaks of each dimension or agency becomes one sum for each."""
    return [one for row in rules for one in _told(row, nominees, dimensions)]


def _told(row: SelectionRule, nominees: Sequence[Nominee], dimensions: Sequence[Dimension]) -> Iterable[Told]:
    match row.kind:
        case Kind.PER_DIMENSION:
            wanted = [row.dimension] if row.dimension else list(dimensions)
            for dimension in wanted:
                terms = {one.key: 1 for one in nominees if one.nomination.innovation.dimension_id == dimension.pk}
                words = _("%(dimension)s: %(count)s") % {"dimension": dimension.name, "count": _between(row)}
                yield Told(Rule(f"{row.pk}:{dimension.pk}", terms, row.least, row.most), row, words)
        case Kind.PER_AGENCY | Kind.STAFF_DAYS:
            yield from _of_agencies(row, nominees)
        case Kind.BUDGET:
            yield _budget(row, nominees)
        case Kind.MONEY_STATES:
            terms = {one.key: 1 for one in nominees if one.nomination.money not in row.states}
            names = ", ".join(str(Nomination.Money(state).label) for state in row.states)
            yield Told(Rule(str(row.pk), terms, None, 0), row, _("Money only: %(states)s") % {"states": names})
        case Kind.FINISH_BY:
            terms = {
                one.key: 1
                for one in nominees
                if row.day and (one.nomination.finishes_on is None or one.nomination.finishes_on > row.day)
            }
            day = long_date(row.day) if row.day else ""
            yield Told(Rule(str(row.pk), terms, None, 0), row, _("Done by %(day)s") % {"day": day})
        case Kind.NOT_IT:
            terms = {one.key: 1 for one in nominees if one.nomination.innovation.is_it is False}
            words = ngettext(
                "At least %(count)s without information technology",
                "At least %(count)s without information technology",
                row.least or 0,
            ) % {"count": row.least or 0}
            yield Told(Rule(str(row.pk), terms, row.least, None), row, words)
        case Kind.TARGET:
            terms = {one.key: 1 for one in nominees if row.target_id in one.targets}
            words = _("At least %(count)s that serve “%(target)s”") % {"count": row.least or 0, "target": row.target}
            yield Told(Rule(str(row.pk), terms, row.least, None), row, words)
        case _:
            yield _between_two(row)


def _between(row: SelectionRule) -> str:
    """The limits of a rule in words."""
    if row.least == row.most:
        return _("exactly %(number)s") % {"number": row.most}
    if row.least is None:
        return _("at most %(number)s") % {"number": row.most}
    if row.most is None:
        return _("at least %(number)s") % {"number": row.least}
    return _("%(least)s to %(most)s") % {"least": row.least, "most": row.most}


def _of_agencies(row: SelectionRule, nominees: Sequence[Nominee]) -> Iterable[Told]:
    """Nominees, or their staff days, of one agency, or of each."""
    is_days = row.kind == Kind.STAFF_DAYS
    found: dict[int, tuple[str, dict[str, int]]] = {}
    for one in nominees:
        agency = one.nomination.innovation.organisation
        if agency is None or (row.organisation_id and agency.pk != row.organisation_id):
            continue
        weight = (one.nomination.staff_days or 0) if is_days else 1
        found.setdefault(agency.pk, (str(agency), {}))[1][one.key] = weight
    for key, (name, terms) in found.items():
        words = _("%(agency)s: at most %(number)s staff days") if is_days else _("%(agency)s: at most %(number)s")
        filled = words % {"agency": name, "number": row.most}
        yield Told(Rule(f"{row.pk}:{key}", terms, None, row.most), row, filled)


def _budget(row: SelectionRule, nominees: Sequence[Nominee]) -> Told:
    """The planned money of a year (all years without one) from a source (all without one)."""
    terms = {
        one.key: sum(
            amount
            for (year, source), amount in one.money.items()
            if row.year in (None, year) and row.source in ("", source)
        )
        for one in nominees
    }
    source = str(BudgetLine.Source(row.source).label) if row.source else _("all sources")
    year = str(row.year) if row.year else _("all years")
    words = _("Money of %(year)s from %(source)s: at most %(money)s") % {
        "year": year, "source": source, "money": rupiah(row.rupiah or 0),
    }  # fmt: skip
    return Told(Rule(str(row.pk), terms, None, row.rupiah), row, words)


def _between_two(row: SelectionRule) -> Told:
    """A rule about one nominee or two."""
    first, other = str(row.nomination_id), str(row.other_id)
    names = {"first": row.nomination, "other": row.other}
    key = str(row.pk)
    match row.kind:
        case Kind.NEEDS:
            rule, words = Rule(key, {first: 1, other: -1}, None, 0), _("“%(first)s” only together with “%(other)s”")
        case Kind.EXCLUDES:
            rule, words = Rule(key, {first: 1, other: 1}, None, 1), _("Not both “%(first)s” and “%(other)s”")
        case Kind.MUST:
            rule, words = Rule(key, {first: 1}, 1, None), _("“%(first)s” must be in")
        case _:
            rule, words = Rule(key, {first: 1}, None, 0), _("“%(first)s” must not be in")
    return Told(rule, row, words % names)
