"""Passkeys with a device that Chromium plays, codes of an app, and "is it still you?", on the pages themselves."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from praja.foundation.accounts.models import Session
from tests.browser.steps import faults, overflow
from tests.country import PASSWORD


@pytest.fixture
def at_localhost(live_server):
    """The address under a name: passkeys do not work at addresses of numbers."""
    return live_server.url.replace("127.0.0.1", "localhost")


def device(page):
    """A telephone that knows its owner's fingerprint, played by the browser."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    return tools, tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def sign_in(page, where, username="operator"):
    page.goto(f"{where}/masuk/?next=/profil/keamanan/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form:has([name=password]) button")


def test_a_passkey_is_made_and_then_opens_without_password(visit, country, at_localhost):
    page = visit()
    device(page)
    sign_in(page, at_localhost)
    page.goto(f"{at_localhost}/profil/keamanan/passkey/")
    page.fill("[name=name]", "Laptop kantor")
    page.click("[data-passkey-ask]")
    page.wait_for_url("**/kode-pemulihan/")
    assert page.locator(".codes li").count() == 10
    page.goto(f"{at_localhost}/profil/keamanan/")
    page.get_by_text("Laptop kantor").wait_for()
    assert faults(page) == []
    page.context.clear_cookies()
    page.goto(f"{at_localhost}/masuk/?next=/profil/")
    page.click("[data-passkey-ask]")
    page.wait_for_url(f"{at_localhost}/profil/")  # in full: the sign-in page's own address ends alike
    assert page.locator("body").get_attribute("data-user") == str(country.operator.pk)


def test_a_passkey_is_the_second_step_after_the_password(visit, country, at_localhost):
    page = visit()
    device(page)
    sign_in(page, at_localhost)
    page.goto(f"{at_localhost}/profil/keamanan/passkey/")
    page.click("[data-passkey-ask]")
    page.wait_for_url("**/kode-pemulihan/")
    page.context.clear_cookies()
    sign_in(page, at_localhost)
    page.wait_for_url("**/langkah-kedua/")
    assert faults(page) == []
    page.click("[data-passkey-ask]")
    page.wait_for_url("**/profil/keamanan/")


def test_a_passkey_confirms_that_it_is_still_you(visit, country, at_localhost):
    page = visit()
    device(page)
    sign_in(page, at_localhost)
    page.goto(f"{at_localhost}/profil/keamanan/passkey/")
    page.click("[data-passkey-ask]")
    page.wait_for_url("**/kode-pemulihan/")
    for row in Session.objects.exclude(user=None):
        store = row.get_session_store_class()(row.session_key)
        store["confirmed_at"] = time.time() - 3600
        store.save()
    page.goto(f"{at_localhost}/profil/keamanan/kode-pemulihan/")
    assert page.locator(".codes").count() == 0
    assert faults(page) == []
    page.click("[data-passkey-ask]")
    page.wait_for_selector(".codes")


def test_a_device_that_refuses_says_what_to_do(visit, country, at_localhost):
    page = visit()
    tools, number = device(page)
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.goto(f"{at_localhost}/masuk/")
    page.click("[data-passkey-ask]")
    page.get_by_text(page.locator("[data-passkey-state]").get_attribute("data-refused")).wait_for()
    assert page.locator("[name=password]").is_visible()


def test_the_app_is_set_up_and_asked_for_without_scripts(visit, country, at_localhost):
    page = visit(script=False, width=360)
    sign_in(page, at_localhost)
    page.goto(f"{at_localhost}/profil/keamanan/aplikasi/")
    assert overflow(page) == 0
    secret = page.locator(".secret code").text_content().replace(" ", "")
    page.fill("[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.click("main form button.button-primary")
    page.wait_for_url("**/kode-pemulihan/")
    recovery = page.locator(".codes code").first.text_content()
    page.context.clear_cookies()
    sign_in(page, at_localhost)
    page.fill("[name=code]", recovery)
    page.click("main form button.button-primary")
    page.wait_for_url("**/profil/keamanan/")
    assert overflow(page) == 0


def test_at_an_address_of_numbers_the_page_explains_why_there_are_no_passkeys(visit, country, live_server):
    page, where = visit(), live_server.url.replace("localhost", "127.0.0.1")
    sign_in(page, where)
    page.goto(f"{where}/profil/keamanan/passkey/")
    page.get_by_text("http://localhost").wait_for()
