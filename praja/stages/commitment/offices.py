"""In which office somebody speaks for an agency, and who heads agencies on a day."""

import datetime
from collections.abc import Iterable
from typing import Any

from praja.foundation.accounts.models import Organisation, Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.standing import held_on
from praja.foundation.plans.models import Plan


def office_of(user: Any, organisation: Organisation, plan: Plan) -> tuple[str, str]:
    """(office in full, decree or paper it rests on) in which an account speaks for an agency today.

    The office held there, its head's first; one that is acted for; else the role, such as "Operator, Dinas Kesehatan".
    """
    if user.person_id is not None:
        rows = Position.objects.filter(organisation=organisation, person=user.person_id).select_related("person")
        held = sorted(held_on(rows, plan.today, plan.time_zone), key=lambda one: (not one.is_head, -one.pk))
        if held:
            return held[0].title_in_full, held[0].decree
    for membership in user.active_memberships:
        if membership.for_position_id and organisation.organisation_path.startswith(
            membership.organisation.organisation_path
        ):
            return membership.office(user), membership.basis
    return user.acting_on(organisation.organisation_path), ""


def speaks_for(user: Any, organisation: Organisation, plan: Plan) -> bool:
    """Whether an account belongs to the agency, by a role there or an office held today; else it acts on its behalf."""
    path = organisation.organisation_path
    if any(scope.path.startswith(path) for scope in user.scopes_for(Can.OBLIGATION_SETTLE)):
        return True
    held = Position.objects.filter(organisation=organisation, person=user.person_id or 0)
    return bool(held_on(held, plan.today, plan.time_zone))


def heads_of(organisations: Iterable[Any], plan: Plan) -> dict[int, Position]:
    """{key of an agency: the office that heads it, with the person who holds it today}; in two queries.

    Of several the one who holds it for good, else the one who was entered last.
    """
    rows = Position.objects.filter(organisation__in=[one.pk for one in organisations], is_head=True)
    held = held_on(rows.select_related("person"), plan.today, plan.time_zone)
    held.sort(key=lambda one: (one.acting == Position.Acting.DEFINITIVE, one.pk))
    return {one.organisation_id: one for one in held}


def is_today(day: datetime.datetime | None, plan: Plan) -> bool:
    """Whether a moment lies in today, in the region."""
    return day is not None and day.astimezone(plan.time_zone).date() == plan.today
