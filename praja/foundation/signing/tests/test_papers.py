"""Evidence file and archive: what stands in them, who may have them made, and that the job leaves a file."""

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from praja.foundation.documents import blocks
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.worker import perform_due
from praja.foundation.signing.checking import evidence_file, full_check
from praja.foundation.signing.models import Signatory, Signature, SigningAttempt, SigningRound
from praja.foundation.signing.tests.signed import signed_round


@pytest.fixture
def one(country):
    """A round of four: two signed electronically, one in wet ink, one waits."""
    return signed_round(country, ("own", "own", "wet", None))


def words(one):
    """All that the evidence file says, in the words of the code."""
    with translation.override("en"):
        check = full_check.of_round(SigningRound.objects.get(pk=one.pk))
        document = evidence_file.document_of(check, address="http://praja.example")
    return blocks.to_json(document)


def test_the_evidence_says_of_each_signature_who_how_and_what_proves_it(one):
    said = words(one)
    signature = Signature.objects.get(revision=2)
    for part in (
        "Kepala Dinas Uji 02", "Pejabat 02", "3 of 4", "Have signed", "Praja (tidak tersertifikasi)", "2a", "did not answer", "Definitive",
        signature.hash_after[:16], signature.hash_before[-16:], "Budi Koordinator", "Kartika Kementerian", "entry ",
        f"http://praja.example/v/{one.code}/", "were as they were given",
    ):  # fmt: skip
        assert part in said, part


def test_decree_and_power_of_attorney_stand_in_it(one):
    Signature.objects.filter(revision=1).update(acting="plt", decree="SK 821/2026")
    Signature.objects.filter(revision=2).update(is_on_behalf=True, basis="Surat Kuasa 12", basis_from="2026-11-01")
    said = words(one)
    assert "SK 821/2026" in said
    assert "Surat Kuasa 12 (1 November 2026 – –)" in said
    assert "not everything is as it was signed" in said


def test_who_declined_and_what_failed_stands_in_it(one):
    waiting = one.signatories.get(state="waiting")
    by = one.opened_by
    Signatory.objects.filter(pk=waiting.pk).update(
        state="declined", declined_at=timezone.now(), declined_by=by, decline_reason="Belum dibahas"
    )
    SigningAttempt.objects.create(
        round=one, signatory=waiting, way="gateway", by=by, revision=3, hash_before="0" * 64, state="failed",
        problem="unreachable", lease_until=timezone.now(), ended_at=timezone.now(),
    )  # fmt: skip
    said = words(one)
    assert "Belum dibahas" in said
    assert "The e-sign gateway cannot be reached" in said


def test_nothing_personal_stands_in_it(one):
    said = words(one)
    assert "19700101" not in said
    assert "NIP" not in said


def test_the_job_leaves_a_pdf_that_its_page_offers(country, one, client_of, django_capture_on_commit_callbacks):
    client = client_of(country.coordinator)
    address = reverse("signing-evidence", args=[country.plan.slug, one.pk])
    assert b"/berkas/" not in client.get(address).content
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    job = done()
    assert job.file.open().read(5) == b"%PDF-"
    assert reverse("file-download", args=[job.file_id]) in client.get(address).content.decode()


def test_the_job_leaves_an_archive_with_all_rounds(country, one, client_of, monkeypatch):
    monkeypatch.setattr(evidence_file, "made", lambda *_parts, **_names: b"%PDF-bukti")
    client = client_of(country.coordinator)
    address = reverse("signing-export", args=[country.plan.slug])
    client.post(address)
    job = done()
    names = zipfile.ZipFile(io.BytesIO(job.file.open().read())).namelist()
    assert {f"rounds/{one.code}/{name}.pdf" for name in ("original", "signed", "sheet", "evidence")} <= set(names)
    assert job.file.name.endswith(".zip")
    assert reverse("file-download", args=[job.file_id]) in client.get(address).content.decode()


def done():
    """The newest job, done."""
    perform_due()
    return Job.objects.get(name__startswith="signing.make_", state="done")


@pytest.mark.parametrize("user", ["operator", "neighbour", "assessor"])
def test_only_who_runs_the_signing_has_papers_made(country, one, client_of, user):
    client = client_of(getattr(country, user))
    for address in (
        reverse("signing-evidence", args=[country.plan.slug, one.pk]),
        reverse("signing-export", args=[country.plan.slug]),
    ):
        assert client.get(address).status_code == client.post(address).status_code == 404
    assert not Job.objects.filter(name__startswith="signing.make_").exists()


def test_a_round_that_is_being_prepared_has_no_evidence_yet(country, one, client_of):
    SigningRound.objects.update(state="prepared")
    address = reverse("signing-evidence", args=[country.plan.slug, one.pk])
    assert client_of(country.coordinator).post(address).status_code == 200
    assert not Job.objects.filter(name="signing.make_evidence").exists()
