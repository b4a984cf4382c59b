"""A served demonstration for tests: filled once a process, copied for each test that serves it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

PLAN = "kabupaten-contoh"
together = pytest.mark.xdist_group("demonstration")  # one process fills it for them all


@pytest.fixture(scope="session")
def filled(tmp_path_factory) -> Path:
    """A state folder with the demonstration, and on PostgreSQL the database "filled": copied for each test that serves it.

    Without its quick wins and signatures, which none of these tests looks at; tests/test_packaging.py fills and serves it whole.
    """
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        on_its_own(patch, folder, "filled")
        assert part("demonstration", "quick_wins", "signing")["slug"] == PLAN
    return folder


@pytest.fixture
def home(filled, tmp_path, monkeypatch) -> Iterator:
    """A state folder with the demonstration, on a database of its own beside the one of the tests."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    server = os.environ.get("PRAJA_DATABASE_URL")
    on_its_own(monkeypatch, tmp_path, "writers", "filled")
    yield tmp_path
    if server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE writers WITH (FORCE)")


def on_its_own(patch, folder, name, template="template1"):
    """What is started from now on keeps its state in a folder, and on PostgreSQL in a new database, a copy of another."""
    patch.setenv("PRAJA_HOME", str(folder))
    patch.setenv("PRAJA_STRICT", "0")
    if server := os.environ.get("PRAJA_DATABASE_URL"):
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        patch.setenv("PRAJA_DATABASE_URL", server.rpartition("/")[0] + f"/{name}")


def part(name, *arguments):
    """Do one part of a measurement in a process of its own and answer what it found."""
    command = [sys.executable, "-m", "benchmarks", "--part", name, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
