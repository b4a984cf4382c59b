"""The small country in which every test meets: a ministry, a province, two regions, their agencies and six people."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import Client
from django.utils import translation

from praja.across.overview import demonstration
from praja.foundation.accounts import installation
from praja.foundation.accounts.models import Affair, Membership, Organisation, Person, User
from praja.foundation.instruments.loading import load_instruments
from praja.foundation.places.models import Region
from praja.foundation.plans.actions import ministry, open_plan
from praja.foundation.plans.loading import load_affairs, load_dimension_sets
from praja.foundation.plans.models import Dimension, DimensionSet, Plan, Request
from tests.databases import delete_instead_of_truncating
from tests.kept import kept, provide

words = import_module("praja.foundation.search.migrations.0002_words")  # the one table that no model describes

PASSWORD = "uji-uji-uji-1"


@dataclass
class Country:
    """Everybody and everything that a test may name."""

    ministry: Organisation
    province: Region
    regency: Region
    city: Region
    plan: Plan
    neighbour_plan: Plan
    government: Organisation
    neighbour_government: Organisation
    health: Organisation
    transport: Organisation
    neighbour_agency: Organisation
    health_request: Request
    transport_request: Request
    operator: User
    coordinator: User
    neighbour: User
    assessor: User
    mentor: User
    ministry_admin: User

    def dimension(self, key="living"):
        """A dimension of the plan's set: governance, branding, economy, living, society, environment."""
        return Dimension.objects.get(set=self.plan.dimension_set, key=key)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database of a run holds dimension sets, affairs and instruments from its start, as a served one does."""
    delete_instead_of_truncating()
    # Nobody asks for Django's own permissions: they are not made again after each test that commits.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    with django_db_blocker.unblock():
        if "search_words" not in connection.introspection.table_names():  # a run without migrations
            with connection.schema_editor() as editor:
                words.make(None, editor)
        load_dimension_sets()
        load_affairs()
        load_instruments()
    yield
    with django_db_blocker.unblock():
        provide([])


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items):
    """One process fills the plan of the demonstration for all tests that begin with it."""
    for item in items:
        if "demonstration_plan" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("demonstration plan"))


@pytest.fixture(autouse=True)
def what_this_database_is():
    """No test knows from the one before whether it works on a demonstration."""
    installation.forget()


@kept
def country():
    """A ministry, "Provinsi Uji", "Kabupaten Uji" with two agencies, "Kota Sebelah" with one; nothing entered yet.

    Dinas Kesehatan is asked for problems, and for innovations in living and society; Dinas Perhubungan for innovations
    in any dimension.
    """
    if not DimensionSet.objects.exists():  # a test that commits has emptied the tables
        load_dimension_sets()
        load_affairs()
        load_instruments()
    province = Region.objects.create(code="98", kind="province", name="Provinsi Uji", time_zone="Asia/Jakarta")
    below = {"parent": province, "time_zone": "Asia/Jakarta"}
    regency = Region.objects.create(code="98.01", kind="regency", name="Kabupaten Uji", **below)
    city = Region.objects.create(code="98.71", kind="city", name="Kota Sebelah", **below)
    short = {"head_approves": False, "dimension_checks": False}  # tests of the whole way switch the middle on
    plan = open_plan(regency, by=None, year_from=2026, year_to=2035, **short)
    neighbour_plan = open_plan(city, by=None, year_from=2026, year_to=2035, **short)
    government, neighbour_government = plan.government, neighbour_plan.government
    health = agency(government, "Dinas Kesehatan", "Dinkes", "1.02")
    transport = agency(government, "Dinas Perhubungan", "Dishub", "2.15")
    neighbour_agency = agency(neighbour_government, "Dinas Kesehatan", "Dinkes", "1.02")
    health_request = Request.objects.create(plan=plan, organisation=health)
    health_request.dimensions.set(Dimension.objects.filter(set=plan.dimension_set, key__in=["living", "society"]))
    transport_request = Request.objects.create(plan=plan, organisation=transport, asks_problems=False)
    Request.objects.create(plan=neighbour_plan, organisation=neighbour_agency)
    return Country(
        ministry=ministry(),
        province=province,
        regency=regency,
        city=city,
        plan=plan,
        neighbour_plan=neighbour_plan,
        government=government,
        neighbour_government=neighbour_government,
        health=health,
        transport=transport,
        neighbour_agency=neighbour_agency,
        health_request=health_request,
        transport_request=transport_request,
        operator=someone("operator", "Sari Operator", "operator", health),
        coordinator=someone("koordinator", "Budi Koordinator", "coordinator", government),
        neighbour=someone("tetangga", "Tuti Tetangga", "coordinator", neighbour_government),
        assessor=someone("asesor", "Ahmad Asesor", "assessor", government),
        mentor=someone("pembimbing", "Prita Pembimbing", "mentor", government),
        ministry_admin=someone("kementerian", "Kartika Kementerian", "ministry_admin", ministry()),
    )


@kept
def demonstration_plan():
    """The plan of Kabupaten Contoh in the demonstration, without the regions that there are; nothing of `country`."""
    with patch.object(demonstration, "load_regions"):
        demonstration.load(report=lambda _line: None)
    return Plan.objects.get(slug="kabupaten-contoh")


@pytest.fixture
def in_english(settings):
    """Pages and sentences as they are written in the code, whatever is translated."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def client_of():
    """A function that gives the signed-in browser of a user."""

    def signed_in(user):
        client = Client()
        client.force_login(user)
        return client

    return signed_in


def agency(government, name, abbreviation, *affairs):
    """An agency of a government with the codes of its affairs."""
    row = Organisation.objects.create(
        kind="agency", agency_kind="agency", parent=government, name=name, abbreviation=abbreviation
    )
    row.affairs.set(Affair.objects.filter(code__in=affairs))
    return row


def someone(username, name, role, organisation):
    """A user with one role, whose password is PASSWORD."""
    user = User.objects.create(username=username, person=Person.objects.create(name=name), password=_hash())
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


@cache
def _hash():
    return make_password(PASSWORD)
