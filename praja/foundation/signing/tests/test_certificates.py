"""Taking back a certificate of Praja's own: by the secretariat, with a reason, for good, and without touching what was signed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from praja.foundation.audit.models import Event
from praja.foundation.signing import electronic
from praja.foundation.signing.checking import full_check
from praja.foundation.signing.models import Signature, SignerCertificate, SigningRound
from praja.foundation.signing.pdf import authority, validating
from praja.foundation.signing.tests.making import head_user, round_of
from praja.foundation.signing.tests.signed import read
from praja.foundation.workflow.steps import Refused


@pytest.fixture(autouse=True)
def words_of_the_code():
    with translation.override("en"):
        yield


@pytest.fixture
def one(country):
    """A place in an open round of two, whose holder has a certificate."""
    signatory = round_of(country.plan, count=2, way="own").signatories.first()
    authority.signer_of(signatory.position.person)
    return signatory


def address(one):
    return reverse("signing-certificates", args=[one.round.plan.slug, one.round_id, one.pk])


def take_back(client, one, reason="Kata sandi akun diketahui orang lain"):
    return client.post(address(one), {"certificate": SignerCertificate.objects.get().pk, "reason": reason})


def test_the_secretariat_takes_it_back_with_a_reason_that_stays(country, client_of, one):
    client = client_of(country.coordinator)
    assert take_back(client, one).status_code == 302
    row = SignerCertificate.objects.get()
    assert (row.revoked_by, row.revoke_reason) == (country.coordinator, "Kata sandi akun diketahui orang lain")
    event = Event.objects.get(verb="revoke certificate")
    assert (event.subject_id, event.remark) == (one.pk, row.revoke_reason)
    text = client.get(address(one)).content.decode()
    assert row.revoke_reason in text
    assert (
        "Kata sandi"
        in client.get(reverse("signing-signatory", args=[one.round.plan.slug, one.round_id, one.pk])).content.decode()
    )


def test_without_a_reason_and_a_second_time_nothing_happens(country, client_of, one):
    client = client_of(country.coordinator)
    answer = take_back(client, one, reason="  ")
    assert answer.status_code == 422
    assert not SignerCertificate.objects.exclude(revoked_at=None).exists()
    take_back(client, one)
    answer = take_back(client, one, reason="Alasan lain")
    assert (answer.status_code, "Alasan lain" in answer.content.decode()) == (422, False)
    assert Event.objects.filter(verb="revoke certificate").count() == 1


def test_a_certificate_of_somebody_else_is_not_found_here(country, client_of, one):
    other = one.round.signatories.last()
    assert take_back(client_of(country.coordinator), other).status_code == 404


def test_who_has_none_reads_why(country, client_of, one):
    text = client_of(country.coordinator).get(address(one.round.signatories.last())).content.decode()
    assert "There is no certificate yet" in text or "Belum ada sertifikat" in text


def test_what_was_signed_before_stays_valid_and_the_next_signature_has_a_new_certificate(country, one):
    second = one.round.signatories.last()
    electronic.sign(one, by=head_user(one), way="own")
    row = SignerCertificate.objects.get()
    authority.revoke(row, reason="Kunci bocor", by=country.coordinator, about=one)
    second.refresh_from_db()
    signed = SigningRound.objects.get(pk=one.round_id).head
    assert validating.remembered(signed.sha256, lambda: read(signed)).is_valid
    assert authority.signer_of(one.position.person).facts["serial"] != row.serial


def test_a_certificate_that_is_taken_back_while_it_signs_signs_nothing(country, one, monkeypatch):
    kept = electronic._kept

    def taken_back_meanwhile(*parts):
        authority.revoke(SignerCertificate.objects.get(), reason="Kunci bocor", by=country.coordinator, about=one)
        return kept(*parts)

    monkeypatch.setattr(electronic, "_kept", taken_back_meanwhile)
    with pytest.raises(Refused, match="taken back at this moment"):
        electronic.sign(one, by=head_user(one), way="own")
    assert not Signature.objects.exists()
    monkeypatch.setattr(electronic, "_kept", kept)
    assert (
        electronic.sign(one, by=head_user(one), way="own").certificate["serial"]
        != SignerCertificate.objects.last().serial
    )


def test_what_it_signed_later_than_that_is_told_on_the_pages(country, one):
    electronic.sign(one, by=head_user(one), way="own")
    signed = SigningRound.objects.get(pk=one.round_id).head
    validating.remembered(signed.sha256, lambda: read(signed))
    SignerCertificate.objects.update(revoked_at=timezone.now() - timedelta(days=1))
    check = full_check.of_round(SigningRound.objects.get(pk=one.round_id))
    assert not check.result.is_valid
    assert "a certificate had been taken back before it signed" in check.sentence()


def test_one_that_has_ended_is_renewed_when_it_is_needed_next(one):
    SignerCertificate.objects.update(not_after=timezone.now() - timedelta(days=1))
    signature = electronic.sign(one, by=head_user(one), way="own")
    assert SignerCertificate.objects.count() == 2
    assert signature.certificate["serial"] == SignerCertificate.objects.first().serial
