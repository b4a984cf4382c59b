"""The list of problems as a file: every column of the row, with its causes."""

from collections import defaultdict
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.models import Affair
from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.addresses import plan_for
from praja.foundation.plans.filters import Filters, Names
from praja.foundation.sheets.exports import Cells, Export, Listed, blocks_of
from praja.foundation.sheets.values import parse_decimal
from praja.foundation.workflow.models import State
from praja.stages.problems.models import Cause, Problem
from praja.stages.problems.steps import RIGHTS
from praja.stages.problems.views import SORTS

TEXTS = ("description", "affected", "location")
GRADES = ("urgency", "seriousness", "growth")


def listed(user: Any, slug: str, query: QueryDict) -> Listed:
    """The problems of a plan that this person may see, filtered as the list is."""
    plan = plan_for(user, slug, Can.PLAN_VIEW)
    names = Names(plan, address="problem-detail")
    filters = Filters(query, names, sorts=SORTS, user=user, rights=RIGHTS)
    rows = filters.apply(plan.problems.in_service().within_reach(user, Can.PROBLEM_VIEW))
    data = ("figure", "unit", "figure_year", "figure_source")
    asked = rows.values(
        "pk", "title", "organisation_id", "dimension_id", "sub_dimension_id", "affair_id", "state", *TEXTS, *data,
        *GRADES, points=F("urgency") * F("seriousness") * F("growth"),
    )  # fmt: skip
    title = {field.name: str(getattr(field, "verbose_name", "")) for field in Problem._meta.fields}
    agencies = dict(plan.government.children.values_list("pk", "name"))
    dimensions = {row.pk: row.name for row in plan.dimension_set.dimensions.all()}
    affairs = {row.pk: str(row) for row in Affair.objects.all()}
    states = {state.value: str(state.label) for state in State}

    def cells(block: list[dict[str, Any]]) -> list[Cells]:
        causes = _causes([row["pk"] for row in block])
        return [
            [
                row["title"],
                agencies.get(row["organisation_id"]),
                dimensions.get(row["dimension_id"]),
                names.subs.get(row["sub_dimension_id"]),
                affairs.get(row["affair_id"]),
                *(row[name] for name in TEXTS),
                parse_decimal(row["figure"]) if row["figure"] else None,
                *(row[name] for name in data[1:]),
                *(row[name] for name in GRADES),
                row["points"],
                causes.get(row["pk"], ""),
                states[row["state"]],
            ]
            for row in block
        ]

    header = [
        title["title"], _("Agency (OPD)"), _("Dimension"), _("Sub-dimension"), _("Government affair"),
        *(title[name] for name in (*TEXTS, *data, *GRADES)), _("Priority"), _("Causes"), _("State"),
    ]  # fmt: skip
    return Listed(
        subject=plan,
        name=f"permasalahan-{plan.slug}",
        header=[name[:1].upper() + name[1:] for name in header],
        count=rows.count(),
        blocks=lambda: blocks_of(asked, order=filters.order, cells=cells),
        paths=user.paths_for(Can.PROBLEM_VIEW),
    )


def _causes(pks: list[int]) -> dict[int, str]:
    """The causes of each problem, one a line, each with its kind."""
    kinds = {key: str(label) for key, label in Cause.Kind.choices}
    found = defaultdict(list)
    causes = Cause.objects.filter(problem_id__in=pks, withdrawn_at=None).order_by("order", "pk")
    for pk, kind, text in causes.values_list("problem_id", "kind", "text"):
        found[pk].append(f"{kinds.get(kind, kind)}: {text}")
    return {pk: "\n".join(lines) for pk, lines in found.items()}


EXPORTS = [Export("permasalahan", gettext_lazy("Problems"), listed)]
