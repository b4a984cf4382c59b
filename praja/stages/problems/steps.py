"""How a problem moves from draft to accepted, and who moves it."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.deadlines import why_closed, windows_of
from praja.foundation.workflow.way import Rights, way_of_a_row
from praja.stages.problems import notices
from praja.stages.problems.models import Problem


def missing_by_section(problem: Problem) -> dict[str, list[Promise | str]]:
    """What has to be filled in before submission, by page of the form."""
    what: list[Promise | str] = []
    if problem.organisation_id is None:
        what.append(_("the agency that owns the problem"))
    if problem.dimension is None:
        what.append(_("the dimension"))
    elif problem.sub_dimension_id is None and problem.dimension.sub_dimensions.exists():
        what.append(_("the sub-dimension"))
    if not problem.description:
        what.append(_("what happens"))
    if not problem.affected:
        what.append(_("who is affected"))
    data: list[Promise | str] = []
    if problem.figure and not (problem.unit and problem.figure_year and problem.figure_source):
        data.append(_("unit, year and source of the figure"))
    if problem.priority is None:
        data.append(_("urgency, seriousness and growth"))
    causes: list[Promise | str] = []
    if not problem.causes.filter(withdrawn_at=None).exists():
        causes.append(_("at least one cause"))
    return {"what": what, "data": data, "causes": causes}


def missing_before_submission(problem: Problem) -> list[Promise | str]:
    """The same as one list."""
    return [label for labels in missing_by_section(problem).values() for label in labels]


def bars_after_the_deadline(problem: Problem, *, by: Any) -> list[Promise | str]:
    """Why this person cannot hand it in today, if the stage is not open."""
    closed = why_closed(problem, "problems", by=by, windows=windows_of(problem.plan))
    return [closed] if closed else []


RIGHTS = Rights(Can.PROBLEM_WRITE, Can.PROBLEM_APPROVE, Can.PROBLEM_CHECK, Can.PROBLEM_ACCEPT)
WORKFLOW = way_of_a_row(RIGHTS, missing=missing_before_submission, words=notices.WORDS, bars=bars_after_the_deadline)
