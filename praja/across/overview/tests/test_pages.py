"""The first pages answer where we are, what is expected of me, and by when, to each role."""

import datetime

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse

from praja.across.overview import queues
from praja.across.reminders.lines import late_lines
from praja.across.reminders.models import LateReason
from praja.foundation.files.actions import store
from praja.foundation.notices.models import Notice
from praja.foundation.plans.deadlines import Windows
from praja.foundation.plans.models import Deadline, Plan
from praja.foundation.remarks.models import Remark
from praja.stages.innovations.coverage import coverage
from praja.stages.innovations.models import Innovation
from praja.stages.problems.models import Problem


@pytest.fixture
def entered(country):
    """One problem returned with a remark, one innovation draft, one submitted."""
    own = {"plan": country.plan, "organisation": country.health, "dimension": country.dimension()}
    problem = Problem.objects.create(title="Antrean panjang", state="returned", **own)
    Innovation.objects.create(title="Posyandu keliling", state="draft", **own)
    Innovation.objects.create(title="Rujukan cepat", state="submitted", **own)
    Remark.objects.create(
        subject="problems.problem", subject_id=problem.pk, text="Lengkapi sumber angka", organisation_path="/"
    )
    return country


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


@pytest.mark.parametrize("who", ["operator", "coordinator", "assessor", "mentor"])
def test_home_leads_to_the_plan_of_the_own_region(country, client_of, who):
    answer = client_of(getattr(country, who)).get("/")
    assert answer.url == "/kabupaten-uji/"


def test_home_leads_the_ministry_to_the_regions(country, client_of):
    answer = client_of(country.ministry_admin).get("/", follow=True)
    assert "Kabupaten Uji" in answer.content.decode()
    assert "Kota Sebelah" in answer.content.decode()


def test_somebody_without_role_is_told_what_to_do(country, client_of):
    country.operator.memberships.update(ended_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    answer = client_of(country.operator).get("/", follow=True)
    assert answer.status_code == 200
    assert "who-may" in answer.content.decode() or "siapa-boleh-apa" in answer.content.decode()


def test_the_regions_of_a_coordinator_end_at_the_own(country, client_of):
    text = page(client_of(country.coordinator), reverse("region-list"))
    assert "Kabupaten Uji" in text
    assert "Kota Sebelah" not in text


def test_regions_are_found_by_name_and_by_plan(country, client_of):
    client = client_of(country.ministry_admin)
    assert "Kabupaten Uji" not in page(client, "/daerah/?q=sebelah")
    assert "Kota Sebelah" in page(client, "/daerah/?q=sebelah&rencana=ada")
    assert "Provinsi Uji" in page(client, "/daerah/?rencana=belum")


def test_a_stranger_gets_404(country, client_of):
    client = client_of(country.neighbour)
    for address in ("/kabupaten-uji/", "/kabupaten-uji/cakupan/", "/kabupaten-uji/cakupan/gambar.svg"):
        assert client.get(address).status_code == 404


def test_the_operator_sees_returned_rows_first_with_the_remark(entered, client_of):
    text = page(client_of(entered.operator), "/kabupaten-uji/")
    assert "Lengkapi sumber angka" in text
    assert text.index("Antrean panjang") < text.index("Smart Living") < text.index("Posyandu keliling")


def test_the_agenda_counts_what_is_open(entered):
    row = coverage(entered.plan).row_of(entered.health.pk)
    agenda = queues.agenda(entered.plan, row, Windows(entered.plan))
    assert [task.is_done for task in agenda.asked] == [False, True, False]  # problems, living, society
    assert agenda.open == 3
    assert agenda.first.title == "Antrean panjang"
    assert [task.title for task in agenda.drafts] == ["Posyandu keliling"]


def test_the_coordinator_sees_what_waits_and_what_the_set_up_lacks(entered, client_of):
    text = page(client_of(entered.coordinator), "/kabupaten-uji/")
    assert "Rujukan cepat" in text
    assert reverse("vision", args=["kabupaten-uji"]) in text


def test_the_assessor_sees_no_queue(entered, client_of):
    assert "Rujukan cepat" not in page(client_of(entered.assessor), "/kabupaten-uji/")


def test_late_counts_days_after_the_deadline_of_what_lacks(country):
    ended = country.plan.today - datetime.timedelta(days=5)
    Deadline.objects.create(plan=country.plan, stage="problems", closes_on=ended)
    lines = late_lines(country.plan, coverage(country.plan))
    assert [(line.row.organisation, line.days) for line in lines] == [(country.health, 5), (country.transport, None)]


def test_the_first_page_says_why_each_is_late_and_what_to_do(entered, client_of):
    LateReason.objects.create(plan=entered.plan, organisation=entered.health, kind="debating", note="Rapat Kamis")
    text = page(client_of(entered.coordinator), "/kabupaten-uji/")
    assert "Rapat Kamis" in text
    assert f"/tindak-lanjut/{entered.health.pk}/#pendampingan" in text


def test_others_see_the_reason_and_no_button(entered, client_of):
    LateReason.objects.create(plan=entered.plan, organisation=entered.health, kind="debating", note="Rapat Kamis")
    text = page(client_of(entered.assessor), "/kabupaten-uji/cakupan/")
    assert "Rapat Kamis" in text
    assert "/tindak-lanjut/" not in text


def test_coverage_shows_each_agency_and_what_lacks(entered, client_of):
    text = page(client_of(entered.coordinator), "/kabupaten-uji/cakupan/")
    assert "Dinkes" in text
    assert f"/kabupaten-uji/inovasi/?opd={entered.health.pk}&amp;dimensi=living" in text


def test_coverage_filters_by_state_and_dimension(entered, client_of):
    client = client_of(entered.coordinator)
    assert "Dishub" not in page(client, "/kabupaten-uji/cakupan/?keadaan=partial")
    assert "Dishub" not in page(client, "/kabupaten-uji/cakupan/?dimensi=society")
    assert page(client, "/kabupaten-uji/cakupan/?keadaan=<b>&dimensi=%00")


def test_numbers_are_links_only_for_those_who_may_see_the_rows(entered, client_of):
    text = page(client_of(entered.assessor), "/kabupaten-uji/cakupan/")
    assert "?opd=" not in text


def test_the_picture_is_an_svg(entered, client_of):
    answer = client_of(entered.coordinator).get("/kabupaten-uji/cakupan/gambar.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")


def test_a_notice_is_read_by_opening_it(country, client_of):
    notice = Notice.objects.create(user=country.operator, text="Diterima", address="/kabupaten-uji/")
    client = client_of(country.operator)
    assert "Diterima" in page(client, "/pemberitahuan/")
    assert client.post("/pemberitahuan/dibaca/", {"notice": notice.pk}).url == "/kabupaten-uji/"
    notice.refresh_from_db()
    assert notice.read_at


def test_nobody_reads_the_notices_of_others(country, client_of):
    notice = Notice.objects.create(user=country.operator, text="Diterima", address="//evil.example/")
    client_of(country.neighbour).post("/pemberitahuan/dibaca/", {"notice": notice.pk})
    notice.refresh_from_db()
    assert notice.read_at is None
    assert client_of(country.operator).post("/pemberitahuan/dibaca/", {"notice": notice.pk}).url == "/pemberitahuan/"


@pytest.mark.parametrize(
    ("who", "address", "queries"),
    [
        ("operator", "/kabupaten-uji/", 22),
        ("coordinator", "/kabupaten-uji/", 32),
        ("coordinator", "/kabupaten-uji/cakupan/", 20),
        ("ministry_admin", "/daerah/", 11),
    ],
)
def test_queries_without_navigation(entered, client_of, django_assert_num_queries, monkeypatch, who, address, queries):
    monkeypatch.setattr("praja.foundation.ui.context.navigation", lambda request: [])
    client = client_of(getattr(entered, who))
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)


