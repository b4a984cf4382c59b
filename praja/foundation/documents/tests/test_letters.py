"""Papers with a letterhead: number, code and page of pages on paper, the block that is signed, the same bytes again."""

import io
import re
from datetime import UTC, datetime

import docx
from pypdf import PdfReader

from praja.foundation.documents import blocks as b
from praja.foundation.documents import html, pdf, qr, word
from praja.foundation.documents.tests import samples

HOSTILE = '#eval("1") <b>$x$</b> \\ \x00 ]] *tebal* `kode`'


def letter(*blocks, **changes):
    values = {
        "title": "Lembar Usulan Perangkat Daerah", "region_name": "Kabupaten Contoh", "region_kind": "Kabupaten",
        "year": "2026", "made_at": datetime(2026, 11, 22, tzinfo=UTC), "letterhead": ["Pemerintah Kabupaten Contoh", "Dinas Kesehatan"],
        "number": "001/LU/DINKES/2026", "code": "K7QM-3XPD", "link": "http://localhost/lembar-usulan/kode/K7QM-3XPD/",
        "arms": samples.PIXEL, "blocks": blocks or [samples.table(40), SIGNATURE],
    }  # fmt: skip
    return b.Letter(**(values | changes))


SIGNATURE = b.Signature(
    "Contoh, 22 November 2026",
    ["Plt. Kepala Dinas Kesehatan"],
    "dr. Ratna Dewi, M.Kes.",
    "Pembina Tingkat I (IV/b)",
    "198001012005012001",
)


def pages(content):
    return [samples.letters(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def test_each_page_names_the_paper_and_counts_its_pages():
    found = pages(pdf.render(letter()))
    assert len(found) > 1
    for number, page in enumerate(found, start=1):
        assert re.search(rf"Halaman{number}\w+{len(found)}$", page)
        assert "K7QM-3XPD" in page
    assert "PEMERINTAHKABUPATENCONTOH" in found[0]
    assert "198001012005012001" in found[-1]


def test_the_same_paper_gives_the_same_bytes():
    assert pdf.render(letter()) == pdf.render(b.from_json(b.to_json(letter())))
    assert word.render(letter()) == word.render(letter())


def test_the_word_file_can_be_opened_and_holds_the_same():
    document = docx.Document(io.BytesIO(word.render(letter())))
    text = samples.letters(document.element.body.xpath("string(.)"))
    assert "Plt.KepalaDinasKesehatan" in text
    assert "198001012005012001" in text
    assert "001/LU/DINKES/2026" in text


def test_a_wide_table_turns_its_page_in_both():
    columns = [b.Column(f"Kolom panjang {number}", 1, "rupiah") for number in range(9)]
    wide = b.Table("Lebar", columns, [tuple(10**13 for _ in columns)])
    reader = PdfReader(io.BytesIO(pdf.render(letter(wide, SIGNATURE))))
    assert any(page.mediabox.width > page.mediabox.height for page in reader.pages)
    assert word.render(letter(wide, SIGNATURE))


def test_the_web_page_shows_it_without_contents():
    fragment = html.render(letter())
    assert "book-contents" not in fragment
    assert "dr. Ratna Dewi, M.Kes." in fragment


def test_what_people_typed_is_never_read_as_markup():
    hostile = b.Signature(HOSTILE, [HOSTILE], HOSTILE, HOSTILE, HOSTILE)
    content = pdf.render(letter(b.Paragraph(HOSTILE), hostile, letterhead=[HOSTILE] * 4, number=HOSTILE, code=HOSTILE))
    assert samples.letters('#eval("1")<b>$x$</b>') in pages(content)[0]
    assert word.render(letter(hostile))
    assert "<b>" not in html.render(letter(hostile))


def test_a_block_that_is_signed_stands_in_a_book_too():
    document = samples.document(b.Heading(1, "Pengesahan"), SIGNATURE)
    assert any("198001012005012001" in page for page in pages(pdf.render(document)))


def test_a_code_is_a_picture_of_its_address():
    assert qr.picture("http://localhost/") == qr.picture("http://localhost/")
    assert qr.picture("a") != qr.picture("b")


def test_a_paper_without_number_or_code_leaves_no_sign_between_nothing():
    foot = pages(pdf.render(letter(code="", link="", blocks=[b.Paragraph("Isi.")])))[0]
    assert re.search(r"001/LU/DINKES/2026(Halaman|Page)1\w+1$", foot)
