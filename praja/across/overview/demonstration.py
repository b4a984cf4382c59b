"""Fills a database with Provinsi Contoh: 27 invented regions, one of them complete; running it twice changes nothing."""

import datetime
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone

from praja.across.joining import demonstration as joining
from praja.across.overview import demonstration_quick_wins as quick_wins
from praja.across.overview import demonstration_signing as signing
from praja.across.reminders.demonstration import Office, fill
from praja.foundation.accounts import installation
from praja.foundation.accounts.models import Affair, Membership, Organisation, Person, Position, User
from praja.foundation.audit.actions import build
from praja.foundation.audit.models import Event
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.actions import store_arms
from praja.foundation.instruments.loading import load_instruments
from praja.foundation.notices.models import Notice
from praja.foundation.places.loading import load_regions
from praja.foundation.places.models import Region
from praja.foundation.plans.actions import government_of, ministry, open_plan
from praja.foundation.plans.loading import load_affairs, load_dimension_sets
from praja.foundation.plans.models import (
    BudgetLine,
    Deadline,
    Dimension,
    Indicator,
    IndicatorTarget,
    Plan,
    Request,
    SubDimension,
)
from praja.foundation.remarks.models import Remark
from praja.foundation.search.indexing import mend
from praja.foundation.workflow.models import ON_THE_WAY, State
from praja.foundation.workflow.way import whose_turn
from praja.stages.analysis import demonstration as analysis
from praja.stages.analysis.models import Vision
from praja.stages.innovations.models import Innovation, NotYet, Partner
from praja.stages.masterplan import demonstration as masterplan
from praja.stages.preparation.actions import set_arms
from praja.stages.problems.models import Cause, Problem
from praja.stages.readiness import demonstration as readiness
from praja.stages.roadmap import demonstration as roadmap
from praja.stages.roadmap.code_lists import load_demonstration as load_budget_codes
from praja.stages.targets import demonstration as targets

FOLDER = settings.PACKAGE / "data" / "demo"
# Days from the day of loading, so that a demonstration always has something open and something late.
DEADLINES = {
    "full": {"preparation": (-75, -45), "problems": (-44, -12), "innovations": (-30, 9), "masterplan": (10, 40)},
    "begun": {"preparation": (-6, 24), "problems": (25, 55), "innovations": (40, 85)},
    "light": {"preparation": (-70, -30), "problems": (-29, 14), "innovations": (-10, 45)},
}


class RealDatabase(Exception):
    """The database holds real data; its text is a sentence that says what to do."""


@dataclass(frozen=True)
class Content:
    """What the files of praja/data/demo say."""

    country: dict[str, Any]
    agencies: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    innovations: list[dict[str, Any]]

    @classmethod
    def read(cls) -> "Content":
        """Every file of the folder, those of each dimension one after the other."""
        return cls(
            country=_toml("country.toml"),
            agencies=_toml("agencies.toml")["agency"],
            problems=[row for name in _names("problems") for row in _toml(name)["problem"]],
            innovations=[row for name in _names("innovations") for row in _toml(name)["innovation"]],
        )


def load(report: Callable[[str], Any] = print) -> None:
    """Fill the database; raises RealDatabase where somebody already works with real data."""
    try:
        installation.mark(is_demonstration=True)
    except installation.MixedInstallation:
        raise RealDatabase(
            "This database holds real data, and a demonstration must never be mixed with it. Choose an empty place "
            "with PRAJA_HOME=/path/to/a/new/folder and start again."
        ) from None
    content = Content.read()
    if Region.objects.filter(code=content.country["province"]["code"]).exists():
        report("The demonstration is already there; nothing was changed.")
        return
    load_regions()
    load_affairs()
    load_dimension_sets()
    load_instruments()
    loading = _Loading(content, report)
    with transaction.atomic():
        loading.run()
    loading.arms()
    load_budget_codes(loading.full)
    loading.quick_wins()
    loading.signing()
    mend()  # what was filled in can be found at once


