"""How an innovation, or the word that there is none, moves from draft to accepted, and who moves it."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.deadlines import why_closed, windows_of
from praja.foundation.workflow.models import State
from praja.foundation.workflow.steps import Step, Workflow
from praja.foundation.workflow.way import Rights, way_of_a_row
from praja.stages.innovations import notices
from praja.stages.innovations.models import Innovation


def is_outside_affairs(innovation: Innovation) -> bool:
    """Whether the innovation's affair is not one that its agency holds."""
    if innovation.affair_id is None or innovation.organisation is None:
        return False
    return not innovation.organisation.affairs.filter(pk=innovation.affair_id).exists()


def missing_by_section(innovation: Innovation) -> dict[str, list[Promise | str]]:
    """What has to be filled in before submission, by page of the form."""
    identity: list[Promise | str] = []
    if innovation.organisation_id is None:
        identity.append(_("the agency that carries it"))
    if innovation.dimension is None:
        identity.append(_("the dimension"))
    elif innovation.sub_dimension_id is None and innovation.dimension.sub_dimensions.exists():
        identity.append(_("the sub-dimension"))
    if innovation.is_it is None:
        identity.append(_("whether it is IT or not"))
    if not innovation.summary:
        identity.append(_("the short explanation"))
    if is_outside_affairs(innovation) and not innovation.off_affair_reason:
        identity.append(_("the reason why it lies outside the affairs of the agency"))
    why: list[Promise | str] = []
    if not innovation.problems.filter(withdrawn_at=None).exists():
        why.append(_("the problem that it answers"))
    if not innovation.goal:
        why.append(_("the goal"))
    if not innovation.beneficiaries:
        why.append(_("the beneficiaries"))
    how: list[Promise | str] = [] if innovation.design else [_("how it works")]
    money: list[Promise | str] = []
    if not innovation.budget_lines.filter(withdrawn_at=None).exists():
        money.append(_("at least one budget line (write 0 when no money is needed)"))
    indicators: list[Promise | str] = []
    if not innovation.indicators.filter(withdrawn_at=None, targets__isnull=False).exists():
        indicators.append(_("at least one indicator with a yearly target"))
    return {
        "identity": identity,
        "why": why,
        "how": how,
        "law": [],
        "money": money,
        "indicators": indicators,
        "partners": [],
    }


def missing_before_submission(innovation: Innovation) -> list[Promise | str]:
    """The same as one list."""
    return [label for labels in missing_by_section(innovation).values() for label in labels]


def bars_after_the_deadline(innovation: Innovation, *, by: Any) -> list[Promise | str]:
    """Why this person cannot hand it in today, if the stage is not open."""
    closed = why_closed(innovation, "innovations", by=by, windows=windows_of(innovation.plan))
    return [closed] if closed else []


RIGHTS = Rights(Can.INNOVATION_WRITE, Can.INNOVATION_APPROVE, Can.INNOVATION_CHECK, Can.INNOVATION_ACCEPT)
WORKFLOW = way_of_a_row(RIGHTS, missing=missing_before_submission, words=notices.WORDS, bars=bars_after_the_deadline)

NO_PROPOSAL = Workflow(
    Step(
        "submit",
        _("Submit to the coordinator"),
        (State.DRAFT, State.RETURNED),
        State.SUBMITTED,
        Can.INNOVATION_WRITE,
        is_main=True,
    ),
    Step("accept", _("Accept"), (State.SUBMITTED,), State.ACCEPTED, Can.INNOVATION_ACCEPT, is_main=True),
    Step(
        "return",
        _("Return with a remark"),
        (State.SUBMITTED, State.ACCEPTED),
        State.RETURNED,
        Can.INNOVATION_ACCEPT,
        needs_remark=True,
    ),
)
