"""Fills the quick wins of the demonstration: a round that was decided with a swap, and one that is ready to be chosen."""

import datetime
import tomllib
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from praja.foundation.audit.actions import build
from praja.foundation.audit.chain import append
from praja.foundation.audit.models import Event
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.actions import store
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import Dimension, Plan
from praja.foundation.ui.formats import decimal
from praja.stages.innovations.figures import printed
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins import actions, deciding, rules, searches, weighing
from praja.stages.quick_wins.chained import facts_of_scores
from praja.stages.quick_wins.choice import asked_of
from praja.stages.quick_wins.models import (
    Criterion,
    DecisionSheet,
    Dialogue,
    Nomination,
    PlannedMonth,
    QuickWin,
    Risk,
    Round,
    Score,
    ScoreSheet,
    SelectionRule,
)
from praja.stages.quick_wins.nominating import going_on
from praja.stages.quick_wins.values import scored_criteria

FILE = settings.PACKAGE / "data" / "demo" / "quick_wins.toml"
ADDRESS = "http://localhost:8000"  # where a demonstration is served
Kind, Proposer, State = SelectionRule.Kind, Nomination.Proposer, Round.State
PROFILE = (
    "acronym", "full_name", "problem", "attraction", "resources", "benefit_figures", "continuation", "continuation_reason",
)  # fmt: skip
# Who proposes whom, in turn.
PROPOSERS = (Proposer.AGENCY, Proposer.WORKING_GROUP, Proposer.AGENCY, Proposer.COORDINATOR)


@dataclass(frozen=True)
class People:
    """Who does something in the demonstration, and a moment of a working day so many days ago."""

    users: Mapping[str, Any]  # by username
    operators: Mapping[int, Any]  # by agency
    approvers: Mapping[int, Any]  # heads with an account, by agency
    checkers: Mapping[str, Any]  # by key of the dimension
    moment: Callable[[int, int], datetime.datetime]

    @property
    def coordinator(self) -> Any:
        """Who runs the rounds."""
        return self.users["koordinator"]


def fill(plan: Plan, people: People) -> None:
    """Everything that praja/data/demo/quick_wins.toml says; outside of transactions, because it stores files."""
    filling = _Filling(plan, people, tomllib.loads(FILE.read_text(encoding="utf-8")))
    decided = filling.decided()
    with transaction.atomic():
        filling.profiles(decided)
    filling.ready()


