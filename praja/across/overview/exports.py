"""The coverage as a file: each agency with what is asked of it, what is there, and what lacks."""

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.addresses import plan_for
from praja.foundation.sheets.exports import Cells, Export, Listed
from praja.stages.innovations.coverage import DELIVERED, NONE, NOT_ASKED, PARTIAL, STATES, coverage


def listed(user: Any, slug: str, query: QueryDict) -> Listed:
    """The agencies of the table, filtered by the state and the dimension of an address as the page is."""
    plan = plan_for(user, slug, Can.COVERAGE_VIEW)
    table = coverage(plan)
    state = query.get("keadaan", "") if query.get("keadaan") in STATES else ""
    dimension = next((one for one in table.dimensions if one.key == query.get("dimensi")), None)
    words = {DELIVERED: _("Delivered"), PARTIAL: _("Begun"), NONE: _("Nothing yet"), NOT_ASKED: _("Not asked")}
    rows: list[Cells] = [
        [
            row.organisation.name,
            words[row.state],
            row.problems.handed_in,
            row.problems.with_the_agency,
            row.innovations.handed_in,
            row.innovations.with_the_agency,
            row.innovations.accepted,
            *(cell.counts.handed_in if cell.state != NOT_ASKED or cell.counts.total else None for cell in row.cells),
            "; ".join(str(lack) for lack in row.lacks),
        ]
        for row in sorted(table.rows, key=lambda row: row.organisation.name)
        if (not state or row.state == state) and (dimension is None or dimension.pk in row.asked_dimensions)
    ]
    header = [
        _("Agency (OPD)"), _("State"), _("Problems handed in"), _("Problems begun"), _("Innovations handed in"),
        _("Innovations begun"), _("Innovations accepted"), *(str(one) for one in table.dimensions), _("What lacks"),
    ]  # fmt: skip

    def blocks() -> Iterator[list[Cells]]:
        yield rows

    return Listed(plan, f"cakupan-{plan.slug}", header, len(rows), blocks, user.paths_for(Can.COVERAGE_VIEW))


EXPORTS = [Export("cakupan", gettext_lazy("Coverage"), listed)]
