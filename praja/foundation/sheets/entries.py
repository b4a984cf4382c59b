"""What a workbook that people fill in holds: its columns are the fields of the page's forms, which judge every cell.

A cell says a *text*; a column reads it into a *value*, as the form would give it, and knows the *plain* value that is
stored and compared: a key for a row, a set of keys for several, the value itself otherwise.
"""

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from praja.foundation.accounts.permissions import Can
from praja.foundation.drafts.rules import Rule
from praja.foundation.sheets.fields import ParsedField
from praja.foundation.sheets.values import (
    Choices,
    Value,
    ValueProblem,
    cleaned,
    is_blank,
    normalised,
    parse_boolean,
    parse_choice,
    text_of,
)
from praja.foundation.workflow.models import WITH_THE_AGENCY

CELL_LIMIT = 32_767  # what a cell of a workbook holds, in units of UTF-16
# Two codes of characters that share an underscore, "_x005F_x0041_": writers of workbooks escape only the first.
UNHELD = re.compile("_x[0-9A-Fa-f]{4}(?=_x[0-9A-Fa-f]{4}_)")
MOST_REMEMBERED = 20_000
CHUNK = 500
NUMBER = "number"  # the keys of the columns beside the entry's own: the visible number, the row above
PARENT = "parent"
NUMBER_TITLE = gettext_lazy("No.")

Cells = Mapping[str, Value]


class EntryColumn:
    """A column of plain texts or numbers, read by the field of the form; the other kinds are built on it."""

    labels: Sequence[str] = ()  # what the cell offers to choose from
    depends_on = ""  # the key of the column that narrows the choice
    is_many = False
    is_row = False

    def __init__(
        self, key: str, field: forms.Field, *, section: str = "", is_required: bool = False, title: str = ""
    ) -> None:
        """A column of `field`; `section`: the page of the form; `is_required`: needed before submission."""
        self.key, self.field, self.section, self.is_required = key, field, section, is_required
        self.title = title or str(field.label or key)
        self.help = str(field.help_text or "")
        self._answers: dict[tuple[str, ...], Any] = {}

    @property
    def attname(self) -> str:
        """The name of the column of the table."""
        return f"{self.key}_id" if self.is_row else self.key

    @property
    def maximum(self) -> int | None:
        """The longest text that fits."""
        found: int | None = getattr(self.field, "max_length", None)
        return found

    @property
    def preset(self) -> str:
        """What stands on the page before anybody types, where something must stand; "" otherwise."""
        initial = self.field.initial
        return self.text(initial) if self.field.required and initial is not None else ""

    @cached_property
    def names(self) -> frozenset[str]:
        """The names by which the column is found again."""
        return frozenset({normalised(self.title), normalised(self.key)})

    def read(self, cell: Value, cells: Cells) -> Any:
        """The value, as the form gives it; raises ValueProblem with the sentence of the form."""
        if type(cell) is not str or len(cell) > 100:
            return self._read(cell, cells)
        asked = (cell, *self._context(cells))
        if asked not in self._answers:
            if len(self._answers) >= MOST_REMEMBERED:
                self._answers.clear()
            try:
                self._answers[asked] = self._read(cell, cells)
            except ValueProblem as problem:
                self._answers[asked] = problem
        answer = self._answers[asked]
        if isinstance(answer, ValueProblem):
            raise answer
        return answer

    def plain(self, value: Any) -> Hashable:
        """What is stored and compared."""
        return value

    def value(self, plain: Any) -> Any:
        """The stored value as the form gives it, for rules about several fields."""
        return plain

    def text(self, plain: Any) -> str:
        """The stored value as the cell says it."""
        return "" if plain is None else cleaned(str(plain))[0]

    def history(self, plain: Any) -> Any:
        """The stored value as the history keeps it."""
        return plain

    def refused(self, plain: Any, stored: Mapping[str, Any], values: Mapping[str, Any]) -> str:
        """The sentence when this row may not have the value; `stored`, `values`: its plain values now and as they would be."""
        del plain, stored, values
        return ""

    def _read(self, cell: Value, cells: Cells) -> Any:
        del cells
        return self._cleaned(text_of(cell))

    def _context(self, cells: Cells) -> tuple[str, ...]:
        """What the meaning of a text depends on beside the text."""
        del cells
        return ()

    def _cleaned(self, given: Any) -> Any:
        try:
            return self.field.clean(given)
        except ValidationError as problem:
            raise ValueProblem(" ".join(problem.messages)) from problem


