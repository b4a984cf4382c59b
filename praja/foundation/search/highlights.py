"""The words that were found, marked in the title and in a piece of the text around them."""

from collections.abc import Collection, Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from praja.foundation.search.words import words_in

AROUND = 90  # characters shown on each side of the first word found
LONGEST_READ = 20_000  # characters of one text that are looked through


def marked(text: str, stems: Collection[str], *, are_beginnings: bool = False) -> SafeString:
    """The text with the words found in `<mark>`, everything else escaped."""
    parts, end = [], 0
    for begin, stop, stem in words_in(text):
        if _fits(stem, stems, are_beginnings=are_beginnings):
            parts.append(format_html("{}<mark>{}</mark>", text[end:begin], text[begin:stop]))
            end = stop
    parts.append(format_html("{}", text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part was escaped above


def excerpt(texts: Iterable[str], stems: Collection[str], *, are_beginnings: bool = False) -> SafeString | str:
    """A piece of the first text that holds one of the words; "" when none does."""
    for whole in texts:
        text = whole[:LONGEST_READ]
        for begin, stop, stem in words_in(text):
            if _fits(stem, stems, are_beginnings=are_beginnings):
                return _piece(text, begin, stop, stems, are_beginnings=are_beginnings)
    return ""


def _piece(text: str, begin: int, stop: int, stems: Collection[str], *, are_beginnings: bool) -> SafeString:
    first, last = max(0, begin - AROUND), min(len(text), stop + AROUND)
    # Whole words at both ends, unless a word is longer than the piece.
    if first:
        first = text.find(" ", first, begin) + 1 or first
    if last < len(text):
        space = text.rfind(" ", stop, last)
        last = space if space > 0 else last
    piece = marked(" ".join(text[first:last].split()), stems, are_beginnings=are_beginnings)
    return format_html("{}{}{}", "… " if first else "", piece, " …" if last < len(text) else "")


def _fits(stem: str, stems: Collection[str], *, are_beginnings: bool) -> bool:
    return stem in stems or (are_beginnings and any(stem.startswith(one) for one in stems))
