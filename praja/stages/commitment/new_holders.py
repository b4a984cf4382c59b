"""Offices with promises that somebody new holds: found by themselves, so that the hand-over is asked for and not remembered.

Nothing here reads a paper; what the promises page says of the same offices comes from the frozen papers (promises.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from praja.foundation.accounts.models import Organisation, Person, Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.audit.models import Event
from praja.foundation.plans.models import Plan
from praja.foundation.signing.models import Signatory, Signature
from praja.stages.commitment import notices
from praja.stages.commitment.models import AgencyList, Commitment, Obligation, PositionHandover
from praja.stages.commitment.offices import heads_of

ASKED = "ask office over"  # the verb that stands in the history of the office once everybody was told
Frozen = Commitment.State.FROZEN


@dataclass(frozen=True)
class NewHolder:
    """An agency whose head has neither promised nor taken the promises on; `handover` is the sheet that waits, if any."""

    plan: Plan
    organisation: Organisation
    head: Position
    leaver: Person
    open: int  # promises that are not over
    handover: PositionHandover | None

    @property
    def url(self) -> str:
        """The sheet that waits for the successor, else the page with the button that draws it up."""
        if self.handover:
            return reverse("position-handover", args=[self.plan.slug, self.handover.pk])
        return f"{reverse('commitment-promises', args=[self.plan.slug])}?perangkat={self.organisation.pk}"


def current_commitment(plan: Plan) -> Commitment | None:
    """The newest frozen commitment of a plan, without its texts."""
    rows = Commitment.objects.in_service().filter(plan=plan, state=Frozen).select_related("edition", "document")
    found: Commitment | None = rows.defer("edition__content", "document__content").order_by("-pk").first()
    if found is not None:
        found.plan = plan
    return found


def new_holders(commitment: Commitment) -> list[NewHolder]:
    """The offices with promises that somebody new holds, by the name of the agency: four queries, three more for what is found."""
    plan = commitment.plan
    rows = AgencyList.objects.in_service().filter(commitment=commitment).select_related("organisation", "addendum")
    lists = [
        one
        for one in rows.order_by("organisation__name", "addendum__number")
        if one.addendum is None or one.addendum.state == Frozen
    ]
    signatures = signatures_of(
        filter(None, [commitment.document_id, *(one.addendum.document_id for one in lists if one.addendum)])
    )
    last = last_holders(commitment, lists, signatures)
    agencies = {one.organisation_id: one.organisation for one in lists}
    heads = heads_of(agencies.values(), plan)
    found = [pk for pk in agencies if pk in heads and last.get(pk) not in (None, heads[pk].person_id)]
    if not found:
        return []
    people = Person.objects.in_bulk([last[pk] for pk in found])
    waiting = PositionHandover.objects.in_service().filter(plan=plan, accepted_at=None, organisation__in=found)
    sheets = {one.organisation_id: one for one in waiting}
    numbers = _open_promises([one for one in lists if one.organisation_id in found], plan.today.year)
    return [
        NewHolder(plan, agencies[pk], heads[pk], people[last[pk]], numbers.get(pk, 0), sheets.get(pk)) for pk in found
    ]


def signatures_of(documents: Iterable[int]) -> dict[tuple[int, int], Signature]:
    """{(key of the paper, key of the agency): its newest signature, its head's before others'}; in one query.

    Who only witnesses promises nothing.
    """
    rows = Signature.objects.filter(
        signatory__round__edition__in=list(documents), signatory__role=Signatory.Role.SIGNATORY, withdrawn_at=None
    )
    rows = rows.select_related("signatory__round", "signatory__position")
    rows = rows.order_by("signatory__position__is_head", "signed_at", "pk")
    return {(one.signatory.round.edition_id, one.signatory.organisation_id): one for one in rows}


def last_holders(
    commitment: Commitment, lists: Iterable[AgencyList], signatures: dict[tuple[int, int], Signature]
) -> dict[int, int]:
    """{key of an agency: key of who promised, or took the promises on last}: one query. `lists` are the frozen ones."""
    found: dict[int, int] = {}
    for row in sorted(lists, key=lambda row: row.addendum.number if row.addendum else 0):
        paper = row.addendum.document_id if row.addendum else commitment.document_id
        signature = signatures.get((paper or 0, row.organisation_id))
        is_by_head = signature and signature.signatory.position.is_head and not signature.is_on_behalf
        signed_by = signature.person_id if signature and is_by_head else None
        if holder := signed_by or row.holder_id:
            found[row.organisation_id] = holder
    taken = PositionHandover.objects.in_service().filter(plan=commitment.plan, accepted_at__isnull=False)
    found |= dict(taken.order_by("accepted_at", "pk").values_list("organisation_id", "successor_id"))
    return found


def _open_promises(lists: list[AgencyList], year: int) -> dict[int, int]:
    """{key of an agency: how many of its promises are not over before that year}, as the rows say it; one query."""
    rows: dict[int, list[Obligation]] = {}
    for one in (
        Obligation.objects.filter(list__in=lists).exclude(state=Obligation.State.DROPPED).defer("facts", "before")
    ):
        rows.setdefault(one.list_id, []).append(one)
    found: dict[int, dict[tuple[str, str], int | None]] = {}
    for row in sorted(lists, key=lambda row: row.addendum.number if row.addendum else 0):
        promised = found.setdefault(row.organisation_id, {})
        for one in rows.get(row.pk, []):
            key = (one.kind, str(one.source_uid))
            if one.change == Obligation.Change.REMOVED:
                promised.pop(key, None)
            else:
                promised[key] = one.year_to
    return {pk: sum(last is None or last >= year for last in promised.values()) for pk, promised in found.items()}


def concerning(user: Any, plan: Plan) -> list[NewHolder]:
    """Those that this person sees to: the secretariat all, the own agency, who leaves and who comes. One query without a commitment."""
    commitment = current_commitment(plan)
    found = new_holders(commitment) if commitment else []
    if user.may(Can.COMMITMENT_RUN, plan):
        return found
    return [
        one
        for one in found
        if user.may(Can.OBLIGATION_SETTLE, one.organisation)
        or (user.person_id and user.person_id in (one.leaver.pk, one.head.person_id))
    ]


def ask(plan: Plan) -> int:
    """Tell once who leaves, who comes, the agency and the secretariat; answers of how many offices they were told."""
    commitment = current_commitment(plan)
    found = new_holders(commitment) if commitment else []
    fresh = [one for one in found if one.handover is None and not _was_asked(one.head)]
    for one in fresh:
        with transaction.atomic():
            record(ASKED, one.head, by=None, after={"promises": one.open})
            notices.office_changed(one)
    return len(fresh)


def _was_asked(head: Position) -> bool:
    return Event.objects.about(head).filter(verb=ASKED).exists()


def plans_with_promises() -> Any:
    """The plans with a frozen commitment."""
    frozen = Commitment.objects.in_service().filter(plan=OuterRef("pk"), state=Frozen)
    return Plan.objects.filter(Exists(frozen), withdrawn_at=None).select_related("government__region")
