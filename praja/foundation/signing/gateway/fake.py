"""An e-sign gateway that is not one: both generations over real HTTP, for tests and the demonstration, with faults on demand.

`python -m praja.foundation.signing.gateway.fake --port 8790` starts it. It signs with certificates of an authority of its own,
"BSrE TIRUAN (contoh)", which nobody trusts. Any NIK of sixteen digits and any e-mail address can sign with PASSPHRASE,
except the NIKs of FAULTS.
"""

import argparse
import base64
import binascii
import hashlib
import io
import json
import re
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

AUTHORITY = "BSrE TIRUAN (contoh)"
USERNAME, PASSWORD = "praja-contoh", "kata-sandi-gerbang-contoh"
PASSPHRASE = "Contoh#2026"  # noqa: S105 - of everybody, shown on the pages of the demonstration
CODE = "246810"
# What goes wrong, by the NIK that asks.
FAULTS = {
    "9999000000000001": "down",
    "9999000000000002": "slow",
    "9999000000000003": "twice",  # signs twice
    "9999000000000004": "rubbish",
    "9999000000000005": "expired",
    "9999000000000006": "unregistered",
    "9999000000000007": "busy",
    "9999000000000008": "two files",
    "9999000000000009": "other document",
    "9999000000000010": "late code",
    "9999000000000011": "signed then silent",  # signs, and says nothing of it
}
LARGEST = 64 * 1024 * 1024
OK, BAD, UNAUTHORISED, NOT_FOUND, UNAVAILABLE = 200, 400, 401, 404, 503


class Wrong(Exception):
    """An answer that is an error: its status, and the gateway's number and words."""

    def __init__(self, status: int, number: int, words: str) -> None:
        super().__init__(words)
        self.status, self.number, self.words = status, number, words


@dataclass
class Asked:
    """What came in, whichever generation: who, how they show it, what to sign and where."""

    who: str
    passphrase: str = ""
    code: str = ""
    pdfs: list[bytes] = field(default_factory=list)
    page: int = 1
    box: tuple[float, float, float, float] = (0, 0, 0, 0)
    picture: bytes = b""
    reason: str = ""
    location: str = ""

    @property
    def fault(self) -> str:
        """What has to go wrong for them."""
        return FAULTS.get(self.who, "")


