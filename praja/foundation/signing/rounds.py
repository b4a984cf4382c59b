"""What is done with a signing round: prepare, name signatories, open, decline, replace, remind, close, cancel, and sign."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.accounts.models import Organisation, Person, Position
from praja.foundation.accounts.standing import held_on
from praja.foundation.audit import chain
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.documents.codes import new_code
from praja.foundation.documents.models import Edition
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.plans.models import Plan
from praja.foundation.signing import notices
from praja.foundation.signing.facts import of_signature
from praja.foundation.signing.models import Signatory, Signature, SigningRound, Way
from praja.foundation.signing.paper.layout import SLOTS_PER_PAGE
from praja.foundation.signing.standing import offices_of, standing_of, who_holds
from praja.foundation.workflow.steps import Refused

MOST = 120  # signatories and witnesses of one round
State, Role = SigningRound.State, Signatory.Role
WAITING, SIGNED, DECLINED, REPLACED = Signatory.State


# --- preparing --------------------------------------------------------------------------------------------------------


def prepare(edition: Edition, *, plan: Plan, by: Any, title: str = "", **values: Any) -> SigningRound:
    """A round that puts this edition to signatories who are named next; `values`: number, order, place, held_on."""
    with transaction.atomic():
        round_ = SigningRound.objects.create(
            plan=plan, edition=edition, title=(title.strip() or edition.title)[:300], code=new_code(),
            created_by=by, updated_by=by, **values,
        )  # fmt: skip
        after = {"title": round_.title, "edition": edition.number, "sha256": edition.sha256}
        record("prepare round", round_, by=by, after=after)
    return round_


def amend(round_: SigningRound, values: dict[str, Any], *, by: Any, version: int) -> None:
    """Change title, number, order, place or day while the round is being prepared. Raises Refused, TooLate."""
    before = {name: getattr(round_, name) for name in values}
    with transaction.atomic():
        _touch(round_, by=by, version=version, values=values)
        record("amend round", round_, by=by, before=before, after=values)


def _touch(round_: SigningRound, *, by: Any, version: int, values: dict[str, Any] | None = None) -> None:
    """Raise the version of a round that is being prepared, so that nobody opens what is being changed."""
    if round_.state != State.PREPARED:
        raise Refused([_("This round is open already; who signs can only be replaced now.")])
    update_if_unchanged(round_, values or {}, by=by, version=version)


def add_heads(round_: SigningRound, *, by: Any, version: int) -> tuple[int, list[Organisation]]:
    """Name the heads of all agencies of the plan in protocol order; how many came, and the agencies that have no head."""
    known = {one.organisation_id for one in round_.signatories.all() if one.position.is_head}
    heads, without = heads_of(round_.plan)
    new = [one for one in heads if one.organisation_id not in known]
    _add(round_, [(one, Role.SIGNATORY, Way.WET) for one in new], by=by, version=version)
    return len(new), without


def add(
    round_: SigningRound,
    positions: Iterable[Position],
    *,
    role: str = Role.SIGNATORY,
    way: str = Way.WET,
    by: Any,
    version: int,
) -> None:
    """Name offices, behind those that are named already. Raises Refused, TooLate."""
    _add(round_, [(one, role, way) for one in positions], by=by, version=version)


def office_key(position: Position) -> tuple[int, str]:
    """What is the same for all rows of one office, whoever holds it or acts for it (`same_office`)."""
    return position.organisation_id, "" if position.is_head else position.title.casefold()


def _add(round_: SigningRound, offices: Sequence[tuple[Position, str, str]], *, by: Any, version: int) -> None:
    stored = list(round_.signatories.select_related("position"))
    if len(stored) + len(offices) > MOST:
        raise Refused(
            [_("A round has at most %(most)d signatories. Make another round for the others.") % {"most": MOST}]
        )
    last = max((one.order for one in stored), default=0)
    known = {office_key(one.position) for one in stored}
    for one, *_as in offices:
        if one.is_head and office_key(one) in known:
            raise Refused([_("%(office)s is named in the round already; whoever holds it or acts for it signs there.") % {"office": one.title}])  # fmt: skip
        known.add(office_key(one))
    try:
        with transaction.atomic():
            _touch(round_, by=by, version=version)
            Signatory.objects.bulk_create(
                Signatory(
                    round=round_, order=order, organisation=one.organisation, position=one, role=role, way=way,
                    created_by=by, updated_by=by,
                )
                for order, (one, role, way) in enumerate(offices, last + 1)
            )  # fmt: skip
            after = {"offices": [str(one) for one, _role, _way in offices]}
            record("name signatories", round_, by=by, after=after)
    except IntegrityError as problem:
        raise Refused([_("This office is named in the round already.")]) from problem


@dataclass(frozen=True)
class NewOffice:
    """An office that has no row yet, such as a mentor or an official of the ministry: where, its title, who holds it."""

    organisation: Organisation
    title: str
    name: str
    person: Person | None = None  # of an account


def add_new_office(round_: SigningRound, office: NewOffice, *, role: str, by: Any, version: int) -> Position:
    """Make the row of an office with its person and name it in the round. Raises Refused, TooLate."""
    with transaction.atomic():
        person = office.person or Person.objects.create(name=office.name, created_by=by, updated_by=by)
        position = Position.objects.create(
            organisation=office.organisation, title=office.title, person=person, created_by=by, updated_by=by
        )
        record("name office", office.organisation, by=by, after={"office": office.title})
        _add(round_, [(position, role, Way.WET)], by=by, version=version)
    return position


def remove(signatory: Signatory, *, by: Any, version: int) -> None:
    """Take a signatory out of a round that is being prepared; `version` is the round's. Raises Refused, TooLate."""
    with transaction.atomic():
        _touch(signatory.round, by=by, version=version)
        record("remove signatory", signatory.round, by=by, before={"office": str(signatory)})
        signatory.delete()
        _number(signatory.round)


