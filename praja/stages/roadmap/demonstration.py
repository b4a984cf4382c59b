"""Fills the action plan of the demonstration: strategies and programmes of a file, and actions made of its innovations.

What an innovation says that it needs (people, infrastructure, an application) becomes its actions; its money moves to them
by kind. Here and there something is left that the warnings find.
"""

import datetime
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import build
from praja.foundation.audit.models import Event
from praja.foundation.plans.models import BudgetLine, Indicator, IndicatorTarget, Plan, SubDimension
from praja.stages.innovations import figures as innovation_figures
from praja.stages.innovations.models import Innovation
from praja.stages.roadmap.models import Action, ActionStage, Capacity, Dependency, Programme, Strategy
from praja.stages.roadmap.numbering import PREFIXES, place_of

FILE = settings.PACKAGE / "data" / "demo" / "strategies.toml"
Family = Action.Family
Phase = ActionStage.Phase
# What an action of each family is measured by: (what, unit).
MEASURES = {
    Family.POLICY: ("Prosedur yang ditetapkan dan dipakai", "dokumen"),
    Family.INFRASTRUCTURE: ("Sarana yang siap dipakai", "persen"),
    Family.APPLICATION: ("Layanan yang berjalan lewat aplikasi", "persen"),
    Family.PEOPLE: ("Petugas yang bertugas menurut prosedur", "persen"),
    Family.LITERACY: ("Kelompok warga yang sudah dikunjungi", "persen"),
}
ROUND = 50_000_000  # rupiah to which an agency states what it can carry
AGENCIES_WITH_LIMITS = 8
STEP = 50_000  # rupiah to which a part of a line is rounded


@dataclass
class Made:
    """An action on its way, with what hangs on it."""

    action: Action
    phases: list[tuple[int, Phase]]
    needs: list["Made"] = field(default_factory=list)


