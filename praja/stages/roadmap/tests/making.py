"""Rows of the action plan that the tests need: accepted innovations with money, strategies, programmes, actions."""

from praja.foundation.plans.models import BudgetLine, SubDimension
from praja.foundation.workflow.models import State
from praja.stages.innovations.models import Innovation
from praja.stages.roadmap import actions
from praja.stages.roadmap.models import Strategy


def sub_dimension(country, key="living"):
    """The first sub-dimension of a dimension."""
    return SubDimension.objects.filter(dimension=country.dimension(key)).select_related("dimension").first()


def accepted(country, title="Antre dari Rumah", amounts=(), **values):
    """An accepted innovation of the health agency with a budget line of each amount in 2027."""
    sub = sub_dimension(country)
    values = {"is_it": True, "sub_dimension": sub, "dimension": sub.dimension, "state": State.ACCEPTED, **values}
    innovation = Innovation.objects.create(plan=country.plan, organisation=country.health, title=title, **values)
    for amount in amounts:
        line(amount, innovation=innovation)
    return innovation


def line(amount, **values):
    """A budget line."""
    return BudgetLine.objects.create(**{"year": 2027, "source": "apbd_region", "amount_rupiah": amount, **values})


def started(country, innovation=None, title="Membangun aplikasi", **values):
    """An action of the health agency."""
    values = {"organisation": country.health, "by": country.operator, **values}
    return actions.start(country.plan, title=title, innovation=innovation, **values)


def strategy_of(country, text="Layanan dekat dengan warga"):
    """A strategy of the first sub-dimension of living."""
    return actions.start_strategy(country.plan, by=country.coordinator, sub_dimension=sub_dimension(country), text=text)


def programme_of(country, title="Program Layanan Dekat"):
    """A programme below the first strategy, or below a new one."""
    strategy = Strategy.objects.first() or strategy_of(country)
    return actions.start_programme(strategy, by=country.coordinator, title=title)
