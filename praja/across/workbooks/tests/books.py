"""Helpers: workbooks as an office program would change them."""

import io
from contextlib import closing

import openpyxl

from praja.across.workbooks.applying import apply
from praja.across.workbooks.comparing import judge
from praja.across.workbooks.making import handing_out
from praja.across.workbooks.verdicts import Status

HEAD = 2  # the row of the titles


class Book:
    """A workbook that was handed out, opened for changes."""

    def __init__(self, data):
        self.first = data
        self.file = openpyxl.load_workbook(io.BytesIO(data))

    def sheet(self, name):
        """The sheet with this name."""
        return self.file[name]

    def column(self, name, title):
        """The position of a column by its title, with or without a star; "id" is the hidden one."""
        for cell in self.sheet(name)[HEAD]:
            text = str(cell.value or "")
            if text.removesuffix(" *") == title or (title == "id" and text.startswith("Praja ") and ":" not in text):
                return cell.column
        raise KeyError(title)

    def put(self, name, row, **texts):
        """Write cells of a row by the titles of their columns, blanks as underscores."""
        for title, text in texts.items():
            self.put_in(name, row, title.replace("_", " "), text)

    def put_in(self, name, row, title, text):
        """Write one cell."""
        self.sheet(name).cell(row, self.column(name, title)).value = text

    def get(self, name, row, title):
        """Read one cell."""
        return self.sheet(name).cell(row, self.column(name, title)).value

    def data(self):
        """The bytes of the saved file."""
        target = io.BytesIO()
        self.file.save(target)
        return target.getvalue()


def given(plan, by, organisation=None):
    """A fresh workbook."""
    _handout, data = handing_out(plan, by=by, organisation=organisation)
    return Book(data)


def judged(book, plan, by, name="buku.xlsx"):
    """The verdicts on a book or on bytes."""
    data = book.data() if isinstance(book, Book) else book
    with closing(io.BytesIO(data)) as file:
        return judge(file, name, plan=plan, by=by)


def bring_in(book, plan, by, answers=None):
    """Judge and apply every row that can be applied; the verdicts and the result."""
    verdicts = judged(book, plan, by)
    chosen = {
        (row.sheet, row.number)
        for row in verdicts.rows
        if row.status in (Status.NEW, Status.CHANGED, Status.CONFLICT, Status.UNCHANGED)
    }
    return verdicts, apply(verdicts, plan=plan, by=by, chosen=chosen, answers=answers or {})


def of(verdicts, sheet, number):
    """The verdict on one row."""
    return next(row for row in verdicts.rows if (row.sheet, row.number) == (sheet, number))


def said(row):
    """{key: (status, mine, theirs)} of the cells of a verdict."""
    return {cell.key: (cell.status.value, cell.mine, cell.theirs) for cell in row.cells}