def move(signatory: Signatory, steps: int, *, by: Any, version: int) -> None:
    """Move a signatory up (negative) or down in the order. Raises Refused, TooLate."""
    with transaction.atomic():
        _touch(signatory.round, by=by, version=version)
        rows = list(signatory.round.signatories.order_by("order", "pk"))
        place = next(at for at, one in enumerate(rows) if one.pk == signatory.pk)
        rows.insert(min(max(place + steps, 0), len(rows) - 1), rows.pop(place))
        _store_order(rows)
        record("order signatories", signatory.round, by=by)


def set_ways(round_: SigningRound, ways: dict[int, str], *, by: Any, version: int) -> None:
    """Say in which way places are meant to be signed: {key of a signatory: Way}. Raises Refused, TooLate."""
    with transaction.atomic():
        _touch(round_, by=by, version=version)
        rows = round_.signatories.filter(pk__in=ways).select_related("position__organisation")
        changed = [one for one in rows if one.way != ways[one.pk]]
        before = {str(one): one.get_way_display() for one in changed}
        for one in changed:
            one.way = ways[one.pk]
        Signatory.objects.bulk_update(changed, ["way"])
        if changed:
            after = {str(one): one.get_way_display() for one in changed}
            record("set ways", round_, by=by, before=before, after=after)


def put_in_protocol_order(round_: SigningRound, *, by: Any, version: int) -> None:
    """Head of region, secretary, agencies as protocol names them, then witnesses. Raises Refused, TooLate."""
    with transaction.atomic():
        _touch(round_, by=by, version=version)
        rows = round_.signatories.select_related("organisation", "position")
        _store_order(sorted(rows, key=lambda one: (one.role == Role.WITNESS, protocol(one.position), one.order)))
        record("order signatories", round_, by=by)


def _number(round_: SigningRound) -> None:
    _store_order(list(round_.signatories.order_by("order", "pk")))


def _store_order(rows: Sequence[Signatory]) -> None:
    for order, one in enumerate(rows, 1):
        one.order = order
    Signatory.objects.bulk_update(rows, ["order"])


# In the order in which a region calls its offices up: how the title begins, then how the agency's name does.
OFFICES = ("wakil", "sekretaris daerah")
SECRETARIATS = ("sekretariat daerah", "sekretariat dprd", "sekretariat dewan", "inspektorat")


