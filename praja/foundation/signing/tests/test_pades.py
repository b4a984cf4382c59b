"""Pages and signatures are added to a PDF without touching what was there."""

import io
import shutil
import subprocess

import pypdf
import pypdfium2
import pytest

from praja.foundation.signing.paper import layout
from praja.foundation.signing.pdf import pades
from praja.foundation.signing.pdf.authority import NOT_CERTIFIED
from praja.foundation.signing.tests import pdfs

GROWTH = 25_000  # bytes a signature
needs_poppler = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed")


def test_pages_come_behind_the_edition_byte_for_byte():
    made = pades.with_pages(pdfs.edition(), pdfs.pages(3))
    assert made.startswith(pdfs.edition())
    assert made.count(b"startxref") == pdfs.edition().count(b"startxref") + 1
    found = pypdf.PdfReader(io.BytesIO(made), strict=True).pages
    assert ["Komitmen" in found[0].extract_text(), "Lembar 3" in found[4].extract_text()] == [True, True]


def test_same_pages_give_the_same_bytes():
    assert pades.with_pages(pdfs.edition(), pdfs.pages(2)) == pades.with_pages(pdfs.edition(), pdfs.pages(2))


def test_a_reader_of_another_kind_sees_all_pages():
    assert len(pypdfium2.PdfDocument(pdfs.signed(2))) == len(pypdfium2.PdfDocument(pdfs.edition())) + 1


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\nnothing", b"PK\x03\x04"])
def test_what_is_no_pdf_takes_neither_pages_nor_signatures(pdf):
    with pytest.raises(pades.NotSigned, match="unreadable"):
        pades.with_pages(pdf, pdfs.pages())
    with pytest.raises(pades.NotSigned, match="unreadable"):
        pades.with_pages(pdfs.edition(), pdf)
    with pytest.raises(pades.NotSigned, match="unreadable"):
        pdfs.sign(pdf, 1)


def test_a_signature_leaves_what_was_there_and_stays_small():
    before, after = pdfs.signed(1), pdfs.signed(2)
    assert after.startswith(before)
    assert len(after) - len(before) < GROWTH


def test_stamp_says_who_when_and_that_it_is_not_certified():
    made = pdfs.sign(pdfs.original(), 1).pdf
    stamp = pypdf.PdfReader(io.BytesIO(made)).get_fields()["TTD-001"]
    drawn = pypdf.PdfReader(io.BytesIO(made)).pages[-1]["/Annots"][0].get_object()
    assert [float(edge) for edge in drawn["/Rect"]] == [round(edge) for edge in layout.box(0)]
    assert stamp["/TU"] == "Siti Rahayu, M.Si."
    text = _text_of_stamp(made)
    assert "Kepala Dinas Uji" in text
    assert "WIB" in text
    assert NOT_CERTIFIED in text


def test_a_stamp_never_lacks_how_it_was_signed():
    assert pades._lines(["Siti"], NOT_CERTIFIED) == ["Siti", NOT_CERTIFIED]
    assert pades._lines(["Siti", NOT_CERTIFIED], NOT_CERTIFIED) == ["Siti", NOT_CERTIFIED]


def test_a_field_is_signed_once():
    with pytest.raises(pades.NotSigned, match="field-taken"):
        pdfs.sign(pdfs.signed(1), 1)


@pytest.mark.parametrize("page", [0, 4, -4])
def test_a_signature_needs_its_page(page):
    with pytest.raises(pades.NotSigned, match="no-page"):
        _signed(page=page)


@pytest.mark.parametrize(("page", "index"), [(3, 2), (-1, 2), (1, 0)])
def test_pages_count_from_the_front_or_the_end(page, index):
    found = pypdf.PdfReader(io.BytesIO(_signed(page=page))).pages
    assert ["/Annots" in each for each in found].index(True) == index


def test_a_signature_may_be_invisible():
    said = pdfs.said_of(_signed(is_seen=False))
    assert said["is_valid"]


@needs_poppler
def test_poppler_says_that_all_signatures_are_valid(tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdfs.signed(3))
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
    assert said.count("Signature is Valid.") == 3
    assert said.count("Total document signed") == 1
    assert "ETSI.CAdES.detached" in said


def _signed(page=-1, *, is_seen=True):
    return pades.sign(
        pdfs.original(), field="TTD-001", box=layout.box(0) if is_seen else None, page=page, text=["Siti"], signer=pdfs.signer(), reason="", place="",
        moment=pdfs.NOW, tsa=None,
    ).pdf  # fmt: skip


def _text_of_stamp(pdf):
    """The text of the last page as a reader shows it, stamps and all."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    document[len(document) - 1].flatten()
    return document[len(document) - 1].get_textpage().get_text_bounded()
