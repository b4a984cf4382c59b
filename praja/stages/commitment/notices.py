"""Who is told what about the commitment."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.foundation.accounts.models import Membership, Person, User
from praja.foundation.notices.actions import holders, tell
from praja.foundation.ui.formats import long_date
from praja.stages.commitment.models import AgencyList, Commitment, Obligation, PositionHandover


def _of_agencies(rows: Iterable[AgencyList]) -> dict[int, list[Any]]:
    """{key of an agency: operators and heads who hold their role today}; in one query."""
    found: dict[int, list[Any]] = {}
    agencies = [one.organisation_id for one in rows]
    memberships = Membership.objects.current().filter(organisation__in=agencies, role__in=("operator", "agency_head"))
    for membership in memberships.select_related("user"):
        users = found.setdefault(membership.organisation_id, [])
        if membership.user not in users:
            users.append(membership.user)
    return found


def _tell_agencies(rows: list[AgencyList], text: str, values: dict[str, Any]) -> None:
    users = _of_agencies(rows)
    for row in rows:
        address = reverse("obligation-list", args=[row.commitment.plan.slug, row.pk])
        tell(
            users.get(row.organisation_id, []),
            text,
            values={**values, "agency": row.organisation.name},
            address=address,
        )


def opened(commitment: Commitment, rows: list[AgencyList]) -> None:
    """The agencies learn that their lists wait for them."""
    assert commitment.settle_until is not None
    _tell_agencies(
        rows,
        gettext_noop("The list of what %(agency)s promises is there. Please accept or contest it until %(day)s."),
        {"day": long_date(commitment.settle_until)},
    )


def reminded(commitment: Commitment, rows: list[AgencyList]) -> None:
    """The agencies that have not settled are reminded."""
    del commitment
    _tell_agencies(rows, gettext_noop("Reminder: the list of promises of %(agency)s waits for you."), {})


def addendum_made(rows: list[AgencyList]) -> None:
    """The agencies learn that a newer edition changes what they promised."""
    _tell_agencies(
        rows,
        gettext_noop("A newer edition of the masterplan changes promises of %(agency)s. Please settle the addendum."),
        {},
    )


def _secretariat(row: AgencyList, text: str, *, by: Any, values: dict[str, Any] | None = None) -> None:
    told = [one for one in holders(row.commitment.plan.government, "coordinator") if one.pk != by.pk]
    address = reverse("obligation-list", args=[row.commitment.plan.slug, row.pk])
    tell(told, text, values={"agency": row.organisation.name, **(values or {})}, address=address)


def contested(row: AgencyList, obligation: Obligation, *, by: Any) -> None:
    """The secretariat learns what an agency contests."""
    _secretariat(
        row, gettext_noop("%(agency)s contests a promise: %(title)s"), by=by, values={"title": obligation.title}
    )


def accepted(row: AgencyList, *, by: Any) -> None:
    """The secretariat learns that an agency has settled."""
    _secretariat(row, gettext_noop("%(agency)s has accepted its list of promises."), by=by)


def accepted_for(row: AgencyList, basis: str, *, by: Any) -> None:
    """The agency learns that the secretariat has accepted in its name, and on which basis."""
    _tell_agencies(
        [row],
        gettext_noop(
            "%(name)s has accepted the list of %(agency)s on its behalf: %(basis)s. If that is wrong, contest it."
        ),
        {"name": str(by)[:80], "basis": basis[:120]},
    )


def answered(row: AgencyList, obligation: Obligation) -> None:
    """The agency learns what the secretariat says to what it contested."""
    _tell_agencies(
        [row],
        gettext_noop("The secretariat has answered what %(agency)s contested: %(title)s"),
        {"title": obligation.title},
    )


def changed_with(rows: list[AgencyList], obligation: Obligation) -> None:
    """Other agencies learn that their lists named what is not promised any more."""
    _tell_agencies(
        rows,
        gettext_noop("%(title)s is not promised any more; %(agency)s has promises that were part of it. Please accept the list once more."),
        {"title": obligation.title[:120]},
    )  # fmt: skip


def office_changed(one: Any) -> None:
    """Who leaves, who comes, the agency and the secretariat learn that promises wait to be handed over (NewHolder)."""
    people = User.objects.filter(person__in=[one.leaver.pk, one.head.person_id], is_active=True)
    agency = holders(one.organisation, "operator", "agency_head")
    told = dict.fromkeys([*people, *agency, *holders(one.plan.government, "coordinator")])
    tell(
        told,
        gettext_noop("%(office)s is now %(name)s. Please hand the %(number)s open promises over from %(leaver)s."),
        values={
            "office": one.head.title[:90],
            "name": str(one.head.person)[:60],
            "number": one.open,
            "leaver": str(one.leaver)[:60],
        },
        address=one.url,
    )


def handed_over(handover: PositionHandover) -> None:
    """The successor is asked to take the promises on."""
    users = User.objects.filter(person=handover.successor, is_active=True)
    tell(
        users,
        gettext_noop("As %(office)s you take over %(number)s promises. Read the sheet and accept it."),
        values={"office": handover.position.title_in_full, "number": handover.obligations},
        address=reverse("position-handover", args=[handover.plan.slug, handover.pk]),
    )


def taken_on(handover: PositionHandover, *, by: Any) -> None:
    """The secretariat learns that the successor has taken the promises on."""
    told = [one for one in holders(handover.plan.government, "coordinator") if one.pk != by.pk]
    person: Person = handover.successor
    tell(
        told,
        gettext_noop("%(name)s has taken the promises of %(agency)s on."),
        values={"name": person.full_name, "agency": handover.organisation.name},
        address=reverse("position-handover", args=[handover.plan.slug, handover.pk]),
    )
