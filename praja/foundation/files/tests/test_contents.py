"""A file is what its bytes say; what is hostile is refused with a sentence."""

import contextlib
import io
import zipfile

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.files import contents
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.tests import fixtures

WORKBOOK = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}


def kind_of(data):
    with translation.override("en"):
        return contents.kind_of(io.BytesIO(data))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%...", contents.PDF),
        (fixtures.png(), contents.PNG),
        (fixtures.jpeg(), contents.JPEG),
        (fixtures.webp(), contents.WEBP),
        (fixtures.archive(WORKBOOK), contents.XLSX),
        (fixtures.docx(), contents.DOCX),
        (fixtures.ods("<table:table-row/>"), contents.ODS),
        (fixtures.xls([["a"]]), contents.XLS),
        (b"nama,tahun\r\nPasar,2026\r\n", contents.TEXT),
        ("nama;tahun\nPúsat;2026".encode("utf-16"), contents.TEXT),
        ("nama;tahun\nPusat;2026".encode("utf-16-le"), contents.TEXT),
        ("nama;tahun\nCafé;2026".encode("cp1252"), contents.TEXT),
    ],
)
def test_a_file_is_known_by_its_bytes(data, kind):
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><p>", "web page"),
        (b"\xef\xbb\xbf \n<svg onload=alert(1)>", "web page"),
        ("<?xml version='1.0'?><svg/>".encode("utf-16"), "web page"),
        (b"MZ\x90\0\x03\0\0\0\x04\0\0\0", "not accepted"),
        (b"\x7fELF\x02\x01\x01" + bytes(50), "not accepted"),
        (fixtures.archive({"a.txt": "a"}), "not accepted"),
        (fixtures.archive({**WORKBOOK, "xl/vbaProject.bin": "x"}), "macros"),
        (
            fixtures.archive(
                {**WORKBOOK, "[Content_Types].xml": "application/vnd.ms-excel.sheet.macroEnabled.main+xml"}
            ),
            "macros",
        ),
        (fixtures.docx(**{"word/vbaProject.bin": "x"}), "macros"),
        (fixtures.ods("", **{"Basic/Standard/script-lb.xml": "<x/>"}), "macros"),
        (fixtures.ole(Workbook=b"x", _VBA_PROJECT_CUR=b"x"), "macros"),
        (fixtures.ole(EncryptedPackage=b"x", EncryptionInfo=b"x"), "password"),
        (fixtures.ods("", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}), "password"),
        (fixtures.ole(WordDocument=b"x"), "DOCX"),
        (fixtures.ole(Something=b"x"), "not accepted"),
        (fixtures.archive({"xl/workbook.bin": "x"}), "XLSB"),
        (fixtures.archive({**WORKBOOK, "xl/big.xml": b"\0" * 50_000_000}), "unpacks"),
        (fixtures.archive({**WORKBOOK, "xl/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "entities"),
        (fixtures.archive({**WORKBOOK, "xl/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")}), "entities"),
        (fixtures.archive({**WORKBOOK, "xl/a.xml": b" " * (2**20 - 4) + b"<!DOCTYPE a>"}), "entities|unpacks"),
        (fixtures.archive({**WORKBOOK, "XL/Workbook.xml": "<workbook/>"}), "damaged"),
        (fixtures.archive(WORKBOOK)[:-30], "damaged"),
        (fixtures.png(0, 10), "damaged"),
        (fixtures.png(60_000, 60_000), "pixels"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"\xff\xd8\xff\xe0\xff", "damaged"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "damaged"),
    ],
)
def test_what_is_unwelcome_is_refused_with_a_sentence(data, words):
    with pytest.raises(FileRefused, match=words):
        kind_of(data)


def test_a_file_above_the_limit_is_refused(settings):
    settings.UPLOAD_LIMIT_BYTES = 3 * 1024 * 1024
    with pytest.raises(FileRefused, match="larger than 3 MB"):
        kind_of(b"a" * (3 * 1024 * 1024 + 1))


def test_a_text_inside_an_older_workbook_is_not_taken_for_a_stream():
    text = b"." * 10 + "EncryptedPackage\0".encode("utf-16-le")
    assert kind_of(fixtures.ole(Workbook=text)) == contents.XLS


def test_a_part_with_a_lying_size_is_refused():
    data = bytearray(fixtures.archive({**WORKBOOK, "xl/a.xml": b"a" * 5000}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        directory = archive.start_dir
    place = data.index(b"xl/a.xml", directory) - 22  # where the directory tells the unpacked size
    data[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(FileRefused, match="damaged"):
        kind_of(bytes(data))


@pytest.mark.parametrize(
    ("make", "kind"), [(fixtures.png, contents.PNG), (fixtures.jpeg, contents.JPEG), (fixtures.webp, contents.WEBP)]
)
def test_pictures_tell_their_size(make, kind):
    assert contents.dimensions(io.BytesIO(make(300, 120)), kind) == (300, 120)


@given(st.one_of(st.binary(max_size=400), st.sampled_from([b"PK\3\4", b"%PDF-", b"\xff\xd8\xff", b"RIFFxxxxWEBPVP8X"]).flatmap(
    lambda head: st.binary(max_size=200).map(lambda rest: head + rest))))  # fmt: skip
def test_any_bytes_are_a_kind_or_refused(data):
    with contextlib.suppress(FileRefused):
        assert kind_of(data) in contents.ENDINGS


@given(st.data())
def test_a_damaged_archive_is_a_kind_or_refused(data):
    whole = bytearray(fixtures.archive(WORKBOOK))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FileRefused):
        kind_of(bytes(whole))
