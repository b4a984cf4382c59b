"""Makes a document's file in a process of its own, so that its memory returns when the process ends."""

import os
import subprocess
import sys
from importlib import import_module
from typing import Any, Literal

from praja.foundation.documents.blocks import Document, from_json, to_json

Kind = Literal["html", "pdf", "word", "powerpoint"]
TIME_LIMIT = 300  # seconds; a book of 300 pages takes four
NICENESS = 5  # setting pages uses every core there is: a quarter of one that somebody's page wants too


class NotMade(Exception):
    """A file that could not be made; the text says why, for the log."""


def render(document: Document, kind: Kind) -> bytes:
    """Return the document's file of a kind: "pdf", "word", "powerpoint" (of a deck) or "html", made in this process."""
    renderer = import_module(f"praja.foundation.documents.{kind}")
    return renderer.render_file(document).encode() if kind == "html" else renderer.render(document)


def render_in_child(document: Document, kind: Kind) -> bytes:
    """Return what `render` returns, made in a process that ends; raise NotMade when it fails or takes too long."""
    command = [sys.executable, "-m", "praja.foundation.documents.child", kind]
    settings = os.environ | {"DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "praja.settings")}
    try:
        done = subprocess.run(
            command,
            input=to_json(document).encode(),
            capture_output=True,
            env=settings,
            timeout=TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotMade(f"Making the {kind} took more than {TIME_LIMIT} seconds.") from error
    if done.returncode:
        raise NotMade(f"Making the {kind} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def main() -> None:
    """Read a document's JSON from the standard input and write its file to the standard output."""
    from django.apps import apps

    os.nice(NICENESS)
    apps.populate(["praja.foundation.ui"])  # words need a registry; to load all apps takes most of a second
    kind: Any = sys.argv[1]  # a Kind: render_in_child named it
    sys.stdout.buffer.write(render(from_json(sys.stdin.buffer.read().decode()), kind))


if __name__ == "__main__":
    main()
