"""What people write (links, footnotes, numbered lists, quotes, pictures) in page, PDF and Word."""

import io
import re
import zipfile

import docx
import pytest
from pypdf import PdfReader

from praja.foundation.documents import blocks as b
from praja.foundation.documents import html, pdf, word
from praja.foundation.documents.tests import samples


@pytest.fixture(scope="module")
def parts():
    package = zipfile.ZipFile(io.BytesIO(word.render(samples.written())))
    return {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}


def test_the_page_of_what_people_write_is_this_and_nothing_else():
    fragment = html.render(samples.written())
    body = fragment[fragment.index('<p class="book-body"') : fragment.index("<figure")]
    assert body == (
        '<p class="book-body" id="alinea-satu">Lihat <a href="https://go.id/a?b=1&amp;c=2" rel="noopener noreferrer">peraturannya</a>'
        ' ini.<sup><a id="acuan-1" href="#catatan-1" aria-label="Note 1">1</a></sup></p>'
        '<ol><li>Satu</li><li><strong>Dua</strong><sup><a id="acuan-2" href="#catatan-2" aria-label="Note 2">2</a></sup></li></ol>'
        '<p class="book-body">Selang.</p><ol><li>Kembali ke satu</li></ol>'
        "<ul><li>Hulu<ol><li>Hilir</li><li><em>Muara</em><ul><li>Pesisir</li></ul></li></ol></li></ul>"
        '<blockquote class="book-quote"><p>Kota cerdas dimulai dari warga.</p></blockquote>'
    ).replace("Note", html.outline.words(samples.written())["note"])
    assert '<li id="catatan-1">Pasal 3 &lt;b&gt; <a href="#acuan-1"' in fragment
    assert 'alt="Dua orang di depan loket"' in fragment


def test_rows_of_tables_have_addresses_of_their_own():
    fragment = html.render(samples.document(samples.table(2, key="daftar"), samples.table(2, "Lain", key="daftar")))
    found = re.findall(r'<tr id="([^"]+)"', fragment)
    assert found == ["daftar-baris-1", "daftar-baris-2", "daftar-2-baris-1", "daftar-2-baris-2"]


def test_the_pdf_has_footnotes_links_numbers_and_the_picture():
    reader = PdfReader(io.BytesIO(pdf.render(samples.written())))
    text = samples.letters("".join(page.extract_text() for page in reader.pages))
    for words in ("1.Satu", "2.Dua", "1.Kembalikesatu", "Pasal3<b>", "Catatankedua", "Dokumentasi2026", "Edisi2"):
        assert words in text
    links = [
        note.get_object()["/A"]["/URI"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    ]
    assert "https://go.id/a?b=1&c=2" in links


def test_word_has_real_footnotes(parts):
    assert len(re.findall(r"<w:footnoteReference ", parts["word/document.xml"])) == 2
    assert "Pasal 3 &lt;b&gt;" in parts["word/footnotes.xml"]
    assert "footnotes+xml" in parts["[Content_Types].xml"]
    assert "footnotePr" in parts["word/settings.xml"]


def test_word_has_links_and_lists_that_begin_anew(parts):
    assert 'Target="https://go.id/a?b=1&amp;c=2" TargetMode="External"' in parts["word/_rels/document.xml.rels"]
    numbers = re.findall(r'<w:numId w:val="(20\d)"/>', parts["word/document.xml"])
    assert numbers == ["201", "201", "202", "203", "203"]
    assert parts["word/numbering.xml"].count("startOverride") == 3


def test_word_opens_it_with_quote_and_picture():
    made = docx.Document(io.BytesIO(word.render(samples.written())))
    assert [p.text for p in made.paragraphs if p.style.name == "Quote"] == ["Kota cerdas dimulai dari warga."]
    assert 'descr="Dua orang di depan loket"' in made.element.body.xml
    assert "Edisi 2" in [p.text for p in made.paragraphs]


def test_a_letter_shows_it_too():
    values = vars(samples.written()) | {"letterhead": ["Pemerintah"], "number": "1", "code": "A", "link": ""}
    text = samples.letters(
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.render(b.Letter(**values)))).pages)
    )
    assert "Catatankedua" in text
    assert "Dokumentasi2026" in text


def test_a_text_of_markup_in_a_footnote_stays_text():
    hostile = '#panic() <script>alert(1)</script> </w:t> "'
    document = samples.document(
        b.Paragraph([b.Run("a", note=hostile)]), b.Bullets([[b.Run("b", note=hostile)]], ordered=True)
    )
    assert "<script>" not in html.render(document)
    reader = PdfReader(io.BytesIO(pdf.render(document)))
    assert samples.letters(hostile) in samples.letters("".join(page.extract_text() for page in reader.pages))
    assert b"alert(1)" in zipfile.ZipFile(io.BytesIO(word.render(document))).read("word/footnotes.xml")


def test_lists_within_lists_are_lists_in_every_form():
    assert (
        "<ul><li>Hulu<ol><li>Hilir</li><li><em>Muara</em><ul><li>Pesisir</li></ul></li></ol></li></ul>"
        in html.render(samples.written())
    )
    body = zipfile.ZipFile(io.BytesIO(word.render(samples.written()))).read("word/document.xml").decode()
    places = re.findall(r'<w:ilvl w:val="(\d)"/>(?:(?!</w:p>).)*?>(Hulu|Hilir|Muara|Pesisir)<', body)
    assert places == [("0", "Hulu"), ("1", "Hilir"), ("1", "Muara"), ("2", "Pesisir")]
    tags = pdf.render(samples.written())
    catalogue = PdfReader(io.BytesIO(tags)).trailer["/Root"]
    assert depth_of_lists(catalogue["/StructTreeRoot"]) == 3


def depth_of_lists(element):
    """How many lists stand within each other in the tags of a PDF."""
    if not hasattr(element, "get") or "/K" not in element:
        return 0
    kids = element["/K"]
    below = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
    return (element.get("/S") == "/L") + max(map(depth_of_lists, below), default=0)
