"""What does not fit together in the action plan, each as a sentence with what to do: a pure function over loaded rows.

- An action is *ready* in the first year in which it runs or grows; without such a phase in its last year. Another one that
  needs it should not begin before.
- Data and infrastructure are the causes that information technology can remove. Policy, people, budget and behaviour are
  not: an application answers none of them by itself.
- Running costs are lines of the kind "operation"; they are expected in each year from the one after the last building
  costs ("ICT capital") to the last year of the innovation's actions, and in one year at least. An action that carries out
  no innovation is looked at by itself.
- ICT purchases are lines of the kinds "ICT capital" and "ICT service".
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from praja.foundation.accounts.models import Organisation
from praja.foundation.plans.models import BudgetLine, Plan
from praja.foundation.ui.formats import percent, rupiah_short
from praja.stages.innovations import figures as innovation_figures
from praja.stages.innovations.figures import planned_lines
from praja.stages.innovations.models import Innovation
from praja.stages.problems.models import Cause
from praja.stages.roadmap import circles
from praja.stages.roadmap.models import Action, ActionStage, Capacity

Kinds = BudgetLine.Kind
IT_CAUSES = frozenset({Cause.Kind.DATA.value, Cause.Kind.INFRASTRUCTURE.value})
ICT_PURCHASES = frozenset({Kinds.ICT_CAPITAL.value, Kinds.ICT_SERVICE.value})
READY = frozenset({ActionStage.Phase.RUNNING.value, ActionStage.Phase.GROWTH.value})


class Kind(TextChoices):
    """What a warning is about."""

    ORDER = "order", gettext_lazy("Before what it needs")
    MONEY = "money", gettext_lazy("More money than the agency can carry")
    AT_ONCE = "at_once", gettext_lazy("More actions at once than the agency can carry")
    CAUSE = "cause", gettext_lazy("An application without a cause that IT can remove")
    RUNNING = "running", gettext_lazy("Building costs without running costs")
    SHARE = "share", gettext_lazy("ICT purchases against innovations without IT")
    OUTSIDE = "outside", gettext_lazy("Its innovation is not in the plan")


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """One thing that does not fit: what is so, what to do, and the page where to do it.

    `actions`, `organisation`: keys of the rows it is about; `year`: of the money or the actions, None when of none.
    """

    kind: Kind
    sentence: str
    advice: str
    url: str
    actions: tuple[int, ...] = ()
    organisation: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action as the warnings see it; `ready`: the year from which others can build on it."""

    pk: int
    name: str
    family: str
    organisation: int | None
    innovation: int | None
    first: int | None
    last: int | None
    ready: int | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """Planned money: of which year and kind, at which action (or None), for which innovation (or None), at which agency."""

    year: int
    kind: str
    rupiah: int
    action: int | None
    innovation: int | None
    organisation: int | None


@dataclass(frozen=True, slots=True)
class Limit:
    """What an agency can carry in a year; None where it has not said."""

    organisation: int
    year: int
    rupiah: int | None
    at_once: int | None


@dataclass(frozen=True)
class Material:
    """The rows of one plan.

    `innovations`: {key: (title, needs IT or None)} of those in the plan; `causes`: {key of an innovation: kinds of cause
    of the problems it answers}, for those that answer problems.
    """

    slug: str
    years: tuple[int, ...] = ()
    actions: Mapping[int, ActionRow] = field(default_factory=dict)
    needs: Mapping[int, Iterable[int]] = field(default_factory=dict)
    lines: tuple[LineRow, ...] = ()
    limits: tuple[Limit, ...] = ()
    agencies: Mapping[int, str] = field(default_factory=dict)
    innovations: Mapping[int, tuple[str, bool | None]] = field(default_factory=dict)
    causes: Mapping[int, frozenset[str]] = field(default_factory=dict)


# --- loading ----------------------------------------------------------------------------------------------------------


