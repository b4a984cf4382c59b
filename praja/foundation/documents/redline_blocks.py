"""A redline as a document of its own: the change table that council and regional parliament get, as PDF and Word."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from praja.foundation.documents import blocks as b
from praja.foundation.documents import outline
from praja.foundation.documents.redline import (
    Change,
    Piece,
    Redline,
    RowChange,
    compared_rows,
    compared_total,
    compared_words,
    is_number,
)
from praja.foundation.documents.redline_words import (
    Place,
    changed_cells,
    counts_in_words,
    head_in_words,
    kind_in_words,
    label_of,
    lines_of,
    paired_lines,
    places,
    row_name,
    tables_of,
)
from praja.foundation.documents.tables import written_row

EXCERPT = 360  # letters of a part that was added or removed
WHOLE = 240  # a changed text of at most so many letters is quoted whole
AROUND = 50  # letters that are quoted on both sides of a change in a longer one
Line = tuple[str, str, str, str]  # part, what became of it, before, after


def redline_document(
    redline: Redline, *, title: str, made_at: datetime, subtitle: str = "", status_text: str = ""
) -> b.Document:
    """The change table of two editions: what was found, every change in reading order, and all changed numbers."""
    new = redline.new
    with translation.override(new.language):
        return b.Document(
            title=title,
            subtitle=subtitle,
            region_name=new.region_name,
            region_kind=new.region_kind,
            year=new.year,
            made_at=made_at,
            blocks=[*_summary(redline), *_changes(redline), *_numbers(redline)],
            status_text=status_text,
            is_demonstration=new.is_demonstration,
            language=new.language,
            accent=new.accent,
            arms=new.arms,
            foot_note=new.foot_note,
        )


def _summary(redline: Redline) -> Iterator[b.AnyBlock]:
    old, new = redline.old, redline.new
    yield b.Heading(1, _("Summary"), "ringkasan")
    names = [" · ".join(filter(None, (one.title, one.edition, f"{one.made_at:%d-%m-%Y}"))) for one in (old, new)]
    yield b.Facts([(_("Before"), names[0]), (_("After"), names[1])])
    if redline.is_empty:
        yield b.Paragraph(_("Both read the same."), "lead")
        return
    yield b.KeyFigures([(str(count), words) for words, count in counts_in_words(redline)])
    if redline.head:
        rows = [(head_in_words(one.name), str(one.before), str(one.after)) for one in redline.head]
        columns = [b.Column(_("Part"), 2), b.Column(_("Before"), 4), b.Column(_("After"), 4)]
        yield b.Table(_("What stands on cover and pages"), columns, rows)


def _changes(redline: Redline) -> Iterator[b.AnyBlock]:
    """Yield one table for each chapter in which something changed."""
    words = outline.words(redline.new)
    columns = [
        b.Column(_("No."), 0.4, "number"), b.Column(_("Part"), 2.2), b.Column(_("What"), 1.2), b.Column(_("Before"), 3.2),
        b.Column(_("After"), 3.2),
    ]  # fmt: skip
    chapters: dict[str, list[Line]] = {}
    for place in places(redline):
        if place.change.kind != "same" or place.change.moved:
            chapters.setdefault(_chapter(place, words), []).extend(_lines(place, words))
    number = 0
    if chapters:
        yield b.Heading(1, _("Changes in reading order"), "perubahan")
    for chapter, lines in chapters.items():
        rows = [(number + count, *line) for count, line in enumerate(lines, 1)]
        number += len(rows)
        yield b.Heading(2, chapter, numbered=False)
        yield b.Table(_("Changes: %(chapter)s") % {"chapter": chapter}, columns, rows)


def _chapter(place: Place, words: dict[str, str]) -> str:
    """The chapter in which a change stands; a chapter's own heading stands in itself."""
    block = place.part.block
    if isinstance(block, b.Heading) and block.level == 1:
        return label_of(place.part, words)
    found = [f"{number} {text}".strip() for level, number, text in place.above if level == 1]
    return outline.summary(found[-1], 160) if found else _("At the beginning")


def _lines(place: Place, words: dict[str, str]) -> Iterator[Line]:
    """Yield the lines of the change table for one block."""
    change = place.change
    part, what = label_of(place.part, words), kind_in_words(change)
    if change.kind != "changed":
        yield part, what, _excerpt(change, "removed", place), _excerpt(change, "added", place)
        return
    old, new = place.old, place.new
    said = False
    if old is not None and new is not None:
        for before, after in paired_lines(old.block, new.block):
            if before != after:
                said = True
                yield part, what, *_quoted(before, after)
    for line in _table_lines(place, part):
        said = True
        yield line
    if not said:
        yield part, what, "", _("The words are the same; how it is set or drawn has changed.")


