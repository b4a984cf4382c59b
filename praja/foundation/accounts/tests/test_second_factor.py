"""The second step of signing in: set up, asked for, used once, lost, required by a role."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import reverse

from praja.foundation.accounts import second_factor
from praja.foundation.accounts.adapters import SecondFactor
from praja.foundation.accounts.models import CacheEntry
from praja.foundation.audit.models import Event
from praja.foundation.drafts.models import Draft
from tests.country import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now(secret=SECRET, *, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_app(user):
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def half_way(client, user="operator", **values):
    return client.post("/masuk/", {"username": user, "password": PASSWORD, **values})


def second(client, code):
    return client.post("/masuk/langkah-kedua/", {"code": code})


@pytest.fixture
def calm(monkeypatch):
    """The clock stands in the middle of a half minute."""
    now = time.time() // 30 * 30 + 15
    monkeypatch.setattr(time, "time", lambda: now)
    return now


def test_an_app_is_set_up_with_its_first_code(client_of, country):
    client = client_of(country.operator)
    page = client.get("/profil/keamanan/aplikasi/")
    assert "data:image/svg+xml;base64," in page.content.decode()
    secret = page.context["form"].secret
    assert client.post("/profil/keamanan/aplikasi/", {"code": "000000x"}).status_code == 422
    assert client.get("/profil/keamanan/aplikasi/").context["form"].secret == secret
    response = client.post("/profil/keamanan/aplikasi/", {"code": code_now(secret)})
    assert response.url == "/profil/keamanan/kode-pemulihan/"
    assert len(client.get(response.url).context["codes"]) == 10
    assert second_factor.is_on(country.operator)


def test_signing_in_then_asks_for_the_code_and_leads_on(client, country, calm):
    with_app(country.operator)
    response = half_way(client, next="/siapa-boleh-apa/")
    assert response.url == "/masuk/langkah-kedua/"
    assert client.get("/profil/").status_code == 302  # the password alone opens nothing
    assert second(client, "123456").status_code == 422
    assert second(client, code_now()).url == "/siapa-boleh-apa/"
    assert client.get("/profil/").status_code == 200


def test_a_code_works_once_whatever_the_clock_says(client, country, calm, monkeypatch):
    with_app(country.operator)
    used = code_now()
    half_way(client)
    assert second(client, used).status_code == 302
    client.post("/keluar/")
    monkeypatch.setattr(time, "time", lambda: calm + 30)  # still within what a slow telephone may show
    CacheEntry.objects.filter(cache_key__contains="allauth.mfa.totp.used").delete()  # the library forgets by then
    half_way(client)
    assert second(client, f" {used[:3]} {used[3:]} ").status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (1, 302), (2, 422)])
def test_a_telephone_may_be_half_a_minute_off(client, country, calm, steps, status):
    with_app(country.operator)
    half_way(client)
    assert second(client, code_now(steps=steps)).status_code == status


def test_a_recovery_code_opens_once(client, country):
    with_app(country.operator)
    code = second_factor.recovery_codes(country.operator)[0]
    half_way(client)
    assert second(client, code).status_code == 302
    assert len(second_factor.recovery_codes(country.operator)) == 9
    client.post("/keluar/")
    half_way(client)
    assert second(client, code).status_code == 422


def test_guessing_codes_is_paused(client, country, calm):
    with_app(country.operator)
    half_way(client)
    for _ in range(10):
        second(client, "000000")
    assert second(client, code_now()).status_code == 422


@pytest.mark.parametrize("change", ["late", "password", "inactive"])
def test_half_way_ends_when_it_is_late_or_the_account_changed(client, country, calm, monkeypatch, change):
    user = with_app(country.operator)
    half_way(client)
    if change == "late":
        monkeypatch.setattr(time, "time", lambda: calm + 601)
    elif change == "password":
        user.set_password("lain sama sekali 77")
        user.save()
    else:
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert second(client, code_now()).url == "/masuk/"


def test_the_second_page_without_the_first_leads_back(client, country):
    assert client.get("/masuk/langkah-kedua/").url == "/masuk/"
    assert client.post("/masuk/langkah-kedua/", {"code": "1"}).url == "/masuk/"


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", '{"id":1}', '{"id":"x","rawId":"x","response":{}}', "[" * 9_000]
)
def test_a_made_up_passkey_opens_nothing(client, country, answer):
    with_app(country.operator)
    half_way(client)
    assert client.post("/masuk/langkah-kedua/", {"credential": answer}).status_code == 422
    assert client.post("/masuk/passkey/", {"credential": answer}).url == "/masuk/"


def test_the_question_for_a_passkey_is_put_to_those_it_concerns(client, country, client_of):
    def ask(who, purpose, host="localhost"):
        return who.post("/passkey/pertanyaan/", {"purpose": purpose}, headers={"host": host}).status_code

    assert [ask(client, purpose) for purpose in ("sign-in", "second", "confirm", "add", "")] == [
        200,
        404,
        404,
        404,
        404,
    ]
    signed_in = client_of(country.operator)
    assert [ask(signed_in, purpose) for purpose in ("confirm", "add")] == [200, 200]
    assert ask(client, "sign-in", host="127.0.0.1") == 404  # browsers refuse passkeys at addresses of numbers


def test_secrets_are_stored_enciphered_and_a_new_key_makes_them_useless(country, settings):
    with_app(country.operator)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert SECRET not in stored
    assert SecondFactor().decrypt(stored) == SECRET
    settings.SECRET_KEY = "another"
    assert SecondFactor().decrypt(stored) != SECRET


def test_taking_the_app_away_takes_the_recovery_codes_along(client_of, country):
    with_app(country.operator)
    assert client_of(country.operator).post("/profil/keamanan/aplikasi/hapus/").status_code == 302
    assert not Authenticator.objects.exists()
    assert Event.objects.get(verb="turn off app").by == country.operator


def test_ten_new_codes_end_those_before(client_of, country):
    with_app(country.operator)
    before = second_factor.recovery_codes(country.operator)
    client_of(country.operator).post("/profil/keamanan/kode-pemulihan/")
    assert not set(before) & set(second_factor.recovery_codes(country.operator))


def test_a_role_may_require_it_and_then_nothing_else_opens_before(client, country, settings):
    settings.SECOND_FACTOR_FOR = {"coordinator"}
    assert half_way(client, "koordinator", next="/kabupaten-uji/").url == "/profil/keamanan/"
    assert client.get("/kabupaten-uji/").url == "/profil/keamanan/"
    assert client.get("/profil/keamanan/").context["is_due"]
    typed = {"version": "1", "title": "Antre"}
    assert client.post("/kabupaten-uji/permasalahan/baru/", typed).url == "/profil/keamanan/"
    assert Draft.objects.get().values == {"title": ["Antre"]}
    secret = client.get("/profil/keamanan/aplikasi/").context["form"].secret
    client.post("/profil/keamanan/aplikasi/", {"code": code_now(secret)})
    assert client.get("/kabupaten-uji/").status_code == 200
    client.post("/profil/keamanan/aplikasi/hapus/")
    assert second_factor.is_on(country.coordinator)  # it cannot be taken away again


def test_other_roles_are_not_held_up(client, country, settings):
    settings.SECOND_FACTOR_FOR = {"coordinator"}
    assert half_way(client).url == "/"
    assert client.get("/profil/").status_code == 200


def test_coordinators_are_asked_to_and_operators_not(client_of, country):
    assert client_of(country.coordinator).get("/profil/keamanan/").context["is_advised"]
    assert not client_of(country.operator).get("/profil/keamanan/").context["is_advised"]


def test_nothing_of_the_library_is_open_by_itself(client, client_of, country):
    from django.urls import NoReverseMatch

    for name in ("account_login", "account_signup", "account_email", "mfa_index", "mfa_reauthenticate"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_the_page_of_safety_asks_the_database_little(client_of, country, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("praja.foundation.ui.context.navigation", lambda request: [])
    client = client_of(with_app(country.operator))
    client.get("/profil/keamanan/")
    with django_assert_num_queries(6):
        page = client.get("/profil/keamanan/").content.decode()
    assert not re.search(r"sessionid|session_key", page)


def test_nobody_takes_away_the_passkey_of_somebody_else(client_of, country):
    passkey = Authenticator.objects.create(
        user=country.coordinator, type="webauthn", data={"name": "Laptop", "credential": {}}
    )
    assert client_of(country.operator).post(f"/profil/keamanan/passkey/{passkey.pk}/hapus/").status_code == 404
    assert client_of(country.coordinator).post(f"/profil/keamanan/passkey/{passkey.pk}/hapus/").status_code == 302
    assert not Authenticator.objects.exists()
