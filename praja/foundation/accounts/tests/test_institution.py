"""Signing in through the institution, against a real provider on this machine: the good way, and every bad one."""

import re
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client

from praja.foundation.accounts import institution
from praja.foundation.accounts.models import Identity, Membership, User
from praja.foundation.accounts.tests.test_second_factor import with_app
from tests.institution import SECRET

BACK = "http://testserver/masuk/instansi/kembali/"


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """The address of the provider, which runs as a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("institution")
    command = [sys.executable, "-m", "tests.institution", str(port), str(folder), BACK]
    process = subprocess.Popen(command)
    address = f"http://localhost:{port}"
    for _ in range(300):
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=5)
            break
        except requests.ConnectionError:
            assert process.poll() is None
            time.sleep(0.1)
    yield address
    process.kill()
    process.wait()


@pytest.fixture
def offered(provider, settings, country):
    """Praja with this institution; the operator's NIP and e-mail are known."""
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = provider, "praja", SECRET
    settings.OIDC_NAME, settings.OIDC_MATCH = "SSO Uji", "nip"
    country.operator.person.nip = "198001012005012001"
    country.operator.person.save()
    User.objects.filter(pk=country.operator.pk).update(email="Sari@contoh.go.id")
    institution._client.cache_clear()
    yield country
    institution._client.cache_clear()


def leave(client, **query):
    return client.get("/masuk/instansi/", query).url


def show_papers(address, username, password="rahasia"):
    """At the institution: sign in; answers where its page sends the browser back to."""
    browser = requests.Session()
    page = browser.get(address, timeout=10)
    form = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    values = {"login": username, "password": password, "csrfmiddlewaretoken": form[1] if form else ""}
    where = parse_qs(urlsplit(page.url).query)
    values["next"] = where.get("next", [""])[0]
    answer = browser.post(page.url, values, timeout=10, allow_redirects=False, headers={"Referer": page.url})
    while answer.is_redirect and not answer.headers["Location"].startswith(BACK):
        answer = browser.get(
            requests.compat.urljoin(answer.url, answer.headers["Location"]), timeout=10, allow_redirects=False
        )
    return answer.headers["Location"]


def come_back(client, location):
    parts = urlsplit(location)
    return client.get(f"{parts.path}?{parts.query}")


def way(client, username="sari", **query):
    return come_back(client, show_papers(leave(client, **query), username))


