"""The page of the e-sign gateway: empty it explains, it stores what it may ask, shows no secret, and knocks."""

from ipaddress import ip_network

import pytest
from django.urls import reverse

from praja.foundation.accounts import ciphers
from praja.foundation.accounts.sessions import CONFIRMED_AT
from praja.foundation.audit.models import Event
from praja.foundation.drafts.models import Draft
from praja.foundation.notices.models import Notice
from praja.foundation.signing.gateway import fake
from praja.foundation.signing.gateway.client import PURPOSE
from praja.foundation.signing.models import Gateway
from praja.foundation.signing.tests.test_electronic import gateway_at
from tests.country import PASSWORD, someone

SECRET = "rahasia-gerbang-7"


def address(country):
    return reverse("signing-gateway", args=[country.plan.slug])


def values(**more):
    return {"do": "save", "version": "0", "api": "v2", "username": "praja", "address": "http://127.0.0.1:9", **more}


@pytest.mark.django_db
def test_without_a_gateway_the_page_says_what_one_is(country, client_of, django_assert_max_num_queries):
    client = client_of(country.coordinator)
    with django_assert_max_num_queries(14):
        page = client.get(address(country)).content.decode()
    assert "Diskominfo" in page


@pytest.mark.django_db
def test_the_secret_is_stored_enciphered_and_shown_nowhere(country, client_of):
    client = client_of(country.coordinator)
    assert client.post(address(country), values(password=SECRET)).status_code == 302
    stored = Gateway.objects.get()
    assert ciphers.deciphered(PURPOSE, stored.secret) == SECRET
    assert SECRET not in client.get(address(country)).content.decode()
    assert SECRET not in str(list(Event.objects.values()))
    again = values(version=str(stored.version), api="v1")
    assert client.post(address(country), again).status_code == 302
    changed = Gateway.objects.get()
    assert (changed.api, ciphers.deciphered(PURPOSE, changed.secret)) == ("v1", SECRET)


@pytest.mark.django_db
def test_where_passphrases_go_is_entered_by_who_shows_it_is_still_they(country, client_of):
    client = client_of(country.coordinator)
    session = client.session
    del session[CONFIRMED_AT]
    session.save()
    assert client.post(address(country), values(password=SECRET)).status_code == 200
    assert not Gateway.objects.exists()
    assert (
        client.post(address(country), values(**{"confirm-answer": "1", "confirm-password": PASSWORD})).status_code
        == 302
    )
    assert Gateway.objects.exists()


@pytest.mark.django_db
def test_a_gateway_outside_the_networks_of_the_operator_is_refused_and_they_are_told(country, client_of, settings):
    settings.GATEWAY_NETWORKS = [ip_network("10.1.0.0/16")]
    response = client_of(country.coordinator).post(address(country), values(address="https://8.8.8.8"))
    assert response.status_code == 422
    assert "10.1.0.0/16" in response.content.decode()


@pytest.mark.django_db
def test_of_another_address_the_rest_of_the_secretariat_is_told(country, client_of, django_capture_on_commit_callbacks):
    client, second = client_of(country.coordinator), someone("kedua", "Rina", "coordinator", country.government)
    for version, more in enumerate([{}, {"api": "v1"}, {"address": "http://127.0.0.2:9"}]):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(address(country), values(version=str(version), **more)).status_code == 302
    assert ["127.0.0.2" in one.text for one in Notice.objects.filter(user=second).order_by("pk")] == [False, True]
    assert Notice.objects.exclude(user=second).count() == 0
    page = client.get(address(country)).content.decode()
    assert "http://127.0.0.1:9" in page, "the history names the one before"


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", ["address", "username"])
def test_a_secret_does_not_travel_to_another_address(hidden, country, client_of):
    client = client_of(country.coordinator)
    client.post(address(country), values(password=SECRET))
    other = values(version="1", **{hidden: "http://127.0.0.2:9" if hidden == "address" else "lain"})
    assert client.post(address(country), other).status_code == 422
    assert Gateway.objects.get().version == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    ["http://8.8.8.8/", "ftp://127.0.0.1/", "http://169.254.169.254/", "http://a:b@127.0.0.1/", "https://", "x", "",
     "http://127.0.0.1/?x=1", "http://[::1", "http://[::ffff:169.254.169.254]/", "http://0.0.0.0/", "file:///etc/passwd", "https://" + "a" * 400],
)  # fmt: skip
def test_an_address_that_praja_may_not_ask_is_refused_and_kept_on_the_page(wrong, country, client_of):
    response = client_of(country.coordinator).post(address(country), values(address=wrong, username="praja-uji"))
    assert response.status_code == 422
    assert "praja-uji" in response.content.decode()
    assert not Gateway.objects.exists()


@pytest.mark.django_db
def test_the_button_says_whether_the_gateway_answers(country, client_of):
    client = client_of(country.coordinator)
    with fake.running() as server:
        gateway = gateway_at(server.address, country.government)
        assert "tone-success" in client.post(address(country), {"do": "try"}).content.decode()
        gateway.secret = ciphers.enciphered(PURPOSE, "salah")
        gateway.save()
        assert "tone-danger" in client.post(address(country), {"do": "try"}).content.decode()
    assert "tone-danger" in client.post(address(country), {"do": "try"}).content.decode()


@pytest.mark.django_db
def test_out_of_use_its_secret_is_forgotten(country, client_of):
    client = client_of(country.coordinator)
    client.post(address(country), values(password=SECRET))
    assert client.post(address(country), {"do": "withdraw", "version": "7"}).status_code == 302
    assert Gateway.objects.get().withdrawn_at is None, "somebody was faster"
    client.post(address(country), {"do": "withdraw", "version": "1"})
    gone = Gateway.objects.get()
    assert (gone.withdrawn_at is None, gone.secret) == (False, "")
    assert client.post(address(country), values(password=SECRET)).status_code == 302
    assert Gateway.objects.count() == 2


@pytest.mark.django_db
def test_a_form_without_a_session_leaves_no_secret_in_a_draft(country, client):
    client.post(address(country), values(password=SECRET))
    sign = {"version": "1", "nik": "3205010101700001", "passphrase": "Kunci#9", "code": "246810", "do": "gateway"}
    client.post(f"/{country.plan.slug}/penandatanganan/1/tanda-tangan/1/", sign)
    kept = str(list(Draft.objects.values_list("values", flat=True)))
    assert "praja" in kept
    assert not [one for one in (SECRET, "3205010101700001", "Kunci#9", "246810") if one in kept]
