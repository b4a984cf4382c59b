"""Who is told what about a problem."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from praja.foundation.notices.actions import holders, tell
from praja.stages.problems.models import Problem


def _address(problem: Problem) -> str:
    return reverse("problem-detail", args=[problem.pk])


def to_coordinators(problem: Problem, *, by: Any) -> None:
    """A problem waits for the secretariat."""
    del by
    tell(
        holders(problem.plan.government, "coordinator"),
        gettext_noop("%(agency)s submitted the problem “%(title)s”."),
        values={"agency": problem.organisation, "title": problem.title},
        address=_address(problem),
    )


def accepted(problem: Problem, *, by: Any) -> None:
    """The agency may rest."""
    del by
    tell(
        holders(problem.organisation, "operator", "agency_head"),
        gettext_noop("Your problem “%(title)s” was accepted."),
        values={"title": problem.title},
        address=_address(problem),
    )


def returned(problem: Problem, *, by: Any) -> None:
    """The agency has to mend something."""
    del by
    tell(
        holders(problem.organisation, "operator", "agency_head"),
        gettext_noop("Your problem “%(title)s” was returned with a remark."),
        values={"title": problem.title},
        address=_address(problem),
    )
