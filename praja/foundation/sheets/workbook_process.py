"""Reads a workbook in a process of its own: whatever a hostile file does to memory or time ends here and not in the server.

Run as a script: the workbook comes on standard input, the name of a sheet as argument ("" for the only
one, or for the tops of all to choose from), or "every" as second argument for all visible ones; the answer goes to standard output through marshal. It imports nothing of Praja, so that it starts in 30 ms.
"""

import datetime as dt
import io
import marshal
import re
import resource
import sys
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree as Xml
from xml.parsers import expat

import python_calamine as calamine

MEMORY_BYTES = 1536 * 1024 * 1024
SECONDS = 60
CELL_LIMIT = 8_000_000
TOP_ROWS = 60
SHEET_LIMIT = 60

_FIXED_FORMAT = re.compile(r"(0+)(?:\.(0+))?")
# Without any of these a sheet has neither formulas nor errors, and the slow look at each cell is spared.
_TRACES = (b"<f", b":f", b't="e"', b"t='e'")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def answer(data: bytes, sheet_name: str, *, every: bool = False) -> dict:
    """{"sheets", "name", "rows", "merged", "missing"}; {"sheets", "tops"} to choose from; or {"problem": a word}.

    With `every`: {"sheets", "every": [{"name", "rows", "merged", "missing"}, ...]}.

    Cells: str, int, float, bool; (year, month, day) or (year, month, day, hour, minute, second) for dates;
    (number, text as shown) for numbers in a format of fixed digits.
    """
    try:
        workbook = calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError:
        return {"problem": "password"}
    visible = []
    for about in workbook.sheets_metadata:
        if about.typ in (calamine.SheetTypeEnum.MacroSheet, calamine.SheetTypeEnum.Vba):
            return {"problem": "macros"}
        if about.typ == calamine.SheetTypeEnum.WorkSheet and about.visible == calamine.SheetVisibleEnum.Visible:
            visible.append(about.name)
    if every:
        return _every(workbook, data, visible)
    if not sheet_name and len(visible) != 1:
        tops = [_rows(workbook.get_sheet_by_name(name), TOP_ROWS) for name in visible]
        return {"problem": "far"} if None in tops else {"sheets": visible, "tops": tops}
    sheet_name = sheet_name or visible[0]
    if sheet_name not in visible:
        return {"problem": "sheet"}
    found = _one(workbook, data, sheet_name)
    return {"problem": "far"} if found is None else {"sheets": visible, **found}


def _every(workbook: calamine.CalamineWorkbook, data: bytes, visible: list[str]) -> dict:
    """All visible sheets, as long as they are together no larger than one may be."""
    sheets = [workbook.get_sheet_by_name(name) for name in visible]
    ends = [sheet.end or (0, 0) for sheet in sheets]
    if len(visible) > SHEET_LIMIT or sum((row + 1) * (column + 1) for row, column in ends) > CELL_LIMIT:
        return {"problem": "far"}
    found = [_one(workbook, data, name) for name in visible]
    return {"problem": "far"} if None in found else {"sheets": visible, "every": found}


def _one(workbook: calamine.CalamineWorkbook, data: bytes, sheet_name: str) -> dict | None:
    """One sheet, or None when its cells lie too far apart."""
    sheet = workbook.get_sheet_by_name(sheet_name)
    rows = _rows(sheet, None)
    if rows is None:
        return None
    merged, missing = list(sheet.merged_cell_ranges or []), []
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "content.xml" in archive.namelist():
                merged = _merged_of_opendocument(archive.read("content.xml"), sheet_name)
            else:
                missing = _read_what_calamine_leaves_out(archive, sheet_name, rows)
    return {"name": sheet_name, "rows": rows, "merged": merged, "missing": missing}


def _rows(sheet: calamine.CalamineSheet, count: int | None) -> list[list] | None:
    """The rows from the first of the sheet on, or None when its cells lie too far apart."""
    if sheet.end is None:
        return []
    if (sheet.end[0] + 1) * (sheet.end[1] + 1) > CELL_LIMIT:
        return None
    rows: list[list] = sheet.to_python(skip_empty_area=False, nrows=count)
    for row in rows:
        for position, cell in enumerate(row):
            if type(cell) not in _PLAIN:
                row[position] = _plain(cell)
    return rows


_PLAIN = {str, int, float, bool}


def _plain(cell: object) -> object:
    if isinstance(cell, dt.datetime):
        return (*cell.timetuple()[:6],) if cell.time() != dt.time() else (cell.year, cell.month, cell.day)
    if isinstance(cell, dt.date):
        return (cell.year, cell.month, cell.day)
    return "" if cell is None else str(cell)


# --- XLSX: numbers as shown, formulas without a value -------------------------------------------------------------------


