"""The signings of the demonstration: one round all in ink, one in the three ways, and both as they were signed."""

from collections import Counter

import pytest
from django.urls import reverse

from praja.foundation.signing.checking.verification import rounds, state_of
from praja.foundation.signing.models import SheetScan, Signature
from praja.foundation.signing.tests.altering import found_in


def ways(round_):
    """How many signed in which way."""
    return Counter(Signature.objects.filter(signatory__round=round_).values_list("way", flat=True))


def test_thirty_heads_signed_one_round_all_in_ink_and_one_in_the_three_ways(demonstration_plan, client):
    mixed, ink = rounds().filter(plan=demonstration_plan)
    assert ways(ink) == {"wet": 30}
    assert ways(mixed) == {"gateway": 20, "own": 7, "wet": 3}
    for round_ in (mixed, ink):
        assert round_.state == "complete"
        assert state_of(round_).is_unchanged
        assert round_.title in client.get(reverse("verify", args=[round_.code])).content.decode()
    assert set(SheetScan.objects.filter(round=ink).values_list("sheet_page", "state", "match")) == {
        (page, "confirmed", "qr") for page in range(1, 7)
    }
    ink_rows = Signature.objects.filter(way="wet").select_related("scanned_by", "confirmed_by")
    assert all(one.scanned_by != one.confirmed_by for one in ink_rows)


@pytest.mark.usefixtures("in_english")
def test_one_changed_byte_of_what_the_heads_signed_is_found_by_page_upload_and_tool(demonstration_plan, client):
    found = found_in(rounds().filter(plan=demonstration_plan)[0], client)
    assert found.pop("nothing") == [False, False, False]
    assert list(found.values()) == [[True, True, True]] * 4
