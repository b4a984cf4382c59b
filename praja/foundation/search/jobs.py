"""Housekeeping at night."""

from praja.foundation.jobs.progress import Progress
from praja.foundation.search import indexing


def mend(progress: Progress) -> None:
    """Compare the index with all rows, index again what differs, and join what the day left apart."""
    indexing.mend(progress)
    indexing.tidy()
