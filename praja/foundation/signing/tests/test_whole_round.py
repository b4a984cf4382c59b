"""A whole round of thirty in ink: named, opened, printed, signed, scanned, confirmed by a second person, complete."""

import pytest
from django.core.files.base import ContentFile

from praja.foundation.audit.models import ChainEntry
from praja.foundation.jobs.worker import perform_due
from praja.foundation.signing import handing_in, rounds, wet
from praja.foundation.signing.models import Signature, SigningRound
from praja.foundation.signing.tests.making import edition_of, head_of, round_of
from praja.foundation.signing.tests.scanning import jpeg, page_of, signed
from praja.foundation.signing.tests.test_store import sign
from tests.country import someone

ADDRESS = "http://localhost:8000"


def opened(round_, by):
    """The round after its opening by the job."""
    rounds.ask_to_open(round_, address=ADDRESS, by=by, version=round_.version)
    perform_due()
    return SigningRound.objects.get(pk=round_.pk)


def scan_and_confirm(round_, page, *, by, second):
    """The printed page comes back with ink in each box of those who wait; a second person confirms."""
    with round_.sheet.open() as file:
        sheet = file.read()
    boxes = round_.signatories.filter(page=page, state="waiting")
    picture = jpeg(signed(page_of(sheet, page), *boxes.values_list("slot", flat=True)))
    (waiting,) = handing_in.hand_in(round_, [ContentFile(picture, name=f"{page}.jpg")], by=by).scans
    perform_due()
    scan = round_.scans.get(pk=waiting.pk)
    assert (scan.state, scan.sheet_page) == ("read", page)
    wet.confirm(scan, dict.fromkeys(boxes.values_list("pk", flat=True), 0), by=second, version=scan.version)


@pytest.mark.slow
def test_thirty_heads_sign_in_ink(country):
    by, second = country.coordinator, someone("kedua", "Rina Kedua", "coordinator", country.government)
    round_ = rounds.prepare(edition_of(country.plan), plan=country.plan, by=by, held_on=country.plan.today)
    for number in range(1, 31):
        head_of(country.government, number)
    assert rounds.add_heads(round_, by=by, version=round_.version)[0] == 30
    round_ = opened(round_, by)
    assert round_.sheet_pages == 6
    for page in range(1, 7):
        scan_and_confirm(round_, page, by=by, second=second)
    round_.refresh_from_db()
    assert (round_.state, round_.revision, round_.signed) == (SigningRound.State.COMPLETE, 0, None)
    assert Signature.objects.filter(way="wet", confirmed_by=second, scanned_by=by).count() == 30
    assert ChainEntry.objects.filter(kind="signature").count() == 30


def test_who_comes_in_after_an_electronic_signature_signs_on_the_further_page(country):
    by, second = country.coordinator, someone("kedua", "Rina Kedua", "coordinator", country.government)
    round_ = opened(round_of(country.plan, count=2, opened=False), by)
    first, leaving = round_.signatories.all()
    sign(first, 1)
    rounds.replace(leaving, head_of(country.government, 9), reason="Rotasi", address=ADDRESS, by=by)
    perform_due()
    round_ = SigningRound.objects.get(pk=round_.pk)
    scan_and_confirm(round_, 2, by=by, second=second)
    round_.refresh_from_db()
    assert (round_.state, round_.revision) == (SigningRound.State.COMPLETE, 1)
