"""One declaration of columns, used to propose a mapping of foreign titles, to judge rows and to write templates."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property, partial
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

from praja.foundation.sheets.reading import Row
from praja.foundation.sheets.values import (
    MONEY_UNITS,
    REQUIRED,
    Choices,
    Value,
    ValueProblem,
    is_blank,
    normalised,
    parse_choice,
    parse_money,
    parse_text,
    text_of,
)

SURE = 0.8  # proposals below it are not made: a wrong column costs more than an empty one
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")


class Proposal(NamedTuple):
    """The column that a foreign title seems to mean, None when none does, and how sure that is (0 to 1)."""

    key: str | None
    confidence: float


@dataclass(frozen=True)
class Column:
    """One column of a sheet: `key` as in the form, `title` as on the page, `parse` as in values.py.

    `aliases`: other titles that people use; `required`: a blank is a problem; `help`: one sentence for the template;
    `choices`: a closed list, in which case `parse` is not asked.
    """

    key: str
    title: Promise | str
    aliases: tuple[str, ...] = ()
    parse: Callable[[Value], Any] = parse_text
    required: bool = False
    help: Promise | str = ""
    choices: Choices | None = None

    def read(self, value: Value) -> Any:
        """The typed value, None for a blank; raises ValueProblem."""
        return parse_choice(value, self.choices) if self.choices else self.parse(value)

    @cached_property
    def names(self) -> frozenset[str]:
        """The normalised names of the column: key, title in every language, aliases; each also without its brackets."""
        titles = [self.key, *self.aliases]
        for language, _name in settings.LANGUAGES:
            with override(language):
                titles.append(str(self.title))
        return frozenset(
            filter(None, (normalised(form) for title in titles for form in (title, _BRACKETS.sub(" ", title))))
        )


@dataclass
class Judged:
    """One row as the columns read it; together its parts hold every cell that was not blank.

    `values`: {column key: typed value}; `problems`: {column key: sentence}, `texts`: {column key: what stood there};
    `blanks`: keys of mapped columns without a value; `unplaced`: {title: text} of titles without a column.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    blanks: list[str] = field(default_factory=list)
    unplaced: dict[str, str] = field(default_factory=dict)


class Sheet:
    """The columns of one kind of entry, in the order of its template."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = tuple(columns)
        self.by_key = {column.key: column for column in self.columns}

    @cached_property
    def known_names(self) -> frozenset[str]:
        """Every normalised name of every column, for read_table(known=...)."""
        return frozenset().union(*(column.names for column in self.columns))

    def propose_mapping(self, header: Sequence[str]) -> dict[str, Proposal]:
        """{title: Proposal} for each title of a foreign header; each column is proposed once, to the title most like it."""
        pairs = sorted(
            (
                (likeness, -position, title, column.key)
                for position, title in enumerate(header)
                for column in self.columns
                if (likeness := _likeness(title, column.names)) >= SURE
            ),
            reverse=True,
        )
        proposals: dict[str, Proposal] = {}
        taken: set[str] = set()
        for likeness, _position, title, key in pairs:
            if title not in proposals and key not in taken:
                proposals[title] = Proposal(key, round(likeness, 2))
                taken.add(key)
        return {title: proposals.get(title, Proposal(None, 0.0)) for title in header}

    def judge(self, rows: Iterable[Row], header: Sequence[str], mapping: Mapping[str, str | None]) -> Iterator[Judged]:
        """Each row as Judged; `mapping`: {title: column key or None} for titles of `header`.

        A title without a column, or with one that an earlier title has, keeps its text under `unplaced`.
        """
        readers: list[tuple[int, str, Callable[[Value], Any]]] = []
        others: list[tuple[int, str]] = []
        placed: set[str] = set()
        for position, title in enumerate(header):
            column = self.by_key.get(mapping.get(title) or "")
            if column is None or column.key in placed:
                others.append((position, title))
            else:
                placed.add(column.key)
                readers.append((position, column.key, _reader(column, title)))
        required = [column.key for column in self.columns if column.required]
        for row in rows:
            yield _judged(row, readers, others, required)


def mapping_of(proposals: Mapping[str, Proposal]) -> dict[str, str | None]:
    """{title: column key or None}: the proposals as they stand, for Sheet.judge."""
    return {title: proposal.key for title, proposal in proposals.items()}


def unit_of(title: str) -> int:
    """What the numbers under a money title count: 1_000_000 for "Pagu (juta rupiah)" or "Anggaran (Rp juta)", otherwise 1."""
    for bracket in _BRACKETS.findall(title) or ([title] if " dalam " in f" {title.casefold()} " else []):
        for word in normalised(bracket).split():
            if word in MONEY_UNITS and word not in {"m", "t"}:
                return MONEY_UNITS[word]
    return 1


def _reader(column: Column, title: str) -> Callable[[Value], Any]:
    if column.choices:
        return _remembering(partial(parse_choice, choices=column.choices))
    if column.parse is parse_money:
        return _remembering(partial(parse_money, unit=unit_of(title)))
    return column.parse if column.parse is parse_text else _remembering(column.parse)


def _remembering(read: Callable[[Value], Any]) -> Callable[[Value], Any]:
    """`read` with its answers to the first thousand texts kept: validators are pure, and sheets repeat themselves."""
    answers: dict[str, Any] = {}

    def read_once(value: Value) -> Any:
        # Texts only: 11.1 and a shown "11.10", 1 and True are equal as keys and mean different things.
        if type(value) is not str:
            return read(value)
        if value not in answers:
            if len(answers) >= 1000 or len(value) > 100:
                return read(value)
            answers[value] = read(value)
        return answers[value]

    return read_once


def _judged(
    row: Row,
    readers: list[tuple[int, str, Callable[[Value], Any]]],
    others: list[tuple[int, str]],
    required: list[str],
) -> Judged:
    judged = Judged(row.number)
    cells = row.cells
    for position, key, read in readers:
        if cells[position] is None:
            judged.blanks.append(key)
            continue
        try:
            value = read(cells[position])
        except ValueProblem as problem:
            judged.problems[key] = str(problem)
            judged.texts[key] = text_of(cells[position])
            continue
        if value is None:
            judged.blanks.append(key)
        else:
            judged.values[key] = value
    for position, title in others:
        if not is_blank(cells[position]):
            judged.unplaced[title] = text_of(cells[position])
    for key in required:
        if key not in judged.values and key not in judged.problems:
            judged.problems[key] = str(REQUIRED)
    return judged


def _likeness(title: str, names: Collection[str]) -> float:
    """How like a title is to the names of a column: 1 the same, 0.95 without brackets, 0.9 the same words, below by letters."""
    whole, bare = normalised(title), normalised(_BRACKETS.sub(" ", title))
    if whole in names:
        return 1.0
    if bare in names:
        return 0.95
    if not bare:
        return 0.0
    words = sorted(bare.split())
    if any(sorted(name.split()) == words for name in names):
        return 0.9
    # Short names differ by one letter and mean another thing ("no" and "no."): letters count from five on.
    return max((0.9 * SequenceMatcher(None, bare[:100], name).ratio() for name in names if len(name) > 4), default=0.0)
