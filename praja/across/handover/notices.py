"""Who is told what about a role that changes hands."""

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.across.handover.models import Handover
from praja.foundation.accounts.models import User
from praja.foundation.notices.actions import tell


def to_successor(handover: Handover, *, by: User) -> None:
    """The successor is asked to read and accept."""
    tell(
        [handover.successor],
        gettext_noop("%(name)s hands a role over to you (%(organisation)s). Read the sheet and accept it."),
        values={"name": handover.leaver, "organisation": handover.membership.organisation.name},
        address=reverse("handover-detail", args=[handover.pk]),
    )
    if by.pk != handover.membership.user_id:
        tell(
            [handover.leaver],
            gettext_noop("Your role at %(organisation)s is handed over to %(name)s as soon as they accept it."),
            values={"name": handover.successor, "organisation": handover.membership.organisation.name},
            address=reverse("handover-detail", args=[handover.pk]),
        )


def of_acceptance(handover: Handover) -> None:
    """Who left and who began it learn that it is done."""
    told = {handover.leaver, *([handover.created_by] if handover.created_by else [])} - {handover.successor}
    tell(
        told,
        gettext_noop("%(name)s has taken the role at %(organisation)s on."),
        values={"name": handover.successor, "organisation": handover.membership.organisation.name},
        address=reverse("handover-detail", args=[handover.pk]),
    )