def protocol(position: Position) -> tuple[int, str]:
    """Where an office stands when the region calls it up: its head, its secretary, the agencies, the districts, others."""
    organisation, title = position.organisation, position.title.casefold()
    name = organisation.name.casefold()
    if organisation.kind == Organisation.Kind.MINISTRY:
        return 30, name
    if organisation.kind == Organisation.Kind.GOVERNMENT:
        return _rank(title, OFFICES, 1, 9 if not position.is_head else 0), title
    is_district = organisation.agency_kind == Organisation.AgencyKind.DISTRICT
    return _rank(name, SECRETARIATS, 10, 21 if is_district else 20), name


def _rank(text: str, beginnings: Sequence[str], first: int, otherwise: int) -> int:
    return next((rank for rank, one in enumerate(beginnings, first) if text.startswith(one)), otherwise)


def heads_of(plan: Plan) -> tuple[list[Position], list[Organisation]]:
    """The offices that head the agencies of a plan today in protocol order, and the agencies where nobody is entered."""
    agencies = list(Organisation.objects.agencies().filter(parent=plan.government))
    rows = Position.objects.filter(organisation__in=agencies, is_head=True).select_related("person", "organisation")
    held = held_on(rows.order_by("pk"), plan.today, plan.time_zone)
    # The definitive holder is printed; who acts meanwhile may sign all the same.
    found = {one.organisation_id: one for one in sorted(held, key=lambda one: one.acting == Position.Acting.DEFINITIVE)}
    heads = sorted(found.values(), key=protocol)
    return heads, [one for one in agencies if one.pk not in found]


# --- opening ----------------------------------------------------------------------------------------------------------


def ask_to_open(round_: SigningRound, *, address: str, by: Any, version: int) -> Job:
    """Have the round opened by a job, which sets the signing pages; `address` is where this Praja is reached.

    Raises Refused with what is missing, TooLate.
    """
    if missing := missing_before_opening(round_):
        raise Refused(missing)
    with transaction.atomic():
        _touch(round_, by=by, version=version)
        return later(
            "signing.open_round", round_.pk, round_.version, address, by=by,
            key=opening_key(round_), organisation_path=round_.organisation_path,
        )  # fmt: skip


def opening_key(round_: SigningRound) -> str:
    """The key of the job that opens the round as it stands."""
    return f"signing-open-{round_.pk}-{round_.version}"


def missing_before_opening(round_: SigningRound) -> list[str]:
    """What lacks before the round can be opened, in sentences."""
    if round_.state != State.PREPARED:
        return [_("This round has been opened already.")]
    found = [_revoked()] if round_.edition.status == Edition.Status.REVOKED else []
    signatories = list(round_.signatories.select_related("position__organisation"))
    if not any(one.role == Role.SIGNATORY for one in signatories):
        found.append(_("Name who signs: the heads of all agencies at once, or single offices."))
    offices, plan = offices_of([one.position for one in signatories]), round_.plan
    empty = [
        one.position.title
        for one in signatories
        if not who_holds(one.position, offices[one.position_id], plan.today, plan.time_zone)
    ]
    if empty:
        names = ", ".join(empty[:5])
        found.append(
            ngettext(
                "An office that is to sign has nobody who holds it: %(names)s. Enter the holder, or take it out.",
                "Offices that are to sign have nobody who holds them: %(names)s. Enter the holders, or take them out.",
                len(empty),
            ) % {"names": names}
        )  # fmt: skip
    return found


def check_document(round_: SigningRound) -> None:
    """Nothing while the document counts; raises Refused when it was revoked."""
    if Edition.objects.filter(pk=round_.edition_id, status=Edition.Status.REVOKED).exists():
        raise Refused([_revoked()])


def _revoked() -> str:
    return _("This document was revoked, so nobody signs it any more. Call the round off, or close it.")


# --- while it is open -------------------------------------------------------------------------------------------------


