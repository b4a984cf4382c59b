"""What every test of every folder may use, and what a run on PostgreSQL need not repeat."""

import os
from typing import Any

# What tests keep for one another, the small country, and the demonstration as it is served.
pytest_plugins = ["tests.kept", "tests.country", "tests.served"]


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """On PostgreSQL only what touches a database: the rest says the same there as on SQLite, where it has run."""
    if os.environ.get("PRAJA_TEST_DATABASE") != "postgresql":
        return
    touching = {"db", "transactional_db", "django_db_setup", "home"}
    kept = [item for item in items if item.get_closest_marker("django_db") or touching & set(item.fixturenames)]
    gone = [item for item in items if item not in set(kept)]
    config.hook.pytest_deselected(items=gone)
    items[:] = kept
