"""The PDF: contents, bookmarks, tables over pages, marks on each page, the same bytes, and text that stays text."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from praja.foundation.documents import blocks as b
from praja.foundation.documents import pdf
from praja.foundation.documents.outline import marks
from praja.foundation.documents.tables import laid, turned
from praja.foundation.documents.tests import samples

HOSTILE = "#set page(fill: red) *bold* _x_ $x^2$ <script>alert(1)</script> @label `code` \\ // [#panic()] {{ x }} %s"


def read(document):
    return PdfReader(io.BytesIO(pdf.render(document)))


def text_of(reader):
    return samples.letters("".join(page.extract_text() for page in reader.pages))


@pytest.fixture(scope="module")
def book():
    return read(samples.full())


def test_contents_and_lists_name_headings_tables_and_figures(book):
    front = samples.letters("".join(page.extract_text() for page in book.pages[1:4]))
    for words in ("1 Ringkasan", "2.1 Smart Living", "2.1.1 Kesehatan", "1 Daftar inovasi", "1 Anggaran naik"):
        assert samples.letters(words) in front


def test_bookmarks_follow_the_headings(book):
    def flat(items):
        for item in items:
            yield from flat(item) if isinstance(item, list) else [item.title]

    titles = list(flat(book.outline))
    for words in ("Ringkasan", "Smart Living", "Kesehatan", "Penyelarasan"):
        assert any(words in title for title in titles)


def test_every_row_and_number_is_printed(book):
    text = text_of(book)
    for words in (
        "Inovasi nomor 3",
        "Rp3.750.000",
        "Rp7.500.000",
        "12,50",
        "Belum ada inovasi.",
        "belum disusun",
        "Data OPD 2026",
    ):
        assert samples.letters(words) in text


def test_every_page_says_that_it_is_a_draft_and_a_demonstration(book):
    for page in book.pages:
        assert all(mark in page.extract_text() for mark in marks(samples.full()))


def test_a_small_table_stays_on_one_page():
    column = b.Column("Kolom")
    small, large = ([(f"Baris {number}",) for number in range(size)] for size in (14, 15))
    assert laid(b.Table("Kecil", [column], small)).is_small
    assert not laid(b.Table("Besar", [column], large)).is_small
    assert not laid(b.Table("Panjang", [column], [("kata " * 500,)])).is_small


@pytest.mark.parametrize("rows", range(30, 42, 2))
def test_source_and_sum_never_stand_on_a_page_without_a_row(rows):
    table = samples.table(rows, total=("Jumlah", None, 7_500_000), source="Data OPD 2026")
    pages = [page.extract_text() for page in read(samples.document(b.Heading(1, "Bab"), table)).pages]
    (last,) = [page for page in pages if "Data OPD 2026" in page]
    assert "Jumlah" in last
    assert "Inovasi nomor" in last


def test_lists_in_front_share_a_page_where_there_is_room():
    reader = read(samples.document(b.Heading(1, "Bab"), samples.table(3), samples.table(3, "Lain")))
    assert "Daftar Isi" in reader.pages[1].extract_text()
    assert "Lain" in reader.pages[1].extract_text()


def test_chapters_of_a_short_book_follow_each_other():
    chapters = [b.Heading(1, "Satu"), b.Paragraph("Isi"), b.Heading(1, "Dua"), b.Paragraph("Isi")]
    apart, together = (len(read(samples.document(*chapters, flows=flows)).pages) for flows in (False, True))
    assert apart == together + 1


def test_a_few_rows_after_a_wide_table_stay_on_its_turned_page():
    wide, few = samples.table(3, landscape=True), samples.table(2, "Sedikit")
    assert turned([wide, few], [True, False]) == [True, True]
    assert turned([wide, samples.table(9)], [True, False]) == [True, False]


def test_a_final_book_carries_no_mark():
    assert "DRAF" not in text_of(read(samples.document(b.Heading(1, "Bab"))))


def test_a_long_table_repeats_its_header_on_each_page():
    reader = read(samples.document(b.Heading(1, "Bab"), samples.table(120)))
    pages = [page.extract_text() for page in reader.pages if "Inovasi nomor" in page.extract_text()]
    assert len(pages) > 2
    assert all("Anggaran" in page for page in pages)


def test_a_landscape_table_turns_its_page_only(book):
    turned = [page for page in book.pages if page.mediabox.width > page.mediabox.height]
    assert len(turned) == 1
    assert "Tabel melebar" in turned[0].extract_text()


def test_a_table_whose_figures_do_not_fit_turns_by_itself():
    columns = [b.Column(str(year), 1, "rupiah") for year in range(2026, 2032)]
    reader = read(samples.document(b.Table("Lebar", columns, [[1_250_000_000_000] * 6])))
    assert any(page.mediabox.width > page.mediabox.height for page in reader.pages)


def test_the_file_is_tagged_titled_and_in_its_language(book):
    catalogue = book.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "id"
    assert book.metadata.title == "Rencana Induk Kota Cerdas"


def test_the_same_document_gives_the_same_bytes():
    assert pdf.render(samples.full()) == pdf.render(samples.full())


def test_markup_in_a_text_stays_text():
    reader = read(
        samples.document(
            b.Heading(1, HOSTILE), b.Paragraph(HOSTILE), b.Bullets([HOSTILE]), b.Facts([(HOSTILE, HOSTILE)]),
            b.Table(HOSTILE, [b.Column(HOSTILE)], [[HOSTILE]], source=HOSTILE), b.Missing(HOSTILE, [HOSTILE]),
            title=HOSTILE, region_name=HOSTILE, foot_note=HOSTILE,
        )
    )  # fmt: skip
    assert text_of(reader).count(samples.letters(HOSTILE)) > 8


def test_a_cell_of_a_hundred_thousand_characters_is_printed_whole():
    long = " ".join(f"kata{number}" for number in range(12_000))
    text = text_of(read(samples.document(b.Table("t", [b.Column("a"), b.Column("b")], [[long, "x"]]))))
    assert "kata11999" in text


def test_a_word_without_an_end_stays_within_its_cell():
    reader = read(samples.document(b.Table("t", [b.Column("a"), b.Column("b")], [["m" * 3000, "x"]])))
    assert text_of(reader).count("m") >= 3000


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_can_be_printed(text):
    document = samples.document(b.Heading(1, text), b.Paragraph(text), b.Table(text, [b.Column(text)], [[text]]))
    assert pdf.render(document).startswith(b"%PDF")
