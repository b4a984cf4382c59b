"""The Word file: styles, fields filled in beforehand, repeated headers, widths, alt text, sections, the same bytes."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.documents import blocks as b
from praja.foundation.documents import word
from praja.foundation.documents.tests import samples


@pytest.fixture(scope="module")
def content():
    return word.render(samples.full())


@pytest.fixture(scope="module")
def package(content):
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def body(content):
    return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


def test_headings_have_heading_styles(package):
    headings = [(p.style.name, p.text) for p in package.paragraphs if p.style.name.startswith("Heading")]
    assert ("Heading 1", "Ringkasan") in headings
    assert ("Heading 2", "Smart Living") in headings
    assert ("Heading 3", "Kesehatan") in headings


def test_contents_and_lists_are_fields_that_are_filled_in(package, body):
    assert 'TOC \\o "1-3"' in body
    assert re.search(r'TOC \\h \\z \\c "[^"]+"', body)
    contents = [p.text for p in package.paragraphs if p.style.name.startswith("toc")]
    assert any("2.1\tSmart Living" in line for line in contents)
    assert any("Daftar inovasi" in p.text for p in package.paragraphs if p.style.name == "table of figures")


def test_every_link_of_the_contents_has_its_bookmark(body):
    wanted = set(re.findall(r'w:anchor="([^"]+)"', body))
    assert wanted
    assert wanted <= set(re.findall(r'<w:bookmarkStart w:id="\d+" w:name="([^"]+)"', body))


def test_captions_count_by_fields_that_are_filled_in(package, body):
    assert body.count("SEQ ") == 5
    captions = [p.text for p in package.paragraphs if p.style.name == "Caption"]
    assert any(text.split("  ")[0].endswith(" 1") and "Daftar inovasi" in text for text in captions)


def test_tables_repeat_their_header_and_fix_every_width(package):
    data = [table for table in package.tables if table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None]
    assert len(data) == 3
    for table in data:
        assert table.autofit is False
        assert all(cell.width for row in table.rows for cell in row.cells)


def test_a_table_stays_with_its_sum_and_its_source(package):
    table = next(one for one in package.tables if one.rows[-1].cells[0].text == "Jumlah")
    kept = [row.cells[0].paragraphs[0]._p.find(f".//{qn('w:keepNext')}") is not None for row in table.rows]
    assert kept == [True, False, False, True, True]


def test_typefaces_that_an_office_lacks_have_a_named_substitute(content):
    fonts = zipfile.ZipFile(io.BytesIO(content)).read("word/fontTable.xml").decode()
    assert re.findall(r'w:name="(Plus Jakarta Sans|Source Serif 4)"><w:altName w:val="(\w+)"', fonts) == [
        ("Plus Jakarta Sans", "Calibri"),
        ("Source Serif 4", "Cambria"),
    ]


def test_charts_are_pictures_with_alt_text(body, content):
    assert 'descr="Batang anggaran per tahun"' in body
    assert any(name.startswith("word/media/") for name in zipfile.ZipFile(io.BytesIO(content)).namelist())


def test_landscape_has_a_section_of_its_own(package):
    assert [section.orientation for section in package.sections].count(1) == 1


def test_every_page_says_that_it_is_a_draft(package, body):
    for section in package.sections:
        head = section.header._element.xpath("string()")
        assert "DRAF" in head or not head.strip()
    assert body.count("DRAF") == 2  # cover and dimension page, whose head is bare


def test_properties_carry_title_region_and_date(package):
    properties = package.core_properties
    assert (properties.title, properties.author) == ("Rencana Induk Kota Cerdas", "Kabupaten Contoh")
    assert properties.created.isoformat().startswith("2026-11-21T03:00:00")


def test_the_same_document_gives_the_same_bytes(content):
    assert word.render(samples.full()) == content


def test_markup_in_a_text_stays_text():
    hostile = '<w:p/> & "x" ]]> #bold {MERGEFIELD x} <script>'
    made = docx.Document(
        io.BytesIO(word.render(samples.document(b.Paragraph(hostile), b.Heading(1, hostile), title=hostile)))
    )
    assert [p.text for p in made.paragraphs].count(hostile) >= 3


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_comes_through(text):
    document = samples.document(b.Paragraph(text), b.Table(text, [b.Column(text)], [[text]], key=text))
    made = docx.Document(io.BytesIO(word.render(document)))
    assert b.clean(text) in [paragraph.text for paragraph in made.paragraphs]
