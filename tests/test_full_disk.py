"""A full disk in the middle of writing: a clear failure, nothing half written, and work goes on once there is room."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.served import together

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


@together
@pytest.mark.slow
@pytest.mark.skipif("PRAJA_DATABASE_URL" in os.environ, reason="the disk of PostgreSQL is its server's own")
def test_what_was_acknowledged_stands_and_what_failed_left_nothing(home):
    def run(*arguments):
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    run("-c", WRITE_UNTIL_FULL.replace("range(200)", "range(0)"), "0")
    database = home / "praja.sqlite3"
    before = counted(database)
    output = run("-c", WRITE_UNTIL_FULL, "1000000")  # so far its write-ahead log may grow
    written = int(output[-1])
    assert "refused" in output
    assert 0 < written < 200
    assert counted(database) == ("ok", before[1] + written, before[2] + written)
    assert run("-c", WRITE_UNTIL_FULL, "0")[-1] == "200"


def counted(database):
    """What SQLite says of its file, how many problems stand in it, and how many beginnings the audit trail holds."""
    with closing(sqlite3.connect(database)) as rows:
        asked = [
            "PRAGMA integrity_check",
            "SELECT count(*) FROM problems_problem",
            "SELECT count(*) FROM audit_event WHERE verb = 'start'",
        ]
        return tuple(rows.execute(question).fetchone()[0] for question in asked)
