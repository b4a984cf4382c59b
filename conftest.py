"""Settings of the whole test run: a private state folder, the strict guards, and the database asked for."""

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
os.environ["DJANGO_SETTINGS_MODULE"] = "praja.settings"

import django
from django.conf import settings

if "PRAJA_DATABASE_URL" not in os.environ:
    # A file, so that child processes of a test see the same database; it has to survive no power cut.
    database = settings.DATABASES["default"]
    database["TEST"] = {"NAME": str(settings.HOME / "test.sqlite3")}
    database["OPTIONS"]["init_command"] = database["OPTIONS"]["init_command"].replace("=FULL", "=OFF")
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
django.setup()

# The small country, for the tests of every folder.
pytest_plugins = ["tests.country"]