def test_the_question_carries_state_nonce_and_pkce(offered, client):
    query = parse_qs(urlsplit(leave(client)).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert all(len(query[name][0]) > 15 for name in ("state", "nonce", "code_challenge"))


def test_the_first_time_asks_and_links_and_then_it_opens_at_once(offered, client):
    page = way(client, next="/siapa-boleh-apa/")
    assert page.context["owner"] == offered.operator
    assert not Identity.objects.exists()  # nothing was written while a page was read
    assert client.get("/profil/").status_code == 302
    assert client.post("/masuk/instansi/tautkan/").url == "/siapa-boleh-apa/"
    assert client.session["_auth_user_id"] == str(offered.operator.pk)
    client.post("/keluar/")
    assert way(client, next="/profil/").url == "/profil/"
    assert client.get("/profil/").status_code == 200


def test_somebody_without_account_gets_none(offered, client):
    before = User.objects.count(), Membership.objects.count()
    for person in ("asing", "kosong"):
        assert way(client, person).status_code == 403
    assert (User.objects.count(), Membership.objects.count()) == before
    assert client.get("/profil/").status_code == 302


def test_an_address_that_the_institution_has_not_checked_opens_nothing(offered, client, settings):
    settings.OIDC_MATCH = "email"
    assert way(client, "curiga").status_code == 403
    assert way(client, "sari").context["owner"] == offered.operator


def test_two_accounts_with_one_number_open_neither(offered, client):
    offered.coordinator.person.nip = offered.operator.person.nip
    offered.coordinator.person.save()
    assert way(client).status_code == 403


def test_a_linked_account_is_not_opened_by_another_identity(offered, client):
    Identity.objects.create(user=offered.operator, issuer=institution.settings.OIDC_ISSUER, subject="somebody else")
    assert way(client).status_code == 403


def test_a_second_step_here_is_asked_for_all_the_same(offered, client):
    way(client)
    client.post("/masuk/instansi/tautkan/")
    client.post("/keluar/")
    with_app(offered.operator)
    assert way(client).url == "/masuk/langkah-kedua/"
    assert client.get("/profil/").status_code == 302


def test_an_answer_works_once(offered, client):
    location = show_papers(leave(client), "sari")
    assert come_back(client, location).status_code == 200
    assert come_back(client, location).url == "/masuk/"  # its state is used up
    assert come_back(Client(), location).url == "/masuk/"  # and it is nobody else's


def test_a_stolen_code_is_useless_in_another_browser(offered, client):
    stolen = show_papers(leave(client), "sari")
    thief = Client()
    state = parse_qs(urlsplit(leave(thief)).query)["state"][0]
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    assert thief.get("/masuk/instansi/kembali/", {"code": code, "state": state}).url == "/masuk/"  # PKCE


@pytest.mark.parametrize("part", ["nonce", "code_verifier"])
def test_a_question_that_was_changed_meanwhile_is_refused(offered, client, part):
    location = show_papers(leave(client), "sari")
    session = client.session
    names = session.keys()
    [key] = [name for name in names if name.startswith(institution.STATE)]
    session[key]["data"][part] = "x" * 48
    session.save()
    assert come_back(client, location).url == "/masuk/"


@pytest.mark.parametrize(
    "query", [{}, {"code": "x"}, {"state": "x"}, {"code": "x", "state": "x"}, {"error": "access_denied"}]
)
def test_made_up_answers_lead_back_to_the_sign_in_page(offered, client, query):
    leave(client)
    assert client.get("/masuk/instansi/kembali/", query).url == "/masuk/"


def test_an_issuer_that_calls_itself_otherwise_is_refused(offered, client, settings):
    settings.OIDC_ISSUER = settings.OIDC_ISSUER.replace("localhost", "127.0.0.1")
    assert leave(client) == "/masuk/"


def test_a_token_of_another_issuer_is_refused(offered, client):
    location = show_papers(leave(client), "sari")
    institution._asked().server_metadata["issuer"] = "https://palsu.example"
    assert come_back(client, location).url == "/masuk/"


def test_an_institution_that_is_away_is_said_kindly(settings, client, db):
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = "http://localhost:9", "praja"
    institution._client.cache_clear()
    assert leave(client) == "/masuk/"
    assert "SSO" in client.get("/masuk/").content.decode()


def test_the_link_is_asked_for_once_and_not_late(offered, client, monkeypatch):
    way(client)
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.post("/masuk/instansi/tautkan/").url == "/masuk/"
    assert client.post("/masuk/instansi/tautkan/").url == "/masuk/"
    assert not Identity.objects.exists()


def test_coming_back_again_confirms_that_it_is_still_them(offered, client):
    way(client)
    client.post("/masuk/instansi/tautkan/")
    session = client.session
    session["confirmed_at"] = 0
    session.save()
    way(client, ulang="1", next="/profil/")
    assert time.time() - client.session["confirmed_at"] < 60


def test_unlinking_needs_a_password_to_come_back_with(offered, client, client_of):
    Identity.objects.create(user=offered.operator, issuer=institution.settings.OIDC_ISSUER, subject="1")
    client_of(offered.operator).post("/profil/keamanan/instansi/lepas/")
    assert not Identity.objects.exists()


def test_without_an_institution_the_addresses_do_not_exist(client, db):
    assert client.get("/masuk/instansi/").status_code == 404
    assert "SSO" not in client.get("/masuk/").content.decode()