class _Loading:
    """One run; keeps what later steps look up."""

    def __init__(self, content: Content, report: Callable[[str], Any]) -> None:
        self.content, self.report = content, report
        self.now = timezone.now()
        self.plans: dict[str, Plan] = {}
        self.agencies: dict[str, Organisation] = {}  # of Kabupaten Contoh, by key
        self.heads: dict[str, Person] = {}
        self.users: dict[str, User] = {}
        self.operators: dict[int, User] = {}  # by agency
        self.approvers: dict[int, User] = {}  # heads with an account, by agency
        self.checkers: dict[str, User] = {}  # by key of the dimension
        self.problems: dict[str, Problem] = {}
        self.events: list[Event] = []

    def run(self) -> None:
        """Everything, in the order of the programme."""
        self.regions()
        self.full_agencies()
        self.begun_agencies()
        self.people()
        self.vision()
        self.readiness()
        self.full_problems()
        self.full_innovations()
        targets.fill(self.full, self.users["koordinator"])
        roadmap.fill(self.full, self.users["koordinator"])
        self.no_proposals()
        self.follow_up()
        self.joining()
        analysis.fill(self.full, self.users["koordinator"])
        masterplan.fill(self.full, self.users["koordinator"])
        self.light_regions()
        Event.objects.bulk_create(sorted(self.events, key=lambda event: event.at), batch_size=500)

    def arms(self) -> None:
        """The coat of arms of Kabupaten Contoh; a file is stored outside of transactions."""
        coordinator = self.users["koordinator"]
        upload = ContentFile((FOLDER / "arms.png").read_bytes(), name="lambang-contoh.png")
        set_arms(
            self.full, store_arms(upload, by=coordinator, organisation_path=self.full.organisation_path), by=coordinator
        )

    @property
    def acting(self) -> quick_wins.People:
        """Who does something in the demonstration."""
        return quick_wins.People(self.users, self.operators, self.approvers, self.checkers, self.working_hour)

    def quick_wins(self) -> None:
        """A decided round of Kabupaten Contoh and one that is ready; its search and its files want no transaction."""
        quick_wins.fill(self.full, self.acting)

    def signing(self) -> None:
        """The joint commitment of Kabupaten Contoh, settled and signed; its files and its gateway want no transaction."""
        signing.fill(self.full, self.acting)

    @cached_property
    def dimensions(self) -> dict[str, Dimension]:
        """The dimensions of the default set by key."""
        return {row.key: row for row in Dimension.objects.filter(set__is_default=True)}

    @cached_property
    def sub_dimensions(self) -> dict[tuple[str, str], SubDimension]:
        """The sub-dimensions of the default set by both keys."""
        rows = SubDimension.objects.filter(dimension__set__is_default=True).select_related("dimension")
        return {(row.dimension.key, row.key): row for row in rows}

    @cached_property
    def full(self) -> Plan:
        """The plan of Kabupaten Contoh."""
        return self._plans_at("full")[0]

    def regions(self) -> None:
        """Provinsi Contoh, its regencies and cities, and a plan where one is open."""
        about = self.content.country["province"]
        zone = {"time_zone": Region.TimeZone.WIB, "is_demonstration": True}
        province = Region.objects.create(code=about["code"], kind=Region.Kind.PROVINCE, name=about["name"], **zone)
        government_of(province)
        for row in self.content.country["region"]:
            kind = Region.Kind.CITY if row["name"].startswith("Kota ") else Region.Kind.REGENCY
            keys = ("code", "name", "population")
            values = {**{key: row[key] for key in keys}, "area_km2": row["area"]}
            region = Region.objects.create(kind=kind, parent=province, **zone, **values)
            government_of(region)
            if row["stage"] != "none":
                whole_way = row["stage"] == "full"  # the others leave out the two steps in the middle
                switches = {"head_approves": whole_way, "dimension_checks": whole_way}
                plan = open_plan(region, by=None, year_from=2026, year_to=2035, **switches)
                self.plans[row["code"]] = plan
                self.deadlines(plan, row["stage"])
        self.report(
            f"{len(self.content.country['region'])} regions of {province}, {len(self.plans)} of them with a plan"
        )

    def deadlines(self, plan: Plan, stage: str) -> None:
        """When each stage opens and closes, counted from today."""
        for name, (opens, closes) in DEADLINES.get(stage, {}).items():
            days = {"opens_on": plan.today + _days(opens), "closes_on": plan.today + _days(closes)}
            Deadline.objects.create(plan=plan, stage=name, **days)

    def full_agencies(self) -> None:
        """The agencies of Kabupaten Contoh with affairs, duties, heads, and what is asked of each."""
        for row in self.content.agencies:
            about = {key: row[key] for key in ("name", "abbreviation", "duties", "regulation")}
            agency = self.agency(self.full, row["kind"], row["affairs"], row["asked"], **about)
            self.agencies[row["key"]] = agency
            head = row["head"]
            person = self.person(head["name"], nip=head["nip"], rank=head["rank"], grade=head["grade"])
            self.heads[row["key"]] = person
            office = {"title": head["position"], "acting": head["acting"], "decree": head.get("decree", "")}
            Position.objects.create(organisation=agency, person=person, is_head=True, **office)
        self.report(f"{len(self.agencies)} agencies with their heads")

    def begun_agencies(self) -> None:
        """Kota Contoh has just begun: a handful of agencies and nothing written."""
        for plan in self._plans_at("begun"):
            for row in self.content.country["begun_agency"]:
                asked = {"problems": row["asked"], "innovations": row["asked"], "dimensions": row["dimensions"]}
                about = {key: row[key] for key in ("name", "abbreviation")}
                agency = self.agency(plan, row.get("kind", "agency"), row["affairs"], asked, **about)
                self.agencies[row["name"]] = agency

    def agency(
        self, plan: Plan, kind: str, affairs: Sequence[str], asked: dict[str, Any], **about: str
    ) -> Organisation:
        """One agency and what is asked of it."""
        agency = Organisation.objects.create(
            kind=Organisation.Kind.AGENCY, agency_kind=kind, parent=plan.government, **about
        )
        agency.affairs.set(Affair.objects.filter(code__in=affairs))
        request = Request.objects.create(
            plan=plan,
            organisation=agency,
            asks_problems=asked["problems"],
            asks_innovations=asked["innovations"],
        )
        request.dimensions.set([self.dimensions[key] for key in asked["dimensions"]])
        return agency

    def people(self) -> None:
        """A user of every role with a short name, then an operator for each agency that wrote something."""
        for row in self.content.country["user"]:
            organisation = self._organisation_of(row)
            person = self.heads[row["agency"]] if row.get("head") else self.person(row["name"])
            dimensions = row.get("dimensions", [])
            user = self.user(row["username"], person, row["role"], organisation, dimensions)
            self.checkers |= dict.fromkeys(dimensions, user)
            if row["role"] == "agency_head":
                self.approvers[organisation.pk] = user
            if title := row.get("position"):
                office = {"title": title, "is_head": row.get("is_head", False)}
                Position.objects.create(organisation=organisation, person=person, **office)
            if row["role"] == "operator":
                self.operators[organisation.pk] = user
        writing = [*self.content.problems, *self.content.innovations, *self.content.country["not_yet"]]
        for key in dict.fromkeys(row["agency"] for row in writing):
            agency = self.agencies[key]
            if agency.pk not in self.operators:
                person = self.person(f"Operator {agency.short_name}")
                self.operators[agency.pk] = self.user(f"operator-{key}", person, "operator", agency)
        self.report(f"{len(self.users)} accounts")

    def person(self, full_name: str, **fields: str) -> Person:
        """A person whose titles before and after the name are taken apart."""
        before, name, after = titles_apart(full_name)
        return Person.objects.create(name=name, title_before=before, title_after=after, **fields)

    def user(
        self, username: str, person: Person, role: str, organisation: Organisation, dimensions: Sequence[str] = ()
    ) -> User:
        """An account without a password: a demonstration signs in by button."""
        user = User(username=username, person=person, is_demonstration=True)
        user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, organisation=organisation, role=role, dimensions=list(dimensions))
        self.users[username] = user
        return user

    def vision(self) -> None:
        """The vision that the regent of Kabupaten Contoh has set."""
        regent = self.users["bupati"].person
        assert regent is not None
        position = regent.positions.get()
        vision = Vision.objects.create(
            plan=self.full,
            set_by_title=position.title,
            set_by_name=regent.full_name,
            set_by_acting=position.acting,
            set_on=self.full.today - _days(38),
            created_by=self.users["koordinator"],
            **self.content.country["vision"],
        )
        at = self.working_hour(38, 3)
        self.note("set", vision, by=self.users["koordinator"], at=at, after={"text": vision.text})

    def readiness(self) -> None:
        """How ready Kabupaten Contoh is, and its figures."""
        readiness.fill(_toml("readiness.toml"), self.full, by=self.users["koordinator"], moment=self.working_hour)

    def full_problems(self) -> None:
        """The problems of Kabupaten Contoh with the trees of their causes."""
        rows = self.content.problems
        made = [
            Problem(
                **self.owned(row, number),
                title=row["title"],
                **_texts(row, "description", "affected", "location", "figure", "unit"),
                figure_year=row["year"],
                figure_source=row["source"],
                **{key: row[key] for key in ("urgency", "seriousness", "growth")},
            )
            for number, row in enumerate(rows)
        ]
        self.problems = dict(zip((row["key"] for row in rows), Problem.objects.bulk_create(made), strict=True))
        _link(Problem.others, ((made[i], self.agencies[key]) for i, row in enumerate(rows) for key in row["others"]))
        self.causes(rows)
        self.histories(rows, made, "permasalahan")
        self.report(f"{len(rows)} problems with their causes")

    def causes(self, rows: list[dict[str, Any]]) -> None:
        """The causes: first those at the root, then those behind them."""
        roots, below = [], []
        for row in rows:
            problem = self.problems[row["key"]]
            for order, cause in enumerate(row["cause"]):
                root = Cause(problem=problem, text=cause["text"], kind=cause["kind"], order=order)
                roots.append(root)
                below += [(root, child) for child in cause.get("children", [])]
        Cause.objects.bulk_create(roots)
        Cause.objects.bulk_create(
            Cause(problem=root.problem, parent=root, text=child["text"], kind=child["kind"], order=order)
            for order, (root, child) in enumerate(below)
        )

    def full_innovations(self) -> None:
        """The innovations of Kabupaten Contoh with partners, money, indicators and links."""
        rows = self.content.innovations
        made = [
            Innovation(
                **self.owned(row, number),
                title=row["title"],
                is_it=row["is_it"],
                **_texts(row, *INNOVATION_TEXTS),
                **{key: row[key] for key in INNOVATION_NUMBERS},
            )
            for number, row in enumerate(rows)
        ]
        Innovation.objects.bulk_create(made)
        pairs = list(zip(rows, made, strict=True))
        _link(
            Innovation.supporting, ((one, self.agencies[key]) for row, one in pairs for key in row["partners_agencies"])
        )
        _link(Innovation.problems, ((one, self.problems[key]) for row, one in pairs for key in row["problems"]))
        Partner.objects.bulk_create(
            Partner(innovation=one, **partner) for row, one in pairs for partner in row.get("partner", [])
        )
        BudgetLine.objects.bulk_create(
            BudgetLine(
                innovation=one,
                amount_rupiah=line["amount"],
                **{key: line[key] for key in ("year", "source", "kind", "stage")},
                note=line.get("note", ""),
            )
            for row, one in pairs
            for line in row.get("budget", [])
        )
        self.indicators(pairs)
        Evidence.objects.bulk_create(
            Evidence(
                **_about(one),
                organisation_path=one.organisation_path,
                kind=Evidence.Kind.REPORT,
                title=f"Laman {one.title}"[:200],
                link=row["link"],
            )
            for row, one in pairs
            if row.get("link")
        )
        self.histories(rows, made, "inovasi")
        self.report(f"{len(rows)} innovations with money and indicators")

    def indicators(self, pairs: list[tuple[dict[str, Any], Innovation]]) -> None:
        """The indicators, each with its yearly targets."""
        described = [(one, line) for row, one in pairs for line in row.get("indicator", [])]
        made = Indicator.objects.bulk_create(
            Indicator(
                innovation=one,
                baseline_year=line.get("baseline_year"),
                **{key: line[key] for key in ("name", "unit", "level")},
                **_texts(line, "baseline", "source"),
            )
            for one, line in described
        )
        IndicatorTarget.objects.bulk_create(
            IndicatorTarget(indicator=indicator, year=int(year), value=str(value))
            for indicator, (_one, line) in zip(made, described, strict=True)
            for year, value in line.get("targets", {}).items()
        )

    def owned(self, row: dict[str, Any], number: int) -> dict[str, Any]:
        """The columns that problems and innovations share; `number` spreads the rows over six weeks."""
        agency, dimension = self.agencies[row["agency"]], self.dimensions[row["dimension"]]
        days = 5 + number % 9 if row["state"] in ON_THE_WAY else 7 + number * 11 % 36
        operator = self.operators[agency.pk]
        begun = self.working_hour(days, number)
        moved = {State.DRAFT: begun, State.SUBMITTED: self.working_hour(days - 1, number, 1)}
        last = moved.get(row["state"], self.working_hour(days - 3, number, 2))
        return {
            "plan": self.full,
            "organisation": agency,
            "organisation_path": agency.organisation_path,
            "dimension": dimension,
            "sub_dimension": self.sub_dimensions[row["dimension"], row["sub_dimension"]],
            "affair_id": row["affair"],
            "state": row["state"],
            "state_at": last,
            "created_at": begun,
            "created_by": operator,
            "updated_at": last,
            "updated_by": operator,
        }

    def working_hour(self, days_ago: int, number: int, hours_later: int = 0) -> datetime.datetime:
        """A moment of a working day, `days_ago` or on the Friday before; `number` varies the minute."""
        day = self.full.today - _days(days_ago)
        day -= _days(max(day.weekday() - 4, 0))
        hour = datetime.time(8 + number % 5 + hours_later, number * 7 % 60)
        return datetime.datetime.combine(day, hour, self.full.time_zone)

    def no_proposals(self) -> None:
        """Agencies of Kabupaten Contoh that say why they propose nothing."""
        for number, row in enumerate(self.content.country["not_yet"]):
            agency, at = self.agencies[row["agency"]], self.working_hour(6 - number, number)
            operator = self.operators[agency.pk]
            values = {key: row[key] for key in ("what", "reason", "state")}
            one = NotYet.objects.create(
                plan=self.full, organisation=agency, state_at=at, created_at=at, created_by=operator, **values
            )
            self.note("submit", one, by=operator, at=at, after={"reason": one.reason})
            if one.state == State.ACCEPTED:
                self.note("accept", one, by=self.users["koordinator"], at=at + datetime.timedelta(hours=2))

    def follow_up(self) -> None:
        """Why agencies of Kabupaten Contoh are late, who was reminded, and how its weeks began."""
        office = Office(self.full, self.agencies, self.operators, self.users["koordinator"], self.working_hour)
        fill(_toml("follow_up.toml"), office)

    def joining(self) -> None:
        """A pair of similar rows that stay two, and a row that waits for the word of the receiving agency."""
        content, coordinator = _toml("joining.toml"), self.users["koordinator"]
        joining.fill(content, self.problems, self.agencies, by=coordinator, moment=self.working_hour)

    def histories(self, rows: list[dict[str, Any]], made: Sequence[Any], folder: str) -> None:
        """How each row came to its state over the offices of the way, with the remark on returned ones and notices."""
        remarks, notices = [], []
        for row, one in zip(rows, made, strict=True):
            self.note("start", one, by=one.created_by, at=one.created_at, after={"title": one.title})
            before, taken = State.DRAFT, self.steps_of(row, one)
            for verb, state, by, at in taken:
                words = row["remark"] if state == State.RETURNED else ""
                self.note(verb, one, by=by, at=at, remark=words, before={"state": before}, after={"state": state})
                before = state
                if words:
                    remark = Remark(
                        **_about(one),
                        field=row.get("remark_field", ""),
                        text=words,
                        organisation_path=one.organisation_path,
                        created_by=by,
                    )
                    remark.created_at = at
                    remarks.append(remark)
            if taken:
                one.updated_by = taken[-1][2]
                notices += self.notices_about(one, folder)
        type(made[0]).objects.bulk_update(made, ["updated_by"])
        Remark.objects.bulk_create(remarks)
        Notice.objects.bulk_create(sorted(notices, key=lambda notice: notice.at))

    def steps_of(self, row: dict[str, Any], one: Any) -> list[tuple[str, State, User, datetime.datetime]]:
        """The steps that brought a row to its state: verb, state, who, when. A head without account signed on paper."""
        state, last = State(row["state"]), one.state_at
        if state == State.DRAFT:
            return []
        head, checker = self.approvers.get(one.organisation_id), self.checkers[row["dimension"]]
        coordinator, handed_in = self.users["koordinator"], one.created_at + datetime.timedelta(hours=1)
        way = [
            ("submit", State.SUBMITTED, one.created_by, handed_in),
            (
                "approve" if head else "approve_on_paper",
                State.APPROVED,
                head or coordinator,
                handed_in + datetime.timedelta(hours=2),
            ),
            ("check", State.CHECKED, checker, last - datetime.timedelta(hours=1)),
            ("accept", State.ACCEPTED, coordinator, last),
        ]
        if state == State.RETURNED:
            return [*way[:2], ("ask_again", state, checker, last)]
        taken = way[: [step[1] for step in way].index(state) + 1]
        return [*taken[:-1], (*taken[-1][:3], last)]

    def notices_about(self, one: Any, folder: str) -> list[Notice]:
        """Word to whoever has to do something with a row now, or to the operator that it was accepted or returned."""
        if one.state in (State.ACCEPTED, State.RETURNED):
            done = "diterima" if one.state == State.ACCEPTED else "dikembalikan dengan catatan"
            text = f"{folder.capitalize()} “{one.title}” {done}."
            return [self.notice(one.created_by, text, one, folder)]
        text = f"{one.organisation}: {folder} “{one.title}” menunggu Anda."
        return [self.notice(user, text, one, folder) for user in whose_turn(one)]

    def notice(self, user: User, text: str, row: Any, folder: str) -> Notice:
        """A message about a row that moved on; older ones were read."""
        at = row.state_at
        old = at < self.now - _days(9)
        return Notice(user=user, text=text[:400], address=f"/{folder}/{row.pk}/", at=at, read_at=at if old else None)

    def note(self, verb: str, row: models.Model, *, by: User, at: datetime.datetime, **said: Any) -> None:
        """One line of history, dated back."""
        event = build(verb, row, by=by, **said)
        event.at = at
        self.events.append(event)

    def light_regions(self) -> None:
        """Eight regions with a few agencies and innovations, each a little further than the one before."""
        made: list[Innovation] = []
        problems: list[Problem] = []
        plans = self._plans_at("light")
        for ahead, plan in enumerate(plans):
            for position, row in enumerate(self.content.country["light_agency"]):
                asked = {"problems": True, "innovations": True, "dimensions": [row["dimension"]]}
                about = {key: row[key] for key in ("name", "abbreviation")}
                agency = self.agency(plan, "agency", row["affairs"], asked, **about)
                for order, title in enumerate(row["titles"][: 1 + (ahead + position) % 3]):
                    furthest = (ahead + position + order) % 4
                    state = (State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.ACCEPTED)[furthest]
                    made.append(
                        Innovation(
                            plan=plan,
                            organisation=agency,
                            organisation_path=agency.organisation_path,
                            dimension=self.dimensions[row["dimension"]],
                            title=title,
                            is_it=False,
                            state=state,
                        )
                    )
                if (ahead + position) % 4:
                    problems.append(
                        Problem(
                            plan=plan,
                            organisation=agency,
                            organisation_path=agency.organisation_path,
                            dimension=self.dimensions[row["dimension"]],
                            title=row["problem"],
                            state=(State.SUBMITTED, State.ACCEPTED)[position % 2],
                        )
                    )
        Innovation.objects.bulk_create(made)
        Problem.objects.bulk_create(problems)
        self.report(f"{len(made)} innovations in {len(plans)} more regions")

    def _plans_at(self, stage: str) -> list[Plan]:
        codes = [row["code"] for row in self.content.country["region"] if row["stage"] == stage]
        return [self.plans[code] for code in codes]

    def _organisation_of(self, row: dict[str, Any]) -> Organisation:
        if "agency" in row:
            return self.agencies[row["agency"]]
        return government_of(Region.objects.get(code=row["region"])) if "region" in row else ministry()


