"""The enactment: begun, worded, followed from stage to stage, and printed as a draft regulation."""

import datetime
import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import editions, word
from praja.foundation.documents.blocks import Heading
from praja.foundation.documents.models import Edition
from praja.foundation.documents.tests import samples
from praja.foundation.files.models import StoredFile
from praja.foundation.files.tests.test_page_pictures import pdf
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.worker import perform_due
from praja.stages.masterplan import actions as book_actions
from praja.stages.masterplan.enactment.actions import Way, save_enactment, withdraw_stage
from praja.stages.masterplan.enactment.forms import EnactmentForm
from praja.stages.masterplan.enactment.regulation import articles_of, draft_document, filled, ordinal, roman
from praja.stages.masterplan.models import BookFile, Enactment, EnactmentStage

HOME = "/kabupaten-uji/penetapan/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def enactment(country):
    return Enactment.objects.create(plan=country.plan, kind="perbup", title="Masterplan Smart City Kabupaten Uji")


def edition_of(country):
    """A small frozen book, whose files nobody makes."""
    document = samples.document(Heading(1, "Bab"))
    day = datetime.date(2026, 11, 22)
    edition = editions.freeze(document, subject=country.plan, name="masterplan", dated_on=day, by=country.coordinator)
    Job.objects.filter(key=editions.files_key(edition)).delete()
    return edition


def test_it_begins_with_its_form_and_subject(country, coordinator):
    assert "/penetapan/ubah/" in coordinator.get(HOME).content.decode()
    typed = {"version": "0", "kind": "perbup", "title": "Masterplan", "number": "", "year": "", "edition": ""}
    assert coordinator.post(f"{HOME}ubah/", typed)["Location"] == HOME
    found = Enactment.objects.get(plan=country.plan)
    assert (found.title, found.created_by) == ("Masterplan", country.coordinator)


def test_correcting_it_late_shows_both_texts(coordinator, enactment):
    typed = {"version": "9", "kind": "perbup", "title": "Lain", "number": "", "year": "", "edition": ""}
    response = coordinator.post(f"{HOME}ubah/", typed)
    assert response.status_code == 409
    assert response.context["differences"]


def test_stages_tell_where_it_is_and_for_how_many_days(enactment, coordinator):
    for stage, day in (("initiated", "1 November 2026"), ("legal_division", "11 November 2026")):
        typed = {"stage": stage, "began_on": day, "holder": "Bagian Hukum", "number": "", "note": ""}
        assert coordinator.post(f"{HOME}tahap/", typed).status_code == 302
    way = Way(enactment, datetime.date(2026, 11, 21))
    assert (way.now.stage, way.days, way.days_in(way.rows[0])) == ("legal_division", 10, 10)
    assert [state for _title, state, _rows in way.steps][:3] == ["done", "current", ""]


def test_what_is_promulgated_waits_no_more(enactment):
    EnactmentStage.objects.create(enactment=enactment, stage="promulgated", began_on=datetime.date(2026, 1, 1))
    way = Way(enactment, datetime.date(2026, 11, 21))
    assert (way.is_done, way.days) == (True, None)


def test_a_stage_noted_by_mistake_is_taken_back(enactment, coordinator):
    row = EnactmentStage.objects.create(enactment=enactment, stage="initiated", began_on=datetime.date(2026, 1, 1))
    assert coordinator.post(f"{HOME}tahap/{row.pk}/tarik/", {"version": "1"}).status_code == 302
    assert Way(enactment, datetime.date(2026, 11, 21)).rows == []


def test_a_stage_without_a_day_keeps_what_was_typed(enactment, coordinator):
    typed = {"stage": "initiated", "began_on": "nanti", "holder": "Kanwil"}
    response = coordinator.post(f"{HOME}tahap/", typed)
    assert response.status_code == 422
    assert "Kanwil" in response.content.decode()


def test_a_program_as_paper_is_refused(enactment, coordinator):
    upload = SimpleUploadedFile("surat.pdf", b"MZ\x90\x00 not a paper")
    response = coordinator.post(f"{HOME}tahap/", {"stage": "initiated", "began_on": "1 November 2026", "file": upload})
    assert response.status_code == 422
    assert not EnactmentStage.objects.exists()