def load(plan: Plan) -> Material:
    """The rows of a plan as they stand now, in nine queries however many there are."""
    ready = _ready_years(plan)
    columns = ("pk", "code", "title", "family", "organisation_id", "innovation_id", "start_year", "end_year")
    rows = plan.actions.filter(withdrawn_at=None).order_by("order", "pk").values_list(*columns)
    actions = {
        pk: ActionRow(
            pk, f"{code} {title}".strip(), family, agency, innovation, first, last, ready.get(pk, last or first)
        )
        for pk, code, title, family, agency, innovation, first, last in rows
    }
    innovations = {
        pk: (title, is_it) for pk, title, is_it in innovation_figures.printed(plan).values_list("pk", "title", "is_it")
    }
    capacities = Capacity.objects.filter(plan=plan, withdrawn_at=None).order_by("year", "organisation__name", "pk")
    return Material(
        slug=plan.slug,
        years=tuple(plan.years),
        actions=actions,
        needs=circles.needs_of(plan),
        lines=tuple(_lines(plan, innovations)),
        limits=tuple(
            Limit(*row) for row in capacities.values_list("organisation_id", "year", "money_rupiah", "simultaneous")
        ),
        agencies={
            pk: abbreviation or name
            for pk, abbreviation, name in Organisation.objects.filter(parent=plan.government_id).values_list(
                "pk", "abbreviation", "name"
            )
        },
        innovations=innovations,
        causes=_causes(plan),
    )


def _ready_years(plan: Plan) -> dict[int, int]:
    stages = ActionStage.objects.filter(action__plan=plan, withdrawn_at=None, phase__in=READY).order_by("-year")
    return dict(stages.values_list("action_id", "year"))


def _lines(plan: Plan, innovations: Mapping[int, Any]) -> Iterator[LineRow]:
    """Planned money of the innovations in the plan and of actions without one, with the agency that carries it."""
    rows = planned_lines(plan).order_by()
    columns = ("year", "kind", "amount_rupiah", "action_id", "innovation_id")
    of_innovations = rows.filter(innovation__plan=plan).values_list(
        *columns, "innovation__organisation_id", "action__organisation_id"
    )
    for year, kind, amount, action, innovation, agency, at_action in of_innovations:
        if innovation in innovations:
            yield LineRow(year, kind, amount, action, innovation, at_action if action else agency)
    own = rows.filter(innovation=None, action__plan=plan, action__withdrawn_at=None)
    for row in own.values_list(*columns, "action__organisation_id"):
        yield LineRow(*row)


def _causes(plan: Plan) -> dict[int, frozenset[str]]:
    """{innovation: kinds of cause of its problems}; a problem without causes gives an innovation no kind."""
    pairs = Innovation.problems.through.objects.filter(
        innovation__plan=plan, innovation__withdrawn_at=None, problem__withdrawn_at=None
    )
    found: dict[int, set[str]] = defaultdict(set)
    answered: dict[int, set[int]] = defaultdict(set)
    for innovation, problem in pairs.values_list("innovation_id", "problem_id"):
        answered[problem].add(innovation)
        found.setdefault(innovation, set())
    causes = Cause.objects.filter(problem__plan=plan, withdrawn_at=None).order_by()
    for problem, kind in causes.values_list("problem_id", "kind").distinct():
        for innovation in answered.get(problem, ()):
            found[innovation].add(kind)
    return {innovation: frozenset(kinds) for innovation, kinds in found.items()}


# --- judging ----------------------------------------------------------------------------------------------------------


def warnings_of(material: Material) -> list[PlanWarning]:
    """Everything that does not fit, kind by kind."""
    return [warning for judge in JUDGES for warning in judge(material)]


def _page(action: ActionRow, section: str) -> str:
    return reverse("action-edit", args=[action.pk, section])


