"""The list of innovations as a file: the columns of the sheet that comes in, so that what goes out can come back."""

from collections import defaultdict
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.addresses import plan_for
from praja.foundation.plans.filters import Filters, Names
from praja.foundation.plans.models import BudgetLine
from praja.foundation.sheets.columns import Column
from praja.foundation.sheets.exports import Cells, Export, Listed, blocks_of, worded
from praja.foundation.workflow.models import State
from praja.stages.innovations.sheet import INNOVATION_SHEET, OUR_REMARKS
from praja.stages.innovations.steps import RIGHTS
from praja.stages.innovations.views import SORTS

# Columns of the sheet that are no columns of the table.
RESOLVED = {"region", "region_code", "dimension", "sub_dimension", "agency", "budget", "budget_year", "budget_source"}


def listed(user: Any, slug: str, query: QueryDict) -> Listed:
    """The innovations of a plan that this person may see, filtered as the list is."""
    plan = plan_for(user, slug, Can.PLAN_VIEW)
    names = Names(plan, address="innovation-detail")
    filters = Filters(query, names, sorts=SORTS, user=user, rights=RIGHTS, with_it=True)
    rows = filters.apply(plan.innovations.in_service().within_reach(user, Can.INNOVATION_VIEW))
    columns = [column for column in INNOVATION_SHEET.columns if column.key not in RESOLVED]
    own = [column.key for column in columns]
    asked = rows.values("pk", "organisation_id", "dimension_id", "sub_dimension_id", "state", *own)
    # Ours begin as the remarks of our other files do: what comes back does not read them as data.
    extra = [
        Column("state", OUR_REMARKS + _("state")),
        Column("total", OUR_REMARKS + _("sum of all budget lines")),
        Column("lines", OUR_REMARKS + _("all budget lines")),
    ]
    cells_of = worded([*INNOVATION_SHEET.columns, *extra])
    agencies = dict(plan.government.children.values_list("pk", "name"))
    dimensions = {row.pk: row.name for row in plan.dimension_set.dimensions.all()}
    region = plan.government.region
    money_columns = ("budget", "budget_year", "budget_source", "total", "lines")
    of_the_plan: dict[str, Any] = {
        "region": region.name if region else "",
        "region_code": region.code if region else "",
    }
    of_the_plan |= dict.fromkeys(money_columns)
    states = {state.value: str(state.label) for state in State}

    def cells(block: list[dict[str, Any]]) -> list[Cells]:
        money = _money([row["pk"] for row in block])
        found = []
        for row in block:
            row.update(of_the_plan)
            row["agency"] = agencies.get(row["organisation_id"])
            row["dimension"] = dimensions.get(row["dimension_id"])
            row["sub_dimension"] = names.subs.get(row["sub_dimension_id"])
            row["is_it"] = None if row["is_it"] is None else ("it" if row["is_it"] else "non_it")
            row["state"] = states[row["state"]]
            row.update(money.get(row["pk"], {}))
            found.append(cells_of(row))
        return found

    return Listed(
        subject=plan,
        name=f"inovasi-{plan.slug}",
        header=[*(str(column.title) for column in INNOVATION_SHEET.columns), *(str(column.title) for column in extra)],
        count=rows.count(),
        blocks=lambda: blocks_of(asked, order=filters.order, cells=cells),
        paths=user.paths_for(Can.INNOVATION_VIEW),
    )


def _money(pks: list[int]) -> dict[int, dict[str, Any]]:
    """The budget of each innovation: the columns of the sheet when it is one line; the sum and the lines in words."""
    lines = defaultdict(list)
    stored = BudgetLine.objects.filter(innovation_id__in=pks, withdrawn_at=None).order_by("year", "pk")
    for pk, year, source, amount in stored.values_list("innovation_id", "year", "source", "amount_rupiah"):
        lines[pk].append((year, source, amount))
    sources = {key: str(label) for key, label in BudgetLine.Source.choices}
    money: dict[int, dict[str, Any]] = {}
    for pk, found in lines.items():
        words = "; ".join(f"{year} {sources.get(source, source)} {amount}" for year, source, amount in found)
        money[pk] = {"total": sum(amount for _year, _source, amount in found), "lines": words}
        if len(found) == 1:
            year, source, amount = found[0]
            money[pk] |= {"budget": amount, "budget_year": year, "budget_source": source}
    return money


EXPORTS = [Export("inovasi", gettext_lazy("Innovations"), listed)]