class ParsedColumn(EntryColumn):
    """Money, decimals, years: the field reads numbers of a workbook as well as texts."""

    def text(self, plain: Any) -> str:
        """The stored value as the page shows it for typing."""
        return "" if plain is None else cleaned(str(self.field.prepare_value(plain)))[0]

    def _read(self, cell: Value, cells: Cells) -> Any:
        del cells
        return self._cleaned(cell)


class ChoiceColumn(EntryColumn):
    """One of a closed list; the cell offers the labels."""

    def __init__(
        self,
        key: str,
        field: Any,
        *,
        labels: Mapping[str, str] | None = None,
        synonyms: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        """`labels`: shorter words for the keys of the field, when its own are sentences; `synonyms`: {word: key}."""
        super().__init__(key, field, **options)
        keys = [str(choice) for choice, _label in field.choices if str(choice)]
        synonyms = dict(synonyms or {})
        for language, _name in settings.LANGUAGES:
            with override(language):
                synonyms |= {str(label): str(choice) for choice, label in field.choices if str(choice)}
        shown = {choice: str((labels or {}).get(choice) or dict(self._pairs(field))[choice]) for choice in keys}
        self.labels = list(shown.values())
        self._choices = Choices(list(shown.items()), synonyms)
        self._texts = {field.clean(choice): label for choice, label in shown.items()}

    def text(self, plain: Any) -> str:
        """The label."""
        return "" if plain is None or plain == "" else self._texts.get(plain) or cleaned(str(plain))[0]

    def _read(self, cell: Value, cells: Cells) -> Any:
        del cells
        return self._cleaned(parse_choice(cell, self._choices) or "")

    @staticmethod
    def _pairs(field: Any) -> Iterator[tuple[str, str]]:
        return ((str(choice), str(label)) for choice, label in field.choices)


class YesNoColumn(EntryColumn):
    """Yes or no; empty means no."""

    def __init__(self, key: str, field: forms.Field, **options: Any) -> None:
        super().__init__(key, field, **options)
        self._yes, self._no = _("Yes"), _("No")
        self.labels = [self._yes, self._no]

    def text(self, plain: Any) -> str:
        """The word."""
        return self._yes if plain else self._no

    def _read(self, cell: Value, cells: Cells) -> Any:
        del cells
        return self._cleaned(parse_boolean(cell) or False)


class Rows:
    """The rows that a column may point to, by the words that stand for each."""

    def __init__(self, rows: Iterable[models.Model], words: Callable[[Any], Iterable[str]] = lambda _row: ()) -> None:
        """`words`: what else than its name stands for a row."""
        self.rows: dict[Any, Any] = {row.pk: row for row in rows}
        self._words = words
        self.choices = self.choices_of(self.rows.values())

    def choices_of(self, rows: Iterable[Any]) -> Choices:
        """The words of some of the rows; the keys are texts."""
        rows = list(rows)
        return Choices(
            [(str(row.pk), str(row)) for row in rows],
            {word: str(row.pk) for row in rows for word in self._words(row) if word},
        )

    def find(self, key: str) -> Any:
        """The row of a key of `choices`."""
        return self.rows[int(key)] if key.isdecimal() and int(key) in self.rows else self.rows[key]

    def know(self, model: type[models.Model], keys: Iterable[Any]) -> None:
        """Load rows that are stored somewhere though they are not offered any more, so that they can be named."""
        missing = {key for key in keys if key is not None and key not in self.rows}
        if missing:
            self.rows |= model._default_manager.in_bulk(missing)


class RowColumn(EntryColumn):
    """One row of another table: an agency, a dimension, an affair."""

    is_row = True

    def __init__(
        self,
        key: str,
        field: Any,
        rows: Rows,
        *,
        allowed: Collection[Any] | None = None,
        refused: str = "",
        **options: Any,
    ) -> None:
        """`allowed`: keys that this person may choose, of those that are known; `refused`: the sentence otherwise."""
        super().__init__(key, field, **options)
        self.rows, self.allowed, self._refused = rows, allowed, refused
        self.labels = [str(row) for pk, row in rows.rows.items() if allowed is None or pk in allowed]

    def plain(self, value: Any) -> Hashable:
        """The key of the row."""
        return value.pk if value is not None else None

    def value(self, plain: Any) -> Any:
        """The row."""
        return self.rows.rows.get(plain)

    def text(self, plain: Any) -> str:
        """The name of the row."""
        return "" if plain is None else cleaned(str(self.rows.rows.get(plain, plain)))[0]

    def history(self, plain: Any) -> Any:
        """The name of the row, None for none."""
        return None if plain is None else self.text(plain)

    def _read(self, cell: Value, cells: Cells) -> Any:
        if is_blank(cell):
            if self.field.required:
                raise ValueProblem(str(self.field.error_messages["required"]))
            return None
        row = self._find(cell, cells)
        if self.allowed is not None and row.pk not in self.allowed:
            raise ValueProblem(str(self._refused) % {"name": row})
        return row

    def _find(self, cell: Value, cells: Cells) -> Any:
        del cells
        return self.rows.find(parse_choice(cell, self.rows.choices) or "")


class DependentRowColumn(RowColumn):
    """One row of those that belong to the row in another column: the sub-dimensions of a dimension."""

    def __init__(self, key: str, field: Any, rows: Rows, *, on: RowColumn, **options: Any) -> None:
        """`on`: the column whose row has a foreign key of its name in these rows."""
        super().__init__(key, field, rows, **options)
        self.on, self.depends_on = on, on.key
        below: dict[Any, list[Any]] = {}
        for row in rows.rows.values():
            below.setdefault(getattr(row, on.attname), []).append(row)
        self.labels_by_parent = {str(on.rows.rows[pk]): [str(row) for row in found] for pk, found in below.items()}
        self._below = {pk: rows.choices_of(found) for pk, found in below.items()}

    def _context(self, cells: Cells) -> tuple[str, ...]:
        return (text_of(cells.get(self.depends_on)),)

    def _find(self, cell: Value, cells: Cells) -> Any:
        try:
            parent = self.on.read(cells.get(self.depends_on), cells)
        except ValueProblem:
            parent = None
        text = text_of(cell)
        if parent is not None and (key := self._below[parent.pk].find(text) if parent.pk in self._below else None):
            return self.rows.find(key)
        found = {key for choices in self._below.values() if (key := choices.find(text))}
        if len(found) == 1:
            return self.rows.find(found.pop())  # of another row: the rule of the form says so
        if found:
            raise ValueProblem(
                _("“%(text)s” is no sub-dimension by itself. Name its dimension too.") % {"text": text[:60]}
            )
        choices = self._below.get(parent.pk, self.rows.choices) if parent is not None else self.rows.choices
        return self.rows.find(parse_choice(cell, choices) or "")


class RowsColumn(RowColumn):
    """Several rows of another table, a name in each line of the cell or between semicolons."""

    is_row = False
    is_many = True

    def plain(self, value: Any) -> Hashable:
        """The keys of the rows."""
        return frozenset(row.pk for row in value)

    def value(self, plain: Any) -> Any:
        """The rows."""
        return [self.rows.rows[pk] for pk in plain or () if pk in self.rows.rows]

    def text(self, plain: Any) -> str:
        """The names, one in each line."""
        return "\n".join(sorted(super(RowsColumn, self).text(pk) for pk in plain or ()))

    def history(self, plain: Any) -> Any:
        """The names in order."""
        return sorted(super(RowsColumn, self).text(pk) for pk in plain or ())

    def _read(self, cell: Value, cells: Cells) -> Any:
        found = [super(RowsColumn, self)._read(part, cells) for part in parts_of(cell)]
        return list({row.pk: row for row in found}.values())


def parts_of(cell: Value) -> list[str]:
    """The names in a cell that may hold several."""
    text = text_of(cell)
    return [part.strip() for line in text.split("\n") for part in line.split(";") if not is_blank(part)]


def column_of(key: str, field: Any, **options: Any) -> EntryColumn:
    """The column that fits a field without rows of other tables."""
    if isinstance(field, ParsedField):
        return ParsedColumn(key, field, **options)
    if isinstance(field, forms.BooleanField):
        return YesNoColumn(key, field, **options)
    if isinstance(field, forms.ChoiceField):
        return ChoiceColumn(key, field, **options)
    return EntryColumn(key, field, **options)


# --- sheets -----------------------------------------------------------------------------------------------------------


class Section(NamedTuple):
    """One page of the form: its title and its rules about several fields."""

    title: Promise | str
    rules: tuple[Rule, ...] = ()


@dataclass(slots=True)
class Stored:
    """A row as it is stored now, as far as a workbook speaks of it; `values`: {key of a column: plain value}."""

    pk: int
    uid: UUID
    version: int
    values: dict[str, Any]
    parent: int | None = None
    state: str = ""
    withdrawn_at: datetime | None = None
    organisation_path: str = ""
    updated_at: datetime | None = None
    updated_by: int | None = None

    @property
    def is_with_the_agency(self) -> bool:
        """Whether the agency may still write."""
        return self.state in WITH_THE_AGENCY


@dataclass(eq=False, repr=False)
class EntrySheet:
    """One sheet of a workbook, made for one plan and one person: the rows of a kind that stand by themselves.

    `fills`: what follows from the values of a row, as {key: value}; `key_column`: the column that names a row;
    `at_rest`: the sentence about rows that are not with the agency; `holds_plan`: whether its rows must agree with
    others of the plan, so that only one person at a time writes them; `changes_hands`: whether a stored row goes to
    another agency only when both agree.
    """

    key: str
    title: Promise | str
    model: type[models.Model]
    columns: list[EntryColumn]
    sections: dict[str, Section]
    write: Can
    accept: Can
    key_column: str = "title"
    fills: Callable[[Mapping[str, Any]], dict[str, Any]] = lambda _values: {}
    at_rest: Promise | str = ""
    holds_plan: bool = False
    changes_hands: bool = True
    by_key: dict[str, EntryColumn] = field(init=False)
    is_child: ClassVar[bool] = False

    def __post_init__(self) -> None:
        self.by_key = {column.key: column for column in self.columns}

    @property
    def plain_columns(self) -> list[EntryColumn]:
        """Those that are columns of the table."""
        return [column for column in self.columns if not column.is_many]

    @property
    def many_columns(self) -> list[EntryColumn]:
        """Those that are tables between."""
        return [column for column in self.columns if column.is_many]

    @cached_property
    def known_names(self) -> frozenset[str]:
        """Every name of every column."""
        return frozenset().union(*(column.names for column in self.columns))

    def load(self, rows: models.QuerySet[Any]) -> dict[UUID, Stored]:
        """The stored rows of a queryset."""
        columns = self.plain_columns
        found: dict[UUID, Stored] = {}
        names = [column.attname for column in columns]
        keys = [column.key for column in columns]
        # A kind without a way of its own is always with its agency.
        state: Any = "state" if hasattr(self.model, "state") else models.Value(WITH_THE_AGENCY[0])
        head = ("pk", "uid", "version", state, "withdrawn_at", "organisation_path", "updated_at", "updated_by_id")
        for pk, uid, version, state, withdrawn_at, path, at, by, *values in (
            rows.order_by().values_list(*head, *names).iterator(chunk_size=2_000)
        ):
            found[uid] = Stored(
                pk, uid, version, dict(zip(keys, values, strict=True)),
                state=state, withdrawn_at=withdrawn_at, organisation_path=path, updated_at=at, updated_by=by,
            )  # fmt: skip
        self._load_many(found)
        for column in self.columns:
            if isinstance(column, RowColumn):
                wanted = {stored.values[column.key] for stored in found.values()} if not column.is_many else {
                    pk for stored in found.values() for pk in stored.values[column.key]
                }  # fmt: skip
                column.rows.know(self.target(column), wanted)
        return found

    def target(self, column: EntryColumn) -> type[models.Model]:
        """The table that a column points to."""
        target: type[models.Model] = self.model._meta.get_field(column.key).related_model  # type: ignore[assignment]
        return target

    def through(self, column: EntryColumn) -> tuple[type[models.Model], str, str]:
        """The table between, and its columns for the row and for the other row."""
        many: Any = self.model._meta.get_field(column.key)
        return many.remote_field.through, many.m2m_column_name(), many.m2m_reverse_name()

    def _load_many(self, found: Mapping[UUID, Stored]) -> None:
        by_pk = {stored.pk: stored for stored in found.values()}
        for column in self.many_columns:
            through, own, other = self.through(column)
            links: dict[int, set[Any]] = {}
            for chunk in chunks(by_pk, CHUNK):
                pairs = through._default_manager.filter(**{f"{own}__in": chunk}).values_list(own, other)
                for pk, key in pairs:
                    links.setdefault(pk, set()).add(key)
            for pk, stored in by_pk.items():
                stored.values[column.key] = frozenset(links.get(pk, ()))

    def after_creating(self, pks: Collection[int], *, by: Any) -> None:
        """For kinds whose new rows change others, inside the transaction that stored them."""

    def after_changing(self, pks: Collection[int]) -> None:
        """For kinds whose changed rows move in their lists, inside the transaction that stored them."""

    def wrong_together(self, values: Mapping[str, Any], sections: Collection[str]) -> dict[str, str]:
        """{key: sentence} of what does not fit together, by the rules of these sections."""
        problems: dict[str, str] = {}
        for name in sections:
            for rule in self.sections[name].rules:
                for key, sentence in rule(values):
                    problems[key] = f"{problems[key]} {sentence}" if key in problems else sentence
        return problems


@dataclass(eq=False, repr=False)
class ChildSheet(EntrySheet):
    """The rows below those of another sheet: lines of a form that repeats.

    `prefix`: their name in the history; `only`: which of the lines stand on this sheet.
    """

    parent: Any = None  # the EntrySheet above
    parent_field: str = ""
    parent_title: Promise | str = ""
    prefix: str = ""
    words: Callable[[Mapping[str, Any]], str] = str
    most: int = 200
    only: models.Q = field(default_factory=models.Q)
    is_child: ClassVar[bool] = True

    def load_below(self, parents: Collection[int]) -> dict[int, list[Stored]]:
        """{key of the row above: its lines in order}."""
        names = [column.attname for column in self.stored_columns]
        keys = [column.key for column in self.stored_columns]
        below: dict[int, list[Stored]] = {}
        parent = f"{self.parent_field}_id"
        for chunk in chunks(parents, CHUNK):
            rows = self.model._default_manager.filter(self.only, **{f"{parent}__in": chunk}, withdrawn_at=None)
            for pk, uid, version, at, by, above, *values in rows.values_list(
                "pk", "uid", "version", "updated_at", "updated_by_id", parent, *names
            ):
                stored = Stored(
                    pk, uid, version, dict(zip(keys, values, strict=True)), parent=above, updated_at=at, updated_by=by
                )
                below.setdefault(above, []).append(stored)
        self.complete(below)
        return below

    @property
    def stored_columns(self) -> list[EntryColumn]:
        """The columns that are columns of the table."""
        names = {one.attname for one in self.model._meta.concrete_fields}
        return [column for column in self.columns if column.attname in names]

    def complete(self, below: Mapping[int, list[Stored]]) -> None:
        """Add the values that are no columns of the table, such as the targets of an indicator."""

    def refused_below(self, above: Stored, values: Mapping[str, Any]) -> str:
        """The sentence when a stored row may not have a line with these plain values; "" when it may."""
        del above, values
        return ""

    def columns_to_store(self, lines: "Lines") -> Iterator[tuple["Line", dict[str, Any]]]:
        """Each line below one row that is new or changed, with the columns to write: {attname: value}."""
        names = {column.key: column.attname for column in self.stored_columns}
        for line in lines:
            if line.changed:
                yield line, {names[key]: line.values[key] for key in line.changed if key in names}

    def arranged(self, lines: "Lines") -> "Lines":
        """The lines of one row in the order in which people read them."""
        return lines

    def after_storing(self, below: Mapping[int, "Lines"]) -> None:
        """For lines with more than columns of their own, once each has its key; `below`: {key of the row above: lines}."""


@dataclass(slots=True)
class Line:
    """One line below a row on its way into the database; `pk` is None while it is new."""

    uid: UUID
    pk: int | None
    version: int
    values: dict[str, Any]
    changed: set[str]
    number: int = 0  # its place in the file, for new lines


Lines = list[Line]


def chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The items in lists of at most `size`."""
    every = list(items)
    return (every[start : start + size] for start in range(0, len(every), size))


def fits_a_cell(text: str) -> bool:
    """Whether a cell of a workbook holds the whole text and gives it back as it is."""
    if "_x" in text and UNHELD.search(text):
        return False
    return len(text) < CELL_LIMIT // 2 or len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT
