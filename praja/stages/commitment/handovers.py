"""An office with promises got another holder: the sheet of what is open, and taking it on."""

from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.accounts.models import Person
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import blocks as b
from praja.foundation.documents.signatures import signature_of
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment import notices
from praja.stages.commitment.blocks import line_row
from praja.stages.commitment.lists import sum_of
from praja.stages.commitment.models import Commitment, PositionHandover
from praja.stages.commitment.offices import heads_of
from praja.stages.commitment.promises import AgencyPromises
from praja.stages.commitment.wording import LANGUAGE


def may_begin(user: Any, one: AgencyPromises) -> bool:
    """Whether this person draws the sheet up: the agency itself, or the secretariat."""
    return bool(user.may(Can.OBLIGATION_SETTLE, one.organisation))


def begin(commitment: Commitment, one: AgencyPromises, *, by: Any) -> PositionHandover:
    """Freeze the sheet of what is open and ask the successor to take it on.

    Raises PermissionError, or Refused: nobody new holds the office, or it is being handed over already.
    """
    if not may_begin(by, one):
        raise PermissionError(one.organisation.pk)
    if not one.has_new_holder or one.head is None or one.head.person is None or one.last_holder is None:
        raise Refused([_("Nobody new holds this office. Enter the new holder on the page of the agency first.")])
    plan = commitment.plan
    leaver = Person.objects.get(pk=one.last_holder)
    lines = one.open_lines(plan.today.year)
    with translation.override(LANGUAGE):
        sheet = b.to_json(_paper(commitment, one, leaver))
    try:
        with transaction.atomic():
            made = PositionHandover.objects.create(
                plan=plan, organisation=one.organisation, organisation_path=one.organisation.organisation_path,
                position=one.head, leaver=leaver, successor=one.head.person, obligations=len(lines),
                money_rupiah=sum_of(lines), sheet=sheet, sha256=sha256(sheet.encode()).hexdigest(), created_by=by,
                updated_by=by,
            )  # fmt: skip
            record("hand office over", made, by=by, after={"obligations": len(lines), "sha256": made.sha256})
            transaction.on_commit(lambda: notices.handed_over(made))
    except IntegrityError:
        raise Refused([_("This office is being handed over already.")]) from None
    return made


def is_successor(handover: PositionHandover, user: Any) -> bool:
    """Whether this account is that of whoever takes the office on."""
    return user.person_id is not None and user.person_id == handover.successor_id


def accept(handover: PositionHandover, *, by: Any) -> None:
    """The successor takes the promises on; raises PermissionError, TooLate, Refused when the sheet was changed.

    Refused too when the office has another holder again: that one gets a sheet of their own.
    """
    if not is_successor(handover, by):
        raise PermissionError(handover.pk)
    if problems := problems_of(handover):
        raise Refused(problems)
    head = heads_of([handover.organisation], handover.plan).get(handover.organisation_id)
    if head is None or head.person_id != handover.successor_id:
        raise Refused(
            [_("You do not hold this office any more. The secretariat takes this sheet back and draws up another one.")]
        )
    with transaction.atomic():
        waiting = PositionHandover.objects.in_service().filter(pk=handover.pk, accepted_at=None)
        if not waiting.update(accepted_at=timezone.now(), accepted_by=by, version=handover.version + 1):
            raise TooLate
        record("take promises on", handover, by=by, after={"obligations": handover.obligations})
        transaction.on_commit(lambda: notices.taken_on(handover, by=by))


def call_off(handover: PositionHandover, *, by: Any) -> None:
    """Take a sheet back that nobody has accepted, such as when the office changed hands again; raises TooLate."""
    with transaction.atomic():
        waiting = PositionHandover.objects.in_service().filter(pk=handover.pk, accepted_at=None)
        if not waiting.update(withdrawn_at=timezone.now(), withdrawn_by=by):
            raise TooLate
        record("withdraw", handover, by=by)


def problems_of(handover: PositionHandover) -> list[str]:
    """What is not as it was frozen, in sentences."""
    if sha256(handover.sheet.encode(errors="replace")).hexdigest() != handover.sha256:
        return [_("The stored sheet is not the one that was drawn up: its hash differs.")]
    return []


def paper_of(handover: PositionHandover) -> b.Letter:
    """The sheet as it was frozen; raises Refused when it was changed."""
    if problems := problems_of(handover):
        raise Refused(problems)
    paper = b.from_json(handover.sheet)
    assert isinstance(paper, b.Letter)
    return paper


def _paper(commitment: Commitment, one: AgencyPromises, leaver: Person) -> b.Letter:
    plan: Plan = commitment.plan
    region = plan.government.region
    head, document = one.head, commitment.document
    assert head is not None
    assert head.person is not None
    assert document is not None
    lines = one.open_lines(plan.today.year)
    place = _("%(place)s, %(day)s") % {"place": region.name if region else "", "day": long_date(plan.today)}
    blocks: list[b.AnyBlock] = [
        b.Facts(
            [
                (_("Office"), head.title_in_full),
                (_("Agency"), one.organisation.name),
                (_("Handed over by"), leaver.full_name),
                (_("Taken on by"), head.person.full_name),
                (_("Joint commitment"), f"{commitment.title}, {commitment.number or '–'}"),
                (_("Hash of the commitment"), document.sha256),
                (_("Hash of the list in force (SHA-256)"), one.sha256),
            ]
        ),
        b.Paragraph(_("A promise belongs to the office. These promises are open on the day of the hand-over; whoever takes the office on carries them on.")),
        b.Table(
            _("Open promises"),
            [
                b.Column(_("No."), 0.5, "number", "left"),
                b.Column(_("Promise"), 3.1),
                b.Column(_("Years"), 0.9),
                b.Column(_("Planned money"), 1.6, "rupiah"),
                b.Column(_("Indicator, from baseline to target"), 2.5),
            ],
            [line_row(line) for line in lines],
            total=(None, _("Together"), None, sum_of(lines), None),
            empty_text=_("None."),
        ),
        signature_of(place, _("Handed over by,"), leaver),
        signature_of("", _("Taken on by,"), head.person),
    ]  # fmt: skip
    return b.Letter(
        title=_("Hand-over sheet of promises"),
        subtitle=head.title_in_full,
        region_name=region.name if region else plan.government.name,
        region_kind=str(region.get_kind_display()) if region else "",
        year=str(plan.today.year),
        made_at=timezone.localtime(timezone=plan.time_zone),
        blocks=blocks,
        is_demonstration=is_demonstration(),
        language=LANGUAGE,
        letterhead=[plan.government.name, one.organisation.name],
        number="–",
    )
