"""What waits for an agency's word in the joint commitment, for the first page."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.accounts.models import Organisation
from praja.foundation.plans.models import Plan
from praja.stages.commitment.menu import open_lists
from praja.stages.commitment.models import Obligation


def lists_awaited(plan: Plan, organisation: Organisation) -> list[dict[str, Any]]:
    """The lists that this agency has to settle, as tasks (title, url, hint, day, action): one query."""
    waiting = open_lists(plan).filter(organisation=organisation, accepted_at=None)
    number = Count("obligations", filter=Q(obligations__state=Obligation.State.PROPOSED))
    found = []
    for row in waiting.select_related("commitment", "addendum").annotate(number=number):
        words = ngettext("%(number)d promise waits for you", "%(number)d promises wait for you", row.number)
        title = _("Settle the list of what your agency promises")
        if row.addendum:
            title = _("Settle addendum %(number)s of your agency") % {"number": row.addendum.number}
        found.append(
            {
                "title": title,
                "url": reverse("obligation-list", args=[plan.slug, row.pk]),
                "hint": words % {"number": row.number},
                "day": row.settle_until,
                "action": _("Accept or contest what your agency promises"),
            }
        )
    return found
