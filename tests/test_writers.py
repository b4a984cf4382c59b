"""Sixteen people save at once while the server and the worker are killed: what was acknowledged stands, nothing doubles."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from benchmarks.client import sign_in
from benchmarks.country import PASSWORD, USERNAME
from benchmarks.server import serving
from benchmarks.writers import write_at_once

WRITERS, SECONDS = 16, 10
PLAN = "kabupaten-contoh"
together = pytest.mark.xdist_group("demonstration")  # one process fills it for them all


@pytest.fixture(scope="session")
def filled(tmp_path_factory) -> Path:
    """A state folder with the demonstration, and on PostgreSQL the database "filled": copied for each test that serves it."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        on_its_own(patch, folder, "filled")
        assert part("demonstration")["slug"] == PLAN
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


def kill_again_and_again(server, until):
    """SIGKILL to whatever serves or works, every three seconds; `praja serve` starts it again."""
    while time.monotonic() < until:
        time.sleep(3)
        for pid in server.processes()[1:]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


@together
@pytest.mark.slow
def test_what_was_acknowledged_survives_that_server_and_worker_are_killed(home):
    rows = part("writers", PLAN, str(WRITERS))["rows"]
    before = part("written", *(path for path, _version in rows))
    with serving(home) as server:
        cookies = sign_in(server.port, "/masuk/", USERNAME, PASSWORD)
        killer = threading.Thread(target=kill_again_and_again, args=(server, time.monotonic() + SECONDS))
        killer.start()
        tallies = write_at_once(server.port, [cookies], rows, SECONDS)
        killer.join()
        stored = part("written", *(path for path, _version in rows))

    assert [tally.errors for tally in tallies] == [[]] * WRITERS
    assert [tally.conflicts for tally in tallies] == [0] * WRITERS
    assert sum(tally.broken for tally in tallies), "nobody was interrupted"
    for (path, first), tally in zip(rows, tallies, strict=True):
        arrived = tally.acknowledged + tally.arrived_unanswered
        wanted = {
            "version": first + arrived,
            "text": tally.last_text or before[path]["text"],
            "edits": before[path]["edits"] + arrived,
        }
        assert stored[path] == wanted