def test_everybody_of_the_region_sees_its_coat_of_arms(country, client_of):
    picture = ContentFile((settings.PACKAGE / "data" / "demo" / "arms.png").read_bytes(), name="lambang.png")
    stored = store(picture, by=country.coordinator, organisation_path=country.plan.organisation_path)
    Plan.objects.filter(pk=country.plan.pk).update(arms=stored)
    client = client_of(country.operator)
    assert f"/kabupaten-uji/lambang/?v={stored.pk}" in page(client, "/kabupaten-uji/")
    assert client.get("/kabupaten-uji/lambang/")["Content-Type"] == "image/png"
    assert client_of(country.neighbour).get("/kabupaten-uji/lambang/").status_code == 404


def test_without_a_coat_of_arms_there_is_none(country, client_of):
    assert client_of(country.operator).get("/kabupaten-uji/lambang/").status_code == 404


def test_the_ministry_opens_the_plan_of_any_region_once(country, client_of):
    client = client_of(country.ministry_admin)
    text = page(client, "/daerah/buka-rencana/?q=uji")
    assert "Provinsi Uji" in text
    assert "Kabupaten Uji" not in text
    for _time in range(2):
        assert client.post("/daerah/buka-rencana/", {"region": "98"}).url == "/provinsi-uji/persiapan/"
    assert Plan.objects.filter(government__region=country.province).count() == 1


def test_a_coordinator_opens_the_plan_of_the_own_region_only(country, client_of):
    Plan.objects.all().update(withdrawn_at=country.plan.created_at)
    client = client_of(country.coordinator)
    text = page(client, "/daerah/buka-rencana/")
    assert "Kabupaten Uji" in text
    assert "Kota Sebelah" not in text
    assert client.post("/daerah/buka-rencana/", {"region": "98.71"}).status_code == 404


def test_an_operator_opens_no_plan(country, client_of):
    assert client_of(country.operator).get("/daerah/buka-rencana/").status_code == 404
