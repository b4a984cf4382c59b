"""What the search finds of this stage: agencies, by their names and duties."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.search.declared import Searched


def place_in_the_list(agency: Mapping[str, Any]) -> str:
    """The line of the agency in the list of its region; "" where the region has no plan."""
    return f"{reverse('agency-list', args=[agency['slug']])}#opd-{agency['pk']}" if agency["slug"] else ""


SEARCHED = [
    Searched(
        key="perangkat-daerah",
        label=_("Agency (OPD)"),
        icon="building-2",
        rows=Organisation.objects.agencies,
        permission=Can.PLAN_VIEW,
        title="name",
        texts=("abbreviation", "duties", "regulation"),
        address=place_in_the_list,
        path="path",
    )
]