@dataclass
class Fake:
    """The gateway's state: its authority, the codes it gave, and how slow its slow answers are."""

    slow_seconds: float = 35
    code_seconds: float = 300
    is_misspelt: bool = True
    codes: dict[str, float] = field(default_factory=dict)  # who -> until when the code is right
    names: dict[str, str] = field(
        default_factory=dict
    )  # who -> the name in the certificate; others get one that says nothing
    signed: list[str] = field(default_factory=list)  # what was signed, by whom: for tests that count
    ended: threading.Event = field(default_factory=threading.Event)
    lock: Any = field(default_factory=threading.Lock)

    @cached_property
    def authority(self) -> "Authority":
        """Made at first use."""
        return Authority()

    # --- what both generations do -------------------------------------------------------------------------------------

    def status(self, who: str) -> dict[str, Any]:
        """Whether they can sign."""
        fault = FAULTS.get(who, "")
        if fault == "unregistered" or not _is_known(who):
            return {"status_code": 1110, "status": "NOT_REGISTERED", "message": "NIK/email tidak terdaftar"}
        if fault == "expired":
            return {"status_code": 1111, "status": "EXPIRED", "message": "Sertifikat kedaluwarsa"}
        return {"status_code": 1111, "status": "ISSUE", "message": "Pengguna dapat menandatangani"}

    def give_code(self, who: str) -> None:
        """Begin the time in which CODE is right for them."""
        seconds = -1.0 if FAULTS.get(who) == "late code" else self.code_seconds
        self.codes[who] = time.monotonic() + seconds

    def sign(self, asked: Asked) -> list[bytes]:
        """The PDFs with one signature more, or what the fault makes of them; raises Wrong."""
        self._check(asked)
        if asked.fault == "slow":
            self.ended.wait(self.slow_seconds)
        with self.lock:
            made = [self._signed(pdf, asked) for pdf in asked.pdfs]
        if asked.fault == "twice":
            made = [self._signed(pdf, asked) for pdf in made]
        if asked.fault == "two files":
            made *= 2
        if asked.fault == "other document":
            made = [b"%PDF-1.7\n% another one\n" + pdf for pdf in made]
        return made

    def verdict(self, pdf: bytes) -> dict[str, Any]:
        """What the real service says of a signed PDF, with its misspelt key."""
        key = "timestampInfomation" if self.is_misspelt else "timestampInformation"
        seen = [{**one, key: {"signerName": AUTHORITY}} for one in _signatures_in(pdf)]
        is_valid = bool(seen) and all(one["integrityValid"] for one in seen)
        return {
            "conclusion": "VALID" if is_valid else "NO_SIGNATURE" if not seen else "INVALID",
            "description": "Jawaban gerbang tiruan",
            "documentName": "dokumen.pdf",
            "signatureCount": len(seen),
            "signatureInformations": seen,
        }

    def _check(self, asked: Asked) -> None:
        if asked.fault == "busy":
            raise Wrong(UNAVAILABLE, 5030, "Layanan sedang sibuk")
        status = self.status(asked.who)
        if status["status"] == "EXPIRED":
            raise Wrong(BAD, 2021, "Sertifikat pengguna sudah kedaluwarsa")
        if status["status"] != "ISSUE":
            raise Wrong(NOT_FOUND, 1110, "NIK/email tidak terdaftar")
        if asked.code:
            if asked.code != CODE or self.codes.pop(asked.who, 0) < time.monotonic():
                raise Wrong(BAD, 2041, "Kode OTP salah atau sudah lewat waktunya")
        elif asked.passphrase != PASSPHRASE:
            raise Wrong(BAD, 2031, "Passphrase anda salah")

    def _signed(self, pdf: bytes, asked: Asked) -> bytes:
        self.signed.append(asked.who)
        try:
            return _with_signature(pdf, asked, self.authority.signer_of(asked.who, self.names.get(asked.who, "")))
        except Exception as problem:  # whatever pyHanko stumbles over in it
            raise Wrong(BAD, 2001, "Dokumen tidak dapat dibaca") from problem


def _with_signature(pdf: bytes, asked: Asked, signer: Any) -> bytes:
    """The PDF with a visible signature more, as an incremental update."""
    from PIL import Image
    from pyhanko.pdf_utils.images import PdfImage
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, SimpleBoxLayoutRule
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko.stamp import StaticStampStyle, TextStampStyle

    name = f"BSrE_{pdf.count(b'/ByteRange') + 1}_{secrets.token_hex(4)}"
    meta = PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        reason=asked.reason or None,
        location=asked.location or None,
        subfilter=SigSeedSubFilter.PADES,
    )
    box: Any = tuple(round(edge) for edge in asked.box) if asked.box[2] > asked.box[0] else None
    if asked.picture:
        middle = SimpleBoxLayoutRule(
            AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, inner_content_scaling=InnerScaling.STRETCH_TO_FIT
        )
        image = PdfImage(Image.open(io.BytesIO(asked.picture), formats=("PNG",)))
        style: Any = StaticStampStyle(border_width=0, background=image, background_opacity=1, background_layout=middle)
    else:
        style = TextStampStyle(border_width=0, stamp_text=f"{AUTHORITY}\n%(ts)s")
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    field_spec = SigFieldSpec(name, on_page=asked.page - 1, box=box)
    made = PdfSigner(meta, signer, stamp_style=style, new_field_spec=field_spec).sign_pdf(writer)
    return bytes(made.getbuffer())