class _Filling:
    """One run; keeps what later steps look up."""

    def __init__(self, plan: Plan, people: People, content: dict[str, Any]) -> None:
        self.plan, self.people, self.content = plan, people, content
        self.by = people.coordinator

    @cached_property
    def innovations(self) -> dict[str, Innovation]:
        """The innovations of the plan by title."""
        rows = printed(self.plan).select_related("organisation", "dimension").prefetch_related("partners")
        return {row.title: row for row in rows}

    @cached_property
    def dimensions(self) -> dict[str, Dimension]:
        """The dimensions of the plan by key."""
        return {row.key: row for row in self.plan.dimension_set.dimensions.all()}

    # --- the round that was decided -----------------------------------------------------------------------------------

    def decided(self) -> Round:
        """Last year's round, taken along its whole way by the same actions as people use, on its days."""
        content, year = self.content["last"], self.plan.years[0]
        with clock_at(_at(self.plan, year - 1, 11, 17)):
            round_ = self._begun(year)
            made = self._nominated(round_, content["nominee"], year)
            self._rules(round_)
        with clock_at(_at(self.plan, year - 1, 11, 27)):
            actions.move(round_, State.SCORING, by=self.by, version=round_.version)
            self._scored(round_, content, made)
            self._checks(round_, content)
            actions.move(round_, State.CHOOSING, by=self.by, version=round_.version)
        with clock_at(_at(self.plan, year - 1, 12, 3)):
            searches.ask_for(asked_of(round_), searches.SET, by=self.by)
            submission = deciding.Submission(number=content["number"], remark=content["remark"])
            sheet = deciding.submit(round_, submission, by=self.by, version=round_.version, link=_link)
        for day, word in enumerate(content["words"], start=4):
            with clock_at(_at(self.plan, year - 1, 12, day)):
                user = self.people.users[word["user"]]
                deciding.speak(sheet, word["office"], remark=word["remark"], by=user, version=sheet.version)
        keys = {str(row.innovation): str(row.pk) for row in made}
        swap = (keys[content["swap"]["out"]], keys[content["swap"]["into"]])
        with clock_at(_at(self.plan, year - 1, 12, 15)):
            sheet = DecisionSheet.objects.select_related("round__plan__government__region").get(pk=sheet.pk)
            head = self.people.users["bupati"]
            deciding.decide(sheet, swaps=[swap], reason=content["reason"], by=head, version=sheet.version)
        Notice.objects.filter(at__lt=sheet.created_at + datetime.timedelta(days=20)).update(read_at=F("at"))
        return round_

    def _begun(self, year: int) -> Round:
        return actions.start_round(
            self.plan, title=f"Quick Win {year}", starts_on=datetime.date(year, 1, 1),
            ends_on=datetime.date(year, 12, 31), by=self.by,
        )  # fmt: skip

    def _checks(self, round_: Round, content: Mapping[str, Any]) -> None:
        for key in ("formulation", "continuity"):
            if key in content:
                Criterion.objects.filter(round=round_, key=key).update(result=content[key])

    def _rules(self, round_: Round) -> None:
        """The usual rules, and the weights of the file."""
        rules.add_usual_rules(round_, by=self.by)
        weights = {key: Decimal(text) for key, text in self.content["weights"].items()}
        weighing.weigh(round_, weights, by=self.by, version=round_.version)

    def profiles(self, round_: Round) -> None:
        """What became of the quick wins in force: some profiles whole and accepted, others with gaps, some words on next year."""
        quick_wins = {str(one.innovation): one for one in round_.quick_wins.select_related("innovation__dimension")}
        risks: list[Risk] = []
        months: list[PlannedMonth] = []
        events: list[Event] = []
        for number, row in enumerate(self.content["last"]["quick_win"]):
            quick_win = quick_wins[row["innovation"]]
            organisation = quick_win.organisation
            assert organisation is not None
            operator = self.people.operators[organisation.pk]
            owner = {"quick_win": quick_win, "created_by": operator, "updated_by": operator}
            said = {name: row[name] for name in PROFILE}
            for name, value in said.items():
                setattr(quick_win, name, value)
            quick_win.is_running = row.get("is_running")
            quick_win.position = organisation.positions.filter(is_head=True).first()
            quick_win.updated_by = operator
            at = _at(self.plan, round_.year, 1, 12 + number)
            events.append(_event("edit", quick_win, operator, at, after=said))
            for verb, state, by in self._way(quick_win, row["state"]):
                at += datetime.timedelta(days=1)
                events.append(
                    _event(verb, quick_win, by, at, before={"state": quick_win.state}, after={"state": state})
                )
                quick_win.state, quick_win.state_at = state, at
            quick_win.save()
            names = ("factor", "cause", "likelihood", "impact", "structural", "non_structural")
            risks += [Risk(**dict(zip(names, risk, strict=True)), **owner) for risk in row["risks"]]
            months += [
                PlannedMonth(
                    month=datetime.date(round_.year, month, 1), activity=activity, target_percent=100 * month // 12, **owner
                )
                for month, activity in enumerate(row["months"], start=1)
            ]  # fmt: skip
        Risk.objects.bulk_create(risks)
        PlannedMonth.objects.bulk_create(months)
        Event.objects.bulk_create(events)

    def _way(self, quick_win: QuickWin, state: str) -> Iterator[tuple[str, str, Any]]:
        """The steps of a profile up to its state: verb, state, who."""
        agency = quick_win.organisation_id or 0
        dimension = quick_win.innovation.dimension
        way = [
            ("submit", "submitted", self.people.operators[agency]),
            ("approve", "approved", self.people.approvers.get(agency, self.by)),
            ("check", "checked", self.people.checkers[dimension.key] if dimension else self.by),
            ("accept", "accepted", self.by),
        ]
        states = [one[1] for one in way]
        yield from way[: states.index(state) + 1] if state in states else ()

    # --- the round that is ready ----------------------------------------------------------------------------------------

    def ready(self) -> None:
        """The next round up to the choice of its set, which is for the audience."""
        content, year = self.content["next"], self.plan.years[0] + 1
        minutes = [self._minutes(row) for row in content["dialogue"]]
        with transaction.atomic(), clock_at(self.people.moment(3, 0)):
            round_ = self._begun(year)
            made = self._nominated(round_, content["nominee"], year)
            keys = {str(row.innovation): row for row in made}
            self._dialogues(content["dialogue"], keys, minutes)
            self._rules(round_)
            first, other = (keys[name] for name in content["needs"])
            rules.add_rule(round_, Kind.NEEDS, {"nomination": first, "other": other}, by=self.by)
            first, other = (keys[name] for name in content["excludes"])
            rules.add_rule(round_, Kind.EXCLUDES, {"nomination": first, "other": other}, by=self.by)
            rules.add_rule(round_, Kind.MUST_NOT, {"nomination": keys[content["must_not"]]}, by=self.by)
            rules.add_rule(round_, Kind.BUDGET, {"year": year, "source": "", "rupiah": content["budget"]}, by=self.by)
            actions.move(round_, State.SCORING, by=self.by, version=round_.version)
        with transaction.atomic(), clock_at(self.people.moment(1, 4)):
            self._scored(round_, content, made)
            self._checks(round_, content)
            actions.move(round_, State.CHOOSING, by=self.by, version=round_.version)

    def _minutes(self, row: Mapping[str, Any]) -> Any:
        """The minutes of a dialogue as a file."""
        text = f"NOTULEN DIALOG WARGA\n{row['innovation']}\n{row['place']}\nHadir: {row['people']} orang\n\n{row['outcome']}\n"
        agency = self.innovations[row["innovation"]].organisation
        upload = ContentFile(text.encode(), name=f"notulen-{row['innovation'].lower().replace(' ', '-')}.txt")
        path = agency.organisation_path if agency else self.plan.organisation_path
        return store(upload, by=self.by, organisation_path=path)

    def _dialogues(
        self, rows: Sequence[Mapping[str, Any]], nominees: Mapping[str, Nomination], minutes: Sequence[Any]
    ) -> None:
        made = [
            Dialogue(
                nomination=nominees[row["innovation"]], held_on=self.plan.today - datetime.timedelta(weeks=row["weeks"]),
                organisation_path=nominees[row["innovation"]].organisation_path, created_by=self.by, updated_by=self.by,
                **{name: row[name] for name in ("place", "people", "outcome")},
            )
            for row in rows
        ]  # fmt: skip
        Dialogue.objects.bulk_create(made)
        Evidence.objects.bulk_create(
            Evidence(
                subject=Dialogue._meta.label_lower, subject_id=one.pk, organisation_path=one.organisation_path,
                kind=Evidence.Kind.REPORT, title="Notulen", file=file, created_by=self.by, updated_by=self.by,
            )
            for one, file in zip(made, minutes, strict=True)
        )  # fmt: skip

    # --- nominees and scores --------------------------------------------------------------------------------------------

    def _nominated(self, round_: Round, rows: Sequence[Mapping[str, Any]], year: int) -> list[Nomination]:
        """The nominees with what they state, their history, and what each continues."""
        continued = {one.innovation_id: one for one in going_on(round_.previous)} if round_.previous else {}
        made = []
        for number, row in enumerate(rows):
            innovation = self.innovations[row["innovation"]]
            proposer, agency = PROPOSERS[number % len(PROPOSERS)], innovation.organisation
            of_dimension = self.people.checkers[innovation.dimension.key] if innovation.dimension else self.by
            of_agency = self.people.operators[agency.pk] if agency else self.by
            who = {Proposer.AGENCY: of_agency, Proposer.WORKING_GROUP: of_dimension}.get(proposer, self.by)
            begins, ends = row["months"]
            needs = [innovation.needs_people, innovation.needs_infrastructure]
            made.append(
                Nomination(
                    round=round_, innovation=innovation, organisation_path=innovation.organisation_path,
                    proposer=proposer, done=row["done"], responsible=f"{row['by']}, {agency.short_name if agency else ''}",
                    means="; ".join(filter(None, needs)), money=row["money"],
                    starts_on=datetime.date(year, begins, 1), finishes_on=_last_day(year, ends),
                    staff_days=row["days"], continues=continued.get(innovation.pk), created_by=who, updated_by=who,
                )
            )  # fmt: skip
        Nomination.objects.bulk_create(made)
        Event.objects.bulk_create(
            build("nominate", one, by=one.created_by, after={"innovation": one.innovation}) for one in made
        )
        return made

    def _scored(self, round_: Round, content: Mapping[str, Any], nominees: Sequence[Nomination]) -> None:
        """Six finished sheets, each with all scores and a reason for each."""
        written = {row["innovation"]: row["scores"] for row in content["nominee"]}
        criteria, now = scored_criteria(round_), timezone.now()
        sheets: dict[int, ScoreSheet] = {}
        for row in content["sheet"]:
            dimension = self.dimensions[row["dimension"]]
            by = self.people.checkers[dimension.key]
            sheets[dimension.pk] = ScoreSheet(
                round=round_, dimension=dimension, held_on=timezone.localdate(now, self.plan.time_zone),
                members=row["members"], minutes=row["minutes"], recusals=_recusals(dimension, nominees),
                finished_at=now, finished_by=by, created_by=by, updated_by=by,
            )  # fmt: skip
        ScoreSheet.objects.bulk_create(sheets.values())
        scores = []
        for nominee in nominees:
            sheet = sheets[nominee.innovation.dimension_id or 0]
            words = _words(nominee)
            for criterion, digit in zip(criteria, written[str(nominee.innovation)], strict=True):
                reasons = self.content["reasons"][criterion.key]
                reason = reasons[max(int(digit), 1) - 1].format(**words)
                scores.append(
                    Score(
                        sheet=sheet, nomination=nominee, criterion=criterion, value=int(digit), reason=reason[:500],
                        created_by=sheet.created_by, updated_by=sheet.created_by,
                    )
                )  # fmt: skip
        Score.objects.bulk_create(scores, batch_size=500)
        Event.objects.bulk_create(
            build("finish scoring", sheet, by=sheet.finished_by) for sheet in sheets.values()
        )  # fmt: skip
        with transaction.atomic():
            for sheet in sheets.values():
                append("score", sheet, facts_of_scores(sheet))


