"""Settings for the type checker: without allauth's tables, on whose untyped managers its Django plugin goes round in circles."""

from praja.settings import *  # noqa: F403  everything else is the same
from praja.settings import INSTALLED_APPS

INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("allauth")]
