"""Who is told what about a decision sheet: whose turn it is, what was said, and the agencies that a decision concerns."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.foundation.notices.actions import holders, tell
from praja.stages.quick_wins.models import DecisionSheet, SheetStep
from praja.stages.quick_wins.offices import ROLES_OF, Office
from praja.stages.quick_wins.sheet import Frozen, nominations_of

AGENCY = ("operator", "agency_head")


def _tell(
    sheet: DecisionSheet, users: Collection[Any], text: str, *, by: Any, page: str = "decision-sheet", **values: Any
) -> None:
    """Tell everybody but who did it, each once; the notice leads to a page of the sheet."""
    others = {user.pk: user for user in users if user.pk != by.pk}
    values = {"number": sheet.number, "round": sheet.round.title, **values}
    tell(others.values(), text, values=values, address=reverse(page, args=[sheet.pk]))


def _of_office(sheet: DecisionSheet, office: str) -> list[Any]:
    """Who speaks for an office; the secretariat where nobody has an account for it."""
    government = sheet.round.plan.government
    found = holders(government, *ROLES_OF[Office(office)])
    if not found and office == Office.COUNCIL:
        found = holders(government, "secretary")  # who may endorse for the council too
    return found or holders(government, "coordinator")


def _waits(sheet: DecisionSheet, office: str, *, by: Any) -> None:
    """Whoever has the turn learns so; the head of region is led to the decision itself."""
    heads = holders(sheet.round.plan.government, *ROLES_OF[Office.HEAD]) if office == Office.HEAD else []
    if heads:
        text = gettext_noop("The decision sheet %(number)s (%(round)s) waits for your decision.")
        _tell(sheet, heads, text, by=by, page="decision")
    else:
        text = gettext_noop("The decision sheet %(number)s (%(round)s) waits for your word.")
        _tell(sheet, _of_office(sheet, office), text, by=by)


def submitted(sheet: DecisionSheet, *, by: Any) -> None:
    """The first office of the way, and the mentor, have something to read."""
    _waits(sheet, Office.WORKING_GROUP, by=by)
    mentors = holders(sheet.round.plan.government, "mentor")
    _tell(sheet, mentors, gettext_noop("The decision sheet %(number)s (%(round)s) is on its way; your opinion is welcome."), by=by)  # fmt: skip


def spoken(sheet: DecisionSheet, step: SheetStep, turn: str, *, by: Any) -> None:
    """The next office has its turn; an opinion is news for the secretariat."""
    if step.office == Office.MENTOR:
        text = gettext_noop("%(who)s gave an opinion on the decision sheet %(number)s.")
        _tell(sheet, holders(sheet.round.plan.government, "coordinator"), text, by=by, who=step.person_name)
    elif turn and turn != step.office:  # the other working groups have known since the sheet was submitted
        _waits(sheet, turn, by=by)


def sent_back(sheet: DecisionSheet, step: SheetStep, *, by: Any) -> None:
    """The secretariat has to choose the set anew."""
    text = gettext_noop("The decision sheet %(number)s was sent back by %(who)s: %(reason)s")
    users = holders(sheet.round.plan.government, "coordinator")
    _tell(sheet, users, text, by=by, who=step.person_name, reason=step.remark)


def scanned(sheet: DecisionSheet, *, by: Any) -> None:
    """A second person of the secretariat has to compare."""
    text = gettext_noop("The signed decision sheet %(number)s was scanned and entered. Please compare it and confirm.")
    _tell(sheet, holders(sheet.round.plan.government, "coordinator"), text, by=by)


def scan_refused(sheet: DecisionSheet, who: Any, reason: str, *, by: Any) -> None:
    """Whoever entered it has to do something."""
    text = gettext_noop("What you entered from the signed sheet %(number)s was not confirmed: %(reason)s")
    _tell(sheet, [who] if who else [], text, by=by, reason=reason)


def decided(sheet: DecisionSheet, frozen: Frozen, chosen: Collection[str], *, by: Any) -> None:
    """The secretariat and the mentor learn the outcome; each agency what became of its nominee."""
    government = sheet.round.plan.government
    told = holders(government, "coordinator", "mentor", "council", "secretary", "dimension_coordinator")
    _tell(sheet, told, gettext_noop("The head of region has decided on the sheet %(number)s (%(round)s)."), by=by)
    stays = gettext_noop("“%(innovation)s” is a quick win of %(round)s. Please fill in its profile.")
    comes = gettext_noop("“%(innovation)s” was swapped in by the head of region and is a quick win of %(round)s. Please fill in its profile.")  # fmt: skip
    leaves = gettext_noop("“%(innovation)s” was swapped out by the head of region and is no quick win of %(round)s.")
    for nomination in nominations_of(sheet, {*chosen, *frozen.chosen}):
        key, innovation = str(nomination.pk), nomination.innovation
        if innovation.organisation is None:
            continue
        text = leaves if key not in chosen else stays if key in frozen.chosen else comes
        _tell(sheet, holders(innovation.organisation, *AGENCY), text, by=by, innovation=innovation.title)
