"""How a real installation begins, and how plans come into being."""

import pytest

from praja.foundation.accounts import installation
from praja.foundation.accounts.permissions import Can
from praja.foundation.places.models import Region
from praja.foundation.plans.actions import FirstAccountRefused, first_account, open_plan, slug_for
from praja.foundation.plans.models import Plan

PASSWORD = "sandi-yang-panjang-9"


def test_the_first_account_of_a_region_coordinates_its_plan(country):
    installation.forget()
    user = first_account("diskominfo", name="Dewi", password=PASSWORD, region_code="98.01")
    assert user.may(Can.PLAN_SET_UP, country.plan)
    assert not user.may(Can.PLAN_SET_UP, country.neighbour_plan)


def test_the_first_account_without_region_is_the_ministry(country):
    installation.forget()
    assert first_account("kominfo", name="Kartika", password=PASSWORD).may(Can.SHEET_IMPORT, country.neighbour_plan)


@pytest.mark.parametrize(
    ("username", "password", "code"),
    [
        ("operator", PASSWORD, "98.01"),
        ("baru", "pendek", "98.01"),
        ("baru", PASSWORD, "98.99"),
        ("baru", PASSWORD, "x"),
    ],
)
def test_a_first_account_that_cannot_be_is_refused_with_a_sentence(country, username, password, code):
    installation.forget()
    with pytest.raises(FirstAccountRefused):
        first_account(username, name="X", password=password, region_code=code)


def test_a_demonstration_never_becomes_real(db):
    installation.forget()
    installation.mark(is_demonstration=True)
    with pytest.raises(installation.MixedInstallation):
        first_account("baru", name="X", password=PASSWORD)
    installation.forget()


def test_a_plan_is_opened_once(country):
    assert open_plan(country.regency, by=None) == country.plan
    assert Plan.objects.filter(government=country.government).count() == 1


def test_addresses_say_which_sort_of_region_it_is():
    names = {"Kabupaten Garut": "kabupaten-garut", "Kota Bogor": "kota-bogor", "Aceh": "provinsi-aceh"}
    assert {name: slug_for(Region(name=name)) for name in names} == names
