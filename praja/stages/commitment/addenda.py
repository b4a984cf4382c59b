"""Addenda: what a newer edition changes in an agency's promises, settled like the first list and frozen as a paper of its own."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.documents import editions
from praja.foundation.documents.models import Edition
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment import notices
from praja.stages.commitment.actions import (
    agencies_by_uid,
    editions_with_promises,
    hash_of_list,
    held,
    line_of,
    lines_by_agency,
    make_list,
    promised,
)
from praja.stages.commitment.blocks import addendum_paper
from praja.stages.commitment.lists import Change, Line, applied, hash_of, key_of, proposed
from praja.stages.commitment.models import Addendum, AgencyList, Commitment, Obligation
from praja.stages.commitment.offices import heads_of
from praja.stages.commitment.wording import LANGUAGE

Settled = Obligation.State


# --- what is in force -------------------------------------------------------------------------------------------------


def frozen_lists(document: Edition) -> dict[str, dict[str, Any]]:
    """{uid of an agency: its list as the paper says it}; raises Refused when the paper is not what was frozen."""
    found = editions.facts_of(document)
    return {one["uid"]: one for one in (found.get("commitment") or found.get("addendum") or {}).get("lists", [])}


def in_force(commitment: Commitment) -> dict[str, dict[str, Any]]:
    """{uid of an agency: its list as frozen last}, each with the `addendum` it stands in (0: the commitment itself).

    Read from the frozen papers, not from the rows. Raises Refused when one of them is not what was frozen.
    """
    assert commitment.document is not None
    found = {uid: {**one, "addendum": 0} for uid, one in frozen_lists(commitment.document).items()}
    later = Addendum.objects.in_service().filter(commitment=commitment, state=Addendum.State.FROZEN)
    for one in later.select_related("document").order_by("number"):
        assert one.document is not None
        found |= {uid: {**row, "addendum": one.number} for uid, row in frozen_lists(one.document).items()}
    return found


def lines_in_force(commitment: Commitment, organisation: Organisation) -> list[Line]:
    """The lines that an agency has promised so far."""
    return list(in_force(commitment).get(str(organisation.uid), {}).get("lines", []))


# --- making them ------------------------------------------------------------------------------------------------------


def newer_edition(commitment: Commitment) -> Edition | None:
    """The newest edition of the masterplan with promises after the one that the commitment rests on; None without one."""
    newest: Edition | None = (
        editions_with_promises(commitment.plan).filter(number__gt=commitment.edition.number).first()
    )
    return newest


def left_out(commitment: Commitment) -> list[Organisation]:
    """The agencies that promise nothing because their first addendum was called off, by name; in one query."""
    lists_ = AgencyList.objects.filter(commitment=commitment)
    gone = lists_.filter(withdrawn_at__isnull=False).values("organisation")
    there = lists_.filter(withdrawn_at=None).values("organisation")
    rows = Organisation.objects.filter(pk__in=gone, withdrawn_at=None).exclude(pk__in=there)
    return list(rows.order_by("name"))


def what_changes(
    commitment: Commitment, edition: Edition, lists_: dict[str, dict[str, Any]]
) -> dict[str, list[Change]]:
    """{uid of an agency: what a newer edition changes in its list}; agencies with an open addendum are left out.

    The edition that the commitment rests on changes nothing but for agencies without a list, which come in with it.
    `lists_`: what is in force. Raises Refused when an edition or a frozen paper is not what was frozen.
    """
    new = lines_by_agency(edition)
    bases = _base_editions(commitment)
    told = {pk: lines_by_agency(one) for pk, one in {one.pk: one for one in bases.values()}.items()}
    first = told.get(commitment.edition_id) or lines_by_agency(commitment.edition)
    settling = Addendum.objects.in_service().filter(commitment=commitment, state=Addendum.State.SETTLING)
    waiting = {str(uid) for uid in settling.values_list("organisation__uid", flat=True)}
    found = {}
    concerned = new.keys() - lists_.keys() if edition.pk == commitment.edition_id else lists_.keys() | new.keys()
    for uid in concerned - waiting - {""}:
        base = bases.get(uid)
        old = told[base.pk].get(uid, []) if base else first.get(uid, [])
        lines = lists_.get(uid, {}).get("lines", [])
        if changes := proposed(lines, old if uid in lists_ else [], new.get(uid, [])):
            found[uid] = changes
    return found


def _base_editions(commitment: Commitment) -> dict[str, Edition]:
    """{uid of an agency: the edition of the masterplan that its newest frozen addendum rests on}."""
    rows = Addendum.objects.in_service().filter(commitment=commitment, state=Addendum.State.FROZEN)
    return {str(one.organisation.uid): one.edition for one in rows.select_related("organisation", "edition").order_by("number")}  # fmt: skip


def prepare(commitment: Commitment, edition: Edition, *, by: Any) -> list[AgencyList]:
    """Draw up an addendum for each agency whose promises the edition changes; answers their lists, none when nothing does.

    Of the edition that the commitment rests on only for agencies without a list, once a first addendum was called off.
    Raises Refused, TooLate when somebody else does the same.
    """
    is_newer = edition.number > commitment.edition.number
    comes_in = edition.pk == commitment.edition_id and bool(left_out(commitment))
    if not commitment.is_frozen or not (is_newer or comes_in):
        raise Refused([_("An addendum needs a frozen commitment and a newer edition of the masterplan.")])
    if edition.status == Edition.Status.REVOKED:
        raise Refused([_("This edition of the masterplan was revoked. Freeze the masterplan once more.")])
    lists_, agencies = in_force(commitment), agencies_by_uid(commitment.plan)
    changes = what_changes(commitment, edition, lists_)
    made = []
    try:
        with transaction.atomic():
            held(commitment)
            if is_newer:
                Commitment.objects.filter(pk=commitment.pk).update(compared=edition)
            for uid, own in changes.items():
                if uid in agencies:
                    lines = lists_.get(uid, {}).get("lines", [])
                    made.append(_prepare_one(commitment, agencies[uid], edition, lines, own, by=by))
            if made:
                record("draw up addenda", commitment, by=by, after={"edition": edition.number, "agencies": len(made)})
                transaction.on_commit(lambda: notices.addendum_made(made))
            elif is_newer:
                record("compare editions", commitment, by=by, after={"edition": edition.number})
    except IntegrityError:
        raise TooLate from None
    return made


def _prepare_one(
    commitment: Commitment,
    organisation: Organisation,
    edition: Edition,
    lines: Sequence[Line],
    changes: Sequence[Change],
    *,
    by: Any,
) -> AgencyList:
    own = Addendum.objects.filter(commitment=commitment, organisation=organisation, withdrawn_at=None)
    number = (own.aggregate(last=Max("number"))["last"] or 0) + 1
    addendum = Addendum.objects.create(
        commitment=commitment, organisation=organisation, organisation_path=organisation.organisation_path,
        number=number, edition=edition, created_by=by, updated_by=by,
    )  # fmt: skip
    # A number is given once, also where its line was dropped, taken out, or called off with its addendum.
    ever = Obligation.objects.filter(list__commitment=commitment, list__organisation=organisation)
    last = ever.aggregate(last=Max("number"))["last"] or 0
    after = {key_of(line): line for line in applied(lines, changes, last=last)}
    rows = []
    for change in changes:
        before = dict(change.before) if change.before is not None else None
        line = after.get(change.key) or change.before
        assert line is not None
        rows.append((line, before, change.kind))
    record("draw up addendum", addendum, by=by, after={"number": number, "changes": len(rows)})
    return make_list(commitment, organisation, rows, by=by, addendum=addendum)


# --- freezing ---------------------------------------------------------------------------------------------------------


def changes_of(obligations: Iterable[Obligation]) -> list[tuple[Change, str]]:
    """What an addendum changes as it was settled, each with the secretariat's answer; a change that was dropped is none."""
    found = []
    for one in sorted(obligations, key=lambda one: one.number):
        if one.state != Settled.DROPPED:
            after = None if one.change == Obligation.Change.REMOVED else line_of(one)
            found.append((Change(one.before, after), one.answer))
    # A total that changed only with what was dropped stands as it was.
    return [(change, answer) for change, answer in found if change.kind != "changed" or change.fields]


