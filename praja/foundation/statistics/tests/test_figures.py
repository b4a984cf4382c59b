"""Figures of a region: the latest of each kind, taken over from a data folder, and never two of one year."""

import pytest
from django.conf import settings as django_settings

from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.statistics import actions
from praja.foundation.statistics.catalogue import kinds
from praja.foundation.statistics.figures import figures_of, lines_of
from praja.foundation.statistics.models import Statistic
from praja.foundation.statistics.reference import found_for

SAID = {"unit": "indeks", "source": "BPS, 2024", "status": "final"}
TWIN = {
    "region_stats.csv": "region_code,indicator,value,year,source_id\n98.01,ipm,66.40,2020,S1\n98.01,ipm,66.45,2021,S1\n"
    "98.01,penduduk,2851877,2024,S2\n98.71,ipm,70.1,2021,S1\n98.01,lain,1,2021,S1\n98.01,uhh,tidak ada,2021,S1\n",
    "region_stats_sources.csv": "source_id,source\nS1,BPS 2021\nS2,Kemendagri 2024\n",
}


@pytest.fixture
def twin(tmp_path, settings):
    """A small folder like the real one."""
    (tmp_path / "reference").mkdir()
    for name, text in TWIN.items():
        (tmp_path / "reference" / name).write_text(text)
    settings.REFERENCE_DIR = tmp_path


def hdi(country, year=2024, value="70.12"):
    return actions.set_figure(country.government, by=country.coordinator, key="hdi", year=year, value=value, **SAID)


def test_the_latest_of_each_kind_stands_in_the_order_of_the_catalogue(country):
    for year in (2023, 2025, 2024):
        hdi(country, year)
    actions.set_figure(
        country.government, by=None, key="own-desa", name="Desa", year=2024, value="7", **SAID | {"unit": "desa"}
    )
    actions.set_figure(
        country.government, by=None, key="population", year=2020, value="1000", **SAID | {"unit": "jiwa"}
    )
    assert [(row.key, row.year) for row in figures_of(country.government)] == [
        ("population", 2020),
        ("hdi", 2025),
        ("own-desa", 2024),
    ]
    assert len(lines_of(country.government)) == len(kinds()) + 1


def test_figures_are_read_in_one_query(country, django_assert_num_queries):
    hdi(country)
    with django_assert_num_queries(1):
        assert str(figures_of(country.government)[0]) == "Indeks Pembangunan Manusia (IPM) 2024"


def test_one_year_has_one_figure_and_a_withdrawn_one_comes_back(country):
    row = hdi(country)
    with pytest.raises(TooLate):
        hdi(country)
    actions.withdraw(row, by=country.coordinator, version=row.version)
    assert figures_of(country.government) == []
    assert hdi(country, value="71").pk == row.pk
    assert figures_of(country.government)[0].value == "71"
    assert [event.verb for event in Event.objects.about(row)] == ["set", "withdraw", "set"]


def test_a_figure_that_was_changed_meanwhile_is_not_overwritten(country):
    row = hdi(country)
    actions.change_figure(row, {"value": "71"}, by=country.coordinator, version=1)
    with pytest.raises(TooLate):
        actions.change_figure(row, {"value": "72"}, by=country.coordinator, version=1)
    hdi(country, 2023)
    with pytest.raises(TooLate):
        actions.change_figure(row, {"year": 2023}, by=country.coordinator, version=2)


def test_reference_data_are_taken_over_once_with_their_source_and_a_mark(country, twin):
    hdi(country, 2019)
    assert actions.to_prefill(country.government) == ["population"]  # the region has spoken about the index itself
    assert actions.prefill(country.government, by=country.coordinator) == 1
    row = figures_of(country.government)[0]
    assert (row.value, row.year, row.source, row.is_prefilled) == ("2851877", 2024, "Kemendagri 2024", True)
    assert actions.prefill(country.government, by=country.coordinator) == 0
    actions.confirm(row, by=country.coordinator, version=row.version)
    assert not Statistic.objects.filter(is_prefilled=True).exists()


def test_the_newest_year_of_a_region_counts_and_holes_are_skipped(country, twin):
    found = found_for(country.government)
    assert set(found) == {"population", "hdi"}
    assert (found["hdi"].value, found["hdi"].year) == ("66.45", 2021)


def test_without_a_folder_the_list_of_regions_is_asked_and_nothing_is_final(country, settings):
    settings.REFERENCE_DIR = None
    assert found_for(country.government) == {}
    country.regency.population = 1_500
    country.regency.save()
    country.government.refresh_from_db()
    found = found_for(country.government)
    assert found["population"].value == "1500"
    assert not found["population"].is_final


@pytest.mark.skipif(django_settings.REFERENCE_DIR is None, reason="PRAJA_REFERENCE_DIR is not set")
def test_the_real_folder_knows_twelve_figures_of_a_regency(country):
    country.regency.code = "32.05"
    country.regency.save()
    country.government.refresh_from_db()
    found = found_for(country.government)
    assert set(found) == set(kinds())
    assert all(one.source and one.year for one in found.values())
