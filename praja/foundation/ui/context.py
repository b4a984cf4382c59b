"""What every page knows without its view saying so: navigation, region, theme, and whether this is a demonstration."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from praja.foundation.ui.navigation import navigation

ACCOUNTS = "praja.foundation.accounts"
THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template; the parts that ask the database are lazy, so that fragments do not pay for them."""
    theme = request.COOKIES.get("theme", "")
    return {
        "navigation": SimpleLazyObject(lambda: navigation(request) if _is_signed_in(request) else []),
        "is_demonstration": SimpleLazyObject(_is_demonstration),
        "government": SimpleLazyObject(lambda: _government(request)),
        "theme": theme if theme in THEMES else "",
    }


def _is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated)


def _is_demonstration() -> bool:
    # By name: accounts stands later in the order of imports, and templates of this folder run without it.
    if not apps.is_installed(ACCOUNTS):
        return False
    return bool(import_module(f"{ACCOUNTS}.installation").is_demonstration())


def _government(request: HttpRequest) -> Any:
    """The regional government whose pages these are: set on the request by a view, else that of the first role."""
    if given := getattr(request, "government", None):
        return given
    if not _is_signed_in(request):
        return None
    memberships = getattr(request.user, "active_memberships", [])
    return memberships[0].organisation.government if memberships else None
