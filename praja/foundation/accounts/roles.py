"""Who may do what: the roles on one page. Rendered as the help page "Who may do what"."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can


@dataclass(frozen=True)
class Role:
    """A role at an organisation: what it may do at or below that organisation, and in its whole region.

    `by_dimension`: what of `region` is limited to the dimensions that a membership names, if it names any.
    """

    title: Promise | str
    own: frozenset[Can] = field(default_factory=frozenset)
    region: frozenset[Can] = field(default_factory=frozenset)
    by_dimension: frozenset[Can] = field(default_factory=frozenset)


READ_REGION = frozenset({Can.PLAN_VIEW, Can.COVERAGE_VIEW, Can.BOOK_VIEW, Can.BOOK_BUILD, Can.COMMITMENT_VIEW})
WRITE_ANALYSIS = frozenset({Can.ANALYSIS_WRITE, Can.PROGRAMME_WRITE, Can.BOOK_WRITE})
READ_ROWS = frozenset({Can.PROBLEM_VIEW, Can.INNOVATION_VIEW, Can.QUICK_WIN_VIEW, Can.FILE_VIEW})
WRITE_ROWS = frozenset(
    {Can.PROBLEM_WRITE, Can.INNOVATION_WRITE, Can.ACTION_WRITE, Can.QUICK_WIN_NOMINATE, Can.OBLIGATION_SETTLE}
)
APPROVE_ROWS = frozenset({Can.PROBLEM_APPROVE, Can.INNOVATION_APPROVE})
CHECK_ROWS = frozenset({Can.PROBLEM_CHECK, Can.INNOVATION_CHECK, Can.QUICK_WIN_SCORE})
COMPILE = (
    READ_REGION
    | READ_ROWS
    | WRITE_ROWS
    | CHECK_ROWS
    | WRITE_ANALYSIS
    | {
        Can.PLAN_SET_UP,
        Can.PEOPLE_INVITE,
        Can.ACTING_NAME,
        Can.VISION_SET,
        Can.PROBLEM_ACCEPT,
        Can.INNOVATION_ACCEPT,
        Can.QUICK_WIN_RUN,
        Can.PROPOSAL_CONFIRM,
        Can.COVERAGE_REMIND,
        Can.SHEET_IMPORT,
        Can.BOOK_REMARK,
        Can.BOOK_FREEZE,
        Can.COMMITMENT_RUN,
        Can.SIGNING_RUN,
        Can.JOB_VIEW,
    }
)

ROLES: dict[str, Role] = {
    "operator": Role(_("Operator of an agency"), own=READ_ROWS | WRITE_ROWS, region=READ_REGION | {Can.BOOK_REMARK}),
    "agency_head": Role(
        _("Head of an agency"),
        own=READ_ROWS | WRITE_ROWS | APPROVE_ROWS | {Can.ACTING_NAME},
        region=READ_REGION | {Can.BOOK_REMARK},
    ),
    "dimension_coordinator": Role(
        _("Dimension coordinator"),
        region=READ_REGION | READ_ROWS | CHECK_ROWS | WRITE_ANALYSIS | {Can.QUICK_WIN_NOMINATE, Can.BOOK_REMARK},
        by_dimension=CHECK_ROWS | {Can.QUICK_WIN_NOMINATE},
    ),
    "coordinator": Role(_("Coordinator (secretariat of the implementation team)"), region=COMPILE),
    "council": Role(_("Smart-City Council"), region=READ_REGION | READ_ROWS | {Can.BOOK_REMARK, Can.QUICK_WIN_ENDORSE}),
    "secretary": Role(
        _("Regional secretary (Sekda)"),
        region=READ_REGION | READ_ROWS | {Can.BOOK_REMARK, Can.QUICK_WIN_ENDORSE, Can.QUICK_WIN_FORWARD},
    ),
    "head_of_region": Role(
        _("Head of region"), region=READ_REGION | READ_ROWS | {Can.BOOK_REMARK, Can.QUICK_WIN_DECIDE}
    ),
    "mentor": Role(_("Mentor"), region=READ_REGION | READ_ROWS | {Can.BOOK_REMARK, Can.QUICK_WIN_ADVISE}),
    "assessor": Role(_("Assessor"), region=READ_REGION),
    "province_officer": Role(_("Province officer"), own=READ_REGION | READ_ROWS),
    "ministry_admin": Role(_("Ministry administrator"), own=COMPILE | {Can.BUDGET_CODES_LOAD}),
}

# At which kind of organisation (Organisation.Kind) a role is held; a province officer also at a province's government.
ROLES_AT: dict[str, tuple[str, ...]] = {
    "agency": ("operator", "agency_head"),
    "government": (
        "coordinator",
        "dimension_coordinator",
        "council",
        "secretary",
        "head_of_region",
        "mentor",
        "assessor",
    ),
    "ministry": ("ministry_admin",),
}
