"""Sessions are rows that all processes read: what ends in one has ended in all."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.signals import request_finished
from django.utils import timezone

from praja.foundation.accounts import sessions
from praja.foundation.accounts.middleware import note_last_use
from praja.foundation.accounts.models import Session
from tests.country import PASSWORD


def test_a_session_knows_its_account(client, country):
    client.post("/masuk/", {"username": "operator", "password": PASSWORD})
    assert Session.objects.get().user == country.operator
    client.post("/keluar/")
    assert not Session.objects.filter(user=country.operator).exists()


def test_a_session_that_ended_elsewhere_opens_nothing_here(client_of, country):
    client = client_of(country.operator)
    assert client.get("/profil/").status_code == 200
    engine = import_module(settings.SESSION_ENGINE)
    engine.SessionStore().delete(client.session.session_key)  # as another process would
    assert client.get("/profil/").status_code == 302


def test_wrong_tries_are_counted_for_all_processes():
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


def test_the_shared_count_holds_a_hundred_thousand_names(db):
    assert cache._max_entries == 100_000


@pytest.mark.parametrize(("age", "is_noted"), [(timedelta(minutes=1), False), (timedelta(hours=1), True)])
def test_the_last_use_is_noted_after_the_answer_and_seldom(client_of, country, age, is_noted):
    client = client_of(country.operator)
    before = timezone.now() - age
    Session.objects.update(last_used_at=before)
    client.get("/profil/")
    assert (Session.objects.get().last_used_at != before) is is_noted


def test_reading_a_page_leaves_the_session_alone_until_the_answer_is_out(client_of, country, django_assert_num_queries):
    client = client_of(country.operator)
    Session.objects.update(last_used_at=timezone.now() - timedelta(days=1))
    request_finished.disconnect(dispatch_uid="note last use of a session")
    try:
        client.get("/profil/")
        assert Session.objects.get().last_used_at < timezone.now() - timedelta(hours=23)
    finally:
        request_finished.connect(note_last_use, dispatch_uid="note last use of a session")


def test_the_browsers_of_an_account_are_listed_without_those_of_an_old_password(client_of, country):
    here, old = client_of(country.operator), client_of(country.operator)
    data = old.session
    data["_auth_user_hash"] = "of another password"
    data.save()
    found = sessions.of_user(country.operator, current=here.session.session_key)
    assert [one.is_current for one in found] == [True]


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
            "Chrome, Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14; SM-A155F) Chrome/139.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("", "Peramban tidak dikenal"),
    ],
)
def test_a_device_is_named_in_words(user_agent, words):
    assert sessions.device_of(user_agent) in (words, "Unknown browser")


@pytest.mark.parametrize(
    "address", ["", "0.0.0.0", "not an address", "127.0.0.1", "10.1.2.3", "203.0.113.9", "fe80::1"]
)
def test_a_network_is_named_without_asking_anybody(address):
    assert sessions.network_of(address)


def test_one_or_all_other_devices_are_signed_out(client_of, country):
    here, there, elsewhere = (client_of(country.operator) for _ in range(3))
    listed = here.get("/profil/keamanan/").context["sessions"]
    assert [one.is_current for one in listed] == [True, False, False]
    mark = sessions.mark_of(there.session.session_key)
    assert here.post("/profil/keamanan/perangkat/akhiri/", {"session": mark}).status_code == 302
    assert [client.get("/profil/").status_code for client in (here, there, elsewhere)] == [200, 302, 200]
    here.post("/profil/keamanan/perangkat/akhiri/", {"session": "others"})
    assert [client.get("/profil/").status_code for client in (here, elsewhere)] == [200, 302]


def test_nobody_ends_the_session_of_somebody_else(client_of, country):
    here, other = client_of(country.operator), client_of(country.coordinator)
    here.post("/profil/keamanan/perangkat/akhiri/", {"session": sessions.mark_of(other.session.session_key)})
    assert other.get("/profil/").status_code == 200


def test_the_key_of_a_session_never_stands_on_the_page(client_of, country):
    here, there = client_of(country.operator), client_of(country.operator)
    page = here.get("/profil/keamanan/").content.decode()
    assert here.session.session_key not in page
    assert there.session.session_key not in page
