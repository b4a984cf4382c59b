"""What waits for an agency's word, for the first page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.across.joining.models import Transfer
from praja.foundation.accounts.models import Organisation
from praja.foundation.plans.models import Plan

MOST_SHOWN = 8


def consents_awaited(plan: Plan, organisation: Organisation) -> list[dict[str, Any]]:
    """The transfers on which this agency has to say something, as tasks (title, url, hint, action): one query."""
    waiting = Transfer.objects.awaiting(organisation).filter(plan=plan).select_related("giving", "receiving")
    return [
        {
            "title": transfer.title,
            "url": reverse("transfer-detail", args=[transfer.pk]),
            "hint": sentence(transfer),
            "action": _("Say whether your agency agrees"),
        }
        for transfer in waiting[:MOST_SHOWN]
    ]


def sentence(transfer: Transfer) -> str:
    """What is asked for, in one sentence."""
    names = {"giving": transfer.giving or _("No agency yet"), "receiving": transfer.receiving or _("No agency yet")}
    if transfer.is_join:
        return _("Join the row of %(giving)s with a row of %(receiving)s") % names
    return _("From %(giving)s to %(receiving)s") % names
