"""The authority and the certificates of persons are made when they are needed, name no numbers, and are renewed in time."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import IntegrityError, transaction
from django.utils import timezone

from praja.foundation.accounts.models import Organisation, Person, Position
from praja.foundation.signing.models import CertificateAuthority, SignerCertificate
from praja.foundation.signing.pdf import authority

made_keys: list[rsa.RSAPrivateKey] = []
generate = rsa.generate_private_key


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch):
    """Keys are made once for all tests of this file; which of them is whose does not matter here."""

    def lent(public_exponent, key_size):
        while len(made_keys) < 2:
            made_keys.append(generate(public_exponent, 2048))
        return made_keys[key_size == 2048]

    monkeypatch.setattr(rsa, "generate_private_key", lent)


@pytest.fixture
def person(db):
    agency = Organisation.objects.create(kind="agency", name="Dinas Kesehatan")
    person = Person.objects.create(
        name="Siti Rahayu", title_before="Dr.", title_after="M.Si.", nip="197001011990031001"
    )
    Position.objects.create(organisation=agency, title="Kepala Dinas Kesehatan", person=person, is_head=True)
    return person


def test_the_first_use_makes_authority_and_certificate_and_the_next_ones_use_them(person):
    first, second = authority.signer_of(person), authority.signer_of(person)
    assert first == second
    assert CertificateAuthority.objects.count() == SignerCertificate.objects.count() == 1
    made = x509.load_pem_x509_certificate(first.certificate)
    made.verify_directly_issued_by(x509.load_pem_x509_certificate(first.chain[0]))
    assert first.facts["subject"] == "Dr. Siti Rahayu, M.Si., Dinas Kesehatan"
    assert first.facts["issuer"] == authority.NAME


def test_a_certificate_holds_no_nip_and_keys_lie_enciphered(person):
    signer = authority.signer_of(person)
    stored = SignerCertificate.objects.get()
    assert person.nip.encode() not in x509.load_pem_x509_certificate(signer.certificate).public_bytes(
        serialization.Encoding.DER
    )
    for text in (stored.key, CertificateAuthority.objects.get().key):
        assert "PRIVATE" not in text
    assert b"PRIVATE KEY" in signer.key


def test_a_certificate_that_ends_soon_is_renewed(person):
    first = authority.signer_of(person)
    soon = timezone.now() + datetime.timedelta(days=authority.SPARE_DAYS - 1)
    SignerCertificate.objects.update(not_after=soon)
    assert authority.signer_of(person).facts["serial"] != first.facts["serial"]


def test_a_certificate_that_was_taken_back_is_not_used_again(person):
    first = authority.signer_of(person)
    SignerCertificate.objects.update(revoked_at=timezone.now())
    assert authority.signer_of(person).facts["serial"] != first.facts["serial"]


def test_another_agency_or_title_makes_another_certificate(person):
    authority.signer_of(person)
    Position.objects.update(ends_on=datetime.date(2026, 1, 1))
    assert authority.signer_of(person).facts["subject"] == "Dr. Siti Rahayu, M.Si."
    Person.objects.update(title_after="M.Si., M.Kes.")
    person.refresh_from_db()
    assert authority.signer_of(person).facts["subject"] == "Dr. Siti Rahayu, M.Si., M.Kes."


def test_a_certificate_is_for_the_organisation_in_whose_place_somebody_signs(country, person):
    first = authority.signer_of(person, country.health)
    Position.objects.create(
        organisation=country.neighbour_agency, title="Saksi", person=person
    )  # named elsewhere since
    assert authority.signer_of(person, country.health) == first
    other = authority.signer_of(person, country.neighbour_agency)
    assert other.facts["subject"].endswith(country.neighbour_agency.name)
    assert authority.signer_of(person, country.health) == first


def test_after_a_change_of_the_secret_there_are_new_keys_and_the_old_root_is_still_trusted(person, settings):
    first = authority.signer_of(person)
    settings.SECRET_KEY = "another one that is long enough to be a secret"
    second = authority.signer_of(person)
    assert second.facts["serial"] != first.facts["serial"]
    assert authority.own_roots() == [first.chain[0], second.chain[0]]
    assert CertificateAuthority.objects.filter(is_current=True).count() == 1


def test_of_two_who_make_the_authority_at_once_one_wins(person, monkeypatch):
    real = authority._authority_material

    def slow():
        material = real()
        CertificateAuthority.objects.create(
            certificate=material[0], key=authority.ciphers.enciphered("signing", material[1])
        )
        return real()

    monkeypatch.setattr(authority, "_authority_material", slow)
    signer = authority.signer_of(person)
    assert CertificateAuthority.objects.count() == 1
    assert signer.chain == (CertificateAuthority.objects.get().certificate.encode(),)


def test_there_is_one_current_authority(person):
    authority.signer_of(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateAuthority.objects.create(certificate="a", key="b")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Siti Rahayu", "Siti Rahayu"),
        ("Prof. Dr. H. Muhammad Abdurrahman Al-Banjari Siregar, S.E., M.Si., Ak., CA.", None),
        ("a" * 200, f"{'a' * 63}…"),
    ],
)
def test_long_names_lose_titles_first(name, short):
    found = authority._short(name)
    assert len(found) <= authority.LONGEST_NAME
    assert found == (short or "Prof. Dr. H. Muhammad Abdurrahman Al-Banjari Siregar, S.E.")
