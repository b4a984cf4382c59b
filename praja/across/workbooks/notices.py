"""Who is told what about workbooks."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.across.workbooks.models import Return, ReturnedRow
from praja.foundation.accounts.models import Organisation
from praja.foundation.notices.actions import holders, tell


def brought_in(one: Return, *, by: Any) -> None:
    """Whoever writes for an agency learns that somebody else brought rows of it in; one notice an agency."""
    applied = one.rows.filter(outcome=ReturnedRow.Outcome.APPLIED).exclude(agency="").values_list("agency", flat=True)
    counts = Counter(applied)
    agencies = Organisation.objects.agencies().filter(parent=one.plan.government, name__in=counts)
    for agency in agencies:
        tell(
            [user for user in holders(agency, "operator") if user != by],
            gettext_noop("%(person)s brought in a workbook of %(agency)s; rows written: %(count)d."),
            values={"person": by, "agency": agency.name, "count": counts[agency.name]},
            address=reverse("workbook-return", args=[one.pk])
            if one.organisation_path == agency.organisation_path
            else reverse("problem-list", args=[one.plan.slug]),
        )
