"""Settings of a test run: a private state folder for each worker, the strict guards, and the database asked for."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.databases import postgresql_for_tests

# Parallel workers inherit what the first process chose; each has its own state folder below it.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["PRAJA_HOME"] = str(Path(os.environ["PRAJA_TEST_HOME"]) / worker)
else:
    home = tempfile.mkdtemp(prefix="praja-test-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["PRAJA_TEST_HOME"] = os.environ["PRAJA_HOME"] = home
    os.environ.pop("PRAJA_DATABASE_URL", None)
    if os.environ.get("PRAJA_TEST_DATABASE") == "postgresql":
        os.environ["PRAJA_DATABASE_URL"] = postgresql_for_tests()
os.environ["PRAJA_STRICT"] = "1"

from praja.settings import *  # noqa: F403  the environment above decides what they are
from praja.settings import DATABASES, HOME, PASSWORD_HASHERS, STATIC_ROOT

PASSWORD_HASHERS[0] = "tests.hashers.LightArgon2"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

# Processes that a test starts are ordinary ones.
os.environ["DJANGO_SETTINGS_MODULE"] = "praja.settings"

if "PRAJA_DATABASE_URL" not in os.environ:
    # A file, so that child processes of a test see the same database; it has to survive no power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "=FULL", "=OFF"
    )
