"""Taking a list along as a workbook or CSV: each folder declares its lists in its exports.py, found as menu.py is."""

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from operator import itemgetter
from typing import Any, BinaryIO

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, override

from praja.foundation.files.contents import TEXT, XLSX
from praja.foundation.sheets.columns import Column
from praja.foundation.sheets.writing import write_csv, write_xlsx
from praja.foundation.ui.lists import page_of

KINDS = {"csv": f"{TEXT}; charset=utf-8", "xlsx": XLSX}
BLOCK = 1_000  # rows read at once: short reads, whatever the length of the list
Cells = Sequence[Any]


@dataclass(frozen=True)
class Listed:
    """A list as one person may see it now.

    `subject`: the row it belongs to, usually a plan; `name`: of the file, without ending; `count` rows, whose cells
    `blocks` reads anew with each call; `paths`: how far the person reached for it.
    """

    subject: models.Model
    name: str
    header: list[str]
    count: int
    blocks: Callable[[], Iterator[list[Cells]]]
    paths: frozenset[str]

    def rows(self) -> Iterator[Cells]:
        """The cells of every row."""
        for block in self.blocks():
            yield from block


@dataclass(frozen=True)
class Export:
    """One list that can be taken along: `key` is its word in addresses.

    `listed(user, slug, query)` loads it within reach with the filters of an address, or raises Http404; a list with
    personal data (`is_personal`) leaves a line of history each time.
    """

    key: str
    title: Promise | str
    listed: Callable[[Any, str, QueryDict], Listed]
    is_personal: bool = False


@cache
def exports() -> dict[str, Export]:
    """Every list by its key."""
    modules = [f"{app}.exports" for app in settings.PRAJA_APPS if find_spec(f"{app}.exports")]
    found = [one for name in modules if name != __name__ for one in import_module(name).EXPORTS]
    return {one.key: one for one in found}


def blocks_of(
    rows: models.QuerySet[Any], *, order: str, cells: Callable[[list[dict[str, Any]]], list[Cells]]
) -> Iterator[list[Cells]]:
    """The cells of rows of `.values()`, a block at a time in the order of the list (as page_of takes it)."""
    after, is_first = "", True
    while after or is_first:
        page = page_of(rows, order=order, after=after, size=BLOCK)
        after, is_first = page.after, False
        yield cells(page.rows)


def worded(columns: Sequence[Column]) -> Callable[[dict[str, Any]], Cells]:
    """A function from a row with every column's key to its cells, keys of choices as their words."""
    take = itemgetter(*(column.key for column in columns))
    choices = [
        (position, {key: str(label) for key, label in column.choices.pairs})
        for position, column in enumerate(columns)
        if column.choices
    ]

    def cells(row: dict[str, Any]) -> Cells:
        found = list(take(row))
        for position, labels in choices:
            found[position] = labels.get(found[position])
        return found

    return cells


@contextmanager
def made(listed: Listed, title: str, kind: str, rows: Iterable[Cells]) -> Iterator[BinaryIO]:
    """The file of a list ("csv" or "xlsx"), written to the disk and opened for reading; gone at the end."""
    with tempfile.TemporaryFile() as target:
        if kind == "csv":
            write_csv(target, listed.header, rows)
        else:
            write_xlsx(target, title, listed.header, rows)
        target.seek(0)
        yield target


def csv_parts(listed: Listed) -> Iterator[bytes]:
    """The CSV of a list, a block at a time, in the language of now, though it is read when the view has answered."""
    return _csv_parts(listed, get_language())


def _csv_parts(listed: Listed, language: str | None) -> Iterator[bytes]:
    blocks = listed.blocks()
    header: list[str] | None = listed.header
    while True:
        target = io.BytesIO()
        with override(language):
            block = next(blocks, None)
            if block is None and header is None:
                return
            write_csv(target, header, block or [])
        header = None
        yield target.getvalue()
