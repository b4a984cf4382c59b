"""A database kept from an earlier version is migrated and loses nothing.

tests/data/kept-2026-11.sqlite3.xz: the demonstration as the first version with the main job stored it, without districts.
"""

import lzma
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

KEPT = Path(__file__).parent / "data" / "kept-2026-11.sqlite3.xz"


def counted(path):
    """How many rows each table of Praja holds."""
    with closing(sqlite3.connect(path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = "SELECT COUNT(*) FROM "  # names of tables come from the database itself
        return {name: database.execute(rows + name).fetchone()[0] for name in tables if "_" in name}


def praja(home, *words):
    """Run the command line on a state folder of its own, on SQLite."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PRAJA_", "DJANGO_"))}
    command = [sys.executable, "-m", "praja", *words]
    return subprocess.run(
        command, env={**outside, "PRAJA_HOME": str(home)}, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.slow
def test_a_kept_database_is_brought_up_to_date_and_no_row_is_lost(tmp_path):
    path = tmp_path / "praja.sqlite3"
    path.write_bytes(lzma.decompress(KEPT.read_bytes()))
    before = counted(path)
    done = praja(tmp_path, "migrate", "--no-input")
    assert done.returncode == 0, done.stderr
    after = counted(path)
    grown = {"auth_permission", "django_content_type", "django_migrations", "sqlite_sequence"}
    assert {name: after[name] for name in before if name not in grown} == {
        name: number for name, number in before.items() if name not in grown
    }
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        # Plans that exist keep the way of their rows.
        assert database.execute("SELECT MAX(head_approves), MAX(dimension_checks) FROM plans_plan").fetchall() == [
            (0, 0)
        ]
    book = praja(tmp_path, "book", "--plan", "99.01", "-o", str(tmp_path / "book.html"))
    assert book.returncode == 0, book.stderr
