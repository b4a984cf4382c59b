"""What can be found: each folder says so in its own search.py, `SEARCHED = [Searched(...)]`, found as menu.py is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import Promise

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.reach import ReachQuerySet

# What stands under these names in the values of every row, whatever its columns are called.
FACTS = ("path", "dimension", "state", "is_it")


@dataclass(frozen=True)
class Searched:
    """One kind of row that can be found.

    `key`: its word in the address; `label`: its name on the page; `rows`: those that are in service; `permission`: who
    may see them; `title`, `texts`: columns with words; `more`: {key of a row: further texts} for some keys, such as
    those of rows below; `address`: name of an address with the key of the row, or a function of its values, which
    then also hold the `slug` of the plan ("" where there is none). The columns `path`, `dimension` (the key), `state` and `is_it` serve filters; "" where there is none.
    """

    key: str
    label: Promise | str
    icon: str
    rows: Callable[[], ReachQuerySet]
    permission: Can
    title: str
    texts: tuple[str, ...]
    address: str | Callable[[Mapping[str, Any]], str]
    more: Callable[[Sequence[int]], Mapping[int, Iterable[str]]] | None = None
    path: str = "organisation_path"
    dimension: str = ""
    state: str = ""
    is_it: str = ""

    @property
    def subject(self) -> str:
        """The kind as the history calls it."""
        return self.model._meta.label_lower

    @property
    def model(self) -> type[models.Model]:
        """The model of the rows."""
        return self.rows().model

    def values(self, rows: models.QuerySet[Any]) -> list[dict[str, Any]]:
        """Rows with their version, the columns with words, and FACTS ("" where the kind has none)."""
        columns = [column for name in FACTS if (column := getattr(self, name))]
        found = list(rows.order_by().values("pk", "version", self.title, *self.texts, *columns))
        for row in found:
            row |= {name: row[column] if (column := getattr(self, name)) else "" for name in FACTS}
        return found


@cache
def searched() -> dict[str, Searched]:
    """Every kind by its subject, in the order of settings."""
    modules = [f"{app}.search" for app in settings.PRAJA_APPS if find_spec(f"{app}.search")]
    kinds = [kind for name in modules if name != __package__ for kind in getattr(import_module(name), "SEARCHED", [])]
    return {kind.subject: kind for kind in kinds}
