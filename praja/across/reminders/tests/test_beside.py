"""The weekly page knows of promises to be settled and of signatures that are waited for."""

import pytest

from praja.foundation.signing.models import Signatory, SigningRound
from praja.foundation.signing.tests.making import round_of
from praja.stages.commitment.tests.making import settled, settling_one

pytestmark = pytest.mark.django_db
WEEK = "/kabupaten-uji/mingguan/"


@pytest.fixture
def beside(country, client_of):
    """A function that answers what the page says."""
    client = client_of(country.coordinator)

    def ask():
        answer = client.get(WEEK)
        assert answer.status_code == 200
        return [(one.url, one.who) for one in answer.context["week"].beside]

    return ask


def test_the_agencies_that_have_not_settled_are_named_with_the_page_that_reminds_them(country, beside):
    made = settling_one(country)
    address = f"/kabupaten-uji/komitmen/{made.pk}/"
    assert beside() == [(address, ["Dinkes", "Dishub"])]
    settled(country, made, country.health)
    assert beside() == [(address, ["Dishub"])]
    settled(country, made, country.transport)
    assert beside() == []


def test_those_whose_turn_it_is_to_sign_are_named_for_each_open_round(country, beside):
    round_ = round_of(country.plan, count=2)
    SigningRound.objects.update(order="series")
    address = f"/kabupaten-uji/penandatanganan/{round_.pk}/"
    assert beside() == [(address, ["Kepala Dinas Uji 01"])]
    Signatory.objects.update(
        state="declined", decline_reason="-", declined_at=round_.opened_at, declined_by=country.operator
    )
    assert beside() == []
    SigningRound.objects.update(state="closed", end_reason="Selesai")
    assert beside() == []
