"""What differs between two documents, in reading order: parts added, removed, moved, and changed row by row, word by word.

`compare` finds it, `applied` makes the new document from the old one and what was found, `redline_html` and
`redline_document` (redline_views.py) show it.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, Literal

from praja.foundation.documents import blocks as b

Kind = Literal["same", "added", "removed", "changed"]
# Two parts of a document, or two rows of a table, that share less than this are not the same one changed.
ALIKE, ROWS_ALIKE, NAMES_ALIKE = 0.5, 0.5, 0.34
GAP_SIDE = 150  # blocks between two fixed points that are compared each with each; longer stretches are cut
OFTEN = 300  # of a name that is there more often than this, such as a page break, no more places are tried
ROW_PAIRS = 40_000  # pairs of rows that are compared one by one; in larger tables only their names decide
TOKEN_LIMIT = 4_000_000  # pairs of words in one comparison; beyond it a text is replaced as a whole
WORDS = re.compile(r"(\w+(?:[.,]\w+)*|[^\w\s]|^(?=\s))(\s*)")  # a word or sign, and the blanks behind it
LINES = re.compile(r"[^\n]*\n|[^\n]+")
HEAD_FIELDS = ("title", "subtitle", "region_name", "year", "status_text", "foot_note", "edition")


@dataclass(frozen=True)
class FieldChange:
    """A property of a block or document with its value before and after."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RowChange:
    """A row of a table: its place in the old table (None when added) and its cells before and after (None when absent)."""

    kind: Kind
    old: int | None
    before: tuple[b.Cell, ...] | None
    after: tuple[b.Cell, ...] | None


@dataclass(frozen=True)
class Change:
    """What became of one block.

    `old` and `new` are its places in the two documents (None where it is absent). A changed block names its properties that
    differ; the rows of a table whose columns are the same stand in `rows` instead. `moved`: it stands elsewhere in the order.
    """

    kind: Kind
    old: int | None
    new: int | None
    block: b.AnyBlock
    fields: tuple[FieldChange, ...] = ()
    rows: tuple[RowChange, ...] = ()
    moved: bool = False


