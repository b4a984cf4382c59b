"""Numbers that are written out in Indonesian words: "sembilan puluh enam" is 96."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_ONES = {
    "nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10, "sebelas": 11,
}  # fmt: skip
_SCALES = {"ribu": 1_000, "juta": 1_000_000, "miliar": 10**9, "triliun": 10**12}
_WORD = "|".join([*_ONES, "belas", "puluh", "ratus", "seratus", "seribu", *_SCALES])
_WORDS = re.compile(rf"(?<!\w)(?:{_WORD})(?:\s+(?:{_WORD}))*(?!\w)", re.IGNORECASE)


def value_of(words: str) -> int | None:
    """The number that words say; None when they say none."""
    total, group, last = 0, 0, 0
    for word in words.lower().split():
        if word in _ONES:
            group, last = group + last, _ONES[word]
        elif word == "belas":
            last += 10
        elif word in ("puluh", "ratus"):
            group, last = group + last * (10 if word == "puluh" else 100), 0
        elif word == "seratus":
            group, last = group + last + 100, 0
        elif word == "seribu":
            total, group, last = total + 1000, 0, 0
        elif word in _SCALES:
            total, group, last = total + (group + last) * _SCALES[word], 0, 0
        else:
            return None
    return total + group + last


class Written(NamedTuple):
    """A number in words: where it stands, and its value."""

    start: int
    end: int
    value: int


def found_in(text: str) -> Iterator[Written]:
    """The numbers that a text writes out in words, from ten on: "satu" and its like are rarely counts."""
    for found in _WORDS.finditer(text):
        if found[0].split()[0].lower() in _SCALES:  # "1,2 miliar": the scale of a number in digits
            continue
        value = value_of(found[0])
        if value is not None and value >= 10:
            yield Written(found.start(), found.end(), value)
