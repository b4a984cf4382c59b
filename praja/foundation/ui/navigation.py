"""The side navigation: each stage offers its lines in its own menu.py, and this gathers them in the programme's order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = Promise | str


@dataclass(frozen=True)
class MenuItem:
    """One line of the navigation; `menu(request)` in a stage's menu.py returns a list of them.

    `count` is what waits for this person; `state` ("done", "open" or "") is how far the stage is; an item that is not
    available is shown without a link. `is_current` is set while gathering.
    """

    title: Text
    url: str = ""
    icon: str = "circle-dot"
    count: int = 0
    state: str = ""
    is_available: bool = True
    is_current: bool = False


@dataclass(frozen=True)
class MenuGroup:
    """Lines under one title; the group of stages draws the programme's path."""

    title: Text
    items: Sequence[MenuItem]
    is_stages: bool = False


def navigation(request: HttpRequest) -> list[MenuGroup]:
    """What this person can open: what looks at everything, the stages in order, then what keeps the house."""
    across = _gathered("praja.across", settings.ACROSS, request)
    stages = _gathered("praja.stages", settings.STAGES, request)
    foundation = _gathered("praja.foundation", settings.FOUNDATION, request)
    current = _address_of_current([*across, *stages, *foundation], request.path)

    def marked(items: list[MenuItem]) -> list[MenuItem]:
        return [replace(item, is_current=bool(item.url) and item.url == current) for item in items]

    groups = [
        MenuGroup("", marked(across)),
        MenuGroup(_("Stages of the masterplan"), marked(stages), is_stages=True),
        MenuGroup(_("Administration"), marked(foundation)),
    ]
    return [group for group in groups if group.items]


def _gathered(package: str, names: Sequence[str], request: HttpRequest) -> list[MenuItem]:
    found = []
    for name in names:
        module = f"{package}.{name}.menu"
        if find_spec(module):
            found += import_module(module).menu(request)
    return found


def _address_of_current(items: list[MenuItem], path: str) -> str:
    """The longest address that the page's own begins with; the home page "/" is current only on itself."""
    fitting = [
        item.url for item in items if item.url and (path == item.url or (item.url != "/" and path.startswith(item.url)))
    ]
    return max(fitting, key=len, default="")
