"""A decided decision sheet is put to signature: exactly its frozen content and decision, as an edition, in a round."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Organisation, Position
from praja.foundation.accounts.standing import held_on
from praja.foundation.documents import editions
from praja.foundation.documents.models import Edition
from praja.foundation.signing import rounds
from praja.foundation.signing.models import SigningRound
from praja.foundation.signing.of_documents import Signing, signing_of
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins.models import DecisionSheet
from praja.stages.quick_wins.sheet import LANGUAGE, Frozen, verify
from praja.stages.quick_wins.sheet_blocks import letter_of

DOCUMENT = "decision_sheet"


def signing_of_sheet(sheet: DecisionSheet) -> Signing:
    """How the signing of this sheet stands."""
    return signing_of(editions.editions_of(sheet, DOCUMENT).order_by().values_list("pk", flat=True))


def prepare(sheet: DecisionSheet, *, by: Any) -> SigningRound:
    """Freeze the decided sheet and prepare its round with head of region and secretary; the one that goes on, if any.

    Raises Refused with sentences: it is not decided, or not as it was frozen.
    """
    there = signing_of_sheet(sheet)
    if there.round and not there.is_due:
        return there.round
    if sheet.state != DecisionSheet.State.DECIDED:
        raise Refused([_("A sheet is put to signature when it is decided.")])
    if problems := verify(sheet):
        raise Refused([*problems, _("Please tell the administrator; nothing can be signed on this sheet.")])
    edition = editions.editions_of(sheet, DOCUMENT).first() or _frozen(sheet, by=by)
    plan = sheet.round.plan
    with translation.override(LANGUAGE):
        title = _("Decision sheet %(number)s") % {"number": sheet.number}
    with transaction.atomic():
        DecisionSheet.objects.select_for_update().get(pk=sheet.pk)  # whoever comes second finds the round of the first
        there = signing_of_sheet(sheet)
        if there.round and not there.is_due:
            return there.round
        round_ = rounds.prepare(edition, plan=plan, by=by, title=title, number=sheet.number)
        rounds.add(round_, signatories_of(sheet), by=by, version=round_.version)
    return round_


def _frozen(sheet: DecisionSheet, *, by: Any) -> Edition:
    """The one edition of the sheet; that of somebody else when they were faster."""
    day = datetime.date.fromisoformat(Frozen.of(sheet).decision["day"])
    letter, status = letter_of(sheet), Edition.Status.FINAL
    try:
        return editions.freeze(letter, subject=sheet, name=DOCUMENT, number=1, status=status, dated_on=day, by=by)
    except Refused:
        if found := editions.editions_of(sheet, DOCUMENT).first():
            return found
        raise


def signatories_of(sheet: DecisionSheet) -> list[Position]:
    """Head of region and regional secretary as they are held today; others are named on the page of the round.

    Each office once: where somebody acts beside its holder, whoever of them is there signs in its place.
    """
    plan = sheet.round.plan
    offices = Q(is_head=True) | Q(title__istartswith="Sekretaris Daerah")
    rows = Position.objects.filter(
        offices, organisation=plan.government, organisation__kind=Organisation.Kind.GOVERNMENT
    )
    held = held_on(rows.select_related("organisation", "person").order_by("pk"), plan.today, plan.time_zone)
    held.sort(key=lambda one: one.acting == Position.Acting.DEFINITIVE)
    return sorted({rounds.office_key(one): one for one in held}.values(), key=rounds.protocol)
