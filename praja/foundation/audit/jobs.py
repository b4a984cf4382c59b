"""What the clock asks for at night."""

from typing import Any

from praja.foundation.audit import roots


def note_root(_progress: Any) -> None:
    """Make the root of yesterday."""
    roots.note_day(roots.yesterday())
