"""Editions on their pages: frozen, read, proved, given a status, compared."""

import datetime

import pytest

from praja.foundation.documents import editions
from praja.foundation.documents.models import Edition
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.editions.freezing import book_to_freeze

HOME = "/kabupaten-uji/naskah/"
DAY = datetime.date(2026, 11, 22)


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def frozen(country, **values):
    document = book_to_freeze(country.plan, "masterplan", values.get("status", "draft"))
    return editions.freeze(
        document, subject=country.plan, name="masterplan", dated_on=DAY, by=country.coordinator, **values
    )


def accepted(country, title):
    living = country.dimension("living")
    return Innovation.objects.create(
        plan=country.plan, organisation=country.health, dimension=living, title=title, state="accepted"
    )


def test_an_empty_list_says_what_freezing_is_for(coordinator):
    page = coordinator.get(HOME)
    assert "/naskah/baru/" in page.content.decode()


def test_a_book_is_frozen_with_the_next_number(country, coordinator):
    typed = {"book": "masterplan", "status": "draft", "dated_on": "22 November 2026", "reason": "hasil Bimtek IV"}
    for number in (1, 2):
        response = coordinator.post(f"{HOME}baru/", typed)
        edition = Edition.objects.get(number=number)
        assert response["Location"] == f"{HOME}{edition.pk}/"
    assert (edition.subject_id, edition.reason) == (country.plan.pk, "hasil Bimtek IV")


def test_a_date_that_is_none_keeps_what_was_typed(coordinator):
    response = coordinator.post(f"{HOME}baru/", {"book": "masterplan", "status": "draft", "dated_on": "kemarin"})
    assert response.status_code == 422
    assert "kemarin" in response.content.decode()


def test_an_edition_reads_as_it_was_frozen_though_the_plan_goes_on(country, coordinator):
    edition = frozen(country)
    accepted(country, "Inovasi sesudahnya")
    page = coordinator.get(f"{HOME}{edition.pk}/").content.decode()
    assert "Inovasi sesudahnya" not in page
    assert edition.sha256 in page


def test_a_tampered_edition_is_told_on_its_page(country, coordinator):
    edition = frozen(country)
    Edition.objects.filter(pk=edition.pk).update(content=edition.content.replace("Kabupaten Uji", "Kabupaten Ubah"))
    page = coordinator.get(f"{HOME}{edition.pk}/")
    assert page.context["problems"]
    Edition.objects.filter(pk=edition.pk).update(content="{")
    assert coordinator.get(f"{HOME}{edition.pk}/").context["fragment"] == ""


def test_a_status_goes_forward_only_and_revoking_needs_a_reason(country, coordinator):
    edition = frozen(country)
    address = f"{HOME}{edition.pk}/status/"
    assert coordinator.post(address, {"version": "1", "status": "final"}).status_code == 302
    assert coordinator.post(address, {"version": "2", "status": "draft"}).status_code == 422
    assert coordinator.post(address, {"version": "2", "status": "revoked"}).status_code == 422
    assert coordinator.post(address, {"version": "2", "status": "revoked", "reason": "salah"}).status_code == 302
    edition.refresh_from_db()
    assert edition.status == "revoked"


def test_a_late_status_is_told(country, coordinator):
    edition = frozen(country)
    response = coordinator.post(f"{HOME}{edition.pk}/status/", {"version": "7", "status": "final"}, follow=True)
    edition.refresh_from_db()
    assert edition.status == "draft"
    assert "lebih dahulu" in response.content.decode()


def test_two_editions_show_what_changed(country, coordinator):
    first = frozen(country)
    accepted(country, "Inovasi yang baru")
    second = frozen(country)
    page = coordinator.get(f"{HOME}{first.pk}/banding/{second.pk}/")
    assert page.context["redline"].counts()
    assert "<ins" in page.content.decode()
    assert coordinator.get(f"{HOME}{first.pk}/banding/{second.pk}/?berdampingan=1").status_code == 200


@pytest.mark.slow
def test_the_table_of_changes_is_a_pdf(country, coordinator):
    first, second = frozen(country), frozen(country, status="final")
    response = coordinator.get(f"{HOME}{first.pk}/banding/{second.pk}/tabel/pdf/")
    assert response.content.startswith(b"%PDF")
    assert coordinator.get(f"{HOME}{first.pk}/banding/{second.pk}/tabel/rtf/").status_code == 404


def test_strangers_get_404_and_readers_do_not_freeze(country, client_of):
    edition = frozen(country)
    assert client_of(country.neighbour).get(f"{HOME}{edition.pk}/").status_code == 404
    operator = client_of(country.operator)
    assert operator.get(f"{HOME}{edition.pk}/").status_code == 200
    assert operator.get(f"{HOME}baru/").status_code == 404
    assert operator.get(f"{HOME}{edition.pk}/berkas/pdf/").status_code == 404  # not made yet