def decline(signatory: Signatory, *, reason: str, by: Any) -> None:
    """Say no, with the reason: whoever may sign, or the secretariat for who said so by word. Raises Refused."""
    if not reason.strip():
        raise Refused([_("Write why, so that the secretariat knows what to settle.")])
    with transaction.atomic():
        _still_open(signatory.round)
        waiting = Signatory.objects.filter(pk=signatory.pk, state=WAITING)
        values = {"state": DECLINED, "declined_at": timezone.now(), "declined_by": by}
        if not waiting.update(**values, decline_reason=reason.strip(), updated_at=timezone.now(), updated_by=by):
            raise Refused([_not_waiting(signatory)])
        record("decline to sign", signatory, by=by, remark=reason.strip())
        transaction.on_commit(lambda: notices.declined(signatory, reason.strip(), by=by))
        transaction.on_commit(lambda: notices.turn_has_come(signatory.round, by=by))
    signatory.refresh_from_db()


def ask_again(signatory: Signatory, *, by: Any) -> None:
    """Who declined is asked once more; what was said stays in the history. Raises Refused."""
    with transaction.atomic():
        _still_open(signatory.round)
        declined = Signatory.objects.filter(pk=signatory.pk, state=DECLINED)
        if not declined.update(
            state=WAITING,
            declined_at=None,
            declined_by=None,
            decline_reason="",
            updated_at=timezone.now(),
            updated_by=by,
        ):
            raise Refused([_("This office did not decline, or was asked again already.")])
        record("ask again to sign", signatory, by=by)
    signatory.refresh_from_db()


def replace(signatory: Signatory, position: Position, *, reason: str, address: str, by: Any) -> Signatory:
    """Another office signs in this one's place, in a box of its own on a further page of the sheet. Raises Refused.

    While nobody has signed electronically the original gets that page too. Afterwards the signed PDF is left as it is,
    and the replacement signs in ink on the further page.
    """
    round_ = signatory.round
    if not reason.strip():
        raise Refused([_("Write why another office signs; it stands in the history.")])
    try:
        with transaction.atomic():
            _still_open(round_)
            old = Signatory.objects.filter(pk=signatory.pk, state__in=(WAITING, DECLINED))
            if not old.update(state=REPLACED, updated_at=timezone.now(), updated_by=by):
                raise Refused([_not_waiting(signatory)])
            holder = who_holds(position, offices_of([position])[position.pk], round_.plan.today, round_.plan.time_zone)
            if holder is None:
                raise Refused([_("Nobody is entered as holder of this office today. Enter the holder first.")])
            page, slot = free_place(round_)
            new = Signatory.objects.create(
                round=round_, role=signatory.role, order=signatory.order, organisation=position.organisation,
                position=position, way=Way.WET, replaces=signatory, page=page, slot=slot,
                printed_name=holder.person_name[:200], printed_title=holder.title[:220],
                created_by=by, updated_by=by,
            )  # fmt: skip
            record("replace signatory", new, by=by, before={"office": str(signatory)}, after={"office": str(new)}, remark=reason.strip())  # fmt: skip
            later(
                "signing.set_further_pages", round_.pk, new.pk, address, by=by,
                key=f"signing-pages-{new.pk}", organisation_path=round_.organisation_path,
            )  # fmt: skip
            transaction.on_commit(lambda: notices.asked_to_sign(round_, [new], by=by))
    except IntegrityError as problem:
        raise Refused([_("This office is named in the round already.")]) from problem
    signatory.refresh_from_db()
    return new


def free_place(round_: SigningRound) -> tuple[int, int]:
    """Page and slot of the next box on the further pages behind those of the opening."""
    rows = [(one.page or 1, one.slot or 0, one.replaces_id) for one in round_.signatories.exclude(page=None)]
    further = [(page, slot) for page, slot, replaces in rows if replaces is not None]
    if not further:
        return max((page for page, _slot, _replaces in rows), default=0) + 1, 0
    page, slot = max(further)
    return (page, slot + 1) if slot + 1 < SLOTS_PER_PAGE else (page + 1, 0)


def _still_open(round_: SigningRound) -> None:
    """Hold the round's row open until the transaction ends; raises Refused when it is not open."""
    if not SigningRound.objects.filter(pk=round_.pk, state=State.OPEN).update(updated_at=timezone.now()):
        raise Refused([_("This round is not open, so nothing was changed.")])


def close(round_: SigningRound, *, reason: str, by: Any) -> None:
    """End the round though not all have signed; what was signed stays. Raises Refused."""
    _end(round_, State.CLOSED, (State.OPEN,), "close round", reason, by=by)


