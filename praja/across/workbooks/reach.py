"""For whom a person may hand out and take back workbooks: the agencies for which they may write."""

from typing import Any

from django.db.models import QuerySet

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import within
from praja.foundation.plans.models import Plan


def writing_paths(user: Any) -> frozenset[str]:
    """The paths at or below which this person may write problems or innovations."""
    return user.paths_for(Can.PROBLEM_WRITE) | user.paths_for(Can.INNOVATION_WRITE)


def agencies_to_write_for(user: Any, plan: Plan) -> QuerySet[Organisation]:
    """The agencies of the plan's region for which this person may write, by name."""
    agencies = Organisation.objects.agencies().filter(parent=plan.government)
    return agencies.filter(within(writing_paths(user), "path")).order_by("name")


def writes_for_all(user: Any, plan: Plan) -> bool:
    """Whether this person may write for the whole region."""
    return any(plan.organisation_path.startswith(path) for path in writing_paths(user))


def path_of_upload(user: Any, plan: Plan) -> str:
    """Whose an uploaded workbook is before it was read: the region's, or of the first agency one may write for; else ""."""
    if writes_for_all(user, plan):
        return plan.organisation_path
    own = sorted(path for path in writing_paths(user) if path.startswith(plan.organisation_path))
    return own[0] if own else ""
