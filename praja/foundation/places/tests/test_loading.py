"""Region codes come in complete, as text, and only once."""

import csv

import pytest
from django.conf import settings

from praja.foundation.places.building import build_regions, row_of
from praja.foundation.places.loading import load_regions
from praja.foundation.places.models import Region


@pytest.mark.django_db
def test_loading_brings_every_place_once():
    assert load_regions() == 38 + 514 + 7285
    assert load_regions() == 0
    assert Region.objects.filter(kind="province").count() == 38
    assert Region.objects.with_government().count() == 38 + 514


@pytest.mark.django_db
def test_a_code_that_looks_like_a_number_stays_text():
    load_regions()
    region = Region.objects.get(code="11.10")
    assert (region.name, region.kind, region.parent.name) == ("Kabupaten Aceh Singkil", "regency", "Aceh")
    assert not Region.objects.filter(code="11.1").exists()


@pytest.mark.django_db
def test_a_renamed_place_is_mended_by_loading_again():
    load_regions()
    Region.objects.filter(code="32.71").update(name="Bogor")
    assert load_regions() == 1
    assert Region.objects.get(code="32.71").name == "Kota Bogor"


def test_kind_and_time_zone_follow_from_code_and_name():
    assert row_of("11", "Aceh") == ("11", "", "province", "Aceh", "Asia/Jakarta")
    assert row_of("31.71", "Kota Administrasi Jakarta Pusat")[2] == "city"
    assert row_of("51.71", "Kota Denpasar")[2:] == ("city", "Kota Denpasar", "Asia/Makassar")
    assert row_of("81.01.01", "Amahai")[1:] == ("81.01", "district", "Amahai", "Asia/Jayapura")


def test_the_files_are_what_the_package_gives(tmp_path):
    pytest.importorskip("lokal")
    build_regions(tmp_path)
    for file_name in ("regions.csv", "districts.csv"):
        assert (tmp_path / file_name).read_bytes() == (settings.PACKAGE / "data" / file_name).read_bytes()


@pytest.mark.skipif(settings.REFERENCE_DIR is None, reason="PRAJA_REFERENCE_DIR is not set")
def test_codes_and_names_agree_with_the_reference_list():
    ours = _names(settings.PACKAGE / "data" / "regions.csv") | _names(settings.PACKAGE / "data" / "districts.csv")
    folder = settings.REFERENCE_DIR / "reference"
    assert ours == _names(folder / "regions.csv") | _names(folder / "kecamatan.csv")


def _names(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}
