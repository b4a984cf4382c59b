"""Files that not everybody who reads a region's files may have: each folder may name its own in a `closed_files.py`."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from praja.foundation.accounts.permissions import Can
from praja.foundation.files.models import StoredFile


def may_have(user: Any, stored: StoredFile) -> bool:
    """Whether this person, who reads files there, may have this one: no folder asks for a permission that they lack."""
    needs = [need for ask in _asked() if (need := ask(stored))]
    return all(user.may(need, stored) for need in needs)


@cache
def _asked() -> list[Callable[[StoredFile], Can | None]]:
    names = [f"{app}.closed_files" for app in settings.PRAJA_APPS]
    return [import_module(name).permission_for for name in names if find_spec(name)]
