"""A browser for the tests of this folder; each visitor's console has to stay clean."""

import os
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = Path(__file__).parent
# What the browser itself reports about answers that a test asks for on purpose, or about the line that it takes away.
EXPECTED = ("409 (Conflict)", "422 (Unprocessable Entity)", "ERR_INTERNET_DISCONNECTED")


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items):
    """Everything here shares one browser, and is skipped where there is none."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.django_db(transaction=True))
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason="Chromium is absent: sudo apt install chromium"))


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests."""
    # Playwright runs a loop in this thread; Django would refuse to ask its database here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, live_server):
    """A function that gives a page of a new visitor; what the console said is judged at the end of the test.

    `user` is signed in already; `script=False` turns JavaScript off; `touch=True` is a phone in the hand: it taps.
    """
    said, contexts = [], []

    def visit(user=None, *, script=True, width=1280, dark=False, touch=False):
        context = browser.new_context(
            base_url=live_server.url,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            has_touch=touch,
            is_mobile=touch,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        if user:
            sign_in(context, user, live_server.url)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [text for text in said if not any(word in text for word in EXPECTED)] == []


def sign_in(context, user, url):
    """Give a browser the session of a user."""
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