def _order(material: Material) -> Iterator[PlanWarning]:
    for pk, action in material.actions.items():
        for needed in sorted(material.needs.get(pk, ())):
            first = material.actions.get(needed)
            if first is None or action.first is None or first.ready is None or action.first >= first.ready:
                continue
            yield PlanWarning(
                Kind.ORDER,
                _("“%(action)s” begins in %(year)d, but needs “%(needed)s” first, which is ready in %(ready)d.")
                % {"action": action.name, "year": action.first, "needed": first.name, "ready": first.ready},
                _("Let it begin in %(ready)d or later, bring the other one forward, or take the need away.")
                % {"ready": first.ready},
                _page(action, "time"),
                (pk, needed),
                action.organisation,
                action.first,
            )


def _money(material: Material) -> Iterator[PlanWarning]:
    planned: Counter[tuple[int | None, int]] = Counter()
    at: dict[tuple[int | None, int], set[int]] = defaultdict(set)
    for line in material.lines:
        planned[line.organisation, line.year] += line.rupiah
        if line.action is not None and line.action in material.actions:
            at[line.organisation, line.year].add(line.action)
    for limit in material.limits:
        place = (limit.organisation, limit.year)
        if limit.rupiah is None or planned[place] <= limit.rupiah:
            continue
        words = {"agency": material.agencies.get(limit.organisation, "–"), "year": limit.year}
        amounts = {"planned": rupiah_short(planned[place]), "limit": rupiah_short(limit.rupiah)}
        yield PlanWarning(
            Kind.MONEY,
            _("%(agency)s has planned %(planned)s for %(year)d and can carry %(limit)s.") % {**words, **amounts},
            _("Move money to another year or source, or correct what the agency can carry."),
            _list(material, limit),
            tuple(sorted(at[place])),
            limit.organisation,
            limit.year,
        )


def _at_once(material: Material) -> Iterator[PlanWarning]:
    for limit in material.limits:
        if limit.at_once is None:
            continue
        running = [
            pk
            for pk, action in material.actions.items()
            if action.organisation == limit.organisation
            and action.first is not None
            and action.first <= limit.year <= (action.last or action.first)
        ]
        if len(running) <= limit.at_once:
            continue
        yield PlanWarning(
            Kind.AT_ONCE,
            ngettext(
                "%(agency)s has %(count)d action at once in %(year)d and can carry %(limit)d.",
                "%(agency)s has %(count)d actions at once in %(year)d and can carry %(limit)d.",
                len(running),
            )
            % {
                "agency": material.agencies.get(limit.organisation, "–"),
                "count": len(running),
                "year": limit.year,
                "limit": limit.at_once,
            },
            _("Let some begin later, give one to another agency, or correct what the agency can carry."),
            _list(material, limit),
            tuple(running),
            limit.organisation,
            limit.year,
        )


def _list(material: Material, limit: Limit) -> str:
    return f"{reverse('action-list', args=[material.slug])}?opd={limit.organisation}&tahun={limit.year}"


def _cause(material: Material) -> Iterator[PlanWarning]:
    for pk, action in material.actions.items():
        kinds = material.causes.get(action.innovation or 0)
        if action.family != Action.Family.APPLICATION or kinds is None or kinds & IT_CAUSES:
            continue
        named = ", ".join(str(Cause.Kind(kind).label).lower() for kind in Cause.Kind.values if kind in kinds)
        yield PlanWarning(
            Kind.CAUSE,
            _("“%(action)s” builds an application, but no problem that its innovation answers has a cause in data or infrastructure: %(kinds)s.")
            % {"action": action.name, "kinds": named or _("no cause is written")},
            _("Begin with what removes the cause (a rule, training, a way of working), or add the cause that the application removes."),
            reverse("innovation-detail", args=[action.innovation]),
            (pk,),
            action.organisation,
        )  # fmt: skip