def test_articles_begin_as_proposed_and_are_worded_by_the_region(enactment, coordinator):
    assert "Kabupaten Uji" in articles_of(enactment)[0]["text"]
    typed = {
        "version": "1",
        "articles-TOTAL_FORMS": "1",
        "articles-INITIAL_FORMS": "0",
        "articles-0-chapter": "UMUM",
        "articles-0-text": "Bunyi {region}.",
    }
    assert coordinator.post(f"{HOME}pasal/", typed).status_code == 302
    enactment.refresh_from_db()
    assert articles_of(enactment) == [{"chapter": "UMUM", "text": "Bunyi Kabupaten Uji."}]


def test_braces_that_name_nothing_stay():
    assert filled("{region} {x} {", {"region": "Uji"}) == "Uji {x} {"


def words(enactment):
    """The lines of the draft as one text."""
    return "\n".join(f"{line.label} {line.mark} {line.text}".strip() for line in draft_document(enactment).lines)


def become(region, kind, name):
    """The region as if it were one of this kind."""
    region.kind, region.name = kind, name
    region.parent = None if kind == "province" else region.parent


def test_the_draft_follows_the_order_of_the_law(enactment):
    text = words(enactment)
    order = ["BUPATI UJI", "PROVINSI UJI", "PERATURAN BUPATI UJI", "NOMOR …", "TENTANG", "MASTERPLAN SMART CITY",
             "DENGAN RAHMAT TUHAN YANG MAHA ESA", "BUPATI UJI,", "Menimbang a. bahwa", "Mengingat 1. Pasal 18",
             "MEMUTUSKAN:", "Menetapkan  PERATURAN BUPATI TENTANG", "BAB I", "KETENTUAN UMUM", "Pasal 1", "BAB VII",
             "Pasal 7", "Berita Daerah Kabupaten Uji", "Ditetapkan di", "BUPATI UJI,", "Diundangkan di",
             "SEKRETARIS DAERAH KABUPATEN UJI,", "BERITA DAERAH KABUPATEN UJI", "LAMPIRAN", "PERATURAN BUPATI UJI"]  # fmt: skip
    place = 0
    for one in order:
        assert one in text[place:], one
        place = text.index(one, place) + len(one)


@pytest.mark.parametrize(
    ("kind", "head"), [("regency", "Bupati Uji"), ("city", "Wali Kota Uji"), ("province", "Gubernur Uji")]
)
@pytest.mark.parametrize("form", ["perda", "decree"])
def test_by_laws_and_decrees_name_the_head_by_the_kind_of_region(enactment, kind, head, form):
    names = {"regency": "Kabupaten Uji", "city": "Kota Uji", "province": "Provinsi Uji"}
    enactment.kind = form
    become(enactment.plan.government.region, kind, names[kind])
    text = words(enactment)
    assert f"{head.upper()}," in text
    assert "Kepala Daerah" not in text
    assert ("Keputusan" if form == "decree" else f"PERATURAN DAERAH {names[kind].upper()}") in text


def test_a_by_law_is_made_with_parliament_and_a_decree_has_points_and_no_promulgation(enactment):
    enactment.kind = "perda"
    text = words(enactment)
    assert "DEWAN PERWAKILAN RAKYAT DAERAH KABUPATEN UJI" in text
    assert "Lembaran Daerah Kabupaten Uji" in text
    enactment.kind = "decree"
    text = words(enactment)
    assert "KESATU  Menetapkan Masterplan" in text
    assert "KELIMA" in text
    for absent in ("Pasal 1\n", "BAB ", "DENGAN RAHMAT", "Diundangkan", "DEWAN PERWAKILAN"):
        assert absent not in text


def test_a_provincial_regulation_names_no_other_province(enactment):
    enactment.kind = "pergub"
    become(enactment.plan.government.region, "province", "Provinsi Uji Raya")
    assert words(enactment).startswith("RANCANGAN\nGUBERNUR UJI RAYA\nPERATURAN GUBERNUR UJI RAYA\nNOMOR")


def test_a_region_chooses_among_its_own_forms(country, coordinator):
    choices = dict(coordinator.get(f"{HOME}ubah/").context["form"].fields["kind"].choices)
    assert set(choices) == {"", "perbup", "perda", "decree"}
    typed = {"version": "0", "kind": "pergub", "title": "Masterplan", "number": "", "year": "", "edition": ""}
    assert coordinator.post(f"{HOME}ubah/", typed).status_code == 422


def test_verses_and_points_of_an_article_hang_at_their_depth(enactment):
    enactment.articles = [
        {"chapter": "", "text": "Pembuka:\n(1) Satu:\na. huruf;\n1. angka.\nb. huruf.\n(2) Dua 1. x."}
    ]
    lines = [line for line in draft_document(enactment).lines if line.form == "text"][:6]
    assert [(line.mark, line.depth) for line in lines] == [
        ("", 0), ("(1)", 0), ("a.", 1), ("1.", 2), ("b.", 1), ("(2)", 0),
    ]  # fmt: skip
    assert lines[5].text == "Dua 1. x."


def test_numbers_of_chapters_and_points_in_words():
    assert [roman(number) for number in (1, 4, 9, 14, 40, 60)] == ["I", "IV", "IX", "XIV", "XL", "LX"]
    found = [ordinal(number) for number in (1, 2, 10, 11, 12, 20, 21, 60)]
    assert found == ["KESATU", "KEDUA", "KESEPULUH", "KESEBELAS", "KEDUA BELAS", "KEDUA PULUH", "KEDUA PULUH SATU",
                     "KEENAM PULUH"]  # fmt: skip


def test_the_annex_is_the_edition_or_the_book_as_it_reads(enactment, country):
    assert "Pendahuluan" in [block.text for block in draft_document(enactment).walk(Heading)]
    enactment.edition = edition_of(country)
    document = draft_document(enactment)
    assert [block.text for block in document.walk(Heading)] == ["Bab"]
    assert enactment.edition.sha256 in words(enactment)


def test_an_annex_that_was_tampered_with_is_refused(enactment, country, coordinator):
    enactment.edition = edition_of(country)
    enactment.save()
    Edition.objects.update(content=enactment.edition.content.replace("Bab", "Bob"))
    assert coordinator.post(f"{HOME}rancangan/")["Location"] == HOME
    assert not Job.objects.filter(name="masterplan.build_regulation").exists()
    job = later("masterplan.build_regulation", enactment.pk)
    perform_due()
    job.refresh_from_db()
    assert (job.state, BookFile.objects.count()) == ("failed", 0)


@pytest.mark.slow
def test_it_is_a_word_file_with_the_regulation_in_front_of_the_book(enactment):
    file = docx.Document(io.BytesIO(word.render(draft_document(enactment))))
    texts = [paragraph.text for paragraph in file.paragraphs]
    assert texts.index("Pasal 1") < texts.index("LAMPIRAN\nPERATURAN BUPATI UJI\nNOMOR … TAHUN …\nTENTANG\n"
                                                "MASTERPLAN SMART CITY KABUPATEN UJI") < texts.index("Pendahuluan")  # fmt: skip
    sizes = [(section.page_width.mm, section.page_height.mm) for section in file.sections]
    assert (round(sizes[0][0]), round(sizes[0][1])) == (215, 330)
    centred = next(paragraph for paragraph in file.paragraphs if paragraph.text == "Pasal 1")
    assert centred.alignment == 1


def test_the_draft_is_made_by_a_job_and_stays_on_the_page(enactment, country, coordinator, client_of, monkeypatch):
    monkeypatch.setattr(book_actions, "file_of", lambda document, kind: f"{kind} {document.foot_note}".encode())
    first = coordinator.post(f"{HOME}rancangan/")["Location"]
    assert perform_due() == 1
    made = BookFile.objects.get()
    assert made.file.name == "Rancangan Peraturan Bupati Masterplan Smart City Kabupaten Uji.docx"
    assert Job.objects.get().address == f"/kabupaten-uji/buku/berkas/{made.pk}/"
    assert made.file.name in client_of(country.operator).get(HOME).content.decode()
    enactment.articles = [{"chapter": "", "text": "Bunyi lain."}]
    enactment.save()
    assert coordinator.post(f"{HOME}rancangan/")["Location"] != first
    assert coordinator.get(first).status_code == 200


def test_two_who_begin_at_once_make_one_enactment(country):
    def form(title):
        typed = {"kind": "perbup", "title": title, "number": "", "year": "", "edition": ""}
        made = EnactmentForm(typed, instance=Enactment(plan=country.plan, version=0), user=country.coordinator)
        assert made.is_valid()
        return made

    save_enactment(form("Satu"), by=country.coordinator, version=0)
    second = form("Dua")
    with pytest.raises(TooLate):
        save_enactment(second, by=country.coordinator, version=0)
    assert second.instance.pk == Enactment.objects.get().pk  # the page shows both texts


def test_what_is_done_stands_in_the_history(country, coordinator):
    typed = {"version": "0", "kind": "perbup", "title": "Masterplan", "number": "", "year": "", "edition": ""}
    coordinator.post(f"{HOME}ubah/", typed)
    enactment = Enactment.objects.get()
    coordinator.post(f"{HOME}tahap/", {"stage": "initiated", "began_on": "1 November 2026"})
    stage = EnactmentStage.objects.get()
    coordinator.post(f"{HOME}tahap/{stage.pk}/tarik/", {"version": "1"})
    coordinator.post(f"{HOME}ubah/", {**typed, "version": "1", "title": "Lain"})
    verbs = [event.verb for event in Event.objects.about(enactment)]
    assert verbs == ["edit", "take stage back", "reach", "begin"]


def test_a_stage_taken_back_twice_is_told(enactment, country):
    stage = EnactmentStage.objects.create(enactment=enactment, stage="initiated", began_on=datetime.date(2026, 1, 1))
    other = EnactmentStage.objects.get(pk=stage.pk)
    with pytest.raises(TooLate):
        withdraw_stage(stage, by=country.coordinator, version=7)  # a page made from another state
    withdraw_stage(stage, by=country.coordinator, version=1)
    with pytest.raises(TooLate):
        withdraw_stage(other, by=country.coordinator, version=1)
    assert stage.withdrawn_by == country.coordinator


def test_a_stage_or_its_paper_of_another_plan_is_not_there(enactment, country, client_of):
    stage = EnactmentStage.objects.create(enactment=enactment, stage="initiated", began_on=datetime.date(2026, 1, 1))
    Enactment.objects.create(plan=country.neighbour_plan, kind="perwal", title="Lain")
    stranger = client_of(country.neighbour)
    assert stranger.post(f"/kota-sebelah/penetapan/tahap/{stage.pk}/tarik/", {"version": "1"}).status_code == 404
    assert stranger.get(f"/kota-sebelah/penetapan/tahap/{stage.pk}/berkas/").status_code == 404
    stage.refresh_from_db()
    assert stage.withdrawn_at is None


def test_the_paper_of_a_stage_is_kept_with_it(enactment, country, coordinator, client_of):
    upload = SimpleUploadedFile("surat.pdf", pdf())
    coordinator.post(f"{HOME}tahap/", {"stage": "initiated", "began_on": "1 November 2026", "file": upload})
    stage = EnactmentStage.objects.get()
    answer = client_of(country.operator).get(f"{HOME}tahap/{stage.pk}/berkas/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    stranger = client_of(country.neighbour)
    Enactment.objects.create(plan=country.neighbour_plan, kind="perwal", title="Lain")
    for home in (HOME, "/kota-sebelah/penetapan/"):
        assert stranger.get(f"{home}tahap/{stage.pk}/berkas/").status_code == 404


def test_pages_of_the_enactment_ask_a_constant_number_of_queries(
    enactment, country, coordinator, django_assert_max_num_queries
):
    def note(number):
        day = datetime.date(2026, 1, 1) + datetime.timedelta(number)
        EnactmentStage.objects.create(enactment=enactment, stage="initiated", began_on=day, file=country_file)
        edition_of(country)

    country_file = StoredFile.objects.create(sha256="0" * 64, size_bytes=1, kind="application/pdf", name="a.pdf")
    note(0)
    pages = {HOME: 20, f"{HOME}ubah/": 19, f"{HOME}pasal/": 18}
    few = {}
    for page, most in pages.items():
        coordinator.get(page)
        with django_assert_max_num_queries(most) as asked:
            coordinator.get(page)
        few[page] = len(asked)
    for number in range(1, 30):
        note(number)
    for page, most in few.items():
        with django_assert_max_num_queries(most):
            coordinator.get(page)


def test_readers_look_and_strangers_do_not(enactment, country, client_of):
    operator = client_of(country.operator)
    assert operator.get(HOME).status_code == 200
    for verb in ("tahap/", "ubah/", "ubah/draf/", "pasal/", "pasal/draf/", "rancangan/"):
        assert operator.post(f"{HOME}{verb}", {}).status_code == 404
    assert client_of(country.neighbour).get(HOME).status_code == 404
