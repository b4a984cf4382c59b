"""The rows of a table of the file, as far as each speaks by itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from praja.across.workbooks.recognising import Found
from praja.foundation.sheets.values import Value, text_of


@dataclass(slots=True)
class Candidate:
    """A row of the file that says something: its cells by key, its identity if it is one of ours."""

    number: int
    cells: dict[str, Value]
    texts: dict[str, str]
    number_text: str
    parent_text: str
    uid: UUID | None
    claimed: str  # what stands in the column of identities


def candidates_of(found: Found) -> Iterator[Candidate]:
    """The rows of a table that say something or carry an identity."""
    columns = [(place, column.key) for place, column in found.columns]
    for row in found.table.rows:
        texts: dict[str, str] = {}
        other: dict[str, Value] = {}  # numbers and dates; texts alone need no second list
        values = row.cells
        for place, key in columns:
            cell = values[place]
            if cell is None:
                continue
            if type(cell) is str:
                texts[key] = cell
            elif text := text_of(cell):
                texts[key], other[key] = text, cell
        cells: dict[str, Value] = {**texts, **other} if other else texts  # type: ignore[assignment]
        claimed = text_of(values[found.identity]) if found.identity is not None else ""
        number = text_of(values[found.number]).upper() if found.number is not None else ""
        parent = text_of(values[found.parent]) if found.parent is not None else ""
        if texts:  # a row emptied as a whole is a row that is not there
            yield Candidate(row.number, cells, texts, number, parent, uid_of(claimed), claimed)


def uid_of(text: str) -> UUID | None:
    """The identity in a cell, None for anything else."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def folded(text: str) -> str:
    """The text for telling rows apart: case and spaces do not matter."""
    return " ".join(text.casefold().split())


class Repeated(NamedTuple):
    """The rows with one identity, and whether they say the same."""

    rows: list[Candidate]
    is_alike: bool


def repeated_in(candidates: Iterable[Candidate]) -> dict[UUID, Repeated]:
    """The rows whose identity stands more than once."""
    found: dict[UUID, list[Candidate]] = {}
    for row in candidates:
        if row.uid is not None and row.texts:
            found.setdefault(row.uid, []).append(row)
    return {
        uid: Repeated(
            rows, all((one.texts, one.parent_text) == (rows[0].texts, rows[0].parent_text) for one in rows[1:])
        )
        for uid, rows in found.items()
        if len(rows) > 1
    }
