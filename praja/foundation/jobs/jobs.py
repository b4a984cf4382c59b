"""Housekeeping at night."""

from django.core.management import call_command

from praja.foundation.jobs.progress import Progress


def clear_sessions(_progress: Progress) -> None:
    """Delete the sessions that have ended."""
    call_command("clearsessions")
