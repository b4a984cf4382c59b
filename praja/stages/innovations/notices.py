"""Who is told what about an innovation."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.foundation.notices.actions import holders, tell
from praja.stages.innovations.models import Innovation


def _address(innovation: Innovation) -> str:
    return reverse("innovation-detail", args=[innovation.pk])


def to_coordinators(innovation: Innovation, *, by: Any) -> None:
    """An innovation waits for the secretariat."""
    del by
    tell(
        holders(innovation.plan.government, "coordinator"),
        gettext_noop("%(agency)s submitted the innovation “%(title)s”."),
        values={"agency": innovation.organisation, "title": innovation.title},
        address=_address(innovation),
    )


def accepted(innovation: Innovation, *, by: Any) -> None:
    """The agency may rest."""
    del by
    tell(
        holders(innovation.organisation, "operator", "agency_head"),
        gettext_noop("Your innovation “%(title)s” was accepted."),
        values={"title": innovation.title},
        address=_address(innovation),
    )


def returned(innovation: Innovation, *, by: Any) -> None:
    """The agency has to mend something."""
    del by
    tell(
        holders(innovation.organisation, "operator", "agency_head"),
        gettext_noop("Your innovation “%(title)s” was returned with a remark."),
        values={"title": innovation.title},
        address=_address(innovation),
    )
