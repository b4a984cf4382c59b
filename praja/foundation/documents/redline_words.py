"""What a redline says in words, for the web page and the change table alike: where, what, before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from praja.foundation.documents import blocks as b
from praja.foundation.documents import outline
from praja.foundation.documents.outline import Placed
from praja.foundation.documents.redline import Change, Redline, RowChange
from praja.foundation.documents.tables import written_row


@dataclass(frozen=True)
class Place:
    """A change with where it stands: the block placed in either document (None where absent) and the headings above."""

    change: Change
    old: Placed | None
    new: Placed | None
    above: tuple[tuple[int, str, str], ...]  # level, number and text of each heading above

    @property
    def part(self) -> Placed:
        """The block as it stands in the new document, or in the old one when it was removed."""
        found = self.new or self.old
        if found is None:
            raise ValueError("A change belongs to a block.")
        return found


def places(redline: Redline) -> Iterator[Place]:
    """Yield all changes in reading order, same ones too, with where they stand."""
    olds, news = outline.placed(redline.old), outline.placed(redline.new)
    above: tuple[tuple[int, str, str], ...] = ()
    for change in redline.changes:
        old = olds[change.old] if change.old is not None else None
        new = news[change.new] if change.new is not None else None
        yield Place(change, old, new, above)
        if new is not None and isinstance(new.block, b.Heading | b.DimensionPage):
            above = (
                *(one for one in above if one[0] < new.block.level),
                (new.block.level, new.number, heading_of(new.block)),
            )


def heading_of(block: Any) -> str:
    """The words of a heading or of a dimension's page."""
    return block.text if isinstance(block, b.Heading) else block.name


def counts_in_words(redline: Redline) -> list[tuple[str, int]]:
    """What was found, as pairs of words and how many; those that are none are left out."""
    words = {
        "added": _("parts added"),
        "removed": _("parts removed"),
        "changed": _("parts changed"),
        "moved": _("parts moved"),
        "rows added": _("rows added"),
        "rows removed": _("rows removed"),
        "rows changed": _("rows changed"),
        "numbers changed": _("numbers changed"),
    }
    return [(words[name], count) for name, count in redline.counts().items() if count]


def kind_in_words(change: Change) -> str:
    """What became of a block: "Added", "Changed, moved"."""
    words = {"same": "", "added": _("Added"), "removed": _("Removed"), "changed": _("Changed")}
    return ", ".join(filter(None, (words[change.kind], _("Moved") if change.moved else "")))


def head_in_words(name: str) -> str:
    """The name of a property of the whole document."""
    return {
        "title": _("Title"),
        "subtitle": _("Subtitle"),
        "region_name": _("Region"),
        "year": _("Years"),
        "status_text": _("Status"),
        "foot_note": _("Foot of the page"),
        "edition": _("Edition"),
    }[name]


def label_of(part: Placed, words: dict[str, str]) -> str:
    """What a block is called: "Table 12: Daftar inovasi", "2.1 Smart Living", "Paragraph"."""
    block = part.block
    match block:
        case b.Heading() | b.DimensionPage():
            label = f"{part.number} {heading_of(block)}".strip()
        case b.Table():
            label = f"{words['table']} {part.number}: {block.caption}"
        case b.Chart() | b.Picture():
            label = f"{words['figure']} {part.number}: {block.caption}"
        case b.Bullets():
            label = _("List")
        case b.Facts() | b.KeyFigures():
            label = _("Facts")
        case b.Missing():
            label = _("Notice")
        case b.Signature():
            label = _("Signature")
        case _:
            label = _("Paragraph")
    return outline.summary(label, 160)


def told(text: b.Text) -> str:
    """A text with its links and footnotes in brackets, so that a change of these is seen too."""
    return "".join(
        run.text + (f" <{run.link}>" if run.link else "") + (f" [{run.note}]" if run.note else "")
        for run in b.runs(text)
    )


def lines_of(block: Any) -> list[str]:
    """The texts of a block, one after the other; of tables and pictures all but rows and picture."""
    match block:
        case b.Heading():
            found = [block.text]
        case b.Paragraph():
            found = [told(block.text)]
        case b.Bullets():
            found = [told(item) for item in block.items]
        case b.Table():
            found = [block.caption, block.unit, block.source, block.empty_text if not block.rows else ""]
        case b.Chart():
            found = [block.caption, block.unit, block.alt, block.source]
        case b.Picture():
            found = [block.caption, block.alt, block.source]
        case b.Facts():
            found = [f"{label}: {value}" for label, value in block.items]
        case b.KeyFigures():
            found = [f"{label}: {value}" for value, label in block.figures]
        case b.Missing():
            found = [block.text, *block.items]
        case b.DimensionPage():
            found = [block.name, block.tagline, *(f"{label}: {value}" for value, label in block.figures)]
        case b.Signature():
            found = [block.place_and_date, *block.office, block.name, block.rank, block.nip]
        case _:
            found = []
    return [line for line in found if line]


def paired_lines(old: Any, new: Any) -> list[tuple[str, str]]:
    """The texts of a changed block side by side, before and after; "" where a line is absent. Equal ones are there too."""
    olds, news = lines_of(old), lines_of(new)
    found: list[tuple[str, str]] = []
    for _tag, i1, i2, j1, j2 in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        count = max(i2 - i1, j2 - j1)
        before = olds[i1:i2] + [""] * (count - (i2 - i1))
        after = news[j1:j2] + [""] * (count - (j2 - j1))
        found += zip(before, after, strict=True)
    return found


def tables_of(place: Place) -> tuple[b.Table, b.Table] | None:
    """The tables before and after of a changed table or of the figures behind a chart; None where there are none."""
    if place.old is None or place.new is None:
        return None
    old, new = (one.block.data if isinstance(one.block, b.Chart) else one.block for one in (place.old, place.new))
    return (old, new) if isinstance(old, b.Table) and isinstance(new, b.Table) and old != new else None


def row_name(table: b.Table, row: tuple[b.Cell, ...]) -> str:
    """The words by which people find a row: its first cell that is text, else its first cell."""
    written = written_row(table.columns, row)
    for column, cell in zip(table.columns, written, strict=True):
        if column.kind == "text" and not cell.strip(". ").isdigit():
            return outline.summary(cell, 100)
    return outline.summary(written[0], 100) if written else ""


def difference(column: b.Column, before: b.Cell, after: b.Cell) -> str:
    """How much a figure grew or shrank, with its sign; "" where one of the two is none, or a year."""
    if column.kind in ("text", "year") or not isinstance(before, int | Decimal) or not isinstance(after, int | Decimal):
        return ""
    by = Decimal(after) - Decimal(before)
    size: b.Cell = abs(by) if isinstance(before, Decimal) or isinstance(after, Decimal) else abs(int(by))
    return f"{'+' if by > 0 else '−'}{written_row((column,), (size,))[0]}"


def changed_cells(table: b.Table, row: RowChange) -> list[tuple[b.Column, str, str, str]]:
    """The cells of a changed row that differ: column, before and after as written, difference."""
    if row.before is None or row.after is None:
        return []
    olds, news = written_row(table.columns, row.before), written_row(table.columns, row.after)
    return [
        (column, olds[number], news[number], difference(column, row.before[number], row.after[number]))
        for number, column in enumerate(table.columns)
        if olds[number] != news[number]
    ]
