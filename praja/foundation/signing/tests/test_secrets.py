"""What only a signatory knows stays nowhere: not in rows, logs, pages, drafts or error reports, whatever happens."""

from contextlib import suppress

import pytest
from django.apps import apps
from django.urls import reverse

from praja.foundation.signing import electronic
from praja.foundation.signing.gateway import fake
from praja.foundation.signing.models import Signature
from praja.foundation.signing.tests.making import round_of
from praja.foundation.signing.tests.test_electronic import fault, first_of, gateway_at

NIK = "3205017788990011"
PASSPHRASE, CODE = "Salah#Sekali%77", "913577"


@pytest.fixture(scope="module")
def server():
    with fake.running(slow_seconds=1) as server:
        yield server


@pytest.fixture
def page(country, client_of, server):
    """The signatory's page, and the browser of who may sign there."""
    gateway_at(server.address, country.government)
    signatory, head = first_of(round_of(country.plan, way="gateway"))
    round_ = signatory.round
    return client_of(head), reverse("signing-sign", args=[country.plan.slug, round_.pk, signatory.pk])


def typed(**more):
    return {"nik": NIK, "passphrase": PASSPHRASE, "code": "", "email": "", "do": "gateway", **more}


def found_in(text, *more):
    return [secret for secret in (NIK, PASSPHRASE, CODE, "9999000000", *more) if secret in text]


def all_rows():
    """Every value of every row of Praja and of the sessions and caches beside it."""
    return "".join(str(list(model.objects.values())) for model in apps.get_models() if model._meta.managed)


@pytest.mark.django_db
def test_wrong_tries_and_a_right_one_leave_no_trace(page, caplog):
    caplog.set_level("DEBUG")
    client, address = page
    pages = [client.get(address), client.post(address, typed()), client.post(address, typed(code=CODE, passphrase=""))]
    pages += [client.post(address, typed(do="code"))]
    assert [one.status_code for one in pages] == [200, 422, 422, 200]
    pages += [client.post(address, typed(passphrase=fake.PASSPHRASE))]
    assert pages[-1].status_code == 302
    assert Signature.objects.count() == 1
    everything = "".join(one.content.decode() for one in pages) + caplog.text + all_rows()
    assert not found_in(everything, fake.PASSPHRASE)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in fake.FAULTS.values() if name != "slow"])
def test_a_fault_leaves_no_trace(name, page, caplog):
    caplog.set_level("DEBUG")
    client, address = page
    response = client.post(address, typed(nik=fault(name), passphrase=fake.PASSPHRASE))
    assert not found_in(response.content.decode() + caplog.text + all_rows(), fake.PASSPHRASE)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where",
    ["electronic._taken", "electronic._by_gateway", "gateway.v2.SecondGeneration.sign", "gateway.asking.Door.ask",
     "gateway.asking.Door._answer", "pdf.judging.added", "rounds.store_signature"],
)  # fmt: skip
def test_an_error_page_shows_none_of_it(where, page, caplog, settings, monkeypatch):
    def broken(*_anything, **_more):
        raise ValueError("something broke")

    settings.DEBUG = True
    monkeypatch.setattr(f"praja.foundation.signing.{where}", broken)
    client, address = page
    client.raise_request_exception = False
    response = client.post(address, typed(passphrase=fake.PASSPHRASE))
    assert response.status_code == (422 if "_answer" in where else 500)
    assert not found_in(response.content.decode() + caplog.text + all_rows(), fake.PASSPHRASE)


@pytest.mark.django_db
def test_without_a_session_nothing_that_was_typed_waits(page, client):
    _client, address = page
    client.post(address, typed(version="1", code=CODE))
    assert not found_in(all_rows())


@pytest.mark.django_db
def test_the_question_whether_it_is_still_you_carries_no_secret(page):
    client, address = page
    response = client.post(address, typed(do="own", code=CODE))
    assert not found_in(response.content.decode())


@pytest.mark.django_db
def test_secrets_are_wiped_whatever_comes_of_it(country, server):
    from praja.foundation.signing.tests.test_electronic import secrets

    gateway_at(server.address, country.government)
    signatory, head = first_of(round_of(country.plan, way="gateway"))
    for passphrase in ("salah", fake.PASSPHRASE):
        carried = secrets(passphrase=passphrase)
        with suppress(Exception):
            electronic.sign(signatory, by=head, way="gateway", secrets=carried)
        assert not any((carried.nik, carried.passphrase))
