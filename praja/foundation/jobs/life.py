"""Whether a worker is there: each leaves a sign of life in a file."""

import time
from pathlib import Path

from django.conf import settings

GONE_AFTER = 60  # seconds without a sign of life


def sign_of_life() -> Path:
    """The file whose time of change says that a worker of this installation was there."""
    return settings.HOME / "worker-alive"


def seconds_since() -> float | None:
    """How long ago a worker gave a sign of life; None when none ever did here."""
    try:
        return time.time() - sign_of_life().stat().st_mtime
    except FileNotFoundError:
        return None


def is_gone() -> bool:
    """Whether no worker runs, so that what waits goes on waiting."""
    seconds = seconds_since()
    return seconds is None or seconds > GONE_AFTER