def cancel(round_: SigningRound, *, reason: str, by: Any) -> None:
    """Call the round off before anybody has signed. Raises Refused."""
    _end(round_, State.CANCELLED, (State.PREPARED, State.OPEN), "cancel round", reason, by=by)


def _end(round_: SigningRound, state: str, source: tuple[str, ...], verb: str, reason: str, *, by: Any) -> None:
    if not reason.strip():
        raise Refused([_("Write why; it stands in the history and on the page of the round.")])
    before = round_.state
    with transaction.atomic():
        values = {"state": state, "ended_at": timezone.now(), "ended_by": by, "end_reason": reason.strip()}
        rows = SigningRound.objects.filter(pk=round_.pk, state__in=source)
        if not rows.update(**values, updated_at=timezone.now(), updated_by=by):
            raise Refused([_("This round has ended already, or is not open yet.")])
        if state == State.CANCELLED and Signature.objects.filter(signatory__round=round_).exists():
            raise Refused([_("Somebody has signed already. Close the round instead: what was signed stays.")])
        record(verb, round_, by=by, before={"state": before}, after={"state": state}, remark=reason.strip())
    round_.refresh_from_db()


def waiting_now(round_: SigningRound, signatories: Iterable[Signatory] | None = None) -> list[Signatory]:
    """Who can sign at this moment: in a series those whose turn it is, and witnesses at any time."""
    rows = list(round_.signatories.order_by("order", "pk") if signatories is None else signatories)
    waiting = [one for one in rows if one.state == WAITING]
    if round_.order == SigningRound.Order.PARALLEL:
        return waiting
    turn = min((one.order for one in waiting if one.role == Role.SIGNATORY), default=0)
    return [one for one in waiting if one.role == Role.WITNESS or one.order == turn]


def remind(round_: SigningRound, signatories: Sequence[Signatory], *, by: Any) -> int:
    """Tell those who can sign now and have an account, and note when; who was reminded today is left out. How many."""
    today = round_.plan.today
    now = [one for one in waiting_now(round_) if one.pk in {each.pk for each in signatories}]
    due = [one for one in now if one.reminded_at is None or _day(one.reminded_at, round_) != today]
    with transaction.atomic():
        _still_open(round_)
        Signatory.objects.filter(pk__in=[one.pk for one in due]).update(reminded_at=timezone.now())
        record("remind signatories", round_, by=by, after={"offices": [str(one) for one in due]})
        transaction.on_commit(lambda: notices.reminded(round_, due, by=by))
    return len(due)


def _day(moment: datetime.datetime, round_: SigningRound) -> datetime.date:
    return timezone.localdate(moment, round_.plan.time_zone)


def may_sign(user: Any, signatory: Signatory) -> bool:
    """Whether this account could sign here today, whatever the state of the round."""
    try:
        standing_of(user, signatory, signatory.round.plan.today)
    except Refused:
        return False
    return True


# --- a signature ------------------------------------------------------------------------------------------------------


def store_signature(signatory: Signatory, *, values: dict[str, Any], file: StoredFile, by: Any) -> Signature:
    """Store one signature of whatever way: the one door through which a signatory becomes one who has signed.

    `values`: the columns of Signature without `signatory` and `file` (`Standing.columns()` gives those of the person);
    with `revision`, `file` becomes that revision of the electronic PDF. The content of `file` lies in the storage
    before; its row is stored here if it is not yet. One transaction, whose last write is the entry in the chain. Raises
    Refused with a sentence: the round is not open, it is not the turn of this place, the signatory does not wait any
    more, or somebody was faster.
    """
    if values.get("revision") is not None and not has_electronic_box(signatory):
        raise Refused([_("The box of this office stands on a further page of the printed sheet: sign there in ink.")])
    check_document(signatory.round)
    is_new = file.pk is None
    try:
        with transaction.atomic():
            if is_new:
                file.save()
            _take_round(signatory, values, file, by=by)
            _take_place(signatory, by=by)
            signature = Signature.objects.create(signatory=signatory, file=file, created_by=by, updated_by=by, **values)
            after = {"way": signature.way, "office": signature.position_title, "sha256": signature.hash_after}
            record("sign", signatory, by=by, after=after)
            if not complete_if_nobody_waits(signatory.round, by=by):
                transaction.on_commit(lambda: notices.turn_has_come(signatory.round, by=by))
            _to_chain(signature)
    except Refused:
        if is_new:  # undone with the transaction
            file.pk = None
        raise
    signatory.state = Signatory.State.SIGNED
    signatory.round.refresh_from_db(fields=["state", "revision", "signed", "ended_at", "ended_by"])
    return signature


