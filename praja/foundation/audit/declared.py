"""Which rows the log speaks of: each folder says so in its own chained.py, `CHAINED = [Chained(...)]`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from praja.foundation.audit.models import ChainEntry


def _nothing(_row: Any) -> str:
    return ""


@dataclass(frozen=True)
class Chained:
    """One kind of entry and the rows it is about.

    `facts`: what a row says now, in the form in which `chain.append` was given it; of several entries of this kind about
    a row the last has to say the same. `problem`: a sentence when what those facts vouch for (a text by its hash) is no
    longer so, else "". `once`: what is entered never changes, so that a second entry about a row was put in to cover up
    what was done to it. `entered`: the rows that have to stand in the log; another one was put in behind it. `joined`
    and `related`: what to read along with the rows, in their statement or (what many of them share) in one of its own;
    `at_once`: so many rows are in memory together.
    """

    kind: str
    model: type[models.Model]
    facts: Callable[[Any], dict[str, Any]]
    problem: Callable[[Any], str] = _nothing
    once: bool = False
    entered: models.Q | None = None
    joined: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    at_once: int = 500

    @property
    def subject(self) -> str:
        """The model as entries call it."""
        return self.model._meta.label_lower

    def rows(self, keys: Iterable[int]) -> Iterator[Any]:
        """Those of the rows that are there, read as they are asked for."""
        rows = self.model._default_manager.filter(pk__in=keys).prefetch_related(*self.related)
        if self.joined:
            rows = rows.select_related(*self.joined)
        return rows.iterator(chunk_size=self.at_once)

    def not_entered(self) -> Any:
        """The first row that has to stand in the log and does not; None when all do.

        In one statement, since row and entry come in one transaction. Rows from before the log began are none of its.
        """
        if self.entered is None:
            return None
        own = ChainEntry.objects.filter(kind=self.kind, subject=self.subject).order_by()
        first = own.values("subject").annotate(first=models.Min("subject_id")).values("first")
        rows = self.model._default_manager.filter(self.entered, pk__gte=Coalesce(models.Subquery(first), 0))
        lacking = rows.exclude(models.Exists(own.filter(subject_id=models.OuterRef("pk"))))
        return lacking.order_by("pk").only("pk").first()


@cache
def chained() -> dict[tuple[str, str], Chained]:
    """{(kind, subject): what is declared about it}, of every folder in the order of settings."""
    modules = [f"{app}.chained" for app in settings.PRAJA_APPS if find_spec(f"{app}.chained")]
    found = [one for name in modules for one in import_module(name).CHAINED]
    return {(one.kind, one.subject): one for one in found}
