"""What waits for whom: an agency's tasks, the secretariat's queue, what the set-up lacks, and who is late."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.plans.models import Deadline, Plan, Request
from praja.foundation.remarks.models import Remark
from praja.foundation.workflow.models import HANDED_IN, WITH_THE_AGENCY, State
from praja.foundation.workflow.way import Turn, states_at
from praja.stages.analysis.models import Vision
from praja.stages.innovations.coverage import DELIVERED, Counts, Coverage, Lack, Row
from praja.stages.innovations.models import Innovation, NotYet
from praja.stages.preparation.first_steps import first_steps
from praja.stages.problems.models import Problem

MOST_SHOWN = 8
Text = Promise | str
# The stage whose deadline counts for what was asked.
STAGE_OF: dict[str, str] = {NotYet.What.PROBLEMS: "problems", NotYet.What.INNOVATIONS: "innovations"}


@dataclass(frozen=True)
class Task:
    """One line of a task list: what to do, where, by when."""

    title: Text
    url: str = ""
    hint: Text = ""
    day: datetime.date | None = None
    is_done: bool = False
    state: str = ""
    state_label: Text = ""
    figures: Text = ""
    action: Text = ""


@dataclass(frozen=True)
class Agenda:
    """What an agency has to do: returned rows first, then what is asked, then drafts to finish."""

    row: Row
    returned: list[Task]
    asked: list[Task]
    drafts: list[Task]
    more_drafts: int

    @property
    def open(self) -> int:
        """How many things wait for the agency."""
        return len(self.returned) + sum(not task.is_done for task in self.asked)

    @property
    def first(self) -> Task | None:
        """The one thing to do next; None when everything is done."""
        return next((task for task in [*self.returned, *self.asked, *self.drafts] if not task.is_done), None)


@dataclass(frozen=True)
class Late:
    """An agency that still owes something; `days` since the deadline, None where no deadline has passed."""

    row: Row
    days: int | None

    @property
    def lacks(self) -> list[Lack]:
        """What exactly lacks, each in words."""
        return self.row.lacks


@dataclass(frozen=True)
class Waiting:
    """A row that the secretariat has to accept or return."""

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


def deadlines_of(plan: Plan) -> dict[str, Deadline]:
    """The deadlines of a plan by stage, the next one first."""
    return {
        deadline.stage: deadline for deadline in plan.deadlines.filter(withdrawn_at=None).order_by("closes_on", "pk")
    }


def agenda(plan: Plan, row: Row, deadlines: dict[str, Deadline]) -> Agenda:
    """The tasks of one agency: three queries."""
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
    asked = list(_asked(plan, row, deadlines))
    return Agenda(row, returned, asked, drafts[:MOST_SHOWN], max(len(drafts) - MOST_SHOWN, 0))


def _task(row: Any, url: str, hint: Text, action: str) -> Task:
    """A row that is with the agency, as a task."""
    return Task(row.title, url, hint=hint, state=row.state, state_label=State(row.state).label, action=action)


def _asked(plan: Plan, row: Row, deadlines: dict[str, Deadline]) -> Iterable[Task]:
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
            day=_day(deadlines, "problems"),
            is_done=is_done,
            figures=_figures(row.problems),
            action=_("Finish what is begun") if row.problems.total else _("Write a problem"),
        )
    day = _day(deadlines, "innovations")
    if row.asks_any_dimension:
        yield Task(
            _("Propose at least one innovation, in whichever dimension"),
            _where("innovation", plan, row, begun=row.innovations.total),
            hint=_("It may be IT or not; what counts is the problem that it answers."),
            day=day,
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
                day=day,
                is_done=cell.state == DELIVERED,
                figures=excused or _figures(cell.counts),
                action=_("Finish what is begun") if begun else _("Write an innovation"),
            )


def _where(what: str, plan: Plan, row: Row, *, begun: int, dimension: str = "") -> str:
    """The list of what is there, else the page for a new one."""
    if not begun:
        return reverse(f"{what}-new", args=[plan.slug]) + (f"?dimensi={dimension}" if dimension else "")
    return list_address(what, plan, agency=row.organisation.pk, dimension=dimension)


def list_address(what: str, plan: Plan, *, agency: int | None = None, dimension: str = "", state: str = "") -> str:
    """The filtered list behind a number; `what` is "problem" or "innovation"."""
    filters = (("opd", agency), ("dimensi", dimension), ("status", state))
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


def _day(deadlines: dict[str, Deadline], stage: str) -> datetime.date | None:
    deadline = deadlines.get(stage)
    return deadline.closes_on if deadline else None


def queue(plan: Plan) -> Queue:
    """What was submitted and waits for the secretariat, the oldest first: six queries."""
    kinds: tuple[tuple[Any, str, Text], ...] = (
        (Problem, "problem-detail", _("Problem")),
        (Innovation, "innovation-detail", _("Innovation")),
    )
    rows, counts = [], []
    waiting = {"plan": plan, "state__in": states_at(plan, Turn.SECRETARIAT), "withdrawn_at": None}
    for model, name, what in kinds:
        found = model.objects.filter(**waiting)
        counts.append(found.count())
        oldest = found.select_related("organisation").only("title", "state_at", "organisation__name")
        rows += [
            Waiting(one.title, one.organisation.name, what, one.state_at, reverse(name, args=[one.pk]))
            for one in oldest.order_by("state_at")[:MOST_SHOWN]
        ]
    excuses = NotYet.objects.filter(plan=plan, state=State.SUBMITTED, withdrawn_at=None)
    counts.append(excuses.count())
    address = reverse("not-yet-new", args=[plan.slug])
    rows += [
        Waiting(one.reason, one.organisation.name, _("No proposal"), one.state_at, address)
        for one in excuses.select_related("organisation").order_by("state_at")[:MOST_SHOWN]
    ]
    return Queue(sorted(rows, key=lambda row: row.since)[:MOST_SHOWN], *counts)


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


def late(table: Coverage, deadlines: dict[str, Deadline]) -> list[Late]:
    """The agencies that still owe something, the latest first."""
    passed = {
        what: -deadline.days_left
        for what, stage in STAGE_OF.items()
        if (deadline := deadlines.get(stage)) and deadline.days_left is not None and deadline.days_left < 0
    }
    lines = []
    for row in table.late:
        days = [passed[lack.what] for lack in row.lacks if lack.what in passed]
        lines.append(Late(row, max(days) if days else None))
    return sorted(lines, key=lambda line: -(line.days or 0))


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
