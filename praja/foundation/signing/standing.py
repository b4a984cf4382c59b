"""As what somebody signs in a round: who held the office on the day, who acts for it, who signs on behalf and by which paper."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Membership, Organisation, Person, Position, User
from praja.foundation.accounts.standing import held_on, is_one_with_others, same_office
from praja.foundation.signing.models import Signatory, SigningRound
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused

# The role that goes with the head's office of an organisation: whoever holds it is its head also in Praja.
HEADING_ROLE = {
    Organisation.Kind.AGENCY: "agency_head",
    Organisation.Kind.GOVERNMENT: "head_of_region",
    Organisation.Kind.MINISTRY: "ministry_admin",
}


@dataclass(frozen=True)
class Standing:
    """A person in an office on a day, with the papers it rests on: what a signature copies."""

    title: str  # in full: "Plt. Kepala Dinas Kesehatan", "a.n. Kepala Dinas Kesehatan"
    person: Person
    acting: str = Position.Acting.DEFINITIVE
    decree: str = ""
    is_on_behalf: bool = False
    basis: str = ""  # the paper by which somebody signs on behalf, and its days
    basis_from: datetime.date | None = None
    basis_until: datetime.date | None = None

    @property
    def person_name(self) -> str:
        """The name with its titles."""
        return self.person.full_name

    def columns(self) -> dict[str, Any]:
        """The columns of Signature that say who signed as what."""
        return {
            "person": self.person,
            "person_name": self.person_name[:200],
            "position_title": self.title[:220],
            "acting": self.acting,
            "decree": self.decree[:200],
            "is_on_behalf": self.is_on_behalf,
            "basis": self.basis[:300],
            "basis_from": self.basis_from,
            "basis_until": self.basis_until,
        }


def standing_of(user: Any, signatory: Signatory, day: datetime.date) -> Standing:
    """As what this account signs in the place of `signatory` on that day.

    The holder of the office, who may have changed since the round was opened; who acts for it (Plt., Plh., Pj.); who
    signs on behalf of its holder by a paper. Raises Refused with a sentence that says what to do next.
    """
    zone = signatory.round.plan.time_zone
    offices = _offices(signatory.position, signatory.round)
    held = held_on(offices, day, zone)
    for one in held:
        if _is(user, one):
            return _as_holder(one)
    delegated = _delegations(signatory.position, offices)
    for membership in delegated:
        if membership.user_id == user.pk and _covers(membership, day, zone):
            return _on_behalf(membership)
    for one in held:
        if _is_head_by_role(user, one):
            return _as_holder(one, user.person)
    raise Refused([_why_not(user, signatory, day, held, offices, delegated)])


def who_may_sign(
    position: Position,
    day: datetime.date,
    zone: datetime.tzinfo | None = None,
    *,
    round_: SigningRound | None = None,
) -> list[Standing]:
    """Everybody who may sign for the office on that day: its holder first, then who acts for it, then who is delegated.

    In a round without those who have a place of their own there.
    """
    zone = zone or _zone_of(position)
    offices = _offices(position, round_)
    held = sorted(held_on(offices, day, zone), key=lambda one: (one.pk != position.pk, one.acting != "definitive"))
    delegated = [one for one in _delegations(position, offices) if one.user.person and _covers(one, day, zone)]
    return [_as_holder(one) for one in held] + [_on_behalf(one) for one in delegated]


def who_holds(
    position: Position, offices: Iterable[Position], day: datetime.date, zone: datetime.tzinfo
) -> Standing | None:
    """Whom papers print for the office on that day; `offices` are its rows, as `offices_of` finds them."""
    held = sorted(held_on(offices, day, zone), key=lambda one: (one.pk != position.pk, one.acting != "definitive"))
    return _as_holder(held[0]) if held else None


def holder_on(position: Position, day: datetime.date) -> Standing:
    """As what a wet-ink signature of that day counts, since nobody is signed in: the holder, else who acts or is delegated.

    Raises Refused with a sentence when nobody held the office.
    """
    found = who_may_sign(position, day)
    if not found:
        raise Refused([_nobody(position, day)])
    return found[0]


def _offices(position: Position, round_: SigningRound | None = None) -> list[Position]:
    """The rows of the office, whoever holds it, the one of the signatory first.

    In a round without the rows that have a place of their own there: of two mentors each signs in their own box.
    """
    rows = list(Position.objects.filter(same_office(position)).select_related("person__user", "organisation"))
    if round_ is not None and len(rows) > 1:
        places = Signatory.objects.filter(round=round_).exclude(state=Signatory.State.REPLACED)
        named = set(places.values_list("position", flat=True))
        rows = [one for one in rows if one.pk == position.pk or one.pk not in named]
    return sorted(rows, key=lambda one: (one.pk != position.pk, -one.pk))


def offices_of(positions: Iterable[Position]) -> dict[int, list[Position]]:
    """For each office by key its rows, whoever holds it, as `same_office` finds them: one query for all."""
    positions = list(positions)
    ids = {one.organisation_id for one in positions}
    beside: dict[int, list[Position]] = {}
    for row in Position.objects.filter(organisation__in=ids).select_related("person__user", "organisation"):
        beside.setdefault(row.organisation_id, []).append(row)
    found = {}
    for one in positions:
        title, is_alone = one.title.casefold(), not is_one_with_others(one)
        rows = [
            row
            for row in beside.get(one.organisation_id, [])
            if row.pk == one.pk
            or (not is_alone and row.is_head == one.is_head and (one.is_head or row.title.casefold() == title))
        ]
        found[one.pk] = sorted(rows, key=lambda row: (row.pk != one.pk, -row.pk))
    return found


def _delegations(position: Position, offices: Iterable[Position]) -> list[Membership]:
    """The roles for a time by which somebody signs for the office without holding it."""
    for_it = Q(for_position__in=[one.pk for one in offices])
    if position.is_head:  # named for an office that nobody holds, by a role that heads the organisation
        role = HEADING_ROLE.get(Organisation.Kind(position.organisation.kind), "")
        for_it |= Q(for_position__person=None, organisation=position.organisation_id, role=role)
    rows = Membership.objects.filter(for_it, for_position__isnull=False)
    rows = rows.select_related("user__person", "for_position").order_by("-pk")
    return [one for one in rows if one.user.person_id and one.user.person_id != one.for_position.person_id]  # type: ignore[union-attr]


def _covers(membership: Membership, day: datetime.date, zone: datetime.tzinfo) -> bool:
    """Whether somebody signed on behalf on this day; a time that is over counts for the days before it ended."""
    return (
        (membership.ended_at is None or timezone.localdate(membership.ended_at, zone) > day)
        and (membership.starts_on is None or membership.starts_on <= day)
        and (membership.ends_on is None or membership.ends_on >= day)
    )


def _is(user: Any, position: Position) -> bool:
    return user.person_id is not None and position.person_id == user.person_id


def _is_head_by_role(user: Any, position: Position) -> bool:
    """Whether the office was typed with the person's name only, and this is that person's account by role and name."""
    person = position.person
    if not position.is_head or person is None or user.person is None or User.objects.filter(person=person).exists():
        return False
    is_same = person.name.casefold().strip() == user.person.name.casefold().strip() or (
        bool(person.nip) and person.nip == user.person.nip
    )
    role = HEADING_ROLE.get(Organisation.Kind(position.organisation.kind), "")
    held = Membership.objects.current().filter(organisation=position.organisation_id, role=role, for_position=None)
    return is_same and held.filter(user=user.pk).exists()


def _as_holder(position: Position, person: Person | None = None) -> Standing:
    return Standing(position.title_in_full, person or position.person, position.acting, position.decree)  # type: ignore[arg-type]


def _on_behalf(membership: Membership) -> Standing:
    return Standing(
        f"a.n. {membership.for_position.title_in_full}",  # type: ignore[union-attr]
        membership.user.person,  # type: ignore[arg-type]
        is_on_behalf=True,
        basis=membership.basis,
        basis_from=membership.starts_on,
        basis_until=membership.ends_on,
    )


def _zone_of(position: Position) -> datetime.tzinfo:
    region = position.organisation.government.region
    return region.zone if region else ZoneInfo("Asia/Jakarta")


# --- why not ----------------------------------------------------------------------------------------------------------


def _why_not(
    user: Any,
    signatory: Signatory,
    day: datetime.date,
    held: list[Position],
    offices: list[Position],
    delegated: list[Membership],
) -> str:
    """The sentence for who may not sign: what stands in the way, who signs instead, and what to do."""
    office = signatory.position.title_in_full
    for one in offices:
        if _is(user, one) and one.starts_on and one.starts_on > day:
            return _("Your time as %(office)s begins on %(day)s. You can sign from that day on.") % {
                "office": one.title_in_full,
                "day": long_date(one.starts_on),
            }
        if _is(user, one):
            return _your_time_is_over(one, day, held)
    for membership in delegated:
        if membership.user_id == user.pk and membership.starts_on and membership.starts_on > day:
            return _("You may sign on behalf of %(office)s from %(day)s on.") % {
                "office": office,
                "day": long_date(membership.starts_on),
            }
        if membership.user_id == user.pk:
            return _("Your authority to sign on behalf of %(office)s is over. A new paper with its days is entered under People.") % {"office": office}  # fmt: skip
    if not held:
        return _nobody(signatory.position, day)
    return _(
        "%(person)s signs at the place of %(office)s. If you hold this office now, ask the secretariat to enter you as its holder; if you sign on behalf, ask to be named with the paper and its days."
    ) % {"office": office, "person": held[0].person}


def _your_time_is_over(position: Position, day: datetime.date, held: list[Position]) -> str:
    office = position.title_in_full
    if position.ends_on and position.ends_on < day:
        over = _("Your time as %(office)s ended on %(day)s.") % {"office": office, "day": long_date(position.ends_on)}
    else:
        over = _("You do not hold the office %(office)s any more.") % {"office": office}
    if held:
        after = _("%(person)s holds it now and signs.") % {"person": held[0].person}
    else:
        after = _("The secretariat enters your successor, who then signs.")
    return f"{over} {after}"


def _nobody(position: Position, day: datetime.date) -> str:
    return _(
        "Nobody is entered as holder of %(office)s on %(day)s. The secretariat enters the holder, or who acts for it, on the page of %(agency)s."
    ) % {"office": position.title, "day": long_date(day), "agency": position.organisation}
