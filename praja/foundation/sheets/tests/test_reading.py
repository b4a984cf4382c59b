"""Tables out of real and hostile files: CSV, XLSX, XLS and ODS."""

import contextlib
import datetime as dt
import io
import subprocess
import zipfile

import openpyxl
import pytest
import xlsxwriter
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from praja.foundation.files.tests import fixtures
from praja.foundation.sheets import reading
from praja.foundation.sheets.reading import SheetError, read_table
from praja.foundation.sheets.values import ShownNumber

KNOWN = {"nama inovasi", "dimensi", "tahun", "pagu"}


def read(data, **options):
    with translation.override("en"):
        return read_table(io.BytesIO(data), "daftar.xlsx", **{"known": KNOWN, **options})


def cells(table):
    return [row.cells for row in table.rows]


def workbook(write, name="Data"):
    """An XLSX whose only sheet `write(sheet, book)` fills."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        write(book.add_worksheet(name), book)
    return target.getvalue()


def grid(*rows):
    """An XLSX of these rows."""

    def write(sheet, book):
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(write)


def with_part(data, part, old, new):
    """The archive with one part changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return fixtures.archive({**parts, part: parts[part].replace(old, new)})


# --- CSV --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_csv_is_read_whatever_its_delimiter_and_encoding(delimiter, encoding):
    text = f'Nama inovasi{delimiter}Tahun\r\n"Café, pagi; {delimiter}\nsore"{delimiter}2026\r\n\r\nPasar{delimiter}\r\n'
    table = read(text.encode(encoding))
    assert table.header == ["Nama inovasi", "Tahun"]
    assert table.rows == [(2, (f"Café, pagi; {delimiter}".replace("\t", " ") + "\nsore", "2026")), (4, ("Pasar", None))]


def test_windows_1252_is_told():
    assert "Windows-1252" in read("Nama inovasi;Tahun\nCafé;2026".encode("cp1252")).warnings[0]


def test_a_line_that_names_the_separator_is_obeyed():
    assert cells(read(b"sep=;\r\nNama inovasi;Tahun\r\na,b;2026\r\n")) == [("a,b", "2026")]


def test_a_quotation_mark_that_is_never_closed_names_its_row():
    with pytest.raises(SheetError, match="row 3"):
        read(b'Nama inovasi,Tahun\na,1\n"b,2\nc,3\n')


def test_cells_beyond_the_header_keep_a_place():
    table = read(b"Nama inovasi,Tahun\na,2026,sisa\n")
    assert table.header == ["Nama inovasi", "Tahun", "Column C"]
    assert cells(table) == [("a", "2026", "sisa")]


def test_titles_that_stand_twice_get_a_number():
    assert read(b"Pagu,Pagu,,Pagu,Pagu (2)\n1,2,3,4,5\n").header == [
        "Pagu",
        "Pagu (2)",
        "Column C",
        "Pagu (3)",
        "Pagu (2) (2)",
    ]


def test_the_guard_against_formulas_is_taken_off_again():
    assert cells(read(b"Nama inovasi,Tahun\n'=1+1,'biasa\n")) == [("=1+1", "'biasa")]


def test_control_characters_are_removed_and_counted():
    table = read("Nama inovasi,Tahun\na\x07b\u202e\u00a0c,😀👩‍⚕️\n".encode())
    assert cells(table) == [("ab c", "😀👩‍⚕️")]
    assert table.warnings == ["2 invisible control characters were removed."]


def test_a_text_that_is_too_long_is_refused_with_its_address():
    with pytest.raises(SheetError, match="Cell B3 holds more than 100000"):
        read(b"Nama inovasi,Tahun\na,b\nc," + b"x" * 150_000)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "ROW_LIMIT", 3)
    with pytest.raises(SheetError, match="more than 3 rows"):
        read(b"Nama inovasi,Tahun\n" + b"a,b\n" * 4)
    with pytest.raises(SheetError, match="more than 3 rows"):
        read(grid(["Nama inovasi", "Tahun"], *[["a", 1]] * 4))


@pytest.mark.parametrize("data", [b"\n\n\n", b"1,2\n3,4\n", b",,\n"])
def test_a_table_without_header_is_refused(data):
    with pytest.raises(SheetError, match="header row"):
        read(data, known=())