INNOVATION_TEXTS = (
    "long_name",
    "summary",
    "off_affair_reason",
    "system",
    "system_name",
    "kind",
    "form",
    "initiator",
    "theme",
    "goal",
    "benefit",
    "result",
    "beneficiaries",
    "design",
    "uniqueness",
    "growth_potential",
    "sustainability",
    "risk",
    "risk_mitigation",
    "needs_people",
    "needs_infrastructure",
    "needs_data",
    "legal_basis",
    "legal_level",
    "stage",
    "status",
    "horizon",
)
INNOVATION_NUMBERS = ("beneficiary_count", "progress", "start_year", "end_year")


def titles_apart(full_name: str) -> tuple[str, str, str]:
    """The titles before, the name, the titles after: "Dr. H.", "Asep Sudrajat", "M.Si."."""
    name, _comma, after = full_name.partition(", ")
    words = name.split()
    titles = 0
    while titles < len(words) - 1 and words[titles].endswith("."):
        titles += 1
    return " ".join(words[:titles]), " ".join(words[titles:]), after


def _names(kind: str) -> list[str]:
    return sorted(path.name for path in FOLDER.glob(f"{kind}-*.toml"))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _texts(row: dict[str, Any], *keys: str) -> dict[str, str]:
    return {key: row.get(key, "") for key in keys}


def _about(row: models.Model) -> dict[str, Any]:
    return {"subject": row._meta.label_lower, "subject_id": row.pk}


def _days(number: float) -> datetime.timedelta:
    return datetime.timedelta(days=number)


def _link(field: Any, pairs: Iterable[tuple[models.Model, models.Model]]) -> None:
    """Store many-to-many pairs at once."""
    through, here, there = field.through, field.field.m2m_field_name(), field.field.m2m_reverse_field_name()
    through.objects.bulk_create(through(**{f"{here}_id": one.pk, f"{there}_id": other.pk}) for one, other in pairs)
