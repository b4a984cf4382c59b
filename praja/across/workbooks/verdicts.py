"""What a workbook that came back says: a verdict for every row and cell, in words for people."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from praja.foundation.sheets.models import Handout


class Status(StrEnum):
    """What became of a cell or a row. A refused row is one that nothing is done with, and its sentence says why."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    WRONG = "wrong"
    REFUSED = "refused"


@dataclass(slots=True)
class CellVerdict:
    """One cell: what was handed out (`base`), what the file says (`mine`), what Praja says now (`theirs`), as texts."""

    key: str
    title: str
    base: str
    mine: str
    theirs: str
    status: Status
    problem: str = ""


@dataclass(slots=True)
class RowVerdict:
    """One row of a sheet of the file; `number` as the file shows it; `sentence` says what to do.

    `row_id` is the key of the stored row, None for a new one. `cells` holds those that are not as they were;
    `changed_by` and `changed_at` say who changed the row in Praja since it was handed out. What applying needs stays in
    `work`, which nobody else reads.
    """

    sheet: str
    sheet_title: str
    number: int
    status: Status
    title: str
    agency: str
    row_id: int | None = None
    cells: list[CellVerdict] = field(default_factory=list)
    sentence: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None
    work: Any = None


@dataclass
class Verdicts:
    """A whole file: its rows, sentences about it, how many rows of each status, and why it cannot be used at all."""

    rows: list[RowVerdict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: Counter[Status] = field(default_factory=Counter)
    refusal: str = ""
    handout: Handout | None = None
    book: Any = None


@dataclass
class Result:
    """What applying did: rows by the status they had, where they stand, and why those that were left were left."""

    counts: Counter[Status] = field(default_factory=Counter)
    applied: set[tuple[str, int]] = field(default_factory=set)
    left: dict[tuple[str, int], str] = field(default_factory=dict)
