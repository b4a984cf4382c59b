"""The book as a whole: contents, numbers, one fact in many places, what is missing, and its files."""

import io
import subprocess
import zipfile
from dataclasses import replace
from itertools import pairwise

import pytest

from praja.foundation.documents.blocks import (
    Bullets,
    DimensionPage,
    Document,
    Facts,
    Heading,
    Missing,
    Paragraph,
    Table,
    plain,
    to_json,
)
from praja.foundation.documents.outline import placed
from praja.foundation.plans.models import BudgetLine
from praja.foundation.ui.formats import rupiah
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan import actions
from praja.stages.masterplan.actions import book_document, fingerprint_of, render_book
from praja.stages.masterplan.contents.composing import WRITERS, titled
from praja.stages.masterplan.models import Narrative
from praja.stages.masterplan.outlines.books import all_books_of, book_of, books_of
from praja.stages.problems.models import Cause, Problem


@pytest.fixture
def plan(country):
    """Two innovations in two dimensions with two budget lines each, and a problem with a cause."""
    for key, agency, title in (
        ("living", country.health, "Piring Pesisir"),
        ("economy", country.transport, "Bus Pasar"),
    ):
        innovation = Innovation.objects.create(
            plan=country.plan, organisation=agency, dimension=country.dimension(key), title=title, state="accepted"
        )
        for year, source in ((2026, "apbd_region"), (2027, "dak")):
            BudgetLine.objects.create(innovation=innovation, year=year, source=source, amount_rupiah=1_000_003 * year)
    problem = Problem.objects.create(
        plan=country.plan,
        organisation=country.health,
        dimension=country.dimension(),
        title="Balita kurang gizi",
        state="accepted",
    )
    Cause.objects.create(problem=problem, text="Lauk mahal", kind="budget")
    return country.plan


def headings(document):
    return [
        (part.number, getattr(part.block, "name", "") or part.block.text)
        for part in placed(document)
        if isinstance(part.block, Heading | DimensionPage) and part.block.level <= 2
    ]


def texts(document):
    """(key of the heading or table it stands in, text) of every text of a document."""
    found, place = [], ""
    for block in document.blocks:
        place = getattr(block, "key", "") or place
        found += [(place, text) for text in walk(vars(block))]
    return found


