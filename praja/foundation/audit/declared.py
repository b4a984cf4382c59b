"""Which rows the log speaks of: each folder says so in its own chained.py, `CHAINED = [Chained(...)]`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import models


def _nothing(_row: Any) -> str:
    return ""


@dataclass(frozen=True)
class Chained:
    """One kind of entry and the rows it is about.

    `facts`: what a row says now, in the form in which `chain.append` was given it; of several entries of this kind about
    a row the last has to say the same. `problem`: a sentence when what those facts vouch for (a text by its hash) is no
    longer so, else "". `related`: what to read along with the rows; `at_once`: so many rows are in memory together.
    """

    kind: str
    model: type[models.Model]
    facts: Callable[[Any], dict[str, Any]]
    problem: Callable[[Any], str] = _nothing
    related: tuple[str, ...] = ()
    at_once: int = 500

    @property
    def subject(self) -> str:
        """The model as entries call it."""
        return self.model._meta.label_lower

    def rows(self, keys: Iterable[int]) -> Iterator[Any]:
        """Those of the rows that are there, read as they are asked for."""
        rows = self.model._default_manager.filter(pk__in=keys).prefetch_related(*self.related)
        return rows.iterator(chunk_size=self.at_once)


@cache
def chained() -> dict[tuple[str, str], Chained]:
    """{(kind, subject): what is declared about it}, of every folder in the order of settings."""
    modules = [f"{app}.chained" for app in settings.PRAJA_APPS if find_spec(f"{app}.chained")]
    found = [one for name in modules for one in import_module(name).CHAINED]
    return {(one.kind, one.subject): one for one in found}
