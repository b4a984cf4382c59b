"""Who is told what about nominees: an agency, when others nominate its innovation or take it out."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.foundation.notices.actions import holders, tell
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins.models import Nomination

AGENCY = ("operator", "agency_head")
MOST_NAMED = 3


def _others(agency: Any, by: Any) -> list[Any]:
    """Who writes for an agency; nobody when one of them did it."""
    people = holders(agency, *AGENCY)
    return [] if by.pk in {one.pk for one in people} else people


def nominated(nominees: Sequence[Nomination], *, by: Any) -> None:
    """Each agency is told once what has to be stated now, however many of its innovations were nominated."""
    of_agency: dict[Any, list[Nomination]] = defaultdict(list)
    rows = Innovation.objects.select_related("organisation").in_bulk([one.innovation_id for one in nominees])
    for nominee in nominees:
        if agency := rows[nominee.innovation_id].organisation:
            of_agency[agency].append(nominee)
    text = gettext_noop("Nominated as quick win: %(names)s. State what is done, by whom and with which money.")
    for agency, own in of_agency.items():
        names = ", ".join(f"“{rows[one.innovation_id].title}”" for one in own[:MOST_NAMED])
        values = {"names": names + (", …" if len(own) > MOST_NAMED else "")}
        address = (
            reverse("nominee-detail", args=[own[0].pk])
            if len(own) == 1
            else reverse("round-nominees", args=[own[0].round_id])
        )
        tell(_others(agency, by), text, values=values, address=address)


def withdrawn(nominee: Nomination, *, by: Any) -> None:
    """The agency is told why its nominee is out."""
    if agency := nominee.innovation.organisation:
        text = gettext_noop("“%(title)s” is not a quick-win nominee any more: %(reason)s")
        values = {"title": nominee.innovation.title, "reason": nominee.reason}
        tell(_others(agency, by), text, values=values, address=reverse("nominee-detail", args=[nominee.pk]))