def _read_what_calamine_leaves_out(archive: zipfile.ZipFile, sheet_name: str, rows: list[list]) -> list[list[int]]:
    """Puts (number, text as shown) into `rows` where the format fixes the digits; positions of formulas without a value."""
    part = _sheet_part(archive, sheet_name)
    if part is None:
        return []
    formats, data, missing = _fixed_formats(archive), archive.read(part), []

    def seen(cell: _Cell) -> None:
        if (match := _REFERENCE.fullmatch(cell.reference)) is None:
            return
        row, column = int(match[2]) - 1, _column_index(match[1])
        is_here = row < len(rows) and column < len(rows[row])
        if cell.has_formula or cell.kind == "e":
            # A formula may well result in an empty text; one whose result is of no kind was never calculated.
            if cell.kind == "e" or (cell.kind != "str" and not (is_here and rows[row][column] != "")):
                missing.append([row, column])
        elif (
            cell.kind in {"", "n"}
            and (shape := formats.get(cell.style))
            and row < len(rows)
            and column < len(rows[row])
        ):
            number = rows[row][column]
            if isinstance(number, float):
                shown = f"{number:0{shape[0]}.{shape[1]}f}"
                if float(shown) == number:
                    rows[row][column] = (number, shown)

    if formats or any(trace in data for trace in _TRACES):
        _each_cell(data, seen)
    return missing


def _sheet_part(archive: zipfile.ZipFile, sheet_name: str) -> str | None:
    """The path of the part that holds the sheet, through the relations of the workbook."""
    try:
        workbook, relations = _xml(archive, "xl/workbook.xml"), _xml(archive, "xl/_rels/workbook.xml.rels")
    except (KeyError, Xml.ParseError):
        return None
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in workbook.iter():
        if sheet.tag.rpartition("}")[2] == "sheet" and sheet.get("name") == sheet_name:
            key = next(
                (value for name, value in sheet.attrib.items() if name.rpartition("}")[2] == "id" and "}" in name), ""
            )
            target = targets.get(key, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return path if path in archive.namelist() else None
    return None


def _fixed_formats(archive: zipfile.ZipFile) -> dict[str, tuple[int, int]]:
    """{style number: (width, decimals)} of the number formats that fix the digits: 0.00, 00.00, 0000."""
    try:
        styles = _xml(archive, "xl/styles.xml")
    except (KeyError, Xml.ParseError):
        return {}
    shapes, formats = {"2": (4, 2)}, {}
    for element in styles.iter():
        name = element.tag.rpartition("}")[2]
        if name == "numFmt" and (match := _FIXED_FORMAT.fullmatch(element.get("formatCode", ""))):
            decimals = len(match[2] or "")
            shapes[element.get("numFmtId", "")] = (len(match[1]) + (decimals + 1 if decimals else 0), decimals)
        elif name == "cellXfs":
            formats = {
                str(number): shapes[style.get("numFmtId", "")]
                for number, style in enumerate(element)
                if style.get("numFmtId", "") in shapes
            }
    return {style: shape for style, shape in formats.items() if shape[0] <= 20}


class _Cell:
    """What a sheet's XML says of one cell beside its value."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.reference = attributes.get("r", "")
        self.style, self.kind = attributes.get("s", ""), attributes.get("t", "")
        self.has_formula = False


def _each_cell(data: bytes, seen: Callable[[_Cell], None]) -> None:
    """Calls `seen` for each cell of a sheet's XML."""
    cell: _Cell | None = None

    def starts(name: str, attributes: dict[str, str]) -> None:
        nonlocal cell
        tag = name.rpartition(":")[2]
        if tag == "c":
            cell = _Cell(attributes)
        elif cell is not None and tag == "f":
            cell.has_formula = True

    def ends(name: str) -> None:
        nonlocal cell
        if cell is not None and name.rpartition(":")[2] == "c":
            seen(cell)
            cell = None

    _parse(data, starts, ends)


def _xml(archive: zipfile.ZipFile, part: str) -> Xml.Element:
    return Xml.fromstring(archive.read(part))  # noqa: S314 - parts that declare entities were refused before


def _parse(data: bytes, starts: Callable[[str, dict[str, str]], None], ends: Callable[[str], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = starts, ends
    parser.Parse(data, True)  # noqa: FBT003 - the parser takes no names


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


# --- ODS: merged cells, which calamine does not tell --------------------------------------------------------------------


def _merged_of_opendocument(data: bytes, sheet_name: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """((first row, first column), (last row, last column)) of each merged range of the sheet."""
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
    place = {"here": False, "row": 0, "column": 0, "rows": 1}

    def starts(name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            place.update(here=attributes.get("table:name") == sheet_name, row=0)
        elif name == "table:table-row":
            place.update(column=0, rows=int(attributes.get("table:number-rows-repeated", 1)))
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            down = int(attributes.get("table:number-rows-spanned", 1))
            across = int(attributes.get("table:number-columns-spanned", 1))
            if place["here"] and (down > 1 or across > 1):
                row, column = place["row"], place["column"]
                merged.append(((row, column), (row + down - 1, column + across - 1)))
            place["column"] += int(attributes.get("table:number-columns-repeated", 1))

    def ends(name: str) -> None:
        if name == "table:table-row":
            place["row"] += place["rows"]

    if b"-spanned" in data:
        _parse(data, starts, ends)
    return merged


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    marshal.dump(answer(sys.stdin.buffer.read(), sys.argv[1], every=sys.argv[2:] == ["every"]), sys.stdout.buffer)
