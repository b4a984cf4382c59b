"""What a coordinator does while preparing: setting the plan up, agencies, requests, deadlines; each with its history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Affair, Invitation, Membership, Organisation, Person, Position
from praja.foundation.audit.actions import build, record
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.drafts.entry import Difference, save_entry
from praja.foundation.files.models import StoredFile
from praja.foundation.plans.models import Deadline, DeadlineException, Plan, Request
from praja.foundation.sheets.values import normalised
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused
from praja.stages.preparation import notices
from praja.stages.preparation.forms import AgencyForm, PlanForm
from praja.stages.preparation.hanging import rows_of
from praja.stages.preparation.stages import stages_in_use


class Conflict(TooLate):
    """Somebody saved some of the same lines first; `differences` holds both texts."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        super().__init__()
        self.differences = list(differences)


# --- the plan ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_plan_up(form: PlanForm, *, by: Any, version: int) -> None:
    """Save the checked form; a plan that came in by an import counts as confirmed from now on."""
    cohort = form.cleaned_data["cohort"]
    if cohort is not None and cohort.pk is None:
        cohort.save()
    save_entry(form, by=by, version=version, also={"is_unverified": False})


@transaction.atomic
def set_arms(plan: Plan, arms: StoredFile | None, *, by: Any) -> None:
    """The coat of arms of the region on its pages and books; None takes it away."""
    before = plan.arms
    update_if_unchanged(plan, {"arms": arms}, by=by, version=plan.version)
    record("set arms", plan, by=by, before={"arms": before and before.name}, after={"arms": arms and arms.name})


# --- agencies ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_agency(form: AgencyForm, *, by: Any) -> Organisation:
    """The new agency of a checked form."""
    agency = form.instance
    for name, value in form.columns().items():
        setattr(agency, name, value)
    agency.created_by = agency.updated_by = by
    agency.save()
    for name, value in form.many().items():
        getattr(agency, name).set(value)
    for rows in form.child_rows:
        rows.save(by=by)
    record("add", agency, by=by, after={"name": agency.name, "affairs": form.cleaned_data["affairs"]})
    return agency


def edit_agency(form: AgencyForm, *, by: Any, version: int) -> None:
    """Save the checked form; an agency that came in by an import counts as confirmed from now on."""
    save_entry(form, by=by, version=version, also={"is_unverified": False})


@dataclass(frozen=True)
class NewAgency:
    """An agency that is to be added with others; `head` holds columns of Position, `person` of Person."""

    name: str
    abbreviation: str = ""
    agency_kind: str = Organisation.AgencyKind.AGENCY
    affairs: tuple[str, ...] = ()
    duties: str = ""
    regulation: str = ""
    head: Mapping[str, Any] = field(default_factory=dict)
    person: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_agencies(government: Organisation, new: Iterable[NewAgency], *, by: Any) -> list[Organisation]:
    """Add those whose name the region does not have yet, in one go; doing it twice changes nothing."""
    names = Organisation.objects.agencies().filter(parent=government).values_list("name", flat=True)
    taken = {normalised(name) for name in names}
    wanted: dict[str, NewAgency] = {}
    for one in new:
        if normalised(one.name) not in taken:
            wanted.setdefault(normalised(one.name), one)
    agencies = Organisation.objects.bulk_create(
        Organisation(
            kind=Organisation.Kind.AGENCY,
            parent=government,
            created_by=by,
            updated_by=by,
            **{name: getattr(one, name) for name in ("name", "abbreviation", "agency_kind", "duties", "regulation")},
        )
        for one in wanted.values()
    )
    for agency in agencies:
        agency.path = f"{government.path}{agency.pk}/"
    Organisation.objects.bulk_update(agencies, ["path"])
    pairs = list(zip(agencies, wanted.values(), strict=True))
    _give_affairs(pairs)
    _give_heads(pairs, by=by)
    Event.objects.bulk_create(
        build("add", agency, by=by, after={"name": agency.name, "affairs": list(one.affairs)}) for agency, one in pairs
    )
    return agencies


