"""What the search reads of this stage, and where each hit leads."""

import pytest

from praja.stages.analysis import demonstration
from praja.stages.analysis.models import MissionGoal
from praja.stages.analysis.search import SEARCHED


@pytest.mark.parametrize("key", ["swot", "strategi-swot", "kesenjangan", "calon-visi", "misi"])
def test_each_kind_is_read_with_its_words_and_leads_to_its_page(country, client_of, key):
    demonstration.fill(country.plan, country.coordinator)
    kind = next(one for one in SEARCHED if one.key == key)
    (row, *_rest) = kind.values(kind.rows())
    assert row[kind.title]
    assert row["path"] == country.plan.organisation_path
    assert client_of(country.operator).get(kind.address(row)).status_code == 200
    assert client_of(country.neighbour).get(kind.address(row)).status_code == 404


def test_a_mission_is_found_by_its_goals(country):
    demonstration.fill(country.plan, country.coordinator)
    kind = next(one for one in SEARCHED if one.key == "misi")
    goal = MissionGoal.objects.first()
    assert goal.target in kind.more([goal.mission_id])[goal.mission_id]
