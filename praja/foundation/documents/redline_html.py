"""A redline as a fragment of a web page: changes in reading order, inline or side by side, with what stayed left out.

The fragment stands inside a page that loads `documents/book.css` and `documents/redline.css`. What came stands in <ins>,
what went in <del>, each said in words too, for those who hear the page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents import blocks as b
from praja.foundation.documents import html, outline
from praja.foundation.documents.outline import Placed
from praja.foundation.documents.redline import Redline, RowChange, compared_rows, compared_total, compared_words
from praja.foundation.documents.redline_words import (
    Place,
    counts_in_words,
    head_in_words,
    heading_of,
    kind_in_words,
    label_of,
    paired_lines,
    places,
    tables_of,
)
from praja.foundation.documents.tables import alignment, written_row

SIDES = {"left": "", "center": ' class="centre"', "right": ' class="number"'}


def redline_html(redline: Redline, *, beside: bool = False) -> SafeString:
    """The redline as a fragment of HTML, in the language of the newer document; `beside` sets old and new side by side."""
    with translation.override(redline.new.language):
        return mark_safe("".join(_Shown(redline, beside=beside).parts()))  # noqa: S308  every text was escaped


class _Shown:
    """The fragment of one redline."""

    def __init__(self, redline: Redline, *, beside: bool) -> None:
        self.redline = redline
        self.beside = beside
        self.words = outline.words(redline.new)
        self.old, self.new = html.Page(redline.old), html.Page(redline.new)
        self.count = 0
        self.said = {"ins": _("added:"), "del": _("removed:")}

    def parts(self) -> Iterator[str]:
        """Yield the fragment's parts in order."""
        redline = self.redline
        yield f'<div class="book redline{" redline-beside" if self.beside else ""}" lang="{escape(redline.new.language)}">'
        counts = "".join(
            f"<div><dt>{escape(words)}</dt><dd>{count}</dd></div>" for words, count in counts_in_words(redline)
        )
        yield f'<dl class="book-figures">{counts}</dl>' if counts else ""
        if redline.is_empty:
            yield f'<p class="book-missing">{escape(_("Both read the same."))}</p>'
        for one in redline.head:
            yield f'<p class="redline-head"><strong>{escape(head_in_words(one.name))}</strong> '
            yield f"{self._words(str(one.before), str(one.after))}</p>"
        yield from self._changes()
        yield "</div>"

    def _changes(self) -> Iterator[str]:
        shown: tuple[tuple[int, str, str], ...] = ()
        same = 0
        for place in places(self.redline):
            if place.change.kind == "same" and not place.change.moved:
                same += 1
                continue
            yield self._stayed(same)
            same = 0
            for heading in place.above:
                if heading not in shown:
                    level, number, text = heading
                    yield f'<h{min(level + 2, 6)} class="redline-above">{escape(f"{number} {text}".strip())}</h{min(level + 2, 6)}>'
            shown = place.above
            yield from self._change(place)
        yield self._stayed(same)

    def _stayed(self, count: int) -> str:
        if not count:
            return ""
        words = ngettext("%(count)d part unchanged", "%(count)d parts unchanged", count) % {"count": count}
        return f'<p class="redline-same">{escape(words)}</p>'

    def _change(self, place: Place) -> Iterator[str]:
        self.count += 1
        change = place.change
        label = escape(label_of(place.part, self.words))
        kind = escape(kind_in_words(change))
        yield f'<section class="redline-change redline-{change.kind}" id="perubahan-{self.count}">'
        yield f'<p class="redline-label"><span class="redline-kind">{kind}</span> {label}</p>'
        if change.kind == "changed":
            yield from self._changed(place)
        elif change.kind == "same":  # moved as it is
            yield f'<p class="redline-moved">{escape(_("It reads the same and stands elsewhere now."))}</p>'
        else:
            gone = "".join(self._whole(self.old, place.old, "lama")) if place.old else ""
            came = "".join(self._whole(self.new, place.new, "baru")) if place.new else ""
            yield self._pair(f"<del>{gone}</del>" if gone else "", f"<ins>{came}</ins>" if came else "")
        yield "</section>"

    def _whole(self, page: html.Page, part: Placed | None, prefix: str) -> Iterator[str]:
        """Yield a block as it stands in one of the two documents; its footnotes are not collected."""
        if part is None:
            return
        page.notes.clear()
        if isinstance(part.block, b.Heading | b.DimensionPage):
            yield f"<p><strong>{escape(f'{part.number} {heading_of(part.block)}'.strip())}</strong></p>"
            return
        if isinstance(part.block, b.Paragraph | b.Bullets):  # without links to footnotes that are not here
            yield "".join(f"<p>{_lines(line)}</p>" for _old, line in paired_lines(None, part.block))
            return
        yield from page.block(replace(part, anchor=f"{prefix}-{self.count}-{part.anchor}"))

    def _changed(self, place: Place) -> Iterator[str]:
        old, new = place.old, place.new
        if old is None or new is None:
            return
        pairs = [pair for pair in paired_lines(old.block, new.block) if pair[0] != pair[1]]
        for before, after in pairs:
            if self.beside:
                yield self._pair(
                    f"<p>{self._words(before, after, only='del')}</p>",
                    f"<p>{self._words(before, after, only='ins')}</p>",
                )
            else:
                yield f"<p>{self._words(before, after)}</p>"
        drawn = False
        if isinstance(new.block, b.Chart | b.Picture) and self._picture_of(old.block) != self._picture_of(new.block):
            drawn = True
            gone, came = (
                "".join(self._whole(page, part, prefix))
                for page, part, prefix in ((self.old, old, "lama"), (self.new, new, "baru"))
            )
            yield f'<div class="redline-pair"><del>{gone}</del><ins>{came}</ins></div>'
        if found := tables_of(place):
            yield from self._table(*found, place)
        elif not pairs and not drawn:
            yield f'<p class="redline-moved">{escape(_("The words are the same; how they are set has changed."))}</p>'

    def _picture_of(self, block: b.Chart | b.Picture) -> str | bytes:
        return block.svg if isinstance(block, b.Chart) else block.content

    def _pair(self, gone: str, came: str) -> str:
        if not self.beside:
            return gone + came
        return f'<div class="redline-pair"><div>{gone}</div><div>{came}</div></div>'

    # ------------------------------------------------------------ tables

    def _table(self, old: b.Table, new: b.Table, place: Place) -> Iterator[str]:
        if old.columns != new.columns:
            yield f"<p>{escape(_('Its columns have changed.'))}</p>"
            yield f'<div class="redline-tables"><del>{"".join(self.old.table(old))}</del><ins>{"".join(self.new.table(new))}</ins></div>'
            return
        rows = place.change.rows or compared_rows(old, new)
        changed = [row for row in rows if row.kind != "same"]
        total = compared_total(old, new)
        changed += [total] if total else []
        if not changed:
            if old.rows != new.rows:
                yield f'<p class="redline-moved">{escape(_("The order of the rows has changed."))}</p>'
            return
        yield f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(new.caption)}"><table class="table"><thead><tr>'
        sides = [SIDES[alignment(column)] for column in new.columns]
        yield "".join(
            f'<th scope="col"{side}>{_lines(column.title)}</th>'
            for side, column in zip(sides, new.columns, strict=True)
        )
        yield "</tr></thead><tbody>"
        for row in changed:
            yield f'<tr class="redline-row-{row.kind}">{self._cells(new, row, sides)}</tr>'
        same = len(rows) - sum(row.kind != "same" for row in rows)
        yield "</tbody></table></div>"
        if same:
            words = ngettext("%(count)d row unchanged", "%(count)d rows unchanged", same) % {"count": same}
            yield f'<p class="redline-same">{escape(words)}</p>'

    def _cells(self, table: b.Table, row: RowChange, sides: Iterable[str]) -> str:
        empty = [""] * len(table.columns)
        before = written_row(table.columns, row.before) if row.before else empty
        after = written_row(table.columns, row.after) if row.after else empty
        made = []
        for number, (side, old, new) in enumerate(zip(sides, before, after, strict=True)):
            if row.kind == "changed" and old != new and table.columns[number].kind != "text":
                words = f"{self._mark('del', _lines(old))} {self._mark('ins', _lines(new))}"
            else:
                words = self._words(old, new)
            made.append(f"<td{side}>{words}</td>")
        return "".join(made)

    # ------------------------------------------------------------ words

    def _words(self, before: str, after: str, only: str = "") -> str:
        """The words that stayed, went and came; with `only` ("ins" or "del") those of one side."""
        made = []
        for kind, text in compared_words(before, after):
            tag = {"added": "ins", "removed": "del"}.get(kind, "")
            if not tag:
                made.append(_lines(text))
            elif not only or tag == only:
                made.append(self._mark(tag, _lines(text)))
        return "".join(made)

    def _mark(self, tag: str, words: str) -> str:
        return f'<{tag}><span class="visually-hidden">{escape(self.said[tag])} </span>{words}</{tag}>'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