def lines_after(obligations: Iterable[Obligation], lines: Sequence[Line]) -> list[Line]:
    """The list of the agency once the addendum is in force, from the lines before it."""
    return applied(lines, [change for change, _answer in changes_of(obligations)])


def lines_before(row: AgencyList) -> list[Line]:
    """The lines that the agency has promised before this list: none, or what an addendum changes."""
    return lines_in_force(row.commitment, row.organisation) if row.addendum else []


def hash_of_result(row: AgencyList, obligations: Iterable[Obligation], before: Sequence[Line]) -> str:
    """The hash of the list that the agency has once these rows are settled: what it accepts, and what its annex prints."""
    if row.addendum is None:
        return hash_of_list(row, obligations)
    return hash_of(str(row.organisation.uid), lines_after(obligations, before))


def paper_of_addendum(row: AgencyList, *, is_draft: bool = True) -> Any:
    """The addendum as it reads now."""
    addendum = row.addendum
    assert addendum is not None
    head = heads_of([row.organisation], row.commitment.plan).get(row.organisation_id)
    with translation.override(LANGUAGE):
        marks = [_("DRAFT")] if is_draft else []
        office, holder = (head.title_in_full, str(head.person)) if head else ("", "")
        lines = lines_after(row.obligations.all(), lines_in_force(row.commitment, row.organisation))
        one = promised(row, office, holder, lines)
        return addendum_paper(addendum, changes_of(row.obligations.all()), one, status_text=" · ".join(marks))


