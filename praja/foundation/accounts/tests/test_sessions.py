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
