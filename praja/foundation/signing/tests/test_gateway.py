"""Both generations of the gateway as Praja asks them: one contract, and hostile answers that are never believed."""

import base64
import datetime
import json
import socket
import ssl
import threading
import time
from contextlib import suppress
from ipaddress import ip_network

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.signing.gateway import fake
from praja.foundation.signing.gateway.asking import Answer, Door, may_ask
from praja.foundation.signing.gateway.client import Place, added_to, raise_unless_can_sign, raise_unless_ok, verdict_of
from praja.foundation.signing.gateway.problems import SENTENCES, GatewayError, Problem
from praja.foundation.signing.gateway.secret import Secret, Secrets
from praja.foundation.signing.gateway.v1 import FirstGeneration
from praja.foundation.signing.gateway.v2 import SecondGeneration, _only_file
from praja.foundation.signing.paper.layout import box
from praja.foundation.signing.pdf import judging
from praja.foundation.signing.tests.making import small_pdf

NIK = "3205010101700001"
PDF = small_pdf(1)
GENERATIONS = {"v1": FirstGeneration, "v2": SecondGeneration}


@pytest.fixture(scope="module")
def server():
    with fake.running(slow_seconds=2) as server:
        yield server


@pytest.fixture(params=GENERATIONS)
def client(request, server):
    """A client of each generation."""
    return GENERATIONS[request.param](Door(server.address, fake.USERNAME, Secret(fake.PASSWORD)))


def who(nik=NIK, passphrase=fake.PASSPHRASE):
    return Secrets(nik=Secret(nik), passphrase=Secret(passphrase))


def problem_of(ask, *arguments, **more):
    with pytest.raises(GatewayError) as refused:
        ask(*arguments, **more)
    return refused.value.problem


def sign(client, secrets, pdf=PDF, place=None):
    return client.sign(pdf, secrets, place, reason="Komitmen", location="Uji")


def test_what_is_signed_begins_with_what_was_sent(client):
    picture = judging.picture_of("Pejabat 01", "Kepala Dinas Uji 01", box(0))
    signed = sign(client, who(), place=Place(1, box(0), picture))
    again = sign(client, who(), pdf=signed)
    assert signed.startswith(PDF)
    assert again.startswith(signed)
    assert judging.added(signed, again).certificate["issuer"] == fake.AUTHORITY
    assert len(signed) - len(PDF) < 60_000


@pytest.mark.parametrize("is_misspelt", [True, False])
def test_a_verification_is_understood_in_both_spellings(client, server, is_misspelt, monkeypatch):
    monkeypatch.setattr(server.fake, "is_misspelt", is_misspelt)
    verdict = client.verify(sign(client, who()))
    assert (verdict.conclusion, [one.is_integral for one in verdict.signatures]) == ("VALID", [True])
    assert verdict.signatures[0].time_stamp == {"signerName": fake.AUTHORITY}
    assert client.verify(PDF).signatures == []


@pytest.mark.parametrize(
    ("nik", "problem"),
    [
        ("9999000000000005", Problem.EXPIRED),
        ("9999000000000006", Problem.NOT_REGISTERED),
        ("9999000000000001", Problem.UNREACHABLE),
        ("9999000000000004", Problem.RUBBISH),
        ("../../admin", Problem.NOT_REGISTERED),
        ("320501010170000٣", Problem.NOT_REGISTERED),
        ("", Problem.NOT_REGISTERED),
    ],
)
def test_a_status_says_who_can_sign(client, nik, problem):
    client.check(who())
    assert problem_of(client.check, who(nik)) == problem


def test_a_wrong_login_a_wrong_passphrase_and_nobody_there(client, server):
    assert problem_of(sign, client, who(passphrase="salah")) == Problem.PASSPHRASE
    assert problem_of(type(client)(Door(server.address, "lain", Secret("x"))).check, who()) == Problem.LOGIN
    assert problem_of(type(client)(Door("http://127.0.0.1:9")).check, who()) == Problem.UNREACHABLE
    assert problem_of(type(client)(Door("http://8.8.8.8")).check, who()) == Problem.ADDRESS
    assert problem_of(type(client)(Door(server.address.replace("http:", "https:"))).check, who()) == Problem.UNTRUSTED


