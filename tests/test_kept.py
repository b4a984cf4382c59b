"""Kept rows: each test meets them as they were made, whatever the test before did to them."""

import pytest
from django.db import connection, transaction

from praja.foundation.accounts.models import User
from praja.foundation.places.models import Region
from tests import kept
from tests.test_access import rows  # noqa: F401 - a kept fixture upon another


@pytest.mark.parametrize("time", ["first", "again"])
def test_what_a_test_does_to_kept_rows_is_undone(country, time):
    assert country.regency.name == Region.objects.get(code="98.01").name == "Kabupaten Uji"
    Region.objects.filter(code="98.01").update(name="Lain")
    country.regency.name = "Lain"
    country.operator.memberships.all().delete()


@pytest.mark.parametrize("time", ["first", "again"])
def test_kept_rows_stand_upon_one_another(country, rows, time):  # noqa: F811
    assert [layer.make.__name__ for layer in kept.layers] == ["country", "rows"]
    assert country.plan.slug == rows["slug"]
    assert User.objects.filter(username="pelupa").exists()


def test_objects_that_name_one_another_are_the_same_object(country):
    assert country.plan.government is country.government


def test_another_test_meets_nothing_of_them(db):
    assert not Region.objects.filter(code="98").exists()
    assert kept.layers == []


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_has_rows_of_its_own(country):
    assert not connection.in_atomic_block
    assert country.regency.name == Region.objects.get(code="98.01").name


@pytest.mark.parametrize("time", ["first", "again"])
def test_a_broken_connection_harms_no_later_test(country, time):
    assert Region.objects.filter(code="98").exists()
    connection.close()


def test_what_waits_for_the_commit_of_a_test_is_its_own(country, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as found:
        transaction.on_commit(lambda: None)
    assert len(found) == 1