def _excerpt(change: Change, kind: str, place: Place) -> str:
    if change.kind != kind:
        return _("It stands elsewhere now.") if change.kind == "same" and kind == "added" else ""
    block: Any = place.part.block
    text = "\n".join(lines_of(block))
    if isinstance(block, b.Table):
        text = _("%(caption)s (%(count)s rows)") % {"caption": block.caption, "count": len(block.rows)}
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()} …"


def _table_lines(place: Place, part: str) -> Iterator[Line]:
    found = tables_of(place)
    if not found:
        return
    old, new = found
    if old.columns != new.columns:
        titles = [" · ".join(column.title for column in table.columns) for table in found]
        yield part, _("Columns changed"), titles[0], titles[1]
        return
    rows = place.change.rows or compared_rows(old, new)
    for row in rows:
        if row.kind != "same":
            yield _row_line(new, row, part)
    if total := compared_total(old, new):
        yield _row_line(new, total, part)
    if old.rows != new.rows and all(row.kind == "same" for row in rows):
        yield part, _("Order changed"), "", _("The order of the rows has changed.")


def _row_line(table: b.Table, row: RowChange, part: str) -> Line:
    name = row_name(table, row.after or row.before or ())
    where = f"{part}\n{name}"
    if row.kind == "changed":
        cells = changed_cells(table, row)
        before = "\n".join(f"{column.title}: {old}" for column, old, _new, _by in cells)
        after = "\n".join(f"{column.title}: {new}{f' ({by})' if by else ''}" for column, _old, new, by in cells)
        return where, _("Row changed"), before, after
    written = " · ".join(written_row(table.columns, row.after or row.before or ()))
    return (where, _("Row added"), "", written) if row.kind == "added" else (where, _("Row removed"), written, "")


def _numbers(redline: Redline) -> Iterator[b.AnyBlock]:
    """Yield one table of all numbers that changed, with the difference."""
    words = outline.words(redline.new)
    rows = []
    for place in places(redline):
        found = tables_of(place) if place.change.kind == "changed" else None
        if not found or found[0].columns != found[1].columns:
            continue
        old, new = found
        compared = list(place.change.rows or compared_rows(old, new))
        total = compared_total(old, new)
        compared += [total] if total else []
        for row in compared:
            if row.kind == "changed" and row.before and row.after:
                figures = {
                    column.title
                    for column, *cells in zip(new.columns, row.before, row.after, strict=True)
                    if all(map(is_number, cells))
                }
                rows += [
                    (label_of(place.part, words), row_name(new, row.after), column.title, before, after, by)
                    for column, before, after, by in changed_cells(new, row)
                    if column.title in figures
                ]
    if rows:
        columns = [
            b.Column(_("Table"), 3), b.Column(_("Row"), 3), b.Column(_("Column"), 1.5),
            *(b.Column(title, 1.6, align="right") for title in (_("Before"), _("After"), _("Difference"))),
        ]  # fmt: skip
        yield b.Heading(1, _("Changed numbers"), "angka")
        yield b.Table(_("Numbers before and after"), columns, rows)


def _quoted(before: str, after: str) -> tuple[str, str]:
    """What was and what is: short texts whole, of longer ones the changed words with what stands around them."""
    if max(len(before), len(after)) <= WHOLE:
        return before, after
    pieces = compared_words(before, after)
    return _around(pieces, "removed"), _around(pieces, "added")


def _around(pieces: Sequence[Piece], kind: str) -> str:
    """The pieces of one side, with texts that stayed cut to what stands next to a change."""
    made = []
    for place, (found, text) in enumerate(pieces):
        if found == kind:
            made.append(text)
        elif found == "same":
            made.append(_cut(text, at_start=place == 0, at_end=place == len(pieces) - 1))
    return "".join(made).strip()


def _cut(text: str, *, at_start: bool, at_end: bool) -> str:
    if len(text) <= 2 * AROUND:
        return text
    head = "" if at_start else text[:AROUND].rsplit(" ", 1)[0]
    tail = "" if at_end else text[-AROUND:].split(" ", 1)[-1]
    return f"{head} … {tail}"
