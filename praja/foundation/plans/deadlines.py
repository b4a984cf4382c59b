"""Whether an agency may hand something in now: when a stage opens and closes, and the exceptions that were recorded.

Who may not hand in may go on typing drafts. A row that was returned is mended whenever it was returned, and a
coordinator, who sets the plan up, always may.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.models import Deadline, DeadlineException, Plan
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.models import State


class Closed(str):
    """A sentence that says why nothing can be handed in now; it has an address where one can ask for an exception."""

    __slots__ = ("url",)
    url: str

    @property
    def label(self) -> str:
        """The sentence, under the name by which lists of what lacks ask for it."""
        return str(self)


@dataclass(frozen=True)
class Window:
    """When one agency may hand in for one stage; `exception` is the last day of an exception, if it has one."""

    today: datetime.date
    opens_on: datetime.date | None = None
    closes_on: datetime.date | None = None
    exception: datetime.date | None = None

    @property
    def has_begun(self) -> bool:
        """Whether the stage is open yet."""
        return self.opens_on is None or self.opens_on <= self.today

    @property
    def last_day(self) -> datetime.date | None:
        """The last day for this agency; None without a deadline."""
        if self.closes_on is None or self.exception is None:
            return self.closes_on
        return max(self.closes_on, self.exception)

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed: it ends at 24:00 in the region's zone."""
        return self.last_day is not None and self.last_day < self.today

    @property
    def is_open(self) -> bool:
        """Whether this agency may hand in today."""
        return self.has_begun and not self.is_over


class Windows:
    """The days of all stages of a plan and all exceptions, read once: two queries, however many agencies ask."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.today = plan, plan.today

    @cached_property
    def deadlines(self) -> dict[str, Deadline]:
        """The deadlines by stage, the next one first."""
        deadlines = self.plan.deadlines.filter(withdrawn_at=None).order_by("closes_on", "pk")
        return {deadline.stage: deadline for deadline in deadlines}

    @cached_property
    def exceptions(self) -> dict[str, dict[int, datetime.date]]:
        """The last day of each exception, by stage and agency."""
        found: dict[str, dict[int, datetime.date]] = defaultdict(dict)
        rows = DeadlineException.objects.filter(plan=self.plan, withdrawn_at=None).order_by("closes_on")
        for stage, organisation_id, closes_on in rows.values_list("stage", "organisation_id", "closes_on"):
            found[stage][organisation_id] = closes_on
        return found

    def of(self, stage: str, organisation_id: int | None) -> Window:
        """The days of one agency in one stage; a stage without dates is always open."""
        deadline = self.deadlines.get(stage)
        if deadline is None:
            return Window(self.today)
        exception = self.exceptions[stage].get(organisation_id) if organisation_id else None
        return Window(self.today, deadline.opens_on, deadline.closes_on, exception)


def windows_of(plan: Plan) -> Windows:
    """The windows of a plan, read once for as long as this plan is in hand."""
    found = plan.__dict__.setdefault("windows", Windows(plan))
    assert isinstance(found, Windows)
    return found


def is_open_for(plan: Plan, stage: str, organisation: Organisation | None) -> bool:
    """Whether an agency may hand in for a stage ("problems", "innovations") today; two queries."""
    return Windows(plan).of(stage, organisation.pk if organisation else None).is_open


def why_closed(row: Any, stage: str, *, by: Any = None, windows: Windows | None = None) -> Closed | None:
    """Why `by` cannot hand `row` in now, as a sentence that says what to do; None when nothing bars it.

    `windows` saves the queries where many rows of one plan are asked about.
    """
    if row.state == State.RETURNED or (by is not None and by.may(Can.PLAN_SET_UP, row.plan)):
        return None
    return sentence((windows or Windows(row.plan)).of(stage, row.organisation_id), row.plan, row.organisation_id)


def sentence(window: Window, plan: Plan, organisation_id: int | None) -> Closed | None:
    """What to tell an agency whose window is shut; None when it is open."""
    if window.is_open:
        return None
    if not window.has_begun and window.opens_on:
        text = _("this stage opens on %(day)s; until then your draft is kept and you can go on writing")
        return _closed(text % {"day": long_date(window.opens_on)}, "")
    assert window.last_day is not None
    text = _(
        "this stage closed on %(day)s at 24:00; your draft is kept and you can go on writing. To hand it in, ask the "
        "coordinator for an exception"
    )
    address = reverse("follow-up", args=[plan.slug, organisation_id]) + "#pengecualian" if organisation_id else ""
    return _closed(text % {"day": long_date(window.last_day)}, address)


def _closed(text: str, address: str) -> Closed:
    found = Closed(text)
    found.url = address
    return found
