"""Every address, in the order of settings: foundation, stages, across."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{app}.urls")) for app in settings.PRAJA_APPS if find_spec(f"{app}.urls")
]
