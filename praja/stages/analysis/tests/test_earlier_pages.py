"""The pages of the earlier masterplan: recorded, shown page by page, decided, and taken up by innovations once."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents.blocks import Table
from praja.foundation.files.tests.fixtures import png
from praja.foundation.files.tests.test_page_pictures import pdf
from praja.foundation.workflow.steps import Refused
from praja.stages.analysis import earlier as actions
from praja.stages.analysis.blocks import earlier_blocks
from praja.stages.analysis.earlier_figures import earlier_figures
from praja.stages.analysis.models import EarlierItem, EarlierPlan, EarlierSheet
from praja.stages.analysis.tests.test_earlier_sheet import HEADER, PLAIN, brought_in, csv_file, recorded

HOME = "/kabupaten-uji/masterplan-lama/"
LIST = f"{HOME}program/"


@pytest.fixture
def earlier(country):
    return recorded(country)


@pytest.fixture
def item(country, earlier):
    return made(earlier, organisation=country.health, dimension=country.dimension())


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def operator(country, client_of):
    return client_of(country.operator)


def made(earlier, title="Layanan Antre Daring", **values):
    count = EarlierItem.objects.count()
    return EarlierItem.objects.create(earlier=earlier, title=title, source_key=f"kunci-{count}", order=count, **values)


def decide(item, decision, reason="", *, by, version=None):
    actions.decide(item, decision=decision, reason=reason, by=by, version=version or item.version)


def typed(item, decision, reason=""):
    return {f"version-{item.pk}": item.version, f"decision-{item.pk}": decision, f"reason-{item.pk}": reason}


# --- recording --------------------------------------------------------------------------------------------------------


def test_it_is_recorded_once_and_corrected(country, coordinator):
    assert coordinator.get(HOME).context["earlier"] is None
    values = {"title": "Masterplan 2019", "year_from": "2019", "year_to": "2023", "page_offset": "4", "version": "0"}
    assert coordinator.post(f"{HOME}ubah/", values).status_code == 302
    assert coordinator.post(f"{HOME}ubah/", {**values, "title": "Masterplan Lama", "version": "1"}).status_code == 302
    assert EarlierPlan.objects.get().title == "Masterplan Lama"


def test_years_in_the_wrong_order_come_back(country, coordinator):
    values = {"title": "M", "year_from": "2023", "year_to": "2019", "page_offset": "0", "version": "0"}
    response = coordinator.post(f"{HOME}ubah/", values)
    assert response.status_code == 422
    assert "year_to" in response.context["form"].errors


def test_a_region_without_one_has_no_pages_of_it(country, coordinator):
    for where in ("berkas/", "halaman/1/", "halaman/1/gambar/", "lembar/", "program/", "keputusan/"):
        assert coordinator.get(HOME + where).status_code == 404


def test_the_pdf_is_shown_page_by_page_and_programmes_link_into_it(country, earlier, item, coordinator, operator):
    EarlierItem.objects.update(source_page=1)
    EarlierPlan.objects.update(page_offset=2)
    upload = SimpleUploadedFile("perbup.pdf", pdf(4))
    assert coordinator.post(f"{HOME}unggah/", {"file": upload}).status_code == 302
    assert f"{HOME}halaman/3/" in operator.get(f"/masterplan-lama/{item.pk}/").content.decode()
    page = operator.get(f"{HOME}halaman/3/")
    assert [one.pk for one in page.context["items"]] == [item.pk]
    picture = operator.get(f"{HOME}halaman/3/gambar/")
    assert picture["Content-Type"] == "image/jpeg"
    assert operator.get(f"{HOME}berkas/")["Content-Disposition"].startswith("attachment")
    assert operator.get(f"{HOME}halaman/5/").status_code == 404
    assert operator.get(f"{HOME}halaman/5/gambar/").status_code == 404


@pytest.mark.parametrize("content", [png(), b"%PDF-1.4 rusak", b"PK\x03\x04", b"teks saja"])
def test_a_file_that_cannot_be_shown_is_not_attached(country, earlier, coordinator, content):
    response = coordinator.post(f"{HOME}unggah/", {"file": SimpleUploadedFile("a.pdf", content)}, follow=True)
    earlier.refresh_from_db()
    assert earlier.file is None
    assert response.context["messages"]


# --- the sheet --------------------------------------------------------------------------------------------------------


def test_from_upload_to_programmes(country, earlier, coordinator):
    columns = coordinator.post(f"{HOME}lembar/", {"file": csv_file(PLAIN, ["2", "", "", "", "", "", "", ""])}).url
    assert "Layanan Antre Daring" in coordinator.get(columns).content.decode()
    preview = coordinator.post(columns, {}).url
    page = coordinator.get(preview)
    assert (page.context["good"], page.context["wrong"]) == (1, 1)
    assert coordinator.get(f"{preview}baris-salah/").status_code == 200
    assert coordinator.post(preview).url == preview
    assert coordinator.get(preview).context["counts"]["new"] == 1
    assert EarlierItem.objects.get().title == "Layanan Antre Daring"


def test_columns_must_hold_the_name_and_each_field_once(country, earlier, coordinator):
    columns = coordinator.post(f"{HOME}lembar/", {"file": csv_file(PLAIN)}).url
    assert coordinator.post(columns, {"column-1": ""}).status_code == 422
    assert coordinator.post(columns, {"column-2": "title"}).status_code == 422
    assert coordinator.post(columns, {f"column-{n}": "x" for n in range(len(HEADER))}).status_code == 422
    assert EarlierSheet.objects.get().state == "uploaded"


def test_the_empty_workbook_can_be_filled_in(country, earlier, coordinator):
    response = coordinator.get(f"{HOME}lembar/contoh/")
    assert response.content.startswith(b"PK")


# --- deciding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "reason"), [("stop", ""), ("change", "  "), ("magic", "karena"), ("", "tanpa keputusan")]
)
def test_a_decision_needs_what_it_needs(country, item, decision, reason):
    with pytest.raises(Refused):
        decide(item, decision, reason, by=country.operator)
    item.refresh_from_db()
    assert item.decision == ""


def test_a_decision_is_kept_with_who_and_when_and_can_be_taken_back(country, item):
    decide(item, "stop", "Sudah ada layanan pusat", by=country.operator)
    item.refresh_from_db()
    assert (item.decided_by, item.decision) == (country.operator, "stop")
    decide(item, "", by=country.operator)
    item.refresh_from_db()
    assert (item.decision, item.reason, item.decided_at) == ("", "", None)
    assert Event.objects.about(item).filter(verb="decide").count() == 2


def test_two_deciders_do_not_overwrite_each_other(country, item):
    decide(item, "continue", by=country.operator)
    with pytest.raises(TooLate):
        decide(item, "stop", "x", by=country.coordinator, version=1)


def test_a_stranger_may_not_decide(country, item, earlier):
    for person in (country.neighbour, country.assessor, country.mentor):
        with pytest.raises(PermissionError):
            decide(item, "continue", by=person)
    with pytest.raises(PermissionError):
        decide(made(earlier, organisation=country.transport), "continue", by=country.operator)


def test_the_database_itself_wants_a_reason(item):
    with pytest.raises(IntegrityError), transaction.atomic():
        EarlierItem.objects.filter(pk=item.pk).update(
            decision="stop", decided_at="2026-01-01T00:00Z", decided_by=item.pk
        )


def test_the_table_saves_what_is_right_and_returns_what_is_not(country, earlier, item, operator):
    other = made(earlier, "Peta Jalan Rusak", organisation=country.health)
    response = operator.post(LIST, {**typed(item, "continue"), **typed(other, "stop")})
    assert response.status_code == 422
    assert [bool(row.problem) for row in response.context["rows"]] == [False, True]
    assert response.context["rows"][1].decision == "stop"  # nothing typed is lost
    item.refresh_from_db()
    assert item.decision == "continue"
    assert operator.post(LIST, typed(other, "stop", "Digabung")).status_code == 302


def test_the_table_leaves_other_agencies_alone(country, earlier, operator):
    other = made(earlier, organisation=country.transport)
    assert operator.post(LIST, typed(other, "continue")).status_code == 302
    other.refresh_from_db()
    assert other.decision == ""


def test_a_row_that_somebody_decided_meanwhile_comes_back(country, item, operator):
    values = typed(item, "stop", "Tidak dipakai")
    decide(item, "continue", by=country.coordinator)
    response = operator.post(LIST, values)
    assert response.status_code == 422
    (row,) = response.context["rows"]
    assert (row.decision, row.item.version) == ("stop", 2)
    assert row.problem


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 2), ("keputusan=terbuka", 1), ("keputusan=stop", 1), ("keputusan=menunggu", 0), ("dimensi=living", 1),
     ("opd=0", 1), ("q=jalan", 1), ("keputusan=x&opd=9999999999999999999", 2)],
)  # fmt: skip
def test_filters_of_the_list(country, earlier, item, coordinator, query, found):
    other = made(earlier, "Peta Jalan Rusak")
    decide(other, "stop", "x", by=country.coordinator)
    assert len(coordinator.get(f"{LIST}?{query}").context["rows"]) == found


def test_many_are_decided_after_a_look(country, earlier, item, coordinator):
    other = made(earlier, "Peta Jalan Rusak")
    values = {"item": [item.pk, other.pk], "decision": "stop", "reason": "Selesai"}
    preview = coordinator.post(f"{HOME}keputusan/", values)
    assert preview.context["is_preview"]
    assert not EarlierItem.objects.decided().exists()
    versions = {f"version-{one.pk}": one.version for one in (item, other)}
    assert coordinator.post(f"{HOME}keputusan/", {**values, **versions, "confirm": "1"}).url == LIST
    assert EarlierItem.objects.filter(decision="stop", reason="Selesai").count() == 2


def test_many_at_once_leaves_what_changed_meanwhile_and_what_belongs_to_others(
    country, earlier, item, coordinator, operator
):
    other = made(earlier, "Milik Dishub", organisation=country.transport)
    values = {"item": [item.pk, other.pk], "decision": "continue", "confirm": "1", f"version-{other.pk}": 1}
    decide(item, "stop", "x", by=country.coordinator)
    coordinator.post(f"{HOME}keputusan/", {**values, f"version-{item.pk}": 1})
    operator.post(f"{HOME}keputusan/", {**values, "decision": "stop", "reason": "y", f"version-{other.pk}": 2})
    assert list(EarlierItem.objects.order_by("pk").values_list("decision", flat=True)) == ["stop", "continue"]


@pytest.mark.parametrize("values", [{}, {"decision": "stop"}, {"decision": "continue"}, {"decision": "x", "item": "1"}])
def test_many_at_once_asks_for_what_is_missing(country, item, coordinator, values):
    assert coordinator.post(f"{HOME}keputusan/", values).status_code == 422


def test_one_programme_is_decided_on_its_page(country, item, operator):
    where = f"/masterplan-lama/{item.pk}/keputusan/"
    refused = operator.post(where, {"decision": "stop", "version": 1})
    assert refused.status_code == 422
    assert operator.post(where, {"decision": "stop", "reason": "Selesai", "version": 1}).status_code == 302
    late = operator.post(where, {"decision": "continue", "reason": "", "version": 1})
    assert late.status_code == 422
    assert late.context["decision"] == "continue"


def test_the_coordinator_names_the_agency_of_today(country, earlier, coordinator, operator):
    item = made(earlier, agency_text="Kantor Telegrap")
    values = {
        "title": item.title,
        "organisation": country.health.pk,
        "version": 1,
        "number": "",
        "description": "",
        "years": "",
    }
    assert coordinator.post(f"/masterplan-lama/{item.pk}/ubah/", values).status_code == 302
    assert (
        operator.post(f"/masterplan-lama/{item.pk}/keputusan/", {"decision": "continue", "version": 2}).status_code
        == 302
    )


def test_what_is_no_programme_leaves_the_list_and_comes_back(country, item, coordinator):
    coordinator.post(f"/masterplan-lama/{item.pk}/penarikan/", {"version": 1, "remark": "Judul bab"})
    assert not coordinator.get(LIST).context["rows"]
    assert (
        coordinator.post(f"/masterplan-lama/{item.pk}/keputusan/", {"decision": "continue", "version": 2}).status_code
        == 422
    )
    coordinator.post(f"/masterplan-lama/{item.pk}/pemulihan/", {"version": 2})
    assert len(coordinator.get(LIST).context["rows"]) == 1


# --- taken up by an innovation ----------------------------------------------------------------------------------------


def test_an_innovation_begins_from_it_once_and_both_know_each_other(country, item, operator):
    EarlierItem.objects.update(description="Antre dari rumah.", source_page=45)
    item.refresh_from_db()
    decide(item, "change", "Diperluas ke puskesmas", by=country.operator)
    first = operator.post(f"/masterplan-lama/{item.pk}/inovasi/").url
    assert operator.post(f"/masterplan-lama/{item.pk}/inovasi/").url == first
    (innovation,) = country.plan.innovations.all()
    assert (innovation.title, innovation.summary) == (item.title, "Antre dari rumah.")
    assert (innovation.organisation, innovation.dimension) == (country.health, country.dimension())
    assert f"/masterplan-lama/{item.pk}/" in operator.get(first).content.decode()
    assert first in operator.get(f"/masterplan-lama/{item.pk}/").content.decode()


@pytest.mark.parametrize(("decision", "reason"), [("", ""), ("stop", "Selesai")])
def test_no_innovation_begins_from_what_does_not_go_on(country, item, operator, decision, reason):
    if decision:
        decide(item, decision, reason, by=country.operator)
    assert operator.post(f"/masterplan-lama/{item.pk}/inovasi/").url == f"/masterplan-lama/{item.pk}/"
    assert not country.plan.innovations.exists()


def test_figures_count_decisions_and_what_waits(country, earlier, item):
    decide(item, "continue", by=country.operator)
    decide(made(earlier, "B", dimension=country.dimension("economy")), "stop", "x", by=country.coordinator)
    made(earlier, "C")
    figures = earlier_figures(earlier)
    assert (figures.all.total, figures.all.decided, figures.all.waiting) == (3, 2, 1)
    assert [share.name for share in figures.dimensions if share.is_dropped] == [country.dimension("economy").name]
    assert [(share.name, share.total) for share in figures.agencies] == [("Dinas Kesehatan", 1), ("", 2)]


def test_the_book_says_what_becomes_of_each(country, earlier, item):
    assert earlier_blocks(country.neighbour_plan) == []
    decide(item, "stop", "Sudah ada layanan pusat", by=country.operator)
    table = next(block for block in earlier_blocks(country.plan) if isinstance(block, Table))
    assert table.rows[0][1:3] == ("Layanan Antre Daring", "Dinkes")
    assert "Sudah ada layanan pusat" in table.rows[0][4]


# --- how many queries -------------------------------------------------------------------------------------------------


def many(country, earlier):
    for number in range(30):
        made(
            earlier, f"Program {number}", organisation=country.health, dimension=country.dimension(), source_page=number
        )


@pytest.mark.parametrize(
    ("where", "count"), [("", 12), ("program/", 10), ("keputusan/", 10), ("lembar/", 8)]
)  # fmt: skip
def test_pages_ask_alike_however_many_programmes_there_are(
    country, earlier, coordinator, django_assert_num_queries, where, count
):
    many(country, earlier)
    coordinator.get(HOME + where)
    with django_assert_num_queries(count):
        coordinator.get(HOME + where)


def test_the_page_of_one_programme_asks_little(country, item, operator, django_assert_num_queries):
    operator.get(f"/masterplan-lama/{item.pk}/")
    with django_assert_num_queries(8):
        operator.get(f"/masterplan-lama/{item.pk}/")


def test_a_sheet_of_many_rows_is_judged_in_few_queries(country, earlier, coordinator, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        brought_in(earlier, country.coordinator, *([str(number), *PLAIN[1:]] for number in range(300)))
    assert EarlierItem.objects.count() == 300


def test_no_page_writes_script_or_style_into_itself(country, earlier, item, coordinator):
    for where in (HOME, LIST, f"{HOME}keputusan/", f"/masterplan-lama/{item.pk}/"):
        page = coordinator.get(where).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=", page), where
