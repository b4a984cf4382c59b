"""Slides: what fits stands, what does not goes on or is cut and says so; PDF and PowerPoint say the same."""

import io

import pptx
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from praja.foundation.documents import blocks as b
from praja.foundation.documents import child, pdf, powerpoint, slides
from praja.foundation.documents.tests import samples

FULL = samples.deck(
    b.Heading(1, "Ringkasan"),
    b.KeyFigures([("96", "inovasi diterima"), ("30 dari 32", "OPD sudah menyampaikan")]),
    b.Paragraph([b.Run("Disusun "), b.Run("bersama", bold=True, note="Data 2026")], "lead"),
    b.Bullets([f"Butir {number}" for number in range(1, 4)]),
    b.DimensionPage("living", 4, "Smart Living", "Layanan yang dekat.", [("16", "inovasi")]),
    b.Heading(3, "Inovasi unggulan"),
    samples.table(30, total=("Jumlah", None, 7_500_000), source="Data OPD 2026"),
    b.Chart("Anggaran naik", samples.CHART, "Batang anggaran per tahun", source="DPA"),
    b.Heading(1, "Langkah berikut"),
    b.Facts([("Pengampu", "Dinas Kesehatan")]),
    b.Picture("Loket", samples.PIXEL, "Dua orang"),
)


def made(deck):
    with translation.override("id"):
        return slides.slides_of(deck)


def words_of(slide):
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            found += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


@pytest.fixture(scope="module")
def office():
    return pptx.Presentation(io.BytesIO(powerpoint.render(FULL)))


def test_a_dimension_opens_a_slide_and_a_heading_titles_the_next():
    titles = [(slide.kind, slide.title, slide.above) for slide in made(FULL)]
    assert titles[:4] == [
        ("title", "Paparan Bupati", ""),
        ("content", "Ringkasan", ""),
        ("section", "Smart Living", ""),
        ("content", "Inovasi unggulan", "Smart Living"),
    ]


def test_nothing_stands_below_the_foot_of_a_slide():
    long = samples.deck(
        b.Bullets(["kata " * 40] * 20), b.Paragraph("Kalimat ini panjang. " * 300), samples.table(80),
        b.Facts([("a", "kata " * 60)] * 20), b.KeyFigures([("1", "satu")] * 30), b.Bullets(["m" * 5000]),
    )  # fmt: skip
    for slide in made(long):
        for item in slide.items:
            assert item.top + item.height <= slides.TOP + slides.BODY_HEIGHT + 1


def test_a_long_table_is_cut_and_says_how_many_rows_are_missing():
    table = next(item for slide in made(FULL) for item in slide.items if item.kind == "table")
    shown = len(table.data["rows"]) - 2  # without head and total
    assert 8 < shown < 30
    assert str(30 - shown) in table.data["note"]
    assert table.data["rows"][-1][0] == "Jumlah"


def test_every_point_of_a_long_list_is_shown_on_some_slide():
    deck = samples.deck(
        b.Heading(1, "Banyak"), b.Bullets([f"Butir nomor {number}" for number in range(60)], ordered=True)
    )
    points = [point for slide in made(deck) for item in slide.items for point in item.data["points"]]
    assert [number for _runs, _depth, number in points] == list(range(1, 61))


def test_what_has_a_slide_for_itself_is_set_larger():
    figures = [(str(number), "inovasi") for number in range(6)]
    alone, beside, table = made(
        samples.deck(
            b.Heading(1, "A"), b.KeyFigures(figures), b.Heading(1, "B"), b.KeyFigures(figures), b.Paragraph("Isi"),
            b.Heading(1, "C"), samples.table(3),
        )
    )[1:]  # fmt: skip
    assert (alone.items[0].data["scale"], beside.items[0].data["scale"]) == (slides.ALONE_LARGER, 1)
    assert table.items[0].data["size"] > slides.TABLE


def test_a_long_name_keeps_its_place_on_a_slide():
    deck = samples.deck(b.Heading(1, "m" * 200), b.KeyFigures([("Rp" + "9" * 200, "kata " * 60)]), b.Paragraph("Isi"))
    (value, label), *_more = made(deck)[1].items[0].data["rows"][0]
    assert len(value) < 30
    assert len(label) < 90


def test_powerpoint_has_titles_native_tables_and_pictures_in_words(office):
    assert [slide.shapes.title.text_frame.text for slide in office.slides][:3] == [
        "Paparan Bupati",
        "Ringkasan",
        "Smart Living",
    ]
    assert sum(shape.has_table for slide in office.slides for shape in slide.shapes) == 2
    assert 'descr="Batang anggaran per tahun"' in "".join(slide.shapes._spTree.xml for slide in office.slides)
    assert (office.slide_width, office.slide_height) == (12_192_000, 6_858_000)


def test_pdf_and_powerpoint_say_the_same(office):
    pages = PdfReader(io.BytesIO(pdf.render(FULL))).pages
    assert len(pages) == len(office.slides)
    for page, slide in zip(pages, office.slides, strict=True):
        printed = samples.letters(page.extract_text()).casefold()
        for line in words_of(slide).split("\n"):
            assert samples.letters(line).casefold() in printed


def test_every_slide_says_that_it_is_a_draft(office):
    assert all("DRAF" in words_of(slide) for slide in office.slides)


def test_the_same_deck_gives_the_same_bytes():
    again = b.from_json(b.to_json(FULL))
    assert powerpoint.render(again) == powerpoint.render(FULL)
    assert pdf.render(again) == pdf.render(FULL)


def test_a_deck_is_made_in_a_process_of_its_own():
    assert child.render_in_child(FULL, "powerpoint") == powerpoint.render(FULL)


def test_only_a_deck_becomes_slides():
    with pytest.raises(TypeError, match="deck"):
        powerpoint.render(samples.document())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_can_be_shown(text):
    deck = samples.deck(
        b.Heading(1, text), b.Paragraph(text), b.Bullets([text]), b.Table(text, [b.Column(text)], [[text]])
    )
    assert pdf.render(deck).startswith(b"%PDF")
    assert pptx.Presentation(io.BytesIO(powerpoint.render(deck)))
