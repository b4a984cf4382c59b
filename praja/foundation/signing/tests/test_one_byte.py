"""One changed byte of a mixed round's signed PDF is found by all three: the page of the QR code, the upload, the tool without Praja."""

import pytest

from praja.foundation.signing.models import SigningRound
from praja.foundation.signing.tests.altering import found_in
from praja.foundation.signing.tests.signed import on_paper, signed_round, with_a_certificate


@pytest.mark.usefixtures("in_english")
def test_one_byte_is_found_by_the_page_the_upload_and_the_tool(client, country):
    found = found_in(mixed(country), client)
    assert found.pop("nothing") == [False, False, False]
    assert list(found) == ["the edition", "a signing page", "inside a signature", "the last update"]
    assert list(found.values()) == [[True, True, True]] * 4


def mixed(country) -> SigningRound:
    """Signed through the gateway, with Praja's own certificate, and in ink."""
    one = signed_round(country, (None, None, None))
    first, second, third = one.signatories.all()
    with_a_certificate(first, way="gateway")
    with_a_certificate(second)
    third.round = SigningRound.objects.get(pk=one.pk)
    on_paper(third, country)
    return SigningRound.objects.get(pk=one.pk)
