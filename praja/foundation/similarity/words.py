"""From a text to the terms that carry its meaning: stems, one word for each concept, nothing that everybody writes."""

import re
import threading
import tomllib
from functools import cache, lru_cache
from typing import Any

import snowballstemmer
from django.conf import settings

FILE = settings.PACKAGE / "data" / "similarity" / "words.toml"
WORD = re.compile(r"[^\W\d_]+(?:\d[^\W_]*)?")
SHORTEST = 3
_stemmers = threading.local()


def stemmer() -> snowballstemmer.stemmer:
    """The Indonesian stemmer of this thread: it remembers where it is in its word, so threads cannot share one."""
    if not hasattr(_stemmers, "indonesian"):
        _stemmers.indonesian = snowballstemmer.stemmer("indonesian")
    return _stemmers.indonesian


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one word in small letters."""
    return _data()["stems"].get(word) or str(stemmer().stemWord(word))


@cache
def vocabulary() -> tuple[frozenset[str], dict[str, str], dict[str, list[tuple[tuple[str, ...], str]]]]:
    """The stems that everybody writes, words that are a concept as they stand, and phrases of stems by the first one.

    A concept is named by its first word. A word whose stem everybody writes ("pendataan", "data") counts only as it
    stands in the list.
    """
    data = _data()
    common = frozenset(stem(word) for word in data["boilerplate"].split())
    exact: dict[str, str] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for line in data["concepts"]:
        forms = [form.split() for form in line.split(", ")]
        name = "=" + "-".join(forms[0]).removeprefix("!")
        for form in forms:
            stems = tuple(stem(word) for word in form)
            if form[0].startswith("!") or (stems[0] in common and len(stems) == 1):
                exact[form[0].removeprefix("!")] = name
            else:
                phrases.setdefault(stems[0], []).append((stems, name))
    for found in phrases.values():
        found.sort(key=lambda phrase: -len(phrase[0]))
    return common, exact, phrases


def terms(text: str) -> list[str]:
    """The terms of a text in its order; a concept begins with "="."""
    common, exact, phrases = vocabulary()
    words = WORD.findall(text.lower())
    stems = [stem(word) for word in words]
    found, place = [], 0
    while place < len(stems):
        one = stems[place]
        for phrase, name in phrases.get(one, ()):
            if tuple(stems[place : place + len(phrase)]) == phrase:
                found.append(name)
                place += len(phrase)
                break
        else:
            word = words[place].removesuffix("nya")
            if word in exact:
                found.append(exact[word])
            elif one not in common and len(one) >= SHORTEST:
                found.append(one)
            place += 1
    return found
