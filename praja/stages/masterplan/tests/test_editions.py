"""Editions on their pages: frozen, read chapter by chapter, proved, given a status, compared."""

import datetime
import os
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from praja.foundation.audit.models import Event
from praja.foundation.documents import blocks as b
from praja.foundation.documents import editions
from praja.foundation.documents.models import Edition
from praja.foundation.documents.tests import samples
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.progress import LeaseLost, Progress
from praja.foundation.jobs.worker import perform_due
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan import actions, jobs
from praja.stages.masterplan.editions.freezing import book_to_freeze
from praja.stages.masterplan.models import BookFile

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


def small(country, *blocks, **values):
    """An edition of a few blocks, which is quicker to make."""
    given = {"subject": country.plan, "name": "masterplan", "dated_on": DAY, "by": country.coordinator}
    document = samples.document(*(blocks or (b.Heading(1, "Bab satu", "bab-satu"), samples.table(key="daftar"))))
    edition = editions.freeze(document, **(given | values))
    Job.objects.filter(key=editions.files_key(edition)).delete()  # its files take seconds
    return edition


@pytest.fixture
def with_files(country, monkeypatch):
    """An edition whose files are there; quick ones instead of real ones."""
    own = uuid4()  # equal contents lie in one place, and these tests change what lies there
    monkeypatch.setattr(editions, "render_in_child", lambda document, kind: f"{kind} {document.title} {own}".encode())
    edition = small(country)
    editions.make_files(edition, by=country.coordinator)
    return edition


def test_an_edition_reads_as_it_was_frozen_though_the_plan_goes_on(country, coordinator):
    edition = frozen(country)
    accepted(country, "Inovasi sesudahnya")
    page = coordinator.get(f"{HOME}{edition.pk}/")
    lines = [line for part in page.context["contents"] for line in part["lines"]]
    assert edition.sha256 in page.content.decode()
    for address in dict.fromkeys(leaf for _level, _number, _title, leaf, _anchor in lines):
        chapter = coordinator.get(f"{HOME}{edition.pk}/baca/{address}/")
        assert chapter.status_code == 200
        assert "Inovasi sesudahnya" not in chapter.content.decode()


def test_the_contents_lead_to_chapter_table_and_figure(country, coordinator):
    chart = b.Chart("Anggaran", samples.CHART, "batang", key="anggaran")
    edition = small(country, b.Heading(1, "Bab satu", "bab-satu"), samples.table(key="daftar"), chart)
    page = coordinator.get(f"{HOME}{edition.pk}/").content.decode()
    for place in ('/baca/bab-satu/"', '/baca/bab-satu/#daftar"', '/baca/bab-satu/#anggaran"'):
        assert f"{HOME}{edition.pk}{place}" in page


def test_a_row_has_an_address_that_leads_to_its_chapter(country, coordinator):
    edition = small(country)
    answer = coordinator.get(f"{HOME}{edition.pk}/baca/daftar-baris-2/")
    assert answer["Location"] == f"{HOME}{edition.pk}/baca/bab-satu/#daftar-baris-2"
    assert 'id="daftar-baris-2"' in coordinator.get(answer["Location"]).content.decode()
    assert coordinator.get(f"{HOME}{edition.pk}/baca/tidak-ada/").status_code == 404


def test_chapters_know_their_neighbours_and_an_empty_book_has_none(country, coordinator):
    edition = small(country, b.Heading(1, "Satu", "satu"), b.Heading(1, "Dua", "dua"))
    page = coordinator.get(f"{HOME}{edition.pk}/baca/satu/")
    assert (page.context["before"], page.context["after"].place) == (None, "dua")
    empty = editions.freeze(
        samples.document(), subject=country.plan, name="masterplan", dated_on=DAY, by=country.coordinator
    )
    assert coordinator.get(f"{HOME}{empty.pk}/").context["contents"] == []
    assert coordinator.get(f"{HOME}{empty.pk}/baca/awal/").status_code == 404


