"""How people write their names is seen by those who run the rounds: scans and archives are not for all who read files."""

import pytest
from django.urls import reverse

from praja.foundation.files import contents
from praja.foundation.files.actions import keep
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.signing.models import SheetScan
from praja.foundation.signing.tests.signed import signed_round


def status(client, stored):
    return client.get(reverse("file-download", args=[stored.pk])).status_code


@pytest.fixture
def scan(country):
    """The scan of a round with a signature in ink."""
    signed_round(country)
    return SheetScan.objects.get()


def test_a_scan_is_for_the_secretariat_and_the_signed_pdf_for_who_reads_files(country, scan, client_of):
    assert status(client_of(country.coordinator), scan.file) == 200
    assert status(client_of(country.mentor), scan.file) == 404
    picture = keep(b"\xff\xd8\xff", name="a.jpg", kind=contents.JPEG, by=None, organisation_path=scan.organisation_path)
    picture.save()
    SheetScan.objects.update(picture=picture)
    assert status(client_of(country.mentor), picture) == 404
    assert status(client_of(country.mentor), scan.round.original) == 200


def test_an_archive_with_scans_in_it_is_for_the_secretariat(country, scan, client_of):
    job = later(
        "signing.make_export", country.plan.pk, "", by=country.coordinator, organisation_path=scan.organisation_path
    )
    Job.objects.filter(pk=job.pk).update(file=scan.round.original)
    assert status(client_of(country.coordinator), scan.round.original) == 200
    assert status(client_of(country.mentor), scan.round.original) == 404
