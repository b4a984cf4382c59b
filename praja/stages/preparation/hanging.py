"""What hangs on an agency or on the dimensions of a plan, asked of every model without naming a later stage."""

from django.apps import apps
from django.db import models

from praja.foundation.accounts.models import Invitation, Membership, Organisation, Position
from praja.foundation.audit.rows import EditableRow
from praja.foundation.plans.models import DeadlineException, Plan, Request

# These end together with the agency.
GO_WITH_IT = (Position, Membership, Invitation, Request, DeadlineException)


def rows_of(agency: Organisation) -> list[tuple[str, int]]:
    """(name of the kind of row, how many) for everything that still belongs to the agency."""
    found = []
    for relation in agency._meta.related_objects:
        model = relation.related_model
        if not relation.one_to_many or model in GO_WITH_IT or not issubclass(model, EditableRow):
            continue
        count = model._default_manager.filter(**{relation.field.name: agency}, withdrawn_at=None).count()
        if count:
            found.append((str(model._meta.verbose_name_plural), count))
    return found


def uses_dimensions(plan: Plan) -> bool:
    """Whether any row of the plan names one of its dimensions, so that another set would leave it in the air."""
    if Request.dimensions.through.objects.filter(request__plan=plan).exists():
        return True
    return any(
        model._default_manager.filter(**{way: plan}, dimension__isnull=False).exists()
        for model in apps.get_models()
        if "dimension" in _foreign_keys(model)
        for way in _ways_to_plan(model)
    )


def _ways_to_plan(model: type[models.Model]) -> list[str]:
    """How a row finds its plan: "plan", else over the row that it belongs to, as "earlier__plan"."""
    keys = _foreign_keys(model)
    if "plan" in keys:
        return ["plan"]
    return [f"{name}__plan" for name, other in keys.items() if "plan" in _foreign_keys(other)]


def _foreign_keys(model: type[models.Model]) -> dict[str, type[models.Model]]:
    related = ((field.name, field.related_model) for field in model._meta.concrete_fields)
    return {name: other for name, other in related if other is not None}
