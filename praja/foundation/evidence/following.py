"""What else goes along when a row changes hands: each folder says so in its own following.py, found as menu.py is."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings

Follow = Callable[[Any], None]


@cache
def followers() -> Mapping[str, Sequence[Follow]]:
    """{kind of a row as the history calls it: what is called with a row of it}; from `FOLLOWING` of each folder."""
    found: dict[str, list[Follow]] = {}
    for app in settings.PRAJA_APPS:
        name = f"{app}.following"
        if name != __name__ and find_spec(name):
            for subject, follow in import_module(name).FOLLOWING.items():
                found.setdefault(subject, []).append(follow)
    return found