@dataclass(frozen=True)
class Redline:
    """Two documents and what differs: their heads (title, year, ...), and all blocks in reading order."""

    old: b.Document
    new: b.Document
    head: tuple[FieldChange, ...]
    changes: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both read the same."""
        return not self.head and all(change.kind == "same" and not change.moved for change in self.changes)

    def counts(self) -> dict[str, int]:
        """How many parts were added, removed, changed and moved; how many rows; how many numbers changed."""
        found = Counter(change.kind for change in self.changes)
        rows = Counter(row.kind for change in self.changes for row in change.rows)
        numbers = sum(
            1
            for change in self.changes
            for row in change.rows
            if row.kind == "changed" and row.before and row.after
            for before, after in zip(row.before, row.after, strict=True)
            if before != after and is_number(before) and is_number(after)
        )
        return {
            "added": found["added"], "removed": found["removed"], "changed": found["changed"],
            "moved": sum(change.moved for change in self.changes), "rows added": rows["added"],
            "rows removed": rows["removed"], "rows changed": rows["changed"], "numbers changed": numbers,
        }  # fmt: skip


def is_number(cell: b.Cell) -> bool:
    """Whether a cell holds a figure."""
    return cell is not None and not isinstance(cell, str)


# --- comparing --------------------------------------------------------------------------------------------------------


def compare(old: b.Document, new: b.Document) -> Redline:
    """What differs between two documents. Blocks are matched by key, then where they are equal, then where they are alike."""
    head = tuple(
        FieldChange(name, getattr(old, name), getattr(new, name))
        for name in HEAD_FIELDS
        if getattr(old, name) != getattr(new, name)
    )
    olds, news = tuple(old.blocks), tuple(new.blocks)
    matches = _matched_blocks(olds, news)
    still = _longest_rising([matches[place] for place in sorted(matches)])
    by_new = {later: earlier for earlier, later in matches.items()}
    changes: list[Change] = []
    waiting = 0  # the first old block that was not looked at yet

    def removed_up_to(end: int) -> None:
        nonlocal waiting
        gone = (place for place in range(waiting, end) if place not in matches)
        changes.extend(Change("removed", place, None, olds[place]) for place in gone)
        waiting = max(waiting, end)

    for place, block in enumerate(news):
        earlier = by_new.get(place)
        if earlier is None:
            changes.append(Change("added", None, place, block))
            continue
        moved = place not in still
        if not moved:
            removed_up_to(earlier)
            waiting = earlier + 1
        changes.append(_change(earlier, place, olds[earlier], block, moved=moved))
    removed_up_to(len(olds))
    return Redline(old, new, head, tuple(changes))


def applied(redline: Redline, old: b.Document) -> b.Document:
    """The new document, made from the old one and what differs; the documents inside the redline are not looked at."""
    made = []
    for change in redline.changes:
        if change.kind == "added":
            made.append(change.block)
        elif change.kind != "removed" and change.old is not None:
            block: Any = old.blocks[change.old]
            values = {one.name: one.after for one in change.fields}
            if change.rows:
                values["rows"] = tuple(
                    block.rows[row.old] if row.kind == "same" and row.old is not None else row.after
                    for row in change.rows
                    if row.kind != "removed"
                )
            made.append(replace(block, **values) if values else block)
    return replace(old, blocks=tuple(made), **{one.name: one.after for one in redline.head})


def _change(earlier: int, later: int, old: Any, new: Any, *, moved: bool) -> Change:
    if old == new and old is not None:
        return Change("same", earlier, later, new, moved=moved)
    differing = [one.name for one in fields(new) if getattr(old, one.name) != getattr(new, one.name)]
    rows: tuple[RowChange, ...] = ()
    if isinstance(new, b.Table) and "rows" in differing and "columns" not in differing:
        rows = compared_rows(old, new)
        differing.remove("rows")
        if not rows:  # an emptied table that was empty before has no rows to speak of
            differing.append("rows")
    found = tuple(FieldChange(name, getattr(old, name), getattr(new, name)) for name in differing)
    return Change("changed", earlier, later, new, found, rows, moved)


def _matched_blocks(olds: Sequence[Any], news: Sequence[Any]) -> dict[int, int]:
    """From places in the old document to places in the new one: first what is the same in the same section, and so on."""
    old_names, new_names = _names(olds), _names(news)
    found: dict[int, int] = {}
    for some, others in ((_with_sections(olds, old_names), _with_sections(news, new_names)), (old_names, new_names)):
        for i1, i2, j1, j2 in _gaps(found, len(olds), len(news)):
            found.update((i1 + i, j1 + j) for i, j in _common(some[i1:i2], others[j1:j2]))
    gaps = _gaps(found, len(olds), len(news))
    # What has the same name elsewhere was moved; a name that is there several times says nothing.
    taken = set(found.values())
    free = defaultdict(list)
    for place, name in enumerate(new_names):
        if place not in taken:
            free[name].append(place)
    left = Counter(name for place, name in enumerate(old_names) if place not in found)
    for place, name in enumerate(old_names):
        if place not in found and left[name] == 1 and len(free[name]) == 1 and _is_telling(olds[place]):
            found[place] = free[name][0]
    taken = set(found.values())
    for i1, i2, j1, j2 in gaps:
        open_old = [place for place in range(i1, i2) if place not in found]
        open_new = [place for place in range(j1, j2) if place not in taken]
        for some_old, some_new in _chunks(open_old, open_new):
            for earlier, later in _alike([olds[place] for place in some_old], [news[place] for place in some_new]):
                found[some_old[earlier]] = some_new[later]
    return found


def _common(olds: Sequence[Hashable], news: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The longest row of equal names in the same order in both, as pairs of places (Hunt and Szymanski's way).

    difflib looks for the longest unbroken stretch first, and goes astray where a document repeats itself.
    """
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place in range(len(news) - 1, -1, -1):
        places[news[place]].append(place)
    ends: list[int] = []  # the least last place of a row of each length
    chains: list[Any] = []  # the last pair of that row, and the chain before it
    for earlier, name in enumerate(olds):
        for later in places.get(name, ())[:OFTEN]:
            at = bisect_left(ends, later)
            ends[at : at + 1] = [later]
            chains[at : at + 1] = [((earlier, later), chains[at - 1] if at else None)]
    found = []
    chain = chains[-1] if chains else None
    while chain is not None:
        found.append(chain[0])
        chain = chain[1]
    return found[::-1]


def _gaps(found: dict[int, int], olds: int, news: int) -> list[tuple[int, int, int, int]]:
    """The stretches between matches where both documents have something; the matches stand in the same order in both."""
    gaps = []
    i = j = 0
    for earlier, later in [*sorted(found.items()), (olds, news)]:
        if i < earlier and j < later:
            gaps.append((i, earlier, j, later))
        i, j = earlier + 1, later + 1
    return gaps


