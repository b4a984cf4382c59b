"""What every test of every folder may use, what comes first, and what a run on PostgreSQL need not repeat."""

import asyncio
import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

# What tests keep for one another, the small country, and the demonstration as it is served.
pytest_plugins = ["tests.kept", "tests.country", "tests.served"]
LONG_ID = 40
OFTEN = (20_000, 10, 10)  # objects of each generation before the collector looks at them; Python's own are 700, 10, 10


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """What takes long comes first, so that no core idles at the end; the rest keeps its order.

    On PostgreSQL only what touches a database and is not marked `once`: the rest says the same there as on SQLite, where it has run.
    """
    items.sort(
        key=lambda item: 0 if item.get_closest_marker("xdist_group") else 1 if item.get_closest_marker("slow") else 2
    )
    if os.environ.get("PRAJA_TEST_DATABASE") != "postgresql":
        return
    touching = {"db", "transactional_db", "django_db_setup", "home"}
    touches = [
        bool(item.get_closest_marker("django_db") or touching & set(item.fixturenames))
        and not item.get_closest_marker("once")
        for item in items
    ]
    config.hook.pytest_deselected(items=[item for item, is_kept in zip(items, touches, strict=True) if not is_kept])
    items[:] = [item for item, is_kept in zip(items, touches, strict=True) if is_kept]


def pytest_collection_finish() -> None:
    """What all tests together are made of stays until the end: the collector need not look at half a million objects again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OFTEN)


def pytest_make_parametrize_id(val: Any, argname: str) -> str | None:
    """Long bytes are named by their length: what is packed holds the time, and every process has to name a test alike."""
    return f"{argname} of {len(val)} bytes" if isinstance(val, bytes) and len(val) > LONG_ID else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A page in another language leaves it to whoever comes next in the process; each test begins in that of the installation."""
    translation.deactivate()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Playwright leaves a loop running in the process that drives the browser; what signs PDFs there needs its own.

    Set aside for the whole of a test, because Django keeps other connections where a loop runs.
    """
    loop = asyncio._get_running_loop()  # noqa: SLF001 - there is no other way to set it aside
    if loop is None or item.get_closest_marker("browser"):
        return (yield)
    asyncio._set_running_loop(None)  # noqa: SLF001
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)  # noqa: SLF001
