"""What a process that reads a hostile file is told of this one: where programs are, and no key, password or database."""

import os

NEEDED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ")


def bare(**more: str) -> dict[str, str]:
    """The environment of such a process, with a few settings more."""
    return {name: os.environ[name] for name in NEEDED if name in os.environ} | more