def answering(*pieces, pause=0.0, times=1):
    """The address of a server that answers these bytes and nothing else, whatever it is asked."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer():
        with listener:
            for _time in range(times):
                connection, _address = listener.accept()
                with connection:
                    connection.recv(65536)
                    for piece in pieces:
                        time.sleep(pause)
                        try:
                            connection.sendall(piece)
                        except OSError:
                            return

    threading.Thread(target=answer, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def asked(address, seconds=5, most=1000):
    return problem_of(Door(address).ask, "GET", "/", seconds=seconds, most_bytes=most)


def test_a_gateway_that_sends_a_byte_now_and_then_is_slow_and_the_limit_holds():
    assert asked(answering(*[b"H"] * 9_999, pause=0.1), seconds=0.5, most=99_999) == Problem.SLOW
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
    assert asked(answering(body, *[b"x"] * 9_999, pause=0.1), seconds=0.5, most=99_999) == Problem.SLOW


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00\x01\x02 no HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
def test_what_is_no_answer_is_told_as_such(said):
    assert asked(answering(said)) in (Problem.RUBBISH, Problem.UNREACHABLE)


def test_a_redirect_is_not_followed():
    place = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    moved = f"HTTP/1.1 302 Found\r\nLocation: {place}/\r\nContent-Length: 0\r\n\r\n".encode()
    answer = Door(answering(moved)).ask("GET", "/", seconds=5, most_bytes=100)
    assert answer.status == 302
    assert problem_of(raise_unless_ok, answer) == Problem.RUBBISH


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://gerbang.example.go.id", True),
        ("http://127.0.0.1:8080", True),
        ("http://10.10.1.20", True),
        ("http://192.168.1.4:1/x", True),
        ("http://[::1]:8080", True),
        ("http://1.1.1.1", False),
        ("http://169.254.169.254", False),
        ("http://[fe80::1]", False),
        ("http://0.0.0.0", False),
        ("http://224.0.0.1", False),
        ("ftp://127.0.0.1", False),
        ("http://user@127.0.0.1", False),
        ("http://", False),
        ("http://127.0.0.1:999999", False),
    ],
)
def test_which_addresses_praja_asks(address, may):
    assert may_ask(address) is may


@pytest.mark.parametrize(
    ("address", "may"),
    [("https://10.1.2.3", True), ("http://10.1.2.3", True), ("http://10.2.2.3", False), ("https://8.8.8.8", False),
     ("https://9.9.9.9", True), ("http://9.9.9.9", False), ("https://[::ffff:10.1.2.3]", True)],
)  # fmt: skip
def test_networks_that_the_operator_names_narrow_what_is_asked(address, may, settings):
    settings.GATEWAY_NETWORKS = [ip_network("10.1.0.0/16"), ip_network("9.9.9.9/32")]
    assert may_ask(address) is may


def named(monkeypatch, *places):
    """Have the name gerbang.uji mean these places, each at the next time it is asked for; what was connected to."""
    real, left, reached = socket.getaddrinfo, list(places), []

    def found(host, port, *args, **kwargs):
        if host == "gerbang.uji":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in left.pop(0)]
        reached.append(host)
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return reached


def test_a_name_that_changes_its_meaning_leads_only_where_was_looked(server, monkeypatch):
    port = server.address.rpartition(":")[2]
    reached = named(monkeypatch, ["127.0.0.9", "127.0.0.1"], ["8.8.8.8"])
    answer = Door(f"http://gerbang.uji:{port}", fake.USERNAME, Secret(fake.PASSWORD)).ask(
        "GET", "/", seconds=5, most_bytes=10_000
    )
    assert answer.status == 404
    assert reached == ["127.0.0.9", "127.0.0.1"]
    assert asked(f"http://gerbang.uji:{port}") == Problem.ADDRESS


@pytest.mark.parametrize(("name", "problem"), [("gerbang.uji", None), ("lain.uji", Problem.UNTRUSTED)])
def test_the_certificate_is_asked_for_by_name_at_the_place_that_was_looked_at(name, problem, monkeypatch, tmp_path):
    heads = []
    address = answering_by_tls(name, tmp_path, heads).replace("127.0.0.1", "gerbang.uji")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "certificate.pem"))
    named(monkeypatch, ["127.0.0.1"])
    if problem:
        assert asked(address) == problem
    else:
        assert Door(address).ask("GET", "/", seconds=5, most_bytes=100).status == 200
        assert f"Host: {address.removeprefix('https://')}\r\n".encode() in heads[0]


def answering_by_tls(name, folder, heads):
    """The address of a server that answers once by TLS with a certificate of this name; `heads` gets what was asked."""
    key = ec.generate_private_key(ec.SECP256R1())
    day = datetime.timedelta(days=1)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 7)
        .not_valid_before(datetime.datetime.now(datetime.UTC) - day)
        .not_valid_after(datetime.datetime.now(datetime.UTC) + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM)
    (folder / "certificate.pem").write_bytes(pem)
    (folder / "both.pem").write_bytes(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    listener = socket.create_server(("127.0.0.1", 0))

    def answer():
        with listener, suppress(OSError), context.wrap_socket(listener.accept()[0], server_side=True) as connection:
            heads.append(connection.recv(65536))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    threading.Thread(target=answer, daemon=True).start()
    return f"https://127.0.0.1:{listener.getsockname()[1]}"


def test_a_secret_shows_nothing_and_does_not_travel():
    secret = Secret("Rahasia#1")
    assert "Rahasia" not in f"{secret} {secret!r} {secret:>20} {Secrets(passphrase=secret)}"
    for copy in (
        lambda: __import__("pickle").dumps(secret),
        lambda: __import__("copy").deepcopy(secret),
        lambda: json.dumps(secret),
    ):
        with pytest.raises(TypeError):
            copy()
    assert "Rahasia" not in str(vars(Secrets(passphrase=secret)))
    secret.wipe()
    assert not secret.reveal()


def test_every_problem_has_its_sentence():
    assert set(SENTENCES) == set(Problem)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "file",
                    "status",
                    "error",
                    "message",
                    "conclusion",
                    "signatureInformations",
                    "signerName",
                    "status_code",
                ]
            )
            | st.text(max_size=5),
            below,
            max_size=5,
        )
    ),
    max_leaves=12,
)
BODIES = st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode())
STATUS = st.sampled_from([200, 200, 200, 204, 301, 400, 401, 403, 404, 429, 500, 503])
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(STATUS, BODIES)
def test_a_hostile_answer_is_a_problem_with_a_sentence_and_nothing_else(status, body):
    for read in (raise_unless_ok, raise_unless_can_sign, verdict_of, _only_file):
        with suppress(GatewayError):
            read(Answer(status, body))


@FUZZ
@given(st.binary(max_size=400))
def test_no_bytes_pass_for_the_document_with_a_signature(rest):
    answer = PDF + rest
    try:
        believed = added_to(PDF, answer)
    except GatewayError:
        return
    with pytest.raises(judging.NotOneMore):
        judging.added(PDF, believed)


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"file":' * 50_000, b"1" * 10_000, b"\xff\xfe{}", b'{"file": [1e999]}']
)
def test_json_that_breaks_parsers_is_rubbish(body):
    assert problem_of(_only_file, Answer(200, body)) == Problem.RUBBISH


def test_a_file_that_is_not_base64_or_not_alone_is_rubbish():
    text = base64.b64encode(PDF).decode()
    for files in ([], [text, text], [text + "!"], [None], text, [[text]]):
        assert problem_of(_only_file, Answer(200, json.dumps({"file": files}).encode())) == Problem.RUBBISH


@pytest.fixture(scope="module")
def signed(server):
    """The document with one right signature."""
    client = SecondGeneration(Door(server.address, fake.USERNAME, Secret(fake.PASSWORD)))
    return sign(client, who(), place=Place(1, box(0), judging.picture_of("A", "B", box(0))))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_byte_that_was_changed_in_the_added_part_is_never_believed(signed, data):
    place = data.draw(st.integers(len(PDF), len(signed) - 1))
    changed = bytearray(signed)
    changed[place] ^= data.draw(st.integers(1, 255))
    start = signed.index(b"/Contents <", len(PDF)) + len("/Contents <")
    end = signed.index(b">", start)
    if start <= place < end:
        return  # hexadecimal digits of the signature itself: a letter may change its case, its padding is nobody's
    with pytest.raises(judging.NotOneMore):
        judging.added(PDF, bytes(changed))


def test_asking_is_silent_in_logs_also_when_debugging(server, caplog):
    caplog.set_level("DEBUG")
    for name in ("v1", "v2"):
        client = GENERATIONS[name](Door(server.address, fake.USERNAME, Secret(fake.PASSWORD)))
        client.check(who())
        for nik in (NIK, *fake.FAULTS):
            if fake.FAULTS.get(nik) != "slow":
                with suppress(GatewayError):
                    sign(client, who(nik))
    assert not [word for word in (NIK, fake.PASSPHRASE, fake.PASSWORD, "99990000") if word in caplog.text]