def document_name(organisation: Organisation) -> str:
    """The key of an agency's addenda among the editions of a plan."""
    return f"addendum_{organisation.pk}"


def freeze(row: AgencyList, *, by: Any, version: int) -> Edition:
    """Freeze an addendum that its agency has settled; raises Refused, TooLate."""
    addendum = row.addendum
    if addendum is None or addendum.state != Addendum.State.SETTLING:
        raise TooLate
    if not row.accepted_at:
        raise Refused([_("The agency has not accepted this addendum yet.")])
    if hash_of_result(row, row.obligations.all(), lines_before(row)) != row.sha256:
        raise Refused([_("The list of %(agency)s is not the one that it accepted. Let it settle its list once more.") % {"agency": row.organisation.name}])  # fmt: skip
    plan = row.commitment.plan
    document = paper_of_addendum(row, is_draft=False)
    head = heads_of([row.organisation], plan).get(row.organisation_id)
    with transaction.atomic():
        held(row.commitment)
        Addendum.objects.select_for_update().get(pk=addendum.pk)
        holder = {"position": head, "holder": head.person if head else None}
        update_if_unchanged(row, holder, by=by, version=version)
        edition = editions.freeze(
            document, subject=plan, name=document_name(row.organisation), dated_on=plan.today,
            status=Edition.Status.FINAL, by=by,
        )  # fmt: skip
        values = {"state": Addendum.State.FROZEN, "document": edition}
        update_if_unchanged(addendum, values, by=by, version=addendum.version)
        _compare_again(row.commitment, unless=addendum.edition_id)
        record("freeze addendum", addendum, by=by, after={"number": addendum.number, "sha256": edition.sha256})
    return edition


def call_off(row: AgencyList, *, reason: str, by: Any, version: int) -> None:
    """Take back an addendum that is not frozen, such as when a still newer edition comes; raises Refused, TooLate."""
    addendum = row.addendum
    if addendum is None or addendum.state != Addendum.State.SETTLING or addendum.withdrawn_at:
        raise TooLate
    if not reason.strip():
        raise Refused([_("Say why it is taken back, so that the agencies know.")])
    gone = {"withdrawn_at": timezone.now(), "withdrawn_by": by}
    with transaction.atomic():
        held(row.commitment)
        update_if_unchanged(row, gone, by=by, version=version)
        update_if_unchanged(addendum, gone, by=by, version=addendum.version)
        _compare_again(row.commitment)
        record("withdraw", addendum, by=by, remark=reason.strip())


def _compare_again(commitment: Commitment, *, unless: int | None = None) -> None:
    """The agency of an addendum that ends may have changes of the newest edition left, unless it carried that edition."""
    Commitment.objects.filter(pk=commitment.pk).exclude(compared=unless).update(compared=None)
