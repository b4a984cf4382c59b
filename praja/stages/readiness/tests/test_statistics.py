"""Pages of the region's figures: a new one, another year, an own one, a pre-filled one."""

import pytest

from praja.foundation.statistics.figures import figures_of
from praja.foundation.statistics.models import Statistic

LIST = "/kabupaten-uji/statistik/"
NEW = f"{LIST}baru/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def typed(**values):
    return {
        "version": "0", "key": "hdi", "name": "", "value": "70,48", "unit": "indeks", "year": "2024",
        "source": "BPS 2024", "status": "final", **values,
    }  # fmt: skip


def test_a_figure_is_written_with_year_and_source(country, coordinator):
    assert coordinator.get(f"{NEW}?jenis=hdi").context["form"].initial["unit"] == "indeks"
    assert coordinator.post(NEW, typed()).url == LIST
    (figure,) = figures_of(country.government)
    assert (figure.value, figure.year, figure.is_prefilled) == ("70.48", 2024, False)
    assert "70,48" in coordinator.get(LIST).content.decode()


def test_the_same_form_sent_twice_is_saved_once(country, coordinator):
    assert [coordinator.post(NEW, typed()).status_code for _once in range(2)] == [302, 302]
    assert Statistic.objects.get().version == 1


def test_another_figure_of_the_same_year_is_refused_with_what_stands(country, coordinator):
    coordinator.post(NEW, typed())
    response = coordinator.post(NEW, typed(value="71"))
    assert response.status_code == 422
    assert "70,48 indeks" in response.content.decode()


def test_a_figure_of_the_region_needs_a_name_and_keeps_its_years_together(country, coordinator):
    assert coordinator.post(NEW, typed(key="own")).status_code == 422
    assert coordinator.post(NEW, typed(key="own", name="???")).status_code == 422
    for year in ("2023", "2024"):
        coordinator.post(NEW, typed(key="own", name="Desa tanpa sinyal", year=year))
    assert set(Statistic.objects.values_list("key", flat=True)) == {"own-desa-tanpa-sinyal"}
    page = coordinator.get(f"{NEW}?jenis=own-desa-tanpa-sinyal")
    assert page.context["form"].initial["name"] == "Desa tanpa sinyal"


def test_a_prefilled_figure_is_marked_until_somebody_looks(country, coordinator):
    row = Statistic.objects.create(
        organisation=country.government, key="hdi", year=2021, value="66.45", unit="indeks", source="BPS", is_prefilled=True
    )  # fmt: skip
    page = coordinator.get(f"{LIST}?keadaan=belum-diperiksa")
    assert page.context["not_looked_at"] == 1
    coordinator.post(f"{LIST}{row.pk}/pemeriksaan/", {"version": page.context["lines"][0].latest.version})
    row.refresh_from_db()
    assert not row.is_prefilled
    assert coordinator.post(f"{LIST}{row.pk}/", typed(version="2", value="66,5", year="2021")).status_code == 302
    coordinator.post(f"{LIST}{row.pk}/penarikan/", {"version": "3"})
    assert figures_of(country.government) == []


def test_the_folder_is_offered_and_taken_over_with_one_button(country, coordinator):
    country.regency.population = 1000
    country.regency.save()
    assert coordinator.get(LIST).context["to_prefill"] == ["population"]
    coordinator.post(f"{LIST}prapengisian/")
    assert figures_of(country.government)[0].is_prefilled
    assert coordinator.get(LIST).context["to_prefill"] == []


def test_the_neighbour_sees_nothing_and_the_assessor_changes_nothing(country, coordinator, client_of):
    coordinator.post(NEW, typed())
    row = Statistic.objects.get()
    assert client_of(country.neighbour).get(LIST).status_code == 404
    assert client_of(country.assessor).get(f"{LIST}{row.pk}/").status_code == 404
    neighbours_own = f"/kota-sebelah/statistik/{row.pk}/"
    assert client_of(country.neighbour).get(neighbours_own).status_code == 404


def test_queries_do_not_grow_with_the_figures(country, coordinator, django_assert_max_num_queries):
    for year in ("2021", "2022", "2023"):
        coordinator.post(NEW, typed(year=year))
    with django_assert_max_num_queries(12):
        coordinator.get(LIST)