def fill(plan: Plan, by: Any) -> None:
    """Strategies for every sub-dimension, programmes, actions with phases, needs, indicators and money, and limits."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    at = timezone.now() - datetime.timedelta(days=2)
    programmes, alone = _strategies(plan, content["strategy"], by, at)
    innovations = list(innovation_figures.printed(plan).select_related("organisation").order_by("pk"))
    made = [one for number, row in enumerate(innovations) for one in _actions_of(plan, row, number)]
    made += [_alone(plan, row, programme) for row, programme in alone]
    _number(plan, made)
    for one in made:
        row = one.action
        row.programme = row.programme or programmes.get(row.innovation_id or 0)
        row.created_by, row.updated_by, row.created_at, row.updated_at = by, by, at, at
        row.organisation_path = row.organisation.organisation_path if row.organisation else plan.organisation_path
    Action.objects.bulk_create(one.action for one in made)
    owner = {"created_by": by, "updated_by": by}
    ActionStage.objects.bulk_create(
        ActionStage(action=one.action, year=year, phase=phase, milestone=_milestone(phase, one.action), **owner)
        for one in made
        for year, phase in one.phases
    )
    Dependency.objects.bulk_create(
        Dependency(action=one.action, needs=needed.action, **owner) for one in made for needed in one.needs
    )
    _indicators(plan, made, owner)
    _money(made, {row["title"]: row["rupiah"] for row, _programme in alone}, owner)
    _limits(plan, made, owner)
    events = [_event("start", one.action, by, at, {"title": one.action.title, "code": one.action.code}) for one in made]
    Event.objects.bulk_create(events)


# --- strategies and programmes ----------------------------------------------------------------------------------------


def _strategies(
    plan: Plan, rows: list[dict[str, Any]], by: Any, at: datetime.datetime
) -> tuple[dict[int, Programme], list[tuple[dict[str, Any], Programme]]]:
    """What is stored: {key of an innovation: its programme}, and the actions that stand below a programme alone."""
    subs = {(sub.dimension.key, sub.key): sub for sub in _subs(plan)}
    by_title = dict(plan.innovations.filter(withdrawn_at=None).values_list("title", "pk"))
    common = {
        "plan": plan,
        "organisation_path": plan.organisation_path,
        "created_by": by,
        "updated_by": by,
        "created_at": at,
        "updated_at": at,
    }
    strategies = Strategy.objects.bulk_create(
        Strategy(sub_dimension=subs[row["dimension"], row["sub_dimension"]], text=row["text"], target=row["target"], order=1, **common)
        for row in rows
    )  # fmt: skip
    pairs = [
        (one, Programme(strategy=strategy, title=one["title"], order=order, **common))
        for row, strategy in zip(rows, strategies, strict=True)
        for order, one in enumerate(row["programmes"], start=1)
    ]
    Programme.objects.bulk_create(programme for _row, programme in pairs)
    hung = {by_title[title]: programme for row, programme in pairs for title in row.get("innovations", [])}
    through = Programme.innovations.through
    through.objects.bulk_create(through(programme=programme, innovation_id=pk) for pk, programme in hung.items())
    events = [_event("start", strategy, by, at, {"text": strategy.text}) for strategy in strategies]
    events += [_event("start", programme, by, at, {"title": programme.title}) for _row, programme in pairs]
    Event.objects.bulk_create(events)
    return hung, [(action, programme) for row, programme in pairs for action in row.get("actions", [])]


def _subs(plan: Plan) -> list[SubDimension]:
    return list(SubDimension.objects.filter(dimension__set=plan.dimension_set_id).select_related("dimension"))


# --- actions ----------------------------------------------------------------------------------------------------------


def _actions_of(plan: Plan, innovation: Innovation, number: int) -> Iterator[Made]:
    """What an innovation needs, as actions; `number` varies them and leaves something for the warnings."""
    first = max(innovation.start_year or plan.years[0], plan.years[0])
    last = max(first, min(innovation.end_year or first + 3, plan.years[-1]))
    name = innovation.title

    def one(family: Family, title: str, output: str, begin: int, end: int) -> Made:
        action = Action(
            plan=plan,
            organisation=innovation.organisation,
            innovation=innovation,
            sub_dimension_id=innovation.sub_dimension_id,
            title=title[:300],
            family=family,
            output=output[:500],
            start_year=begin,
            end_year=end,
            legal_basis=innovation.legal_basis if family == Family.POLICY else "",
        )
        return Made(action, list(_phases(family, begin, end)))

    if innovation.system == Innovation.System.NEW:
        main = one(
            Family.APPLICATION,
            f"Membangun dan menguji coba aplikasi {name}",
            f"Aplikasi {name} dipakai petugas dan warga",
            first,
            last,
        )
    elif innovation.system == Innovation.System.EXISTING:
        system = innovation.system_name
        main = one(
            Family.APPLICATION,
            f"Menyambungkan {name} dengan {system}",
            f"Alur {name} berjalan di {system}",
            first,
            last,
        )
    else:
        main = one(
            Family.POLICY,
            f"Menetapkan prosedur dan pembagian tugas {name}",
            f"Prosedur operasi {name} yang ditandatangani kepala perangkat daerah",
            first,
            first,
        )
    yield main
    if need := innovation.needs_infrastructure:
        tools = one(
            Family.INFRASTRUCTURE, f"Menyiapkan {_lower(need)} {_for(need)} {name}", need, first, min(last, first + 2)
        )
        if number % 11 == 3:
            main.needs.append(tools)  # ready only after its beginning: the warnings say so
        yield tools
    if (need := innovation.needs_people) and number % 5 != 4:
        begin = min(first + 1, last)
        people = one(
            Family.PEOPLE,
            f"Menyiapkan dan menugaskan {_lower(need)} {_for(need)} {name}",
            f"{need} bertugas menurut prosedur",
            begin,
            last,
        )
        people.needs.append(main)
        yield people
    if number % 6 == 0:
        begin, whom = min(first + 1, last), _lower(innovation.beneficiaries)
        literacy = one(
            Family.LITERACY,
            f"Mengenalkan {name} kepada {whom}",
            f"{innovation.beneficiaries} tahu dan memakai {name}",
            begin,
            last,
        )
        literacy.needs.append(main)
        yield literacy


def _alone(plan: Plan, row: dict[str, Any], programme: Programme) -> Made:
    """An action below a programme that carries out no innovation."""
    agency = Organisation.objects.agencies().get(parent=plan.government, abbreviation=row["agency"])
    first, last = row["years"]
    action = Action(
        plan=plan,
        organisation=agency,
        programme=programme,
        sub_dimension_id=programme.strategy.sub_dimension_id,
        title=row["title"],
        family=row["family"],
        output=row["output"],
        start_year=first,
        end_year=last,
    )
    return Made(action, list(_phases(Family(row["family"]), first, last)))


def _phases(family: Family, first: int, last: int) -> Iterator[tuple[int, Phase]]:
    """Preparation and building in the first year, a trial of what is built, then running, and an evaluation at the end."""
    yield first, Phase.PREPARATION
    if family in (Family.APPLICATION, Family.INFRASTRUCTURE):
        yield first, Phase.BUILDING
    if first == last:
        yield first, Phase.RUNNING
        return
    if family == Family.APPLICATION and last > first + 1:
        yield first + 1, Phase.TRIAL
    for year in range(first + 1, last + 1):
        yield year, Phase.RUNNING
    if last > first + 1:
        yield last, Phase.EVALUATION


def _milestone(phase: Phase, action: Action) -> str:
    return {
        Phase.PREPARATION: "Kerangka acuan dan pelaksana ditetapkan",
        Phase.TRIAL: "Uji coba di dua kecamatan selesai dan catatannya ditindaklanjuti",
        Phase.EVALUATION: "Hasil dan biaya dibandingkan dengan target",
    }.get(phase, action.output[:300] if phase == Phase.BUILDING else "")


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _for(text: str) -> str:
    return "bagi" if " untuk " in text else "untuk"


def _number(plan: Plan, made: list[Made]) -> None:
    """Give each action its code, counted in its sub-dimension."""
    subs = {sub.pk: sub for sub in _subs(plan)}
    counts: Counter[int] = Counter()
    for one in made:
        sub = subs[one.action.sub_dimension_id or 0]
        counts[sub.pk] += 1
        one.action.code = f"{PREFIXES[sub.dimension.key]}-{sub.order}.{counts[sub.pk]}"
        one.action.order = place_of(one.action.code, sub)


# --- indicators, money, limits ----------------------------------------------------------------------------------------


def _indicators(plan: Plan, made: list[Made], owner: dict[str, Any]) -> None:
    """One for most actions, rising to its whole over the years of the action."""
    measured = [one.action for number, one in enumerate(made) if number % 13 != 7]
    indicators = Indicator.objects.bulk_create(
        Indicator(
            action=action,
            name=MEASURES[Family(action.family)][0],
            unit=MEASURES[Family(action.family)][1],
            baseline="0",
            baseline_year=plan.years[0] - 1,
            source=f"Laporan tahunan {action.organisation.short_name if action.organisation else ''}".strip(),
            **owner,
        )
        for action in measured
    )
    targets = []
    for action, indicator in zip(measured, indicators, strict=True):
        years = list(range(action.start_year or 0, (action.end_year or 0) + 1))
        whole = 1 if action.family == Family.POLICY else 100
        targets += [
            IndicatorTarget(indicator=indicator, year=year, value=str(max(1, whole * place // len(years))))
            for place, year in enumerate(years, start=1)
        ]
    IndicatorTarget.objects.bulk_create(targets)


def _money(made: list[Made], alone: dict[str, int], owner: dict[str, Any]) -> None:
    """Move the lines of each innovation to its actions by what they buy; actions without an innovation have their own."""
    by_innovation: dict[int, list[Action]] = defaultdict(list)
    for one in made:
        if one.action.innovation_id:
            by_innovation[one.action.innovation_id].append(one.action)
    pays = {
        BudgetLine.Kind.ICT_CAPITAL: (Family.APPLICATION, Family.INFRASTRUCTURE),
        BudgetLine.Kind.ICT_SERVICE: (Family.APPLICATION, Family.PEOPLE),
        BudgetLine.Kind.NON_ICT: (Family.INFRASTRUCTURE, Family.PEOPLE),
        BudgetLine.Kind.OPERATION: (Family.PEOPLE, Family.LITERACY),
    }
    lines = list(BudgetLine.objects.filter(innovation__in=by_innovation, withdrawn_at=None).order_by("pk"))
    for line in lines:
        own = by_innovation[line.innovation_id or 0]
        wanted = pays[BudgetLine.Kind(line.kind)]
        fitting = (action for family in wanted for action in own if action.family == family)
        line.action = next(fitting, own[0])
    parts = list(_parts(by_innovation, lines, owner))
    BudgetLine.objects.bulk_update(lines, ["action", "amount_rupiah"])
    BudgetLine.objects.bulk_create(parts)
    BudgetLine.objects.bulk_create(
        BudgetLine(
            action=one.action, year=year, source=BudgetLine.Source.APBD_REGION, kind=BudgetLine.Kind.OPERATION,
            amount_rupiah=alone[one.action.title], **owner,
        )
        for one in made
        if one.action.innovation_id is None
        for year in range(one.action.start_year or 0, (one.action.end_year or 0) + 1)
    )  # fmt: skip


def _parts(
    by_innovation: dict[int, list[Action]], lines: list[BudgetLine], owner: dict[str, Any]
) -> Iterator[BudgetLine]:
    """A tenth of the largest line of an innovation for most of its actions that no line pays for; the sum stays."""
    paid = {line.action.pk for line in lines if line.action}
    largest: dict[int, BudgetLine] = {}
    for line in lines:
        key = line.innovation_id or 0
        if key not in largest or line.amount_rupiah > largest[key].amount_rupiah:
            largest[key] = line
    for number, (key, own) in enumerate(by_innovation.items()):
        for action in own:
            whole = largest.get(key)
            if whole is None or action.pk in paid or number % 7 == 6:
                continue
            part = whole.amount_rupiah // 10 // STEP * STEP
            whole.amount_rupiah -= part
            names = ("year", "source", "kind", "stage")
            copied = {name: getattr(whole, name) for name in names}
            yield BudgetLine(innovation_id=key, action=action, amount_rupiah=part, note=whole.note, **copied, **owner)


def _limits(plan: Plan, made: list[Made], owner: dict[str, Any]) -> None:
    """What the agencies with most money can carry: enough in most years, too little in the one that holds most."""
    planned: dict[int, Counter[int]] = defaultdict(Counter)
    for agency, year, rupiah in BudgetLine.objects.filter(action__plan=plan, withdrawn_at=None).values_list(
        "action__organisation_id", "year", "amount_rupiah"
    ):
        planned[agency][year] += rupiah
    largest = sorted(planned, key=lambda agency: -planned[agency].total())[:AGENCIES_WITH_LIMITS]
    agencies = Organisation.objects.in_bulk(largest)
    rows = []
    for place, agency in enumerate(largest):
        fullest = max(planned[agency], key=lambda year: planned[agency][year])
        own = [one.action for one in made if one.action.organisation_id == agency]
        running = {year: sum((a.start_year or 0) <= year <= (a.end_year or 0) for a in own) for year in plan.years}
        most = max(running.values()) - (place < 2)
        for year in list(plan.years)[:5]:
            share = 80 if year == fullest and place % 2 == 0 else 120
            limit = -(-planned[agency][year] * share // 100 // ROUND) * ROUND
            rows.append(
                Capacity(
                    plan=plan, organisation=agencies[agency], organisation_path=agencies[agency].organisation_path,
                    year=year, money_rupiah=limit, simultaneous=most, **owner,
                )
            )  # fmt: skip
    Capacity.objects.bulk_create(rows)


def _event(verb: str, row: Any, by: Any, at: datetime.datetime, after: dict[str, Any]) -> Event:
    event = build(verb, row, by=by, after=after)
    event.at = at
    return event