def _give_affairs(pairs: Sequence[tuple[Organisation, NewAgency]]) -> None:
    known = set(Affair.objects.values_list("code", flat=True))
    through = Organisation.affairs.through
    through.objects.bulk_create(
        through(organisation_id=agency.pk, affair_id=code)
        for agency, one in pairs
        for code in dict.fromkeys(one.affairs)
        if code in known
    )


def _give_heads(pairs: Sequence[tuple[Organisation, NewAgency]], *, by: Any) -> None:
    headed = [(agency, one) for agency, one in pairs if one.head]
    persons = Person.objects.bulk_create(Person(**one.person, created_by=by, updated_by=by) for _agency, one in headed)
    Position.objects.bulk_create(
        Position(organisation=agency, person=person, is_head=True, created_by=by, updated_by=by, **one.head)
        for (agency, one), person in zip(headed, persons, strict=True)
    )


@transaction.atomic
def withdraw_agency(agency: Organisation, *, by: Any, version: int) -> None:
    """Take an agency out of service with its roles, invitations and request; Refused while rows belong to it."""
    hanging = rows_of(agency)
    if hanging:
        what = ", ".join(f"{count} {name}" for name, count in hanging)
        raise Refused(
            [
                _(
                    "%(agency)s cannot be taken out of service: %(what)s belong to it. Give them to another agency first."
                )
                % {"agency": agency.name, "what": what}
            ]
        )
    now = timezone.now()
    update_if_unchanged(agency, {"withdrawn_at": now, "withdrawn_by": by}, by=by, version=version)
    Membership.objects.filter(organisation=agency, ended_at=None).update(ended_at=now)
    Invitation.objects.filter(organisation=agency, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    for model in (Request, DeadlineException):
        model._default_manager.filter(organisation=agency, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by)
    record("withdraw", agency, by=by, before={"name": agency.name})


# --- what is asked ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What is asked of one agency, as typed on the table page; version 0 stands for "nothing stored yet"."""

    agency: Organisation
    version: int
    problems: bool
    innovations: bool
    dimensions: frozenset[int]


def asked_in_words(names: Mapping[int, str], *, problems: bool, innovations: bool, dimensions: Iterable[int]) -> str:
    """A line of the table as a sentence; `names` are the dimensions' names by key."""
    parts = [
        *([_("problems")] if problems else []),
        *([_("innovations")] if innovations else []),
    ]
    if not parts:
        return _("nothing")
    chosen = [names[key] for key in names if key in set(dimensions)]
    where = ", ".join(chosen) if chosen else _("any dimension")
    return _("%(what)s; %(where)s") % {"what": ", ".join(parts), "where": where}


@transaction.atomic
def save_requests(plan: Plan, lines: Sequence[Asked], *, by: Any) -> int:
    """Store the lines that differ, in one go; how many those were. Conflict when one of them was changed meanwhile."""
    stored = {
        request.organisation_id: request
        for request in Request.objects.filter(plan=plan).select_for_update(of=("self",)).prefetch_related("dimensions")
    }
    names = {dimension.pk: str(dimension) for dimension in plan.dimension_set.dimensions.all()}
    changed: list[tuple[Request, Asked, str]] = []
    conflicts = []
    for line in lines:
        request = stored.get(line.agency.pk)
        before = _state(request)
        after = (line.problems, line.innovations, line.dimensions & names.keys())
        if request is not None and before == after and request.withdrawn_at is None:
            continue
        words = "" if request is None else _in_words(names, before)
        if line.version != (request.version if request else 0):
            conflicts.append(Difference(line.agency.name, words, _in_words(names, after)))
        changed.append((request or Request(plan=plan, organisation=line.agency, version=0, created_by=by), line, words))
    if conflicts:
        raise Conflict(conflicts)
    _write_requests(changed, names, by=by)
    return len(changed)


def _state(request: Request | None) -> tuple[bool, bool, frozenset[int]]:
    if request is None:
        return (False, False, frozenset())
    dimensions = frozenset(dimension.pk for dimension in request.dimensions.all())
    return (request.asks_problems, request.asks_innovations, dimensions)


def _in_words(names: Mapping[int, str], state: tuple[bool, bool, frozenset[int]]) -> str:
    return asked_in_words(names, problems=state[0], innovations=state[1], dimensions=state[2])


def _write_requests(changed: Sequence[tuple[Request, Asked, str]], names: Mapping[int, str], *, by: Any) -> None:
    now = timezone.now()
    for request, line, _before in changed:
        request.asks_problems, request.asks_innovations = line.problems, line.innovations
        request.organisation_path = line.agency.organisation_path
        request.version, request.updated_at, request.updated_by = request.version + 1, now, by
        request.withdrawn_at = request.withdrawn_by = None
    requests = [request for request, _line, _before in changed]
    Request.objects.bulk_create(request for request in requests if request.pk is None)
    Request.objects.bulk_update(
        [request for request in requests if request.version > 1],
        ["asks_problems", "asks_innovations", "version", "updated_at", "updated_by", "withdrawn_at", "withdrawn_by"],
    )
    through = Request.dimensions.through
    through.objects.filter(request__in=requests).delete()
    through.objects.bulk_create(
        through(request_id=request.pk, dimension_id=key)
        for request, line, _before in changed
        for key in line.dimensions & names.keys()
    )
    Event.objects.bulk_create(
        build(
            "ask",
            request,
            by=by,
            before={"asked": before},
            after={"asked": _in_words(names, (line.problems, line.innovations, line.dimensions))},
        )
        for request, line, before in changed
    )


# --- deadlines --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dates:
    """When one stage opens and closes, as typed; version 0 stands for "nothing stored yet"."""

    stage: str
    version: int
    opens_on: date | None
    closes_on: date | None
    reason: str = ""


def dates_in_words(opens_on: date | None, closes_on: date | None) -> str:
    """Both dates as text."""
    return " – ".join(long_date(day) if day else "…" for day in (opens_on, closes_on))


@transaction.atomic
def save_deadlines(plan: Plan, lines: Sequence[Dates], *, by: Any) -> int:
    """Store the dates that differ; how many lines those were. Conflict when one of them was changed meanwhile.

    Where a last day moves, its reason goes into the history, and the agencies that are asked are told.
    """
    stored = {deadline.stage: deadline for deadline in Deadline.objects.filter(plan=plan).select_for_update()}
    titles = {stage.key: str(stage.title) for stage in stages_in_use(plan.stages)}
    changed, conflicts = [], []
    for line in lines:
        deadline = stored.get(line.stage) or Deadline(plan=plan, stage=line.stage, version=0, created_by=by)
        before = (deadline.opens_on, deadline.closes_on)
        if before == (line.opens_on, line.closes_on) or line.stage not in titles:
            continue
        if line.version != deadline.version:
            mine = dates_in_words(line.opens_on, line.closes_on)
            conflicts.append(Difference(titles[line.stage], dates_in_words(*before), mine))
        changed.append((deadline, line, before))
    if conflicts:
        raise Conflict(conflicts)
    for deadline, line, before in changed:  # as many as there are stages: a handful
        deadline.opens_on, deadline.closes_on = line.opens_on, line.closes_on
        deadline.version, deadline.updated_at, deadline.updated_by = deadline.version + 1, timezone.now(), by
        deadline.save()
        last_day = before[1]
        is_moved = last_day is not None and last_day != line.closes_on
        record(
            "move deadline" if is_moved else "set deadline",
            plan,
            by=by,
            before={titles[line.stage]: dates_in_words(*before)},
            after={titles[line.stage]: dates_in_words(line.opens_on, line.closes_on)},
            remark=line.reason,
        )
        if last_day is not None and is_moved:
            told = partial(
                notices.deadline_moved, plan, line.stage, before=last_day, after=line.closes_on, reason=line.reason
            )
            transaction.on_commit(told)
    return len(changed)
