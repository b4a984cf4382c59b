"""The icons that pages use: one file each in templates/ui/icons, written into the page as SVG."""

import re
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

ICONS = Path(__file__).parent / "templates" / "ui" / "icons"
UNKNOWN = "circle-dot"  # stands in where data names an icon that we do not have


@cache
def icon_names() -> frozenset[str]:
    """The names that `icon` knows."""
    return frozenset(path.stem for path in ICONS.glob("*.svg"))


@cache
def icon(name: str) -> SafeString:
    """The SVG of one icon, hidden from screen readers because words always stand beside it."""
    known = name if name in icon_names() else UNKNOWN
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", (ICONS / f"{known}.svg").read_text(), re.DOTALL)
    if shapes is None:
        raise ValueError(known)
    return mark_safe(  # noqa: S308  our own files
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{" ".join(shapes[1].split())}</svg>'
    )
