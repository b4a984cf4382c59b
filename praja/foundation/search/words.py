"""From texts to the stems that are indexed and looked for: the same on SQLite and PostgreSQL, because both get them from here."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from praja.foundation.similarity.words import stemmer

_WORD = re.compile(r"[^\W_]+")
_NOT_PLAIN = re.compile(r"[^a-z0-9]")
_LONGEST_WORD = 40  # characters; what is longer is compared by its beginning
MOST_STEMS = 20_000  # of one row: PostgreSQL holds no more than a megabyte of them
MOST_WORDS = 12  # of one question
# Words that stand everywhere: left out of a question that has others.
_EVERYWHERE = frozenset(
    "atau bagi dalam dan dari dengan di ini itu juga ke oleh pada para sebagai serta untuk yang".split()  # noqa: SIM905
)


class Question(NamedTuple):
    """What somebody looks for: the words as typed with their stems, and whether some were left out for their number."""

    words: dict[str, str]  # {stem: word as typed}
    is_cut: bool


def stems_of(texts: Iterable[str]) -> list[str]:
    """Each stem of the texts once, in the order of the first words; letters a to z and digits only."""
    stems = dict.fromkeys(chain.from_iterable(map(stem_of, _WORD.findall(_plain(text))) for text in texts))
    return list(islice(stems, MOST_STEMS))


def question_of(text: str) -> Question:
    """The words of a question; those that stand in every text only when there are no others."""
    words: dict[str, str] = {}
    for word in _WORD.findall(_plain(text)):
        words.setdefault(stem_of(word), word[:_LONGEST_WORD])
    telling = {stem: word for stem, word in words.items() if word not in _EVERYWHERE} or words
    return Question(dict(list(telling.items())[:MOST_WORDS]), len(telling) > MOST_WORDS)


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """The stem of a plain word: "pelayanan" and "melayani" give "layan"; other scripts are written out in a to z."""
    stem = word[:_LONGEST_WORD]
    # Taken again until it stays: "permasalahan" gives "masalah", which by itself gives "masa".
    while (shorter := stemmer().stemWord(stem)) != stem:
        stem = shorter
    return _NOT_PLAIN.sub(lambda found: f"x{ord(found[0]):x}", stem)


def words_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Each word of a text as it is shown: where it begins, where it ends, its stem."""
    for found in _WORD.finditer(text):
        plain = _WORD.findall(_plain(found[0]))
        if plain:
            yield found.start(), found.end(), stem_of(plain[0])


def _plain(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    # Folding again: some letters have capitals only after they were taken apart.
    return "".join(character for character in apart if not unicodedata.combining(character)).casefold()
