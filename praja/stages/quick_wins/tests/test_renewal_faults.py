"""A round whose sheet is on its way comes back with that sheet alone."""

import pytest

from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import actions
from praja.stages.quick_wins.tests.making import round_of


def test_a_round_on_its_way_does_not_come_back_by_a_move(country):
    round_ = round_of(country, state="submitted")
    with pytest.raises(Refused):
        actions.move(round_, "choosing", by=country.coordinator, version=round_.version)
    round_.refresh_from_db()
    assert round_.state == "submitted"
