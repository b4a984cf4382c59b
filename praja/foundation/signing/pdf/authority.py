"""Praja's own certificate authority, made at first use, and the certificates of persons who sign without a certified one.

Keys are RSA with SHA-256: every program that shows signatures of PDFs checks them, which is not so of elliptic curves.
A certificate names the person and the agency, never a NIP or NIK. Keys are stored enciphered; after a change of
SECRET_KEY nobody can read them, and new ones take their place, while what was signed with the old ones stays valid.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.accounts import ciphers
from praja.foundation.accounts.models import Organisation, Person, Position
from praja.foundation.audit.actions import record
from praja.foundation.signing.models import CertificateAuthority, SignerCertificate
from praja.foundation.workflow.steps import Refused

PURPOSE = "signing"
NAME = "Praja (tidak tersertifikasi)"  # as programs show who issued a certificate
NOT_CERTIFIED = "Tanda tangan elektronik Praja, tidak tersertifikasi"  # in Indonesian, as the papers are
AUTHORITY_DAYS = 30 * 365
SIGNER_DAYS = 10 * 365  # a masterplan's signatures are to be checked for as long as it holds
SPARE_DAYS = 30  # a certificate that ends sooner signs nothing more
MOST_KEPT = 20  # certificates of a person that are looked through: one for each office
LONGEST_NAME = 64  # of a name in a certificate (X.520)


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs: a certificate, its private key and the certificates above it, all as PEM."""

    certificate: bytes
    key: bytes
    chain: tuple[bytes, ...]
    facts: dict[str, str]  # subject, issuer, serial, not_before, not_after: what a Signature keeps of it
    remark: str = NOT_CERTIFIED  # stands in every stamp that is made with it


def signer_of(person: Person, organisation: Organisation | None = None) -> Signer:
    """What the person signs with for an organisation, without one for that of their latest office.

    The authority and the certificate are made when they are missing, over or unreadable.
    """
    authority = _current()
    named = _short(organisation.name) if organisation else _organisation_of(person)
    rows = SignerCertificate.objects.filter(person=person, revoked_at=None, authority=authority)
    for one in rows.filter(not_after__gt=timezone.now() + datetime.timedelta(days=SPARE_DAYS))[:MOST_KEPT]:
        if facts_of(x509.load_pem_x509_certificate(one.certificate.encode()))["subject"] == _said(
            person.full_name, named
        ) and (signer := _opened(one)):
            return signer
    made = _opened(_made_for(person, named, authority))
    if made is None:
        raise RuntimeError("a certificate that was just made cannot be read")
    return made


def certificates_of(persons: Iterable[int]) -> QuerySet[SignerCertificate]:
    """The certificates that these persons have had, the newest first."""
    return SignerCertificate.objects.filter(person__in=list(persons)).select_related("person", "revoked_by__person")


@transaction.atomic
def revoke(certificate: SignerCertificate, *, reason: str, by: Any, about: Any) -> None:
    """Take a certificate back, for good: what it signed until now stays valid, and it signs nothing more.

    `about` is the row in whose history it stands. Raises Refused with a sentence.
    """
    if not reason.strip():
        raise Refused([_("Write why the certificate is taken back; it stays beside it.")])
    values = {"revoked_at": timezone.now(), "revoked_by": by, "revoke_reason": reason.strip()}
    if not SignerCertificate.objects.filter(pk=certificate.pk, revoked_at=None).update(**values):
        raise Refused([_("This certificate has been taken back already.")])
    record("revoke certificate", about, by=by, after={"certificate": certificate.serial}, remark=reason.strip())


def is_revoked(serial: str) -> bool:
    """Whether the certificate of this serial number was taken back."""
    return SignerCertificate.objects.filter(serial=serial).exclude(revoked_at=None).exists()


def own_roots() -> list[bytes]:
    """The certificates of all authorities that this installation has had, as PEM."""
    return [text.encode() for text in CertificateAuthority.objects.order_by("pk").values_list("certificate", flat=True)]


