"""A full disk in the middle of writing: a clear failure, nothing half written, and work goes on once there is room."""

import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings

# What a process does that may write files of at most so many bytes: write rows until it fails, and tell how many stand.
WRITE_UNTIL_FULL = """
import resource, signal, sys
import django
django.setup()
from django.db import DatabaseError

from praja.foundation.places.models import Region
from praja.foundation.plans.actions import open_plan
from praja.stages.problems import actions

region = Region.objects.get(code="32.05")
plan = open_plan(region, by=None)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[1])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
written = 0
try:
    for number in range(200):
        actions.start(plan, by=None, title=f"Masalah {number} " + "x" * 250)
        written += 1
except DatabaseError as error:
    print("refused", type(error).__name__)
print("written", written)
"""


@pytest.mark.slow
@pytest.mark.skipif("PRAJA_DATABASE_URL" in os.environ, reason="the disk of PostgreSQL is its server's own")
def test_what_was_acknowledged_stands_and_what_failed_left_nothing(tmp_path):
    environment = {**os.environ, "PRAJA_HOME": str(tmp_path), "PYTHONPATH": str(settings.PACKAGE.parent)}

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    for command in ("migrate", "load_regions"):
        run("-m", "praja", command, "--verbosity", "0")
    run("-c", "import django; django.setup(); from praja.foundation.plans.loading import *; load_dimension_sets()")
    run("-c", WRITE_UNTIL_FULL.replace("range(200)", "range(0)"), "0")
    database = tmp_path / "praja.sqlite3"
    output = run("-c", WRITE_UNTIL_FULL, str(database.stat().st_size + 40_000))
    written = int(output[-1])
    assert "refused" in output
    assert 0 < written < 200

    rows = sqlite3.connect(database)
    assert rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert rows.execute("SELECT count(*) FROM problems_problem").fetchone() == (written,)
    assert rows.execute("SELECT count(*) FROM audit_event WHERE verb = 'start'").fetchone() == (written,)
    rows.close()
    assert run("-c", WRITE_UNTIL_FULL, "0")[-1] == "200"
