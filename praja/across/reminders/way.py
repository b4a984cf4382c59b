"""Where rows wait on their way from the agency to the secretariat, and for how long: two queries."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from praja.across.reminders.advice import PRINT_PROPOSAL
from praja.foundation.accounts.models import Organisation
from praja.foundation.plans.models import Dimension, Plan
from praja.foundation.workflow.models import ON_THE_WAY
from praja.foundation.workflow.way import Turn, turn_at
from praja.stages.innovations.coverage import Coverage
from praja.stages.innovations.models import Innovation
from praja.stages.problems.models import Problem


@dataclass
class Waiting:
    """Rows that wait at one desk: whose it is, how many, since when the oldest, and what to do."""

    turn: Turn
    where: str
    url: str
    action: Promise | str
    problems: int = 0
    innovations: int = 0
    since: datetime.datetime | None = None

    def days(self, now: datetime.datetime) -> int:
        """How many days the oldest has waited; never negative, even when a clock was set back."""
        return max((now - self.since).days, 0) if self.since else 0


def on_the_way(plan: Plan, table: Coverage) -> list[Waiting]:
    """The desks where rows of this plan wait, the longest first."""
    desks: dict[tuple[Turn, int | None], Waiting] = {}
    agencies: dict[int | None, Organisation] = {row.organisation.pk: row.organisation for row in table.rows}
    dimensions: dict[int | None, Dimension] = {dimension.pk: dimension for dimension in table.dimensions}
    for model, what in ((Problem, "problems"), (Innovation, "innovations")):
        rows = model.objects.in_service().filter(plan=plan, state__in=ON_THE_WAY).order_by()
        grouped = rows.values_list("organisation_id", "dimension_id", "state")
        for organisation_id, dimension_id, state, number, since in grouped.annotate(Count("pk"), Min("state_at")):
            turn = turn_at(state, plan)
            key = {Turn.HEAD: organisation_id, Turn.DIMENSION: dimension_id}.get(turn)
            if (turn, key) not in desks:
                name = agencies.get(key) if turn == Turn.HEAD else dimensions.get(key)
                desks[turn, key] = _desk(plan, turn, name)
            desk = desks[turn, key]
            setattr(desk, what, getattr(desk, what) + number)
            desk.since = min(desk.since or since, since)
    return sorted(desks.values(), key=lambda desk: desk.since)  # type: ignore[arg-type,return-value] # each has one


def _desk(plan: Plan, turn: Turn, name: object) -> Waiting:
    if turn == Turn.HEAD:
        where = _("Head of %(agency)s") % {"agency": name or _("an agency")}
        return Waiting(turn, where, PRINT_PROPOSAL.page(plan), PRINT_PROPOSAL.title)
    if turn == Turn.DIMENSION:
        where = _("Dimension coordinator, %(dimension)s") % {"dimension": name or _("no dimension")}
        key = getattr(name, "key", "")
        return Waiting(turn, where, reverse("innovation-list", args=[plan.slug]) + f"?dimensi={key}", _("See the rows"))
    return Waiting(turn, _("Secretariat"), reverse("plan-home", args=[plan.slug]) + "#menunggu", _("Check them"))