def test_a_picture_of_an_edition_is_handed_out_to_its_readers_only(country, coordinator, client_of):
    edition = small(country, b.Heading(1, "Bab", "bab"), b.Picture("Loket", samples.PIXEL, "Loket", key="loket"))
    address = f"{HOME}{edition.pk}/gambar/loket/"
    assert address in coordinator.get(f"{HOME}{edition.pk}/baca/bab/").content.decode()
    answer = coordinator.get(address)
    assert (answer.content, answer["Content-Type"]) == (samples.PIXEL, "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert coordinator.get(f"{HOME}{edition.pk}/gambar/bab/").status_code == 404
    assert client_of(country.neighbour).get(address).status_code == 404


def test_a_tampered_edition_is_told_on_its_page_and_chapters(country, coordinator):
    edition = frozen(country)
    Edition.objects.filter(pk=edition.pk).update(content=edition.content.replace("Kabupaten Uji", "Kabupaten Ubah"))
    page = coordinator.get(f"{HOME}{edition.pk}/")
    assert page.context["problems"]
    chapter = page.context["contents"][0]["lines"][0][3]
    assert coordinator.get(f"{HOME}{edition.pk}/baca/{chapter}/").context["problems"]
    Edition.objects.filter(pk=edition.pk).update(content="{")
    page = coordinator.get(f"{HOME}{edition.pk}/")
    assert (page.status_code, page.context["contents"], len(page.context["problems"])) == (200, [], 2)
    assert coordinator.get(f"{HOME}{edition.pk}/baca/{chapter}/").status_code == 404


def test_a_tampered_file_is_told_on_the_page_and_not_handed_out(country, coordinator, with_files):
    address = f"{HOME}{with_files.pk}/berkas/pdf/"
    assert b"".join(coordinator.get(address).streaming_content).startswith(b"pdf")
    assert coordinator.get(f"{HOME}{with_files.pk}/").context["problems"] == []
    place = Path(default_storage.path(with_files.pdf.storage_name))
    place.write_bytes(place.read_bytes().replace(b"pdf", b"PDF!"))
    assert len(coordinator.get(f"{HOME}{with_files.pk}/").context["problems"]) == 1
    answer = coordinator.get(address)
    assert answer.status_code == 409
    assert len(answer.context["problems"]) == 1
    place.unlink()
    assert coordinator.get(address).status_code == 409


def test_a_file_changed_behind_its_time_and_size_is_not_handed_out_either(country, coordinator, with_files):
    page = f"{HOME}{with_files.pk}/"
    assert coordinator.get(page).context["problems"] == []
    place = Path(default_storage.path(with_files.pdf.storage_name))
    times = place.stat()
    place.write_bytes(place.read_bytes().replace(b"pdf", b"fdp"))
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert coordinator.get(page).context["problems"] == []  # what the storage says has not changed, so it is not read
    assert coordinator.get(f"{page}berkas/pdf/").status_code == 409


def test_the_page_hashes_a_file_once_and_again_when_the_storage_says_it_changed(coordinator, with_files, monkeypatch):
    read = []
    digest = editions._digest_in_storage
    monkeypatch.setattr(editions, "_digest_in_storage", lambda name: read.append(name) or digest(name))
    for _visit in range(3):
        coordinator.get(f"{HOME}{with_files.pk}/")
    assert len(read) <= 2
    os.utime(default_storage.path(with_files.pdf.storage_name), (1, 1))
    before = len(read)
    coordinator.get(f"{HOME}{with_files.pk}/")
    assert len(read) == before + 1


def test_a_check_is_asked_for_once_a_minute_and_its_outcome_stays_on_the_page(country, coordinator, with_files):
    address = f"{HOME}{with_files.pk}/periksa/"
    first = coordinator.post(address)["Location"]
    assert coordinator.post(address)["Location"] == first
    perform_due()
    assert Job.objects.get(name="masterplan.check_edition").address == f"{HOME}{with_files.pk}/"
    page = coordinator.get(f"{HOME}{with_files.pk}/")
    assert "byte" in page.context["last_check"].remark
    assert page.context["last_check"].by == str(country.coordinator)


def test_a_check_tells_what_it_found(country, coordinator, with_files):
    Path(default_storage.path(with_files.pdf.storage_name)).write_bytes(b"lain")
    coordinator.post(f"{HOME}{with_files.pk}/periksa/")
    perform_due()
    event = Event.objects.about(with_files).get(verb="check edition")
    assert event.remark == editions.verify(with_files)[0]


def test_a_file_that_comes_out_otherwise_when_made_again_is_told_by_the_check(
    country, coordinator, with_files, monkeypatch
):
    monkeypatch.setattr(editions, "render_in_child", lambda *_: b"other bytes")
    coordinator.post(f"{HOME}{with_files.pk}/periksa/")
    perform_due()
    assert with_files.pdf.name in Event.objects.about(with_files).get(verb="check edition").remark


def test_files_that_are_not_there_yet_lead_to_the_work_that_makes_them(country, coordinator, client_of):
    edition = small(country)
    job = later("documents.make_files", edition.pk, by=country.coordinator, key=editions.files_key(edition))
    assert f"/pekerjaan/{job.uid}/" in coordinator.get(f"{HOME}{edition.pk}/").content.decode()
    assert str(job.uid) not in client_of(country.operator).get(f"{HOME}{edition.pk}/").content.decode()


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


def test_a_redline_with_an_edition_that_was_tampered_with_is_not_shown(country, coordinator):
    first, second = small(country), small(country)
    Edition.objects.filter(pk=second.pk).update(content=second.content.replace("Bab satu", "Bab lain"))
    address = f"{HOME}{first.pk}/banding/{second.pk}/"
    assert coordinator.get(address)["Location"] == HOME
    coordinator.post(f"{address}tabel/", {"kind": "pdf"})
    perform_due()
    assert Job.objects.get(name="masterplan.build_changes").state == "failed"
    assert not BookFile.objects.exists()


@pytest.mark.slow
def test_the_table_of_changes_is_a_pdf(country, coordinator):
    first, second = small(country), small(country, status="final")
    coordinator.post(f"{HOME}{first.pk}/banding/{second.pk}/tabel/", {"kind": "pdf"})
    perform_due()
    made = BookFile.objects.get()
    with made.file.open() as file:
        assert file.read().startswith(b"%PDF")


def test_the_table_of_changes_is_made_once_and_stays_on_the_page(country, coordinator, client_of, monkeypatch):
    monkeypatch.setattr(actions, "file_of", lambda document, kind: f"{kind} {document.title}".encode())
    first, second = small(country), small(country)
    address = f"{HOME}{first.pk}/banding/{second.pk}/"
    for kind in ("word", "word", "pdf", "rtf"):
        coordinator.post(f"{address}tabel/", {"kind": kind})
    assert perform_due() == 2
    made = BookFile.objects.get(kind="word")
    assert made.file.name.endswith(".docx")
    reader = client_of(country.operator)
    assert f"/buku/berkas/{made.pk}/" in reader.get(address).content.decode()
    assert reader.get(f"/kabupaten-uji/buku/berkas/{made.pk}/").status_code == 200
    assert client_of(country.neighbour).post(f"{address}tabel/", {"kind": "pdf"}).status_code == 404


def test_a_table_of_changes_cut_short_leaves_nothing(country, monkeypatch):
    monkeypatch.setattr(actions, "file_of", lambda document, kind: b"x")
    first, second = small(country), small(country)
    job = later("masterplan.build_changes", country.plan.pk, first.pk, second.pk, "pdf")
    with pytest.raises(LeaseLost):
        jobs.build_changes(Progress(job), country.plan.pk, first.pk, second.pk, "pdf")
    assert not BookFile.objects.exists()
    assert not StoredFile.objects.exists()


def test_editions_of_another_plan_or_book_are_not_compared(country, coordinator):
    first = small(country)
    others = small(country, subject=country.neighbour_plan), small(country, name="analysis")
    for other in others:
        assert coordinator.get(f"{HOME}{first.pk}/banding/{other.pk}/").status_code == 404
    job = later("masterplan.build_changes", country.plan.pk, first.pk, others[0].pk, "pdf")
    perform_due()
    job.refresh_from_db()
    assert job.state == "failed"


def test_strangers_get_404_and_readers_do_not_freeze(country, client_of):
    edition = small(country)
    stranger, operator = client_of(country.neighbour), client_of(country.operator)
    for page in ("", "baca/bab-satu/", "berkas/pdf/", f"banding/{edition.pk}/"):
        assert stranger.get(f"{HOME}{edition.pk}/{page}").status_code == 404
    assert stranger.get(HOME).status_code == 404
    assert stranger.post(f"{HOME}{edition.pk}/periksa/").status_code == 404
    assert operator.get(f"{HOME}{edition.pk}/").status_code == 200
    assert operator.get(f"{HOME}baru/").status_code == 404
    assert operator.post(f"{HOME}{edition.pk}/status/", {"version": "1", "status": "final"}).status_code == 404
    assert operator.get(f"{HOME}{edition.pk}/berkas/pdf/").status_code == 404  # not made yet
    assert operator.get(f"{HOME}{edition.pk}/berkas/content/").status_code == 404


def test_a_withdrawn_edition_is_seen_by_nobody(country, coordinator):
    edition = small(country)
    now = edition.created_at
    Edition.objects.filter(pk=edition.pk).update(withdrawn_at=now, withdrawn_by=country.coordinator)
    assert coordinator.get(f"{HOME}{edition.pk}/").status_code == 404
    assert not coordinator.get(HOME).context["books"]


def test_freezing_and_each_status_stand_in_the_history(country, coordinator):
    typed = {"book": "masterplan", "status": "draft", "dated_on": "22 November 2026", "reason": "hasil Bimtek IV"}
    coordinator.post(f"{HOME}baru/", typed)
    edition = Edition.objects.get()
    coordinator.post(f"{HOME}{edition.pk}/status/", {"version": "1", "status": "revoked", "reason": "salah"})
    status, freeze = Event.objects.about(edition)
    assert (freeze.verb, freeze.remark, freeze.changes["sha256"]) == (
        "freeze",
        "hasil Bimtek IV",
        [None, edition.sha256],
    )
    assert (status.changes["status"], status.remark, status.by) == (["draft", "revoked"], "salah", country.coordinator)


def test_pages_of_editions_ask_a_constant_number_of_queries(country, coordinator, django_assert_max_num_queries):
    editions_there = [small(country) for _number in range(3)]
    first, second, *_others = editions_there
    pages = {
        HOME: 21, f"{HOME}{first.pk}/": 24, f"{HOME}{first.pk}/baca/bab-satu/": 18,
        f"{HOME}{first.pk}/banding/{second.pk}/": 20, f"{HOME}baru/": 24,
    }  # fmt: skip
    few = {}
    for page, most in pages.items():
        coordinator.get(page)
        with django_assert_max_num_queries(most) as asked:
            coordinator.get(page)
        few[page] = len(asked)
    for _number in range(27):
        small(country, b.Heading(1, "Bab satu", "bab-satu"), *(samples.table(20) for _each in range(10)))
    for page, most in few.items():
        with django_assert_max_num_queries(most):
            coordinator.get(page)


def test_a_heavy_edition_is_read_in_light_pages(country, coordinator):
    sections = [part for number in range(12) for part in (b.Heading(2, f"Bagian {number}"), samples.table(200))]
    edition = small(country, b.Heading(1, "Bab satu", "bab-satu"), *sections)
    page = coordinator.get(f"{HOME}{edition.pk}/")
    leaves = {line[3] for part in page.context["contents"] for line in part["lines"]}
    assert len(leaves) > 1
    assert max(len(coordinator.get(f"{HOME}{edition.pk}/baca/{leaf}/").content) for leaf in leaves) < 250_000
