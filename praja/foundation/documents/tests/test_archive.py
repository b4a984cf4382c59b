"""Files that last: PDF/A and PDF/UA, typefaces inside, no hyphens, every word found, equal bytes, offices open them."""

import io
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest

from praja.foundation.documents import blocks as b
from praja.foundation.documents import pdf, powerpoint, word
from praja.foundation.documents.tests import samples

WRITER = Path("/usr/lib/libreoffice/program/libswlo.so")
IMPRESS = Path("/usr/lib/libreoffice/program/libsdlo.so")
LONG = "mempertanggungjawabkan ketidakberpihakan penyelenggaraan pemerintahan daerah berkelanjutan "


def told(command, content, tmp_path):
    file = tmp_path / "buku.pdf"
    file.write_bytes(content)
    return subprocess.run(
        [*command, str(file), *(["-"] if command[0] == "pdftotext" else [])], capture_output=True, text=True, check=True
    ).stdout


def test_books_letters_and_slides_keep_to_the_standards_of_archives():
    for document in (samples.full(), samples.written(), samples.deck(b.Heading(1, "a"), samples.table())):
        made = pdf.render(document)
        assert b"<pdfaid:part>2</pdfaid:part>" in made
        assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made
        assert b"<pdfuaid:part>1</pdfuaid:part>" in made


def test_a_sign_without_a_letterform_is_no_reason_to_print_nothing():
    assert pdf.render(samples.document(b.Paragraph("漢字 🙂 \ue000"))).startswith(b"%PDF")


def test_headings_that_skip_a_level_are_printed_too():
    made = pdf.render(samples.document(b.Heading(3, "Langsung tiga")))
    assert b"<pdfaid:part>2</pdfaid:part>" in made


@pytest.mark.skipif(not shutil.which("pdffonts"), reason="pdffonts is absent: sudo apt install poppler-utils")
def test_every_typeface_is_inside(tmp_path):
    lines = told(["pdffonts"], pdf.render(samples.full()), tmp_path).splitlines()[2:]
    assert lines
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines)  # embedded, subset, with Unicode


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is absent: sudo apt install poppler-utils")
def test_every_word_is_found(tmp_path):
    made = pdf.render(samples.document(b.Heading(1, "Bab"), b.Paragraph(LONG * 40), b.Bullets([LONG * 3])))
    found = told(["pdftotext"], made, tmp_path).split()
    for word_ in LONG.split():
        assert found.count(word_) >= 43


def test_the_time_of_the_machine_stands_nowhere(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Jayapura")
    made = pdf.render(samples.written())
    assert b"D:20261121" in made
    assert str(datetime.now(tz=UTC).date()).encode() not in made


def test_parts_of_office_files_have_one_fixed_time():
    for content in (word.render(samples.written()), powerpoint.render(samples.deck(b.Heading(1, "a")))):
        package = zipfile.ZipFile(io.BytesIO(content))
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-11-21T03:00:00Z" in package.read("docProps/core.xml")


def converted(content, name, ending, tmp_path):
    (tmp_path / name).write_bytes(content)
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        ending,
        "--outdir",
        "made",
        name,
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    return tmp_path / "made" / f"{Path(name).stem}.{ending.split(':')[0]}"


@pytest.mark.skipif(
    not WRITER.exists(), reason="LibreOffice Writer is absent: sudo apt install libreoffice-writer-nogui"
)
def test_an_office_keeps_headings_tables_captions_contents_and_footnotes(tmp_path):
    document = samples.full()
    both = samples.document(*document.blocks, *samples.written().blocks)
    again = docx.Document(str(converted(word.render(both), "buku.docx", "docx:MS Word 2007 XML", tmp_path)))
    styles = [(p.style.name, p.text) for p in again.paragraphs]
    assert ("Heading 1", "Ringkasan") in styles
    assert "2.1\tSmart Living" in "".join(
        text.text or "\t" for text in again.element.body.xpath("w:sdt//w:t | w:sdt//w:tab")
    )
    assert any("Daftar inovasi" in text for style, text in styles if style.casefold() == "caption")
    assert sum("Inovasi nomor 1" in cell.text for table in again.tables for cell in table.columns[0].cells) == 2
    assert "Catatan kedua" in zipfile.ZipFile(tmp_path / "made" / "buku.docx").read("word/footnotes.xml").decode()


@pytest.mark.skipif(
    not IMPRESS.exists(), reason="LibreOffice Impress is absent: sudo apt install libreoffice-impress-nogui"
)
def test_an_office_opens_the_slides(tmp_path):
    deck = samples.deck(b.Heading(1, "Ringkasan"), b.Bullets(["Satu"]), b.Heading(1, "Tabel"), samples.table())
    made = converted(powerpoint.render(deck), "paparan.pptx", "pdf", tmp_path)
    text = told(["pdftotext"], made.read_bytes(), tmp_path)
    assert "Ringkasan" in text
    assert "Inovasi nomor 3" in text
