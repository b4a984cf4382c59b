"""The short words that say whose a row is and what it is; the index holds them beside the words of its texts."""

import re
from collections.abc import Mapping
from typing import Any

_NOT_PLAIN = re.compile(r"[^a-z0-9]")


def kind_word(key: str) -> str:
    """The word of a kind of rows."""
    return _word("k", key)


def path_word(path: str) -> str:
    """The word for "at or below" the organisation of a path: its last key."""
    return f"p{path.rstrip('/').rpartition('/')[2]}"


def dimension_word(key: str) -> str:
    """The word of a dimension, by its key."""
    return _word("d", key)


def state_word(state: str) -> str:
    """The word of a state."""
    return _word("s", state)


def it_word(*, is_it: bool) -> str:
    """The word of IT or non-IT."""
    return "iyes" if is_it else "ino"


def scope_of(key: str, facts: Mapping[str, Any]) -> list[str]:
    """Everything that the index says about a row: its kind, each organisation it stands under, and the facts it has."""
    words = [kind_word(key), *(f"p{part}" for part in (facts["path"] or "").split("/") if part)]
    if facts["dimension"]:
        words.append(dimension_word(facts["dimension"]))
    if facts["state"]:
        words.append(state_word(facts["state"]))
    if isinstance(facts["is_it"], bool):
        words.append(it_word(is_it=facts["is_it"]))
    return words


def _word(letter: str, value: str) -> str:
    return letter + _NOT_PLAIN.sub("", value.lower())
