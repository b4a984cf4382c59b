"""What is done with rows that say the same and rows that change hands: propose, agree, decline, carry out, undo."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.across.joining import notices
from praja.across.joining.alike import compared_text
from praja.across.joining.kinds import BY_NAME, Below, Kind
from praja.across.joining.models import Consent, KeptApart, Transfer
from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import EditableRow, TooLate, update_if_unchanged
from praja.foundation.evidence.actions import carry_along
from praja.foundation.evidence.models import Evidence
from praja.foundation.workflow.models import State
from praja.foundation.workflow.steps import Refused

EVIDENCE = "evidence"
# States in which somebody has put their word to the text.
VOUCHED_FOR = (State.APPROVED, State.CHECKED, State.ACCEPTED)


@transaction.atomic
def keep_apart(kind: Kind, first: Any, second: Any, *, by: Any, reason: str) -> KeptApart:
    """Decide that two rows stay two; replaces what was decided before one of them changed. History on both."""
    first, second = sorted((first, second), key=lambda row: row.pk)
    now = timezone.now()
    pair = {"plan": first.plan, "kind": kind.name, "first_id": first.pk, "second_id": second.pk}
    KeptApart.objects.filter(**pair, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by)
    try:
        kept = KeptApart.objects.create(
            **pair,
            organisation_path=first.plan.organisation_path,
            reason=reason,
            first_version=first.version,
            second_version=second.version,
            first_text=compared_text(kind, first),
            second_text=compared_text(kind, second),
            created_by=by,
            updated_by=by,
        )
    except IntegrityError as error:  # two people at once
        raise TooLate from error
    for row, other in ((first, second), (second, first)):
        record("keep apart", row, by=by, after={"other_row": other.title}, remark=reason)
    return kept


def propose_move(kind: Kind, row: Any, *, to: Organisation, by: Any, reason: str) -> Transfer:
    """Ask both agencies whether `row` may go to another one; raises Refused with a sentence."""
    if row.organisation is None:
        raise Refused([_("This row has no agency yet. Assign it to one; nobody has to agree.")])
    if to.pk == row.organisation_id:
        raise Refused([_("This row belongs to that agency already.")])
    transfer = Transfer(what=Transfer.What.MOVE, receiving=to, reason=reason)
    return _propose(kind, row, transfer, by=by)


def propose_join(kind: Kind, row: Any, *, into: Any, taken_over: Sequence[str], by: Any, reason: str) -> Transfer:
    """Ask the agencies whether `row` may be joined into `into`, which takes over the parts named; raises Refused."""
    if into.pk == row.pk or into.withdrawn_at or into.plan_id != row.plan_id:
        raise Refused([_("The row that is to stay is no longer in the plan.")])
    if Transfer.objects.open().filter(kind=kind.name, row_id=into.pk).exists():
        raise Refused([_("The row that is to stay is itself about to change hands. Wait until that is decided.")])
    if has_actions(row):
        raise Refused(
            [_("The action plan carries out the row that is to go. Keep that one, or take its actions out first.")]
        )
    known = [part.name for part in kind.parts] + [below.name for below in kind.below] + [EVIDENCE]
    taken = [name for name in known if name in set(taken_over)]
    transfer = Transfer(
        what=Transfer.What.JOIN, into_id=into.pk, receiving=into.organisation, reason=reason, taken_over=taken
    )
    return _propose(kind, row, transfer, by=by, into=into)


@transaction.atomic
def _propose(kind: Kind, row: Any, transfer: Transfer, *, by: Any, into: Any = None) -> Transfer:
    if row.withdrawn_at:
        raise Refused([_("This row is no longer in the plan.")])
    transfer.plan, transfer.organisation_path = row.plan, row.plan.organisation_path
    transfer.kind, transfer.row_id, transfer.title, transfer.giving = kind.name, row.pk, row.title, row.organisation
    transfer.created_by = transfer.updated_by = by
    try:
        with transaction.atomic():
            transfer.save()
    except IntegrityError as error:
        raise Refused([_("This row is already about to change hands. Wait until that is decided.")]) from error
    for one in (transfer, row, into) if into else (transfer, row):
        record("propose transfer", one, by=by, after=_words(transfer), remark=transfer.reason)
    # Whoever proposes for an agency has given its word.
    for agency in transfer.agencies:
        if kind.speaks_for(by, agency):
            _say(Consent(transfer=transfer, organisation=agency, agrees=True, by_head=_is_head(by, agency)), by=by)
    _carry_out_when_agreed(transfer, by=by)
    if transfer.is_open:
        transaction.on_commit(lambda: notices.asked(transfer, by=by))
    return transfer


@transaction.atomic
def answer(transfer: Transfer, agency: Organisation, *, agrees: bool, by: Any, version: int, note: str = "") -> None:
    """An agency agrees, or declines with a reason. Raises TooLate when the transfer has moved on, Refused, PermissionError."""
    if agency not in transfer.agencies or not BY_NAME[transfer.kind].speaks_for(by, agency):
        raise PermissionError
    if not agrees and not note.strip():
        raise Refused([_("Write why your agency does not agree, so that the others understand.")])
    _touch(transfer, by=by, version=version)
    word = Consent(transfer=transfer, organisation=agency, agrees=agrees, note=note.strip())
    word.by_head = _is_head(by, agency)
    _say(word, by=by)
    _go_on(transfer, word, by=by)


@transaction.atomic
def record_consent(word: Consent, *, by: Any, version: int) -> None:
    """The secretariat records what an agency said on paper or in a meeting; it is kept as such."""
    transfer = word.transfer
    if word.organisation not in transfer.agencies or not by.may(BY_NAME[transfer.kind].accept, transfer):
        raise PermissionError
    if not word.note.strip():
        raise Refused([_("Write on which paper or in which meeting the agency said so, with its date.")])
    word.by_head = word.manner == Consent.Manner.PAPER
    _touch(transfer, by=by, version=version)
    _say(word, by=by)
    _go_on(transfer, word, by=by)


@transaction.atomic
def take_back(transfer: Transfer, *, by: Any, version: int) -> None:
    """Whoever proposed it, or the secretariat, takes an open transfer back."""
    if by.pk != transfer.created_by_id and not by.may(BY_NAME[transfer.kind].accept, transfer):
        raise PermissionError
    _close(transfer, Transfer.State.TAKEN_BACK, by=by, version=version)
    transaction.on_commit(lambda: notices.closed(transfer, by=by))


def _touch(transfer: Transfer, *, by: Any, version: int) -> None:
    """Be the one who decides now: everybody who read the transfer before this is too late."""
    if not transfer.is_open:
        raise TooLate
    update_if_unchanged(transfer, {}, by=by, version=version)


def _close(transfer: Transfer, state: str, *, by: Any, version: int | None = None, **values: Any) -> None:
    if not transfer.is_open:
        raise TooLate
    decided = {"state": state, "decided_at": timezone.now(), **values}
    update_if_unchanged(transfer, decided, by=by, version=transfer.version if version is None else version)
    record(f"transfer {state}", transfer, by=by, after={"title": transfer.title})


def _say(word: Consent, *, by: Any) -> None:
    """Keep the word of an agency, which has only one."""
    word.created_by = word.updated_by = by
    try:
        with transaction.atomic():
            word.save()
    except IntegrityError as error:
        raise TooLate from error
    said = {"organisation": word.organisation.name, "manner": str(word.get_manner_display())}
    record("agree" if word.agrees else "decline", word.transfer, by=by, after=said, remark=word.note)


def _go_on(transfer: Transfer, word: Consent, *, by: Any) -> None:
    """Carry it out when everybody agrees; the first who does not ends it."""
    if word.agrees:
        _carry_out_when_agreed(transfer, by=by)
        return
    _close(transfer, Transfer.State.DECLINED, by=by)
    if row := BY_NAME[transfer.kind].model.objects.filter(pk=transfer.row_id).first():
        record("decline transfer", row, by=by, after=_words(transfer), remark=word.note)
    transaction.on_commit(lambda: notices.declined(transfer, by=by))


def _carry_out_when_agreed(transfer: Transfer, *, by: Any) -> None:
    """Do it once the last agency has agreed; a row that has moved on meanwhile lets it lapse."""
    words = {consent.organisation_id: consent for consent in transfer.consents.all()}
    if any(agency.pk not in words for agency in transfer.agencies):
        return
    kind = BY_NAME[transfer.kind]
    rows = kind.model.objects.select_related("plan", "organisation").in_bulk([transfer.row_id, transfer.into_id or 0])
    row, into = rows[transfer.row_id], rows.get(transfer.into_id or 0)
    if _has_moved_on(transfer, row, into):
        _close(transfer, Transfer.State.LAPSED, by=by)
        transaction.on_commit(lambda: notices.closed(transfer, by=by))
        return
    undo: dict[str, Any] = {}
    if transfer.receiving and not transfer.is_join:
        _hand_over(kind, row, to=transfer.receiving, by=by, transfer=transfer, word=words[transfer.receiving.pk])
    elif into is not None:
        undo = _join(kind, row, into, by=by, transfer=transfer)
    _close(transfer, Transfer.State.DONE, by=by, undo=undo)
    transaction.on_commit(lambda: notices.done(transfer, by=by))


def _has_moved_on(transfer: Transfer, row: Any, into: Any) -> bool:
    """Whether what the agencies agreed to is no longer there."""
    if row.withdrawn_at or row.organisation_id != transfer.giving_id:
        return True
    if not transfer.is_join:
        return False
    return into is None or into.withdrawn_at or into.organisation_id != transfer.receiving_id or has_actions(row)


def _hand_over(kind: Kind, row: Any, *, to: Organisation, by: Any, transfer: Transfer, word: Consent) -> None:
    """The row, and what belongs to it, goes to the agency `to`; a head who has not vouched for it has to do so."""
    before = {"organisation": row.organisation, "state": row.state}
    values: dict[str, Any] = {"organisation": to, "organisation_path": to.organisation_path}
    if row.plan.head_approves and row.state in VOUCHED_FOR and not word.by_head:
        values |= {"state": State.SUBMITTED, "state_at": timezone.now()}
    update_if_unchanged(row, values, by=by, version=row.version)
    getattr(row, kind.partners).remove(to)
    carry_along(row)
    after = {"organisation": to, "state": row.state}
    record("hand over", row, by=by, before=before, after=after, remark=transfer.reason)


def _join(kind: Kind, row: Any, into: Any, *, by: Any, transfer: Transfer) -> dict[str, Any]:
    """`row` goes into `into`; answers with all that undoing it has to put back."""
    parts = [part for part in kind.parts if part.name in transfer.taken_over and not part.is_empty(row)]
    columns = {name: value for part in parts for name, value in part.values(row).items()}
    before = {name: getattr(into, name) for name in columns}
    moved = {
        below.name: _move_below(below, row, into, by=by) for below in kind.below if below.name in transfer.taken_over
    }
    moved[EVIDENCE] = _move_evidence(row, into) if EVIDENCE in transfer.taken_over else []
    state = into.state
    values: dict[str, Any] = dict(columns)
    if (columns or any(moved.values())) and state in VOUCHED_FOR:
        # Nobody has put their word to the text that it has now.
        values |= {"state": State.SUBMITTED, "state_at": timezone.now()}
    update_if_unchanged(into, values, by=by, version=into.version)
    carry_along(into)
    partners = [
        one for one in [*getattr(row, kind.partners).all(), row.organisation] if one and one != into.organisation
    ]
    new_partners = [one.pk for one in partners if not getattr(into, kind.partners).filter(pk=one.pk).exists()]
    getattr(into, kind.partners).add(*new_partners)
    new_links = {name: _link(row, into, name) for name in kind.links}
    now = timezone.now()
    gone = {"withdrawn_at": now, "withdrawn_by": by, "merged_into": into}
    update_if_unchanged(row, gone, by=by, version=row.version)
    record("join", row, by=by, after={"merged_into": into.title}, remark=transfer.reason)
    record(
        "take in",
        into,
        by=by,
        before={**before, "state": state},
        after={**columns, "state": into.state, "other_row": row.title, "organisations": [str(one) for one in partners]},
        remark=transfer.reason,
    )
    return {
        "row_version": row.version,
        "into_version": into.version,
        "columns": before,
        "state": state,
        "below": moved,
        "partners": new_partners,
        "links": new_links,
    }


def _link(row: Any, into: Any, name: str) -> list[int]:
    """Link `into` with what `row` is linked with; answers with the keys that are new there."""
    there = set(getattr(into, name).values_list("pk", flat=True))
    new = [pk for pk in getattr(row, name).values_list("pk", flat=True) if pk not in there]
    getattr(into, name).add(*new)
    return new


def links_of(kind: Kind, kept: Any) -> dict[str, list[int]]:
    """What a joining linked, by the name of the link; joinings of the first release knew one link only."""
    return {kind.links[0]: kept} if isinstance(kept, list) else kept


def has_actions(row: Any) -> bool:
    """Whether the action plan carries this row out already: its money hangs there."""
    actions = getattr(row, "actions", None)
    return actions is not None and actions.filter(withdrawn_at=None).exists()


def _move_below(below: Below, row: Any, into: Any, *, by: Any) -> list[int]:
    """Hang the rows below `row` below `into`; answers with their keys."""
    rows = _rows_below(below, row)
    keys = list(rows.values_list("pk", flat=True))
    values: dict[str, Any] = {below.parent: into}
    if issubclass(rows.model, EditableRow):
        values |= {"version": models.F("version") + 1, "updated_at": timezone.now(), "updated_by": by}
    if any(field.name == "order" for field in rows.model._meta.fields):
        behind = getattr(into, below.name).aggregate(last=models.Max("order"))["last"]
        values["order"] = models.F("order") + (behind or 0) + 1
    rows.model._default_manager.filter(pk__in=keys).update(**values)
    return keys


def _rows_below(below: Below, row: Any) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = getattr(row, below.name).all()
    return rows.filter(withdrawn_at=None) if issubclass(rows.model, EditableRow) else rows


def _move_evidence(row: Any, into: Any) -> list[int]:
    keys = list(Evidence.objects.about(row).values_list("pk", flat=True))
    Evidence.objects.filter(pk__in=keys).update(subject_id=into.pk, organisation_path=into.organisation_path)
    return keys


def may_undo(transfer: Transfer, user: Any) -> bool:
    """Whether this person may ask for a joining to be undone: the secretariat, or one of the agencies."""
    kind = BY_NAME[transfer.kind]
    speaks = any(kind.speaks_for(user, agency) for agency in transfer.agencies)
    return transfer.is_join and transfer.state == Transfer.State.DONE and (speaks or user.may(kind.accept, transfer))


@transaction.atomic
def undo_join(transfer: Transfer, *, by: Any, version: int) -> None:
    """Put both rows back as they were, while neither has changed since; raises Refused, TooLate, PermissionError."""
    if not may_undo(transfer, by):
        raise PermissionError
    kind, kept = BY_NAME[transfer.kind], transfer.undo
    rows = kind.model.objects.select_related("plan", "organisation").in_bulk([transfer.row_id, transfer.into_id])
    row, into = rows[transfer.row_id], rows[transfer.into_id]
    if (row.version, into.version) != (kept["row_version"], kept["into_version"]):
        raise Refused([_("One of the two rows has changed since. Write what is needed by hand; nothing was lost.")])
    update_if_unchanged(
        transfer, {"state": Transfer.State.UNDONE, "decided_at": timezone.now()}, by=by, version=version
    )
    before = {"state": into.state, **{name: getattr(into, name) for name in kept["columns"]}}
    values = {**kept["columns"], "state": kept["state"]}
    if kept["state"] != into.state:
        values["state_at"] = timezone.now()
    update_if_unchanged(into, values, by=by, version=into.version)
    for below in kind.below:
        if keys := kept["below"].get(below.name):
            getattr(into, below.name).filter(pk__in=keys).update(**{below.parent: row})
    Evidence.objects.filter(pk__in=kept["below"].get(EVIDENCE, ()), subject_id=into.pk).update(subject_id=row.pk)
    getattr(into, kind.partners).remove(*kept["partners"])
    for name, pks in links_of(kind, kept["links"]).items():
        getattr(into, name).remove(*pks)
    back = {"withdrawn_at": None, "withdrawn_by": None, "merged_into": None}
    update_if_unchanged(row, back, by=by, version=row.version)
    carry_along(row)
    record("undo join", row, by=by, after={"other_row": into.title})
    record("undo join", into, by=by, before=before, after={**values, "other_row": row.title})
    transaction.on_commit(lambda: notices.undone(transfer, by=by))


def _is_head(user: Any, agency: Organisation) -> bool:
    return any(one.organisation_id == agency.pk and one.role == "agency_head" for one in user.active_memberships)


def _words(transfer: Transfer) -> dict[str, Any]:
    """What the history of a row says about a transfer."""
    return {"transfer": str(transfer.get_what_display()), "giving": transfer.giving, "receiving": transfer.receiving}
