"""How an agency and the secretariat settle a list: contest, answer, accept; until nothing in it is contested."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment import notices
from praja.stages.commitment.actions import OPEN, columns_of, held, line_of
from praja.stages.commitment.addenda import hash_of_result, lines_before
from praja.stages.commitment.blocks import field_words
from praja.stages.commitment.lists import Line, cut, following
from praja.stages.commitment.models import Addendum, AgencyList, Obligation
from praja.stages.commitment.offices import office_of, speaks_for

Settled = Obligation.State
NOT_ACCEPTED: dict[str, Any] = {
    "accepted_at": None,
    "accepted_by": None,
    "accepted_name": "",
    "accepted_office": "",
    "accepted_decree": "",
    "on_behalf_basis": "",
    "sha256": "",
}
KEEP, DROP, CUT = "keep", "drop", "cut"  # what the secretariat can answer


def _still_open(row: AgencyList) -> None:
    """Hold what the list belongs to until the transaction ends; raises TooLate when it is settled for good."""
    commitment = held(row.commitment)
    addendum = Addendum.objects.select_for_update().get(pk=row.addendum_id) if row.addendum_id else None
    fresh = AgencyList.objects.get(pk=row.pk)
    fresh.commitment, fresh.addendum = commitment, addendum
    if not fresh.is_open or (addendum and addendum.withdrawn_at):
        raise TooLate


def _opened_again(row: AgencyList) -> None:
    """The acceptance of a list does not cover what is changed now."""
    AgencyList.objects.filter(pk=row.pk).update(version=F("version") + 1, **NOT_ACCEPTED)


def may_settle(row: AgencyList, user: Any) -> bool:
    """Whether this person accepts and contests here, while there is something to settle."""
    return row.is_open and user.may(Can.OBLIGATION_SETTLE, row)


def may_answer(row: AgencyList, user: Any) -> bool:
    """Whether this person answers here what was contested."""
    return row.is_open and user.may(Can.COMMITMENT_RUN, row.commitment)


def contest(obligation: Obligation, reason: str, *, by: Any, version: int) -> None:
    """Say why the agency does not promise this; raises Refused without a reason, TooLate, PermissionError."""
    row = obligation.list
    if not by.may(Can.OBLIGATION_SETTLE, row):
        raise PermissionError(row.pk)
    if not reason.strip():
        raise Refused([_("Write why, so that the secretariat can answer.")])
    with transaction.atomic():
        _still_open(row)
        values = {"state": Settled.CONTESTED, "contest_reason": reason.strip()}
        if obligation.state == Settled.DROPPED:
            raise TooLate
        before = obligation.state
        update_if_unchanged(obligation, values, by=by, version=version)
        _opened_again(row)
        record(
            "contest", obligation, by=by, before={"state": before}, after={"state": Settled.CONTESTED},
            remark=reason.strip(),
        )  # fmt: skip
        transaction.on_commit(lambda: notices.contested(row, obligation, by=by))


def answer(
    obligation: Obligation, what: str, text: str, *, by: Any, version: int, years: tuple[int, int] | None = None
) -> None:
    """Answer what was contested: keep it, drop it, or cut it to `years` within those that the edition says.

    Kept or cut it waits for the agency again, and with it the lines that hang on what is dropped or cut. Raises Refused,
    TooLate, PermissionError.
    """
    row = obligation.list
    if not by.may(Can.COMMITMENT_RUN, row.commitment):
        raise PermissionError(row.pk)
    if obligation.state != Settled.CONTESTED:
        raise TooLate
    if not text.strip():
        raise Refused([_("Write the answer, so that the agency knows why.")])
    values: dict[str, Any] = {"answer": text.strip(), "state": Settled.DROPPED if what == DROP else Settled.PROPOSED}
    if what == CUT:
        values |= _cut_values(obligation, years)
    was = line_of(obligation)
    before = {"state": obligation.state, "year_from": obligation.year_from, "year_to": obligation.year_to}
    with transaction.atomic():
        _still_open(row)
        update_if_unchanged(obligation, values, by=by, version=version)
        _opened_again(row)
        after = {name: getattr(obligation, name) for name in before}
        record(f"answer {what}", obligation, by=by, before=before, after=after, remark=text.strip())
        others = _let_follow(obligation, was, by=by) if what != KEEP else []
        transaction.on_commit(lambda: notices.answered(row, obligation))
        transaction.on_commit(lambda: notices.changed_with(others, obligation))


def _let_follow(obligation: Obligation, was: Line, *, by: Any) -> list[AgencyList]:
    """Change the lines that hang on what was dropped or cut, in the lists that are open; answers those of other agencies.

    A line names an innovation by its title; where another one of that title is promised it stays as it is.
    """
    row, is_dropped = obligation.list, obligation.state == Settled.DROPPED
    is_removed = obligation.change == Obligation.Change.REMOVED  # and is not taken out, when that is dropped
    now = obligation.before if is_dropped else line_of(obligation)
    kept = Obligation.objects.filter(list__commitment=row.commitment_id, list__withdrawn_at=None)
    kept = kept.exclude(state=Settled.DROPPED).exclude(change=Obligation.Change.REMOVED)
    namesakes = kept.filter(kind=Obligation.Kind.INNOVATION, title=was["title"]).exclude(source_uid=was["uid"])
    beside = Q(list=row, kind=Obligation.Kind.PROGRAMME)
    if was["kind"] == Obligation.Kind.INNOVATION and not namesakes.exists():
        beside |= Q(facts__part_of=was["title"])
    changed: dict[int, AgencyList] = {}
    for one in kept.filter(beside).select_related("list__commitment__plan", "list__addendum", "list__organisation"):
        before = line_of(one)
        after = following(before, None if is_removed else was, now)
        if after == before or not one.list.is_open:
            continue
        values: dict[str, Any] = columns_of(after)
        if one.state == Settled.ACCEPTED:
            values["state"] = Settled.PROPOSED
        update_if_unchanged(one, values, by=by, version=one.version)
        told = [
            {name: field_words(name, line[name]) for name in ("part_of", "share") if before[name] != after[name]}
            for line in (before, after)
        ]
        record("follow line", one, by=by, before=told[0], after=told[1], remark=was["title"])
        changed[one.list_id] = one.list
    changed.pop(row.pk, None)
    for other in changed.values():
        _opened_again(other)
    return list(changed.values())


def _cut_values(obligation: Obligation, years: tuple[int, int] | None) -> dict[str, Any]:
    """The columns of an obligation that is cut to fewer years; Refused when they are not within its own."""
    if obligation.change == Obligation.Change.REMOVED:
        raise Refused([_("What is taken out has no years to cut.")])
    if obligation.year_from is None or obligation.year_to is None:
        raise Refused([_("The edition says no years for this, so it cannot be cut to fewer.")])
    if years == (obligation.year_from, obligation.year_to):
        raise Refused([_("These are all its years. Choose fewer, or let it stay.")])
    try:
        return columns_of(cut(line_of(obligation), *(years or (0, 0))))
    except ValueError:
        raise Refused(
            [
                _("Choose years from %(first)s to %(last)s: the commitment promises what the edition says, or less.")
                % {"first": obligation.year_from, "last": obligation.year_to}
            ]
        ) from None


def accept(row: AgencyList, *, by: Any, version: int, basis: str = "") -> int:
    """Accept everything that waits for the agency; answers how many lines are still contested.

    When none is, the list is settled: who accepted it in which office and the hash of its lines are kept. Who does not
    belong to the agency says on which `basis`, such as its letter; the agency is told. Raises Refused without one,
    TooLate when anything changed since the page was shown, PermissionError.
    """
    if not by.may(Can.OBLIGATION_SETTLE, row):
        raise PermissionError(row.pk)
    plan = row.commitment.plan
    on_behalf = not speaks_for(by, row.organisation, plan)
    basis = basis.strip() if on_behalf else ""
    if on_behalf and not basis:
        raise Refused([_("Write by which paper you accept for the agency, such as the number and day of its letter.")])
    office, decree = office_of(by, row.organisation, plan)
    before = lines_before(row)  # read from the papers, before anything is locked
    with transaction.atomic():
        _still_open(row)
        obligations = list(row.obligations.all())
        open_ones = [one for one in obligations if one.state in OPEN]
        contested = [one for one in open_ones if one.state == Settled.CONTESTED]
        now = timezone.now()
        values: dict[str, Any] = {}
        for one in obligations:
            one.state = Settled.ACCEPTED if one.state == Settled.PROPOSED else one.state
        if not contested:
            values = {
                "accepted_at": now, "accepted_by": by, "accepted_name": str(by)[:200], "accepted_office": office[:220],
                "accepted_decree": decree[:300], "on_behalf_basis": basis[:300], "sha256": hash_of_result(row, obligations, before),
            }  # fmt: skip
        update_if_unchanged(row, values, by=by, version=version)
        waiting = [one.pk for one in open_ones if one.state == Settled.ACCEPTED]
        Obligation.objects.filter(pk__in=waiting).update(
            state=Settled.ACCEPTED, version=F("version") + 1, updated_at=now, updated_by=by
        )
        after = {"accepted": len(waiting), "contested": len(contested), "sha256": values.get("sha256", "")}
        verb = "accept list for agency" if on_behalf else "accept list"
        record(verb, row, by=by, after=after, remark=basis)
        if on_behalf:
            transaction.on_commit(lambda: notices.accepted_for(row, basis, by=by))
        if not contested:
            transaction.on_commit(lambda: notices.accepted(row, by=by))
    return len(contested)
