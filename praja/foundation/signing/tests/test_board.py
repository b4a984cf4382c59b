"""The board for the hall: counts, names in protocol order, and a part that is sent only when it has changed."""

import pytest
from django.urls import reverse

from praja.foundation.signing.models import SigningRound
from praja.foundation.signing.rounds import decline, replace
from praja.foundation.signing.tests.making import head_of, round_of
from praja.foundation.signing.tests.test_store import sign

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def round_(country):
    """An open round of three."""
    return round_of(country.plan)


@pytest.fixture
def reader(country, client_of):
    """Somebody who reads the region."""
    return client_of(country.assessor)


def url(round_, name="signing-board"):
    """The board or its changing part."""
    return reverse(name, args=[round_.plan.slug, round_.pk])


def test_the_board_counts_and_names_in_order(round_, reader):
    sign(round_.signatories.last(), 1)
    page = reader.get(url(round_)).content.decode()
    assert "<strong>1</strong> <span>of 3 have signed</span>" in page
    assert page.index("DU01") < page.index("DU02") < page.index("DU03")
    assert page.count("has-signed") == 1
    assert "19700101" not in page


def test_the_part_that_changes_is_the_one_of_the_page(round_, reader):
    part = reader.get(url(round_, "signing-board-state")).content.decode()
    assert part.split("-->")[-1].strip() in reader.get(url(round_)).content.decode()


def test_unchanged_it_is_not_sent_again(round_, reader):
    first = reader.get(url(round_, "signing-board-state"))
    etag = first["ETag"]
    assert f'data-board-etag="{etag.replace(chr(34), "&quot;")}"' in reader.get(url(round_)).content.decode()
    again = reader.get(url(round_, "signing-board-state"), headers={"If-None-Match": f"W/{etag}"})
    assert (again.status_code, again.content) == (304, b"")
    sign(round_.signatories.first(), 1)
    changed = reader.get(url(round_, "signing-board-state"), headers={"If-None-Match": etag})
    assert (changed.status_code, changed["ETag"] != etag) == (200, True)


def test_who_declined_is_not_shown_up_before_the_hall(country, round_, reader):
    decline(round_.signatories.first(), reason="Rahasia", by=country.coordinator)
    page = reader.get(url(round_)).content.decode()
    assert "Rahasia" not in page
    assert "eclined" not in page


def test_who_was_replaced_is_not_on_the_board(country, round_, reader):
    new = head_of(country.government, 9)
    replace(round_.signatories.first(), new, reason="Rotasi", address="http://localhost", by=country.coordinator)
    page = reader.get(url(round_)).content.decode()
    assert ("DU01" in page, "DU09" in page, "of 3 have signed" in page) == (False, True, True)


def test_a_complete_round_says_so(round_, reader):
    for number, one in enumerate(round_.signatories.all(), 1):
        sign(one, number)
    assert "All have signed" in reader.get(url(round_)).content.decode()
    assert SigningRound.objects.get().state == "complete"


def test_sixty_names_cost_no_more_queries_than_three(country, reader, django_assert_num_queries):
    for count, size in ((3, "board-few"), (60, "board-many")):
        round_ = round_of(country.plan, count=count)
        with django_assert_num_queries(5):
            assert size in reader.get(url(round_, "signing-board-state")).content.decode()


def test_a_stranger_finds_no_board(country, round_, client_of):
    for name in ("signing-board", "signing-board-state"):
        assert client_of(country.neighbour).get(url(round_, name)).status_code == 404