@pytest.mark.skipif(settings.REFERENCE_DIR is None, reason="PRAJA_REFERENCE_DIR names no reference data")
def test_the_real_innovations_are_read_whole():
    path = settings.REFERENCE_DIR / "real" / "innovations.csv"
    with path.open("rb") as file:
        assert len(read_table(file, path.name).rows) == 197


# --- workbooks --------------------------------------------------------------------------------------------------------


def test_types_row_numbers_and_blank_rows_are_kept():
    def write(sheet, book):
        sheet.write_row(2, 0, ["Nama inovasi", "Tahun", "Mulai", "Aktif"])
        sheet.write_row(5, 0, ["Pasar", 2026])
        sheet.write_datetime(5, 2, dt.datetime(2026, 11, 21), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001
        sheet.write_boolean(5, 3, True)

    table = read(workbook(write))
    assert (table.header_number, table.sheet_name, table.sheet_names) == (3, "Data", ["Data"])
    assert table.rows == [(6, ("Pasar", 2026, dt.date(2026, 11, 21), True))]


def test_titles_above_the_header_and_numbers_below_it_are_skipped():
    table = read(
        grid(
            ["DAFTAR INOVASI TAHUN 2026"],
            [],
            ["No", "Nama inovasi", "Dimensi"],
            ["(1)", "(2)", "(3)"],
            [1, "Pasar", "Living"],
        )
    )
    assert table.header == ["No", "Nama inovasi", "Dimensi"]
    assert cells(table) == [(1, "Pasar", "Living")]
    assert table.warnings == ["Row 4 only numbers the columns and was left out."]


def test_the_sheet_with_the_known_header_is_chosen_and_another_can_be():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("Petunjuk").write_column(0, 0, ["Cara mengisi", "Isi lembar kedua"])
        book.add_worksheet("Isian").write_row(0, 0, ["Nama inovasi", "Tahun"])
        hidden = book.add_worksheet("Rahasia")
        hidden.write_row(0, 0, ["Nama inovasi", "Tahun", "Pagu", "Dimensi"])
        hidden.hide()
    assert read(target.getvalue()).sheet_name == "Isian"
    assert read(target.getvalue()).sheet_names == ["Petunjuk", "Isian"]
    assert read(target.getvalue(), sheet_name="Petunjuk").header == ["Cara mengisi"]
    with pytest.raises(SheetError, match="no visible sheet"):
        read(target.getvalue(), sheet_name="Rahasia")


def test_merged_texts_are_carried_down_and_merged_numbers_are_not():
    def write(sheet, book):
        sheet.write_row(0, 0, ["Dimensi", "Nama inovasi", "Pagu"])
        sheet.merge_range(1, 0, 3, 0, "Smart Living")
        sheet.merge_range(1, 2, 2, 2, 1500)
        sheet.write_column(1, 1, ["a", "b", "c"])

    table = read(workbook(write))
    assert cells(table) == [("Smart Living", "a", 1500), ("Smart Living", "b", None), ("Smart Living", "c", None)]
    assert table.warnings == ["Merged cells with a number or date count for their first row only: C2."]


def test_a_header_of_two_lines_is_joined():
    def write(sheet, book):
        sheet.merge_range(0, 0, 1, 0, "Nama inovasi")
        sheet.merge_range(0, 1, 0, 2, "Pagu")
        sheet.write_row(1, 1, [2026, 2027])
        sheet.write_row(2, 0, ["Pasar", 5, 6])

    table = read(workbook(write), known={"nama inovasi"})
    assert table.header == ["Nama inovasi", "Pagu 2026", "Pagu 2027"]
    assert cells(table) == [("Pasar", 5, 6)]


def test_formulas_give_their_stored_value_and_are_told_when_they_have_none():
    book = openpyxl.Workbook()
    for row in (["Nama inovasi", "Pagu"], ["a", "=1+1"], ["b", 5]):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    table = read(target.getvalue())
    assert cells(table) == [("a", None), ("b", 5)]
    assert table.warnings[0].startswith("1 formula has no stored result and reads as blank (B2).")

    def write(sheet, book):
        sheet.write_row(0, 0, ["Nama inovasi", "Pagu"])
        sheet.write_formula(1, 1, "=1+1", None, 2)
        sheet.write_formula(2, 0, '=IF(1,"","")', None, "")
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")

    table = read(with_part(workbook(write), "xl/worksheets/sheet1.xml", b'r="A3"', b'r="A3" t="str"'))
    assert cells(table) == [(None, 2)]
    assert "(B3)" in table.warnings[0]


def test_a_code_kept_as_number_reads_as_its_format_shows_it():
    def write(sheet, book):
        sheet.write_row(0, 0, ["Nama inovasi", "Tahun", "Kode"])
        sheet.write_number(1, 1, 11.1, book.add_format({"num_format": "00.00"}))
        sheet.write_number(1, 2, 11.1)
        sheet.write_number(2, 1, 11.123, book.add_format({"num_format": "0.00"}))

    (shown, plain), (rounded, _none) = [row[1:] for row in cells(read(workbook(write)))]
    assert isinstance(shown, ShownNumber)
    assert shown.shown == "11.10"
    assert not isinstance(plain, ShownNumber)
    assert not isinstance(rounded, ShownNumber)


def test_xls_is_read():
    table = read(fixtures.xls([["Nama inovasi", "Tahun"], ["Pasar é", 2026.0]]))
    assert table.rows == [(2, ("Pasar é", 2026))]


def test_ods_is_read_with_its_merged_cells():
    def row(*texts):
        return f"<table:table-row>{''.join(texts)}</table:table-row>"

    def cell(text, **more):
        extra = "".join(f' table:{name.replace("_", "-")}="{value}"' for name, value in more.items())
        return f'<table:table-cell office:value-type="string"{extra}><text:p>{text}</text:p></table:table-cell>'

    data = fixtures.ods(
        row(cell("Dimensi"), cell("Nama inovasi"))
        + row(cell("Living", number_rows_spanned=2, number_columns_spanned=1), cell("a"))
        + row("<table:covered-table-cell/>", cell("b"))
    )
    assert cells(read(data)) == [("Living", "a"), ("Living", "b")]


# --- hostile files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 bukan lembar", "“daftar.xlsx” is not a workbook"),
        (fixtures.png(), "not a workbook"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (fixtures.archive({"xl/workbook.xml": "<workbook/>"}), "damaged"),
        (fixtures.ole(EncryptedPackage=b"x"), "password"),
        (fixtures.ole(Workbook=b"x", _VBA_PROJECT_CUR=b"x"), "macros"),
        (fixtures.ole(Workbook=b"x"), "header row|damaged"),
        (fixtures.archive({"xl/workbook.xml": "<workbook/>", "xl/vbaProject.bin": "x"}), "macros"),
        (fixtures.archive({"xl/workbook.xml": "<workbook/>", "a.xml": b"0" * 40_000_000}), "unpacks"),
        (fixtures.archive({"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY y "z">]><workbook/>'}), "entities"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(data, words):
    with pytest.raises(SheetError, match=words):
        read(data)


def test_cells_too_far_apart_are_refused_without_harm():
    def write(sheet, book):
        sheet.write_row(0, 0, ["Nama inovasi", "Tahun"])
        sheet.write(1_048_575, 16_383, "jauh")

    with pytest.raises(SheetError, match="too far apart"):
        read(workbook(write))


@pytest.mark.parametrize(("rows", "columns"), [(1_048_576, 16_384), (5_000, 2_000)])
def test_repeated_cells_of_an_ods_are_refused_without_harm(rows, columns):
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>a</text:p></table:table-cell>'
    with pytest.raises(SheetError, match=r"too far apart|damaged"):
        read(fixtures.ods(f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'))


def test_a_reader_that_hangs_is_ended_with_a_sentence(monkeypatch):
    def hang(*args, **options):
        raise subprocess.TimeoutExpired("read", 1)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(SheetError, match="split it"):
        read(grid(["Nama inovasi", "Tahun"], ["a", 1]))


SAMPLE = grid(["Nama inovasi", "Tahun"], ["a", 1])


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data):
    whole = bytearray(data.draw(st.sampled_from([SAMPLE, fixtures.xls([["Nama inovasi", "Tahun"], ["a", 1.0]])])))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(SheetError):
        read(bytes(whole))


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_are_a_table_or_refused(data):
    try:
        table = read(data)
    except SheetError:
        return
    assert len(set(table.header)) == len(table.header)
    assert all(len(row.cells) == len(table.header) for row in table.rows)


def test_addresses():
    assert [reading.address(0, 0), reading.address(6, 2), reading.address(0, 26), reading.address(9, 16383)] == [
        "A1",
        "C7",
        "AA1",
        "XFD10",
    ]