def _with_sections(blocks: Sequence[Any], names: list[Hashable]) -> list[Hashable]:
    """The names of blocks together with the headings above them: the same table in another chapter is another one."""
    above: tuple[tuple[int, str], ...] = ()
    found: list[Hashable] = []
    for block, name in zip(blocks, names, strict=True):
        if isinstance(block, b.Heading | b.DimensionPage):
            text = block.text if isinstance(block, b.Heading) else block.name
            above = (*(one for one in above if one[0] < block.level), (block.level, text))
        found.append((above, name))
    return found


def _chunks(olds: list[int], news: list[int]) -> list[tuple[list[int], list[int]]]:
    """Two stretches in parts that are small enough to compare each with each, cut in proportion."""
    count = max(1, -(-max(len(olds), len(news)) // GAP_SIDE))
    return [
        (
            olds[len(olds) * part // count : len(olds) * (part + 1) // count],
            news[len(news) * part // count : len(news) * (part + 1) // count],
        )
        for part in range(count)
    ]


def _names(blocks: Sequence[Any]) -> list[Hashable]:
    """What each block is known by: its kind and key, or, without one or where the key is there twice, its content."""
    keys = Counter((type(block), block.key) for block in blocks if getattr(block, "key", ""))
    return [
        (type(block), block.key) if keys.get((type(block), getattr(block, "key", ""))) == 1 else (type(block), block)
        for block in blocks
    ]


def _is_telling(block: Any) -> bool:
    """Whether a block can be known again elsewhere; a page break cannot, nor can a word or two."""
    return bool(getattr(block, "key", "")) or len(text_of(block)) > 20


def _alike(olds: Sequence[Any], news: Sequence[Any]) -> list[tuple[int, int]]:
    """The pairs of blocks of one kind that are most alike, in the same order in both."""
    if not olds or not news:
        return []
    bags_old, bags_new = [_bag_of(text_of(block)) for block in olds], [_bag_of(text_of(block)) for block in news]
    best = [[0.0] * (len(news) + 1) for _row in range(len(olds) + 1)]
    scores: dict[tuple[int, int], float] = {}
    for i in range(len(olds) - 1, -1, -1):
        for j in range(len(news) - 1, -1, -1):
            score = _likeness(bags_old[i], bags_new[j]) if type(olds[i]) is type(news[j]) else 0.0
            scores[i, j] = score if score >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], scores[i, j] + best[i + 1][j + 1])
    found = []
    i = j = 0
    while i < len(olds) and j < len(news):
        if scores[i, j] and best[i][j] == scores[i, j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a text with how often each is there, and how many there are."""

    words: Counter[str]
    size: int


def _likeness(one: Bag, other: Bag) -> float:
    """How much two bags of words share, from 0 to 1; two empty ones are alike."""
    total = one.size + other.size
    if not total:
        return 1.0
    mine, theirs = one.words, other.words
    return 2 * sum([min(mine[word], theirs[word]) for word in mine.keys() & theirs.keys()]) / total


@lru_cache(maxsize=16_384)  # each row of a table is compared with many others
def _bag_of(text: str) -> Bag:
    words = text.split()
    return Bag(Counter(words), len(words))


def text_of(block: Any) -> str:
    """The words of a block that tell it from others: of a table its caption, columns and first rows."""
    found: Iterable[str] = ()
    match block:
        case b.Heading():
            found = (block.text,)
        case b.Paragraph():
            found = (b.plain(block.text),)
        case b.Bullets():
            found = (b.plain(item) for item in block.items)
        case b.Table():
            rows = (str(cell) for row in block.rows[:30] for cell in row[:2] if cell is not None)
            found = (block.caption, block.caption, *(column.title for column in block.columns), *rows)
        case b.Chart() | b.Picture():
            found = (block.caption, block.alt)
        case b.DimensionPage():
            found = (block.key, block.name)
        case b.Facts():
            found = (f"{label} {value}" for label, value in block.items)
        case b.KeyFigures():
            found = (label for _value, label in block.figures)
        case b.Missing():
            found = (block.text, *block.items)
        case b.Signature():
            found = (*block.office, block.name, block.nip)
    return " ".join(found)


def _longest_rising(places: list[int]) -> set[int]:
    """The longest run of places that stand in the same order in both documents; all others were moved."""
    ends: list[int] = []  # the least last place of a run of each length
    lengths = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
        lengths.append(at + 1)
    found: set[int] = set()
    wanted = len(ends)
    limit = float("inf")
    for place, length in zip(reversed(places), reversed(lengths), strict=True):
        if length == wanted and place < limit:
            found.add(place)
            limit, wanted = place, wanted - 1
    return found


# --- rows of tables ---------------------------------------------------------------------------------------------------


def compared_rows(old: b.Table, new: b.Table) -> tuple[RowChange, ...]:
    """What became of each row, in the new order; removed rows stand where they stood. The columns are the same in both."""
    matches = _matched_rows(old, new)
    gone: dict[int, list[int]] = defaultdict(list)  # removed rows by the row that they follow
    last = -1
    for place in range(len(old.rows)):
        if place in matches:
            last = place
        else:
            gone[last].append(place)
    by_new = {later: earlier for earlier, later in matches.items()}
    found = [RowChange("removed", place, old.rows[place], None) for place in gone[-1]]
    for place, row in enumerate(new.rows):
        earlier = by_new.get(place)
        if earlier is None:
            found.append(RowChange("added", None, None, row))
            continue
        kind: Kind = "same" if _same(old.rows[earlier], row) else "changed"
        found.append(RowChange(kind, earlier, old.rows[earlier], row))
        found += [RowChange("removed", below, old.rows[below], None) for below in gone[earlier]]
    return tuple(found)


def compared_total(old: b.Table, new: b.Table) -> RowChange | None:
    """What became of the total's row; None where it stayed as it is."""
    if old.total == new.total:
        return None
    kind: Kind = "changed" if old.total and new.total else "added" if new.total else "removed"
    return RowChange(kind, None, tuple(old.total) if old.total else None, tuple(new.total) if new.total else None)


def _same(one: Any, other: Any) -> bool:
    """Whether two rows are equal to the letter: 1 and Decimal("1.0") are not written alike."""
    return one == other and all(str(a) == str(z) for a, z in zip(one, other, strict=True))


def _matched_rows(old: b.Table, new: b.Table) -> dict[int, int]:
    """From places of rows in the old table to those in the new: equal rows, then the same name, then alike."""
    found = _equal_rows(old.rows, new.rows)
    open_old = [place for place in range(len(old.rows)) if place not in found]
    taken = set(found.values())
    open_new = [place for place in range(len(new.rows)) if place not in taken]
    if not open_old or not open_new:
        return found
    columns = _naming_columns(old, new)
    if columns:
        names = {
            tuple(new.rows[place][column] for column in columns): place for place in open_new if place not in taken
        }
        counts = Counter(tuple(row[column] for column in columns) for row in new.rows)
        olds = Counter(tuple(row[column] for column in columns) for row in old.rows)
        for place in open_old:
            name = tuple(old.rows[place][column] for column in columns)
            if name in names and counts[name] == olds[name] == 1:
                found[place] = names[name]
    taken = set(found.values())
    open_old = [place for place in open_old if place not in found]
    open_new = [place for place in open_new if place not in taken]
    if len(open_old) * len(open_new) <= ROW_PAIRS:
        _match_alike_rows((old, new), columns, (open_old, open_new), found)
    return found


def _equal_rows(olds: Any, news: Any) -> dict[int, int]:
    places: dict[Any, list[int]] = defaultdict(list)
    for place in range(len(news) - 1, -1, -1):
        places[news[place]].append(place)
    return {place: places[row].pop() for place, row in enumerate(olds) if places.get(row)}


def _naming_columns(old: b.Table, new: b.Table) -> tuple[int, ...]:
    """The columns that name a row: the first text column without a double value in either table, else the first two."""
    texts = [
        number
        for number, column in enumerate(old.columns)
        if column.kind == "text" and not all(str(row[number] or "0").strip(". ").isdigit() for row in old.rows)
    ]
    candidates = [(number,) for number in texts] + ([tuple(texts[:2])] if len(texts) > 1 else [])
    best: tuple[float, tuple[int, ...]] = (0.0, ())
    for columns in candidates:
        names = [[tuple(row[column] for column in columns) for row in table.rows] for table in (old, new)]
        alone = min(len(set(some)) / max(len(some), 1) for some in names)
        shared = len(set(names[0]) & set(names[1])) / max(min(len(set(some)) for some in names), 1)
        # A column further right has to be clearly better: the first one is what people read as the name.
        if alone * shared > best[0] + 0.05:
            best = (alone * shared, columns)
    return best[1]


def _match_alike_rows(
    both: tuple[b.Table, b.Table], columns: tuple[int, ...], places: tuple[list[int], list[int]], found: dict[int, int]
) -> None:
    """Add the pairs of rows that share most of their cells and something of their name, the most alike first."""
    old, new = both
    pairs = []
    names_old, names_new = (
        {place: [table.rows[place][column] for column in columns] for place in some}
        for table, some in zip(both, places, strict=True)
    )
    for earlier, name in names_old.items():
        for later, other_name in names_new.items():
            if columns and _rows_alike(name, other_name) < NAMES_ALIKE:
                continue
            score = _rows_alike(old.rows[earlier], new.rows[later])
            if score >= ROWS_ALIKE:
                pairs.append((-score, abs(earlier - later), earlier, later))
    taken = set(found.values())
    for _score, _distance, earlier, later in sorted(pairs):
        if earlier not in found and later not in taken:
            found[earlier] = later
            taken.add(later)


def _rows_alike(one: Any, other: Any) -> float:
    """How much two rows share: equal cells count whole, texts by their words; dashes say nothing."""
    told = score = 0.0
    for before, after in zip(one, other, strict=True):
        if before is None and after is None:
            continue
        told += 1
        if before == after:
            score += 1
        elif isinstance(before, str) and isinstance(after, str):
            score += _likeness(_bag_of(before), _bag_of(after))
    return score / told if told else 1.0


# --- words ------------------------------------------------------------------------------------------------------------

Piece = tuple[Literal["same", "added", "removed"], str]


@lru_cache(maxsize=4096)  # a page asks twice when it shows old and new side by side
def compared_words(before: str, after: str) -> tuple[Piece, ...]:
    """The text in pieces that stayed, went and came, word by word; a number is one word, separators and all."""
    if before == after:
        return (("same", after),) if after else ()
    olds, news = LINES.findall(before), LINES.findall(after)
    if max(len(olds), len(news)) < 2:
        return tuple(_joined(_by_words(before, after)))
    found: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(olds[i1:i2])))
        elif i2 - i1 == j2 - j1:
            for gone, came in zip(olds[i1:i2], news[j1:j2], strict=True):
                found += _by_words(gone, came)
        else:
            found += _by_words("".join(olds[i1:i2]), "".join(news[j1:j2]))
    return tuple(_joined(found))


def _by_words(before: str, after: str) -> Iterator[Piece]:
    """Yield the pieces of a line, or of lines that cannot be told apart."""
    olds, news = WORDS.findall(before), WORDS.findall(after)
    if len(olds) * len(news) > TOKEN_LIMIT:
        yield from _replaced(before, after)
        return
    words = ([word for word, _blank in olds], [word for word, _blank in news])
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        if tag == "equal":
            for (word, blank), (_word, other) in zip(olds[i1:i2], news[j1:j2], strict=True):
                if blank == other:
                    yield "same", word + blank
                else:
                    yield "same", word
                    yield from _replaced(blank, other)
        else:
            yield from _replaced("".join(map("".join, olds[i1:i2])), "".join(map("".join, news[j1:j2])))


def _replaced(before: str, after: str) -> Iterator[Piece]:
    """Yield what went and what came, and apart from them the blanks at the end of both."""
    blank = before[len(before.rstrip()) :]
    if not blank or not after.endswith(blank) or after[len(after.rstrip()) :] != blank:
        blank = ""
    gone, came = before[: len(before) - len(blank)], after[: len(after) - len(blank)]
    pieces: tuple[Piece, ...] = (("removed", gone), ("added", came), ("same", blank))
    yield from (piece for piece in pieces if piece[1])


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces with neighbours of one kind made one; a blank between two changes belongs to both of them."""
    made: list[Piece] = []
    gone = came = ""
    for kind, text in pieces:
        if kind == "removed":
            gone += text
        elif kind == "added":
            came += text
        elif text.isspace() and (gone or came):
            gone, came = gone + text, came + text
        else:
            made += _replaced(gone, came)
            gone = came = ""
            if made and made[-1][0] == "same":
                made[-1] = ("same", made[-1][1] + text)
            else:
                made.append((kind, text))
    return [*made, *_replaced(gone, came)]