def walk(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [text for item in value for text in walk(item)]
    if hasattr(value, "__dict__"):
        return walk(vars(value))
    return [str(value)]


def test_chapters_stand_in_the_order_of_the_guide(plan):
    found = headings(book_document(plan))
    book = book_of(plan)
    assert [number for number, _text in found if number.isdigit()] == [
        str(number) for number in range(1, len(book.chapters) + 1)
    ]
    assert [number for number, _text in found if number.startswith("3.")] == [f"3.{n}" for n in range(1, 7)]


def test_every_guide_has_its_books_and_every_book_its_writers(plan):
    for scheme in ("2017", "2021", "2023"):
        plan.guide_version = scheme
        assert book_of(plan).number == 2
        assert len(books_of(plan)) in (3, 4)
    for book in all_books_of(plan):
        keys = [item.key for top in (*book.chapters, *book.appendices) for item in (top, *top.sections)]
        assert len(keys) == len(set(keys))
        assert any(key in WRITERS[book.key] for key in keys)


def test_every_writer_has_a_place_in_the_books_that_it_writes_for(plan):
    for writers in {id(writers): writers for writers in WRITERS.values()}.values():
        books = [book for book in all_books_of(plan) if WRITERS[book.key] is writers]
        keys = {
            item.key for book in books for top in (*book.chapters, *book.appendices) for item in (top, *top.sections)
        }
        assert set(writers) <= keys


@pytest.mark.parametrize("key", sorted(WRITERS))
def test_an_empty_plan_builds_every_book_and_says_what_is_missing(country, key):
    document = book_document(country.plan, key)
    assert any(isinstance(block, Missing) for block in document.blocks)
    assert render_book(country.plan, "html", key).startswith(b"<!doctype html>")


def test_an_empty_plan_is_a_book_that_says_what_lacks(country):
    document = book_document(country.plan)
    spoken = str(texts(document))
    assert all(
        name in spoken for name in ("Maksud dan Tujuan", "Keselarasan dengan RPJMD", "Jangka Panjang (10 Tahun)")
    )
    assert sum(isinstance(block, Missing) for block in document.blocks) >= 6
    assert not list(document.walk(DimensionPage))
    assert "Dinas Kesehatan" in str(texts(document))
    assert render_book(country.plan, "html").startswith(b"<!doctype html>")


def test_a_plan_known_by_names_only_is_short_and_says_where_they_come_from(country):
    country.plan.is_unverified = True
    Innovation.objects.create(
        plan=country.plan,
        dimension=country.dimension("economy"),
        title="Kampung Sasirangan",
        is_unverified=True,
        source_key="1",
        source_address="https://contoh.example/berita",
    )
    document = book_document(country.plan)
    spoken = " ".join(text for _place, text in texts(document))
    assert "Kampung Sasirangan" in spoken
    assert "https://contoh.example/berita" in spoken
    assert not list(document.walk(DimensionPage))


def test_rows_that_an_import_began_stand_among_what_is_missing(country):
    Innovation.objects.create(plan=country.plan, title="Dari lembar", source_key="1")
    Innovation.objects.create(plan=country.plan, title="Draf sendiri")
    spoken = [text for place, text in texts(book_document(country.plan)) if place == "inovasi-menunggu"]
    assert "Dari lembar" in spoken
    assert "Draf sendiri" not in spoken


def test_a_plan_without_years_and_agencies_is_a_book_too(country):
    country.neighbour_plan.year_from = country.neighbour_plan.year_to = None
    country.neighbour_plan.requests.all().delete()
    assert book_document(country.neighbour_plan).year.isdigit()


def test_the_vision_is_missing_until_it_is_set(plan):
    blocks = book_document(plan).blocks
    place = next(n for n, block in enumerate(blocks) if getattr(block, "key", "") == "bab-vision")
    assert isinstance(blocks[place + 1], Missing)


def test_it_is_marked_as_draft_and_as_imported(plan):
    assert book_document(plan).status_text
    plan.is_unverified = True
    assert len(book_document(plan).status_text) > len("DRAFT · ")


def test_tables_and_figures_are_numbered_and_anchors_differ(plan):
    parts = placed(book_document(plan))
    tables = [part.number for part in parts if isinstance(part.block, Table)]
    assert tables == [str(number) for number in range(1, len(tables) + 1)]
    anchors = [part.anchor for part in parts if part.anchor]
    assert len(anchors) == len(set(anchors))


def test_the_book_reads_the_same_on_another_day_and_whatever_the_reader_speaks(plan):
    from django.utils import translation

    document = book_document(plan)
    with translation.override("en"):
        other = book_document(plan)
    assert fingerprint_of(document) == fingerprint_of(other)
    assert fingerprint_of(document) == fingerprint_of(replace(document, made_at=actions.DAWN))


def test_one_budget_line_changes_every_place_where_it_stands_and_no_other(plan):
    line = BudgetLine.objects.filter(innovation__title="Piring Pesisir", year=2026).get()
    of_innovation, of_plan, of_year = 1_000_003 * 4053, 1_000_003 * 4053 * 2, 1_000_003 * 2026 * 2
    before = book_document(plan)
    BudgetLine.objects.filter(pk=line.pk).update(amount_rupiah=line.amount_rupiah + 7_000_000)
    after = book_document(plan)
    old, new = texts(before), texts(after)
    assert len(old) == len(new)
    changed = {place for (place, a), (_place, b) in zip(old, new, strict=True) if a != b}
    assert f"anggaran-{line.innovation_id}" in changed
    assert {"anggaran-menurut-sumber", "anggaran-menurut-perangkat-daerah", "daftar-inovasi-living"} <= changed
    other = BudgetLine.objects.exclude(innovation=line.innovation).first().innovation_id
    assert f"anggaran-{other}" not in changed
    assert "daftar-inovasi-economy" not in changed
    assert not {place for place in changed if place.startswith(("peta-cakupan", "permasalahan", "daftar-permasalahan"))}
    # No sum that the line belongs to keeps its old amount anywhere.
    spoken = " ".join(text for _place, text in new)
    for amount in (line.amount_rupiah, of_plan, of_year):
        assert rupiah(amount) not in spoken
    assert str(of_plan) not in [text for _place, text in new]
    assert str(of_plan + 7_000_000) in [text for _place, text in new]
    in_total = [text for place, text in new if place == f"anggaran-{line.innovation_id}"]
    assert str(of_innovation + 7_000_000) in in_total


def test_the_same_amount_stands_in_page_pdf_and_word(plan):
    document = book_document(plan)
    amount = "Rp" + f"{1_000_003 * 2026:,}".replace(",", ".")
    assert amount in render_book(plan, "html").decode()
    assert amount in words_of_pdf(actions.file_of(document, "pdf"))
    assert amount in xml_of_word(actions.file_of(document, "word"))


def test_the_word_file_has_contents_captions_and_repeated_heads(plan):
    xml = xml_of_word(render_book(plan, "docx"))
    assert "TOC \\o" in xml
    assert "SEQ " in xml
    assert "w:tblHeader" in xml
    assert "Heading1" in xml


def test_equal_content_is_equal_json(plan):
    first, second = book_document(plan), book_document(plan)
    assert to_json(replace(first, made_at=actions.DAWN)) == to_json(replace(second, made_at=actions.DAWN))
    assert isinstance(first, Document)


def words_of_pdf(content):
    try:
        done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("pdftotext is not here")
    return done.stdout.decode()


def xml_of_word(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read("word/document.xml").decode()


def test_what_people_wrote_stands_before_what_is_compiled(plan):
    content = [{"is": "paragraph", "text": [{"text": "Kabupaten ini menghadap laut."}]}]
    Narrative.objects.create(plan=plan, book="masterplan", key="background", content=content, words=4)
    blocks = list(book_document(plan).blocks)
    place = next(n for n, block in enumerate(blocks) if getattr(block, "key", "") == "background")
    assert "menghadap laut" in str(blocks[place + 1])
    assert any(isinstance(block, Facts) for block in blocks[place : place + 5])


def test_a_section_with_a_text_alone_is_drawn_up(plan):
    content = [{"is": "paragraph", "text": [{"text": "Agar layanan dekat."}]}]
    assert "Maksud dan Tujuan" not in [text for _number, text in headings(book_document(plan))]
    Narrative.objects.create(plan=plan, book="masterplan", key="purpose", content=content, words=3)
    assert "Maksud dan Tujuan" in [text for _number, text in headings(book_document(plan))]


def test_compiled_headings_are_spelt_like_those_of_the_outline():
    assert titled("Langkah yang berikutnya") == "Langkah yang Berikutnya"
    assert titled("dan SPBE  pada desa") == "Dan SPBE  pada Desa"


def test_the_arrangement_names_only_what_the_book_holds(country):
    document = book_document(country.plan)
    said = next(
        " ".join(plain(item) for item in after.items)
        for before, after in pairwise(document.blocks)
        if isinstance(after, Bullets) and isinstance(before, Paragraph) and "Bab 1" in plain(after.items[0])
    )
    assert "Naskah Komitmen Bersama" not in said
    assert "Inovasi tanpa Dimensi" not in said
