"""The fake gateway as a demonstration has it: a process of its own that ends when it is told to."""

import signal
import subprocess
import time

import pytest

from praja import serving
from praja.foundation.accounts import installation
from praja.foundation.signing.gateway import demonstration, fake
from praja.foundation.signing.gateway.asking import Door
from praja.foundation.signing.gateway.problems import GatewayError
from praja.foundation.signing.gateway.secret import Secret, Secrets
from praja.foundation.signing.gateway.v2 import SecondGeneration
from praja.foundation.signing.models import Gateway
from praja.foundation.signing.tests.making import small_pdf
from praja.foundation.signing.tests.test_electronic import NIK, gateway_at


@pytest.fixture
def demonstration_country(country):
    """The small country as a demonstration."""
    installation._known["is_demonstration"] = True
    yield country
    installation.forget()


def wait_until_it_answers(port):
    deadline = time.monotonic() + 30
    while True:
        try:
            return SecondGeneration(Door(f"http://127.0.0.1:{port}", fake.USERNAME, Secret(fake.PASSWORD))).check(
                Secrets(nik=Secret(NIK))
            )
        except GatewayError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_started_by_itself_it_signs_and_ends_when_told():
    port = serving.free_port("127.0.0.1", 18790)
    process = subprocess.Popen(demonstration.command(port))
    try:
        wait_until_it_answers(port)
        client = SecondGeneration(Door(f"http://127.0.0.1:{port}", fake.USERNAME, Secret(fake.PASSWORD)))
        secrets = Secrets(email=Secret("kepala@contoh.go.id"), passphrase=Secret(fake.PASSPHRASE))
        signed = client.sign(small_pdf(1), secrets, None, reason="", location="")
        assert signed.startswith(small_pdf(1))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.django_db
def test_a_demonstration_starts_it_and_tells_its_regions_where_it_is(demonstration_country):
    gateway = gateway_at("http://127.0.0.1:1", demonstration_country.government)
    [part] = serving._fake_gateway()
    gateway.refresh_from_db()
    assert gateway.address == f"http://127.0.0.1:{part.command[-1]}"
    assert demonstration.example_of(gateway).passphrase == fake.PASSPHRASE


@pytest.mark.django_db
def test_real_regions_have_no_fake_gateway(country):
    gateway_at("http://127.0.0.1:1", country.government)
    assert serving._fake_gateway() == []
    demonstration.point_at(2)
    assert Gateway.objects.get().address == "http://127.0.0.1:1"
    assert demonstration.example_of(Gateway.objects.get()) is None
