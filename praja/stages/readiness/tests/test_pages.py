"""Pages of the readiness: answering, going on, proving, remarking, and losing nothing."""

import re
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from praja.foundation.audit.models import Event
from praja.foundation.evidence.models import Evidence
from praja.foundation.instruments.models import Answer
from praja.foundation.remarks.models import Remark
from praja.stages.readiness.figures import readiness_of
from praja.stages.readiness.radar import Axis, radar

PAGE = "/kabupaten-uji/kesiapan/"
EDIT = f"{PAGE}location/ubah/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def typed(version="0", **values):
    return {"version": version, "level": "4", "condition": "Dekat jalan tol.", **values}


def test_an_element_is_answered_and_the_next_one_opens(country, coordinator):
    response = coordinator.post(EDIT, typed(figure="2,5", unit="jam", year="2025", source="Survei"))
    assert response.url == f"{PAGE}natural_resources/ubah/"
    answer = Answer.objects.get()
    assert (answer.state, answer.level, answer.figure, answer.version) == ("given", "4", "2.5", 1)
    assert answer.organisation_path == country.plan.organisation_path
    assert Event.objects.about(answer).get().verb == "set"
    assert "Dekat jalan tol." in coordinator.get(f"{PAGE}location/").content.decode()


def test_the_overview_says_the_result_and_what_lacks(country, coordinator):
    coordinator.post(EDIT, typed(figure="2,5"))
    page = coordinator.get(PAGE)
    found = page.context["found"]
    assert (found.answered, found.components[0].level, found.components[1].level) == (1, 4, None)
    assert page.context["counts"]["sumber"] == 1
    assert page.context["following"] == "natural_resources"
    shown = coordinator.get(f"{PAGE}?kurang=sumber").context["components"]
    assert [element.node.key for _component, elements in shown for element in elements] == ["location"]


def test_a_level_and_a_reason_for_none_do_not_go_together(country, coordinator):
    response = coordinator.post(EDIT, typed(state="not_available"))
    assert response.status_code == 422
    assert not Answer.objects.exists()
    assert coordinator.post(EDIT, typed(level="", state="not_available")).status_code == 302
    assert readiness_of(country.plan).elements[0].state == "not_available"


def test_a_wrong_number_keeps_everything_typed(country, coordinator):
    response = coordinator.post(EDIT, typed(figure="banyak"))
    assert response.status_code == 422
    assert "Dekat jalan tol." in response.content.decode()
    assert "Dekat jalan tol." in coordinator.get(EDIT).content.decode()


def test_the_second_of_two_writers_sees_both_texts(country, coordinator, client_of):
    coordinator.post(EDIT, typed())
    response = client_of(country.ministry_admin).post(EDIT, typed(condition="Terpencil."))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Dekat jalan tol." in page
    assert "Terpencil." in page
    assert coordinator.post(EDIT, typed()).status_code == 302  # the same form sent twice is no conflict


def test_the_page_saves_by_itself(country, coordinator):
    coordinator.post(f"{EDIT}ketikan/", typed(condition="Belum selesai"))
    assert "Belum selesai" in coordinator.get(EDIT).content.decode()
    assert not Answer.objects.exists()


def test_evidence_proves_an_element_that_is_not_answered_yet(country, coordinator):
    upload = ContentFile(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n", name="kajian.pdf")
    coordinator.post(f"{PAGE}location/bukti/", {"title": "Kajian", "kind": "report", "file": upload})
    evidence = Evidence.objects.get()
    assert evidence.organisation_path == country.plan.organisation_path
    assert not readiness_of(country.plan).answered
    assert coordinator.get(PAGE).context["evidence"] == {evidence.subject_id: 1}
    coordinator.post(f"{PAGE}location/bukti/{evidence.pk}/penarikan/")
    assert not Evidence.objects.filter(withdrawn_at=None).exists()


def test_a_mentor_remarks_and_the_coordinator_settles_on_the_form(country, coordinator, client_of):
    mentor = client_of(country.mentor)
    mentor.post(f"{PAGE}location/catatan/", {"field": "condition", "text": "Sebutkan desanya."})
    remark = Remark.objects.get()
    page = coordinator.get(EDIT)
    assert "Sebutkan desanya." in page.content.decode()
    coordinator.post(EDIT, {**typed(page.context["version"]), f"remark-{remark.pk}-settled": "on"})
    remark.refresh_from_db()
    assert remark.resolved_by == country.coordinator
    assert Answer.objects.get().level == "4"


def test_others_read_and_do_not_write(country, client_of):
    assessor, neighbour = client_of(country.assessor), client_of(country.neighbour)
    assert assessor.get(PAGE).status_code == 200
    assert assessor.post(EDIT, typed()).status_code == 404
    assert neighbour.get(f"{PAGE}location/").status_code == 404
    assert assessor.get(f"{PAGE}tidak-ada/").status_code == 404


def test_queries_do_not_grow_with_the_answers(country, coordinator, django_assert_max_num_queries):
    coordinator.post(EDIT, typed())
    coordinator.post(f"{PAGE}roads/ubah/", typed())
    for address, most in ((PAGE, 15), (f"{PAGE}location/", 18), (EDIT, 15)):
        with django_assert_max_num_queries(most):
            coordinator.get(address)


def test_the_overview_is_a_picture_whose_title_is_the_finding(country, coordinator):
    coordinator.post(EDIT, typed(figure="2,5", unit="jam", year="2025", source="Survei <b>Dishub</b>"))
    coordinator.post(f"{PAGE}roads/ubah/", typed(level="2"))
    response = coordinator.get(PAGE)
    page, found = response.content.decode(), response.context["found"]
    first, last = found.components[0].name, next(one for one in found.components if one.level == 2).name
    assert response.context["picture_title"].index(first) < response.context["picture_title"].index(last)
    assert page.count('class="strip-field') == len(found.elements)
    assert page.count("strip-field tone-none") == len(found.elements) - 2
    assert "2025 · Survei &lt;b&gt;Dishub&lt;/b&gt;" in page


def test_the_radar_of_a_page_has_no_empty_space_beside_its_names():
    axes = [Axis(name, Decimal(3)) for name in ("Struktur", "Budaya", "Nama komponen yang amat panjang " * 9)]
    tight, wide = (radar(axes[:count], title="x", best=Decimal(5), is_tight=True) for count in (2, 3))
    assert 200 < int(re.search(r' width="([0-9]+)"', tight)[1]) < int(re.search(r' width="([0-9]+)"', wide)[1]) <= 640
    assert ' width="640"' in radar(axes[:2], title="x", best=Decimal(5))
