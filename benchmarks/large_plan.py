"""Makes the demonstration's full plan as large as plans get: 400 accepted innovations and 2,000 actions with their money."""

from itertools import cycle, islice
from typing import Any

INNOVATIONS, ACTIONS = 400, 2_000
YEARS_WITH_MONEY = 2  # of an action that is added


def enlarge(slug: str) -> dict[str, int]:
    """Repeat the plan's innovations and actions, each with what hangs on it; answers how many there are now."""
    from django.db import transaction

    from praja.foundation.plans.models import Plan

    plan = Plan.objects.get(slug=slug)
    with transaction.atomic():
        _add_innovations(plan)
        _add_actions(plan)
    return {"innovations": plan.innovations.accepted().count(), "actions": plan.actions.in_service().count()}


def _add_innovations(plan: Any) -> None:
    """With budget lines, indicators, the problems they answer and the targets they serve."""
    from praja.foundation.plans.models import BudgetLine, Indicator
    from praja.stages.innovations.models import Innovation

    sources = list(plan.innovations.accepted().order_by("pk"))
    chosen = list(islice(cycle(sources), INNOVATIONS - len(sources)))
    made = Innovation.objects.bulk_create(
        _copy(source, title=f"{source.title} {number}", source_key=None) for number, source in enumerate(chosen, 1)
    )
    for model, further in ((BudgetLine, {"action_id": None}), (Indicator, {})):
        rows = {source.pk: list(model.objects.filter(innovation=source)) for source in sources}
        model.objects.bulk_create(
            _copy(row, innovation_id=new.pk, **further)
            for source, new in zip(chosen, made, strict=True)
            for row in rows[source.pk]
        )
    for field in Innovation._meta.many_to_many:
        through = getattr(Innovation, field.name).through
        column = through._meta.get_field(field.m2m_field_name()).attname
        links = {source.pk: list(through.objects.filter(**{column: source.pk})) for source in sources}
        through.objects.bulk_create(
            _copy(link, **{column: new.pk})
            for source, new in zip(chosen, made, strict=True)
            for link in links[source.pk]
        )


def _add_actions(plan: Any) -> None:
    """Each with money of its own in its first years."""
    from praja.foundation.plans.models import BudgetLine
    from praja.stages.roadmap.models import Action

    sources = list(plan.actions.in_service().order_by("pk"))
    chosen = list(islice(cycle(sources), ACTIONS - len(sources)))
    made = Action.objects.bulk_create(
        _copy(source, title=f"{source.title} {number}", code="", innovation_id=None)
        for number, source in enumerate(chosen, 1)
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(action=action, year=plan.years[0] + turn, source="apbd_region", amount_rupiah=25_000_000 * turn)
        for action in made
        for turn in range(YEARS_WITH_MONEY)
    )


def _copy(row: Any, **changes: Any) -> Any:
    """A further row that says the same but for `changes`; key and uid are its own."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{name: value for name, value in values.items() if name not in ("id", "uid")} | changes)
