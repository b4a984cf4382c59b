"""How far a role reaches: at and below its organisation, and never into the neighbour's."""

from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import shortest
from praja.foundation.plans.actions import government_of
from tests.country import someone

PATHS = st.frozensets(
    st.lists(st.integers(1, 30), min_size=1, max_size=4).map(lambda ids: f"/{'/'.join(map(str, ids))}/")
)


def test_an_operator_writes_for_the_own_agency_and_reads_the_plan_of_the_region(country):
    assert country.operator.may(Can.PROBLEM_WRITE, country.health)
    assert not country.operator.may(Can.PROBLEM_WRITE, country.transport)
    assert country.operator.may(Can.BOOK_VIEW, country.plan)
    assert not country.operator.may(Can.BOOK_VIEW, country.neighbour_plan)


def test_a_coordinator_of_a_province_reads_its_regencies_but_writes_none(country):
    provincial = someone("provinsi", "Koordinator Provinsi", "coordinator", government_of(country.province))
    assert provincial.may(Can.PROBLEM_VIEW, country.plan)
    assert not provincial.may(Can.PROBLEM_WRITE, country.plan)
    assert not provincial.may(Can.PLAN_SET_UP, country.plan)


def test_an_ended_role_opens_nothing(country):
    country.operator.memberships.update(ended_at=country.plan.created_at)
    assert not type(country.operator).objects.get(pk=country.operator.pk).may_anywhere(Can.PLAN_VIEW)


@given(PATHS)
def test_the_shortest_paths_cover_what_all_cover(paths):
    kept = shortest(paths)
    assert all(any(path.startswith(one) for one in kept) for path in paths)
    assert not any(one != other and one.startswith(other) for one in kept for other in kept)
