"""Whatever a time stamp authority does, the signature is made; a good time stamp is kept, and why one is missing is said."""

import io
import socket
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import algos, tsp
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import ExtendedKeyUsage
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper

from praja.foundation.signing.pdf import time_stamps
from praja.foundation.signing.tests import pdfs


def answer_well(request):
    """What an authority that everything is right with answers."""
    return _stamper("Stempel").request_tsa_response(tsp.TimeStampReq.load(request)).dump()


def of_something_else(request):
    """A time stamp for another signature."""
    asked = tsp.TimeStampReq.load(request)
    asked["message_imprint"] = tsp.MessageImprint(
        {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": bytes(32)}
    )
    return _stamper("Stempel").request_tsa_response(asked).dump()


def of_an_unknown_authority(request):
    """Right in itself, from somebody whom nobody trusts."""
    return _stamper("Lain").request_tsa_response(tsp.TimeStampReq.load(request)).dump()


def refusal(_request):
    """A polite no."""
    return bytes.fromhex("3005 3003 020102")


@pytest.fixture
def server(monkeypatch, settings, tmp_path):
    """Serves what `answer` says on a port of its own; its address."""
    (tmp_path / "roots.pem").write_bytes(pdfs.root("Stempel Induk"))
    settings.TIME_STAMP_ROOTS = tmp_path / "roots.pem"
    monkeypatch.setattr(time_stamps.Authority.__init__, "__defaults__", (2.0,))
    assert _stamper("Stempel") is not _stamper("Lain")  # keys take longer to make than an authority may take

    class Handler(BaseHTTPRequestHandler):
        answer = staticmethod(answer_well)

        def do_POST(self):
            said = self.answer(self.rfile.read(int(self.headers["Content-Length"])))
            if isinstance(said, int):
                self.send_error(said)
                return
            self.send_response(200)
            self.end_headers()
            for at in range(0, len(said), 4096):
                self.wfile.write(said[at : at + 4096])

        def log_message(self, *_arguments):
            pass

    class Server(HTTPServer):
        def handle_error(self, *_arguments):
            pass  # who asked has gone

    served = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield Handler, f"http://127.0.0.1:{served.server_port}/"
    served.shutdown()
    served.server_close()


def test_a_time_stamp_is_kept_and_valid(server):
    made = pdfs.sign(pdfs.original(), 1, tsa=server[1])
    assert made.time_stamp["authority"]
    said = pdfs.said_of(made.pdf, time_stamps=[pdfs.root("Stempel Induk").decode()])
    assert said["is_valid"]
    assert said["signatures"][0]["time_stamp"]["is_trusted"]
    assert said["signatures"][0]["time_stamp"]["at"] == made.time_stamp["at"]


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (lambda _request: b"", "rubbish"),
        (lambda _request: b"<html>Portal</html>", "rubbish"),
        (lambda _request: bytes(time_stamps.LONGEST * 2), "rubbish"),
        (lambda request: answer_well(request)[:-40], "rubbish"),
        (of_something_else, "rubbish"),
        (of_an_unknown_authority, "untrusted"),
        (refusal, "refused"),
        (lambda _request: 500, "refused"),
        (lambda _request: time.sleep(3) or b"", "slow"),
    ],
)
def test_an_authority_that_fails_takes_no_signature_with_it(server, answer, key):
    handler, address = server
    handler.answer = staticmethod(answer)
    made = pdfs.sign(pdfs.original(), 1, tsa=address)
    assert made.time_stamp == {"missing": key}
    assert pdfs.said_of(made.pdf)["is_valid"]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/", "http://tidak.ada.invalid/", "file:///etc/passwd", "gopher://a/"]
)
def test_an_authority_that_is_not_there_takes_no_signature_with_it(address):
    made = pdfs.sign(pdfs.original(), 1, tsa=address)
    assert made.time_stamp == {"missing": "unreachable"}
    assert pdfs.said_of(made.pdf)["is_valid"]


def test_an_authority_that_drips_is_left_after_its_time():
    listener = socket.create_server(("127.0.0.1", 0))

    def drip():
        asked, _address = listener.accept()
        with asked:
            asked.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            for _byte in range(40):
                time.sleep(0.05)
                try:
                    asked.sendall(b"0")
                except OSError:
                    return

    threading.Thread(target=drip, daemon=True).start()
    with pytest.raises(time_stamps.Missing, match="slow"):
        time_stamps.Authority(f"http://127.0.0.1:{listener.getsockname()[1]}/", [], seconds=0.3).answer(b"asked")
    listener.close()


def test_a_time_stamp_of_the_whole_document_is_no_alteration():
    pdf = _stamped(pdfs.signed(1), "Stempel")
    said = pdfs.said_of(pdf, time_stamps=[pdfs.root("Stempel Induk").decode()])
    assert said["is_valid"]
    assert [len(said["signatures"]), len(said["revisions"])] == [1, 4]


def test_a_time_stamp_of_the_document_by_nobody_known_is_not_valid():
    said = pdfs.said_of(_stamped(pdfs.signed(1), "Lain"), time_stamps=[pdfs.root("Stempel Induk").decode()])
    assert (said["is_valid"], said["problems"]) == (False, ["time-stamp"])


def _stamped(pdf, name):
    """The PDF with a time stamp of all of it at the end."""
    output = PdfTimeStamper(_stamper(name), field_name="Waktu").timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256"
    )
    return output.getvalue()


@cache
def _stamper(name):
    """An authority's key and certificate, by "... Induk"; of "Lain" nobody knows the root."""
    made = pdfs.certificate(
        name, f"{name} Induk", key=pdfs.key_of("all"), extra=ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    )
    key = pdfs.key_of("all").private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = next(iter(load_certs_from_pemder_data(made.public_bytes(serialization.Encoding.PEM))))
    return DummyTimeStamper(certificate, asn1_keys.PrivateKeyInfo.load(key))
