"""Who acts for an office for a time: named by a paper, from a day to a day, and over by itself."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from praja.foundation.accounts.models import Membership, Organisation, Position, User
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.roles import ROLES_AT
from praja.foundation.audit.actions import record

ON_BEHALF = "an"  # beside Position.Acting: the office has its holder, somebody signs in their name
MOST_DAYS = 366


class HoldsItAlready(Exception):
    """The account holds this role there, without end or for a time that is not over."""


@dataclass(frozen=True)
class Acting:
    """What a paper says: how (a value of Position.Acting or ON_BEHALF), for which office, by which paper, how long."""

    how: str
    title: str
    basis: str
    starts_on: datetime.date
    ends_on: datetime.date


def may_name(by: User, organisation: Organisation, role: str) -> bool:
    """Whether `by` may name somebody who acts there in this role; the head of an agency for the own agency only."""
    if (
        role not in ROLES_AT[organisation.kind]
        or organisation.withdrawn_at
        or not by.may(Can.ACTING_NAME, organisation)
    ):
        return False
    return by.may(Can.PEOPLE_INVITE, organisation) or role in ROLES_AT[Organisation.Kind.AGENCY]


def head_of(organisation: Organisation) -> Position | None:
    """The office that heads an organisation, whoever holds it for good."""
    positions = organisation.positions.filter(is_head=True, withdrawn_at=None)
    return positions.filter(acting=Position.Acting.DEFINITIVE).order_by("-pk").first()


@transaction.atomic
def name(user: User, organisation: Organisation, role: str, paper: Acting, *, by: User) -> Membership:
    """Give `user` the role for that time; raises PermissionError or HoldsItAlready.

    Who is named Pj., Plt. or Plh. holds an office of their own meanwhile, which papers print; who signs on behalf
    does not, and their lines say so.
    """
    if not may_name(by, organisation, role):
        raise PermissionError(role)
    held = Membership.objects.filter(user=user, organisation=organisation, role=role, ended_at=None)
    held.filter(ends_on__lt=timezone.localdate()).update(ended_at=timezone.now())
    if held.filter(ended_at=None).exists():
        raise HoldsItAlready
    membership = Membership.objects.create(
        user=user,
        organisation=organisation,
        role=role,
        starts_on=paper.starts_on,
        ends_on=paper.ends_on,
        basis=paper.basis,
        for_position=_office(user, organisation, role, paper, by=by),
    )
    after = {"role": role, "user": user.pk, "basis": paper.basis, "from": paper.starts_on, "until": paper.ends_on}
    record("name acting", organisation, by=by, after=after)
    user.__dict__.pop("active_memberships", None)
    return membership


def _office(user: User, organisation: Organisation, role: str, paper: Acting, *, by: User) -> Position:
    """The office acted for: a new row for who holds it meanwhile, the row of its holder for who signs on behalf."""
    if paper.how == ON_BEHALF:
        head = head_of(organisation)
        if head is not None and head.title == paper.title:
            return head
        return Position.objects.create(organisation=organisation, title=paper.title, created_by=by, updated_by=by)
    return Position.objects.create(
        organisation=organisation,
        title=paper.title,
        person=user.person,
        acting=paper.how,
        decree=paper.basis[:200],
        starts_on=paper.starts_on,
        ends_on=paper.ends_on,
        is_head=role in ("agency_head", "head_of_region"),
        created_by=by,
        updated_by=by,
    )


@transaction.atomic
def end(membership: Membership, *, by: User | None) -> None:
    """Over before its day, or because its day has passed; what was signed keeps saying how. Twice changes nothing."""
    if not Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=timezone.now()):
        return
    held = Q(pk=membership.for_position_id, withdrawn_at=None) & ~Q(acting=Position.Acting.DEFINITIVE)
    Position.objects.filter(held).update(withdrawn_at=timezone.now(), withdrawn_by=by)
    record("end acting", membership.organisation, by=by, before={"role": membership.role, "user": membership.user_id})


def end_those_that_are_over() -> int:
    """End every acting time whose last day has passed; answers how many."""
    over = Membership.objects.filter(ended_at=None, ends_on__lt=timezone.localdate()).select_related("organisation")
    for membership in over:
        end(membership, by=None)
    return len(over)
