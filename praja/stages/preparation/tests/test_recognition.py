"""The agency that a cell means, however people write it."""

import pytest

from praja.stages.preparation.recognition import AgencyIndex


@pytest.mark.parametrize(
    "text", ["Dinas Kesehatan", "DINKES", "Dinas  kesehatan Kab. Uji", "Dinas Kesehatan Kabupaten Uji"]
)
def test_an_agency_is_found_by_loose_name(country, text):
    index = AgencyIndex("Kabupaten Uji", [country.health, country.transport])
    assert index.find(text).organisation == country.health


def test_a_name_that_fits_two_is_nobodys(country):
    country.health.name, country.transport.name = "Dinas Pasar Seni", "Dinas Pasar dan Seni"
    assert AgencyIndex("Kabupaten Uji", [country.health, country.transport]).find("Dinas Pasar Seni Kab. Uji") is None


def test_the_nearest_names_are_told(country):
    index = AgencyIndex("Kabupaten Uji", [country.health, country.transport])
    assert index.nearest("Dinas Kesehatn dan Sihir")[0] == "Dinas Kesehatan"
