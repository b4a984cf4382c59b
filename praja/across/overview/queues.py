"""What waits for whom: an agency's tasks, the secretariat's queue, what the set-up lacks, and who is late."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from praja.across.joining.tasks import consents_awaited
from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.deadlines import Windows
from praja.foundation.plans.filters import TURNS
from praja.foundation.plans.models import Plan, Request
from praja.foundation.plans.working_days import working_days_between
from praja.foundation.remarks.models import Remark
from praja.foundation.workflow.models import HANDED_IN, ON_THE_WAY, WITH_THE_AGENCY, State
from praja.foundation.workflow.waiting import waiting_for
from praja.foundation.workflow.way import Rights, Turn, turn_at
from praja.stages.analysis.models import Vision
from praja.stages.commitment.tasks import lists_awaited
from praja.stages.innovations.coverage import DELIVERED, Counts, Coverage, Row
from praja.stages.innovations.models import Innovation, NotYet
from praja.stages.innovations.steps import RIGHTS as INNOVATION_RIGHTS
from praja.stages.preparation.first_steps import first_steps
from praja.stages.problems.models import Problem
from praja.stages.problems.steps import RIGHTS as PROBLEM_RIGHTS

MOST_SHOWN = 8
Text = Promise | str


@dataclass(frozen=True)
class Task:
    """One line of a task list: what to do, where, by when."""

    title: Text
    url: str = ""
    hint: Text = ""
    day: datetime.date | None = None
    working_days: int = 0
    is_done: bool = False
    state: str = ""
    state_label: Text = ""
    figures: Text = ""
    action: Text = ""


@dataclass(frozen=True)
class Agenda:
    """What an agency has to do: returned rows first, its word on rows that change hands and on promises, what is asked, then drafts."""

    row: Row
    returned: list[Task]
    awaited: list[Task]
    asked: list[Task]
    drafts: list[Task]
    more_drafts: int

    @property
    def open(self) -> int:
        """How many things wait for the agency."""
        return len(self.returned) + len(self.awaited) + sum(not task.is_done for task in self.asked)

    @property
    def first(self) -> Task | None:
        """The one thing to do next; None when everything is done."""
        return next(
            (task for task in [*self.returned, *self.awaited, *self.asked, *self.drafts] if not task.is_done), None
        )


@dataclass(frozen=True)
class Waiting:
    """A row that somebody has to approve, check or accept, or to return."""

    title: str
    agency: str
    what: Text
    since: datetime.datetime
    url: str


@dataclass(frozen=True)
class Queue:
    """The rows that wait longest, and how many there are of each kind."""

    rows: list[Waiting]
    problems: int
    innovations: int
    not_yet: int

    @property
    def total(self) -> int:
        """All that wait."""
        return self.problems + self.innovations + self.not_yet


def agenda(plan: Plan, row: Row, windows: Windows) -> Agenda:
    """The tasks of one agency: five queries."""
    mine = {"organisation": row.organisation, "state__in": WITH_THE_AGENCY, "withdrawn_at": None}
    kinds: tuple[tuple[Any, str, Text], ...] = (
        (Problem, "problem-detail", _("Problem")),
        (Innovation, "innovation-detail", _("Innovation")),
    )
    returned, drafts, remarks = [], [], {}
    found = [
        (one, name, what)
        for model, name, what in kinds
        for one in model.objects.filter(plan=plan, **mine).only("title", "state", "updated_at").order_by("-updated_at")
    ]
    sent_back = [one for one, _name, _what in found if one.state == State.RETURNED]
    if sent_back:
        about = Q()
        for one in sent_back:
            about |= Q(subject=one._meta.label_lower, subject_id=one.pk)
        for remark in Remark.objects.open().filter(about, withdrawn_at=None).order_by("pk"):
            remarks[remark.subject, remark.subject_id] = remark.text
    for one, name, what in found:
        url = reverse(name, args=[one.pk])
        if one.state == State.RETURNED:
            hint = remarks.get((one._meta.label_lower, one.pk), "")
            returned.append(_task(one, url, hint, _("Mend what was returned")))
        else:
            drafts.append(_task(one, url, what, _("Finish the draft")))
    asked = list(_asked(plan, row, windows))
    words = [*consents_awaited(plan, row.organisation), *lists_awaited(plan, row.organisation)]
    awaited = [Task(**task) for task in words]
    return Agenda(row, returned, awaited, asked, drafts[:MOST_SHOWN], max(len(drafts) - MOST_SHOWN, 0))


def _task(row: Any, url: str, hint: Text, action: str) -> Task:
    """A row that is with the agency, as a task."""
    return Task(row.title, url, hint=hint, state=row.state, state_label=State(row.state).label, action=action)


def _asked(plan: Plan, row: Row, windows: Windows) -> Iterable[Task]:
    """What the plan asks of an agency, each with what is there already."""
    request = row.request
    if request is None:
        return
    if request.asks_problems:
        is_done = row.problem_state == DELIVERED
        yield Task(
            _("Name at least one problem"),
            _where("problem", plan, row, begun=row.problems.total),
            hint=_("What goes wrong, for whom, with a figure and its causes."),
            **_by_when(windows, "problems", row),
            is_done=is_done,
            figures=_figures(row.problems),
            action=_("Finish what is begun") if row.problems.total else _("Write a problem"),
        )
    by_when = _by_when(windows, "innovations", row)
    if row.asks_any_dimension:
        yield Task(
            _("Propose at least one innovation, in whichever dimension"),
            _where("innovation", plan, row, begun=row.innovations.total),
            hint=_("It may be IT or not; what counts is the problem that it answers."),
            **by_when,
            is_done=not any(lack.what == NotYet.What.INNOVATIONS for lack in row.lacks),
            figures=_figures(row.innovations),
            action=_("Finish what is begun") if row.innovations.total else _("Write an innovation"),
        )
    for cell in row.cells:
        if cell.dimension.pk in row.asked_dimensions:
            begun = cell.counts.total
            excused = _("“No proposal” was accepted") if cell.is_excused and not begun else ""
            yield Task(
                _("Propose at least one innovation for %(dimension)s") % {"dimension": cell.dimension},
                _where("innovation", plan, row, begun=begun, dimension=cell.dimension.key),
                **by_when,
                is_done=cell.state == DELIVERED,
                figures=excused or _figures(cell.counts),
                action=_("Finish what is begun") if begun else _("Write an innovation"),
            )


def _where(what: str, plan: Plan, row: Row, *, begun: int, dimension: str = "") -> str:
    """The list of what is there, else the page for a new one."""
    if not begun:
        return reverse(f"{what}-new", args=[plan.slug]) + (f"?dimensi={dimension}" if dimension else "")
    return list_address(what, plan, agency=row.organisation.pk, dimension=dimension)


def list_address(
    what: str, plan: Plan, *, agency: int | None = None, dimension: str = "", state: str = "", turn: str = ""
) -> str:
    """The filtered list behind a number; `what` is "problem" or "innovation"."""
    filters = (("opd", agency), ("dimensi", dimension), ("status", state), ("giliran", turn))
    query = "&".join(f"{name}={value}" for name, value in filters if value)
    address = reverse(f"{what}-list", args=[plan.slug])
    return f"{address}?{query}" if query else address


def _figures(counts: Counts) -> str:
    """How much is handed in and accepted; what is begun where nothing is handed in yet."""
    if counts.handed_in:
        values = {"handed_in": counts.handed_in, "accepted": counts.accepted}
        return _("%(handed_in)s handed in, %(accepted)s accepted") % values
    if counts.with_the_agency:
        return _("%(count)s begun") % {"count": counts.with_the_agency}
    return _("nothing yet")


def _by_when(windows: Windows, stage: str, row: Row) -> dict[str, Any]:
    """The last day of this agency, an exception included, and how many working days are left."""
    window = windows.of(stage, row.organisation.pk)
    left = working_days_between(windows.today, window.last_day) if window.last_day else 0
    return {"day": window.last_day, "working_days": left}


KINDS: tuple[tuple[Any, str, Rights, Text], ...] = (
    (Problem, "problem", PROBLEM_RIGHTS, gettext_lazy("Problem")),
    (Innovation, "innovation", INNOVATION_RIGHTS, gettext_lazy("Innovation")),
)


def has_office(user: Any, plan: Plan) -> bool:
    """Whether this person approves, checks or accepts rows of the plan."""
    offices = [right for _model, _name, rights, _what in KINDS for right in (rights.approve, rights.check)]
    return any(user.may_within(permission, plan) for permission in (*offices, *(kind[2].accept for kind in KINDS)))


def queue(plan: Plan, user: Any) -> Queue:
    """What waits for this person as head, dimension coordinator or secretariat, the oldest first: six queries."""
    rows, counts = [], []
    for model, name, rights, what in KINDS:
        found = waiting_for(model.objects.in_service().filter(plan=plan), user, plan, rights)
        found = found.exclude(state=State.RETURNED)  # those stand among the tasks of the agency
        counts.append(found.count())
        oldest = found.select_related("organisation").only("title", "state_at", "organisation__name")
        rows += [
            Waiting(one.title, one.organisation.name, what, one.state_at, reverse(f"{name}-detail", args=[one.pk]))
            for one in oldest.order_by("state_at")[:MOST_SHOWN]
        ]
    excuses = NotYet.objects.filter(plan=plan, state=State.SUBMITTED, withdrawn_at=None)
    excuses = excuses.within_reach(user, Can.INNOVATION_ACCEPT)
    counts.append(excuses.count())
    address = reverse("not-yet-new", args=[plan.slug])
    rows += [
        Waiting(one.reason, one.organisation.name, _("No proposal"), one.state_at, address)
        for one in excuses.select_related("organisation").order_by("state_at")[:MOST_SHOWN]
    ]
    return Queue(sorted(rows, key=lambda row: row.since)[:MOST_SHOWN], *counts)


@dataclass
class Stop:
    """One office of the way: how many rows wait there, the oldest since when, and the lists behind the numbers."""

    title: Text
    problems: int
    innovations: int
    since: datetime.datetime | None
    problems_url: str
    innovations_url: str

    @property
    def total(self) -> int:
        """Both kinds of rows."""
        return self.problems + self.innovations

    @property
    def days(self) -> int:
        """How long the oldest has been waiting."""
        return (timezone.now() - self.since).days if self.since else 0


def where_rows_wait(plan: Plan) -> list[Stop]:
    """Each office of the way with what waits there; nothing where no row is under way. Two queries."""
    titles = {
        "opd": _("With the agencies, returned"),
        "kepala": _("With the heads of agencies"),
        "dimensi": _("With the dimension coordinators"),
        "sekretariat": _("With the secretariat"),
    }
    stops = {
        TURNS[key]: Stop(
            title, 0, 0, None, list_address("problem", plan, turn=key), list_address("innovation", plan, turn=key)
        )
        for key, title in titles.items()
    }
    stops[Turn.AGENCY].problems_url = list_address("problem", plan, state="returned")
    stops[Turn.AGENCY].innovations_url = list_address("innovation", plan, state="returned")
    for model, name, _rights, _what in KINDS:
        found = model.objects.in_service().filter(plan=plan, state__in=(*ON_THE_WAY, State.RETURNED)).order_by()
        grouped = found.values_list("state").annotate(number=Count("pk"), since=Min("state_at"))
        for state, number, since in grouped:
            stop = stops[turn_at(state, plan)]
            if name == "problem":
                stop.problems += number
            else:
                stop.innovations += number
            stop.since = min(stop.since, since) if stop.since else since
    return [stop for stop in stops.values() if stop.total]


def missing_in_set_up(plan: Plan, table: Coverage, vision: Vision | None) -> list[dict[str, Any]]:
    """What the secretariat still has to set up, each with the page where it is done."""
    lacks = [
        {"label": f"{step.title} ({step.figures})" if step.figures else step.title, "url": step.url}
        for step in first_steps(plan)
        if not step.is_done
    ]
    if number := table.without_agency:
        words = ngettext(
            "Find the responsible agency of %(count)s innovation",
            "Find the responsible agencies of %(count)s innovations",
            number,
        )
        lacks.append({"label": words % {"count": number}, "url": reverse("tray", args=[plan.slug])})
    if vision is None:
        label = _("Record the vision once the head of region has set it")
        lacks.append({"label": label, "url": reverse("vision", args=[plan.slug])})
    return lacks


def counts_of_plans(plans: Iterable[Plan]) -> dict[int, dict[str, int]]:
    """For each plan the agencies asked, the problems and innovations handed in and accepted: three queries."""
    numbers = [plan.pk for plan in plans]
    table: dict[int, dict[str, int]] = {number: {} for number in numbers}
    handed_in, accepted = Q(state__in=HANDED_IN), Q(state=State.ACCEPTED)
    for model, word in ((Problem, "problems"), (Innovation, "innovations")):
        rows = model.objects.in_service().filter(plan__in=numbers).order_by().values("plan_id")
        for row in rows.annotate(handed=Count("pk", filter=handed_in), taken=Count("pk", filter=accepted)):
            table[row["plan_id"]] |= {word: row["handed"], f"{word}_accepted": row["taken"]}
    asked = Request.objects.asked().filter(plan__in=numbers).order_by().values("plan_id")
    for row in asked.annotate(number=Count("pk")):
        table[row["plan_id"]]["asked"] = row["number"]
    return table
