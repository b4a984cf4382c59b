"""Slows down whoever guesses passwords: a few wrong tries for a name, then a pause."""

import hashlib

from django.core.cache import cache

MOST_FAILURES = 10
PAUSE_SECONDS = 15 * 60


def _key(username: str) -> str:
    return "sign-in-" + hashlib.sha256(username.strip().lower().encode()).hexdigest()


def is_paused(username: str) -> bool:
    """Whether this name has to wait; the same for names that exist and names that do not."""
    return cache.get(_key(username), 0) >= MOST_FAILURES


def failed(username: str) -> None:
    """Count one wrong try; the count is forgotten PAUSE_SECONDS after the first."""
    cache.add(_key(username), 0, PAUSE_SECONDS)
    try:
        cache.incr(_key(username))
    except ValueError:  # it ended between the two calls
        cache.set(_key(username), 1, PAUSE_SECONDS)


def succeeded(username: str) -> None:
    """Forget the wrong tries of this name."""
    cache.delete(_key(username))
