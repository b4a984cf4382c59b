"""Rows that many tests begin with, made once: they lie in a transaction around the tests, and each test gets a copy."""

import gc
import inspect
from collections.abc import Callable, Iterable
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

MAKERS: dict[Any, Callable] = {}  # by the function of the fixture


@dataclass
class Layer:
    """What one maker made upon the layers below."""

    make: Callable
    block: transaction.Atomic
    values: dict[str, Any]  # of this layer and those below it


layers: list[Layer] = []


def kept(make: Callable) -> Any:
    """A fixture with what `make` answers, made once for as many tests in a row as want it.

    Its parameters are other kept fixtures. Every test is undone to where these rows stand and gets a copy of its own of
    their objects; a test that commits has them made anew within it. `make` may change nothing but the database and the folder of files.
    """

    def lent(request, db, **below):
        if any(layer.make is make for layer in layers):
            return _copies(request.node)[make.__name__]
        return make(**below)

    names = ["request", "db", *inspect.signature(make).parameters]
    lent.__signature__ = inspect.Signature([inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in names])
    lent.__doc__ = make.__doc__
    MAKERS[lent] = make
    return pytest.fixture(lent, name=make.__name__)


COPIES = pytest.StashKey[dict[str, Any]]()


def _copies(item: Any) -> dict[str, Any]:
    """The objects of every layer, copied together, so that what one names is what the other holds."""
    if COPIES not in item.stash:
        item.stash[COPIES] = deepcopy(layers[-1].values)
    return item.stash[COPIES]


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> None:
    """Before the transaction of a test begins: the layers that it wants, and no other."""
    if fixturedef.argname == "browser":  # its loop gives this thread another connection; the old one must hold nothing
        with request.getfixturevalue("django_db_blocker").unblock():
            provide([])
    if fixturedef.argname != "_django_db_helper":
        return
    item = request._pyfuncitem
    marker = item.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(item.fixturenames) or (marker and marker.kwargs)
    with request.getfixturevalue("django_db_blocker").unblock():
        provide([] if commits else list(_wanted(item)))


def _wanted(item: Any) -> Iterable[Callable]:
    """The makers of the kept fixtures of a test, those first on which others stand."""
    found = {MAKERS.get(one.func) for defs in item._fixtureinfo.name2fixturedefs.values() for one in defs} - {None}
    return sorted(found, key=list(MAKERS.values()).index)


def provide(makers: list[Callable]) -> None:
    """Undo layers until the rest is a beginning of `makers`, then make what is missing."""
    whole = connection.in_atomic_block and not (connection.needs_rollback or connection.closed_in_transaction)
    if layers and not whole:
        gc.collect()  # SQLite keeps the lock of a closed connection until its last cursor is gone
    while layers and not (whole and [layer.make for layer in layers] == makers[: len(layers)]):
        undo()
    for make in makers[len(layers) :]:
        values = deepcopy(layers[-1].values) if layers else {}
        block = transaction.atomic()
        block._from_testcase = True  # as Django calls what may stand around a transaction that wants to be the first
        block.__enter__()
        layers.append(Layer(make, block, values))
        values[make.__name__] = make(*(values[name] for name in inspect.signature(make).parameters))


def undo() -> None:
    """Take the uppermost layer away; nothing of it is left either when a test has broken the connection."""
    block = layers.pop().block
    with suppress(DatabaseError):
        transaction.set_rollback(True)
        block.__exit__(None, None, None)
