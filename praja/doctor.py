"""`praja doctor`: looks at everything that Praja needs and says what to mend."""

import importlib.metadata
import platform
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

LEAST_FREE_BYTES = 1_000_000_000
LIBRARIES = ("Django", "granian", "typst", "python-docx")


@dataclass(frozen=True)
class Finding:
    """What was looked at, what was seen, and whether it may stay so."""

    subject: str
    text: str
    is_well: bool = True

    def __str__(self) -> str:
        return f"{'ok  ' if self.is_well else 'MEND'}  {self.subject:<14} {self.text}"


def examine() -> Iterator[Finding]:
    """Look at one thing after the other; what cannot be looked at is a finding too."""
    yield Finding("Python", platform.python_version())
    yield from _libraries()
    yield _fonts()
    yield _state()
    yield _secret()
    yield _disk()
    yield _catalogues()
    yield from _database()
    yield _worker()


def _libraries() -> Iterator[Finding]:
    for name in LIBRARIES:
        try:
            yield Finding(name, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, f"is not installed: pip install {name}", is_well=False)


def _fonts() -> Finding:
    from praja.foundation.documents.typesetting import folders

    try:
        return Finding("Fonts", f"of the books are in {len(folders())} packages")
    except RuntimeError as error:
        return Finding("Fonts", str(error), is_well=False)


def _state() -> Finding:
    exists = settings.HOME.is_dir()
    return Finding("State", str(settings.HOME) if exists else f"{settings.HOME} is not there", is_well=exists)


def _secret() -> Finding:
    path = settings.HOME / "secret"
    if not path.exists():
        return Finding("Secret", "comes from PRAJA_SECRET_KEY")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Finding("Secret", f"others on this machine can read it: chmod 600 {path}", is_well=False)
    return Finding("Secret", f"only its owner can read it ({mode:o})")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.HOME).free
    text = f"{free / 1e9:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Finding("Disk", f"{text}: make room before people lose their time", is_well=False)
    return Finding("Disk", text)


def _catalogues() -> Finding:
    missing = [code for code, _name in settings.LANGUAGES if not _catalogue(code).exists()]
    if missing:
        return Finding("Languages", f"no words for {', '.join(missing)}: install Praja again", is_well=False)
    return Finding("Languages", ", ".join(code for code, _name in settings.LANGUAGES))


def _catalogue(code: str) -> Path:
    return settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.mo"


def _database() -> Iterator[Finding]:
    name = f"SQLite {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else connection.display_name
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding("Database", f"{name} does not answer: {type(error).__name__}", is_well=False)
        return
    if waiting:
        text = f"{name}, {len(waiting)} migrations are waiting: praja migrate"
        yield Finding("Database", text, is_well=False)
        return
    yield Finding("Database", f"{name}, up to date")
    yield from _contents()


def _contents() -> Iterator[Finding]:
    from praja.foundation.accounts.installation import is_demonstration
    from praja.foundation.jobs.models import Job
    from praja.foundation.places.models import Region

    regions = Region.objects.with_government().filter(is_demonstration=False).count()
    yield Finding("Regions", f"{regions}" if regions else "none: praja load_regions", is_well=bool(regions))
    yield Finding("Contents", "demonstration, never real data" if is_demonstration() else "real data")
    failed = Job.objects.filter(state=Job.State.FAILED).count()
    waiting = Job.objects.due().count()
    yield Finding("Jobs", f"{waiting} waiting, {failed} failed")


def _worker() -> Finding:
    from praja.foundation.jobs.life import GONE_AFTER, seconds_since

    age = seconds_since()
    if age is None:
        return Finding("Worker", "has never run here: praja serve, or praja worker", is_well=False)
    if age > GONE_AFTER:
        return Finding("Worker", f"gave no sign of life for {age / 60:.0f} minutes: praja worker", is_well=False)
    return Finding("Worker", f"alive {age:.0f} seconds ago")
