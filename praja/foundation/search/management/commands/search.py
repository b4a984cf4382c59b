"""`praja search rebuild`: make the index anew from all rows; `praja search mend` indexes again only what differs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from praja.foundation.search import indexing


class Command(BaseCommand):
    """Makes or mends the index; running it twice changes nothing."""

    help = "Make the search index anew (rebuild), or index again what differs from the rows (mend)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        parser.add_argument("what", choices=["rebuild", "mend"])

    def handle(self, *_args: Any, what: str, **_options: Any) -> None:
        """Do it, and say how far it is every few seconds."""
        began = said_at = time.monotonic()

        def report(done: int, total: int) -> None:
            nonlocal said_at
            if time.monotonic() - said_at > 5:
                said_at = time.monotonic()
                self.stdout.write(f"{done:,} of {total:,}")

        try:
            rows = indexing.rebuild(report) if what == "rebuild" else indexing.mend(report)
        except indexing.Rebuilding:
            raise CommandError(
                "Another rebuild is running; wait for its end, or a minute when it was killed."
            ) from None
        indexing.catch_up(seconds=60)
        self.stdout.write(f"{rows:,} rows indexed in {time.monotonic() - began:.0f} s")