def has_electronic_box(signatory: Signatory) -> bool:
    """Whether the electronic original has the signing page of this box: who came in after a signature signs in ink."""
    return signatory.page is not None and signatory.page <= signatory.round.sheet_pages


def _take_round(signatory: Signatory, values: dict[str, Any], file: StoredFile, *, by: Any) -> None:
    """Write to the row of the round, so that signatures and the end of a round follow each other; raises Refused.

    An electronic signature counts when it was made upon the PDF that is the round's head now, and upon no other.
    """
    rows = SigningRound.objects.filter(pk=signatory.round_id, state=State.OPEN)
    taken: dict[str, Any] = {"updated_at": timezone.now(), "updated_by": by}
    revision = values.get("revision")
    if revision is not None:
        now = SigningRound.objects.select_related("original", "signed").get(pk=signatory.round_id)
        if now.head is not None and now.head.sha256 != values["hash_before"]:
            rows = rows.none()
        rows = rows.filter(revision=revision - 1, original=now.original_id, signed=now.signed_id)
        taken |= {"revision": revision, "signed": file}
    if rows.update(**taken):
        return
    if not SigningRound.objects.filter(pk=signatory.round_id, state=State.OPEN).exists():
        raise Refused([_("This round is not open any more, so nothing was signed.")])
    raise Refused([_("Somebody else signed at the same moment. Nothing of yours was stored; please sign again.")])


def signs_before(signatory: Signatory, others: Collection[int] = ()) -> Signatory | None:
    """In a series, who still waits before this place; `others`: keys of places that are signed along with it."""
    if signatory.round.order != SigningRound.Order.SERIES or signatory.role != Role.SIGNATORY:
        return None
    rows = Signatory.objects.filter(round=signatory.round_id, role=Role.SIGNATORY, state=WAITING)
    found: Signatory | None = rows.filter(order__lt=signatory.order).exclude(pk__in=others).order_by("order").first()
    return found


def in_turn(earlier: Signatory) -> str:
    """Why a place cannot be signed before an earlier one."""
    return _("In this round one signs after the other, and %(office)s has not signed yet.") % {"office": earlier}


def _take_place(signatory: Signatory, *, by: Any) -> None:
    """From waiting to signed by compare-and-set, when it is its turn; raises Refused."""
    if earlier := signs_before(signatory):
        raise Refused([in_turn(earlier)])
    waiting = Signatory.objects.filter(pk=signatory.pk, state=Signatory.State.WAITING)
    if not waiting.update(state=Signatory.State.SIGNED, updated_at=timezone.now(), updated_by=by):
        raise Refused([_not_waiting(signatory)])


def _not_waiting(signatory: Signatory) -> str:
    now = Signatory.objects.get(pk=signatory.pk)
    return _("%(office)s does not wait for a signature any more: %(state)s.") % {
        "office": now,
        "state": now.get_state_display(),
    }


def _to_chain(signature: Signature) -> None:
    chain.append("signature", signature, of_signature(signature))


def complete_if_nobody_waits(round_: SigningRound, *, by: Any) -> bool:
    """Complete the round when all have signed; one who declined holds it open until replaced, or until it is closed."""
    if round_.signatories.exclude(state__in=(Signatory.State.SIGNED, Signatory.State.REPLACED)).exists():
        return False
    rows = SigningRound.objects.filter(pk=round_.pk, state=State.OPEN)
    if not rows.update(state=State.COMPLETE, ended_at=timezone.now(), ended_by=by):
        return False
    record("complete round", round_, by=by, before={"state": State.OPEN}, after={"state": State.COMPLETE})
    return True