class Authority:
    """Keys and certificates that live as long as the process, a certificate for each who signs."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric import rsa

        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signer_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.certificate = self._certificate(AUTHORITY, self.key.public_key(), is_authority=True)
        self.signers: dict[str, Any] = {}

    def signer_of(self, who: str, name: str = "") -> Any:
        """What pyHanko signs with for this NIK or e-mail; the certificate names neither, but a person when one is given."""
        from asn1crypto import keys, x509
        from cryptography.hazmat.primitives import serialization
        from pyhanko.sign.signers import SimpleSigner
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        if who not in self.signers:
            name = name or f"Penanda tangan contoh {hashlib.sha256(who.encode()).hexdigest()[:6]}"
            binary = serialization.Encoding.DER
            key = self.signer_key.private_bytes(binary, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            own, above = (
                x509.Certificate.load(one.public_bytes(binary))
                for one in (self._certificate(name, self.signer_key.public_key(), is_authority=False), self.certificate)
            )
            store = SimpleCertificateStore()
            store.register(above)
            self.signers[who] = SimpleSigner(own, keys.PrivateKeyInfo.load(key), store)
        return self.signers[who]

    def _certificate(self, name: str, public_key: Any, *, is_authority: bool) -> Any:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from cryptography.x509.oid import NameOID

        def named(words: str) -> x509.Name:
            return x509.Name(
                [x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"), x509.NameAttribute(NameOID.COMMON_NAME, words)]
            )

        now = datetime.now(UTC)
        usage = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
        )
        usage |= dict.fromkeys(("digital_signature", "content_commitment"), not is_authority)
        usage |= dict.fromkeys(("key_cert_sign", "crl_sign"), is_authority)
        return (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named(AUTHORITY))
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
            .sign(self.key, hashes.SHA256())
        )


class Handler(BaseHTTPRequestHandler):
    """Both generations, by address."""

    server: "Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The status of the first generation."""
        self._answer(b"")

    def do_POST(self) -> None:
        """Everything else."""
        length = self.headers.get("Content-Length", "")
        size = int(length) if length.isdigit() else 0
        if size > LARGEST:
            self.close_connection = True
            self._send_json(BAD, {"error": "terlalu besar", "status_code": 4130})
            return
        self._answer(self.rfile.read(size))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the class above names it
        """Nothing: the address may hold a NIK."""

    def _answer(self, body: bytes) -> None:
        if self.headers.get("Authorization") != self.server.authorization:
            self.close_connection = True
            self._send(UNAUTHORISED, b"", "text/plain")
            return
        try:
            self._route(body)
        except Wrong as wrong:
            self._send_json(wrong.status, {"error": wrong.words, "status_code": wrong.number})
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, binascii.Error):
            self._send_json(BAD, {"error": "Permintaan tidak dapat dibaca", "status_code": 4000})

    def _route(self, body: bytes) -> None:
        fake, path = self.server.fake, self.path.partition("?")[0]
        if found := re.fullmatch(r"/api/user/status/([^/]+)", path):
            if self._is_broken(FAULTS.get(found[1], "")):
                return
            self._send_json(OK, fake.status(found[1]))
        elif path == "/api/sign/pdf":
            asked = _first(_form(self.headers.get("Content-Type", ""), body))
            if not self._is_broken(asked.fault):
                self._send_signed(asked, as_json=False)
        elif path == "/api/sign/verify":
            self._send_json(OK, fake.verdict(_form(self.headers.get("Content-Type", ""), body)["signed_file"]))
        elif path.startswith("/api/v2/"):
            self._second(path.removeprefix("/api/v2/"), json.loads(body))
        else:
            raise Wrong(NOT_FOUND, 4040, "Alamat tidak dikenal")

    def _second(self, path: str, said: dict[str, Any]) -> None:
        fake = self.server.fake
        if path == "verify/pdf":
            self._send_json(OK, fake.verdict(base64.b64decode(said["file"], validate=True)))
            return
        who = said.get("nik") or said["email"]
        if self._is_broken(FAULTS.get(who, "")):
            return
        if path == "user/check/status":
            self._send_json(OK, fake.status(who))
        elif path == "sign/get/totp":
            if fake.status(who)["status"] != "ISSUE":
                raise Wrong(NOT_FOUND, 1110, "NIK/email tidak terdaftar")
            fake.give_code(who)
            self._send_json(OK, {"message": "Kode OTP dikirim", "data": said["data"]})
        elif path == "sign/pdf":
            self._send_signed(_second(who, said), as_json=True)
        else:
            raise Wrong(NOT_FOUND, 4040, "Alamat tidak dikenal")

    def _is_broken(self, fault: str) -> bool:
        """Whether a fault below HTTP's own words was acted out, so that nothing else is to be said."""
        if fault == "down":
            self.close_connection = True
        elif fault == "rubbish":
            self._send(OK, b"<html>" + bytes(range(256)) * 20, "application/pdf")
        else:
            return False
        return True

    def _send_signed(self, asked: Asked, *, as_json: bool) -> None:
        made = self.server.fake.sign(asked)
        if asked.fault == "signed then silent":
            self.close_connection = True
        elif as_json:
            self._send_json(OK, {"time": 120, "file": [base64.b64encode(pdf).decode() for pdf in made]})
        else:
            self._send(OK, b"".join(made), "application/pdf", {"id_dokumen": "contoh"})

    def _send_json(self, status: int, said: dict[str, Any]) -> None:
        self._send(status, json.dumps(said).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # whoever asked has gone
            self.close_connection = True


class Server(ThreadingHTTPServer):
    """A fake gateway that listens."""

    daemon_threads = True

    def __init__(self, fake: Fake, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.fake = fake
        self.authorization = "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: whoever asked hung up."""


@contextmanager
def running(**settings: Any) -> Iterator[Server]:
    """A fake gateway in threads of this process, for tests; settings are those of Fake."""
    server = Server(Fake(**settings))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.fake.ended.set()
        server.shutdown()
        server.server_close()


def _is_known(who: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{16}|[^@\s]+@[^@\s]+", who))


def _form(kind: str, body: bytes) -> dict[str, bytes]:
    """The fields of a multipart form."""
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=policy.HTTP)
    if not message.is_multipart():
        raise Wrong(BAD, 4000, "Permintaan tidak dapat dibaca")
    found = {}
    for part in message.iter_parts():
        name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(content, bytes):
            found[str(name)] = content
    return found


def _first(form: dict[str, bytes]) -> Asked:
    """A question of the first generation."""
    text = {name: value.decode() for name, value in form.items() if name not in ("file", "imageTTD")}
    x, y, wide, high = (float(text.get(name, 0)) for name in ("xAxis", "yAxis", "width", "height"))
    return Asked(
        who=text["nik"],
        passphrase=text["passphrase"],
        pdfs=[form["file"]],
        page=int(text.get("page", 1)),
        box=(x, y, x + wide, y + high),
        picture=form.get("imageTTD", b"") if text["image"] == "true" else b"",
        reason=text["reason"],
        location=text["location"],
    )


def _second(who: str, said: dict[str, Any]) -> Asked:
    """A question of the second generation."""
    [shown] = said["signatureProperties"]
    x, y, wide, high = (float(shown.get(name, 0)) for name in ("originX", "originY", "width", "height"))
    return Asked(
        who=who,
        passphrase=said.get("passphrase", ""),
        code=said.get("totp", ""),
        pdfs=[base64.b64decode(text, validate=True) for text in said["file"]],
        page=int(shown.get("page", 1)),
        box=(x, y, x + wide, y + high),
        picture=base64.b64decode(shown.get("imageBase64", ""), validate=True),
        reason=shown["reason"],
        location=shown["location"],
    )


def _signatures_in(pdf: bytes) -> list[dict[str, Any]]:
    """Each signature of the PDF: by whom, and whether its bytes are as they were."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        return [
            {
                "signerName": one.signer_cert.subject.native.get("common_name", ""),
                "fieldName": one.field_name,
                "integrityValid": one.compute_digest() == _digest_said(one),
            }
            for one in found
        ]
    except Exception:  # noqa: BLE001 - whatever pyHanko stumbles over: no PDF with signatures
        return []


def _digest_said(signature: Any) -> bytes:
    """The digest of the document that the signature holds."""
    for attribute in signature.signer_info["signed_attrs"]:
        if attribute["type"].native == "message_digest":
            return bytes(attribute["values"][0].native)
    return b""


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--slow", type=float, default=35, help="seconds that slow answers take")
    options = parser.parse_args()
    server = Server(Fake(slow_seconds=options.slow), options.port)

    def stop(*_signal: Any) -> None:
        server.fake.ended.set()
        threading.Thread(target=server.shutdown, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    with server:
        server.serve_forever(poll_interval=0.2)


if __name__ == "__main__":
    main()
