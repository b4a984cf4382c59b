"""The side navigation: each stage offers its lines in its own menu.py, and this gathers them in the programme's order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = Promise | str
MOST_COUNTED = 1_000  # of what waits: shown as "999+"


@dataclass(frozen=True)
class MenuItem:
    """One line of the navigation; `menu(request)` in a stage's menu.py returns a list of them.

    `waiting` are the rows that wait for this person, counted together with those of all lines; `needs_waiting` leaves
    the line out while there are none. `state` ("done", "open" or "") is how far the stage is; an item that is not
    available is shown without a link; `is_part` marks a further page of the stage above it. `count`, `is_current` and
    `number` (the place among the stages) are set while gathering.
    """

    title: Text
    url: str = ""
    icon: str = "circle-dot"
    waiting: QuerySet | None = None
    needs_waiting: bool = False
    count: int = 0
    state: str = ""
    is_available: bool = True
    is_part: bool = False
    is_current: bool = False
    number: int = 0

    @property
    def count_in_words(self) -> str:
        """The count as it is shown."""
        return f"{MOST_COUNTED - 1}+" if self.count >= MOST_COUNTED else str(self.count)


@dataclass(frozen=True)
class MenuGroup:
    """Lines under one title; the group of stages draws the programme's path."""

    title: Text
    items: Sequence[MenuItem]
    is_stages: bool = False


Offer = tuple[str, MenuItem]  # the folder that offers it, and the item


def navigation(request: HttpRequest) -> list[MenuGroup]:
    """What this person can open: what looks at everything, the stages in order, then what keeps the house."""
    # What looks furthest is imported last, and is where people begin.
    across = _gathered("praja.across", settings.ACROSS[::-1], request)
    stages = _gathered("praja.stages", settings.STAGES, request)
    foundation = _gathered("praja.foundation", settings.FOUNDATION, request)
    across, stages, foundation = _with_counts(across, stages, foundation)
    current = _current([*across, *stages, *foundation], request)

    def marked(offers: list[Offer]) -> list[MenuItem]:
        number, items = 0, []
        for _package, item in offers:
            number += not item.is_part
            items.append(replace(item, is_current=item is current, number=number))
        return items

    groups = [
        MenuGroup("", marked(across)),
        MenuGroup(_("Stages of the masterplan"), marked(stages), is_stages=True),
        MenuGroup(_("Administration"), marked(foundation)),
    ]
    return [group for group in groups if group.items]


def _gathered(parent: str, names: Sequence[str], request: HttpRequest) -> list[Offer]:
    packages = [f"{parent}.{name}" for name in names]
    return [(package, item) for package in packages if (menu := _menu_of(package)) for item in menu(request)]


def _with_counts(*groups: list[Offer]) -> list[list[Offer]]:
    """The same lines with how many rows wait at each, asked in one query, without those that need some and have none."""
    waiting = [item.waiting for offers in groups for _package, item in offers if item.waiting is not None]
    numbers = iter(count_together(waiting))
    counted = [
        [
            (package, item if item.waiting is None else replace(item, waiting=None, count=next(numbers)))
            for package, item in offers
        ]
        for offers in groups
    ]
    return [[one for one in offers if one[1].count or not one[1].needs_waiting] for offers in counted]


def count_together(querysets: Sequence[QuerySet]) -> list[int]:
    """How many rows each of them has, counted to MOST_COUNTED, in one query: every page asks, and more says no more."""
    selects: list[str] = []
    parameters: list[Any] = []
    for rows in querysets:
        try:
            sql, values = rows.order_by().values("pk")[:MOST_COUNTED].query.sql_with_params()
        except EmptyResultSet:  # its conditions exclude each other
            sql, values = "SELECT 1 WHERE 1 = 0", ()
        selects.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608  Django wrote it
        parameters += values
    if not selects:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selects)}", parameters)
        return list(cursor.fetchone())


@cache
def _menu_of(package: str) -> Callable[[HttpRequest], list[MenuItem]] | None:
    """What a folder offers; None where it has no menu.py."""
    return import_module(f"{package}.menu").menu if find_spec(f"{package}.menu") else None


def _current(offers: list[Offer], request: HttpRequest) -> MenuItem | None:
    """The item of this very address; else, of the folder whose view answers, the closest one above it, or its first."""
    for _package, item in offers:
        if item.url == request.path:
            return item
    if request.resolver_match is None:
        return None
    module = request.resolver_match.func.__module__
    own = [item for package, item in offers if item.url and module.startswith(f"{package}.")]
    above = [item for item in own if request.path.startswith(item.url)]
    return max(above, key=lambda item: len(item.url), default=own[0] if own else None)