def _running(material: Material) -> Iterator[PlanWarning]:
    """By innovation, or by action where there is none: its lines may stand at several actions."""

    def key(line: LineRow) -> tuple[int, int]:
        return (line.innovation or 0, 0 if line.innovation else line.action or 0)

    last = _last_years(material)
    for (innovation, own), found in groupby(sorted(material.lines, key=key), key=key):
        lines = list(found)
        built = max((line.year for line in lines if line.kind == Kinds.ICT_CAPITAL), default=None)
        actions = [
            line.action
            for line in lines
            if line.kind == Kinds.ICT_CAPITAL and line.action is not None and line.action in material.actions
        ]
        if built is None or not actions or (material.years and built >= material.years[-1]):
            continue
        paid = {line.year for line in lines if line.kind == Kinds.OPERATION}
        until = max(last.get((innovation, own), 0), built + 1)
        if missing := [year for year in range(built + 1, until + 1) if year not in paid]:
            action = material.actions[actions[0]]
            yield PlanWarning(
                Kind.RUNNING,
                _("“%(action)s” builds until %(built)d, but nothing is planned to run it in %(years)s.")
                % {"action": action.name, "built": built, "years": _spans(missing)},
                _("Add lines of the kind “Operation” for these years, or say with a shorter action that it ends."),
                _page(action, "money"),
                tuple(dict.fromkeys(actions)),
                action.organisation,
                missing[0],
            )


def _last_years(material: Material) -> dict[tuple[int, int], int]:
    """The last year of the actions of each innovation, or of each action without one."""
    found: dict[tuple[int, int], int] = {}
    for action in material.actions.values():
        place = (action.innovation or 0, 0 if action.innovation else action.pk)
        end = action.last or action.first or 0
        found[place] = max(found.get(place, 0), min(end, material.years[-1]) if material.years else end)
    return found


def _spans(years: list[int]) -> str:
    """2027, 2028, 2030 as "2027–2028, 2030"."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


@dataclass(frozen=True)
class IctShare:
    """Rupiah for ICT purchases of all planned rupiah, and innovations without IT of those that say whether they need it."""

    ict_rupiah: int
    rupiah: int
    not_it: int
    innovations: int

    @property
    def is_too_much(self) -> bool:
        """Whether purchases take a larger share of the money than IT innovations are of the innovations."""
        if not self.rupiah or not self.innovations:
            return False
        return self.ict_rupiah * self.innovations > (self.innovations - self.not_it) * self.rupiah


def ict_share(material: Material) -> IctShare:
    """The two shares that the ministry asks about."""
    said = [is_it for _title, is_it in material.innovations.values() if is_it is not None]
    return IctShare(
        ict_rupiah=sum(line.rupiah for line in material.lines if line.kind in ICT_PURCHASES),
        rupiah=sum(line.rupiah for line in material.lines),
        not_it=said.count(False),
        innovations=len(said),
    )


def _share(material: Material) -> Iterator[PlanWarning]:
    share = ict_share(material)
    if share.is_too_much:
        yield PlanWarning(
            Kind.SHARE,
            _("%(money)s of the planned money buys ICT, while %(share)s of the innovations need no IT.")
            % {"money": percent(share.ict_rupiah, share.rupiah), "share": percent(share.not_it, share.innovations)},
            _("Look whether purchases can be shared between agencies, and whether innovations without IT have the money they need."),
            reverse("action-list", args=[material.slug]) + "?rumpun=application",
        )  # fmt: skip


def _outside(material: Material) -> Iterator[PlanWarning]:
    for pk, action in material.actions.items():
        if action.innovation is not None and action.innovation not in material.innovations:
            yield PlanWarning(
                Kind.OUTSIDE,
                _("“%(action)s” carries out an innovation that was withdrawn or returned, so that the books leave both out.")
                % {"action": action.name},
                _("Settle the innovation first, or withdraw the action."),
                reverse("innovation-detail", args=[action.innovation]),
                (pk,),
                action.organisation,
            )  # fmt: skip


JUDGES: tuple[Callable[[Material], Iterator[PlanWarning]], ...] = (
    _order,
    _money,
    _at_once,
    _cause,
    _running,
    _share,
    _outside,
)
