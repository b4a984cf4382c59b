"""Handing a role over: begin, call off, accept. At acceptance the role changes hands, and typed text goes along."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from praja.across.handover import notices
from praja.across.handover.blocks import paper_of
from praja.across.handover.contents import contents_of, typed_drafts
from praja.across.handover.models import Handover
from praja.foundation.accounts import actions as accounts
from praja.foundation.accounts import sessions
from praja.foundation.accounts.models import Membership, User
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.documents.blocks import to_json
from praja.foundation.drafts.models import Draft
from praja.foundation.plans.models import Plan


class Refused(Exception):
    """It cannot be handed over like this; the reason is a key of WHY in views."""


def may_begin(by: User, membership: Membership) -> bool:
    """Whether `by` may hand this role over: the own one, or one where they invite people; acting times are not handed on."""
    return (
        membership.ended_at is None
        and membership.for_position_id is None
        and (membership.user_id == by.pk or by.may(Can.PEOPLE_INVITE, membership.organisation))
    )


def _holds(user: User, membership: Membership) -> bool:
    held = Membership.objects.current().filter(user=user, organisation=membership.organisation, role=membership.role)
    return held.exists()


def _may_give(giver: User | None, membership: Membership) -> bool:
    """Whether whoever began it may give the role to somebody who does not hold it yet."""
    return giver is not None and membership.role in accounts.grantable_roles(giver, membership.organisation)


def begin(membership: Membership, successor: User, *, plan: Plan, note: str, by: User) -> Handover:
    """Ask `successor` to take the role on; raises PermissionError, or Refused("self", "give", "open")."""
    if not may_begin(by, membership):
        raise PermissionError(membership.pk)
    if successor.pk == membership.user_id:
        raise Refused("self")
    if not _holds(successor, membership) and not _may_give(by, membership):
        raise Refused("give")
    try:
        with transaction.atomic():
            handover = Handover.objects.create(
                plan=plan,
                membership=membership,
                successor=successor,
                organisation_path=membership.organisation.organisation_path,
                note=note,
                created_by=by,
                updated_by=by,
            )
            record("begin hand-over", handover, by=by, after={"role": membership.role, "to": successor.pk})
            notices.to_successor(handover, by=by)
    except IntegrityError as problem:
        raise Refused("open") from problem
    return handover


@transaction.atomic
def call_off(handover: Handover, *, by: User) -> None:
    """Nothing is handed over; the leaver keeps the role. Raises Refused("closed") when somebody was faster."""
    values = {"withdrawn_at": timezone.now(), "withdrawn_by": by}
    if not Handover.objects.open().filter(pk=handover.pk).update(**values):
        raise Refused("closed")
    record("call off hand-over", handover, by=by)


@transaction.atomic
def accept(handover: Handover, *, by: User) -> None:
    """The successor holds the role, the leaver no longer; the sheet is frozen, and typed text changes its owner.

    Raises PermissionError for anybody else, Refused("closed") when it is no longer open or the role has ended, and
    Refused("give") when whoever began it may not give the role any more.
    """
    if by.pk != handover.successor_id:
        raise PermissionError(handover.pk)
    membership, leaver = handover.membership, handover.leaver
    if membership.ended_at is not None:
        raise Refused("closed")
    if not _holds(by, membership) and not _may_give(handover.created_by, membership):
        raise Refused("give")
    drafts = typed_drafts(handover)
    contents = contents_of(handover)
    handover.accepted_at = timezone.now()
    handover.sheet = to_json(paper_of(handover, contents))
    handover.kept_drafts = _pass_on([draft for draft, _title in drafts], to=by)
    values = {name: getattr(handover, name) for name in ("accepted_at", "sheet", "kept_drafts")}
    if not Handover.objects.open().filter(pk=handover.pk).update(**values):
        raise Refused("closed")
    if not _holds(by, membership):
        Membership.objects.create(
            user=by, organisation=membership.organisation, role=membership.role, dimensions=membership.dimensions
        )
    accounts.end_membership(membership, by=by)
    if not Membership.objects.current().filter(user=leaver).exists():
        sessions.end(leaver, by=by, current=None)
    record("accept hand-over", handover, by=by, after={"role": membership.role, "from": leaver.pk})
    notices.of_acceptance(handover)


def _pass_on(drafts: list[Draft], *, to: User) -> list[int]:
    """Give typed texts to the successor; answers the keys of those beside which the successor typed something too."""
    own = set(Draft.objects.filter(user=to, kind=Draft.Kind.TYPED).values_list("address", flat=True))
    beside = []
    for draft in drafts:
        if draft.kind == Draft.Kind.CONFLICT or draft.address in own:
            draft.kind = Draft.Kind.CONFLICT
            beside.append(draft.pk)
        draft.user = to
        draft.save(update_fields=["user", "kind"])
    return beside
