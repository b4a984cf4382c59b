"""A workbook of one long table, written as it comes: XlsxWriter needs four times as long for millions of cells.

Only what a table needs: a frozen head, texts, numbers, dates. Workbooks that people fill in are made elsewhere.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import BinaryIO

ROWS_AT_ONCE = 500  # handed to the compressor
LEVEL = 1  # of compression: half the time for a quarter more bytes
TITLE, TEXT, WHOLE, DATE = 1, 2, 3, 4  # the formats below, by their place in cellXfs
EPOCH, FIRST_DAY = dt.date(1899, 12, 30), dt.date(1900, 3, 1)  # Excel believes in a 29 February 1900
THOUSANDS_FROM = 10_000  # from five digits on a number is no year, and thousands help the eye

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}  # fmt: skip
# What XML cannot hold stands as _x000B_ in a workbook, and a text that looks like that is escaped itself.
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

Cell = str | int | float | Decimal | dt.date | None


def write_table(target: BinaryIO, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a workbook with one sheet of this title, days from FIRST_DAY; a text never becomes a formula or a number."""
    names = [column_name(number) for number in range(len(header))]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as book:
        for name, content in _PARTS.items():
            book.writestr(name, _XML + content)
        book.writestr(
            "xl/workbook.xml",
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{escaped(title).replace(chr(34), "&quot;")}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_head(len(header)).encode())
            sheet.write(_row(1, names, header, TITLE).encode())
            block: list[str] = []
            for number, row in enumerate(rows, 2):
                block.append(_row(number, names, row, TEXT))
                if len(block) == ROWS_AT_ONCE:
                    sheet.write("".join(block).encode())
                    block.clear()
            sheet.write("".join(block).encode() + b"</sheetData></worksheet>")


def escaped(text: str) -> str:
    """The text as the XML of a workbook holds it."""
    return _SPECIAL.sub(_escape, text) if _SPECIAL.search(text) else text


@cache
def column_name(number: int) -> str:
    """A to Z, AA and so on, for 0 and up."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _escape(found: re.Match[str]) -> str:
    return _NAMED.get(found[0]) or f"_x{ord(found[0]):04X}_"


def _head(columns: int) -> str:
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{max(columns, 1)}" width="22" customWidth="1"/></cols><sheetData>'
    )


def _row(number: int, names: Sequence[str], row: Sequence[Cell], text_format: int) -> str:
    cells = []
    for name, value in zip(names, row, strict=False):
        if value is None or value == "":
            continue
        if type(value) is str:
            text = escaped(value)
            cells.append(
                f'<c r="{name}{number}" s="{text_format}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            )
        elif isinstance(value, dt.date):
            cells.append(f'<c r="{name}{number}" s="{DATE}"><v>{(value - EPOCH).days}</v></c>')
        else:
            style = f' s="{WHOLE}"' if isinstance(value, int) and value >= THOUSANDS_FROM else ""
            cells.append(f'<c r="{name}{number}"{style}><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'
