"""Small signed PDFs without any row in the database: made once, for all tests that look at bytes."""

import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from praja.foundation.documents.typesetting import typeset
from praja.foundation.signing.paper import layout
from praja.foundation.signing.pdf import pades
from praja.foundation.signing.pdf.authority import Signer, facts_of
from praja.foundation.signing.pdf.pdf_process import Trust, judged

NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
TEXT = """#set document(title: "Komitmen Bersama")
#set page(paper: "a4")
#set text(font: "Source Serif 4", lang: "id")
= Komitmen Bersama
#lorem(80)
== Kewajiban
#table(columns: 3, ..range(30).map(str))
#pagebreak()
== Penutup
#lorem(40)
"""


@cache
def edition() -> bytes:
    """Two pages, tagged, for archives: as the books are."""
    return typeset({"main": TEXT.encode()}, format="pdf", timestamp=0, pdf_standards=["a-2a", "ua-1"])


@cache
def pages(count=1) -> bytes:
    """Empty signing pages."""
    text = '#set page(paper: "a4")\n#set text(font: "Plus Jakarta Sans")\n' + "#pagebreak()\n".join(
        f"Lembar {number}\n" for number in range(1, count + 1)
    )
    return typeset({"main": text.encode()}, format="pdf", timestamp=0)


@cache
def original() -> bytes:
    """The edition with a signing page behind it."""
    return pades.with_pages(edition(), pages())


@cache
def key_of(_name: str) -> rsa.RSAPrivateKey:
    """A key of its own for each name."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(name, above, *, key=None, is_authority=False, begins=-1, ends=30, extra=None):
    """A certificate of `name` by `above`, good from and until so many days from now."""
    day = datetime.timedelta(days=1)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    usage |= dict.fromkeys(("digital_signature", "content_commitment"), not is_authority)
    usage |= dict.fromkeys(("key_cert_sign", "crl_sign"), is_authority)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(above))
        .public_key((key or key_of(name)).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + begins * day)
        .not_valid_after(NOW + ends * day)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    if extra:
        builder = builder.add_extension(extra, critical=True)
    return builder.sign(key_of(above), hashes.SHA256())


@cache
def root(name="Praja") -> bytes:
    """The certificate of an authority."""
    return _pem(certificate(name, name, is_authority=True, begins=-4000, ends=4000))


@cache
def signer(name="Siti Rahayu", above="Praja", begins=-1, ends=30) -> Signer:
    """Who signs; all have one key, since it takes time to make one."""
    made = certificate(name, above, key=key_of("all"), begins=begins, ends=ends)
    key = key_of("all").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Signer(_pem(made), key, (root(above),), facts_of(made))


def sign(pdf, number, by=None, tsa=None) -> pades.Signed:
    """One more signature, in the box of its number."""
    by = by or signer()
    return pades.sign(
        pdf,
        field=f"TTD-{number:03}",
        box=layout.box((number - 1) % layout.SLOTS_PER_PAGE),
        page=-1,
        text=pades.stamp_text("Siti Rahayu, M.Si.", "Kepala Dinas Uji", NOW, "Asia/Jakarta"),
        signer=by,
        reason="Komitmen bersama",
        place="Uji",
        moment=NOW,
        tsa=tsa,
    )


@cache
def signed(count: int) -> bytes:
    """The original with so many signatures."""
    return original() if not count else sign(signed(count - 1), count).pdf


def said_of(pdf, **trust) -> dict:
    """What the child would answer, without a child."""
    return judged(pdf, Trust(**{"own": [root().decode()]} | trust))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"), x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)
