"""What the secretariat does with a commitment: draw it up from an edition, word it, open it to the agencies, freeze it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import build, record
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.documents import editions
from praja.foundation.documents.models import Edition
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment import notices
from praja.stages.commitment.blocks import Promised, commitment_paper
from praja.stages.commitment.lists import Line, hash_of, numbered, rupiah_of
from praja.stages.commitment.models import Addendum, AgencyList, Commitment, Obligation
from praja.stages.commitment.offices import heads_of, is_today
from praja.stages.commitment.wording import LANGUAGE, template_for
from praja.stages.masterplan.outlines.books import MASTERPLAN

DOCUMENT = "joint_commitment"  # the key of its editions
State, Settled = Commitment.State, Obligation.State
NOTHING_SAID = {"programme": "", "part_of": "", "money": {}, "share": {}, "indicators": []}  # of a row somebody emptied
OPEN = (Settled.PROPOSED, Settled.CONTESTED)


# --- what it rests on -------------------------------------------------------------------------------------------------


def editions_with_promises(plan: Plan) -> QuerySet[Edition]:
    """The frozen editions of the masterplan that say what each agency promises, newest first, without their long text."""
    found = editions.editions_of(plan, MASTERPLAN).filter(
        withdrawn_at=None, content__contains='"facts":{"is":"data","value":{"promises"'
    )
    return found.exclude(status=Edition.Status.REVOKED).order_by("-number").defer("content")


def lines_by_agency(edition: Edition) -> dict[str, list[Line]]:
    """{uid of an agency: its lines} as the edition says them; what no agency carries stands under "".

    Raises Refused when the edition says no promises or is not what was frozen.
    """
    found = editions.facts_of(edition).get("promises")
    if not found:
        raise Refused([_("This edition does not say what each agency promises. Freeze the masterplan once more.")])
    return {one["uid"]: one["lines"] for one in found["agencies"]}


def agencies_by_uid(plan: Plan) -> dict[str, Organisation]:
    """The agencies of the region that are still there, by uid."""
    rows = Organisation.objects.filter(parent=plan.government, kind=Organisation.Kind.AGENCY, withdrawn_at=None)
    return {str(one.uid): one for one in rows}


# --- drawing it up ----------------------------------------------------------------------------------------------------


def start(plan: Plan, edition: Edition, *, by: Any) -> Commitment:
    """Draw the commitment up: the template's words, and the list of each agency as the edition says it, nothing retyped.

    Raises Refused: the edition says no promises, no agency has any, or it has a commitment already.
    """
    found, agencies = lines_by_agency(edition), agencies_by_uid(plan)
    taken = {uid: lines_ for uid, lines_ in found.items() if uid in agencies}
    if not taken:
        raise Refused([_("This edition names no agency that promises anything. Give its innovations and actions an agency, then freeze the masterplan once more.")])  # fmt: skip
    with translation.override(LANGUAGE):
        region = plan.government.region
        title = _("Joint commitment of %(region)s") % {"region": region.name if region else plan.government.name}
    try:
        with transaction.atomic():
            made = Commitment.objects.create(
                plan=plan, edition=edition, title=title, created_by=by, updated_by=by, **template_for(plan)
            )
            for uid, own in taken.items():
                make_list(made, agencies[uid], [(line, None, "") for line in numbered(own)], by=by)
            record("draw up", made, by=by, after={"edition": edition.number, "lists": len(taken)})
    except IntegrityError:
        raise Refused([_("This edition has a joint commitment already.")]) from None
    return made


def make_list(
    commitment: Commitment,
    organisation: Organisation,
    rows: Iterable[tuple[Line, Line | None, str]],
    *,
    by: Any,
    addendum: Addendum | None = None,
) -> AgencyList:
    """The list of an agency with its obligations: of each the line, what it was before, and what becomes of it."""
    path = organisation.organisation_path
    made = AgencyList.objects.create(
        commitment=commitment, addendum=addendum, organisation=organisation, organisation_path=path,
        created_by=by, updated_by=by,
    )  # fmt: skip
    promises = Obligation.objects.bulk_create(
        Obligation(
            list=made, organisation_path=path, kind=line["kind"], source_uid=line["uid"], number=line["number"],
            before=before, change=change, created_by=by, updated_by=by, **columns_of(line),
        )
        for line, before, change in rows
    )  # fmt: skip
    after = {"edition": (addendum or commitment).edition.number}
    Event.objects.bulk_create(build("take from edition", one, by=by, after=after) for one in promises)
    return made


def columns_of(line: Line) -> dict[str, Any]:
    """What the columns of an obligation say of its line."""
    return {
        "title": line["title"],
        "facts": {name: value for name, value in line.items() if name != "number"},
        "year_from": line["year_from"],
        "year_to": line["year_to"],
        "money_rupiah": rupiah_of(line),
    }


def line_of(obligation: Obligation) -> dict[str, Any]:
    """The line that an obligation stands for: what is hashed comes from its columns as far as they say it."""
    return {
        **NOTHING_SAID,
        **obligation.facts,
        "kind": obligation.kind,
        "uid": str(obligation.source_uid),
        "title": obligation.title,
        "year_from": obligation.year_from,
        "year_to": obligation.year_to,
        "number": obligation.number,
    }


def lines_of_list(obligations: Iterable[Obligation]) -> list[dict[str, Any]]:
    """The lines that count: those that were not dropped, by their numbers."""
    kept = [one for one in obligations if one.state != Settled.DROPPED]
    return [line_of(one) for one in sorted(kept, key=lambda one: one.number)]


def hash_of_list(row: AgencyList, obligations: Iterable[Obligation]) -> str:
    """The hash of a list as its rows say it now."""
    return hash_of(str(row.organisation.uid), lines_of_list(obligations))


def save_text(form: EntryForm, *, by: Any, version: int) -> None:
    """Save the words; raises TooLate when somebody else saved first, or it was frozen meanwhile."""
    with transaction.atomic():
        if held(form.instance).is_frozen:
            raise TooLate
        save_entry(form, by=by, version=version)


def held(commitment: Commitment) -> Commitment:
    """The commitment as it stands, locked until the transaction ends: who settles and who freezes do not pass each other."""
    return Commitment.objects.select_for_update().get(pk=commitment.pk)


# --- open, remind, withdraw -------------------------------------------------------------------------------------------


def open_to_agencies(commitment: Commitment, *, by: Any, version: int) -> None:
    """Ask the agencies to settle their lists; raises Refused, TooLate."""
    if commitment.state != State.DRAFT:
        raise TooLate
    if commitment.settle_until is None or commitment.settle_until < commitment.plan.today:
        raise Refused([_("Say until when the agencies settle their lists: a day that is not over.")])
    with transaction.atomic():
        update_if_unchanged(commitment, {"state": State.SETTLING}, by=by, version=version)
        record("open lists", commitment, by=by, before={"state": State.DRAFT}, after={"state": State.SETTLING})
        rows = list(AgencyList.objects.in_service().filter(commitment=commitment).select_related("organisation"))
        transaction.on_commit(lambda: notices.opened(commitment, rows))


def remind(commitment: Commitment, *, by: Any) -> int:
    """Remind the agencies that have not settled, each at most once a day; answers how many were reminded."""
    plan = commitment.plan
    with transaction.atomic():
        waiting = AgencyList.objects.in_service().filter(commitment=held(commitment), accepted_at=None)
        waiting = waiting.filter(Q(addendum=None) | Q(addendum__state=State.SETTLING, addendum__withdrawn_at=None))
        rows = [one for one in waiting.select_related("organisation", "addendum", "commitment") if one.is_open]
        rows = [one for one in rows if not is_today(one.reminded_at, plan)]
        if rows:
            AgencyList.objects.filter(pk__in=[one.pk for one in rows]).update(reminded_at=timezone.now())
            record("remind agencies", commitment, by=by, after={"agencies": len(rows)})
            transaction.on_commit(lambda: notices.reminded(commitment, rows))
    return len(rows)


def withdraw(commitment: Commitment, *, reason: str, by: Any, version: int) -> None:
    """Take back a commitment that is not frozen; it stays readable in the history. Raises Refused, TooLate."""
    if commitment.is_frozen:
        raise Refused([_("It is frozen and cannot be taken back. Draw up another one on a newer edition.")])
    if not reason.strip():
        raise Refused([_("Say why it is taken back, so that the agencies know.")])
    now = timezone.now()
    with transaction.atomic():
        if held(commitment).is_frozen:
            raise TooLate
        update_if_unchanged(commitment, {"withdrawn_at": now, "withdrawn_by": by}, by=by, version=version)
        AgencyList.objects.filter(commitment=commitment).update(withdrawn_at=now, withdrawn_by=by)
        record("withdraw", commitment, by=by, remark=reason.strip())


# --- freezing ---------------------------------------------------------------------------------------------------------


def lists_of(commitment: Commitment, *, addenda: bool = False) -> list[AgencyList]:
    """The lists with their agencies and obligations, by the name of the agency; in two queries.

    Without `addenda` those of the commitment itself.
    """
    rows = AgencyList.objects.in_service().filter(commitment=commitment).select_related("organisation", "addendum")
    if not addenda:
        rows = rows.filter(addendum=None)
    return list(rows.prefetch_related("obligations").order_by("organisation__name", "pk"))


def promised(row: AgencyList, office: str, holder: str, lines_: Sequence[Line]) -> Promised:
    """The list of an agency as a paper prints it."""
    uid = str(row.organisation.uid)
    return Promised(uid, row.organisation.name, office, holder, lines_, hash_of(uid, lines_))


def paper_of(commitment: Commitment, rows: Sequence[AgencyList] | None = None, *, is_draft: bool = True) -> Any:
    """The commitment as it reads now, with these lists or all."""
    rows = lists_of(commitment) if rows is None else rows
    heads = heads_of([one.organisation for one in rows], commitment.plan)
    with translation.override(LANGUAGE):
        marks = [_("DRAFT")] if is_draft else []
        found = []
        for row in rows:
            head = heads.get(row.organisation_id)
            office, holder = (head.title_in_full, str(head.person)) if head else ("", "")
            found.append(promised(row, office, holder, lines_of_list(row.obligations.all())))
        return commitment_paper(commitment, found, status_text=" · ".join(marks))


def freeze(commitment: Commitment, *, by: Any, version: int, without_unsettled: bool = False) -> Edition:
    """Freeze the commitment with the lists that are settled; who has not settled follows by an addendum.

    Raises Refused with sentences (nothing settled, unsettled agencies without leave, a list that was changed behind its
    acceptance), TooLate.
    """
    rows = lists_of(commitment)
    settled, rest = [one for one in rows if one.accepted_at], [one for one in rows if not one.accepted_at]
    if commitment.state != State.SETTLING:
        raise TooLate
    if reasons := _bars_freezing(commitment, settled, rest, without_unsettled=without_unsettled):
        raise Refused(reasons)
    document = paper_of(commitment, settled, is_draft=False)
    heads = heads_of([one.organisation for one in settled], commitment.plan)
    with transaction.atomic():
        current = held(commitment)
        versions = dict(
            AgencyList.objects.in_service().filter(commitment=commitment, addendum=None).values_list("pk", "version")
        )
        if current.version != version or versions != {one.pk: one.version for one in rows}:
            raise TooLate
        for row in settled:
            head = heads.get(row.organisation_id)
            row.position, row.holder = head, head.person if head else None
        AgencyList.objects.bulk_update(settled, ["position", "holder"])
        for row in rest:
            _follow_later(row, by=by)
        edition = editions.freeze(
            document, subject=commitment.plan, name=DOCUMENT, dated_on=commitment.held_on or commitment.plan.today,
            status=Edition.Status.FINAL, by=by,
        )  # fmt: skip
        update_if_unchanged(commitment, {"state": State.FROZEN, "document": edition}, by=by, version=version)
        record(
            "freeze commitment", commitment, by=by,
            after={"document": edition.number, "sha256": edition.sha256, "lists": len(settled), "later": len(rest)},
        )  # fmt: skip
    return edition


def _bars_freezing(
    commitment: Commitment, settled: list[AgencyList], rest: list[AgencyList], *, without_unsettled: bool
) -> list[str]:
    found = []
    if commitment.edition.status == Edition.Status.REVOKED:
        found.append(
            _("The edition of the masterplan that it rests on was revoked. Draw the commitment up on another edition.")
        )
    if not settled:
        found.append(_("No agency has settled its list yet."))
    elif rest and not without_unsettled:
        found.append(
            _("Not settled yet: %(names)s. Remind them, or freeze without them; they follow by an addendum.")
            % {"names": ", ".join(one.organisation.short_name for one in rest)}
        )
    if not commitment.points.strip():
        found.append(_("The commitment says nothing yet. Write what is promised together."))
    found += [
        _("The list of %(agency)s is not the one that it accepted. Let it settle its list once more.")
        % {"agency": one.organisation.name}
        for one in settled
        if hash_of_list(one, one.obligations.all()) != one.sha256
    ]
    return found


def _follow_later(row: AgencyList, *, by: Any) -> None:
    """A list that was not settled in time becomes the first addendum of its agency."""
    row.addendum = Addendum.objects.create(
        commitment=row.commitment, organisation=row.organisation, organisation_path=row.organisation_path, number=1,
        edition=row.commitment.edition, created_by=by, updated_by=by,
    )  # fmt: skip
    row.save(update_fields=["addendum"])
    row.obligations.update(change=Obligation.Change.ADDED)
    record("follow later", row, by=by, after={"addendum": 1})
