"""Pages about innovations: who sees what, tray, evidence, and that nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from praja.foundation.drafts.models import Draft
from praja.foundation.evidence.models import Evidence
from praja.foundation.plans.models import BudgetLine
from praja.stages.innovations import actions
from praja.stages.innovations.models import Innovation, NotYet, Unplaced
from praja.stages.innovations.tests.test_actions import complete, started


@pytest.fixture
def innovation(country):
    return started(country)


def test_a_new_innovation_begins_with_its_name(country, client_of):
    response = client_of(country.operator).post(
        "/kabupaten-uji/inovasi/baru/", {"title": "Antre dari Rumah", "organisation": country.health.pk}
    )
    assert response.url == f"/inovasi/{Innovation.objects.get().pk}/ubah/identity/"


def test_a_neighbour_gets_404_for_reading_and_writing(country, client_of, innovation):
    neighbour = client_of(country.neighbour)
    address = f"/inovasi/{innovation.pk}/"
    assert neighbour.get(address).status_code == 404
    for path in (
        "ubah/identity/",
        "ubah/money/ketikan/",
        "langkah/",
        "penarikan/",
        "bukti/",
        "bukti/1/penarikan/",
        "kolom/1/",
    ):
        assert neighbour.post(address + path, {"title": "x", "version": 1}).status_code == 404


@pytest.mark.parametrize("section", ["identity", "why", "how", "law", "money", "indicators", "partners"])
def test_every_page_of_the_form_opens_and_goes_on(country, client_of, section):
    innovation = complete(country)
    assert client_of(country.operator).get(f"/inovasi/{innovation.pk}/ubah/{section}/").status_code == 200


def test_a_wrong_amount_keeps_the_page_and_writes_nothing(country, client_of, innovation):
    values = {
        "money-TOTAL_FORMS": 1,
        "money-INITIAL_FORMS": 0,
        "money-0-year": "2026",
        "money-0-amount_rupiah": "lima-lima",
    }
    response = client_of(country.operator).post(f"/inovasi/{innovation.pk}/ubah/money/", {**values, "version": 1})
    assert response.status_code == 422
    assert "lima-lima" in response.content.decode()
    assert not BudgetLine.objects.exists()
    assert Draft.objects.get().kind == "typed"


def test_two_writers_of_the_money_page_see_both_texts(country, client_of, innovation):
    address = f"/inovasi/{innovation.pk}/ubah/money/"
    line = {
        "money-TOTAL_FORMS": 1,
        "money-INITIAL_FORMS": 0,
        "money-0-year": "2026",
        "money-0-source": "apbd_region",
        "money-0-kind": "operation",
        "money-0-stage": "rka",
        "version": 1,
    }
    client_of(country.operator).post(address, {**line, "money-0-amount_rupiah": "111000"})
    response = client_of(country.coordinator).post(address, {**line, "money-0-amount_rupiah": "222000"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "111.000" in page
    assert "222.000" in page
    assert BudgetLine.objects.get().amount_rupiah == 111_000


def test_sending_the_same_page_twice_has_one_effect(country, client_of, innovation):
    address = f"/inovasi/{innovation.pk}/ubah/partners/"
    values = {
        "partners-TOTAL_FORMS": 1,
        "partners-INITIAL_FORMS": 0,
        "partners-0-name": "PMI",
        "partners-0-kind": "community",
    }
    client = client_of(country.operator)
    assert client.post(address, {**values, "version": 1}).status_code == 302
    assert client.post(address, {**values, "version": 1}).status_code == 302
    assert innovation.partners.count() == 1


def test_the_tray_gives_an_innovation_to_an_agency(country, client_of):
    innovation = Innovation.objects.create(plan=country.plan, title="Tanpa pengampu")
    values = {"innovation": innovation.pk, "organisation": country.health.pk, "version": 1}
    client_of(country.coordinator).post("/kabupaten-uji/belum-ada-pengampu/", values)
    innovation.refresh_from_db()
    assert innovation.organisation == country.health


def test_the_tray_is_closed_for_operators_and_neighbours(country, client_of):
    assert client_of(country.operator).get("/kabupaten-uji/belum-ada-pengampu/").status_code == 404
    assert client_of(country.neighbour).get("/kabupaten-uji/belum-ada-pengampu/").status_code == 404


def test_an_agency_of_the_neighbour_cannot_get_an_innovation(country, client_of):
    innovation = Innovation.objects.create(plan=country.plan, title="Tanpa pengampu")
    values = {"innovation": innovation.pk, "organisation": country.neighbour_agency.pk, "version": 1}
    client_of(country.coordinator).post("/kabupaten-uji/belum-ada-pengampu/", values)
    innovation.refresh_from_db()
    assert innovation.organisation is None


def test_a_file_becomes_evidence(country, client_of, innovation):
    upload = SimpleUploadedFile("sk.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n", "application/pdf")
    client_of(country.operator).post(
        f"/inovasi/{innovation.pk}/bukti/", {"title": "SK Tim", "kind": "regulation", "file": upload}
    )
    assert Evidence.objects.about(innovation).get().file.name == "sk.pdf"


def test_the_file_of_an_assigned_innovation_opens_for_its_agency(country, client_of):
    innovation = Innovation.objects.create(plan=country.plan, title="Tanpa pengampu")
    upload = SimpleUploadedFile("sk.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n", "application/pdf")
    values = {"title": "SK Tim", "kind": "regulation", "file": upload}
    client_of(country.coordinator).post(f"/inovasi/{innovation.pk}/bukti/", values)
    file = Evidence.objects.about(innovation).get().file
    operator = client_of(country.operator)
    assert operator.get(f"/berkas/{file.pk}/").status_code == 404
    actions.assign(innovation, organisation=country.health, by=country.coordinator, version=1)
    assert operator.get(f"/berkas/{file.pk}/").status_code == 200


def test_a_web_page_is_no_evidence_file(country, client_of, innovation):
    upload = SimpleUploadedFile("sk.pdf", b"<html><script>alert(1)</script></html>", "application/pdf")
    client_of(country.operator).post(
        f"/inovasi/{innovation.pk}/bukti/", {"title": "SK", "kind": "other", "file": upload}
    )
    assert not Evidence.objects.exists()


def test_a_script_link_is_no_evidence(country, client_of, innovation):
    values = {"title": "SK", "kind": "other", "link": "javascript:alert(1)"}
    client_of(country.operator).post(f"/inovasi/{innovation.pk}/bukti/", values)
    assert not Evidence.objects.exists()


def test_columns_without_field_are_placed_from_the_page(country, client_of, innovation):
    cell = Unplaced.objects.create(innovation=innovation, column="Lain", text="Teks lama")
    client = client_of(country.operator)
    client.post(f"/inovasi/{innovation.pk}/kolom/{cell.pk}/", {"field": "password"})
    client.post(f"/inovasi/{innovation.pk}/kolom/{cell.pk}/", {"field": "summary"})
    innovation.refresh_from_db()
    assert innovation.summary == "Teks lama"


def test_an_agency_says_that_it_has_nothing_to_propose(country, client_of):
    values = {"organisation": country.health.pk, "what": "innovations", "reason": "Masih dibahas."}
    client_of(country.operator).post("/kabupaten-uji/tidak-ada-usulan/", values)
    said = NotYet.objects.get()
    client_of(country.coordinator).post(f"/tidak-ada-usulan/{said.pk}/langkah/", {"step": "accept"})
    said.refresh_from_db()
    assert said.state == "accepted"


def test_the_list_filters_and_pages_by_key(country, client_of):
    for number in range(55):
        actions.start(country.plan, by=country.operator, title=f"Inovasi {number:02}", organisation=country.health)
    client = client_of(country.coordinator)
    first = client.get("/kabupaten-uji/inovasi/?urut=nama")
    assert [row["title"] for row in first.context["page_of_rows"].rows][-1] == "Inovasi 49"
    after = first.context["page_of_rows"].after
    second = client.get("/kabupaten-uji/inovasi/", {"urut": "nama", "sesudah": after})
    assert [row["title"] for row in second.context["page_of_rows"].rows] == [f"Inovasi {n}" for n in range(50, 55)]
    assert len(client.get("/kabupaten-uji/inovasi/?q=inovasi+07").context["page_of_rows"].rows) == 1


def test_a_withdrawn_innovation_is_brought_back_from_its_page(country, client_of, innovation):
    operator, address = client_of(country.operator), f"/inovasi/{innovation.pk}/"
    operator.post(f"{address}penarikan/", {"remark": "Dobel", "version": 1})
    assert not country.plan.innovations.in_service().exists()
    assert f'action="{address}pemulihan/"' in operator.get(address).content.decode()
    assert operator.post(f"{address}pemulihan/", {"version": 2}).url == address
    assert list(country.plan.innovations.in_service()) == [innovation]