def _opened(stored: SignerCertificate) -> Signer | None:
    """The stored certificate with its key; nothing when the key cannot be read."""
    try:
        key = ciphers.deciphered(PURPOSE, stored.key).encode()
    except ciphers.Unreadable:
        return None
    pem = stored.certificate.encode()
    return Signer(pem, key, (stored.authority.certificate.encode(),), facts_of(x509.load_pem_x509_certificate(pem)))


def facts_of(certificate: x509.Certificate) -> dict[str, str]:
    """What a Signature keeps of a certificate."""

    def said(name: Any) -> str:
        parts = [name.get_attributes_for_oid(oid) for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)]
        return ", ".join(str(found[0].value) for found in parts if found)

    return {
        "subject": said(certificate.subject),
        "issuer": said(certificate.issuer),
        "serial": f"{certificate.serial_number:x}",
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
    }


def _organisation_of(person: Person) -> str:
    """The name of the agency or government where the person holds an office, the latest one first."""
    position = (
        Position.objects.filter(person=person, ends_on=None, withdrawn_at=None)
        .select_related("organisation")
        .order_by("-pk")
        .first()
    )
    return _short(position.organisation.name) if position else ""


def _said(name: str, organisation: str) -> str:
    return ", ".join(part for part in (_short(name), organisation) if part)


def _short(text: str) -> str:
    """The text as a certificate can hold it: titles behind the name go first, then letters."""
    while len(text) > LONGEST_NAME and "," in text:
        text = text.rpartition(",")[0]
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip()}…"


def _current() -> CertificateAuthority:
    """The authority in use; made anew when there is none, it is nearly over, or its key cannot be read."""
    found = CertificateAuthority.objects.filter(is_current=True).first()
    if found is not None:
        end = x509.load_pem_x509_certificate(found.certificate.encode()).not_valid_after_utc
        if end > timezone.now() + datetime.timedelta(days=2 * SPARE_DAYS) and _is_readable(found.key):
            return found
    certificate, key = _authority_material()
    try:
        with transaction.atomic():
            if found is not None:
                CertificateAuthority.objects.filter(pk=found.pk).update(is_current=False)
            return CertificateAuthority.objects.create(certificate=certificate, key=ciphers.enciphered(PURPOSE, key))
    except IntegrityError:  # another process was faster
        return CertificateAuthority.objects.get(is_current=True)


def _is_readable(stored: str) -> bool:
    try:
        ciphers.deciphered(PURPOSE, stored)
    except ciphers.Unreadable:
        return False
    return True


def _authority_material() -> tuple[str, str]:
    """(certificate, key) of a new authority, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = _name(NAME, "")
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        _builder(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pem(certificate), _pem_of_key(key)


def _made_for(person: Person, organisation: str, authority: CertificateAuthority) -> SignerCertificate:
    """A new certificate of the person from the authority, stored."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    above = x509.load_pem_x509_certificate(authority.certificate.encode())
    # The key is our own: checking that its numbers are primes takes longer than to sign with it.
    above_key: Any = serialization.load_pem_private_key(
        ciphers.deciphered(PURPOSE, authority.key).encode(), password=None, unsafe_skip_rsa_key_validation=True
    )
    subject = _name(_short(person.full_name), organisation)
    days = min(SIGNER_DAYS, (above.not_valid_after_utc - timezone.now()).days)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(above_key.public_key())
    certificate = (
        _builder(subject, above.subject, key.public_key(), days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(identifier, critical=False)
        .sign(above_key, hashes.SHA256())
    )
    return SignerCertificate.objects.create(
        authority=authority,
        person=person,
        serial=f"{certificate.serial_number:x}",
        certificate=_pem(certificate),
        key=ciphers.enciphered(PURPOSE, _pem_of_key(key)),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def _builder(subject: x509.Name, issuer: x509.Name, public_key: rsa.RSAPublicKey, days: int) -> x509.CertificateBuilder:
    now = timezone.now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))  # clocks of those who check may be slow
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _name(name: str, organisation: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "ID")]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*names: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in names for name in every})


def _pem(certificate: x509.Certificate) -> str:
    return str(certificate.public_bytes(serialization.Encoding.PEM).decode())


def _pem_of_key(key: rsa.RSAPrivateKey) -> str:
    made = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return str(made.decode())
