"""As what somebody speaks to a decision sheet on a day: the office held, its acting status and the decree it rests on."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from praja.foundation.accounts import standing as accounts
from praja.foundation.accounts.models import Membership, Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import under
from praja.foundation.accounts.roles import ROLES
from praja.foundation.accounts.standing import held_on, is_held
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins.models import SheetStep

Office = SheetStep.Office
# The offices whose word is waited for, one after the other; a mentor's opinion is welcome meanwhile and blocks nothing.
ORDER = (Office.WORKING_GROUP, Office.TEAM, Office.COUNCIL, Office.SECRETARY, Office.HEAD)
PERMISSIONS = {
    Office.WORKING_GROUP: Can.QUICK_WIN_SCORE,
    Office.TEAM: Can.QUICK_WIN_RUN,
    Office.MENTOR: Can.QUICK_WIN_ADVISE,
    Office.COUNCIL: Can.QUICK_WIN_ENDORSE,
    Office.SECRETARY: Can.QUICK_WIN_FORWARD,
    Office.HEAD: Can.QUICK_WIN_DECIDE,
}
ROLES_OF = {
    Office.WORKING_GROUP: ("dimension_coordinator",),
    Office.TEAM: ("coordinator",),
    Office.MENTOR: ("mentor",),
    Office.COUNCIL: ("council",),
    Office.SECRETARY: ("secretary",),
    Office.HEAD: ("head_of_region",),
}


@dataclass(frozen=True)
class Standing(accounts.Standing):
    """A person in an office, and the dimensions for which a working group speaks."""

    dimensions: tuple[str, ...] = ()  # their keys


def standing_of(user: Any, permission: Can, plan: Plan) -> Standing:
    """As what this person acts on the plan today, by the date in the region.

    Raises Refused when their time in the office has ended, PermissionError when they never held one that may do this.
    """
    day = plan.today
    over: tuple[str, datetime.date] | None = None
    rows = user.memberships.select_related(
        "organisation__parent__region", "organisation__region", "for_position__person"
    )
    for membership in rows.order_by("pk"):
        if not _covers(membership, permission, plan) or (membership.starts_on and membership.starts_on > day):
            continue
        if membership.ends_on and membership.ends_on < day:
            over = (membership.office(user) or membership.role_title, membership.ends_on)
        elif membership.ended_at is None:
            found = _standing(user, membership, permission, plan)
            if isinstance(found, Standing):
                return found
            over = found
    if over is None:
        raise PermissionError(permission)
    office, ended = over
    raise Refused(
        [
            _("Your time as %(office)s ended on %(day)s, so you cannot act in this office any more.")
            % {"office": office, "day": long_date(ended)}
        ]
    )


def _covers(membership: Membership, permission: Can, plan: Plan) -> bool:
    """Whether the role of a membership holds the permission on the region of the plan."""
    role = ROLES.get(membership.role)
    if role is None:
        return False
    organisation = membership.organisation
    paths = [organisation.organisation_path] if permission in role.own else []
    is_province = organisation.government.region is not None and organisation.government.region.kind == "province"
    if permission in role.region and not (is_province and organisation.government.pk != plan.government_id):
        paths.append(organisation.government.organisation_path)
    return any(path and plan.organisation_path.startswith(path) for path in paths)


def _standing(user: Any, membership: Membership, permission: Can, plan: Plan) -> Standing | tuple[str, datetime.date]:
    """The office behind a role that is held today; (office, its last day) when that has passed."""
    name, position = str(user), membership.for_position
    if position is not None:
        if position.ends_on and position.ends_on < plan.today:
            return membership.office(user), position.ends_on
        if position.person_id == user.person_id:
            return Standing(position.title, name, position.acting, position.decree or membership.basis[:200])
        return Standing(f"a.n. {position.title_in_full}"[:200], name, decree=membership.basis[:200])
    held = Position.objects.filter(under(plan.organisation_path, "organisation__path"), person=user.person_id)
    if user.person_id is None:
        held = held.none()
    if permission == Can.QUICK_WIN_DECIDE:
        held = held.filter(is_head=True, organisation=plan.government)
    positions = list(
        held.filter(withdrawn_at=None).select_related("organisation").order_by("organisation__path", "-pk")
    )
    for one in positions:
        if is_held(one, plan.today):
            return Standing(one.title, name, one.acting, one.decree)
    ended = [one for one in positions if one.ends_on and one.ends_on < plan.today]
    if permission == Can.QUICK_WIN_DECIDE and ended:
        last = max(ended, key=lambda one: one.ends_on or datetime.date.min)
        return last.title_in_full, last.ends_on or plan.today
    return Standing(membership.role_title, name)


def heads_on(plan: Plan, day: datetime.date) -> list[Position]:
    """The offices that headed the government of a plan on this day, each with its person: usually one."""
    rows = plan.government.positions.filter(is_head=True).select_related("person").order_by("-pk")
    return held_on(rows, day, plan.time_zone)
