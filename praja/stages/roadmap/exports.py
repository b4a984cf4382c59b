"""The lists of the roadmap as files."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.addresses import plan_for
from praja.foundation.sheets.exports import BLOCK, Cells, Export, Listed
from praja.stages.roadmap.sipd_views import STAGES, WORDS, Shown


def sipd_listed(user: Any, slug: str, query: QueryDict) -> Listed:
    """Plan and SIPD side by side for one year, filtered as the page is."""
    plan = plan_for(user, slug, Can.PLAN_VIEW)
    shown = Shown(user, plan, query)
    header = [
        _("Code"), _("Name in SIPD or in the plan"), _("Agency (OPD)"), _("State"), _("Actions and innovations"),
        _("Stage of the planned money"), _("Planned"), _("Ceiling"), _("Difference"), _("Realised"),
    ]  # fmt: skip
    cells: list[Cells] = [
        [
            row.code, row.title, row.agency, str(WORDS[row.state][0]), "; ".join(title for _kind, _pk, title in row.rows),
            ", ".join(str(STAGES[stage]) for stage in row.stages), row.planned, row.ceiling, row.gap, row.realised,
        ]
        for row in shown.rows
    ]  # fmt: skip
    return Listed(
        subject=plan,
        name=f"sipd-{plan.slug}-{shown.year}",
        header=header,
        count=len(cells),
        blocks=lambda: (cells[start : start + BLOCK] for start in range(0, len(cells), BLOCK)),
        paths=user.paths_for(Can.INNOVATION_VIEW),
    )


EXPORTS = [Export("sipd", gettext_lazy("Plan and SIPD"), sipd_listed)]
