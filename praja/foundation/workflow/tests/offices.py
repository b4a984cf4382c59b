"""The offices of the way in the small country: everybody who takes a step, and one who may take none."""

from dataclasses import dataclass

import pytest

from praja.foundation.accounts.models import Membership
from praja.foundation.plans.models import Plan
from praja.stages.problems.models import Problem
from praja.stages.problems.tests.test_actions import complete
from tests.country import someone


def coordinator_of(country, username, *dimensions):
    """A dimension coordinator, limited to some dimensions if any are named."""
    user = someone(username, f"Koordinator {username}", "dimension_coordinator", country.government)
    Membership.objects.filter(user=user).update(dimensions=list(dimensions))
    return user


def switch(country, *, head, dimension):
    """The plan as it then is, for these two switches."""
    Plan.objects.filter(pk=country.plan.pk).update(head_approves=head, dimension_checks=dimension)
    country.plan = Plan.objects.get(pk=country.plan.pk)
    return country.plan


@dataclass
class Offices:
    """The country and its people by office."""

    country: object
    people: dict

    def __getattr__(self, name):
        if name not in self.people:
            raise AttributeError(name)
        return self.people[name]

    def problem(self, state="draft", **values):
        """A complete problem of Dinas Kesehatan, of the dimension living, in this state."""
        return Problem.objects.get(pk=complete(self.country, state=state, **values).pk)

    def fresh(self, problem):
        """The problem as it stands now."""
        return Problem.objects.get(pk=problem.pk)


@pytest.fixture
def offices(country):
    """Operator, head, two dimension coordinators, secretariat, mentor and neighbour; the whole way is switched on."""
    switch(country, head=True, dimension=True)
    return Offices(
        country,
        {
            "operator": country.operator,
            "head": someone("kepala", "Kepala Dinkes", "agency_head", country.health),
            "living": coordinator_of(country, "living", "living"),
            "economy": coordinator_of(country, "economy", "economy"),
            "secretariat": country.coordinator,
            "mentor": country.mentor,
            "neighbour": country.neighbour,
        },
    )
