"""Settings of a worker process that a test starts: those of the test run with the sample app."""

from praja.settings import *  # noqa: F403
from praja.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "praja.foundation.jobs.tests.sample"]