def _words(nominee: Nomination) -> dict[str, Any]:
    """What a reason says of the innovation of a nominee."""
    innovation = nominee.innovation
    partners = [partner.name for partner in innovation.partners.all()]
    return {
        "who": _lower(innovation.beneficiaries),
        "count": decimal(innovation.beneficiary_count or 0),
        "agency": innovation.organisation.short_name if innovation.organisation else "",
        "partners": " dan ".join(partners[:2]) or "kelompok warga setempat",
        "people": _lower(innovation.needs_people),
        "month": nominee.starts_on.month + 1 if nominee.starts_on else 1,
    }


def _recusals(dimension: Dimension, nominees: Iterable[Nomination]) -> list[dict[str, str]]:
    """Who stepped back while the own nominee was scored: the agency of the first one of the dimension."""
    first = next(one for one in nominees if one.innovation.dimension_id == dimension.pk)
    agency = first.innovation.organisation.short_name if first.innovation.organisation else ""
    return [{"nomination": str(first.pk), "who": f"Wakil {agency}", "reason": "Pengampu nominasi ini"}]


def _link(code: str) -> str:
    return ADDRESS + reverse("decision-by-code", args=[code])


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _at(plan: Plan, year: int, month: int, day: int) -> datetime.datetime:
    return datetime.datetime(year, month, day, 9, day % 60, tzinfo=plan.time_zone)


def _last_day(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, monthrange(year, month)[1])


def _event(verb: str, row: Any, by: Any, at: datetime.datetime, **said: Any) -> Event:
    event = build(verb, row, by=by, **said)
    event.at = at
    return event


@contextmanager
def clock_at(moment: datetime.datetime) -> Iterator[None]:
    """Whatever asks for the time meanwhile hears that it is `moment`: so a decision of last year bears its own days.

    Days stand in texts whose hash is kept, so they cannot be dated back afterwards.
    """
    behind = timezone.now() - moment
    names = vars(timezone)  # `timezone.now` asks the class of this name
    clock = names["datetime"]

    class Behind(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return clock.now(tz) - behind

    names["datetime"] = Behind
    try:
        yield
    finally:
        names["datetime"] = clock
