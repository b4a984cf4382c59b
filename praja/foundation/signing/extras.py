"""What a signatory sees beside the document: each folder may offer its part in a `signing_extras.py` of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.utils.functional import Promise

from praja.foundation.signing.models import Signatory

Text = Promise | str


@dataclass(frozen=True)
class Line:
    """One line: what it says, what stands small below, and where more of it is."""

    title: Text
    note: Text = ""
    url: str = ""


@dataclass(frozen=True)
class Extra:
    """A list about what this signatory signs, such as what the own agency promises; `note` stands above it."""

    title: Text
    note: Text = ""
    lines: list[Line] = field(default_factory=list)


def extras_of(signatory: Signatory) -> list[Extra]:
    """Everything that the folders offer: `extras(signatory) -> list[Extra]` in their signing_extras.py."""
    return [extra for offer in _offers() for extra in offer(signatory)]


@cache
def _offers() -> list[Callable[[Signatory], list[Extra]]]:
    names = [f"{app}.signing_extras" for app in settings.PRAJA_APPS]
    return [import_module(name).extras for name in names if find_spec(name)]
